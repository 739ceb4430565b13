//! May this operation start? Asked once, before it is intended (R2, R6, R11).

use crate::ids::OperationId;
use crate::money::{LARGEST_MINOR, Money};
use crate::operation::{Kind, Motive, Operation};
use crate::payment::{Payment, Stage};
use crate::refund::{NoRefund, may_go_back, may_undo};
use std::collections::BTreeSet;

/// Why an operation does not start. Nothing is written down and nothing is sent then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// The amount is zero, negative or too large, or the cash-back is more than the amount.
    #[error("the amount cannot be asked for")]
    Amount,
    /// Another operation runs on this terminal (R2).
    #[error("the terminal is working on another payment")]
    Busy(OperationId),
    /// An open payment blocks the terminal until it is settled, decided or unblocked (R6).
    #[error("an open payment blocks this terminal")]
    Blocked(OperationId),
    /// Money cannot go back against this original.
    #[error(transparent)]
    NoRefund(#[from] NoRefund),
    /// A reversal names no original, or the original that is named is not at hand.
    #[error("the payment that it undoes is needed")]
    NoOriginal,
}

/// What admission looks at.
pub struct Admission<'a> {
    /// Every open payment of the till, on any terminal.
    pub open: &'a [&'a Payment],
    /// Uncertain payments that a manager has unblocked by name.
    pub unblocked: &'a BTreeSet<OperationId>,
    /// The original that the operation names, for a refund or reversal against one.
    pub original: Option<&'a Payment>,
    /// Every refund and reversal against that original, in any state.
    pub against: &'a [&'a Payment],
}

/// Whether the operation may start.
pub fn admit(operation: &Operation, world: &Admission<'_>) -> Result<(), NotAdmitted> {
    amounts(operation)?;
    let original = named_original(operation, world)?;
    // The reversal of a refused signature belongs to the payment it undoes, which is open.
    let linked = original.filter(|original| is_linked(operation, original));
    for payment in world.open.iter().filter(|payment| payment.operation.terminal == operation.terminal) {
        if linked.is_some_and(|linked| linked.id() == payment.id()) {
            continue;
        }
        match payment.stage {
            Stage::Running | Stage::AwaitSignature | Stage::Reversing(_) => {
                return Err(NotAdmitted::Busy(payment.id()));
            }
            Stage::Unknown(_) | Stage::Disputed(_) if !world.unblocked.contains(&payment.id()) => {
                return Err(NotAdmitted::Blocked(payment.id()));
            }
            Stage::Unknown(_) | Stage::Disputed(_) | Stage::Closed(_) => {}
        }
    }
    match (operation.kind, original) {
        (Kind::Sale, _) | (Kind::Refund, None) => Ok(()),
        (Kind::Reversal, None) => Err(NotAdmitted::NoOriginal),
        (Kind::Refund | Kind::Reversal, Some(original)) => {
            let against = world.against.iter().copied();
            match linked {
                Some(linked) => Ok(may_undo(operation.requested, linked, against)?),
                None => Ok(may_go_back(operation.kind, operation.requested, original, against)?),
            }
        }
    }
}

/// The original that the operation names. One that is named and not at hand cannot be checked.
fn named_original<'a>(
    operation: &Operation,
    world: &Admission<'a>,
) -> Result<Option<&'a Payment>, NotAdmitted> {
    let named = operation.original.as_ref().map(|original| original.operation);
    if named == world.original.map(Payment::id) { Ok(world.original) } else { Err(NotAdmitted::NoOriginal) }
}

fn is_linked(operation: &Operation, original: &Payment) -> bool {
    let for_signature = match operation.motive {
        Some(Motive::SignatureRefused) => true,
        Some(Motive::Cashier | Motive::LateApproval) | None => false,
    };
    let waits = match original.stage {
        Stage::Reversing(None) => true,
        Stage::Reversing(Some(_))
        | Stage::Running
        | Stage::AwaitSignature
        | Stage::Unknown(_)
        | Stage::Disputed(_)
        | Stage::Closed(_) => false,
    };
    for_signature && waits
}

fn amounts(operation: &Operation) -> Result<(), NotAdmitted> {
    let Operation { requested, cash_back, .. } = operation;
    let fits = requested.minor > 0
        && requested.minor <= LARGEST_MINOR
        && cash_back.currency == requested.currency
        && *cash_back >= Money::zero(requested.currency)
        && cash_back <= requested;
    if fits { Ok(()) } else { Err(NotAdmitted::Amount) }
}

#[cfg(test)]
mod tests;
