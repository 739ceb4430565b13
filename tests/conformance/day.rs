//! The day's list: cash beside the payments, what customers paid with, and who may see which of it.

use super::counter::{cash, open_shift, ring_up, sale, sign_in, slot, staffed, want};
use super::scene::{agree, becomes, world};
use acceptance::world::{Form, World};
use domain::tender::TenderKind;
use till::api::{CashRow, Command, DayView, ProblemCode, Query, QueryReply, SaleWanted};

async fn day(world: &World) -> DayView {
    match world.till().query(Query::Day { day: None }).await.unwrap() {
        QueryReply::Day { day } => *day,
        reply => panic!("not {reply:?}"),
    }
}

async fn next(world: &World) {
    world.dispatch(Command::NextSale { sale: sale(world).sale }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn cash_is_listed_newest_first_with_what_was_kept() {
    let mut world = world(Form::Light).await;
    open_shift(&world).await;
    let coffee = ring_up(&world, &["2"]).await;
    cash(&world, 50_00).await.unwrap();
    next(&world).await;
    world.pass(60).await;
    let both = ring_up(&world, &["3"]).await;
    cash(&world, 100_00).await.unwrap();
    want(&world, SaleWanted::HandBack { slot: 0 }).await.unwrap();
    let card = world.pay_with(0, 149_00, 0, Some(slot(&world))).await.unwrap();
    becomes(&world, card, "approved").await;
    let before = day(&world).await;
    let told = before.cash.clone().unwrap();
    let shown = |row: &CashRow| (row.sale, row.amount.minor, row.receipt);
    let rows: Vec<_> = told.rows.iter().map(shown).collect();
    assert_eq!(rows, [(both, -100_00, Some(2)), (both, 100_00, Some(2)), (coffee, 30_00, Some(1))]);
    assert!(told.rows.is_sorted_by(|a, b| (a.at, a.entry) > (b.at, b.entry)));
    assert_eq!(told.rows.iter().map(|row| row.amount.minor).sum::<i64>(), told.amount.minor);
    assert_eq!(before.rows.len(), 1, "payments through a terminal are what they were");
    world.restart().await;
    assert_eq!(day(&world).await, before, "as the journal has it");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_sale_is_looked_up_with_its_lines_and_tenders() {
    let world = world(Form::Light).await;
    open_shift(&world).await;
    let id = ring_up(&world, &["2", "3"]).await;
    cash(&world, 100_00).await.unwrap();
    let left = sale(&world).due.minor;
    let card = world.pay_with(0, left, 0, Some(slot(&world))).await.unwrap();
    becomes(&world, card, "approved").await;
    let now = sale(&world);
    let QueryReply::Sale { sale: found } = world.till().query(Query::Sale { sale: id }).await.unwrap()
    else {
        panic!("a sale was asked for")
    };
    assert_eq!(*found, *now, "as it stands at the counter");
    assert_eq!(found.lines.len(), 2);
    let tenders: Vec<_> = found.tenders.iter().map(|it| (it.kind, it.amount.minor)).collect();
    assert_eq!(tenders, [(TenderKind::Cash, 100_00), (TenderKind::Card, left)]);
    let nobodys = domain::ids::SaleId::of(&world.random.seed());
    let unknown = world.till().query(Query::Sale { sale: nobodys }).await.unwrap_err();
    assert_eq!(unknown.code, ProblemCode::UnknownSale);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn who_counts_the_drawer_sees_no_cash_in_the_list() {
    let world = staffed().await;
    sign_in(&world, "Kim", "2580").await.unwrap();
    open_shift(&world).await;
    let id = ring_up(&world, &["2"]).await;
    cash(&world, 50_00).await.unwrap();
    next(&world).await;
    assert_eq!(day(&world).await.cash, None, "a count is blind");
    let refused = world.till().query(Query::Sale { sale: id }).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::ApprovalNeeded);
    sign_in(&world, "Mia", "8520").await.unwrap();
    let rows = day(&world).await.cash.unwrap().rows;
    let kim = super::counter::person(&world, "Kim");
    assert_eq!(rows.iter().map(|row| (row.sale, row.cashier)).collect::<Vec<_>>(), [(id, Some(kim))]);
    let QueryReply::Sale { sale } = world.till().query(Query::Sale { sale: id }).await.unwrap() else {
        panic!("a sale was asked for")
    };
    assert_eq!(sale.cashier.as_deref(), Some("Kim"));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn the_day_tells_what_was_paid_with() {
    for form in super::scene::FORMS {
        let world = world(form).await;
        ring_up(&world, &["3"]).await;
        let card = world.pay_with(0, 149_00, 0, Some(slot(&world))).await.unwrap();
        becomes(&world, card, "approved").await;
        let shown = world.view().payments.iter().find(|it| it.payment == card).unwrap().instrument.clone();
        let told = day(&world).await;
        assert!(shown.is_some(), "{form:?}");
        assert_eq!(told.cards.get(&card).cloned(), shown, "{form:?}");
        agree(&world).await;
    }
}
