//! The acceptance matrix of dossier chapter 18.1, cell by cell, as a till meets it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

mod support;

use std::sync::Arc;

use simulator::nexo::{Settings, WireReply};
use support::*;

const ENABLE: &str = "<EnableServiceRequest TransactionAction=\"StartTransaction\"><ServicesEnabled>\
                      CardAcquisition</ServicesEnabled></EnableServiceRequest>";
const DISABLE: &str = "<EnableServiceRequest TransactionAction=\"AbortTransaction\"/>";
const DISPLAY: &str = "<DisplayRequest><DisplayOutput Device=\"CustomerDisplay\" InfoQualify=\"Display\">\
                       <OutputContent OutputFormat=\"Text\"><OutputText>Thank you!</OutputText>\
                       </OutputContent>                       </DisplayOutput></DisplayRequest>";
const INPUT: &str = "<InputRequest><InputData Device=\"CustomerInput\" InfoQualify=\"Input\" \
                     InputCommand=\"GetConfirmation\"/></InputRequest>";
const PRINT: &str = "<PrintRequest><PrintOutput DocumentQualifier=\"SaleReceipt\" ResponseMode=\"PrintEnd\">\
                     <OutputContent OutputFormat=\"Text\"><OutputText>Hej</OutputText></OutputContent>\
                     </PrintOutput></PrintRequest>";
const ADMIN: &str = "<AdminRequest><ServiceIdentification>OM02</ServiceIdentification></AdminRequest>";

fn acquisition() -> String {
    "<CardAcquisitionRequest><SaleData TokenRequestedType=\"Customer\"><SaleTransactionID \
     TransactionID=\"T1\" TimeStamp=\"2025-03-04T14:00:00+01:00\"/></SaleData>\
     <CardAcquisitionTransaction PaymentType=\"Normal\" \
     TotalAmount=\"0\"/></CardAcquisitionRequest>"
        .to_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum In {
    LoggedOut,
    Idle,
    Paying,
    Enabled,
    Cooling,
}

/// A desk whose terminal is in this state.
async fn desk_in(state: In) -> Arc<Desk> {
    let printer = "1850009999".to_owned();
    let desk = Arc::new(Desk::new(Settings { serial: printer, ..Settings::default() }));
    if state == In::LoggedOut {
        return desk;
    }
    desk.login(DEFAULT).await;
    wait(2_000).await;
    match state {
        In::LoggedOut | In::Idle => {}
        In::Paying => {
            desk.start("Payment", payment("T1", "10.14"));
            wait(500).await;
        }
        In::Enabled => assert_eq!(outcome(&desk.ask("EnableService", ENABLE).await), "Success"),
        In::Cooling => assert_eq!(said(&desk.pay("10.00").await.response), "Success"),
    }
    desk.listener.forget();
    desk
}

const STATES: [In; 5] = [In::LoggedOut, In::Idle, In::Paying, In::Enabled, In::Cooling];

/// One row: category, body, and what each of the states says.
async fn row(category: &str, body: &str, expected: [&str; 5]) {
    for (state, expected) in STATES.into_iter().zip(expected) {
        let desk = desk_in(state).await;
        let answer = desk.ask(category, body).await;
        assert_eq!(outcome(&answer), expected, "{category} in {state:?}");
        assert_eq!(desk.terminal.complaints(), Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn login_is_always_taken() {
    row("Login", &login(DEFAULT), ["Success"; 5]).await;
}

#[tokio::test(start_paused = true)]
async fn logout_waits_for_what_runs() {
    let expected = ["Success", "Success", "Busy", "Busy", "Success"];
    row("Logout", "<LogoutRequest MaintenanceAllowed=\"false\"/>", expected).await;
}

#[tokio::test(start_paused = true)]
async fn payment_needs_an_idle_session() {
    let expected = ["NotAllowed", "Success", "Busy", "Success", "Busy"];
    row("Payment", &payment("T2", "20.00"), expected).await;
}

#[tokio::test(start_paused = true)]
async fn reversal_needs_an_idle_session() {
    let unknown = reversal_of("5550010001", "2025-03-04T09:12:46.311Z");
    row("Reversal", &unknown, ["NotAllowed", "NotFound", "Busy", "NotAllowed", "Busy"]).await;
}

#[tokio::test(start_paused = true)]
async fn card_before_amount() {
    row("EnableService", ENABLE, ["NotAllowed", "Success", "Busy", "NotAllowed", "Busy"]).await;
    row("EnableService", DISABLE, ["NotAllowed", "NotAllowed", "Busy", "Success", "Busy"]).await;
    row("CardAcquisition", &acquisition(), ["NotAllowed", "NotAllowed", "Busy", "Success", "Busy"]).await;
    let light = Desk::open(Settings::default(), LIGHT).await;
    assert_eq!(outcome(&light.ask("EnableService", ENABLE).await), "UnavailableService");
}

#[tokio::test(start_paused = true)]
async fn devices_of_the_terminal() {
    let expected = ["NotAllowed", "Success", "Busy", "Success", "Busy"];
    row("Display", DISPLAY, expected).await;
    row("Input", INPUT, expected).await;
    row("Print", PRINT, expected).await;
}

#[tokio::test(start_paused = true)]
async fn transaction_status_answers_in_every_session() {
    let unknown = status_request(Some("1"));
    row("TransactionStatus", &unknown, ["NotAllowed", "NotFound", "NotFound", "NotFound", "NotFound"])
        .await;
    let last = status_request(None);
    row("TransactionStatus", &last, ["NotAllowed", "NotFound", "Busy", "NotFound", "Success"]).await;
}

#[tokio::test(start_paused = true)]
async fn admin_and_everything_else() {
    row("Admin", ADMIN, ["NotAllowed", "Success", "Busy", "Busy", "Busy"]).await;
    let expected = ["NotAllowed", "UnavailableService", "Busy", "UnavailableService", "UnavailableService"];
    row("Diagnosis", "<DiagnosisRequest HostDiagnosisFlag=\"true\"/>", expected).await;
    row("Reconciliation", "<ReconciliationRequest ReconciliationType=\"SaleReconciliation\"/>", expected)
        .await;
    row("GetTotals", "<GetTotalsRequest/>", expected).await;
    let transmit = "<TransmitRequest MaximumTransmitTime=\"30\" DestinationAddress=\"127.0.0.1:1\">\
                    <Message>AAAA</Message></TransmitRequest>";
    row("Transmit", transmit, expected).await;
    for category in ["BalanceInquiry", "StoredValue", "Batch", "Sound"] {
        row(category, &format!("<{category}Request/>"), expected).await;
    }
    let loyalty = "<LoyaltyRequest><SaleData><SaleTransactionID TransactionID=\"T1\" \
                   TimeStamp=\"2025-03-04T14:00:00+01:00\"/></SaleData><LoyaltyTransaction \
                   LoyaltyTransactionType=\"Award\"/></LoyaltyRequest>";
    row("Loyalty", loyalty, expected).await;
}

#[tokio::test(start_paused = true)]
async fn abort_is_always_204_and_says_why_nothing_happened() {
    let events: [&[&str]; 5] = [&[], &["Event Completed"], &[], &["Event Reject"], &["Event Completed"]];
    for (state, expected) in STATES.into_iter().zip(events) {
        let desk = desk_in(state).await;
        let (own, body) = (desk.id(), abort("Payment", "210400002"));
        assert_eq!(desk.send("Abort", &own, &body).await, WireReply::empty(204), "{state:?}");
        wait(100).await;
        let heard = desk.listener.story();
        let events: Vec<&String> = heard.iter().filter(|heard| heard.starts_with("Event")).collect();
        assert_eq!(events, expected, "{state:?}");
    }
    let light = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    light.abort("1").await;
    wait(100).await;
    assert!(light.listener.story().is_empty());
}

#[tokio::test(start_paused = true)]
async fn maintenance_refuses_connections_or_says_busy() {
    let desk = Desk::open(Settings::default(), DEFAULT).await;
    desk.terminal.begin_maintenance().await;
    assert_eq!(desk.terminal.state().phase, "off");
    for category in ["Login", "Payment", "TransactionStatus"] {
        let id = desk.id();
        assert_eq!(desk.send(category, &id, &login(DEFAULT)).await, WireReply::Refused);
    }
    desk.terminal.end_maintenance().await;
    assert_eq!(outcome(&desk.ask("Payment", &payment("T1", "10.00")).await), "NotAllowed");
    let story = desk.listener.story();
    assert_eq!(story[story.len() - 2..], ["Event BeginMaintenance", "Event EndMaintenance"]);

    let polite = Settings { maintenance_refuses: false, ..Settings::default() };
    let desk = Desk::open(polite, LIGHT).await;
    desk.terminal.begin_maintenance().await;
    assert_eq!(outcome(&desk.ask("Login", &login(LIGHT)).await), "Busy");
    let id = desk.id();
    assert_eq!(desk.send("Payment", &id, &payment("T1", "10.00")).await, WireReply::Refused);
}

#[tokio::test(start_paused = true)]
async fn login_drops_the_running_payment_and_its_result_is_found() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let (id, task) = desk.start("Payment", payment("T1", "10.14"));
    wait(1_000).await;
    desk.login(LIGHT).await;
    assert_eq!(task.await.unwrap(), WireReply::Cut);
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Aborted");
    assert_eq!(desk.bank.balance("SEK"), 0);

    let (id, task) = desk.start("Payment", payment("T2", "10.00"));
    wait(2_000).await;
    assert_eq!(desk.bank.balance("SEK"), 1_000, "the host has decided, the answer is not there yet");
    assert!(!task.is_finished());
    desk.login(LIGHT).await;
    assert_eq!(task.await.unwrap(), WireReply::Cut);
    assert_eq!(said(&repeated(desk.status_of(&id).await).response), "Success");
}

#[tokio::test(start_paused = true)]
async fn card_is_read_before_the_amount_and_used_for_the_payment() {
    let desk = desk_in(In::Enabled).await;
    let wire::nexo::Body::CardAcquisitionResponse(read) =
        desk.ask("CardAcquisition", &acquisition()).await.body
    else {
        panic!("not an acquisition");
    };
    let number = read.poi_data.unwrap().poi_transaction_id.unwrap();
    let card = read.payment_instrument_data.unwrap().card_data.unwrap();
    let reference = format!(
        "<PaymentData PaymentType=\"Normal\"><CardAcquisitionReference TransactionID=\"{}\" \
         TimeStamp=\"{}\"/></PaymentData>",
        number.transaction_id.unwrap(),
        number.time_stamp.unwrap().raw()
    );
    let plain = "<PaymentData PaymentType=\"Normal\"/>";
    let wrong =
        payment("T1", "10.00").replace(plain, &reference.replace("TransactionID=\"", "TransactionID=\"9"));
    assert_eq!(outcome(&desk.ask("Payment", &wrong).await), "NotFound");
    let answer = paid(desk.ask("Payment", &payment("T1", "10.00").replace(plain, &reference)).await);
    assert_eq!(said(&answer.response), "Success");
    let used = answer.payment_result.unwrap().payment_instrument_data.unwrap().card_data.unwrap();
    assert_eq!((used.masked_pan, used.payment_token), (card.masked_pan, card.payment_token));
    assert_eq!(desk.terminal.state().phase, "cooling");
}

#[tokio::test(start_paused = true)]
async fn card_before_amount_is_given_up() {
    let desk = desk_in(In::Enabled).await;
    assert_eq!(outcome(&desk.ask("CardAcquisition", &acquisition()).await), "Success");
    desk.listener.forget();
    assert_eq!(outcome(&desk.ask("EnableService", DISABLE).await), "Success");
    wait(100).await;
    assert_eq!(desk.listener.story(), ["Print CustomerReceipt"]);
    assert_eq!(desk.terminal.state().phase, "idle");

    let desk = desk_in(In::Enabled).await;
    let (id, task) = desk.start("CardAcquisition", acquisition());
    wait(100).await;
    let own = desk.id();
    assert_eq!(desk.send("Abort", &own, &abort("CardAcquisition", &id)).await, WireReply::empty(204));
    assert_eq!(outcome(&message(&task.await.unwrap())), "Aborted");
    assert_eq!(desk.terminal.state().phase, "idle");
}
