//! What stands beside the till: receipts on paper and as files, cameras, hand scanners.
//!
//! A receipt is laid out once ([`slip`]), then written for a printer ([`escpos`]) or as a file ([`pdf`]);
//! [`paper`] reads a printer's bytes back, so that a recorded stream is the printer of every test.
//! Invariant: laying out and writing are pure; only [`printer`] touches the world, and never without a
//! limit.
//!
//! ```
//! use domain::receipt::{Copy, Receipt};
//! use peripherals::limits::COLUMNS;
//! use peripherals::slip::{Language, Marks, Slip};
//! use peripherals::{escpos, paper};
//!
//! let lines = vec!["Total  SEK 12,50".to_owned()];
//! let receipt = Receipt { copy: Copy::Customer, lines, to_sign: false, readable: true };
//! let marks = Marks { copy: true, language: Language::Swedish, ..Marks::default() };
//! let bytes = escpos::slip(&Slip::of(&receipt, marks, COLUMNS));
//! let paper = paper::text(&paper::read(&bytes)?, COLUMNS);
//! assert!(paper.contains("K O P I A") && paper.contains("Total  SEK 12,50"));
//! # Ok::<(), paper::Unread>(())
//! ```

pub mod camera;
pub mod code;
pub mod code_page;
pub mod escpos;
pub mod limits;
pub mod paper;
pub mod pdf;
pub mod printer;
mod quiet;
pub mod scanner;
pub mod slip;
