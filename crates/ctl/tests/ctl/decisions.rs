//! What nobody can tell from here is decided by name, and until then the terminal takes no new money.

use crate::program::{Folder, Simulated};

/// An answer with a wrong amount, which enquiries repeat: disputed within seconds.
const LIE: &str =
    "[[rule]]\ncategory = \"Payment\"\nnth = 1\ndo = [\"approve\", \"wrong_amount\", \"sticky\"]\n";

fn disputed(folder: &Folder) -> String {
    let ended = folder.pay("30.00", &[]).exits(5);
    let settled = ended.one("settled");
    assert_eq!(
        [&settled["outcome"], &settled["reason"], &settled["amount"]],
        ["disputed", "mismatch", "0.00"]
    );
    assert!(ended.words.contains("Do not take the money again"), "{}", ended.words);
    assert!(!ended.words.contains("failed"), "{}", ended.words);
    settled["payment"].as_str().unwrap().to_owned()
}

#[test]
fn a_disputed_payment_blocks_its_terminal_until_a_person_decides() {
    let terminal = Simulated::start(LIE, None);
    let folder = terminal.light();
    let payment = disputed(&folder);
    let ended = folder.pay("20.00", &[]).exits(8);
    let problem = ended.one("problem");
    assert_eq!([&problem["code"], &problem["payment"]], ["terminal_blocked", payment.as_str()]);
    assert_eq!(folder.payments().len(), 1, "nothing was written down for it");
    assert_eq!(folder.ran(&["payments", "--open"]).exits(0).lines.len(), 1);

    let ended = folder.ran(&["recover", "--for", "1"]).exits(5);
    assert_eq!(ended.one("settled")["outcome"], "disputed");

    let decide =
        ["decide", "--payment", &payment, "--person", "Anna", "--reason", "asked the bank", "--as"];
    let ended = folder.ran(&[&decide[..], &["approved"]].concat()).exits(2);
    let problem = ended.one("problem");
    assert_eq!([&problem["code"], &problem["parameters"]["field"]], ["field_wrong", "reference"]);
    let ended = folder.ran(&[&decide[..], &["approved", "--reference", "RRN 4711"]].concat()).exits(0);
    let settled = ended.one("settled");
    assert_eq!(
        [&settled["outcome"], &settled["closed_by"], &settled["amount"]],
        ["approved", "person", "30.00"]
    );
    let again = folder.ran(&[&decide[..], &["not-charged"]].concat()).exits(1);
    assert!(again.of("settled").is_empty());
    folder.pay("20.00", &[]).exits(0);
}

#[test]
fn a_manager_unblocks_a_terminal_by_name() {
    let terminal = Simulated::start(LIE, None);
    let folder = terminal.light();
    let payment = disputed(&folder);
    let ended = folder.ran(&["unblock", "desk", "--person", "Anna", "--reason", "queue"]).exits(0);
    assert_eq!(ended.one("unblocked")["payments"], serde_json::json!([payment]));
    folder.pay("20.00", &[]).exits(0);
    let open = folder.ran(&["payments", "--open"]).exits(0);
    assert_eq!(open.one("payment")["payment"], payment, "it is still to be settled");
    let ended = folder
        .ran(&["decide", "--payment", &payment, "--as", "not-charged", "--person", "A", "--reason", "B"])
        .exits(0);
    let settled = ended.one("settled");
    assert_eq!([&settled["outcome"], &settled["reason"]], ["not_charged", "by_hand"]);
}

#[test]
fn a_decision_without_a_name_or_on_a_finished_payment_is_refused() {
    let folder = Folder::training(0);
    let ended = folder.pay("5.00", &[]).exits(0);
    let payment = ended.one("settled")["payment"].as_str().unwrap();
    for (command, why) in [
        (
            &["decide", "--payment", payment, "--as", "not-charged", "--person", "A", "--reason", "B"][..],
            "nobody can tell about",
        ),
        (&["accept-late", "--payment", payment], "No late answer"),
        (&["give-back", "--payment", payment], "No late answer"),
    ] {
        let ended = folder.ran(command).exits(1);
        assert_eq!(ended.one("problem")["code"], "wrong_stage", "{command:?}");
        let stands = format!("{payment} stands as: approved. Nothing has changed.");
        assert!(ended.words.contains(why) && ended.words.contains(&stands), "{}", ended.words);
    }
    let ended = folder.ran(&["unblock", "desk", "--person", " ", "--reason", "B"]).exits(2);
    assert_eq!(ended.one("problem")["parameters"]["field"], "person");
    assert_eq!(folder.payments()[0]["outcome"], "approved");
}
