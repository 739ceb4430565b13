//! Settings, and what cannot be used.

use super::stage::{GATEWAY_PUBLIC, SESSION, TILL, table};
use terminals::registry::{Driver, Profiled};

fn check(table: &toml::Table) -> Result<Profiled, terminals::form::ProfileError> {
    Driver::named("ecrhub-cloud").unwrap().check(table)
}

fn with(key: &str, value: &str) -> toml::Table {
    let mut table = table("");
    table.insert(key.to_owned(), toml::Value::String(value.to_owned()));
    table
}

#[test]
fn what_a_shop_sets() {
    let checked = check(&table("")).unwrap();
    assert!(!checked.needs_listener && !checked.loopback);
    assert_eq!(checked.identity, "ecrhub 300000000001 TESTSN0000000001");
    assert_eq!(checked.login, SESSION);
    assert!(check(&table("notifications = true\n")).unwrap().needs_listener);
    assert!(Driver::named("ecrhub-cloud").unwrap().is_service());
}

#[test]
fn plain_http_reaches_this_computer_only() {
    for url in ["http://127.0.0.1:14000", "http://localhost:9/", "http://[::1]:9/api/entry"] {
        assert!(check(&with("base_url", url)).unwrap().loopback, "{url}");
    }
    assert!(!check(&with("base_url", "https://open.sadadpos.com/api/entry")).unwrap().loopback);
    for url in ["http://open.example", "http://192.0.2.1:80", "ftp://x", "open.example", "https://a?b=c"] {
        assert_eq!(check(&with("base_url", url)).unwrap_err().key, "base_url", "{url}");
    }
}

#[test]
fn what_cannot_be_used_names_its_key() {
    #[rustfmt::skip]
    let rows = [
        ("app_id", "wz test"), ("merchant_no", "a b"), ("store_no", ""), ("terminal_sn", &"9".repeat(33)),
        ("private_key", "no key"), ("private_key", GATEWAY_PUBLIC), ("gateway_public_key", TILL),
        ("gateway_public_key", "no key"), ("path_style", "other"), ("query_method", "query"),
        ("message_receiving_application", "@POS"), ("colour", "red"), ("pay_scenario", "shown"),
    ];
    for (key, value) in rows {
        let wrong = check(&with(key, value)).unwrap_err().key;
        let named = if key == "pay_scenario" { "pay_method_id" } else { key };
        assert_eq!(wrong, named, "{value}");
    }
    for (more, key) in [
        ("answer_ms = 10\n", "answer_ms"),
        ("answer_ms = 90000\n", "answer_ms"),
        ("connect_ms = 0\n", "connect_ms"),
        ("expires_ms = 1000\n", "expires_ms"),
        ("notifications = \"yes\"\n", "notifications"),
    ] {
        assert_eq!(check(&table(more)).unwrap_err().key, key, "{more}");
    }
    let needed = [
        "base_url",
        "app_id",
        "merchant_no",
        "store_no",
        "terminal_sn",
        "private_key",
        "gateway_public_key",
    ];
    for key in needed {
        let mut table = table("");
        table.remove(key);
        assert_eq!(check(&table).unwrap_err().key, key);
    }
}

/// A profile is checked before its secrets are read; keys are read however they were pasted.
#[test]
fn keys_come_as_they_are_kept_and_pasted() {
    assert!(check(&with("private_key", "secret:ecrhub")).is_ok());
    let kept = with("private_key", "secret:ecrhub");
    assert_eq!(
        check(&{
            let mut it = kept;
            it.insert("gateway_public_key".into(), "x".into());
            it
        })
        .unwrap_err()
        .key,
        "gateway_public_key"
    );
    let one_line = TILL.replace('\n', " ");
    let bare: String = TILL.lines().filter(|line| !line.starts_with("-----")).collect();
    for pasted in [one_line, bare] {
        assert!(check(&with("private_key", &pasted)).is_ok());
    }
}
