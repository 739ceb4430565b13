//! The data folder's files that belong to the store:
//!
//! | file | what |
//! | --- | --- |
//! | `paydesk.sqlite`, `-wal`, `-shm` | the database |
//! | `intents` | intents that the database has not taken up yet (`intents.rs`) |
//! | `head` | `seq hash inode`: the chain's head, outside the database |
//! | `reserve` | 16 MB, given up to write an outcome on a full disk |
//! | `paydesk.sqlite.before-N` | the database before it was migrated to schema N |
//!
//! Invariant: `head` may lie behind the database by any number of entries, never ahead of it. Ahead, or with
//! another hash, means that the tail was cut or an older copy was put back. The inode is the database file's:
//! a copied folder has another one. (A whole disk that was set back, `head` and inode included, cannot be
//! told from here.)

use crate::chain::Head;
use crate::{StoreError, limits};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The store's files in one data folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// What the head file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeptHead {
    pub head: Head,
    /// Of the database file; 0 where the system has none.
    pub inode: u64,
}

impl Folder {
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
    pub fn path(&self) -> &Path {
        &self.0
    }
    pub fn database(&self) -> PathBuf {
        self.0.join(crate::DATABASE)
    }
    pub fn log(&self) -> PathBuf {
        self.0.join("paydesk.sqlite-wal")
    }
    pub fn index(&self) -> PathBuf {
        self.0.join("paydesk.sqlite-shm")
    }
    pub fn head(&self) -> PathBuf {
        self.0.join("head")
    }
    pub fn intents(&self) -> PathBuf {
        self.0.join("intents")
    }
    pub fn reserve(&self) -> PathBuf {
        self.0.join("reserve")
    }
    pub fn before(&self, schema: i64) -> PathBuf {
        self.0.join(format!("paydesk.sqlite.before-{schema}"))
    }

    /// The database file's inode; 0 where the system has none.
    pub fn inode(&self) -> u64 {
        #[cfg(unix)]
        let inode = fs::metadata(self.database())
            .map_or(0, |metadata| std::os::unix::fs::MetadataExt::ino(&metadata));
        #[cfg(not(unix))]
        let inode = 0;
        inode
    }

    /// What the head file says; nothing when it is missing or cannot be understood.
    pub fn read_head(&self) -> Result<Option<KeptHead>, StoreError> {
        let text = match fs::read_to_string(self.head()) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => String::new(),
            Err(error) => return Err(error.into()),
        };
        let kept = text.trim_end().rsplit_once(' ').and_then(|(head, inode)| {
            Some(KeptHead { head: Head::parse(head)?, inode: inode.parse().ok()? })
        });
        if kept.is_none() {
            tracing::warn!("the head file cannot be understood");
        }
        Ok(kept)
    }

    /// Replaces the head file in one step.
    pub fn write_head(&self, head: Head) -> Result<(), StoreError> {
        let new = self.0.join("head.new");
        let mut file = fs::File::create(&new)?;
        writeln!(file, "{head} {}", self.inode())?;
        file.sync_all()?;
        drop(file);
        fs::rename(&new, self.head())?;
        self.sync()
    }

    /// Makes names in the folder durable.
    pub fn sync(&self) -> Result<(), StoreError> {
        #[cfg(unix)]
        fs::File::open(&self.0)?.sync_all()?;
        Ok(())
    }

    /// Makes sure that the reserve is there, really written.
    pub fn hold_reserve(&self) -> Result<(), StoreError> {
        let path = self.reserve();
        if fs::metadata(&path).is_ok_and(|metadata| metadata.len() == limits::RESERVE_BYTES) {
            return Ok(());
        }
        let written = write_reserve(&path);
        if written.is_err() {
            self.give_up_reserve();
        }
        written
    }

    /// Whether the disk has room for what follows an intent. A system that does not tell is believed to have.
    pub fn has_room(&self) -> bool {
        fs4::statvfs(&self.0).map_or(true, |disk| is_room(disk.total_space(), disk.available_space()))
    }

    /// Gives the reserve's room back to the disk.
    pub fn give_up_reserve(&self) {
        if let Err(error) = fs::remove_file(self.reserve())
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the reserve file cannot be removed");
        }
    }
}

/// Some systems say of everything that it is nothing.
fn is_room(total: u64, available: u64) -> bool {
    total == 0 || available >= limits::ROOM_BYTES
}

/// Bytes that no file system compresses or leaves out.
fn write_reserve(path: &Path) -> Result<(), StoreError> {
    let mut file = fs::File::create(path)?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let block: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .take(64 * 1024)
    .flatten()
    .collect();
    let mut left = usize::try_from(limits::RESERVE_BYTES).unwrap_or(usize::MAX);
    while left > 0 {
        let part = block.get(..left.min(block.len())).unwrap_or(&block);
        file.write_all(part)?;
        left -= part.len();
    }
    file.sync_data()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_tells_nothing_is_believed_to_have_room() {
        assert!(is_room(0, 0));
        assert!(is_room(1 << 40, limits::ROOM_BYTES));
        assert!(!is_room(1 << 40, limits::ROOM_BYTES - 1));
    }
}
