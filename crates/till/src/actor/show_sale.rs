//! The sale at the counter and the ones put aside, as the cashier and the customer see them.

use super::Actor;
use crate::actor_words::amount_of;
use crate::api::{CustomerLine, LineView, ParkedView, SaleView, TenderLine};
use domain::basket::{Basket, BasketTotals, Line, LineTotals};
use domain::ids::SaleId;
use domain::money::Money;
use domain::payment::Payment;
use domain::rounding::RoundedTenders;
use domain::sale::{Sale, SaleStage};
use domain::tender::TenderKind;
use std::sync::Arc;

impl Actor {
    /// The sale at the counter, where it is one that is rung up. Kept until something durable happens: every
    /// text of a terminal makes a view.
    pub(super) fn sale_view(&mut self) -> Option<Arc<SaleView>> {
        if self.state.shown_sale.is_none() {
            let sale = self.counter_sale.and_then(|id| self.sale_at_hand(id));
            let shown =
                sale.filter(|sale| sale.basket.is_some()).map(|sale| Arc::new(self.show_sale(sale)));
            self.state.shown_sale = shown;
        }
        self.state.shown_sale.clone().filter(|shown| Some(shown.sale) == self.counter_sale)
    }

    /// An open sale, or the one that was finished last.
    fn sale_at_hand(&self, id: SaleId) -> Option<&Sale> {
        self.state.sales.get(&id).or_else(|| self.state.finished.as_ref().filter(|sale| sale.id == id))
    }

    fn show_sale(&self, sale: &Sale) -> SaleView {
        let currency = sale.total.currency;
        let payments = || self.state.payments();
        let totals = sale.totals().unwrap_or_else(|| BasketTotals {
            lines: Default::default(),
            total: sale.total,
            discounts: Money::zero(currency),
            discount: Money::zero(currency),
            vat: Vec::new(),
        });
        let rule = self.settings.shop.rounding;
        let exact = sale.due(payments());
        let in_cash = rule.round(exact);
        let every = rule.tenders == RoundedTenders::Every;
        let is_open = sale.stage == SaleStage::Open;
        let held = payments().any(|payment| payment.is_open() && payment.operation.sale == Some(sale.id));
        SaleView {
            sale: sale.id,
            revision: sale.revision,
            stage: sale.stage,
            lines: lines(sale.basket.as_ref(), &totals, currency),
            discount: sale.basket.as_ref().and_then(|basket| basket.discount),
            discounts: totals.discounts,
            total: sale.total,
            rounding: Money::new(sale.rounding, currency),
            vat: totals.vat,
            tenders: self.tender_lines(sale),
            paid: sale.paid(payments()),
            held: sale.held(payments()),
            due: if every { in_cash } else { exact },
            due_in_cash: in_cash,
            slot: sale.next_slot(),
            may_change: is_open && sale.parked.is_none() && !held,
            cashier: sale.cashier.map(|id| self.name_of(id)).filter(|name| !name.is_empty()),
        }
    }

    fn tender_lines(&self, sale: &Sale) -> Vec<TenderLine> {
        let cash = sale.cash.iter().map(|(slot, cash)| TenderLine {
            slot: *slot,
            kind: TenderKind::Cash,
            payment: None,
            amount: cash.amount,
            given: Some(cash.given),
            change: Some(cash.change),
            outcome: if sale.handed_back.contains(slot) { "handed_back" } else { "approved" }.to_owned(),
        });
        let found = |(slot, id): (&u16, &domain::ids::OperationId)| Some((*slot, self.state.payment(*id)?));
        let through = sale.tenders.iter().filter_map(found).map(|(slot, payment)| TenderLine {
            slot,
            kind: TenderKind::of(&payment.operation),
            payment: Some(payment.id()),
            amount: brought(payment),
            given: None,
            change: None,
            outcome: payment.outcome_code().to_owned(),
        });
        let mut tenders: Vec<TenderLine> = cash.chain(through).collect();
        tenders.sort_by_key(|tender| tender.slot);
        tenders
    }

    pub(super) fn parked_view(&self) -> Vec<ParkedView> {
        let elsewhere = |sale: &&Sale| Some(sale.id) != self.counter_sale && sale.basket.is_some();
        let mut parked: Vec<ParkedView> =
            self.state.sales.values().filter(elsewhere).map(|sale| self.parked(sale)).collect();
        parked.reverse();
        parked
    }

    fn parked(&self, sale: &Sale) -> ParkedView {
        let lines = || sale.basket.iter().flat_map(Basket::active);
        ParkedView {
            sale: sale.id,
            revision: sale.revision,
            label: sale.parked.as_ref().and_then(|parked| parked.label.clone()),
            lines: u32::try_from(lines().count()).unwrap_or(u32::MAX),
            first: lines().next().map(|(_, line)| line.product.name.clone()),
            total: sale.total,
            at: self.state.parked_at.get(&sale.id).copied(),
        }
    }

    /// What the customer sees of the lines.
    pub(super) fn customer_lines(sale: &SaleView) -> Vec<CustomerLine> {
        let seen = |line: &LineView| CustomerLine {
            name: line.name.clone(),
            quantity: line.quantity,
            unit: line.unit,
            amount: line.amount,
        };
        sale.lines.iter().filter(|line| !line.removed).map(seen).collect()
    }
}

/// What a payment brings to its sale, or may bring.
fn brought(payment: &Payment) -> Money {
    let operation = &payment.operation;
    let whole = if payment.is_open() { operation.requested } else { amount_of(payment) };
    let beside =
        if payment.is_open() { Some(operation.cash_back) } else { payment.tip().plus(payment.cash_back()) };
    let goods = beside.and_then(|beside| whole.minus(beside)).unwrap_or(whole);
    let asked_back = operation.kind != domain::operation::Kind::Sale;
    if asked_back { Money::new(-goods.minor, goods.currency) } else { goods }
}

fn lines(
    basket: Option<&Basket>,
    totals: &BasketTotals,
    currency: domain::money::Currency,
) -> Vec<LineView> {
    let none = || LineTotals {
        full: Money::zero(currency),
        discount: Money::zero(currency),
        share: Money::zero(currency),
        amount: Money::zero(currency),
    };
    let view = |(number, line): (&u16, &Line)| {
        let sum = totals.lines.get(number).copied().unwrap_or_else(none);
        LineView {
            line: *number,
            name: line.product.name.clone(),
            sku: line.product.sku.clone(),
            quantity: line.quantity,
            unit: line.product.unit,
            price: line.product.price,
            vat: line.product.vat,
            discount: line.discount,
            discounted: sum.discount,
            amount: sum.full.minus(sum.discount).unwrap_or(sum.full),
            removed: line.removed,
        }
    };
    basket.iter().flat_map(|basket| basket.lines.iter()).map(view).collect()
}
