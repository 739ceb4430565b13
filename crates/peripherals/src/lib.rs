//! What stands beside the till: receipts on paper and as files.
//!
//! A receipt is laid out once ([`slip`]), then written for a printer ([`escpos`]) or as a file ([`pdf`]);
//! [`paper`] reads a printer's bytes back, so that a recorded stream is the printer of every test.
//! Invariant: laying out and writing are pure; only [`printer`] touches the world, and never without a
//! limit.

pub mod code_page;
pub mod escpos;
pub mod limits;
pub mod paper;
pub mod pdf;
pub mod printer;
pub mod slip;
