//! What an interface may read.

use super::{
    DriverForm, FilledForm, PaperFile, PaperFormat, PaperRow, PrinterForm, ProductRow, SaleView, SightForm,
    Standing, TerminalForm,
};
use domain::ids::{CommandId, OperationId, ReceiptId, SaleId, StaffId, TerminalId};
use domain::money::Money;
use domain::outcome::Instrument;
use domain::receipt::Copy;
use domain::report::Report;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One query. Lists are newest first.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "read", rename_all = "snake_case")]
pub enum Query {
    /// Payments of a business day, or of all days; only open ones, or all.
    Payments {
        /// The business day.
        day: Option<Date>,
        /// Only open ones, and those that need attention.
        open: bool,
        /// How many at most.
        limit: Option<u32>,
    },
    /// One payment in full.
    Payment {
        /// Which.
        payment: OperationId,
    },
    /// Receipts of a business day, or those that hold all these words.
    Receipts {
        /// The business day.
        day: Option<Date>,
        /// Words.
        search: Option<String>,
        /// How many at most.
        limit: Option<u32>,
    },
    /// The receipts with this id: a receipt's or a payment's.
    Receipt {
        /// The id as text.
        id: String,
    },
    /// A business day with its sums; today when none is named.
    Day {
        /// The business day.
        day: Option<Date>,
    },
    /// Checks the way to a terminal and back; answered when it is done.
    Check {
        /// Which terminal.
        terminal: TerminalId,
        /// Chosen by the reader: the check opens the terminal.
        id: CommandId,
    },
    /// Asks the printer how it is; answered when it is done.
    CheckPrinter {
        /// The printer that is typed here and not kept yet; the one in use where there is none.
        #[cfg_attr(feature = "ts", ts(optional))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        form: Option<PrinterForm>,
    },
    /// Receipts of sales, without copies: of a business day, or with this number.
    SaleReceipts {
        /// The business day.
        day: Option<Date>,
        /// The receipt's number.
        number: Option<u32>,
        /// How many at most.
        limit: Option<u32>,
    },
    /// One sale with its lines and tenders; for who may see totals.
    Sale {
        /// Which.
        sale: SaleId,
    },
    /// Every slip of a sale, oldest first.
    SalePapers {
        /// Which.
        sale: SaleId,
    },
    /// Every slip of a Z report, oldest first.
    ReportPapers {
        /// Its number.
        number: u32,
    },
    /// A slip or a terminal's receipt as a file.
    File {
        /// The id of a slip or of a receipt, as text.
        id: String,
        /// The form.
        format: PaperFormat,
    },
    /// Checks the way to a terminal that is typed into a form and not kept yet.
    CheckForm {
        /// As typed.
        form: TerminalForm,
        /// It changes the terminal of its id.
        change: bool,
        /// Chosen by the reader.
        id: CommandId,
    },
    /// The steps of a check so far; answered once there are more than `seen`, or after a while.
    Checking {
        /// The id of the check.
        id: CommandId,
        /// How many steps the reader has seen.
        seen: u32,
    },
    /// The forms of the drivers, and every terminal of the settings, the printer, camera and scanner in
    /// theirs.
    Terminals,
    /// How the till stands: whether it runs, or why it does not.
    Standing,
    /// The products that have all these words; those on quick keys where there are no words.
    Products {
        /// Words.
        search: Option<String>,
        /// How many at most.
        limit: Option<u32>,
    },
    /// The business day so far: the X report.
    ReportX,
    /// Z reports, newest first.
    Reports {
        /// How many at most.
        limit: Option<u32>,
    },
    /// Checks the whole journal.
    Verify,
}

/// One payment in a list.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Its id.
    pub payment: OperationId,
    /// The terminal.
    pub terminal: TerminalId,
    /// `sale`, `refund` or `reversal`.
    pub kind: String,
    /// `running`, `await_signature`, `reversing`, `unknown`, `disputed` or `closed`.
    pub state: String,
    /// `approved`, `partial`, `declined`, `cancelled`, `not_charged`, `unknown` or `disputed`.
    pub outcome: String,
    /// What was asked for.
    pub requested: Money,
    /// What was approved in all.
    pub amount: Money,
    /// When it was intended.
    pub at: Timestamp,
    /// Needs a person.
    pub attention: bool,
    /// What a refund or reversal goes against.
    pub goes_against: Option<OperationId>,
}

/// One stored receipt.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRow {
    /// Its id.
    pub receipt: ReceiptId,
    /// The payment it belongs to.
    pub payment: OperationId,
    /// Whose copy.
    pub copy: Copy,
    /// When it came.
    pub at: Timestamp,
    /// Made in practice.
    pub practice: bool,
    /// Its text; nothing once it was erased.
    pub text: Option<String>,
}

/// One business day.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    /// Which.
    pub day: Date,
    /// The day before and the day after, for turning pages.
    pub before: Date,
    /// Nothing after today.
    pub after: Option<Date>,
    /// Payments, newest first.
    pub rows: Vec<PaymentRow>,
    /// What customers paid with in these payments, where it is known; masked.
    pub cards: BTreeMap<OperationId, Instrument>,
    /// There are more than a day's list holds; the sums are of those in it.
    pub more: bool,
    /// What customers paid by card and wallet.
    pub taken: Money,
    /// Payments within it.
    pub taken_count: u32,
    /// Cash of sales; nothing for who may not see totals, because a count of the drawer is blind.
    pub cash: Option<CashTaken>,
    /// What went back.
    pub back: Money,
    /// Refunds and reversals within it.
    pub back_count: u32,
    /// What customers paid, cash with the others where it is told: every hour of the clock, from that in
    /// which the business day begins.
    pub hours: Vec<HourTaken>,
}

/// Cash of a day's sales.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashTaken {
    /// What they left in the drawer; below zero where more was paid out for goods that came back.
    pub amount: Money,
    /// How often cash was taken.
    pub count: u32,
    /// Each time it came or went, newest first; as many as a day's list holds.
    pub rows: Vec<CashRow>,
}

/// Cash of one sale that came or went.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashRow {
    /// Its number in the journal.
    pub entry: i64,
    /// When.
    pub at: Timestamp,
    /// What stayed in the drawer, change taken off; below zero where it left it.
    pub amount: Money,
    /// The sale.
    pub sale: SaleId,
    /// The number of the sale's receipt, where it has one.
    pub receipt: Option<u32>,
    /// Who is at the sale.
    pub cashier: Option<StaffId>,
}

/// What customers paid in one hour of the day.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourTaken {
    /// From 0 to 23, in the shop's time zone.
    pub hour: u8,
    /// Below zero where more cash went out than came in.
    pub taken: Money,
}

/// The answer to a query.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum QueryReply {
    /// A list of payments.
    Payments {
        /// Newest first.
        rows: Vec<PaymentRow>,
    },
    /// One payment in full: the case file.
    Payment {
        /// See [`crate::case_file`].
        case: Box<crate::case_file::CaseFile>,
    },
    /// A list of receipts.
    Receipts {
        /// Newest first.
        rows: Vec<ReceiptRow>,
    },
    /// A business day.
    Day {
        /// See [`DayView`].
        day: Box<DayView>,
    },
    /// A sale.
    Sale {
        /// See [`SaleView`].
        sale: Box<SaleView>,
    },
    /// The steps of a connection check.
    Checked {
        /// In order; ends at the first step that makes the next ones pointless.
        steps: Vec<crate::doctor::Step>,
        /// The names of those that were not tried.
        untried: Vec<String>,
    },
    /// How far a check has come.
    Checking {
        /// See [`crate::doctor::Checking`].
        checking: crate::doctor::Checking,
    },
    /// The forms.
    Terminals {
        /// The drivers that may be used here.
        drivers: Vec<DriverForm>,
        /// The terminals in the order of the settings.
        terminals: Vec<FilledForm>,
        /// What may drive the printer.
        printers: Vec<DriverForm>,
        /// The printer.
        printer: PrinterForm,
        /// The one form of camera and hand scanner, with what is plugged in now.
        sights: Vec<DriverForm>,
        /// Camera and hand scanner.
        sight: SightForm,
        /// The file that they are in.
        file: String,
    },
    /// How the till stands.
    Standing {
        /// See [`Standing`].
        standing: Standing,
    },
    /// Slips.
    Papers {
        /// In the order of the query.
        rows: Vec<PaperRow>,
    },
    /// A file.
    File {
        /// It.
        file: PaperFile,
    },
    /// Products.
    Products {
        /// In the order to show them.
        rows: Vec<ProductRow>,
    },
    /// Reports: one X, or Z reports, newest first.
    Reports {
        /// Them.
        reports: Vec<Report>,
        /// The number of the Z that will close the day.
        next: u32,
    },
    /// The journal verifies.
    Verified {
        /// How many entries.
        entries: u64,
        /// The head: its number and its hash.
        head: String,
    },
}
