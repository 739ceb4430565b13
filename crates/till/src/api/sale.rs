//! The sale at the counter: what may be wanted of it, and how it is shown.

use domain::basket::{Discount, Quantity, Unit};
use domain::ids::{OperationId, SaleId};
use domain::money::Money;
use domain::sale::SaleStage;
use domain::tax::{VatPart, VatRate};
use domain::tender::TenderKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is wanted of a sale.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "snake_case")]
pub enum SaleWanted {
    /// Ring up what this code names: the shop's number or a barcode. May come without a revision, as a
    /// scanner is faster than a view.
    Scan {
        /// As scanned or typed.
        code: String,
        /// One, where it is not told. Below zero: goods come back.
        quantity: Option<Quantity>,
        /// The price, where the product has none of its own.
        price: Option<Money>,
    },
    /// Ring up a typed amount.
    Amount {
        /// What the receipt says; the till has a word where it is empty.
        name: String,
        /// What it costs.
        price: Money,
        /// The tax in it.
        vat: VatRate,
        /// How many; below zero: goods come back.
        quantity: Option<Quantity>,
    },
    /// Another quantity.
    Quantify {
        /// The line.
        line: u16,
        /// How much.
        quantity: Quantity,
    },
    /// Another price.
    Price {
        /// The line.
        line: u16,
        /// Price of one unit.
        price: Money,
    },
    /// Money off a line; nothing takes it back.
    DiscountLine {
        /// The line.
        line: u16,
        /// How much.
        discount: Option<Discount>,
    },
    /// Take a line out.
    Remove {
        /// The line.
        line: u16,
    },
    /// Undo that.
    Restore {
        /// The line.
        line: u16,
    },
    /// Money off the whole; nothing takes it back.
    Discount {
        /// How much.
        discount: Option<Discount>,
    },
    /// Take cash, or pay it out where money is owed (`given` is zero then).
    TakeCash {
        /// The slot.
        slot: u16,
        /// What the customer laid down.
        given: Money,
    },
    /// Hand the cash of a slot back.
    HandBack {
        /// The slot.
        slot: u16,
    },
    /// Put it aside.
    Park {
        /// What to call it.
        label: Option<String>,
    },
    /// Take a parked sale to the counter.
    Recall,
    /// It comes to nothing, and that is right.
    Complete,
    /// Give it up.
    Void,
}

/// The sale at the counter.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleView {
    /// Its id.
    pub sale: SaleId,
    /// Its revision: what a command about it names.
    pub revision: u32,
    /// Where it stands.
    pub stage: SaleStage,
    /// The lines in their order, removed ones too.
    pub lines: Vec<LineView>,
    /// Money off the whole.
    pub discount: Option<Discount>,
    /// Money off in all: lines and whole.
    pub discounts: Money,
    /// What the lines come to.
    pub total: Money,
    /// Cash rounding so far.
    pub rounding: Money,
    /// Tax per rate, the highest first.
    pub vat: Vec<VatPart>,
    /// The tenders in their order, those that came to nothing too.
    pub tenders: Vec<TenderLine>,
    /// What is paid.
    pub paid: Money,
    /// What open payments hold.
    pub held: Money,
    /// What is due and not held; below zero where money is owed to the customer.
    pub due: Money,
    /// The same in coins that exist.
    pub due_in_cash: Money,
    /// A free slot for the next tender.
    pub slot: u16,
    /// Lines may change: nothing is on a terminal, and it is not finished.
    pub may_change: bool,
    /// Who rings it up.
    pub cashier: Option<String>,
}

/// One line.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// Its number.
    pub line: u16,
    /// What.
    pub name: String,
    /// The shop's number for it.
    pub sku: Option<String>,
    /// How much.
    pub quantity: Quantity,
    /// How it is counted.
    pub unit: Unit,
    /// Price of one unit.
    pub price: Money,
    /// The tax in it.
    pub vat: VatRate,
    /// Money off it.
    pub discount: Option<Discount>,
    /// What that comes to.
    pub discounted: Money,
    /// What it brings before the discount on the whole.
    pub amount: Money,
    /// Taken out.
    pub removed: bool,
}

/// One way part of a sale is paid.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderLine {
    /// Its slot.
    pub slot: u16,
    /// Cash, card or wallet.
    pub kind: TenderKind,
    /// The payment, where it went through a terminal.
    pub payment: Option<OperationId>,
    /// What it brings; what is asked for while it is open.
    pub amount: Money,
    /// What the customer laid down in cash.
    pub given: Option<Money>,
    /// What the customer gets back of it.
    pub change: Option<Money>,
    /// As a payment's outcome; `handed_back` for cash that was handed back.
    pub outcome: String,
}

/// A sale that was put aside.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedView {
    /// Which.
    pub sale: SaleId,
    /// Its revision.
    pub revision: u32,
    /// What the cashier calls it.
    pub label: Option<String>,
    /// How many lines count.
    pub lines: u32,
    /// The first of them, to recognise it.
    pub first: Option<String>,
    /// What it comes to.
    pub total: Money,
    /// When it was put aside, where this run of the till knows.
    pub at: Option<Timestamp>,
}

/// One product as a search shows it.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    /// The shop's number for it: what a scan names.
    pub sku: String,
    /// What the receipt says.
    pub name: String,
    /// Price of one unit.
    pub price: Money,
    /// The tax in it.
    pub vat: VatRate,
    /// How it is counted.
    pub unit: Unit,
    /// What it belongs to.
    pub group: Option<String>,
    /// Its price is typed at the sale.
    pub open_price: bool,
}
