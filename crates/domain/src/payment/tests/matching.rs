//! R4 as table rows: what is ours, what is not, and for which reason.

use super::stage::{Case, after, back, euro, operation, outcome, reference, sek};
use crate::ids::Reference;
use crate::operation::{Kind, Operation};
use crate::outcome::{Outcome, Reason, Said};
use crate::payment::{Event, Match, Mismatch, Payment, Verdict, matching};
use jiff::SignedDuration;

fn foreign(mismatch: &[Mismatch]) -> Match {
    Match::Foreign(mismatch.to_vec())
}

/// One row: how the answer differs from one that fits, and what it is then.
type Row = (&'static str, Said, fn(&mut Outcome), Match);

fn check(payment: &Payment, rows: &[Row]) {
    for (name, said, change, expected) in rows {
        let mut answer = outcome(payment, *said);
        change(&mut answer);
        assert_eq!(matching(payment, &answer, Some(0)), *expected, "{name}");
    }
}

#[test]
fn who_is_answered() {
    use Mismatch::{Original, Reference as R, Terminal, Transaction};
    let rows: &[Row] = &[
        ("as it should be", Said::Approved, |_| (), Match::Ours(Verdict::Approved)),
        ("declined", Said::Declined, |_| (), Match::Ours(Verdict::Declined)),
        ("cancelled", Said::Cancelled, |_| (), Match::Ours(Verdict::Cancelled)),
        (
            "the first of two references",
            Said::Approved,
            |o| o.echo.reference = Some(reference(1)),
            Match::Ours(Verdict::Approved),
        ),
        ("reference only", Said::Approved, |o| o.echo.transaction = None, Match::Ours(Verdict::Approved)),
        ("transaction only", Said::Approved, |o| o.echo.reference = None, Match::Ours(Verdict::Approved)),
        ("nothing repeated", Said::Approved, names_nothing, foreign(&[R])),
        ("a decline that repeats nothing", Said::Declined, names_nothing, foreign(&[R])),
        ("another reference", Said::Approved, |o| o.echo.reference = Some(reference(7)), foreign(&[R])),
        (
            "a leading zero",
            Said::Approved,
            |o| o.echo.reference = Some(Reference("09001".into())),
            foreign(&[R]),
        ),
        (
            "another transaction",
            Said::Approved,
            |o| o.echo.transaction = Some(reference(1)),
            foreign(&[Transaction]),
        ),
        ("another terminal", Said::Approved, |o| o.echo.same_terminal = false, foreign(&[Terminal])),
        (
            "a decline of another terminal",
            Said::Declined,
            |o| o.echo.same_terminal = false,
            foreign(&[Terminal]),
        ),
        (
            "another original",
            Said::Approved,
            |o| o.echo.foreign_original = Some("55".into()),
            foreign(&[Original]),
        ),
        (
            "everything wrong",
            Said::Approved,
            everything_wrong,
            foreign(&[R, Transaction, Terminal, Mismatch::Amount, Mismatch::Time]),
        ),
    ];
    check(&Case::sale(1, 10_000).sent().payment, rows);
}

fn names_nothing(outcome: &mut Outcome) {
    outcome.echo.reference = None;
    outcome.echo.transaction = None;
}

fn everything_wrong(outcome: &mut Outcome) {
    outcome.echo.reference = Some(reference(7));
    outcome.echo.transaction = Some(reference(7));
    outcome.echo.same_terminal = false;
    outcome.amount = Some(sek(1));
    outcome.provider_time = Some(after(-61));
}

#[test]
fn how_much_is_approved() {
    use Mismatch::{Amount, Currency};
    let approved = || Match::Ours(Verdict::Approved);
    let rows: &[Row] = &[
        (
            "less without the word for it",
            Said::Approved,
            |o| o.amount = Some(sek(9_999)),
            foreign(&[Amount]),
        ),
        ("more", Said::Approved, |o| o.amount = Some(sek(10_001)), foreign(&[Amount])),
        ("nothing named", Said::Approved, |o| o.amount = None, foreign(&[Amount])),
        ("zero", Said::Approved, |o| o.amount = Some(sek(0)), foreign(&[Amount])),
        ("another currency", Said::Approved, |o| o.amount = Some(euro(10_000)), foreign(&[Currency])),
        (
            "a currency nobody knows",
            Said::Approved,
            |o| o.foreign_currency = Some("XBT".into()),
            foreign(&[Currency]),
        ),
        ("with a tip", Said::Approved, |o| tip(o, 11_000, sek(1_000)), approved()),
        ("a tip of nothing", Said::Approved, |o| tip(o, 10_000, sek(0)), approved()),
        ("a tip that does not add up", Said::Approved, |o| tip(o, 11_000, sek(900)), foreign(&[Amount])),
        ("a tip within the amount", Said::Approved, |o| tip(o, 10_000, sek(1_000)), foreign(&[Amount])),
        ("a negative tip", Said::Approved, |o| tip(o, 9_000, sek(-1_000)), foreign(&[Amount])),
        ("a tip in another currency", Said::Approved, |o| tip(o, 11_000, euro(1_000)), foreign(&[Amount])),
        ("an absurd tip", Said::Approved, |o| tip(o, 10_000, sek(i64::MAX)), foreign(&[Amount])),
        ("partial", Said::Partial, |_| (), Match::Ours(Verdict::Partial)),
        ("partial of one", Said::Partial, |o| o.amount = Some(sek(1)), Match::Ours(Verdict::Partial)),
        ("partial of everything", Said::Partial, |o| o.amount = Some(sek(10_000)), foreign(&[Amount])),
        ("partial of nothing", Said::Partial, |o| o.amount = Some(sek(0)), foreign(&[Amount])),
        ("partial below nothing", Said::Partial, |o| o.amount = Some(sek(-1)), foreign(&[Amount])),
        ("partial without an amount", Said::Partial, |o| o.amount = None, foreign(&[Amount])),
        (
            "partial, all of it tip",
            Said::Partial,
            |o| o.tip = Some(sek(5_000)),
            Match::Ours(Verdict::Partial),
        ),
        ("partial, tip in another currency", Said::Partial, |o| o.tip = Some(euro(1)), foreign(&[Amount])),
        ("partial with a larger tip", Said::Partial, |o| o.tip = Some(sek(5_001)), foreign(&[Amount])),
        (
            "a decline with any amount",
            Said::Declined,
            |o| o.amount = Some(sek(3)),
            Match::Ours(Verdict::Declined),
        ),
    ];
    check(&Case::sale(1, 10_000).payment, rows);
}

fn tip(outcome: &mut Outcome, amount: i64, tip: crate::money::Money) {
    outcome.amount = Some(sek(amount));
    outcome.tip = Some(tip);
}

#[test]
fn cash_back_lies_within_the_amount() {
    use Mismatch::Amount;
    let operation = Operation { cash_back: sek(2_000), ..operation(1, Kind::Sale, 10_000) };
    let rows: &[Row] = &[
        ("as asked", Said::Approved, |_| (), Match::Ours(Verdict::Approved)),
        ("not repeated", Said::Approved, |o| o.cash_back = None, Match::Ours(Verdict::Approved)),
        (
            "less cash for the same amount",
            Said::Approved,
            |o| o.cash_back = Some(sek(0)),
            foreign(&[Amount]),
        ),
        ("more cash than asked", Said::Approved, |o| o.cash_back = Some(sek(2_001)), foreign(&[Amount])),
        (
            "more cash than approved",
            Said::Approved,
            |o| o.cash_back = Some(sek(10_001)),
            foreign(&[Amount]),
        ),
        ("negative cash", Said::Approved, |o| o.cash_back = Some(sek(-1)), foreign(&[Amount])),
        (
            "cash in another currency",
            Said::Approved,
            |o| o.cash_back = Some(euro(2_000)),
            foreign(&[Amount]),
        ),
        ("partial without cash", Said::Partial, |_| (), Match::Ours(Verdict::Partial)),
        (
            "partial with all the cash",
            Said::Partial,
            |o| o.cash_back = Some(sek(2_000)),
            Match::Ours(Verdict::Partial),
        ),
        ("partial with more cash", Said::Partial, |o| o.cash_back = Some(sek(2_001)), foreign(&[Amount])),
        ("partial smaller than its cash", Said::Partial, partial_below_cash, foreign(&[Amount])),
    ];
    let case = Case::of(operation).sent();
    check(&case.payment, rows);

    let silent = Outcome { cash_back: None, ..outcome(&case.payment, Said::Approved) };
    assert_eq!(case.answered(silent).payment.cash_back(), sek(2_000), "the rest would not be goods");
}

fn partial_below_cash(outcome: &mut Outcome) {
    outcome.amount = Some(sek(1_000));
    outcome.cash_back = Some(sek(1_001));
}

#[test]
fn cash_nobody_asked_for_is_not_ours() {
    let rows: &[Row] =
        &[("cash", Said::Approved, |o| o.cash_back = Some(sek(1)), foreign(&[Mismatch::Amount]))];
    check(&Case::sale(1, 10_000).payment, rows);
}

#[test]
fn a_reversal_need_not_repeat_the_amount() {
    let original = Case::sale(1, 10_000).told(Said::Approved).payment;
    let case = Case::of(back(2, Kind::Reversal, &original, 10_000)).sent();
    let rows: &[Row] = &[
        ("no amount", Said::Approved, |o| o.amount = None, Match::Ours(Verdict::Approved)),
        ("the amount", Said::Approved, |_| (), Match::Ours(Verdict::Approved)),
        ("another amount", Said::Approved, |o| o.amount = Some(sek(9_000)), foreign(&[Mismatch::Amount])),
        (
            "the time of the original",
            Said::Approved,
            |o| o.provider_time = Some(after(-86_400)),
            Match::Ours(Verdict::Approved),
        ),
        (
            "another original",
            Said::Approved,
            |o| o.echo.foreign_original = Some("x".into()),
            foreign(&[Mismatch::Original]),
        ),
    ];
    check(&case.payment, rows);
    let silent = Outcome { amount: None, ..outcome(&case.payment, Said::Approved) };
    assert_eq!(case.answered(silent).payment.approved(), sek(10_000), "it undoes the whole");
}

#[test]
fn a_refund_repeats_its_amount() {
    let case = Case::of(operation(2, Kind::Refund, 500)).sent();
    let rows: &[Row] = &[("no amount", Said::Approved, |o| o.amount = None, foreign(&[Mismatch::Amount]))];
    check(&case.payment, rows);
}

#[test]
fn the_provider_s_time_lies_not_before_the_intent() {
    // (clock of the provider against ours when measured, its time against the intent, ours)
    let rows: &[(Option<i64>, i64, bool)] = &[
        (Some(0), -60_000, true),
        (Some(0), -60_001, false),
        (Some(0), 86_400_000, true),
        (Some(-120_000), -180_000, true),
        (Some(-120_000), -180_001, false),
        (Some(120_000), 60_000, true),
        (Some(120_000), 59_999, false),
        (None, -86_400_000, true),
        (Some(i64::MIN), -86_400_000, true),
        (Some(i64::MAX), 86_400_000, false),
    ];
    let payment = Case::sale(1, 10_000).payment;
    for (skew_ms, millis, ours) in rows {
        for said in [Said::Approved, Said::Declined] {
            let mut answer = outcome(&payment, said);
            answer.provider_time = Some(after(0) + SignedDuration::from_millis(*millis));
            let matched = matching(&payment, &answer, *skew_ms);
            let expected = if *ours { Match::Ours(verdict(said)) } else { foreign(&[Mismatch::Time]) };
            assert_eq!(matched, expected, "skew {skew_ms:?}, {millis}, {said:?}");
        }
    }
    let silent = Outcome { provider_time: None, ..outcome(&payment, Said::Approved) };
    assert_eq!(matching(&payment, &silent, Some(0)), Match::Ours(Verdict::Approved));
}

fn verdict(said: Said) -> Verdict {
    match said {
        Said::Approved => Verdict::Approved,
        Said::Partial => Verdict::Partial,
        Said::Declined => Verdict::Declined,
        Said::Cancelled => Verdict::Cancelled,
    }
}

#[test]
fn a_reference_that_was_in_use_is_never_adopted_by_its_name() {
    let fault = |certainty| crate::outcome::Fault {
        certainty,
        reason: Reason::ReferenceInUse,
        detail: "duplicate".into(),
    };
    for certainty in [crate::outcome::Certainty::Unknown, crate::outcome::Certainty::Refused] {
        let case = Case::sale(1, 10_000).on(Event::Failed(fault(certainty)));
        assert_eq!(case.payment.outcome_code(), "disputed");
        assert_eq!(case.reason(), Some(Reason::ReferenceInUse));
        let by_reference = |said| {
            let mut answer = outcome(&case.payment, said);
            answer.echo.transaction = None;
            answer
        };
        for said in [Said::Approved, Said::Declined] {
            let adopted = case.clone().found(by_reference(said));
            assert_eq!(adopted.payment.outcome_code(), "disputed", "{said:?} may be somebody else's");
        }
        let by_transaction = outcome(&case.payment, Said::Approved);
        assert_eq!(
            case.found(by_transaction).verdict(),
            Some(Verdict::Approved),
            "our own number is proof"
        );
    }
}
