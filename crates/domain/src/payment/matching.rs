//! Is this answer ours? (R4) A foreign answer is never adopted, whatever it says.

use super::{Payment, Stage, Verdict};
use crate::limits::CLOCK_TOLERANCE;
use crate::money::Money;
use crate::operation::Kind;
use crate::outcome::{Outcome, Reason, Said};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mismatch {
    /// The reference is none of ours for this operation, or the answer names nothing at all.
    Reference,
    /// The transaction number differs.
    Transaction,
    /// Another terminal answered.
    Terminal,
    /// Another currency.
    Currency,
    /// Another amount, and neither a tip nor the protocol's word for partial explains it.
    Amount,
    /// The provider's time lies before the intent.
    Time,
    /// A reversal of something else.
    Original,
}

impl Mismatch {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Transaction => "transaction",
            Self::Terminal => "terminal",
            Self::Currency => "currency",
            Self::Amount => "amount",
            Self::Time => "time",
            Self::Original => "original",
        }
    }
}

/// The result of matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It answers this operation, and means this.
    Ours(Verdict),
    /// It does not, for these reasons.
    Foreign(Vec<Mismatch>),
}

/// Compares an outcome with the payment. `skew_ms`: how far the provider's clock was ahead of the
/// till's when it was measured at log-in; nothing where it was never measured (no time check then).
pub fn matching(payment: &Payment, outcome: &Outcome, skew_ms: Option<i64>) -> Match {
    let mut wrong = Vec::new();
    let echo = &outcome.echo;
    let operation = &payment.operation;
    let is_sent =
        |reference: &crate::ids::Reference| payment.sent.iter().any(|sent| sent.reference == *reference);
    let names_nothing = echo.reference.is_none() && echo.transaction.is_none();
    let is_collision = is_in_use(payment) && echo.transaction.as_ref() != Some(&operation.transaction);
    let is_foreign = echo.reference.as_ref().is_some_and(|reference| !is_sent(reference));
    if names_nothing || is_foreign || is_collision {
        wrong.push(Mismatch::Reference);
    }
    if echo.transaction.as_ref().is_some_and(|transaction| *transaction != operation.transaction) {
        wrong.push(Mismatch::Transaction);
    }
    if !echo.same_terminal {
        wrong.push(Mismatch::Terminal);
    }
    if echo.foreign_original.is_some() {
        wrong.push(Mismatch::Original);
    }
    let verdict = match outcome.said {
        Said::Approved | Said::Partial => money(payment, outcome, &mut wrong),
        Said::Declined => Verdict::Declined,
        Said::Cancelled => Verdict::Cancelled,
    };
    if lies_before_intent(payment, outcome, skew_ms) {
        wrong.push(Mismatch::Time);
    }
    if wrong.is_empty() { Match::Ours(verdict) } else { Match::Foreign(wrong) }
}

/// R12: whose reference was in use before the first request, that reference names somebody else's
/// operation; only the till's own transaction number tells ours.
fn is_in_use(payment: &Payment) -> bool {
    match &payment.stage {
        Stage::Unknown(reason) | Stage::Disputed(reason) => *reason == Reason::ReferenceInUse,
        Stage::Running | Stage::AwaitSignature | Stage::Reversing(_) | Stage::Closed(_) => false,
    }
}

fn money(payment: &Payment, outcome: &Outcome, wrong: &mut Vec<Mismatch>) -> Verdict {
    let requested = payment.operation.requested;
    let verdict = match outcome.said {
        Said::Partial => Verdict::Partial,
        Said::Approved | Said::Declined | Said::Cancelled => Verdict::Approved,
    };
    if outcome.foreign_currency.is_some() {
        wrong.push(Mismatch::Currency);
        return verdict;
    }
    let Some(amount) = outcome.amount else {
        // A reversal is of the whole original; its answer need not repeat the amount.
        if payment.operation.kind != Kind::Reversal {
            wrong.push(Mismatch::Amount);
        }
        return verdict;
    };
    let is_contradicted =
        payment.mismatch.iter().any(|it| matches!(it, Mismatch::Amount | Mismatch::Currency));
    if outcome.echo.amount_implied && is_contradicted {
        wrong.push(Mismatch::Amount);
        return verdict;
    }
    if amount.currency != requested.currency {
        wrong.push(Mismatch::Currency);
    } else if !amount_fits(payment, amount, outcome) {
        wrong.push(Mismatch::Amount);
    }
    verdict
}

fn amount_fits(payment: &Payment, amount: Money, outcome: &Outcome) -> bool {
    let (requested, asked) = (payment.operation.requested, payment.operation.cash_back);
    let zero = Money::zero(requested.currency);
    let (tip, cash_back) = (outcome.tip_part(zero), outcome.cash_back_part(asked));
    if cash_back.currency != zero.currency || tip < zero || cash_back < zero {
        return false;
    }
    // Tip and cash lie within what was approved: the rest is goods, and goods are never negative.
    if tip.plus(cash_back).is_none_or(|beside_goods| beside_goods > amount) {
        return false;
    }
    match outcome.said {
        Said::Partial => amount > zero && amount < requested && cash_back <= asked,
        Said::Approved | Said::Declined | Said::Cancelled => {
            cash_back == asked && requested.plus(tip) == Some(amount)
        }
    }
}

fn lies_before_intent(payment: &Payment, outcome: &Outcome, skew_ms: Option<i64>) -> bool {
    // An answer about a reversal repeats the time of the original transaction, which lies before it.
    let (Some(time), Some(skew_ms), Kind::Sale | Kind::Refund) =
        (outcome.provider_time, skew_ms, payment.operation.kind)
    else {
        return false;
    };
    let behind = payment.operation.intended_at.duration_since(time);
    let measured = SignedDuration::from_millis(skew_ms.saturating_neg());
    behind > measured.saturating_add(CLOCK_TOLERANCE)
}
