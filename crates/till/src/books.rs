//! Reading the store in the till's words: lists, one payment in full, receipts, verification. Used by a
//! running till and, read-only, beside one.

use crate::actor_words::{amount_of, kind_code};
use crate::api::{PaymentRow, Problem, ProblemCode, Query, QueryReply, ReceiptRow};
use crate::case_file::CaseFile;
use crate::folder::problem;
use crate::limits;
use crate::settings::Settings;
use domain::ids::{OperationId, ReceiptId};
use domain::payment::Payment;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::path::Path;
use store::{ReceiptEntry, Store, StoreError};

/// The readable side of one store.
#[derive(Clone, Debug)]
pub struct Books {
    store: Store,
    zone: TimeZone,
    day_starts: Time,
}

impl Books {
    /// Beside a till that runs on this store.
    pub(crate) fn beside(store: Store, settings: &Settings) -> Self {
        Self { store, zone: settings.shop.zone.clone(), day_starts: settings.shop.day_starts }
    }

    /// Read-only, also while another till has the folder open.
    pub fn open_read_only(folder: &Path) -> Result<Self, Problem> {
        let settings = Settings::load(folder)?;
        let store = Store::open_read_only(folder).map_err(|error| problem(&error))?;
        Ok(Self { store, zone: settings.shop.zone, day_starts: settings.shop.day_starts })
    }

    /// Reads.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        match query {
            Query::Payments { day, open, limit } => self.payments(day, open, limit).await,
            Query::Payment { payment } => self.payment(payment).await,
            Query::Receipts { day, search, limit } => self.receipts(day, search, limit).await,
            Query::Receipt { id } => self.receipt(&id).await,
            Query::Verify => {
                let verified = self.store.verify().await.map_err(|error| problem(&error))?;
                Ok(QueryReply::Verified { entries: verified.entries, head: verified.head.hash_hex() })
            }
        }
    }

    /// The hours of a business day: from its start to the next day's.
    fn hours(&self, day: Option<Date>) -> Result<(Timestamp, Timestamp), Problem> {
        let wrong = |_| Problem::new(ProblemCode::FieldWrong).with("field", "day").with("what", "is out of range");
        let Some(day) = day else { return Ok((Timestamp::MIN, Timestamp::MAX)) };
        let start = |day: Date| {
            day.to_datetime(self.day_starts).to_zoned(self.zone.clone()).map(|zoned| zoned.timestamp())
        };
        let next = day.checked_add(1.day()).map_err(wrong)?;
        Ok((start(day).map_err(wrong)?, start(next).map_err(wrong)?))
    }

    async fn payments(&self, day: Option<Date>, open: bool, limit: Option<u32>) -> Result<QueryReply, Problem> {
        let (from, to) = self.hours(day)?;
        let found = self.store.payments(from, to, open, rows(limit)).await.map_err(|error| problem(&error))?;
        Ok(QueryReply::Payments { rows: found.iter().map(row).collect() })
    }

    async fn payment(&self, id: OperationId) -> Result<QueryReply, Problem> {
        let unknown = || Problem::new(ProblemCode::UnknownPayment).with("payment", id);
        let payment = self.store.payment(id).await.map_err(|error| problem(&error))?.ok_or_else(unknown)?;
        let facts = self.store.facts_of(id).await.map_err(|error| problem(&error))?;
        let receipts = self.store.receipts_of(&id.to_string()).await.map_err(|error| problem(&error))?;
        let against = self.store.against(id).await.map_err(|error| problem(&error))?;
        let receipts = receipts.into_iter().map(receipt_row).collect();
        let case = CaseFile::new(&payment, facts, receipts, against.iter().map(row).collect());
        Ok(QueryReply::Payment { case: Box::new(case) })
    }

    async fn receipts(
        &self,
        day: Option<Date>,
        search: Option<String>,
        limit: Option<u32>,
    ) -> Result<QueryReply, Problem> {
        let (from, to) = self.hours(day)?;
        let found = self.store.receipts(from, to, search, rows(limit)).await;
        let found = found.map_err(|error| problem(&error))?;
        Ok(QueryReply::Receipts { rows: found.into_iter().map(receipt_row).collect() })
    }

    async fn receipt(&self, id: &str) -> Result<QueryReply, Problem> {
        let unknown = || Problem::new(ProblemCode::UnknownPayment).with("payment", id);
        if ReceiptId::parse(id).is_none() {
            return Err(unknown());
        }
        let found = self.store.receipts_of(id).await.map_err(|error| problem(&error))?;
        if found.is_empty() {
            return Err(unknown());
        }
        Ok(QueryReply::Receipts { rows: found.into_iter().map(receipt_row).collect() })
    }

    /// Whether there is a store at all.
    pub fn is_missing(error: &StoreError) -> bool {
        matches!(error, StoreError::Io(_))
    }
}

fn rows(limit: Option<u32>) -> u32 {
    limit.unwrap_or(limits::ROWS).min(limits::ROWS_MOST)
}

/// One payment as a row.
pub(crate) fn row(payment: &Payment) -> PaymentRow {
    PaymentRow {
        payment: payment.id(),
        terminal: payment.operation.terminal.clone(),
        kind: kind_code(payment.operation.kind).to_owned(),
        state: payment.state_code().to_owned(),
        outcome: payment.outcome_code().to_owned(),
        requested: payment.operation.requested,
        amount: amount_of(payment),
        at: payment.operation.intended_at,
        attention: payment.attention.is_some(),
    }
}

fn receipt_row(entry: ReceiptEntry) -> ReceiptRow {
    let ReceiptEntry { receipt, text } = entry;
    ReceiptRow {
        receipt: receipt.id,
        payment: receipt.operation,
        copy: receipt.copy,
        at: receipt.at,
        practice: receipt.practice,
        text,
    }
}
