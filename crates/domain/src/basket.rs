//! What a sale is made of: lines with products, quantities and discounts, and a discount on the whole.
//!
//! Invariants: a line keeps the product as it was when it was rung up; a removed line stays on record and can
//! come back; the amounts of all lines, each with its share of the sale's discount, sum to the total to the
//! last minor unit, so the tax of every rate is right.

mod change;
mod totals;

pub use change::{BasketChange, BasketFact, NoChange};
pub use totals::{BasketTotals, LineTotals, spread};

use crate::money::Money;
use crate::tax::{VatRate, WHOLE};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a product is counted.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Whole pieces.
    #[default]
    Piece,
    /// By weight.
    Kilogram,
    /// By volume.
    Litre,
    /// By length.
    Metre,
}

impl Unit {
    /// Whether there are parts of it.
    pub const fn is_measured(self) -> bool {
        match self {
            Self::Piece => false,
            Self::Kilogram | Self::Litre | Self::Metre => true,
        }
    }
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Kilogram => "kilogram",
            Self::Litre => "litre",
            Self::Metre => "metre",
        }
    }
    /// Reads the stable word.
    pub fn parse(code: &str) -> Option<Self> {
        let units = [Self::Piece, Self::Kilogram, Self::Litre, Self::Metre];
        units.into_iter().find(|unit| unit.code() == code)
    }
}

/// How much, in thousandths: 1000 is one piece, 250 is 0.250 kg. Negative for goods that come back; never
/// nothing.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "number"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    /// One piece.
    pub const ONE: Self = Self(1_000);
    /// The most of one line, in thousandths.
    pub const MOST: i64 = 99_999_999;

    /// So many thousandths; nothing for nothing and for too many.
    pub fn thousandths(number: i64) -> Option<Self> {
        (number != 0 && (-Self::MOST..=Self::MOST).contains(&number)).then_some(Self(number))
    }
    /// So many pieces.
    pub fn pieces(number: i64) -> Option<Self> {
        Self::thousandths(number.checked_mul(1_000)?)
    }
    /// Reads what a person types: `3`, `0,250`, `-1`. At most three decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
        let is_number = |part: &str, most: usize| {
            !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(whole, 6) || !is_number(decimals, 3) {
            return None;
        }
        let number: i64 = format!("{whole}{decimals:0<3}").parse().ok()?;
        Self::thousandths(sign * number)
    }
    /// In thousandths.
    pub const fn in_thousandths(self) -> i64 {
        self.0
    }
    /// Whether goods come back.
    pub const fn is_return(self) -> bool {
        self.0 < 0
    }
    /// Whether it is a whole number of pieces.
    pub const fn is_whole(self) -> bool {
        self.0 % 1_000 == 0
    }
    /// The plain decimal: `3`, `0.250`.
    pub fn plain(self) -> String {
        let (sign, number) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        match number % 1_000 {
            0 => format!("{sign}{}", number / 1_000),
            rest => format!("{sign}{}.{rest:03}", number / 1_000),
        }
    }
}

/// A product as it was when it was rung up, or an amount that was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The shop's number for it; none for a typed amount.
    pub sku: Option<String>,
    /// What the receipt says.
    pub name: String,
    /// Price of one unit, tax included.
    pub price: Money,
    /// The tax in it.
    pub vat: VatRate,
    /// How it is counted.
    pub unit: Unit,
}

/// Money off.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// So much; never more than there is.
    Amount(Money),
    /// So many basis points.
    Percent(u16),
}

impl Discount {
    /// Whether it can be given at all: above zero, at most the whole.
    fn is_sound(self, currency: crate::money::Currency) -> bool {
        match self {
            Self::Amount(money) => money.currency == currency && money.minor > 0,
            Self::Percent(points) => points > 0 && points <= WHOLE,
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What.
    pub product: Product,
    /// How much of it.
    pub quantity: Quantity,
    /// Money off this line.
    pub discount: Option<Discount>,
    /// Taken out; stays on record.
    pub removed: bool,
}

/// The lines of a sale by their numbers, in the order they were rung up, and the discount on the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    /// Every line, removed ones too. The first is number 1.
    pub lines: BTreeMap<u16, Line>,
    /// Money off the whole, spread over the goods that are sold.
    pub discount: Option<Discount>,
}

impl Basket {
    /// The lines that count, in order.
    pub fn active(&self) -> impl DoubleEndedIterator<Item = (u16, &Line)> {
        self.lines.iter().filter(|(_, line)| !line.removed).map(|(number, line)| (*number, line))
    }
    /// Whether no line counts.
    pub fn is_empty(&self) -> bool {
        self.active().next().is_none()
    }
    /// How many lines were taken out.
    pub fn removed(&self) -> usize {
        self.lines.values().filter(|line| line.removed).count()
    }
}

#[cfg(test)]
mod tests;
