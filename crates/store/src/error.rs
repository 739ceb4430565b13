//! What can go wrong in the store. Each variant is a decision for the caller.

use crate::open::Restored;

/// Why the store did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the database: try again, or say which till has it.
    #[error("the database is in use by another process")]
    Locked,
    /// The disk or the folder cannot be written: nothing is sent to any terminal.
    #[error("the data folder cannot be written")]
    ReadOnly,
    /// The disk is full: nothing is sent to any terminal.
    #[error("the disk is full")]
    Full,
    /// The database was written by a newer program: refuse to start; nothing was touched.
    #[error("the database has schema {found}, this program knows up to {known}")]
    NewerDatabase {
        /// Its schema version.
        found: i64,
        /// The newest one known.
        known: i64,
    },
    /// A read-only opening found an older schema: start the till once, which migrates it.
    #[error("the database has schema {found} and must be migrated to {known} by starting the till")]
    OlderDatabase {
        /// Its schema version.
        found: i64,
        /// The newest one known.
        known: i64,
    },
    /// The database is gone, and there was one: refuse to sell until a backup is put back.
    #[error("paydesk.sqlite: {what}")]
    Lost {
        /// Whether it is missing or empty.
        what: &'static str,
    },
    /// The file is not a database, or is broken: refuse to sell, keep the file.
    #[error("{where_}: {what}")]
    Damaged {
        /// What is wrong.
        what: String,
        /// Which file or table.
        where_: String,
    },
    /// The chain or a view does not verify: refuse to sell, keep the file.
    #[error("entry {seq}: {what}")]
    NotVerified {
        /// The first entry that does not verify; the newest one where a view differs.
        seq: i64,
        /// What is wrong.
        what: String,
    },
    /// The database is sound, and it is not the one that was here last: the next start goes on with it as
    /// after a restored backup.
    #[error("{0}")]
    NotTheNewest(Restored),
    /// The caller's record contradicts itself; nothing was written.
    #[error("{what}")]
    Contradiction {
        /// What is wrong.
        what: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Anything else the disk or the system says.
    #[error("{0}")]
    Io(String),
}

/// The name of the database in its folder.
pub const DATABASE: &str = "paydesk.sqlite";

impl StoreError {
    /// The file or a row of it is broken.
    pub(crate) fn damaged(where_: impl Into<String>, what: impl ToString) -> Self {
        Self::Damaged { what: what.to_string(), where_: where_.into() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ffi};
        let is_unreadable = matches!(
            error,
            Error::FromSqlConversionFailure(..)
                | Error::InvalidColumnType(..)
                | Error::IntegralValueOutOfRange(..)
                | Error::QueryReturnedNoRows
        );
        if is_unreadable {
            return Self::damaged(DATABASE, error);
        }
        let Some(code) = error.sqlite_error().map(|failure| failure.extended_code) else {
            return Self::Io(error.to_string());
        };
        if code == ffi::SQLITE_IOERR_SHMSIZE {
            return Self::Full;
        }
        match code & 0xff {
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Self::Locked,
            ffi::SQLITE_READONLY | ffi::SQLITE_PERM => Self::ReadOnly,
            ffi::SQLITE_FULL => Self::Full,
            ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => Self::damaged(DATABASE, error),
            _ => Self::Io(error.to_string()),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = error.kind();
        if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            Self::Full
        } else if matches!(kind, ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) {
            Self::ReadOnly
        } else {
            Self::Io(error.to_string())
        }
    }
}
