//! Reading the store in the till's words: lists, one payment in full, receipts, verification. Used by a
//! running till and, read-only, beside one.

mod day;
mod export;
mod papers;

pub use export::ExportRow;

use crate::actor_words::{amount_of, kind_code};
use crate::api::{PaymentRow, Problem, ProblemCode, Query, QueryReply, ReceiptRow};
use crate::case_file::{CaseFile, Decided};
use crate::clock::Clock;
use crate::folder::problem;
use crate::limits;
use crate::settings::Settings;
use domain::ids::{OperationId, ReceiptId};
use domain::money::{Currency, Money};
use domain::operation::Kind;
use domain::payment::{ByHand, Payment};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use peripherals::slip::Language;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Day, PaymentLine, ReadOnlyStore, Reader, ReceiptQuery, Show, Store, StoreError, StoredText};

/// The readable side of one store.
#[derive(Clone, Debug)]
pub struct Books {
    source: Source,
    clock: Clock,
    currency: Currency,
    day_starts: Time,
    columns: usize,
    language: Language,
}

#[derive(Clone)]
enum Source {
    /// Beside the till that writes it.
    Till(Store),
    /// Beside a till in another process, or none.
    ReadOnly(Arc<Mutex<ReadOnlyStore>>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Till(_) => "Till",
            Self::ReadOnly(_) => "ReadOnly",
        })
    }
}

impl Books {
    /// Beside a till that runs on this store.
    pub(crate) fn beside(store: Store, settings: &Settings, clock: Clock) -> Self {
        Self::new(Source::Till(store), settings, clock)
    }

    fn new(source: Source, settings: &Settings, clock: Clock) -> Self {
        Self {
            source,
            clock,
            currency: settings.currency,
            day_starts: settings.shop.day_starts,
            columns: settings.printer.columns,
            language: settings.printer.language,
        }
    }

    /// Read-only, also while another till has the folder open. Nothing where no till has ever been started.
    pub fn open_read_only(folder: &Path) -> Result<Option<Self>, Problem> {
        let settings = Settings::load(folder)?;
        let Some(store) = Store::open_read_only(folder).map_err(|error| problem(&error))? else {
            return Ok(None);
        };
        let clock = Clock::system(settings.shop.zone.clone());
        Ok(Some(Self::new(Source::ReadOnly(Arc::new(Mutex::new(store))), &settings, clock)))
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let read = match &self.source {
            Source::Till(store) => store.read(query).await,
            Source::ReadOnly(store) => store.lock().unwrap_or_else(PoisonError::into_inner).read(query),
        };
        read.map_err(|error| problem(&error))
    }

    /// Reads.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        match query {
            Query::Payments { day, open, limit } => self.payments(day, open, limit).await,
            Query::Payment { payment } => self.payment(payment).await,
            Query::Receipts { day, search, limit } => self.receipts(day, search, limit).await,
            Query::Receipt { id } => self.receipt(&id).await,
            Query::Day { day } => self.day(day, false).await,
            Query::ReportX => self.report_x().await,
            Query::Reports { limit } => self.reports(limit).await,
            Query::SaleReceipts { day, number, limit } => self.sale_receipts(day, number, limit).await,
            Query::SalePapers { sale } => self.sale_papers(sale).await,
            Query::ReportPapers { number } => self.report_papers(number).await,
            Query::File { id, format } => self.file(&id, format).await,
            Query::Check { .. }
            | Query::CheckForm { .. }
            | Query::Checking { .. }
            | Query::Terminals
            | Query::Standing
            | Query::Sale { .. }
            | Query::CheckPrinter { .. }
            | Query::Products { .. } => {
                Err(Problem::new(ProblemCode::NotOffered).with("what", "this without a running till"))
            }
            Query::Verify => {
                let verified = self.read(|reader| reader.verify()).await?;
                let entries = u64::try_from(verified.entries).unwrap_or(0);
                Ok(QueryReply::Verified { entries, head: verified.head.to_string() })
            }
        }
    }

    /// The hours of a business day: from its start to the next day's.
    fn hours(&self, day: Option<Date>) -> Result<Option<Day>, Problem> {
        let wrong =
            |_| Problem::new(ProblemCode::FieldWrong).with("field", "day").with("what", "is out of range");
        let Some(day) = day else { return Ok(None) };
        let start = |day: Date| {
            day.to_datetime(self.day_starts)
                .to_zoned(self.clock.zone.clone())
                .map(|zoned| zoned.timestamp())
        };
        let next = day.checked_add(1.day()).map_err(wrong)?;
        Ok(Some(Day { from: start(day).map_err(wrong)?, to: start(next).map_err(wrong)? }))
    }

    async fn payments(
        &self,
        day: Option<Date>,
        open: bool,
        limit: Option<u32>,
    ) -> Result<QueryReply, Problem> {
        let always = Day { from: Timestamp::MIN, to: Timestamp::MAX };
        let day = self.hours(day)?.unwrap_or(always);
        let show = if open { Show::Unsettled } else { Show::All };
        let found = self.read(move |reader| reader.payments(day, show, rows(limit))).await?;
        Ok(QueryReply::Payments { rows: found.into_iter().map(line).collect() })
    }

    /// The business day that it is now: before its starting hour it is still the day before.
    fn today(&self) -> Date {
        let now = self.clock.now().to_zoned(self.clock.zone.clone());
        let date = now.date();
        let begun = now.time() >= self.day_starts;
        if begun { date } else { date.yesterday().unwrap_or(date) }
    }

    /// Z reports, newest first.
    async fn reports(&self, limit: Option<u32>) -> Result<QueryReply, Problem> {
        let always = Day { from: Timestamp::MIN, to: Timestamp::MAX };
        let reports = self.read(move |reader| reader.reports(always, rows(limit))).await?;
        let newest = reports.first().and_then(|report| report.number).unwrap_or(0);
        Ok(QueryReply::Reports { reports, next: newest.saturating_add(1) })
    }

    async fn payment(&self, id: OperationId) -> Result<QueryReply, Problem> {
        let found = self.read(move |reader| {
            let Some(payment) = reader.payment(id)? else { return Ok(None) };
            let (facts, receipts) = (reader.payment_facts(id)?, reader.receipts_of(id)?);
            let mut papers = reader.papers_of_payment(id)?;
            if let Some(sale) = payment.operation.sale {
                papers.extend(reader.papers_of_sale(sale)?);
            }
            let decided = payment.by_hand.clone().map(|hand| decided(reader, hand)).transpose()?;
            Ok(Some((payment, decided, facts, receipts, reader.against(id)?, papers)))
        });
        let unknown = || Problem::new(ProblemCode::UnknownPayment).with("payment", id);
        let (payment, decided, facts, receipts, against, papers) = found.await?.ok_or_else(unknown)?;
        let receipts = receipts.into_iter().map(receipt_row).collect();
        let papers = papers.into_iter().map(papers::row).collect();
        let against = against.iter().map(row).collect();
        let case = CaseFile::new(&payment, decided, facts, receipts, against, papers);
        Ok(QueryReply::Payment { case: Box::new(case) })
    }

    async fn receipts(
        &self,
        day: Option<Date>,
        search: Option<String>,
        limit: Option<u32>,
    ) -> Result<QueryReply, Problem> {
        let day = self.hours(day)?;
        let words = search.unwrap_or_default();
        let found = self.read(move |reader| {
            reader.with_texts(reader.receipts(ReceiptQuery { day, words: &words }, rows(limit))?)
        });
        Ok(QueryReply::Receipts { rows: found.await?.into_iter().map(receipt_row).collect() })
    }

    async fn receipt(&self, id: &str) -> Result<QueryReply, Problem> {
        let unknown = || Problem::new(ProblemCode::UnknownPayment).with("payment", id);
        let receipt = ReceiptId::parse(id).ok_or_else(unknown)?;
        let payment = OperationId::parse(id).ok_or_else(unknown)?;
        let found = self.read(move |reader| {
            let one: Vec<StoredText> = reader.receipt(receipt)?.into_iter().collect();
            if one.is_empty() { reader.receipts_of(payment) } else { Ok(one) }
        });
        let found = found.await?;
        if found.is_empty() {
            return Err(unknown());
        }
        Ok(QueryReply::Receipts { rows: found.into_iter().map(receipt_row).collect() })
    }
}

fn rows(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(limits::ROWS).min(limits::ROWS_MOST)).unwrap_or(0)
}

/// A decision with the name behind it.
fn decided(reader: &Reader<'_>, hand: ByHand) -> Result<Decided, StoreError> {
    let person = reader.text(&hand.person)?;
    Ok(Decided { person, reason: hand.reason, provider_reference: hand.provider_reference })
}

/// A line of the store's list as a row.
fn line(line: PaymentLine) -> PaymentRow {
    PaymentRow {
        payment: line.id,
        terminal: line.terminal,
        kind: kind_code(line.kind).to_owned(),
        state: line.state,
        amount: shown_amount(&line.outcome, line.kind, line.requested, line.approved),
        outcome: line.outcome,
        requested: line.requested,
        at: line.at,
        attention: line.attention,
        goes_against: line.original,
    }
}

/// What stays approved, from the columns of a list; see [`amount_of`].
fn shown_amount(outcome: &str, kind: Kind, requested: Money, approved: Money) -> Money {
    match (outcome, kind) {
        ("approved", Kind::Reversal) if approved.is_zero() => requested,
        ("approved" | "partial", _) => approved,
        _ => Money::zero(requested.currency),
    }
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
        goes_against: payment.operation.original.as_ref().map(|original| original.operation),
    }
}

fn receipt_row(entry: StoredText) -> ReceiptRow {
    let StoredText { receipt, text } = entry;
    ReceiptRow {
        receipt: receipt.id,
        payment: receipt.operation,
        copy: receipt.copy,
        at: receipt.at,
        practice: receipt.practice,
        text,
    }
}
