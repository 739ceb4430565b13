//! The cashier wants a payment cancelled: a wish that is passed on while the order waits, and never an
//! outcome. On virtual time.

use super::stage::{CLOSE, CREATE, Stage, data, sale, sent, stage};
use domain::outcome::{Reason, Said};
use std::sync::atomic::Ordering;
use std::time::Duration;
use terminals::Terminal;
use tokio::time::sleep;

async fn wished_after(stage: &Stage, seconds: u64) -> domain::outcome::Outcome {
    let running = stage.start();
    sleep(Duration::from_secs(seconds)).await;
    stage.driver.abort(sale().id).await.unwrap();
    running.await.unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_waiting_order_is_closed_and_ends_as_aborted() {
    let stage = stage();
    stage.far.takes_it();
    for status in [9, 9, 9, 3] {
        stage.far.finds(status);
    }
    stage.far.says(CLOSE, "0", "success", "{\"message_id\":\"9000002\"}");
    let outcome = wished_after(&stage, 5).await;
    assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(Reason::Aborted)));
    assert_eq!(stage.far.asked(CLOSE)["merchant_order_no"], "REF1");
    assert_eq!(stage.far.count(CLOSE), 1);
}

/// A closed order may end as one that failed, without a reason.
#[tokio::test(start_paused = true)]
async fn a_closed_order_that_failed_for_no_reason_is_cancelled() {
    let stage = stage();
    stage.far.takes_it();
    for status in [9, 9, 9, 1] {
        stage.far.finds(status);
    }
    stage.far.says(CLOSE, "0", "success", "");
    let outcome = wished_after(&stage, 5).await;
    assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(Reason::Aborted)));
}

#[tokio::test(start_paused = true)]
async fn a_customer_who_pays_in_the_same_moment_has_paid() {
    for accepted in ["0", "E04115"] {
        let stage = stage();
        stage.far.takes_it();
        for status in [9, 9, 0, 2] {
            stage.far.finds(status);
        }
        stage.far.says(CLOSE, accepted, "close", "");
        let outcome = wished_after(&stage, 5).await;
        assert_eq!((outcome.said, outcome.reason), (Said::Approved, None), "{accepted}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_closed_while_the_customer_pays() {
    let stage = stage();
    stage.far.takes_it();
    for status in [0, 0, 0, 2] {
        stage.far.finds(status);
    }
    let outcome = wished_after(&stage, 5).await;
    assert_eq!((outcome.said, stage.far.count(CLOSE)), (Said::Approved, 0));
    assert!(stage.far.has_shown("The customer is paying already."));
}

#[tokio::test(start_paused = true)]
async fn an_order_on_its_way_is_closed_when_it_has_arrived() {
    let stage = stage();
    stage.far.takes_ms.store(4_000, Ordering::SeqCst);
    stage.far.takes_it();
    stage.far.finds(9);
    stage.far.finds(3);
    stage.far.says(CLOSE, "0", "success", "");
    let outcome = wished_after(&stage, 5).await;
    assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(Reason::Aborted)));
    let lines = stage.far.lines();
    let at = |start: &str| lines.iter().position(|line| line.starts_with(start)).unwrap();
    assert!(at(CREATE) < at("note") && at("note") < at(CLOSE), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn a_close_that_was_lost_is_sent_again_while_the_order_waits() {
    let stage = stage();
    stage.far.takes_it();
    for status in [9, 9, 9, 9, 3] {
        stage.far.finds(status);
    }
    stage.far.is_lost(CLOSE);
    stage.far.says(CLOSE, "0", "success", "");
    assert_eq!(wished_after(&stage, 5).await.said, Said::Cancelled);
    assert_eq!(stage.far.count(CLOSE), 2);
}

#[tokio::test(start_paused = true)]
async fn a_wish_before_anything_was_sent_sends_nothing() {
    let stage = stage();
    stage.far.takes_ms.store(4_000, Ordering::SeqCst);
    stage.far.takes_it();
    let running = stage.start();
    sleep(Duration::from_secs(1)).await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = running.await.unwrap().unwrap_err();
    assert_eq!((fault.reason, stage.far.count(CREATE)), (Reason::Aborted, 0));
}

/// After a restart nobody waits for the order any more.
#[tokio::test(start_paused = true)]
async fn an_order_that_nobody_waits_for_is_closed_by_its_number() {
    let stage = stage();
    stage.far.says(CLOSE, "0", "success", &data(9));
    stage.driver.call_off(&sale(), &[sent("REF1")]).await.unwrap();
    assert_eq!(stage.far.asked(CLOSE)["merchant_order_no"], "REF1");
}
