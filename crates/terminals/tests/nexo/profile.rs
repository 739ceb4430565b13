//! The settings of a terminal, as an installer types them.

use super::stage::{Stage, table};
use terminals::capabilities::{Abort, Recover, SignatureBy};
use terminals::form::ProfileError;
use terminals::nexo::profile::{Base, FORM, Form, Profile, check};
use terminals::registry::Driver;
use terminals::{Terminal, limits};

fn fault(settings: &str) -> ProfileError {
    check(&settings.parse().unwrap()).unwrap_err()
}

const LEAST: &str = "url = \"http://a:11000\"\nsale_id = \"K\"\npoi_id = \"P\"\n";

#[test]
fn the_least_is_address_and_names() {
    let profile = Profile::read(&LEAST.parse().unwrap()).unwrap();
    assert_eq!((profile.form, profile.language.as_str()), (Form::Default, "en"));
    assert_eq!((profile.connect, profile.answer), (None, None));
    for key in ["url", "sale_id", "poi_id"] {
        let without: String =
            LEAST.lines().filter(|line| !line.starts_with(key)).map(|l| format!("{l}\n")).collect();
        assert_eq!(fault(&without).key, key);
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let rows = [
        ("form = \"heavy\"", "form"),
        ("answer_ms = 999", "answer_ms"),
        ("connect_ms = 0", "connect_ms"),
        ("answer_ms = \"5\"", "answer_ms"),
        ("token = \"x\"", "token"),
        ("language = 5", "language"),
    ];
    for (line, key) in rows {
        assert_eq!(fault(&format!("{LEAST}{line}")).key, key, "{line}");
    }
    let with = |key: &str, value: &str| {
        let lines = LEAST.lines().map(|line| match line.starts_with(key) {
            true => format!("{key} = \"{value}\"\n"),
            false => format!("{line}\n"),
        });
        lines.collect::<String>()
    };
    let rows = [
        ("url", "https://a:1"),
        ("url", "http://a:0"),
        ("url", "http://a/other"),
        ("poi_id", ""),
        ("poi_id", "123456789012345678901234567890åå"),
        ("sale_id", " K"),
    ];
    for (key, value) in rows {
        assert_eq!(fault(&with(key, value)).key, key, "{value:?}");
    }
}

#[test]
fn an_address_has_a_port_and_a_path_of_its_own() {
    let url = |text: &str| Base::parse(text).map(|base| base.url());
    let plain = "http://192.0.2.41:11000/EPASSaleToPOI/3.1";
    for text in [
        "http://192.0.2.41",
        "http://192.0.2.41:11000/",
        plain,
        "http://192.0.2.41:11000/EPASSaleToPOI/3.1/",
    ] {
        assert_eq!(url(text).as_deref(), Ok(plain), "{text}");
    }
    assert_eq!(url("http://[::1]:80").as_deref(), Ok("http://[::1]:80/EPASSaleToPOI/3.1"));
    assert_eq!(url("http://[::1]").as_deref(), Ok("http://[::1]:11000/EPASSaleToPOI/3.1"));
    assert!(url("192.0.2.41").is_err());
}

#[test]
fn the_registry_knows_what_it_needs() {
    let driver = Driver::named("nexo").unwrap();
    let default = driver.check(&table("")).unwrap();
    assert!(default.needs_listener && !default.loopback);
    let light = driver.check(&table("form = \"light\"")).unwrap();
    assert!(!light.needs_listener);
    assert_eq!(light.identity, default.identity);
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let settings = format!("url = \"http://{host}:1\"\nsale_id = \"K\"\npoi_id = \"P\"");
        assert!(driver.check(&settings.parse().unwrap()).unwrap().loopback, "{host}");
    }
    assert!(FORM.iter().all(|field| !field.hint.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn the_form_decides_the_capabilities() {
    let default = Stage::with("", None).driver.capabilities();
    let light = Stage::with("form = \"light\"", None).driver.capabilities();
    assert!(default.live_display && default.prompts && default.listener);
    assert!(!light.live_display && !light.prompts && !light.listener);
    assert_eq!((default.signature, light.signature), (SignatureBy::TerminalAsks, SignatureBy::Till));
    for each in [default, light] {
        assert_eq!((each.abort, each.recover, each.fence), (Abort::Signal, Recover::ByReference, true));
        assert_eq!(each.recovery, limits::nexo::RECOVERY);
        assert!(each.daily_maintenance && each.reverses_last_only && !each.refund_needs_original);
    }
}
