//! Words for people. Codes are for programs: whatever a person reads is one or two plain sentences that say
//! what happened, what Paydesk does about it and what can be done.
//!
//! Invariant: never a bare code, and never "failed" for something that is not known.

mod codes;
mod notices;
mod outcomes;
mod problems;
mod reasons;
mod report;
mod steps;

pub use codes::{guidance, refused, seen, without_camera};
pub use notices::notice;
pub use outcomes::{as_table_word, settled};
pub use problems::problem;
pub use reasons::reason;
pub use report::report;
pub use steps::step;

/// An error without a code: its own sentence, with the system's or a library's words behind it.
pub fn other(error: &anyhow::Error) -> String {
    let sentence = error.to_string();
    let end = if sentence.ends_with(['.', '!', '?']) { "" } else { "." };
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    format!("{sentence}{end}{}", bracketed(&causes.join(": ")))
}

/// Technical words behind a sentence; nothing where there are none.
pub fn bracketed(detail: &str) -> String {
    let detail = detail.trim().trim_end_matches('.');
    if detail.is_empty() { String::new() } else { format!(" ({})", one_line(detail)) }
}

/// Words of a library, which may have lines of their own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
