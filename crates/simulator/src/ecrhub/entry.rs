//! One order in the terminal's memory.
//!
//! Invariant: money moves here only together with the bank; a final state changes only by a void or refund
//! of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::ecrhub::{Status, TransType};

use crate::bank::{Bank, Kind, State, Transaction};

/// What the customer will make of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Pays.
    Pays,
    /// Ends with this code and these words, unpaid.
    Ends(String, String),
    /// Does nothing until the order is closed, or its time is over.
    Waits,
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The till's number.
    pub number: String,
    /// What it does, by its number on the wire.
    pub kind: String,
    /// The order that it goes against.
    pub original: Option<String>,
    /// Whose program asked.
    pub app_id: String,
    /// Minor units, without tip and cash.
    pub minor: i64,
    /// Minor units on top, typed by the customer.
    pub tip: i64,
    /// Minor units on top, paid out.
    pub cash: i64,
    /// Letters of ISO 4217.
    pub currency: String,
    /// When it was asked for.
    pub created: Timestamp,
    /// What is still to come.
    pub fate: Option<Fate>,
    /// Its state, by its number on the wire.
    pub status: String,
    /// Code and words of its last answer.
    pub code: String,
    /// See there.
    pub words: String,
    /// The operator's number.
    pub trans_no: String,
    /// The retrieval reference.
    pub rrn: String,
    /// Six digits, where it was approved.
    pub approval: Option<String>,
    /// Masked number of the card.
    pub card: Option<String>,
    /// In a batch that is closed.
    pub settled: bool,
    /// Somebody else's: the till may not take it for its own.
    pub foreign: bool,
    /// Minor units that went back.
    pub refunded: i64,
    /// Somebody pressed Cancel, or closed it in time.
    pub cancelled: bool,
    /// It was closed by the till in time.
    pub closed: bool,
    /// So many queries still say that it runs.
    pub hidden: u8,
    /// The bank's number.
    pub bank: Option<u64>,
}

impl Entry {
    /// Its state.
    pub fn state(&self) -> Status {
        Status::of(&self.status)
    }

    /// Whether money moved and stands.
    pub fn stands(&self) -> bool {
        self.state() == Status::Successful
    }

    /// What it does.
    pub fn does(&self) -> Option<TransType> {
        TransType::of(&self.kind)
    }

    /// All of it, minor units.
    pub fn total(&self) -> i64 {
        self.minor + self.tip + self.cash
    }

    /// The customer acts. `success`: the terminal's code for it.
    pub fn decide(&mut self, bank: &Bank, serial: &str, merchant: &str, success: &str, now: Timestamp) {
        let Some(fate) = self.fate.take() else { return };
        let operator = ("110", "Operator cancellation[[K026]Manual cancelation by operator]");
        let (status, code, words) = match fate {
            _ if self.closed => (Status::Cancelled, operator.0, operator.1),
            _ if self.cancelled => (Status::Failed, operator.0, operator.1),
            Fate::Pays => (Status::Successful, success, "SUCCESS"),
            Fate::Ends(ref code, ref words) => (Status::Failed, code.as_str(), words.as_str()),
            Fate::Waits => (Status::Failed, "111", "Card not read in time"),
        };
        self.code = code.to_owned();
        self.words = words.to_owned();
        self.status = status.number().to_owned();
        if self.stands() {
            self.book(bank, serial, merchant, Kind::Payment, now);
        }
    }

    /// Money moves.
    pub fn book(&mut self, bank: &Bank, serial: &str, merchant: &str, kind: Kind, now: Timestamp) {
        let digits = self.rrn.get(self.rrn.len().saturating_sub(6)..).unwrap_or_default();
        self.approval = Some(digits.to_owned());
        self.bank = Some(bank.record(Transaction {
            id: 0,
            terminal: serial.to_owned(),
            sale_id: merchant.to_owned(),
            poi_id: serial.to_owned(),
            service_id: self.number.clone(),
            transaction: self.number.clone(),
            receipt_number: self.trans_no.clone(),
            kind,
            requested: self.minor + self.cash,
            amount: self.total(),
            tip: self.tip,
            cash_back: self.cash,
            currency: self.currency.clone(),
            at: now,
            state: State::Approved,
            card: self.card.clone(),
        }));
    }
}
