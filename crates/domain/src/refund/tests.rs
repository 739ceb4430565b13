//! R11 of money back: cumulative, and what is not known counts as gone back.

use super::{NoRefund, may_go_back, remaining};
use crate::operation::{Kind, Operation};
use crate::outcome::{Outcome, Said};
use crate::payment::tests::stage::{
    Case, approved, back, by_hand, euro, gone_back, operation, outcome, sek, terminal,
};
use crate::payment::{Event, Payment, Verdict};

fn refund(original: &Payment, minor: i64) -> Case {
    Case::of(back(2, Kind::Refund, original, minor)).sent()
}

fn may(kind: Kind, minor: i64, original: &Payment, against: &[Payment]) -> Result<(), NoRefund> {
    may_go_back(kind, sek(minor), original, against.iter())
}

#[test]
fn refunds_add_up() {
    let original = approved(1, 10_000);
    let first = gone_back(back(2, Kind::Refund, &original, 6_000), Said::Approved);
    let second = gone_back(back(3, Kind::Refund, &original, 4_000), Said::Approved);
    assert_eq!(remaining(&original, [].iter()), sek(10_000));
    assert_eq!(may(Kind::Refund, 10_000, &original, &[]), Ok(()));
    assert_eq!(may(Kind::Refund, 10_001, &original, &[]), Err(NoRefund::TooMuch));
    let one = [first.clone()];
    assert_eq!(may(Kind::Refund, 4_000, &original, &one), Ok(()));
    assert_eq!(may(Kind::Refund, 4_001, &original, &one), Err(NoRefund::TooMuch));
    let both = [first, second];
    assert_eq!(remaining(&original, both.iter()), sek(0));
    assert_eq!(may(Kind::Refund, 1, &original, &both), Err(NoRefund::TooMuch));
}

#[test]
fn what_each_refund_counts() {
    let original = approved(1, 10_000);
    let partial = refund(&original, 6_000).told(Said::Partial).payment;
    let late = {
        let case = refund(&original, 6_000).judged();
        let told = outcome(&case.payment, Said::Approved);
        case.found(told).payment
    };
    let doubted = {
        let case = refund(&original, 6_000).disputed().on(Event::Decide(by_hand(Verdict::Approved)));
        let told = outcome(&case.payment, Said::Declined);
        case.found(told).payment
    };
    let rows = [
        ("running", refund(&original, 6_000).payment, 4_000),
        ("unknown", refund(&original, 6_000).dropped().payment, 4_000),
        ("disputed", refund(&original, 6_000).disputed().payment, 4_000),
        ("signature unchecked", refund(&original, 6_000).awaiting_signature().payment, 4_000),
        ("approved", refund(&original, 6_000).told(Said::Approved).payment, 4_000),
        ("partly approved", partial, 7_000),
        ("declined", refund(&original, 6_000).told(Said::Declined).payment, 10_000),
        ("cancelled", refund(&original, 6_000).told(Said::Cancelled).payment, 10_000),
        ("judged as never seen", refund(&original, 6_000).judged().payment, 10_000),
        ("approved after that, and nobody has looked", late, 4_000),
        ("decided as approved, and then declined", doubted, 4_000),
    ];
    for (name, against, left) in rows {
        assert_eq!(remaining(&original, [against].iter()), sek(left), "{name}");
    }
}

#[test]
fn an_open_refund_holds_the_original_on_every_terminal() {
    let original = approved(1, 10_000);
    let elsewhere = Operation { terminal: terminal("other"), ..back(2, Kind::Refund, &original, 100) };
    let open = Case::of(elsewhere).sent();
    for case in [open.clone(), open.clone().dropped(), open.clone().disputed(), open.awaiting_signature()] {
        let against = [case.payment];
        for kind in [Kind::Refund, Kind::Reversal] {
            assert_eq!(may(kind, 10_000, &original, &against), Err(NoRefund::Held));
        }
    }
    let reversal = [Case::of(back(2, Kind::Reversal, &original, 10_000)).sent().dropped().payment];
    assert_eq!(may(Kind::Refund, 1, &original, &reversal), Err(NoRefund::Held));
}

#[test]
fn a_reversal_undoes_the_whole_and_once() {
    let original = approved(1, 10_000);
    assert_eq!(may(Kind::Reversal, 10_000, &original, &[]), Ok(()));
    assert_eq!(may(Kind::Reversal, 9_999, &original, &[]), Err(NoRefund::NotWhole));
    assert_eq!(may(Kind::Reversal, 10_001, &original, &[]), Err(NoRefund::TooMuch));
    let part = [gone_back(back(2, Kind::Refund, &original, 1), Said::Approved)];
    assert_eq!(may(Kind::Reversal, 9_999, &original, &part), Err(NoRefund::PartlyRefunded));
    assert_eq!(may(Kind::Reversal, 10_000, &original, &part), Err(NoRefund::PartlyRefunded));

    let case = Case::of(back(2, Kind::Reversal, &original, 10_000)).sent();
    let silent = Outcome { amount: None, ..outcome(&case.payment, Said::Approved) };
    for reversed in [case.clone().told(Said::Approved).payment, case.answered(silent).payment] {
        let against = [reversed];
        assert_eq!(remaining(&original, against.iter()), sek(0));
        assert_eq!(may(Kind::Reversal, 10_000, &original, &against), Err(NoRefund::PartlyRefunded));
        assert_eq!(may(Kind::Refund, 1, &original, &against), Err(NoRefund::TooMuch));
    }
    let failed = [gone_back(back(2, Kind::Reversal, &original, 10_000), Said::Declined)];
    assert_eq!(may(Kind::Reversal, 10_000, &original, &failed), Ok(()));
}

#[test]
fn what_was_approved_is_the_limit() {
    let partial = Case::sale(1, 10_000).told(Said::Partial).payment;
    assert_eq!(may(Kind::Refund, 5_000, &partial, &[]), Ok(()));
    assert_eq!(may(Kind::Refund, 5_001, &partial, &[]), Err(NoRefund::TooMuch));
    assert_eq!(may(Kind::Reversal, 5_000, &partial, &[]), Ok(()));
    let case = Case::sale(1, 10_000);
    let tipped = Outcome {
        amount: Some(sek(11_000)),
        tip: Some(sek(1_000)),
        ..outcome(&case.payment, Said::Approved)
    };
    let tipped = case.answered(tipped).payment;
    assert_eq!(may(Kind::Refund, 11_000, &tipped, &[]), Ok(()), "a tip can go back, too");
    let by_person = Case::sale(1, 10_000).disputed().on(Event::Decide(by_hand(Verdict::Approved))).payment;
    assert_eq!(may(Kind::Refund, 10_000, &by_person, &[]), Ok(()));
}

#[test]
fn what_cannot_be_undone() {
    let sale = || Case::sale(1, 10_000);
    let open_or_without_money = [
        sale().payment,
        sale().dropped().payment,
        sale().disputed().payment,
        sale().awaiting_signature().payment,
        sale().told(Said::Declined).payment,
        sale().told(Said::Cancelled).payment,
        sale().judged().payment,
    ];
    for original in open_or_without_money {
        for kind in [Kind::Refund, Kind::Reversal] {
            assert_eq!(may(kind, 100, &original, &[]), Err(NoRefund::NotApproved), "{:?}", original.stage);
        }
    }
    let refund = gone_back(operation(2, Kind::Refund, 500), Said::Approved);
    let reversal = gone_back(back(3, Kind::Reversal, &approved(1, 500), 500), Said::Approved);
    let rows = [
        (Kind::Refund, &refund, Err(NoRefund::NotApproved)),
        (Kind::Refund, &reversal, Err(NoRefund::NotApproved)),
        (Kind::Reversal, &reversal, Err(NoRefund::NotApproved)),
        (Kind::Reversal, &refund, Ok(())),
        (Kind::Sale, &refund, Err(NoRefund::NotApproved)),
    ];
    for (kind, original, expected) in rows {
        assert_eq!(may(kind, 500, original, &[]), expected, "{kind:?} of {:?}", original.operation.kind);
    }
    let currency = may_go_back(Kind::Refund, euro(1), &approved(1, 500), [].iter());
    assert_eq!(currency, Err(NoRefund::Currency));
}

#[test]
fn a_late_approval_goes_back_as_a_whole_and_once() {
    let case = Case::sale(1, 10_000).judged();
    let told = outcome(&case.payment, Said::Approved);
    let original = case.found(told).payment;
    assert_eq!(remaining(&original, [].iter()), sek(10_000));
    assert_eq!(may(Kind::Reversal, 10_000, &original, &[]), Ok(()));
    assert_eq!(may(Kind::Refund, 10_001, &original, &[]), Err(NoRefund::TooMuch));

    let returned = [gone_back(back(2, Kind::Reversal, &original, 10_000), Said::Approved)];
    assert_eq!(may(Kind::Reversal, 10_000, &original, &returned), Err(NoRefund::PartlyRefunded));
    assert_eq!(may(Kind::Refund, 10_000, &original, &returned), Err(NoRefund::TooMuch));
    let part = [gone_back(back(2, Kind::Refund, &original, 4_000), Said::Approved)];
    assert_eq!(may(Kind::Refund, 6_001, &original, &part), Err(NoRefund::TooMuch));
}

#[test]
fn a_contradicted_approval_is_not_refunded() {
    let case = Case::sale(1, 10_000).told(Said::Approved);
    let told = outcome(&case.payment, Said::Declined);
    let original = case.found(told).payment;
    assert_eq!(may(Kind::Refund, 100, &original, &[]), Err(NoRefund::NotApproved));

    let waiting = Case::sale(1, 10_000).awaiting_signature();
    let partial = outcome(&waiting.payment, Said::Partial);
    let open = waiting.found(partial).payment;
    assert!(open.attention.is_some());
    assert!(open.late_approval().is_none(), "its own end comes first");
    assert_eq!(may(Kind::Refund, 100, &open, &[]), Err(NoRefund::NotApproved), "it is not closed yet");
}
