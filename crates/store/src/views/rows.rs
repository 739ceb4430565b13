//! The rows of folded states: payments, sales, sessions.
//!
//! Invariant: a payment's row lies in `payment_unsettled` while it is open or waits for a person, otherwise
//! in `payment_settled` and `payment_folded`. So writing down an intent touches two pages; the indexes are
//! paid for at the end.

use crate::StoreError;
use crate::codes::kind_code;
use domain::ids::{OperationId, SaleId, TerminalId};
use domain::payment::Payment;
use domain::sale::{Sale, SaleStage};
use domain::session::Session;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Where a payment's row lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// Not written yet.
    None,
    /// `payment_unsettled`.
    Unsettled,
    /// `payment_settled`.
    Settled,
}

/// A payment and its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoldedPayment {
    /// Seq of the entry that intended it.
    pub number: i64,
    /// Seq of its newest entry.
    pub last: i64,
    pub payment: Payment,
    pub table: Table,
}

/// A sale and its row.
#[derive(Clone, Debug)]
pub(crate) struct FoldedSale {
    /// Seq of the entry that opened it.
    pub number: i64,
    /// When, microseconds since 1970.
    pub at: i64,
    pub sale: Sale,
}

/// A state as JSON.
pub(crate) fn json(state: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(state).map_err(|error| StoreError::Contradiction { what: error.to_string() })
}

/// A state from JSON.
pub(crate) fn state<T: DeserializeOwned>(table: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(format!("table {table}"), error))
}

/// Whether the payment waits for something.
pub(crate) fn is_unsettled(payment: &Payment) -> bool {
    payment.is_open() || payment.attention.is_some()
}

/// Writes a payment's row where it belongs. A settled one also has its references listed.
pub(crate) fn write_payment(connection: &Connection, folded: &mut FoldedPayment) -> Result<(), StoreError> {
    let goal = if is_unsettled(&folded.payment) { Table::Unsettled } else { Table::Settled };
    if folded.table != goal {
        leave(connection, folded)?;
    }
    let is_there = folded.table == goal;
    folded.table = goal;
    match (goal, is_there) {
        (Table::None | Table::Unsettled, true) => update_unsettled(connection, folded),
        (Table::None | Table::Unsettled, false) => insert_unsettled(connection, folded),
        (Table::Settled, is_there) => {
            if is_there {
                update_settled(connection, folded)?;
            } else {
                insert_settled(connection, folded)?;
            }
            let sql = "INSERT INTO reference (reference, number) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            each_reference(connection, sql, folded)
        }
    }
}

fn leave(connection: &Connection, folded: &FoldedPayment) -> Result<(), StoreError> {
    let run = |sql: &str, row: &[i64]| {
        connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(row)).map(|_| ())
    };
    match folded.table {
        Table::None => {}
        Table::Unsettled => run("DELETE FROM payment_unsettled WHERE number = ?1", &[folded.number])?,
        Table::Settled => {
            let sql = "DELETE FROM reference WHERE reference = ?1 AND number = ?2";
            each_reference(connection, sql, folded)?;
            run("DELETE FROM payment_folded WHERE number = ?1", &[folded.number])?;
            let sql = "DELETE FROM payment_settled WHERE at = ?1 AND number = ?2";
            run(sql, &[intended_at(&folded.payment), folded.number])?;
        }
    }
    Ok(())
}

fn each_reference(connection: &Connection, sql: &str, folded: &FoldedPayment) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    for reference in references(&folded.payment) {
        statement.execute((reference, folded.number))?;
    }
    Ok(())
}

/// When the payment was intended: with its number the place of its row, for ever.
fn intended_at(payment: &Payment) -> i64 {
    payment.operation.intended_at.as_microsecond()
}

fn table_name(table: Table) -> &'static str {
    match table {
        Table::None | Table::Unsettled => "payment_unsettled",
        Table::Settled => "payment_folded",
    }
}

fn update_unsettled(connection: &Connection, folded: &FoldedPayment) -> Result<(), StoreError> {
    let sql = "UPDATE payment_unsettled SET state = ?2, outcome = ?3, approved = ?4, tip = ?5,
        cash_back = ?6, open = ?7, attention = ?8, last = ?9, folded = ?10 WHERE number = ?1";
    let payment = &folded.payment;
    connection.prepare_cached(sql)?.execute((
        folded.number,
        payment.state_code(),
        payment.outcome_code(),
        payment.approved().minor,
        payment.tip().minor,
        payment.cash_back().minor,
        payment.is_open(),
        payment.attention.is_some(),
        folded.last,
        json(payment)?,
    ))?;
    Ok(())
}

fn insert_unsettled(connection: &Connection, folded: &FoldedPayment) -> Result<(), StoreError> {
    let payment = &folded.payment;
    let operation = &payment.operation;
    let sql = "INSERT INTO payment_unsettled VALUES
        (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
    connection.prepare_cached(sql)?.execute(rusqlite::params![
        folded.number,
        operation.id.to_string(),
        operation.terminal.0,
        kind_code(operation.kind),
        payment.state_code(),
        payment.outcome_code(),
        operation.requested.minor,
        payment.approved().minor,
        payment.tip().minor,
        payment.cash_back().minor,
        operation.requested.currency.code(),
        intended_at(payment),
        payment.is_open(),
        payment.attention.is_some(),
        operation.transaction.0,
        operation.original.as_ref().map(|original| original.operation.to_string()),
        operation.sale.map(|sale| sale.to_string()),
        folded.last,
        json(payment)?,
    ])?;
    Ok(())
}

fn update_settled(connection: &Connection, folded: &FoldedPayment) -> Result<(), StoreError> {
    let payment = &folded.payment;
    let sql = "UPDATE payment_folded SET last = ?2, folded = ?3 WHERE number = ?1";
    connection.prepare_cached(sql)?.execute((folded.number, folded.last, json(payment)?))?;
    let sql = "UPDATE payment_settled SET state = ?3, outcome = ?4, approved = ?5, tip = ?6, cash_back = ?7
        WHERE at = ?1 AND number = ?2";
    connection.prepare_cached(sql)?.execute((
        intended_at(payment),
        folded.number,
        payment.state_code(),
        payment.outcome_code(),
        payment.approved().minor,
        payment.tip().minor,
        payment.cash_back().minor,
    ))?;
    Ok(())
}

fn insert_settled(connection: &Connection, folded: &FoldedPayment) -> Result<(), StoreError> {
    let payment = &folded.payment;
    let operation = &payment.operation;
    let id = operation.id.to_string();
    let sql = "INSERT INTO payment_folded (number, id, last, folded) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute((folded.number, &id, folded.last, json(payment)?))?;
    let sql = "INSERT INTO payment_settled (at, number, id, terminal, kind, state, outcome, requested,
        approved, tip, cash_back, currency, original, sale)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    connection.prepare_cached(sql)?.execute(rusqlite::params![
        intended_at(payment),
        folded.number,
        id,
        operation.terminal.0,
        kind_code(operation.kind),
        payment.state_code(),
        payment.outcome_code(),
        operation.requested.minor,
        payment.approved().minor,
        payment.tip().minor,
        payment.cash_back().minor,
        operation.requested.currency.code(),
        operation.original.as_ref().map(|original| original.operation.to_string()),
        operation.sale.map(|sale| sale.to_string()),
    ])?;
    Ok(())
}

/// Everything by which a late answer may name this payment.
pub(crate) fn references(payment: &Payment) -> impl Iterator<Item = &str> {
    let sent = payment.sent.iter().map(|sent| sent.reference.0.as_str());
    std::iter::once(payment.operation.transaction.0.as_str()).chain(sent)
}

/// A payment's row by its id.
pub(crate) fn read_payment(
    connection: &Connection,
    id: OperationId,
) -> Result<Option<FoldedPayment>, StoreError> {
    let sql = "SELECT number, last, folded FROM payment_unsettled WHERE id = ?1";
    match read_from(connection, Table::Unsettled, sql, id)? {
        Some(folded) => Ok(Some(folded)),
        None => read_settled(connection, id),
    }
}

/// A settled payment's row by its id.
pub(crate) fn read_settled(
    connection: &Connection,
    id: OperationId,
) -> Result<Option<FoldedPayment>, StoreError> {
    let sql = "SELECT number, last, folded FROM payment_folded WHERE id = ?1";
    read_from(connection, Table::Settled, sql, id)
}

fn read_from(
    connection: &Connection,
    table: Table,
    sql: &str,
    id: OperationId,
) -> Result<Option<FoldedPayment>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([id.to_string()])?;
    rows.next()?.map(|row| folded(row, table)).transpose()
}

fn folded(row: &Row<'_>, table: Table) -> Result<FoldedPayment, StoreError> {
    let text = row.get_ref(2)?.as_str().map_err(|error| StoreError::damaged(table_name(table), error))?;
    let payment = state(table_name(table), text)?;
    Ok(FoldedPayment { number: row.get(0)?, last: row.get(1)?, payment, table })
}

/// Every payment that is open or waits for a person.
pub(crate) fn unsettled(
    connection: &Connection,
) -> Result<BTreeMap<OperationId, FoldedPayment>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT number, last, folded FROM payment_unsettled ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut payments = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let folded = folded(row, Table::Unsettled)?;
        payments.insert(folded.payment.id(), folded);
    }
    Ok(payments)
}

/// Writes a sale's row.
pub(crate) fn write_sale(connection: &Connection, folded: &FoldedSale) -> Result<(), StoreError> {
    let sale = &folded.sale;
    let text = json(sale)?;
    let stage = stage_code(sale.stage);
    let sql = "INSERT INTO sale (id, number, stage, total, currency, at, folded)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE
        SET stage = excluded.stage, total = excluded.total, folded = excluded.folded";
    connection.prepare_cached(sql)?.execute((
        sale.id.to_string(),
        folded.number,
        stage,
        sale.total.minor,
        sale.total.currency.code(),
        folded.at,
        text,
    ))?;
    Ok(())
}

const fn stage_code(stage: SaleStage) -> &'static str {
    match stage {
        SaleStage::Open => "open",
        SaleStage::Completed => "completed",
        SaleStage::Voided => "voided",
    }
}

/// A sale's row by its id.
pub(crate) fn read_sale(connection: &Connection, id: SaleId) -> Result<Option<FoldedSale>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT number, at, folded FROM sale WHERE id = ?1")?;
    let mut rows = statement.query([id.to_string()])?;
    rows.next()?.map(folded_sale).transpose()
}

/// Every open sale.
pub(crate) fn open_sales(connection: &Connection) -> Result<BTreeMap<SaleId, FoldedSale>, StoreError> {
    let sql = "SELECT number, at, folded FROM sale WHERE stage = 'open' ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut sales = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let folded = folded_sale(row)?;
        sales.insert(folded.sale.id, folded);
    }
    Ok(sales)
}

fn folded_sale(row: &Row<'_>) -> Result<FoldedSale, StoreError> {
    let text: String = row.get(2)?;
    Ok(FoldedSale { number: row.get(0)?, at: row.get(1)?, sale: state("sale", &text)? })
}

/// A terminal's session.
pub(crate) fn read_session(
    connection: &Connection,
    terminal: &TerminalId,
) -> Result<Option<Session>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT session FROM terminal WHERE id = ?1")?;
    let text: Option<String> = statement.query_row([&terminal.0], |row| row.get(0)).optional()?;
    text.map(|text| state("terminal", &text)).transpose()
}

/// Every terminal's session.
pub(crate) fn sessions(connection: &Connection) -> Result<BTreeMap<TerminalId, Session>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, session FROM terminal ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut sessions = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(1)?;
        sessions.insert(TerminalId(row.get(0)?), state("terminal", &text)?);
    }
    Ok(sessions)
}
