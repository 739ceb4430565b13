//! One payment in full, as a line: the till's case file with amounts and times as the lines write them.

use serde::Serialize;
use till::case_file::{CaseFact, CaseFile, Decided};
use till::seams::domain::ids::OperationId;
use till::seams::domain::journal::Fact;
use till::seams::domain::outcome::{Evidence, Instrument};

use crate::lines::{PaymentLine, ReceiptLine, Time};

/// What a payment's line has beyond one of a list.
#[derive(Debug, Serialize)]
pub struct CaseLine {
    pub tip: String,
    pub cash_back: String,
    pub reason: Option<String>,
    pub detail: Option<String>,
    pub transaction: String,
    pub references: Vec<String>,
    pub evidence: Evidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    pub instrument: Option<Instrument>,
    pub original: Option<OperationId>,
    /// What the caller calls it.
    pub reference: Option<String>,
    pub timeline: Vec<FactLine>,
    pub receipts: Vec<ReceiptLine>,
    pub against: Vec<PaymentLine>,
}

/// One entry of the journal.
#[derive(Debug, Serialize)]
pub struct FactLine {
    pub entry: i64,
    pub at: Time,
    pub fact: Fact,
}

/// The line of one payment in full.
pub fn line(case: CaseFile, practice: bool) -> PaymentLine {
    let mut line = PaymentLine::new(&case.row, practice);
    let fact = |CaseFact { entry, at, fact }| FactLine { entry, at: Time(at), fact };
    line.case = Some(CaseLine {
        tip: case.tip.plain(),
        cash_back: case.cash_back.plain(),
        reason: case.reason,
        detail: case.detail,
        transaction: case.transaction,
        references: case.references,
        evidence: case.evidence,
        decided: case.decided,
        instrument: case.instrument,
        original: case.original,
        reference: case.label,
        timeline: case.timeline.into_iter().map(fact).collect(),
        receipts: case.receipts.iter().map(ReceiptLine::new).collect(),
        against: case.against.iter().map(|row| PaymentLine::new(row, practice)).collect(),
    });
    line
}
