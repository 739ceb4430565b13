//! Card numbers never get through; references always do.

use proptest::prelude::*;

use super::super::mask::{Shown, card_field, mask_xml_trace, passes_luhn, text};
use super::super::{CardNumber, MaskedPan};
use super::{golden_message, golden_messages};

const FULL: Shown = Shown::FirstSixLastFour;

fn merchant(line: &str) -> String {
    text(line, FULL, &[])
}

#[test]
fn numbers_of_cards_are_masked_however_they_are_grouped() {
    let cases = [
        ("5413330000000019", "541333******0019"),
        ("card 5413330000000019.", "card 541333******0019."),
        ("5413 3300 0000 0019", "5413 33** **** 0019"),
        ("5413-3300-0000-0019", "5413-33**-****-0019"),
        ("3714 496353 98431", "3714 49**** *8431"),
        ("5413\u{a0}3300\u{a0}0000\u{a0}0019", "5413\u{a0}33**\u{a0}****\u{a0}0019"),
        ("5413\u{202f}3300 0000\u{2011}0019", "5413\u{202f}33** ****\u{2011}0019"),
        (
            "kr\u{a0}5413\u{2009}3300\u{2009}0000\u{2009}0019\u{a0}",
            "kr\u{a0}5413\u{2009}33**\u{2009}****\u{2009}0019\u{a0}",
        ),
        ("4222222222222", "422222***2222"),
        ("6304000000000000000", "630400*********0000"),
        ("RRN 5550010042 5413330000000019", "RRN 5550010042 541333******0019"),
        ("5413330000000019 5413330000000019", "541333******0019 541333******0019"),
        ("PAN5413330000000019D2512", "PAN541333******0019D2512"),
    ];
    for (clear, masked) in cases {
        assert_eq!(merchant(clear), masked);
    }
    assert_eq!(text("a 5413330000000019", Shown::LastFour, &[]), "a ************0019");
    assert_eq!(text("5413 3300 0000 0019", Shown::LastFour, &[]), "**** **** **** 0019");
}

#[test]
fn everything_else_stays() {
    let lines = [
        "541333******0019",
        "************0019",
        "70123*******3030",
        "2025-03-04 10:12",
        "RRN: 5550010042",
        "5413330000000018",
        "AID: A0000001211010",
        "AID: A0000000041010",
        "TVR: 0000008001",
        "KÖP:        249,50 SEK",
        "+46 8 405 10 00",
        "Org nr: 556000-0001",
        "MID/TID: 30030003/555001",
        "54133300000000195413330000000019",
        "5413  3300  0000  0019",
        "☎ å ä ö",
        "",
    ];
    for line in lines {
        assert_eq!(merchant(line), line);
    }
}

#[test]
fn known_identifiers_are_exempt() {
    let known = ["5413330000000019", "RRN 4222222222222"];
    let line = "Ref 5413330000000019, 4222222222222, 4000 0000 0000 0002";
    assert_eq!(text(line, FULL, &known), "Ref 5413330000000019, 4222222222222, 4000 00** **** 0002");
    assert_eq!(text("5413330000000019 12", FULL, &known), "5413330000000019 12");
}

#[test]
fn a_field_for_a_card_number_is_masked_whatever_its_check_digit() {
    assert_eq!(card_field("5413330000000018", FULL), "541333******0018");
    assert_eq!(card_field("9752000012345678", FULL), "975200******5678");
    assert_eq!(card_field("5413330000000018", Shown::LastFour), "************0018");
    for masked in ["541333******0014", "************0014", "70123*******3030", "", "0014"] {
        assert_eq!(card_field(masked, FULL), masked);
        assert_eq!(MaskedPan::new(masked).as_str(), masked);
    }
    assert_eq!(MaskedPan::new("5413330000000018").as_str(), "541333******0018");
    assert_eq!(format!("{:?}", CardNumber::new("9752000012345678")), "CardNumber(16 characters)");
}

#[test]
fn the_check_digit_is_that_of_iso_7812() {
    for good in ["0", "18", "5413330000000019", "371449635398431", "79927398713"] {
        assert!(passes_luhn(good), "{good}");
    }
    for bad in ["1", "5413330000000018", "79927398710"] {
        assert!(!passes_luhn(bad), "{bad}");
    }
}

#[test]
fn a_trace_hides_cards_and_receipts_and_keeps_identifiers() {
    let keyed = mask_xml_trace(&golden_message("payment-request-gift-card"));
    assert!(keyed.contains(r#"PAN="975200******0001" ExpiryDate="****""#), "{keyed}");
    let approved = mask_xml_trace(&golden_message("payment-response-approved"));
    assert!(approved.contains(r#"TransactionID="7770030012""#), "{approved}");
    assert!(approved.contains("<OutputText>[base64, "), "{approved}");
    assert!(!approved.contains("eyJ"), "{approved}");
    let track = "<TrackData>5413330000000018=2512</TrackData><Text>card 5413330000000019</Text>";
    let masked = "<TrackData>[secret]</TrackData><Text>card 541333******0019</Text>";
    assert_eq!(mask_xml_trace(track), masked);
    let identifiers = r#"<POITransactionID TransactionID="5413330000000019" TimeStamp="x"/>"#;
    assert_eq!(mask_xml_trace(identifiers), identifiers);
}

#[test]
fn a_trace_of_anything_else_is_masked_as_text() {
    assert_eq!(mask_xml_trace("HTTP 500: 5413330000000019"), "HTTP 500: 541333******0019");
    assert_eq!(mask_xml_trace("<a b='5413330000000019"), "<a b='541333******0019");
    assert_eq!(
        mask_xml_trace("<SensitiveCardData PAN = \"97520000123"),
        "<SensitiveCardData PAN = \"975200*0123"
    );
    assert_eq!(mask_xml_trace("<!-- 5413330000000019 -->"), "<!-- 541333******0019 -->");
    assert_eq!(mask_xml_trace("<TrackData>54133300000000"), "<TrackData>[secret]");
}

fn card() -> impl Strategy<Value = String> {
    "[3-6][0-9]{10,17}".prop_map(|digits| {
        let check = (0..10).find(|check| passes_luhn(&format!("{digits}{check}"))).unwrap_or(0);
        format!("{digits}{check}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_card_number_survives(card in card(), before in "[a-z<>&: ]{0,9}", after in "[a-z<>&: ]{0,9}") {
        let line = format!("{before}{card}{after}");
        let masked = merchant(&line);
        prop_assert!(!masked.contains(&card), "{}", masked);
        prop_assert_eq!(masked.chars().count(), line.chars().count());
        prop_assert!(!mask_xml_trace(&line).contains(&card), "{}", line);
        prop_assert!(!text(&line, Shown::LastFour, &[]).contains(&card[..6]) || before.contains(&card[..6]));
    }

    #[test]
    fn no_grouped_card_number_survives(card in card(), size in 2_usize..6, dash in any::<bool>()) {
        let digits: Vec<char> = card.chars().collect();
        let groups: Vec<String> = digits.chunks(size).map(|group| group.iter().collect()).collect();
        let masked = merchant(&groups.join(if dash { "-" } else { " " }));
        prop_assert!(masked.contains('*'), "{}", masked);
        let left: String = masked.chars().filter(char::is_ascii_digit).collect();
        prop_assert!(left.len() <= 10, "{}", masked);
    }

    #[test]
    fn masking_twice_changes_nothing(line in "[0-9* a-zA-Z.:-]{0,60}") {
        let once = merchant(&line);
        prop_assert_eq!(merchant(&once), once.clone());
        let field = card_field(&line, FULL);
        prop_assert_eq!(card_field(&field, FULL), field);
    }

    #[test]
    fn text_without_long_numbers_is_untouched(line in "([0-9]{1,11}[a-zåäö:/.,*]|[^0-9]){0,20}") {
        prop_assert_eq!(merchant(&line), line);
    }

    #[test]
    fn identifiers_survive(identifier in "[0-9]{12,19}", before in "[a-z: ]{0,9}") {
        let line = format!("{before}{identifier}");
        prop_assert_eq!(text(&line, FULL, &[&identifier]), line);
    }

    #[test]
    fn traces_of_anything_are_made(trace in any::<String>()) {
        mask_xml_trace(&trace);
    }
}

#[test]
fn traces_of_golden_messages_hide_every_receipt_even_cut_off() {
    for (name, xml) in golden_messages() {
        for end in (0..xml.len()).step_by(7).filter(|end| xml.is_char_boundary(*end)) {
            let masked = mask_xml_trace(&xml[..end]);
            assert!(!masked.contains("eyJDYXJkaG9sZGVyIjp7Ik"), "{name} cut at {end}");
            assert!(!masked.contains("9752000000000001"), "{name} cut at {end}");
        }
    }
}
