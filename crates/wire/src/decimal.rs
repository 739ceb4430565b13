//! Amounts of the wire: decimal text, or a JSON number kept as its text. No floats.
//!
//! Invariant: a value that is not a plain decimal is no amount; nothing is rounded.

use std::fmt;

/// Longest amount that is read: far beyond what a request can carry.
const LONGEST: usize = 24;

/// A decimal number, never negative, equal by value: `18.5` is `18.50`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    /// In units of ten to the minus ninth.
    nano: i128,
}

/// Most decimals that are read.
const SCALE: usize = 9;

impl Decimal {
    /// An amount in minor units of a currency with so many decimals, nine at most: `from_minor(1850, 2)` is
    /// 18.50. Nothing for less than zero.
    pub fn from_minor(minor: i64, decimals: u8) -> Option<Self> {
        let factor = 10_i128.checked_pow(u32::try_from(SCALE).ok()?.checked_sub(u32::from(decimals))?)?;
        (minor >= 0).then_some(Self { nano: i128::from(minor).checked_mul(factor)? })
    }

    /// Reads `18`, `18.5`, `18.50`; nothing else: no sign, blank, separator or exponent.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() || text.len() > LONGEST || fraction.len() > SCALE {
            return None;
        }
        (digits(whole) && digits(fraction)).then_some(())?;
        format!("{whole}{fraction:0<SCALE$}").parse().ok().map(|nano| Self { nano })
    }

    /// Minor units of a currency with so many decimals; nothing where it is no whole number of them.
    pub fn minor(self, decimals: u8) -> Option<i64> {
        let factor = 10_i128.checked_pow(u32::try_from(SCALE).ok()?.checked_sub(u32::from(decimals))?)?;
        (self.nano % factor == 0).then_some(())?;
        i64::try_from(self.nano / factor).ok()
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.nano == 0
    }

    /// The difference, not below zero.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self { nano: (self.nano - other.nano).max(0) }
    }

    /// The sum; nothing where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self { nano: self.nano.checked_add(other.nano)? })
    }

    /// As a number in JSON is written by careless programs: without trailing zeros, `18.5`.
    pub fn shortest(self) -> String {
        let text = self.to_string();
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl fmt::Display for Decimal {
    /// Two decimals at least, as the dossier's examples have them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i128.pow(9);
        let fraction = format!("{:0>SCALE$}", self.nano % unit);
        let fraction = fraction.trim_end_matches('0');
        write!(f, "{}.{fraction:0<2}", self.nano / unit)
    }
}
