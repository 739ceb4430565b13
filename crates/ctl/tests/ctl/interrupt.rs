//! Ctrl-C is a wish to the terminal; the outcome is still waited for.

use crate::program::{Folder, NO_KEYRING};
use serde_json::json;

#[test]
fn ctrl_c_and_the_systems_end_ask_the_terminal_to_cancel() {
    let folder = Folder::training(0);
    for signal in ["INT", "TERM"] {
        let mut program = folder.run(&["pay", "--terminal", "desk", "--amount", "10.14"]);
        program.display("Present card");
        program.signal(signal);
        let ended = program.end().exits(3);
        let settled = ended.one("settled");
        assert_eq!([&settled["outcome"], &settled["reason"]], ["cancelled", "aborted"], "{signal}");
        assert!(ended.words.contains("The terminal is asked to cancel."), "{}", ended.words);
    }
}

#[test]
fn a_wish_that_comes_too_late_changes_nothing() {
    let folder = Folder::training(300);
    let mut program = folder.run(&["pay", "--terminal", "desk", "--amount", "10.13"]);
    program.display("Present card");
    program.signal("INT");
    program.display("Authorizing");
    program.signal("INT");
    let ended = program.end().exits(0);
    assert_eq!(
        [&ended.one("settled")["outcome"], &ended.one("settled")["late"]],
        [&json!("approved"), &json!(true)]
    );
}

#[test]
fn nothing_is_cancelled_while_a_question_is_open() {
    let folder = Folder::training(0);
    let mut program = folder.run(&["pay", "--terminal", "desk", "--amount", "10.08"]);
    let prompt = program.kind("prompt");
    program.signal("INT");
    assert_eq!(program.kind("problem")["code"], "prompt_open");
    program.say(json!({ "prompt": prompt["id"], "answer": "yes" }));
    assert_eq!(program.end().exits(0).one("settled")["outcome"], "approved");
}

#[test]
fn a_reader_that_goes_away_does_not_end_the_payment() {
    let folder = Folder::training(0);
    let exe = env!("CARGO_BIN_EXE_paydeskctl");
    let data = folder.path().to_str().unwrap();
    // The shell closes its end of the pipe at once.
    let pipe = format!("'{exe}' --data '{data}' --json pay --terminal desk --amount 12.00 2>&1 | true");
    let mut shell = std::process::Command::new("bash");
    shell.env(NO_KEYRING.0, NO_KEYRING.1).args(["-o", "pipefail", "-c", &pipe]);
    let status = shell.status().unwrap();
    assert_eq!(status.code(), Some(0), "the payment was seen to its end");
    assert_eq!(folder.payments()[0]["outcome"], "approved");
}
