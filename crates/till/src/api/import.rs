//! What an import of products did.

use serde::{Deserialize, Serialize};

/// The report of an import.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Products that were not there before.
    pub added: u32,
    /// Products that are other than before.
    pub changed: u32,
    /// Products that are as before.
    pub unchanged: u32,
    /// Products that are sold no more.
    pub removed: u32,
    /// Lines that were left out; all of them counted, the first ones listed.
    pub rejected_count: u32,
    /// The first of them.
    pub rejected: Vec<Rejected>,
    /// How the file's letters are written: `UTF-8`, `UTF-16LE`, `windows-1252` …
    pub encoding: String,
    /// Columns that mean nothing to the till.
    pub unknown_columns: Vec<String>,
}

/// A line that was left out.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Its number in the file, counted from 1.
    pub line: u64,
    /// Which column is wrong; empty for the whole line.
    pub column: String,
    /// `missing`, `price`, `vat`, `unit`, `flag`, `twice`, `code_taken`, `quotes`, `too_long`.
    pub why: String,
    /// What stands there, shortened.
    pub text: String,
}
