//! Settings: what is refused, and with which words.

use super::stage::{EC, second, table};
use terminals::kayaaku::profile::{FORM, check};

fn wrong(more: &str) -> (String, String) {
    let error = check(&table(more)).unwrap_err();
    (error.key, error.what)
}

#[test]
fn good_settings_are_checked_and_named() {
    let checked = check(&table("")).unwrap();
    assert!(checked.loopback && !checked.needs_listener);
    assert_eq!(checked.identity, "kayaaku KP0001");
    assert_eq!(checked.login, "tst\n000010000099999\nKP0001");
    let second = check(&table(&format!("{}notifications = true", second()))).unwrap();
    assert!(second.needs_listener);
}

#[test]
fn a_real_host_waits_until_the_meaning_of_amounts_is_confirmed() {
    let host = "base_url = \"https://pos.example/mqpos-host\"\n";
    for more in ["", "amount_unit_confirmed = false\n", "amount_trial = false\n"] {
        let (key, what) = wrong(&format!("{host}{more}"));
        assert_eq!(key, "amount_unit_confirmed");
        assert!(what.contains("1.00 for a live sale of 1.00"), "{what}");
    }
    for word in ["amount_unit_confirmed", "amount_trial"] {
        assert!(!check(&table(&format!("{host}{word} = true\n"))).unwrap().loopback);
    }
}

#[test]
fn a_generation_may_stand_without_quotes() {
    use terminals::kayaaku::profile::{Profile, Speech};
    let of = |more: &str| Profile::read(&table(more)).unwrap().speech;
    assert!(matches!(of("generation = 1"), Speech::Plain { .. }));
    let second = second().replace("generation = \"2\"", "generation = 2");
    assert!(matches!(of(&second), Speech::Sealed(_)));
}

#[test]
fn each_setting_that_cannot_be_used_is_named() {
    let rows = [
        ("base_url = \"http://pos.example\"", "base_url"),
        ("base_url = \"http://127.0.0.1:9/?a\"", "base_url"),
        ("till_no = \"1\"", "till_no"),
        ("payment_type = \"07\"", "payment_type"),
        ("payment_type = 1", "payment_type"),
        ("source_system = \"toolong\"", "source_system"),
        ("mid = \"0000100000999991\"", "mid"),
        ("device_sn = \"a b\"", "device_sn"),
        ("email = \"till07\"", "email"),
        ("email = \"@example.my\"", "email"),
        ("email = \"till 07@example.my\"", "email"),
        ("generation = \"3\"", "generation"),
        ("generation = 3", "generation"),
        ("generation = 1.0", "generation"),
        ("private_key = \"x\"", "private_key"),
        ("peer_public_key = \"x\"", "peer_public_key"),
        ("notifications = true", "notifications"),
        ("answer_ms = 10", "answer_ms"),
        ("colour = \"red\"", "colour"),
    ];
    for (more, key) in rows {
        assert_eq!(wrong(more).0, key, "{more}");
    }
    let other_kind = format!("private_key = '''{EC}'''");
    assert_eq!(wrong(&other_kind).0, "private_key");
    let rows = [
        ("jwe_recipient_key = \"{}\"", "jwe_recipient_key"),
        ("jwe_private_key = \"{}\"", "jwe_private_key"),
        ("jwe_recipient_key = \"\"", "jwe_recipient_key"),
        ("enquiry_mti = \"13\"", "enquiry_mti"),
        ("jwe_alg = \"none\"", "jwe_alg"),
        ("jwe_enc = \"none\"", "jwe_enc"),
        ("seller_id = \"1\"", "seller_id"),
    ];
    for (more, key) in rows {
        let mut settings = table(&second());
        settings.extend(more.parse::<toml::Table>().unwrap());
        assert_eq!(check(&settings).unwrap_err().key, key, "{more}");
    }
}

#[test]
fn an_enquiry_has_a_type_of_its_own_and_a_wrong_one_is_said_plainly() {
    let of = |kind: &str| {
        let mut settings = table(&second());
        settings.insert("enquiry_mti".to_owned(), kind.into());
        check(&settings).map_err(|error| (error.key, error.what))
    };
    for good in ["0013", "0015", "0001", "9997"] {
        assert!(of(good).is_ok(), "{good}");
    }
    for (kind, words) in [
        ("0012", "odd"),
        ("0014", "odd"),
        ("0026", "odd"),
        ("9999", "odd"),
        ("013", "four digits"),
        ("00013", "four digits"),
        ("001X", "four digits"),
        ("+013", "four digits"),
        ("0011", "payments"),
        ("0025", "notifications"),
    ] {
        let (key, what) = of(kind).unwrap_err();
        assert!(key == "enquiry_mti" && what.contains(words), "{kind}: {what}");
    }
}

#[test]
fn an_address_that_is_none_is_said_so() {
    let (_, what) = wrong("email = \"till07\"");
    assert_eq!(what, "must be an e-mail address, at most 100 characters");
}

#[test]
fn a_profile_prints_nothing_that_logs_must_not_hold() {
    let profile = terminals::kayaaku::profile::Profile::read(&table("")).unwrap();
    let printed = format!("{profile:?}");
    assert!(printed.contains("000010000099999"), "{printed}");
    for secret in ["KP0001", "till07", "BEGIN"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn settings_are_checked_before_their_secrets_are_read() {
    let kept = "private_key = \"secret:one\"\n";
    assert!(check(&table(kept)).is_ok());
    assert_eq!(wrong(&format!("{kept}peer_public_key = \"x\"")).0, "peer_public_key");
    let mut settings = table(&second());
    settings.extend(
        "private_key = \"secret:one\"\njwe_private_key = \"secret:two\"".parse::<toml::Table>().unwrap(),
    );
    assert!(check(&settings).is_ok());
    settings.remove("jwe_private_key");
    assert_eq!(check(&settings).unwrap_err().key, "jwe_private_key");
}

#[test]
fn every_field_has_a_hint_and_keys_are_secrets() {
    for field in FORM {
        assert!(!field.hint.is_empty(), "{}", field.key);
        let is_secret = field.kind == terminals::form::FieldKind::Secret;
        assert_eq!(is_secret, ["private_key", "jwe_private_key"].contains(&field.key), "{}", field.key);
    }
}
