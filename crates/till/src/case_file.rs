//! All about one payment: what was asked, every fact with its time, receipts, what went back. What a manager
//! sends to the acquirer; no secrets, no full card numbers.

use crate::api::{PaymentRow, ReceiptRow};
use crate::books::row;
use domain::journal::Fact;
use domain::outcome::{Evidence, Instrument};
use domain::payment::Payment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One payment in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseFile {
    /// As in a list.
    #[serde(flatten)]
    pub row: PaymentRow,
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
    /// What the customer paid with, masked.
    pub instrument: Option<Instrument>,
    /// The payment it goes against.
    pub original: Option<domain::ids::OperationId>,
    /// Every fact, oldest first.
    pub timeline: Vec<CaseFact>,
    /// Receipts, newest first.
    pub receipts: Vec<ReceiptRow>,
    /// Refunds and reversals of it.
    pub against: Vec<PaymentRow>,
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseFact {
    /// Its number in the journal.
    pub entry: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
}

impl CaseFile {
    /// Puts it together.
    pub fn new(
        payment: &Payment,
        facts: Vec<store::Told>,
        receipts: Vec<ReceiptRow>,
        against: Vec<PaymentRow>,
    ) -> Self {
        let outcome = payment.outcome.as_ref();
        let closing = payment.closing();
        Self {
            row: row(payment),
            reason: payment.reason().map(|reason| reason.code().to_owned()),
            detail: closing
                .and_then(|closing| closing.detail.clone())
                .or_else(|| outcome.and_then(|outcome| outcome.detail.clone())),
            transaction: payment.operation.transaction.0.clone(),
            references: payment.sent.iter().map(|sent| sent.reference.0.clone()).collect(),
            evidence: payment.evidence.clone(),
            instrument: outcome.and_then(|outcome| outcome.instrument.clone()),
            original: payment.operation.original.as_ref().map(|original| original.operation),
            timeline: facts.into_iter().map(case_fact).collect(),
            receipts,
            against,
        }
    }
}

fn case_fact(told: store::Told) -> CaseFact {
    CaseFact { entry: told.seq, at: told.at, fact: told.fact }
}
