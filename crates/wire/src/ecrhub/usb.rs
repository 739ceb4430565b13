//! The cable: messages in frames, and the link that delivers each of them once.
//!
//! | looking for | see |
//! | --- | --- |
//! | frames, and how they are found among bytes | `usb/frame.rs` (dossier sections 4.2 to 4.5) |
//! | handshake, heartbeats, acknowledgements, resends | `usb/link.rs` (section 4.6) |
//!
//! Invariant: pure; bytes and the time come in, bytes and happenings go out. Nothing is delivered that did
//! not come whole.

mod frame;
mod link;

#[cfg(test)]
mod tests;

pub use frame::{Decoder, Frame, Kind, LONGEST_DATA, SANE_DATA, TooLong, Took};
pub use link::{Happened, Heard, Link, Refused, Token, Why, after};
