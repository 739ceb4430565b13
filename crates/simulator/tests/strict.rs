//! Strictness of dossier chapter 18.2: what a till must not send, and how the terminal says so.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

mod support;

use simulator::nexo::{Duplicates, PATH, Settings, WireReply, WireRequest};
use support::*;
use wire::nexo::{Body, Message, Response};

fn response(message: &Message) -> Response {
    match &message.body {
        Body::PaymentResponse(answer) => answer.response.clone(),
        Body::LoginResponse(answer) => answer.response.clone(),
        Body::TransactionStatusResponse(answer) => answer.response.clone(),
        other => panic!("{other:?}"),
    }
}

/// The field named beside `MessageFormat`.
async fn field(desk: &Desk, category: &str, text: String) -> String {
    let reply = desk.terminal.exchange(WireRequest::post(text)).await;
    let WireReply::Answer { status: 200, body, .. } = reply else { panic!("{category}: {reply:?}") };
    let message = wire::nexo::decode(&body, &wire::nexo::Limits::REPLY).unwrap();
    let response = response(&message);
    assert_eq!(said(&response), "MessageFormat", "{category}");
    response.additional_response.unwrap().split(' ').next().unwrap().to_owned()
}

fn envelope(desk: &Desk, category: &str, body: &str) -> String {
    format!("<SaleToPOIRequest>{}{body}</SaleToPOIRequest>", desk.header(category, &desk.id()))
}

#[tokio::test(start_paused = true)]
async fn http_is_read_strictly() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let good = WireRequest::post(envelope(&desk, "TransactionStatus", "<TransactionStatusRequest/>"));
    let status = |request: WireRequest| async {
        match desk.terminal.exchange(request).await {
            WireReply::Answer { status, body, .. } => (status, body.is_empty()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(status(WireRequest { path: format!("{PATH}/"), ..good.clone() }).await, (404, true));
    assert_eq!(status(WireRequest { method: "PUT".to_owned(), ..good.clone() }).await, (405, true));
    assert_eq!(status(WireRequest { content_type: None, ..good.clone() }).await, (415, true));
    let text = Some("text/xml".to_owned());
    assert_eq!(status(WireRequest { content_type: text, ..good.clone() }).await, (415, true));
    let latin = Some("application/xml; charset=iso-8859-1".to_owned());
    assert_eq!(status(WireRequest { content_type: latin, ..good.clone() }).await, (415, true));
    let quoted = Some("Application/XML;charset=\"UTF-8\"".to_owned());
    assert_eq!(status(WireRequest { content_type: quoted, ..good }).await, (200, false));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_a_request_gets_400() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let good = envelope(&desk, "TransactionStatus", "<TransactionStatusRequest/>");
    for text in [
        String::new(),
        "hello".to_owned(),
        good.replace("SaleToPOIRequest", "SaleToPOIQuestion"),
        good.replace("Request", "Response"),
        good.replace("TransactionStatus", "Weather"),
        good.trim_end_matches("</SaleToPOIRequest>").to_owned(),
        format!("<!DOCTYPE a []>{good}"),
    ] {
        let reply = desk.terminal.exchange(WireRequest::post(text.clone())).await;
        assert_eq!(reply, WireReply::empty(400), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn faulty_fields_are_named() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let pay = envelope(&desk, "Payment", &payment("T1", "10.00"));
    let id = desk.id();
    let amounts = "PaymentRequest/PaymentTransaction/AmountsReq/";
    let cases = [
        (pay.replace("RequestedAmount=\"10.00\"", ""), format!("{amounts}@RequestedAmount")),
        (pay.replace("10.00", "0"), format!("{amounts}@RequestedAmount")),
        (pay.replace("10.00", "10.005"), format!("{amounts}@RequestedAmount")),
        (pay.replace("10.00\"", "10.00\" CashBackAmount=\"10.01\""), format!("{amounts}@CashBackAmount")),
        (
            pay.replace("ProtocolVersion=\"3.1\"", "ProtocolVersion=\"3.0\""),
            "MessageHeader/@ProtocolVersion".into(),
        ),
        (pay.replace("Class=\"Service\"", "Class=\"Device\""), "MessageHeader/@MessageClass".into()),
        (pay.replace("ServiceID=\"2", "ServiceID=\"223"), "MessageHeader/@ServiceID".into()),
        (pay.replace("POIID=\"", &format!("POIID=\"{}", "x".repeat(30))), "MessageHeader/@POIID".into()),
        (pay.replace("SaleID=\"KASSA2\"", "SaleID=\"\""), "MessageHeader/@SaleID".into()),
    ];
    for (text, expected) in cases {
        assert_eq!(field(&desk, "Payment", text).await, expected);
    }
    for (from, to, part) in [
        ("10.00", "10,00", "@RequestedAmount"),
        ("10.00", "-1.00", "@RequestedAmount"),
        ("SEK", "sek", "@Currency"),
        ("TimeStamp=\"2025-03-04T10:12:44+01:00\"", "TimeStamp=\"2025-03-04T10:12:44\"", "@TimeStamp"),
        ("PaymentType=\"Normal\"", "PaymentType=\"normal\"", "@PaymentType"),
        ("<PaymentData", "<Unheard/><PaymentData", "Unheard"),
    ] {
        let named = field(&desk, from, pay.replace(from, to)).await;
        assert!(named.ends_with(part), "{named} for {to}");
    }
    let swapped = format!(
        "<SaleToPOIRequest>{}<PaymentRequest><PaymentTransaction><AmountsReq Currency=\"SEK\" \
         RequestedAmount=\"1\"/></PaymentTransaction><SaleData><SaleTransactionID TransactionID=\"T\" \
         TimeStamp=\"2025-03-04T10:12:44Z\"/></SaleData></PaymentRequest></SaleToPOIRequest>",
        desk.header("Payment", &id)
    );
    assert!(field(&desk, "order", swapped).await.starts_with("PaymentRequest/"));
    assert!(desk.bank.transactions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn login_needs_version_and_capabilities() {
    let desk = Desk::new(Settings::default());
    let good = envelope(&desk, "Login", &login(LIGHT));
    let without = good.replace(" ProtocolVersion=\"3.1\"", "");
    assert_eq!(field(&desk, "Login", without).await, "MessageHeader/@ProtocolVersion");
    let without = good.replace("<SaleCapabilities>PrinterReceipt</SaleCapabilities>", "");
    assert!(field(&desk, "Login", without).await.ends_with("SaleCapabilities"));
    let without = good.replace(" OperatorLanguage=\"en\"", "");
    assert!(field(&desk, "Login", without).await.ends_with("@OperatorLanguage"));
}

#[tokio::test(start_paused = true)]
async fn currency_that_is_not_configured_is_refused() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let answer = desk.ask("Payment", &money("T1", "10.00", "Normal", "USD", "")).await;
    assert_eq!(outcome(&answer), "Refusal");
    assert!(desk.bank.transactions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn names_of_another_session_are_not_allowed() {
    let mut desk = Desk::open(Settings::default(), LIGHT).await;
    desk.sale_id = "KASSA3".to_owned();
    assert_eq!(said(&desk.pay("10.00").await.response), "NotAllowed");
    (desk.sale_id, desk.poi_id) = ("KASSA2".to_owned(), "BUTIK-08".to_owned());
    assert_eq!(said(&desk.pay("10.00").await.response), "NotAllowed");
    assert_eq!(outcome(&desk.ask("Login", &login(LIGHT)).await), "NotAllowed");
    let id = desk.id();
    assert_eq!(desk.send("Abort", &id, &abort("Payment", "1")).await, WireReply::empty(204));
}

#[tokio::test(start_paused = true)]
async fn a_service_id_is_used_once_per_session() {
    for (duplicates, expected) in [
        (Duplicates::Refuse, "MessageFormat"),
        (Duplicates::Replay, "Success"),
        (Duplicates::Ignore, "Success"),
    ] {
        let desk = Desk::open(Settings { duplicates, ..Settings::default() }, LIGHT).await;
        let first = message(&desk.send("Payment", "77", &payment("T1", "10.00")).await);
        wait(3_100).await;
        let second = message(&desk.send("Payment", "77", &payment("T1", "10.00")).await);
        assert_eq!((outcome(&first).as_str(), outcome(&second).as_str()), ("Success", expected));
        let charged = if duplicates == Duplicates::Ignore { 2 } else { 1 };
        assert_eq!(desk.bank.approvals_for("T1"), charged, "{duplicates:?}");
        if duplicates == Duplicates::Replay {
            assert_eq!(paid(first), paid(second));
        }
        desk.login(LIGHT).await;
        let again = message(&desk.send("Payment", "77", &payment("T9", "10.00")).await);
        assert_eq!(outcome(&again), "Success", "a new session knows no identifiers");
    }
}

#[tokio::test(start_paused = true)]
async fn new_poi_id_makes_the_terminal_fetch_parameters() {
    let known = Settings { poi_id: Some("OLD".to_owned()), new_poi_busy: 2, ..Settings::default() };
    let desk = Desk::new(known);
    for expected in ["Busy", "Busy", "Success"] {
        assert_eq!(outcome(&desk.ask("Login", &login(LIGHT)).await), expected);
    }
    desk.ask("Logout", "<LogoutRequest MaintenanceAllowed=\"false\"/>").await;
    assert_eq!(outcome(&desk.ask("Login", &login(LIGHT)).await), "Success");
}

#[tokio::test(start_paused = true)]
async fn only_the_expected_till_may_log_in() {
    let desk = Desk::new(Settings { sale_id: Some("KASSA9".to_owned()), ..Settings::default() });
    assert_eq!(outcome(&desk.ask("Login", &login(LIGHT)).await), "Refusal");
}

#[tokio::test(start_paused = true)]
async fn login_tells_serial_software_and_clock() {
    let desk = Desk::new(Settings::default());
    let Body::LoginResponse(answer) = desk.ask("Login", &login(LIGHT)).await.body else { panic!() };
    let about = answer.poi_system_data.unwrap();
    assert_eq!(about.poi_terminal_data.unwrap().poi_serial_number.as_deref(), Some("2290009999"));
    assert_eq!(about.poi_software.unwrap().software_version.as_deref(), Some("1.3.0.11"));
    assert!(about.date_time.unwrap().raw().starts_with("2025-03-04T09:12:44."));
}
