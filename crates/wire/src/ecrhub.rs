//! The ECR Hub of WiseCashier terminals, as Sadad runs them: over the cloud, the local network and a cable.
//!
//! | looking for | see |
//! | --- | --- |
//! | kinds of transactions, their states, ways to pay | `ecrhub/words.rs` (dossier section 2.5) |
//! | response codes and what class they are of | `ecrhub/code.rs` (sections 2.7, 2.8 and 5.12) |
//! | what every answer tells of a transaction | `ecrhub/record.rs` (section 2.4) |
//! | an order, with the fields that all ways share | `ecrhub/order.rs` (section 2.3) |
//! | the gateway of the cloud | `ecrhub/cloud.rs` (chapter 5) |
//! | how terminals introduce themselves | `ecrhub/pairing.rs` (section 3.5) |
//! | messages on the local network and on the cable | `ecrhub/message.rs` (sections 2.1, 2.2 and 3.4) |
//! | frames on the cable, and the link that delivers them | `ecrhub/usb.rs` (chapter 4) |
//!
//! Sections are those of the protocol dossier `sadad-ecrhub.md`. Invariant: decoding is bounded, never
//! panics, and ignores what it does not know; a scalar may come as text, number or flag and is kept as its
//! text; `null` and the empty text are nothing.

pub mod cloud;
mod code;
mod message;
mod order;
pub mod pairing;
mod record;
mod scalar;
pub mod usb;
mod words;

#[cfg(test)]
mod tests;

pub use crate::decimal::Decimal;
pub use crate::json::{Json, Limits};
pub use code::{Class, Code, Obstacle, inner};
pub use message::{Dialect, Message, Sender, Topic, dialect};
pub use order::Order;
pub use record::Record;
pub use scalar::{objectless, scalar};
pub use words::{Scenario, Status, TransType};

use crate::json::JsonError;

/// Bounds of a message on the local network (section 3.2).
pub const HUB: Limits = Limits { bytes: 1024 * 1024, depth: 12, parts: 8_000 };

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Longer, deeper or of more parts than allowed.
    #[error("the message is larger than allowed")]
    TooLarge,
    /// Not UTF-8 or not JSON; also anything that was cut off.
    #[error("the message cannot be read")]
    Syntax,
    /// Missing, there twice, or of the wrong kind: what it means cannot be told.
    #[error("{0} is not as the protocol has it")]
    Field(&'static str),
    /// Not signed, or not by the key that was expected.
    #[error("the message is not signed by the expected key")]
    Signature,
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
