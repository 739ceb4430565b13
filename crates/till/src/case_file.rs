//! All about one payment: what was asked, every fact with its time, receipts, what went back. What a manager
//! sends to the acquirer; no secrets, no full card numbers.

use crate::actor_words::moment_of;
use crate::api::{Moment, PaperRow, PaymentRow, ReceiptRow};
use crate::books::row;
use domain::journal::Fact;
use domain::money::Money;
use domain::operation::Method;
use domain::outcome::{Evidence, Instrument};
use domain::payment::Payment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One payment in full.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseFile {
    /// As in a list.
    #[serde(flatten)]
    pub row: PaymentRow,
    /// The tip in what was approved.
    pub tip: Money,
    /// The cash paid out in what was approved.
    pub cash_back: Money,
    /// Why it stands where it stands.
    pub reason: Option<String>,
    /// The provider's own words.
    pub detail: Option<String>,
    /// The till's transaction number on the wire.
    pub transaction: String,
    /// Every reference that may have gone on the wire, oldest first.
    pub references: Vec<String>,
    /// The provider's ids.
    pub evidence: Evidence,
    /// What a named person decided, where nobody else could tell.
    pub decided: Option<Decided>,
    /// What the customer paid with, masked.
    pub instrument: Option<Instrument>,
    /// The payment it goes against.
    pub original: Option<domain::ids::OperationId>,
    /// What the caller calls it.
    pub label: Option<String>,
    /// How the customer wanted to pay.
    pub method: Method,
    /// Every fact, oldest first.
    pub timeline: Vec<CaseFact>,
    /// The same as a time line for people.
    pub moments: Vec<Moment>,
    /// Receipts, newest first.
    pub receipts: Vec<ReceiptRow>,
    /// Refunds and reversals of it.
    pub against: Vec<PaymentRow>,
    /// Its slips and those of its sale, oldest first.
    pub papers: Vec<PaperRow>,
}

/// A named person's decision.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Who; nothing once the name was erased.
    pub person: Option<String>,
    /// Why, as typed.
    pub reason: String,
    /// The provider's reference as typed.
    pub provider_reference: Option<String>,
}

/// One entry of the journal.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseFact {
    /// Its number in the journal.
    pub entry: i64,
    /// When.
    pub at: Timestamp,
    /// What; for programs that keep case files.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub fact: Fact,
}

impl CaseFile {
    /// Puts it together.
    pub fn new(
        payment: &Payment,
        decided: Option<Decided>,
        facts: Vec<store::Told>,
        receipts: Vec<ReceiptRow>,
        against: Vec<PaymentRow>,
        papers: Vec<PaperRow>,
    ) -> Self {
        let outcome = payment.outcome.as_ref();
        let row = row(payment);
        let none = Money::zero(row.amount.currency);
        let counts = !row.amount.is_zero();
        let closing = payment.closing();
        Self {
            row,
            tip: if counts { payment.tip() } else { none },
            cash_back: if counts { payment.cash_back() } else { none },
            reason: payment.reason().map(|reason| reason.code().to_owned()),
            // What a person typed is no word of the provider's.
            detail: closing
                .filter(|_| payment.by_hand.is_none())
                .and_then(|closing| closing.detail.clone())
                .or_else(|| outcome.and_then(|outcome| outcome.detail.clone())),
            transaction: payment.operation.transaction.0.clone(),
            references: payment.sent.iter().map(|sent| sent.reference.0.clone()).collect(),
            evidence: payment.evidence.clone(),
            decided,
            instrument: outcome.and_then(|outcome| outcome.instrument.clone()),
            original: payment.operation.original.as_ref().map(|original| original.operation),
            label: payment.operation.label.clone(),
            method: payment.operation.method,
            moments: facts.iter().filter_map(moment).collect(),
            timeline: facts.into_iter().map(case_fact).collect(),
            receipts,
            against,
            papers,
        }
    }
}

/// A fact as a moment: numbered by its entry, so that the order is the journal's.
fn moment(told: &store::Told) -> Option<Moment> {
    let Fact::Payment { fact, .. } = &told.fact else { return None };
    let number = u64::try_from(told.seq).unwrap_or(0);
    moment_of(fact).map(|what| Moment { number, at: told.at, what })
}

fn case_fact(told: store::Told) -> CaseFact {
    CaseFact { entry: told.seq, at: told.at, fact: told.fact }
}
