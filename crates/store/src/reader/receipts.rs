//! Receipts: by day, by words, by id, by payment. Lists come without texts: fetching fifty of them takes
//! twice as long as the list itself, and whoever shows them asks for them ([`Reader::with_texts`]).
//!
//! Invariant: a search orders by number, never by rank: ranking a common word would read every receipt.

use super::{Day, Reader, bound};
use crate::codes::{operation, receipt, text, time, unreadable, word};
use crate::search::Search;
use crate::{StoreError, limits};
use domain::ids::{OperationId, ReceiptId};
use domain::receipt::{Copy, StoredReceipt, TextRef};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row};

/// Which receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiptQuery<'a> {
    /// Only those of that day.
    pub day: Option<Day>,
    /// Only those with all these words, the last of which may be a beginning. No word: all receipts.
    pub words: &'a str,
}

/// A receipt with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredText {
    /// The receipt.
    pub receipt: StoredReceipt,
    /// Its text; nothing once it was erased.
    pub text: Option<String>,
}

const RECEIPTS: &str =
    "SELECT receipt.id, receipt.payment, receipt.copy, receipt.to_sign, receipt.practice,
    receipt.at, receipt.text_id, receipt.text_digest";
const NEXT_WORD: &str = "SELECT term FROM temp.receipt_word WHERE term >= ?1 LIMIT 1";
const TEXTS: &str = "FROM receipt LEFT JOIN erasable ON erasable.id = receipt.text_id";

impl Reader<'_> {
    /// Receipts, newest first. Where enough receipts hold the last word as it is, those that only begin with
    /// it are left out: finding beginnings reads every receipt that has one.
    pub fn receipts(
        &self,
        query: ReceiptQuery<'_>,
        limit: usize,
    ) -> Result<Vec<StoredReceipt>, StoreError> {
        let Some(search) = Search::read(query.words) else { return self.matching(query.day, None, limit) };
        let found = self.matching(query.day, Some(search.whole()), limit)?;
        if !search.goes_on() || found.len() >= limit.min(limits::ROWS) {
            return Ok(found);
        }
        let beginning = search.beginning();
        let words = beginning.as_deref().map(|beginning| self.words(beginning)).transpose()?.flatten();
        let expression = match words {
            // Nothing but the word itself: that was asked for.
            Some(words) if words.iter().all(|word| Some(word) == beginning.as_ref()) => return Ok(found),
            Some(words) => search.one_of(&words),
            None => search.any(),
        };
        self.matching(query.day, Some(expression), limit)
    }

    /// The words of the index with this beginning, by one seek for each; nothing when there are too many.
    fn words(&self, beginning: &str) -> Result<Option<Vec<String>>, StoreError> {
        let mut next = self.connection.prepare_cached(NEXT_WORD)?;
        let mut words: Vec<String> = Vec::new();
        let mut from = beginning.to_owned();
        loop {
            let word: Option<String> = next.query_row([&from], |row| row.get(0)).optional()?;
            match word.filter(|word| word.starts_with(beginning)) {
                None => return Ok(Some(words)),
                Some(_) if words.len() >= limits::WORDS_TRIED => return Ok(None),
                Some(word) => {
                    // Words hold no control characters, so this is the place right behind the word.
                    from = format!("{word}\u{1}");
                    words.push(word);
                }
            }
        }
    }

    fn matching(
        &self,
        day: Option<Day>,
        expression: Option<String>,
        limit: usize,
    ) -> Result<Vec<StoredReceipt>, StoreError> {
        let mut parameters = vec![Value::Integer(bound(limit))];
        let mut from = "receipt";
        let mut conditions = Vec::new();
        let mut order = "receipt.number DESC";
        if let Some(day) = day {
            conditions.push("receipt.at >= ?2 AND receipt.at < ?3");
            parameters.push(Value::Integer(day.from.as_microsecond()));
            parameters.push(Value::Integer(day.to.as_microsecond()));
            order = "receipt.at DESC, receipt.number DESC";
        }
        if let Some(expression) = expression {
            // CROSS JOIN keeps this order: the words are walked from the newest receipt on, and the walk ends
            // at the limit. The other way round every receipt would be asked for its words.
            from = "receipt_words CROSS JOIN receipt ON receipt.number = receipt_words.rowid";
            let place = if day.is_some() { "receipt_words MATCH ?4" } else { "receipt_words MATCH ?2" };
            conditions.push(place);
            parameters.push(Value::Text(expression));
            order = "receipt_words.rowid DESC";
        }
        let conditions = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
        let sql = format!("{RECEIPTS} FROM {from} WHERE {conditions} ORDER BY {order} LIMIT ?1");
        self.collect(&sql, rusqlite::params_from_iter(parameters), row)
    }

    /// One receipt.
    pub fn receipt(&self, id: ReceiptId) -> Result<Option<StoredText>, StoreError> {
        let sql = format!("{RECEIPTS}, erasable.text {TEXTS} WHERE receipt.id = ?1");
        Ok(self.collect(&sql, [id.to_string()], in_full)?.pop())
    }

    /// Every receipt of a payment, oldest first.
    pub fn receipts_of(&self, payment: OperationId) -> Result<Vec<StoredText>, StoreError> {
        let sql =
            format!("{RECEIPTS}, erasable.text {TEXTS} WHERE receipt.payment = ?1 ORDER BY receipt.number");
        self.collect(&sql, [payment.to_string()], in_full)
    }

    /// The same receipts with their texts.
    pub fn with_texts(&self, receipts: Vec<StoredReceipt>) -> Result<Vec<StoredText>, StoreError> {
        let in_full = |receipt: StoredReceipt| Ok(StoredText { text: self.text(&receipt.text)?, receipt });
        receipts.into_iter().map(in_full).collect()
    }

    /// The text behind a reference; nothing once it was erased.
    pub fn text(&self, reference: &TextRef) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT text FROM erasable WHERE id = ?1")?;
        Ok(statement.query_row([reference.id.to_string()], |row| row.get(0)).optional()?)
    }
}

fn row(row: &Row<'_>) -> Result<StoredReceipt, StoreError> {
    let copy = word(row, 2)?;
    Ok(StoredReceipt {
        id: receipt(word(row, 0)?)?,
        operation: operation(word(row, 1)?)?,
        copy: Copy::parse(copy).ok_or_else(|| unreadable("copy", copy))?,
        to_sign: row.get(3)?,
        practice: row.get(4)?,
        at: time(row.get(5)?)?,
        text: TextRef { id: text(word(row, 6)?)?, digest: row.get(7)? },
    })
}

fn in_full(found: &Row<'_>) -> Result<StoredText, StoreError> {
    Ok(StoredText { receipt: row(found)?, text: found.get(8)? })
}
