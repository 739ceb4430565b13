//! A terminal with an ECR Hub on a cable that a pseudo-terminal stands for: every ending of an amount, good and
//! bad cables, cables that are pulled before and after the money moved, a thousand times pulled and plugged
//! in, ports that cannot be used, Ctrl-C.

use super::hubs::{ROWS, pays, runtime};
use acceptance::hub_shop::{HubShop, quick, settings_on};
use acceptance::program::{Program, until};
use domain::money::Currency;
use simulator::ecrhub::{AfterLoss, Cable, Settings};
use simulator::script::{Action, Rule, Script};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::http::Network;
use terminals::seams::{Learned, Program as Identity, Seams};
use terminals::serial::{Seen, SystemLines, UsbId};
use terminals::{Notice, Notices};
use till::clock::Clock;
use till::random::Random;
use tokio::sync::mpsc;

/// A good cable, and a terminal in documents' form on one that loses, doubles, changes and cuts frames.
fn forms() -> [Settings; 2] {
    let bad = Cable {
        last_id: 253,
        lose_ack: 3,
        lose_data: 4,
        double_data: 3,
        wrong_sum: 5,
        noise: 2,
        pieces: 2,
        ..Cable::default()
    };
    let other = Settings {
        success: "000".to_owned(),
        after_loss: AfterLoss::Query,
        junk: false,
        cable: bad,
        ..quick()
    };
    [quick(), other]
}

#[test]
fn every_ending_of_an_amount_on_a_cable() {
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
                    let shop = HubShop::on_cable(runtime.handle(), settings, None, "");
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

/// Pulled out before the customer has paid, and after; plugged in again it has another port, and the payment
/// is found.
#[test]
fn a_hubs_cable_that_is_pulled_loses_no_payment() {
    let runtime = runtime();
    for after_loss in [AfterLoss::Push, AfterLoss::Query] {
        for moved in [false, true] {
            let customer_ms = if moved { 50 } else { 2_000 };
            let script = Script::new().rule(Rule::on("pay").act(Action::Late(3_000)));
            let slow = Settings { customer_ms, after_loss, ..quick() };
            let shop = HubShop::on_cable(runtime.handle(), slow, moved.then_some(script), "");
            let program = shop.pay("18.00");
            until("it is on the terminal", || shop.terminal.orders().len() == 1);
            until("the money is where it should be", || {
                shop.bank.transactions().len() == usize::from(moved)
            });
            shop.replug(runtime.handle());
            let ended = program.end();
            assert_eq!(ended.code, Some(0), "{after_loss:?} {moved}: {:#?}\n{}", ended.lines, ended.words);
            assert_eq!((shop.bank.balance("SEK"), shop.terminal.orders().len()), (18_00, 1));
        }
    }
}

/// The terminal starts anew while the cable stays: silence ends the link, a handshake and a query follow.
#[test]
fn a_terminal_that_starts_anew_is_met_again() {
    let runtime = runtime();
    let script = Script::new().rule(Rule::on("pay").act(Action::Late(3_000)));
    let shop = HubShop::on_cable(runtime.handle(), quick(), Some(script), "");
    let program = shop.pay("18.00");
    until("the money has moved", || shop.bank.transactions().len() == 1);
    shop.terminal.hang_up();
    let ended = program.end();
    assert_eq!(ended.code, Some(0), "{:#?}\n{}", ended.lines, ended.words);
    assert_eq!((shop.bank.balance("SEK"), shop.terminal.orders().len()), (18_00, 1));
}

#[test]
fn ctrl_c_closes_a_waiting_order_over_a_cable() {
    let runtime = runtime();
    let shop = HubShop::on_cable(runtime.handle(), Settings { touch_ms: 60_000, ..quick() }, None, "");
    let program = shop.pay("18.00");
    until("it is on the terminal", || shop.terminal.orders().len() == 1);
    program.signal("INT");
    let ended = program.end();
    assert_eq!(ended.code, Some(3), "{:#?}", ended.lines);
    let settled = ended.of("settled");
    assert_eq!((&settled[0]["outcome"], &settled[0]["reason"]), (&"cancelled".into(), &"aborted".into()));
    assert_eq!(shop.bank.balance("SEK"), 0);
}

/// No terminal, a port of somebody else, a terminal that hears nothing: nothing is sent, and the words say
/// what to do.
#[test]
fn a_hubs_port_that_cannot_be_used_charges_nobody() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let shop = HubShop::on_cable(runtime.handle(), quick(), None, "connect_ms = 3000\n");
    let held = serialport::new(shop.port().display().to_string(), 115_200).open().unwrap();
    let ended = shop.pay("18.00").end();
    assert_eq!(ended.code, Some(6), "{:#?}", ended.lines);
    assert!(ended.words.contains("Another program uses"), "{}", ended.words);
    drop(held);
    shop.terminal.turn(|knobs| knobs.cable.confirm_ms = 60_000);
    let ended = shop.pay("18.00").end();
    assert_eq!(ended.code, Some(6), "{:#?}", ended.lines);
    assert!(ended.words.contains("does not answer") && ended.words.contains("USB"), "{}", ended.words);
    let mut ports = shop.ports();
    shop.terminal.unplug();
    runtime.block_on(async { ports.wait_for(|port| port.as_os_str().is_empty()).await.map(drop) }).unwrap();
    std::fs::remove_file(shop.folder.path().join("cable")).unwrap();
    let ended = shop.pay("18.00").end();
    assert_eq!(ended.code, Some(6), "{:#?}", ended.lines);
    assert!(ended.words.to_lowercase().contains("plug"), "{}", ended.words);
    assert_eq!((shop.bank.transactions().len(), shop.terminal.orders().len()), (0, 0));
}

/// The simulator as a program of its own, by its command line.
#[test]
fn the_simulator_on_a_cable_is_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("cable");
    std::fs::write(folder.path().join("settings.toml"), settings_on(&link, "")).unwrap();
    let settings = folder.path().join("settings.toml").display().to_string();
    let elsewhere = tempfile::tempdir().unwrap();
    let place = link.display().to_string();
    let simulate = ["simulate", "ecrhub-usb", "--settings", &settings, "--link", &place];
    let mut terminal = Program::start(&[], elsewhere.path(), &simulate);
    assert!(terminal.kind("listening").is_some());
    let checked = Program::start(&[], folder.path(), &["check", "desk"]).end();
    assert_eq!(checked.code, Some(0), "{:#?}", checked.lines);
    let paid = Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "9.90"]).end();
    assert_eq!(paid.code, Some(0), "{:#?}", paid.lines);
    drop(terminal);
    let gone = Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "9.90"]).end();
    assert_eq!(gone.code, Some(6), "nothing was sent: {:#?}", gone.lines);
}

#[derive(Debug)]
struct Told(mpsc::Sender<Notice>);

impl Notices for Told {
    fn notice(&self, notice: Notice) {
        let _ = self.0.try_send(notice);
    }
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Found by its USB identity, whatever port it has; nothing is left behind by a thousand cables.
#[test]
#[cfg(target_os = "linux")]
fn a_hub_a_thousand_times_pulled_out_and_plugged_in() {
    let runtime = runtime();
    let shop = HubShop::on_cable(runtime.handle(), quick(), None, "");
    let (told, mut notices) = mpsc::channel(16);
    let seams = seams(shop.folder.path().join("cable"), told);
    let table = "usb = \"05c6:9025:A7\"\napp_id = \"wztest0000000001\"".parse().unwrap();
    let driver = terminals::registry::make("ecrhub-usb", &table, seams).unwrap();
    runtime.block_on(async {
        let mut changes = shop.ports();
        driver.open().await.expect("the terminal is there");
        let files = open_files();
        for round in 0..1_000 {
            shop.terminal.unplug();
            changes.wait_for(|port| port.as_os_str().is_empty()).await.expect("the port is gone");
            // The driver hears of it by itself.
            loop {
                let heard = tokio::time::timeout(Duration::from_secs(20), notices.recv()).await;
                match heard.expect("the driver notices").expect("it lives") {
                    Notice::OutOfService(_) => break,
                    Notice::Restarted | Notice::News => {}
                    other => panic!("round {round}: {other:?}"),
                }
            }
            shop.terminal.plug();
            changes.wait_for(|port| !port.as_os_str().is_empty()).await.expect("it has a port");
            let identity = driver.open().await;
            let identity = identity.unwrap_or_else(|fault| panic!("round {round}: {fault:?}"));
            assert_eq!(identity.serial.as_deref(), Some("TESTSN0000000001"));
        }
        // Other tests of this program have files, too; a leak would have a thousand.
        assert!(open_files() <= files + 100, "{files} files were open, and {} are", open_files());
    });
}

/// One USB device, wherever the link leads.
fn seams(link: std::path::PathBuf, told: mpsc::Sender<Notice>) -> Seams {
    let usb = UsbId::parse("05c6:9025:A7").unwrap();
    let look = move || {
        let port = std::fs::read_link(&link).unwrap_or_default().display().to_string();
        vec![Seen { port, usb: Some(usb.clone()) }]
    };
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    Seams {
        http: Arc::new(Network::new().unwrap()),
        lines: Arc::new(SystemLines::seeing(look)),
        nearby: Arc::new(terminals::nearby::Nobody),
        ambient: Arc::new(Random::system(clock)),
        notices: Arc::new(Told(told)),
        currency: Currency::parse("SEK").unwrap(),
        learned: Learned::default(),
        zone: jiff::tz::TimeZone::UTC,
        public_url: String::new(),
        till: "T1".to_owned(),
        program: Identity { maker: "P".into(), name: "P".into(), version: "1".into() },
    }
}
