//! A device on a cable that a pseudo-terminal stands for: every ending of an amount, cables that are pulled
//! before and after the money moved, a thousand times pulled and plugged in, ports that cannot be opened,
//! Ctrl-C.

use acceptance::cable_shop::{CableShop, quick};
use acceptance::program::until;
use domain::money::Currency;
use simulator::kayaaku::Settings;
use simulator::script::{Action, Rule, Script};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use terminals::http::Network;
use terminals::seams::{Learned, Program, Seams};
use terminals::serial::{Seen, SystemLines, UsbId};
use terminals::{Notice, Notices};
use till::clock::Clock;
use till::random::Random;
use tokio::sync::mpsc;

/// Amount, exit code, outcome, amount, reason.
type Row = (&'static str, i32, &'static str, &'static str, Option<&'static str>);

const ROWS: &[Row] = &[
    ("18.00", 0, "approved", "18.00", None),
    // The cable ends in the place of the result, which is told again.
    ("18.42", 0, "approved", "18.42", None),
    ("18.50", 3, "declined", "0.00", Some("refused")),
    ("18.51", 3, "declined", "0.00", Some("refused")),
    ("18.52", 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("18.53", 3, "declined", "0.00", Some("customer_cancelled")),
    ("18.54", 6, "not_charged", "0.00", Some("busy")),
    ("18.56", 0, "approved", "18.56", None),
    ("18.57", 3, "declined", "0.00", Some("refused")),
    ("18.58", 5, "disputed", "0.00", Some("reference_in_use")),
    ("18.59", 0, "approved", "18.59", None),
    // Another amount than the bank's in the result; the enquiry tells the right one.
    ("18.62", 0, "approved", "18.62", None),
    ("18.63", 0, "approved", "18.63", None),
    ("18.70", 0, "approved", "18.70", None),
    ("18.72", 0, "approved", "18.72", None),
];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn every_ending_of_an_amount_over_a_pseudo_terminal() {
    let (runtime, next) = (runtime(), AtomicUsize::new(0));
    let wrong = Mutex::<Vec<String>>::default();
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let _inside = runtime.enter();
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(row) = ROWS.get(index) else { return };
                    let more = if index % 2 == 0 { "acknak = true\n" } else { "" };
                    let shop = CableShop::open(Settings { acknak: index % 2 == 0, ..quick() }, None, more);
                    if let Err(report) = pays(row, &shop) {
                        wrong.lock().unwrap().push(format!("{} {more:?}: {report}", row.0));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pays(row: &Row, shop: &CableShop) -> Result<(), String> {
    let (asked, code, outcome, amount, reason) = *row;
    let ended = shop.pay(asked).end();
    let settled = ended.of("settled");
    let told: Vec<_> =
        settled.iter().map(|it| (&it["outcome"], &it["amount"], it["reason"].as_str())).collect();
    if ended.code != Some(code) || told != [(&outcome.into(), &amount.into(), reason)] {
        return Err(format!(
            "exit {:?}: {:#?}\n{}\n{:#?}",
            ended.code,
            ended.lines,
            ended.words,
            shop.device.trace()
        ));
    }
    if !shop.device.complaints().is_empty() {
        return Err(format!("the device complains: {:?}", shop.device.complaints()));
    }
    let minor: i64 = amount.replace('.', "").parse().unwrap();
    if shop.bank.balance("SEK") != minor {
        return Err(format!("the bank has {}", shop.bank.balance("SEK")));
    }
    Ok(())
}

/// Pulls the cable until the port is gone, and plugs it in again.
fn replug(shop: &CableShop, runtime: &tokio::runtime::Runtime) {
    let mut ports = shop.ports();
    shop.device.unplug();
    runtime.block_on(async { ports.wait_for(|port| port.as_os_str().is_empty()).await.map(drop) }).unwrap();
    shop.device.plug();
    runtime
        .block_on(async { ports.wait_for(|port| !port.as_os_str().is_empty()).await.map(drop) })
        .unwrap();
}

/// Pulled out before the customer has paid, and after; plugged in again it has another port, and the
/// payment is found.
#[test]
fn a_cable_that_is_pulled_loses_no_payment() {
    let runtime = runtime();
    let _inside = runtime.enter();
    for moved in [false, true] {
        let slow = Settings { customer_ms: if moved { 50 } else { 3_000 }, next_ms: 2_000, ..quick() };
        let shop = CableShop::open(slow, None, "");
        let program = shop.pay("18.00");
        until("it runs on the device", || shop.device.transactions().len() == 1);
        until("the money is where it should be", || shop.bank.transactions().len() == usize::from(moved));
        replug(&shop, &runtime);
        let ended = program.end();
        assert_eq!(ended.code, Some(0), "moved {moved}: {:#?}\n{}", ended.lines, ended.words);
        assert_eq!(ended.of("settled")[0]["outcome"], "approved");
        assert_eq!((shop.bank.balance("SEK"), shop.device.transactions().len()), (18_00, 1));
    }
}

#[test]
fn ctrl_c_asks_the_device_to_cancel() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let shop = CableShop::open(Settings { customer_ms: 20_000, ..quick() }, None, "");
    let program = shop.pay("18.00");
    until("it runs on the device", || shop.device.transactions().len() == 1);
    program.signal("INT");
    let ended = program.end();
    assert_eq!(ended.code, Some(3), "{:#?}", ended.lines);
    let settled = ended.of("settled");
    assert_eq!((&settled[0]["outcome"], &settled[0]["reason"]), (&"cancelled".into(), &"aborted".into()));
    assert_eq!(shop.bank.balance("SEK"), 0);
}

#[test]
fn undone_refunded_and_settled() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let shop = CableShop::open(quick(), None, "payment_type = \"01\"\n");
    let paid = shop.pay("18.00").end();
    let id = paid.of("settled")[0]["payment"].as_str().unwrap().to_owned();
    let undone = shop.ran(&["reverse", "--payment", &id]);
    assert_eq!((undone.code, shop.bank.balance("SEK")), (Some(0), 0), "{:#?}", undone.lines);
    let shop = CableShop::open(quick(), None, "payment_type = \"04\"\n");
    let paid = shop.pay("18.00").end();
    let id = paid.of("settled")[0]["payment"].as_str().unwrap().to_owned();
    let back = shop.ran(&["refund", "--terminal", "desk", "--amount", "7.00", "--payment", &id]);
    assert_eq!((back.code, shop.bank.balance("SEK")), (Some(0), 11_00), "{:#?}", back.lines);
    let settled = shop.ran(&["terminal", "desk", "reconcile"]);
    assert_eq!(settled.code, Some(0), "{:#?}", settled.lines);
}

/// No device, a port of somebody else, a device that says nothing: nothing is sent, and the words say what
/// to do.
#[test]
fn a_port_that_cannot_be_used_charges_nobody() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let shop = CableShop::open(quick(), None, "connect_ms = 2000\n");
    let held = serialport::new(shop.port().display().to_string(), 115_200).open().unwrap();
    let ended = shop.pay("18.00").end();
    assert_eq!(ended.code, Some(6), "{:#?}", ended.lines);
    assert!(ended.words.contains("Another program uses"), "{}", ended.words);
    drop(held);
    shop.device.follow(Script::new().rule(Rule::on("link").act(Action::Unprocessed)));
    let ended = shop.pay("18.00").end();
    assert_eq!(ended.code, Some(6), "{:#?}", ended.lines);
    assert!(ended.words.contains("does not answer") && ended.words.contains("USB"), "{}", ended.words);
    shop.device.follow(Script::new());
    let mut ports = shop.ports();
    shop.device.unplug();
    runtime.block_on(async { ports.wait_for(|port| port.as_os_str().is_empty()).await.map(drop) }).unwrap();
    std::fs::remove_file(shop.folder.path().join("cable")).unwrap();
    let ended = shop.pay("18.00").end();
    assert_eq!(ended.code, Some(6), "{:#?}", ended.lines);
    assert!(
        ended.words.contains("Plug its cable in") || ended.words.contains("plug it in"),
        "{}",
        ended.words
    );
    shop.device.plug();
    assert_eq!((shop.bank.transactions().len(), shop.device.transactions().len()), (0, 0));
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
fn a_thousand_times_pulled_out_and_plugged_in() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let shop = CableShop::open(quick(), None, "");
    let link = shop.port();
    let usb = UsbId::parse("0483:5740:A7").unwrap();
    let look = move || {
        let port = std::fs::read_link(&link).unwrap_or_default().display().to_string();
        vec![Seen { port, usb: Some(usb.clone()) }]
    };
    let (told, mut notices) = mpsc::channel(16);
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let seams = Seams {
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
        program: Program { maker: "P".into(), name: "P".into(), version: "1".into() },
    };
    let table = "usb = \"0483:5740:A7\"\nmid = \"000010000099999\"".parse().unwrap();
    let driver = terminals::registry::make("kayaaku-serial", &table, seams).unwrap();
    let mut ports = std::collections::BTreeSet::new();
    runtime.block_on(async {
        let mut changes = shop.ports();
        driver.open().await.expect("the device is there");
        let files = open_files();
        for round in 0..1_000 {
            shop.device.unplug();
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
            shop.device.plug();
            changes.wait_for(|port| !port.as_os_str().is_empty()).await.expect("the device has a port");
            let identity = driver.open().await;
            let identity = identity.unwrap_or_else(|fault| panic!("round {round}: {fault:?}"));
            assert_eq!(identity.serial.as_deref(), Some("KP0001"));
            ports.insert(identity.software);
        }
        // Other tests of this program have files, too; a leak would have a thousand.
        assert!(open_files() <= files + 100, "{files} files were open, and {} are", open_files());
    });
    assert!(!ports.is_empty());
}
