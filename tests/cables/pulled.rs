//! Cables that are pulled, devices that are swapped or start anew, payments that begin at the device. Under
//! virtual time.

use crate::cables::scene::{agree, begun, device, ends, follow, shop};
use acceptance::line::PowerCut;
use acceptance::world::World;
use simulator::script::{Action, Outcome, Rule};
use till::api::{Command, Query, QueryReply};

#[tokio::test(start_paused = true)]
async fn pulled_before_anything_was_sent_charges_nobody() {
    let world = shop(1).await;
    device(&world).unplug();
    world.pass(2).await;
    let id = world.pay(0, 12_50).await.unwrap();
    let payment = world.settled(id).await;
    assert_eq!(payment.outcome, "not_charged");
    assert!(payment.detail.unwrap_or_default().contains("cable"));
    device(&world).plug();
    world.pass(20).await;
    let id = world.pay(0, 12_50).await.unwrap();
    assert_eq!(ends(&world, id).await, "approved");
    agree(&world, "pulled before").await;
}

/// Before the money moved, after it, and for longer than the till waits for one answer.
#[tokio::test(start_paused = true)]
async fn pulled_in_the_middle_is_unknown_and_found_again() {
    for (customer_ms, out_s) in [(20_000, 5), (20_000, 40), (500, 5), (500, 100)] {
        let world = shop(2).await;
        device(&world).turn(|knobs| (knobs.customer_ms, knobs.next_ms) = (customer_ms, 3_000));
        let id = world.pay(0, 12_50).await.unwrap();
        begun(&world, 1).await;
        world.pass(1).await;
        device(&world).unplug();
        let payment = world.until_payment(id, "unknown", |payment| payment.state == "unknown").await;
        assert_ne!(payment.outcome, "declined");
        world.pass(out_s).await;
        device(&world).plug();
        assert_eq!(ends(&world, id).await, "approved", "customer {customer_ms} ms, out for {out_s} s");
        assert_eq!(device(&world).transactions().len(), 1, "nothing was sent again");
        agree(&world, "pulled in the middle").await;
    }
}

#[tokio::test(start_paused = true)]
async fn pulled_for_good_ends_with_a_person_and_comes_back_all_the_same() {
    let world = shop(3).await;
    let id = world.pay(0, 12_50).await.unwrap();
    begun(&world, 1).await;
    device(&world).unplug();
    assert!(ends(&world, id).await.starts_with("disputed"));
    let refused = world.pay(0, 5_00).await.unwrap_err();
    assert_eq!(refused.operation, Some(id), "it blocks new money");
    world.pass(3_000).await;
    device(&world).plug();
    world.until_payment(id, "closed", |payment| payment.state == "closed").await;
    assert_eq!(ends(&world, id).await, "approved");
    agree(&world, "pulled for good").await;
}

/// "No record" of the swapped device is not believed.
#[tokio::test(start_paused = true)]
async fn a_swapped_device_does_not_make_a_payment_not_charged() {
    let world = shop(4).await;
    follow(&world, [Rule::on("pay").act(Action::Unprocessed)]);
    let id = world.pay(0, 12_50).await.unwrap();
    world.until_payment(id, "unknown", |payment| payment.state == "unknown").await;
    device(&world).turn(|knobs| knobs.devices = vec!["KP7777".to_owned()]);
    assert!(ends(&world, id).await.starts_with("disputed"));
    device(&world).turn(|knobs| knobs.devices = vec!["KP0001".to_owned()]);
    world.until_payment(id, "closed", |payment| payment.state == "closed").await;
    assert_eq!(ends(&world, id).await, "not_charged/never_seen");
    agree(&world, "swapped").await;
}

#[tokio::test(start_paused = true)]
async fn a_device_that_starts_anew_loses_no_payment() {
    for customer_ms in [20_000, 300] {
        let world = shop(5).await;
        device(&world).turn(|knobs| (knobs.customer_ms, knobs.next_ms) = (customer_ms, 4_000));
        let id = world.pay(0, 12_50).await.unwrap();
        begun(&world, 1).await;
        world.pass(1).await;
        device(&world).restart();
        let expected = if customer_ms == 300 { "approved" } else { "cancelled/customer_cancelled" };
        assert_eq!(ends(&world, id).await, expected);
        agree(&world, "starts anew").await;
    }
}

async fn unclaimed(world: &World) -> usize {
    let report = world.till().query(Query::ReportX).await.unwrap();
    let QueryReply::Reports { reports, .. } = report else { panic!("{report:?}") };
    reports[0].unclaimed.len()
}

/// Also where the power goes before the device hears that it was heard.
#[tokio::test(start_paused = true)]
async fn a_payment_that_began_at_the_device_is_listed_once() {
    let mut world = shop(6).await;
    device(&world).pay_at_the_device(7_00);
    world.until("told", |view| view.notices.iter().any(|notice| notice.code == "unclaimed")).await;
    assert_eq!(unclaimed(&world).await, 1);
    world.cables.spoil(1, 1_000);
    device(&world).pay_at_the_device(8_00);
    world.pass(4).await;
    world.cables.mend();
    world
        .until("told", |view| view.notices.iter().filter(|notice| notice.code == "unclaimed").count() == 2)
        .await;
    world.restart().await;
    world.pass(60).await;
    assert_eq!(unclaimed(&world).await, 2);
}

#[tokio::test(start_paused = true)]
async fn the_power_goes_around_a_request_and_its_answer() {
    for when in [PowerCut::BeforeTheRequest, PowerCut::AfterTheAnswer] {
        for exchanges in 0..4 {
            let mut world = shop(7).await;
            world.wires.order_cut(exchanges, when);
            let id = world.pay(0, 12_50).await.unwrap();
            let power = std::sync::Arc::clone(&world.wires.power);
            let cut = tokio::time::timeout(std::time::Duration::from_secs(30), power.notified()).await;
            world.wires.cancel_cut();
            if cut.is_ok() {
                world.restart().await;
            }
            let ended = ends(&world, id).await;
            assert!(
                ["approved", "not_charged/never_seen"].contains(&ended.as_str()),
                "{when:?} {exchanges} {ended}"
            );
            assert!(world.bank.transactions().len() <= 1, "nobody pays twice");
            agree(&world, &format!("{when:?} {exchanges}")).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn cancelled_by_the_cashier_also_after_a_restart() {
    let mut world = shop(8).await;
    follow(&world, [Rule::on("pay").act(Action::Outcome(Outcome::UntilAborted))]);
    let id = world.pay(0, 12_50).await.unwrap();
    begun(&world, 1).await;
    world.pass(2).await;
    world.dispatch(Command::Abort { payment: id }).await.unwrap();
    assert_eq!(ends(&world, id).await, "cancelled/aborted");
    let id = world.pay(0, 13_50).await.unwrap();
    begun(&world, 2).await;
    world.pass(2).await;
    world.restart().await;
    world.pass(5).await;
    world.dispatch(Command::Abort { payment: id }).await.unwrap();
    assert!(ends(&world, id).await.starts_with("cancelled"));
    agree(&world, "cancelled").await;
}
