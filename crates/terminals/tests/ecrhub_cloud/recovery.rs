//! Asking for a lost answer: what each state says, and when "no such order" is believed. On virtual time.

use super::stage::{CREATE, QUERY, Stage, back, data, sale, sent, signed_by, stage, staged};
use domain::operation::{Kind, Sent};
use domain::outcome::{Certainty, Fence, Recovered, Said};
use std::time::Duration;
use terminals::Terminal;
use tokio::time::sleep;

const BELIEVES: &str = "believe_not_found = true\n";

/// Long after the order could still have arrived.
async fn settled(more: &str) -> Stage {
    let stage = staged(more);
    sleep(Duration::from_secs(241)).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn what_each_state_says() {
    for (status, said) in [(2, Said::Approved), (1, Said::Declined), (3, Said::Cancelled)] {
        let stage = stage();
        stage.far.finds(status);
        stage.driver.open().await.unwrap();
        let Ok(Recovered::Settled(outcome)) = stage.recover(&sale()).await else { panic!("{status}") };
        assert_eq!((outcome.said, outcome.echo.reference.unwrap().0.as_str()), (said, "REF1"));
    }
    for status in [9, 0] {
        let stage = stage();
        stage.far.finds(status);
        stage.driver.open().await.unwrap();
        assert_eq!(stage.recover(&sale()).await, Ok(Recovered::StillRunning), "{status}");
    }
    for status in [4, 7] {
        let stage = stage();
        stage.far.finds(status);
        stage.driver.open().await.unwrap();
        assert_eq!(stage.recover(&sale()).await.unwrap_err().certainty, Certainty::Unknown, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_such_order_is_believed_where_the_settings_say_so_and_after_it_could_have_arrived() {
    let stage = settled(BELIEVES).await;
    let never = Ok(Recovered::NeverSeen(Fence::Enquiries(2)));
    assert_eq!(stage.recover(&sale()).await, never);
    let [first, second] = stage.far.times(QUERY)[..] else { panic!("two looks") };
    assert!(second - first >= 5);
    assert_eq!(settled("").await.recover(&sale()).await, Ok(Recovered::CannotTell), "a person decides");
    assert_eq!(staged(BELIEVES).recover(&sale()).await, Ok(Recovered::NotSeenYet), "it may arrive");
    // Sent for another terminal: this one knows nothing of it.
    let stage = settled(BELIEVES).await;
    let elsewhere = Sent { session: Some("cloud a b c".to_owned()), ..sent("REF1") };
    assert_eq!(stage.driver.recover(&sale(), &[elsewhere]).await, Ok(Recovered::CannotTell));
}

/// Who has taken an order and knows nothing of it is no proof that nobody paid.
#[tokio::test(start_paused = true)]
async fn no_such_order_is_not_believed_of_one_that_was_taken() {
    let stage = staged(BELIEVES);
    stage.far.takes_it();
    stage.far.says(super::stage::CLOSE, "E04111", "no", "");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
    sleep(Duration::from_secs(600)).await;
    assert_eq!(stage.recover(&sale()).await, Ok(Recovered::CannotTell));
    assert_eq!(stage.far.count(CREATE), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_signed_recovers_nothing() {
    let stage = settled(BELIEVES).await;
    stage.driver.open().await.unwrap();
    let other = super::stage::TILL;
    stage.far.answers(QUERY, 200, move |fields| {
        signed_by(other, "0", "success", &data(2).replace("{number}", &fields["merchant_order_no"]))
    });
    let _hello = stage.recover(&sale()).await;
    let fault = stage.recover(&sale()).await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
    stage.far.answers(QUERY, 200, |_| "{\"code\":\"E04111\",\"msg\":\"no\"}".to_owned());
    let _before = stage.recover(&sale()).await;
    assert_eq!(stage.recover(&sale()).await.unwrap_err().certainty, Certainty::Unknown);
}

/// A void that is not told of by its own number: the state of its original proves it.
#[tokio::test(start_paused = true)]
async fn a_void_is_proven_by_its_original() {
    let stage = stage();
    stage.driver.open().await.unwrap();
    stage.far.says(QUERY, "0", "success", &data(3));
    let Ok(Recovered::Settled(outcome)) = stage.recover(&back(Kind::Reversal, 45_00)).await else {
        panic!("it is told")
    };
    assert_eq!(outcome.said, Said::Approved);
    assert_eq!(stage.far.asked(QUERY)["merchant_order_no"], "ORIG1");
}
