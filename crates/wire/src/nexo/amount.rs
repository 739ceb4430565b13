//! Exact decimals of the XML: `56`, `41.00`, `0.00`. No floats, so no rounding can creep in.
//!
//! Dossier chapter 4: any number of decimals occurs, so amounts are compared by value, never as text.
//! Invariant: `digits` has at most 20 digits and `scale` is at most 18, so every comparison fits into
//! 128 bits.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::element::Text;
use super::read::is_blank;

const MAX_DIGITS: usize = 20;
const MAX_SCALE: usize = 18;

/// A decimal number of the wire: an amount of money, a quantity or a rate. Equal when the values are equal
/// (`56` = `56.00`); written with as many decimals as it was read or made with.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    digits: i128,
    scale: u8,
}

impl Amount {
    /// Zero, written `0`.
    pub const ZERO: Self = Self { digits: 0, scale: 0 };

    /// An amount in minor units of a currency with that many decimals: `from_minor(24950, 2)` is `249.50`.
    /// More than 18 decimals do not exist and count as 18.
    pub fn from_minor(minor: i64, exponent: u8) -> Self {
        Self { digits: i128::from(minor), scale: exponent.min(MAX_SCALE as u8) }
    }

    /// The value in minor units of a currency with that many decimals; `None` when it is not a whole
    /// number of them or does not fit.
    pub fn to_minor(self, exponent: u8) -> Option<i64> {
        let minor = if exponent >= self.scale {
            self.digits.checked_mul(ten_to(exponent - self.scale)?)?
        } else {
            let divisor = ten_to(self.scale - exponent)?;
            if self.digits % divisor != 0 {
                return None;
            }
            self.digits / divisor
        };
        i64::try_from(minor).ok()
    }

    /// Whether the value is below zero. Negative amounts are readable but outside the grammar.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// How many decimals it is written with.
    pub fn decimals(self) -> u8 {
        self.scale
    }

    /// Value times 10^18, the common denominator of all amounts.
    fn comparable(self) -> i128 {
        let missing = (MAX_SCALE as u8).saturating_sub(self.scale);
        self.digits.saturating_mul(ten_to(missing).unwrap_or(i128::MAX))
    }
}

fn ten_to(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(exponent))
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.comparable() == other.comparable()
    }
}

impl Eq for Amount {}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        self.comparable().cmp(&other.comparable())
    }
}

impl Hash for Amount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.comparable().hash(state);
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.unsigned_abs();
        let unit = ten_to(self.scale).map_or(1, i128::unsigned_abs);
        let sign = if self.digits < 0 { "-" } else { "" };
        if self.scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit, width = usize::from(self.scale))
    }
}

impl Text for Amount {
    fn parse(raw: &str) -> Result<Self, String> {
        parse(raw.trim_matches(is_blank)).ok_or_else(|| "is not a decimal number".to_owned())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

/// `-?digits(.digits)?`; a comma, an exponent, a plus sign or a blank inside is an error (dossier
/// chapter 18.2).
fn parse(text: &str) -> Option<Amount> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = |fraction: &str| {
        let digits = format!("{whole}{fraction}").trim_start_matches('0').to_owned();
        (digits.len() <= MAX_DIGITS && fraction.len() <= MAX_SCALE).then_some((digits, fraction.len()))
    };
    // Zeros at the end say nothing; they are dropped only where they would not fit.
    let (digits, scale) = digits(fraction).or_else(|| digits(fraction.trim_end_matches('0')))?;
    let digits: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    Some(Amount { digits: if negative { -digits } else { digits }, scale: u8::try_from(scale).ok()? })
}
