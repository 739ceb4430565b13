//! The serial profile `kpos-serial/1` (dossier section 7): frames, their fields, and the link with its
//! times.
//!
//! Invariant: a frame whose checksum or length is wrong is no message; whatever noise comes, no more than
//! one frame is held.

mod frame;
mod layout;
mod link;
mod message;

pub use frame::{Bad, Collector, Found, GAP_MS, LONGEST, checksum, framed};
pub use layout::{Kind, Part, Shape, TABLE, shape};
pub use link::{Happened, Link, LinkOptions};
pub use message::{EncodeError, Message, PaymentResult, Settled, Start};

/// The profile that a link test names.
pub const PROFILE: &str = "KS01";
