//! Amounts of money: integer minor units with an ISO 4217 currency. No floats, no silent rounding.
//!
//! Invariant: amounts of different currencies are never added, compared by size or mixed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The largest amount of one request, in minor units: what every protocol of the till can carry.
pub const LARGEST_MINOR: i64 = 9_999_999_999;

/// ISO 4217 currencies with their number of decimals. Others are refused, not guessed.
#[rustfmt::skip]
const CURRENCIES: &[(&str, u8)] = &[
    ("AED", 2), ("AUD", 2), ("BGN", 2), ("BHD", 3), ("BRL", 2), ("CAD", 2), ("CHF", 2), ("CLP", 0),
    ("CNY", 2), ("CZK", 2), ("DKK", 2), ("EUR", 2), ("GBP", 2), ("HKD", 2), ("HUF", 2), ("IDR", 2),
    ("ILS", 2), ("INR", 2), ("ISK", 0), ("JOD", 3), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("MXN", 2),
    ("MYR", 2), ("NOK", 2), ("NZD", 2), ("OMR", 3), ("PHP", 2), ("PLN", 2), ("QAR", 2), ("RON", 2),
    ("SAR", 2), ("SEK", 2), ("SGD", 2), ("THB", 2), ("TRY", 2), ("TWD", 2), ("USD", 2), ("VND", 0),
    ("ZAR", 2),
];

/// An ISO 4217 currency the till knows the decimals of.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(u8);

impl Currency {
    /// The currency of this three-letter code in capitals.
    pub fn parse(code: &str) -> Option<Self> {
        let index = CURRENCIES.iter().position(|(known, _)| *known == code)?;
        u8::try_from(index).ok().map(Self)
    }
    /// Every currency, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        CURRENCIES.iter().filter_map(|(code, _)| Self::parse(code))
    }
    /// The three-letter code.
    pub fn code(self) -> &'static str {
        CURRENCIES.get(usize::from(self.0)).map_or("", |(code, _)| code)
    }
    /// How many decimals the currency has.
    pub fn decimals(self) -> u8 {
        CURRENCIES.get(usize::from(self.0)).map_or(0, |(_, decimals)| *decimals)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}
impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Self::parse(&code).ok_or_else(|| format!("unknown currency {code}"))
    }
}

/// An amount in minor units. Never negative where it is asked for or approved.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Money {
    /// Minor units, for example öre.
    pub minor: i64,
    /// What they are minor units of.
    pub currency: Currency,
}

/// Why a text is not an amount that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAmount {
    /// Not digits with at most one decimal sign.
    #[error("is not a number")]
    NotANumber,
    /// Below zero.
    #[error("is negative")]
    Negative,
    /// Zero where an amount is needed.
    #[error("is zero")]
    Zero,
    /// More decimals than the currency has.
    #[error("has too many decimals for the currency")]
    TooManyDecimals,
    /// Larger than a request can carry.
    #[error("is too large")]
    TooLarge,
}

impl Money {
    /// So many minor units of this currency.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    /// Nothing of this currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }
    /// Whether there is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }
    /// Reads what a person types: digits, `.` or `,` as the decimal sign, no more decimals than the
    /// currency has, not negative, zero allowed. [`Money::positive`] also refuses zero.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, NotAnAmount> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix('-') {
            let number = Self::parse(rest, currency)?;
            return if number.is_zero() {
                Err(NotAnAmount::NotANumber)
            } else {
                Err(NotAnAmount::Negative)
            };
        }
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let has_sign = text.len() > whole.len();
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || (has_sign && fraction.is_empty()) {
            return Err(NotAnAmount::NotANumber);
        }
        let decimals = usize::from(currency.decimals());
        if fraction.len() > decimals {
            return Err(NotAnAmount::TooManyDecimals);
        }
        let padded = format!("{whole}{fraction:0<decimals$}");
        let minor = padded.parse::<i64>().map_err(|_| NotAnAmount::TooLarge)?;
        if minor > LARGEST_MINOR { Err(NotAnAmount::TooLarge) } else { Ok(Self { minor, currency }) }
    }
    /// As [`Money::parse`], and zero is refused.
    pub fn positive(text: &str, currency: Currency) -> Result<Self, NotAnAmount> {
        let money = Self::parse(text, currency)?;
        if money.is_zero() { Err(NotAnAmount::Zero) } else { Ok(money) }
    }
    /// The sum; nothing when the currencies differ or the sum does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        (self.currency == other.currency).then_some(())?;
        Some(Self { minor: self.minor.checked_add(other.minor)?, currency: self.currency })
    }
    /// The difference; nothing when the currencies differ or it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        (self.currency == other.currency).then_some(())?;
        Some(Self { minor: self.minor.checked_sub(other.minor)?, currency: self.currency })
    }
    /// The plain decimal without the currency: `12.50`.
    pub fn plain(self) -> String {
        let decimals = usize::from(self.currency.decimals());
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        if decimals == 0 {
            return format!("{sign}{digits}");
        }
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        format!("{sign}{whole}.{fraction}")
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.plain(), self.currency)
    }
}
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.plain(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sek() -> Currency {
        Currency::parse("SEK").unwrap()
    }

    #[test]
    fn what_is_typed() {
        #[rustfmt::skip]
        let rows: &[(&str, Result<i64, NotAnAmount>)] = &[
            ("12.50", Ok(1250)), ("12,50", Ok(1250)), ("12", Ok(1200)), ("12.5", Ok(1250)), (" 7 ", Ok(700)),
            ("0", Ok(0)), ("-1", Err(NotAnAmount::Negative)), ("-0", Err(NotAnAmount::NotANumber)),
            ("1.234", Err(NotAnAmount::TooManyDecimals)), ("", Err(NotAnAmount::NotANumber)),
            ("1e3", Err(NotAnAmount::NotANumber)), ("1 000", Err(NotAnAmount::NotANumber)),
            ("+1", Err(NotAnAmount::NotANumber)), ("1.2.3", Err(NotAnAmount::NotANumber)),
            (".5", Err(NotAnAmount::NotANumber)), ("5.", Err(NotAnAmount::NotANumber)),
            ("99999999999", Err(NotAnAmount::TooLarge)),
            ("99999999999999999999999", Err(NotAnAmount::TooLarge)), ("٣", Err(NotAnAmount::NotANumber)),
        ];
        for (text, want) in rows {
            assert_eq!(Money::parse(text, sek()).map(|money| money.minor), *want, "{text:?}");
        }
        assert_eq!(Money::positive("0.00", sek()), Err(NotAnAmount::Zero));
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(Money::parse("12.5", yen), Err(NotAnAmount::TooManyDecimals));
        assert_eq!(Money::new(1250, yen).plain(), "1250");
    }

    #[test]
    fn currencies_never_mix() {
        let euro = Currency::parse("EUR").unwrap();
        assert_eq!(Money::new(1, sek()).plus(Money::new(1, euro)), None);
        assert_eq!(Money::new(1, sek()).minus(Money::new(1, euro)), None);
        assert_eq!(Currency::parse("sek"), None);
    }

    proptest! {
        #[test]
        fn plain_and_parse_agree(minor in 0..=LARGEST_MINOR, index in 0..CURRENCIES.len()) {
            let currency = Currency::parse(CURRENCIES[index].0).unwrap();
            let money = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&money.plain(), currency), Ok(money));
        }

        #[test]
        fn parse_never_panics(text in ".{0,40}") {
            let _ = Money::parse(&text, sek());
        }
    }
}
