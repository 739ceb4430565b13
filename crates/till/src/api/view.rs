//! What the cashier's window and the customer's window need now. Pushed at once when it changes; a slow
//! reader gets only the latest.

use super::{ParkedView, PeopleView, PrinterView, Problem, SaleView, ShiftView, SlipPaper};
use crate::secrets::Kept;
use domain::basket::{Quantity, Unit};
use domain::ids::{OperationId, PromptId, SaleId, TerminalId};
use domain::money::Money;
use domain::operation::Method;
use domain::outcome::{Evidence, Instrument, Said};
use domain::prompt::Question;
use domain::receipt::Copy;
use domain::tax::VatRate;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything that the cashier's window shows now.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Counts every published change.
    pub sequence: u64,
    /// A practice folder: everything is marked.
    pub practice: bool,
    /// Where this till stands and what it counts in.
    pub shop: ShopView,
    /// The payment that the counter is about: begun here, and not left yet (see
    /// [`super::Command::NextCustomer`]).
    pub counter: Option<OperationId>,
    /// The sale at the counter: being rung up, on its way to be paid, or finished and not left yet.
    pub sale: Option<Arc<SaleView>>,
    /// Open sales that are not at the counter, the newest first: parked ones, and those a payment holds.
    pub parked: Vec<ParkedView>,
    /// Who works here, and who is at the till.
    pub people: PeopleView,
    /// The open shift of the drawer.
    pub shift: Option<ShiftView>,
    /// Counts every change of the catalogue: quick keys are read again when it moves.
    pub catalogue: u32,
    /// Open payments first, then recent ones, newest first.
    pub payments: Vec<Arc<PaymentView>>,
    /// The terminals in the order of the settings.
    pub terminals: Vec<TerminalView>,
    /// Notices, newest last.
    pub notices: Vec<NoticeView>,
    /// The printer, and what waits for it.
    pub printer: PrinterView,
    /// What is wrong with the till itself.
    pub problems: Vec<Problem>,
}

impl View {
    /// One payment by id.
    pub fn payment(&self, id: OperationId) -> Option<&PaymentView> {
        self.each_payment().find(|payment| payment.payment == id)
    }
    /// All of them, in their order.
    pub fn each_payment(&self) -> impl Iterator<Item = &PaymentView> {
        self.payments.iter().map(Arc::as_ref)
    }
}

/// What the settings say of shop and till, as far as screens need it.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopView {
    /// The shop's name.
    pub name: String,
    /// The till's id.
    pub till: String,
    /// ISO 4217 code of the till's currency.
    pub currency: String,
    /// How many decimals it has.
    pub decimals: u8,
    /// Largest amount of one request, in minor units.
    pub largest_minor: i64,
    /// Time zone of the shop, as IANA names it.
    pub time_zone: String,
    /// The rates of tax in use, the usual one first.
    pub vat: Vec<VatRate>,
    /// Where tokens and keys of terminals are kept.
    pub secrets: Kept,
}

/// One payment.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentView {
    /// Its id.
    pub payment: OperationId,
    /// The terminal.
    pub terminal: TerminalId,
    /// The sale.
    pub sale: Option<SaleId>,
    /// `sale`, `refund` or `reversal`.
    pub kind: String,
    /// See [`domain::payment::Payment::state_code`].
    pub state: String,
    /// See [`domain::payment::Payment::outcome_code`].
    pub outcome: String,
    /// How far a running payment has come.
    pub phase: Phase,
    /// How the customer wants to pay.
    pub method: Method,
    /// What the caller calls it.
    pub label: Option<String>,
    /// What the customer paid with, masked.
    pub instrument: Option<Instrument>,
    /// The payment that money goes back of.
    pub original: Option<OperationId>,
    /// Code of the reason.
    pub reason: Option<String>,
    /// The provider's own words, secondary.
    pub detail: Option<String>,
    /// What was asked for.
    pub requested: Money,
    /// What was approved in all.
    pub amount: Money,
    /// The tip within it.
    pub tip: Money,
    /// The cash paid out within it.
    pub cash_back: Money,
    /// When it was intended.
    pub at: Timestamp,
    /// The terminal was asked to cancel.
    pub abort_asked: bool,
    /// The outcome came after the till had stopped expecting it.
    pub late: bool,
    /// Closed by a judgement or by hand, in one word: `provider`, `nothing_sent`, `not_started`,
    /// `judged`, `person`; nothing while open.
    pub closed_by: Option<String>,
    /// An outcome contradicts the closing: accept it, or give it back.
    pub attention: bool,
    /// What the contradicting outcome says, while nobody has chosen.
    pub late_outcome: Option<LateView>,
    /// Its sale, while that is open: what a further attempt names.
    pub tender: Option<TenderView>,
    /// The question that is open.
    pub prompt: Option<PromptView>,
    /// The slip to sign, while its signature is asked about.
    pub slip: Option<String>,
    /// Where that slip is.
    pub slip_paper: Option<SlipPaper>,
    /// The newest text of the terminal.
    pub display: Option<String>,
    /// A code that the customer should scan.
    pub code: Option<String>,
    /// That code as it is drawn; nothing once it is being called off.
    pub drawn: Option<DrawnCode>,
    /// The provider's ids, and ids of linked operations.
    pub evidence: Evidence,
    /// What happened, oldest first, bounded.
    pub timeline: Vec<Moment>,
    /// Enquiries so far, while it is not settled.
    pub enquiries: u32,
    /// When the next enquiry is due; nothing while one runs or none is needed.
    pub next_enquiry: Option<Timestamp>,
    /// When it came to stand as it stands.
    pub changed_at: Timestamp,
}

/// How far a running payment has come, as far as the till can tell. For pictures only: nothing about
/// money hangs on it.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// In the journal; nothing has left.
    #[default]
    Preparing,
    /// On its way to the terminal.
    Sent,
    /// The terminal speaks with the customer.
    WithCustomer,
    /// By the terminal's own words the bank is being asked.
    Authorising,
}

/// An outcome that contradicts a finished payment and waits for a person.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateView {
    /// Its final word.
    pub said: Said,
    /// What it approved in all.
    pub amount: Money,
    /// It may count for its sale; otherwise the money can only go back.
    pub may_count: bool,
    /// The refund or reversal that gives it back, once begun.
    pub giving_back: Option<OperationId>,
}

/// The open sale of a payment.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderView {
    /// The sale.
    pub sale: SaleId,
    /// Its revision; a money command names it.
    pub revision: u32,
    /// The first free slot.
    pub slot: u16,
    /// What is to be paid in all.
    pub total: Money,
    /// What is paid.
    pub paid: Money,
    /// What is due and not held by an open payment.
    pub due: Money,
}

/// A question that is open.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptView {
    /// Its id.
    pub id: PromptId,
    /// What is wanted.
    pub question: Question,
    /// The words.
    pub text: String,
    /// Answered "no dialogue" at this time, where there is a limit.
    pub until: Option<Timestamp>,
}

/// One moment of a time line.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Counts the moments of this till; a reader remembers how far it got.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: MomentKind,
}

/// What happened.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MomentKind {
    /// The terminal said something.
    Display {
        /// Its words.
        text: String,
    },
    /// A code for the customer to scan.
    Code {
        /// Its content.
        data: String,
    },
    /// The cashier is asked.
    Prompt {
        /// The question's id.
        id: PromptId,
        /// Its kind, see [`Question::code`].
        kind: String,
        /// The words.
        text: String,
    },
    /// A slip was printed.
    Print {
        /// Whose copy.
        copy: Copy,
        /// Its text.
        text: String,
    },
    /// A step of the payment: `sent`, `resent`, `abort_asked`, `unknown`, `enquired`, `disputed`,
    /// `settled` …
    Step {
        /// The stable word.
        step: String,
        /// More, where there is more.
        detail: Option<String>,
    },
}

/// One terminal.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalView {
    /// Its name in the settings.
    pub terminal: TerminalId,
    /// Its name for people.
    pub name: String,
    /// Its driver.
    pub driver: String,
    /// How it is.
    pub health: Health,
    /// Why, in the terminal's or the system's words.
    pub detail: Option<String>,
    /// Where it is reached, `host:port`; nothing where there is no network.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How far its clock is ahead of the till's, milliseconds, as measured at its newest login.
    #[cfg_attr(feature = "ts", ts(optional, type = "number"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
    /// Serial number, when it was told.
    pub serial: Option<String>,
    /// Software, when it was told.
    pub software: Option<String>,
    /// Health warnings of its newest login.
    pub warnings: Vec<String>,
    /// The payment that blocks it.
    pub blocked_by: Option<OperationId>,
    /// An announced address that waits for a person.
    pub proposed_address: Option<String>,
    /// A card is in it.
    pub card_inserted: bool,
    /// It wants to be logged out for maintenance.
    pub maintenance_wanted: bool,
    /// What can be asked of it.
    pub offers: Offers,
}

/// What a terminal can be asked for, as far as it shapes screens.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// Money back.
    pub refund: bool,
    /// Money back without naming the payment.
    pub refund_without_payment: bool,
    /// Undoing a payment as a whole.
    pub reversal: bool,
    /// Cash paid out with a payment.
    pub cash_back: bool,
    /// Asking it to cancel.
    pub cancel: bool,
    /// Cancelling is for somebody at the device: asked for here, nothing is sent.
    pub cancel_by_hand: bool,
    /// Cards.
    pub cards: bool,
    /// Codes on phones.
    pub codes: bool,
    /// Codes that customers show and the till scans.
    pub codes_scanned: bool,
    /// Codes that the till shows and customers scan.
    pub codes_shown: bool,
}

/// How a terminal is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Not spoken to yet.
    #[default]
    Unknown,
    /// Being opened.
    Opening,
    /// In session.
    Ready,
    /// Works on an operation.
    Working,
    /// Updates itself.
    Maintenance,
    /// Does not answer, or refuses.
    Unreachable,
    /// Says that it is out of order.
    OutOfOrder,
}

/// One notice.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeView {
    /// Counts like [`Moment::number`].
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// From which terminal.
    pub terminal: Option<TerminalId>,
    /// The stable word: `card_inserted`, `maintenance_wanted`, …
    pub code: String,
    /// More, where there is more.
    pub text: String,
}

/// A code that customers scan: its dark modules as a picture, without the light margin of four modules that
/// it needs around it, and how long it is good.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnCode {
    /// Modules on a side, 21 to 177.
    pub side: u16,
    /// An SVG path of the dark modules, one unit each.
    pub path: String,
    /// Since when it is shown.
    pub from: Timestamp,
    /// Until when it can be paid, where that is known.
    pub until: Option<Timestamp>,
}

/// What the customer may see: no reasons, no staff.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerView {
    /// Where things stand.
    pub stage: CustomerStage,
    /// The amount in question.
    pub amount: Option<Money>,
    /// How it is paid, while a payment runs or has just ended.
    #[serde(default)]
    pub method: Option<Method>,
    /// The terminal's own words.
    pub text: Option<String>,
    /// A code to scan.
    pub code: Option<String>,
    /// That code as it is drawn.
    pub drawn: Option<DrawnCode>,
    /// A practice folder.
    pub practice: bool,
    /// The shop's name.
    pub shop: String,
    /// How many decimals the till's currency has.
    pub decimals: u8,
    /// What was paid in all, once it was.
    pub paid: Option<Money>,
    /// What is rung up, in its order.
    pub lines: Vec<CustomerLine>,
    /// What it comes to.
    pub total: Option<Money>,
    /// What the customer gets back in cash.
    pub change: Option<Money>,
}

/// One line as the customer sees it.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerLine {
    /// What.
    pub name: String,
    /// How much.
    pub quantity: Quantity,
    /// How it is counted.
    pub unit: Unit,
    /// What it brings.
    pub amount: Money,
}

/// Where things stand for the customer.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStage {
    /// Nothing runs.
    #[default]
    Idle,
    /// Something is rung up.
    Sale,
    /// Please pay at the terminal.
    Pay,
    /// One moment, the payment is being checked.
    Checking,
    /// Thank you.
    Paid,
    /// The payment did not go through.
    NotPaid,
}
