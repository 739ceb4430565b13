//! SQLite: the hash-chained journal and the views that can be rebuilt from it.
//!
//! * [`Store`] is the till's own: one writing connection (on its own thread, or inline under virtual time),
//!   read connections beside it. [`Store::append`] returns when the facts are on disk.
//! * [`ReadOnlyStore`] looks into a folder beside a running till and changes nothing.
//! * [`Reader`] is what both offer for queries.
//!
//! Invariants: entries are only appended; every entry's hash covers the entry before it (`chain.rs`); views
//! change in the transaction of the entry they come from, and rebuilding them gives the same rows; texts that
//! must be erasable lie beside the chain. Times are kept in whole microseconds ([`whole_micros`]).

mod chain;
mod codes;
mod core;
mod error;
mod facts;
mod fault;
mod folder;
mod intents;
mod limits;
mod open;
mod read_only;
mod reader;
mod rehearsal;
mod remains;
mod schema;
mod search;
mod store;
mod upkeep;
mod verify;
mod views;
mod words;

pub use chain::{Hash, Head};
pub use codes::whole_micros;
pub use error::{DATABASE, StoreError};
pub use fault::DiskFault;
pub use open::{Mode, Opened, Opening, Restored};
pub use read_only::ReadOnlyStore;
pub use reader::{
    CashLine, Day, PaymentLine, Reader, ReceiptQuery, Show, StoredPaper, StoredText, Told, Total, Unclaimed,
};
pub use remains::{Remains, Snapshot};
pub use schema::{SCHEMA, Sums};
pub use store::Store;
pub use verify::Verified;
pub use views::Daybook;

use domain::ids::TextId;
use domain::journal::Fact;
use domain::receipt::TextRef;
use jiff::Timestamp;

/// One fact on its way into the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When it happened; the journal keeps whole microseconds.
    pub at: Timestamp,
    /// What happened.
    pub fact: Fact,
    /// The erasable texts that the fact references, stored beside the chain.
    pub texts: Vec<(TextRef, String)>,
}

impl Record {
    /// A fact without erasable text.
    pub fn new(at: Timestamp, fact: Fact) -> Self {
        Self { at, fact, texts: Vec::new() }
    }

    /// The same with one erasable text, which the fact references as `TextRef::of(id, text)`.
    #[must_use]
    pub fn with_text(mut self, id: TextId, text: impl Into<String>) -> Self {
        let text = text.into();
        self.texts.push((TextRef::of(id, &text), text));
        self
    }

    /// Every text is the one referenced; otherwise the journal would never verify again.
    fn check(&self) -> Result<(), StoreError> {
        if self.texts.iter().all(|(reference, text)| reference.matches(text)) {
            return Ok(());
        }
        Err(StoreError::Contradiction { what: "a text is not the one its reference names".to_owned() })
    }
}

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The newest entry now; on disk.
    pub head: Head,
}
