//! Slips for the printer: those that wait, those of a sale or a payment, those of a day.

use super::{Day, Reader, bound};
use crate::StoreError;
use crate::codes::{operation, paper, sale, text, time, unreadable, word};
use domain::ids::{OperationId, PaperId, SaleId};
use domain::paper::{Paper, PaperKind, PaperState};
use domain::receipt::TextRef;
use jiff::Timestamp;
use rusqlite::Row;

/// A slip with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPaper {
    /// Its id.
    pub id: PaperId,
    /// What it is about.
    pub paper: Paper,
    /// When it was made.
    pub at: Timestamp,
    /// Where it stands, as far as the journal knows.
    pub state: PaperState,
    /// Its text; nothing once it was erased.
    pub text: Option<String>,
}

const PAPERS: &str = "SELECT paper.id, paper.kind, paper.sale, paper.payment, paper.count, paper.copy,
    paper.practice, paper.state, paper.at, paper.text_id, paper.text_digest, erasable.text
    FROM paper LEFT JOIN erasable ON erasable.id = paper.text_id";

impl Reader<'_> {
    /// The newest slips that are not known to be printed, oldest first.
    pub fn papers_waiting(&self, limit: usize) -> Result<Vec<StoredPaper>, StoreError> {
        let sql = format!("{PAPERS} WHERE paper.state = 'waiting' ORDER BY paper.number DESC LIMIT ?1");
        let mut papers = self.collect(&sql, [bound(limit)], row)?;
        papers.reverse();
        Ok(papers)
    }

    /// One slip.
    pub fn paper(&self, id: PaperId) -> Result<Option<StoredPaper>, StoreError> {
        let sql = format!("{PAPERS} WHERE paper.id = ?1");
        Ok(self.collect(&sql, [id.to_string()], row)?.pop())
    }

    /// Every slip about a sale itself, oldest first.
    pub fn papers_of_sale(&self, sale: SaleId) -> Result<Vec<StoredPaper>, StoreError> {
        let sql = format!("{PAPERS} WHERE paper.sale = ?1 ORDER BY paper.number");
        self.collect(&sql, [sale.to_string()], row)
    }

    /// Every slip about a payment itself, oldest first.
    pub fn papers_of_payment(&self, payment: OperationId) -> Result<Vec<StoredPaper>, StoreError> {
        let sql = format!("{PAPERS} WHERE paper.payment = ?1 ORDER BY paper.number");
        self.collect(&sql, [payment.to_string()], row)
    }

    /// Every slip of a Z report, oldest first.
    pub fn papers_of_report(&self, z: u32) -> Result<Vec<StoredPaper>, StoreError> {
        let sql = format!("{PAPERS} WHERE paper.kind = 'report_z' AND paper.count = ?1 ORDER BY number");
        self.collect(&sql, [z], row)
    }

    /// Receipts of sales, newest first, without copies; of that day, and with this number, where it is told.
    pub fn sale_receipts(
        &self,
        day: Option<Day>,
        number: Option<u32>,
        limit: usize,
    ) -> Result<Vec<StoredPaper>, StoreError> {
        let day = day.unwrap_or(Day { from: Timestamp::MIN, to: Timestamp::MAX });
        let sql = format!(
            "{PAPERS} WHERE paper.kind = 'receipt' AND paper.count IS NOT NULL AND NOT paper.copy
            AND (?1 IS NULL OR paper.count = ?1) AND paper.at >= ?2 AND paper.at < ?3
            ORDER BY paper.number DESC LIMIT ?4"
        );
        let (from, to) = (day.from.as_microsecond(), day.to.as_microsecond());
        self.collect(&sql, (number, from, to, bound(limit)), row)
    }

    /// The number of the newest receipt of a sale; 0 before the first.
    pub fn newest_receipt(&self) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(count), 0) FROM paper WHERE kind = 'receipt' AND count IS NOT NULL";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }
}

fn row(row: &Row<'_>) -> Result<StoredPaper, StoreError> {
    let (kind, state) = (word(row, 1)?, word(row, 7)?);
    let id_of = |index: usize| row.get::<_, Option<String>>(index);
    let paper_kind = PaperKind::parse(kind).ok_or_else(|| unreadable("kind", kind))?;
    Ok(StoredPaper {
        id: paper(word(row, 0)?)?,
        paper: Paper {
            kind: paper_kind,
            sale: id_of(2)?.map(|id| sale(&id)).transpose()?,
            operation: id_of(3)?.map(|id| operation(&id)).transpose()?,
            number: row.get(4)?,
            copy: row.get(5)?,
            practice: row.get(6)?,
            text: TextRef { id: text(word(row, 9)?)?, digest: row.get(10)? },
        },
        at: time(row.get(8)?)?,
        state: PaperState::parse(state).ok_or_else(|| unreadable("state", state))?,
        text: row.get(11)?,
    })
}
