//! Money back: refunds, reversals, and what is refused.

use crate::program::{Folder, Simulated};

fn paid(folder: &Folder, amount: &str) -> String {
    let ended = folder.pay(amount, &[]).exits(0);
    ended.one("settled")["payment"].as_str().unwrap().to_owned()
}

#[test]
fn refunds_against_a_payment_add_up() {
    let folder = Folder::training(0);
    let payment = paid(&folder, "50.00");
    let refund = |amount: &str| {
        folder.ran(&["refund", "--terminal", "desk", "--amount", amount, "--payment", &payment])
    };
    let ended = refund("30.00").exits(0);
    let settled = ended.one("settled");
    assert_eq!(
        [&settled["kind"], &settled["outcome"], &settled["amount"]],
        ["refund", "approved", "30.00"]
    );
    assert_eq!(settled["evidence"]["original"], payment);
    assert_eq!(ended.one("intended")["kind"], "refund");
    let ended = refund("20.50").exits(1);
    assert_eq!(ended.one("problem")["code"], "no_refund");
    assert!(ended.words.contains("Nothing was sent."), "{}", ended.words);
    refund("20.00").exits(0);
    let case = folder.ran(&["payment", &payment]).exits(0);
    assert_eq!(case.one("payment")["against"].as_array().unwrap().len(), 2);
}

#[test]
fn a_refund_needs_no_payment_and_may_be_declined() {
    let folder = Folder::training(0);
    let refund = |amount: &str| folder.ran(&["refund", "--terminal", "desk", "--amount", amount]);
    assert_eq!(refund("5.00").exits(0).one("settled")["outcome"], "approved");
    assert_eq!(refund("5.01").exits(3).one("settled")["outcome"], "declined");
}

#[test]
fn a_payment_is_undone_once_and_as_a_whole() {
    let folder = Folder::training(0);
    let payment = paid(&folder, "50.00");
    let ended = folder.ran(&["reverse", "--payment", &payment]).exits(0);
    let settled = ended.one("settled");
    assert_eq!(
        [&settled["kind"], &settled["outcome"], &settled["amount"]],
        ["reversal", "approved", "50.00"]
    );
    let again = folder.ran(&["reverse", "--payment", &payment]).exits(1);
    assert_eq!(again.one("problem")["code"], "no_refund");
    let unknown = folder.ran(&["reverse", "--payment", "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f978"]).exits(1);
    assert_eq!(unknown.one("problem")["code"], "unknown_payment");
}

#[test]
fn a_refund_replaces_a_reversal_that_comes_too_late() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    let payment = paid(&folder, "50.00");
    paid(&folder, "60.00");
    // Only the newest payment of the terminal can be reversed.
    let ended = folder.ran(&["reverse", "--payment", &payment]);
    let settled = ended.one("settled");
    assert_eq!(settled["kind"], "reversal");
    assert_ne!(settled["outcome"], "approved", "{ended:#?}");
    let ended = folder.ran(&["reverse", "--payment", &payment, "--or-refund"]).exits(0);
    let kinds: Vec<&str> = ended.of("settled").iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["reversal", "refund"]);
    let refund = ended.of("settled")[1];
    assert_eq!([&refund["outcome"], &refund["amount"]], ["approved", "50.00"]);
    assert_eq!(ended.of("intended").len(), 2);
}
