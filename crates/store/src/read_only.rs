//! Looking into a data folder beside a running till: for commands that only read.
//!
//! Invariant: creates, migrates and changes nothing. (SQLite may put its `-wal` and `-shm` beside the
//! database to share it with a writer; in a folder that cannot be written it does without.)

use crate::folder::Folder;
use crate::reader::Reader;
use crate::schema;
use crate::store::Store;
use crate::verify::Verified;
use crate::{StoreError, open};
use rusqlite::Connection;
use std::path::Path;

/// A store for queries only. Synchronous.
pub struct ReadOnlyStore {
    connection: Connection,
    folder: Folder,
}

impl Store {
    /// Opens a folder for queries only, also while a till has it open. Nothing where no till has ever been
    /// started on it.
    ///
    /// # Errors
    /// The database cannot be read, or is gone and there was one.
    pub fn open_read_only(folder: &Path) -> Result<Option<ReadOnlyStore>, StoreError> {
        let folder = Folder::new(folder);
        if open::is_new(&folder)? {
            return Ok(None);
        }
        let connection = schema::connect_reading(&folder.database())?;
        Ok(Some(ReadOnlyStore { connection, folder }))
    }
}

impl ReadOnlyStore {
    /// Runs queries on committed state; everything in one call sees the same state.
    pub fn read<T>(
        &self,
        query: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Read before the database is looked at: a till that goes on only gets further ahead of it.
        let kept = self.folder.read_head()?.map(|kept| kept.head);
        let state = self.connection.unchecked_transaction()?;
        let result = query(&Reader { connection: &self.connection, kept });
        state.finish()?;
        result
    }

    /// Verifies the whole chain, every body and text, and the views against the journal.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        self.read(|reader| reader.verify())
    }
}
