//! Money back: voids and refunds are orders of their own. On virtual time.

use super::stage::{CREATE, QUERY, Stage, back, data, sale, stage};
use domain::operation::{Kind, Operation};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Said};

fn told(kind: u8, status: u8, amount: &str, error: &str) -> String {
    let told = data(status).replace("\"trans_type\":1", &format!("\"trans_type\":{kind}"));
    let told = told.replace("\"45\"", &format!("\"{amount}\""));
    let error = if error.is_empty() { String::new() } else { format!(",\"trans_error_code\":\"{error}\"") };
    told.replace("\"TESTSN0000000001\"", &format!("\"TESTSN0000000001\"{error}"))
}

async fn ended(operation: &Operation, told: &str) -> (Stage, Result<Outcome, Fault>) {
    let stage = stage();
    stage.far.takes_it();
    let taken = "{\"trans_no\":\"7000000000000002\"}";
    stage.far.says(CREATE, "0", "success", taken);
    stage.far.says(QUERY, "0", "success", told);
    let ended = stage.perform(operation).await;
    (stage, ended)
}

#[tokio::test(start_paused = true)]
async fn a_void_is_an_order_against_its_original() {
    let (stage, outcome) = ended(&back(Kind::Reversal, 45_00), &told(2, 2, "45", "")).await;
    assert_eq!(outcome.unwrap().said, Said::Approved);
    let order = stage.far.asked(CREATE);
    assert_eq!((order["trans_type"].as_str(), order["orig_merchant_order_no"].as_str()), ("2", "ORIG1"));
    assert_eq!((order["merchant_order_no"].as_str(), order["order_amount"].as_str()), ("REF1", "45.00"));
}

#[tokio::test(start_paused = true)]
async fn a_refund_is_one_of_its_own_amount() {
    let (stage, outcome) = ended(&back(Kind::Refund, 12_50), &told(3, 2, "12.5", "")).await;
    let outcome = outcome.unwrap();
    assert_eq!((outcome.said, outcome.amount.unwrap().minor), (Said::Approved, 12_50));
    let order = stage.far.asked(CREATE);
    assert_eq!((order["trans_type"].as_str(), order["order_amount"].as_str()), ("3", "12.50"));
}

/// Settled already: the refund is the way. Not settled yet: the void is, where all of it goes back.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_says_what_can() {
    let (void, refund, part) =
        (back(Kind::Reversal, 45_00), back(Kind::Refund, 45_00), back(Kind::Refund, 10_00));
    for (operation, kind, amount, error, reason) in [
        (&void, 2, "45", "ET008", Reason::UseRefund),
        (&void, 2, "45", "119", Reason::UseRefund),
        (&refund, 3, "45", "D0005", Reason::UseVoid),
        (&part, 3, "10", "TS-D0005", Reason::GoesAnotherWay),
        (&refund, 3, "45", "ET003", Reason::NotFound),
        (&part, 3, "10", "E04132", Reason::Refused),
    ] {
        // As the end of an order that was taken, and as the answer to one that was not.
        let (_, late) = ended(operation, &told(kind, 1, amount, error)).await;
        let fault = late.unwrap_err();
        assert_eq!((fault.certainty, &fault.reason), (Certainty::Refused, &reason), "{error}");
        let stage = stage();
        stage.far.says(CREATE, error, "no", "");
        let fault = stage.perform(operation).await.unwrap_err();
        assert_eq!((fault.certainty, &fault.reason), (Certainty::Refused, &reason), "{error}: at once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refund_that_the_bank_refuses_is_declined() {
    let (_, outcome) = ended(&back(Kind::Refund, 45_00), &told(3, 1, "45", "TS-D2012")).await;
    assert_eq!(outcome.unwrap().said, Said::Declined);
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_back_without_the_number_of_what_was_paid() {
    let stage = stage();
    let unnamed = Operation { kind: Kind::Refund, ..sale() };
    let fault = stage.perform(&unnamed).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::GoesAnotherWay));
    assert!(stage.far.lines().is_empty());
}
