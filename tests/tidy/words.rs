//! Words that do not belong in the project's text: its history, its machines, its unfinished work.
//!
//! A comment describes what is; how it came to be is what version control keeps. The banned words are put
//! together from parts here, so that this file passes its own rule.

use super::finding::Finding;
use super::source::{Dialect, has_word};
use super::tree::TextFile;

const HISTORY: &[&str] = &["no longer", "previously", "was changed", "now uses"];
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];
/// Words before it that turn the habit into a purpose, as in "is used to sign".
const PURPOSE: &[&str] = &["is", "are", "be", "being", "been"];

/// Paths of somebody's machine.
const PLACES: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
/// Who wrote the text is not part of it.
const WRITERS: &[&str] = &[concat!("cla", "ude"), concat!("sub", "agent"), concat!("helper", " agent")];

/// History and unfinished work in comments; places and writers anywhere.
pub fn words(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.dialect != Dialect::Plain {
        findings.extend(comments(file));
    }
    for (index, line) in file.text.lines().enumerate() {
        let lower = line.to_lowercase();
        for place in PLACES.iter().filter(|place| line.contains(*place)) {
            findings.push(Finding::at(
                &file.path,
                index,
                "place",
                format!("`{place}` is one machine's path"),
            ));
        }
        for writer in WRITERS.iter().filter(|writer| lower.contains(*writer)) {
            findings.push(Finding::at(
                &file.path,
                index,
                "writer",
                format!("`{writer}`: speak of the project alone"),
            ));
        }
    }
    findings
}

fn comments(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, comment) in file.source.comments.iter().enumerate() {
        let lower = comment.to_lowercase();
        let history = HISTORY.iter().find(|word| has_word(&lower, word)).copied();
        for word in history.into_iter().chain(past_habit(&lower)) {
            let detail = format!("`{word}` tells history: say what is, in the present tense");
            findings.push(Finding::at(&file.path, index, "history", detail));
        }
        for word in UNFINISHED.iter().filter(|word| has_word(comment, word)) {
            let detail = format!("`{word}`: finish it, or put it where open work is kept");
            findings.push(Finding::at(&file.path, index, "unfinished", detail));
        }
    }
    findings
}

/// "used to" as a past habit.
fn past_habit(comment: &str) -> Option<&'static str> {
    let habit = comment.match_indices("used to ").any(|(at, _)| {
        let before = comment[..at].split_whitespace().next_back();
        let before = before.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        !before.is_some_and(|word| PURPOSE.contains(&word))
            && !comment[..at].ends_with(char::is_alphanumeric)
    });
    habit.then_some("used to")
}

#[cfg(test)]
fn rules(path: &str, text: &str) -> Vec<&'static str> {
    words(&TextFile::new(path, text)).iter().map(|found| found.rule).collect()
}

#[test]
fn history_is_found_in_comments_only() {
    assert_eq!(rules("crates/a/src/b.rs", "// This no longer waits."), ["history"]);
    assert_eq!(rules("crates/a/src/b.rs", "/// It used to be a list."), ["history"]);
    assert_eq!(rules("Cargo.toml", "a = \"1\" # now uses rustls"), ["history"]);
    assert!(rules("crates/a/src/b.rs", "let s = \"no longer\";").is_empty());
    assert!(rules("crates/a/src/b.rs", "// The \"key\" (is used to sign). Unused to date.").is_empty());
    assert!(rules("docs/decisions/0001-x.md", "We previously had two.").is_empty());
}

#[test]
fn unfinished_work_is_found_as_a_whole_word() {
    assert_eq!(rules("crates/a/src/b.rs", concat!("// TO", "DO: later")), ["unfinished"]);
    assert!(rules("crates/a/src/b.rs", "// Masked as XXXX.").is_empty());
}

#[test]
fn places_and_writers_are_found_in_any_text() {
    assert_eq!(rules("docs/a.md", &format!("see {}main", PLACES[0])), ["place"]);
    assert_eq!(rules("crates/a/src/b.rs", &format!("let s = \"{}x\";", PLACES[2])), ["place"]);
    assert_eq!(rules("README.md", &WRITERS[0].to_uppercase()), ["writer"]);
    assert!(rules("README.md", "The framework/library pair.").is_empty());
}
