//! Money back against an original: cumulative, and what is not known counts as gone back (R11).

use crate::money::Money;
use crate::operation::Kind;
use crate::payment::{Payment, Verdict};
use std::cmp::Ordering;

/// Why money cannot go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRefund {
    /// The original is no payment that can be undone: open, not approved or its approval is contradicted,
    /// or a kind that is not undone (a reversal; a refund by a refund).
    #[error("the original payment was not approved, is still open, or is itself money back")]
    NotApproved,
    /// More than is left of the original, counting everything that went back or may have.
    #[error("more than is left of the original payment")]
    TooMuch,
    /// A refund or reversal of the same original is not settled yet; it holds the original everywhere.
    #[error("another refund or reversal of this payment is not settled yet")]
    Held,
    /// A reversal undoes the whole; part of it has gone back already.
    #[error("some or all of the payment has gone back already")]
    PartlyRefunded,
    /// A reversal undoes the whole; less was asked for.
    #[error("a reversal undoes the whole payment; part of it can only be refunded")]
    NotWhole,
    /// Another currency than the original's.
    #[error("the currency differs from the original's")]
    Currency,
}

/// What is left of the original. `against`: every refund and reversal of it, in any state. Open and
/// disputed ones count in full; so do approved ones; declined ones do not. A late approval of the original
/// that waits for a person is what can go back, in place of a closing without money.
pub fn remaining<'a>(original: &Payment, against: impl Iterator<Item = &'a Payment>) -> Money {
    let mut left = whole(original);
    for payment in against {
        left = left.minus(counted(payment)).unwrap_or(Money::zero(left.currency));
    }
    if left.minor < 0 { Money::zero(left.currency) } else { left }
}

fn whole(original: &Payment) -> Money {
    original.late_approval().map_or(original.approved(), |outcome| original.approved_by(outcome))
}

fn counted(payment: &Payment) -> Money {
    let closed = match payment.verdict() {
        None => payment.operation.requested,
        Some(Verdict::Approved | Verdict::Partial) => payment.approved(),
        Some(Verdict::Declined | Verdict::Cancelled | Verdict::NotCharged) => {
            Money::zero(payment.operation.requested.currency)
        }
    };
    // A contradiction that waits for a person counts for the larger: the money may have gone back.
    let told = payment.attention.as_ref().map_or(closed, |open| payment.approved_by(&open.outcome));
    if told.minor > closed.minor { told } else { closed }
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
    if !is_approved(original) || !is_undone_by(original.operation.kind, kind) {
        return Err(NoRefund::NotApproved);
    }
    if against.clone().any(Payment::is_open) {
        return Err(NoRefund::Held);
    }
    let left = remaining(original, against);
    match kind {
        Kind::Reversal if left != whole(original) => Err(NoRefund::PartlyRefunded),
        Kind::Sale | Kind::Refund | Kind::Reversal if amount > left => Err(NoRefund::TooMuch),
        Kind::Reversal if amount < left => Err(NoRefund::NotWhole),
        Kind::Sale | Kind::Refund | Kind::Reversal => Ok(()),
    }
}

/// Whether the whole approval may be undone while its payment is open, because its signature was refused.
pub fn may_undo<'a>(
    amount: Money,
    original: &Payment,
    against: impl Iterator<Item = &'a Payment> + Clone,
) -> Result<(), NoRefund> {
    let approved = original.approved();
    if amount.currency != approved.currency {
        return Err(NoRefund::Currency);
    }
    if against.clone().any(Payment::is_open) {
        return Err(NoRefund::Held);
    }
    if remaining(original, against) != approved {
        return Err(NoRefund::PartlyRefunded);
    }
    match amount.cmp(&approved) {
        Ordering::Greater => Err(NoRefund::TooMuch),
        Ordering::Less => Err(NoRefund::NotWhole),
        Ordering::Equal => Ok(()),
    }
}

/// Closed with money, or found approved late; and no newer word of the provider says that it was not.
fn is_approved(original: &Payment) -> bool {
    let newest = original.attention.as_ref().map(|attention| attention.outcome.said.moved_money());
    let closed = original.verdict().map(Verdict::moved_money);
    closed.is_some_and(|closed| newest.unwrap_or(closed))
}

fn is_undone_by(original: Kind, kind: Kind) -> bool {
    match (kind, original) {
        (Kind::Refund, Kind::Sale) | (Kind::Reversal, Kind::Sale | Kind::Refund) => true,
        (Kind::Refund, Kind::Refund | Kind::Reversal)
        | (Kind::Reversal, Kind::Reversal)
        | (Kind::Sale, Kind::Sale | Kind::Refund | Kind::Reversal) => false,
    }
}

#[cfg(test)]
mod tests;
