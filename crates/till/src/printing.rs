//! What the till puts on paper: receipts of sales and reports, as lines of text. Paper, file and PDF hold the
//! same text; how it gets there is `peripherals`' matter, when it does is `actor/papers.rs`'s.
//!
//! Invariant: pure; what stands on a receipt comes from the facts of its sale and nothing else.

mod layout;
mod receipt;
mod report;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use receipt::SaleReceipt;
pub(crate) use report::ReportPaper;
