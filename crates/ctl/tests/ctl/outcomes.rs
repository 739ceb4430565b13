//! Every outcome of the training terminal, with its line and its exit code.

use crate::program::{Folder, is_time, keys};
use serde_json::{Value, json};

/// Amount, arguments beside it, exit code, outcome, approved in all, tip, reason.
type Row = (&'static str, &'static [&'static str], i32, &'static str, &'static str, &'static str, Value);

fn rows() -> Vec<Row> {
    let none = Value::Null;
    vec![
        ("10.00", &[], 0, "approved", "10.00", "0.00", none.clone()),
        ("10.01", &[], 3, "declined", "0.00", "0.00", json!("refused")),
        ("10.02", &[], 3, "declined", "0.00", "0.00", json!("refused")),
        ("10.03", &[], 3, "cancelled", "0.00", "0.00", json!("customer_cancelled")),
        ("10.04", &[], 3, "declined", "0.00", "0.00", json!("wrong_pin")),
        ("10.05", &[], 3, "declined", "0.00", "0.00", json!("host_unreachable")),
        ("10.06", &[], 3, "declined", "0.00", "0.00", json!("invalid_card")),
        ("10.07", &[], 3, "declined", "0.00", "0.00", json!("payment_restriction")),
        ("10.08", &["--answer", "yes"], 0, "approved", "10.08", "0.00", none.clone()),
        ("10.08", &["--answer", "no"], 3, "cancelled", "0.00", "0.00", json!("signature_refused")),
        ("10.09", &[], 0, "approved", "11.09", "1.00", none.clone()),
        ("10.10", &["--method", "qr"], 0, "approved", "10.10", "0.00", none.clone()),
        ("10.11", &[], 0, "approved", "10.11", "0.00", none.clone()),
        ("10.12", &[], 0, "approved", "10.12", "0.00", none.clone()),
        ("10.13", &[], 0, "approved", "10.13", "0.00", none.clone()),
        ("10.15", &[], 0, "approved", "10.15", "0.00", none.clone()),
        ("10.16", &[], 0, "approved", "10.16", "0.00", none.clone()),
        ("10.17", &[], 0, "approved", "10.17", "0.00", none.clone()),
        ("10.18", &[], 0, "approved", "10.18", "0.00", none.clone()),
        ("10.19", &[], 0, "approved", "10.19", "0.00", none.clone()),
        ("10.20", &[], 4, "partial", "5.10", "0.00", none),
    ]
}

#[test]
fn every_amount_of_the_convention_ends_as_it_should() {
    let folder = Folder::training(0);
    for (amount, more, code, outcome, total, tip, reason) in rows() {
        let ended = folder.pay(amount, more).exits(code);
        let (intended, settled) = (ended.one("intended"), ended.one("settled"));
        assert_eq!(settled["payment"], intended["payment"], "{amount}");
        let told = ["outcome", "amount", "tip", "requested"].map(|key| settled[key].as_str().unwrap());
        assert_eq!(told, [outcome, total, tip, amount], "{ended:#?}");
        assert_eq!(settled["reason"], reason, "{amount}");
        let words = ended.words.to_lowercase();
        assert!(!words.contains("failed") && !words.contains("_"), "{amount}: {words}");
        assert_eq!(ended.lines.first().unwrap()["type"], "intended", "{amount}");
    }
    let booked = folder.payments();
    assert_eq!(booked.len(), rows().len());
    for (row, (amount, _, _, outcome, total, ..)) in booked.iter().rev().zip(rows()) {
        assert_eq!([&row["requested"], &row["outcome"], &row["amount"]], [amount, outcome, total]);
    }
    folder.ran(&["journal", "verify"]).exits(0);
}

#[test]
fn every_line_of_a_payment_has_its_fields() {
    let folder = Folder::training(0);
    let ended = folder.pay("20.08", &["--answer", "yes", "--reference", "table 7"]).exits(0);
    let intended = ended.one("intended");
    assert_eq!(keys(intended), ["amount", "at", "currency", "kind", "payment", "terminal", "type"]);
    assert_eq!(
        [&intended["terminal"], &intended["amount"], &intended["currency"]],
        ["desk", "20.08", "SEK"]
    );
    let payment = intended["payment"].as_str().unwrap();
    assert_eq!((payment.len(), payment.matches('-').count()), (36, 4));
    for display in ended.of("display") {
        assert_eq!(keys(display), ["at", "payment", "text", "type"]);
    }
    assert_eq!(ended.of("display")[0]["text"], "Present card");
    let prompt = ended.one("prompt");
    assert_eq!(keys(prompt), ["at", "id", "kind", "payment", "text", "type", "until"]);
    assert_eq!([&prompt["kind"], &prompt["text"]], ["signature", "Is the customer's signature right?"]);
    let prints: Vec<&str> = ended.of("print").iter().map(|line| line["copy"].as_str().unwrap()).collect();
    assert_eq!(prints, ["merchant", "customer"]);
    assert_eq!(keys(ended.of("print")[0]), ["at", "copy", "payment", "text", "type"]);
    assert!(ended.of("print")[0]["text"].as_str().unwrap().contains("Signature: ____"));
    let settled = ended.one("settled");
    assert_eq!(ended.lines.last().unwrap(), settled, "the outcome is the last line");
    let wanted = json!({
        "type": "settled", "payment": payment, "outcome": "approved", "requested": "20.08",
        "amount": "20.08", "tip": "0.00", "cash_back": "0.00", "currency": "SEK", "reason": null,
        "kind": "sale", "terminal": "desk", "state": "closed", "late": false, "closed_by": "provider",
        "detail": null, "attention": false, "practice": true,
    });
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(settled[key], *value, "{key}");
    }
    assert!(settled["evidence"]["transaction_id"].is_string());
    assert!(ended.lines.iter().all(|line| is_time(&line["at"])), "{ended:#?}");
    let types: Vec<&Value> = ended.lines.iter().map(|line| &line["type"]).collect();
    assert!(ended.text.lines().all(|line| line.starts_with("{\"type\":\"")), "{types:?}");
}

#[test]
fn cash_back_is_a_part_of_the_amount() {
    let folder = Folder::training(0);
    let ended = folder.pay("100.00", &["--cash-back", "30"]).exits(0);
    let settled = ended.one("settled");
    assert_eq!([&settled["amount"], &settled["cash_back"]], ["100.00", "30.00"]);
    assert!(ended.words.contains("Pay out 30.00 SEK in cash."), "{}", ended.words);
}

#[test]
fn an_answer_that_comes_late_counts_and_is_marked() {
    let ended = Folder::training(0).pay("10.11", &[]).exits(0);
    assert_eq!(ended.one("settled")["late"], true);
    assert!(ended.words.contains("It is not known yet whether money moved."), "{}", ended.words);
}

#[test]
fn a_person_reads_sentences() {
    let folder = Folder::training(0);
    let pay = ["pay", "--terminal", "desk", "--amount"];
    let ended = folder.read(&[&pay[..], &["12.50"]].concat()).exits(0);
    assert!(ended.text.contains("Practice. Approved: 12.50 SEK."), "{ended:#?}");
    assert!(ended.text.contains("Customer's copy"), "the receipt is printed: {ended:#?}");
    assert!(ended.words.contains("Present card"));
    assert!(ended.lines.is_empty(), "no JSON for people: {ended:#?}");
    let ended = folder.read(&[&pay[..], &["12.20"]].concat()).exits(4);
    assert!(ended.text.contains("Only 6.10 of 12.20 SEK was approved."), "{ended:#?}");
    let ended = folder.read(&[&pay[..], &["12.01"]].concat()).exits(3);
    assert!(
        ended.text.contains("declined: no money has moved. The bank, the card or the wallet said no."),
        "{ended:#?}"
    );
}
