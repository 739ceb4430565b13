//! Introductions and announcements, in every form that terminals have.

use crate::ecrhub::pairing::{Introduction, Listed, TillCard};

const PAIR: &str = r#"{"topic":"ecrhub.pair","app_id":"","device_data":{"mac_address":"A1B2C3D4E5F6","device_name":"P5-0001","alias_name":"TESTSN0000000001","ip_address":"192.168.20.31","port":"35779"},"x":[1]}"#;

#[test]
fn an_introduction_is_answered_by_itself_and_a_word() {
    let asks = Introduction::decode(PAIR.as_bytes()).unwrap();
    assert_eq!((asks.device.id.as_str(), asks.device.name.as_str()), ("A1B2C3D4E5F6", "P5-0001"));
    assert_eq!(asks.device.serial, "TESTSN0000000001");
    assert_eq!((asks.device.host.as_deref(), asks.device.port), (Some("192.168.20.31"), Some(35_779)));
    assert!(!asks.ends);
    let whole = PAIR.strip_suffix('}').unwrap();
    assert_eq!(asks.answered(true), format!("{whole},\"response_code\":\"000\"}}"));
    assert_eq!(asks.answered(false), format!("{whole},\"response_code\":\"001\"}}"));
}

#[test]
fn a_terminal_without_an_alias_goes_by_its_name() {
    let text = PAIR.replace("TESTSN0000000001", "");
    assert_eq!(Introduction::decode(text.as_bytes()).unwrap().device.serial, "P5-0001");
    let text = PAIR.replace("ecrhub.pair", "ecrhub.unpair");
    assert!(Introduction::decode(text.as_bytes()).unwrap().ends);
}

#[test]
fn what_is_no_introduction() {
    let nobody = PAIR.replace("A1B2C3D4E5F6", " ");
    let order = PAIR.replace("ecrhub.pair", "ecrhub.pay.order");
    let long = format!("{}{}", PAIR, " ".repeat(16 * 1024));
    for text in ["", "[]", "{}", "{\"topic\":\"ecrhub.pair\"}", &nobody, &order, &long] {
        assert!(Introduction::decode(text.as_bytes()).is_err(), "{text}");
    }
    // Its port is not one, its address is none: it can still be accepted and its address typed.
    for port in ["0", "65536", "-1", "x", ""] {
        let text = PAIR.replace("35779", port);
        assert_eq!(Introduction::decode(text.as_bytes()).unwrap().device.port, None, "{port}");
    }
}

#[test]
fn names_of_strangers_are_short_and_plain() {
    let text = PAIR.replace("P5-0001", &format!("a\\u0007b\\n{}", "c".repeat(500)));
    let name = Introduction::decode(text.as_bytes()).unwrap().device.name;
    assert!(name.starts_with("abccc") && name.chars().count() == 64, "{name}");
}

#[test]
fn a_tills_card_fits_into_one_text() {
    let card =
        TillCard { id: "0123456789ab".into(), name: "Kassa_1".into(), place: "10.0.0.2:35779".into() };
    assert_eq!(card.instance(), "Kassa-1_0123456789ab");
    let text = r#"{"mac_address":"0123456789ab","ip_address":"10.0.0.2:35779","name":"Kassa_1"}"#;
    assert_eq!(card.text(), text);
    let long = TillCard { name: "å\"".repeat(200), ..card };
    assert!(long.text().len() <= 255 && long.text().ends_with("\"}"), "{}", long.text());
    assert!(long.instance().len() < 120);
}

#[test]
fn a_terminal_is_found_by_any_of_its_names() {
    let listed = |instance: &str, texts: &[&str]| Listed {
        instance: instance.to_owned(),
        host: "192.168.20.40".to_owned(),
        port: 35_779,
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
    };
    let by_name = listed("A1B2C3D4E5F6_1735689600000", &[]);
    assert!(by_name.is("A1B2C3D4E5F6") && !by_name.is("A1B2C3D4E5") && !by_name.is(""));
    let keys = ["app_version=1", "app_name=x", "device_sn=TESTSN0000000001"];
    assert!(listed("x_1", &keys).is("TESTSN0000000001"));
    assert!(!listed("x_1", &keys).is("x=1"));
    let json = [r#"{"mac_address":"A1B2C3D4E5F6","device_name":"P5-0001","alias_name":""}"#];
    assert!(listed("x_1", &json).is("A1B2C3D4E5F6") && listed("x_1", &json).is("P5-0001"));
    let nested = [r#"{"device_data":{"device_sn":"TESTSN0000000001"}}"#];
    assert!(listed("x_1", &nested).is("TESTSN0000000001"));
    for rubbish in ["{", "=", "x", "\u{1}"] {
        assert!(!listed("y_1", &[rubbish]).is("TESTSN0000000001"));
    }
}
