//! Is everything as it was written? The chain, the head outside, every body, every erasable text, and the
//! views against views rebuilt from the journal.
//!
//! Invariant: verifying writes nothing; the views are rebuilt in a temporary database.

use crate::chain::{self, Head};
use crate::codes::time;
use crate::views::{self, Batch, Daybook, Folds};
use crate::{StoreError, limits, open, schema};
use domain::ids::SaleId;
use domain::journal::Fact;
use domain::paper::PaperFact;
use domain::payment::PaymentFact;
use domain::receipt::TextRef;
use domain::staff::StaffFact;
use rusqlite::{Connection, OptionalExtension};
use std::sync::Arc;

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Entries of the chain.
    pub entries: i64,
    /// The newest of them.
    pub head: Head,
    /// The daybook folded from all of them.
    pub daybook: Arc<Daybook>,
}

/// The views and the order in which their rows are compared.
const VIEWS: &[(&str, &str)] = &[
    ("payment_unsettled", "number"),
    ("payment_settled", "at, number"),
    ("payment_folded", "number"),
    ("reference", "reference, number"),
    ("sale", "id"),
    ("cash", "at, number"),
    ("terminal", "id"),
    ("unblocked", "operation"),
    ("unclaimed", "number"),
    ("installation", "number"),
    ("receipt", "at, number"),
    ("paper", "number"),
    ("report", "number"),
];

/// Verifies everything. `kept`: the head outside, read before this began. The caller holds one read
/// transaction, so that a till may go on writing meanwhile.
pub(crate) fn verify(connection: &Connection, kept: Option<Head>) -> Result<Verified, StoreError> {
    let sound: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(StoreError::damaged("paydesk.sqlite", sound));
    }
    let rebuilt = Connection::open("")?;
    rebuilt.execute_batch(schema::VIEWS)?;
    rebuilt.set_prepared_statement_cache_capacity(limits::STATEMENTS);
    rebuilt.execute_batch("PRAGMA synchronous = OFF; BEGIN")?;
    let daybook = views::kept_daybook(connection)?;
    let check = |fact: &Fact, seq| check_texts(connection, fact, seq);
    let (head, daybook) = fold(connection, &rebuilt, daybook.as_ref(), check)?;
    for (table, order) in VIEWS {
        let sql = format!("SELECT * FROM {table} ORDER BY {order}");
        compare(table, head, connection, &rebuilt, &sql)?;
    }
    rebuilt.execute_batch(schema::WORDS)?;
    let terms = "SELECT term, doc, col, offset FROM temp.receipt_word";
    compare("receipt_words", head, connection, &rebuilt, terms)?;
    check_sales(connection, head)?;
    // Last: whoever is told that this is another copy may rely on the copy itself.
    match kept.map(|kept| open::compare(connection, kept, head)).transpose()?.flatten() {
        Some(differs) => Err(StoreError::NotTheNewest(differs)),
        None => Ok(Verified { entries: head.seq, head, daybook }),
    }
}

/// R7 of every completed sale. Most were paid by payments that sum to their total and saw nothing go back:
/// only the others are folded.
fn check_sales(connection: &Connection, head: Head) -> Result<(), StoreError> {
    let sql = "SELECT id FROM sale WHERE stage = 'completed' AND total <> (
        SELECT coalesce(sum(approved - tip - cash_back), 0) FROM payment_settled
        WHERE sale = sale.id AND kind = 'sale' AND outcome IN ('approved', 'partial'))";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        let sale = SaleId::parse(&text).ok_or_else(|| StoreError::damaged("table sale", &text))?;
        crate::reader::check_sale(connection, sale, head.seq)?;
    }
    Ok(())
}

/// Drops the views and folds them anew, in the caller's transaction.
pub(crate) fn rebuild(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("DROP VIEW payment; DROP TABLE receipt_words;")?;
    for (table, _) in VIEWS {
        connection.execute_batch(&format!("DROP TABLE {table}"))?;
    }
    connection.execute_batch("DROP TABLE daybook")?;
    connection.execute_batch(schema::VIEWS)?;
    fold(connection, connection, None, |_, _| Ok(()))?;
    Ok(())
}

/// Folds the whole chain of `source`, checked link by link, into the empty views of `into`. `daybook`: the
/// one that must be there after its entry.
fn fold(
    source: &Connection,
    into: &Connection,
    daybook: Option<&(Head, Daybook)>,
    check: impl Fn(&Fact, i64) -> Result<(), StoreError>,
) -> Result<(Head, Arc<Daybook>), StoreError> {
    let mut folds = Folds::default();
    let mut waiting = Vec::new();
    let mut write = |waiting: &mut Vec<(i64, jiff::Timestamp, Fact)>| {
        let last = waiting.last().map_or(0, |(seq, ..)| *seq);
        let mut batch = Batch::new(into, source, &folds);
        for (seq, at, fact) in waiting.drain(..) {
            batch.apply(seq, at, &fact)?;
        }
        let changed = batch.finish()?;
        folds.take(changed);
        let ends = daybook.filter(|(head, _)| head.seq == last);
        if ends.is_some_and(|(_, kept)| *kept != *folds.daybook) {
            let what = "the daybook kept behind this entry differs from the journal".to_owned();
            return Err(StoreError::NotVerified { seq: last, what });
        }
        Ok::<(), StoreError>(())
    };
    let head = chain::walk(source, Head::START, |entry| {
        let fact = decode(entry)?;
        check(&fact, entry.seq)?;
        waiting.push((entry.seq, time(entry.at)?, fact));
        let ends = daybook.is_some_and(|(head, _)| head.seq == entry.seq);
        if ends || waiting.len() >= limits::REBUILD_CHUNK { write(&mut waiting) } else { Ok(()) }
    })?;
    write(&mut waiting)?;
    Ok((head, folds.daybook))
}

/// The fact of an entry, upcast to the newest version.
pub(crate) fn decode(entry: &chain::Columns<'_>) -> Result<Fact, StoreError> {
    u16::try_from(entry.version)
        .map_err(|_| format!("version {} is impossible", entry.version))
        .and_then(|version| {
            Fact::decode(entry.kind, version, entry.body).map_err(|unreadable| unreadable.to_string())
        })
        .map_err(|what| StoreError::NotVerified { seq: entry.seq, what })
}

fn check_texts(connection: &Connection, fact: &Fact, seq: i64) -> Result<(), StoreError> {
    let Some(reference) = text_of(fact) else { return Ok(()) };
    let sql = "SELECT text FROM erasable WHERE id = ?1";
    let text: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([reference.id.to_string()], |row| row.get(0))
        .optional()?;
    if text.is_none_or(|text| reference.matches(&text)) {
        return Ok(());
    }
    Err(StoreError::NotVerified { seq, what: "its text beside the chain was changed".to_owned() })
}

/// The erasable text that a fact references.
pub(crate) fn text_of(fact: &Fact) -> Option<&TextRef> {
    match fact {
        Fact::Payment { fact: PaymentFact::DecidedByHand { decision }, .. } => Some(&decision.person),
        Fact::Unblocked { person, .. } => Some(person),
        Fact::ReceiptStored { receipt } => Some(&receipt.text),
        Fact::Paper { fact: PaperFact::Made { paper, .. }, .. } => Some(&paper.text),
        Fact::Staff { fact, .. } => text_of_person(fact),
        Fact::Installed { .. }
        | Fact::Started { .. }
        | Fact::Payment { .. }
        | Fact::Sale { .. }
        | Fact::Terminal { .. }
        | Fact::Acted { .. }
        | Fact::Shift { .. }
        | Fact::Paper { .. }
        | Fact::DayClosed { .. }
        | Fact::Unclaimed { .. } => None,
    }
}

fn text_of_person(fact: &StaffFact) -> Option<&TextRef> {
    match fact {
        StaffFact::Enrolled { name, .. } | StaffFact::Renamed { name, .. } => Some(name),
        StaffFact::PinSet { pin, .. } => Some(pin),
        StaffFact::RoleGiven { .. }
        | StaffFact::Dismissed { .. }
        | StaffFact::Readmitted { .. }
        | StaffFact::SignedIn
        | StaffFact::SignedOut
        | StaffFact::Locked
        | StaffFact::PinRefused
        | StaffFact::PinAccepted => None,
    }
}

fn compare(
    table: &str,
    head: Head,
    stored: &Connection,
    rebuilt: &Connection,
    sql: &str,
) -> Result<(), StoreError> {
    let differs = |what: String| StoreError::NotVerified { seq: head.seq, what };
    let mut stored = stored.prepare(sql)?;
    let mut rebuilt = rebuilt.prepare(sql)?;
    let columns: Vec<String> = stored.column_names().into_iter().map(str::to_owned).collect();
    if columns != rebuilt.column_names() {
        return Err(differs(format!("view {table} has other columns")));
    }
    let (mut stored, mut rebuilt) = (stored.query([])?, rebuilt.query([])?);
    let mut number = 0;
    loop {
        number += 1;
        match (stored.next()?, rebuilt.next()?) {
            (None, None) => return Ok(()),
            (Some(stored), Some(rebuilt)) => {
                for (index, column) in columns.iter().enumerate() {
                    if stored.get_ref(index)? != rebuilt.get_ref(index)? {
                        let what = format!("view {table}, row {number}, {column} differs from the journal");
                        return Err(differs(what));
                    }
                }
            }
            (Some(_), None) => {
                return Err(differs(format!("view {table} has rows that no entry explains")));
            }
            (None, Some(_)) => return Err(differs(format!("view {table} lacks rows"))),
        }
    }
}
