//! The lists of the business layer (section 2.5).

/// What an order does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransType {
    /// A sale.
    Sale,
    /// An unsettled transaction is undone as a whole.
    Void,
    /// Money goes back after settlement.
    Refund,
    /// A pre-authorisation.
    PreAuthorisation,
    /// A pre-authorisation is given up.
    PreAuthorisationCancel,
    /// A pre-authorisation is charged.
    Completion,
    /// A completion is undone.
    CompletionCancel,
    /// Money of a completion goes back.
    CompletionRefund,
    /// A sale with cash paid out.
    CashBack,
}

impl TransType {
    /// Every one, with its number on the wire.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Sale, "1"),
        (Self::Void, "2"),
        (Self::Refund, "3"),
        (Self::PreAuthorisation, "4"),
        (Self::PreAuthorisationCancel, "5"),
        (Self::Completion, "6"),
        (Self::CompletionCancel, "7"),
        (Self::CompletionRefund, "8"),
        (Self::CashBack, "11"),
    ];

    /// The number on the wire.
    pub fn number(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, number)| number)
    }

    /// The kind of this number.
    pub fn of(number: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == number).map(|(kind, _)| *kind)
    }
}

/// The state of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 9: the customer has not begun; the only state in which it can be closed.
    Waiting,
    /// 0: it runs.
    Running,
    /// 1: closed or failed; nothing moved.
    Failed,
    /// 2: money moved.
    Successful,
    /// 3: cancelled, or a sale that was voided since.
    Cancelled,
    /// 4: paid at some time, and perhaps refunded since.
    PaidOnce,
    /// A number that no list has.
    Other,
}

impl Status {
    /// The state of this number.
    pub fn of(number: &str) -> Self {
        match number {
            "9" => Self::Waiting,
            "0" => Self::Running,
            "1" => Self::Failed,
            "2" => Self::Successful,
            "3" => Self::Cancelled,
            "4" => Self::PaidOnce,
            _ => Self::Other,
        }
    }

    /// The number on the wire; nothing for one that no list has.
    pub const fn number(self) -> &'static str {
        match self {
            Self::Waiting => "9",
            Self::Running => "0",
            Self::Failed => "1",
            Self::Successful => "2",
            Self::Cancelled => "3",
            Self::PaidOnce => "4",
            Self::Other => "",
        }
    }
}

/// How the customer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Any card: chip, tap or stripe.
    Card,
    /// The customer scans a code on the terminal.
    ShownCode,
    /// The terminal scans the customer's code.
    ScannedCode,
}

impl Scenario {
    /// Every one, with its word on the wire.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Card, "SWIPE_CARD"), (Self::ShownCode, "SCANQR_PAY"), (Self::ScannedCode, "BSCANQR_PAY")];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }

    /// The way of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(way, _)| *way)
    }
}
