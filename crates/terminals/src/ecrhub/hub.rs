//! The three ways to a terminal as the business layer sees them: an order goes out, words about it come
//! back, and it can be asked for and closed by its number.
//!
//! Dossier chapter 2. Invariant: a way tells what was said and whether anything left; what that means for
//! the money is decided in one place for all of them (`map.rs`).

use crate::terminal::Identity;
use async_trait::async_trait;
use domain::outcome::Fault;
use std::fmt::Debug;
use wire::ecrhub::{Code, Order, Record};

/// One answer, by whatever way it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// `response_code` of a terminal, `code` of the gateway; nothing where there was none.
    pub code: Option<Code>,
    /// The text beside it, as it came.
    pub words: String,
    /// What it tells of the transaction.
    pub record: Record,
    /// Nobody else can have said it: a verified signature, or the terminal's own line. What is not proven
    /// approves nothing.
    pub is_proven: bool,
}

/// What is heard about an order that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// The terminal's last word, or the gateway's refusal.
    Answer(Box<Answer>),
    /// An answer to some order, which it does not name: only a query tells whose it is.
    Unnamed(Box<Answer>),
    /// The line is gone, or the answer could not be read: it may have arrived. The last word may still come
    /// where the line comes back.
    Lost(Fault),
}

/// The ear for one order.
#[async_trait]
pub(super) trait Hearing: Send + Debug {
    /// The next that is heard; waits for it without end. Nothing is lost where the wait is given up.
    async fn next(&mut self) -> Heard;
}

/// One way to the terminal.
#[async_trait]
pub(super) trait Hub: Send + Sync + Debug {
    /// What orders are found again by: the same text, the same merchant and terminal on the same way.
    fn session(&self) -> String;

    /// Proves address and identity; moves nothing.
    ///
    /// # Errors
    /// It cannot be used.
    async fn hello(&self) -> Result<Identity, Fault>;

    /// Sends an order.
    ///
    /// # Errors
    /// Only with proof that no byte of it left: [`Certainty::NotSent`](domain::outcome::Certainty).
    async fn order(&self, order: &Order) -> Result<Box<dyn Hearing>, Fault>;

    /// Asks for the order of this number. The answer is one to this query: a way leaves others out.
    ///
    /// # Errors
    /// No answer that can be used; it says nothing about the money, whatever its certainty.
    async fn query(&self, number: &str) -> Result<Answer, Fault>;

    /// Asks the terminal to drop the order of this number: a wish.
    ///
    /// # Errors
    /// As for a query.
    async fn close(&self, number: &str) -> Result<Answer, Fault>;

    /// Settles the batch.
    ///
    /// # Errors
    /// As for a query.
    async fn batch_close(&self) -> Result<Answer, Fault>;
}
