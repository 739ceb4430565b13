//! The desk handle: what a driver can reach of the till while it performs an operation. Screen, printer,
//! question, durable references.
//!
//! Invariant: when a method that returns [`NotDurable`] succeeds, the fact is on disk.

use crate::terminal::Identity;
use async_trait::async_trait;
use domain::ids::Reference;
use domain::operation::Step;
use domain::outcome::Evidence;
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use domain::wallet::PaymentCode;
use std::time::Duration;

/// The fact could not be made durable, or the payment is not at a stage where it may be: the driver must not
/// send, and ends `perform` with what it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not on disk: nothing may be sent")]
pub struct NotDurable;

/// The slip is not on paper (or not stored); the terminal is told so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPrinted {
    /// No printer, or it does not answer.
    #[error("the printer is not available")]
    Unavailable,
    /// Out of paper.
    #[error("the printer is out of paper")]
    OutOfPaper,
}

/// Something the terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Display {
    /// A text in the terminal's own words.
    Text {
        /// The text; lines joined by line breaks.
        text: String,
        /// Seen and replaced within moments (PIN asterisks): shown, not kept.
        fleeting: bool,
    },
    /// A code for the customer to scan.
    Code {
        /// Its content.
        content: String,
        /// How long it can be paid, where that is known.
        lasts: Option<Duration>,
    },
}

/// A session mark while an operation runs (a login between "not allowed" and the repeated request).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionMark {
    /// A login is about to be sent: no older session counts any more.
    Opening,
    /// The login succeeded.
    Opened(Identity),
    /// The terminal said that there is no session.
    Lost,
}

/// See the module.
#[async_trait]
pub trait Desk: Send + Sync {
    /// A new reference, on disk when it returns (R1). Call it directly before every request that can move
    /// money. `session`: the terminal session the request goes out in.
    async fn reserve(&self, step: Step, session: Option<&str>) -> Result<Reference, NotDurable>;
    /// The terminal answered that the request with this reference was certainly not started.
    async fn not_started(&self, reference: &Reference) -> Result<(), NotDurable>;
    /// The provider's ids, as soon as they are known.
    async fn note(&self, evidence: Evidence) -> Result<(), NotDurable>;
    /// The session changes while the operation runs.
    async fn session(&self, mark: SessionMark) -> Result<(), NotDurable>;
    /// Shows a text or a code; never blocks, latest wins.
    fn show(&self, display: Display);
    /// Prints and stores a slip; the terminal may wait for the paper.
    async fn print(&self, slip: Receipt) -> Result<(), NotPrinted>;
    /// Asks the cashier: exactly one answer, or [`Answer::NoDialogue`] at the limit. `None`: the till's own.
    async fn ask(&self, question: Question, text: String, limit: Option<Duration>) -> Answer;
    /// The code that the customer showed for this operation, where there is one. It lies in memory only:
    /// after a restart there is none, and nobody but the provider is told it.
    fn code(&self) -> Option<PaymentCode> {
        None
    }
    /// Takes an open question back (the terminal withdrew it): its `ask` returns `NoDialogue`.
    async fn withdraw(&self);
}
