//! nexo Retailer 3.1 as Swedbank Pay's terminals speak it: bytes to messages and back.
//!
//! | looking for | see |
//! | --- | --- |
//! | a message as a whole, its body variants | [`Message`], [`Body`] (`message.rs`) |
//! | header, `Response`, references, identifiers | `header.rs` |
//! | enumerations of Appendix B | `values.rs` |
//! | amounts | `amount.rs`; times, lists, base64, card numbers: `scalar.rs` |
//! | Login, Logout, Admin, Diagnosis | `session.rs` |
//! | Payment and its parts | `payment.rs`, `loyalty.rs` |
//! | Reversal, Abort | `reversal.rs` |
//! | TransactionStatus, totals | `status.rs` |
//! | Display, Input, Print, Transmit | `device.rs`, `output.rs` |
//! | EnableService, CardAcquisition | `acquisition.rs` |
//! | events | `event.rs` |
//! | the answer that refuses any request | [`Message::answer`] (`refusal.rs`) |
//! | receipts to lines for paper | [`receipt`] |
//! | texts for the cashier's screen | [`display`] |
//! | the terminal's announcement of its address | [`announcement`] |
//! | masking of card numbers | [`mask`] |
//! | Appendix A as a table, and the strict check | [`grammar`] |
//! | how XML is read and written | `read.rs`, `write.rs`, `element.rs` |
//!
//! Reading is tolerant, writing is strict: unknown elements, attributes and values are kept or skipped,
//! parts the schema requires may be missing from answers, but what is written follows the schema's
//! order exactly. Chapter numbers refer to the protocol dossier `nexo-retailer.md`.

mod acquisition;
mod amount;
pub mod announcement;
mod device;
pub mod display;
mod element;
mod event;
pub mod grammar;
mod header;
mod loyalty;
pub mod mask;
mod message;
mod output;
mod payment;
mod read;
pub mod receipt;
mod refusal;
mod reversal;
mod scalar;
mod session;
mod status;
#[cfg(test)]
mod tests;
mod values;
mod write;

pub use acquisition::*;
pub use amount::Amount;
pub use device::*;
pub use event::EventNotification;
pub use header::*;
pub use loyalty::*;
pub use message::{Body, Message};
pub use output::*;
pub use payment::*;
pub use receipt::PaymentReceipt;
pub use reversal::*;
pub use scalar::{Base64, CardNumber, List, MaskedPan, Stamp};
pub use session::*;
pub use status::*;
pub use values::*;

use element::{Child, Element, Misfit};
use read::Node;
use write::Writer;

/// Bounds for reading. Anything beyond is refused, not truncated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the whole message in bytes, checked first.
    pub bytes: usize,
    /// Nesting of elements.
    pub depth: usize,
    /// Number of elements.
    pub elements: usize,
    /// Number of attributes of one element.
    pub attributes: usize,
}

impl Limits {
    /// For what arrives at the till's listener from anybody: 1 MiB (dossier chapter 2.4).
    pub const LISTENER: Self = Self { bytes: 1 << 20, depth: 32, elements: 10_000, attributes: 64 };
    /// For the answer to our own request: 2 MiB.
    pub const REPLY: Self = Self { bytes: 2 << 20, depth: 32, elements: 50_000, attributes: 64 };
}

/// Why bytes are not a message. Each variant is a decision: none of them may ever be taken for a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// More bytes, elements or attributes than allowed.
    #[error("message too large")]
    TooLarge,
    /// Elements nested deeper than allowed.
    #[error("elements nested too deeply")]
    TooDeep,
    /// Document type, entity other than the predefined ones, or processing instruction: never sent by a
    /// terminal.
    #[error("forbidden XML construct")]
    Forbidden,
    /// Not a well-formed document.
    #[error("not XML: {0}")]
    NotXml(String),
    /// A document, but its envelope, header or body is not one of nexo.
    #[error("not a nexo message: {0}")]
    NotNexo(String),
    /// A field is missing, doubled or unreadable.
    #[error("{path} {what}")]
    Field {
        /// `PaymentResponse/PaymentResult/AmountsResp/@AuthorizedAmount`.
        path: String,
        /// What is wrong with it, without the value.
        what: String,
    },
}

impl From<Misfit> for DecodeError {
    fn from(misfit: Misfit) -> Self {
        Self::Field { path: misfit.path, what: misfit.what }
    }
}

/// Reads a message.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Message, DecodeError> {
    let root = read::parse(bytes, limits)?;
    let (envelope, header) = envelope_and_header(&root)?;
    if !root.children.iter().any(|child| child.name == header.body_element()) {
        return Err(DecodeError::NotNexo(format!("{} without {}", root.name, header.body_element())));
    }
    let body = Body::read_for(&header, &root)?;
    Ok(Message { envelope, header, body })
}

/// Reads envelope and header only, so that a message whose body is faulty can still be answered.
pub fn decode_header(bytes: &[u8], limits: &Limits) -> Result<(Envelope, Header), DecodeError> {
    envelope_and_header(&read::parse(bytes, limits)?)
}

fn envelope_and_header(root: &Node) -> Result<(Envelope, Header), DecodeError> {
    let envelope = [Envelope::Request, Envelope::Response]
        .into_iter()
        .find(|envelope| envelope.element() == root.name)
        .ok_or_else(|| DecodeError::NotNexo(format!("envelope {}", root.name)))?;
    let header: Header = Child::read(root, "MessageHeader")?;
    if (header.kind == MessageType::Response) != (envelope == Envelope::Response) {
        return Err(DecodeError::NotNexo(format!("{} in {}", header.kind, root.name)));
    }
    Ok((envelope, header))
}

/// Writes a message: no XML declaration, no namespace, the schema's order of elements.
pub fn encode(message: &Message) -> String {
    let mut out = Writer::default();
    let envelope = message.envelope.element();
    out.open(envelope);
    Element::write(&message.header, "MessageHeader", &mut out);
    message.body.write(&mut out);
    out.close(envelope);
    out.finish()
}
