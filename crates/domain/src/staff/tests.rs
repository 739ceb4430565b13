//! People: the table of acts, approvals in place, PINs and waits, the last manager.

use super::{
    Act, Allowed, NotAllowed, PinRule, Role, Roster, StaffChange, StaffFact, Tries, check_pin, may,
};
use crate::ids::{StaffId, TextId};
use crate::payment::tests::stage::{after, noon, seed};
use crate::receipt::TextRef;

fn staff(number: u8) -> StaffId {
    StaffId::of(&seed(number))
}
fn text(number: u8) -> TextRef {
    TextRef::of(TextId::of(&seed(number)), "text")
}
fn enrol(roster: Roster, number: u8, role: Role, by: Option<StaffId>) -> Roster {
    let change = StaffChange::Enrol { name: text(number), role, pin: text(number + 50) };
    let facts = roster.decide(staff(number), change, by).unwrap();
    facts.iter().fold(roster, |roster, fact| roster.evolve(staff(number), fact, noon()))
}
/// Manager 1, cashier 2, installer 3.
fn shop() -> Roster {
    let roster = enrol(Roster::default(), 1, Role::Manager, None);
    let roster = enrol(roster, 2, Role::Cashier, Some(staff(1)));
    enrol(roster, 3, Role::Installer, Some(staff(1)))
}
fn on(roster: Roster, number: u8, fact: &StaffFact, second: i64) -> Roster {
    roster.evolve(staff(number), fact, after(second))
}

#[test]
fn which_act_needs_which_role() {
    // Cashier, manager, installer.
    #[rustfmt::skip]
    let rows = [
        (Act::Sell, [1, 1, 0]), (Act::TakePayment, [1, 1, 0]), (Act::AttendTerminal, [1, 1, 1]),
        (Act::Park, [1, 1, 0]), (Act::Discount, [1, 1, 0]), (Act::LargeDiscount, [0, 1, 0]),
        (Act::ChangePrice, [0, 1, 0]), (Act::TakeBack, [0, 1, 0]), (Act::Refund, [0, 1, 0]),
        (Act::Reverse, [0, 1, 0]), (Act::SettleLate, [1, 1, 0]), (Act::DecideDisputed, [0, 1, 0]),
        (Act::Unblock, [0, 1, 0]), (Act::OpenDrawer, [1, 1, 0]), (Act::OpenShift, [1, 1, 0]),
        (Act::MoveCash, [0, 1, 0]), (Act::CountDrawer, [1, 1, 0]), (Act::CloseShift, [1, 1, 0]),
        (Act::SeeDay, [1, 1, 0]), (Act::ReportX, [0, 1, 0]), (Act::ReportZ, [0, 1, 0]),
        (Act::Reprint, [1, 1, 0]), (Act::Export, [0, 1, 0]), (Act::ImportProducts, [0, 1, 0]),
        (Act::KeepStaff, [0, 1, 0]), (Act::EditTerminal, [0, 1, 1]), (Act::CheckTerminal, [0, 1, 1]),
        (Act::ChangeSettings, [0, 1, 1]),
    ];
    assert_eq!(rows.map(|(act, _)| act).as_slice(), Act::ALL, "every act has its row");
    let mut codes: Vec<&str> = Act::ALL.iter().map(|act| act.code()).collect();
    for (act, allowed) in rows {
        for (role, want) in Role::ALL.into_iter().zip(allowed) {
            let wanted = if want == 1 { Allowed::Yes } else { Allowed::With(act.roles()) };
            assert_eq!(may(role, act), wanted, "{role:?} {act:?}");
        }
        assert_eq!(serde_json::to_value(act).unwrap(), act.code());
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Act::ALL.len());
    for role in Role::ALL {
        assert_eq!(Role::parse(role.code()), Some(role));
    }
}

#[test]
fn an_approval_in_place() {
    let roster = shop();
    let ask = |by, act, approver: Option<u8>| roster.authorise(staff(by), act, approver.map(staff));
    assert_eq!(ask(2, Act::Sell, None), Ok(None));
    assert_eq!(ask(2, Act::Sell, Some(1)), Ok(None), "nobody approves what needs no approval");
    assert_eq!(ask(2, Act::Refund, None), Err(NotAllowed::Needs(&[Role::Manager])));
    assert_eq!(ask(2, Act::Refund, Some(1)), Ok(Some(staff(1))));
    assert_eq!(ask(2, Act::Refund, Some(3)), Err(NotAllowed::NotApprover));
    assert_eq!(ask(2, Act::Refund, Some(9)), Err(NotAllowed::NotApprover));
    assert_eq!(ask(2, Act::EditTerminal, Some(3)), Ok(Some(staff(3))));
    assert_eq!(ask(9, Act::Sell, Some(1)), Err(NotAllowed::Nobody));
    let gone = on(roster, 2, &StaffFact::Dismissed { by: staff(1) }, 1);
    assert_eq!(gone.authorise(staff(2), Act::Sell, None), Err(NotAllowed::Nobody));
}

#[test]
fn the_first_is_a_manager_and_the_last_stays_one() {
    let empty = Roster::default();
    let change = |role| StaffChange::Enrol { name: text(1), role, pin: text(2) };
    let nobody = empty.decide(staff(1), change(Role::Cashier), None);
    assert_eq!(nobody, Err(NotAllowed::LastManager));
    let roster = shop();
    assert_eq!(roster.decide(staff(4), change(Role::Cashier), None), Err(NotAllowed::Nobody));
    assert_eq!(roster.decide(staff(2), change(Role::Cashier), Some(staff(1))), Err(NotAllowed::Known));
    let needs = Err(NotAllowed::Needs(&[Role::Manager]));
    assert_eq!(roster.decide(staff(4), change(Role::Manager), Some(staff(2))), needs);
    let decide = |id, change| roster.decide(staff(id), change, Some(staff(1)));
    assert_eq!(decide(1, StaffChange::Dismiss), Err(NotAllowed::LastManager));
    assert_eq!(decide(1, StaffChange::GiveRole { role: Role::Cashier }), Err(NotAllowed::LastManager));
    assert!(decide(1, StaffChange::GiveRole { role: Role::Manager }).is_ok());
    assert!(decide(2, StaffChange::Dismiss).is_ok());
    assert_eq!(decide(2, StaffChange::Readmit), Err(NotAllowed::Known));
    assert_eq!(decide(9, StaffChange::Dismiss), Err(NotAllowed::Nobody));
    let second = on(roster.clone(), 2, &StaffFact::RoleGiven { role: Role::Manager, by: staff(1) }, 1);
    assert!(second.decide(staff(1), StaffChange::Dismiss, Some(staff(2))).is_ok());
}

#[test]
fn everybody_changes_their_own_pin_only() {
    let roster = shop();
    let pin = || StaffChange::SetPin { pin: text(9) };
    assert!(roster.decide(staff(2), pin(), Some(staff(2))).is_ok());
    assert!(roster.decide(staff(3), pin(), Some(staff(2))).is_err());
    assert!(roster.decide(staff(3), pin(), Some(staff(1))).is_ok(), "a manager resets it");
    let rename = StaffChange::Rename { name: text(8) };
    assert!(roster.decide(staff(2), rename, Some(staff(2))).is_err());
}

#[test]
fn wrong_pins_cost_time() {
    let mut roster = shop();
    let waits = [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600];
    let mut second = 0;
    for wait in waits {
        assert!(roster.may_try(staff(2), after(second)).is_ok());
        roster = on(roster, 2, &StaffFact::PinRefused, second);
        if wait > 0 {
            let early = roster.may_try(staff(2), after(second + wait - 1));
            assert!(matches!(early, Err(NotAllowed::Wait(until)) if until.until == after(second + wait)));
        }
        second += wait;
    }
    assert!(roster.may_try(staff(1), after(second)).is_ok(), "others are free");
    for fact in [StaffFact::SignedIn, StaffFact::PinAccepted] {
        let free = on(roster.clone(), 2, &fact, second);
        assert_eq!(free.people[&staff(2)].tries, Tries::default());
    }
    let reset = StaffFact::PinSet { pin: text(9), by: Some(staff(1)) };
    assert!(on(roster, 2, &reset, second).may_try(staff(2), after(second)).is_ok());
}

#[test]
fn a_clock_set_back_does_not_lock_for_ever() {
    let tries = (0..5).fold(Tries::default(), |tries, _| tries.refused(after(100_000)));
    assert_eq!(tries.may_try(noon()), Ok(()), "set back by a day");
    let wait = tries.may_try(after(100_000 - 10)).unwrap_err();
    assert_eq!(wait.until, after(100_010), "set back by seconds");
}

#[test]
fn who_is_at_the_till() {
    let roster = on(shop(), 2, &StaffFact::SignedIn, 1);
    assert_eq!(roster.signed_in, Some(staff(2)));
    assert_eq!(on(roster.clone(), 1, &StaffFact::SignedOut, 2).signed_in, Some(staff(2)));
    for fact in [StaffFact::SignedOut, StaffFact::Locked, StaffFact::Dismissed { by: staff(1) }] {
        assert_eq!(on(roster.clone(), 2, &fact, 2).signed_in, None, "{fact:?}");
    }
    assert_eq!(on(roster, 1, &StaffFact::SignedIn, 3).signed_in, Some(staff(1)));
    assert_eq!(on(Roster::default(), 7, &StaffFact::SignedIn, 3), Roster::default());
}

#[test]
fn pins_that_are_refused() {
    #[rustfmt::skip]
    let rows = [
        ("2580", Ok(())), ("19482", Ok(())), ("123", Err(PinRule::Digits)),
        ("1234567890123", Err(PinRule::Digits)),
        ("12a4", Err(PinRule::Digits)), ("", Err(PinRule::Digits)), ("٣٣٣٣", Err(PinRule::Digits)),
        ("0000", Err(PinRule::Easy)), ("1234", Err(PinRule::Easy)), ("9876", Err(PinRule::Easy)),
        ("7890", Err(PinRule::Easy)), ("1235", Ok(())),
    ];
    for (text, want) in rows {
        assert_eq!(check_pin(text), want, "{text:?}");
    }
}
