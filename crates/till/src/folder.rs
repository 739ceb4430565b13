//! Store errors in the till's words.

use crate::api::{Problem, ProblemCode};
use store::StoreError;

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
