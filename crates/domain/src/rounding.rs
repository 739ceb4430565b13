//! Cash rounding as data: step, direction, which tenders, and what becomes of the change. Coins that do not
//! exist cannot be given; who rounds what, and when, is law and differs from country to country.
//!
//! Invariant: only what is due by a tender is rounded, never a line and never VAT; a negative amount is
//! rounded as its positive twin, so that money back mirrors money in.

use crate::money::Money;
use serde::{Deserialize, Serialize};

/// Where an amount goes that is no multiple of the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the nearest; the exact half goes away from zero.
    HalfUp,
    /// To the nearest; the exact half goes towards zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
}

/// Which tenders are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundedTenders {
    /// What is due in cash.
    Cash,
    /// The total, however it is paid.
    Every,
}

/// How change is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeRule {
    /// What was given less the rounded amount due.
    FromRounded,
    /// What was given less the exact amount due, and that is rounded in this direction.
    Rounded(Direction),
}

/// One country's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashRounding {
    /// The smallest coin, minor units; 1 rounds nothing.
    pub step: i64,
    /// How the amount due is rounded.
    pub direction: Direction,
    /// What is rounded.
    pub tenders: RoundedTenders,
    /// How change is found.
    pub change: ChangeRule,
}

/// Country (ISO 3166), currency, rule.
///
/// * Sweden, law 1970:1029: whole kronor in cash only, 1–49 öre down, 50–99 öre up. Seen from the change it
///   is 1–50 down, 51–99 up, which is the same money.
/// * Switzerland: 5 centimes, the nearest. Cash only.
/// * Malaysia, Bank Negara's mechanism: 1, 2, 6, 7 sen down and 3, 4, 8, 9 sen up. Sources disagree whether
///   cards are rounded too; the newer one says cash only, and settings may say `every`.
const COUNTRIES: &[(&str, &str, CashRounding)] = &[
    ("SE", "SEK", CashRounding::nearest(100)),
    ("CH", "CHF", CashRounding::nearest(5)),
    ("MY", "MYR", CashRounding::nearest(5)),
];

impl CashRounding {
    /// Every coin exists.
    pub const NONE: Self = Self::nearest(1);

    /// Cash to the nearest multiple of `step` minor units, the half up; change follows.
    pub const fn nearest(step: i64) -> Self {
        Self {
            step,
            direction: Direction::HalfUp,
            tenders: RoundedTenders::Cash,
            change: ChangeRule::FromRounded,
        }
    }
    /// The rule of a country (`SE`) in its currency; other amounts are not rounded.
    pub fn of_country(country: &str, currency: &str) -> Self {
        COUNTRIES
            .iter()
            .find(|(known, money, _)| *known == country && *money == currency)
            .map_or(Self::NONE, |(_, _, rule)| *rule)
    }
    /// The amount in coins that exist.
    pub fn round(&self, money: Money) -> Money {
        Money::new(to_step(money.minor, self.step, self.direction), money.currency)
    }
    /// Whether the amount can be laid on the counter.
    pub fn is_in_coins(&self, money: Money) -> bool {
        money.minor.checked_rem(self.step.max(1)) == Some(0)
    }
}

/// The multiple of `step` that this direction leads to. What does not fit stays as it is.
fn to_step(minor: i64, step: i64, direction: Direction) -> i64 {
    let (value, step) = (i128::from(minor.unsigned_abs()), i128::from(step.max(1)));
    let (whole, rest) = (value / step, value % step);
    let up = match direction {
        Direction::HalfUp => rest * 2 >= step,
        Direction::HalfDown => rest * 2 > step,
        Direction::Up => rest > 0,
        Direction::Down => false,
    };
    let rounded = (whole + i128::from(up && rest > 0)) * step;
    let signed = if minor < 0 { -rounded } else { rounded };
    i64::try_from(signed).unwrap_or(minor)
}

/// `minor * numerator / denominator`, the exact half away from zero. Nothing when it does not fit or the
/// denominator is not above zero.
pub fn fraction(minor: i64, numerator: i64, denominator: i64) -> Option<i64> {
    let denominator = i128::from(denominator);
    if denominator <= 0 {
        return None;
    }
    let product = i128::from(minor) * i128::from(numerator);
    let half_up = (product.abs() * 2 + denominator) / (denominator * 2);
    i64::try_from(if product < 0 { -half_up } else { half_up }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use proptest::prelude::*;

    fn rounded(country: &str, currency: &str, minor: i64) -> i64 {
        let money = Money::new(minor, Currency::parse(currency).unwrap());
        CashRounding::of_country(country, currency).round(money).minor
    }

    #[test]
    fn the_countries() {
        #[rustfmt::skip]
        let rows = [
            ("SE", "SEK", 10_049, 10_000), ("SE", "SEK", 10_050, 10_100), ("SE", "SEK", 10_001, 10_000),
            ("SE", "SEK", 10_099, 10_100), ("SE", "SEK", 49, 0), ("SE", "SEK", -10_050, -10_100),
            ("CH", "CHF", 1_001, 1_000), ("CH", "CHF", 1_002, 1_000), ("CH", "CHF", 1_003, 1_005),
            ("CH", "CHF", 1_007, 1_005), ("CH", "CHF", 1_008, 1_010), ("MY", "MYR", 1_001, 1_000),
            ("MY", "MYR", 1_002, 1_000), ("MY", "MYR", 1_003, 1_005), ("MY", "MYR", 1_004, 1_005),
            ("MY", "MYR", 1_006, 1_005), ("MY", "MYR", 1_007, 1_005), ("MY", "MYR", 1_008, 1_010),
            ("MY", "MYR", 1_009, 1_010), ("SE", "EUR", 1_049, 1_049), ("DE", "EUR", 1_049, 1_049),
        ];
        for (country, currency, minor, want) in rows {
            assert_eq!(rounded(country, currency, minor), want, "{country} {minor}");
        }
    }

    #[test]
    fn the_directions() {
        #[rustfmt::skip]
        let rows = [
            (Direction::HalfUp, 50, 100), (Direction::HalfUp, 49, 0), (Direction::HalfDown, 50, 0),
            (Direction::HalfDown, 51, 100), (Direction::Up, 1, 100), (Direction::Up, 100, 100),
            (Direction::Down, 99, 0), (Direction::Up, 0, 0), (Direction::HalfDown, -51, -100),
        ];
        for (direction, minor, want) in rows {
            assert_eq!(to_step(minor, 100, direction), want, "{direction:?} {minor}");
        }
        assert_eq!(to_step(7, 0, Direction::Up), 7, "no step rounds nothing");
        assert_eq!(to_step(i64::MAX, 100, Direction::Up), i64::MAX);
    }

    proptest! {
        #[test]
        fn rounding_is_near_and_in_coins(minor in -10_000_000i64..10_000_000, step in 1i64..500) {
            let rule = CashRounding::nearest(step);
            let money = Money::new(minor, Currency::parse("SEK").unwrap());
            let rounded = rule.round(money);
            prop_assert!(rule.is_in_coins(rounded));
            prop_assert!((rounded.minor - minor).abs() * 2 <= step);
            prop_assert_eq!(rule.round(rounded), rounded);
            let mirrored = rule.round(Money::new(-minor, money.currency));
            prop_assert_eq!(mirrored.minor, -rounded.minor);
        }

        #[test]
        fn a_fraction_is_the_nearest(minor: i32, numerator in 0i64..20_000, denominator in 1i64..20_000) {
            let part = fraction(i64::from(minor), numerator, denominator).unwrap();
            let off = i128::from(part) * i128::from(denominator) - i128::from(minor) * i128::from(numerator);
            prop_assert!(off.abs() * 2 <= i128::from(denominator));
        }
    }
}
