//! A sale as people see it: lines, tenders, what is due. The same for the sale at the counter and for one
//! that is looked up later.

use crate::actor_words::amount_of;
use crate::api::{LineView, SaleView, TenderLine};
use domain::basket::{Basket, BasketTotals, Line, LineTotals};
use domain::money::{Currency, Money};
use domain::operation::Kind;
use domain::payment::Payment;
use domain::rounding::{CashRounding, RoundedTenders};
use domain::sale::{Sale, SaleStage};
use domain::tender::TenderKind;

/// `payments`: those of the sale and what went back of them, beside any others. `cashier`: a name or nothing.
pub(crate) fn shown<'a>(
    sale: &Sale,
    payments: impl Iterator<Item = &'a Payment> + Clone,
    rule: CashRounding,
    cashier: Option<String>,
) -> SaleView {
    let currency = sale.total.currency;
    let totals = sale.totals().unwrap_or_else(|| BasketTotals {
        lines: Default::default(),
        total: sale.total,
        discounts: Money::zero(currency),
        discount: Money::zero(currency),
        vat: Vec::new(),
    });
    let exact = sale.due(payments.clone());
    let in_cash = rule.round(exact);
    let every = rule.tenders == RoundedTenders::Every;
    let is_open = sale.stage == SaleStage::Open;
    let holds = |payment: &Payment| payment.is_open() && payment.operation.sale == Some(sale.id);
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
        tenders: tenders(sale, payments.clone()),
        paid: sale.paid(payments.clone()),
        held: sale.held(payments.clone()),
        due: if every { in_cash } else { exact },
        due_in_cash: in_cash,
        slot: sale.next_slot(),
        may_change: is_open && sale.parked.is_none() && !payments.clone().any(holds),
        cashier: cashier.filter(|name| !name.is_empty()),
    }
}

fn tenders<'a>(sale: &Sale, payments: impl Iterator<Item = &'a Payment> + Clone) -> Vec<TenderLine> {
    let cash = sale.cash.iter().map(|(slot, cash)| TenderLine {
        slot: *slot,
        kind: TenderKind::Cash,
        payment: None,
        amount: cash.amount,
        given: Some(cash.given),
        change: Some(cash.change),
        outcome: if sale.handed_back.contains(slot) { "handed_back" } else { "approved" }.to_owned(),
    });
    let through = sale.tenders.iter().filter_map(|(slot, id)| {
        let payment = payments.clone().find(|payment| payment.id() == *id)?;
        Some(TenderLine {
            slot: *slot,
            kind: TenderKind::of(&payment.operation),
            payment: Some(*id),
            amount: brought(payment),
            given: None,
            change: None,
            outcome: payment.outcome_code().to_owned(),
        })
    });
    let mut tenders: Vec<TenderLine> = cash.chain(through).collect();
    tenders.sort_by_key(|tender| tender.slot);
    tenders
}

/// What a payment brings to its sale, or may bring.
fn brought(payment: &Payment) -> Money {
    let operation = &payment.operation;
    let whole = if payment.is_open() { operation.requested } else { amount_of(payment) };
    let beside =
        if payment.is_open() { Some(operation.cash_back) } else { payment.tip().plus(payment.cash_back()) };
    let goods = beside.and_then(|beside| whole.minus(beside)).unwrap_or(whole);
    let asked_back = operation.kind != Kind::Sale;
    if asked_back { Money::new(-goods.minor, goods.currency) } else { goods }
}

fn lines(basket: Option<&Basket>, totals: &BasketTotals, currency: Currency) -> Vec<LineView> {
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
