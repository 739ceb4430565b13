//! The Pockyt in-store wallet gateway: signed requests, replies, notifications.
//!
//! | looking for | see |
//! | --- | --- |
//! | the signature | `pockyt/sign.rs` (dossier section 3) |
//! | requests of every endpoint, JSON and form | `pockyt/request.rs` (section 4) |
//! | reply envelope and result | `pockyt/reply.rs`, `pockyt/record.rs` (section 5) |
//! | statuses and return codes | `pockyt/words.rs` (sections 6 and 7) |
//! | instant notifications | `pockyt/notification.rs` (section 8) |
//! | amounts without floats | `decimal.rs` |
//!
//! Sections are those of the protocol dossier `pockyt.md`. Invariant: decoding is bounded in size and depth,
//! never panics, and a cut-off message is an error, never a shorter one; replies are *not* signed, so what
//! they repeat is there to be compared.

mod form;
mod notification;
mod record;
mod reply;
mod request;
mod sign;
mod words;

#[cfg(test)]
mod tests;

pub use crate::decimal::Decimal;
pub use crate::json::Limits;
pub use notification::Notification;
pub use record::{Record, RefundRecord};
pub use reply::{Envelope, Reply, Spelling};
pub use request::{
    Add, Cancel, CreateCode, Credentials, Encoded, Encoding, Endpoint, Meant, Pay, Query, Refund, Request,
    Signed,
};
pub use sign::{digest, sign, verify};
pub use words::{Code, Status};

use crate::json::JsonError;
use std::collections::BTreeMap;

/// Names and values as they are signed: raw text, sorted by name (section 3.1).
pub type Fields = BTreeMap<String, String>;

/// The name of the signature among the fields.
pub const VERIFY_SIGN: &str = "verifySign";

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer, deeper or of more parts than allowed.
    #[error("the message is larger than allowed")]
    TooLarge,
    /// Not UTF-8, not JSON, or not form encoding; also anything that was cut off.
    #[error("the message cannot be read")]
    Syntax,
    /// A name twice, or a value of the wrong kind: what it means cannot be told.
    #[error("{0} is not as the protocol has it")]
    Field(&'static str),
    /// A content type that the protocol does not have.
    #[error("the content type is not one of the protocol")]
    ContentType,
    /// A path that the protocol does not have.
    #[error("the path is not one of the protocol")]
    Path,
}

impl From<JsonError> for DecodeError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::TooLarge => Self::TooLarge,
            JsonError::Syntax => Self::Syntax,
            JsonError::Twice => Self::Field("a name that is there twice"),
        }
    }
}
