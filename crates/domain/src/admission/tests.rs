//! R2, R6 and R11: which operation may start beside what is open.

use super::{Admission, NotAdmitted, admit};
use crate::ids::OperationId;
use crate::money::LARGEST_MINOR;
use crate::operation::{Kind, Motive, Operation};
use crate::outcome::Said;
use crate::payment::tests::stage::{
    Case, approved, back, euro, gone_back, id, operation, prompt, sek, terminal,
};
use crate::payment::{Event, Payment};
use crate::prompt::{Answer, Question};
use crate::refund::NoRefund;
use std::collections::BTreeSet;

fn admitted(operation: &Operation, open: &[Payment], unblocked: &[OperationId]) -> Result<(), NotAdmitted> {
    against(operation, open, unblocked, None, &[])
}

fn against(
    operation: &Operation,
    open: &[Payment],
    unblocked: &[OperationId],
    original: Option<&Payment>,
    others: &[Payment],
) -> Result<(), NotAdmitted> {
    let (open, others): (Vec<&Payment>, Vec<&Payment>) = (open.iter().collect(), others.iter().collect());
    let unblocked: BTreeSet<OperationId> = unblocked.iter().copied().collect();
    admit(operation, &Admission { open: &open, unblocked: &unblocked, original, against: &others })
}

fn new() -> Operation {
    operation(8, Kind::Sale, 500)
}

fn refused() -> Case {
    let question = prompt(1, Question::Signature);
    Case::sale(1, 10_000)
        .awaiting_signature()
        .on(Event::PromptOpened(question.clone()))
        .on(Event::PromptAnswered(question.id, Answer::No))
}

fn undo(original: &Payment, kind: Kind, minor: i64) -> Operation {
    Operation { motive: Some(Motive::SignatureRefused), ..back(8, kind, original, minor) }
}

#[test]
fn one_money_operation_per_terminal() {
    let sale = || Case::sale(1, 10_000);
    let (busy, blocked) = (Err(NotAdmitted::Busy(id(1))), Err(NotAdmitted::Blocked(id(1))));
    // (open payment, what follows, what follows once a manager has unblocked it)
    let rows = [
        (Case::of(operation(1, Kind::Sale, 10_000)), &busy, &busy),
        (sale(), &busy, &busy),
        (sale().awaiting_signature(), &busy, &busy),
        (refused(), &busy, &busy),
        (refused().on(Event::ReversalIntended(id(2))), &busy, &busy),
        (sale().dropped(), &blocked, &Ok(())),
        (sale().disputed(), &blocked, &Ok(())),
        (sale().told(Said::Approved), &Ok(()), &Ok(())),
    ];
    for (case, expected, unblocked) in rows {
        let open = [case.payment];
        for kind in [Kind::Sale, Kind::Refund] {
            let new = operation(8, kind, 500);
            assert_eq!(admitted(&new, &open, &[]), *expected, "{:?}", open[0].stage);
            assert_eq!(admitted(&new, &open, &[id(1)]), *unblocked, "{:?}", open[0].stage);
            assert_eq!(admitted(&new, &open, &[id(7)]), *expected, "only what was named is unblocked");
        }
        let elsewhere = Operation { terminal: terminal("other"), ..new() };
        assert_eq!(admitted(&elsewhere, &open, &[]), Ok(()), "the other terminal is free");
    }
}

#[test]
fn every_open_payment_counts() {
    let open = [Case::sale(1, 100).dropped().payment, Case::sale(2, 100).disputed().payment];
    assert_eq!(admitted(&new(), &open, &[id(1)]), Err(NotAdmitted::Blocked(id(2))));
    assert_eq!(admitted(&new(), &open, &[id(1), id(2)]), Ok(()));
    let running = [Case::sale(1, 100).dropped().payment, Case::sale(2, 100).payment];
    assert_eq!(admitted(&new(), &running, &[id(1), id(2)]), Err(NotAdmitted::Busy(id(2))));
}

#[test]
fn what_can_be_asked_for() {
    let rows = [
        (sek(0), sek(0), false),
        (sek(-1), sek(0), false),
        (sek(1), sek(0), true),
        (sek(LARGEST_MINOR), sek(0), true),
        (sek(LARGEST_MINOR + 1), sek(0), false),
        (sek(100), sek(100), true),
        (sek(100), sek(101), false),
        (sek(100), sek(-1), false),
        (sek(100), euro(1), false),
    ];
    for (requested, cash_back, fits) in rows {
        let operation = Operation { requested, cash_back, ..new() };
        let expected = if fits { Ok(()) } else { Err(NotAdmitted::Amount) };
        assert_eq!(admitted(&operation, &[], &[]), expected, "{requested} {cash_back}");
    }
}

#[test]
fn money_back_needs_the_original_that_it_names() {
    let (original, other) = (approved(1, 10_000), approved(2, 10_000));
    let refund = back(8, Kind::Refund, &original, 100);
    let reversal = back(8, Kind::Reversal, &original, 10_000);
    assert_eq!(against(&refund, &[], &[], Some(&original), &[]), Ok(()));
    assert_eq!(against(&reversal, &[], &[], Some(&original), &[]), Ok(()));
    for operation in [&refund, &reversal] {
        assert_eq!(admitted(operation, &[], &[]), Err(NotAdmitted::NoOriginal), "it cannot be checked");
        let swapped = against(operation, &[], &[], Some(&other), &[]);
        assert_eq!(swapped, Err(NotAdmitted::NoOriginal));
    }
    assert_eq!(admitted(&operation(8, Kind::Refund, 100), &[], &[]), Ok(()), "a refund of no payment");
    assert_eq!(admitted(&operation(8, Kind::Reversal, 100), &[], &[]), Err(NotAdmitted::NoOriginal));
}

#[test]
fn money_back_is_bounded_by_its_original() {
    let original = approved(1, 10_000);
    let too_much = back(8, Kind::Refund, &original, 10_001);
    let refused = against(&too_much, &[], &[], Some(&original), &[]);
    assert_eq!(refused, Err(NotAdmitted::NoRefund(NoRefund::TooMuch)));

    let elsewhere = Operation { terminal: terminal("other"), ..back(2, Kind::Refund, &original, 9_000) };
    let unknown = Case::of(elsewhere).sent().dropped().payment;
    let again = back(8, Kind::Refund, &original, 1_000);
    let open = [unknown];
    let held = against(&again, &open, &[], Some(&original), &open);
    assert_eq!(held, Err(NotAdmitted::NoRefund(NoRefund::Held)), "unknown there, held here");
    let held = against(&again, &open, &[open[0].id()], Some(&original), &open);
    assert_eq!(held, Err(NotAdmitted::NoRefund(NoRefund::Held)), "unblocking a terminal frees no money");
}

#[test]
fn the_reversal_of_a_refused_signature_runs_while_its_original_waits() {
    let case = refused();
    let open = [case.payment.clone()];
    let operation = undo(&case.payment, Kind::Reversal, 10_000);
    assert_eq!(against(&operation, &open, &[], Some(&case.payment), &[]), Ok(()));
    let instead = undo(&case.payment, Kind::Refund, 10_000);
    assert_eq!(
        against(&instead, &open, &[], Some(&case.payment), &[]),
        Ok(()),
        "where a void is no option"
    );

    let by_cashier = back(8, Kind::Reversal, &case.payment, 10_000);
    let refused = against(&by_cashier, &open, &[], Some(&case.payment), &[]);
    assert_eq!(refused, Err(NotAdmitted::Busy(id(1))), "only its own reversal");
    let part = undo(&case.payment, Kind::Reversal, 9_999);
    let refused = against(&part, &open, &[], Some(&case.payment), &[]);
    assert_eq!(refused, Err(NotAdmitted::NoRefund(NoRefund::NotWhole)));
}

#[test]
fn a_refused_signature_is_undone_once() {
    let case = refused();
    let operation = undo(&case.payment, Kind::Reversal, 10_000);
    let first = Case::of(undo(&case.payment, Kind::Reversal, 10_000)).sent();
    let rows = [
        (first.clone().payment, Err(NotAdmitted::Busy(id(8)))),
        (first.clone().told(Said::Approved).payment, Err(NotAdmitted::NoRefund(NoRefund::PartlyRefunded))),
        (first.clone().told(Said::Declined).payment, Ok(())),
        (first.judged().payment, Ok(())),
    ];
    for (earlier, expected) in rows {
        let open = [case.payment.clone(), earlier.clone()];
        let result = against(&operation, &open, &[], Some(&case.payment), &[earlier]);
        assert_eq!(result, expected);
    }
    let linked = case.on(Event::ReversalIntended(id(3)));
    let open = [linked.payment.clone()];
    let second = against(&operation, &open, &[], Some(&linked.payment), &[]);
    assert_eq!(second, Err(NotAdmitted::Busy(id(1))), "one is linked already");
}

#[test]
fn an_unknown_reversal_on_another_terminal_holds_the_linked_one() {
    let case = refused();
    let elsewhere =
        Operation { terminal: terminal("other"), ..undo(&case.payment, Kind::Reversal, 10_000) };
    let unknown = Case::of(elsewhere).sent().dropped().payment;
    let operation = Operation { id: id(9), ..undo(&case.payment, Kind::Reversal, 10_000) };
    let open = [case.payment.clone(), unknown.clone()];
    let held = against(&operation, &open, &[], Some(&case.payment), &[unknown]);
    assert_eq!(held, Err(NotAdmitted::NoRefund(NoRefund::Held)));
}

#[test]
fn the_signature_motive_opens_no_side_door() {
    let closed = approved(1, 10_000);
    let returned = gone_back(back(2, Kind::Reversal, &closed, 10_000), Said::Approved);
    let operation = undo(&closed, Kind::Reversal, 10_000);
    let result = against(&operation, &[], &[], Some(&closed), &[returned]);
    assert_eq!(result, Err(NotAdmitted::NoRefund(NoRefund::PartlyRefunded)));
    let running = Case::sale(1, 10_000).payment;
    let early = undo(&running, Kind::Reversal, 10_000);
    let result = against(&early, std::slice::from_ref(&running), &[], Some(&running), &[]);
    assert_eq!(result, Err(NotAdmitted::Busy(id(1))));
}
