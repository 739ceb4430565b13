//! What of a sale is paid, held and due, and what follows from it: when it takes a tender, completes or is
//! given up (R7, R11).

use super::{NoSale, Sale, SaleFact, SaleStage};
use crate::basket::Basket;
use crate::money::Money;
use crate::operation::Kind;
use crate::payment::{AttentionEnd, Payment, PaymentFact, Verdict};

impl Sale {
    /// What is paid: cash, and approved tenders less tips and cash-back, less what went back of each.
    /// `payments`: at least every tender and every refund and reversal of a tender. Money back is found by
    /// its original, also when it names no sale, and takes away no more than the tender brought: a tip that
    /// goes back with the whole is not due again. A refund that is itself a tender (goods came back) counts
    /// against this sale, whichever sale its original paid.
    pub fn paid<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> Money {
        let all = payments.clone();
        let zero = Money::zero(self.total.currency);
        let without_original = |payment: &Payment| payment.operation.original.is_none();
        let by_terminal = self.sum(payments, |payment| match payment.operation.kind {
            Kind::Sale => net(payment, all.clone()),
            Kind::Refund if self.is_tender(payment) => zero.minus(kept(payment, all.clone())?),
            Kind::Refund | Kind::Reversal if without_original(payment) => zero.minus(moved(payment)?),
            Kind::Refund | Kind::Reversal => None,
        });
        self.kept_cash().fold(by_terminal, |sum, (_, cash)| sum.plus(cash.amount).unwrap_or(sum))
    }
    /// What open payments hold of it; below zero where money is going out for goods that came back.
    pub fn held<'a>(&self, payments: impl Iterator<Item = &'a Payment>) -> Money {
        let zero = Money::zero(self.total.currency);
        self.sum(payments.filter(|payment| payment.is_open()), |payment| match payment.operation.kind {
            Kind::Sale => payment.operation.requested.minus(payment.operation.cash_back),
            Kind::Refund if self.is_tender(payment) => zero.minus(payment.operation.requested),
            Kind::Refund | Kind::Reversal => None,
        })
    }
    fn is_tender(&self, payment: &Payment) -> bool {
        self.tenders.values().any(|id| *id == payment.id())
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
    pub(super) fn is_waiting<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> bool {
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
    /// What is due and not held; below zero where money is owed to the customer.
    pub fn due<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> Money {
        let total = self.rounded_total();
        let left = total.minus(self.paid(payments.clone())).unwrap_or(total);
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
        self.takes_tender(revision, slot)?;
        self.is_due(goods, payments)
    }
    /// Whether this amount may be sent back in this slot, for goods that came back: money must be owed.
    pub fn may_refund<'a>(
        &self,
        revision: u32,
        slot: u16,
        amount: Money,
        payments: impl Iterator<Item = &'a Payment> + Clone,
    ) -> Result<(), NoSale> {
        self.takes_tender(revision, slot)?;
        let owed = Money::zero(amount.currency).minus(self.due(payments)).ok_or(NoSale::Currency)?;
        if amount.minor <= 0 || amount > owed { Err(NoSale::MoreThanDue) } else { Ok(()) }
    }
    /// Whether it takes a tender in this slot at all.
    pub(super) fn takes_tender(&self, revision: u32, slot: u16) -> Result<(), NoSale> {
        self.is_going_on()?;
        if self.tenders.contains_key(&slot) || self.cash.contains_key(&slot) {
            return Err(NoSale::SlotUsed);
        }
        if revision != self.revision {
            return Err(NoSale::Stale);
        }
        if self.parked.is_some() { Err(NoSale::Parked) } else { Ok(()) }
    }
    pub(super) fn is_going_on(&self) -> Result<(), NoSale> {
        match self.stage {
            SaleStage::Completed | SaleStage::Voided => Err(NoSale::Finished),
            SaleStage::Open => Ok(()),
        }
    }
    /// What is written down about it when the late outcome of one of its tenders is accepted. What a late
    /// approval brings must still be due; where it is not (paid in another way meanwhile, or given up), the
    /// money can only be given back. A late refusal, and money that went back after all, are facts that
    /// nobody can refuse: a sale that they leave unpaid is reopened (R7).
    pub fn accept_late<'a>(
        &self,
        tender: &Payment,
        payments: impl Iterator<Item = &'a Payment> + Clone,
    ) -> Result<Vec<SaleFact>, NoSale> {
        let Some(outcome) = tender.late_approval().filter(|_| tender.is_sale()) else {
            let fact = PaymentFact::AttentionSettled { end: AttentionEnd::Accepted };
            let accepted = tender.clone().evolve(&fact, tender.changed_at);
            let others = payments.filter(|payment| payment.id() != accepted.id());
            let mut all: Vec<&Payment> = others.collect();
            all.push(&accepted);
            let holds = self.keeps_what_completed_it(all.into_iter());
            return Ok(if holds { Vec::new() } else { vec![SaleFact::Reopened] });
        };
        self.is_going_on()?;
        let (approved, zero) = (tender.approved_by(outcome), Money::zero(self.total.currency));
        let beside = outcome.tip_part(zero).plus(outcome.cash_back_part(tender.operation.cash_back));
        let goods = beside.and_then(|beside| approved.minus(beside)).ok_or(NoSale::Currency)?;
        self.is_due(goods, payments).map(|()| Vec::new())
    }
    /// R7 of a completed sale as it stands now: its tenders sum to its rounded total, but for what went back
    /// of them since. `payments`: as [`Sale::paid`] wants them, and no others.
    pub fn keeps_what_completed_it<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> bool {
        if self.stage != SaleStage::Completed {
            return true;
        }
        let is_back = |payment: &&Payment| payment.operation.original.is_some() && !self.is_tender(payment);
        let went_back: i64 =
            payments.clone().filter(is_back).filter_map(moved).map(|money| money.minor).sum();
        let off = self.paid(payments).minus(self.rounded_total());
        off.is_some_and(|off| off.minor.abs() <= went_back)
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
        self.is_going_on()?;
        if self.is_waiting(payments.clone()) {
            return Err(NoSale::Held);
        }
        if self.parked.is_some() {
            return Err(NoSale::Parked);
        }
        if self.basket.as_ref().is_some_and(Basket::is_empty) {
            return Err(NoSale::Empty);
        }
        if self.paid(payments) == self.rounded_total() { Ok(()) } else { Err(NoSale::NotPaid) }
    }
    /// Whether it completes without anybody saying so: a tender has just settled it. One that comes to
    /// nothing waits for the cashier, who may be about to ring up more.
    pub fn completes_itself<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> bool {
        let is_amount = self.basket.is_none();
        (is_amount || !self.paid(payments.clone()).is_zero()) && self.may_complete(payments).is_ok()
    }
    /// Whether it may be given up: nothing is held and nothing is kept.
    pub fn may_void<'a>(&self, payments: impl Iterator<Item = &'a Payment> + Clone) -> Result<(), NoSale> {
        self.is_going_on()?;
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
        .filter_map(|back| kept(back, payments.clone()))
        .fold(goods, |left, back| left.minus(back.max(zero)).unwrap_or(left));
    Some(left.max(zero))
}

/// What a refund or reversal sent back, less what its own reversals took in again.
fn kept<'a>(back: &Payment, payments: impl Iterator<Item = &'a Payment>) -> Option<Money> {
    back_of(back, payments).filter_map(moved).fold(moved(back), |kept, undone| kept?.minus(undone))
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
