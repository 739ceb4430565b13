//! What a failed exchange says about the money (dossier chapter 10.3).

use super::stage::{paid, sale, stage, status};
use domain::outcome::{Certainty, Fault, Reason};
use std::time::Duration;
use terminals::http::{Cause, HttpFault, HttpReply};
use wire::nexo::encode;

async fn fault(answer: impl Fn() -> Result<HttpReply, HttpFault> + Send + Sync + 'static) -> Fault {
    let stage = stage();
    stage.far.raw("Payment", move |_| answer());
    stage.perform(&sale()).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn only_a_failed_connection_is_proof_that_nothing_was_sent() {
    let rows = [
        (Cause::Name("desk".into()), Reason::NameNotResolved),
        (Cause::Refused, Reason::ConnectionRefused),
        (Cause::ConnectTimeout, Reason::ConnectTimeout),
        (Cause::Unreachable("no route".into()), Reason::NotSent),
        (Cause::BadUrl("x".into()), Reason::NotSent),
        (Cause::Other("x".into()), Reason::NotSent),
    ];
    for (cause, reason) in rows {
        let got = fault(move || Err(HttpFault::NotSent { cause: cause.clone() })).await;
        assert_eq!((got.certainty, got.reason), (Certainty::NotSent, reason));
    }
}

#[tokio::test(start_paused = true)]
async fn everything_after_the_connection_is_unknown() {
    let rows = [
        (Cause::Timeout, Reason::DeadlinePassed),
        (Cause::Broken("reset".into()), Reason::AnswerLost),
        (Cause::TooLarge, Reason::AnswerUnreadable),
        (Cause::Undecodable("x".into()), Reason::AnswerUnreadable),
        (Cause::Refused, Reason::AnswerLost),
    ];
    for (cause, reason) in rows {
        let got = fault(move || Err(HttpFault::MaybeSent { cause: cause.clone() })).await;
        assert_eq!((got.certainty, got.reason), (Certainty::Unknown, reason));
    }
}

#[tokio::test(start_paused = true)]
async fn every_reply_that_is_no_answer_is_unknown() {
    let doctype = "<!DOCTYPE a><SaleToPOIResponse/>";
    let rows = [
        (204, "", Reason::AnswerLost),
        (200, "", Reason::AnswerLost),
        (200, "ok", Reason::AnswerUnreadable),
        (200, "<SaleToPOIResponse/>", Reason::AnswerUnreadable),
        (200, doctype, Reason::AnswerUnreadable),
        (302, "", Reason::AnswerUnreadable),
        (400, "", Reason::AnswerUnreadable),
        (500, "oops", Reason::AnswerUnreadable),
    ];
    for (code, body, reason) in rows {
        let got = fault(move || Ok(status(code, body))).await;
        assert_eq!((got.certainty, got.reason), (Certainty::Unknown, reason), "{code} {body:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_approval_with_another_status_is_unknown() {
    let stage = stage();
    stage.far.raw("Payment", |request| Ok(status(500, &encode(&paid(request)))));
    assert_eq!(stage.perform(&sale()).await.unwrap_err().certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn an_answer_cut_off_in_the_middle_is_unknown() {
    let stage = stage();
    stage.far.raw("Payment", |request| {
        let whole = encode(&paid(request));
        Ok(status(200, &whole[..whole.len() - 30]))
    });
    let fault = stage.perform(&sale()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::AnswerUnreadable));
}

#[tokio::test(start_paused = true)]
async fn a_payment_waits_five_minutes_for_its_customer() {
    let stage = stage();
    let _gate = stage.far.gated("Payment", paid);
    let fault = stage.perform(&sale()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::DeadlinePassed));
    assert_eq!(stage.log.elapsed(), Duration::from_secs(300));
}
