//! After a payment was closed without the terminal's answer: the terminal is asked again, and what it says
//! then is put before a person.

use super::scene::{
    CARDS, JUDGES_REFUNDS, MAINTAINS, agree, asked, at_the_desk, backup, banked, becomes, follow, forms,
    money_requests, once, rest, scripted, stands, without_hosts,
};
use simulator::bank::State;
use simulator::script::{Action, Delivery, Rule, Twist};
use store::DiskFault;
use till::api::{Command, ServiceWanted};

/// A request that was on its way for longer than anybody knows of: what was judged is found to be otherwise,
/// and a person chooses.
#[tokio::test(start_paused = true)]
async fn request_arrives_after_it_was_judged_lost() {
    for form in CARDS {
        for keeps in [true, false] {
            let held = once().act(Delivery::Close).act(Action::Hold(60_000));
            let world = scripted(form, [held]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "not_charged/never_seen").await;
            let asked = world.until_payment(id, "found out", |payment| payment.attention).await;
            assert_eq!(asked.outcome, "not_charged", "{form:?}: nobody has chosen yet");
            let command =
                if keeps { Command::AcceptLate { payment: id } } else { Command::GiveBack { payment: id } };
            world.dispatch(command).await.unwrap();
            world.until_payment(id, "chosen", |payment| !payment.attention).await;
            rest(&world).await;
            let expected = if keeps { "approved/by_hand" } else { "not_charged/never_seen" };
            becomes(&world, id, expected).await;
            assert_eq!(money_requests(&world), if keeps { 1 } else { 2 }, "{form:?}: never sent again");
            let asked_for = enquiries(&world);
            world.pass(2 * 3_600).await;
            assert_eq!(enquiries(&world), asked_for, "{form:?}: the terminal has answered");
            agree(&world).await;
        }
    }
}

/// Money that went back after all is a fact: it is accepted, and the sale it was paid for stays as it is.
#[tokio::test(start_paused = true)]
async fn money_back_arrives_after_it_was_judged_lost() {
    for (form, reverses) in
        without_hosts(JUDGES_REFUNDS).into_iter().flat_map(|form| [(form, true), (form, false)])
    {
        // A refund is a Payment, too: the second one.
        let when = if reverses { Rule::on("Reversal").times(1) } else { Rule::on("Payment").nth(2) };
        let held = when.act(Delivery::Close).act(Action::Hold(60_000));
        let world = scripted(form, [held]).await;
        let sale = world.pay(0, 12_50).await.unwrap();
        becomes(&world, sale, "approved").await;
        rest(&world).await;
        let back = match reverses {
            true => {
                let reverse = Command::Reverse { payment: sale, or_refund: false };
                world.dispatch(reverse).await.unwrap().payment.unwrap()
            }
            false => world.refund(0, 12_50, Some(sale)).await.unwrap(),
        };
        becomes(&world, back, "not_charged/never_seen").await;
        let found = world.until_payment(back, "found out", |payment| payment.attention).await;
        assert!(found.late_outcome.is_some_and(|late| late.may_count), "{form:?}");
        world.dispatch(Command::AcceptLate { payment: back }).await.unwrap();
        becomes(&world, back, "approved/by_hand").await;
        assert_eq!(world.bank.balance("SEK"), 0, "{form:?}");
        rest(&world).await;
        agree(&world).await;
    }
}

/// What does not match is not adopted after a judgement either, and somebody is told.
#[tokio::test(start_paused = true)]
async fn strange_approval_after_a_judgement() {
    for form in CARDS {
        let held = once().act(Delivery::Close).act(Action::Hold(60_000));
        let mut world = scripted(form, [held.act(Twist::WrongAmount).act(Action::Sticky)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        let told = |view: &till::api::View| view.notices.iter().any(|it| it.code == "strange_approval");
        let view = world.until("told", told).await;
        assert!(!view.payment(id).unwrap().attention, "{form:?}: nothing is adopted");
        world.pass(2 * 3_600).await;
        let notices = &world.view().notices;
        let strange: Vec<_> = notices.iter().filter(|it| it.code == "strange_approval").collect();
        assert_eq!(strange.len(), 1, "{form:?}");
        let text = strange[0].text.clone();
        world.restart().await;
        world.pass(2 * 3_600).await;
        let view = world.view();
        let again: Vec<_> = view.notices.iter().filter(|it| it.code == "strange_approval").collect();
        assert_eq!(again.len(), 1, "{form:?}: the next start tells it, once");
        assert_eq!(again[0].text, text, "{form:?}");
    }
}

fn enquiries(world: &acceptance::world::World) -> usize {
    asked(world, 0).iter().filter(|it| *it == "TransactionStatus").count()
}

/// The till stops after it judged, its clock is set, and the request arrives only then.
#[tokio::test(start_paused = true)]
async fn restarted_and_the_clock_set_after_a_judgement() {
    for (form, hours) in CARDS.into_iter().flat_map(|form| [(form, 2), (form, -2), (form, 24 * 365)]) {
        let held = once().act(Delivery::Close).act(Action::Hold(90_000));
        let mut world = scripted(form, [held]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        world.step_clock(jiff::SignedDuration::from_hours(hours));
        world.restart().await;
        world.until_payment(id, "found out", |payment| payment.attention).await;
    }
}

/// The terminal cannot tell without a session; it is asked when the next customer's payment has opened one.
#[tokio::test(start_paused = true)]
async fn session_ends_after_a_judgement() {
    for (form, logs_out) in CARDS.into_iter().flat_map(|form| [(form, true), (form, false)]) {
        let held = once().act(Delivery::Close).act(Action::Hold(90_000));
        let world = scripted(form, [held]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        world.pass(75).await;
        assert_eq!(banked(&world, id).await[0].state, State::Approved, "{form:?}: it has arrived");
        if logs_out {
            let terminal = world.desks[0].id.clone();
            let logout = Command::Service { terminal, service: ServiceWanted::Logout };
            world.dispatch(logout).await.unwrap();
        } else {
            world.desks[0].restart();
        }
        world.pass(3 * 3_600).await;
        assert!(!world.view().payment(id).unwrap().attention, "{form:?}: without a session nobody tells");
        let next = world.pay(0, 5_00).await.unwrap();
        becomes(&world, next, "approved").await;
        world.until_payment(id, "found out", |payment| payment.attention).await;
    }
}

/// The terminal denies the session to an enquiry about the judged payment, beside which the next one was
/// sent: "never seen" is not believed of that one either, not even by the next start (storm 436826).
#[tokio::test(start_paused = true)]
async fn session_denied_beside_the_next_payment() {
    for (form, restarts) in CARDS.into_iter().flat_map(|form| [(form, true), (form, false)]) {
        let mut world = scripted(form, [once().act(Action::Unprocessed).act(Delivery::Close)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        let known = enquiries(&world);
        let lost = once().act(Action::Unprocessed).act(Delivery::Close);
        let denied = Rule::on("TransactionStatus").nth(2).act(Action::Fail("NotAllowed".to_owned()));
        follow(&world, [lost, denied]);
        while enquiries(&world) == known {
            world.pass(1).await;
        }
        let next = world.pay(0, 5_00).await.unwrap();
        world.until_payment(next, "lost", |payment| payment.state == "unknown").await;
        while enquiries(&world) < known + 2 {
            world.pass(1).await;
        }
        world.pass(1).await;
        if restarts {
            world.restart().await;
        }
        stands(&world, next, "disputed").await;
        world.pass(600).await;
        stands(&world, next, "disputed").await;
        agree(&world).await;
    }
}

/// What was judged is asked about before the terminal is sent away for the night.
#[tokio::test(start_paused = true)]
async fn day_is_closed_after_a_judgement() {
    for form in forms(MAINTAINS) {
        let held = once().act(Delivery::Close).act(Action::Hold(600_000));
        let world = at_the_desk(form, [held]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        world.dispatch(Command::CloseDay { number: 1 }).await.unwrap();
        world.until_payment(id, "found out", |payment| payment.attention).await;
        let logouts = || asked(&world, 0).iter().filter(|it| *it == "Logout").count();
        assert_eq!(logouts(), 0, "{form:?}");
        world.dispatch(Command::AcceptLate { payment: id }).await.unwrap();
        world.pass(1_800).await;
        assert_eq!(logouts(), 1, "{form:?}: then it rests");
        agree(&world).await;
    }
}

/// A hundred payments of other customers do not make the till forget it. A refund: no sale keeps it at hand.
#[tokio::test(start_paused = true)]
async fn many_payments_after_a_judgement() {
    for form in without_hosts(JUDGES_REFUNDS) {
        let held = Rule::on("Payment").nth(2).act(Delivery::Close).act(Action::Hold(600_000));
        let world = scripted(form, [held]).await;
        let sale = world.pay(0, 12_50).await.unwrap();
        becomes(&world, sale, "approved").await;
        let id = world.refund(0, 12_50, Some(sale)).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        for _ in 0..100 {
            let next = world.pay(0, 5_00).await.unwrap();
            becomes(&world, next, "approved").await;
        }
        world.until_payment(id, "found out", |payment| payment.attention).await;
    }
}

/// A disputed payment waits for a person, and what was judged does not wait for that.
#[tokio::test(start_paused = true)]
async fn disputed_payment_after_a_judgement() {
    for form in CARDS {
        let held = once().act(Delivery::Close).act(Action::Hold(90_000));
        let wrong = once().act(Twist::WrongAmount).act(Action::Sticky);
        let world = scripted(form, [held, wrong]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        let other = world.pay(0, 5_00).await.unwrap();
        stands(&world, other, "disputed").await;
        world.until_payment(id, "found out", |payment| payment.attention).await;
        stands(&world, other, "disputed").await;
    }
}

/// A disputed payment may wait for a person for days, and keeps the login away: the enquiry does not wait.
#[tokio::test(start_paused = true)]
async fn no_session_beside_a_disputed_payment() {
    for form in CARDS {
        let held = once().act(Delivery::Close).act(Action::Hold(90_000));
        let wrong = once().act(Twist::WrongAmount).act(Action::Sticky);
        let mut world = at_the_desk(form, [held, wrong]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        let other = world.pay(0, 5_00).await.unwrap();
        stands(&world, other, "disputed").await;
        let backup = backup(&world).await;
        world.restore(&backup).await;
        world.until_payment(id, "found out", |payment| payment.attention).await;
        stands(&world, other, "disputed").await;
    }
}

/// A login that the disk did not take is no session: another one follows (storm 530622).
#[tokio::test(start_paused = true)]
async fn login_after_a_judgement_is_not_written() {
    for form in CARDS {
        let held = once().act(Delivery::Close).act(Action::Hold(90_000));
        let world = scripted(form, [held]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        world.desks[0].restart();
        world.fail_disk_after(1, DiskFault::Io, 1);
        let terminal = world.desks[0].id.clone();
        world.dispatch(Command::OpenTerminal { terminal }).await.unwrap();
        world.until_payment(id, "found out", |payment| payment.attention).await;
        agree(&world).await;
    }
}

/// After a judgement at half a minute, two, ten and forty-five minutes; not for ever.
#[tokio::test(start_paused = true)]
async fn after_a_judgement_the_terminal_is_asked_four_times_more() {
    for form in CARDS {
        let world = scripted(form, [once().act(Action::Unprocessed).act(Delivery::Close)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "not_charged/never_seen").await;
        let mut known = enquiries(&world);
        for (seconds, is_due) in [
            (29, false),
            (6, true),
            (110, false),
            (20, true),
            (570, false),
            (30, true),
            (2_660, false),
            (60, true),
        ] {
            world.pass(seconds).await;
            let now = enquiries(&world);
            assert_eq!(now > known, is_due, "{form:?}: after {seconds} s more");
            known = now;
        }
        for _ in 0..30 {
            let next = world.pay(0, 12_50).await.unwrap();
            becomes(&world, next, "approved").await;
        }
        world.pass(24 * 3_600).await;
        assert_eq!(enquiries(&world), known, "{form:?}: not for ever");
        agree(&world).await;
    }
}
