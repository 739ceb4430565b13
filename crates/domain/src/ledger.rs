//! What payments did to the customers' money, as one signed number: the till's side of every comparison
//! with a bank.

use crate::operation::Kind;
use crate::payment::Payment;

/// What one payment moved from customer to shop, in minor units; negative when money went back. A payment
/// undone for its signature moved money, and so did its reversal. Where the provider's newest word
/// contradicts the closing it counts before anybody accepts it: the bank does not wait for a person either.
/// Open payments without an approval count nothing: what they did is not known.
pub fn moved(payment: &Payment) -> i64 {
    let approved = match &payment.attention {
        Some(attention) => payment.approved_by(&attention.outcome),
        None => payment.approved(),
    };
    match (payment.operation.kind, payment.operation.original.as_ref().map(|original| original.kind)) {
        (Kind::Sale, _) | (Kind::Reversal, Some(Kind::Refund)) => approved.minor,
        (Kind::Refund, _) | (Kind::Reversal, Some(Kind::Sale | Kind::Reversal) | None) => -approved.minor,
    }
}

/// The sum over payments of one currency.
pub fn total<'a>(payments: impl Iterator<Item = &'a Payment>) -> i64 {
    payments.map(moved).sum()
}

#[cfg(test)]
mod tests;
