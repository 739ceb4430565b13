//! Command lines that cannot be used: exit 2, the field named, nothing written down.

use crate::program::{Folder, Program, Simulated};
use std::net::TcpListener;

#[test]
fn a_wrong_field_is_named_and_nothing_is_written_down() {
    let folder = Folder::training(0);
    for (arguments, field, what) in [
        (&["--amount", "0"][..], "amount", "is zero"),
        (&["--amount", "0.00"], "amount", "is zero"),
        (&["--amount=-5"], "amount", "is negative"),
        (&["--amount", "-5"], "amount", "is negative"),
        (&["--amount", "1.005"], "amount", "has too many decimals for the currency"),
        (&["--amount", "100000000.00"], "amount", "is too large; at most 99999999.99 SEK are possible"),
        (
            &["--amount", "99999999999999999999999"],
            "amount",
            "is too large; at most 99999999.99 SEK are possible",
        ),
        (&["--amount", "twelve"], "amount", "is not a number"),
        (&["--amount", ""], "amount", "is not a number"),
        (&["--amount", "1e3"], "amount", "is not a number"),
        (&["--amount", "12.50 EUR"], "amount", "is in EUR, and this till takes SEK"),
        (&["--amount", "12.50EUR"], "amount", "is in EUR, and this till takes SEK"),
        (&["--amount", "5", "--cash-back", "6"], "cash-back", "is more than the amount"),
        (&["--amount", "5", "--cash-back=-1"], "cash-back", "is negative"),
        (&["--amount", "5", "--cash-back", "x"], "cash-back", "is not a number"),
        (&["--amount", "5", "--code", "7310865004703"], "code", "is the bar code of a product"),
    ] {
        let ended = folder.ran(&[&["pay", "--terminal", "desk"], arguments].concat()).exits(2);
        let problem = ended.one("problem");
        assert_eq!(problem["code"], "field_wrong", "{arguments:?}");
        assert_eq!(problem["parameters"]["field"], field, "{arguments:?}");
        assert!(problem["parameters"]["what"].as_str().unwrap().contains(what), "{problem:#}");
        let message = problem["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{field}: ")), "{message}");
        assert_eq!(ended.words.trim(), message);
        assert_eq!(ended.lines.len(), 1, "{ended:#?}");
    }
    assert!(!folder.path().join("paydesk.sqlite").exists(), "nothing was started");
}

const IMPOSSIBLE: &[(&str, &str)] = &[
    ("0", "is zero"),
    ("0,00", "is zero"),
    ("-5", "is negative"),
    ("-0.01", "is negative"),
    ("-0", "is not a number"),
    ("--5", "is negative"),
    ("1.005", "has too many decimals for the currency"),
    ("0.000", "has too many decimals for the currency"),
    ("100000000.00", "is too large; at most 99999999.99 SEK are possible"),
    ("99999999999999999999999999999999999999", "is too large; at most 99999999.99 SEK are possible"),
    ("twelve", "is not a number"),
    ("NaN", "is not a number"),
    ("inf", "is not a number"),
    ("", "is not a number"),
    (" ", "is not a number"),
    (".", "is not a number"),
    (".50", "is not a number"),
    ("12.", "is not a number"),
    ("1.2.3", "is not a number"),
    ("1,234.50", "is not a number"),
    ("1.234,50", "is not a number"),
    ("1 234", "is not a number"),
    ("1'234", "is not a number"),
    ("1_234", "is not a number"),
    ("١٢.٥٠", "is not a number"),
    ("１２", "is not a number"),
    ("½", "is not a number"),
    ("+5", "is not a number"),
    ("1e3", "is not a number"),
    ("1E3", "is not a number"),
    ("0x10", "is not a number"),
    ("5\u{200b}", "is not a number"),
    ("€5", "is not a number"),
    ("SEK 5", "is not a number"),
    ("5%", "is not a number"),
    ("12.50 EUR", "is in EUR, and this till takes SEK"),
    ("12.50nok", "is in NOK, and this till takes SEK"),
];

/// With a terminal that would hear of it, and books that it would be in.
#[test]
fn an_impossible_amount_is_neither_written_down_nor_sent() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    let paid = folder.pay("12.50", &[]).exits(0);
    let payment = paid.one("settled")["payment"].as_str().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    nobody.set_nonblocking(true).unwrap();
    let settings = std::fs::read_to_string(folder.path().join("settings.toml")).unwrap();
    let elsewhere = settings.replace(&terminal.address, &nobody.local_addr().unwrap().to_string());
    assert_ne!(settings, elsewhere);
    folder.write("settings.toml", &elsewhere);
    let verified = |folder: &Folder| folder.ran(&["journal", "verify"]).exits(0).one("verified").clone();
    let before = verified(&folder);

    let desk = ["--terminal", "desk"];
    let check = |command: &[&str], field: &str, text: &str, what: &str| {
        let written = format!("--{field}={text}");
        let ended = folder.ran(&[command, &[written.as_str()]].concat()).exits(2);
        let problem = ended.one("problem");
        let told = &problem["parameters"];
        assert_eq!(
            [&problem["code"], &told["field"], &told["what"]],
            ["field_wrong", field, what],
            "{text:?}"
        );
    };
    for (text, what) in IMPOSSIBLE {
        check(&[&["pay"], &desk[..]].concat(), "amount", text, what);
    }
    // The same words for the same mistakes: one row of each kind.
    for (text, what) in IMPOSSIBLE.iter().step_by(3) {
        check(&[&["refund"], &desk[..]].concat(), "amount", text, what);
        check(&[&["refund", "--payment", payment], &desk[..]].concat(), "amount", text, what);
        if *what != "is zero" {
            check(&[&["pay", "--amount", "50"], &desk[..]].concat(), "cash-back", text, what);
        }
    }
    check(
        &[&["pay", "--amount", "50"], &desk[..]].concat(),
        "cash-back",
        "50.01",
        "is more than the amount, \
        and it must be a part of it",
    );
    // The customer gives a tip at the terminal, and a reversal is always of the whole.
    for (command, field) in [
        (&["pay", "--terminal", "desk", "--amount", "5", "--tip", "1"][..], "tip"),
        (&["reverse", "--payment", payment, "--amount", "5"], "amount"),
    ] {
        let ended = folder.ran(command).exits(2);
        assert_eq!(ended.one("problem")["parameters"]["field"], field);
    }
    assert_eq!(verified(&folder), before, "not one entry more");
    assert!(nobody.accept().is_err(), "nothing was sent");
}

#[test]
fn the_tills_own_currency_may_be_written() {
    let folder = Folder::training(0);
    for amount in ["12.50 SEK", "12,50sek", " 12.5 "] {
        assert_eq!(folder.pay(amount, &[]).exits(0).one("settled")["amount"], "12.50");
    }
}

#[test]
fn an_unknown_terminal_is_named_with_those_that_there_are() {
    let folder = Folder::training(0);
    let ended = folder.ran(&["pay", "--terminal", "deks", "--amount", "5"]).exits(2);
    let problem = ended.one("problem");
    assert_eq!(problem["code"], "unknown_terminal");
    let message = problem["message"].as_str().unwrap();
    assert_eq!(message, "terminal: there is no terminal deks in the settings. There are: desk.");
    for command in [&["check", "nowhere"][..], &["terminal", "nowhere", "login"]] {
        folder.ran(command).exits(2);
    }
}

#[test]
fn what_the_command_line_lacks_or_does_not_know_is_named() {
    let folder = Folder::training(0);
    for (arguments, field) in [
        (&["pay", "--amount", "5"][..], "terminal"),
        (&["pay", "--terminal", "desk"], "amount"),
        (&["pay", "--terminal", "desk", "--amount", "5", "--method", "cash"], "method"),
        (&["pay", "--terminal", "desk", "--amount", "5", "--answer", "maybe"], "answer"),
        (&["pay", "--terminal", "desk", "--amount", "5", "--tip", "1"], "tip"),
        (&["recover", "--for", "soon"], "for"),
        (&["decide", "--payment", "1", "--as", "paid", "--person", "A", "--reason", "B"], "as"),
        (&["payments", "--limit", "0"], "limit"),
    ] {
        let ended = folder.ran(arguments).exits(2);
        let problem = ended.one("problem");
        assert_eq!([&problem["code"], &problem["parameters"]["field"]], ["usage", field], "{arguments:?}");
        assert!(ended.words.contains(&format!("--{field}")), "{}", ended.words);
    }
    let ended = folder.ran(&["pey"]).exits(2);
    assert!(ended.words.contains("unrecognized subcommand"), "{}", ended.words);
}

#[test]
fn ids_and_days_are_checked_before_anything_is_opened() {
    let folder = Folder::training(0);
    for (arguments, field) in [
        (&["payment", "17"][..], "payment"),
        (&["reverse", "--payment", "17"], "payment"),
        (&["refund", "--terminal", "desk", "--amount", "5", "--payment", "x"], "payment"),
        (&["refund", "--terminal", "desk", "--amount=-5"], "amount"),
        (&["payments", "--day", "yesterday"], "day"),
        (&["receipts", "--day", "2026-13-01"], "day"),
        (&["export", "--day", "x", "--format", "json"], "day"),
        (&["export", "--day", "2026-11-21", "--format", "csv"], "format"),
        (&["receipt", "x", "--mark-copy"], "format"),
    ] {
        let ended = folder.ran(arguments).exits(2);
        assert_eq!(ended.one("problem")["parameters"]["field"], field, "{arguments:?}");
    }
}

#[test]
fn help_is_no_error_and_names_every_command() {
    let ended = Program::start(&["--help"]).end().exits(0);
    for command in [
        "pay",
        "refund",
        "reverse",
        "recover",
        "decide",
        "unblock",
        "accept-late",
        "give-back",
        "terminal",
        "check",
        "payments",
        "payment",
        "receipts",
        "receipt",
        "export",
        "journal",
        "secret",
        "simulate",
    ] {
        assert!(ended.text.contains(&format!("\n  {command} ")), "{command}: {}", ended.text);
    }
    Program::start(&["--version"]).end().exits(0);
}
