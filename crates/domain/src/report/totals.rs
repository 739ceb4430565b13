//! Sums of one currency, and what a payment or a sale adds to them.
//!
//! Invariant: what was added for a state is taken away again before a newer state of the same payment is
//! added, so a verdict that changes later moves the sums by the difference.

use crate::ids::TerminalId;
use crate::money::Currency;
use crate::operation::{Kind, Motive};
use crate::payment::{Payment, Verdict};
use crate::sale::Sale;
use crate::tax::{VatPart, VatRate};
use crate::tender::TenderKind;
use serde::{Deserialize, Serialize};

/// How many, and how much in minor units.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many; below zero where what counted before a Z was taken back after it.
    pub count: i64,
    /// How much.
    pub minor: i64,
}

impl Count {
    fn add(&mut self, sign: i64, minor: i64) {
        self.count = self.count.saturating_add(sign);
        self.minor = self.minor.saturating_add(sign.saturating_mul(minor));
    }
    /// Whether it counts nothing.
    pub const fn is_zero(self) -> bool {
        self.count == 0 && self.minor == 0
    }
}

/// One way to pay, on one terminal.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderRow {
    /// Which way.
    pub kind: TenderKind,
    /// Through which terminal; none for cash.
    pub terminal: Option<TerminalId>,
    /// From customers, tips and cash-back included.
    pub taken: Count,
    /// To customers.
    pub back: Count,
}

/// What one rate brought, in minor units.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatRow {
    /// The rate.
    pub rate: VatRate,
    /// What was paid.
    pub gross: i64,
    /// Without tax.
    pub net: i64,
    /// The tax.
    pub vat: i64,
}

/// Sums of one currency.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Of which currency everything here is.
    pub currency: Currency,
    /// Completed sales: what was sold, discounts taken off, before cash rounding.
    pub sales: Count,
    /// Completed sales in which goods came back: their value, below zero.
    pub returns: Count,
    /// Sales that were given up.
    pub voided: i64,
    /// Tax per rate, the highest first.
    pub vat: Vec<VatRow>,
    /// Completed sales that were an amount alone: no tax is known for them. Part of `sales`.
    pub untaxed: i64,
    /// Discounts in completed sales.
    pub discounts: Count,
    /// Lines that were taken out.
    pub corrections: i64,
    /// Cash rounding of completed sales.
    pub rounding: i64,
    /// Ways to pay.
    pub tenders: Vec<TenderRow>,
    /// Refunds that went through.
    pub refunds: Count,
    /// Payments that were undone because somebody asked for it.
    pub reversals: Count,
    /// Approvals that never counted and were undone: refused signatures, late approvals given back.
    pub undone: Count,
    /// Tips in what was taken.
    pub tips: i64,
    /// Cash paid out with payments.
    pub cash_back: i64,
    /// Everything ever sold, over all days.
    pub ever_sold: i64,
    /// Everything that ever came back, over all days; below zero.
    pub ever_returned: i64,
}

impl Totals {
    /// Nothing yet.
    pub fn new(currency: Currency) -> Self {
        Self {
            currency,
            sales: Count::default(),
            returns: Count::default(),
            voided: 0,
            vat: Vec::new(),
            untaxed: 0,
            discounts: Count::default(),
            corrections: 0,
            rounding: 0,
            tenders: Vec::new(),
            refunds: Count::default(),
            reversals: Count::default(),
            undone: Count::default(),
            tips: 0,
            cash_back: 0,
            ever_sold: 0,
            ever_returned: 0,
        }
    }
    /// The next day begins with nothing but the sums over all days.
    #[must_use]
    pub fn carried(&self) -> Self {
        let (ever_sold, ever_returned) = (self.ever_sold, self.ever_returned);
        Self { ever_sold, ever_returned, ..Self::new(self.currency) }
    }
    /// What customers paid less what they got back, all ways together.
    pub fn net_taken(&self) -> i64 {
        self.tenders.iter().map(|row| row.taken.minor - row.back.minor).sum()
    }
    /// Adds (`sign` 1) or takes away (-1) what this state of a payment moved. Returns the cash that left the
    /// drawer with it.
    pub(super) fn payment(&mut self, sign: i64, payment: &Payment) -> i64 {
        if !payment.verdict().is_some_and(Verdict::moved_money) {
            return 0;
        }
        let operation = &payment.operation;
        let terminal = Some(&operation.terminal);
        let (kind, approved) = (TenderKind::of(operation), payment.approved().minor);
        let undoes_refund = operation.original.as_ref().is_some_and(|of| of.kind == Kind::Refund);
        match (operation.kind, operation.motive) {
            (Kind::Sale, _) => {
                let (tip, cash_back) = (payment.tip().minor, payment.cash_back().minor);
                self.row(kind, terminal, |row| row.taken.add(sign, approved));
                self.tips = self.tips.saturating_add(sign * tip);
                self.cash_back = self.cash_back.saturating_add(sign * cash_back);
                return sign * cash_back;
            }
            (Kind::Refund | Kind::Reversal, Some(Motive::SignatureRefused | Motive::LateApproval)) => {
                self.undone.add(sign, approved);
            }
            (Kind::Refund, Some(Motive::Cashier) | None) => {
                self.refunds.add(sign, approved);
                self.row(kind, terminal, |row| row.back.add(sign, approved));
            }
            (Kind::Reversal, Some(Motive::Cashier) | None) => {
                self.reversals.add(sign, approved);
                self.row(kind, terminal, |row| {
                    let side = if undoes_refund { &mut row.taken } else { &mut row.back };
                    side.add(sign, approved);
                });
            }
        }
        0
    }
    /// Adds or takes away cash of a sale.
    pub(super) fn cash(&mut self, sign: i64, minor: i64) {
        self.row(TenderKind::Cash, None, |row| {
            if minor < 0 { row.back.add(sign, -minor) } else { row.taken.add(sign, minor) }
        });
    }
    /// Adds (`sign` 1) a completed sale, or takes it away (-1) when it is reopened.
    pub(super) fn sale(&mut self, sign: i64, sale: &Sale) {
        self.rounding = self.rounding.saturating_add(sign * sale.rounding);
        let Some(totals) = sale.totals() else {
            self.sales.add(sign, sale.total.minor);
            self.untaxed = self.untaxed.saturating_add(sign * sale.total.minor);
            self.ever_sold = self.ever_sold.saturating_add(sign * sale.total.minor);
            return;
        };
        let amounts = || totals.lines.values().map(|line| line.amount.minor);
        let sold: i64 = amounts().filter(|minor| *minor >= 0).sum();
        let returned: i64 = amounts().filter(|minor| *minor < 0).sum();
        if returned == 0 || sold > 0 {
            self.sales.add(sign, sold);
        }
        if returned != 0 {
            self.returns.add(sign, returned);
        }
        self.ever_sold = self.ever_sold.saturating_add(sign * sold);
        self.ever_returned = self.ever_returned.saturating_add(sign * returned);
        if !totals.discounts.is_zero() {
            self.discounts.add(sign, totals.discounts.minor);
        }
        totals.vat.iter().for_each(|part| self.rate(sign, part));
    }
    fn rate(&mut self, sign: i64, part: &VatPart) {
        let at = self.vat.partition_point(|row| row.rate > part.rate);
        if self.vat.get(at).is_none_or(|row| row.rate != part.rate) {
            self.vat.insert(at, VatRow { rate: part.rate, gross: 0, net: 0, vat: 0 });
        }
        if let Some(row) = self.vat.get_mut(at) {
            row.gross = row.gross.saturating_add(sign * part.gross.minor);
            row.net = row.net.saturating_add(sign * part.net.minor);
            row.vat = row.vat.saturating_add(sign * part.vat.minor);
        }
    }
    /// The row of this way to pay; it is made where it is missing, in its place.
    fn row(
        &mut self,
        kind: TenderKind,
        terminal: Option<&TerminalId>,
        change: impl FnOnce(&mut TenderRow),
    ) {
        let wanted = (kind, terminal.cloned());
        let is_it = |row: &TenderRow| row.kind == kind && row.terminal.as_ref() == terminal;
        if let Some(row) = self.tenders.iter_mut().find(|row| is_it(row)) {
            return change(row);
        }
        let (taken, back) = (Count::default(), Count::default());
        let mut row = TenderRow { kind, terminal: wanted.1.clone(), taken, back };
        change(&mut row);
        let at = self.tenders.partition_point(|row| (row.kind, row.terminal.clone()) < wanted);
        self.tenders.insert(at, row);
    }
}
