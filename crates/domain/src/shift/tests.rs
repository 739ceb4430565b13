//! A drawer's day: what is expected, what a count is worth, what is refused.

use super::{Coins, NoShift, Shift, ShiftChange, ShiftFact, Way, decide, may_take_cash};
use crate::ids::{ShiftId, StaffId};
use crate::money::LARGEST_MINOR;
use crate::payment::tests::stage::{euro, noon, seed, sek};
use proptest::prelude::*;

fn ann() -> StaffId {
    StaffId::of(&seed(1))
}
fn opened(float: i64) -> Shift {
    let fact = decide(None, ann(), ShiftChange::Open { float: sek(float) }).unwrap();
    Shift::first(ShiftId::of(&seed(7)), &fact, noon()).unwrap()
}
fn on(shift: Shift, change: ShiftChange) -> Result<Shift, NoShift> {
    let fact = decide(Some(&shift), ann(), change)?;
    let text = serde_json::to_string(&fact).unwrap();
    assert_eq!(serde_json::from_str::<ShiftFact>(&text).unwrap(), fact);
    Ok(shift.evolve(&fact, noon()))
}
fn moved(way: Way, minor: i64) -> ShiftChange {
    ShiftChange::MoveCash { way, amount: sek(minor), reason: "change".into() }
}
fn count(minor: i64) -> ShiftChange {
    ShiftChange::Count { counted: sek(minor), coins: Vec::new() }
}

#[test]
fn a_shift_from_float_to_difference() {
    let shift = on(opened(100_000), moved(Way::In, 50_000)).unwrap();
    let shift = on(shift.with_cash(sek(12_300)), moved(Way::Out, 20_000)).unwrap();
    assert_eq!(shift.expected(), sek(142_300));
    let counted = on(shift, count(142_000)).unwrap();
    assert_eq!(counted.count.unwrap().difference(), sek(-300));
    let closed = on(counted, ShiftChange::Close).unwrap();
    assert!(!closed.is_open());
    assert_eq!(may_take_cash(Some(&closed)), Err(NoShift::NotOpen));
    assert_eq!(closed.clone().with_cash(sek(5)), closed, "nobody's drawer takes nothing");
    let next = decide(Some(&closed), ann(), ShiftChange::Open { float: sek(0) });
    assert!(next.is_ok());
}

#[test]
fn a_count_is_worth_nothing_once_cash_has_moved() {
    let counted = || on(opened(100), count(100)).unwrap();
    for changed in [counted().with_cash(sek(1)), on(counted(), moved(Way::In, 1)).unwrap()] {
        assert_eq!(changed.count, None);
        assert_eq!(on(changed.clone(), ShiftChange::Close), Err(NoShift::NotCounted));
        let again = on(changed, count(90)).unwrap();
        assert_eq!((again.counts, again.count.unwrap().difference()), (2, sek(-11)));
    }
    assert_eq!(counted().with_cash(euro(1)), counted(), "other money lies elsewhere");
    assert_eq!(counted().with_cash(sek(0)), counted());
}

#[test]
fn what_the_drawer_refuses() {
    let coins = |pieces| vec![Coins { value: sek(100), pieces }];
    let counted = |coins| ShiftChange::Count { counted: sek(300), coins };
    let none = ShiftChange::MoveCash { way: Way::In, amount: sek(5), reason: "  ".into() };
    let rows = [
        (ShiftChange::Open { float: sek(0) }, NoShift::Open),
        (moved(Way::In, 0), NoShift::Amount),
        (moved(Way::Out, -5), NoShift::Amount),
        (moved(Way::In, LARGEST_MINOR + 1), NoShift::Amount),
        (count(-1), NoShift::Amount),
        (ShiftChange::Count { counted: euro(1), coins: Vec::new() }, NoShift::Amount),
        (counted(coins(2)), NoShift::Sum),
        (counted(vec![Coins { value: euro(100), pieces: 3 }]), NoShift::Sum),
        (none, NoShift::Reason),
        (ShiftChange::Close, NoShift::NotCounted),
    ];
    for (change, why) in rows {
        assert_eq!(on(opened(100), change.clone()), Err(why), "{change:?}");
    }
    assert!(on(opened(100), counted(coins(3))).is_ok());
    for change in [moved(Way::In, 1), count(1), ShiftChange::Close] {
        assert_eq!(decide(None, ann(), change), Err(NoShift::NotOpen));
    }
    assert_eq!(decide(None, ann(), ShiftChange::Open { float: sek(-1) }), Err(NoShift::Amount));
    assert_eq!(Shift::first(ShiftId::of(&seed(7)), &ShiftFact::Closed { by: ann() }, noon()), None);
}

proptest! {
    #[test]
    fn expected_is_the_sum_of_everything(moves in proptest::collection::vec((0u8..3, 1i64..100_000), 0..30)) {
        let mut shift = opened(5_000);
        let mut want = 5_000;
        for (what, minor) in moves {
            (shift, want) = match what {
                0 => (on(shift, moved(Way::In, minor)).unwrap(), want + minor),
                1 => (on(shift, moved(Way::Out, minor)).unwrap(), want - minor),
                _ => (shift.with_cash(sek(minor - 50_000)), want + minor - 50_000),
            };
        }
        prop_assert_eq!(shift.expected(), sek(want));
    }
}
