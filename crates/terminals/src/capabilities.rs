//! What a terminal can do, as plain data: it chooses conformance tests, guards calls and shapes screens.

use domain::ids::ReferenceShape;
use domain::operation::{Kind, Step};
use domain::payment::RecoveryLimits;

/// Who decides whether a signature is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureBy {
    /// Nobody: the terminal has no signatures.
    Nobody,
    /// The terminal asks the till while the payment runs.
    TerminalAsks,
    /// The till, after the approval; a refusal is a linked reversal.
    Till,
}

/// What asking to cancel does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abort {
    /// Not possible from the till; the customer or cashier cancels on the device.
    None,
    /// A signal; harmless at any time.
    Signal,
    /// Nothing is sent: the cashier is asked to cancel on the device, and the till goes on asking.
    ByHand,
    /// Cancelling gives a paid sale back: only `perform` sends it.
    MovesMoney,
}

/// How an outcome can be asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recover {
    /// By the reference of the request.
    ByReference,
    /// Only the newest one.
    LastOnly,
    /// By knowing it (the training terminal).
    Always,
}

/// Who presents a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Nobody.
    None,
    /// The till shows one, the customer scans it.
    Merchant,
    /// The customer shows one, the till scans it.
    Customer,
    /// Either of them.
    Either,
}

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Refunds, with or without the original at hand.
    pub refund: bool,
    /// A refund needs its original payment.
    pub refund_needs_original: bool,
    /// Reversals.
    pub reversal: bool,
    /// Only the newest approved operation can be reversed.
    pub reverses_last_only: bool,
    /// Whether a reversal was done is told by its original alone: of two reversals of one payment nobody says
    /// which one it was.
    pub reversals_by_original: bool,
    /// Cash-back.
    pub cash_back: bool,
    /// The terminal may approve less than asked.
    pub partial: bool,
    /// Live texts.
    pub live_display: bool,
    /// Questions to the cashier while an operation runs.
    pub prompts: bool,
    /// Signatures.
    pub signature: SignatureBy,
    /// Cancelling.
    pub abort: Abort,
    /// Enquiries.
    pub recover: Recover,
    /// The driver names a fence for "never seen" (R5).
    pub fence: bool,
    /// The terminal calls the till.
    pub listener: bool,
    /// Codes.
    pub code: Code,
    /// The terminal must be logged out an hour a day.
    pub daily_maintenance: bool,
    /// No real money: the driver may be used in practice folders only.
    pub practice_only: bool,
    /// A sale begins with a request that moves nothing by itself ([`Step::Prepare`]).
    pub prepares: bool,
    /// Shape of its references.
    pub reference: ReferenceShape,
    /// Its bounds of recovery.
    pub recovery: RecoveryLimits,
}

impl Capabilities {
    /// What the first reference of an operation is for: it goes to the disk with the intent.
    pub const fn first_step(&self, kind: Kind) -> Step {
        match kind {
            Kind::Sale if self.prepares => Step::Prepare,
            Kind::Sale | Kind::Refund | Kind::Reversal => Step::First,
        }
    }
}
