//! One payment: a single attempt to move money through a terminal, as a pure state machine.
//!
//! * [`decide`]: state, event → facts, or a [`Refusal`]. Nothing else makes facts.
//! * [`Payment::evolve`]: state, fact → state. Replaying the journal is folding this.
//! * [`next()`]: state, what is running, now → what should be happening. Recovery after a crash is not a
//!   special path: fold the facts, tell the payment that the till was restarted, ask `next`.
//!
//! Invariant (R3): only a matched outcome, proof that nothing was sent, a fence (R5) or a named person
//! closes a payment. Time-outs, aborts and dropped tasks make it [`Stage::Unknown`].

mod decide;
mod event;
mod evolve;
mod fact;
mod matching;
mod next;
#[cfg(test)]
pub(crate) mod tests;

pub use decide::{Context, Refusal, decide};
pub use event::{Event, Source};
pub use fact::{AttentionEnd, PaymentFact};
pub use matching::{Match, Mismatch, matching};
pub use next::{Mono, Next, RecoveryLimits, Watch, is_without_an_answer, next};

use crate::ids::OperationId;
use crate::money::Money;
use crate::operation::{Kind, Operation, Sent};
use crate::outcome::{Evidence, Fence, Outcome, Reason};
use crate::prompt::Prompt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a payment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Intended; the terminal works on it, or is about to.
    Running,
    /// Approved, and the till must have the signature checked (light integration).
    AwaitSignature,
    /// The signature was refused; a linked reversal undoes the approval. `None` until it is intended.
    Reversing(Option<OperationId>),
    /// Nobody can tell from here whether money moved; recovery runs.
    Unknown(Reason),
    /// Recovery is exhausted; enquiries go on in the background, a named person may decide.
    Disputed(Reason),
    /// Finally answered.
    Closed(Closing),
}

/// How a payment ended.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Money moved as asked.
    Approved,
    /// Less money moved than asked.
    Partial,
    /// Not approved.
    Declined,
    /// Cancelled by the customer, by our abort, or undone because the signature was refused.
    Cancelled,
    /// Certainly nothing was charged, because nothing was sent, started or ever seen.
    NotCharged,
}

impl Verdict {
    /// Whether money moved and stays moved by this operation.
    pub const fn moved_money(self) -> bool {
        match self {
            Self::Approved | Self::Partial => true,
            Self::Declined | Self::Cancelled | Self::NotCharged => false,
        }
    }
}

/// What closed a payment (R3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closer {
    /// A matched outcome of the provider.
    Provider,
    /// Proof that no request left the till.
    NothingSent,
    /// The provider answered that it did not start.
    NotStarted,
    /// "Never seen" behind a fence: a judgement, and labelled as one (R5).
    Judged(Fence),
    /// A named person.
    Person,
}

/// The end of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// How it ended.
    pub verdict: Verdict,
    /// What closed it.
    pub by: Closer,
    /// Why, when it was not simply approved.
    pub reason: Option<Reason>,
    /// Secondary words.
    pub detail: Option<String>,
    /// The outcome came after the till had stopped expecting it (time-out, abort, restart).
    pub late: bool,
}

/// An outcome that contradicts a closed payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// The contradicting outcome.
    pub outcome: Outcome,
    /// The reversal or refund that gives it back, once intended.
    pub giving_back: Option<OperationId>,
}

/// One payment, folded from its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// What was asked.
    pub operation: Operation,
    /// Where it stands.
    pub stage: Stage,
    /// Every reference that may have gone on the wire, oldest first.
    pub sent: Vec<Sent>,
    /// The provider's ids as far as they are known.
    pub evidence: Evidence,
    /// The question that is open now.
    pub prompt: Option<Prompt>,
    /// The cashier asked the terminal to cancel.
    pub abort_asked: bool,
    /// The cashier refused the signature.
    pub signature_refused: bool,
    /// The matched outcome, without receipts.
    pub outcome: Option<Outcome>,
    /// Answers that did not match, counted.
    pub mismatches: u32,
    /// The kinds of mismatch of the newest answer that did not match.
    pub mismatch: Vec<Mismatch>,
    /// An answer that did not match told of moved money: whatever is said later, it was seen (R5).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approval_mismatched: bool,
    /// It was once not known whether money moved.
    pub was_unknown: bool,
    /// An outcome that contradicts the closing waits for a person.
    pub attention: Option<Attention>,
    /// What a person decided, if one did.
    pub by_hand: Option<ByHand>,
    /// When it became what it is.
    pub changed_at: Timestamp,
}

/// What a named person decided on a disputed payment; the name itself is erasable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Approved or not charged.
    pub verdict: Verdict,
    /// Who, as a reference to erasable text.
    pub person: crate::receipt::TextRef,
    /// Why, as typed.
    pub reason: String,
    /// The provider's reference as typed; required for "approved".
    pub provider_reference: Option<String>,
}

impl Payment {
    /// A payment that was intended at this time.
    pub fn intended(operation: Operation, at: Timestamp) -> Self {
        Self {
            operation,
            stage: Stage::Running,
            sent: Vec::new(),
            evidence: Evidence::default(),
            prompt: None,
            abort_asked: false,
            signature_refused: false,
            outcome: None,
            mismatches: 0,
            mismatch: Vec::new(),
            approval_mismatched: false,
            was_unknown: false,
            attention: None,
            by_hand: None,
            changed_at: at,
        }
    }
    /// Its id.
    pub fn id(&self) -> OperationId {
        self.operation.id
    }
    /// Whether it is not finally answered.
    pub fn is_open(&self) -> bool {
        self.closing().is_none()
    }
    /// The linked reversal of a refused signature, once intended.
    pub fn reversal(&self) -> Option<OperationId> {
        match self.stage {
            Stage::Reversing(reversal) => reversal,
            Stage::Running
            | Stage::AwaitSignature
            | Stage::Unknown(_)
            | Stage::Disputed(_)
            | Stage::Closed(_) => None,
        }
    }
    /// Whether nobody can tell whether money moved.
    pub fn is_uncertain(&self) -> bool {
        match self.stage {
            Stage::Unknown(_) | Stage::Disputed(_) => true,
            Stage::Running | Stage::AwaitSignature | Stage::Reversing(_) | Stage::Closed(_) => false,
        }
    }
    /// How it ended, when it did.
    pub fn closing(&self) -> Option<&Closing> {
        match &self.stage {
            Stage::Closed(closing) => Some(closing),
            Stage::Running
            | Stage::AwaitSignature
            | Stage::Reversing(_)
            | Stage::Unknown(_)
            | Stage::Disputed(_) => None,
        }
    }
    /// How it ended, when it did.
    pub fn verdict(&self) -> Option<Verdict> {
        self.closing().map(|closing| closing.verdict)
    }
    /// What was approved in all: by the matched outcome, or by a person for what was requested.
    /// Zero where nothing was. A payment undone for its signature had an approval.
    pub fn approved(&self) -> Money {
        if let Some(outcome) = &self.outcome {
            return self.approved_by(outcome);
        }
        let zero = Money::zero(self.operation.requested.currency);
        match self.verdict() {
            Some(Verdict::Approved) => self.operation.requested,
            Some(Verdict::Partial | Verdict::Declined | Verdict::Cancelled | Verdict::NotCharged)
            | None => zero,
        }
    }
    /// What this outcome approves of the operation; zero where it approves nothing. The answer to a
    /// reversal need not repeat the amount: it undoes the whole original.
    pub fn approved_by(&self, outcome: &Outcome) -> Money {
        let requested = self.operation.requested;
        let is_whole = self.operation.kind == Kind::Reversal && outcome.amount.is_none();
        if is_whole && outcome.said.moved_money() {
            requested
        } else {
            outcome.approved(requested.currency)
        }
    }
    /// The tip within [`Payment::approved`].
    pub fn tip(&self) -> Money {
        let zero = Money::zero(self.operation.requested.currency);
        self.outcome.as_ref().map_or(zero, |outcome| outcome.tip_part(zero))
    }
    /// The cash paid out within [`Payment::approved`]. What was asked for, where it was approved in full and
    /// nobody named it (a protocol that does not repeat it, or a person): the rest would not be goods.
    pub fn cash_back(&self) -> Money {
        let (asked, zero) = (self.operation.cash_back, Money::zero(self.operation.requested.currency));
        match (&self.outcome, self.verdict()) {
            (Some(outcome), _) => outcome.cash_back_part(asked),
            (None, Some(Verdict::Approved)) => asked,
            (
                None,
                Some(Verdict::Partial | Verdict::Declined | Verdict::Cancelled | Verdict::NotCharged),
            )
            | (None, None) => zero,
        }
    }
    /// The outcome that contradicts a closing without money, when it says that money moved: a late approval.
    pub fn late_approval(&self) -> Option<&Outcome> {
        let attention = self.attention.as_ref()?;
        let closed_without = self.verdict().is_some_and(|verdict| !verdict.moved_money());
        (closed_without && attention.outcome.said.moved_money()).then_some(&attention.outcome)
    }
    /// Whether it is a customer's payment.
    pub fn is_sale(&self) -> bool {
        self.operation.kind == Kind::Sale
    }
    /// The newest reference that may be on the wire.
    pub fn newest_sent(&self) -> Option<&Sent> {
        self.sent.last()
    }
    /// The stable word for where it stands: `running`, `await_signature`, `reversing`, `unknown`,
    /// `disputed` or `closed`.
    pub fn state_code(&self) -> &'static str {
        match self.stage {
            Stage::Running => "running",
            Stage::AwaitSignature => "await_signature",
            Stage::Reversing(_) => "reversing",
            Stage::Unknown(_) => "unknown",
            Stage::Disputed(_) => "disputed",
            Stage::Closed(_) => "closed",
        }
    }
    /// The stable word for the outcome: `approved`, `partial`, `declined`, `cancelled`, `not_charged`,
    /// `unknown` or `disputed`. Whatever is open and not disputed is `unknown`.
    pub fn outcome_code(&self) -> &'static str {
        match &self.stage {
            Stage::Running | Stage::AwaitSignature | Stage::Reversing(_) | Stage::Unknown(_) => "unknown",
            Stage::Disputed(_) => "disputed",
            Stage::Closed(closing) => closing.verdict.code(),
        }
    }
    /// Why it stands where it stands.
    pub fn reason(&self) -> Option<Reason> {
        match &self.stage {
            Stage::Running => None,
            Stage::AwaitSignature => Some(Reason::AwaitSignature),
            Stage::Reversing(_) => Some(Reason::SignatureRefused),
            Stage::Unknown(reason) | Stage::Disputed(reason) => Some(reason.clone()),
            Stage::Closed(closing) => closing.reason.clone(),
        }
    }
}

impl Verdict {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Partial => "partial",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::NotCharged => "not_charged",
        }
    }
}
