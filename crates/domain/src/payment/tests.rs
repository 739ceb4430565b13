//! The rules R1 to R12 as far as one payment holds them, as table rows and properties.
//!
//! Invariant: every event of every test goes through [`stage::Case::happen`], which also checks that replay
//! equals life and that state and facts survive the journal.

mod closing;
mod late;
mod matching;
mod prompts;
mod recovery;
mod replay;
mod signature;
pub(crate) mod stage;
