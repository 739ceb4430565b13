//! A disk that fails: nothing leaves that is not on disk, and an outcome that cannot be written keeps its
//! payment open.

use super::scene::{
    CARDS, FORMS, agree, agree_but, asked, backup, becomes, follow, made, money_requests, once, question,
    refused, rest, scripted, stored, world,
};
use acceptance::audit::{Books, books};
use acceptance::rival::{Forger, PATH};
use acceptance::world::Form;
use simulator::script::{Action, Delivery, Rule};
use std::sync::atomic::Ordering;
use std::time::Duration;
use store::DiskFault;
use till::api::{Command, Health, ProblemCode};

/// Until a test takes it back.
const FOR_GOOD: u32 = u32::MAX;

fn problems(world: &acceptance::world::World) -> Vec<ProblemCode> {
    world.view().problems.iter().map(|problem| problem.code).collect()
}

#[tokio::test(start_paused = true)]
async fn intent_cannot_be_written() {
    let table = [
        (DiskFault::FullForGood, ProblemCode::DiskFull),
        (DiskFault::ReadOnly, ProblemCode::ReadOnly),
        (DiskFault::Io, ProblemCode::StoreBroken),
    ];
    for (fault, code) in table {
        for form in FORMS {
            let world = world(form).await;
            let first = world.pay(0, 12_50).await.unwrap();
            becomes(&world, first, "approved").await;
            rest(&world).await;
            let before = world.wires.requests.load(Ordering::SeqCst);
            world.fail_disk(fault, FOR_GOOD);
            assert_eq!(refused(world.pay(0, 5_00).await), code, "{form:?} {fault:?}");
            if form.capabilities().refund {
                assert_eq!(refused(world.refund(0, 5_00, Some(first)).await), code, "{form:?} {fault:?}");
                let reverse = Command::Reverse { payment: first, or_refund: true };
                assert_eq!(refused(world.dispatch(reverse).await), code, "{form:?} {fault:?}");
            }
            world.pass(30).await;
            assert_eq!(
                world.wires.requests.load(Ordering::SeqCst),
                before,
                "{form:?} {fault:?}: nothing left"
            );
            assert_eq!(problems(&world), [code], "{form:?} {fault:?}: on the screen");
            world.fail_disk(fault, 0);
            let second = world.pay(0, 5_00).await.unwrap();
            becomes(&world, second, "approved").await;
            assert_eq!(problems(&world), [], "{form:?} {fault:?}: gone");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn reserve_is_given_up_for_a_payment_under_way() {
    for form in FORMS {
        let world = scripted(form, [Rule::on("Payment").act(Action::Slow(5_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.fail_disk(DiskFault::Full, FOR_GOOD);
        becomes(&world, id, "approved").await;
        assert_eq!(stored(&world, id).await.outcome_code(), "approved", "{form:?}");
        world.fail_disk(DiskFault::Full, 0);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reserve_is_made_anew_when_the_disk_heals() {
    for form in CARDS {
        let world = scripted(form, [Rule::on("Payment").act(Action::Slow(5_000))]).await;
        // A refund: no sale follows it with an entry of its own.
        let id = world.refund(0, 12_50, None).await.unwrap();
        made(&world, id, "sent").await;
        world.fail_disk(DiskFault::Full, FOR_GOOD);
        becomes(&world, id, "approved").await;
        world.pass(120).await;
        let before = world.wires.requests.load(Ordering::SeqCst);
        assert_eq!(refused(world.pay(0, 5_00).await), ProblemCode::DiskFull, "{form:?}");
        assert_eq!(world.wires.requests.load(Ordering::SeqCst), before, "{form:?}");
        world.fail_disk(DiskFault::Full, 0);
        // Nothing else happens at the till meanwhile.
        world.pass(120).await;
        let next = world.pay(0, 5_00).await.expect("there is room again");
        becomes(&world, next, "approved").await;
        assert_eq!(problems(&world), [], "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reference_cannot_be_written() {
    for fault in [DiskFault::FullForGood, DiskFault::ReadOnly, DiskFault::Io] {
        for form in CARDS {
            let world = scripted(form, [Rule::on("Login").act(Action::Slow(5_000))]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            world.pass(1).await;
            world.fail_disk(fault, FOR_GOOD);
            world.pass(30).await;
            assert_eq!(money_requests(&world), 0, "{form:?} {fault:?}: no reference, no request");
            assert_eq!(world.view().payment(id).unwrap().state, "running", "{form:?} {fault:?}");
            assert!(problems(&world).contains(&ProblemCode::OutcomeNotSaved), "{:?}", problems(&world));
            world.fail_disk(fault, 0);
            becomes(&world, id, "not_charged/not_durable").await;
            assert_eq!(problems(&world), [], "{form:?} {fault:?}");
            // The reserve was given up for the outcome; money moves again when it is back.
            rest(&world).await;
            let next = world.pay(0, 5_00).await.unwrap();
            becomes(&world, next, "approved").await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn outcome_cannot_be_written() {
    for (minor, expected) in [(12_50, "approved"), (12_01, "declined/refused"), (12_11, "approved")] {
        for form in CARDS {
            let case = format!("{form:?} {minor}");
            let world = world(form).await;
            let id = world.pay(0, minor).await.unwrap();
            made(&world, id, "sent").await;
            world.pass(1).await;
            world.fail_disk(DiskFault::FullForGood, FOR_GOOD);
            world.pass(60).await;
            let payment = world.view().payment(id).cloned().unwrap();
            assert_eq!(payment.state, "running", "{case}: it stays open");
            assert!(
                problems(&world).contains(&ProblemCode::OutcomeNotSaved),
                "{case}: {:?}",
                problems(&world)
            );
            assert!(world.pay(0, 5_00).await.is_err(), "{case}");
            assert_eq!(money_requests(&world), 1, "{case}");
            world.fail_disk(DiskFault::FullForGood, 0);
            becomes(&world, id, expected).await;
            assert_eq!(problems(&world), [], "{case}: saved when the disk heals");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn power_goes_before_the_disk_heals() {
    for form in CARDS {
        let mut world = world(form).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(1).await;
        world.fail_disk(DiskFault::FullForGood, FOR_GOOD);
        world.pass(20).await;
        world.restart().await;
        let payment = becomes(&world, id, "approved").await;
        assert!(payment.late, "{form:?}: the terminal tells it again");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn not_started_cannot_be_written() {
    for form in CARDS {
        let busy = Rule::on("Payment").act(Action::Slow(1_000)).act(Action::Fail("Busy".to_owned()));
        let world = scripted(form, [busy]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "resent").await;
        let before = money_requests(&world);
        world.fail_disk(DiskFault::FullForGood, FOR_GOOD);
        world.pass(30).await;
        assert!(money_requests(&world) <= before + 1, "{form:?}: nothing more is sent");
        world.fail_disk(DiskFault::FullForGood, 0);
        let payment = world.settled(id).await;
        assert_eq!(payment.outcome, "not_charged", "{form:?}");
        agree(&world).await;
    }
}

/// The terminal denies the session while the till asks for a lost answer, and that cannot be written
/// down: it is written later, and the till logs in. Without it the enquiries would go on for ever and
/// settle nothing.
#[tokio::test(start_paused = true)]
async fn lost_session_cannot_be_written() {
    for form in CARDS {
        let denied = Rule::on("TransactionStatus").times(1).act(Action::Fail("NotAllowed".to_owned()));
        let lost = once().act(Action::Unprocessed).act(Action::from(Delivery::Cut));
        let world = scripted(form, [lost, denied]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        world.fail_disk(DiskFault::ReadOnly, 1);
        made(&world, id, "enquired").await;
        becomes(&world, id, "disputed/cannot_tell").await;
        let logins = asked(&world, 0).iter().filter(|it| *it == "Login").count();
        assert_eq!(logins, 2, "{form:?}: logged in again");
        agree(&world).await;
    }
}

/// That a restored till has asked the terminal for its last payment is on disk together with what it told.
#[tokio::test(start_paused = true)]
async fn last_payment_cannot_be_written() {
    for (form, power) in CARDS.into_iter().flat_map(|form| [(form, false), (form, true)]) {
        let case = format!("{form:?} power {power}");
        let mut world = world(form).await;
        let backup = backup(&world).await;
        let lost = world.pay(0, 20_00).await.unwrap();
        becomes(&world, lost, "approved").await;
        let number = stored(&world, lost).await.operation.transaction.0;
        follow(&world, [Rule::on("TransactionStatus").act(Action::Slow(5_000))]);
        world.restore(&backup).await;
        world.pass(1).await;
        world.fail_disk(DiskFault::FullForGood, FOR_GOOD);
        world.pass(30).await;
        assert!(books(&world).await.unclaimed.is_empty(), "{case}: it could not be written");
        let waits = |books: Books| books.sessions.values().all(|session| session.last_wanted);
        assert!(waits(books(&world).await), "{case}: nor that it was asked for");
        if power {
            world.restart().await;
        } else {
            world.fail_disk(DiskFault::FullForGood, 0);
        }
        world.until("unclaimed", |view| view.notices.iter().any(|it| it.code == "unclaimed")).await;
        assert!(books(&world).await.unclaimed.contains(&number), "{case}");
        assert!(!waits(books(&world).await), "{case}");
        agree_but(&world, &[&number]).await;
    }
}

/// Nobody answers, and that cannot be written down: the terminal's question has its end all the same.
#[tokio::test(start_paused = true)]
async fn deadline_of_a_question_cannot_be_written() {
    let world = scripted(Form::Default, [once().act(Action::Slow(100_000))]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "sent").await;
    world.pass(2).await;
    let mut forger = Forger::new("KASSA1", "POI-desk1");
    let asking = world.knock("POST", PATH, forger.question_within("1", "Really?", 20));
    let failing = async {
        question(&world, id).await;
        world.fail_disk(DiskFault::ReadOnly, FOR_GOOD);
    };
    let asked = async { tokio::join!(asking, failing).0 };
    let answered = tokio::time::timeout(Duration::from_secs(30), asked).await;
    let (status, body) = answered.expect("the question ends");
    let answer = String::from_utf8(body).unwrap();
    assert!(status == 200 && answer.contains("Failure") && !answer.contains("ConfirmedFlag"), "{answer}");
    assert_eq!(world.view().payment(id).unwrap().state, "running");
    world.fail_disk(DiskFault::ReadOnly, 0);
    becomes(&world, id, "approved").await;
    agree(&world).await;
}

/// A session that the disk did not take is nobody's: another login follows, and payments go out in that one.
#[tokio::test(start_paused = true)]
async fn session_that_is_not_written() {
    for form in CARDS {
        let world = world(form).await;
        let logins = |world| asked(world, 0).iter().filter(|it| *it == "Login").count();
        world.fail_disk_after(1, DiskFault::Io, 1);
        world.dispatch(Command::OpenTerminal { terminal: world.desks[0].id.clone() }).await.unwrap();
        world.until("in session", |view| view.terminals[0].health == Health::Ready).await;
        assert_eq!(logins(&world), 2, "{form:?}");
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        assert_eq!(logins(&world), 2, "{form:?}");
        agree(&world).await;
    }
}
