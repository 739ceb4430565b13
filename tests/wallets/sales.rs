//! Everyday: scanned and shown codes, declines, aborts, money back, notifications. Under virtual time.

use acceptance::wallets::Wallets;
use acceptance::world::World;
use till::api::{Command, MomentKind, ProblemCode};

async fn agrees(shop: &Wallets) {
    assert_eq!(shop.differences(true).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_scanned_code_is_paid() {
    let mut shop = Wallets::open(1, "").await;
    let paid = shop.paid(18_50, 1).await;
    assert_eq!((paid.outcome.as_str(), paid.amount), ("approved", World::money(18_50)));
    assert_eq!(shop.world.bank.balance("SEK"), 18_50);
    agrees(&shop).await;
}

#[tokio::test(start_paused = true)]
async fn every_ending_of_a_code_ends_as_the_gateway_says() {
    #[rustfmt::skip]
    let rows = [
        (0, "approved"), (53, "approved"), (61, "cancelled"), (66, "declined"), (75, "declined"),
        (82, "approved"), (87, "cancelled"), (91, "approved"), (96, "cancelled"),
    ];
    for (ends, outcome) in rows {
        let mut shop = Wallets::open(ends, "").await;
        let paid = shop.paid(18_50, ends).await;
        assert_eq!(paid.outcome.as_str(), outcome, "{ends}: {paid:?}");
        agrees(&shop).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_shown_code_is_paid_by_whoever_scans_it() {
    let shop = Wallets::open(2, "").await;
    let id = shop.pay(18_50, None).await.unwrap();
    let paid = shop.world.settled(id).await;
    assert_eq!(paid.outcome.as_str(), "approved");
    let has_shown = paid.timeline.iter().any(|moment| {
        matches!(&moment.what, MomentKind::Code { data } if data.starts_with("https://pay.example/alipay/"))
    });
    assert!(has_shown, "{:?}", paid.timeline);
    let declined = shop.pay(18_70, None).await.unwrap();
    assert_eq!(shop.world.settled(declined).await.outcome.as_str(), "declined");
    let nobody = shop.pay(18_60, None).await.unwrap();
    assert_eq!(shop.world.settled(nobody).await.outcome.as_str(), "cancelled");
    agrees(&shop).await;
}

#[tokio::test(start_paused = true)]
async fn an_abort_of_a_waiting_customer_charges_nothing() {
    let mut shop = Wallets::open(3, "").await;
    let code = shop.code(60);
    let id = shop.pay(18_50, Some(code)).await.unwrap();
    shop.world.pass(20).await;
    shop.world.dispatch(Command::Abort { payment: id }).await.unwrap();
    let ended = shop.world.settled(id).await;
    assert_eq!((ended.outcome.as_str(), ended.reason.as_deref()), ("cancelled", Some("aborted")));
    agrees(&shop).await;
}

#[tokio::test(start_paused = true)]
async fn parts_go_back_until_nothing_is_left_and_a_whole_is_undone() {
    let mut shop = Wallets::open(4, "").await;
    let paid = shop.paid(18_50, 1).await;
    for (minor, balance) in [(5_00, 13_50), (13_50, 0)] {
        let id = shop.refund(minor, paid.payment).await.unwrap();
        assert_eq!(shop.world.settled(id).await.outcome.as_str(), "approved");
        assert_eq!(shop.world.bank.balance("SEK"), balance);
    }
    assert_eq!(shop.refund(1, paid.payment).await.unwrap_err().code, ProblemCode::NoRefund);
    let paid = shop.paid(7_00, 2).await;
    let id = shop.reverse(paid.payment).await.unwrap();
    assert_eq!(shop.world.settled(id).await.outcome.as_str(), "approved");
    assert_eq!((shop.world.bank.balance("SEK"), shop.world.bank.reversals().len()), (0, 1));
    agrees(&shop).await;
}

#[tokio::test(start_paused = true)]
async fn notifications_change_nothing_but_the_moment() {
    let mut shop = Wallets::open(5, "notifications = true\n").await;
    shop.gateway.turn(|knobs| {
        (knobs.ipn_twice, knobs.ipn_reordered, knobs.ipn_forged) = (true, true, true);
    });
    for ends in [1, 55, 66, 60] {
        shop.paid(18_50, ends).await;
    }
    let id = shop.pay(18_50, None).await.unwrap();
    assert_eq!(shop.world.settled(id).await.outcome.as_str(), "approved");
    shop.world.pass(8_000).await;
    agrees(&shop).await;
}
