//! Paper: the printer, what waits for it, and what may be wanted of it.

use domain::ids::{OperationId, PaperId, SaleId};
use domain::paper::{PaperKind, PaperState};
use domain::receipt::Copy;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is wanted of the printer.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "snake_case")]
pub enum PrintWanted {
    /// Print what could not be printed.
    Again,
    /// Nothing of what could not be printed is wanted any more.
    Forget,
    /// Print something that is not on paper yet.
    Original {
        /// What.
        of: PaperOf,
    },
    /// Print a copy of something that is; it says that it is one. A customer's receipt has one copy.
    Copy {
        /// What.
        of: PaperOf,
    },
    /// Print the business day so far.
    ReportX,
}

/// Something that can be on paper.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum PaperOf {
    /// The receipt of a sale.
    Sale {
        /// Which.
        sale: SaleId,
    },
    /// A terminal's receipt.
    Payment {
        /// Of which payment.
        payment: OperationId,
        /// Whose.
        copy: Copy,
    },
    /// A Z report.
    ReportZ {
        /// Its number.
        number: u32,
    },
}

/// How the printer is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterView {
    /// In one word.
    pub state: PrinterState,
    /// What was wrong the last time: [`peripherals::printer::Fault::code`]; nothing since it worked.
    pub fault: Option<String>,
    /// It says that its roll ends soon.
    pub paper_low: bool,
    /// What is not on paper yet, oldest first.
    pub waiting: Vec<WaitingPaper>,
    /// What was given up because too much waited, in this run of the till.
    pub lost: u32,
}

/// How the printer is, in one word.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterState {
    /// There is none: slips are shown, and can be saved.
    #[default]
    None,
    /// It has nothing to do.
    Ready,
    /// It prints.
    Printing,
    /// It did not print the last time.
    Trouble,
}

/// A slip that is not on paper yet.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingPaper {
    /// Which.
    pub paper: PaperId,
    /// What it is.
    pub kind: PaperKind,
    /// It is a copy.
    pub copy: bool,
    /// Of which sale.
    pub sale: Option<SaleId>,
    /// Of which payment.
    pub payment: Option<OperationId>,
    /// The number of the receipt or the Z.
    pub number: Option<u32>,
    /// When it was made.
    pub at: Timestamp,
    /// It waits for a person: it was tried, or was left from before a restart.
    pub stuck: bool,
    /// It may be on paper, whole or in part: look before it is printed again.
    pub perhaps: bool,
}

/// Where the slip to sign is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipPaper {
    /// On paper.
    Printed,
    /// On its way there.
    Printing,
    /// It could not be printed: it is on the screen alone.
    Stuck,
    /// There is no printer: it is on the screen alone.
    Screen,
}

/// A slip that was made.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRow {
    /// Which.
    pub paper: PaperId,
    /// What it is.
    pub kind: PaperKind,
    /// Of which sale.
    pub sale: Option<SaleId>,
    /// Of which payment.
    pub payment: Option<OperationId>,
    /// The number of the receipt or the Z.
    pub number: Option<u32>,
    /// It is a copy.
    pub copy: bool,
    /// Made in practice.
    pub practice: bool,
    /// Where it stands.
    pub state: PaperState,
    /// When it was made.
    pub at: Timestamp,
    /// Its text; nothing once it was erased.
    pub text: Option<String>,
}

/// A form that a slip can be saved in.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperFormat {
    /// Plain text, UTF-8.
    Text,
    /// One page of receipt paper.
    Pdf,
    /// The bytes for a printer.
    Escpos,
}

/// A slip as a file.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFile {
    /// A name for it.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its bytes, base64.
    pub bytes: String,
}
