//! A device behind a host over real sockets, in both generations: every ending of an amount that needs no
//! minutes, money back, Ctrl-C, a forged notification, TLS.

use crate::tls::{certificate, front};
use acceptance::host_shop::{HostShop, quick};
use acceptance::program::{Ended, Program, until};
use acceptance::world::Form;
use simulator::script::{Outcome, Rule, Script};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Amount, exit code, outcome, what was paid, reason.
type Row = (&'static str, i32, &'static str, &'static str, Option<&'static str>);

const ROWS: &[Row] = &[
    ("18.00", 0, "approved", "18.00", None),
    ("18.42", 0, "approved", "18.42", None),
    ("18.50", 3, "declined", "0.00", Some("refused")),
    ("18.51", 3, "declined", "0.00", Some("refused")),
    ("18.52", 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("18.53", 3, "declined", "0.00", Some("customer_cancelled")),
    ("18.56", 0, "approved", "18.56", None),
    ("18.57", 3, "declined", "0.00", Some("refused")),
    ("18.58", 5, "disputed", "0.00", Some("reference_in_use")),
    ("18.59", 0, "approved", "18.59", None),
    ("18.60", 0, "approved", "18.60", None),
    ("18.61", 0, "approved", "18.61", None),
    ("18.62", 0, "approved", "18.62", None),
    ("18.63", 0, "approved", "18.63", None),
    ("18.70", 0, "approved", "18.70", None),
    ("18.72", 0, "approved", "18.72", None),
];

const FORMS: [(Form, &str); 3] = [
    (Form::Edc, ""),
    (Form::Sealed, ""),
    (Form::Sealed, "notifications = true\njwe_alg = \"ECDH-ES+A256KW\"\n"),
];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn every_ending_of_an_amount_in_both_generations() {
    let (runtime, next) = (runtime(), AtomicUsize::new(0));
    let wrong = Mutex::<Vec<String>>::default();
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(row) = ROWS.get(index / FORMS.len()) else { return };
                    let (form, more) = FORMS[index % FORMS.len()];
                    let shop = runtime.block_on(HostShop::open(form, quick(), None, more));
                    if let Err(report) = pays(row, &shop) {
                        wrong.lock().unwrap().push(format!("{} {form:?} {more:?}: {report}", row.0));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pays(row: &Row, shop: &HostShop) -> Result<(), String> {
    let (asked, code, outcome, amount, reason) = *row;
    let ended = shop.pay(asked).end();
    let settled = ended.of("settled");
    let told: Vec<_> =
        settled.iter().map(|it| (&it["outcome"], &it["amount"], it["reason"].as_str())).collect();
    if ended.code != Some(code) || told != [(&outcome.into(), &amount.into(), reason)] {
        return Err(format!("exit {:?}: {:#?}\n{}", ended.code, ended.lines, ended.words));
    }
    let complaints = shop.host.complaints();
    let minor: i64 = amount.replace('.', "").parse().unwrap();
    let bank = shop.bank.balance("SEK");
    if !complaints.is_empty() || bank != minor || shop.heard("pay") > 1 {
        return Err(format!("the bank has {bank}, {} requests: {complaints:?}", shop.heard("pay")));
    }
    Ok(())
}

/// A card payment is voided, a wallet payment refunded, and the other of the two is opened by itself where it
/// is the wrong one.
#[test]
fn money_goes_back_the_way_that_it_came() {
    let runtime = runtime();
    let ways = [
        ("01", &["reverse"][..], 0),
        ("04", &["reverse", "--or-refund"], 0),
        ("04", &["refund", "--terminal", "edc", "--amount", "18.00"], 0),
        ("08", &["refund", "--terminal", "edc", "--amount", "5.00"], 13_00),
    ];
    for (paid_by, back, left) in ways {
        let more = format!("payment_type = \"{paid_by}\"\n");
        let shop = runtime.block_on(HostShop::open(Form::Edc, quick(), None, &more));
        let paid = shop.pay("18.00").end();
        let id = paid.of("settled")[0]["payment"].as_str().expect("it has an id").to_owned();
        let ended = shop.ran(&[back, &["--payment", &id]].concat());
        assert_eq!(
            (ended.code, shop.bank.balance("SEK")),
            (Some(0), left),
            "{paid_by} {back:?} {ended:#?}"
        );
    }
}

/// Nothing but the device can cancel: Ctrl-C asks for its button, and the program waits for what comes of it.
#[test]
fn ctrl_c_asks_for_the_button_on_the_device() {
    for form in [Form::Edc, Form::Sealed] {
        let runtime = runtime();
        let script = Script::new().rule(Rule::on("pay").act(Outcome::UntilAborted));
        let shop = runtime.block_on(HostShop::open(form, quick(), Some(script), ""));
        let mut program = shop.pay("18.00");
        until("the device works", || !shop.host.transactions().is_empty());
        program.signal("INT");
        let says = |text: &str| text.contains("Press Cancel on the terminal");
        program.line(|line| line["type"] == "display" && line["text"].as_str().is_some_and(says));
        shop.host.press_cancel();
        let ended = program.end();
        assert_eq!((ended.code, shop.heard("pay")), (Some(3), 1), "{:#?}", ended.lines);
        assert_eq!(ended.of("settled")[0]["outcome"], "cancelled");
    }
}

/// What anybody may post to the listener: nothing of it is acknowledged, and nothing of it is believed.
#[test]
fn a_forged_notification_of_a_host_changes_nothing() {
    let runtime = runtime();
    let script = Script::new().rule(Rule::on("pay").act(Outcome::UntilAborted));
    let shop =
        runtime.block_on(HostShop::open(Form::Sealed, quick(), Some(script), "notifications = true\n"));
    let program = shop.pay("18.00");
    until("the device works", || !shop.host.transactions().is_empty());
    for body in ["", "0025", "<html>", "0025a.b.c.d.e", "{\"resultCode\":\"00000\"}"] {
        let mut stream = TcpStream::connect(("127.0.0.1", shop.listener)).expect("the till listens");
        let length = body.len();
        write!(
            stream,
            "POST /kayaaku/notification HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\
             sourceSystem: fnx\r\nSignature: AAAA\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).unwrap();
        assert!(told.starts_with("HTTP/1.1 40") && !told.contains("0026"), "{body:?}: {told}");
    }
    shop.host.press_cancel();
    let ended = program.end();
    assert_eq!((ended.code, &ended.of("settled")[0]["outcome"]), (Some(3), &"cancelled".into()));
    assert_eq!(shop.bank.balance("SEK"), 0);
}

/// A payment by a program that trusts this certificate and no other.
fn pay(shop: &HostShop, trusted: &Path) -> Ended {
    let trust = format!("SSL_CERT_FILE={}", trusted.display());
    let arguments = ["pay", "--terminal", "edc", "--amount", "18.00"];
    Program::start(&["env", &trust], shop.folder.path(), &arguments).end()
}

#[test]
fn a_host_is_spoken_to_by_tls_where_its_certificate_is_trusted_and_not_otherwise() {
    let runtime = runtime();
    let folder = tempfile::tempdir().unwrap();
    let (right, its_file) = certificate("localhost", folder.path());
    let (_, other_file) = certificate("host.example", folder.path());
    for form in [Form::Edc, Form::Sealed] {
        let shop = runtime.block_on(HostShop::open(form, quick(), None, ""));
        shop.reroute(&format!("https://localhost:{}", front(Arc::clone(&right), shop.address).port()), "");
        let refused = pay(&shop, &other_file);
        assert_eq!(refused.code, Some(6), "another one is trusted: {refused:#?}");
        assert_eq!(shop.host.trace(), Vec::<String>::new(), "not one request came through");
        let paid = pay(&shop, &its_file);
        assert_eq!((paid.code, shop.bank.balance("SEK")), (Some(0), 18_00), "{paid:#?}");
    }
}
