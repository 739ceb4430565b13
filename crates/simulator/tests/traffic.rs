//! What the terminal sends to the till: dossier chapters 5.2, 12, 17.4 and 18.4.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

mod support;

use std::sync::Arc;

use simulator::nexo::{PATH, PrintMode, Settings};
use simulator::script::{Action, Rule, Script, Source};
use support::*;
use wire::nexo::announcement::Announcement;
use wire::nexo::{Body, MessageClass};

/// No texts without number, no early greeting: the sequence as the dossier prints it.
fn plain() -> Settings {
    Settings { vary: false, ..Settings::default() }
}

#[tokio::test(start_paused = true)]
async fn chip_and_pin_in_default_form() {
    let desk = Desk::open(plain(), DEFAULT).await;
    desk.terminal.follow(Script::new().rule(Rule::on("Payment").act(Source::Chip)));
    wait(2_000).await;
    assert_eq!(desk.listener.story(), ["Display Please wait", "Display Welcome"]);
    desk.listener.forget();
    assert_eq!(said(&desk.pay("10.00").await.response), "Success");
    wait(2_000).await;
    let expected = [
        "Display Please wait",
        "Display Present card",
        "Event CardInserted",
        "Display Enter PIN",
        "Display Enter PIN: *",
        "Display Enter PIN: **",
        "Display Enter PIN: ***",
        "Display Enter PIN: ****",
        "Display Authorizing",
        "Display Approved",
        "Event CardRemoved",
        "Display Welcome",
    ];
    assert_eq!(desk.listener.story(), expected);
    assert!(desk.terminal.complaints().is_empty());
}

#[tokio::test(start_paused = true)]
async fn capabilities_choose_what_is_sent() {
    let without_echo = DEFAULT.replace("POIReplication ", "");
    let desk = Desk::open(plain(), &without_echo).await;
    desk.terminal.follow(Script::new().rule(Rule::on("Payment").act(Source::Chip)));
    desk.pay("10.00").await;
    assert!(!desk.listener.story().iter().any(|heard| heard.contains('*')));
    assert!(desk.listener.story().contains(&"Display Enter PIN".to_owned()));

    let desk = Desk::open(plain(), LIGHT).await;
    for amount in ["10.00", "10.08", "10.01"] {
        desk.pay(amount).await;
        wait(4_000).await;
    }
    desk.terminal.offer_update().await;
    assert!(!desk.terminal.event("SaleWakeUp").await);
    assert!(desk.listener.story().is_empty());

    let desk = Desk::open(plain(), "").await;
    assert!(desk.pay("10.00").await.payment_receipts.is_empty(), "nobody said it prints receipts");
}

#[tokio::test(start_paused = true)]
async fn requests_name_the_service_in_progress_and_a_device_id_of_their_own() {
    let desk = Arc::new(Desk::open(Settings::default(), DEFAULT).await);
    wait(2_000).await;
    desk.listener.forget();
    let (id, task) = desk.start("Payment", payment("T1", "10.08"));
    task.await.unwrap();
    let heard = desk.listener.heard.lock().unwrap().clone();
    let mut devices = Vec::new();
    for message in heard.iter().filter(|message| message.header.class == MessageClass::Device) {
        assert_eq!(message.header.service_id.as_deref(), Some(id.as_str()));
        devices.push(message.header.device_id.clone().unwrap());
    }
    let count = devices.len();
    devices.sort();
    devices.dedup();
    assert_eq!(devices.len(), count);
}

#[tokio::test(start_paused = true)]
async fn paths_come_in_both_spellings() {
    let desk = Desk::open(Settings::default(), DEFAULT).await;
    for _ in 0..5 {
        desk.pay("10.00").await;
        wait(4_000).await;
    }
    let paths = desk.listener.paths.lock().unwrap().clone();
    assert!(paths.contains(&PATH.to_owned()) && paths.contains(&format!("{PATH}/")));
}

#[tokio::test(start_paused = true)]
async fn every_print_mode_is_answered_by_its_rule() {
    for print_mode in [PrintMode::NotRequired, PrintMode::Immediate, PrintMode::PrintEnd] {
        let desk = Desk::open(Settings { print_mode, ..Settings::default() }, DEFAULT).await;
        assert_eq!(said(&desk.pay("10.08").await.response), "Success");
        assert!(desk.terminal.complaints().is_empty(), "{:?}", desk.terminal.complaints());
    }
}

#[tokio::test(start_paused = true)]
async fn a_till_that_cannot_be_reached_does_not_stop_the_payment() {
    let desk = Desk::open(plain(), DEFAULT).await;
    wait(2_000).await;
    *desk.listener.down.lock().unwrap() = true;
    assert_eq!(said(&desk.pay("10.00").await.response), "Success");
    *desk.listener.down.lock().unwrap() = false;
    desk.listener.forget();
    wait(2_000).await;
    assert_eq!(desk.listener.story(), ["Display ECR connection error", "Display Welcome"]);
}

#[tokio::test(start_paused = true)]
async fn operators_language() {
    let desk = Desk::new(plain());
    let swedish = login(DEFAULT).replace("OperatorLanguage=\"en\"", "OperatorLanguage=\"sv\"");
    desk.ask("Login", &swedish).await;
    wait(2_000).await;
    assert_eq!(desk.listener.story(), ["Display Vänta", "Display Välkommen"]);
}

#[tokio::test(start_paused = true)]
async fn address_is_announced_without_a_session_too() {
    let desk = Desk::new(Settings { poi_id: Some("BUTIK-07-K2".to_owned()), ..Settings::default() });
    assert!(desk.terminal.announce("192.0.2.41:11000".parse().unwrap()).await);
    assert!(!desk.terminal.announce("[::1]:11000".parse().unwrap()).await);
    let heard = desk.listener.heard.lock().unwrap().clone();
    let [message] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!((message.header.sale_id.as_str(), message.header.poi_id.as_str()), ("", "BUTIK-07-K2"));
    assert_eq!((&message.header.service_id, &message.header.device_id), (&None, &None));
    let Body::TransmitRequest(request) = &message.body else { panic!() };
    let announced = Announcement::read(request).unwrap();
    assert_eq!((announced.address.to_string().as_str(), announced.port), ("192.0.2.41", 11_000));
}

#[tokio::test(start_paused = true)]
async fn update_waits_for_a_logout_that_allows_it() {
    let desk = Desk::open(plain(), DEFAULT).await;
    wait(2_000).await;
    desk.listener.forget();
    desk.terminal.offer_update().await;
    let logout = |allowed: bool| format!("<LogoutRequest MaintenanceAllowed=\"{allowed}\"/>");
    desk.ask("Logout", &logout(false)).await;
    desk.login(DEFAULT).await;
    wait(2_000).await;
    desk.ask("Logout", &logout(true)).await;
    wait(1_000).await;
    assert_eq!(desk.terminal.state().phase, "off");
    wait(61_000).await;
    assert_eq!(desk.terminal.state().phase, "logged_out");
    let story = desk.listener.story();
    let events: Vec<&str> = story.iter().filter_map(|heard| heard.strip_prefix("Event ")).collect();
    assert_eq!(events, ["SaleAdmin", "BeginMaintenance", "EndMaintenance"]);
    desk.login(DEFAULT).await;
}

#[tokio::test(start_paused = true)]
async fn customer_is_asked_and_can_be_stopped() {
    let confirm = "<InputRequest><DisplayOutput Device=\"CustomerDisplay\" InfoQualify=\"Display\">\
                   <OutputContent OutputFormat=\"Text\"><OutputText>Member?</OutputText></OutputContent>\
                   </DisplayOutput><InputData Device=\"CustomerInput\" InfoQualify=\"Input\" \
                   InputCommand=\"GetConfirmation\"/></InputRequest>";
    let digits = confirm.replace("GetConfirmation", "DigitString");
    let desk = Arc::new(Desk::open(plain(), LIGHT).await);
    let Body::InputResponse(answer) = desk.ask("Input", &digits).await.body else { panic!() };
    assert_eq!(answer.input_result.unwrap().input.unwrap().digit_input.as_deref(), Some("0700000001"));
    let no = Script::new().rule(Rule::on("Input").act(Action::Entry("no".to_owned())));
    desk.terminal.follow(no);
    let Body::InputResponse(answer) = desk.ask("Input", confirm).await.body else { panic!() };
    assert_eq!(answer.output_result.unwrap().response.error_condition, None);
    assert_eq!(answer.input_result.unwrap().input.unwrap().confirmed, Some(false));
    let (id, task) = desk.start("Input", confirm.to_owned());
    wait(100).await;
    assert_eq!(said(&desk.pay("10.00").await.response), "Busy");
    let own = desk.id();
    desk.send("Abort", &own, &abort("Input", &id)).await;
    assert_eq!(outcome(&message(&task.await.unwrap())), "Aborted");
    let password = confirm.replace("GetConfirmation", "TextString");
    assert_eq!(outcome(&desk.ask("Input", &password).await), "UnavailableService");
    let limited = confirm.replace("\"GetConfirmation\"", "\"GetConfirmation\" MaxInputTime=\"1\"");
    assert_eq!(outcome(&desk.ask("Input", &limited).await), "Cancel");
}

#[tokio::test(start_paused = true)]
async fn printing_needs_a_printer() {
    let print = "<PrintRequest><PrintOutput DocumentQualifier=\"SaleReceipt\" ResponseMode=\"PrintEnd\">\
                 <OutputContent OutputFormat=\"Text\"><OutputText Alignment=\"Centred\">Hej</OutputText>\
                 </OutputContent></PrintOutput></PrintRequest>";
    let desk = Desk::open(Settings::default(), LIGHT).await;
    assert_eq!(outcome(&desk.ask("Print", print).await), "UnavailableDevice");
    let serial = "1850009999".to_owned();
    let desk = Desk::open(Settings { serial, ..Settings::default() }, LIGHT).await;
    assert_eq!(outcome(&desk.ask("Print", print).await), "Success");
}
