//! The acceptance matrix: which request a terminal takes in which state (dossier chapter 18.1).
//!
//! Invariant: a pure table; every cell of the dossier is decided here and nowhere else.

use wire::nexo::{Body, ErrorCondition, Header, MessageCategory, TransactionAction};

/// What is asked: the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Login.
    Login,
    /// Logout.
    Logout,
    /// Payment, refunds included.
    Payment,
    /// Reversal.
    Reversal,
    /// EnableService with `StartTransaction`.
    EnableStart,
    /// EnableService with `AbortTransaction`.
    EnableAbort,
    /// CardAcquisition.
    CardAcquisition,
    /// Display, Input, Print.
    Device,
    /// TransactionStatus.
    Status,
    /// Abort.
    Abort,
    /// Admin.
    Admin,
    /// Everything else.
    Other,
}

/// What the terminal is doing: the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// LO: logged out.
    LoggedOut,
    /// ID: idle in session.
    Idle,
    /// PAY: something is running.
    Paying,
    /// EN: card before amount.
    Enabled,
    /// COOL: shortly after a PaymentResponse.
    Cooling,
    /// MNT: maintenance.
    Maintenance,
}

/// What the cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// The request is taken; what comes of it is its own business.
    Go,
    /// Refused with this condition.
    Fail(ErrorCondition),
    /// Nobody is there.
    Unreachable,
}

impl Row {
    /// The row of a request.
    pub fn of(header: &Header, body: &Body) -> Self {
        if let Body::EnableServiceRequest(request) = body {
            let start = request.transaction_action == TransactionAction::StartTransaction;
            return if start { Self::EnableStart } else { Self::EnableAbort };
        }
        match header.category.as_str() {
            "Login" => Self::Login,
            "Logout" => Self::Logout,
            "Payment" => Self::Payment,
            "Reversal" => Self::Reversal,
            "CardAcquisition" => Self::CardAcquisition,
            "Display" | "Input" | "Print" => Self::Device,
            "TransactionStatus" => Self::Status,
            "Abort" => Self::Abort,
            "Admin" => Self::Admin,
            _ => Self::Other,
        }
    }
}

/// Whether the terminal is called by device messages of this category (dossier chapter 3.1).
pub fn is_device(category: &MessageCategory) -> bool {
    let device = [
        MessageCategory::Display,
        MessageCategory::Input,
        MessageCategory::InputUpdate,
        MessageCategory::Print,
        MessageCategory::Sound,
        MessageCategory::PIN,
        MessageCategory::CardReaderInit,
        MessageCategory::CardReaderAPDU,
        MessageCategory::CardReaderPowerOff,
        MessageCategory::Transmit,
    ];
    device.contains(category)
}

/// The cell of the matrix.
pub fn admit(row: Row, column: Column) -> Admission {
    use Admission::{Fail, Go, Unreachable};
    use ErrorCondition::{Busy, NotAllowed, UnavailableService};
    match (column, row) {
        (Column::Maintenance, Row::Login) => Fail(Busy),
        (Column::Maintenance, _) => Unreachable,
        (_, Row::Login | Row::Abort) => Go,
        (Column::LoggedOut, Row::Logout) => Go,
        (Column::LoggedOut, _) => Fail(NotAllowed),
        (_, Row::Status) => Go,
        (Column::Paying, _) => Fail(Busy),
        (Column::Idle | Column::Enabled | Column::Cooling, Row::Other) => Fail(UnavailableService),
        (Column::Idle, Row::EnableAbort | Row::CardAcquisition) => Fail(NotAllowed),
        (Column::Idle, _) => Go,
        (Column::Enabled, Row::Logout | Row::Admin) => Fail(Busy),
        (Column::Enabled, Row::Reversal | Row::EnableStart) => Fail(NotAllowed),
        (Column::Enabled, _) => Go,
        (Column::Cooling, Row::Logout) => Go,
        (Column::Cooling, _) => Fail(Busy),
    }
}
