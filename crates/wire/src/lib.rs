//! Protocols as pure codecs: bytes to messages and back.
//!
//! No I/O, no clock, no randomness, no rule of the trade: a codec only says what was said. One module per
//! protocol; drivers and simulators share it, so neither can drift from the other's grammar.

pub mod nexo;
