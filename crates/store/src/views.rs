//! Folding entries into the views. Live appends, rebuilding and verifying all run through [`Batch`], so they
//! cannot differ.
//!
//! A batch reads folded states from what is known ([`Folds`]) or from the tables, applies facts in order, and
//! writes each changed state once at its end. Invariant: nothing here decides anything; a fact that fits
//! nothing (about a payment that was never intended) is kept in the journal and left out of the views.

mod daybook;
mod rows;

pub use daybook::Daybook;
pub(crate) use daybook::{DayChange, keep as keep_daybook, kept as kept_daybook, load as load_daybook};
pub(crate) use rows::{
    FoldedPayment, FoldedSale, Table, json, read_payment, read_sale, references, sessions, state, unsettled,
};

use crate::{StoreError, words};
use domain::ids::{OperationId, PaperId, SaleId, TerminalId};
use domain::journal::Fact;
use domain::money::Money;
use domain::paper::{PaperFact, PaperState};
use domain::payment::{Payment, PaymentFact};
use domain::receipt::StoredReceipt;
use domain::sale::{Sale, SaleFact, SaleStage};
use domain::session::{Session, TerminalFact};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Folded states that a later entry will likely need: unsettled payments, open sales, all sessions.
#[derive(Debug, Default)]
pub(crate) struct Folds {
    pub payments: BTreeMap<OperationId, FoldedPayment>,
    pub sales: BTreeMap<SaleId, FoldedSale>,
    pub sessions: BTreeMap<TerminalId, Session>,
    /// Who works here, and the business day so far.
    pub daybook: Arc<Daybook>,
}

impl Folds {
    /// Takes over what a batch changed, once that is committed.
    pub fn take(&mut self, changed: Changed) {
        let Changed { folds: changed, day } = changed;
        if !day.is_empty() {
            let daybook = Arc::make_mut(&mut self.daybook);
            day.iter().for_each(|change| daybook.apply(change));
        }
        self.payments.extend(changed.payments);
        self.payments.retain(|_, folded| folded.table == Table::Unsettled);
        self.sales.extend(changed.sales);
        self.sales.retain(|_, folded| folded.sale.stage == SaleStage::Open);
        self.sessions.extend(changed.sessions);
    }
}

/// What a batch changed.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    folds: Folds,
    /// In order; applied once the batch is committed, for it costs no disk.
    day: Vec<DayChange>,
}

/// Whether receipts can be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// Always.
    Indexed,
    /// Where the index is damaged.
    LeftOut,
}

/// Some entries on their way into the views.
pub(crate) struct Batch<'a> {
    connection: &'a Connection,
    /// Where the erasable texts are; the same connection, except while verifying.
    texts: &'a Connection,
    known: &'a Folds,
    words: Words,
    changed: Folds,
    day: Vec<DayChange>,
}

impl<'a> Batch<'a> {
    pub fn new(connection: &'a Connection, texts: &'a Connection, known: &'a Folds) -> Self {
        let (words, changed) = (Words::Indexed, Folds::default());
        Self { connection, texts, known, words, changed, day: Vec::new() }
    }

    /// The same with or without the words of receipts.
    pub fn with(self, words: Words) -> Self {
        Self { words, ..self }
    }

    /// Applies one entry.
    pub fn apply(&mut self, seq: i64, at: Timestamp, fact: &Fact) -> Result<(), StoreError> {
        match fact {
            Fact::Started { .. } => Ok(()),
            Fact::Installed { installation, restored_from } => {
                let sql =
                    "INSERT INTO installation (number, id, restored_from, at) VALUES (?1, ?2, ?3, ?4)";
                let from = restored_from.map(|from| from.to_string());
                let row = (seq, installation.to_string(), from, at.as_microsecond());
                self.insert(sql, row)
            }
            Fact::Payment { operation, fact } => self.payment(seq, at, *operation, fact),
            Fact::Sale { sale, fact } => self.sale(seq, at, *sale, fact),
            Fact::Terminal { terminal, fact } => self.terminal(terminal, fact),
            Fact::Unblocked { operations, .. } => operations.iter().try_for_each(|operation| {
                let sql = "INSERT INTO unblocked (operation, number) VALUES (?1, ?2)
                    ON CONFLICT (operation) DO NOTHING";
                self.insert(sql, (operation.to_string(), seq))
            }),
            Fact::Unclaimed { terminal, outcome } => {
                self.day.push(DayChange::Other { fact: Box::new(fact.clone()), at });
                let sql = "INSERT INTO unclaimed (number, terminal, at, outcome) VALUES (?1, ?2, ?3, ?4)";
                self.insert(sql, (seq, &terminal.0, at.as_microsecond(), rows::json(outcome)?))
            }
            Fact::ReceiptStored { receipt } => self.receipt(seq, receipt),
            Fact::Paper { paper, fact } => self.paper(seq, at, *paper, fact),
            Fact::Staff { staff, fact } => {
                self.day.push(DayChange::Staff { staff: *staff, fact: fact.clone(), at });
                Ok(())
            }
            Fact::Acted { .. } | Fact::Shift { .. } => {
                self.day.push(DayChange::Other { fact: Box::new(fact.clone()), at });
                Ok(())
            }
            Fact::DayClosed { report } => {
                self.day.push(DayChange::Other { fact: Box::new(fact.clone()), at });
                let sql = "INSERT INTO report (number, z, at, folded) VALUES (?1, ?2, ?3, ?4)";
                self.insert(sql, (seq, report.number, at.as_microsecond(), rows::json(report)?))
            }
        }
    }

    /// Writes the changed states and tells them.
    pub fn finish(mut self) -> Result<Changed, StoreError> {
        for folded in self.changed.payments.values_mut() {
            rows::write_payment(self.connection, folded)?;
        }
        for folded in self.changed.sales.values() {
            rows::write_sale(self.connection, folded)?;
        }
        for (terminal, session) in &self.changed.sessions {
            let sql = "INSERT INTO terminal (id, session) VALUES (?1, ?2)
                ON CONFLICT (id) DO UPDATE SET session = excluded.session";
            self.connection.prepare_cached(sql)?.execute((&terminal.0, rows::json(session)?))?;
        }
        Ok(Changed { folds: self.changed, day: self.day })
    }

    fn insert(&self, sql: &str, row: impl rusqlite::Params) -> Result<(), StoreError> {
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    fn payment(
        &mut self,
        seq: i64,
        at: Timestamp,
        id: OperationId,
        fact: &PaymentFact,
    ) -> Result<(), StoreError> {
        let known = match self.changed.payments.remove(&id) {
            Some(folded) => Some(folded),
            None => match self.known.payments.get(&id) {
                Some(folded) => Some(folded.clone()),
                // Every unsettled payment is known.
                None => rows::read_settled(self.connection, id)?,
            },
        };
        let before = known.as_ref().map(|folded| Box::new(folded.payment.clone()));
        let folded = match (known, fact) {
            (Some(mut folded), _) => {
                folded.payment = folded.payment.evolve(fact, at);
                folded.last = seq;
                folded
            }
            (None, PaymentFact::Intended { operation }) => {
                let payment = Payment::intended(operation.as_ref().clone(), at);
                FoldedPayment { number: seq, last: seq, payment, table: Table::None }
            }
            (None, _) => {
                tracing::error!(seq, payment = %id, "a fact about a payment that was never intended");
                return Ok(());
            }
        };
        let after = Box::new(folded.payment.clone());
        self.day.push(DayChange::Payment { before, after, at });
        self.changed.payments.insert(id, folded);
        Ok(())
    }

    fn sale(&mut self, seq: i64, at: Timestamp, id: SaleId, fact: &SaleFact) -> Result<(), StoreError> {
        let known = match self.changed.sales.remove(&id) {
            Some(folded) => Some(folded),
            None => match self.known.sales.get(&id) {
                Some(folded) => Some(folded.clone()),
                None => rows::read_sale(self.connection, id)?,
            },
        };
        let before = known.as_ref().map(|folded| Box::new(folded.sale.clone()));
        let folded = match known {
            Some(folded) => FoldedSale { sale: folded.sale.evolve(fact), ..folded },
            None => {
                let Some(sale) = Sale::first(id, fact) else {
                    tracing::error!(seq, sale = %id, "a fact about a sale that was never opened");
                    return Ok(());
                };
                FoldedSale { number: seq, at: at.as_microsecond(), sale }
            }
        };
        let after = Box::new(folded.sale.clone());
        if let Some(cash) = cash_moved(before.as_deref(), fact) {
            let sql = "INSERT INTO cash (at, number, amount, currency) VALUES (?1, ?2, ?3, ?4)";
            self.insert(sql, (at.as_microsecond(), seq, cash.minor, cash.currency.code()))?;
        }
        self.day.push(DayChange::Sale { before, fact: fact.clone(), after, at });
        self.changed.sales.insert(id, folded);
        Ok(())
    }

    fn terminal(&mut self, terminal: &TerminalId, fact: &TerminalFact) -> Result<(), StoreError> {
        let known = match self.changed.sessions.remove(terminal) {
            Some(session) => Some(session),
            None => match self.known.sessions.get(terminal) {
                Some(session) => Some(session.clone()),
                None => rows::read_session(self.connection, terminal)?,
            },
        };
        let session = known.unwrap_or_default().evolve(fact);
        self.changed.sessions.insert(terminal.clone(), session);
        Ok(())
    }

    fn paper(&self, seq: i64, at: Timestamp, id: PaperId, fact: &PaperFact) -> Result<(), StoreError> {
        let state = PaperState::after(fact).code();
        let PaperFact::Made { paper, .. } = fact else {
            return self.insert("UPDATE paper SET state = ?2 WHERE id = ?1", (id.to_string(), state));
        };
        let sql = "INSERT INTO paper
            (number, id, kind, sale, payment, count, copy, practice, state, at, text_id, text_digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING";
        let row = (
            seq,
            id.to_string(),
            paper.kind.code(),
            paper.sale.map(|sale| sale.to_string()),
            paper.operation.map(|operation| operation.to_string()),
            paper.number,
            paper.copy,
            paper.practice,
            state,
            at.as_microsecond(),
            paper.text.id.to_string(),
            &paper.text.digest,
        );
        self.insert(sql, row)
    }

    fn receipt(&self, seq: i64, receipt: &StoredReceipt) -> Result<(), StoreError> {
        let text_id = receipt.text.id.to_string();
        let sql = "INSERT INTO receipt
            (number, id, payment, copy, to_sign, practice, at, text_id, text_digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
        let inserted = self.connection.prepare_cached(sql)?.execute((
            seq,
            receipt.id.to_string(),
            receipt.operation.to_string(),
            receipt.copy.code(),
            receipt.to_sign,
            receipt.practice,
            receipt.at.as_microsecond(),
            &text_id,
            &receipt.text.digest,
        ))?;
        let sql = "SELECT text FROM erasable WHERE id = ?1";
        let text: Option<String> =
            self.texts.prepare_cached(sql)?.query_row([&text_id], |row| row.get(0)).optional()?;
        match text {
            Some(text) if inserted > 0 && self.words == Words::Indexed => {
                let sql = "INSERT INTO receipt_words (rowid, text) VALUES (?1, ?2)";
                self.insert(sql, (seq, words::indexed(&text)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Cash that came into the drawer with this fact; below zero where it left it.
fn cash_moved(before: Option<&Sale>, fact: &SaleFact) -> Option<Money> {
    match fact {
        SaleFact::CashTendered { cash, .. } => Some(cash.amount),
        SaleFact::CashHandedBack { slot } => {
            let (_, cash) = before?.kept_cash().find(|(kept, _)| kept == slot)?;
            Some(Money::new(-cash.amount.minor, cash.amount.currency))
        }
        SaleFact::Opened { .. }
        | SaleFact::Begun { .. }
        | SaleFact::TakenOver { .. }
        | SaleFact::Changed { .. }
        | SaleFact::Tendered { .. }
        | SaleFact::Rounded { .. }
        | SaleFact::Parked { .. }
        | SaleFact::Recalled
        | SaleFact::Completed
        | SaleFact::Reopened
        | SaleFact::Voided => None,
    }
}

/// Takes the words of an erased text out of the search.
pub(crate) fn forget_words(connection: &Connection, text_id: &str, text: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO receipt_words (receipt_words, rowid, text)
        SELECT 'delete', number, ?2 FROM receipt WHERE text_id = ?1";
    connection.prepare_cached(sql)?.execute((text_id, words::indexed(text)))?;
    Ok(())
}

/// Every unsettled payment, open sale and session, as the views have them, and the daybook.
pub(crate) fn load(connection: &Connection) -> Result<Folds, StoreError> {
    Ok(Folds {
        payments: rows::unsettled(connection)?,
        sales: rows::open_sales(connection)?,
        sessions: rows::sessions(connection)?,
        daybook: Arc::new(daybook::load(connection)?),
    })
}
