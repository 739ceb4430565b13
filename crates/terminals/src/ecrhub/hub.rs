//! The three ways to a terminal as the business layer sees them: an order goes out, words about it come
//! back, and it can be asked for and closed by its number.
//!
//! Dossier chapter 2. Invariant: a way tells what was said and whether anything left; what that means for
//! the money is decided in one place for all of them (`map.rs`).

use super::map::words;
use crate::terminal::Identity;
use async_trait::async_trait;
use domain::outcome::{Fault, Reason};
use std::fmt::Debug;
use std::time::Duration;
use wire::ecrhub::{Class, Code, Order, Record};

/// A way that says so of a random number says nothing of any other.
const NEVER_MADE: &str = "the terminal knows a payment that was never made: its answers tell nothing";
/// What an installer does about a till that nobody released.
const UNRELEASED: &str =
    "the terminal does not accept this till: ask the operator to release the app id for it";

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

impl Answer {
    /// What the answer about an order that nobody made proves: the way leads to somebody who knows orders.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn to_nothing(&self) -> Result<(), Fault> {
        let class = self.code.as_ref().map(|code| code.class(&self.words));
        match class {
            Some(Class::SetUp) => {
                Err(Fault::refused(Reason::LoginRefused, format!("{UNRELEASED} ({})", words(self))))
            }
            Some(Class::Success) if self.record.shows_money() => {
                Err(Fault::unknown(Reason::Mismatch, NEVER_MADE))
            }
            Some(
                Class::Success
                | Class::Unclear
                | Class::Cancelled
                | Class::NotFound
                | Class::TakenBack
                | Class::Busy
                | Class::Exists
                | Class::Unsupported
                | Class::Faulty
                | Class::Blocked(_)
                | Class::Declined,
            ) => Ok(()),
            None => Err(Fault::unknown(Reason::AnswerUnreadable, "the terminal's answer has no code")),
        }
    }
}

/// When to ask about an order, and when to give it up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    /// Whether it is told that an order has arrived: until then there is nothing to close.
    pub tells_arrival: bool,
    /// Pauses between queries where only they can tell; then the last one stays.
    pub queries: &'static [Duration],
    /// See there.
    pub queries_last: Duration,
    /// The order is closed this long after the customer's time is over.
    pub overtime: Duration,
    /// Pause before the first query where the order's answer is lost.
    pub after_loss: Duration,
    /// Pause after a close that the cashier wished: the order's own answer may come.
    pub after_wish: Duration,
    /// Queries after the last close.
    pub last_queries: u32,
}

impl Rhythm {
    /// Pause after the query of this number.
    pub fn pause(&self, number: usize) -> Duration {
        self.queries.get(number).copied().unwrap_or(self.queries_last)
    }
}

/// What is heard about an order that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Not one byte of it left.
    Unsent(Fault),
    /// It will be on the terminal; what becomes of it, only queries tell.
    Taken(Box<Answer>),
    /// Whoever passes orders on says that this one was not: a query must agree.
    Refused(Box<Answer>),
    /// The terminal's last word.
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

    /// When to ask about an order, and when to give it up.
    fn rhythm(&self) -> Rhythm;

    /// Proves address and identity; moves nothing.
    ///
    /// # Errors
    /// It cannot be used.
    async fn hello(&self) -> Result<Identity, Fault>;

    /// Sends an order, or begins to.
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
