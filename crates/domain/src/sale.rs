//! A sale: what it is made of, the tenders that pay it, and where it stands. One that begins with an amount
//! (`Opened`) is that amount alone; one that is rung up (`Begun`) has lines, discounts, cash, a cashier, and
//! can be parked.
//!
//! Invariants: a completed sale's tenders, less tips and cash-back, sum to its rounded total (R7). A tender
//! whose payment is open holds its amount: no other tender for it, no void, no completion (R11), and while
//! one is open the sale neither changes nor is parked. Money on its way back bars no parked sale.

mod decide;
mod money;

pub use decide::{SaleChange, decide};

use crate::basket::{Basket, BasketFact, BasketTotals, NoChange};
use crate::ids::{OperationId, SaleId, StaffId};
use crate::money::{Currency, Money};
use crate::tender::{CashTender, NoCash};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a sale stands.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleStage {
    /// Money is still due, or held.
    Open,
    /// Paid in full.
    Completed,
    /// Given up; nothing was kept.
    Voided,
}

/// One sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Its id.
    pub id: SaleId,
    /// What is to be paid before cash rounding. Negative where more goods came back than were sold.
    pub total: Money,
    /// Counts every change; a money command names it (a second click finds another one).
    pub revision: u32,
    /// The payments that were tried, by slot, in order.
    pub tenders: BTreeMap<u16, OperationId>,
    /// Where it stands.
    pub stage: SaleStage,
    /// What was rung up; nothing for a sale that is an amount alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basket: Option<Basket>,
    /// Cash, by slot; the slots are those of the payments.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cash: BTreeMap<u16, CashTender>,
    /// The slots whose cash was handed back.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub handed_back: BTreeSet<u16>,
    /// How far what is to be paid lies above the total, minor units.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rounding: i64,
    /// Put aside, under this label if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<Parked>,
    /// Who is at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cashier: Option<StaffId>,
}

/// A sale that was put aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// What the cashier calls it.
    pub label: Option<String>,
}

/// One fact about a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleFact {
    /// It began as an amount.
    Opened {
        /// What is to be paid.
        total: Money,
    },
    /// A payment was intended for this slot.
    Tendered {
        /// The slot.
        slot: u16,
        /// The payment.
        operation: OperationId,
    },
    /// Paid in full.
    Completed,
    /// Given up.
    Voided,
    /// It began at the till, without lines yet.
    Begun {
        /// The currency of everything in it.
        currency: Currency,
        /// Who rings it up; every following fact is theirs until somebody else takes over.
        by: StaffId,
    },
    /// Somebody else is at it: the following facts are theirs.
    TakenOver {
        /// Who.
        by: StaffId,
    },
    /// Its lines changed. Rounding that was settled before counts no more.
    Changed {
        /// How.
        fact: BasketFact,
    },
    /// What is to be paid was rounded, where the rule rounds every tender.
    Rounded {
        /// By how much; may be negative.
        by: Money,
    },
    /// Cash was taken, or paid out.
    CashTendered {
        /// The slot.
        slot: u16,
        /// What changed hands.
        cash: CashTender,
    },
    /// The cash of this slot was handed back before the sale was completed.
    CashHandedBack {
        /// The slot.
        slot: u16,
    },
    /// Put aside.
    Parked {
        /// What the cashier calls it.
        label: Option<String>,
    },
    /// Taken up again.
    Recalled,
    /// Completed, and what completed it turned out not to have moved (R7): it is to be paid anew, or given
    /// up.
    Reopened,
}

/// Why a sale does not do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSale {
    /// It is completed or voided.
    #[error("the sale is finished")]
    Finished,
    /// The command names another revision: the sale changed meanwhile.
    #[error("the sale has changed meanwhile")]
    Stale,
    /// The slot is in use.
    #[error("this tender exists already")]
    SlotUsed,
    /// More than is due and not held (R11).
    #[error("more than is due; an open payment holds part of the sale")]
    MoreThanDue,
    /// An open payment holds part of it (R11).
    #[error("an open payment holds part of the sale")]
    Held,
    /// An approved tender can only be reversed or refunded, never vanish (R7).
    #[error("part of the sale is paid; give it back first")]
    Paid,
    /// Another currency than the sale's.
    #[error("the currency differs from the sale's")]
    Currency,
    /// The tenders do not sum to the total (R7).
    #[error("the sale is not paid in full")]
    NotPaid,
    /// It is put aside.
    #[error("the sale is parked; recall it first")]
    Parked,
    /// It is not put aside.
    #[error("the sale is not parked")]
    NotParked,
    /// It has no lines and cannot have any.
    #[error("this sale is an amount alone")]
    AmountOnly,
    /// Nothing was rung up.
    #[error("the sale has no lines")]
    Empty,
    /// No cash lies in this slot.
    #[error("there is no such cash tender")]
    NoCashTender,
    /// The lines refuse.
    #[error(transparent)]
    Lines(#[from] NoChange),
    /// The cash does not fit.
    #[error(transparent)]
    Cash(#[from] NoCash),
}

impl NoSale {
    /// The stable word, for words in any language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Stale => "stale",
            Self::SlotUsed => "slot_used",
            Self::MoreThanDue => "more_than_due",
            Self::Held => "held",
            Self::Paid => "paid",
            Self::Currency => "currency",
            Self::NotPaid => "not_paid",
            Self::Parked => "parked",
            Self::NotParked => "not_parked",
            Self::AmountOnly => "amount_only",
            Self::Empty => "empty",
            Self::NoCashTender => "no_cash_tender",
            Self::Lines(no) => no.code(),
            Self::Cash(no) => no.code(),
        }
    }
}

impl Sale {
    /// A sale that began with this total.
    pub fn opened(id: SaleId, total: Money) -> Self {
        Self {
            id,
            total,
            revision: 0,
            tenders: BTreeMap::new(),
            stage: SaleStage::Open,
            basket: None,
            cash: BTreeMap::new(),
            handed_back: BTreeSet::new(),
            rounding: 0,
            parked: None,
            cashier: None,
        }
    }
    /// The sale that its first fact makes; nothing where that fact begins none.
    pub fn first(id: SaleId, fact: &SaleFact) -> Option<Self> {
        match fact {
            SaleFact::Opened { total } => Some(Self::opened(id, *total)),
            SaleFact::Begun { currency, by } => {
                let sale = Self::opened(id, Money::zero(*currency));
                Some(Self { basket: Some(Basket::default()), cashier: Some(*by), ..sale })
            }
            SaleFact::Tendered { .. }
            | SaleFact::Completed
            | SaleFact::Voided
            | SaleFact::TakenOver { .. }
            | SaleFact::Changed { .. }
            | SaleFact::Rounded { .. }
            | SaleFact::CashTendered { .. }
            | SaleFact::CashHandedBack { .. }
            | SaleFact::Parked { .. }
            | SaleFact::Recalled
            | SaleFact::Reopened => None,
        }
    }
    /// Applies one fact.
    #[must_use]
    pub fn evolve(mut self, fact: &SaleFact) -> Self {
        self.revision += 1;
        match fact {
            SaleFact::Opened { total } => self.total = *total,
            SaleFact::Tendered { slot, operation } => {
                self.tenders.insert(*slot, *operation);
            }
            SaleFact::Completed => self.stage = SaleStage::Completed,
            SaleFact::Voided => self.stage = SaleStage::Voided,
            SaleFact::Begun { by, .. } | SaleFact::TakenOver { by } => self.cashier = Some(*by),
            SaleFact::Changed { fact } => self.change(fact),
            SaleFact::Rounded { by } => self.rounding = self.rounding.saturating_add(by.minor),
            SaleFact::CashTendered { slot, cash } => {
                self.rounding = self.rounding.saturating_add(cash.rounding.minor);
                self.cash.insert(*slot, *cash);
            }
            SaleFact::CashHandedBack { slot } => self.hand_back(*slot),
            SaleFact::Parked { label } => self.parked = Some(Parked { label: label.clone() }),
            SaleFact::Recalled => self.parked = None,
            SaleFact::Reopened => self.stage = SaleStage::Open,
        }
        self
    }
    /// What is left of the cash settles nothing any more: none of it is rounded.
    fn hand_back(&mut self, slot: u16) {
        let of_cash: i64 = self.kept_cash().map(|(_, cash)| cash.rounding.minor).sum();
        if self.cash.contains_key(&slot) && self.handed_back.insert(slot) {
            self.rounding = self.rounding.saturating_sub(of_cash);
            self.forget_cash_rounding();
        }
    }
    fn forget_cash_rounding(&mut self) {
        for cash in self.cash.values_mut() {
            cash.rounding = Money::zero(self.total.currency);
        }
    }
    fn change(&mut self, fact: &BasketFact) {
        let basket = self.basket.take().unwrap_or_default().evolve(fact);
        self.total = basket.totals(self.total.currency).map_or(self.total, |totals| totals.total);
        self.basket = Some(basket);
        self.rounding = 0;
        self.forget_cash_rounding();
    }
    /// What its lines come to; nothing for a sale that is an amount alone.
    pub fn totals(&self) -> Option<BasketTotals> {
        self.basket.as_ref()?.totals(self.total.currency)
    }
    /// What is to be paid in all, cash rounding included.
    pub fn rounded_total(&self) -> Money {
        self.total.plus(Money::new(self.rounding, self.total.currency)).unwrap_or(self.total)
    }
    /// The cash that was taken and kept (or paid out), by slot.
    pub fn kept_cash(&self) -> impl Iterator<Item = (u16, &CashTender)> {
        let kept = |slot: &u16| !self.handed_back.contains(slot);
        self.cash.iter().filter(move |(slot, _)| kept(slot)).map(|(slot, cash)| (*slot, cash))
    }
    /// A slot that no tender has used.
    pub fn next_slot(&self) -> u16 {
        let last = self.tenders.keys().next_back().max(self.cash.keys().next_back());
        last.map_or(0, |last| last.saturating_add(1))
    }
}

// Serde hands over a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(minor: &i64) -> bool {
    *minor == 0
}

#[cfg(test)]
mod tests;
