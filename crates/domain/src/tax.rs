//! Value added tax: rates as data in basis points, tax included in the price, and its split per rate.
//!
//! Invariants: the gross amounts of all rates sum to the total to the last minor unit, and net and tax of a
//! rate sum to its gross. Tax is found once per rate over the whole sale, never line by line.

use crate::money::{Currency, Money};
use crate::rounding::fraction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Basis points of a whole.
pub const WHOLE: u16 = 10_000;

/// A rate in basis points: 2500 is 25 %.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "number"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct VatRate(u16);

/// The rates in use in a country, the usual one first.
const COUNTRIES: &[(&str, &[VatRate])] = &[
    ("SE", &[VatRate(2500), VatRate(1200), VatRate(600), VatRate(0)]),
    ("CH", &[VatRate(810), VatRate(260), VatRate(380), VatRate(0)]),
    ("MY", &[VatRate(1000), VatRate(500), VatRate(800), VatRate(600), VatRate(0)]),
];

impl VatRate {
    /// No tax.
    pub const ZERO: Self = Self(0);

    /// A rate of so many basis points; nothing above 100 %.
    pub fn new(basis_points: u16) -> Option<Self> {
        (basis_points <= WHOLE).then_some(Self(basis_points))
    }
    /// In basis points.
    pub const fn basis_points(self) -> u16 {
        self.0
    }
    /// Reads a percentage as it stands in a product list: `25`, `8.1`, `12,00 %`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(parse_percent(text)?)
    }
    /// The percentage without the sign: `25`, `8.1`.
    pub fn percent(self) -> String {
        let (whole, rest) = (self.0 / 100, format!("{:02}", self.0 % 100));
        match rest.trim_end_matches('0') {
            "" => whole.to_string(),
            rest => format!("{whole}.{rest}"),
        }
    }
    /// The usual rates of a country (`SE`), the most usual first; none where they are not known here.
    pub fn of_country(country: &str) -> &'static [Self] {
        COUNTRIES.iter().find(|(known, _)| *known == country).map_or(&[], |(_, rates)| rates)
    }
}

impl TryFrom<u16> for VatRate {
    type Error = String;
    fn try_from(basis_points: u16) -> Result<Self, String> {
        Self::new(basis_points).ok_or_else(|| format!("{basis_points} basis points are above 100 %"))
    }
}
impl From<VatRate> for u16 {
    fn from(rate: VatRate) -> Self {
        rate.0
    }
}

/// Reads a percentage with at most two decimals into basis points, 0 to 100 %. The sign is optional.
pub fn parse_percent(text: &str) -> Option<u16> {
    let text = text.trim();
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(whole, 3) || !digits(decimals, 2) {
        return None;
    }
    let points: u16 = format!("{whole}{decimals:0<2}").parse().ok()?;
    (points <= WHOLE).then_some(points)
}

/// What a sale came to at one rate. Negative for goods that came back.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatPart {
    /// The rate.
    pub rate: VatRate,
    /// What is paid.
    pub gross: Money,
    /// What is left of it without tax.
    pub net: Money,
    /// The tax in it.
    pub vat: Money,
}

impl VatPart {
    /// The tax in a gross amount, the exact half away from zero. Nothing when it does not fit.
    pub fn of(rate: VatRate, gross: Money) -> Option<Self> {
        let points = i64::from(rate.0);
        let vat = Money::new(fraction(gross.minor, points, i64::from(WHOLE) + points)?, gross.currency);
        Some(Self { rate, gross, net: gross.minus(vat)?, vat })
    }
}

/// The split of these gross amounts, one part per rate that occurs, the highest first. Nothing when a sum
/// does not fit or currencies differ.
pub fn split(currency: Currency, amounts: impl Iterator<Item = (VatRate, Money)>) -> Option<Vec<VatPart>> {
    let mut gross: BTreeMap<VatRate, Money> = BTreeMap::new();
    for (rate, money) in amounts {
        let sum = gross.entry(rate).or_insert(Money::zero(currency));
        *sum = sum.plus(money)?;
    }
    gross.into_iter().rev().map(|(rate, gross)| VatPart::of(rate, gross)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sek(minor: i64) -> Money {
        Money::new(minor, Currency::parse("SEK").unwrap())
    }
    fn rate(points: u16) -> VatRate {
        VatRate::new(points).unwrap()
    }

    #[test]
    fn tax_in_the_price() {
        #[rustfmt::skip]
        let rows = [
            (2500, 10_000, 2_000), (1200, 11_200, 1_200), (600, 10_600, 600), (0, 10_000, 0),
            (2500, 99, 20), (810, 1_081, 81), (2500, -10_000, -2_000), (2500, 1, 0), (1200, 5, 1),
            (10_000, 3, 2), (10_000, -3, -2),
        ];
        for (points, gross, vat) in rows {
            let part = VatPart::of(rate(points), sek(gross)).unwrap();
            assert_eq!((part.vat.minor, part.net.minor), (vat, gross - vat), "{points} of {gross}");
        }
    }

    #[test]
    fn percentages_as_they_are_written() {
        #[rustfmt::skip]
        let rows = [
            ("25", Some(2500)), ("8.1", Some(810)), ("12,00 %", Some(1200)), (" 6% ", Some(600)),
            ("0", Some(0)), ("100", Some(10_000)), ("100.01", None), ("", None), ("%", None), ("-1", None),
            ("1.234", None), ("1.", None), (".5", None), ("25 25", None), ("1e1", None), ("٣", None),
        ];
        for (text, want) in rows {
            assert_eq!(parse_percent(text), want, "{text:?}");
        }
        for (points, text) in [(2500, "25"), (810, "8.1"), (1225, "12.25"), (5, "0.05"), (0, "0")] {
            assert_eq!(rate(points).percent(), text);
            assert_eq!(VatRate::parse(text), Some(rate(points)));
        }
        assert_eq!(VatRate::of_country("SE").first(), Some(&rate(2500)));
        assert_eq!(VatRate::of_country("XX"), &[]);
        assert!(serde_json::from_str::<VatRate>("10001").is_err());
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_total(
            amounts in proptest::collection::vec((0u16..=10_000, -1_000_000i64..1_000_000), 0..40),
        ) {
            let total: i64 = amounts.iter().map(|(_, minor)| minor).sum();
            let lines = amounts.iter().map(|(points, minor)| (rate(points / 100 * 100), sek(*minor)));
            let parts = split(sek(0).currency, lines).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.gross.minor).sum::<i64>(), total);
            for part in &parts {
                prop_assert_eq!(part.net.plus(part.vat), Some(part.gross));
                let whole = i64::from(WHOLE) + i64::from(part.rate.basis_points());
                let off = part.vat.minor * whole - part.gross.minor * i64::from(part.rate.basis_points());
                prop_assert!(off.abs() * 2 <= whole);
            }
            prop_assert!(parts.windows(2).all(|pair| pair[0].rate > pair[1].rate));
        }
    }
}
