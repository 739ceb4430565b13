//! A terminal with an ECR Hub behind the operator's gateway, over real sockets: every ending of an amount
//! that needs no minutes, in the forms that gateways answer in; notifications; money back; Ctrl-C; TLS; the
//! simulator as a program of its own.

use super::hubs::{Row, pays, runtime};
use super::tls::{certificate, front};
use acceptance::hub_shop::{HubShop, quick, settings_behind};
use acceptance::program::{Ended, Program, free_port, until};
use serde_json::Value;
use simulator::ecrhub::{Gateway, Settings};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const ROWS: &[Row] = &[
    ("18.00", 0, "approved", "18.00", None),
    // The answer to the order is lost: it is found by its number.
    ("18.42", 0, "approved", "18.42", None),
    ("18.44", 0, "approved", "18.44", None),
    ("18.50", 3, "declined", "0.00", Some("refused")),
    ("18.51", 3, "declined", "0.00", Some("refused")),
    ("18.52", 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("18.53", 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("18.54", 6, "not_charged", "0.00", Some("device_out")),
    ("18.55", 6, "not_charged", "0.00", Some("login_refused")),
    ("18.56", 0, "approved", "18.56", None),
    ("18.57", 3, "declined", "0.00", Some("refused")),
    ("18.58", 5, "disputed", "0.00", Some("reference_in_use")),
    // An error that was none: the order is on the terminal.
    ("18.59", 0, "approved", "18.59", None),
    ("18.61", 0, "approved", "18.61", None),
    ("18.62", 0, "approved", "18.62", None),
    ("18.63", 0, "approved", "18.63", None),
    ("18.64", 0, "approved", "18.64", None),
    ("18.65", 0, "approved", "18.65", None),
    ("18.66", 0, "approved", "18.66", None),
    ("18.67", 0, "approved", "18.67", None),
    ("18.70", 0, "approved", "18.70", None),
    ("18.72", 0, "approved", "20.59", None),
    // Answers to the order that nobody signed, that somebody else signed, and with data that is none.
    ("18.73", 0, "approved", "18.73", None),
    ("18.74", 0, "approved", "18.74", None),
    ("18.75", 0, "approved", "18.75", None),
];

/// The forms that gateways answer in.
fn forms() -> [Settings; 2] {
    let gateway = Gateway {
        numbers: false,
        data_object: true,
        unsigned_errors: false,
        lag_ms: 900,
        notify_twice: true,
        notify_forged: true,
        notify_reordered: true,
        ..Gateway::default()
    };
    [quick(), Settings { junk: false, gateway, ..quick() }]
}

#[test]
fn every_ending_of_an_amount_behind_a_gateway() {
    let (runtime, next) = (runtime(), AtomicUsize::new(0));
    let (wrong, forms) = (Mutex::<Vec<String>>::default(), forms());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(row) = ROWS.get(index / forms.len()) else { return };
                    let settings = forms[index % forms.len()].clone();
                    let shop = HubShop::in_cloud(runtime.handle(), settings, None, "");
                    if let Err(report) = pays(row, &shop) {
                        wrong.lock().unwrap().push(format!("{} {}: {report}", row.0, index % forms.len()));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The queries about orders, without the greeting.
fn queries(shop: &HubShop) -> usize {
    shop.terminal.trace().iter().filter(|line| line.contains(" query ")).count() - 1
}

/// Forged, repeated and reordered notifications cost queries and change nothing.
#[test]
fn notifications_only_make_the_till_ask() {
    let runtime = runtime();
    let slow = |gateway: Gateway| Settings { customer_ms: 1_100, touch_ms: 100, gateway, ..quick() };
    let odd = Gateway {
        notify_delay_ms: 0,
        notify_twice: true,
        notify_forged: true,
        notify_reordered: true,
        ..Gateway::default()
    };
    let shop = HubShop::in_cloud(runtime.handle(), slow(odd), None, "");
    let ended = shop.pay("18.00").end();
    assert_eq!((ended.code, shop.bank.balance("SEK")), (Some(0), 18_00), "{:#?}", ended.lines);
    assert!(queries(&shop) <= 4, "{:#?}", shop.terminal.trace());
    let declined = shop.pay("18.50").end();
    assert_eq!((declined.code, shop.bank.balance("SEK")), (Some(3), 18_00), "{:#?}", declined.lines);
}

#[test]
fn ctrl_c_closes_an_order_that_waits_behind_a_gateway() {
    let runtime = runtime();
    let patient = Settings { touch_ms: 60_000, ..quick() };
    let shop = HubShop::in_cloud(runtime.handle(), patient, None, "");
    let mut program = shop.pay("18.00");
    let waits =
        |line: &Value| line["text"].as_str().is_some_and(|it| it.contains("waits for the customer"));
    program.line(|line| line["type"] == "display" && waits(line));
    program.signal("INT");
    let ended = program.end();
    assert_eq!(ended.code, Some(3), "{:#?}", ended.lines);
    let settled = ended.of("settled");
    let told = (&settled[0]["outcome"], &settled[0]["reason"]);
    assert_eq!(told, (&"cancelled".into(), &"aborted".into()));
    assert_eq!(shop.bank.balance("SEK"), 0);
}

/// What is settled cannot be voided; the refund is the way.
#[test]
fn undone_refunded_and_settled_behind_a_gateway() {
    let runtime = runtime();
    let shop = HubShop::in_cloud(runtime.handle(), quick(), None, "batch_close = true\n");
    let paid = |amount: &str| {
        let ended = shop.pay(amount).end();
        ended.of("settled")[0]["payment"].as_str().unwrap().to_owned()
    };
    let first = paid("18.00");
    let undone = shop.ran(&["reverse", "--payment", &first]);
    assert_eq!((undone.code, shop.bank.balance("SEK")), (Some(0), 0), "{:#?}", undone.lines);
    let second = paid("18.00");
    let part = ["refund", "--terminal", "desk", "--amount", "7.00", "--payment", &second];
    let back = shop.ran(&part);
    assert_eq!((back.code, shop.bank.balance("SEK")), (Some(0), 11_00), "{:#?}", back.lines);
    let third = paid("5.00");
    let settled = shop.ran(&["terminal", "desk", "reconcile"]);
    assert_eq!(settled.code, Some(0), "{:#?}", settled.lines);
    let refused = shop.ran(&["reverse", "--payment", &third]);
    assert_eq!(refused.of("settled")[0]["reason"], "use_refund", "{:#?}", refused.lines);
    let back = shop.ran(&["reverse", "--payment", &third, "--or-refund"]);
    assert_eq!((back.code, shop.bank.balance("SEK")), (Some(0), 11_00), "{:#?}", back.lines);
    assert!(shop.terminal.complaints().is_empty(), "{:?}", shop.terminal.complaints());
}

/// A payment by a program that trusts this certificate and no other; the system's own where none is named.
fn pay(shop: &HubShop, trusted: Option<&Path>) -> Ended {
    let trust = trusted.map(|file| format!("SSL_CERT_FILE={}", file.display()));
    let runner: Vec<&str> = trust.iter().flat_map(|trust| ["env", trust.as_str()]).collect();
    let arguments = ["pay", "--terminal", "desk", "--amount", "18.00"];
    Program::start(&runner, shop.folder.path(), &arguments).end()
}

#[test]
fn the_cloud_is_spoken_to_by_tls_where_its_certificate_is_trusted_and_not_otherwise() {
    let runtime = runtime();
    let shop = HubShop::in_cloud(runtime.handle(), quick(), None, "");
    let folder = tempfile::tempdir().unwrap();
    let (right, its_file) = certificate("localhost", folder.path());
    let (wrong, wrong_file) = certificate("gateway.example", folder.path());
    let at = |config| format!("https://localhost:{}", front(config, shop.cloud().0).port());
    let trusted = at(Arc::clone(&right));
    shop.reroute(&trusted, "");
    for file in [None, Some(wrong_file.as_path())] {
        let refused = pay(&shop, file);
        assert_eq!(refused.code, Some(6), "nobody trusts it: {refused:#?}");
    }
    shop.reroute(&at(wrong), "");
    assert_eq!(pay(&shop, Some(&wrong_file)).code, Some(6), "it is another name's");
    assert_eq!(shop.terminal.trace(), Vec::<String>::new(), "not one request came through");
    shop.reroute(&trusted, "");
    let paid = pay(&shop, Some(&its_file));
    assert_eq!((paid.code, shop.bank.balance("SEK")), (Some(0), 18_00), "{paid:#?}");
    shop.reroute("http://192.0.2.7", "");
    let ended = pay(&shop, None);
    assert!(ended.code != Some(0) && ended.words.contains("https"), "{ended:#?}");
    assert!(ended.of("intended").is_empty(), "nothing is begun: {ended:#?}");
}

/// The simulator as a program of its own, by its command line: keys, numbers and address are the settings'.
#[test]
fn the_gateway_is_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let base_url = format!("http://127.0.0.1:{}", free_port());
    let text = settings_behind(&base_url, free_port(), "");
    std::fs::write(folder.path().join("settings.toml"), text).unwrap();
    let settings = folder.path().join("settings.toml").display().to_string();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut gateway =
        Program::start(&[], elsewhere.path(), &["simulate", "ecrhub-cloud", "--settings", &settings]);
    assert!(gateway.kind("listening").is_some());
    let checked = Program::start(&[], folder.path(), &["check", "desk"]).end();
    assert_eq!(checked.code, Some(0), "{:#?}", checked.lines);
    let paid = Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "9.90"]).end();
    assert_eq!(paid.code, Some(0), "{:#?}", paid.lines);
    drop(gateway);
    let gone = Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "9.90"]).end();
    assert_eq!(gone.code, Some(6), "nothing was sent: {:#?}", gone.lines);
}

/// The gateway cannot be reached in the middle of a payment: it is found when it can.
#[test]
fn a_gateway_that_goes_away_loses_no_payment() {
    let runtime = runtime();
    let slow = Settings { customer_ms: 3_000, ..quick() };
    let shop = HubShop::in_cloud(runtime.handle(), slow, None, "");
    let program = shop.pay("18.00");
    until("it is on the terminal", || shop.terminal.orders().len() == 1);
    shop.terminal.unplug();
    until("the customer has paid", || shop.bank.balance("SEK") == 18_00);
    shop.terminal.plug();
    let ended = program.end();
    assert_eq!((ended.code, shop.bank.balance("SEK")), (Some(0), 18_00), "{:#?}", ended.lines);
    assert_eq!(shop.terminal.orders().len(), 1);
}
