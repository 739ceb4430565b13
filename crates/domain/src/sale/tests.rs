//! R7 and R11 of a sale: what is paid, held and due; when it takes a tender, completes or is given up.

mod retail;

use super::{NoSale, Sale, SaleFact, SaleStage};
use crate::money::Money;
use crate::operation::{Kind, Operation};
use crate::outcome::{Outcome, Said};
use crate::payment::tests::stage::{
    Case, approved, back, by_hand, euro, gone_back, id, operation, outcome, sek, the_sale,
};
use crate::payment::{Event, Payment, Verdict};

fn sale(total: i64) -> Sale {
    Sale::opened(the_sale(), sek(total))
}

/// A sale of this total with these tenders in order.
fn with(total: i64, payments: &[Payment]) -> Sale {
    let tenders = payments.iter().filter(|payment| payment.is_sale());
    tenders.fold(sale(total), |sale, tender| {
        let fact = SaleFact::Tendered { slot: tender.operation.slot, operation: tender.id() };
        sale.evolve(&fact)
    })
}

fn tipped(number: u8, minor: i64, tip: i64) -> Payment {
    let case = Case::sale(number, minor);
    let amount = Some(sek(minor + tip));
    let told = Outcome { amount, tip: Some(sek(tip)), ..outcome(&case.payment, Said::Approved) };
    case.answered(told).payment
}

fn with_cash(number: u8, minor: i64, cash: i64) -> Operation {
    Operation { cash_back: sek(cash), ..operation(number, Kind::Sale, minor) }
}

fn cancelled_signature() -> Vec<Payment> {
    use crate::payment::tests::stage::prompt;
    use crate::prompt::{Answer, Question};
    let question = prompt(1, Question::Signature);
    let case = Case::sale(1, 10_000)
        .awaiting_signature()
        .on(Event::PromptOpened(question.clone()))
        .on(Event::PromptAnswered(question.id, Answer::No))
        .on(Event::ReversalIntended(id(2)));
    let reversal = gone_back(back(2, Kind::Reversal, &case.payment, 10_000), Said::Approved);
    vec![case.on(Event::ReversalClosed(Verdict::Approved)).payment, reversal]
}

/// A tender judged as not charged, found approved late, and given back.
fn given_back() -> Vec<Payment> {
    let case = Case::sale(1, 10_000).judged();
    let told = outcome(&case.payment, Said::Approved);
    let case = case.found(told).on(Event::GiveBack(id(2)));
    let reversal = gone_back(back(2, Kind::Reversal, &case.payment, 10_000), Said::Approved);
    vec![case.on(Event::GivenBack(Verdict::Approved)).payment, reversal]
}

/// Name, payments, then what is paid, held and due of a sale over 100.00.
type Row = (&'static str, Vec<Payment>, i64, i64, i64);

fn tender_rows() -> Vec<Row> {
    let one = || Case::sale(1, 10_000);
    let partial = one().told(Said::Partial).payment;
    let silent_cash = {
        let case = Case::of(with_cash(1, 12_000, 2_000)).sent();
        let told = Outcome { cash_back: None, ..outcome(&case.payment, Said::Approved) };
        case.answered(told).payment
    };
    let cash_by_hand = Case::of(with_cash(1, 12_000, 2_000))
        .sent()
        .disputed()
        .on(Event::Decide(by_hand(Verdict::Approved)));
    vec![
        ("nothing yet", vec![], 0, 0, 10_000),
        ("approved", vec![approved(1, 10_000)], 10_000, 0, 0),
        ("declined", vec![one().told(Said::Declined).payment], 0, 0, 10_000),
        ("judged as not charged", vec![one().judged().payment], 0, 0, 10_000),
        ("partly approved", vec![partial.clone()], 5_000, 0, 5_000),
        ("partly approved, and the rest", vec![partial, approved(2, 5_000)], 10_000, 0, 0),
        ("with a tip", vec![tipped(1, 10_000, 1_000)], 10_000, 0, 0),
        (
            "with cash",
            vec![Case::of(with_cash(1, 12_000, 2_000)).sent().told(Said::Approved).payment],
            10_000,
            0,
            0,
        ),
        ("with cash that the answer does not name", vec![silent_cash], 10_000, 0, 0),
        ("with cash, decided by a person", vec![cash_by_hand.payment], 10_000, 0, 0),
        ("running", vec![one().payment], 0, 10_000, 0),
        ("unknown", vec![one().dropped().payment], 0, 10_000, 0),
        ("disputed", vec![one().disputed().payment], 0, 10_000, 0),
        ("signature unchecked", vec![one().awaiting_signature().payment], 0, 10_000, 0),
        ("running with cash", vec![Case::of(with_cash(1, 12_000, 2_000)).sent().payment], 0, 10_000, 0),
        (
            "half paid, half unknown",
            vec![approved(1, 4_000), Case::sale(2, 6_000).dropped().payment],
            4_000,
            6_000,
            0,
        ),
        ("a tender of another sale", vec![foreign_tender(1)], 0, 0, 10_000),
    ]
}

fn foreign_tender(number: u8) -> Payment {
    Case::of(Operation { sale: None, ..operation(number, Kind::Sale, 10_000) })
        .sent()
        .told(Said::Approved)
        .payment
}

fn back_rows() -> Vec<Row> {
    let full = approved(1, 10_000);
    let tip = tipped(1, 10_000, 1_000);
    let undo =
        |original: &Payment, minor| gone_back(back(2, Kind::Reversal, original, minor), Said::Approved);
    let refund =
        |original: &Payment, minor| gone_back(back(2, Kind::Refund, original, minor), Said::Approved);
    let silent = {
        let case = Case::of(back(2, Kind::Reversal, &full, 10_000)).sent();
        let told = Outcome { amount: None, ..outcome(&case.payment, Said::Approved) };
        case.answered(told).payment
    };
    let open = Case::of(back(2, Kind::Refund, &full, 3_000)).sent().payment;
    let declined = gone_back(back(2, Kind::Refund, &full, 3_000), Said::Declined);
    let part = refund(&full, 3_000);
    let part_undone = gone_back(back(3, Kind::Reversal, &part, 3_000), Said::Approved);
    let loose = Operation { sale: Some(the_sale()), ..operation(2, Kind::Refund, 3_000) };
    vec![
        ("reversed", vec![full.clone(), undo(&full, 10_000)], 0, 0, 10_000),
        ("reversed without an amount in the answer", vec![full.clone(), silent], 0, 0, 10_000),
        ("partly refunded", vec![full.clone(), part.clone()], 7_000, 0, 3_000),
        ("a refund under way", vec![full.clone(), open], 10_000, 0, 0),
        ("a declined refund", vec![full.clone(), declined], 10_000, 0, 0),
        ("a refund that was reversed", vec![full.clone(), part, part_undone], 10_000, 0, 0),
        ("reversed with its tip", vec![tip.clone(), undo(&tip, 11_000)], 0, 0, 10_000),
        ("refunded with half its tip", vec![tip.clone(), refund(&tip, 10_500)], 0, 0, 10_000),
        ("a refund of no payment", vec![full, gone_back(loose, Said::Approved)], 7_000, 0, 3_000),
        ("undone for its signature", cancelled_signature(), 0, 0, 10_000),
        ("a late approval given back", given_back(), 0, 0, 10_000),
    ]
}

#[test]
fn paid_held_and_due() {
    for (name, payments, paid, held, due) in tender_rows().into_iter().chain(back_rows()) {
        let sale = with(10_000, &payments);
        assert_eq!(sale.paid(payments.iter()), sek(paid), "{name}: paid");
        assert_eq!(sale.held(payments.iter()), sek(held), "{name}: held");
        assert_eq!(sale.due(payments.iter()), sek(due), "{name}: due");
        let completes = sale.may_complete(payments.iter()).is_ok();
        let open = payments.iter().any(Payment::is_open);
        assert_eq!(completes, paid == 10_000 && !open, "{name}: completes (R7)");
        let voids = sale.may_void(payments.iter()).is_ok();
        assert_eq!(voids, paid == 0 && !open, "{name}: may be given up");
        let more = sale.may_tender(sale.revision, 99, sek(due + 1), payments.iter());
        assert_eq!(more, Err(NoSale::MoreThanDue), "{name}: no tender beyond what is due (R11)");
        if due > 0 {
            assert_eq!(sale.may_tender(sale.revision, 99, sek(due), payments.iter()), Ok(()), "{name}");
        }
    }
}

#[test]
fn why_a_sale_waits() {
    let rows = [
        (Case::sale(1, 10_000).payment, NoSale::Held, NoSale::Held),
        (Case::sale(1, 10_000).disputed().payment, NoSale::Held, NoSale::Held),
        (approved(1, 4_000), NoSale::NotPaid, NoSale::Paid),
    ];
    for (payment, complete, void) in rows {
        let sale = with(10_000, std::slice::from_ref(&payment));
        assert_eq!(sale.may_complete([&payment].into_iter()), Err(complete));
        assert_eq!(sale.may_void([&payment].into_iter()), Err(void));
    }
    let full = approved(1, 10_000);
    for kind in [Kind::Refund, Kind::Reversal] {
        let under_way = Case::of(back(2, kind, &full, 10_000)).sent().dropped().payment;
        let payments = [full.clone(), under_way];
        let sale = with(10_000, &payments);
        assert_eq!(sale.may_complete(payments.iter()), Err(NoSale::Held), "money may be going back");
        assert_eq!(sale.may_void(payments.iter()), Err(NoSale::Held));
    }
    let refund = gone_back(back(2, Kind::Refund, &full, 10_000), Said::Approved);
    let undo = Case::of(back(3, Kind::Reversal, &refund, 10_000)).sent().dropped().payment;
    let payments = [full, refund, undo];
    let sale = with(10_000, &payments);
    assert_eq!(sale.may_void(payments.iter()), Err(NoSale::Held), "money may be coming in again");
}

#[test]
fn what_belongs_to_other_sales_holds_nothing() {
    let full = approved(1, 10_000);
    let elsewhere = foreign_tender(5);
    let refund = gone_back(back(6, Kind::Refund, &elsewhere, 100), Said::Approved);
    let others = [
        Case::of(Operation { sale: None, ..operation(7, Kind::Sale, 100) }).sent().payment,
        Case::of(operation(7, Kind::Refund, 100)).sent().dropped().payment,
        Case::of(back(7, Kind::Reversal, &elsewhere, 10_000)).sent().dropped().payment,
        Case::of(back(7, Kind::Reversal, &refund, 100)).sent().disputed().payment,
    ];
    for other in others {
        let payments = [full.clone(), approved(2, 0), elsewhere.clone(), refund.clone(), other];
        let sale = with(10_000, &payments[..2]);
        assert_eq!(sale.may_complete(payments.iter()), Ok(()), "{:?}", payments[4].operation.original);
    }
}

#[test]
fn a_second_click_finds_another_revision_or_a_used_slot() {
    let payment = Case::sale(1, 4_000).told(Said::Declined).payment;
    let sale = with(10_000, std::slice::from_ref(&payment));
    let may = |revision, slot| sale.may_tender(revision, slot, sek(100), [&payment].into_iter());
    assert_eq!(may(1, 2), Ok(()));
    assert_eq!(may(0, 2), Err(NoSale::Stale));
    assert_eq!(may(2, 2), Err(NoSale::Stale));
    assert_eq!(may(1, 1), Err(NoSale::SlotUsed));
    assert_eq!(may(0, 1), Err(NoSale::SlotUsed));
}

#[test]
fn a_finished_sale_takes_nothing() {
    for (fact, stage) in
        [(SaleFact::Completed, SaleStage::Completed), (SaleFact::Voided, SaleStage::Voided)]
    {
        let sale = sale(10_000).evolve(&fact);
        assert_eq!(sale.stage, stage);
        let none = || std::iter::empty::<&Payment>();
        assert_eq!(sale.may_tender(sale.revision, 0, sek(1), none()), Err(NoSale::Finished));
        assert_eq!(sale.may_complete(none()), Err(NoSale::Finished));
        assert_eq!(sale.may_void(none()), Err(NoSale::Finished));
    }
}

#[test]
fn currencies_never_mix() {
    let sale = sale(10_000);
    let small: Money = euro(1);
    let refused = sale.may_tender(0, 0, small, std::iter::empty::<&Payment>());
    assert_eq!(refused, Err(NoSale::Currency));
}

#[test]
fn a_late_approval_is_accepted_only_where_it_is_still_due() {
    let late = |cash: i64| {
        let case = Case::of(with_cash(1, 10_000 + cash, cash)).sent().judged();
        let told = outcome(&case.payment, Said::Approved);
        case.found(told).payment
    };
    for cash in [0, 2_000] {
        let tender = late(cash);
        let alone = [tender.clone()];
        assert_eq!(with(10_000, &alone).accept_late(&tender, alone.iter()), Ok(Vec::new()));
        let rest = [tender.clone(), approved(2, 1)];
        let refused = with(10_000, &rest).accept_late(&tender, rest.iter());
        assert_eq!(refused, Err(NoSale::MoreThanDue), "part was paid in another way");
        let trying = [tender.clone(), Case::sale(2, 10_000).payment];
        let refused = with(10_000, &trying).accept_late(&tender, trying.iter());
        assert_eq!(refused, Err(NoSale::MoreThanDue), "another tender holds it");
        for fact in [SaleFact::Completed, SaleFact::Voided] {
            let sale = with(10_000, &alone).evolve(&fact);
            assert_eq!(sale.accept_late(&tender, alone.iter()), Err(NoSale::Finished));
        }
    }
    let decided = Case::sale(1, 10_000).disputed().on(Event::Decide(by_hand(Verdict::Approved)));
    let told = outcome(&decided.payment, Said::Declined);
    let contradicted = decided.found(told).payment;
    let sale = with(10_000, std::slice::from_ref(&contradicted)).evolve(&SaleFact::Completed);
    let accepted = sale.accept_late(&contradicted, [&contradicted].into_iter());
    assert_eq!(accepted, Ok(vec![SaleFact::Reopened]), "that no money came is a fact nobody can refuse");
}

#[test]
fn a_completed_sale_that_a_late_refusal_leaves_unpaid_is_reopened() {
    let approved_by_hand = |number| {
        let case = Case::sale(number, 10_000).disputed();
        case.on(Event::Decide(by_hand(Verdict::Approved)))
    };
    let rows = [(Said::Declined, 0), (Said::Cancelled, 0), (Said::Partial, 5_000)];
    for (said, kept) in rows {
        let case = approved_by_hand(1);
        let told = outcome(&case.payment, said);
        let case = case.found(told);
        let contradicted = [case.payment.clone()];
        assert!(contradicted[0].attention.is_some(), "{said:?}");
        let sale = with(10_000, &contradicted).evolve(&SaleFact::Completed);
        assert!(sale.keeps_what_completed_it(contradicted.iter()), "{said:?}: not accepted yet");
        let facts = sale.accept_late(&contradicted[0], contradicted.iter()).unwrap();
        assert_eq!(facts, [SaleFact::Reopened], "{said:?}");
        let accepted = [case.on(Event::AcceptLate).payment];
        assert!(!sale.keeps_what_completed_it(accepted.iter()), "{said:?}: R7");
        let sale = sale.evolve(&SaleFact::Reopened);
        assert_eq!((sale.stage, sale.due(accepted.iter()).minor), (SaleStage::Open, 10_000 - kept));
        assert!(sale.keeps_what_completed_it(accepted.iter()), "{said:?}");
        assert!(!sale.completes_itself(accepted.iter()), "{said:?}");
    }
}

#[test]
fn what_went_back_of_a_completed_sale_leaves_it_completed() {
    let card = approved(1, 10_000);
    let refund = gone_back(back(2, Kind::Refund, &card, 4_000), Said::Approved);
    let sale = with(10_000, std::slice::from_ref(&card)).evolve(&SaleFact::Completed);
    let all = [card, refund];
    assert!(sale.keeps_what_completed_it(all.iter()));
    let undone = gone_back(back(3, Kind::Reversal, &all[1], 4_000), Said::Approved);
    let all = [all[0].clone(), all[1].clone(), undone];
    assert!(sale.keeps_what_completed_it(all.iter()));
}

#[test]
fn every_change_counts() {
    let sale = sale(0)
        .evolve(&SaleFact::Opened { total: sek(500) })
        .evolve(&SaleFact::Tendered { slot: 1, operation: id(1) });
    assert_eq!((sale.total, sale.revision, sale.tenders.get(&1)), (sek(500), 2, Some(&id(1))));
}
