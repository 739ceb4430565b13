//! A day in numbers: what each event adds, what a Z closes and carries, and that the report, the sales and
//! the bank agree.

use super::{Books, Count, Day, NoReport, business_day};
use crate::basket::{BasketChange, Discount, Product, Quantity, Unit};
use crate::ids::{OperationId, SaleId, ShiftId, StaffId};
use crate::journal::Fact;
use crate::ledger;
use crate::money::Currency;
use crate::operation::{Kind, Motive, Operation};
use crate::outcome::{Outcome, Said};
use crate::payment::tests::stage::{
    Case, after, back, by_hand, noon, operation, outcome, seed, sek, terminal, the_sale,
};
use crate::payment::{Event, Payment, PaymentFact, Verdict};
use crate::prompt::{Answer, Question};
use crate::rounding::CashRounding;
use crate::sale::{Sale, SaleChange, SaleFact, SaleStage, decide};
use crate::shift::{self, ShiftChange};
use crate::staff::{Act, Acted};
use crate::tax::VatRate;
use crate::tender::TenderKind;
use jiff::Timestamp;
use proptest::prelude::*;

const SWEDEN: CashRounding = CashRounding::nearest(100);

fn ann() -> StaffId {
    StaffId::of(&seed(1))
}
fn one(minor: i64) -> Count {
    Count { count: 1, minor }
}

/// A till's books, and its acts as facts.
#[derive(Default)]
struct Shop {
    books: Books,
    facts: Vec<(Fact, Timestamp)>,
}

impl Shop {
    fn note(&mut self, fact: Fact) {
        let read = Fact::decode(fact.kind(), Fact::VERSION, &fact.body());
        assert_eq!(read.as_ref(), Ok(&fact), "{}", fact.body());
        let at = after(i64::try_from(self.facts.len()).unwrap());
        self.books.apply(&fact, at);
        self.facts.push((fact, at));
        let text = serde_json::to_string(&self.books.day).unwrap();
        assert_eq!(serde_json::from_str::<Day>(&text).unwrap(), self.books.day);
    }
    fn case(&mut self, case: &Case) {
        let id = case.payment.id();
        for (fact, _) in &case.facts {
            self.note(Fact::Payment { operation: id, fact: fact.clone() });
        }
    }
    /// The facts of a case beyond these.
    fn rest(&mut self, case: &Case, known: usize) {
        for (fact, _) in &case.facts[known..] {
            self.note(Fact::Payment { operation: case.payment.id(), fact: fact.clone() });
        }
    }
    fn begin(&mut self, number: u8) -> SaleId {
        let sale = SaleId::of(&seed(number));
        let currency = Currency::parse("SEK").unwrap();
        self.note(Fact::Sale { sale, fact: SaleFact::Begun { currency, by: ann() } });
        sale
    }
    fn on(&mut self, id: SaleId, change: SaleChange) {
        let sale: &Sale = &self.books.sales[&id];
        let payments = self.books.payments.values();
        for fact in decide(sale, ann(), sale.revision, change, payments).unwrap() {
            self.note(Fact::Sale { sale: id, fact });
        }
    }
    fn add(&mut self, id: SaleId, minor: i64, points: u16, pieces: i64) {
        let vat = VatRate::new(points).unwrap();
        let product = Product { sku: None, name: "x".into(), price: sek(minor), vat, unit: Unit::Piece };
        let quantity = Quantity::pieces(pieces).unwrap();
        self.on(id, SaleChange::Lines(BasketChange::Add { product, quantity }));
    }
    fn cash(&mut self, id: SaleId, slot: u16, given: i64) {
        self.on(id, SaleChange::TakeCash { slot, given: sek(given), rule: SWEDEN });
    }
    /// Pays what is due by card, a tip on top.
    fn card(&mut self, id: SaleId, number: u8, tip: i64) {
        let sale = &self.books.sales[&id];
        let due = sale.due(self.books.payments.values()).minor;
        let case = Case::of(Operation { sale: Some(id), ..operation(number, Kind::Sale, due) }).sent();
        let amount = Some(sek(due + tip));
        let told = Outcome { amount, tip: Some(sek(tip)), ..outcome(&case.payment, Said::Approved) };
        let fact = SaleFact::Tendered { slot: case.payment.operation.slot, operation: case.payment.id() };
        self.note(Fact::Sale { sale: id, fact });
        self.case(&case.answered(told));
        if self.books.sales[&id].completes_itself(self.books.payments.values()) {
            self.note(Fact::Sale { sale: id, fact: SaleFact::Completed });
        }
    }
    fn shift(&mut self, change: ShiftChange) {
        let fact = shift::decide(self.books.day.shift(), ann(), change).unwrap();
        self.note(Fact::Shift { shift: ShiftId::of(&seed(9)), fact });
    }
    fn close_day(&mut self) {
        let number = self.books.day.number;
        let report = self.books.day.report_z(number, ann(), noon()).unwrap();
        assert_eq!(report.number, Some(number));
        self.note(Fact::DayClosed { report: Box::new(report) });
    }
    fn totals(&self) -> &super::Totals {
        &self.books.day.totals[&Currency::parse("SEK").unwrap()]
    }
    fn row(&self, kind: TenderKind) -> (Count, Count) {
        let row = self.totals().tenders.iter().find(|row| row.kind == kind);
        row.map_or_else(Default::default, |row| (row.taken, row.back))
    }
}

#[test]
fn a_day_of_cash_and_cards() {
    let mut shop = Shop::default();
    shop.shift(ShiftChange::Open { float: sek(100_000) });
    let groceries = shop.begin(11);
    shop.add(groceries, 1_590, 1200, 3);
    shop.add(groceries, 9_995, 2500, 1);
    shop.on(
        groceries,
        SaleChange::Lines(BasketChange::Discount { discount: Some(Discount::Percent(1000)) }),
    );
    shop.cash(groceries, 0, 20_000);
    let pan = shop.begin(12);
    shop.add(pan, 49_900, 2500, 1);
    shop.add(pan, 100, 2500, 1);
    shop.on(pan, SaleChange::Lines(BasketChange::Remove { line: 2 }));
    shop.card(pan, 1, 500);
    let returned = shop.begin(13);
    shop.add(returned, 1_590, 1200, -1);
    shop.cash(returned, 0, 0);
    let given_up = shop.begin(14);
    shop.add(given_up, 100, 600, 1);
    shop.cash(given_up, 0, 100);
    let voided = shop.begin(15);
    shop.add(voided, 5_000, 600, 1);
    shop.cash(voided, 0, 1_000);
    shop.on(voided, SaleChange::HandBack { slot: 0 });
    shop.on(voided, SaleChange::Void);

    let totals = shop.totals();
    // 147.65 less a tenth of it (14.77) is 132.88, in cash 133.00.
    assert_eq!(totals.sales, Count { count: 3, minor: 13_288 + 49_900 + 100 });
    assert_eq!(totals.returns, one(-1_590));
    assert_eq!((totals.voided, totals.corrections, totals.untaxed), (1, 1, 0));
    assert_eq!(totals.discounts, one(1_477));
    assert_eq!((totals.rounding, totals.tips), (12 - 10, 500));
    assert_eq!(shop.row(TenderKind::Cash), (Count { count: 2, minor: 13_400 }, one(1_600)));
    assert_eq!(shop.row(TenderKind::Card), (one(50_400), Count::default()));
    let sold = totals.sales.minor + totals.returns.minor;
    assert_eq!(totals.vat.iter().map(|row| row.gross).sum::<i64>(), sold);
    assert!(totals.vat.iter().all(|row| row.net + row.vat == row.gross));
    assert_eq!(totals.net_taken(), sold + totals.rounding + totals.tips + totals.cash_back);
    assert_eq!(shop.books.day.shift().unwrap().expected(), sek(100_000 + 13_400 - 1_600));
    assert!(shop.books.day.open_sales.is_empty());
}

#[test]
fn an_x_changes_nothing_and_a_z_closes_the_day() {
    let mut shop = Shop::default();
    let sale = shop.begin(11);
    shop.add(sale, 10_000, 2500, 1);
    shop.shift(ShiftChange::Open { float: sek(0) });
    shop.cash(sale, 0, 10_000);
    shop.note(Fact::Acted { acted: Acted::bare(Act::OpenDrawer, ann()) });
    shop.note(Fact::Acted { acted: Acted::bare(Act::Reprint, ann()) });
    shop.note(Fact::Acted { acted: Acted::bare(Act::SeeDay, ann()) });
    let before = shop.books.day.clone();
    let report = before.report_x(ann(), noon());
    assert_eq!((report.number, report.drawer_openings, report.copies), (None, 1, 1));
    assert_eq!(shop.books.day, before);
    assert_eq!(before.report_z(1, ann(), noon()), Err(NoReport::ShiftOpen));
    shop.shift(ShiftChange::Count { counted: sek(9_900), coins: Vec::new() });
    shop.shift(ShiftChange::Close);
    assert_eq!(shop.books.day.report_z(2, ann(), noon()), Err(NoReport::Stale));
    let report = shop.books.day.report_z(1, ann(), noon()).unwrap();
    assert_eq!(report.shifts[0].count.unwrap().difference(), sek(-100));
    shop.close_day();
    let day = &shop.books.day;
    assert_eq!((day.number, day.from, day.drawer_openings, day.shifts.len()), (2, None, 0, 0));
    assert_eq!((shop.totals().sales, shop.totals().ever_sold), (Count::default(), 10_000));
    assert_eq!(day.report_z(1, ann(), noon()), Err(NoReport::Stale), "a second click");
    shop.close_day();
    assert_eq!(shop.books.day.number, 3, "without a gap, also where nothing happened");
}

#[test]
fn an_open_payment_is_listed_and_counts_when_it_settles() {
    let mut shop = Shop::default();
    let case = Case::sale(1, 10_000).disputed();
    shop.note(Fact::Sale { sale: the_sale(), fact: SaleFact::Opened { total: sek(10_000) } });
    shop.case(&case);
    let report = shop.books.day.report_z(1, ann(), noon()).unwrap();
    assert_eq!((report.open.len(), report.open[0].state.as_str(), report.open_sales), (1, "disputed", 1));
    shop.close_day();
    let known = case.facts.len();
    let settled = case.on(Event::Decide(by_hand(Verdict::Approved)));
    shop.rest(&settled, known);
    shop.note(Fact::Sale { sale: the_sale(), fact: SaleFact::Completed });
    assert!(shop.books.day.open.is_empty() && shop.books.day.open_sales.is_empty());
    assert_eq!(shop.row(TenderKind::Card).0, one(10_000));
    assert_eq!((shop.totals().sales, shop.totals().untaxed), (one(10_000), 10_000));
    // A later word of the provider contradicts the person; accepting it takes the money off the next day.
    shop.close_day();
    let known = settled.facts.len();
    let told = outcome(&settled.payment, Said::Declined);
    let contradicted = settled.found(told);
    shop.rest(&contradicted, known);
    assert_eq!(shop.books.day.open.len(), 1, "it waits for a person");
    let known = contradicted.facts.len();
    let accepted = contradicted.on(Event::AcceptLate);
    shop.rest(&accepted, known);
    assert_eq!(shop.row(TenderKind::Card).0, Count { count: -1, minor: -10_000 });
    assert!(shop.books.day.open.is_empty());
}

#[test]
fn money_back_and_what_never_counted() {
    let mut shop = Shop::default();
    let paid = Case::sale(1, 10_000).told(Said::Approved);
    let refund = Case::of(back(2, Kind::Refund, &paid.payment, 3_000)).sent().told(Said::Approved);
    let undo = Case::of(back(3, Kind::Reversal, &refund.payment, 3_000)).sent().told(Said::Approved);
    let declined = Case::of(back(4, Kind::Refund, &paid.payment, 500)).sent().told(Said::Declined);
    let all = Case::of(back(5, Kind::Reversal, &paid.payment, 10_000)).sent().told(Said::Approved);
    for case in [&paid, &refund, &undo, &declined, &all] {
        shop.case(case);
    }
    assert_eq!(
        (shop.totals().refunds, shop.totals().reversals),
        (one(3_000), Count { count: 2, minor: 13_000 })
    );
    let (taken, gone) = shop.row(TenderKind::Card);
    assert_eq!((taken, gone), (Count { count: 2, minor: 13_000 }, Count { count: 2, minor: 13_000 }));
    let signed = refused_signature();
    signed.iter().for_each(|case| shop.case(case));
    assert_eq!(shop.totals().undone, one(700));
    assert_eq!(shop.row(TenderKind::Card), (taken, gone), "a refused signature never counted");
    let payments: Vec<&Payment> = shop.books.payments.values().collect();
    assert_eq!(ledger::total(payments.into_iter()), shop.totals().net_taken());
}

/// A payment whose signature was refused, and the reversal that undid it.
fn refused_signature() -> [Case; 2] {
    let prompt = crate::payment::tests::stage::prompt(1, Question::Signature);
    let case = Case::sale(6, 700)
        .awaiting_signature()
        .on(Event::PromptOpened(prompt.clone()))
        .on(Event::PromptAnswered(prompt.id, Answer::No))
        .on(Event::ReversalIntended(OperationId::of(&seed(7))));
    let undo = back(7, Kind::Reversal, &case.payment, 700);
    let undo = Operation { motive: Some(Motive::SignatureRefused), ..undo };
    let undone = Case::of(undo).sent().told(Said::Approved);
    [case.on(Event::ReversalClosed(Verdict::Approved)), undone]
}

#[test]
fn cash_paid_out_with_a_card_leaves_the_drawer() {
    let mut shop = Shop::default();
    shop.shift(ShiftChange::Open { float: sek(50_000) });
    let wanted = Operation { cash_back: sek(2_000), ..operation(1, Kind::Sale, 12_000) };
    shop.case(&Case::of(wanted).sent().told(Said::Approved));
    assert_eq!((shop.totals().cash_back, shop.row(TenderKind::Card).0), (2_000, one(12_000)));
    assert_eq!(shop.books.day.shift().unwrap().expected(), sek(48_000));
}

#[test]
fn an_unclaimed_approval_is_listed_in_its_day() {
    let mut shop = Shop::default();
    let told = outcome(&Case::sale(1, 10_000).payment, Said::Approved);
    shop.note(Fact::Unclaimed { terminal: terminal("desk"), outcome: Box::new(told) });
    let report = shop.books.day.report_x(ann(), noon());
    assert_eq!(report.unclaimed[0].amount, Some(sek(10_000)));
    shop.close_day();
    assert!(shop.books.day.unclaimed.is_empty());
}

#[test]
fn the_business_day_begins_at_its_minute() {
    let rows = [
        ("2026-03-02T04:59:59", 300, "2026-03-01"),
        ("2026-03-02T05:00:00", 300, "2026-03-02"),
        ("2026-03-02T23:59:59", 300, "2026-03-02"),
        ("2026-01-01T00:00:00", 300, "2025-12-31"),
        ("2026-03-02T00:00:00", 0, "2026-03-02"),
    ];
    for (local, starts, day) in rows {
        assert_eq!(business_day(local.parse().unwrap(), starts).to_string(), day, "{local}");
    }
}

#[derive(Clone, Debug)]
enum Step {
    Add(i64, u16, i64),
    Cash(i64),
    Card(i64),
    Refund,
    Void,
    CloseDay,
}

fn step() -> impl Strategy<Value = Step> {
    let rate = prop_oneof![Just(2500u16), Just(1200), Just(600), Just(0)];
    let pieces = prop_oneof![4 => 1i64..5, 1 => -2i64..0];
    prop_oneof![
        4 => (1i64..30_000, rate, pieces).prop_map(|(minor, points, pieces)| {
            Step::Add(minor, points, pieces)
        }),
        2 => (0i64..500).prop_map(|coins| Step::Cash(coins * 100)),
        2 => (0i64..1_000).prop_map(Step::Card),
        1 => Just(Step::Refund),
        1 => Just(Step::Void),
        1 => Just(Step::CloseDay),
    ]
}

/// Rings up, pays and gives back as far as the rules let it.
fn live(shop: &mut Shop, number: u8, step: Step) {
    let open = shop.books.sales.values().find(|sale| sale.stage == SaleStage::Open).map(|sale| sale.id);
    let id = open.unwrap_or_else(|| shop.begin(number));
    let due = shop.books.sales[&id].due(shop.books.payments.values()).minor;
    match step {
        Step::Add(minor, points, pieces) if due > -100_000 || pieces > 0 => {
            let paid = !shop.books.sales[&id].paid(shop.books.payments.values()).is_zero();
            if pieces > 0 || !paid {
                shop.add(id, minor, points, pieces);
            }
        }
        Step::Cash(given) if due > 0 && given > 0 => {
            let slot = shop.books.sales[&id].next_slot();
            shop.cash(id, slot, given);
        }
        Step::Cash(_) if due < 0 => {
            let slot = shop.books.sales[&id].next_slot();
            shop.cash(id, slot, 0);
        }
        Step::Card(tip) if due > 0 => shop.card(id, number, tip),
        Step::Refund => {
            let names = |payment: &Payment, id| {
                payment.operation.original.as_ref().is_some_and(|original| original.operation == id)
            };
            let all: Vec<Payment> = shop.books.payments.values().cloned().collect();
            let fresh = all
                .iter()
                .find(|payment| payment.is_sale() && !all.iter().any(|other| names(other, payment.id())));
            if let Some(original) = fresh {
                let minor = original.approved().minor;
                shop.case(
                    &Case::of(back(number, Kind::Refund, original, minor)).sent().told(Said::Approved),
                );
            }
        }
        Step::Void if shop.books.sales[&id].may_void(shop.books.payments.values()).is_ok() => {
            shop.on(id, SaleChange::Void);
        }
        Step::CloseDay => shop.close_day(),
        Step::Add(..) | Step::Cash(_) | Step::Card(_) | Step::Void => {}
    }
}

proptest! {
    #[test]
    fn reports_sales_and_the_bank_agree(steps in proptest::collection::vec(step(), 0..40)) {
        let mut shop = Shop::default();
        for (number, step) in (10u8..).zip(steps) {
            live(&mut shop, number, step);
        }
        // Over all days: reports that were written down, and the day that is open.
        let mut reports = Vec::new();
        for (fact, _) in &shop.facts {
            if let Fact::DayClosed { report } = fact {
                reports.push(report.as_ref().clone());
            }
        }
        let numbers: Vec<u32> = reports.iter().filter_map(|report| report.number).collect();
        prop_assert!((1u32..).zip(&numbers).all(|(want, number)| want == *number), "{numbers:?}");
        reports.push(shop.books.day.report_x(ann(), noon()));
        let sum = |of: fn(&super::Totals) -> i64| {
            reports.iter().flat_map(|report| &report.totals).map(of).sum::<i64>()
        };
        let cash = |totals: &super::Totals| {
            let rows = totals.tenders.iter().filter(|row| row.kind == TenderKind::Cash);
            rows.map(|row| row.taken.minor - row.back.minor).sum::<i64>()
        };
        let bank = ledger::total(shop.books.payments.values());
        prop_assert_eq!(sum(super::Totals::net_taken) - sum(cash), bank, "bank = reports");
        let done = shop.books.sales.values().filter(|sale| sale.stage == SaleStage::Completed);
        let total: i64 = done.clone().map(|sale| sale.total.minor).sum();
        prop_assert_eq!(sum(|totals| totals.sales.minor + totals.returns.minor), total);
        let vat = |totals: &super::Totals| totals.vat.iter().map(|row| row.net + row.vat).sum();
        prop_assert_eq!(sum(vat), total);
        prop_assert_eq!(sum(|totals| totals.rounding), done.map(|sale| sale.rounding).sum::<i64>());
        let drawer: i64 = shop.books.sales.values()
            .flat_map(Sale::kept_cash).map(|(_, cash)| cash.amount.minor).sum();
        prop_assert_eq!(sum(cash), drawer);
        let mut again = Books::default();
        shop.facts.iter().for_each(|(fact, at)| again.apply(fact, *at));
        prop_assert_eq!(again, shop.books);
    }
}

#[test]
fn facts_about_nothing_known_change_nothing() {
    let mut books = Books::default();
    let fact = PaymentFact::AbortAsked;
    books.apply(&Fact::Payment { operation: OperationId::of(&seed(1)), fact }, noon());
    books.apply(&Fact::Sale { sale: the_sale(), fact: SaleFact::Recalled }, noon());
    assert_eq!(books, Books::default());
}
