//! Money back against an original: cumulative, and what is not known counts as gone back (R11).

use crate::money::Money;
use crate::operation::Kind;
use crate::payment::{Payment, Verdict};

/// Why money cannot go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRefund {
    /// The original is no payment that can be undone: not approved, open, or itself money back.
    #[error("the original payment was not approved, is still open, or is itself money back")]
    NotApproved,
    /// More than is left of the original, counting everything that went back or may have.
    #[error("more than is left of the original payment")]
    TooMuch,
    /// A refund or reversal of the same original is not settled yet; it holds the original everywhere.
    #[error("another refund or reversal of this payment is not settled yet")]
    Held,
    /// A reversal undoes the whole; part of it has gone back already.
    #[error("part of the payment has gone back already")]
    PartlyRefunded,
    /// Another currency than the original's.
    #[error("the currency differs from the original's")]
    Currency,
}

/// What is left of the original. `against`: every refund and reversal of it, in any state. Open and
/// disputed ones count in full; so do approved ones; declined ones do not.
pub fn remaining<'a>(original: &Payment, against: impl Iterator<Item = &'a Payment>) -> Money {
    let mut left = original.approved();
    for payment in against {
        left = left.minus(counted(payment)).unwrap_or(Money::zero(left.currency));
    }
    if left.minor < 0 { Money::zero(left.currency) } else { left }
}

fn counted(payment: &Payment) -> Money {
    match payment.verdict() {
        None => payment.operation.requested,
        Some(Verdict::Approved | Verdict::Partial) if payment.approved().is_zero() => {
            payment.operation.requested
        }
        Some(Verdict::Approved | Verdict::Partial) => payment.approved(),
        Some(Verdict::Declined | Verdict::Cancelled | Verdict::NotCharged) => {
            Money::zero(payment.operation.requested.currency)
        }
    }
}

/// Whether `amount` may go back against the original by a refund or a reversal.
pub fn may_go_back<'a>(
    kind: Kind,
    amount: Money,
    original: &Payment,
    against: impl Iterator<Item = &'a Payment> + Clone,
) -> Result<(), NoRefund> {
    if amount.currency != original.operation.requested.currency {
        return Err(NoRefund::Currency);
    }
    let approved = original.verdict().is_some_and(Verdict::moved_money)
        || original.attention.as_ref().is_some_and(|attention| attention.outcome.said.moved_money());
    let undoable = match (kind, original.operation.kind) {
        (Kind::Refund, Kind::Sale) | (Kind::Reversal, Kind::Sale | Kind::Refund) => true,
        (Kind::Refund, Kind::Refund | Kind::Reversal) | (Kind::Reversal, Kind::Reversal) | (Kind::Sale, _) => false,
    };
    if !approved || !undoable {
        return Err(NoRefund::NotApproved);
    }
    if against.clone().any(Payment::is_open) {
        return Err(NoRefund::Held);
    }
    if original.attention.is_some() {
        // The late approval is not part of what the original approved; it goes back as a whole.
        return Ok(());
    }
    let left = remaining(original, against);
    match kind {
        Kind::Reversal if left != original.approved() => Err(NoRefund::PartlyRefunded),
        _ if amount > left => Err(NoRefund::TooMuch),
        _ => Ok(()),
    }
}
