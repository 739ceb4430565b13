//! Every example of the dossier, what scanners add, and what must never happen.

use super::{Brand, Refusal, Scan, masked, recognise};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;

fn brand(raw: &str) -> Option<&'static str> {
    match recognise(raw) {
        Scan::Payment(code) => Some(code.brand().code()),
        Scan::Refused(_) => None,
    }
}

fn refusal(raw: &str) -> Option<Refusal> {
    match recognise(raw) {
        Scan::Payment(_) => None,
        Scan::Refused(refusal) => Some(refusal),
    }
}

const EMV: &str = "hQVDUFYwMWEaTwegAAADMwEB";

/// A whole code with one application.
fn emv(template: &[u8]) -> String {
    let mut bytes = b"\x85\x05CPV01\x61".to_vec();
    bytes.push(u8::try_from(template.len()).unwrap());
    bytes.extend(template);
    BASE64_STANDARD.encode(bytes)
}

#[test]
fn payment_codes_of_the_dossier() {
    let rows = [
        ("134567890123456789", "wechat"),
        ("281234567890123456", "alipay"),
        ("3012345678901234", "alipay"),
        ("250000000000000000000000", "alipay"),
        ("6212345678901234567", "unionpay"),
        ("100000000000000000", "wechat"),
        ("159999999999999999", "wechat"),
        (EMV, "emv"),
    ];
    for (raw, want) in rows {
        assert_eq!(brand(raw), Some(want), "{raw}");
    }
}

#[test]
fn what_is_no_payment_code_says_why() {
    let rows = [
        ("13456789012345678", Refusal::HalfACode),
        ("3112345678901234", Refusal::UnknownDigits),
        ("2500000000000000000000000", Refusal::UnknownDigits),
        ("6212345678901234", Refusal::CardNumber),
        ("4111111111111111", Refusal::CardNumber),
        ("4111 1111 1111 1111", Refusal::CardNumber),
        ("5413330089020011", Refusal::CardNumber),
        ("378282246310005", Refusal::CardNumber),
        ("28123456789012", Refusal::HalfACode),
        ("164567890123456789", Refusal::UnknownDigits),
        ("621234567890123456789", Refusal::UnknownDigits),
        ("00020101021129300012D156000000000510A93FO3230Q", Refusal::MerchantCode),
        ("00020101", Refusal::MerchantCode),
        ("https://qr.alipay.com/fkx08744", Refusal::Link),
        ("weixin://wxpay/bizpayurl?pr=abc", Refusal::Link),
        ("WWW.example.com", Refusal::Link),
        ("4006381333931", Refusal::Product),
        ("96385074", Refusal::Product),
        ("036000291452", Refusal::Product),
        ("4006381333932", Refusal::CardNumber),
        ("12345", Refusal::UnknownDigits),
        ("815", Refusal::UnknownDigits),
        ("hello", Refusal::UnknownText),
        ("", Refusal::Empty),
        (" \r\n\t", Refusal::Empty),
        ("]Q3\r\n", Refusal::Empty),
        ("28123456\u{7}7890123456", Refusal::ControlCharacters),
        ("28123456\n7890123456", Refusal::ControlCharacters),
        ("٢٨١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦", Refusal::UnknownText),
        ("hQVDUFYwMW", Refusal::HalfACode),
        ("hQVDUFYwMWEaTweg", Refusal::HalfACode),
        ("hQVDUFYwMW!!", Refusal::HalfACode),
        (&EMV[..20], Refusal::HalfACode),
    ];
    for (raw, want) in rows {
        assert_eq!(refusal(raw), Some(want), "{raw:?}");
    }
    assert_eq!(refusal(&"2".repeat(4000)), Some(Refusal::TooLong));
    assert_eq!(refusal(&"2".repeat(1025)), Some(Refusal::TooLong));
    assert_eq!(refusal(&"2".repeat(1024)), Some(Refusal::UnknownDigits));
}

#[test]
fn what_scanners_add_is_taken_off() {
    let rows = [
        "]Q3281234567890123456",
        "]C1281234567890123456\r\n",
        "\t281234567890123456\r",
        "2812 3456 7890 1234 56",
        " ]Q1 2812 3456 7890 1234 56 \n",
    ];
    for raw in rows {
        let Scan::Payment(code) = recognise(raw) else { panic!("{raw:?} is a payment code") };
        assert_eq!(code.reveal(), "281234567890123456");
    }
}

#[test]
fn a_card_networks_code_names_its_application() {
    let text = emv(b"\x4f\x07\xa0\x00\x00\x03\x33\x01\x01\x57\x02\x12\x34");
    let Scan::Payment(code) = recognise(&text) else { panic!("{text} is a payment code") };
    let aid = vec![0xa0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01];
    assert_eq!(code.brand(), &Brand::Emv { aid });
    assert!(code.brand().is_union_pay());
    let Scan::Payment(example) = recognise(EMV) else { panic!("{EMV} is a payment code") };
    assert_eq!(example.brand(), code.brand());
    let foreign = emv(b"\x50\x04VISA\x4f\x07\xa0\x00\x00\x00\x03\x10\x10");
    assert_eq!(brand(&foreign), Some("emv"));
    assert_eq!(brand(foreign.trim_end_matches('=')), Some("emv"), "without padding");
}

#[test]
fn a_card_networks_code_that_does_not_add_up_is_half_a_code() {
    let rows: [&[u8]; 5] = [
        b"",
        b"\x4f\x03\xa0\x00\x00",
        b"\x57\x02\x12\x34",
        b"\x4f\x08\xa0\x00\x00\x03\x33\x01\x01",
        b"\x4f\x84\xff\xff\xff\xff",
    ];
    for template in rows {
        assert_eq!(refusal(&emv(template)), Some(Refusal::HalfACode), "{template:?}");
    }
}

/// Fields of an application whose template announces this many bytes.
fn announcing(length: u8, fields: &[u8]) -> String {
    let mut bytes = b"\x85\x05CPV01\x61".to_vec();
    bytes.push(length);
    bytes.extend(fields);
    BASE64_STANDARD.encode(bytes)
}

#[test]
fn a_card_networks_code_cut_between_two_fields_is_half_a_code() {
    let aid = b"\x4f\x07\xa0\x00\x00\x03\x33\x01\x01";
    let whole = emv(&[&aid[..], b"\x57\x11", &[0x12; 17]].concat());
    assert_eq!((whole.len(), brand(&whole)), (52, Some("emv")));
    for end in 0..whole.len() {
        let text = whole[..end].trim_end_matches('=');
        if text.len() < whole.trim_end_matches('=').len() {
            assert!(!recognise(text).is_payment(), "its first {end} signs");
        }
    }
    // Only what the dossier's example announces may be missing, and only behind an identifier alone.
    assert_eq!(announcing(26, aid), EMV);
    for length in (10..=0x7f).filter(|length| *length != 26) {
        assert_eq!(refusal(&announcing(length, aid)), Some(Refusal::HalfACode), "{length}");
    }
    let more: [&[u8]; 4] =
        [b"\x57\x02\x12\x34", b"\x50\x04VISA", b"\x4f\x07\xa0\x00\x00\x03\x33\x01\x01", b"\x5a"];
    for more in more {
        let text = announcing(26, &[&aid[..], more].concat());
        assert_eq!(refusal(&text), Some(Refusal::HalfACode), "{more:?}");
    }
}

#[test]
fn a_code_does_not_show() {
    let scan = recognise("281234567890123456");
    assert_eq!(format!("{scan:?}"), "Payment(PaymentCode(alipay, 2812…56))");
    let Scan::Payment(code) = scan else { panic!("a payment code") };
    assert_eq!(code.digest(), recognise_again().digest());
}

#[test]
fn a_code_in_a_text_of_somebody_else_does_not_show() {
    let rows = [
        ("bad value paymentBarcode=281234567890123456", "bad value paymentBarcode=2812…56"),
        ("134567890123456789,6212345678901234567", "1345…89,6212…67"),
        ("<250000000000000000000000>", "<2500…00>"),
        ("code hQVDUFYwMWEaTwegAAADMwEB.", "code hQVD…EB."),
        ("hQVDUFYwMWEJTwegAAADMw+/AA==", "hQVD…=="),
        ("half of one: hQVDUFYwMWEaTweg", "half of one: hQVD…eg"),
        ("the reference T07-000123-1 is duplicated", "the reference T07-000123-1 is duplicated"),
        ("2026-03-14 09:30:02, 400000000000000123", "2026-03-14 09:30:02, 400000000000000123"),
        ("", ""),
    ];
    for (text, want) in rows {
        assert_eq!(masked(text), want);
        assert_eq!(masked(want), want, "masked text stays as it is");
    }
}

fn recognise_again() -> super::PaymentCode {
    match recognise("]Q12812 3456 7890 1234 56") {
        Scan::Payment(code) => code,
        Scan::Refused(refusal) => panic!("{refusal:?}"),
    }
}

proptest! {
    #[test]
    fn nothing_panics(raw in any::<String>()) {
        let _ = recognise(&raw);
    }

    #[test]
    fn no_template_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut whole = b"\x85\x05CPV01".to_vec();
        whole.extend(bytes);
        let _ = recognise(&BASE64_STANDARD.encode(whole));
    }

    #[test]
    fn wallets_share_no_code(digits in "[0-9]{1,30}") {
        let prefix: u32 = digits.chars().take(2).collect::<String>().parse().unwrap();
        let rows = [
            ("wechat", digits.len() == 18 && (10..=15).contains(&prefix)),
            ("alipay", (16..=24).contains(&digits.len()) && (25..=30).contains(&prefix)),
            ("unionpay", digits.len() == 19 && prefix == 62),
        ];
        let want: Vec<&str> = rows.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
        prop_assert!(want.len() < 2);
        prop_assert_eq!(brand(&digits), want.first().copied());
    }

    #[test]
    fn no_text_shows_a_code(
        code in "(1[0-5][0-9]{16})|(2[5-9][0-9]{14,22})|(62[0-9]{17})|(hQVDUFYwMW[A-Za-z0-9+/]{4,80})",
        before in "[^0-9]{0,12}",
        after in "[^0-9A-Za-z+/=]{0,12}",
    ) {
        let shown = masked(&format!("{before}{code}{after}"));
        prop_assert!(!shown.contains(&code[..8]), "{}", shown);
        prop_assert!(!shown.contains(&code[code.len() - 8..]), "{}", shown);
    }

    #[test]
    fn a_refusal_holds_nothing_of_the_scan(digits in "4[0-9]{15}") {
        let scan = format!("{:?}", recognise(&digits));
        prop_assert!(!scan.contains(&digits[..6]));
    }
}
