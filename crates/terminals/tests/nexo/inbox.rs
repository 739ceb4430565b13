//! What the terminal sends while nothing runs, and to whom.

use super::dialogue::{display, envelope, input, print};
use super::stage::{Stage, incoming, paid, receipt_text, sale, stage};
use domain::outcome::Said;
use terminals::Terminal;
use terminals::desk::Display;
use terminals::listener::{Claim, Incoming, Switchboard};
use terminals::notice::Notice;
use wire::nexo::announcement::Announcement;
use wire::nexo::{Body, Limits, Message, decode, encode};

pub fn event(name: &str, more: &str) -> String {
    event_of("ServiceID=\"2077\" SaleID=\"KASSA2\"", name, more)
}

/// An event whose header has these names.
pub fn event_of(names: &str, name: &str, more: &str) -> String {
    let header = format!(
        r#"<MessageHeader MessageClass="Event" MessageCategory="Event"
            MessageType="Notification" {names} POIID="BUTIK-07-K2"/>"#
    );
    let body = format!(
        r#"<EventNotification TimeStamp="2025-03-04T13:02:09.250+01:00" EventToNotify="{name}"{more}>
            <EventDetails>Why</EventDetails></EventNotification>"#
    );
    envelope(&header, &body)
}

#[tokio::test(start_paused = true)]
async fn every_event_is_a_notice_at_most() {
    let refused = r#"<SaleToPOIRequest><MessageHeader MessageClass="Service" MessageCategory="Abort"
        MessageType="Request" ServiceID="1" SaleID="K" POIID="B"/></SaleToPOIRequest>"#;
    let rejected = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(refused)
    };
    let rows: Vec<(&str, &str, Option<Notice>)> = vec![
        ("SaleAdmin", " MaintenanceRequiredFlag=\"true\"", Some(Notice::MaintenanceWanted)),
        ("SaleAdmin", "", Some(Notice::Other("Why".into()))),
        ("BeginMaintenance", "", Some(Notice::MaintenanceBegan)),
        ("EndMaintenance", "", Some(Notice::MaintenanceEnded)),
        ("CardInserted", "", Some(Notice::CardInserted)),
        ("CardRemoved", "", Some(Notice::CardRemoved)),
        ("Reject", "", Some(Notice::MessageRefused("message: Why".into()))),
        ("Completed", "", None),
        ("Initialised", "", Some(Notice::Restarted)),
        ("Shutdown", "", Some(Notice::OutOfService("Shutdown: Why".into()))),
        ("OutOfOrder", "", Some(Notice::OutOfService("OutOfOrder: Why".into()))),
        ("Abort", "", None),
        ("StopAssistance", "", None),
        ("SaleWakeUp", "", None),
        ("KeyPressed", "", None),
        ("CustomerLanguage", "", None),
        ("SecurityAlarm", "", Some(Notice::SecurityAlarm)),
        ("example:Odd", "", None),
    ];
    for (name, more, notice) in rows {
        let stage = stage();
        let reply = stage.receive(&event(name, more)).await;
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{name}");
        assert_eq!(stage.notices(), Vec::from_iter(notice), "{name}");
    }
    let stage = stage();
    let details = "<EventDetails>Why</EventDetails>";
    let with_message = format!("{details}<RejectedMessage>{rejected}</RejectedMessage>");
    stage.receive(&event("Reject", "").replace(details, &with_message)).await;
    assert_eq!(stage.notices(), [Notice::MessageRefused("Abort: Why".into())]);
}

#[tokio::test(start_paused = true)]
async fn outside_of_an_operation_everything_is_answered_and_nothing_lost() {
    let stage = stage();
    let reply = stage.receive(&display("12,\"Welcome\"", " ResponseRequiredFlag=\"true\"")).await;
    assert_eq!(reply.status, 200);
    let text = receipt_text("Cardholder", false);
    assert_eq!(
        stage.receive(&print("CustomerReceipt", "ResponseMode=\"NotRequired\"", &text)).await.status,
        204
    );
    assert_eq!(stage.receive(&print("Journal", "ResponseMode=\"PrintEnd\"", "A line")).await.status, 200);
    let reply = stage.receive(&input("GetConfirmation", "", "CashierInput")).await;
    let Body::InputResponse(answer) = decode(&reply.body, &Limits::LISTENER).unwrap().body else {
        panic!()
    };
    let result = answer.input_result.unwrap();
    assert_eq!(result.response.error_condition.unwrap().as_str(), "UnavailableService");
    assert!(result.input.is_none());
    let notices = stage.notices();
    assert_eq!(notices[0], Notice::Said(Display::Text { text: "Welcome".into(), fleeting: false }));
    let receipts: Vec<String> = notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::Receipt(slip) => Some(slip.text()),
            _ => None,
        })
        .collect();
    assert_eq!(receipts, ["Shop\n541333******0014\nCopy", "A line"]);
    assert!(stage.log.lines().is_empty(), "the desk is for operations");
}

#[tokio::test(start_paused = true)]
async fn a_text_after_the_payment_is_a_notice() {
    let stage = stage();
    stage.perform(&sale()).await.unwrap();
    stage.receive(&display("Welcome", "")).await;
    assert_eq!(stage.notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_announced_address_is_only_proposed() {
    let stage = stage();
    let announcement = Announcement { address: [198, 51, 100, 9].into(), port: 11001 };
    let message = Message::new(Announcement::header("BUTIK-07-K2"), announcement.request().into());
    let reply = stage.receive(&encode(&message)).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(stage.notices(), [Notice::AddressAnnounced("http://198.51.100.9:11001".into())]);
    stage.perform(&sale()).await.unwrap();
    assert!(stage.far.posted.lock().unwrap()[0].url.starts_with("http://192.0.2.41:11000/"));
    assert_eq!(stage.driver.address().unwrap().host, "192.0.2.41");
    let unreadable = encode(&message).replace("<Message>", "<Message>AAAA");
    assert_eq!(stage.receive(&unreadable).await.status, 204);
    let relay = encode(&message).replace("127.0.0.1:15022", "192.0.2.1:80");
    let reply = stage.receive(&relay).await;
    let Body::TransmitResponse(answer) = decode(&reply.body, &Limits::LISTENER).unwrap().body else {
        panic!()
    };
    assert_eq!(answer.response.error_condition.unwrap().as_str(), "UnavailableService");
    assert_eq!(stage.notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn other_device_requests_are_refused_in_their_own_words() {
    let stage = stage();
    let header = r#"<MessageHeader MessageClass="Device" MessageCategory="Sound" MessageType="Request"
        ServiceID="1" DeviceID="2" SaleID="KASSA2" POIID="BUTIK-07-K2"/>"#;
    let reply = stage.inbox().receive(incoming(&envelope(header, "<SoundRequest/>"))).await;
    let answer = decode(&reply.body, &Limits::LISTENER).unwrap();
    assert_eq!((reply.status, answer.header.body_element().as_str()), (200, "SoundResponse"));
}

#[tokio::test(start_paused = true)]
async fn the_inbox_takes_what_names_its_terminal() {
    let stage = stage();
    let inbox = stage.inbox();
    let claim = |xml: &str| inbox.claims(&incoming(xml));
    assert_eq!(claim(&display("x", "")), Claim::Mine);
    assert_eq!(claim(&display("x", "").replace("KASSA2", "")), Claim::Mine, "announcements name no till");
    assert_eq!(claim(&display("x", "").replace("BUTIK-07-K2", "BUTIK-08")), Claim::NotMine);
    assert_eq!(claim("hello"), Claim::Unreadable);
    assert_eq!(claim("<!DOCTYPE x><SaleToPOIRequest/>"), Claim::Unreadable);
    let large = format!("<SaleToPOIRequest>{}</SaleToPOIRequest>", " ".repeat(1 << 20));
    assert_eq!(claim(&large), Claim::Unreadable);
    assert_eq!(inbox.paths(), ["/EPASSaleToPOI/3.1", "/EPASSaleToPOI/3.1/"]);
    let faulty = display("x", "").replace("InfoQualify=\"Status\"", "");
    assert_eq!(inbox.receive(incoming(&faulty)).await.status, 400);
}

#[tokio::test(start_paused = true)]
async fn two_terminals_share_one_port() {
    let desks = [("BUTIK-07-K2", "For the first"), ("BUTIK-08-K1", "For the second")];
    let board = Switchboard::new();
    let mut running = Vec::new();
    for (poi_id, text) in desks {
        let stage = Stage::named(poi_id);
        board.add(stage.inbox());
        let gate = stage.far.gated("Payment", paid);
        let work = stage.start(&sale());
        stage.log.until("wire Payment").await;
        running.push((stage, text, gate, work));
    }
    // Both tills' payments have the same names but for the terminal's.
    let to = |poi_id: &str, text: &str| {
        let xml = display(text, "").replace("BUTIK-07-K2", poi_id);
        Incoming { path: "/EPASSaleToPOI/3.1/".into(), ..incoming(&xml) }
    };
    for (poi_id, text) in desks {
        assert_eq!(board.dispatch(to(poi_id, text)).await.status, 204, "{poi_id}");
    }
    for poi_id in ["BUTIK-09", "BUTIK-07", "butik-07-k2", ""] {
        assert_eq!(board.dispatch(to(poi_id, "For nobody")).await.status, 403, "{poi_id:?}");
    }
    for (stage, text, gate, work) in running {
        gate.notify_one();
        assert_eq!(work.await.unwrap().unwrap().said, Said::Approved);
        let lines = stage.log.lines();
        let shown: Vec<&String> = lines.iter().filter(|line| line.starts_with("show")).collect();
        assert_eq!(shown, [&format!("show {text}")]);
        assert!(stage.notices().is_empty(), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_light_form_has_no_inbox() {
    let light = Stage::with("form = \"light\"", None);
    assert!(light.driver.inbox().is_none());
    assert!(!light.driver.capabilities().listener);
}
