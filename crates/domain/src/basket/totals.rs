//! What the lines come to: line by line, the discount on the whole spread over them, tax per rate.

use super::{Basket, Discount, Line};
use crate::money::{Currency, LARGEST_MINOR, Money};
use crate::rounding::fraction;
use crate::tax::{VatPart, WHOLE, split};
use std::collections::BTreeMap;

/// What one line comes to. Everything is negative for goods that come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineTotals {
    /// Price times quantity, the exact half away from zero.
    pub full: Money,
    /// Money off this line.
    pub discount: Money,
    /// Its share of the discount on the whole.
    pub share: Money,
    /// What it brings: full less both.
    pub amount: Money,
}

/// What all lines come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketTotals {
    /// The lines that count, by number.
    pub lines: BTreeMap<u16, LineTotals>,
    /// What is to be paid, before cash rounding.
    pub total: Money,
    /// Money off in all: lines and whole.
    pub discounts: Money,
    /// The discount on the whole.
    pub discount: Money,
    /// Tax per rate, the highest first.
    pub vat: Vec<VatPart>,
}

impl Basket {
    /// What the lines come to. Nothing when an amount is larger than a request can carry, or a price is of
    /// another currency.
    pub fn totals(&self, currency: Currency) -> Option<BasketTotals> {
        let zero = Money::zero(currency);
        let mut lines = BTreeMap::new();
        for (number, line) in self.active() {
            lines.insert(number, line_totals(line, currency)?);
        }
        // The discount on the whole is on what is sold; goods that come back keep their price.
        let weights: Vec<i64> = lines.values().map(|line| line.amount.minor.max(0)).collect();
        let sold = weights.iter().try_fold(0i64, |sum, weight| sum.checked_add(*weight))?;
        let discount = off(self.discount, sold)?;
        for (line, share) in lines.values_mut().zip(spread(discount, &weights)) {
            line.share = Money::new(share, currency);
            line.amount = line.amount.minus(line.share)?;
        }
        let sum =
            |of: fn(&LineTotals) -> Money| lines.values().try_fold(zero, |sum, line| sum.plus(of(line)));
        let total = sum(|line| line.amount)?;
        let discounts = sum(|line| line.discount)?.plus(Money::new(discount, currency))?;
        let rated = self.active().filter_map(|(number, line)| {
            lines.get(&number).map(|totals| (line.product.vat, totals.amount))
        });
        let vat = split(currency, rated)?;
        let fits = total.minor.abs() <= LARGEST_MINOR;
        let discount = Money::new(discount, currency);
        fits.then_some(BasketTotals { lines, total, discounts, discount, vat })
    }
}

fn line_totals(line: &Line, currency: Currency) -> Option<LineTotals> {
    if line.product.price.currency != currency {
        return None;
    }
    let full = fraction(line.product.price.minor, line.quantity.in_thousandths(), 1_000)?;
    if full.abs() > LARGEST_MINOR {
        return None;
    }
    let discount = off(line.discount, full.abs())? * full.signum();
    let money = |minor| Money::new(minor, currency);
    let amount = money(full - discount);
    Some(LineTotals { full: money(full), discount: money(discount), share: money(0), amount })
}

/// What a discount takes off so many minor units: never more than there are.
fn off(discount: Option<Discount>, minor: i64) -> Option<i64> {
    match discount {
        None => Some(0),
        Some(Discount::Amount(money)) => Some(money.minor.clamp(0, minor)),
        Some(Discount::Percent(points)) => fraction(minor, i64::from(points), i64::from(WHOLE)),
    }
}

/// Spreads an amount over weights: every share is its exact part rounded down, and the largest remainders
/// get one minor unit more, the earlier first. The shares sum to the amount; none is above its weight where
/// the amount is not above all of them. Nothing is spread over weights that are all zero.
pub fn spread(minor: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i128 = weights.iter().map(|weight| i128::from((*weight).max(0))).sum();
    let amount = i128::from(minor.max(0));
    if whole == 0 {
        return vec![0; weights.len()];
    }
    let exact = |weight: &i64| amount * i128::from((*weight).max(0));
    let mut shares: Vec<i128> = weights.iter().map(|weight| exact(weight) / whole).collect();
    let missing = amount - shares.iter().sum::<i128>();
    let mut order: Vec<(i128, usize)> =
        weights.iter().enumerate().map(|(at, weight)| (exact(weight) % whole, at)).collect();
    order.sort_by(|(one, first), (other, second)| other.cmp(one).then(first.cmp(second)));
    for (_, at) in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares.into_iter().map(|share| i64::try_from(share).unwrap_or(0)).collect()
}
