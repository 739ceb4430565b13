//! One transaction in the host's memory.
//!
//! Invariant: money moves here only together with the bank; a final code never changes again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::kayaaku::assumed::currency_letters;

use crate::bank::{Bank, Kind, State, Transaction};

/// What the customer will make of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Pays.
    Pays,
    /// Ends with this code, unpaid.
    Ends(String),
    /// Does nothing until somebody presses Cancel, or the device gives up.
    Waits,
}

/// One payment or refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The till's id.
    pub id: String,
    /// Merchant number.
    pub mid: String,
    /// The device.
    pub device: String,
    /// Minor units.
    pub minor: i64,
    /// Number of the currency.
    pub currency: String,
    /// How the customer pays, two digits.
    pub method: String,
    /// When it was asked for.
    pub created: Timestamp,
    /// What is still to come.
    pub fate: Option<Fate>,
    /// How it ended; nothing while it runs.
    pub code: Option<String>,
    /// So many enquiries are still answered by 63.
    pub hidden: u8,
    /// The host's reference.
    pub htr: String,
    /// Six digits, where it was approved.
    pub approval: Option<String>,
    /// Masked number of the card.
    pub card: Option<String>,
    /// Taken back by a void.
    pub voided: bool,
    /// In a batch that is closed.
    pub settled: bool,
    /// Somebody else's: the till may not take it for its own.
    pub foreign: bool,
    /// Minor units that went back.
    pub refunded: i64,
    /// The payment that this refund is of.
    pub refund_of: Option<String>,
    /// Somebody pressed Cancel.
    pub cancelled: bool,
    /// Where notifications go.
    pub notify: Option<String>,
    /// The bank's number.
    pub bank: Option<u64>,
}

impl Entry {
    /// Whether it was paid and stands.
    pub fn stands(&self) -> bool {
        self.code.as_deref() == Some("00") && !self.voided
    }

    /// Whether it was paid with a card.
    pub fn is_card(&self) -> bool {
        self.method == "01"
    }

    /// The customer acts.
    pub fn decide(&mut self, bank: &Bank, now: Timestamp) {
        let Some(fate) = self.fate.take() else { return };
        let cancelled = self.cancelled.then(|| "KA005".to_owned());
        self.code = Some(match (fate, cancelled) {
            (Fate::Pays | Fate::Waits | Fate::Ends(_), Some(code)) => code,
            (Fate::Pays, None) => "00".to_owned(),
            (Fate::Ends(code), None) => code,
            (Fate::Waits, None) => "KA020".to_owned(),
        });
        if self.stands() {
            self.book(bank, Kind::Payment, now);
        }
    }

    /// Money moves.
    pub fn book(&mut self, bank: &Bank, kind: Kind, now: Timestamp) {
        let digits = self.htr.get(self.htr.len().saturating_sub(6)..).unwrap_or_default();
        self.approval = Some(digits.to_owned());
        self.bank = Some(bank.record(Transaction {
            id: 0,
            terminal: self.device.clone(),
            sale_id: self.mid.clone(),
            poi_id: self.device.clone(),
            service_id: self.id.clone(),
            transaction: self.id.clone(),
            receipt_number: self.htr.clone(),
            kind,
            requested: self.minor,
            amount: self.minor,
            tip: 0,
            cash_back: 0,
            currency: currency_letters(&self.currency).unwrap_or_default().to_owned(),
            at: now,
            state: State::Approved,
            card: self.card.clone(),
        }));
    }
}
