//! A money operation: what is asked of a terminal. It is written down before anything is sent.

use crate::ids::{OperationId, Reference, SaleId, TerminalId};
use crate::money::Money;
use crate::outcome::Evidence;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of money request an operation is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The customer pays.
    Sale,
    /// Money goes back to the customer, with or without an original payment.
    Refund,
    /// One approved operation is undone.
    Reversal,
}

/// How the customer wants to pay; a wish where the terminal decides.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A card.
    Card,
    /// A code on a phone.
    Qr,
    /// Whatever the terminal offers.
    #[default]
    Any,
}

/// Why money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Motive {
    /// The cashier asked for it.
    Cashier,
    /// The cashier refused the signature of the original (light integration).
    SignatureRefused,
    /// A late approval is given back.
    LateApproval,
}

/// The approved operation that a refund or reversal goes against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// Which operation.
    pub operation: OperationId,
    /// What kind it was: undoing a refund takes the money in again.
    pub kind: Kind,
    /// What was approved then, in all.
    pub approved: Money,
    /// The provider's ids of it, verbatim.
    pub evidence: Evidence,
}

/// One money request to one terminal, complete before the first byte leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id; also the id of the payment.
    pub id: OperationId,
    /// Sale, refund or reversal.
    pub kind: Kind,
    /// The terminal that carries it out.
    pub terminal: TerminalId,
    /// What is asked for in all, cash-back included. For a reversal: what the original approved.
    pub requested: Money,
    /// The part of `requested` that is paid out in cash.
    pub cash_back: Money,
    /// How the customer wants to pay.
    pub method: Method,
    /// What a refund or reversal goes against.
    pub original: Option<Original>,
    /// Why money goes back; nothing for a sale.
    pub motive: Option<Motive>,
    /// The sale it settles a tender of.
    pub sale: Option<SaleId>,
    /// The tender's place in the sale.
    pub slot: u16,
    /// The till's own transaction number on the wire: 18 digits, unique.
    pub transaction: Reference,
    /// What the caller calls it, as typed.
    pub label: Option<String>,
    /// When it was intended.
    pub intended_at: Timestamp,
}

/// One reference that went, or was about to go, on the wire for an operation (R1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The reference.
    pub reference: Reference,
    /// What the request was for.
    pub step: Step,
    /// The terminal session it was sent in, as the driver names it.
    pub session: Option<String>,
    /// When the reference became durable.
    pub at: Timestamp,
    /// The terminal answered that this request was certainly not started.
    pub not_started: bool,
}

impl Sent {
    /// Whether money can have moved by it, as far as the journal tells.
    pub fn can_have_moved(&self) -> bool {
        let can = match self.step {
            Step::Prepare => false,
            Step::First | Step::Resend | Step::Cancel => true,
        };
        can && !self.not_started
    }
}

/// What a reserved reference is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A request that by itself moves nothing: it opens a transaction at the provider that nobody can pay
    /// yet.
    Prepare,
    /// The first request of the operation that can move money.
    First,
    /// The same request again: the one before was certainly not started, or the provider does it only once.
    Resend,
    /// A request that cancels the operation and thereby moves money.
    Cancel,
}
