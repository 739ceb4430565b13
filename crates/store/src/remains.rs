//! What a crash leaves, and copies of a database: how tests stop the power and put back old backups.
//!
//! Invariant: the head that is kept outside the database is no part of a backup of the database.

use crate::chain::Head;
use crate::folder::Folder;
use crate::{StoreError, schema};
use rusqlite::{Connection, MAIN_DB};
use std::fs;
use std::path::PathBuf;

/// A whole database as bytes. One made in memory is restored in memory, one made in a folder in a folder.
#[derive(Clone)]
pub struct Snapshot(pub(crate) Vec<u8>);

impl Snapshot {
    /// Every byte, as a backup would have it.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What is left after a crash: everything synced, nothing else. [`crate::Store::reopen`] opens it.
pub struct Remains(pub(crate) Left);

pub(crate) enum Left {
    Memory { connection: Box<Connection>, head: Option<Head>, intents: Vec<u8> },
    Folder(PathBuf),
}

impl Remains {
    /// A backup of the database, without the head.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        match &self.0 {
            Left::Memory { connection, .. } => Ok(Snapshot(connection.serialize(MAIN_DB)?.to_vec())),
            Left::Folder(folder) => {
                let connection = schema::connect_reading(&Folder::new(folder).database())?;
                Ok(Snapshot(connection.serialize(MAIN_DB)?.to_vec()))
            }
        }
    }

    /// Puts a backup back in the place of the database; the head outside stays as it is.
    pub fn restore(self, snapshot: &Snapshot) -> Result<Self, StoreError> {
        match self.0 {
            Left::Memory { head, intents, .. } => {
                let mut connection = Connection::open_in_memory()?;
                let bytes = snapshot.0.as_slice();
                connection.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), false)?;
                Ok(Self(Left::Memory { connection: Box::new(connection), head, intents }))
            }
            Left::Folder(path) => {
                let folder = Folder::new(&path);
                fs::write(folder.database(), &snapshot.0)?;
                for file in [folder.log(), folder.index()] {
                    if file.exists() {
                        fs::remove_file(file)?;
                    }
                }
                Ok(Self(Left::Folder(path)))
            }
        }
    }

    /// The head that was kept outside the database, as the next opening will see it.
    pub fn kept_head(&self) -> Result<Option<Head>, StoreError> {
        match &self.0 {
            Left::Memory { head, .. } => Ok(*head),
            Left::Folder(folder) => Ok(Folder::new(folder).read_head()?.map(|kept| kept.head)),
        }
    }
}
