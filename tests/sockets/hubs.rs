//! A terminal with an ECR Hub over real WebSockets: every ending of an amount that needs no minutes, in the
//! forms that terminals answer in; connections that break before and after the money moved; money back;
//! Ctrl-C; the simulator as a program of its own.

use acceptance::hub_shop::{HubShop, quick, settings_at};
use acceptance::program::{Program, free_port, until};
use simulator::ecrhub::{AfterLoss, Settings};
use simulator::script::{Action, Rule, Script};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Amount, exit code, outcome, what was paid, reason.
pub type Row = (&'static str, i32, &'static str, &'static str, Option<&'static str>);

pub const ROWS: &[Row] = &[
    ("18.00", 0, "approved", "18.00", None),
    // The connection ends in the place of the answer, which is told again on the next one, or to who asks.
    ("18.42", 0, "approved", "18.42", None),
    ("18.44", 0, "approved", "18.44", None),
    ("18.50", 3, "declined", "0.00", Some("refused")),
    ("18.51", 3, "declined", "0.00", Some("refused")),
    ("18.52", 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("18.53", 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("18.54", 6, "not_charged", "0.00", Some("busy")),
    ("18.55", 6, "not_charged", "0.00", Some("login_refused")),
    ("18.56", 0, "approved", "18.56", None),
    ("18.57", 3, "declined", "0.00", Some("refused")),
    ("18.58", 5, "disputed", "0.00", Some("reference_in_use")),
    ("18.59", 0, "approved", "18.59", None),
    // What the answer says wrongly, a query tells rightly.
    ("18.60", 0, "approved", "18.60", None),
    ("18.61", 0, "approved", "18.61", None),
    ("18.62", 0, "approved", "18.62", None),
    ("18.63", 0, "approved", "18.63", None),
    ("18.64", 0, "approved", "18.64", None),
    ("18.65", 0, "approved", "18.65", None),
    ("18.66", 0, "approved", "18.66", None),
    ("18.67", 0, "approved", "18.67", None),
    ("18.68", 0, "approved", "18.68", None),
    ("18.70", 0, "approved", "18.70", None),
    ("18.72", 0, "approved", "20.59", None),
];

/// The forms that terminals answer in.
fn forms() -> [Settings; 2] {
    let other = Settings {
        success: "000".to_owned(),
        echoes_id: false,
        binary: true,
        after_loss: AfterLoss::Query,
        junk: false,
        ..quick()
    };
    [quick(), other]
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn every_ending_of_an_amount_over_web_sockets() {
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
                    let shop = HubShop::open(runtime.handle(), settings, None, "");
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

pub fn pays(row: &Row, shop: &HubShop) -> Result<(), String> {
    let (asked, code, outcome, amount, reason) = *row;
    let ended = shop.pay(asked).end();
    let settled = ended.of("settled");
    let told: Vec<_> =
        settled.iter().map(|it| (&it["outcome"], &it["amount"], it["reason"].as_str())).collect();
    if ended.code != Some(code) || told != [(&outcome.into(), &amount.into(), reason)] {
        let trace = shop.terminal.trace();
        return Err(format!("exit {:?}: {:#?}\n{}\n{trace:#?}", ended.code, ended.lines, ended.words));
    }
    let complaints = shop.terminal.complaints();
    let minor: i64 = amount.replace('.', "").parse().unwrap();
    let bank = shop.bank.balance("SEK");
    if !complaints.is_empty() || bank != minor {
        return Err(format!("the bank has {bank}: {complaints:?}"));
    }
    Ok(())
}

/// An answer that names no order is nobody's word: the till asks, and is told.
#[test]
fn an_answer_that_names_no_order_is_asked_about() {
    let runtime = runtime();
    let nameless = Settings { echoes_id: false, empty_on_cancel: true, ..quick() };
    let shop = HubShop::open(runtime.handle(), nameless, None, "");
    let row = ("18.52", 3, "cancelled", "0.00", Some("customer_cancelled"));
    pays(&row, &shop).unwrap();
    let queries = shop.terminal.trace().iter().filter(|line| line.contains(" query ")).count();
    assert!(queries > 1, "the greeting and the question: {:#?}", shop.terminal.trace());
}

/// The network goes away before the customer has paid, and after; when it is back the payment is found.
#[test]
fn a_network_that_goes_away_loses_no_payment() {
    let runtime = runtime();
    for after_loss in [AfterLoss::Push, AfterLoss::Query] {
        for moved in [false, true] {
            let customer_ms = if moved { 50 } else { 2_000 };
            let script = Script::new().rule(Rule::on("pay").act(Action::Late(3_000)));
            let slow = Settings { customer_ms, after_loss, ..quick() };
            let shop = HubShop::open(runtime.handle(), slow, moved.then_some(script), "");
            let program = shop.pay("18.00");
            until("it is on the terminal", || shop.terminal.orders().len() == 1);
            until("the money is where it should be", || {
                shop.bank.transactions().len() == usize::from(moved)
            });
            shop.terminal.unplug();
            shop.terminal.plug();
            let ended = program.end();
            assert_eq!(ended.code, Some(0), "{after_loss:?} {moved}: {:#?}\n{}", ended.lines, ended.words);
            assert_eq!((shop.bank.balance("SEK"), shop.terminal.orders().len()), (18_00, 1));
        }
    }
}

#[test]
fn ctrl_c_closes_a_waiting_order() {
    let runtime = runtime();
    for tells_closed in [true, false] {
        let patient = Settings { touch_ms: 60_000, tells_closed, ..quick() };
        let shop = HubShop::open(runtime.handle(), patient, None, "");
        let program = shop.pay("18.00");
        until("it is on the terminal", || shop.terminal.orders().len() == 1);
        program.signal("INT");
        let ended = program.end();
        assert_eq!(ended.code, Some(3), "{:#?}", ended.lines);
        let settled = ended.of("settled");
        let told = (&settled[0]["outcome"], &settled[0]["reason"]);
        assert_eq!(told, (&"cancelled".into(), &"aborted".into()), "{tells_closed}");
        assert_eq!(shop.bank.balance("SEK"), 0);
    }
}

/// What is settled cannot be voided, and what is not settled cannot be refunded: the other one is opened by
/// itself where the cashier agrees to it.
#[test]
fn undone_refunded_and_settled() {
    let runtime = runtime();
    let shop = HubShop::open(runtime.handle(), quick(), None, "batch_close = true\n");
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
    assert_ne!(refused.code, Some(0), "a settled payment is not voided: {:#?}", refused.lines);
    assert_eq!(shop.bank.balance("SEK"), 16_00);
    assert!(shop.terminal.complaints().is_empty(), "{:?}", shop.terminal.complaints());
}

/// The simulator as a program of its own, by its command line.
#[test]
fn the_simulator_is_a_program() {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), settings_at(address, "")).unwrap();
    let settings = folder.path().join("settings.toml").display().to_string();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut terminal =
        Program::start(&[], elsewhere.path(), &["simulate", "ecrhub-wlan", "--settings", &settings]);
    assert!(terminal.kind("listening").is_some());
    let checked = Program::start(&[], folder.path(), &["check", "desk"]).end();
    assert_eq!(checked.code, Some(0), "{:#?}", checked.lines);
    let paid = Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "9.90"]).end();
    assert_eq!(paid.code, Some(0), "{:#?}", paid.lines);
    drop(terminal);
    let gone = Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "9.90"]).end();
    assert_eq!(gone.code, Some(6), "nothing was sent: {:#?}", gone.lines);
}
