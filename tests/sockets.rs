//! The main situations over real sockets between two processes, `paydeskctl pay` and `paydeskctl simulate
//! nexo`: every outcome of the simulator's amount convention in both forms of integration. The simulator is
//! strict: a message that is not valid by the protocol's grammar would be a complaint. A wallet gateway:
//! `sockets/wallets.rs`; a device behind a host: `sockets/hosts.rs`; a terminal
//! with an ECR Hub: `sockets/hubs.rs`, on a cable: `sockets/hub_cables.rs`, behind a gateway:
//! `sockets/hub_clouds.rs`.

#[cfg(unix)]
#[path = "sockets/cables.rs"]
mod cables;
#[path = "sockets/hosts.rs"]
mod hosts;
#[cfg(unix)]
#[path = "sockets/hub_cables.rs"]
mod hub_cables;
#[path = "sockets/hub_clouds.rs"]
mod hub_clouds;
#[path = "sockets/hubs.rs"]
mod hubs;
#[path = "sockets/pairing.rs"]
mod pairing;
#[path = "sockets/tls.rs"]
mod tls;
#[path = "sockets/wallets.rs"]
mod wallets;

use acceptance::program::{Ended, Program, free_port, until};
use acceptance::world::Form;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// A terminal whose customer is quick.
const TERMINAL: &str = "[terminal]\npoi_id = \"DESK-1\"\nsale_id = \"KASSA1\"\ncustomer_ms = 120\n\
    pin_digit_ms = 20\nhost_ms = 150\ncooling_ms = 250\n";

/// A data folder, and a simulated terminal that is a program of its own.
struct Street {
    folder: TempDir,
    bank: PathBuf,
    control: String,
    _terminal: Program,
}

impl Street {
    fn open(form: Form) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        std::fs::write(file("terminal.toml"), TERMINAL).unwrap();
        let (bank, script) = (file("bank.json"), file("terminal.toml"));
        let till = format!("127.0.0.1:{}", free_port());
        let url = format!("http://{till}");
        let port = "127.0.0.1:0";
        let options =
            ["simulate", "nexo", "--listen", port, "--control", port, "--seed", "7", "--till", &url];
        let files = ["--bank", bank.to_str().unwrap(), "--script", script.to_str().unwrap()];
        let arguments: Vec<&str> = options.into_iter().chain(files).collect();
        let mut terminal = Program::start(&[], folder.path(), &arguments);
        let listening = terminal.kind("listening").expect("the simulator starts");
        let word = if form == Form::Default { "default" } else { "light" };
        let address = listening["address"].as_str().unwrap();
        let settings = format!(
            "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n[listener]\n\
             bind = \"{till}\"\n[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n[terminal.settings]\n\
             url = \"http://{address}\"\nsale_id = \"KASSA1\"\npoi_id = \"DESK-1\"\nform = \"{word}\"\n"
        );
        std::fs::write(file("settings.toml"), settings).unwrap();
        let control = listening["control"].as_str().unwrap().to_owned();
        Self { folder, bank, control, _terminal: terminal }
    }

    fn pay(&self, amount: &str, more: &[&str]) -> Program {
        let mut arguments = vec!["pay", "--terminal", "desk", "--amount", amount];
        arguments.extend(more);
        Program::start(&[], self.folder.path(), &arguments)
    }

    /// What the simulator says of itself.
    fn state(&self) -> Value {
        let mut stream = TcpStream::connect(&self.control).unwrap();
        write!(stream, "GET /control/state HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// The bank as it is kept on the disk.
    fn bank(&self) -> Value {
        let text = std::fs::read_to_string(&self.bank).unwrap_or_else(|_| "{}".to_owned());
        serde_json::from_str(&text).unwrap()
    }

    /// Minor units that moved and stayed.
    fn balance(&self) -> i64 {
        let bank = self.bank();
        let approved = bank["transactions"].as_array().into_iter().flatten();
        approved.filter(|it| it["state"] == "approved").filter_map(|it| it["amount"].as_i64()).sum()
    }

    fn reversals(&self) -> usize {
        self.bank()["reversals"].as_array().map_or(0, Vec::len)
    }
}

/// Amount, arguments beside it, exit code, outcome, amount in all, reason.
type Row = (&'static str, &'static [&'static str], i32, &'static str, &'static str, Option<&'static str>);

const ROWS: &[Row] = &[
    ("50.00", &[], 0, "approved", "50.00", None),
    ("50.01", &[], 3, "declined", "0.00", Some("refused")),
    ("50.02", &[], 3, "declined", "0.00", Some("refused")),
    ("50.03", &[], 3, "cancelled", "0.00", Some("customer_cancelled")),
    ("50.04", &[], 3, "declined", "0.00", Some("wrong_pin")),
    ("50.05", &[], 3, "declined", "0.00", Some("host_unreachable")),
    ("50.06", &[], 3, "declined", "0.00", Some("invalid_card")),
    ("50.07", &[], 3, "declined", "0.00", Some("payment_restriction")),
    ("50.08", &["--answer", "yes"], 0, "approved", "50.08", None),
    ("50.08", &["--answer", "no"], 3, "cancelled", "0.00", Some("signature_refused")),
    ("50.09", &[], 0, "approved", "55.09", None),
    ("50.10", &[], 0, "approved", "50.10", None),
    ("50.11", &[], 0, "approved", "50.11", None),
    ("50.12", &[], 0, "approved", "50.12", None),
    ("50.15", &[], 0, "approved", "50.15", None),
    ("50.16", &[], 0, "approved", "50.16", None),
    ("50.17", &[], 0, "approved", "50.17", None),
    ("50.18", &[], 0, "approved", "50.18", None),
    ("50.19", &[], 0, "approved", "50.19", None),
    ("150.00", &["--cash-back", "50.00"], 0, "approved", "150.00", None),
];

#[test]
fn every_outcome_of_the_amount_convention_in_both_forms() {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::<Vec<String>>::default());
    acceptance::program::paydeskctl();
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(row) = ROWS.get(index / 2) else { return };
                    let form = if index.is_multiple_of(2) { Form::Default } else { Form::Light };
                    if let Err(report) = pay(row, form) {
                        wrong.lock().unwrap().push(format!("{} {form:?}: {report}", row.0));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pay(row: &Row, form: Form) -> Result<(), String> {
    let (amount, more, code, outcome, total, reason) = *row;
    let street = Street::open(form);
    let ended = street.pay(amount, more).end();
    let settled = ended.of("settled");
    let [settled] = settled.as_slice() else { return Err(format!("{:#?}", ended.lines)) };
    let told = (&settled["outcome"], &settled["amount"], settled["reason"].as_str());
    if ended.code != Some(code) || told != (&outcome.into(), &total.into(), reason) {
        return Err(format!("exit {:?}, {settled:#}", ended.code));
    }
    let complaints = &street.state()["complaints"];
    if complaints.as_array().is_none_or(|complaints| !complaints.is_empty()) {
        return Err(format!("the terminal complains: {complaints}"));
    }
    let minor = |text: &str| text.replace('.', "").parse::<i64>().unwrap_or(0);
    if street.balance() != minor(total) {
        return Err(format!("the bank has {}", street.balance()));
    }
    if form == Form::Default && ended.of("display").is_empty() {
        return Err("no text of the terminal was shown".to_owned());
    }
    let is_so = particulars(row, &ended, settled, street.reversals());
    if is_so { Ok(()) } else { Err(format!("not as it should be: {:#?}", ended.lines)) }
}

/// What is particular to one amount: its receipts, its instrument, what was undone.
fn particulars(row: &Row, ended: &Ended, settled: &Value, reversals: usize) -> bool {
    let customers = ended.of("print").into_iter().filter(|it| it["copy"] == "customer");
    let customers: Vec<&str> = customers.filter_map(|it| it["text"].as_str()).collect();
    let has_text = |part: &str| customers.iter().any(|text| text.contains(part));
    let is_undone = row.1.contains(&"no");
    let instrument = settled["evidence"]["instrument"].as_str();
    (reversals > 0) == is_undone
        && match row.0 {
            "50.02" | "50.05" | "50.06" | "50.07" | "50.17" => customers.is_empty(),
            "50.10" => instrument == Some("mobile") && has_text("Swish"),
            "50.18" => has_text("unreadable"),
            "50.03" => true,
            _ => !customers.is_empty() && instrument == Some("card"),
        }
}

/// Amount `13` is approved all the same, amount `14` waits for it: the cashier asks to cancel both.
#[test]
fn a_payment_is_called_off_by_ctrl_c_in_both_forms() {
    for form in [Form::Default, Form::Light] {
        for (amount, code, outcome, balance) in
            [("50.13", 0, "approved", 50_13), ("50.14", 3, "cancelled", 0)]
        {
            let street = Street::open(form);
            let program = street.pay(amount, &[]);
            until("the terminal has the payment", || street.state()["phase"] == "paying");
            program.signal("INT");
            let ended = program.end();
            let told: Vec<_> = ended.of("settled").iter().map(|it| it["outcome"].clone()).collect();
            assert_eq!(ended.code, Some(code), "{form:?} {amount}: {:#?}", ended.lines);
            assert_eq!(told, [outcome], "{form:?} {amount}");
            assert_eq!(street.state()["complaints"], Value::Array(Vec::new()), "{form:?} {amount}");
            assert_eq!(street.balance(), balance, "{form:?} {amount}");
        }
    }
}
