//! Cash on the counter: what it settles, the change, and the rounding. Payments through a terminal are
//! tenders of their own kind (see [`crate::sale`]): they have no rounding but a machine that may not answer.
//!
//! Invariant: what a cash tender brings is what was given less the change, and it differs from what was due
//! by the rounding only where it settles all of it.

use crate::money::{LARGEST_MINOR, Money};
use crate::operation::{Method, Operation};
use crate::rounding::{CashRounding, ChangeRule};
use serde::{Deserialize, Serialize};

/// One way to pay, for totals.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Coins and notes.
    Cash,
    /// A card, or whatever a terminal took.
    Card,
    /// A code on a phone.
    Wallet,
}

impl TenderKind {
    /// The kind of a payment through a terminal.
    pub const fn of(operation: &Operation) -> Self {
        match operation.method {
            Method::Card | Method::Any => Self::Card,
            Method::Qr => Self::Wallet,
        }
    }
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Wallet => "wallet",
        }
    }
}

/// Cash that changed hands for a sale. For money paid out `amount` is negative and nothing was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashTender {
    /// What it brings to the sale: given less change.
    pub amount: Money,
    /// What the customer laid down.
    pub given: Money,
    /// What the customer gets.
    pub change: Money,
    /// How far `amount` lies above what was due; nothing where it settles only a part. It takes back what an
    /// earlier tender of the sale was rounded by: a sale is rounded once.
    pub rounding: Money,
}

/// Why cash is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCash {
    /// Nothing is due, or less than the smallest coin.
    #[error("nothing is due in cash")]
    NothingDue,
    /// Nothing was given where money is due, or something where money goes out.
    #[error("the amount given does not fit")]
    Given,
    /// Coins that do not exist.
    #[error("there are no such coins")]
    NotCoins,
    /// Another currency than the sale's.
    #[error("the currency differs from the sale's")]
    Currency,
}

impl NoCash {
    /// The stable word, for words in any language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NothingDue => "nothing_due",
            Self::Given => "given",
            Self::NotCoins => "not_coins",
            Self::Currency => "currency",
        }
    }
}

/// What cash does for this amount due. Given less than due it settles a part; given enough it settles all,
/// rounded, with change. Where `due` is negative money is paid out and `given` must be zero.
pub fn cash(rule: &CashRounding, due: Money, given: Money) -> Result<CashTender, NoCash> {
    if given.currency != due.currency {
        return Err(NoCash::Currency);
    }
    let zero = Money::zero(due.currency);
    let rounded = rule.round(due);
    if due.is_zero() {
        return Err(NoCash::NothingDue);
    }
    if !rule.is_in_coins(given) {
        return Err(NoCash::NotCoins);
    }
    let pays_out = due.minor < 0;
    // An amount below half a coin rounds to nothing: it is settled by laying nothing down.
    let least = i64::from(!pays_out && !rounded.is_zero());
    let most = if pays_out { 0 } else { LARGEST_MINOR };
    if !(least..=most).contains(&given.minor) {
        return Err(NoCash::Given);
    }
    if !pays_out && given < rounded {
        return Ok(CashTender { amount: given, given, change: zero, rounding: zero });
    }
    let change = match rule.change {
        ChangeRule::FromRounded => given.minus(rounded),
        ChangeRule::Rounded(direction) => {
            given.minus(due).map(|exact| CashRounding { direction, ..*rule }.round(exact))
        }
    };
    let change = change.ok_or(NoCash::Given)?;
    let amount = given.minus(change).ok_or(NoCash::Given)?;
    let rounding = amount.minus(due).ok_or(NoCash::Given)?;
    Ok(CashTender { amount, given, change, rounding })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use crate::rounding::Direction;
    use proptest::prelude::*;

    fn sek(minor: i64) -> Money {
        Money::new(minor, Currency::parse("SEK").unwrap())
    }
    const SWEDEN: CashRounding = CashRounding::nearest(100);
    /// The same law as Swedish registers print it for the change.
    const SWEDEN_BY_CHANGE: CashRounding =
        CashRounding { change: ChangeRule::Rounded(Direction::HalfDown), ..SWEDEN };

    /// Due, given; what it brings, change, rounding.
    type Row = (i64, i64, Result<(i64, i64, i64), NoCash>);

    #[test]
    fn cash_with_change_and_rounding() {
        #[rustfmt::skip]
        let rows: &[Row] = &[
            (4_950, 10_000, Ok((5_000, 5_000, 50))), (4_949, 10_000, Ok((4_900, 5_100, -49))),
            (4_949, 4_900, Ok((4_900, 0, -49))), (4_950, 4_900, Ok((4_900, 0, 0))),
            (5_000, 5_000, Ok((5_000, 0, 0))), (5_000, 2_000, Ok((2_000, 0, 0))),
            (49, 0, Ok((0, 0, -49))), (49, 100, Ok((0, 100, -49))), (50, 0, Err(NoCash::Given)),
            (0, 100, Err(NoCash::NothingDue)), (5_000, 0, Err(NoCash::Given)),
            (5_000, -100, Err(NoCash::Given)), (5_000, 2_050, Err(NoCash::NotCoins)),
            (-5_050, 0, Ok((-5_100, 5_100, -50))), (-5_049, 0, Ok((-5_000, 5_000, 49))),
            (-5_000, 100, Err(NoCash::Given)),
            (100, LARGEST_MINOR + 1, Err(NoCash::Given)),
        ];
        for (due, given, want) in rows {
            let taken = cash(&SWEDEN, sek(*due), sek(*given));
            let got = taken.map(|cash| (cash.amount.minor, cash.change.minor, cash.rounding.minor));
            assert_eq!(got, *want, "{due} due, {given} given");
        }
        let euro = Money::new(100, Currency::parse("EUR").unwrap());
        assert_eq!(cash(&SWEDEN, sek(100), euro), Err(NoCash::Currency));
    }

    #[test]
    fn rounding_may_favour_the_shop_or_the_customer_by_rule() {
        let down = CashRounding { direction: Direction::Down, ..SWEDEN };
        let taken = cash(&down, sek(4_999), sek(5_000)).unwrap();
        assert_eq!((taken.amount.minor, taken.change.minor, taken.rounding.minor), (4_900, 100, -99));
        let exact = cash(&CashRounding::NONE, sek(4_999), sek(5_000)).unwrap();
        assert_eq!((exact.amount.minor, exact.change.minor, exact.rounding.minor), (4_999, 1, 0));
    }

    proptest! {
        #[test]
        fn nothing_is_made_or_lost(due in 1i64..1_000_000, coins in 0i64..20_000) {
            let given = sek(coins * 100);
            if let Ok(taken) = cash(&SWEDEN, sek(due), given) {
                prop_assert_eq!(taken.amount.plus(taken.change), Some(given));
                prop_assert!(SWEDEN.is_in_coins(taken.change) && taken.change >= sek(0));
                prop_assert!(taken.rounding.minor.abs() * 2 <= 100);
                let settles = taken.amount.minus(taken.rounding) == Some(sek(due));
                prop_assert!(settles || (taken.rounding.is_zero() && taken.change.is_zero()));
                prop_assert_eq!(settles, given >= SWEDEN.round(sek(due)));
            }
        }

        #[test]
        fn both_ways_to_word_the_swedish_rule_agree(due in 1i64..1_000_000, coins in 0i64..20_000) {
            let given = sek(coins * 100);
            prop_assert_eq!(cash(&SWEDEN, sek(due), given), cash(&SWEDEN_BY_CHANGE, sek(due), given));
        }
    }
}
