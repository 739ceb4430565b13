//! Which wallet a scanned code belongs to, as the gateway tells (dossier section 10).
//!
//! Invariant: written from the dossier's table and nothing else, so that the till's own table is compared
//! with it wherever a code is charged.

/// The wallet by its name in `pay`; nothing where the code tells none.
pub fn wallet(code: &str) -> Option<&'static str> {
    if code.starts_with("hQVDUFYwMW") {
        return Some("unionpay");
    }
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let two: u32 = code.get(..2)?.parse().ok()?;
    match (code.len(), two) {
        (18, 10..=15) => Some("wechat"),
        (16..=24, 25..=30) => Some("alipay"),
        (19, 62) => Some("unionpay"),
        _ => None,
    }
}

/// Every vendor word of `pay`.
pub const PAY: [&str; 5] = ["alipay", "wechat", "unionpay", "paypal", "venmo"];
/// Every vendor word of `create-trans-qrcode`.
pub const SHOWN: [&str; 3] = ["alipay", "wechatpay", "cashapppay"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decisions_of_the_dossier() {
        #[rustfmt::skip]
        let rows = [
            ("134567890123456789", Some("wechat")), ("13456789012345678", None),
            ("281234567890123456", Some("alipay")), ("3012345678901234", Some("alipay")),
            ("3112345678901234", None), ("250000000000000000000000", Some("alipay")),
            ("2500000000000000000000000", None), ("6212345678901234567", Some("unionpay")),
            ("6212345678901234", None), ("hQVDUFYwMWEaTwegAAADMwEB", Some("unionpay")),
            ("00020101", None), ("https://example.com", None), ("", None),
        ];
        for (code, vendor) in rows {
            assert_eq!(wallet(code), vendor, "{code}");
        }
    }
}
