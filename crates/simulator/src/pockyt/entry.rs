//! One transaction in the gateway's memory, and what time and queries make of it.
//!
//! Dossier sections 6 and 11. Invariant: money moves here only together with the bank; a status that is final
//! never changes again, except that a cancel gives back what was paid.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use wire::pockyt::{Decimal, Record, RefundRecord, Status};

use crate::bank::{Bank, Kind, State, Transaction};

/// What the wallet will make of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Paid, after so many more queries.
    Pays(u32),
    /// Declined, after so many more queries.
    Declines(u32),
    /// Nothing, until somebody cancels or its time ends.
    Waits,
    /// Paid in the moment somebody cancels.
    Races,
}

/// One partial or full refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunded {
    /// The till's number.
    pub reference: String,
    /// The gateway's.
    pub transaction_no: String,
    /// Minor units.
    pub minor: i64,
}

/// One transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The gateway's number: 18 digits.
    pub transaction_no: String,
    /// The till's.
    pub reference: String,
    /// Whose.
    pub merchant_no: String,
    /// Whose.
    pub store_no: String,
    /// Minor units.
    pub minor: i64,
    /// Decimals of the currency.
    pub decimals: u8,
    /// ISO 4217.
    pub currency: String,
    /// ISO 4217.
    pub settle_currency: String,
    /// A word of section 6.
    pub status: String,
    /// When it was created.
    pub created: Timestamp,
    /// When it was paid.
    pub paid: Option<Timestamp>,
    /// Minutes that it may stay unpaid.
    pub timeout_min: u32,
    /// The wallet.
    pub vendor: Option<String>,
    /// Digest of the scanned code.
    pub code: Option<String>,
    /// What is still to come.
    pub fate: Option<Fate>,
    /// What the customer will make of a shown code once it is scanned.
    pub unscanned: Option<Fate>,
    /// Refunds so far.
    pub refunds: Vec<Refunded>,
    /// A cancel gave everything back.
    pub voided: bool,
    /// When it did.
    #[serde(default)]
    pub voided_at: Option<Timestamp>,
    /// Where notifications go.
    pub ipn_url: Option<String>,
    /// The text of the shown code.
    pub deep_link: Option<String>,
    /// The bank's number.
    pub bank: Option<u64>,
}

impl Entry {
    /// Whether this is its status.
    pub fn is(&self, status: &Status) -> bool {
        self.status == status.as_str()
    }

    /// Changes its status.
    pub fn set(&mut self, status: &Status) {
        self.status = status.as_str().to_owned();
    }

    /// Not final yet.
    pub fn is_open(&self) -> bool {
        matches!(Status::of(&self.status), Status::Init | Status::Dealing | Status::Pending)
    }

    /// What is left to give back, minor units.
    pub fn remaining(&self) -> i64 {
        self.minor - self.refunds.iter().map(|refund| refund.minor).sum::<i64>()
    }

    /// Closes where its time has ended unpaid.
    pub fn age(&mut self, now: Timestamp, times_out: bool) {
        let life = SignedDuration::from_mins(i64::from(self.timeout_min));
        if times_out && self.is_open() && now.duration_since(self.created) >= life {
            self.set(&Status::Closed);
            self.fate = None;
        }
    }

    /// Somebody queries: what was to come comes nearer.
    pub fn queried(&mut self, bank: &Bank, now: Timestamp) {
        match self.fate.filter(|_| self.is_open()) {
            Some(Fate::Pays(0)) => self.pay(bank, now),
            Some(Fate::Declines(0)) => self.decline(),
            Some(Fate::Pays(left)) => self.fate = Some(Fate::Pays(left - 1)),
            Some(Fate::Declines(left)) => self.fate = Some(Fate::Declines(left - 1)),
            Some(Fate::Waits | Fate::Races) | None => {}
        }
    }

    /// A customer scans the shown code.
    pub fn scan(&mut self) {
        if let Some(fate) = self.unscanned.take().filter(|_| self.is_open()) {
            self.set(&Status::Pending);
            self.fate = Some(fate);
        }
    }

    /// The wallet says no.
    pub fn decline(&mut self) {
        self.set(&Status::Failed);
        self.fate = None;
    }

    /// The wallet has paid.
    pub fn pay(&mut self, bank: &Bank, now: Timestamp) {
        self.set(&Status::Success);
        self.fate = None;
        self.paid = Some(now);
        self.bank = Some(bank.record(self.movement(Kind::Payment, self.minor, &self.reference, now)));
    }

    /// Cancels: closes what is open, gives back what is paid (section 4.6).
    pub fn cancel(&mut self, bank: &Bank, now: Timestamp) {
        if self.fate == Some(Fate::Races) && self.is_open() {
            self.pay(bank, now);
        }
        if self.is(&Status::Success) {
            self.voided = self.bank.is_some_and(|id| bank.reverse(id, now, Some(&self.reference)));
            self.voided_at = Some(now);
        }
        self.set(&Status::Closed);
        self.fate = None;
    }

    /// Gives back a part.
    pub fn refund(&mut self, bank: &Bank, refunded: Refunded, now: Timestamp) {
        bank.record(self.movement(Kind::Refund, refunded.minor, &refunded.reference, now));
        self.refunds.push(refunded);
    }

    fn movement(&self, kind: Kind, minor: i64, reference: &str, at: Timestamp) -> Transaction {
        Transaction {
            id: 0,
            terminal: "pockyt".to_owned(),
            sale_id: self.store_no.clone(),
            poi_id: self.merchant_no.clone(),
            service_id: reference.to_owned(),
            transaction: reference.to_owned(),
            receipt_number: self.transaction_no.clone(),
            kind,
            requested: minor,
            amount: minor,
            tip: 0,
            cash_back: 0,
            currency: self.currency.clone(),
            at,
            state: State::Approved,
            card: None,
        }
    }

    fn decimal(&self, minor: i64) -> Option<Decimal> {
        Decimal::from_minor(minor, self.decimals)
    }

    /// The result object of an answer about it.
    pub fn record(&self) -> Record {
        let sum = self.minor - self.remaining();
        Record {
            transaction_no: Some(self.transaction_no.clone()),
            reference: Some(self.reference.clone()),
            merchant_no: Some(self.merchant_no.clone()),
            store_no: Some(self.store_no.clone()),
            amount: self.decimal(self.minor),
            currency: Some(self.currency.clone()),
            settle_currency: Some(self.settle_currency.clone()),
            transaction_type: Some("payment".to_owned()),
            status: Some(Status::of(&self.status)),
            refund_amount: self.decimal(sum),
            void_amount: self.decimal(if self.voided { self.minor } else { 0 }),
            create_time: Some(stamp(self.created)),
            payment_time: self.paid.map(stamp),
            vendor: self.vendor.clone(),
            ..Record::default()
        }
    }

    /// As `tran-query` tells it, with every refund. `lag_s`: for so long it does not tell of a cancel.
    pub fn queried_record(&self, now: Timestamp, lag_s: i64) -> Record {
        let lags = |at: Timestamp| now.duration_since(at) < SignedDuration::from_secs(lag_s);
        if self.voided_at.is_some_and(lags) {
            let mut before = Self { voided: false, voided_at: None, ..self.clone() };
            before.set(&Status::Success);
            return before.queried_record(now, 0);
        }
        let refund = |refund: &Refunded| RefundRecord {
            transaction_no: Some(refund.transaction_no.clone()),
            reference: Some(refund.reference.clone()),
            amount: self.decimal(refund.minor),
            currency: Some(self.currency.clone()),
            settle_currency: Some(self.settle_currency.clone()),
        };
        Record { refunds: self.refunds.iter().map(refund).collect(), ..self.record() }
    }

    /// The answer to a refund.
    pub fn refund_record(&self, refunded: &Refunded) -> Record {
        Record {
            refund_amount: self.decimal(refunded.minor),
            refund_reference: Some(refunded.reference.clone()),
            refund_transaction_no: Some(refunded.transaction_no.clone()),
            transaction_type: Some("refund".to_owned()),
            status: Some(Status::Success),
            void_amount: None,
            ..self.record()
        }
    }
}

/// A time in the gateway's own zone, UTC+8, without saying so.
pub fn stamp(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The same in the form of notifications.
pub fn short_stamp(at: Timestamp) -> String {
    local(at).strftime("%Y%m%d%H%M%S").to_string()
}

fn local(at: Timestamp) -> jiff::Zoned {
    at.to_zoned(TimeZone::fixed(Offset::constant(8)))
}
