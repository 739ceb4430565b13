//! Store errors in the till's words.

use crate::api::{Problem, ProblemCode};
use std::path::PathBuf;
use store::{Restored, StoreError};

/// The problem that a store error makes.
pub(crate) fn problem(error: &StoreError) -> Problem {
    let (code, name) = match error {
        StoreError::Full => (ProblemCode::DiskFull, "detail"),
        StoreError::ReadOnly => (ProblemCode::ReadOnly, "detail"),
        StoreError::Locked => (ProblemCode::FolderInUse, "detail"),
        StoreError::NewerDatabase { found, known } => {
            return Problem::new(ProblemCode::StoreNewer).with("found", found).with("known", known);
        }
        StoreError::Damaged { .. } => (ProblemCode::StoreDamaged, "what"),
        StoreError::Lost { .. } => {
            return Problem::new(ProblemCode::StoreDamaged).with("what", error).with("kind", "lost");
        }
        StoreError::NotTheNewest(differs) => return not_the_newest(*differs),
        StoreError::NotVerified { seq, what } => {
            return Problem::new(ProblemCode::StoreNotVerified).with("entry", seq).with("what", what);
        }
        StoreError::OlderDatabase { .. } => (ProblemCode::StoreOlder, "detail"),
        StoreError::Io(_) | StoreError::Closed | StoreError::Contradiction { .. } => {
            (ProblemCode::StoreBroken, "detail")
        }
    };
    Problem::new(code).with(name, error)
}

/// A copy that is sound: `kind` tells it from a journal that somebody changed.
fn not_the_newest(differs: Restored) -> Problem {
    let (kind, entry) = match differs {
        Restored::Older { kept, .. } => ("older_copy", Some(kept.seq)),
        Restored::Behind { written, .. } => ("older_copy", Some(written)),
        Restored::Another { kept } => ("another_journal", Some(kept.seq)),
        Restored::HeadMissing | Restored::Copied | Restored::NotStartedSince => ("copy", None),
    };
    let problem = Problem::new(ProblemCode::StoreNotVerified).with("what", differs).with("kind", kind);
    match entry {
        Some(entry) => problem.with("entry", entry),
        None => problem,
    }
}

/// Paydesk's folder in the platform's one for application data; nothing where the platform names none.
pub fn default_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        variable("APPDATA").map(|path| path.join("Paydesk"))
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|path| path.join("Library/Application Support/Paydesk"))
    } else {
        let home = || variable("HOME").map(|path| path.join(".local/share"));
        variable("XDG_DATA_HOME").or_else(home).map(|path| path.join("paydesk"))
    }
}
