//! Codes that customers show: which wallet one belongs to, and how it is carried.
//!
//! A payment code is a bearer secret. Invariant: it lies in memory only; it cannot be serialised, and it
//! prints masked. Nothing is a payment code unless prefix and length, or the beginning of an EMV template,
//! say so.

use std::fmt;

/// A wallet by what its codes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wallet {
    /// Alipay and its partners.
    Alipay,
    /// WeChat Pay.
    WeChat,
    /// UnionPay's own codes of 19 digits.
    UnionPay,
    /// An EMV template that names its scheme inside.
    Emv,
}

impl Wallet {
    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Alipay => "alipay",
            Self::WeChat => "wechat",
            Self::UnionPay => "unionpay",
            Self::Emv => "emv",
        }
    }
}

/// A code that a customer pays with. Prints masked: the first four and the last two signs.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentCode {
    text: String,
    wallet: Wallet,
}

/// Longest code that is read.
const LONGEST: usize = 1024;
/// Base64 of an EMV payload's beginning: tag 85, length 5, `CPV01`.
const EMV: &str = "hQVDUFYwMW";

impl PaymentCode {
    /// The code as it goes to the gateway.
    pub fn expose(&self) -> &str {
        &self.text
    }
    /// Whose it is.
    pub const fn wallet(&self) -> Wallet {
        self.wallet
    }
}

impl fmt::Debug for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signs = self.text.chars().count();
        let first: String = self.text.chars().take(4).collect();
        let last: String = self.text.chars().skip(signs.saturating_sub(2)).collect();
        write!(f, "{}({first}…{last}, {signs})", self.wallet.code())
    }
}

/// The payment code in a scanned text; nothing where it is something else. What scanners add is taken off.
pub fn recognise(text: &str) -> Option<PaymentCode> {
    let text = text.trim_matches(['\r', '\n', '\t', ' ']);
    let text = ["]Q3", "]Q1", "]C1", "]C0"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return None;
    }
    let digits: String = text.chars().filter(|sign| *sign != ' ').collect();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let wallet = of_digits(&digits)?;
        return Some(PaymentCode { text: digits, wallet });
    }
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let is_emv = text.starts_with(EMV) && text.bytes().all(is_base64);
    is_emv.then(|| PaymentCode { text: text.to_owned(), wallet: Wallet::Emv })
}

fn of_digits(digits: &str) -> Option<Wallet> {
    let two: u8 = digits.get(..2)?.parse().ok()?;
    match (digits.len(), two) {
        (18, 10..=15) => Some(Wallet::WeChat),
        (16..=24, 25..=30) => Some(Wallet::Alipay),
        (19, 62) => Some(Wallet::UnionPay),
        (_, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_payment_code_and_what_is_not() {
        #[rustfmt::skip]
        let rows = [
            ("134567890123456789", Some(Wallet::WeChat)), ("13456789012345678", None),
            ("]Q3281234567890123456\r\n", Some(Wallet::Alipay)), ("3012345678901234", Some(Wallet::Alipay)),
            ("28 1234 5678 9012 3456", Some(Wallet::Alipay)), ("3112345678901234", None),
            ("2500000000000000000000000", None), ("6212345678901234567", Some(Wallet::UnionPay)),
            ("6212345678901234", None), ("hQVDUFYwMWEaTwegAAADMwEB", Some(Wallet::Emv)),
            ("7310865004703", None), ("https://example.com/28", None), ("00020101", None), ("", None),
        ];
        for (text, wallet) in rows {
            assert_eq!(recognise(text).map(|code| code.wallet()), wallet, "{text}");
        }
        assert_eq!(recognise(&"2".repeat(4_000)), None);
        let printed = format!("{:?}", recognise("281234567890123456"));
        assert_eq!(printed, "Some(alipay(2812…56, 18))");
    }
}
