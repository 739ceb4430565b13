//! Everybody at the till and the business day so far, folded in memory and kept as a snapshot now and then.
//!
//! Invariant: the snapshot is what the entries up to its number fold to; verifying folds them again. What
//! came after it is folded when the store opens. A lost snapshot costs time and nothing else.

use super::rows::{json, state};
use crate::StoreError;
use crate::chain::{self, Head};
use crate::codes::time;
use crate::{reader, verify};
use domain::ids::{OperationId, SaleId, StaffId};
use domain::journal::Fact;
use domain::payment::Payment;
use domain::report::{Books, Day};
use domain::sale::{Sale, SaleFact};
use domain::staff::{Roster, StaffFact};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

/// Who works here, and the day that no Z has closed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daybook {
    /// Everybody, and who is signed in.
    pub roster: Roster,
    /// What happened since the last Z.
    pub day: Day,
}

/// One entry's part in the daybook, with the states before and after it.
#[derive(Debug)]
pub(crate) enum DayChange {
    Payment { before: Option<Box<Payment>>, after: Box<Payment>, at: Timestamp },
    Sale { before: Option<Box<Sale>>, fact: SaleFact, after: Box<Sale>, at: Timestamp },
    Staff { staff: StaffId, fact: StaffFact, at: Timestamp },
    Other { fact: Box<Fact>, at: Timestamp },
}

impl Daybook {
    pub(crate) fn apply(&mut self, change: &DayChange) {
        match change {
            DayChange::Payment { before, after, at } => self.day.payment(before.as_deref(), after, *at),
            DayChange::Sale { before, fact, after, at } => {
                self.day.sale(before.as_deref(), fact, after, *at);
            }
            DayChange::Staff { staff, fact, at } => {
                self.roster = std::mem::take(&mut self.roster).evolve(*staff, fact, *at);
            }
            DayChange::Other { fact, at } => self.day.fact(fact, *at),
        }
    }
}

/// Keeps the daybook as it is after this entry.
pub(crate) fn keep(connection: &Connection, head: Head, daybook: &Daybook) -> Result<(), StoreError> {
    let sql = "INSERT INTO daybook (name, seq, hash, folded) VALUES ('daybook', ?1, ?2, ?3)
        ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, folded = excluded.folded";
    connection.prepare_cached(sql)?.execute((head.seq, head.hash, json(daybook)?))?;
    Ok(())
}

/// The snapshot and the entry it stands behind; nothing where that entry is not in this journal (any more).
pub(crate) fn kept(connection: &Connection) -> Result<Option<(Head, Daybook)>, StoreError> {
    let sql = "SELECT seq, hash, folded FROM daybook";
    let found: Option<(i64, chain::Hash, String)> =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((seq, hash, text)) = found else { return Ok(None) };
    let head = Head { seq, hash };
    if chain::stored_at(connection, seq)? != Some(head) {
        return Ok(None);
    }
    Ok(Some((head, state("daybook", &text)?)))
}

/// The daybook of now: the snapshot, and what came after it.
pub(crate) fn load(connection: &Connection) -> Result<Daybook, StoreError> {
    let (from, daybook) = kept(connection)?.unwrap_or((Head::START, Daybook::default()));
    let seq = from.seq;
    let mut books = Books { roster: daybook.roster, day: daybook.day, ..Books::default() };
    chain::walk(connection, from, |entry| {
        let fact = verify::decode(entry)?;
        if let Fact::Payment { operation: id, .. } = &fact
            && !books.payments.contains_key(id)
        {
            books.payments.extend(payment_before(connection, *id, seq)?.map(|before| (*id, before)));
        }
        if let Fact::Sale { sale: id, .. } = &fact
            && !books.sales.contains_key(id)
        {
            books.sales.extend(sale_before(connection, *id, seq)?.map(|before| (*id, before)));
        }
        books.apply(&fact, time(entry.at)?);
        Ok(())
    })?;
    Ok(Daybook { roster: books.roster, day: books.day })
}

/// A payment as it was after this entry.
fn payment_before(
    connection: &Connection,
    id: OperationId,
    seq: i64,
) -> Result<Option<Payment>, StoreError> {
    let Some(folded) = super::read_payment(connection, id)?.filter(|folded| folded.number <= seq) else {
        return Ok(None);
    };
    let told = reader::facts(connection, &folded)?;
    let until = told.partition_point(|told| told.seq <= seq);
    Ok(reader::refold(told.get(..until).unwrap_or_default()))
}

/// A sale as it was after this entry.
fn sale_before(connection: &Connection, id: SaleId, seq: i64) -> Result<Option<Sale>, StoreError> {
    let Some(folded) = super::read_sale(connection, id)?.filter(|folded| folded.number <= seq) else {
        return Ok(None);
    };
    let mut sale: Option<Sale> = None;
    for fact in reader::sale_facts(connection, id, folded.number, seq)? {
        sale = match sale {
            Some(sale) => Some(sale.evolve(&fact)),
            None => Sale::first(id, &fact),
        };
    }
    Ok(sale)
}
