//! One till per folder: a lock file that the system releases when the program ends, however it ends.

use crate::api::{Problem, ProblemCode};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

/// Held while a till has the folder open.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the folder, or says that another till has it.
    #[allow(clippy::wildcard_enum_match_arm)] // the standard library's list is open
    pub fn take(folder: &Path) -> Result<Self, Problem> {
        let path = folder.join("lock");
        let io = |error: std::io::Error| {
            let code = match error.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => ProblemCode::ReadOnly,
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ProblemCode::DiskFull,
                _ => ProblemCode::FolderUnusable,
            };
            Problem::new(code).with("path", path.display()).with("detail", error)
        };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Problem::new(ProblemCode::FolderInUse).with("path", folder.display()))
            }
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }
}
