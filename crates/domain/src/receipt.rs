//! Receipts as data: lines of text in a copy for somebody. Paper, PDF and screens are made elsewhere.
//!
//! Invariant: the text of a receipt is erasable; the journal holds only its id and digest.

use crate::ids::{OperationId, ReceiptId, TextId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// First and last line of every receipt made in practice.
pub const PRACTICE_MARK: &str = "*** PRACTICE - NOT A RECEIPT ***";

/// Whose copy it is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copy {
    /// The customer's.
    Customer,
    /// The shop's; the one to sign.
    Merchant,
    /// Something else the terminal wants printed.
    Other,
}

impl Copy {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Merchant => "merchant",
            Self::Other => "other",
        }
    }
    /// Reads the stable word.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Customer, Self::Merchant, Self::Other].into_iter().find(|copy| copy.code() == code)
    }
}

/// One receipt as the terminal made it, decoded and masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Whose copy.
    pub copy: Copy,
    /// Lines in order; empty text is a blank line. Wrapping is the printer's matter.
    pub lines: Vec<String>,
    /// Somebody must sign this copy.
    pub to_sign: bool,
    /// The terminal's receipt could be decoded; otherwise `lines` says what to do.
    pub readable: bool,
}

impl Receipt {
    /// The lines joined by line breaks.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
    /// The same receipt with the practice mark first and last, so that it cannot pass for a real one.
    #[must_use]
    pub fn marked_practice(mut self) -> Self {
        let widest = self.lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        let mark = practice_mark(widest);
        self.lines.insert(0, mark.clone());
        self.lines.push(mark);
        self
    }
}

/// The mark in the middle of so many columns, where they are enough.
pub fn practice_mark(columns: usize) -> String {
    format!("{PRACTICE_MARK:^columns$}").trim_end().to_owned()
}

/// A text that must be erasable some day (a receipt, a person's name): kept beside the chain, referenced
/// by digest. The id salts the digest, so that a short text cannot be guessed from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRef {
    /// Which text.
    pub id: TextId,
    /// SHA-256 over the id and the text, lower-case hex.
    pub digest: String,
}

impl TextRef {
    /// The reference of this text under this id.
    pub fn of(id: TextId, text: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(id.to_string());
        hash.update([0]);
        hash.update(text);
        Self { id, digest: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect() }
    }
    /// Whether this is the text that was referenced.
    pub fn matches(&self, text: &str) -> bool {
        Self::of(self.id, text) == *self
    }
}

/// One receipt in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReceipt {
    /// Its id.
    pub id: ReceiptId,
    /// The operation it belongs to.
    pub operation: OperationId,
    /// Whose copy.
    pub copy: Copy,
    /// Somebody must sign it.
    pub to_sign: bool,
    /// Made in practice.
    pub practice: bool,
    /// When it came.
    pub at: Timestamp,
    /// Its text.
    pub text: TextRef,
}
