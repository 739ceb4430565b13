//! What is written down about a payment. Past tense; never changed, never taken back.

use crate::ids::{OperationId, PromptId, Reference};
use crate::operation::{Operation, Step};
use crate::outcome::{Evidence, Outcome, Reason};
use crate::payment::{ByHand, Closing, Mismatch};
use crate::prompt::{Answer, Prompt};
use serde::{Deserialize, Serialize};

/// How an attention ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttentionEnd {
    /// The late outcome counts.
    Accepted,
    /// The money was given back.
    GivenBack,
}

/// One fact about one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentFact {
    /// The operation is on disk; nothing has been sent.
    Intended {
        /// All of it.
        operation: Box<Operation>,
    },
    /// A request with this reference may leave from now on (R1).
    ReferenceReserved {
        /// The reference.
        reference: Reference,
        /// What for.
        step: Step,
        /// The terminal session.
        session: Option<String>,
    },
    /// The terminal answered that this request was certainly not started.
    ReferenceNotStarted {
        /// Which request.
        reference: Reference,
    },
    /// The provider told ids.
    EvidenceNoted {
        /// Which.
        evidence: Evidence,
    },
    /// The terminal said something.
    DisplayShown {
        /// What.
        text: String,
    },
    /// The terminal was asked to cancel.
    AbortAsked,
    /// The cashier is asked.
    PromptOpened {
        /// What.
        prompt: Prompt,
    },
    /// The question was answered.
    PromptAnswered {
        /// Which question.
        prompt: PromptId,
        /// How.
        answer: Answer,
    },
    /// An answer came that is not ours (R4); recorded, closes nothing.
    OutcomeMismatched {
        /// The answer.
        outcome: Box<Outcome>,
        /// What does not match.
        mismatch: Vec<Mismatch>,
    },
    /// It cannot be told whether money moved.
    BecameUnknown {
        /// Why.
        reason: Reason,
        /// Secondary words.
        detail: String,
    },
    /// Recovery is exhausted.
    BecameDisputed {
        /// Why.
        reason: Reason,
    },
    /// Approved; the till must have the signature checked.
    SignatureAwaited {
        /// The approval.
        outcome: Box<Outcome>,
    },
    /// The cashier looked at the signature.
    SignatureChecked {
        /// It is right.
        good: bool,
    },
    /// The linked reversal of a refused signature is on disk.
    ReversalLinked {
        /// Its id.
        reversal: OperationId,
    },
    /// The linked reversal never happened: the cashier is asked about the signature again.
    SignatureReopened,
    /// The payment is finally answered.
    Settled {
        /// How.
        closing: Closing,
        /// The matched outcome, when a provider told one.
        outcome: Option<Box<Outcome>>,
    },
    /// A named person decided.
    DecidedByHand {
        /// What, who and why.
        decision: ByHand,
    },
    /// An outcome contradicts the closing.
    AttentionRaised {
        /// The outcome.
        outcome: Box<Outcome>,
    },
    /// The contradicting outcome is being given back.
    GiveBackLinked {
        /// By this operation.
        operation: OperationId,
    },
    /// The contradiction is resolved.
    AttentionSettled {
        /// How.
        end: AttentionEnd,
    },
}

impl PaymentFact {
    /// Whether it must be on disk before anything acts on it. The rest rides with the next such fact.
    pub const fn must_be_durable(&self) -> bool {
        !matches!(self, Self::DisplayShown { .. })
    }
}
