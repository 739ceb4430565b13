//! Payments at the nexo terminal in both forms: every amount of the convention, what the bank holds
//! afterwards, and what status queries find.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

mod support;

use std::sync::Arc;

use simulator::bank::{Kind, State};
use simulator::nexo::{Settings, WireReply};
use simulator::script::Script;
use support::*;
use wire::nexo::{DocumentQualifier, EntryMode, PaymentInstrumentType, PaymentResponse};

/// What an amount of the convention leads to: the answer's result, the bank's state, how many receipts.
const CONVENTION: [(u8, &str, State, usize); 12] = [
    (0, "Success", State::Approved, 2),
    (1, "Refusal", State::Declined, 2),
    (2, "Refusal", State::Declined, 0),
    (3, "Cancel", State::Aborted, 0),
    (4, "WrongPIN", State::Declined, 2),
    (5, "UnreachableHost", State::Declined, 0),
    (6, "InvalidCard", State::Declined, 0),
    (7, "PaymentRestriction", State::Declined, 0),
    (8, "Success", State::Approved, 2),
    (10, "Success", State::Approved, 2),
    (17, "Success", State::Approved, 0),
    (18, "Success", State::Approved, 2),
];

fn amount(answer: &PaymentResponse) -> Option<i64> {
    answer.payment_result.as_ref()?.amounts_resp.as_ref()?.authorized_amount?.to_minor(2)
}

#[tokio::test(start_paused = true)]
async fn every_plain_amount_of_the_convention_in_both_forms_and_for_refunds() {
    for (form, refunds) in [(LIGHT, false), (LIGHT, true), (DEFAULT, false), (DEFAULT, true)] {
        for (cents, expected, state, receipts) in CONVENTION {
            let desk = Desk::open(Settings::default(), form).await;
            let text = format!("20.{cents:02}");
            let request = if refunds { refund("T1", &text) } else { payment("T1", &text) };
            let answer = paid(desk.ask("Payment", &request).await);
            let context = format!("{form} {text} refund {refunds}");
            assert_eq!(said(&answer.response), expected, "{context}");
            assert_eq!(answer.payment_receipts.len(), receipts, "{context}");
            let entry = desk.bank.transactions().pop().unwrap();
            assert_eq!((entry.state, entry.requested), (state, 2_000 + i64::from(cents)), "{context}");
            let moved = if state == State::Approved { 2_000 + i64::from(cents) } else { 0 };
            assert_eq!(desk.bank.balance("SEK"), if refunds { -moved } else { moved }, "{context}");
            assert_eq!(entry.kind, if refunds { Kind::Refund } else { Kind::Payment });
            assert_eq!(repeated(desk.last().await), answer, "{context}");
            assert!(desk.terminal.complaints().is_empty(), "{:?}", desk.terminal.complaints());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tip_is_ten_percent_on_top_of_a_purchase_only() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let answer = desk.pay("100.09").await;
    let amounts = answer.payment_result.as_ref().unwrap().amounts_resp.clone().unwrap();
    assert_eq!(amount(&answer), Some(11_009));
    assert_eq!(amounts.tip_amount.unwrap().to_minor(2), Some(1_000));
    assert_eq!(desk.bank.balance("SEK"), 11_009);
    wait(3_100).await;
    let answer = paid(desk.ask("Payment", &refund("T2", "100.09")).await);
    assert_eq!(amount(&answer), Some(10_009));
}

#[tokio::test(start_paused = true)]
async fn swish_is_mobile_without_a_card() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let answer = desk.pay("10.10").await;
    let instrument = answer.payment_result.clone().unwrap().payment_instrument_data.unwrap();
    assert_eq!(instrument.payment_instrument_type, Some(PaymentInstrumentType::Mobile));
    assert_eq!(instrument.card_data, None);
    wait(3_100).await;
    let answer = desk.ask("Reversal", &reversal(&answer)).await;
    assert_eq!(outcome(&answer), "NotFound");
}

#[tokio::test(start_paused = true)]
async fn approved_but_the_answer_is_lost() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let id = desk.id();
    assert_eq!(desk.send("Payment", &id, &payment("T1", "10.11")).await, WireReply::Cut);
    assert_eq!(amount(&repeated(desk.status_of(&id).await)), Some(1_011));
    assert_eq!(desk.bank.approvals_for("T1"), 1);
}

#[tokio::test(start_paused = true)]
async fn approved_but_the_answer_is_ninety_seconds_late() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let (id, task) = desk.start("Payment", payment("T1", "10.12"));
    wait(10_000).await;
    assert_eq!(amount(&repeated(desk.status_of(&id).await)), Some(1_012));
    assert!(!task.is_finished());
    wait(79_000).await;
    assert!(!task.is_finished());
    wait(20_000).await;
    assert_eq!(said(&paid(message(&task.await.unwrap())).response), "Success");
}

#[tokio::test(start_paused = true)]
async fn approved_although_an_abort_was_sent() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let (id, task) = desk.start("Payment", payment("T1", "10.13"));
    wait(5_000).await;
    assert_eq!(said(&desk.status_of(&id).await.response), "Busy");
    desk.abort(&id).await;
    assert_eq!(said(&paid(message(&task.await.unwrap())).response), "Success");
    assert_eq!(desk.bank.balance("SEK"), 1_013);
}

#[tokio::test(start_paused = true)]
async fn nothing_ends_it_but_an_abort() {
    let desk = Arc::new(Desk::open(Settings::default(), LIGHT).await);
    let (id, task) = desk.start("Payment", payment("T1", "10.14"));
    wait(3_600_000).await;
    assert!(!task.is_finished());
    assert_eq!(said(&desk.last().await.response), "Busy");
    desk.abort("1").await;
    wait(1_000).await;
    assert!(!task.is_finished(), "an abort for another request");
    desk.abort(&id).await;
    assert_eq!(said(&paid(message(&task.await.unwrap())).response), "Aborted");
    assert_eq!(desk.bank.transactions()[0].state, State::Aborted);
}

#[tokio::test(start_paused = true)]
async fn empty_answer_and_foreign_answer_are_approved_behind_the_scenes() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let id = desk.id();
    assert_eq!(desk.send("Payment", &id, &payment("T1", "10.15")).await, WireReply::empty(200));
    assert_eq!(amount(&repeated(desk.status_of(&id).await)), Some(1_015));
    wait(3_100).await;
    let id = desk.id();
    let foreign = message(&desk.send("Payment", &id, &payment("T2", "10.16")).await);
    assert_ne!(foreign.header.service_id.as_deref(), Some(id.as_str()));
    let found = desk.status_of(&id).await;
    assert_eq!(found.repeated_message.unwrap().header.service_id, Some(id));
}

#[tokio::test(start_paused = true)]
async fn busy_twice_then_approved() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    for expected in ["Busy", "Busy", "Success"] {
        assert_eq!(said(&desk.pay("10.19").await.response), expected);
    }
    assert_eq!(desk.bank.transactions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn signature_is_the_tills_business_in_light_form() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let answer = desk.pay("10.08").await;
    assert_eq!(said(&answer.response), "Success");
    let document = receipt(&answer, DocumentQualifier::CashierReceipt);
    assert_eq!(document["Merchant"]["Mandatory"]["Payment"]["SignatureBlock"], true);
    let card = answer.payment_result.clone().unwrap().payment_instrument_data.unwrap().card_data.unwrap();
    assert!(card.entry_mode.unwrap().contains(&EntryMode::MagStripe));
    assert!(desk.listener.story().is_empty());
    wait(3_100).await;
    let answer = desk.ask("Reversal", &reversal(&answer)).await;
    assert_eq!(outcome(&answer), "Success");
    assert_eq!(desk.bank.balance("SEK"), 0);
}

#[tokio::test(start_paused = true)]
async fn signature_is_asked_during_the_payment_in_default_form() {
    for (cashier, expected, state) in [
        (Cashier::Confirms, "Success", State::Approved),
        (Cashier::Refuses, "Refusal", State::Reversed),
        (Cashier::Absent, "Aborted", State::Reversed),
        (Cashier::Silent, "Aborted", State::Reversed),
    ] {
        let desk = Desk::open(Settings::default(), DEFAULT).await;
        wait(2_000).await;
        desk.listener.forget();
        desk.listener.cashier(cashier);
        let answer = desk.pay("10.08").await;
        assert_eq!(said(&answer.response), expected, "{cashier:?}");
        assert_eq!(answer.payment_receipts.len(), 2);
        assert_eq!(desk.bank.transactions()[0].state, state, "{cashier:?}");
        let story = desk.listener.story();
        let print = story.iter().position(|heard| heard == "Print CashierReceipt").unwrap();
        assert_eq!(story[print + 1], "InputRequest", "{story:?}");
        assert_eq!(
            story.last().unwrap(),
            if expected == "Success" { "Display Approved" } else { "Display Declined" }
        );
        assert_eq!(repeated(desk.last().await), answer);
    }
}

#[tokio::test(start_paused = true)]
async fn abort_during_the_signature_question_changes_nothing() {
    let desk = Arc::new(Desk::open(Settings::default(), DEFAULT).await);
    desk.listener.cashier(Cashier::Silent);
    let (id, task) = desk.start("Payment", payment("T1", "10.08"));
    wait(60_000).await;
    desk.abort(&id).await;
    wait(1_000).await;
    assert!(!task.is_finished());
    assert!(desk.listener.story().contains(&"Event Reject".to_owned()));
}

/// The customer of a script takes the steps that it says, each as long as it says (dossier 18.3).
#[tokio::test(start_paused = true)]
async fn customer_follows_the_steps_of_a_script() {
    let desk = Desk::open(Settings { vary: false, ..Settings::default() }, DEFAULT).await;
    let script = "[[rule]]\ncategory = \"Payment\"\ntimes = 1\ndo = [\"chip\", \"tip\"]\ntip = \"3.00\"\n\
        step = [{ do = \"present\", ms = 5000 }, { do = \"pin\", digits = 6, ms = 2000 }, \
        { do = \"remove\", ms = 9000 }]\n\
        [[rule]]\ncategory = \"Payment\"\ntimes = 1\ndo = \"partial\"\npart = \"4.00\"\n\
        [[rule]]\ncategory = \"Payment\"\ntimes = 1\ndo = \"decline\"\narc = \"51\"\n\
        [[rule]]\ncategory = \"Payment\"\ndo = \"approve\"\n\
        step = [{ do = \"present\", ms = 100 }, { do = \"cancel\", ms = 7000 }]\n";
    desk.terminal.follow(Script::from_toml(script).unwrap());
    wait(2_000).await;
    desk.listener.forget();
    let began = tokio::time::Instant::now();
    let tipped = desk.pay("10.00").await;
    assert!(began.elapsed().as_millis() > 7_000, "{:?}", began.elapsed());
    assert_eq!(desk.bank.transactions()[0].amount, 13_00);
    assert_eq!(said(&tipped.response), "Success");
    let story = desk.listener.story();
    assert!(story.contains(&"Display Enter PIN: ******".to_owned()), "{story:?}");
    wait(8_000).await;
    assert!(!desk.listener.story().contains(&"Event CardRemoved".to_owned()), "it is still in");
    wait(2_000).await;
    assert!(desk.listener.story().contains(&"Event CardRemoved".to_owned()));

    desk.pay("10.00").await;
    assert_eq!(desk.bank.transactions()[1].amount, 4_00);
    wait(4_000).await;
    let declined = desk.pay("10.00").await;
    let lines = receipt(&declined, DocumentQualifier::CashierReceipt).to_string();
    assert!(lines.contains("ARC: 51"), "{lines}");
    wait(4_000).await;
    let began = tokio::time::Instant::now();
    assert_eq!(said(&desk.pay("10.00").await.response), "Cancel");
    assert!(began.elapsed().as_millis() > 7_000);
}

#[tokio::test(start_paused = true)]
async fn receipts_follow_chapter_seven() {
    for seed in 0..8 {
        let desk = Desk::open(Settings { seed, ..Settings::default() }, LIGHT).await;
        let answer = desk.pay("249.50").await;
        let number = answer.poi_data.clone().unwrap().poi_transaction_id.unwrap().transaction_id.unwrap();
        for (copy, root) in [
            (DocumentQualifier::CustomerReceipt, "Cardholder"),
            (DocumentQualifier::CashierReceipt, "Merchant"),
        ] {
            let document = receipt(&answer, copy);
            let mandatory = &document[root]["Mandatory"];
            assert_eq!(mandatory["Payment"]["ReceiptNumber"], number.as_str());
            assert_eq!(mandatory["Payment"]["TotalAmount"], "249,50");
            assert_eq!(mandatory["Outcome"]["DebitStatus"], "00");
            assert_eq!(document[root]["Optional"]["Payment"]["Reference"], "T1");
            let lines = document[root]["Optional"]["ReceiptString"].as_array().unwrap();
            assert!(lines.iter().all(|line| line.as_str().unwrap().chars().count() <= 25));
            assert!(lines.iter().any(|line| line == "Godkänd"));
            let pan = mandatory["CardDetails"]["PrimaryAccountNumber"].as_str().unwrap();
            let shown = pan.chars().filter(char::is_ascii_digit).count();
            assert_eq!(shown, if root == "Merchant" { 10 } else { 4 });
        }
    }
}

#[tokio::test(start_paused = true)]
async fn cash_back_is_part_of_the_total_and_restrictions_name_what_may_be_paid() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let request = money("T1", "100.00", "Normal", "SEK", " CashBackAmount=\"40\"");
    let answer = paid(desk.ask("Payment", &request).await);
    let amounts = answer.payment_result.unwrap().amounts_resp.unwrap();
    assert_eq!(amounts.cash_back_amount.unwrap().to_minor(2), Some(4_000));
    assert_eq!(desk.bank.transactions()[0].cash_back, 4_000);
    wait(3_100).await;
    let items = "</PaymentTransaction>";
    let with = "<SaleItem ItemID=\"0\" ProductCode=\"1\" ItemAmount=\"5\"/><SaleItem ItemID=\"1\" \
                ProductCode=\"30117\" ItemAmount=\"5.07\"/></PaymentTransaction>";
    let answer = paid(desk.ask("Payment", &payment("T2", "10.07").replace(items, with)).await);
    let card = answer.payment_result.unwrap().payment_instrument_data.unwrap().card_data.unwrap();
    assert_eq!(card.allowed_product_codes, ["30117"]);
}

/// The decoded JSON of one copy.
fn receipt(answer: &PaymentResponse, copy: DocumentQualifier) -> serde_json::Value {
    use base64::Engine;
    let receipt =
        answer.payment_receipts.iter().find(|receipt| receipt.document_qualifier == copy).unwrap();
    let text: String = receipt.output_content.as_ref().unwrap().plain().collect();
    serde_json::from_slice(&base64::engine::general_purpose::STANDARD.decode(text).unwrap()).unwrap()
}
