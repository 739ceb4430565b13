//! What was scanned: a wallet's payment code, or something that must not be sent anywhere.
//!
//! A scanner reads whatever is held before it. Only what is a payment code by its digits and length, or an
//! EMV code for customers that parses, is passed on; everything else gets a name that the cashier
//! understands. Digits and lengths are those of section 10 of the dossier of the wallets' gateway.
//! Invariants: the sets of the brands do not overlap; no input panics or is looked at beyond
//! [`limits::SCAN_BYTES`]; a payment code never shows in full, and a card number is kept nowhere at all.

mod emv;
#[cfg(test)]
mod tests;

use crate::limits;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// What a scan turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// A customer's code that a payment can be taken with.
    Payment(PaymentCode),
    /// Anything else: nothing is sent.
    Refused(Refusal),
}

impl Scan {
    /// Whether a payment can be taken with it.
    pub const fn is_payment(&self) -> bool {
        matches!(self, Self::Payment(_))
    }
    /// The customer's code, where it is one.
    pub fn payment(self) -> Option<PaymentCode> {
        match self {
            Self::Payment(code) => Some(code),
            Self::Refused(_) => None,
        }
    }
}

/// Whose wallet made the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Brand {
    /// Alipay, and the wallets of Alipay+.
    Alipay,
    /// WeChat Pay.
    WeChat,
    /// UnionPay's own payment code.
    UnionPay,
    /// A card network's code for customers; the application's identifier says whose.
    Emv {
        /// The first application identifier of the code, 5 to 16 bytes.
        aid: Vec<u8>,
    },
}

impl Brand {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Alipay => "alipay",
            Self::WeChat => "wechat",
            Self::UnionPay => "unionpay",
            Self::Emv { .. } => "emv",
        }
    }

    /// Whether it is UnionPay's, by its own code or by the identifier in a card network's.
    pub fn is_union_pay(&self) -> bool {
        match self {
            Self::UnionPay => true,
            Self::Emv { aid } => aid.starts_with(&emv::UNION_PAY),
            Self::Alipay | Self::WeChat => false,
        }
    }
}

/// Why a scan is no payment code. Holds nothing of what was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing, or blanks.
    Empty,
    /// More than any code holds.
    TooLong,
    /// Signs that no code has.
    ControlCharacters,
    /// A payment card's number: it must not be kept, sent or shown.
    CardNumber,
    /// A shop's own code that customers scan, held the wrong way round.
    MerchantCode,
    /// An address on the web; many shops' own codes are.
    Link,
    /// The bar code of a product.
    Product,
    /// Begins as a payment code and ends too early or wrongly.
    HalfACode,
    /// Digits of no wallet that is known.
    UnknownDigits,
    /// Any other text.
    UnknownText,
}

impl Refusal {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::ControlCharacters => "control_characters",
            Self::CardNumber => "card_number",
            Self::MerchantCode => "merchant_code",
            Self::Link => "link",
            Self::Product => "product",
            Self::HalfACode => "half_a_code",
            Self::UnknownDigits => "unknown_digits",
            Self::UnknownText => "unknown_text",
        }
    }

    /// The end of a sentence that begins with the field: "is the bar code of a product". Nothing of what was
    /// scanned is repeated.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Empty => "is empty: scan the customer's payment code",
            Self::TooLong => "is longer than any payment code",
            Self::ControlCharacters => "holds signs that no payment code has",
            Self::CardNumber => "is a card's number, which is not kept: pay by card instead",
            Self::MerchantCode => "is a shop's own code: the customer must show the code to pay with",
            Self::Link => "is a web address: the customer must show the code to pay with",
            Self::Product => "is the bar code of a product",
            Self::HalfACode => "is half a code: scan it again",
            Self::UnknownDigits | Self::UnknownText => "is not a code that a wallet pays with",
        }
    }
}

/// A code that is as good as money until it expires. It lives in memory alone: it cannot be printed or
/// stored, and a debug line shows its first four and last two characters.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentCode {
    brand: Brand,
    text: String,
}

impl PaymentCode {
    /// Whose it is.
    pub const fn brand(&self) -> &Brand {
        &self.brand
    }

    /// The code itself, for the gateway alone.
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The code as it may be shown.
    pub fn masked(&self) -> String {
        shortened(&self.text)
    }

    /// What the journal keeps in its place: SHA-256 of the text.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }
}

impl fmt::Debug for PaymentCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PaymentCode({}, {})", self.brand.code(), self.masked())
    }
}

/// What the raw text of a scanner or a camera is.
pub fn recognise(raw: &str) -> Scan {
    match cleaned(raw).and_then(|text| code(&text)) {
        Ok(code) => Scan::Payment(code),
        Err(refusal) => Scan::Refused(refusal),
    }
}

/// A text of somebody else's, with every payment code in it as it may be shown: whoever gets a code may
/// repeat it in what they say, and that is written down. Also half an EMV code is hidden, and digits that
/// only look like a wallet's.
pub fn masked(text: &str) -> String {
    let text = masked_runs(text, |rest| rest.find(emv::PREFIX), is_base64, |_| true);
    let digit = |rest: &str| rest.find(|sign: char| sign.is_ascii_digit());
    masked_runs(&text, digit, |sign| sign.is_ascii_digit(), |run| brand_of_digits(run).is_ok())
}

/// Shortens the runs that begin where `find` says, go on as long as the signs are such, and hold a code.
fn masked_runs(
    text: &str,
    find: impl Fn(&str) -> Option<usize>,
    is_such: impl Fn(char) -> bool,
    is_code: impl Fn(&str) -> bool,
) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, from)) = find(rest).and_then(|at| rest.split_at_checked(at)) {
        let end = from.find(|sign| !is_such(sign)).unwrap_or(from.len());
        let (run, after) = from.split_at_checked(end).unwrap_or((from, ""));
        out.push_str(before);
        if is_code(run) {
            out.push_str(&shortened(run));
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

const fn is_base64(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '+' | '/' | '=')
}

/// The first four and the last two signs of a code.
fn shortened(code: &str) -> String {
    let tail = code.len().saturating_sub(2);
    let (head, tail) = (code.get(..4).unwrap_or_default(), code.get(tail..).unwrap_or_default());
    format!("{head}…{tail}")
}

/// Without what scanners put around a code: the symbology's identifier, line ends, tabs and blanks; without
/// the blanks that wallets put between groups of digits.
fn cleaned(raw: &str) -> Result<Cow<'_, str>, Refusal> {
    if raw.len() > limits::SCAN_BYTES {
        return Err(Refusal::TooLong);
    }
    let text = without_symbology(raw.trim_matches(['\r', '\n', '\t', ' ']));
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::ControlCharacters);
    }
    let is_grouped = text.contains(' ') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    Ok(if is_grouped { Cow::Owned(text.replace(' ', "")) } else { Cow::Borrowed(text) })
}

/// `]Q1`, `]C1` and their like (ISO/IEC 15424), which some scanners send first.
fn without_symbology(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_symbology = bytes.first() == Some(&b']')
        && bytes.get(1).is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(2).is_some_and(u8::is_ascii_alphanumeric);
    if is_symbology { text.get(3..).unwrap_or_default().trim_start_matches(' ') } else { text }
}

fn code(text: &str) -> Result<PaymentCode, Refusal> {
    let brand = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        brand_of_digits(text)?
    } else if emv::merchant(text) {
        return Err(Refusal::MerchantCode);
    } else if is_link(text) {
        return Err(Refusal::Link);
    } else if text.starts_with(emv::PREFIX) {
        emv::aid(text).map(|aid| Brand::Emv { aid }).ok_or(Refusal::HalfACode)?
    } else {
        return Err(Refusal::UnknownText);
    };
    Ok(PaymentCode { brand, text: text.to_owned() })
}

/// Wallets first: their codes may pass a card number's check by chance. What has a wallet's first digits and
/// a card number's form is taken for the card number: refusing is the safe mistake.
fn brand_of_digits(digits: &str) -> Result<Brand, Refusal> {
    let prefix: u32 = digits.get(..2).and_then(|two| two.parse().ok()).unwrap_or_default();
    match (prefix, digits.len()) {
        (10..=15, 18) => Ok(Brand::WeChat),
        (25..=30, 16..=24) => Ok(Brand::Alipay),
        (62, 19) => Ok(Brand::UnionPay),
        _ if emv::merchant(digits) => Err(Refusal::MerchantCode),
        _ if is_card_number(prefix, digits) => Err(Refusal::CardNumber),
        _ if is_product(digits) => Err(Refusal::Product),
        (10..=15, 10..=17) | (25..=30, 10..=15) => Err(Refusal::HalfACode),
        _ => Err(Refusal::UnknownDigits),
    }
}

/// By the card networks' first digits and lengths, or by the check digit of any issuer's card. Thirteen and
/// fourteen digits are a card's only if they are no product's, or both.
fn is_card_number(prefix: u32, digits: &str) -> bool {
    let known = match prefix {
        34 | 37 => digits.len() == 15,
        36 | 38 | 39 => digits.len() == 14,
        40..=49 => [13, 16, 19].contains(&digits.len()),
        51..=55 => digits.len() == 16,
        62 | 81 => (16..=18).contains(&digits.len()),
        _ => false,
    };
    let (product, luhn) = (is_product(digits), passes_luhn(digits));
    (known && (luhn || !product)) || ((13..=19).contains(&digits.len()) && luhn && !product)
}

/// EAN-8, UPC-A, EAN-13 and GTIN-14 with the right check digit.
fn is_product(digits: &str) -> bool {
    let weighed = digits.bytes().rev().enumerate();
    let sum: u32 = weighed
        .map(|(place, digit)| u32::from(digit.wrapping_sub(b'0')) * if place % 2 == 1 { 3 } else { 1 })
        .sum();
    matches!(digits.len(), 8 | 12 | 13 | 14) && sum.is_multiple_of(10)
}

/// The check of ISO/IEC 7812.
fn passes_luhn(digits: &str) -> bool {
    let weighed = digits.bytes().rev().enumerate().map(|(place, digit)| {
        let doubled = u32::from(digit.wrapping_sub(b'0')) * if place % 2 == 1 { 2 } else { 1 };
        if doubled > 9 { doubled - 9 } else { doubled }
    });
    weighed.sum::<u32>().is_multiple_of(10)
}

fn is_link(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    let named =
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+');
    let www = text.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."));
    named || www
}
