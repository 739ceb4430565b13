//! Amounts: exact, compared by value, picky about their form.

use proptest::prelude::*;

use super::super::Amount;
use super::super::element::Text;

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap_or_else(|error| panic!("{text} {error}"))
}

#[test]
fn forms_seen_on_the_wire_are_read() {
    let cases = [("56", 5600), ("41.00", 4100), ("0.00", 0), ("125", 12500), ("38", 3800), ("0007.5", 750)];
    for (text, minor) in cases {
        assert_eq!(amount(text).to_minor(2), Some(minor), "{text}");
    }
    assert_eq!(amount(" 41.00\n").to_minor(2), Some(4100));
    assert_eq!(amount(".5"), amount("0.50"));
    assert_eq!(amount("5."), amount("5"));
    assert_eq!(amount("-1.25").to_minor(2), Some(-125));
    assert_eq!(amount("99999999.999999").to_minor(6), Some(99_999_999_999_999));
    assert_eq!(amount("41.0000000000000000000000000000").to_minor(2), Some(4100));
}

#[test]
fn forms_of_other_lands_and_machines_are_refused() {
    let cases = [
        "",
        " ",
        ".",
        "-",
        "-.",
        "1,50",
        "1 000",
        "1_000",
        "1.000.000",
        "+5",
        "1e3",
        "1E3",
        "0x10",
        "--5",
        "5-",
        "٣",
        "NaN",
        "INF",
        "1.5 SEK",
        "kr 5",
        "5.\u{a0}0",
        "99999999999999999999999",
        "0.0000000000000000001",
    ];
    for text in cases {
        assert!(Amount::parse(text).is_err(), "{text}");
    }
}

#[test]
fn only_whole_minor_units_convert() {
    assert_eq!(amount("0.015").to_minor(2), None);
    assert_eq!(amount("0.010").to_minor(2), Some(1));
    assert_eq!(amount("7").to_minor(0), Some(7));
    assert_eq!(amount("7.5").to_minor(0), None);
    assert_eq!(amount("1.234").to_minor(3), Some(1234));
    assert_eq!(amount("92233720368547758.08").to_minor(2), None);
    assert_eq!(amount("92233720368547758.07").to_minor(2), Some(i64::MAX));
    assert_eq!(amount("1").to_minor(255), None);
}

#[test]
fn minor_units_are_written_with_all_decimals() {
    let cases = [(24950, 2, "249.50"), (5, 2, "0.05"), (0, 2, "0.00"), (7, 0, "7"), (1234, 3, "1.234")];
    for (minor, exponent, text) in cases {
        assert_eq!(Amount::from_minor(minor, exponent).to_string(), text);
    }
    assert_eq!(Amount::from_minor(-5, 2).to_string(), "-0.05");
    assert_eq!(Amount::from_minor(i64::MIN, 2).to_string(), "-92233720368547758.08");
    assert_eq!(Amount::from_minor(1, 200).decimals(), 18);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn minor_units_survive_text(minor in any::<i64>(), exponent in 0_u8..=4) {
        let written = Amount::from_minor(minor, exponent);
        let read = amount(&written.to_string());
        prop_assert_eq!(read, written);
        prop_assert_eq!(read.to_minor(exponent), Some(minor));
    }

    #[test]
    fn trailing_zeros_do_not_matter(minor in any::<i64>(), zeros in 0_usize..16) {
        let text = format!("{}{}", Amount::from_minor(minor, 2), "0".repeat(zeros));
        prop_assert_eq!(amount(&text), Amount::from_minor(minor, 2));
    }

    #[test]
    fn order_is_the_order_of_values(one in any::<i32>(), other in any::<i32>()) {
        let coarse = Amount::from_minor(one.into(), 2);
        let fine = Amount::from_minor(i64::from(other) * 100, 4);
        prop_assert_eq!(coarse.cmp(&fine), one.cmp(&other));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+0-9., eE]{0,30}") {
        if let Ok(read) = Amount::parse(&text) {
            prop_assert_eq!(amount(&read.to_string()), read);
        }
    }
}
