//! Bytes that are lost, changed, doubled or drowned in noise. Under virtual time.

use crate::cables::scene::{agree, device, ends, follow, shop};
use acceptance::world::World;
use domain::ids::OperationId;
use domain::payment::Verdict;
use simulator::script::{Action, Delivery, Rule, Twist};
use till::api::Command;

/// What goes wrong with the request or its result, and what becomes of it.
const ROWS: &[(&str, Delivery, &str)] = &[
    ("answered twice", Delivery::Twice, "approved"),
    ("in three parts", Delivery::Chunked, "approved"),
    ("after noise", Delivery::Http10, "approved"),
    ("noise in its place", Delivery::Garbage, "approved"),
    ("half of it", Delivery::Truncated, "approved"),
    ("marks between its bytes", Delivery::Deep, "approved"),
    ("after a frame of 10 kB", Delivery::Oversize(10_000), "approved"),
    ("nobody presses NEXT", Delivery::Never, "approved"),
    ("the line ends in its place", Delivery::Cut, "approved"),
    ("the line ends in it", Delivery::CutMiddle, "approved"),
    ("the line ends before it", Delivery::Close, "approved"),
    ("the request is lost", Delivery::Refused, "approved"),
];

#[tokio::test(start_paused = true)]
async fn what_the_line_does_to_a_payment_changes_nothing_about_the_money() {
    for (name, delivery, expected) in ROWS {
        let world = shop(11).await;
        follow(&world, [Rule::on("pay").times(1).act(*delivery)]);
        let id = world.pay(0, 12_50).await.unwrap();
        assert_eq!(ends(&world, id).await, *expected, "{name}");
        assert_eq!(world.bank.transactions().len(), 1, "{name}");
        agree(&world, name).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_device_says_wrong_is_asked_about_until_it_tells_the_truth() {
    for (name, twist) in [
        ("another payment", Twist::WrongServiceId),
        ("another amount", Twist::WrongAmount),
        ("a code that no table lists", Twist::UnknownResult),
        ("a wrong checksum in every copy", Twist::Bare),
    ] {
        let world = shop(12).await;
        follow(&world, [Rule::on("pay").times(1).act(twist)]);
        let id = world.pay(0, 12_50).await.unwrap();
        assert_eq!(ends(&world, id).await, "approved", "{name}");
        agree(&world, name).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_lies_for_good_is_for_a_person() {
    for twist in [Twist::WrongAmount, Twist::UnknownResult] {
        let world = shop(13).await;
        follow(&world, [Rule::on("pay").act(Action::Sticky).act(twist)]);
        let id = world.pay(0, 12_50).await.unwrap();
        let ended = ends(&world, id).await;
        assert!(ended.starts_with("disputed"), "{twist:?}: {ended}");
        agree(&world, "lies").await;
    }
}

/// A request that never arrived: "no record" is believed once nothing can be on its way.
#[tokio::test(start_paused = true)]
async fn lost_before_the_device_is_not_charged_after_settling() {
    let world = shop(14).await;
    follow(&world, [Rule::on("pay").act(Action::Unprocessed)]);
    let id = world.pay(0, 12_50).await.unwrap();
    assert_eq!(ends(&world, id).await, "not_charged/never_seen");
    assert!(world.bank.transactions().is_empty());
    follow(&world, []);
    let id = world.pay(0, 12_50).await.unwrap();
    assert_eq!(ends(&world, id).await, "approved");
    agree(&world, "lost before").await;
}

#[tokio::test(start_paused = true)]
async fn a_minute_of_noise_in_the_middle_of_a_payment() {
    let world = shop(15).await;
    device(&world).turn(|knobs| (knobs.customer_ms, knobs.next_ms) = (5_000, 1_000));
    let id = world.pay(0, 12_50).await.unwrap();
    world.pass(1).await;
    world.cables.spoil(3, 1_000);
    world.pass(60).await;
    world.cables.mend();
    assert_eq!(ends(&world, id).await, "approved");
    assert_eq!(world.bank.transactions().len(), 1);
    agree(&world, "noise").await;
}

async fn pays_on(world: &World, seed: u64) {
    world.cables.spoil(seed, 400);
    let id = world.pay(0, 12_50).await.unwrap();
    world.pass(30).await;
    world.cables.mend();
    let ended = ends(world, id).await;
    assert!(
        ["approved", "not_charged/never_seen"].contains(&ended.as_str())
            || ended.starts_with("not_charged"),
        "{ended}"
    );
}

#[tokio::test(start_paused = true)]
async fn on_a_bad_cable_nobody_pays_twice() {
    for seed in 0..40 {
        let world = shop(100 + seed).await;
        pays_on(&world, seed).await;
        assert!(world.bank.transactions().len() <= 1);
        agree(&world, &format!("seed {seed}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn money_back_whose_answer_is_lost_moves_once() {
    for (category, delivery) in [
        ("void", Delivery::Never),
        ("void", Delivery::Cut),
        ("refund", Delivery::Never),
        ("refund", Delivery::Cut),
    ] {
        let world = shop(16).await;
        // Who may choose takes a card, but for every third customer, who takes a code.
        let mut id = world.pay(0, 12_50).await.unwrap();
        assert_eq!(ends(&world, id).await, "approved");
        for _ in 0..if category == "refund" { 2 } else { 0 } {
            id = world.pay(0, 12_50).await.unwrap();
            assert_eq!(ends(&world, id).await, "approved");
        }
        follow(&world, [Rule::on(category).times(1).act(delivery)]);
        let back = match category {
            "void" => world
                .dispatch(till::api::Command::Reverse { payment: id, or_refund: false })
                .await
                .unwrap()
                .payment
                .unwrap(),
            _ => world.refund(0, 12_50, Some(id)).await.unwrap(),
        };
        assert_eq!(ends(&world, back).await, "approved", "{category} {delivery:?}");
        agree(&world, category).await;
    }
}

async fn void(world: &World, payment: OperationId) -> OperationId {
    let command = till::api::Command::Reverse { payment, or_refund: false };
    world.dispatch(command).await.unwrap().payment.unwrap()
}

/// Whether a payment was taken back is told by its own number: what a later void did is no news of one that
/// never arrived.
#[tokio::test(start_paused = true)]
async fn a_later_void_is_no_news_of_a_lost_one() {
    let world = shop(17).await;
    let card = world.pay(0, 12_50).await.unwrap();
    assert_eq!(ends(&world, card).await, "approved");
    follow(&world, [Rule::on("void").act(Action::Unprocessed)]);
    let lost = void(&world, card).await;
    // That an enquiry would tell of the void is assumed: a person says that it was not done.
    assert_eq!(ends(&world, lost).await, "disputed/cannot_tell");
    let (person, reason) = ("Eva".to_owned(), "the terminal lists the sale".to_owned());
    let verdict = Verdict::NotCharged;
    let decide = Command::Decide { payment: lost, verdict, person, reason, reference: None };
    world.dispatch(decide).await.unwrap();
    follow(&world, []);
    let done = void(&world, card).await;
    assert_eq!(ends(&world, done).await, "approved");
    world.pass(2 * 3_600).await;
    agree(&world, "void after a lost one").await;
}
