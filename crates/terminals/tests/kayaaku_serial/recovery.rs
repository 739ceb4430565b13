//! Asking for a lost answer: what each code says, how often "no record" is asked for, and of which device.

use crate::stage::{Stage, back, bytes, myr, result, sale, sent, stage};
use domain::operation::{Kind, Operation, Sent, Step};
use domain::outcome::{Certainty, Fault, Fence, Reason, Recovered, Said};
use std::time::Duration;
use terminals::Terminal;
use tokio::time::sleep;
use wire::kayaaku::serial::Message;

async fn found(stage: &Stage, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
    let recovered = stage.driver.recover(operation, sent).await;
    for money in ["0011", "0015", "0021", "reserve"] {
        assert_eq!(stage.far.count(money), 0, "an enquiry moves nothing");
    }
    recovered
}

fn first() -> Vec<Sent> {
    vec![sent("ref1", Step::First, "KP0001")]
}

/// Long after the request could still have arrived.
async fn settled() -> Stage {
    let stage = stage();
    sleep(Duration::from_secs(61)).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn what_each_code_says_in_an_enquiry() {
    for (code, said) in [
        ("00", Said::Approved),
        ("51", Said::Declined),
        ("KA005", Said::Cancelled),
        ("KA004", Said::Declined),
    ] {
        let stage = settled().await;
        stage.far.finds(code);
        let Ok(Recovered::Settled(outcome)) = found(&stage, &sale(), &first()).await else {
            panic!("{code}")
        };
        assert_eq!((outcome.said, outcome.echo.reference.unwrap().0.as_str()), (said, "ref1"));
    }
    for code in ["KA024", "63", "77"] {
        let stage = settled().await;
        stage.far.finds(code);
        assert_eq!(found(&stage, &sale(), &first()).await, Ok(Recovered::StillRunning), "{code}");
    }
    let stage = settled().await;
    stage.far.finds("50");
    assert_eq!(found(&stage, &sale(), &first()).await, Ok(Recovered::CannotTell));
    for code in ["60", "22", "17", "KA777", "99"] {
        let stage = settled().await;
        stage.far.finds(code);
        let fault = found(&stage, &sale(), &first()).await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_record_is_believed_after_three_looks_with_pauses() {
    let stage = settled().await;
    stage.far.finds("49");
    let never = Ok(Recovered::NeverSeen(Fence::Enquiries(3)));
    assert_eq!(found(&stage, &sale(), &first()).await, never);
    assert_eq!(stage.far.count("0013"), 3);
    assert!(stage.far.elapsed_s() >= 61 + 40);
}

#[tokio::test(start_paused = true)]
async fn no_record_is_not_believed_while_the_request_may_arrive() {
    let stage = stage();
    stage.far.finds("49");
    assert_eq!(found(&stage, &sale(), &first()).await, Ok(Recovered::NotSeenYet));
}

/// Somebody has swapped the device: it has no record of anything.
#[tokio::test(start_paused = true)]
async fn no_record_of_another_device_proves_nothing() {
    let stage = settled().await;
    *stage.far.terminal.lock().unwrap() = "KP0002".to_owned();
    stage.far.finds("49");
    assert_eq!(found(&stage, &sale(), &first()).await, Ok(Recovered::CannotTell));
    let stage = settled().await;
    *stage.far.terminal.lock().unwrap() = "KP0002".to_owned();
    stage.far.finds("00");
    let Ok(Recovered::Settled(_)) = found(&stage, &sale(), &first()).await else { panic!("it is ours") };
}

#[tokio::test(start_paused = true)]
async fn an_answer_about_another_payment_or_of_another_amount() {
    let stage = settled().await;
    stage.far.plays("0013", |_| vec![(10, Some(bytes(&Message::Answer(result("00", "other", 1850)))))]);
    let fault = found(&stage, &sale(), &first()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::DeadlinePassed));
    let stage = settled().await;
    stage.far.plays("0013", |asked| {
        vec![(10, Some(bytes(&Message::Answer(result("00", asked.mrn().unwrap(), 1)))))]
    });
    let Ok(Recovered::Settled(outcome)) = found(&stage, &sale(), &first()).await else { panic!() };
    assert_eq!(outcome.amount, Some(myr(1)), "the comparison refuses it");
}

#[tokio::test(start_paused = true)]
async fn without_a_line_nothing_is_known() {
    let stage = settled().await;
    stage.far.never_answers("0001");
    let fault = found(&stage, &sale(), &first()).await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
    let stage = settled().await;
    assert_eq!(found(&stage, &sale(), &[]).await, Ok(Recovered::CannotTell), "nothing to ask by");
}

#[tokio::test(start_paused = true)]
async fn a_void_is_found_by_its_original_and_a_refund_by_itself() {
    let void = back(Kind::Reversal, 1850, "01");
    let stage = settled().await;
    stage.far.finds("50");
    let Ok(Recovered::Settled(outcome)) = found(&stage, &void, &first()).await else { panic!() };
    assert_eq!((outcome.said, outcome.amount), (Said::Approved, Some(myr(1850))));
    assert_eq!(outcome.echo.reference.unwrap().0, "ref1");
    let stage = settled().await;
    stage.far.finds("00");
    let found_void = found(&stage, &void, &first()).await;
    assert_eq!(found_void, Ok(Recovered::CannotTell), "that it would be told is assumed");
    // Also where its number was lost with the disk.
    let stage = settled().await;
    stage.far.finds("50");
    let Ok(Recovered::Settled(outcome)) = found(&stage, &void, &[]).await else { panic!() };
    assert_eq!(outcome.echo.transaction, Some(void.transaction.clone()));
    assert_eq!((outcome.said, outcome.echo.reference), (Said::Approved, None));
    let stage = settled().await;
    stage.far.finds("00");
    assert_eq!(found(&stage, &void, &[]).await, Ok(Recovered::CannotTell));
    // A void that was tried and declined has given nothing back; one that was approved has.
    for (code, is_back) in [("00", true), ("KA004", false), ("KA005", false), ("63", false)] {
        let stage = settled().await;
        stage.far.plays("0013", move |asked| {
            let mut told = result(code, asked.mrn().unwrap(), 1850);
            told.kind = "VOD".to_owned();
            vec![(10, Some(bytes(&Message::Answer(told))))]
        });
        let found = found(&stage, &void, &first()).await;
        assert_eq!(matches!(found, Ok(Recovered::Settled(_))), is_back, "{code} {found:?}");
    }
    let refund = back(Kind::Refund, 1850, "04");
    let stage = settled().await;
    stage.far.finds("49");
    assert_eq!(found(&stage, &refund, &first()).await, Ok(Recovered::CannotTell));
    let stage = settled().await;
    stage.far.finds("00");
    let Ok(Recovered::Settled(outcome)) = found(&stage, &refund, &first()).await else { panic!() };
    assert_eq!(outcome.said, Said::Approved);
}

#[tokio::test(start_paused = true)]
async fn calling_off_asks_the_device_for_the_newest_number() {
    let stage = stage();
    stage.far.plays("0017", |asked| {
        assert_eq!(asked.mrn(), Some("ref2"));
        let aborted = Message::Aborted { result: wire::kayaaku::Code::of("00") };
        vec![(10, Some(bytes(&aborted)))]
    });
    let sent = [sent("ref2", Step::First, "KP0001"), sent("ref1", Step::First, "KP0001")];
    stage.driver.call_off(&sale(), &sent).await.unwrap();
    assert_eq!(stage.far.count("0017"), 1);
}
