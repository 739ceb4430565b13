//! Every complete example of the dossier and every collected sample, where they are present.

use super::super::grammar::check;
use super::super::*;
use super::{shared, xml_files};

#[test]
fn every_example_of_the_dossier_is_read_valid_and_written_back() {
    let Some(path) = shared("protocols/nexo-retailer.md") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let examples: Vec<&str> =
        text.split("```xml\n").skip(1).map(|rest| rest.split("```").next().unwrap().trim()).collect();
    assert!(examples.len() > 30, "{}", examples.len());
    for xml in examples {
        let message = super::read(xml.as_bytes()).unwrap_or_else(|error| panic!("{error}: {xml}"));
        assert_eq!(check(xml.as_bytes()), Ok(()), "{xml}");
        let written = encode(&message);
        assert_eq!(check(written.as_bytes()), Ok(()), "{written}");
        assert_eq!(super::read(written.as_bytes()), Ok(message), "{written}");
    }
}

#[test]
fn the_grammar_is_the_dossiers_word_for_word() {
    let Some(path) = shared("protocols/nexo-retailer.md") else { return };
    let dossier = std::fs::read_to_string(path).unwrap();
    let start = dossier.find("## Appendix A").unwrap();
    let end = dossier.find("## Appendix B").unwrap();
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ours = squeezed(include_str!("../grammar/appendix_a.txt"));
    let lines: Vec<&str> =
        dossier[start..end].lines().filter_map(|line| line.strip_prefix("* `")).collect();
    assert!(lines.len() > 90, "{}", lines.len());
    for line in lines {
        let (name, body) = line.split_once("`: ").unwrap();
        let rule = squeezed(&format!("{name}: {body}"));
        assert!(ours.contains(&rule), "{rule}");
    }
}

#[test]
fn enumerations_are_the_dossiers() {
    let Some(path) = shared("protocols/nexo-retailer.md") else { return };
    let dossier = std::fs::read_to_string(path).unwrap();
    let start = dossier.find("## Appendix B").unwrap();
    let end = dossier.find("## Appendix C").unwrap();
    let rows = dossier[start..end].lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let mut checked = 0;
    for (name, values) in rows.filter_map(|row| row.split_once(" | ")).filter(|(name, _)| *name != "name") {
        if name.starts_with('-') {
            continue;
        }
        let ours = grammar::listed(name).unwrap_or_else(|| panic!("{name} is unknown"));
        assert_eq!(ours, values.split(' ').collect::<Vec<_>>(), "{name}");
        checked += 1;
    }
    assert_eq!(checked, 44);
}

#[test]
fn collected_samples_are_read_and_defective_ones_refused() {
    let Some(folder) = shared("samples/nexo") else { return };
    let defective = [
        "PaymentResponse-failure-PaymentRestriction",
        "ReversalRequest-MerchantCancel",
        "TransmitRequest-terminal-address",
    ];
    let mut refused = 0;
    for (name, xml) in xml_files(&folder) {
        let read = super::read(xml.as_bytes());
        if defective.contains(&name.as_str()) {
            assert!(matches!(read, Err(DecodeError::NotXml(_))), "{name}: {read:?}");
            assert!(check(xml.as_bytes()).is_err(), "{name}");
            refused += 1;
            continue;
        }
        let message = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(check(xml.as_bytes()), Ok(()), "{name}");
        assert_eq!(super::read(encode(&message).as_bytes()), Ok(message), "{name}");
    }
    assert_eq!(refused, defective.len());
}

#[test]
fn collected_receipts_are_read_to_the_letter() {
    let Some(folder) = shared("samples/nexo") else { return };
    for (name, xml) in xml_files(&folder) {
        let Ok(message) = super::read(xml.as_bytes()) else { continue };
        let receipts = match message.body {
            Body::PaymentResponse(answer) => answer.payment_receipts,
            Body::ReversalResponse(answer) => answer.payment_receipts,
            _ => continue,
        };
        assert_eq!(receipts.len(), 2, "{name}");
        for receipt in receipts {
            let receipt::Receipt::Readable(document) = receipt.decode(&[]) else { panic!("{name}") };
            assert_eq!(document.lines.first().map(String::as_str), Some("Test shop"), "{name}");
            let copy = document.lines.last().unwrap();
            let expected = match document.copy {
                receipt::Copy::Customer => "Kortinnehavarens kvitto",
                receipt::Copy::Merchant => "Försäljarens kvitto",
                receipt::Copy::Other => "",
            };
            assert_eq!(copy, expected, "{name}");
            assert!(document.lines.iter().any(|line| line.starts_with("RRN: 8778880")), "{name}");
            assert!(!document.signature_block, "{name}");
        }
    }
}
