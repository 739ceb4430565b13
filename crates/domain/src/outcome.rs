//! What a terminal or gateway says about an operation, mapped into the till's words, and what is
//! known about the money when it says nothing.
//!
//! Invariant: an [`Outcome`] is a final answer of the provider; whether it is *ours* is decided by
//! `payment::matching`, never by the driver.

use crate::ids::Reference;
use crate::money::{Currency, Money};
use crate::receipt::Receipt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The provider's ids and references, verbatim, by the protocol's name for them.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Evidence(pub BTreeMap<String, String>);

impl Evidence {
    /// The same evidence with one more id; empty values are left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.insert(name.to_owned(), value.to_owned());
        }
        self
    }
    /// One id by name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
    /// Takes over what the other knows; the newer value wins.
    pub fn merge(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
}

/// The final word of the provider.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Approved for what was asked (plus a tip).
    Approved,
    /// Approved for less, by the protocol's own word for it.
    Partial,
    /// Not approved; nothing was charged.
    Declined,
    /// The customer or the terminal cancelled, or our abort was executed; nothing was charged.
    Cancelled,
}

impl Said {
    /// Whether money moved.
    pub const fn moved_money(self) -> bool {
        match self {
            Self::Approved | Self::Partial => true,
            Self::Declined | Self::Cancelled => false,
        }
    }
}

/// What the answer repeats of the request, for matching (R4). `None` where the protocol repeats nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// The reference of the request it answers.
    pub reference: Option<Reference>,
    /// The till's transaction number.
    pub transaction: Option<Reference>,
    /// Whether the answering terminal is the one that was asked, by the protocol's identities.
    pub same_terminal: bool,
    /// The provider's id of the reversed original, when it differs from the one asked for.
    pub foreign_original: Option<String>,
    /// The answer told no amount: the outcome has the one that was asked for under its reference. It is not
    /// believed where another answer told another amount.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub amount_implied: bool,
}

/// Who must check a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// Nobody, or the terminal asked already.
    #[default]
    Settled,
    /// The till, after the approval (light integration).
    Ours,
}

/// What the customer paid with. Card numbers are masked before they come here.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// `card`, `mobile` or the protocol's word.
    pub kind: String,
    /// Brand or product name.
    pub brand: Option<String>,
    /// Masked number.
    pub number: Option<String>,
    /// How it was read.
    pub entry: Option<String>,
}

/// A final answer about one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The final word.
    pub said: Said,
    /// What it repeats of the request.
    pub echo: Echo,
    /// What was approved in all, tip and cash-back included.
    pub amount: Option<Money>,
    /// The part that is a tip.
    pub tip: Option<Money>,
    /// The part that is paid out in cash.
    pub cash_back: Option<Money>,
    /// A currency the provider named that differs from the amount's or that the till does not know.
    pub foreign_currency: Option<String>,
    /// When the provider says it happened.
    pub provider_time: Option<Timestamp>,
    /// Why, when it was not approved.
    pub reason: Option<Reason>,
    /// The provider's own words; secondary text only.
    pub detail: Option<String>,
    /// The provider's ids.
    pub evidence: Evidence,
    /// Who must check a signature.
    pub signature: Signature,
    /// What the customer paid with.
    pub instrument: Option<Instrument>,
    /// Receipts that came with it; stored beside the journal, never in it.
    #[serde(skip)]
    pub receipts: Vec<Receipt>,
}

impl Outcome {
    /// An outcome that says only this.
    pub fn bare(said: Said, echo: Echo) -> Self {
        Self {
            said,
            echo,
            amount: None,
            tip: None,
            cash_back: None,
            foreign_currency: None,
            provider_time: None,
            reason: None,
            detail: None,
            evidence: Evidence::default(),
            signature: Signature::Settled,
            instrument: None,
            receipts: Vec::new(),
        }
    }
    /// The same without receipts: what the journal and the state hold.
    #[must_use]
    pub fn without_receipts(&self) -> Self {
        Self { receipts: Vec::new(), ..self.clone() }
    }
    /// What was approved in all; zero when nothing was.
    pub fn approved(&self, currency: Currency) -> Money {
        match self.said {
            Said::Approved | Said::Partial => self.amount.unwrap_or(Money::zero(currency)),
            Said::Declined | Said::Cancelled => Money::zero(currency),
        }
    }
    /// The tip within what was approved; `zero` where there is none.
    pub fn tip_part(&self, zero: Money) -> Money {
        self.tip.filter(|_| self.said.moved_money()).unwrap_or(zero)
    }
    /// The cash within what was approved; where an approval in full does not name it, what was `asked`.
    pub fn cash_back_part(&self, asked: Money) -> Money {
        let zero = Money::zero(asked.currency);
        match self.said {
            Said::Approved => self.cash_back.unwrap_or(asked),
            Said::Partial => self.cash_back.unwrap_or(zero),
            Said::Declined | Said::Cancelled => zero,
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// Why an operation ended as it did, or why it is open. One code per decision of a reader.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(into = "String", from = "String")]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
            /// A code of the provider that no table lists.
            Other(String),
        }
        impl Reason {
            /// The stable code.
            pub fn code(&self) -> &str {
                match self { $(Self::$variant => $code,)* Self::Other(code) => code }
            }
        }
        impl From<Reason> for String {
            fn from(reason: Reason) -> Self {
                reason.code().to_owned()
            }
        }
        impl From<String> for Reason {
            fn from(code: String) -> Self {
                match code.as_str() { $($code => Self::$variant,)* _ => Self::Other(code) }
            }
        }
    };
}

reasons! {
    /// Our abort was executed.
    Aborted = "aborted",
    /// The terminal stayed occupied.
    Busy = "busy",
    /// The customer cancelled on the terminal.
    CustomerCancelled = "customer_cancelled",
    /// The cashier refused the signature.
    SignatureRefused = "signature_refused",
    /// The device reports a fault.
    DeviceOut = "device_out",
    /// A card was inserted during a dialogue.
    CardInserted = "card_inserted",
    /// The terminal has no session with this till.
    NoSession = "no_session",
    /// The terminal did not accept the session.
    LoginRefused = "login_refused",
    /// Nobody is logged in on the device itself.
    NotLoggedIn = "not_logged_in",
    /// The terminal found our message faulty.
    MessageFormat = "message_format",
    /// The terminal does not know the transaction.
    NotFound = "not_found",
    /// An item cannot be paid with this card.
    PaymentRestriction = "payment_restriction",
    /// Codes of this wallet cannot be charged here.
    UnsupportedWallet = "unsupported_wallet",
    /// A wallet's transaction was closed before it was paid.
    ClosedUnpaid = "closed_unpaid",
    /// Declined by the bank or the card's rules.
    Refused = "refused",
    /// Hardware is missing.
    UnavailableDevice = "unavailable_device",
    /// The function is not offered.
    UnavailableService = "unavailable_service",
    /// The card is not accepted here.
    InvalidCard = "invalid_card",
    /// No connection to the bank.
    HostUnreachable = "host_unreachable",
    /// The PIN was wrong.
    WrongPin = "wrong_pin",
    /// The terminal's address cannot be resolved.
    NameNotResolved = "name_not_resolved",
    /// The terminal refused the connection.
    ConnectionRefused = "connection_refused",
    /// The terminal did not take the connection in time.
    ConnectTimeout = "connect_timeout",
    /// Nothing was sent, for another cause named in the detail.
    NotSent = "not_sent",
    /// The till stopped before anything was sent.
    StoppedBeforeSending = "stopped_before_sending",
    /// The answer was lost on the way.
    AnswerLost = "answer_lost",
    /// No answer came in time.
    DeadlinePassed = "deadline_passed",
    /// The answer could not be read.
    AnswerUnreadable = "answer_unreadable",
    /// The answer does not match the request.
    Mismatch = "mismatch",
    /// The till was restarted while the operation ran.
    Restarted = "restarted",
    /// The provider has never seen the request.
    NeverSeen = "never_seen",
    /// The provider cannot tell.
    CannotTell = "cannot_tell",
    /// The terminal never finished.
    StillRunning = "still_running",
    /// Recovery got no useful answer.
    NoAnswer = "no_answer",
    /// The reference was in use before our first request.
    ReferenceInUse = "reference_in_use",
    /// A person decided.
    ByHand = "by_hand",
    /// The cashier must still check the signature.
    AwaitSignature = "await_signature",
    /// The provider wants a refund in place of a reversal.
    UseRefund = "use_refund",
    /// The provider wants a reversal in place of a refund.
    UseVoid = "use_void",
    /// Neither can give this money back on this terminal: it goes another way.
    GoesAnotherWay = "goes_another_way",
    /// It was done before.
    AlreadyDone = "already_done",
    /// The refused signature could not be reversed; the payment stands.
    ReversalFailed = "reversal_failed",
    /// The outcome could not be written to disk.
    NotDurable = "not_durable",
}

/// What is known about the money when an operation ends without an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// No request byte that can move money left the till.
    NotSent,
    /// The provider answered that it did not start; nothing moved.
    Refused,
    /// Nobody can tell from here.
    Unknown,
}

/// An operation ended without an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What is known about the money.
    pub certainty: Certainty,
    /// Why.
    pub reason: Reason,
    /// A plain sentence for the log and the detail line; no secrets, no card numbers.
    pub detail: String,
}

impl Fault {
    /// Nothing was sent.
    pub fn not_sent(reason: Reason, detail: impl Into<String>) -> Self {
        Self { certainty: Certainty::NotSent, reason, detail: detail.into() }
    }
    /// The provider did not start.
    pub fn refused(reason: Reason, detail: impl Into<String>) -> Self {
        Self { certainty: Certainty::Refused, reason, detail: detail.into() }
    }
    /// Nobody can tell.
    pub fn unknown(reason: Reason, detail: impl Into<String>) -> Self {
        Self { certainty: Certainty::Unknown, reason, detail: detail.into() }
    }
}

/// Why "never seen" may close an operation as not charged (R5). A driver names its fence; the till
/// adds the settling time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fence {
    /// The provider confirmed a cancel for that very reference.
    CancelConfirmed,
    /// The same terminal said so in the same uninterrupted session.
    SameSession,
    /// The same, and the terminal's newest transaction is this one: believed only when it is known to be this
    /// till's own, because another till in the same name would have ended the session.
    SameSessionAfter(Reference),
    /// The same, where the terminal tells of its newest transaction only, and it is this one: believed only
    /// when it is known to be this till's own from before the operation.
    SameSessionSince(Reference),
    /// So many enquiries with a gap after the settling time, where the dossier allows it.
    Enquiries(u8),
}

/// What an enquiry about an open operation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// The provider told an outcome; whether it is ours is decided by matching.
    Settled(Box<Outcome>),
    /// The terminal is still working on it.
    StillRunning,
    /// The provider has no record of it so far, and what was sent may still arrive: no proof of anything.
    NotSeenYet,
    /// The provider has never seen any reference of it, and this is why that can be believed.
    NeverSeen(Fence),
    /// The provider answered and cannot tell.
    CannotTell,
    /// There is no session to ask in: the terminal must be opened first, which ends every fence.
    SessionLost,
}
