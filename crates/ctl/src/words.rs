//! Words for people. Codes are for programs: whatever a person reads is one or two plain sentences that say
//! what happened, what Paydesk does about it and what can be done.
//!
//! Invariant: never a bare code, and never "failed" for something that is not known.

mod notices;
mod outcomes;
mod problems;
mod reasons;
mod steps;

pub use notices::notice;
pub use outcomes::{as_table_word, settled};
pub use problems::problem;
pub use reasons::reason;
pub use steps::step;
