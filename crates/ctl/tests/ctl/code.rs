//! `code`: what is in view is said, and words write no code out unless that was asked for.

use crate::program::{Ended, Program, paydeskctl};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What the pictures' codes say.
pub const WALLET: &str = "281234567890123456";

pub fn picture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/codes").join(name)
}

/// Runs it on these files, with and without `--json`: both lines and words.
fn looked(files: &[&Path]) -> (Ended, Ended) {
    let files: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let run = |more: &[&str]| Program::start(&[more, &["code"], &files].concat()).end();
    (run(&["--json"]), run(&[]))
}

fn scanned(lines: &[&str]) -> (Ended, Ended) {
    let run = |arguments: &[&str]| {
        let mut program = Program::start(arguments);
        lines.iter().for_each(|line| program.say(line));
        program.close_input();
        program.end().exits(0)
    };
    (run(&["--json", "code", "--text"]), run(&["code", "--text"]))
}

#[test]
fn a_wallets_code_in_a_picture_is_told_by_brand_and_masked() {
    let (lines, words) = looked(&[&picture("wallet.jpg")]);
    let seen = lines.exits(0);
    let line = seen.one("seen");
    assert_eq!(
        [&line["format"], &line["wallet"], &line["masked"]],
        [&json!("qr"), &json!("alipay"), &json!("2812…56")]
    );
    assert!(line["file"].as_str().unwrap().ends_with("wallet.jpg"));
    assert_eq!(line["text"], WALLET);
    let words = words.exits(0);
    assert!(words.text.contains("An Alipay code (2812…56): a payment can be taken with it."), "{words:?}");
    assert!(!format!("{words:?}{}", seen.words).contains(WALLET), "the words never say the code itself");
}

#[test]
fn a_pictures_text_is_written_out_where_that_is_asked_for() {
    let file = picture("wallet.jpg");
    let ended = Program::start(&["code", "--reveal", file.to_str().unwrap()]).end().exits(0);
    assert!(ended.text.lines().any(|line| line == WALLET), "{ended:?}");
    Program::start(&["code", "--reveal", "--text"]).end().exits(2);
}

#[test]
fn a_folder_is_looked_through_by_name() {
    let folder = TempDir::new().unwrap();
    for name in ["two.jpg", "nothing.jpg", "link.jpg"] {
        std::fs::copy(picture(name), folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join("rubbish.jpg"), "no picture").unwrap();
    let (lines, words) = looked(&[folder.path()]);
    let seen = lines.exits(1);
    let told: Vec<[&Value; 3]> =
        seen.of("seen").iter().map(|line| [&line["wallet"], &line["refusal"], &line["guidance"]]).collect();
    let null = &Value::Null;
    assert_eq!(told[..2], [[null, &json!("link"), null], [null, null, &json!("nothing")]]);
    let mut both = [told[2][0], told[3][0]].map(Value::as_str);
    both.sort_unstable();
    assert_eq!(both, [Some("alipay"), Some("wechat")]);
    assert!(seen.one("problem")["message"].as_str().unwrap().contains("rubbish.jpg"));
    assert!(seen.words.contains("2 codes are in view. At the till only one may be."), "{}", seen.words);
    let text = words.exits(1).text;
    for sentence in [
        "link.jpg: A web address: the customer must show the code to pay with.",
        "nothing.jpg: No code can be read. Nothing is held before the camera.",
    ] {
        assert!(text.contains(sentence), "{text}");
    }
    assert!(!text.contains("example.com"), "what else was scanned is not repeated");
}

#[test]
fn what_a_scanner_sends_is_told_line_by_line() {
    let long = "7".repeat(4_000);
    let endless = "7".repeat(20_000);
    let lines = [
        WALLET,
        "]Q1281234567890123456",
        "7310865004703",
        "4111111111111111",
        &long,
        &endless,
        "2512345678",
    ];
    let (json, words) = scanned(&lines);
    let told: Vec<&str> = json
        .of("seen")
        .iter()
        .map(|line| line["refusal"].as_str().or(line["sight"].as_str()).unwrap())
        .collect();
    let expected = ["new", "same", "product", "card_number", "too_long", "too_long", "half_a_code"];
    assert_eq!(told, expected);
    let sentences: Vec<&str> = words.text.lines().collect();
    assert_eq!(sentences.len(), expected.len(), "{sentences:?}");
    assert_eq!(sentences[1], "An Alipay code (2812…56): the same as 0 seconds ago; it counts once.");
    assert_eq!(sentences[2], "The bar code of a product.");
    for secret in [WALLET, "7310865004703", "4111111111111111", "2512345678"] {
        assert!(!format!("{json:?}{words:?}").contains(secret));
    }
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    use std::io::Write;
    let mut child = paydeskctl()
        .args(["code", "--text"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"\xFF\xFE\x00\x01\n28123456").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn a_camera_that_is_not_there_is_a_plain_sentence() {
    // Built without cameras, the program says that; built with them, that none has this number.
    let ended = Program::start(&["code", "--camera", "39", "--for", "1"]).end().exits(1);
    let sentences = ["No camera can be found. Is it plugged in?", "The camera cannot be used."];
    assert!(sentences.iter().any(|sentence| ended.text.contains(sentence)), "{ended:?}");
    assert!(!ended.words.contains("panicked"), "{ended:?}");
}

#[test]
fn where_to_look_has_to_be_said_once() {
    for arguments in [&["code"][..], &["code", "--text", "--camera"], &["code", "a.jpg", "--text"]] {
        Program::start(arguments).end().exits(2);
    }
    let ended = Program::start(&["--json", "code", "--camera", "--size", "large"]).end().exits(2);
    assert_eq!(ended.one("problem")["parameters"]["field"], "size");
    let ended = Program::start(&["code", "no-such-file.jpg"]).end().exits(1);
    assert!(ended.words.contains("no-such-file.jpg: The picture cannot be read."), "{ended:?}");
}
