//! Kayaaku POS by MyXaaS: two generations of messages over HTTP, and frames on a serial line.
//!
//! | looking for | see |
//! | --- | --- |
//! | everything that no public page says | `kayaaku/assumed.rs` (dossier section 12) |
//! | codes and their classes | `kayaaku/code.rs` (section 9) |
//! | generation 1: calls, replies, signature inside the body | `kayaaku/plain.rs`, `plain/*.rs` (section 4)
//! | | generation 2: calls, replies | `kayaaku/sealed.rs` (sections 5.2 to 5.4) |
//! | generation 2: type, encrypted body, signature | `kayaaku/envelope.rs`, `kayaaku/jwe.rs` (5.1) |
//! | keys as settings hold them | `kayaaku/keys.rs` |
//! | frames, their fields, the link with its times | `kayaaku/serial.rs`, `serial/*.rs` (section 7) |
//!
//! Sections are those of the protocol dossier `kayaaku.md`. Invariant: decoding is bounded and never
//! panics; a code that no table lists is no outcome; what was not signed by the configured key is not read.

pub mod assumed;
mod code;
pub mod envelope;
pub mod jwe;
pub mod keys;
pub mod plain;
pub mod sealed;
pub mod serial;
mod signature;
mod text;

#[cfg(test)]
mod tests;

pub use code::{Class, Code, Method, Scheme};

pub use text::{is_percent_encoded, percent_decoded, percent_encoded};

use crate::json::JsonError;
pub use crate::json::Limits;

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer, deeper or of more parts than allowed.
    #[error("the message is larger than allowed")]
    TooLarge,
    /// Not what its outer form says; also anything that was cut off.
    #[error("the message cannot be read")]
    Syntax,
    /// A field that is missing, there twice, too long, or of the wrong kind.
    #[error("{0} is not as the protocol has it")]
    Field(&'static str),
    /// Not signed, or not by the key that is configured for the other side.
    #[error("the signature is not the other side's")]
    Signature,
    /// The encrypted part; see there.
    #[error(transparent)]
    Sealed(#[from] jwe::JweError),
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
