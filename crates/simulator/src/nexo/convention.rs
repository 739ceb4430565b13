//! The amount convention: the last two digits of an amount choose what happens, for demos without
//! control.
//!
//! Dossier chapter 18.3; the table is also in `docs/SIMULATORS.md`. Invariant: the same for refunds;
//! every other amount is approved, contactless.

use crate::script::{Action, Delivery, Outcome, Source, Twist};

/// How often `19` answers Busy first.
const BUSY_FIRST: u32 = 2;

/// What an amount asks for. `busy_told` counts Busy answers for this transaction.
pub fn actions(minor: i64, busy_told: Option<&mut u32>) -> Vec<Action> {
    let decline = |condition: &str, receipt: bool| -> Action {
        Outcome::Decline { condition: condition.to_owned(), receipt }.into()
    };
    match minor % 100 {
        1 => vec![decline("Refusal", true)],
        2 => vec![decline("Refusal", false)],
        3 => vec![Outcome::Cancel.into()],
        4 => vec![decline("WrongPIN", true), Source::Chip.into()],
        5 => vec![decline("UnreachableHost", false)],
        6 => vec![decline("InvalidCard", false)],
        7 => vec![decline("PaymentRestriction", false), Source::Chip.into()],
        8 => vec![Outcome::Signature.into()],
        9 => vec![Outcome::Tip.into()],
        10 => vec![Source::Mobile.into()],
        11 => vec![Delivery::Cut.into()],
        12 => vec![Action::Late(90_000)],
        13 => vec![Outcome::Race.into()],
        14 => vec![Outcome::UntilAborted.into()],
        15 => vec![Delivery::Empty.into()],
        16 => vec![Twist::WrongServiceId.into()],
        17 => vec![Twist::NoReceipts.into()],
        18 => vec![Twist::BadReceipts.into()],
        19 => busy_told.map_or_else(Vec::new, busy_first),
        _ => Vec::new(),
    }
}

fn busy_first(told: &mut u32) -> Vec<Action> {
    if *told >= BUSY_FIRST {
        return Vec::new();
    }
    *told += 1;
    vec![Action::Fail("Busy".to_owned())]
}
