//! Sales that are rung up: lines under tenders, cash, parking, returns; and that any order of everything
//! keeps R7, R11 and replay.

use super::super::{NoSale, Sale, SaleChange, SaleFact, SaleStage, decide};
use crate::basket::{BasketChange, BasketFact, Discount, NoChange, Product, Quantity, Unit};
use crate::ids::StaffId;
use crate::money::Currency;
use crate::operation::{Kind, Operation};
use crate::outcome::Said;
use crate::payment::Payment;
use crate::payment::tests::stage::{
    Case, approved, back, gone_back, operation, outcome, seed, sek, the_sale,
};
use crate::rounding::{CashRounding, ChangeRule, Direction, RoundedTenders};
use crate::tax::VatRate;
use crate::tender::NoCash;
use proptest::prelude::*;

const SWEDEN: CashRounding = CashRounding::nearest(100);
const EVERY: CashRounding = CashRounding { tenders: RoundedTenders::Every, ..SWEDEN };

fn cashier(number: u8) -> StaffId {
    StaffId::of(&seed(number))
}
fn begun() -> Sale {
    let currency = Currency::parse("SEK").unwrap();
    Sale::first(the_sale(), &SaleFact::Begun { currency, by: cashier(1) }).unwrap()
}
fn add(minor: i64, pieces: i64) -> SaleChange {
    let vat = VatRate::new(2500).unwrap();
    let product = Product { sku: None, name: "x".into(), price: sek(minor), vat, unit: Unit::Piece };
    SaleChange::Lines(BasketChange::Add { product, quantity: Quantity::pieces(pieces).unwrap() })
}
fn take(slot: u16, given: i64) -> SaleChange {
    SaleChange::TakeCash { slot, given: sek(given), rule: SWEDEN }
}
fn change(sale: &Sale, change: SaleChange, payments: &[Payment]) -> Result<Sale, NoSale> {
    let facts = decide(sale, cashier(1), sale.revision, change, payments.iter())?;
    for fact in &facts {
        let text = serde_json::to_string(fact).unwrap();
        assert_eq!(serde_json::from_str::<SaleFact>(&text).unwrap(), *fact);
    }
    let count = u32::try_from(facts.len()).unwrap();
    let changed = facts.iter().fold(sale.clone(), Sale::evolve_ref);
    assert_eq!(changed.revision, sale.revision + count, "every fact counts");
    let text = serde_json::to_string(&changed).unwrap();
    assert_eq!(serde_json::from_str::<Sale>(&text).unwrap(), changed);
    Ok(changed)
}
impl Sale {
    fn evolve_ref(self, fact: &SaleFact) -> Self {
        self.evolve(fact)
    }
}
/// A sale over this amount, rung up as one line, with these payments tendered.
fn rung_up(minor: i64, payments: &[Payment]) -> Sale {
    let sale = change(&begun(), add(minor, 1), &[]).unwrap();
    payments.iter().fold(sale, |sale, payment| {
        sale.evolve(&SaleFact::Tendered { slot: payment.operation.slot, operation: payment.id() })
    })
}

#[test]
fn cash_completes_a_sale() {
    let sale = change(&rung_up(4_950, &[]), take(0, 10_000), &[]).unwrap();
    assert_eq!((sale.stage, sale.rounded_total()), (SaleStage::Completed, sek(5_000)));
    assert_eq!(sale.cash[&0].change, sek(5_000));
    assert_eq!(sale.paid(std::iter::empty()), sale.rounded_total(), "R7");
    assert_eq!(change(&sale, take(1, 100), &[]), Err(NoSale::Finished));
}

#[test]
fn split_between_card_and_cash() {
    let card = approved(1, 3_025);
    let payments = std::slice::from_ref(&card);
    let sale = rung_up(10_050, payments);
    assert_eq!(sale.due(payments.iter()), sek(7_025));
    let part = change(&sale, take(2, 2_000), payments).unwrap();
    assert_eq!((part.stage, part.due(payments.iter())), (SaleStage::Open, sek(5_025)));
    let whole = change(&part, take(3, 5_000), payments).unwrap();
    assert_eq!((whole.stage, whole.rounding), (SaleStage::Completed, -25));
    let clicks = change(&part, take(2, 2_000), payments);
    assert_eq!(clicks, Err(NoSale::SlotUsed), "a second click finds the slot used");
    assert_eq!(part.may_tender(part.revision, 2, sek(1), payments.iter()), Err(NoSale::SlotUsed));
    assert_eq!(part.next_slot(), 3);
}

#[test]
fn cash_takes_only_what_no_payment_holds() {
    let running = Case::sale(1, 6_000).payment;
    let payments = std::slice::from_ref(&running);
    let sale = change(&rung_up(10_000, payments), take(2, 4_000), payments).unwrap();
    assert_eq!((sale.stage, sale.due(payments.iter())), (SaleStage::Open, sek(0)), "R11");
    assert_eq!(change(&sale, take(3, 4_000), payments), Err(NoSale::Cash(NoCash::NothingDue)));
    let declined = [Case::sale(1, 6_000).told(Said::Declined).payment];
    let sale = change(&sale, take(3, 6_000), &declined).unwrap();
    assert_eq!(sale.stage, SaleStage::Completed);
}

#[test]
fn nothing_changes_while_an_amount_is_on_the_terminal() {
    let open = [
        Case::sale(1, 10_000).payment,
        Case::sale(1, 10_000).dropped().payment,
        Case::sale(1, 10_000).disputed().payment,
        Case::sale(1, 10_000).awaiting_signature().payment,
    ];
    for payment in open {
        let payments = [payment];
        let sale = rung_up(10_000, &payments);
        let changes = [
            add(100, 1),
            SaleChange::Lines(BasketChange::Remove { line: 1 }),
            SaleChange::Lines(BasketChange::Discount { discount: Some(Discount::Percent(1)) }),
            SaleChange::Park { label: None },
            SaleChange::HandBack { slot: 5 },
            SaleChange::Round { rule: EVERY },
            SaleChange::Complete,
            SaleChange::Void,
        ];
        for wanted in changes {
            let refused = change(&sale, wanted.clone(), &payments);
            assert_eq!(refused, Err(NoSale::Held), "{wanted:?} at {:?}", payments[0].stage);
        }
    }
}

#[test]
fn a_parked_sale_waits_and_takes_nothing() {
    let sale = rung_up(10_000, &[]);
    let label = Some("green coat".to_owned());
    let parked = change(&sale, SaleChange::Park { label: label.clone() }, &[]).unwrap();
    assert_eq!(parked.parked.as_ref().unwrap().label, label);
    let refused = [add(1, 1), take(0, 10_000), SaleChange::Park { label: None }, SaleChange::Complete];
    for wanted in refused {
        assert_eq!(change(&parked, wanted, &[]), Err(NoSale::Parked));
    }
    let none = || std::iter::empty::<&Payment>();
    assert_eq!(parked.may_tender(parked.revision, 0, sek(1), none()), Err(NoSale::Parked));
    assert_eq!(change(&sale, SaleChange::Recall, &[]), Err(NoSale::NotParked));
    let again = change(&parked, SaleChange::Recall, &[]).unwrap();
    assert_eq!((again.parked.is_none(), again.due(none())), (true, sek(10_000)));
    assert_eq!(change(&parked, SaleChange::Void, &[]).unwrap().stage, SaleStage::Voided);
    assert_eq!(change(&begun(), SaleChange::Park { label: None }, &[]), Err(NoSale::Empty));
}

#[test]
fn who_takes_over_is_written_down() {
    let sale = rung_up(10_000, &[]);
    let facts = decide(&sale, cashier(2), sale.revision, add(1, 1), [].iter()).unwrap();
    assert_eq!(facts.first(), Some(&SaleFact::TakenOver { by: cashier(2) }));
    let sale = facts.iter().fold(sale, Sale::evolve_ref);
    assert_eq!((sale.cashier, sale.total), (Some(cashier(2)), sek(10_001)));
    let stale = decide(&sale, cashier(2), sale.revision - 1, add(1, 1), [].iter());
    assert_eq!(stale, Err(NoSale::Stale));
}

#[test]
fn lines_may_not_fall_below_what_is_paid() {
    let card = [approved(1, 6_000)];
    let sale = change(&rung_up(6_000, &card), add(4_000, 1), &card).unwrap();
    let remove = |line| SaleChange::Lines(BasketChange::Remove { line });
    assert_eq!(change(&sale, remove(1), &card), Err(NoSale::Paid));
    let less = change(&sale, remove(2), &card).unwrap();
    assert_eq!(change(&less, SaleChange::Complete, &card).unwrap().stage, SaleStage::Completed);
    assert_eq!(change(&less, remove(9), &card), Err(NoSale::Lines(NoChange::NoLine)));
    assert!(less.completes_itself(card.iter()), "a restart completes what is paid");
    assert_eq!(change(&sale, SaleChange::Void, &card), Err(NoSale::Paid));
}

#[test]
fn cash_is_handed_back_before_the_sale_is_given_up() {
    let sale = change(&rung_up(10_000, &[]), take(0, 4_000), &[]).unwrap();
    assert_eq!(change(&sale, SaleChange::Void, &[]), Err(NoSale::Paid));
    let back = change(&sale, SaleChange::HandBack { slot: 0 }, &[]).unwrap();
    assert_eq!(back.due(std::iter::empty()), sek(10_000));
    assert_eq!(change(&back, SaleChange::HandBack { slot: 0 }, &[]), Err(NoSale::NoCashTender));
    assert_eq!(change(&back, take(0, 4_000), &[]), Err(NoSale::SlotUsed), "slots are not used again");
    assert_eq!(change(&back, SaleChange::Void, &[]).unwrap().stage, SaleStage::Voided);
}

#[test]
fn rounding_belongs_to_the_lines_it_was_found_for() {
    // Half is held by a card that is declined after the cash settled the rest.
    let running = [Case::sale(1, 5_000).payment];
    let sale = change(&rung_up(10_025, &running), take(2, 10_000), &running).unwrap();
    assert_eq!((sale.rounding, sale.due(running.iter())), (-25, sek(0)));
    let declined = [Case::sale(1, 5_000).told(Said::Declined).payment];
    assert_eq!(sale.due(declined.iter()), sek(5_000), "what was due rounded stays so");
    let more = change(&sale, add(1_000, 1), &declined).unwrap();
    assert_eq!((more.rounding, more.due(declined.iter())), (0, sek(6_025)));
    let back = change(&more, SaleChange::HandBack { slot: 2 }, &declined).unwrap();
    assert_eq!((back.rounding, back.due(declined.iter())), (0, sek(11_025)));
    let back = change(&sale, SaleChange::HandBack { slot: 2 }, &declined).unwrap();
    assert_eq!((back.rounding, back.due(declined.iter())), (0, sek(10_025)));
}

#[test]
fn cash_is_rounded_once_however_often_a_card_fails_in_between() {
    // 100.50, of which a card holds a part that no coin fits; cash settles the rest; the card is declined.
    let running = [Case::sale(1, 6_030).payment];
    let sale = change(&rung_up(10_050, &running), take(2, 4_000), &running).unwrap();
    assert_eq!(sale.rounding, -20);
    let declined = [Case::sale(1, 6_030).told(Said::Declined).payment];
    assert_eq!(change(&sale, take(3, 6_000), &declined).unwrap().stage, SaleStage::Open, "60.50 is due");
    let whole = change(&sale, take(3, 6_100), &declined).unwrap();
    assert_eq!((whole.stage, whole.rounding), (SaleStage::Completed, 50), "100.50 in cash is 101");
    assert_eq!(whole.paid(declined.iter()), whole.rounded_total(), "R7");
    // The first cash goes back while the second stays: what is left is not rounded at all.
    let second = [declined[0].clone(), Case::sale(3, 3_025).payment];
    let held = sale.evolve(&SaleFact::Tendered { slot: 3, operation: second[1].id() });
    let held = change(&held, take(4, 3_000), &second).unwrap();
    assert_eq!((held.stage, held.rounding), (SaleStage::Open, -25));
    let failed = [declined[0].clone(), Case::sale(3, 3_025).told(Said::Declined).payment];
    let back = change(&held, SaleChange::HandBack { slot: 2 }, &failed).unwrap();
    assert_eq!((back.rounding, back.due(failed.iter())), (0, sek(7_050)));
}

#[test]
fn the_total_is_not_rounded_on_top_of_cash() {
    let running = [Case::sale(1, 6_030).payment];
    let sale = change(&rung_up(10_050, &running), take(2, 4_000), &running).unwrap();
    let declined = [Case::sale(1, 6_030).told(Said::Declined).payment];
    let rounded = change(&sale, SaleChange::Round { rule: EVERY }, &declined).unwrap();
    assert_eq!(rounded.rounding, -20);
}

#[test]
fn where_every_tender_is_rounded_cards_are_too() {
    let sale = rung_up(10_049, &[]);
    let rounded = change(&sale, SaleChange::Round { rule: EVERY }, &[]).unwrap();
    assert_eq!(rounded.due(std::iter::empty()), sek(10_000));
    assert_eq!(change(&rounded, SaleChange::Round { rule: EVERY }, &[]).unwrap(), rounded);
    assert_eq!(change(&sale, SaleChange::Round { rule: SWEDEN }, &[]).unwrap(), sale, "cash only");
    let card = [approved(1, 10_000)];
    assert!(rounded.completes_itself(card.iter()), "R7 with the rounded total");
}

#[test]
fn goods_that_come_back() {
    let cash = change(&change(&begun(), add(5_050, -1), &[]).unwrap(), take(0, 0), &[]).unwrap();
    assert_eq!((cash.stage, cash.cash[&0].change), (SaleStage::Completed, sek(5_100)));
    assert_eq!(cash.paid(std::iter::empty()), cash.rounded_total());
    // By a refund of the card that paid another sale.
    let other = Operation { sale: None, ..operation(1, Kind::Sale, 10_000) };
    let bought = Case::of(other).sent().told(Said::Approved).payment;
    let wanted = Operation { sale: Some(the_sale()), ..back(2, Kind::Refund, &bought, 5_050) };
    let sale = change(&begun(), add(5_050, -1), &[]).unwrap();
    let none = || std::iter::empty::<&Payment>();
    let may = |amount: i64| sale.may_refund(sale.revision, 2, sek(amount), none());
    assert_eq!(
        (may(5_050), may(5_051), may(0)),
        (Ok(()), Err(NoSale::MoreThanDue), Err(NoSale::MoreThanDue))
    );
    assert_eq!(sale.may_tender(sale.revision, 2, sek(1), none()), Err(NoSale::MoreThanDue));
    let sale = sale.evolve(&SaleFact::Tendered { slot: 2, operation: wanted.id });
    let open = [bought.clone(), Case::of(wanted.clone()).sent().payment];
    assert_eq!((sale.due(open.iter()), sale.may_complete(open.iter())), (sek(0), Err(NoSale::Held)));
    let done = [bought.clone(), gone_back(wanted.clone(), Said::Approved)];
    assert_eq!(sale.paid(done.iter()), sek(-5_050));
    assert!(sale.completes_itself(done.iter()));
    let undone = gone_back(back(3, Kind::Reversal, &done[1], 5_050), Said::Approved);
    let undone = [bought.clone(), done[1].clone(), undone];
    assert_eq!(sale.due(undone.iter()), sek(-5_050), "the refund was reversed");
    let declined = [bought, gone_back(wanted, Said::Declined)];
    assert_eq!(sale.due(declined.iter()), sek(-5_050));
}

#[test]
fn a_sale_that_comes_to_nothing_waits_for_the_cashier() {
    let none = || std::iter::empty::<&Payment>();
    assert_eq!(begun().may_complete(none()), Err(NoSale::Empty));
    let gift = rung_up(0, &[]);
    assert!(!gift.completes_itself(none()));
    assert_eq!(change(&gift, take(0, 0), &[]), Err(NoSale::Cash(NoCash::NothingDue)));
    assert_eq!(change(&gift, SaleChange::Complete, &[]).unwrap().stage, SaleStage::Completed);
}

#[test]
fn an_amount_alone_has_no_lines_and_looks_as_it_always_did() {
    let sale = Sale::opened(the_sale(), sek(10_000));
    for wanted in [add(1, 1), take(0, 10_000), SaleChange::Park { label: None }] {
        assert_eq!(change(&sale, wanted, &[]), Err(NoSale::AmountOnly));
    }
    let text = serde_json::to_string(&sale).unwrap();
    let rest = r#""revision":0,"tenders":{},"stage":"open"}"#;
    let total = r#""total":{"minor":10000,"currency":"SEK"}"#;
    let frozen = format!(r#"{{"id":"{}",{total},{rest}"#, the_sale());
    assert_eq!(text, frozen);
    let fact = SaleFact::Changed { fact: BasketFact::LineRemoved { line: 1 } };
    assert_eq!(Sale::first(the_sale(), &fact), None);
}

#[derive(Clone, Debug)]
enum Step {
    Change(SaleChange),
    Card(i64),
    End(Said),
    Lose,
    Back,
}

fn step() -> impl Strategy<Value = Step> {
    let said = prop_oneof![Just(Said::Approved), Just(Said::Partial), Just(Said::Declined)];
    let of_lines = prop_oneof![
        Just(BasketChange::Remove { line: 1 }),
        Just(BasketChange::Restore { line: 1 }),
        (1u16..9_999)
            .prop_map(|points| BasketChange::Discount { discount: Some(Discount::Percent(points)) }),
    ];
    prop_oneof![
        4 => (1i64..20_000, -1i64..4).prop_filter("no line of nothing", |(_, pieces)| *pieces != 0)
            .prop_map(|(minor, pieces)| Step::Change(add(minor, pieces))),
        3 => (0u16..12, 0i64..300).prop_map(|(slot, coins)| Step::Change(take(slot, coins * 100))),
        1 => of_lines.prop_map(|change| Step::Change(SaleChange::Lines(change))),
        1 => (0u16..12).prop_map(|slot| Step::Change(SaleChange::HandBack { slot })),
        1 => Just(Step::Change(SaleChange::Park { label: None })),
        1 => Just(Step::Change(SaleChange::Recall)),
        1 => Just(Step::Change(SaleChange::Complete)),
        1 => Just(Step::Change(SaleChange::Void)),
        1 => Just(Step::Change(SaleChange::Round { rule: EVERY })),
        3 => (1i64..20_000).prop_map(Step::Card),
        3 => said.prop_map(Step::End),
        1 => Just(Step::Lose),
        1 => Just(Step::Back),
    ]
}

fn rule() -> impl Strategy<Value = CashRounding> {
    let directions = [Direction::HalfUp, Direction::HalfDown, Direction::Up, Direction::Down];
    let direction = || proptest::sample::select(directions.to_vec());
    let tenders = proptest::sample::select(vec![RoundedTenders::Cash, RoundedTenders::Every]);
    let change = prop_oneof![Just(ChangeRule::FromRounded), direction().prop_map(ChangeRule::Rounded)];
    (proptest::sample::select(vec![1i64, 5, 10, 100]), direction(), tenders, change)
        .prop_map(|(step, direction, tenders, change)| CashRounding { step, direction, tenders, change })
}

/// Payments that hold, pay or fail, and cash before, between and after them.
fn tender_step() -> impl Strategy<Value = Step> {
    let said = prop_oneof![Just(Said::Approved), Just(Said::Partial), Just(Said::Declined)];
    prop_oneof![
        4 => (0u16..12, 0i64..20_000).prop_map(|(slot, minor)| Step::Change(take(slot, minor))),
        1 => (0u16..12).prop_map(|slot| Step::Change(SaleChange::HandBack { slot })),
        1 => Just(Step::Change(SaleChange::Round { rule: EVERY })),
        4 => (1i64..20_000).prop_map(Step::Card),
        4 => said.prop_map(Step::End),
        1 => Just(Step::Back),
    ]
}

/// Half a step where the nearest counts, otherwise less than a step. Change that is rounded by a rule of its
/// own leaves what that rule leaves.
fn at_most_one_rounding(rule: &CashRounding, rounding: i64) -> bool {
    let is_nearest = |direction| matches!(direction, Direction::HalfUp | Direction::HalfDown);
    let by_change = match rule.change {
        ChangeRule::FromRounded => rule.direction,
        ChangeRule::Rounded(direction) => direction,
    };
    match is_nearest(rule.direction) && is_nearest(by_change) {
        true => rounding.abs() * 2 <= rule.step,
        false => rounding.abs() < rule.step,
    }
}

/// A sale and its payments as they live through steps.
struct Life {
    sale: Sale,
    cases: Vec<Case>,
    facts: Vec<SaleFact>,
}

impl Life {
    fn payments(&self) -> Vec<Payment> {
        self.cases.iter().map(|case| case.payment.clone()).collect()
    }
    fn note(&mut self, fact: SaleFact) {
        self.sale = self.sale.clone().evolve(&fact);
        self.facts.push(fact);
    }
    fn live(&mut self, step: Step) {
        let payments = self.payments();
        match step {
            Step::Change(change) => {
                let facts = decide(&self.sale, cashier(1), self.sale.revision, change, payments.iter());
                facts.into_iter().flatten().for_each(|fact| self.note(fact));
            }
            Step::Card(minor) => {
                let number = u8::try_from(self.cases.len() + 1).unwrap();
                let slot = self.sale.next_slot();
                let revision = self.sale.revision;
                if self.sale.may_tender(revision, slot, sek(minor), payments.iter()).is_ok() {
                    let wanted = Operation { slot, ..operation(number, Kind::Sale, minor) };
                    self.note(SaleFact::Tendered { slot, operation: wanted.id });
                    self.cases.push(Case::of(wanted).sent());
                }
            }
            Step::End(said) => {
                if let Some(case) = self.cases.iter_mut().find(|case| case.payment.is_open()) {
                    let told = outcome(&case.payment, said);
                    let source = crate::payment::Source::Enquired;
                    let _ = case.happen(crate::payment::Event::Outcome(Box::new(told), source));
                }
            }
            Step::Lose => {
                if let Some(case) = self.cases.iter_mut().find(|case| case.payment.is_open()) {
                    let _ = case.happen(crate::payment::Event::Dropped(crate::outcome::Reason::AnswerLost));
                }
            }
            Step::Back => {
                let approved = payments.iter().find(|payment| {
                    payment.is_sale() && payment.verdict().is_some_and(|verdict| verdict.moved_money())
                });
                let number = u8::try_from(self.cases.len() + 1).unwrap();
                let undone = |id| {
                    payments
                        .iter()
                        .any(|p| p.operation.original.as_ref().is_some_and(|o| o.operation == id))
                };
                if let Some(original) =
                    approved.filter(|original| !undone(original.id()) && self.sale.stage == SaleStage::Open)
                {
                    let undo = back(number, Kind::Reversal, original, original.approved().minor);
                    self.cases.push(Case::of(undo).sent());
                }
            }
        }
        let payments = self.payments();
        if self.sale.completes_itself(payments.iter()) {
            self.note(SaleFact::Completed);
        }
    }
}

proptest! {
    #[test]
    fn whatever_the_order_of_tenders_there_is_one_rounding(
        rule in rule(),
        total in 1i64..30_000,
        steps in proptest::collection::vec(tender_step(), 0..30),
    ) {
        let sale = change(&begun(), add(total, 1), &[]).unwrap();
        let mut life = Life { sale, cases: Vec::new(), facts: Vec::new() };
        for step in steps {
            life.live(if let Step::Change(SaleChange::TakeCash { slot, given, .. }) = step {
                let coins = sek(given.minor / rule.step * rule.step);
                Step::Change(SaleChange::TakeCash { slot, given: coins, rule })
            } else if let Step::Change(SaleChange::Round { .. }) = step {
                Step::Change(SaleChange::Round { rule })
            } else {
                step
            });
            prop_assert!(at_most_one_rounding(&rule, life.sale.rounding), "{:?}", life.sale);
            if life.sale.stage == SaleStage::Completed {
                prop_assert_eq!(life.sale.paid(life.payments().iter()), life.sale.rounded_total(), "R7");
            }
        }
    }

    #[test]
    fn any_order_of_everything(steps in proptest::collection::vec(step(), 0..40)) {
        let mut life = Life { sale: begun(), cases: Vec::new(), facts: Vec::new() };
        for step in steps {
            let before = life.sale.clone();
            life.live(step.clone());
            let payments = life.payments();
            let open = payments.iter().any(Payment::is_open);
            let sale = &life.sale;
            prop_assert!(at_most_one_rounding(&SWEDEN, sale.rounding), "{sale:?}");
            if before.stage != SaleStage::Open {
                prop_assert_eq!(&before, sale, "a finished sale stays as it is");
            } else if sale.stage == SaleStage::Completed {
                prop_assert_eq!(sale.paid(payments.iter()), sale.rounded_total(), "R7");
                prop_assert!(!open, "R11");
            } else if sale.stage == SaleStage::Voided {
                prop_assert!(!open && sale.paid(payments.iter()).is_zero());
            }
            let paying = payments.iter().any(|payment| payment.is_open() && payment.is_sale());
            prop_assert!(!(sale.parked.is_some() && paying), "no payment is open under a parked sale");
            if open && !matches!(step, Step::Card(_)) {
                prop_assert_eq!(&before.basket, &sale.basket, "lines stay while an amount is out");
            }
            if let Some(totals) = sale.totals() {
                prop_assert_eq!(totals.total, sale.total);
                let gross: i64 = totals.vat.iter().map(|part| part.gross.minor).sum();
                prop_assert_eq!(gross, sale.total.minor, "VAT sums");
            }
        }
        let replayed = life.facts.iter().fold(begun(), Sale::evolve_ref);
        prop_assert_eq!(replayed, life.sale);
    }
}
