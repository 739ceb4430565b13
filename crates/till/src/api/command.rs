//! What an interface may want changed.

use super::{
    Approval, DrawerWanted, Imported, PeopleWanted, PrintWanted, PrinterForm, SaleWanted, SetUp, SightForm,
    TerminalWanted, TypedSecret,
};
use domain::ids::{CommandId, OperationId, PromptId, SaleId, TerminalId};
use domain::money::Money;
use domain::operation::Method;
use domain::payment::Verdict;
use domain::prompt::Answer;
use domain::report::Report;
use serde::{Deserialize, Serialize};

/// A command with the id that its sender chose: a resend carries the same id and changes nothing more.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// Chosen by the interface.
    pub id: CommandId,
    /// What is wanted.
    pub command: Command,
    /// Somebody who approves it in place, where the role of who is signed in does not suffice.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
}

impl Dispatch {
    /// A command that nobody else has to approve.
    pub const fn new(id: CommandId, command: Command) -> Self {
        Self { id, command, approval: None }
    }
}

/// The tender of a sale that a money command settles.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleSlot {
    /// The sale.
    pub sale: SaleId,
    /// Its revision as the sender sees it.
    pub revision: u32,
    /// The tender's place.
    pub slot: u16,
}

/// One command.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// The customer pays. Without a sale, one of exactly this amount is opened.
    Pay {
        /// Which terminal.
        terminal: TerminalId,
        /// In all, cash-back included.
        amount: Money,
        /// The part paid out in cash.
        cash_back: Money,
        /// How.
        method: Method,
        /// What the caller calls it.
        label: Option<String>,
        /// The tender.
        tender: Option<SaleSlot>,
        /// The code that the customer showed, as it was read. It stays in memory.
        #[cfg_attr(feature = "ts", ts(optional))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<TypedSecret>,
        /// The number of the code that the till's camera saw (`SeenCode`), in place of `code`.
        #[cfg_attr(feature = "ts", ts(optional))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<u64>,
    },
    /// Money back, against a payment or without one.
    Refund {
        /// Which terminal.
        terminal: TerminalId,
        /// How much.
        amount: Money,
        /// The payment it goes against.
        original: Option<OperationId>,
        /// What the caller calls it.
        label: Option<String>,
        /// The tender of a sale in which goods came back, where it is one.
        #[cfg_attr(feature = "ts", ts(optional))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tender: Option<SaleSlot>,
    },
    /// Undoes one approved payment as a whole.
    Reverse {
        /// Which.
        payment: OperationId,
        /// If the provider wants a refund in its place, do that.
        or_refund: bool,
    },
    /// Asks the terminal to cancel.
    Abort {
        /// Which payment.
        payment: OperationId,
    },
    /// Answers a question.
    Answer {
        /// Of which payment.
        payment: OperationId,
        /// Which question.
        prompt: PromptId,
        /// How.
        answer: Answer,
    },
    /// A named person decides on a disputed payment.
    Decide {
        /// Which.
        payment: OperationId,
        /// Approved or not charged.
        verdict: Verdict,
        /// Who.
        person: String,
        /// Why.
        reason: String,
        /// The provider's reference; needed for "approved".
        reference: Option<String>,
    },
    /// A manager unblocks a terminal by name.
    Unblock {
        /// Which.
        terminal: TerminalId,
        /// Who.
        person: String,
        /// Why.
        reason: String,
    },
    /// A late outcome counts.
    AcceptLate {
        /// Of which payment.
        payment: OperationId,
    },
    /// A late approval is given back.
    GiveBack {
        /// Of which payment.
        payment: OperationId,
    },
    /// Gives up a sale on which nothing is held or kept.
    VoidSale {
        /// Which.
        sale: SaleId,
    },
    /// Opens a terminal now (logs in).
    OpenTerminal {
        /// Which.
        terminal: TerminalId,
    },
    /// A service that moves no money; answered when it is done.
    Service {
        /// Which terminal.
        terminal: TerminalId,
        /// Which service.
        service: ServiceWanted,
    },
    /// A person confirms or refuses an announced address.
    Address {
        /// Of which terminal.
        terminal: TerminalId,
        /// The address as it was shown.
        address: String,
        /// Confirmed, or refused.
        confirm: bool,
    },
    /// Adds, changes or removes a terminal in the settings. It counts at once.
    EditTerminal {
        /// What is wanted.
        wanted: TerminalWanted,
    },
    /// Another printer, or other settings of it. It counts from the next slip on; what waits stays.
    EditPrinter {
        /// As typed.
        form: PrinterForm,
    },
    /// Another camera or hand scanner, or other settings of them. It counts at once.
    EditSight {
        /// As typed.
        form: SightForm,
    },
    /// Says yes or no to a terminal that asks to be paired. What it is becomes a setting by `EditTerminal`.
    AnswerPairing {
        /// Which of [`Pairing`](super::Pairing).
        guest: u64,
        /// Yes or no.
        accepts: bool,
    },
    /// The business day so far, for somebody who may not see totals alone: read as an act, with an approval.
    ReportX,
    /// First settings for a folder that has none.
    SetUp {
        /// What they are.
        wanted: SetUp,
    },
    /// A till that could not start tries again.
    StartAgain,
    /// Enquire about everything open now.
    RecoverNow,
    /// Rings up, changes, parks, pays in cash: the sale at the counter, or this one.
    Sell {
        /// Which; the one at the counter where none is named. Ringing up begins one where there is none.
        sale: Option<SaleId>,
        /// Its revision as the sender sees it; ringing up needs none.
        revision: Option<u32>,
        /// What is wanted of it.
        wanted: SaleWanted,
    },
    /// The counter leaves a sale that is finished, or without lines: the next customer, please.
    NextSale {
        /// Which sale is left.
        sale: SaleId,
    },
    /// Signing in and out, and who works here.
    People {
        /// What is wanted.
        wanted: PeopleWanted,
    },
    /// The cash drawer.
    Drawer {
        /// What is wanted.
        wanted: DrawerWanted,
    },
    /// The printer.
    Print {
        /// What is wanted.
        wanted: PrintWanted,
    },
    /// The Z report: closes the business day.
    CloseDay {
        /// The number of the Z as the sender sees it: a second press finds the day closed.
        number: u32,
    },
    /// Products from a file with comma-separated values.
    ImportProducts {
        /// Its bytes, base64.
        file: String,
        /// Products that are not in it are sold no more.
        replace: bool,
        /// Only say what would happen.
        check_only: bool,
    },
    /// The counter leaves this payment: the next customer, please. A sale of it on which nothing is held
    /// or kept is given up. What is unknown stays open and in sight; what runs cannot be left.
    NextCustomer {
        /// Which payment is left.
        payment: OperationId,
    },
}

/// A service that moves no money.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceWanted {
    /// Ends the session; the terminal may update itself.
    Logout,
    /// Is the terminal well?
    Diagnosis,
    /// The terminal's own totals.
    Totals,
    /// Reconciliation with the acquirer.
    Reconcile,
    /// Shows lines to the customer on the terminal.
    Show {
        /// The lines.
        lines: Vec<String>,
    },
    /// Asks the customer on the terminal.
    Ask {
        /// The words.
        text: String,
        /// For digits; otherwise for yes or no.
        digits: bool,
    },
}

/// The command is accepted; what follows is in the view.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The payment it began.
    pub payment: Option<OperationId>,
    /// The sale it belongs to.
    pub sale: Option<SaleId>,
    /// Names and values that a service told.
    pub lines: Vec<(String, String)>,
    /// What the customer answered on the terminal.
    pub answer: Option<Answer>,
    /// What an import did.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Imported>,
    /// The X report that was asked for as an act.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Box<Report>>,
}
