//! What can be read: payments, one payment in full, receipts, export, verification.

use crate::program::{Folder, Simulated, is_time, keys};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use till::seams::peripherals::limits::COLUMNS;
use till::seams::peripherals::paper;

fn sold() -> (Folder, Vec<Value>) {
    let folder = Folder::training(0);
    folder.pay("12.50", &[]).exits(0);
    folder.pay("10.01", &[]).exits(3);
    folder.pay("20.20", &[]).exits(4);
    let rows = folder.payments();
    (folder, rows)
}

/// The business day of the newest payment, as the shop counts it.
fn today(row: &Value) -> String {
    let at: jiff::Timestamp = row["at"].as_str().unwrap().parse().unwrap();
    let opening = jiff::SignedDuration::from_hours(5);
    let local = at.to_zoned(jiff::tz::TimeZone::get("Europe/Stockholm").unwrap());
    local.checked_sub(opening).unwrap().date().to_string()
}

#[test]
fn payments_are_listed_newest_first_with_their_fields() {
    let (folder, rows) = sold();
    let requested: Vec<&str> = rows.iter().map(|row| row["requested"].as_str().unwrap()).collect();
    assert_eq!(requested, ["20.20", "10.01", "12.50"]);
    let fields = [
        "amount",
        "at",
        "attention",
        "currency",
        "kind",
        "outcome",
        "payment",
        "practice",
        "requested",
        "state",
        "terminal",
        "type",
    ];
    assert_eq!(keys(&rows[0]), fields);
    assert_eq!(
        [&rows[0]["outcome"], &rows[0]["amount"], &rows[0]["state"]],
        ["partial", "10.10", "closed"]
    );
    assert!(is_time(&rows[0]["at"]));
    let day = today(&rows[0]);
    assert_eq!(folder.ran(&["payments", "--day", &day]).exits(0).lines.len(), 3);
    assert!(folder.ran(&["payments", "--day", "2020-01-01"]).exits(0).lines.is_empty());
    assert_eq!(folder.ran(&["payments", "--limit", "1"]).exits(0).lines.len(), 1);
    let table = folder.read(&["payments"]).exits(0).text;
    assert!(table.contains("partly approved") && table.contains("10.01 SEK"), "{table}");
    assert!(table.starts_with("PRACTICE"), "{table}");
}

#[test]
fn one_payment_is_shown_in_full() {
    let (folder, rows) = sold();
    let id = rows[2]["payment"].as_str().unwrap();
    let ended = folder.ran(&["payment", id]).exits(0);
    let case = ended.one("payment");
    for key in keys(&rows[2]) {
        assert_eq!(case[&key], rows[2][&key], "{key}");
    }
    assert_eq!(case["references"].as_array().unwrap().len(), 1);
    assert_eq!(case["receipts"].as_array().unwrap().len(), 2);
    assert!(case["evidence"]["approval_code"].is_string() && case["instrument"]["number"].is_string());
    let facts = case["timeline"].as_array().unwrap();
    assert!(facts.len() >= 3 && facts.iter().all(|fact| is_time(&fact["at"])), "{case:#}");
    assert!(!case.to_string().contains("5413330089010014"), "no full card number");
    let text = folder.read(&["payment", id]).exits(0).text;
    assert!(text.contains("sale of 12.50 SEK on desk") && text.contains("APPROVED"), "{text}");
    let unknown = folder.ran(&["payment", "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f978"]).exits(1);
    assert_eq!(unknown.one("problem")["code"], "unknown_payment");
}

#[test]
fn receipts_of_every_kind() {
    let (folder, rows) = sold();
    let partly = folder.ran(&["receipts", "--search", "partly approved"]).exits(0);
    assert_eq!(partly.lines.len(), 2);
    let line = &partly.lines[0];
    assert_eq!(keys(line), ["at", "copy", "payment", "practice", "receipt", "text", "type"]);
    assert_eq!(line["payment"], rows[0]["payment"]);
    assert!(is_time(&line["at"]));
    assert!(folder.ran(&["receipts", "--search", "zebra"]).exits(0).lines.is_empty());
    let day = today(&rows[0]);
    let found = folder.ran(&["receipts", "--day", &day, "--search", "10.10"]).exits(0);
    assert_eq!(found.lines.len(), 2);
    assert!(folder.ran(&["receipts", "--day", "2020-01-01"]).exits(0).lines.is_empty());

    let payment = rows[0]["payment"].as_str().unwrap();
    assert_eq!(folder.ran(&["receipt", payment]).exits(0).lines.len(), 2, "by the payment's id");
    let merchant = folder.ran(&["receipt", payment, "--copy", "merchant"]).exits(0);
    assert_eq!(merchant.one("receipt")["copy"], "merchant");
    let receipt = merchant.one("receipt")["receipt"].as_str().unwrap();
    let again = folder.ran(&["receipt", receipt]).exits(0);
    assert_eq!(again.one("receipt"), merchant.one("receipt"), "by its own id");
    let text = folder.read(&["receipt", receipt]).exits(0).text;
    assert_eq!(text, merchant.one("receipt")["text"].as_str().unwrap());
    let json = folder.read(&["receipt", receipt, "--format", "json"]).exits(0);
    assert_eq!(json.one("receipt"), merchant.one("receipt"));
    folder.ran(&["receipt", "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f978"]).exits(1);
}

#[test]
fn receipts_for_a_printer_and_as_a_file() {
    let (folder, rows) = sold();
    let payment = rows[0]["payment"].as_str().unwrap();
    let slips = folder.ran(&["receipt", payment, "--format", "escpos"]).exits(0);
    let bytes = |line: &Value| BASE64_STANDARD.decode(line["bytes"].as_str().unwrap()).unwrap();
    assert_eq!(slips.lines.len(), 2, "both copies, a line each");
    assert_eq!(slips.lines[0]["format"], "escpos");
    let all: Vec<u8> = slips.lines.iter().flat_map(bytes).collect();
    assert_eq!(folder.bytes(&["receipt", payment, "--format", "escpos"]), all);

    let arguments = ["receipt", payment, "--copy", "customer", "--format", "escpos"];
    let plain = on_paper(&folder.bytes(&arguments));
    assert!(plain.contains("P R A C T I C E") && plain.contains("10.10"), "{plain}");
    let marked = on_paper(&folder.bytes(&[&arguments[..], &["--mark-copy", "--language", "sv"]].concat()));
    assert!(marked.contains("K O P I A") && !plain.contains("K O P I A"), "{marked}");

    let pdf = folder.bytes(&["receipt", payment, "--format", "pdf"]);
    assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
    let receipt = slips.lines[0]["receipt"].as_str().unwrap();
    let one = folder.ran(&["receipt", receipt, "--format", "pdf"]).exits(0);
    assert_eq!(bytes(one.one("receipt")), folder.bytes(&["receipt", receipt, "--format", "pdf"]));
}

/// The paper that a printer would give out.
fn on_paper(bytes: &[u8]) -> String {
    paper::text(&paper::read(bytes).unwrap(), COLUMNS)
}

#[test]
fn a_day_is_exported() {
    let (folder, rows) = sold();
    let day = today(&rows[0]);
    let csv = folder.read(&["export", "--day", &day, "--format", "csv"]).exits(0);
    let lines: Vec<&str> = csv.text.lines().map(|line| line.trim_end_matches('\r')).collect();
    let header = "payment,at,terminal,kind,state,outcome,requested,amount,currency,attention,practice,\
                  original,tip,cash_back,reference,net";
    assert_eq!(lines[0], header);
    assert_eq!(lines.len(), 4);
    let first = format!(
        "{},{},desk,sale,closed,approved,12.50,12.50,SEK,false,true,,0.00,0.00,,12.50",
        rows[2]["payment"].as_str().unwrap(),
        rows[2]["at"].as_str().unwrap()
    );
    assert_eq!(lines[1], first, "oldest first");
    for json in [
        folder.read(&["export", "--day", &day, "--format", "json"]).exits(0),
        folder.ran(&["export", "--day", &day, "--format", "json"]).exits(0),
    ] {
        let exported = json.of("payment");
        assert_eq!(exported.len(), rows.len());
        for (exported, row) in exported.iter().zip(rows.iter().rev()) {
            for key in keys(row) {
                assert_eq!(exported[&key], row[&key], "{key}");
            }
        }
    }
}

#[test]
fn the_day_is_reported_and_closed() {
    let (folder, _) = sold();
    let x = folder.ran(&["report", "x"]).exits(0);
    let line = x.one("report");
    let totals = &line["totals"][0];
    assert_eq!([&line["kind"], &totals["currency"], &totals["net"]], ["x", "SEK", "22.60"]);
    assert_eq!(totals["tenders"][0]["taken"]["count"], 2);
    assert_eq!([&totals["tenders"][0]["terminal"], &totals["tenders"][0]["kind"]], ["desk", "card"]);
    assert!(
        line["number"].is_null() && is_time(&line["from"]) && line["unclaimed"] == Value::Array(vec![])
    );
    let words = folder.read(&["report", "x"]).exits(0).text;
    assert!(words.starts_with("PRACTICE") && words.contains("22.60"), "{words}");
    let z = folder.ran(&["report", "z"]).exits(0);
    assert_eq!(
        [&z.one("report")["kind"], &z.one("report")["totals"]],
        [&Value::from("z"), &line["totals"]]
    );
    assert_eq!(z.one("report")["number"], 1);
    let after = folder.ran(&["report", "x"]).exits(0);
    assert_eq!(after.one("report")["totals"][0]["net"], "0.00", "a new day");
    assert_eq!(folder.ran(&["report", "z"]).exits(0).one("report")["number"], 2);
}

#[test]
fn an_export_tells_references_and_originals_and_nets() {
    let folder = Folder::training(0);
    let paid = folder.pay("10.09", &["--reference", "Table 5, \"window\""]).exits(0);
    let payment = paid.one("settled")["payment"].as_str().unwrap().to_owned();
    folder.pay("10.08", &["--answer", "no"]).exits(3);
    folder.ran(&["refund", "--terminal", "desk", "--amount", "4.00", "--payment", &payment]).exits(0);
    let day = today(&folder.payments()[0]);
    let csv = folder.read(&["export", "--day", &day, "--format", "csv"]).exits(0).text;
    let first = csv.lines().nth(1).unwrap().trim_end();
    let end = ",,1.00,0.00,\"Table 5, \"\"window\"\"\",11.09";
    assert!(first.ends_with(end), "{csv}");
    let json = folder.ran(&["export", "--day", &day, "--format", "json"]).exits(0);
    let rows = json.of("payment");
    assert_eq!([&rows[0]["tip"], &rows[0]["reference"]], ["1.00", "Table 5, \"window\""]);
    let refund = rows.iter().find(|row| row["kind"] == "refund").unwrap();
    assert_eq!([&refund["original"], &refund["net"]], [payment.as_str(), "-4.00"]);
    let net = |row: &&Value| row["net"].as_str().unwrap().parse::<f64>().unwrap();
    let cents: f64 = rows.iter().map(net).sum::<f64>() * 100.0;
    assert_eq!(cents.round(), 709.0, "{rows:#?}");
}

#[test]
fn a_signature_refused_in_the_light_form_nets_to_nothing() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    folder.pay("10.08", &["--answer", "no"]).exits(3);
    let day = today(&folder.payments()[0]);
    let json = folder.ran(&["export", "--day", &day, "--format", "json"]).exits(0);
    let told: Vec<[&Value; 3]> =
        json.of("payment").iter().map(|row| [&row["kind"], &row["amount"], &row["net"]]).collect();
    assert_eq!(told, [["sale", "0.00", "0.00"], ["reversal", "10.08", "0.00"]]);
}

#[test]
fn a_journal_that_was_changed_does_not_verify() {
    let (folder, _) = sold();
    let file = folder.path().join("paydesk.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    let words = b"Present card";
    let places: Vec<usize> =
        (0..bytes.len() - words.len()).filter(|at| bytes[*at..].starts_with(words)).collect();
    assert!(!places.is_empty(), "what the terminal said is in the journal");
    places.into_iter().for_each(|at| bytes[at + 8] = b'b');
    std::fs::write(&file, &bytes).unwrap();
    let ended = folder.ran(&["journal", "verify"]).exits(1);
    let problem = ended.one("problem");
    assert_eq!(problem["code"], "store_not_verified");
    assert!(problem["parameters"]["entry"].as_str().unwrap().parse::<u64>().unwrap() > 1, "{problem:#}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "it is kept as it was found");
}

#[test]
fn the_journal_verifies() {
    let (folder, _) = sold();
    let ended = folder.ran(&["journal", "verify"]).exits(0);
    let verified = ended.one("verified");
    assert_eq!(keys(verified), ["entries", "head", "type"]);
    assert!(verified["entries"].as_u64().unwrap() > 10);
    assert!(verified["head"].as_str().unwrap().len() >= 64);
}

/// A folder whose database is the one from before its newest payment.
fn restored() -> Folder {
    let folder = Folder::training(0);
    folder.pay("12.50", &[]).exits(0);
    let file = folder.path().join("paydesk.sqlite");
    let copy = std::fs::read(&file).unwrap();
    folder.pay("20.00", &[]).exits(0);
    std::fs::write(&file, copy).unwrap();
    folder
}

#[test]
fn an_older_copy_is_told_in_words_and_sold_on_after_the_terminals_were_asked() {
    let folder = restored();
    let ended = folder.ran(&["journal", "verify"]).exits(1);
    let problem = ended.one("problem");
    assert_eq!([&problem["code"], &problem["parameters"]["kind"]], ["store_not_verified", "older_copy"]);
    let message = problem["message"].as_str().unwrap();
    assert!(message.contains("older copy") && message.contains("asks every terminal"), "{message}");
    assert!(!message.contains("does not sell"), "{message}");
    let ended = folder.pay("5.00", &[]).exits(0);
    let notice = ended.of("notice").into_iter().find(|notice| notice["code"] == "restored").unwrap();
    for text in [&notice["text"], &notice["detail"]] {
        let text = text.as_str().unwrap();
        assert!(text.contains("the database ends at entry") && !text.contains(['{', '}']), "{text}");
    }
    folder.ran(&["journal", "verify"]).exits(0);
}

#[test]
fn a_lost_journal_is_not_taken_for_one_that_never_was() {
    let folder = Folder::training(0);
    for command in [&["payments"][..], &["receipts"]] {
        let ended = folder.ran(command).exits(0);
        assert!(ended.words.contains("no payment has been made"), "{}", ended.words);
    }
    let ended = folder.ran(&["journal", "verify"]).exits(1);
    assert!(ended.words.contains("no payment has been made"), "{}", ended.words);
    folder.pay("12.50", &[]).exits(0);
    std::fs::remove_file(folder.path().join("paydesk.sqlite")).unwrap();
    for command in [
        &["payments"][..],
        &["receipts"],
        &["export", "--day", "2026-11-21", "--format", "csv"],
        &["journal", "verify"],
        &["payment", "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f978"],
        &["recover"],
    ] {
        let ended = match command[0] {
            "export" => folder.read(command).exits(1),
            _ => folder.ran(command).exits(1),
        };
        assert!(ended.words.contains("The journal of this data folder is gone"), "{}", ended.words);
        if command[0] != "export" {
            assert_eq!(ended.one("problem")["code"], "store_damaged", "{command:?}");
        }
    }
    assert!(!folder.path().join("paydesk.sqlite").exists());
}
