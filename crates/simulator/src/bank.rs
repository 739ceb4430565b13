//! What the far side believes about money: the oracle of the tests.
//!
//! Every simulated terminal writes here what really happened, whatever the till was told. The bank also
//! keeps each terminal's notebook (finished answers and counter), so that both survive a restart of the
//! terminal and, with a file, of the simulator. Invariant: entries are added and change their state, but
//! are never removed; the file is replaced as a whole after each change.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Cheap to clone; all clones are the same bank.
#[derive(Debug, Clone, Default)]
pub struct Bank {
    ledger: Arc<Mutex<Ledger>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ledger {
    transactions: Vec<Transaction>,
    reversals: Vec<Reversal>,
    notebooks: BTreeMap<String, Notebook>,
    #[serde(skip)]
    file: Option<PathBuf>,
}

/// Whether money goes to the shop or back to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To the shop.
    Payment,
    /// Back to the customer.
    Refund,
}

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Money moved.
    Approved,
    /// The host or the card said no.
    Declined,
    /// Stopped before the host decided: by the customer, by an abort, by a restart.
    Aborted,
    /// Money moved and was moved back in full.
    Reversed,
}

/// One transaction as the far side sees it. Amounts are minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Number in this bank, from 1; given by [`Bank::record`].
    pub id: u64,
    /// Number of the terminal (six digits at nexo).
    pub terminal: String,
    /// Name of the till.
    pub sale_id: String,
    /// Name of the point of sale.
    pub poi_id: String,
    /// Identifier of the till's request.
    pub service_id: String,
    /// The till's own number of the transaction (SaleTransactionID at nexo).
    pub transaction: String,
    /// The terminal's number of the transaction (POITransactionID at nexo).
    pub receipt_number: String,
    /// Payment or refund.
    pub kind: Kind,
    /// What the till asked for.
    pub requested: i64,
    /// What moved in all, tip and cash-back included; 0 unless approved.
    pub amount: i64,
    /// Part of `amount`.
    pub tip: i64,
    /// Part of `amount`.
    pub cash_back: i64,
    /// ISO 4217.
    pub currency: String,
    /// When the terminal decided.
    pub at: Timestamp,
    /// What became of it.
    pub state: State,
    /// Masked number of the card, if one was read.
    pub card: Option<String>,
}

/// One transaction moved back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// The transaction moved back.
    pub transaction: u64,
    /// Minor units, positive.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// When.
    pub at: Timestamp,
    /// Identifier of the till's request; `None` when the terminal undid it by itself.
    pub service_id: Option<String>,
}

/// What a terminal remembers over a restart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notebook {
    /// Last number given to a transaction.
    pub counter: u64,
    /// Finished answers, oldest first.
    pub pages: Vec<Page>,
}

/// A finished answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Name of the point of sale.
    pub poi_id: String,
    /// Name of the till.
    pub sale_id: String,
    /// Identifier of the till's request.
    pub service_id: String,
    /// What was asked.
    pub category: String,
    /// The answer, complete.
    pub text: String,
    /// The bank's number of the transaction, if there is one.
    pub transaction: Option<u64>,
}

/// Why a bank file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    /// It cannot be read or written.
    #[error("the bank file {path} cannot be used")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// It is not a bank.
    #[error("the bank file {path} is not a bank")]
    Content {
        /// The file.
        path: PathBuf,
        /// Where and why.
        #[source]
        cause: serde_json::Error,
    },
}

impl Bank {
    /// An empty bank in memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bank of a file, empty when the file does not exist yet. Each change is written back.
    ///
    /// # Errors
    /// The file cannot be read, written or understood.
    pub fn open(path: &Path) -> Result<Self, BankError> {
        let file_error = |cause| BankError::File { path: path.to_owned(), cause };
        let mut ledger = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|cause| BankError::Content { path: path.to_owned(), cause })?,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ledger::default(),
            Err(cause) => return Err(file_error(cause)),
        };
        ledger.file = Some(path.to_owned());
        ledger.save().map_err(file_error)?;
        Ok(Self { ledger: Arc::new(Mutex::new(ledger)) })
    }

    /// Adds a transaction and returns its number; `id` of the argument is ignored.
    pub fn record(&self, transaction: Transaction) -> u64 {
        let mut ledger = self.lock();
        let id = ledger.transactions.len() as u64 + 1;
        ledger.transactions.push(Transaction { id, ..transaction });
        ledger.changed();
        id
    }

    /// Moves an approved transaction back in full. False when it does not exist or does not stand.
    pub fn reverse(&self, id: u64, at: Timestamp, service_id: Option<&str>) -> bool {
        let mut ledger = self.lock();
        let found = ledger.transactions.iter_mut().find(|one| one.id == id && one.state == State::Approved);
        let Some(transaction) = found else { return false };
        transaction.state = State::Reversed;
        let (amount, currency) = (transaction.amount, transaction.currency.clone());
        let service_id = service_id.map(str::to_owned);
        ledger.reversals.push(Reversal { transaction: id, amount, currency, at, service_id });
        ledger.changed();
        true
    }

    /// What the shop got in minor units: approved payments less approved refunds, less what was moved
    /// back.
    pub fn balance(&self, currency: &str) -> i64 {
        let ledger = self.lock();
        let standing = |one: &&Transaction| one.state == State::Approved && one.currency == currency;
        ledger.transactions.iter().filter(standing).map(Transaction::signed).sum()
    }

    /// How many approved payments stand for one transaction of the till. More than 1 is a double charge.
    pub fn approvals_for(&self, transaction: &str) -> usize {
        let stands = |one: &&Transaction| one.state == State::Approved && one.transaction == transaction;
        self.lock().transactions.iter().filter(stands).count()
    }

    /// One transaction.
    pub fn transaction(&self, id: u64) -> Option<Transaction> {
        self.lock().transactions.iter().find(|one| one.id == id).cloned()
    }

    /// All transactions, oldest first.
    pub fn transactions(&self) -> Vec<Transaction> {
        self.lock().transactions.clone()
    }

    /// All reversals, oldest first.
    pub fn reversals(&self) -> Vec<Reversal> {
        self.lock().reversals.clone()
    }

    /// Reads and changes what a terminal remembers.
    pub fn notebook<T>(&self, terminal: &str, change: impl FnOnce(&mut Notebook) -> T) -> T {
        let mut ledger = self.lock();
        let result = change(ledger.notebooks.entry(terminal.to_owned()).or_default());
        ledger.changed();
        result
    }

    /// Reads what a terminal remembers.
    pub fn read_notebook<T>(&self, terminal: &str, read: impl FnOnce(&Notebook) -> T) -> T {
        match self.lock().notebooks.get(terminal) {
            Some(notebook) => read(notebook),
            None => read(&Notebook::default()),
        }
    }

    /// The whole bank as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&*self.lock()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transaction {
    /// Minor units as the shop sees them: refunds are negative.
    pub fn signed(&self) -> i64 {
        match self.kind {
            Kind::Payment => self.amount,
            Kind::Refund => -self.amount,
        }
    }
}

impl Ledger {
    /// The terminal goes on when the disk does not: the log tells, and the next change tries again.
    fn changed(&self) {
        if let Err(cause) = self.save() {
            tracing::error!(%cause, "bank file not written");
        }
    }

    /// Writes beside the file and renames, so that a reader or a crash never meets half a bank.
    fn save(&self) -> std::io::Result<()> {
        let Some(path) = &self.file else { return Ok(()) };
        let beside = path.with_extension("new");
        let mut file = File::create(&beside)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&beside, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transaction(kind: Kind, amount: i64, state: State) -> Transaction {
        Transaction {
            id: 0,
            terminal: "555001".to_owned(),
            sale_id: "KASSA2".to_owned(),
            poi_id: "BUTIK".to_owned(),
            service_id: "1".to_owned(),
            transaction: "70001".to_owned(),
            receipt_number: "5550010001".to_owned(),
            kind,
            requested: amount,
            amount,
            tip: 0,
            cash_back: 0,
            currency: "SEK".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            state,
            card: None,
        }
    }

    #[test]
    fn balance_counts_what_stands() {
        let bank = Bank::new();
        let first = bank.record(transaction(Kind::Payment, 10_000, State::Approved));
        bank.record(transaction(Kind::Payment, 5_000, State::Declined));
        bank.record(transaction(Kind::Refund, 2_000, State::Approved));
        assert_eq!(bank.balance("SEK"), 8_000);
        assert_eq!(bank.balance("EUR"), 0);
        assert!(bank.reverse(first, Timestamp::UNIX_EPOCH, Some("9")));
        assert!(!bank.reverse(first, Timestamp::UNIX_EPOCH, Some("10")));
        assert_eq!(bank.balance("SEK"), -2_000);
        assert_eq!(bank.reversals().len(), 1);
    }

    #[test]
    fn double_charge_is_visible() {
        let bank = Bank::new();
        bank.record(transaction(Kind::Payment, 100, State::Approved));
        let second = bank.record(transaction(Kind::Payment, 100, State::Approved));
        assert_eq!(bank.approvals_for("70001"), 2);
        bank.reverse(second, Timestamp::UNIX_EPOCH, None);
        assert_eq!(bank.approvals_for("70001"), 1);
    }

    #[test]
    fn file_brings_everything_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bank.json");
        let bank = Bank::open(&path).unwrap();
        bank.record(transaction(Kind::Payment, 100, State::Approved));
        bank.notebook("555001", |notebook| notebook.counter = 42);
        let again = Bank::open(&path).unwrap();
        assert_eq!(again.transactions(), bank.transactions());
        assert_eq!(again.read_notebook("555001", |notebook| notebook.counter), 42);
        fs::write(&path, "{\"shop\": 1}").unwrap();
        assert!(matches!(Bank::open(&path), Err(BankError::Content { .. })));
    }
}
