//! Calls that break a promise of the design: panics, clocks, randomness, floats, endless waits and queues.
//!
//! Each ban is one row: words, why, and where it holds. What a row cannot say (an import in braces, a
//! deadline as a bare number) has a function of its own below the table.

use super::finding::Finding;
use super::source::{Dialect, find_words, has_word};
use super::tree::TextFile;

/// One row.
struct Ban {
    rule: &'static str,
    words: &'static [&'static str],
    why: &'static str,
    holds: fn(&TextFile) -> bool,
    within: Within,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Product,
    Tests,
    Both,
}

const BANS: &[Ban] = &[
    Ban {
        rule: "panic",
        words: &[
            ".unwrap()",
            ".unwrap_err()",
            ".expect(",
            ".expect_err(",
            "panic!",
            "todo!",
            "unimplemented!",
            "dbg!",
        ],
        why: "say what is to happen instead: an error, a default, or an exhaustive match",
        holds: |_| true,
        within: Within::Product,
    },
    Ban {
        rule: "clock",
        words: &["SystemTime::now", "Timestamp::now", "Zoned::now"],
        why: "time comes in as an argument; only crates/till/src/clock.rs reads it",
        holds: |file| !reads_clocks(file),
        within: Within::Product,
    },
    Ban {
        rule: "clock",
        words: &["Instant::now"],
        why: "time comes in as an argument; only crates/till/src/clock.rs reads it",
        holds: |file| !reads_clocks(file) && !is_far_side_on_tokio_time(file),
        within: Within::Product,
    },
    Ban {
        rule: "randomness",
        words: &["getrandom", "rand::", "thread_rng", "now_v7", "new_v4", "RandomState"],
        why: "randomness comes in as an argument; only crates/till/src/random.rs makes it",
        holds: |file| !file.is_below(&RANDOM),
        within: Within::Both,
    },
    Ban {
        rule: "float",
        words: &["f32", "f64", "as_f64", "from_f64", "is_f64", "as_f32"],
        why: "no floats anywhere near money, reading messages included",
        holds: |file| file.is_below(&["crates/domain/", "crates/wire/", "crates/terminals/"]),
        within: Within::Both,
    },
    Ban {
        rule: "pure",
        words: &["async", "await", "tokio"],
        why: "rules and codecs are plain functions",
        holds: |file| file.is_below(&["crates/domain/", "crates/wire/"]),
        within: Within::Both,
    },
    Ban {
        rule: "order",
        words: &["HashMap", "HashSet"],
        why: "their order differs from run to run; use BTreeMap or BTreeSet",
        holds: |_| true,
        within: Within::Product,
    },
    Ban {
        rule: "bounds",
        words: &[
            "unbounded_channel",
            "mpsc::unbounded",
            "mpsc::channel()",
            "UnboundedSender",
            "UnboundedReceiver",
        ],
        why: "every queue has a bound",
        holds: |_| true,
        within: Within::Both,
    },
    Ban {
        rule: "sleep in a test",
        words: &["time::sleep", "time::sleep_until"],
        why: "wait for a signal, or pause the clock and say `virtual time` in the file's opening",
        holds: |file| !runs_on_virtual_time(file) && !measures(file),
        within: Within::Tests,
    },
    Ban {
        rule: "sleep in a test",
        words: &["thread::sleep"],
        why: "wait for a signal",
        holds: |_| true,
        within: Within::Tests,
    },
];

/// The one maker of randomness; and the calls that name a source of it and take nothing from it.
const RANDOM: [&str; 4] = [
    "crates/till/src/clock.rs",
    "crates/till/src/random.rs",
    "crates/wire/src/kayaaku/keys.rs",
    "tests/bench/host.rs",
];

/// Modules of `std` that reach out of a pure crate.
const OUTSIDE: &[&str] = &["fs", "net", "process", "env", "thread", "os"];
/// Of these only times and clocks are banned: `Duration` is a plain number.
const CLOCKS: &[&str] = &["SystemTime", "Instant"];

/// The till's one reader of time, and programs that measure.
fn reads_clocks(file: &TextFile) -> bool {
    file.is_below(&["crates/till/src/clock.rs", "xtask/"]) || measures(file)
}

fn measures(file: &TextFile) -> bool {
    file.path.contains("/benches/") || file.path.contains("/examples/") || file.is_below(&["tests/bench"])
}

/// Simulators know no till to be given time by; tokio's clock stands still when a test pauses it.
fn is_far_side_on_tokio_time(file: &TextFile) -> bool {
    file.is_below(&["crates/simulator/"])
        && !file.source.code.iter().any(|line| line.contains("std::time::Instant"))
}

/// Seen by a paused clock, or declared in the opening of a file whose callers pause it.
fn runs_on_virtual_time(file: &TextFile) -> bool {
    let pauses = |line: &String| line.contains("start_paused") || line.contains("time::pause()");
    let opening = file.text.lines().take_while(|line| line.starts_with("//!"));
    file.source.code.iter().any(pauses) || opening.into_iter().any(|line| line.contains("virtual time"))
}

/// Every banned call of a Rust file.
pub fn calls(file: &TextFile) -> Vec<Finding> {
    if file.dialect != Dialect::Rust {
        return Vec::new();
    }
    let bans: Vec<&Ban> = BANS.iter().filter(|ban| (ban.holds)(file)).collect();
    let mut findings = Vec::new();
    for (index, line) in file.source.code.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let in_test = file.is_test_line(index);
        for ban in &bans {
            let counts = match ban.within {
                Within::Product => !in_test,
                Within::Tests => in_test,
                Within::Both => true,
            };
            if let Some(word) = ban.words.iter().filter(|_| counts).find(|word| has_word(line, word)) {
                findings.push(Finding::at(&file.path, index, ban.rule, format!("`{word}`: {}", ban.why)));
            }
        }
        if is_float_literal_banned(file) && has_float_literal(line) {
            findings.push(Finding::at(
                &file.path,
                index,
                "float",
                "a number with a decimal point: count minor units",
            ));
        }
        if has_literal_deadline(line) && !may_name_deadlines(file) && !in_test {
            let detail = "a deadline as a bare number: name it in a limits.rs";
            findings.push(Finding::at(&file.path, index, "deadline", detail));
        }
    }
    findings.extend(outside(file));
    findings
}

fn is_float_literal_banned(file: &TextFile) -> bool {
    file.is_below(&["crates/domain/", "crates/wire/", "crates/terminals/"])
}

/// `1.5`, but neither `pair.0.1` nor `1..5`.
fn has_float_literal(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    (1..chars.len().saturating_sub(1)).any(|dot| {
        if chars[dot] != '.' || !chars[dot + 1].is_ascii_digit() {
            return false;
        }
        let digits = chars[..dot].iter().rev().take_while(|c| c.is_ascii_digit() || **c == '_').count();
        let before = dot.checked_sub(digits + 1).map(|at| chars[at]);
        digits > 0 && !before.is_some_and(|c| c == '.' || c.is_alphanumeric())
    })
}

/// `from_secs(30)`, `30.seconds()` and their like.
fn has_literal_deadline(line: &str) -> bool {
    let made = ["from_millis(", "from_secs(", "from_micros(", "from_nanos(", "from_mins(", "from_hours("];
    let counted = [".milliseconds()", ".seconds()", ".minutes()", ".hours()"];
    made.iter().any(|call| {
        find_words(line, call)
            .iter()
            .any(|at| line[at + call.len()..].trim_start().starts_with(|c: char| c.is_ascii_digit()))
    }) || counted.iter().any(|unit| {
        line.match_indices(unit).any(|(at, _)| {
            let number = line[..at].trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
            number.len() < at && !number.ends_with(|c: char| c.is_alphanumeric() || c == '.')
        })
    })
}

fn may_name_deadlines(file: &TextFile) -> bool {
    let name = file.name();
    name == "limits.rs"
        || name.ends_with("_limits.rs")
        || name == "profile.rs"
        || measures(file)
        || file.is_below(&["xtask/", "crates/simulator/"])
}

/// What pure crates import of the world outside, imports in braces included.
fn outside(file: &TextFile) -> Vec<Finding> {
    let domain = file.is_below(&["crates/domain/"]);
    if !domain && !file.is_below(&["crates/wire/"]) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, line) in file.source.code.iter().enumerate().filter(|(index, _)| !file.is_test_line(*index))
    {
        for at in find_words(line, "std::") {
            let named = &line[at + "std::".len()..];
            let banned = OUTSIDE.iter().chain(CLOCKS).chain(domain.then_some(&"io"));
            for word in banned.filter(|word| names_module(named, word)) {
                let detail = format!("`std::…{word}`: a pure crate knows nothing outside its arguments");
                findings.push(Finding::at(&file.path, index, "pure", detail));
            }
        }
    }
    findings
}

/// True for `fs::read`, `{fmt, fs}` and `time::{Duration, Instant}`.
fn names_module(named: &str, word: &str) -> bool {
    let end = named.find([';', '(', ')', '<', '>', '=']).unwrap_or(named.len());
    find_words(&named[..end], word).iter().any(|at| {
        let before = named[..*at].trim_end();
        CLOCKS.contains(&word) || before.is_empty() || before.ends_with(['{', ','])
    })
}

#[cfg(test)]
fn rules(path: &str, text: &str) -> Vec<&'static str> {
    calls(&TextFile::new(path, text)).iter().map(|found| found.rule).collect()
}

#[test]
fn a_panic_is_found_outside_tests_only() {
    assert_eq!(rules("crates/till/src/a.rs", "let x = y.unwrap();"), ["panic"]);
    assert_eq!(rules("crates/till/src/a.rs", "let x = y\n    .expect(\"\");"), ["panic"]);
    assert_eq!(rules("crates/till/src/a.rs", "todo!()"), ["panic"]);
    assert!(rules("crates/till/src/a.rs", "let x = y.unwrap_or(1); // .unwrap()").is_empty());
    assert!(rules("crates/till/src/a.rs", "#[cfg(test)]\nmod t { fn f() { x.unwrap() } }").is_empty());
    assert!(rules("crates/till/src/a/tests.rs", "fn f() { x.unwrap() }").is_empty());
}

#[test]
fn a_clock_or_randomness_is_found_outside_its_file() {
    assert_eq!(rules("crates/till/src/actor.rs", "let t = jiff::Timestamp::now();"), ["clock"]);
    assert_eq!(rules("crates/store/src/a.rs", "let t = tokio::time::Instant::now();"), ["clock"]);
    assert!(rules("crates/till/src/clock.rs", "let t = Timestamp::now();").is_empty());
    assert!(rules("crates/simulator/src/a.rs", "use tokio::time::Instant; Instant::now()").is_empty());
    assert_eq!(rules("crates/simulator/src/a.rs", "std::time::Instant::now()"), ["clock"]);
    assert_eq!(rules("crates/store/src/a.rs", "let id = Uuid::now_v7();"), ["randomness"]);
    assert_eq!(rules("tests/storm.rs", "getrandom::fill(&mut seed);"), ["randomness"]);
    assert!(rules("crates/till/src/random.rs", "getrandom::fill(&mut b)").is_empty());
}

#[test]
fn a_float_is_found_near_money() {
    assert_eq!(rules("crates/wire/src/a.rs", "let x: f64 = y;"), ["float"]);
    assert_eq!(rules("crates/domain/src/a.rs", "let x = 1.5;"), ["float"]);
    assert_eq!(rules("crates/terminals/src/a.rs", "value.as_f64()"), ["float"]);
    assert!(rules("crates/domain/src/a.rs", "let x = pair.0.1; for i in 1..5 {} a.b.0").is_empty());
    assert!(rules("crates/peripherals/src/a.rs", "let x = 1.5_f64;").is_empty());
}

#[test]
fn a_pure_crate_reaching_out_is_found() {
    assert_eq!(rules("crates/domain/src/a.rs", "async fn f() {}"), ["pure"]);
    assert_eq!(rules("crates/wire/src/a.rs", "use tokio::io;"), ["pure"]);
    assert_eq!(rules("crates/domain/src/a.rs", "use std::{fmt, fs};"), ["pure"]);
    assert_eq!(rules("crates/domain/src/a.rs", "use std::time::{Duration, Instant};"), ["pure"]);
    assert_eq!(rules("crates/domain/src/a.rs", "use std::io::Read;"), ["pure"]);
    assert!(rules("crates/wire/src/a.rs", "use std::io::Cursor; use std::time::Duration;").is_empty());
    assert!(rules("crates/till/src/a.rs", "use std::fs;").is_empty());
}

#[test]
fn hash_order_and_endless_queues_are_found() {
    assert_eq!(rules("crates/till/src/a.rs", "use std::collections::HashMap;"), ["order"]);
    assert!(rules("tests/storm.rs", "let m = HashMap::new();").is_empty());
    assert_eq!(rules("crates/till/src/a.rs", "let (a, b) = mpsc::unbounded_channel();"), ["bounds"]);
    assert_eq!(rules("crates/till/src/a.rs", "let (a, b) = mpsc::channel();"), ["bounds"]);
    assert!(rules("crates/till/src/a.rs", "oneshot::channel(); mpsc::channel(LIMIT)").is_empty());
}

#[test]
fn a_sleep_is_found_in_tests_that_run_on_the_wall_clock() {
    assert_eq!(rules("tests/a.rs", "thread::sleep(d);"), ["sleep in a test"]);
    assert_eq!(rules("tests/a.rs", "tokio::time::sleep(d).await;"), ["sleep in a test"]);
    assert!(
        rules("tests/a.rs", "#[tokio::test(start_paused = true)]\ntokio::time::sleep(d).await;").is_empty()
    );
    assert!(rules("tests/bench/idle.rs", "tokio::time::sleep(d).await;").is_empty());
    assert!(rules("tests/a.rs", "//! A desk on virtual time.\ntokio::time::sleep(d).await;").is_empty());
    assert_eq!(rules("tests/a.rs", "//! On virtual time.\nthread::sleep(d);"), ["sleep in a test"]);
    assert!(rules("crates/terminals/src/a.rs", "tokio::time::sleep(limits.poll).await;").is_empty());
}

#[test]
fn a_deadline_as_a_bare_number_is_found_outside_the_tables() {
    assert_eq!(rules("crates/till/src/a.rs", "Duration::from_secs(30)"), ["deadline"]);
    assert_eq!(rules("crates/till/src/a.rs", "SignedDuration::from_mins( 3)"), ["deadline"]);
    assert_eq!(rules("crates/till/src/a.rs", "now + 3.minutes()"), ["deadline"]);
    assert!(rules("crates/till/src/a.rs", "Duration::from_secs(SETTLE_S) + pair.0.minutes()").is_empty());
    assert!(rules("crates/till/src/limits.rs", "Duration::from_secs(30)").is_empty());
    assert!(rules("crates/terminals/src/nexo/profile.rs", "Duration::from_millis(30)").is_empty());
    assert!(rules("crates/simulator/src/nexo.rs", "Duration::from_millis(30)").is_empty());
}
