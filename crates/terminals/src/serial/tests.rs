//! Names of devices, words of snags, and how a connection check knows them.

use super::{DAMAGED, GIBBERISH, SILENT, Snag, Step, UsbId};

#[test]
fn a_usb_identity_is_two_numbers_and_perhaps_a_serial() {
    let id =
        |serial: Option<&str>| UsbId { vendor: 0x0483, product: 0x5740, serial: serial.map(str::to_owned) };
    assert_eq!(UsbId::parse("0483:5740"), Some(id(None)));
    assert_eq!(UsbId::parse(" 0483:5740:A:1 "), Some(id(Some("A:1"))));
    assert_eq!(UsbId::parse(&id(Some("X7")).to_string()), Some(id(Some("X7"))));
    for bad in ["", "0483", "0483:", "483:5740", "0483:574g", "0483:5740:", "+483:5740", "04830:5740"] {
        assert_eq!(UsbId::parse(bad), None, "{bad}");
    }
}

#[test]
fn every_snag_says_what_to_do_and_belongs_to_a_step() {
    let port = || "/dev/ttyACM0".to_owned();
    let rows = [
        (Snag::Missing { place: port() }, Step::Device),
        (Snag::Several { place: "USB 0483:5740".to_owned(), ports: port() }, Step::Device),
        (Snag::Forbidden { port: port(), group: "dialout".to_owned() }, Step::Permission),
        (Snag::Busy { port: port() }, Step::Permission),
        (Snag::InUse { port: port() }, Step::Permission),
        (Snag::Broken { port: port(), detail: "Input/output error".to_owned() }, Step::Permission),
    ];
    for (snag, step) in rows {
        let words = snag.to_string();
        assert_eq!(Step::of(&words), step, "{words}");
        assert!(
            words.ends_with('.') && words.matches(". ").count() >= 1,
            "what happened, what to do: {words}"
        );
    }
    for (words, step) in [(GIBBERISH, Step::Speed), (DAMAGED, Step::Frames), (SILENT, Step::Link)] {
        assert_eq!(Step::of(words), step);
    }
}
