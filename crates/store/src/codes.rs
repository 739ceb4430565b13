//! The stable words of columns that the domain has no word for, and ids and times as columns.

use crate::StoreError;
use domain::ids::{OperationId, PaperId, ReceiptId, SaleId, TextId};
use domain::operation::Kind;
use jiff::Timestamp;
use rusqlite::Row;

/// The word for the kind of an operation.
pub(crate) const fn kind_code(kind: Kind) -> &'static str {
    match kind {
        Kind::Sale => "sale",
        Kind::Refund => "refund",
        Kind::Reversal => "reversal",
    }
}

/// Reads the word for the kind of an operation.
pub(crate) fn kind_of(code: &str) -> Result<Kind, StoreError> {
    [Kind::Sale, Kind::Refund, Kind::Reversal]
        .into_iter()
        .find(|kind| kind_code(*kind) == code)
        .ok_or_else(|| unreadable("kind", code))
}

/// A time as the journal keeps it: whole microseconds. What was lived and what is replayed agree only at
/// this precision.
pub fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// A text column, read in place.
pub(crate) fn word<'row>(row: &'row Row<'_>, index: usize) -> Result<&'row str, StoreError> {
    row.get_ref(index)?.as_str().map_err(|error| unreadable("text", error))
}

/// A time from its column.
pub(crate) fn time(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| unreadable("at", error))
}

macro_rules! readers {
    ($($name:ident: $id:ident),*) => {
        $(
            /// An id from its column.
            pub(crate) fn $name(text: &str) -> Result<$id, StoreError> {
                $id::parse(text).ok_or_else(|| unreadable(stringify!($id), text))
            }
        )*
    };
}

readers!(operation: OperationId, sale: SaleId, receipt: ReceiptId, paper: PaperId, text: TextId);

pub(crate) fn unreadable(column: &str, what: impl ToString) -> StoreError {
    StoreError::damaged(format!("column {column}"), what)
}
