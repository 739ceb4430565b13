//! What is not known for a while: the gateway out of reach, a disk that fails, a backup, a clock that is set.

use super::scene::{agree, follow, paid, requests, reverse, shop};
use acceptance::line::PowerCut;
use acceptance::world::World;
use domain::ids::OperationId;
use domain::operation::Step;
use jiff::SignedDuration;
use simulator::script::{Action, Delivery, Rule};
use store::DiskFault;
use till::api::{Command, MomentKind, PaymentView, ProblemCode, TerminalWanted};

fn made(payment: &PaymentView, wanted: &str) -> bool {
    let is_it = |what: &MomentKind| matches!(what, MomentKind::Step { step, .. } if step == wanted);
    payment.timeline.iter().any(|moment| is_it(&moment.what))
}

/// A sale whose power went after the charge was booked, and whose gateway is out of reach since.
async fn lost(seed: u64) -> (World, OperationId) {
    let mut world = shop(seed).await;
    // The second exchange is the charge.
    world.wires.order_cut(1, PowerCut::AfterTheAnswer);
    let id = world.pay_by_code(0, 18_50, 1).await.unwrap();
    world.wires.power.clone().notified().await;
    world.unplug(0);
    world.restart().await;
    world.until_payment(id, "unknown", |payment| payment.state == "unknown").await;
    (world, id)
}

#[tokio::test(start_paused = true)]
async fn nothing_else_is_charged_until_the_gateway_tells() {
    let (mut world, id) = lost(1).await;
    for state in ["unknown", "disputed"] {
        world.until_payment(id, state, |payment| payment.state == state).await;
        let problem = world.pay_by_code(0, 5_00, 1).await.unwrap_err();
        assert_eq!(problem.code, ProblemCode::TerminalBlocked, "{state}");
        let wanted = TerminalWanted::Remove { terminal: world.desks[0].id.clone() };
        assert!(world.dispatch(Command::EditTerminal { wanted }).await.is_err(), "{state}");
    }
    assert_eq!(world.view().payment(id).unwrap().reason.as_deref(), Some("no_answer"));
    for _ in 0..5 {
        world.restart().await;
        world.pass(2).await;
    }
    world.plug(0);
    let found = world.until_payment(id, "closed", |payment| payment.state == "closed").await;
    assert_eq!((found.outcome.as_str(), found.late), ("approved", true));
    agree(&world, "found").await;
}

#[tokio::test(start_paused = true)]
async fn a_manager_unblocks_the_gateway_by_name() {
    let (world, id) = lost(2).await;
    world.until_payment(id, "disputed", |payment| payment.state == "disputed").await;
    world.plug(0);
    let (person, reason) = ("Eva".to_owned(), "a queue to the door".to_owned());
    let command = Command::Unblock { terminal: world.desks[0].id.clone(), person, reason };
    world.dispatch(command).await.unwrap();
    assert_eq!(paid(&world, 5_00, 1).await.outcome.as_str(), "approved");
    world.until_payment(id, "closed", |payment| payment.state == "closed").await;
    agree(&world, "both").await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_by_an_hour_hides_no_payment() {
    for hours in [1, -1, 23] {
        let (world, id) = lost(3).await;
        world.step_clock(SignedDuration::from_hours(hours));
        world.plug(0);
        assert_eq!(world.settled(id).await.outcome.as_str(), "approved", "{hours}");
        agree(&world, &format!("{hours} h")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_reference_that_cannot_be_written_is_never_sent() {
    for fault in [DiskFault::FullForGood, DiskFault::ReadOnly, DiskFault::Io] {
        let world = shop(4).await;
        follow(&world, [Rule::on("add").act(Action::Late(5_000))]);
        let id = world.pay_by_code(0, 18_50, 1).await.unwrap();
        world.pass(1).await;
        world.fail_disk(fault, u32::MAX);
        world.pass(30).await;
        let charged = world.wires.money.lock().unwrap().iter().filter(|left| left.can_move()).count();
        assert_eq!(charged, 0, "{fault:?}: no reference, no charge");
        world.fail_disk(fault, 0);
        let ended = world.settled(id).await;
        assert_eq!((ended.outcome.as_str(), ended.reason.as_deref()), ("not_charged", Some("not_durable")));
        agree(&world, &format!("{fault:?}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_cannot_be_written_keeps_its_payment_open() {
    for power in [false, true] {
        let mut world = shop(5).await;
        follow(&world, [Rule::on("pay").act(Action::Late(5_000))]);
        let id = world.pay_by_code(0, 18_50, 1).await.unwrap();
        world.until_payment(id, "sent", |payment| made(payment, "sent")).await;
        world.pass(1).await;
        world.fail_disk(DiskFault::FullForGood, u32::MAX);
        world.pass(60).await;
        assert_eq!(world.view().payment(id).unwrap().state, "running", "it stays open");
        if power {
            world.restart().await;
        } else {
            world.fail_disk(DiskFault::FullForGood, 0);
        }
        assert_eq!(world.settled(id).await.outcome.as_str(), "approved", "power {power}");
        agree(&world, &format!("power {power}")).await;
    }
}

/// The journal that is put back has the payment and not what was sent for it since: that is no proof that
/// nothing was charged, and the gateway is asked by the name that the payment had then.
#[tokio::test(start_paused = true)]
async fn a_backup_from_before_the_charge_proves_nothing() {
    for step in ["intended", "prepared", "sent"] {
        let mut world = shop(6).await;
        follow(
            &world,
            [Rule::on("add").act(Action::Late(4_000)), Rule::on("pay").act(Action::Late(4_000))],
        );
        let id = world.pay_by_code(0, 18_50, 1).await.unwrap();
        world.until_payment(id, step, |payment| made(payment, step)).await;
        let backup = world.store().snapshot().await.unwrap();
        world.settled(id).await;
        world.restore(&backup).await;
        let found = world.settled(id).await;
        assert_eq!((found.outcome.as_str(), found.late), ("approved", true), "{step}");
        agree(&world, step).await;
    }
}

/// The power goes around every request that gives money back.
#[tokio::test(start_paused = true)]
async fn money_back_in_a_power_cut() {
    for (refunds, when) in [true, false]
        .into_iter()
        .flat_map(|refunds| [(refunds, PowerCut::BeforeTheRequest), (refunds, PowerCut::AfterTheAnswer)])
    {
        let case = format!("refunds {refunds}, {when:?}");
        let mut world = shop(8).await;
        let sale = paid(&world, 18_50, 1).await.payment;
        world.wires.order_cut(0, when);
        let id = match refunds {
            true => world.refund(0, 18_50, Some(sale)).await.unwrap(),
            false => reverse(&world, sale).await.unwrap(),
        };
        world.wires.power.clone().notified().await;
        world.restart().await;
        let expected = if when == PowerCut::AfterTheAnswer { "closed" } else { "disputed" };
        assert_eq!(world.settled(id).await.state, expected, "{case}");
        agree(&world, &case).await;
    }
}

/// A charge that nobody answers is asked about at the gateway's pace, and never sent again.
#[tokio::test(start_paused = true)]
async fn a_charge_without_an_answer_is_asked_about_and_not_sent_again() {
    let world = shop(9).await;
    follow(&world, [Rule::on("pay").act(Delivery::Never)]);
    let before = requests(&world);
    let ended = paid(&world, 18_50, 55).await;
    assert_eq!(ended.outcome.as_str(), "approved");
    let sent = world.store().read(move |reader| reader.payment(ended.payment)).await.unwrap().unwrap().sent;
    let steps: Vec<Step> = sent.iter().filter(|it| !it.not_started).map(|it| it.step).collect();
    assert_eq!(steps, [Step::Prepare, Step::First]);
    assert!(requests(&world) - before < 12, "{}", requests(&world) - before);
    agree(&world, "asked").await;
}
