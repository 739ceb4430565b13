//! Asking to cancel: a wish whose result is the payment's own answer (dossier chapter 9).

use super::stage::{Stage, changed, failure, paid, reply, s, sale, sent, stage, status};
use domain::outcome::{Certainty, Reason, Said};
use std::time::Duration;
use terminals::Terminal;
use terminals::http::{Cause, HttpFault};
use tokio::time::sleep;
use wire::nexo::{Body, Message, RepeatedMessage, Response, TransactionStatusResponse};

#[tokio::test(start_paused = true)]
async fn the_payments_own_answer_tells_the_result() {
    let stage = stage();
    let gate = stage.far.gated("Payment", |request| failure(request, "Aborted", "As you wish"));
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.driver.abort(sale().id).await.unwrap();
    gate.notify_one();
    let outcome = work.await.unwrap().unwrap();
    assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(Reason::Aborted)));
}

#[tokio::test(start_paused = true)]
async fn another_operation_is_not_cancelled() {
    let stage = stage();
    let gate = stage.far.gated("Payment", paid);
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    let mut other = sale();
    other.id = domain::ids::OperationId::of(&domain::ids::Seed { at: other.intended_at, random: [9; 10] });
    stage.driver.abort(other.id).await.unwrap();
    assert!(stage.far.sent("Abort").is_empty());
    gate.notify_one();
    work.await.unwrap().unwrap();
    stage.driver.abort(sale().id).await.unwrap();
    assert!(stage.far.sent("Abort").is_empty(), "the operation has ended");
}

#[tokio::test(start_paused = true)]
async fn a_second_abort_waits_five_seconds() {
    let stage = stage();
    let gate = stage.far.gated("Payment", paid);
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    for _ in 0..4 {
        stage.driver.abort(sale().id).await.unwrap();
        sleep(s(2)).await;
    }
    assert_eq!(stage.far.sent("Abort").len(), 2, "at once, and the one after six seconds");
    gate.notify_one();
    work.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_lost_operation_is_called_off_at_the_same_pace() {
    let stage = stage();
    stage.far.late("Payment", s(2), |_| Err(HttpFault::MaybeSent { cause: Cause::Broken("reset".into()) }));
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.driver.abort(sale().id).await.unwrap();
    assert_eq!(work.await.unwrap().unwrap_err().certainty, Certainty::Unknown);
    let lost = [sent("2104000001", "1000000001")];
    for _ in 0..4 {
        stage.driver.call_off(&sale(), &lost).await.unwrap();
        sleep(s(2)).await;
    }
    assert_eq!(stage.far.times("Abort"), [0, 6], "the running operation's abort counts");
    let mut other = sale();
    other.id = domain::ids::OperationId::of(&domain::ids::Seed { at: other.intended_at, random: [9; 10] });
    stage.driver.call_off(&other, &lost).await.unwrap();
    assert_eq!(stage.far.times("Abort"), [0, 6, 10], "another operation has a pace of its own");
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_not_called_off() {
    let stage = stage();
    let busy = domain::operation::Sent { not_started: true, ..sent("2104000001", "1000000001") };
    stage.driver.call_off(&sale(), &[busy]).await.unwrap();
    stage.driver.call_off(&sale(), &[]).await.unwrap();
    assert!(stage.far.sent("Abort").is_empty());
    stage.driver.call_off(&sale(), &[sent("2104000002", "1000000001")]).await.unwrap();
    assert_eq!(stage.far.sent("Abort").len(), 1, "what sent nothing begins no pause");
}

#[tokio::test(start_paused = true)]
async fn an_abort_before_anything_is_sent_ends_the_operation() {
    let stage = Stage::with("", None);
    for _ in 0..20 {
        stage.far.fails("Login", "Busy", "updating");
    }
    let work = stage.start(&sale());
    stage.log.until("wire Login").await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = work.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Aborted));
    assert_eq!(stage.log.lines(), ["session opening", "wire Login"]);
    assert_eq!(stage.log.elapsed(), Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn an_abort_while_the_reference_is_written_stops_the_request() {
    let stage = stage();
    let work = stage.start(&sale());
    // The desk gives way once before it has written the reference.
    tokio::task::yield_now().await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = work.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Aborted));
    assert_eq!(stage.log.lines(), ["reserve First 2104000001 in session"]);
}

#[tokio::test(start_paused = true)]
async fn an_abort_ends_the_waiting_for_a_busy_terminal() {
    let stage = stage();
    for _ in 0..20 {
        stage.far.fails("Payment", "Busy", "Finishing");
    }
    let work = stage.start(&sale());
    sleep(Duration::from_millis(2500)).await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = work.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Aborted));
    assert_eq!((stage.far.sent("Payment").len(), stage.far.sent("Abort").len()), (3, 0));
    assert_eq!(stage.log.count("not_started"), 3);
    assert_eq!(stage.log.elapsed(), Duration::from_millis(2500));
}

#[tokio::test(start_paused = true)]
async fn an_abort_that_meets_a_busy_answer_ends_there() {
    let stage = stage();
    let gate = stage.far.gated("Payment", |request| failure(request, "Busy", "Finishing"));
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.driver.abort(sale().id).await.unwrap();
    gate.notify_one();
    assert_eq!(work.await.unwrap().unwrap_err().reason, Reason::Aborted);
    assert_eq!(stage.far.sent("Payment").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_abort_that_does_not_arrive_is_told() {
    let stage = stage();
    let gate = stage.far.gated("Payment", paid);
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.far.raw("Abort", |_| Err(HttpFault::NotSent { cause: Cause::Refused }));
    assert_eq!(stage.driver.abort(sale().id).await.unwrap_err().reason, Reason::ConnectionRefused);
    sleep(s(6)).await;
    stage.far.raw("Abort", |_| Ok(status(500, "")));
    assert!(stage.driver.abort(sale().id).await.is_err());
    gate.notify_one();
    work.await.unwrap().unwrap();
}

fn repeats(request: &Message, found: &Message) -> Message {
    let repeated = RepeatedMessage { header: found.header.clone(), body: Box::new(found.body.clone()) };
    let mut answer = TransactionStatusResponse::new(Response::success());
    answer.repeated_message = Some(repeated);
    Message::new(request.header.reply(), answer.into())
}

/// The answer that the payment under our first reference has.
fn found(reference: &str, change: impl Fn(&mut wire::nexo::PaymentResponse)) -> Message {
    let header = wire::nexo::Header::request(
        wire::nexo::MessageClass::Service,
        wire::nexo::MessageCategory::Payment,
        reference,
        "KASSA2",
        "BUTIK-07-K2",
    );
    changed(&Message::new(header, wire::nexo::AdminRequest::default().into()), change)
}

#[tokio::test(start_paused = true)]
async fn half_a_minute_after_an_abort_the_driver_enquires_beside_the_open_request() {
    let stage = stage();
    let _gate = stage.far.gated("Payment", paid);
    stage.far.fails("TransactionStatus", "Busy", "running");
    stage.far.answers("TransactionStatus", |request| repeats(request, &found("999", |_| {})));
    stage.far.answers("TransactionStatus", |request| {
        repeats(request, &found("2104000001", |answer| answer.response = refused()))
    });
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.driver.abort(sale().id).await.unwrap();
    let outcome = work.await.unwrap().unwrap();
    assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(Reason::Aborted)));
    assert_eq!(stage.far.times("TransactionStatus"), [30, 35, 40], "a foreign answer does not count");
    let Body::TransactionStatusRequest(asked) = stage.far.sent("TransactionStatus").remove(0).body else {
        panic!()
    };
    assert_eq!(asked.message_reference.unwrap().service_id.as_deref(), Some("2104000001"));
}

fn refused() -> Response {
    Response::failure(wire::nexo::ErrorCondition::Aborted, "As you wish")
}

#[tokio::test(start_paused = true)]
async fn the_open_request_may_still_win() {
    let stage = stage();
    stage.far.late("Payment", s(32), |request| Ok(reply(&paid(request))));
    stage.far.late("TransactionStatus", s(10), |request| {
        Ok(reply(&repeats(request, &found("2104000001", |answer| answer.response = refused()))))
    });
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    stage.driver.abort(sale().id).await.unwrap();
    assert_eq!(work.await.unwrap().unwrap().said, Said::Approved);
}

#[tokio::test(start_paused = true)]
async fn without_an_abort_nothing_is_enquired() {
    let stage = stage();
    stage.far.late("Payment", s(120), |request| Ok(reply(&paid(request))));
    stage.perform(&sale()).await.unwrap();
    assert!(stage.far.sent("TransactionStatus").is_empty());
}
