//! The form of a device on a cable.

use crate::stage::table;
use terminals::registry::Driver;

fn wrong(more: &str) -> String {
    let driver = Driver::named("kayaaku-serial").unwrap();
    driver.check(&table(more)).unwrap_err().to_string()
}

#[test]
fn every_setting_that_cannot_be_used_is_named() {
    for (more, words) in [
        ("usb = \"0483:5740\"", "usb: must be empty where port is set"),
        ("port = \"\"", "port: is missing, and so is usb"),
        ("port = \"\"\nusb = \"0483\"", "usb: must be VID:PID or VID:PID:SERIAL, for example 0483:5740"),
        ("mid = \"1234567890123456\"", "mid: must be letters and digits, at most 15"),
        ("mid = \"1 2\"", "mid: must be letters and digits, at most 15"),
        ("mid = \"\"", "mid: is empty"),
        ("baud = \"1\"", "baud: must be one of: 9600, 19200, 38400, 57600, 115200"),
        ("payment_type = \"02\"", "payment_type: must be one of: 00, 01, 04, 05, 08, 09, ask"),
        ("acknak = \"yes\"", "acknak: must be true or false"),
        ("answer_ms = 1", "answer_ms: must be at least 1000 milliseconds"),
        ("speed = 1", "speed: is not a setting of this driver"),
    ] {
        assert_eq!(wrong(more), words);
    }
}

#[test]
fn what_no_two_terminals_share_and_what_a_folder_for_practice_takes() {
    let driver = Driver::named("kayaaku-serial").unwrap();
    let real = driver.check(&table("")).unwrap();
    assert_eq!(
        (real.identity.as_str(), real.loopback, real.needs_listener),
        ("serial /dev/ttyACM0", false, false)
    );
    let usb = driver.check(&table("port = \"\"\nusb = \"0483:5740:A7\"")).unwrap();
    assert_eq!(usb.identity, "serial USB 0483:5740:A7");
    let played = driver.check(&table("port = \"/dev/pts/7\"")).unwrap();
    assert!(played.loopback, "a program of this computer is behind it");
    let linked = driver.check(&table("port = \"/srv/till/device\"")).unwrap();
    assert!(linked.loopback, "a simulator's link; the line refuses one that leads to a real port");
    for real in ["/dev/serial/by-id/x", "COM3", "ttyACM0", "/dev/ttyACM0"] {
        let about = driver.check(&table(&format!("port = \"{real}\""))).unwrap();
        assert!(!about.loopback, "{real}");
    }
    assert_eq!(real.login, played.login, "lost answers are searched at the same merchant");
}
