//! What payments did to the customers' money, as one signed number: the till's side of every comparison
//! with a bank.

use crate::money::Money;
use crate::operation::Kind;
use crate::payment::{Payment, Verdict};

/// What one payment moved from customer to shop, in minor units; negative when money went back. A payment
/// undone for its signature moved money, and so did its reversal. Open payments without an approval count
/// nothing: what they did is not known.
pub fn moved(payment: &Payment) -> i64 {
    let approved = match (&payment.outcome, payment.verdict()) {
        (Some(_), _) => payment.approved(),
        (None, Some(Verdict::Approved | Verdict::Partial)) => payment.operation.requested,
        (None, Some(Verdict::Declined | Verdict::Cancelled | Verdict::NotCharged) | None) => {
            Money::zero(payment.operation.requested.currency)
        }
    };
    // The answer to a reversal need not repeat the amount: it undoes the whole original.
    let whole = payment.operation.kind == Kind::Reversal
        && payment.outcome.as_ref().is_some_and(|outcome| outcome.said.moved_money() && outcome.amount.is_none());
    let minor = if whole { payment.operation.requested.minor } else { approved.minor };
    match payment.operation.kind {
        Kind::Sale => minor,
        Kind::Refund | Kind::Reversal => -minor,
    }
}

/// The sum over payments of one currency.
pub fn total<'a>(payments: impl Iterator<Item = &'a Payment>) -> i64 {
    payments.map(moved).sum()
}
