//! Command lines that cannot be used: exit 2, the field named, nothing written down.

use crate::program::{Folder, Program};

#[test]
fn a_wrong_field_is_named_and_nothing_is_written_down() {
    let folder = Folder::training(0);
    for (arguments, field, what) in [
        (&["--amount", "0"][..], "amount", "is zero"),
        (&["--amount", "0.00"], "amount", "is zero"),
        (&["--amount=-5"], "amount", "is negative"),
        (&["--amount", "-5"], "amount", "is negative"),
        (&["--amount", "1.005"], "amount", "has too many decimals for the currency"),
        (&["--amount", "100000000.00"], "amount", "is too large"),
        (&["--amount", "99999999999999999999999"], "amount", "is too large"),
        (&["--amount", "twelve"], "amount", "is not a number"),
        (&["--amount", ""], "amount", "is not a number"),
        (&["--amount", "1e3"], "amount", "is not a number"),
        (&["--amount", "12.50 EUR"], "amount", "is in EUR, and this till takes SEK"),
        (&["--amount", "12.50EUR"], "amount", "is in EUR, and this till takes SEK"),
        (&["--amount", "5", "--cash-back", "6"], "cash-back", "is more than the amount"),
        (&["--amount", "5", "--cash-back=-1"], "cash-back", "is negative"),
        (&["--amount", "5", "--cash-back", "x"], "cash-back", "is not a number"),
        (&["--amount", "5", "--code", "28763443825664394"], "code", "takes codes"),
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
