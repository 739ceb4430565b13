//! Changing the lines: what a cashier may do, and what is then written down.

use super::{Basket, Discount, Line, Product, Quantity};
use crate::limits;
use crate::money::{Currency, LARGEST_MINOR, Money};
use serde::{Deserialize, Serialize};

/// One fact about the lines of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasketFact {
    /// A line was rung up.
    LineAdded {
        /// Its number.
        line: u16,
        /// What, as it is now.
        product: Box<Product>,
        /// How much.
        quantity: Quantity,
    },
    /// Another quantity was entered.
    LineQuantified {
        /// The line.
        line: u16,
        /// How much.
        quantity: Quantity,
    },
    /// Another price was entered.
    LinePriced {
        /// The line.
        line: u16,
        /// Price of one unit, tax included.
        price: Money,
    },
    /// Money off a line, or none any more.
    LineDiscounted {
        /// The line.
        line: u16,
        /// How much.
        discount: Option<Discount>,
    },
    /// A line was taken out.
    LineRemoved {
        /// The line.
        line: u16,
    },
    /// A line that was taken out came back.
    LineRestored {
        /// The line.
        line: u16,
    },
    /// Money off the whole, or none any more.
    Discounted {
        /// How much.
        discount: Option<Discount>,
    },
}

/// What a cashier wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BasketChange {
    /// Ring up. The same product again raises the newest line's quantity where nothing tells them apart.
    Add {
        /// What; with the price typed, where it has none of its own.
        product: Product,
        /// How much.
        quantity: Quantity,
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
        /// Price of one unit, tax included; zero is a gift.
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
}

/// Why the lines do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoChange {
    /// There is no such line, or it was taken out.
    #[error("there is no such line")]
    NoLine,
    /// The line is not taken out.
    #[error("the line is there already")]
    NotRemoved,
    /// Parts of a piece.
    #[error("this is sold in whole pieces")]
    WholePieces,
    /// A price or discount that cannot be: negative, of another currency, above the whole.
    #[error("the amount cannot be used here")]
    Amount,
    /// The sale would come to more than can be paid at once.
    #[error("the sale would be too large")]
    TooLarge,
    /// More lines than a sale holds.
    #[error("the sale has too many lines")]
    TooManyLines,
}

impl NoChange {
    /// The stable word, for words in any language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoLine => "no_line",
            Self::NotRemoved => "not_removed",
            Self::WholePieces => "whole_pieces",
            Self::Amount => "amount",
            Self::TooLarge => "too_large",
            Self::TooManyLines => "too_many_lines",
        }
    }
}

impl Basket {
    /// What is written down for this change. The result fits the till's amounts.
    pub fn decide(&self, currency: Currency, change: BasketChange) -> Result<BasketFact, NoChange> {
        let fact = self.fact(currency, change)?;
        match self.clone().evolve(&fact).totals(currency) {
            Some(_) => Ok(fact),
            None => Err(NoChange::TooLarge),
        }
    }
    fn fact(&self, currency: Currency, change: BasketChange) -> Result<BasketFact, NoChange> {
        let sound = |discount: Option<Discount>| {
            let fits = discount.is_none_or(|discount| discount.is_sound(currency));
            if fits { Ok(()) } else { Err(NoChange::Amount) }
        };
        match change {
            BasketChange::Add { product, quantity } => self.added(currency, product, quantity),
            BasketChange::Quantify { line, quantity } => {
                in_pieces(&self.at(line)?.product, quantity)?;
                Ok(BasketFact::LineQuantified { line, quantity })
            }
            BasketChange::Price { line, price } => {
                self.at(line)?;
                priced(currency, price)?;
                Ok(BasketFact::LinePriced { line, price })
            }
            BasketChange::DiscountLine { line, discount } => {
                self.at(line)?;
                sound(discount)?;
                Ok(BasketFact::LineDiscounted { line, discount })
            }
            BasketChange::Remove { line } => {
                self.at(line)?;
                Ok(BasketFact::LineRemoved { line })
            }
            BasketChange::Restore { line } => match self.lines.get(&line) {
                Some(found) if found.removed => Ok(BasketFact::LineRestored { line }),
                Some(_) => Err(NoChange::NotRemoved),
                None => Err(NoChange::NoLine),
            },
            BasketChange::Discount { discount } => {
                sound(discount)?;
                Ok(BasketFact::Discounted { discount })
            }
        }
    }
    fn at(&self, line: u16) -> Result<&Line, NoChange> {
        self.lines.get(&line).filter(|line| !line.removed).ok_or(NoChange::NoLine)
    }
    fn added(
        &self,
        currency: Currency,
        product: Product,
        quantity: Quantity,
    ) -> Result<BasketFact, NoChange> {
        priced(currency, product.price)?;
        in_pieces(&product, quantity)?;
        let newest = self.active().next_back();
        let again = newest.filter(|(_, line)| {
            let same = line.product == product && product.sku.is_some() && line.discount.is_none();
            same && !product.unit.is_measured() && line.quantity.is_return() == quantity.is_return()
        });
        if let Some((number, line)) = again {
            let sum = line.quantity.in_thousandths() + quantity.in_thousandths();
            let quantity = Quantity::thousandths(sum).ok_or(NoChange::TooLarge)?;
            return Ok(BasketFact::LineQuantified { line: number, quantity });
        }
        let line = self.lines.keys().next_back().map_or(1, |last| last.saturating_add(1));
        if line > limits::LINES {
            return Err(NoChange::TooManyLines);
        }
        Ok(BasketFact::LineAdded { line, product: Box::new(product), quantity })
    }
    /// Applies one fact.
    #[must_use]
    pub fn evolve(mut self, fact: &BasketFact) -> Self {
        match fact {
            BasketFact::LineAdded { line, product, quantity } => {
                let product = product.as_ref().clone();
                let added = Line { product, quantity: *quantity, discount: None, removed: false };
                self.lines.insert(*line, added);
            }
            BasketFact::LineQuantified { line, quantity } => {
                self.change(*line, |line| line.quantity = *quantity);
            }
            BasketFact::LinePriced { line, price } => {
                self.change(*line, |line| line.product.price = *price);
            }
            BasketFact::LineDiscounted { line, discount } => {
                self.change(*line, |line| line.discount = *discount);
            }
            BasketFact::LineRemoved { line } => self.change(*line, |line| line.removed = true),
            BasketFact::LineRestored { line } => self.change(*line, |line| line.removed = false),
            BasketFact::Discounted { discount } => self.discount = *discount,
        }
        self
    }
    fn change(&mut self, line: u16, change: impl FnOnce(&mut Line)) {
        if let Some(line) = self.lines.get_mut(&line) {
            change(line);
        }
    }
}

fn in_pieces(product: &Product, quantity: Quantity) -> Result<(), NoChange> {
    let fits = product.unit.is_measured() || quantity.is_whole();
    if fits { Ok(()) } else { Err(NoChange::WholePieces) }
}

fn priced(currency: Currency, price: Money) -> Result<(), NoChange> {
    let fits = price.currency == currency && (0..=LARGEST_MINOR).contains(&price.minor);
    if fits { Ok(()) } else { Err(NoChange::Amount) }
}
