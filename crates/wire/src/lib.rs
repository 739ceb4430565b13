//! Protocols as pure codecs: bytes to messages and back.
//!
//! No I/O, no clock, no randomness, no rule of the trade: a codec only says what was said. One module per
//! protocol; drivers and simulators share it, so neither can drift from the other's grammar.

// A codec reads what anybody may send: an index that can be out of bounds ends the till.
#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice))]

mod decimal;
pub mod ecrhub;
mod json;
pub mod kayaaku;
pub mod nexo;
pub mod pockyt;
