//! What an interface may read.

use domain::ids::{OperationId, ReceiptId, TerminalId};
use domain::money::Money;
use domain::receipt::Copy;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// One query. Lists are newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "read", rename_all = "snake_case")]
pub enum Query {
    /// Payments of a business day, or of all days; only open ones, or all.
    Payments {
        /// The business day.
        day: Option<Date>,
        /// Only open ones, and those that need attention.
        open: bool,
        /// How many at most.
        limit: Option<u32>,
    },
    /// One payment in full.
    Payment {
        /// Which.
        payment: OperationId,
    },
    /// Receipts of a business day, or those that hold all these words.
    Receipts {
        /// The business day.
        day: Option<Date>,
        /// Words.
        search: Option<String>,
        /// How many at most.
        limit: Option<u32>,
    },
    /// The receipts with this id: a receipt's or a payment's.
    Receipt {
        /// The id as text.
        id: String,
    },
    /// Checks the whole journal.
    Verify,
}

/// One payment in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Its id.
    pub payment: OperationId,
    /// The terminal.
    pub terminal: TerminalId,
    /// `sale`, `refund` or `reversal`.
    pub kind: String,
    /// `running`, `await_signature`, `reversing`, `unknown`, `disputed` or `closed`.
    pub state: String,
    /// `approved`, `partial`, `declined`, `cancelled`, `not_charged`, `unknown` or `disputed`.
    pub outcome: String,
    /// What was asked for.
    pub requested: Money,
    /// What was approved in all.
    pub amount: Money,
    /// When it was intended.
    pub at: Timestamp,
    /// Needs a person.
    pub attention: bool,
}

/// One stored receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRow {
    /// Its id.
    pub receipt: ReceiptId,
    /// The payment it belongs to.
    pub payment: OperationId,
    /// Whose copy.
    pub copy: Copy,
    /// When it came.
    pub at: Timestamp,
    /// Made in practice.
    pub practice: bool,
    /// Its text; nothing once it was erased.
    pub text: Option<String>,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum QueryReply {
    /// A list of payments.
    Payments {
        /// Newest first.
        rows: Vec<PaymentRow>,
    },
    /// One payment in full: the case file.
    Payment {
        /// See [`crate::case_file`].
        case: Box<crate::case_file::CaseFile>,
    },
    /// A list of receipts.
    Receipts {
        /// Newest first.
        rows: Vec<ReceiptRow>,
    },
    /// The journal verifies.
    Verified {
        /// How many entries.
        entries: u64,
        /// The head: its number and its hash.
        head: String,
    },
}
