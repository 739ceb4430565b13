//! A terminal that names a card in full, wherever it can: none of it is in the data folder, in a log, on a
//! screen or on paper.

use super::scene::runtime;
use acceptance::liar::{Liar, Lie};
use acceptance::program::{NO_KEYRING, Program, Shop, paydeskctl, quick};
use acceptance::rival::{Forger, PATH};
use acceptance::world::Form;
use simulator::nexo::Settings;
use simulator::script::{Rule, Script, Twist};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// Test numbers of 16, 15 and 19 digits; the first one is a card of the simulated customer.
const NUMBERS: [&str; 3] = ["4761739001010010", "371449635398431", "6799998900000200010"];
/// The other cards of the simulated customer, which have no check digit: only fields for a number show them.
const OTHERS: [&str; 2] = ["5413330089020014", "6799998900000200018"];

/// A number as terminals write it.
fn spellings(number: &str) -> Vec<String> {
    let groups: Vec<String> =
        number.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let blanks = [" ", "-", "\u{a0}", "\u{202f}", "\u{2011}"];
    let mut all: Vec<String> = blanks.iter().map(|blank| groups.join(blank)).collect();
    all.push(number.to_owned());
    all
}

/// A number as it could lie in a file.
fn traces(number: &str) -> Vec<Vec<u8>> {
    let wide = number.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let escaped = spellings(number).into_iter().map(|text| text.replace('\u{a0}', "\\u00a0"));
    spellings(number)
        .into_iter()
        .chain(escaped)
        .map(String::into_bytes)
        .chain([wide])
        .chain(coded(number))
        .collect()
}

/// What base64 makes of it, wherever in a text it stands.
fn coded(number: &str) -> Vec<Vec<u8>> {
    use base64::Engine;
    let code = |before: &str| base64::prelude::BASE64_STANDARD_NO_PAD.encode(format!("{before}{number}"));
    let whole = |text: String, first: usize| text.as_bytes()[first..first + 16].to_vec();
    vec![whole(code(""), 0), whole(code("x"), 4), whole(code("xx"), 4)]
}

fn post(port: u16, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the till listens");
    let head = format!("POST {PATH} HTTP/1.1\r\nHost: till\r\nConnection: close\r\n");
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
    let mut told = String::new();
    let _ = stream.read_to_string(&mut told);
    told
}

/// Everything that a terminal can say on its own account, with a number in it.
fn say(port: u16) {
    let mut forger = Forger::new("KASSA1", "DESK-1");
    for text in NUMBERS.iter().flat_map(|number| spellings(number)) {
        for body in [
            forger.display("1", &format!("Card {text} is read")),
            detailed(&forger.event("Reject"), &text),
            detailed(&forger.event("OutOfOrder"), &text),
        ] {
            post(port, &body);
        }
    }
    for number in &NUMBERS[..2] {
        assert!(
            post(port, &forger.question("1", &format!("Is {number} right?"))).contains("ConfirmedFlag")
        );
    }
}

/// An event with its details.
fn detailed(event: &str, text: &str) -> String {
    let end = "/></SaleToPOIRequest>";
    assert!(event.ends_with(end), "{event}");
    let open = event.trim_end_matches(end);
    format!("{open}><EventDetails>{text}</EventDetails></EventNotification></SaleToPOIRequest>")
}

/// The true answer with the number in every field that is a text. Identifiers stay as they are: a reference
/// of 16 digits is no card.
fn told_in_full(xml: &str, number: &str) -> String {
    let mut told = xml.to_owned();
    for name in ["MaskedPAN=\"", "PaymentBrand=\""] {
        let Some(start) = told.find(name).map(|at| at + name.len()) else { continue };
        let end = told[start..].find(['"', '<']).map_or(start, |length| start + length);
        told.replace_range(start..end, number);
    }
    let spelled = spellings(number).join(" and ");
    let response = "<Response Result=\"Success\"/>";
    told.replace(
        response,
        &format!(
            "<Response Result=\"Success\"><AdditionalResponse>{spelled}</AdditionalResponse></Response>"
        ),
    )
}

#[test]
fn a_full_card_number_is_nowhere_to_be_found() {
    let runtime = runtime();
    let settings = Settings { customer_ms: 1_500, vary: false, ..quick() };
    let script = Script::default().rule(Rule::on("Payment").act(Twist::FullPan));
    let shop = runtime.block_on(Shop::scripted(Form::Default, settings, 7, Some(script)));
    let lying = Arc::new(|xml: &str| {
        let body = told_in_full(xml, NUMBERS[0]);
        Lie::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
    });
    let liar = runtime.block_on(Liar::before(shop.terminal.clone(), lying));
    shop.reroute(liar.address, "");
    let talkative = ["env", "PAYDESK_LOG=trace"];
    // 08: a slip is printed while the payment runs, too.
    let pay = ["pay", "--terminal", "desk", "--amount", "50.08", "--answer", "yes"];
    let mut program: Program = shop.run_by(&talkative, &pay);
    program.line(|line| line["type"] == "display").expect("the terminal's first text");
    say(shop.listener);
    let paid = program.end();
    assert_eq!(paid.code, Some(0), "{paid:#?}");
    let texts =
        paid.of("display").iter().filter(|line| line["text"].to_string().contains("is read")).count();
    assert_eq!(texts, NUMBERS.len() * spellings("").len(), "what the terminal says is shown, masked");
    assert!(paid.of("notice").iter().any(|line| line["detail"].to_string().contains("****")), "{paid:#?}");
    assert!(!paid.of("print").is_empty());
    nowhere("what pay says", format!("{:#?}", paid).as_bytes());

    let payment = paid.of("settled")[0]["payment"].as_str().unwrap().to_owned();
    let day = paid.of("settled")[0]["at"].as_str().unwrap()[..10].to_owned();
    for command in [
        &["payments"][..],
        &["payment", &payment],
        &["receipts"],
        &["receipts", "--search", NUMBERS[0]],
        &["receipt", &payment],
        &["receipt", &payment, "--format", "json"],
        &["receipt", &payment, "--format", "escpos"],
        &["export", "--day", &day, "--format", "json"],
        &["export", "--day", &day, "--format", "csv"],
        &["recover", "--for", "5"],
        &["journal", "verify"],
    ] {
        for json in [&["--json"][..], &[]] {
            let mut program = Command::new(paydeskctl());
            program.env(NO_KEYRING.0, NO_KEYRING.1).arg("--data").arg(shop.folder.path());
            let output = program.args(json).args(command).output().unwrap();
            nowhere(&format!("{command:?}"), &[output.stdout, output.stderr].concat());
        }
    }
    let files = everything_in(shop.folder.path());
    assert!(files.iter().any(|(name, bytes)| name.contains("logs") && !bytes.is_empty()), "there is a log");
    for (name, bytes) in files {
        nowhere(&name, &bytes);
    }
}

fn nowhere(place: &str, bytes: &[u8]) {
    for trace in NUMBERS.iter().chain(&OTHERS).flat_map(|number| traces(number)) {
        let at = (0..bytes.len()).find(|at| bytes[*at] == trace[0] && bytes[*at..].starts_with(&trace));
        let around = |at: usize| {
            let end = (at + trace.len() + 60).min(bytes.len());
            String::from_utf8_lossy(&bytes[at.saturating_sub(200)..end]).into_owned()
        };
        assert!(at.is_none(), "{place}: {:?}", at.map(around));
    }
}

/// Every file below a folder but the reserve: 16 MB without a meaning.
fn everything_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(everything_in(&path));
        } else if !path.ends_with("reserve") {
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    files
}
