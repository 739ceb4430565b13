//! Busy: certainly not started, sent again under a new reference; and what may not be sent at all.

use super::stage::{Stage, paid, reversal, s, sale, stage};
use domain::outcome::{Certainty, Fault, Reason, Said};
use terminals::Terminal;
use terminals::http::{Cause, HttpFault};

#[tokio::test(start_paused = true)]
async fn each_resend_has_a_durable_reference_of_its_own() {
    let stage = stage();
    stage.far.fails("Payment", "Busy", "Finishing");
    stage.far.fails("Payment", "Busy", "Finishing");
    assert_eq!(stage.perform(&sale()).await.unwrap().said, Said::Approved);
    assert_eq!(
        stage.log.lines(),
        [
            "reserve First 2104000001 in session",
            "wire Payment 2104000001",
            "not_started 2104000001",
            "reserve Resend 2104000002 in session",
            "wire Payment 2104000002",
            "not_started 2104000002",
            "reserve Resend 2104000003 in session",
            "wire Payment 2104000003"
        ]
    );
    assert_eq!(stage.far.times("Payment"), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn busy_is_waited_out_for_ten_seconds() {
    for (operation, category) in [(sale(), "Payment"), (reversal(), "Reversal")] {
        let stage = stage();
        for _ in 0..30 {
            stage.far.fails(category, "Busy", "Finishing");
        }
        let fault = stage.perform(&operation).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Busy));
        assert_eq!(stage.log.elapsed(), s(10));
        assert_eq!(stage.far.sent(category).len(), 10);
        assert_eq!(stage.log.count("not_started"), 10);
    }
}

/// The word says that a transaction runs, not whose: it may be this one.
#[tokio::test(start_paused = true)]
async fn in_progress_is_never_sent_again() {
    for (operation, category) in [(sale(), "Payment"), (reversal(), "Reversal")] {
        let stage = stage();
        stage.far.fails(category, "Busy", "Finishing");
        stage.far.fails(category, "InProgress", "At work");
        let fault = stage.perform(&operation).await.unwrap_err();
        assert_eq!(fault, Fault::unknown(Reason::StillRunning, "At work"), "{category}");
        assert_eq!(stage.far.sent(category).len(), 2, "the one after Busy, and no other");
        assert_eq!(stage.log.count("not_started"), 1, "only what was Busy did not start");
    }
}

#[tokio::test(start_paused = true)]
async fn slow_busy_answers_count_as_well() {
    let stage = stage();
    for _ in 0..30 {
        stage.far.late("Payment", s(6), |request| {
            Ok(super::stage::reply(&super::stage::failure(request, "Busy", "Finishing")))
        });
    }
    assert_eq!(stage.perform(&sale()).await.unwrap_err().reason, Reason::Busy);
    assert!(stage.far.sent("Payment").len() <= 3);
}

#[tokio::test(start_paused = true)]
async fn an_answer_lost_after_a_busy_one_is_unknown() {
    let stage = stage();
    stage.far.fails("Payment", "Busy", "Finishing");
    stage.far.raw("Payment", |_| Err(HttpFault::MaybeSent { cause: Cause::Broken("reset".into()) }));
    let fault = stage.perform(&sale()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::AnswerLost));
}

async fn broken(call: &'static str, play: impl Fn(&Stage), session: Option<&str>) -> (Fault, Vec<String>) {
    let stage = Stage::with("", session);
    play(&stage);
    stage.desk.broken.lock().unwrap().push(call);
    (stage.perform(&sale()).await.unwrap_err(), stage.log.lines())
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_that_is_not_on_disk() {
    let (fault, lines) = broken("reserve", |_| {}, Some("1")).await;
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert!(lines.is_empty());
    let (fault, lines) = broken("opening", |_| {}, None).await;
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert!(lines.is_empty(), "not even a login");
    let (fault, lines) = broken("opened", |_| {}, None).await;
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert_eq!(lines, ["session opening", "wire Login"]);
}

#[tokio::test(start_paused = true)]
async fn a_not_started_that_is_not_on_disk_ends_the_operation() {
    let busy = |stage: &Stage| stage.far.fails("Payment", "Busy", "Finishing");
    let (fault, lines) = broken("not_started", busy, Some("1")).await;
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::NotDurable));
    assert_eq!(lines.len(), 2, "{lines:?}");
    let lost = |stage: &Stage| stage.far.fails("Payment", "NotAllowed", "Log in");
    let (fault, lines) = broken("lost", lost, Some("1")).await;
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert_eq!(lines.last().unwrap(), "not_started 2104000001");
}

#[tokio::test(start_paused = true)]
async fn one_operation_at_a_time() {
    let stage = stage();
    let gate = stage.far.gated("Payment", paid);
    let first = stage.start(&sale());
    stage.log.until("wire Payment").await;
    let fault = stage.perform(&sale()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::Busy));
    gate.notify_one();
    assert!(first.await.unwrap().is_ok());
    assert!(stage.perform(&sale()).await.is_ok(), "the terminal is free again");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_operation_frees_the_terminal() {
    let stage = stage();
    let _gate = stage.far.gated("Payment", paid);
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    work.abort();
    assert!(work.await.unwrap_err().is_cancelled());
    stage.driver.abort(sale().id).await.unwrap();
    assert!(stage.far.sent("Abort").is_empty(), "nothing runs that could be cancelled");
    assert!(stage.perform(&sale()).await.is_ok());
}
