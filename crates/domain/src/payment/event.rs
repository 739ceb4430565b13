//! What can happen to a payment.

use crate::ids::{OperationId, PromptId, Reference};
use crate::operation::Step;
use crate::outcome::{Evidence, Fault, Outcome, Reason, Recovered};
use crate::payment::{ByHand, Verdict};
use crate::prompt::{Answer, Prompt};

/// Where an outcome came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The answer to our own request.
    Performed,
    /// An enquiry of ours.
    Enquired,
}

/// Something that happened, or that somebody wants. `decide` turns it into facts or refuses it.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The driver wants a reference on disk before its request (R1).
    Reserve {
        /// The reference.
        reference: Reference,
        /// What for.
        step: Step,
        /// The terminal session it will be sent in.
        session: Option<String>,
    },
    /// The terminal answered that this request was certainly not started.
    NotStarted(Reference),
    /// The provider told an id.
    Note(Evidence),
    /// The terminal says something.
    Show(String),
    /// The cashier wants the terminal to cancel.
    AbortAsked,
    /// Somebody asks the cashier.
    PromptOpened(Prompt),
    /// The cashier answered, or the deadline did (`NoDialogue`).
    PromptAnswered(PromptId, Answer),
    /// A final answer of the provider.
    Outcome(Box<Outcome>, Source),
    /// `perform` ended without an outcome.
    Failed(Fault),
    /// `perform` was dropped, or its own deadline passed.
    Dropped(Reason),
    /// The till was restarted while the payment was open.
    Restarted,
    /// An enquiry answered. `settled`: the settling time has passed on the monotonic clock.
    Recovered {
        /// What it found.
        found: Recovered,
        /// A lost request can by now not arrive any more.
        settled: bool,
    },
    /// Recovery went without a useful answer for too long.
    GiveUp(Reason),
    /// The linked reversal of a refused signature was intended.
    ReversalIntended(OperationId),
    /// The linked reversal of a refused signature ended so.
    ReversalClosed(Verdict),
    /// A named person decides on a disputed payment.
    Decide(ByHand),
    /// A person accepts the late, contradicting outcome.
    AcceptLate,
    /// The late outcome is being given back by this operation.
    GiveBack(OperationId),
    /// The operation that gives it back ended so.
    GivenBack(Verdict),
}
