//! The sale at the counter: ringing up, changing, parking, cash.
//!
//! Invariants: one sale is at the counter, or none; ringing up where none is begins one; everything that may
//! not be is refused by the rules of [`domain::sale`], with the sale as it was.

use super::Actor;
use super::money::field;
use super::people::Who;
use crate::api::{Accepted, Problem, ProblemCode, SaleWanted};
use domain::basket::{BasketChange, Product, Quantity, Unit};
use domain::catalogue::Item;
use domain::ids::SaleId;
use domain::journal::Fact;
use domain::money::Money;
use domain::sale::{NoSale, Sale, SaleChange, SaleFact, SaleStage, decide};
use domain::shift::may_take_cash;
use domain::wallet::{Refusal, Scan, recognise};

/// What the receipt says for a typed amount without a name.
const AMOUNT: &str = "Goods";

/// Digits of the longest bar code of a product (GTIN-14): a card's number has more.
const LONGEST_PRODUCT: usize = 14;

impl Actor {
    pub(super) async fn sell(
        &mut self,
        who: Who,
        sale: Option<SaleId>,
        revision: Option<u32>,
        wanted: SaleWanted,
    ) -> Result<Accepted, Problem> {
        let rings_up = matches!(wanted, SaleWanted::Scan { .. } | SaleWanted::Amount { .. });
        let change = self.change(wanted)?;
        if change == SaleChange::Recall {
            return self.recall(who, sale).await;
        }
        let id = sale.or_else(|| self.open_counter());
        let mut records = Vec::new();
        let known = match id {
            Some(id) => {
                self.load_tenders(id).await?;
                self.state.sales.get(&id).cloned()
            }
            None => None,
        };
        let sale = match (known, sale) {
            (Some(sale), _) => sale,
            (None, None) if rings_up => {
                let (id, fact) = self.begun(who);
                records.push(self.record(Fact::Sale { sale: id, fact: fact.clone() }));
                Sale::first(id, &fact).ok_or_else(|| Problem::new(ProblemCode::UnknownSale))?
            }
            (None, _) => return Err(self.no_such_sale(sale.or(self.counter_sale))),
        };
        let revision = match (revision, rings_up) {
            (Some(revision), _) => revision,
            (None, true) => sale.revision,
            (None, false) => return Err(field("revision", "is needed")),
        };
        if matches!(change, SaleChange::TakeCash { .. } | SaleChange::HandBack { .. }) {
            may_take_cash(self.daybook().day.shift()).map_err(|error| {
                Problem::new(ProblemCode::DrawerRefuses).with("why", error.code()).with("what", error)
            })?;
        }
        let id = sale.id;
        let facts = decide(&sale, who.by, revision, change, self.state.payments()).map_err(refused)?;
        records.extend(facts.into_iter().map(|fact| self.record(Fact::Sale { sale: id, fact })));
        records.extend(self.take_acted(super::people::About { sale: Some(id), ..Default::default() }));
        self.commit(records).await?;
        self.stand_at_counter(id);
        Ok(Accepted { sale: Some(id), ..Accepted::default() })
    }

    /// A sale that went on: it is at the counter while it is open and not put aside, or was paid there.
    fn stand_at_counter(&mut self, id: SaleId) {
        let gone = match self.state.sales.get(&id) {
            Some(sale) => sale.parked.is_some(),
            None => self.state.finished.as_ref().is_none_or(|sale| sale.stage == SaleStage::Voided),
        };
        if gone {
            self.counter_sale = self.counter_sale.filter(|at| *at != id);
        } else {
            self.counter_sale = Some(id);
        }
        let is_of_sale = |payment: &domain::payment::Payment| payment.operation.sale == Some(id);
        if gone && self.counter.and_then(|id| self.state.payment(id)).is_some_and(is_of_sale) {
            self.counter = None;
        }
    }

    /// The sale at the counter, while it is open.
    fn open_counter(&self) -> Option<SaleId> {
        self.counter_sale.filter(|id| self.state.sales.contains_key(id))
    }

    fn begun(&self, who: Who) -> (SaleId, SaleFact) {
        let id = SaleId::of(&self.random.seed());
        (id, SaleFact::Begun { currency: self.settings.currency, by: who.by })
    }

    fn no_such_sale(&self, id: Option<SaleId>) -> Problem {
        match self.state.finished.as_ref() {
            Some(sale) if Some(sale.id) == id => refused(NoSale::Finished),
            Some(_) | None => Problem::new(ProblemCode::UnknownSale),
        }
    }

    async fn recall(&mut self, who: Who, sale: Option<SaleId>) -> Result<Accepted, Problem> {
        let id = sale.ok_or_else(|| field("sale", "is needed"))?;
        if let Some(at) = self.open_counter().filter(|at| *at != id) {
            let busy = Problem::new(ProblemCode::SaleRefuses).with("why", "counter_busy");
            return Err(busy.with("what", format!("sale {at} is at the counter")));
        }
        self.load_tenders(id).await?;
        let sale = self.state.sales.get(&id).ok_or_else(|| self.no_such_sale(Some(id)))?;
        let parked = sale.parked.is_some();
        let facts = match parked {
            true => decide(sale, who.by, sale.revision, SaleChange::Recall, self.state.payments()),
            // It was left while a terminal held it: there is nothing to write down.
            false => Ok(Vec::new()),
        };
        let facts = facts.map_err(refused)?;
        let records = facts.into_iter().map(|fact| self.record(Fact::Sale { sale: id, fact })).collect();
        self.commit(records).await?;
        self.counter_sale = Some(id);
        self.dirty = true;
        Ok(Accepted { sale: Some(id), ..Accepted::default() })
    }

    /// Leaves a sale that is finished, or has no lines; its payment with it.
    pub(super) async fn next_sale(&mut self, id: SaleId) -> Result<(), Problem> {
        if self.counter_sale != Some(id) {
            return Ok(());
        }
        if let Some(sale) = self.state.sales.get(&id) {
            let is_empty = sale.basket.as_ref().is_some_and(domain::basket::Basket::is_empty);
            if sale.basket.is_some() && !is_empty {
                return Err(refused(NoSale::NotPaid));
            }
        }
        let payment = self.counter.filter(|payment| {
            self.state.payment(*payment).is_some_and(|payment| payment.operation.sale == Some(id))
        });
        match payment {
            Some(payment) => self.next_customer(payment).await?,
            None if self.state.sales.contains_key(&id) => self.void_sale(id).await?,
            None => {}
        }
        self.counter_sale = None;
        self.dirty = true;
        Ok(())
    }

    fn change(&self, wanted: SaleWanted) -> Result<SaleChange, Problem> {
        let rule = self.settings.shop.rounding;
        Ok(match wanted {
            SaleWanted::Scan { code, quantity, price } => {
                let product = self.product(&code, price)?;
                SaleChange::Lines(BasketChange::Add {
                    product,
                    quantity: quantity.unwrap_or(Quantity::ONE),
                })
            }
            SaleWanted::Amount { name, price, vat, quantity } => {
                let name = match name.trim() {
                    "" => AMOUNT.to_owned(),
                    name => name.chars().take(crate::limits::LINE).collect(),
                };
                let product = Product { sku: None, name, price, vat, unit: Unit::Piece };
                SaleChange::Lines(BasketChange::Add {
                    product,
                    quantity: quantity.unwrap_or(Quantity::ONE),
                })
            }
            SaleWanted::Quantify { line, quantity } => {
                SaleChange::Lines(BasketChange::Quantify { line, quantity })
            }
            SaleWanted::Price { line, price } => SaleChange::Lines(BasketChange::Price { line, price }),
            SaleWanted::DiscountLine { line, discount } => {
                SaleChange::Lines(BasketChange::DiscountLine { line, discount })
            }
            SaleWanted::Remove { line } => SaleChange::Lines(BasketChange::Remove { line }),
            SaleWanted::Restore { line } => SaleChange::Lines(BasketChange::Restore { line }),
            SaleWanted::Discount { discount } => SaleChange::Lines(BasketChange::Discount { discount }),
            SaleWanted::TakeCash { slot, given } => SaleChange::TakeCash { slot, given, rule },
            SaleWanted::HandBack { slot } => SaleChange::HandBack { slot },
            SaleWanted::Park { label } => {
                let short = |label: String| label.trim().chars().take(crate::limits::LINE).collect();
                let label = label.map(short).filter(|label: &String| !label.is_empty());
                SaleChange::Park { label }
            }
            SaleWanted::Recall => SaleChange::Recall,
            SaleWanted::Complete => SaleChange::Complete,
            SaleWanted::Void => SaleChange::Void,
        })
    }

    /// The product of this code, with the price typed where it has none of its own.
    fn product(&self, code: &str, price: Option<Money>) -> Result<Product, Problem> {
        let unknown = || no_product(code);
        let catalogue = self.shelf.borrow();
        let Item { product, open_price, .. } = catalogue.by_code(code).ok_or_else(unknown)?;
        match (open_price, price) {
            (true, Some(price)) => Ok(Product { price, ..product.clone() }),
            (true, None) => Err(field("price", "is needed")),
            (false, _) => Ok(product.clone()),
        }
    }

    /// The rounding that a tender through a terminal brings, where the rule rounds every tender.
    pub(super) fn rounding_before_tender(
        &self,
        who: Who,
        sale: &Sale,
    ) -> Result<Vec<(SaleId, SaleFact)>, Problem> {
        if sale.basket.is_none() {
            return Ok(Vec::new());
        }
        let rule = self.settings.shop.rounding;
        let change = SaleChange::Round { rule };
        let facts = decide(sale, who.by, sale.revision, change, self.state.payments()).map_err(refused)?;
        let id = sale.id;
        Ok(facts.into_iter().map(|fact| (id, fact)).collect())
    }

    /// The sale that was at the counter when the till stopped, as far as its facts tell.
    pub(super) fn newest_sale(&self) -> Option<SaleId> {
        let of_payment = self.counter.and_then(|id| self.state.payment(id)?.operation.sale);
        let waits = |sale: &&Sale| sale.basket.is_some() && sale.parked.is_none();
        of_payment.or_else(|| self.state.sales.values().rev().find(waits).map(|sale| sale.id))
    }
}

/// Why nothing is rung up for this code. What is worth money, or pasted by mistake, is not repeated.
fn no_product(code: &str) -> Problem {
    match recognise(code) {
        Scan::Payment(_) => field("code", "is a customer's payment code").with("why", "payment_code"),
        Scan::Refused(refusal @ (Refusal::CardNumber | Refusal::HalfACode))
            if code.trim().len() > LONGEST_PRODUCT =>
        {
            field("code", refusal.words()).with("why", refusal.code())
        }
        // Nobody sells an address: it is not offered to be searched for or named as goods.
        Scan::Refused(refusal @ (Refusal::Link | Refusal::MerchantCode)) => {
            field("code", refusal.words()).with("why", refusal.code())
        }
        Scan::Refused(_) if code.chars().count() > crate::limits::CODE => field("code", "is too long"),
        Scan::Refused(_) => Problem::new(ProblemCode::UnknownProduct).with("code", code.trim()),
    }
}

/// A refusal of the rules as a problem.
pub(super) fn refused(error: NoSale) -> Problem {
    Problem::new(ProblemCode::SaleRefuses).with("why", error.code()).with("what", error)
}
