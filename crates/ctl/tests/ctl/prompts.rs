//! Questions: answered on standard input, once, and only by the line that names them.

use crate::program::{Folder, Simulated, free_port};
use serde_json::json;

const PAY: &[&str] = &["pay", "--terminal", "desk", "--amount", "10.08"];

#[test]
fn a_question_is_answered_on_standard_input() {
    let folder = Folder::training(0);
    for (answer, code, outcome) in [(json!("yes"), 0, "approved"), (json!("no"), 3, "cancelled")] {
        let mut program = folder.run(PAY);
        let prompt = program.kind("prompt");
        program.say(json!({ "prompt": prompt["id"], "answer": answer }));
        let ended = program.end().exits(code);
        assert_eq!(ended.one("settled")["outcome"], outcome);
        assert!(ended.of("problem").is_empty(), "{ended:#?}");
    }
}

#[test]
fn a_line_that_is_no_answer_changes_nothing() {
    let folder = Folder::training(0);
    let mut program = folder.run(PAY);
    let prompt = program.kind("prompt");
    let stale = "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f978";
    for (line, code) in [
        ("yes".to_owned(), "not_an_answer"),
        ("{\"prompt\":".to_owned(), "not_an_answer"),
        (json!({ "prompt": prompt["id"], "answer": "perhaps" }).to_string(), "not_an_answer"),
        (json!({ "prompt": prompt["id"], "answer": 7 }).to_string(), "not_an_answer"),
        (json!({ "prompt": prompt["id"] }).to_string(), "not_an_answer"),
        (json!({ "prompt": stale, "answer": "no" }).to_string(), "prompt_stale"),
        (json!({ "prompt": "x", "answer": "no" }).to_string(), "prompt_stale"),
    ] {
        program.say(&line);
        let problem = program.kind("problem");
        assert_eq!(problem["code"], code, "{line}");
        assert!(problem["message"].as_str().unwrap().ends_with('.'), "{problem}");
    }
    program.say(json!({ "prompt": prompt["id"], "answer": "yes" }));
    assert_eq!(program.end().exits(0).one("settled")["outcome"], "approved");
}

#[test]
fn input_that_ends_is_no_answer() {
    let folder = Folder::training(0);
    let mut program = folder.run(PAY);
    program.kind("prompt");
    program.close_input();
    let ended = program.end().exits(3);
    assert_eq!(ended.one("notice")["code"], "nobody_answers");
    assert!(ended.words.contains("Nobody can answer this."), "{}", ended.words);
    assert_eq!(ended.one("settled")["outcome"], "declined", "nobody looked at the signature");
    assert!(ended.of("problem").is_empty(), "{ended:#?}");
    assert!(ended.words.contains("Nobody answered the terminal's question."), "{}", ended.words);
    assert!(!ended.words.contains("The bank"), "it was not the bank: {}", ended.words);
}

/// In the default form of integration the terminal asks, and would wait for minutes.
#[test]
fn a_terminals_question_that_nobody_can_answer_is_ended_at_once() {
    let listener = format!("127.0.0.1:{}", free_port());
    let terminal = Simulated::start("", Some(&format!("http://{listener}")));
    let folder = terminal.folder("default", &listener);
    let ended = folder.pay("10.08", &[]).exits(3);
    let settled = ended.one("settled");
    assert_eq!([&settled["outcome"], &settled["amount"]], ["cancelled", "0.00"], "{ended:#?}");
    assert_eq!(ended.one("notice")["code"], "nobody_answers");
    assert!(ended.words.contains("Nobody can answer this."), "{}", ended.words);
    assert!(ended.words.contains("Nobody answered the terminal's question."), "{}", ended.words);
    for culprit in ["customer", "from the till"] {
        assert!(!ended.words.contains(culprit), "it was nobody: {}", ended.words);
    }
}

#[test]
fn the_systems_end_ends_an_open_question_and_then_the_payment() {
    let listener = format!("127.0.0.1:{}", free_port());
    let terminal = Simulated::start("", Some(&format!("http://{listener}")));
    for folder in [terminal.folder("default", &listener), Folder::training(0)] {
        let mut program = folder.run(PAY);
        program.kind("prompt");
        program.signal("TERM");
        let notice = program.kind("notice");
        assert_eq!(notice["code"], "nobody_answers", "while the input is open");
        let ended = program.end().exits(3);
        assert_eq!(ended.one("settled")["amount"], "0.00");
        assert_eq!(folder.payments()[0]["state"], "closed");
    }
}

/// The till's own question is kept: the next start asks again.
#[test]
fn the_systems_end_leaves_the_tills_own_question_to_the_next_start() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    let mut program = folder.run(PAY);
    program.kind("prompt");
    program.signal("TERM");
    let settled = program.kind("settled");
    assert_eq!([&settled["outcome"], &settled["reason"]], ["unknown", "await_signature"]);
    let ended = program.end().exits(5);
    assert!(ended.words.contains("nobody has checked the signature"), "{}", ended.words);
    assert!(!ended.words.contains("waits for what became of it"), "{}", ended.words);
    let ended = folder.ran(&["recover", "--answer", "yes"]).exits(0);
    assert_eq!(ended.one("settled")["outcome"], "approved");
}

#[test]
fn the_tills_own_question_stays_open_without_a_person() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    let ended = folder.pay("10.08", &[]).exits(5);
    let settled = ended.one("settled");
    assert_eq!([&settled["outcome"], &settled["reason"]], ["unknown", "await_signature"]);
    assert_eq!([&settled["state"], &settled["amount"]], ["await_signature", "0.00"]);
    assert!(ended.words.contains("nobody has checked the signature"), "{}", ended.words);
    let payment = settled["payment"].clone();

    let ended = folder.pay("20.00", &[]).exits(8);
    assert_eq!(ended.one("problem")["payment"], payment, "the open question goes first");
    let ended = folder.ran(&["recover"]).exits(5);
    assert_eq!(ended.one("settled")["reason"], "await_signature", "nobody answers here either");
    let ended = folder.ran(&["terminal", "desk", "diagnosis"]).exits(8);
    assert_eq!(ended.one("problem")["payment"], payment, "nor here");

    let mut program = folder.run(&["recover"]);
    let prompt = program.kind("prompt");
    assert_eq!([&prompt["kind"], &prompt["payment"]], ["signature", payment.as_str().unwrap()]);
    program.say(json!({ "prompt": prompt["id"], "answer": "yes" }));
    let ended = program.end().exits(0);
    let settled = ended.one("settled");
    assert_eq!([&settled["outcome"], &settled["amount"]], ["approved", "10.08"]);
}

/// Whoever comes next and answers settles the open question on the way.
#[test]
fn the_next_payment_asks_about_the_earlier_signature_first() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    for (answer, outcome) in [("yes", "approved"), ("no", "cancelled")] {
        let ended = folder.pay("10.08", &[]).exits(5);
        let earlier = ended.one("settled")["payment"].clone();
        let ended = folder.pay("20.00", &["--answer", answer]).exits(8);
        assert_eq!(ended.one("problem")["payment"], earlier, "it was not said about that customer");
        let mut program = folder.run(&["pay", "--terminal", "desk", "--amount", "20.00"]);
        let prompt = program.kind("prompt");
        assert_eq!(prompt["payment"], earlier);
        program.say(json!({ "prompt": prompt["id"], "answer": answer }));
        let ended = program.end().exits(0);
        assert_ne!(ended.one("settled")["payment"], earlier);
        assert_eq!(ended.one("intended")["payment"], ended.one("settled")["payment"]);
        assert!(ended.words.contains("signature of an earlier payment"), "{}", ended.words);
        let rows = folder.payments();
        let row = rows.iter().find(|row| row["payment"] == earlier).unwrap();
        assert_eq!(row["outcome"], outcome);
    }
    let ended = folder.pay("10.08", &["--reference", "B7"]).exits(5);
    let earlier = ended.one("settled")["payment"].clone();
    let ended = folder.pay("10.08", &["--reference", "B7", "--answer", "yes"]).exits(0);
    assert_eq!(ended.one("settled")["payment"], earlier, "it is the payment that is asked for");
}

/// Whoever wished that it ends while an earlier question was open gets nothing new, whatever was answered.
#[test]
fn nothing_new_is_begun_after_a_wish_to_end() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    for signal in ["INT", "TERM"] {
        let earlier = folder.pay("10.08", &[]).exits(5).one("settled")["payment"].clone();
        let before = folder.payments().len();
        let mut program = folder.run(&["pay", "--terminal", "desk", "--amount", "20.00"]);
        let prompt = program.kind("prompt");
        assert_eq!(prompt["payment"], earlier);
        program.signal(signal);
        // A signal takes its time: the answer is only given after the program told that it came. A wish of
        // the system ends the question itself.
        if signal == "INT" {
            program.words("Nothing more can be cancelled");
            program.say(json!({ "prompt": prompt["id"], "answer": "yes" }));
        }
        let ended = program.end();
        assert!(ended.of("intended").is_empty(), "{signal}: {}", ended.text);
        assert_eq!(folder.payments().len(), before, "{signal}");
        folder.ran(&["recover", "--answer", "yes"]).exits(0);
    }
}

#[test]
fn a_refused_signature_ends_as_cancelled_with_its_reversal() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    let ended = folder.pay("10.08", &["--answer", "no"]).exits(3);
    let settled = ended.one("settled");
    assert_eq!([&settled["outcome"], &settled["reason"]], ["cancelled", "signature_refused"]);
    assert_eq!(settled["amount"], "0.00");
    ended.one("intended");
    let reversal = settled["evidence"]["reversal"].as_str().unwrap();
    let rows = folder.payments();
    let row = rows.iter().find(|row| row["payment"] == reversal).unwrap();
    assert_eq!([&row["kind"], &row["outcome"], &row["amount"]], ["reversal", "approved", "10.08"]);
    assert!(ended.words.contains("was undone: the money went back."), "{}", ended.words);
}
