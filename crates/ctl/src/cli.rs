//! The command line as clap reads it. What a value means is checked later, where the till's settings are
//! known.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use till::seams::domain::operation::Method;
use till::seams::domain::receipt::Copy;
use till::seams::peripherals::slip::Language;

use crate::limits;

mod code;
mod hub;
mod serial;
mod serve;
pub use code::Code;
pub use hub::{Pair, SimulateHub};
pub use serial::SimulateSerial;
pub use serve::Serve;

/// Over the options that every command takes.
const EVERYWHERE: &str = "Everywhere";

/// The till without a window: payments, receipts and checks from the command line.
#[derive(Debug, Parser)]
#[command(name = "paydeskctl", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// The data folder [default: the platform's folder for application data]
    #[arg(long, global = true, value_name = "DIR", help_heading = EVERYWHERE)]
    pub data: Option<PathBuf>,
    /// One JSON object per line on standard output, words on standard error
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(flatten)]
    OnFolder(OnFolder),
    /// Say what a picture, a camera or a scanner shows; a wallet's code is never written out
    Code(Code),
    /// Be the far side, for practice and tests
    #[command(subcommand)]
    Simulate(Simulate),
}

/// Commands on a data folder.
#[derive(Debug, Subcommand)]
pub enum OnFolder {
    /// Take one payment
    Pay(Pay),
    /// Give money back, against a payment or without one
    Refund(Refund),
    /// Undo one approved payment as a whole
    Reverse(Reverse),
    /// Settle what is open
    Recover(Recover),
    /// Decide by name on a payment that nobody can tell about
    Decide(Decide),
    /// Let a terminal take new money although a payment on it is not settled
    Unblock(Unblock),
    /// A late outcome that contradicts a finished payment counts
    AcceptLate(OnePayment),
    /// A late approval of a finished payment is given back
    GiveBack(GiveBack),
    /// Session and services of a terminal
    Terminal(Terminal),
    /// Check the way to a terminal and back
    Check {
        /// The terminal's id in the settings
        terminal: String,
    },
    /// Let terminals on the local network ask to be paired
    Pair(Pair),
    /// List payments, newest first
    Payments(Payments),
    /// Show one payment in full
    Payment {
        /// The payment's id
        #[arg(value_name = "ID")]
        payment: String,
    },
    /// List stored receipts, newest first
    Receipts(Receipts),
    /// Show the receipts of a payment, or one receipt
    Receipt(Receipt),
    /// Write a day's payments for other programs
    Export(Export),
    /// The business day in numbers
    #[command(subcommand)]
    Report(Report),
    /// The journal
    #[command(subcommand)]
    Journal(Journal),
    /// Secrets of terminals
    #[command(subcommand)]
    Secret(Secret),
    /// The till and its screens in a browser of this computer
    Serve(Serve),
}

#[derive(Debug, Args)]
pub struct Pay {
    /// The terminal's id in the settings
    #[arg(long, value_name = "ID")]
    pub terminal: String,
    /// What the customer pays in all, for example 12.50
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub amount: String,
    /// How the customer wants to pay
    #[arg(long, value_enum, default_value_t = Way::Any)]
    pub method: Way,
    /// The part of the amount that is paid out in cash
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub cash_back: Option<String>,
    /// The customer's wallet code, or - to read it from standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub code: Option<String>,
    /// What you call it
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
    /// Answers every yes-or-no question of the terminal
    #[arg(long, value_enum)]
    pub answer: Option<YesNo>,
}

#[derive(Debug, Args)]
pub struct Refund {
    /// The terminal's id in the settings
    #[arg(long, value_name = "ID")]
    pub terminal: String,
    /// How much goes back
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub amount: String,
    /// The payment it goes against
    #[arg(long, value_name = "ID")]
    pub payment: Option<String>,
    /// What you call it
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
    /// Answers every yes-or-no question of the terminal
    #[arg(long, value_enum)]
    pub answer: Option<YesNo>,
}

#[derive(Debug, Args)]
pub struct Reverse {
    /// The payment to undo
    #[arg(long, value_name = "ID")]
    pub payment: String,
    /// Refund it if the provider wants that in place of a reversal
    #[arg(long)]
    pub or_refund: bool,
    /// Answers every yes-or-no question of the terminal
    #[arg(long, value_enum)]
    pub answer: Option<YesNo>,
}

#[derive(Debug, Args)]
pub struct Recover {
    /// How long to wait
    #[arg(long = "for", value_name = "SECONDS", default_value_t = limits::RECOVER_S,
        value_parser = clap::value_parser!(u64).range(..=limits::RECOVER_MOST_S))]
    pub seconds: u64,
    /// Answers every yes-or-no question of a terminal
    #[arg(long, value_enum)]
    pub answer: Option<YesNo>,
}

#[derive(Debug, Args)]
pub struct Decide {
    /// The payment
    #[arg(long, value_name = "ID")]
    pub payment: String,
    /// What it is taken for
    #[arg(long = "as", value_enum)]
    pub verdict: Decided,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub person: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The provider's reference; needed for approved
    #[arg(long, value_name = "PROVIDERS")]
    pub reference: Option<String>,
}

#[derive(Debug, Args)]
pub struct Unblock {
    /// The terminal's id in the settings
    pub terminal: String,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub person: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

#[derive(Debug, Args)]
pub struct OnePayment {
    /// The payment
    #[arg(long, value_name = "ID")]
    pub payment: String,
}

#[derive(Debug, Args)]
pub struct GiveBack {
    /// The payment
    #[arg(long, value_name = "ID")]
    pub payment: String,
    /// Answers every yes-or-no question of the terminal
    #[arg(long, value_enum)]
    pub answer: Option<YesNo>,
}

#[derive(Debug, Args)]
pub struct Terminal {
    /// The terminal's id in the settings
    pub terminal: String,
    #[command(subcommand)]
    pub action: TerminalAction,
}

#[derive(Debug, Subcommand)]
pub enum TerminalAction {
    /// Open a session
    Login,
    /// End the session and let the terminal maintain itself
    Logout,
    /// Ask whether the terminal and its bank are well
    Diagnosis,
    /// Show the terminal's own totals
    Totals,
    /// Reconcile with the acquirer
    Reconcile,
    /// Show a text to the customer on the terminal
    Show {
        /// The text; each word group in quotes is a line of its own
        #[arg(required = true, value_name = "LINE")]
        lines: Vec<String>,
    },
    /// Ask the customer on the terminal: yes or no, or digits
    Ask {
        /// The question
        text: String,
        /// Digits in place of yes or no
        #[arg(long)]
        digits: bool,
    },
    /// Show the address that was announced for it, or decide about it
    Address {
        /// Whether it is the terminal's
        #[arg(value_enum)]
        verdict: Option<AddressVerdict>,
    },
}

#[derive(Debug, Args)]
pub struct Payments {
    /// Only those of this business day, for example 2026-11-21
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: Option<String>,
    /// Only open ones, and those that need a person
    #[arg(long)]
    pub open: bool,
    /// How many at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
}

#[derive(Debug, Args)]
pub struct Receipts {
    /// Only those of this business day, for example 2026-11-21
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: Option<String>,
    /// Only those that hold all these words
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// How many at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
}

#[derive(Debug, Args)]
pub struct Receipt {
    /// A receipt's id, or a payment's
    #[arg(value_name = "ID")]
    pub id: String,
    /// Only this copy
    #[arg(long, value_enum)]
    pub copy: Option<WhoseCopy>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ReceiptFormat::Text)]
    pub format: ReceiptFormat,
    /// Mark it as a copy in letters of twice the size, for what was printed before (pdf and escpos)
    #[arg(long)]
    pub mark_copy: bool,
    /// The language of marks (pdf and escpos)
    #[arg(long, value_enum, default_value_t = MarkLanguage::En)]
    pub language: MarkLanguage,
}

#[derive(Debug, Args)]
pub struct Export {
    /// The business day, for example 2026-11-21
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: String,
    /// How to write it
    #[arg(long, value_enum)]
    pub format: ExportFormat,
}

#[derive(Debug, Subcommand)]
pub enum Report {
    /// The day so far; it goes on
    X,
    /// Close the day
    Z,
}

#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Check the hash chain, and that rebuilt views equal stored ones
    Verify,
}

#[derive(Debug, Subcommand)]
pub enum Secret {
    /// Keep a secret that is read from standard input
    Set {
        /// What the settings call it, behind `secret:`
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Simulate {
    /// A nexo Retailer terminal
    Nexo(SimulateNexo),
    /// A Pockyt wallet gateway
    Pockyt(SimulateHost),
    /// A Kayaaku host with its devices, both generations
    KayaakuHttp(SimulateHost),
    /// A Kayaaku device on a serial cable
    KayaakuSerial(SimulateSerial),
    /// A WiseCashier terminal on a USB cable
    EcrhubUsb(SimulateSerial),
    /// The gateway of a Sadad terminal (WiseCashier) in the operator's cloud
    EcrhubCloud(SimulateHost),
    /// A Sadad terminal (WiseCashier) on the local network
    EcrhubWlan(SimulateHub),
}

#[derive(Debug, Args)]
pub struct SimulateHost {
    /// Where it listens [default: the address of the settings' terminal, or port 12000 of this computer for
    /// pockyt and 13000 for kayaaku-http]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Where the till listens for notifications
    #[arg(long, value_name = "URL")]
    pub till: Option<String>,
    /// The till's settings.toml, so that numbers and keys agree
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Which terminal of the settings it is [default: the only one of this protocol]
    #[arg(long, value_name = "ID", requires = "settings")]
    pub terminal: Option<String>,
    /// What it does with requests; see docs/SIMULATORS.md
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Where the bank keeps its entries
    #[arg(long, value_name = "FILE")]
    pub bank: Option<PathBuf>,
    /// Seed of its variations
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
pub struct SimulateNexo {
    /// Where it listens [default: the port of the settings' terminal, or 127.0.0.1:11000]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Where the till listens
    #[arg(long, value_name = "URL")]
    pub till: Option<String>,
    /// The till's settings.toml, so that identities agree
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Which terminal of the settings it is [default: the only one of this protocol]
    #[arg(long, value_name = "ID", requires = "settings")]
    pub terminal: Option<String>,
    /// What it does with requests; see docs/SIMULATORS.md
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Where the bank keeps its entries
    #[arg(long, value_name = "FILE")]
    pub bank: Option<PathBuf>,
    /// Where it takes commands while it runs
    #[arg(long, value_name = "ADDR")]
    pub control: Option<String>,
    /// Seed of its variations
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    Card,
    Qr,
    Any,
}

impl From<Way> for Method {
    fn from(way: Way) -> Self {
        match way {
            Way::Card => Self::Card,
            Way::Qr => Self::Qr,
            Way::Any => Self::Any,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Decided {
    Approved,
    NotCharged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AddressVerdict {
    Confirm,
    Refuse,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhoseCopy {
    Customer,
    Merchant,
}

impl From<WhoseCopy> for Copy {
    fn from(copy: WhoseCopy) -> Self {
        match copy {
            WhoseCopy::Customer => Self::Customer,
            WhoseCopy::Merchant => Self::Merchant,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReceiptFormat {
    Text,
    Json,
    Pdf,
    Escpos,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MarkLanguage {
    En,
    Sv,
}

impl From<MarkLanguage> for Language {
    fn from(language: MarkLanguage) -> Self {
        match language {
            MarkLanguage::En => Self::English,
            MarkLanguage::Sv => Self::Swedish,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Csv,
    Json,
}
