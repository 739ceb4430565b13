//! The counter: ringing up, cash, card, both, parking, people, the drawer, the end of the day.

use super::scene::{agree, becomes, follow, once, refused, world};
use acceptance::world::{Form, World};
use domain::basket::{Discount, Quantity};
use domain::ids::{CommandId, SaleId, StaffId};
use domain::money::Money;
use domain::operation::Method;
use domain::report::Report;
use domain::sale::SaleStage;
use domain::shift::Way;
use domain::staff::Role;
use simulator::script::{Delivery, Outcome};
use std::sync::Arc;
use till::api::{
    Accepted, Approval, Command, CustomerStage, Dispatch, DrawerWanted, PeopleWanted, Pin, Problem,
    ProblemCode, Query, QueryReply, SaleSlot, SaleView, SaleWanted,
};

fn scan(code: &str) -> Command {
    let wanted = SaleWanted::Scan { code: code.to_owned(), quantity: None, price: None };
    Command::Sell { sale: None, revision: None, wanted }
}

pub fn sale(world: &World) -> Arc<SaleView> {
    world.view().sale.clone().expect("a sale is at the counter")
}

/// Something about the sale at the counter as it is shown.
fn about(world: &World, wanted: SaleWanted) -> Command {
    let shown = sale(world);
    Command::Sell { sale: Some(shown.sale), revision: Some(shown.revision), wanted }
}

pub async fn want(world: &World, wanted: SaleWanted) -> Result<Accepted, Problem> {
    world.dispatch(about(world, wanted)).await
}

pub async fn ring_up(world: &World, codes: &[&str]) -> SaleId {
    for code in codes {
        world.dispatch(scan(code)).await.unwrap();
    }
    sale(world).sale
}

pub fn slot(world: &World) -> SaleSlot {
    let shown = sale(world);
    SaleSlot { sale: shown.sale, revision: shown.revision, slot: shown.slot }
}

async fn drawer(world: &World, wanted: DrawerWanted) -> Result<Accepted, Problem> {
    world.dispatch(Command::Drawer { wanted }).await
}

pub async fn open_shift(world: &World) {
    drawer(world, DrawerWanted::OpenShift { float: World::money(500_00) }).await.unwrap();
}

pub async fn cash(world: &World, given: i64) -> Result<Accepted, Problem> {
    let slot = sale(world).slot;
    want(world, SaleWanted::TakeCash { slot, given: World::money(given) }).await
}

async fn report(world: &World) -> (Report, u32) {
    match world.till().query(Query::ReportX).await.unwrap() {
        QueryReply::Reports { mut reports, next } => (reports.remove(0), next),
        reply => panic!("not {reply:?}"),
    }
}

fn why(answer: Result<Accepted, Problem>) -> (ProblemCode, String) {
    let problem = answer.unwrap_err();
    (problem.code, problem.parameter("why").to_owned())
}

fn minor(money: Money) -> i64 {
    money.minor
}

#[tokio::test(start_paused = true)]
async fn two_products_by_card() {
    for form in super::scene::FORMS {
        let world = world(form).await;
        ring_up(&world, &["7310000000001", "2", "2"]).await;
        let shown = sale(&world);
        assert_eq!((shown.lines.len(), minor(shown.total), minor(shown.due)), (2, 94_80, 94_80));
        assert_eq!(shown.lines[1].quantity, Quantity::pieces(2).unwrap(), "the same again");
        assert_eq!(shown.vat.iter().map(|part| minor(part.vat)).sum::<i64>(), 1_016);
        let id = world.pay_with(0, 94_80, 0, Some(slot(&world))).await.unwrap();
        assert!(!sale(&world).may_change, "{form:?}");
        assert_eq!(why(world.dispatch(scan("1")).await).1, "held", "a scan during a payment");
        becomes(&world, id, "approved").await;
        let done = world.until("completed", |view| {
            view.sale.as_ref().is_some_and(|sale| sale.stage == SaleStage::Completed)
        });
        let done = done.await.sale.clone().unwrap();
        assert_eq!((minor(done.paid), minor(done.due), done.tenders.len()), (94_80, 0, 1));
        assert_eq!(world.till().customer_views().borrow().stage, CustomerStage::Paid);
        world.dispatch(Command::NextSale { sale: done.sale }).await.unwrap();
        assert!(world.view().sale.is_none() && world.view().counter.is_none());
        ring_up(&world, &["3"]).await;
        assert_ne!(sale(&world).sale, done.sale, "the next customer's own sale");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_scan_burst_rings_up_every_code_on_one_sale() {
    let world = world(Form::Light).await;
    let scans = (0..20).map(|at| world.dispatch(scan(["1", "2", "3"][at % 3])));
    let answers = futures_util::future::join_all(scans).await;
    let sales: std::collections::BTreeSet<_> =
        answers.into_iter().map(|answer| answer.unwrap().sale.unwrap()).collect();
    assert_eq!(sales.len(), 1);
    let pieces: i64 = sale(&world).lines.iter().map(|line| line.quantity.in_thousandths()).sum();
    assert_eq!(pieces, 20_000);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_rung_up() {
    let world = world(Form::Light).await;
    assert_eq!(refused(world.dispatch(scan("999")).await), ProblemCode::UnknownProduct);
    let paste = world.dispatch(scan(&"x".repeat(100_000))).await.unwrap_err();
    assert_eq!((paste.code, paste.parameter("field")), (ProblemCode::FieldWrong, "code"));
    assert!(paste.to_string().len() < 200, "a paste is not told back");
    let card = "4111111111111111";
    let half = "hQVDUFYwMWEaTwegAAADMwEBUA";
    let refusals = [
        ("281234567890123405", "payment_code"),
        (card, "card_number"),
        (half, "half_a_code"),
        ("https://shop.example/menu", "link"),
    ];
    for (code, why) in refusals {
        let money = world.dispatch(scan(code)).await.unwrap_err();
        assert_eq!((money.code, money.parameter("field")), (ProblemCode::FieldWrong, "code"));
        assert_eq!(money.parameter("why"), why);
        assert!(!format!("{money:?}").contains(code), "what may be worth money is not told back");
    }
    let gift = world.dispatch(scan("5")).await.unwrap_err();
    assert_eq!(gift.parameter("field"), "price", "its price is typed");
    assert!(world.view().sale.is_none(), "nothing was begun");
    ring_up(&world, &["1"]).await;
    let rows = [
        (SaleWanted::Quantify { line: 1, quantity: Quantity::thousandths(500).unwrap() }, "whole_pieces"),
        (SaleWanted::Quantify { line: 9, quantity: Quantity::ONE }, "no_line"),
        (SaleWanted::Restore { line: 1 }, "not_removed"),
        (SaleWanted::Price { line: 1, price: World::money(-1) }, "amount"),
        (SaleWanted::Discount { discount: Some(Discount::Percent(10_001)) }, "amount"),
        (SaleWanted::HandBack { slot: 7 }, "not_open"),
    ];
    for (wanted, code) in rows {
        assert_eq!(why(want(&world, wanted.clone()).await).1, code, "{wanted:?}");
    }
    let stale = about(&world, SaleWanted::Remove { line: 1 });
    world.dispatch(stale.clone()).await.unwrap();
    assert_eq!(why(world.dispatch(stale).await).1, "stale", "two windows press at once");
    let shown = sale(&world);
    assert!(shown.lines[0].removed && shown.total.is_zero());
    want(&world, SaleWanted::Restore { line: 1 }).await.unwrap();
    assert_eq!(minor(sale(&world).total), 35_00);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn cash_with_change_rounding_and_the_drawer() {
    let world = world(Form::Light).await;
    ring_up(&world, &["2"]).await;
    assert_eq!(why(cash(&world, 50_00).await), (ProblemCode::DrawerRefuses, "not_open".to_owned()));
    open_shift(&world).await;
    let shown = sale(&world);
    assert_eq!((minor(shown.due), minor(shown.due_in_cash)), (29_90, 30_00));
    assert_eq!(why(cash(&world, 50_50).await).1, "not_coins");
    cash(&world, 50_00).await.unwrap();
    let done = sale(&world);
    assert_eq!(done.stage, SaleStage::Completed);
    assert_eq!(done.tenders[0].change.map(minor), Some(20_00));
    assert_eq!(minor(done.rounding), 10);
    let customer = world.till().customer_views().borrow().clone();
    assert_eq!((customer.stage, customer.change.map(minor)), (CustomerStage::Paid, Some(20_00)));
    let amount = World::money(100_00);
    let out = DrawerWanted::MoveCash { way: Way::Out, amount, reason: "bank".to_owned() };
    drawer(&world, out).await.unwrap();
    assert_eq!(why(drawer(&world, DrawerWanted::CloseShift).await).1, "not_counted");
    let counted = World::money(429_00);
    drawer(&world, DrawerWanted::Count { counted, coins: Vec::new() }).await.unwrap();
    let count = world.view().shift.clone().unwrap().count.unwrap();
    assert_eq!((minor(count.expected), minor(count.difference)), (430_00, -1_00));
    assert_eq!(refused(world.dispatch(Command::CloseDay { number: 1 }).await), ProblemCode::NoReport);
    drawer(&world, DrawerWanted::CloseShift).await.unwrap();
    let (x, next) = report(&world).await;
    let totals = &x.totals[0];
    assert_eq!((next, totals.sales.minor, totals.rounding, totals.net_taken()), (1, 29_90, 10, 30_00));
    world.dispatch(Command::CloseDay { number: next }).await.unwrap();
    assert_eq!(why(world.dispatch(Command::CloseDay { number: next }).await).1, "stale", "pressed twice");
    let QueryReply::Reports { reports, next } =
        world.till().query(Query::Reports { limit: None }).await.unwrap()
    else {
        panic!("no reports")
    };
    assert_eq!((reports.len(), reports[0].number, next), (1, Some(1), 2));
    assert_eq!(reports[0].totals, x.totals);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_part_in_cash_and_the_rest_by_card_after_a_no() {
    let world = world(Form::Default).await;
    open_shift(&world).await;
    ring_up(&world, &["3", "1"]).await;
    cash(&world, 100_00).await.unwrap();
    assert_eq!(minor(sale(&world).due), 84_00);
    follow(&world, [once().act(Outcome::Decline { condition: "Refusal".to_owned(), receipt: true })]);
    let no = world.pay_with(0, 84_00, 0, Some(slot(&world))).await.unwrap();
    becomes(&world, no, "declined/refused").await;
    world.dispatch(Command::NextCustomer { payment: no }).await.unwrap();
    let shown = sale(&world);
    assert!(shown.may_change, "the sale is back at the counter");
    assert_eq!(minor(shown.due), 84_00);
    let yes = world.pay_with(0, 84_00, 0, Some(slot(&world))).await.unwrap();
    becomes(&world, yes, "approved").await;
    world
        .until("completed", |view| {
            view.sale.as_ref().is_some_and(|sale| sale.stage == SaleStage::Completed)
        })
        .await;
    let outcomes: Vec<String> = sale(&world).tenders.iter().map(|it| it.outcome.clone()).collect();
    assert_eq!(outcomes, ["approved", "declined", "approved"]);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn the_day_shows_cash_and_cards_by_the_hour() {
    let mut world = world(Form::Light).await;
    let day = async |world: &World| match world.till().query(Query::Day { day: None }).await.unwrap() {
        QueryReply::Day { day } => day,
        reply => panic!("not {reply:?}"),
    };
    open_shift(&world).await;
    ring_up(&world, &["2"]).await;
    cash(&world, 50_00).await.unwrap();
    world.dispatch(Command::NextSale { sale: sale(&world).sale }).await.unwrap();
    ring_up(&world, &["3"]).await;
    cash(&world, 100_00).await.unwrap();
    want(&world, SaleWanted::HandBack { slot: 0 }).await.unwrap();
    let card = world.pay_with(0, 149_00, 0, Some(slot(&world))).await.unwrap();
    becomes(&world, card, "approved").await;
    let before = day(&world).await;
    let cash = before.cash.as_ref().map(|cash| (minor(cash.amount), cash.count));
    assert_eq!((cash, minor(before.taken)), (Some((30_00, 2)), 149_00));
    assert_eq!(before.hours.len(), 24);
    assert_eq!(before.hours[0].hour, 5, "from the hour in which the business day begins");
    let now = before.rows[0].at.to_zoned(jiff::tz::TimeZone::UTC).hour();
    let filled: Vec<(u8, i64)> = before
        .hours
        .iter()
        .filter(|hour| !hour.taken.is_zero())
        .map(|hour| (hour.hour, minor(hour.taken)))
        .collect();
    assert_eq!(filled, [(now.unsigned_abs(), 179_00)], "what was handed back within the hour is gone");
    world.restart().await;
    assert_eq!(*day(&world).await, *before, "as the journal has it");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn parked_recalled_and_after_a_crash() {
    let mut world = world(Form::Light).await;
    let first = ring_up(&world, &["1"]).await;
    want(&world, SaleWanted::Park { label: Some(" green coat ".to_owned()) }).await.unwrap();
    assert!(world.view().sale.is_none());
    let second = ring_up(&world, &["3"]).await;
    let recall = |sale| Command::Sell { sale: Some(sale), revision: None, wanted: SaleWanted::Recall };
    assert_eq!(why(world.dispatch(recall(first)).await).1, "counter_busy");
    world.restart().await;
    assert_eq!(sale(&world).sale, second, "what was at the counter is there again");
    let parked = world.view().parked.clone();
    assert_eq!((parked.len(), parked[0].label.as_deref()), (1, Some("green coat")));
    want(&world, SaleWanted::Void).await.unwrap();
    assert!(world.view().sale.is_none());
    world.dispatch(recall(first)).await.unwrap();
    assert_eq!((sale(&world).sale, world.view().parked.len()), (first, 0));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_payment_holds_its_sale_and_the_next_customer_is_served() {
    let world = world(Form::Light).await;
    open_shift(&world).await;
    ring_up(&world, &["3"]).await;
    let held = sale(&world).sale;
    follow(&world, [once().act(Delivery::Cut)]);
    let id = world.pay_with(0, 149_00, 0, Some(slot(&world))).await.unwrap();
    world.until_payment(id, "unknown", |payment| payment.state == "unknown").await;
    assert_eq!(why(cash(&world, 149_00).await).1, "nothing_due", "nothing is due beside what is held");
    world.dispatch(Command::NextCustomer { payment: id }).await.unwrap();
    assert!(world.view().sale.is_none());
    assert_eq!(world.view().parked.iter().map(|it| it.sale).collect::<Vec<_>>(), [held]);
    ring_up(&world, &["2"]).await;
    cash(&world, 30_00).await.unwrap();
    assert_eq!(sale(&world).stage, SaleStage::Completed);
    world.settled(id).await;
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn goods_that_come_back_are_paid_out() {
    let world = world(Form::Light).await;
    open_shift(&world).await;
    let back = |quantity| SaleWanted::Scan {
        code: "3".to_owned(),
        quantity: Quantity::pieces(quantity),
        price: None,
    };
    let begin = Command::Sell { sale: None, revision: None, wanted: back(-1) };
    world.dispatch(begin.clone()).await.unwrap();
    assert_eq!(minor(sale(&world).due), -149_00);
    cash(&world, 0).await.unwrap();
    assert_eq!(sale(&world).stage, SaleStage::Completed);
    world.dispatch(begin).await.unwrap();
    let shown = sale(&world);
    let refund = |amount| Command::Refund {
        terminal: world.desks[0].id.clone(),
        amount: World::money(amount),
        original: None,
        label: None,
        tender: Some(slot(&world)),
    };
    assert_eq!(why(world.dispatch(refund(149_01)).await).1, "more_than_due");
    let id = world.dispatch(refund(149_00)).await.unwrap().payment.unwrap();
    becomes(&world, id, "approved").await;
    let done = world.until("completed", |view| {
        view.sale.as_ref().is_some_and(|it| it.sale == shown.sale && it.stage == SaleStage::Completed)
    });
    assert_eq!(minor(done.await.sale.clone().unwrap().paid), -149_00);
    let (x, _) = report(&world).await;
    assert_eq!((x.totals[0].returns.minor, x.totals[0].refunds.minor), (-298_00, 149_00));
    agree(&world).await;
}

async fn people(world: &World, wanted: PeopleWanted) -> Result<Accepted, Problem> {
    world.dispatch(Command::People { wanted }).await
}

/// A typed PIN.
pub fn pin(text: &str) -> Pin {
    Pin(text.to_owned())
}

/// Somebody by name.
pub fn person(world: &World, name: &str) -> StaffId {
    let people = &world.view().people.people;
    people.iter().find(|person| person.name == name).expect("enrolled").person
}

/// Somebody signs in.
pub async fn sign_in(world: &World, name: &str, digits: &str) -> Result<Accepted, Problem> {
    people(world, PeopleWanted::SignIn { person: person(world, name), pin: pin(digits) }).await
}

/// A manager and a cashier work here; nobody is signed in.
pub async fn staffed() -> World {
    let world = world(Form::Light).await;
    let enrol =
        |name: &str, role, digits| PeopleWanted::Enrol { name: name.to_owned(), role, pin: pin(digits) };
    let first = people(&world, enrol("Kim", Role::Cashier, "2580")).await;
    assert_eq!(why(first), (ProblemCode::NotAllowed, "last_manager".to_owned()));
    people(&world, enrol("Mia", Role::Manager, "8520")).await.unwrap();
    let alone = people(&world, enrol("Kim", Role::Cashier, "2580")).await;
    assert_eq!(refused(alone), ProblemCode::SignInNeeded);
    sign_in(&world, "Mia", "8520").await.unwrap();
    assert_eq!(why(people(&world, enrol("Kim", Role::Cashier, "1234")).await).1, "easy");
    people(&world, enrol("Kim", Role::Cashier, "2580")).await.unwrap();
    people(&world, PeopleWanted::SignOut).await.unwrap();
    world
}

#[tokio::test(start_paused = true)]
async fn nobody_sells_unless_signed_in() {
    let mut world = staffed().await;
    assert_eq!(refused(world.dispatch(scan("1")).await), ProblemCode::SignInNeeded);
    assert_eq!(refused(world.pay(0, 10_00).await), ProblemCode::SignInNeeded);
    sign_in(&world, "Kim", "2580").await.unwrap();
    ring_up(&world, &["1"]).await;
    assert_eq!(sale(&world).cashier.as_deref(), Some("Kim"));
    people(&world, PeopleWanted::Lock).await.unwrap();
    let view = world.view();
    assert_eq!((view.people.signed_in, view.people.locked), (None, Some(person(&world, "Kim"))));
    assert_eq!(refused(world.dispatch(scan("1")).await), ProblemCode::SignInNeeded);
    sign_in(&world, "Kim", "2580").await.unwrap();
    let id = world.pay_with(0, 35_00, 0, Some(slot(&world))).await.unwrap();
    becomes(&world, id, "approved").await;
    world.restart().await;
    assert_eq!(world.view().people.signed_in, Some(person(&world, "Kim")), "and their names are back");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_pin_five_times() {
    let world = staffed().await;
    let mut told = Vec::new();
    for _ in 0..5 {
        told.push(refused(sign_in(&world, "Kim", "0852").await));
    }

    assert_eq!(told, [ProblemCode::PinWrong; 5]);
    let right = sign_in(&world, "Kim", "2580").await.unwrap_err();
    assert_eq!(right.code, ProblemCode::PinWait, "a guess in a wait tells nothing");
    assert!(!right.parameter("until").is_empty());
    sign_in(&world, "Mia", "8520").await.expect("somebody else is not kept waiting");
    world.pass(3_600).await;
    sign_in(&world, "Kim", "2580").await.unwrap();
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_manager_approves_in_place() {
    let world = staffed().await;
    sign_in(&world, "Kim", "2580").await.unwrap();
    ring_up(&world, &["1"]).await;
    let command = about(&world, SaleWanted::Price { line: 1, price: World::money(30_00) });
    let needs = world.dispatch(command.clone()).await.unwrap_err();
    assert_eq!((needs.code, needs.parameter("roles")), (ProblemCode::ApprovalNeeded, "manager"));
    let send = |name: &str, digits: &str| {
        let approval = Some(Approval { person: person(&world, name), pin: pin(digits) });
        Dispatch { id: CommandId::of(&world.random.seed()), command: command.clone(), approval }
    };
    let till = world.till();
    assert_eq!(refused(till.dispatch(send("Kim", "2580")).await), ProblemCode::NotAllowed);
    assert_eq!(refused(till.dispatch(send("Mia", "2580")).await), ProblemCode::PinWrong);
    let approved = send("Mia", "8520");
    // A double click: both get the answer of the one that was done.
    let both = futures_util::future::join(till.dispatch(approved.clone()), till.dispatch(approved)).await;
    assert_eq!(both.0.unwrap(), both.1.unwrap());
    assert_eq!(minor(sale(&world).total), 30_00);
    assert_eq!(world.view().people.signed_in, Some(person(&world, "Kim")), "it counts for that act alone");
    let again = about(&world, SaleWanted::Price { line: 1, price: World::money(20_00) });
    assert_eq!(refused(world.dispatch(again).await), ProblemCode::ApprovalNeeded);
    assert_eq!(refused_x(&world).await, ProblemCode::ApprovalNeeded, "a count is blind");
    let QueryReply::Day { day } = till.query(Query::Day { day: None }).await.unwrap() else {
        panic!("a day was asked for")
    };
    assert_eq!(day.cash, None, "nor does the day tell what should lie in the drawer");
    assert_eq!(refused(world.dispatch(Command::ReportX).await), ProblemCode::ApprovalNeeded);
    let approval = Some(Approval { person: person(&world, "Mia"), pin: pin("8520") });
    let asked = Dispatch { id: CommandId::of(&world.random.seed()), command: Command::ReportX, approval };
    let report = till.dispatch(asked).await.unwrap().report.expect("the report comes with the answer");
    assert_eq!(report.number, None, "the day goes on");
    assert_eq!(refused_x(&world).await, ProblemCode::ApprovalNeeded, "it counts for that look alone");
    agree(&world).await;
}

async fn refused_x(world: &World) -> ProblemCode {
    world.till().query(Query::ReportX).await.unwrap_err().code
}

#[tokio::test(start_paused = true)]
async fn a_double_click_on_pay_charges_once() {
    let world = world(Form::Default).await;
    ring_up(&world, &["1"]).await;
    let pay = Command::Pay {
        terminal: world.desks[0].id.clone(),
        amount: World::money(35_00),
        cash_back: World::money(0),
        method: Method::Any,
        label: None,
        tender: Some(slot(&world)),
        code: None,
        seen: None,
    };
    let (one, other) = futures_util::future::join(world.dispatch(pay.clone()), world.dispatch(pay)).await;
    let id = one.unwrap().payment.unwrap();
    assert_eq!(why(other).1, "slot_used");
    becomes(&world, id, "approved").await;
    agree(&world).await;
}
