//! Opening the books for commands that only read: also beside a running till.

use till::api::{Problem, ProblemCode};
use till::books::Books;

use super::Call;

/// The books; nothing where the till has never been started.
///
/// # Errors
/// The settings or the journal cannot be used.
pub fn open(call: &Call) -> Result<Option<Books>, Problem> {
    let books = Books::open_read_only(&call.folder)?;
    if books.is_none() {
        call.out.say("There is no journal in this data folder yet: no payment has been made.");
    }
    Ok(books)
}

/// The books, where there is nothing to do without them.
///
/// # Errors
/// There are none, or they cannot be used.
pub fn need(call: &Call) -> Result<Books, Problem> {
    let none = || {
        Problem::new(ProblemCode::StoreBroken)
            .with("kind", "none")
            .with("detail", "there is none in this data folder, because no payment has been made")
    };
    Books::open_read_only(&call.folder)?.ok_or_else(none)
}

/// No payment or receipt of this id.
pub fn no_payment(id: impl std::fmt::Display) -> Problem {
    Problem::new(ProblemCode::UnknownPayment).with("payment", id)
}

/// Whether a list may have had more rows than it was allowed.
pub fn is_cut(rows: usize, limit: u32) -> bool {
    usize::try_from(limit).is_ok_and(|limit| rows >= limit)
}

/// Says that there may be more rows.
pub fn tell_if_cut(call: &Call, rows: usize, limit: u32) {
    if is_cut(rows, limit) {
        call.out.say(&format!("Only the newest {rows} are shown; --day and --limit choose others."));
    }
}
