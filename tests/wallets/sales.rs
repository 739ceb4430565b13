//! Everyday: scanned and shown codes, declines, aborts, money back, notifications. Under virtual time.

use super::scene::{agree, follow, gateway, opened, paid, reverse, shop};
use acceptance::world::{Form, World};
use simulator::script::{Outcome, Rule};
use till::api::{Command, MomentKind, ProblemCode, View};

#[tokio::test(start_paused = true)]
async fn a_scanned_code_is_paid() {
    let world = shop(1).await;
    let paid = paid(&world, 18_50, 1).await;
    assert_eq!((paid.outcome.as_str(), paid.amount), ("approved", World::money(18_50)));
    assert_eq!(world.bank.balance("SEK"), 18_50);
    agree(&world, "").await;
}

#[tokio::test(start_paused = true)]
async fn every_ending_of_a_code_ends_as_the_gateway_says() {
    #[rustfmt::skip]
    let rows = [
        (0, "approved"), (53, "approved"), (61, "cancelled"), (66, "declined"), (75, "declined"),
        (82, "approved"), (87, "cancelled"), (91, "approved"), (96, "cancelled"),
    ];
    for (ends, outcome) in rows {
        let world = shop(ends).await;
        let paid = paid(&world, 18_50, ends).await;
        assert_eq!(paid.outcome.as_str(), outcome, "{ends}: {paid:?}");
        agree(&world, "").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_shown_code_is_paid_by_whoever_scans_it() {
    let world = shop(2).await;
    let id = world.pay_by_screen(0, 18_50).await.unwrap();
    let paid = world.settled(id).await;
    assert_eq!(paid.outcome.as_str(), "approved");
    let has_shown = paid.timeline.iter().any(|moment| {
        matches!(&moment.what, MomentKind::Code { data } if data.starts_with("https://pay.example/alipay/"))
    });
    assert!(has_shown, "{:?}", paid.timeline);
    let declined = world.pay_by_screen(0, 18_70).await.unwrap();
    assert_eq!(world.settled(declined).await.outcome.as_str(), "declined");
    let nobody = world.pay_by_screen(0, 18_60).await.unwrap();
    assert_eq!(world.settled(nobody).await.outcome.as_str(), "cancelled");
    agree(&world, "").await;
}

#[tokio::test(start_paused = true)]
async fn a_shown_code_is_drawn_with_how_long_it_is_good_until_it_is_called_off() {
    let world = shop(5).await;
    let id = world.pay_by_screen(0, 18_60).await.unwrap();
    let drawn = |view: &View| view.payments.iter().find_map(|payment| payment.drawn.clone());
    world.until("a code", |view| drawn(view).is_some()).await;
    let code = drawn(&world.view()).unwrap();
    assert!(code.side >= 21 && code.path.starts_with("M0 0h7v1h-7z"), "{code:?}");
    let until = code.until.unwrap();
    assert_eq!(until.duration_since(code.from).as_secs(), 300);
    world.dispatch(Command::Abort { payment: id }).await.unwrap();
    world.until("no code", |view| drawn(view).is_none()).await;
    world.settled(id).await;
    agree(&world, "").await;
}

#[tokio::test(start_paused = true)]
async fn an_abort_of_a_waiting_customer_charges_nothing() {
    let world = shop(3).await;
    let code = world.code(60);
    let id = world.pay_by(0, 18_50, code).await.unwrap();
    world.pass(20).await;
    world.dispatch(Command::Abort { payment: id }).await.unwrap();
    let ended = world.settled(id).await;
    assert_eq!((ended.outcome.as_str(), ended.reason.as_deref()), ("cancelled", Some("aborted")));
    agree(&world, "").await;
}

/// The customer confirms as the cashier calls it off: what went back is not paid, however late a query tells.
#[tokio::test(start_paused = true)]
async fn a_cancel_that_queries_tell_of_late_is_no_payment() {
    for lag_s in [0, 4, 20, 60, 110] {
        let world = shop(6).await;
        gateway(&world).turn(|knobs| knobs.cancel_lag_s = lag_s);
        follow(&world, [Rule::on("pay").act(Outcome::Race)]);
        let id = world.pay_by_code(0, 18_50, 1).await.unwrap();
        world.pass(20).await;
        world.dispatch(Command::Abort { payment: id }).await.unwrap();
        let ended = world.settled(id).await;
        assert_eq!(ended.outcome.as_str(), "cancelled", "{lag_s}: {ended:?}");
        let booked = world.bank.transactions().len();
        assert_eq!((booked, world.bank.balance("SEK")), (1, 0), "{lag_s}: it was paid, and went back");
        agree(&world, "").await;
    }
}

#[tokio::test(start_paused = true)]
async fn parts_go_back_until_nothing_is_left_and_a_whole_is_undone() {
    let world = shop(4).await;
    let parts = paid(&world, 18_50, 1).await;
    for (minor, balance) in [(5_00, 13_50), (13_50, 0)] {
        let id = world.refund(0, minor, Some(parts.payment)).await.unwrap();
        assert_eq!(world.settled(id).await.outcome.as_str(), "approved");
        assert_eq!(world.bank.balance("SEK"), balance);
    }
    assert_eq!(world.refund(0, 1, Some(parts.payment)).await.unwrap_err().code, ProblemCode::NoRefund);
    let whole = paid(&world, 7_00, 2).await;
    let id = reverse(&world, whole.payment).await.unwrap();
    assert_eq!(world.settled(id).await.outcome.as_str(), "approved");
    assert_eq!((world.bank.balance("SEK"), world.bank.reversals().len()), (0, 1));
    agree(&world, "").await;
}

#[tokio::test(start_paused = true)]
async fn notifications_change_nothing_but_the_moment() {
    let world = opened(5, Form::Notified).await;
    gateway(&world).turn(|knobs| {
        (knobs.ipn_twice, knobs.ipn_reordered, knobs.ipn_forged) = (true, true, true);
    });
    for ends in [1, 55, 66, 60] {
        paid(&world, 18_50, ends).await;
    }
    let id = world.pay_by_screen(0, 18_50).await.unwrap();
    assert_eq!(world.settled(id).await.outcome.as_str(), "approved");
    world.pass(8_000).await;
    agree(&world, "").await;
}
