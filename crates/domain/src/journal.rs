//! The journal's facts: one flat list of what can be written down, with a kind and a version each.
//!
//! Invariant: the body of a kind and version never changes its meaning. A new shape is a new version, and
//! [`Fact::decode`] upcasts the old one; a frozen sample per kind and version is a test.

use crate::ids::{InstallationId, OperationId, PaperId, SaleId, ShiftId, StaffId, TerminalId};
use crate::outcome::Outcome;
use crate::paper::PaperFact;
use crate::payment::PaymentFact;
use crate::receipt::{StoredReceipt, TextRef};
use crate::report::Report;
use crate::sale::SaleFact;
use crate::session::TerminalFact;
use crate::shift::ShiftFact;
use crate::staff::{Acted, StaffFact};
use serde::{Deserialize, Serialize};

/// One fact of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Fact {
    /// A store began its life, or goes on under a new id after a restore.
    Installed {
        /// The new id.
        installation: InstallationId,
        /// The id before, after a restore.
        restored_from: Option<InstallationId>,
    },
    /// The till started.
    Started {
        /// Version of the program.
        version: String,
    },
    /// About one payment.
    Payment {
        /// Which.
        operation: OperationId,
        /// What.
        fact: PaymentFact,
    },
    /// About one sale.
    Sale {
        /// Which.
        sale: SaleId,
        /// What.
        fact: SaleFact,
    },
    /// About one terminal.
    Terminal {
        /// Which.
        terminal: TerminalId,
        /// What.
        fact: TerminalFact,
    },
    /// A manager unblocked a terminal by name: these payments block it no more (R6).
    Unblocked {
        /// Which terminal.
        terminal: TerminalId,
        /// The uncertain payments of that moment.
        operations: Vec<OperationId>,
        /// Who, as a reference to erasable text.
        person: TextRef,
        /// Why, as typed.
        reason: String,
    },
    /// An approval that belongs to no operation of ours.
    Unclaimed {
        /// Where.
        terminal: TerminalId,
        /// What.
        outcome: Box<Outcome>,
    },
    /// A receipt was stored.
    ReceiptStored {
        /// Which.
        receipt: StoredReceipt,
    },
    /// About one person at the till.
    Staff {
        /// Who.
        staff: StaffId,
        /// What.
        fact: StaffFact,
    },
    /// Somebody did something that no other fact names them for.
    Acted {
        /// What, who, about what.
        acted: Acted,
    },
    /// About one shift of the drawer.
    Shift {
        /// Which.
        shift: ShiftId,
        /// What.
        fact: ShiftFact,
    },
    /// About one slip for the printer.
    Paper {
        /// Which.
        paper: PaperId,
        /// What.
        fact: PaperFact,
    },
    /// A Z report closed the business day.
    DayClosed {
        /// The report, whole.
        report: Box<Report>,
    },
}

/// A stored body cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry of kind {kind} version {version}: {what}")]
pub struct Unreadable {
    /// The kind as stored.
    pub kind: String,
    /// The version as stored.
    pub version: u16,
    /// What is wrong.
    pub what: String,
}

impl Fact {
    /// The newest version of every kind.
    pub const VERSION: u16 = 1;

    /// The kind column.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Installed { .. } => "installed",
            Self::Started { .. } => "started",
            Self::Payment { .. } => "payment",
            Self::Sale { .. } => "sale",
            Self::Terminal { .. } => "terminal",
            Self::Unblocked { .. } => "unblocked",
            Self::Unclaimed { .. } => "unclaimed",
            Self::ReceiptStored { .. } => "receipt_stored",
            Self::Staff { .. } => "staff",
            Self::Acted { .. } => "acted",
            Self::Shift { .. } => "shift",
            Self::Paper { .. } => "paper",
            Self::DayClosed { .. } => "day_closed",
        }
    }
    /// The body column: JSON.
    pub fn body(&self) -> String {
        #[derive(Deserialize)]
        struct Tagged {
            body: serde_json::Value,
        }
        // Serialising a fact cannot fail: every map has text keys and every number is an integer.
        serde_json::to_value(self)
            .and_then(serde_json::from_value::<Tagged>)
            .map_or_else(|_| "null".to_owned(), |tagged| tagged.body.to_string())
    }
    /// Reads a stored entry.
    pub fn decode(kind: &str, version: u16, body: &str) -> Result<Self, Unreadable> {
        let fail = |what: String| Unreadable { kind: kind.to_owned(), version, what };
        if version != Self::VERSION {
            return Err(fail("this version is not known".to_owned()));
        }
        let body: serde_json::Value =
            serde_json::from_str(body).map_err(|error| fail(error.to_string()))?;
        let tagged = serde_json::json!({ "kind": kind, "body": body });
        serde_json::from_value(tagged).map_err(|error| fail(error.to_string()))
    }
    /// Whether it must be on disk before anything acts on it.
    pub const fn must_be_durable(&self) -> bool {
        match self {
            Self::Payment { fact, .. } => fact.must_be_durable(),
            Self::Paper { fact, .. } => fact.must_be_durable(),
            Self::Installed { .. }
            | Self::Sale { .. }
            | Self::Terminal { .. }
            | Self::Unblocked { .. }
            | Self::Unclaimed { .. }
            | Self::ReceiptStored { .. }
            | Self::Staff { .. }
            | Self::Acted { .. }
            | Self::Shift { .. }
            | Self::DayClosed { .. }
            | Self::Started { .. } => true,
        }
    }
}
