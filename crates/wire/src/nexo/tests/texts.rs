//! Display texts and the announcement of an address.

use core::net::Ipv4Addr;

use proptest::prelude::*;
use serde_json::json;

use super::super::announcement::Announcement;
use super::super::display::DisplayText;
use super::super::grammar::check;
use super::super::{Base64, Body, DecodeError, Message, OutputContent, TransmitRequest, encode};
use super::golden_message;

#[test]
fn records_are_split_into_number_and_lines() {
    let cases = [
        (r#"10,"Present card""#, Some(10), "Present card"),
        (r#" 202 , "Approved","Thank you""#, Some(202), "Approved\nThank you"),
        (r#"9202,"one, two","say ""hi""",three"#, Some(9202), "one, two\nsay \"hi\"\nthree"),
        (r#"11,"#, Some(11), ""),
        (r#"12,"never closed"#, Some(12), "never closed"),
        (r#"13,"a"b,c"#, Some(13), "ab\nc"),
        ("Remove nozzle, please", None, "Remove nozzle, please"),
        ("10", None, "10"),
        ("99999999999,\"x\"", None, "99999999999,\"x\""),
        ("-1,x", None, "-1,x"),
        ("", None, ""),
    ];
    for (record, id, text) in cases {
        assert_eq!(DisplayText::parse(record), DisplayText { id, text: text.to_owned() }, "{record}");
    }
    let several = OutputContent::lines(["Please wait", "10,\"Present card\""]);
    let expected = DisplayText { id: Some(10), text: "Please wait\nPresent card".to_owned() };
    assert_eq!(DisplayText::of(&several), expected);
}

#[test]
fn asterisks_of_a_pin_are_told_from_other_texts() {
    let echo = |text: &str| DisplayText { id: None, text: text.to_owned() }.is_pin_echo();
    for text in ["Enter PIN: *", "Ange PIN ****", "Tast PIN\n******", "*"] {
        assert!(echo(text), "{text}");
    }
    for text in
        ["Enter PIN:", "", "Card ************0014", "541333******", "Total*", "* please", "*************"]
    {
        assert!(!echo(text), "{text}");
    }
}

fn request(message: &[u8]) -> TransmitRequest {
    let Body::TransmitRequest(request) = announced().body else { panic!() };
    TransmitRequest { message: Base64::from(message), ..request }
}

fn announced() -> Message {
    super::read(golden_message("transmit-request-announcement").as_bytes()).unwrap()
}

#[test]
fn an_announcement_is_read_with_any_white_space() {
    let Body::TransmitRequest(request) = announced().body else { panic!() };
    assert!(Announcement::is_in(&request));
    let expected = Announcement { address: Ipv4Addr::new(198, 51, 100, 7), port: 11000 };
    assert_eq!(Announcement::read(&request), Ok(expected));
    let elsewhere = TransmitRequest { destination_address: "198.51.100.9:443".to_owned(), ..request };
    assert!(!Announcement::is_in(&elsewhere));
}

#[test]
fn an_announcement_is_written_as_a_terminal_writes_it() {
    let announcement = Announcement { address: Ipv4Addr::new(192, 0, 2, 41), port: 11000 };
    let message = Message::new(Announcement::header("HARBOUR-3"), announcement.request().into());
    let xml = encode(&message);
    assert_eq!(check(xml.as_bytes()), Ok(()));
    let Body::TransmitRequest(request) = super::read(xml.as_bytes()).unwrap().body else { panic!("{xml}") };
    assert!(Announcement::is_in(&request));
    assert_eq!(Announcement::read(&request), Ok(announcement));
    let json: serde_json::Value = serde_json::from_slice(request.message.bytes().unwrap()).unwrap();
    assert_eq!(json["saleTerminalconfiguration"]["ipEndPoint"]["ipPort"], json!("11000"));
}

#[test]
fn a_faulty_announcement_names_its_fault() {
    let end_point = |address: serde_json::Value, port: serde_json::Value| {
        let point = json!({"ipV4Address": address, "ipPort": port});
        json!({"saleTerminalconfiguration": {"ipEndPoint": point}}).to_string()
    };
    assert!(Announcement::read(&request(end_point(json!("192.0.2.1"), json!(11000)).as_bytes())).is_ok());
    let cases = [
        ("{".to_owned(), "text()"),
        ("{}".to_owned(), "ipEndPoint"),
        (end_point(json!("terminal.example"), json!("1")), "ipV4Address"),
        (end_point(json!("192.0.2.300"), json!("1")), "ipV4Address"),
        (end_point(json!(null), json!("1")), "ipV4Address"),
        (end_point(json!("192.0.2.1"), json!("0")), "ipPort"),
        (end_point(json!("192.0.2.1"), json!("65536")), "ipPort"),
        (end_point(json!("192.0.2.1"), json!(-1)), "ipPort"),
        (end_point(json!("192.0.2.1"), json!(["1"])), "ipPort"),
    ];
    for (json, field) in cases {
        let Err(DecodeError::Field { path, .. }) = Announcement::read(&request(json.as_bytes())) else {
            panic!("{json} is read")
        };
        assert_eq!(path, format!("TransmitRequest/Message/{field}"), "{json}");
    }
    let raw = TransmitRequest { message: Base64::Raw("%%%".to_owned()), ..request(b"") };
    assert!(Announcement::read(&raw).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_record_yields_something_to_show(record in "\\PC*|[0-9]{0,4},[\", a*]{0,20}") {
        let text = DisplayText::parse(&record);
        text.is_pin_echo();
        prop_assert!(text.id.is_some() || text.text == record);
    }

    #[test]
    fn any_bytes_are_an_announcement_or_not(
        bytes in any::<Vec<u8>>(),
        port in 1_u16..,
        address in any::<u32>(),
    ) {
        let _ = Announcement::read(&request(&bytes));
        let announcement = Announcement { address: Ipv4Addr::from(address), port };
        prop_assert_eq!(Announcement::read(&announcement.request()), Ok(announcement));
    }
}
