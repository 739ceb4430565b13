//! The sale at the counter and the ones put aside, as the cashier and the customer see them.

use super::Actor;
use crate::api::{CustomerLine, LineView, ParkedView, SaleView};
use crate::sale_shown::shown;
use domain::basket::Basket;
use domain::ids::SaleId;
use domain::sale::Sale;
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
        let cashier = sale.cashier.map(|id| self.name_of(id));
        shown(sale, self.state.payments(), self.settings.shop.rounding, cashier)
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
