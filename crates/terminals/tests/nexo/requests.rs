//! What goes on the wire for an operation, field by field.

use super::stage::{Stage, amount, paid, reversal, sale, sek, stage};
use domain::operation::Kind;
use domain::outcome::{Certainty, Reason};
use terminals::Terminal;
use terminals::seams::Learned;
use wire::nexo::{Body, MessageReference, PaymentRequest, PaymentType, ReversalReason};

fn payment(stage: &Stage) -> PaymentRequest {
    match stage.far.sent("Payment").remove(0).body {
        Body::PaymentRequest(request) => request,
        other => panic!("{}", other.element()),
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_carries_its_own_number_and_amount() {
    let stage = stage();
    stage.perform(&sale()).await.unwrap();
    assert_eq!(stage.log.lines(), ["reserve First 2104000001 in session", "wire Payment 2104000001"]);
    let message = stage.far.sent("Payment").remove(0);
    assert_eq!(message.header.sale_id, "KASSA2");
    assert_eq!(message.header.poi_id, "BUTIK-07-K2");
    assert_eq!(message.header.protocol_version.as_deref(), Some("3.1"));
    let request = payment(&stage);
    let sale = request.sale_data.sale_transaction_id.unwrap();
    assert_eq!(sale.transaction_id.as_deref(), Some("250304101244000411"));
    assert_eq!(sale.time_stamp.unwrap().raw(), "2025-03-04T10:12:44+01:00");
    assert_eq!(request.sale_data.token_requested_type, None);
    let amounts = request.payment_transaction.amounts_req;
    assert_eq!((amounts.currency.as_str(), amounts.requested_amount), ("SEK", Some(amount("249.50"))));
    assert_eq!((amounts.cash_back_amount, amounts.tip_amount), (None, None));
    assert_eq!(request.payment_data.unwrap().payment_type, Some(PaymentType::Normal));
    let posted = stage.far.posted.lock().unwrap().remove(0);
    assert_eq!(posted.url, "http://192.0.2.41:11000/EPASSaleToPOI/3.1");
    assert_eq!((posted.connect_ms, posted.answer_ms), (5_000, 300_000));
    assert_eq!(posted.headers, [("Content-type".to_owned(), "application/xml; charset=utf-8".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn cash_back_is_a_part_of_the_total() {
    let stage = stage();
    let mut operation = sale();
    operation.cash_back = sek(5000);
    stage.perform(&operation).await.unwrap();
    let amounts = payment(&stage).payment_transaction.amounts_req;
    assert_eq!(amounts.requested_amount, Some(amount("249.50")));
    assert_eq!(amounts.cash_back_amount, Some(amount("50.00")));
}

#[tokio::test(start_paused = true)]
async fn a_refund_is_a_payment_of_its_own_type() {
    let stage = stage();
    let mut operation = sale();
    operation.kind = Kind::Refund;
    let outcome = stage.perform(&operation).await.unwrap();
    assert!(outcome.said.moved_money());
    assert_eq!(payment(&stage).payment_data.unwrap().payment_type, Some(PaymentType::Refund));
}

#[tokio::test(start_paused = true)]
async fn a_reversal_copies_its_original_letter_by_letter() {
    let stage = stage();
    stage.far.fails("Reversal", "NotFound", "Not the last one");
    let outcome = stage.perform(&reversal()).await.unwrap();
    assert_eq!(outcome.reason, Some(Reason::NotFound));
    let Body::ReversalRequest(request) = stage.far.sent("Reversal").remove(0).body else { panic!() };
    assert_eq!(request.reversal_reason, ReversalReason::MerchantCancel);
    assert_eq!(request.reversed_amount, None);
    let original = request.original_poi_transaction;
    assert_eq!(
        (original.sale_id.as_deref(), original.poi_id.as_deref()),
        (Some("KASSA2"), Some("BUTIK-07-K2"))
    );
    let id = original.poi_transaction_id.unwrap();
    assert_eq!(id.transaction_id.as_deref(), Some("5550010041"));
    assert_eq!(id.time_stamp.unwrap().raw(), "2025-03-04T08:00:00.02Z");
    assert_eq!(stage.far.posted.lock().unwrap()[0].answer_ms, 120_000);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_reversed_is_refused_before_anything_is_sent() {
    let mut unknown = reversal();
    unknown.original = None;
    let mut unnumbered = reversal();
    unnumbered.original.as_mut().unwrap().evidence.0.remove("poi_transaction_time");
    let mut mobile = reversal();
    mobile.original.as_mut().unwrap().evidence.0.insert("instrument".into(), "mobile".into());
    for operation in [unknown, unnumbered] {
        let stage = stage();
        let fault = stage.perform(&operation).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::UseRefund));
        assert!(stage.log.lines().is_empty());
    }
    for kind in [Kind::Reversal, Kind::Refund] {
        let stage = stage();
        mobile.kind = kind;
        let fault = stage.perform(&mobile).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::GoesAnotherWay));
        assert!(stage.log.lines().is_empty(), "{kind:?}: it would be a card's money");
    }
}

#[tokio::test(start_paused = true)]
async fn an_abort_names_the_request_at_the_terminal() {
    let stage = stage();
    let gate = stage.far.gated("Payment", paid);
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.driver.abort(sale().id).await.unwrap();
    let Body::AbortRequest(request) = stage.far.sent("Abort").remove(0).body else { panic!() };
    let payment = stage.far.sent("Payment").remove(0);
    assert_eq!(request.message_reference, MessageReference::to(&payment.header));
    assert!(!request.abort_reason.is_empty());
    assert_eq!(stage.far.posted.lock().unwrap()[1].connect_ms, 3_000);
    gate.notify_one();
    assert!(work.await.unwrap().unwrap().said.moved_money(), "success after an abort is real money");
}

#[tokio::test(start_paused = true)]
async fn a_confirmed_address_goes_before_the_settings() {
    let learned = Learned { session: Some("1".into()), address: Some("http://192.0.2.77:12000".into()) };
    let stage = Stage::learned("connect_ms = 900\nanswer_ms = 4000", learned);
    stage.perform(&sale()).await.unwrap();
    let posted = stage.far.posted.lock().unwrap().remove(0);
    assert_eq!(posted.url, "http://192.0.2.77:12000/EPASSaleToPOI/3.1");
    assert_eq!((posted.connect_ms, posted.answer_ms), (900, 4_000));
    assert_eq!(stage.driver.address().unwrap().port, 12000);
}
