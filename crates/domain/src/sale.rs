//! A sale reduced to an amount with tenders. Lines, VAT, discounts and rounding come with the screens;
//! they end in the same total.
//!
//! Invariants: a completed sale's tenders, less tips and cash-back, sum to its total (R7). A tender whose
//! payment is open holds its amount: no other tender for it, no void, no completion (R11).

use crate::ids::{OperationId, SaleId};
use crate::money::Money;
use crate::operation::Kind;
use crate::payment::{Payment, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a sale stands.
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
    /// What is to be paid.
    pub total: Money,
    /// Counts every change; a money command names it (a second click finds another one).
    pub revision: u32,
    /// The payments that were tried, by slot, in order.
    pub tenders: BTreeMap<u16, OperationId>,
    /// Where it stands.
    pub stage: SaleStage,
}

/// One fact about a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleFact {
    /// It began.
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
}

impl Sale {
    /// A sale that began with this total.
    pub fn opened(id: SaleId, total: Money) -> Self {
        Self { id, total, revision: 0, tenders: BTreeMap::new(), stage: SaleStage::Open }
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
        }
        self
    }
    /// What is paid: approved tenders less tips and cash-back, less what went back of each. `payments`: at
    /// least every tender and every refund and reversal of a tender. Money back is found by its original,
    /// also when it names no sale, and takes away no more than the tender brought: a tip that goes back with
    /// the whole is not due again.
    pub fn paid<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> Money {
        let all = payments.clone();
        let without_original = |payment: &Payment| payment.operation.original.is_none();
        self.sum(payments, |payment| match payment.operation.kind {
            Kind::Sale => net(payment, all.clone()),
            Kind::Refund | Kind::Reversal if without_original(payment) => {
                Money::zero(self.total.currency).minus(moved(payment)?)
            }
            Kind::Refund | Kind::Reversal => None,
        })
    }
    /// What open payments hold of it.
    pub fn held<'a>(&self, payments: impl Iterator<Item = &'a Payment>) -> Money {
        self.sum(payments, |payment| {
            let holds = payment.is_open() && payment.is_sale();
            holds.then(|| payment.operation.requested.minus(payment.operation.cash_back)).flatten()
        })
    }
    fn sum<'a>(
        &self,
        payments: impl Iterator<Item = &'a Payment>,
        of: impl Fn(&Payment) -> Option<Money>,
    ) -> Money {
        payments
            .filter(|payment| payment.operation.sale == Some(self.id))
            .filter_map(of)
            .fold(Money::zero(self.total.currency), |sum, money| sum.plus(money).unwrap_or(sum))
    }
    /// Whether anything is open that can still move its money: a tender of it, money back against one, or
    /// the reversal of such a refund.
    fn is_waiting<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> bool {
        let of_tender = |payment: &Payment| {
            let original = payment.operation.original.as_ref();
            payment.operation.sale == Some(self.id)
                || original
                    .is_some_and(|original| self.tenders.values().any(|id| *id == original.operation))
        };
        let original_of = |payment: &Payment| {
            let named = payment.operation.original.as_ref().map(|original| original.operation);
            payments.clone().find(|payment| Some(payment.id()) == named)
        };
        let concerns =
            |payment: &Payment| of_tender(payment) || original_of(payment).is_some_and(of_tender);
        payments.clone().any(|payment| payment.is_open() && concerns(payment))
    }
    /// What is due and not held.
    pub fn due<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> Money {
        let left = self.total.minus(self.paid(payments.clone())).unwrap_or(self.total);
        left.minus(self.held(payments)).unwrap_or(left)
    }
    /// Whether this amount of goods may be tendered in this slot.
    pub fn may_tender<'a>(
        &self,
        revision: u32,
        slot: u16,
        goods: Money,
        payments: impl Iterator<Item = &'a Payment> + Clone,
    ) -> Result<(), NoSale> {
        match self.stage {
            SaleStage::Completed | SaleStage::Voided => return Err(NoSale::Finished),
            SaleStage::Open => {}
        }
        if self.tenders.contains_key(&slot) {
            return Err(NoSale::SlotUsed);
        }
        if revision != self.revision {
            return Err(NoSale::Stale);
        }
        self.is_due(goods, payments)
    }
    /// Whether a late approval of one of its tenders may be accepted: what it brings must still be due. Where
    /// it is not (paid in another way meanwhile, or given up), the money can only be given back (R7).
    pub fn may_accept_late<'a>(
        &self,
        tender: &Payment,
        payments: impl Iterator<Item = &'a Payment> + Clone,
    ) -> Result<(), NoSale> {
        let Some(outcome) = tender.late_approval() else { return Ok(()) };
        match self.stage {
            SaleStage::Completed | SaleStage::Voided => return Err(NoSale::Finished),
            SaleStage::Open => {}
        }
        let (approved, zero) = (tender.approved_by(outcome), Money::zero(self.total.currency));
        let beside = outcome.tip_part(zero).plus(outcome.cash_back_part(tender.operation.cash_back));
        let goods = beside.and_then(|beside| approved.minus(beside)).ok_or(NoSale::Currency)?;
        self.is_due(goods, payments)
    }
    fn is_due<'a>(
        &self,
        goods: Money,
        payments: impl Iterator<Item = &'a Payment> + Clone,
    ) -> Result<(), NoSale> {
        if goods.currency != self.total.currency {
            return Err(NoSale::Currency);
        }
        if goods > self.due(payments) { Err(NoSale::MoreThanDue) } else { Ok(()) }
    }
    /// Whether it is paid in full and nothing is held: then it completes (R7).
    pub fn may_complete<'a>(
        &self,
        payments: impl Iterator<Item = &'a Payment> + Clone,
    ) -> Result<(), NoSale> {
        if self.stage != SaleStage::Open {
            return Err(NoSale::Finished);
        }
        if self.is_waiting(payments.clone()) {
            return Err(NoSale::Held);
        }
        if self.paid(payments) == self.total { Ok(()) } else { Err(NoSale::NotPaid) }
    }
    /// Whether it may be given up: nothing is held and nothing is kept.
    pub fn may_void<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> Result<(), NoSale> {
        if self.stage != SaleStage::Open {
            return Err(NoSale::Finished);
        }
        if self.is_waiting(payments.clone()) {
            return Err(NoSale::Held);
        }
        if self.paid(payments).is_zero() { Ok(()) } else { Err(NoSale::Paid) }
    }
}

/// What one tender brings: goods less what went back of it, never less than nothing.
fn net<'a>(tender: &Payment, payments: impl Iterator<Item = &'a Payment> + Clone) -> Option<Money> {
    let goods = moved(tender)?.minus(tender.tip())?.minus(tender.cash_back())?;
    let zero = Money::zero(goods.currency);
    let left = back_of(tender, payments.clone())
        .filter_map(|back| {
            // A refund that was itself reversed has gone back no more than it kept.
            let undone = back_of(back, payments.clone()).filter_map(moved);
            undone.fold(moved(back), |kept, undone| kept?.minus(undone))
        })
        .fold(goods, |left, back| left.minus(back.max(zero)).unwrap_or(left));
    Some(left.max(zero))
}

fn back_of<'a>(
    original: &Payment,
    payments: impl Iterator<Item = &'a Payment>,
) -> impl Iterator<Item = &'a Payment> {
    let id = original.id();
    payments.filter(move |payment| {
        payment.operation.original.as_ref().is_some_and(|original| original.operation == id)
    })
}

/// What a closed payment moved, when it did.
fn moved(payment: &Payment) -> Option<Money> {
    payment.verdict().is_some_and(Verdict::moved_money).then(|| payment.approved())
}

#[cfg(test)]
mod tests;
