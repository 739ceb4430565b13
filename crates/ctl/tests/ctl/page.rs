//! `docs/PAYDESKCTL.md` against the program: every command, option, setting and line is on the page, and its
//! samples of settings are read by the till.
//!
//! Invariant: the lists come from the program (`--help`, the till's own tables, what it prints), so that
//! nothing new can be forgotten on the page.

use crate::program::{Folder, Program, Simulated, keys};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use till::seams::terminals::registry::DRIVERS;
use till::settings::{SECTIONS, Settings};

const PAGE: &str = include_str!("../../../../docs/PAYDESKCTL.md");

/// What stands between a heading and the next one of its rank or above.
fn part(heading: &str) -> &'static str {
    let start = format!("\n{heading}\n");
    let at = PAGE.find(&start).unwrap_or_else(|| panic!("no heading {heading:?}"));
    let rest = &PAGE[at + start.len()..];
    let rank = heading.split(' ').next().unwrap().len();
    let ends = (1..=rank).filter_map(|rank| rest.find(&format!("\n{} ", "#".repeat(rank))));
    ends.min().map_or(rest, |end| &rest[..end])
}

/// The names under `Commands:` and the long options of a help text.
fn help(command: &[&str]) -> (Vec<String>, Vec<String>) {
    let text = Program::start(&[command, &["--help"]].concat()).end().exits(0).text;
    let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let listed = text.split("\nCommands:\n").nth(1).unwrap_or_default();
    let commands = listed.lines().take_while(|line| !line.is_empty()).filter_map(first).collect();
    let options = text.split_whitespace().filter(|word| word.starts_with("--"));
    let options = options.map(|word| word.trim_end_matches([',', ']', '.']).to_owned()).collect();
    (commands, options)
}

fn assert_told(part: &str, names: &[String], of: &str) {
    for name in names {
        let told = [format!("`{name}`"), format!("`[{name}]`"), format!("`{of} {name}")];
        assert!(told.iter().any(|told| part.contains(told)), "{of}: {name} is not on the page");
    }
}

#[test]
fn every_command_and_option_is_on_the_page() {
    let everywhere = part("## Commands");
    let (commands, options) = help(&[]);
    assert!(commands.len() > 15, "{commands:?}");
    assert_told(everywhere, &options, "paydeskctl");
    for command in &commands {
        let told = part(&format!("### `{command}`"));
        if command == "help" {
            continue;
        }
        assert!(told.contains("\n$ paydeskctl "), "{command} has no sample");
        let (inner, mut options) = help(&[command]);
        assert_told(told, &inner, command);
        for inner in inner.iter().filter(|inner| *inner != "help") {
            let path = if command == "terminal" {
                vec!["terminal", "x", inner.as_str()]
            } else {
                vec![command.as_str(), inner.as_str()]
            };
            options.extend(help(&path).1);
        }
        options.retain(|option| !["--data", "--json", "--help"].contains(&option.as_str()));
        assert_told(told, &options, command);
    }
}

#[test]
fn every_setting_is_on_the_page() {
    let told = part("## Settings");
    for (section, keys) in SECTIONS {
        for key in *keys {
            let name = match (*section, *key) {
                ("terminal", "settings") => "| --- |".to_owned(),
                ("terminal", key) => format!("| `[[terminal]]` `{key}` |"),
                (section, key) => format!("| `[{section}]` `{key}` |"),
            };
            assert!(told.contains(&name), "{name}");
        }
    }
    for driver in DRIVERS {
        let table = told.split(&format!("of the driver `{}`", driver.name)).nth(1).expect(driver.name);
        let table = table.split("\n\n").nth(1).unwrap();
        for field in driver.form {
            let row = table.lines().find(|row| row.starts_with(&format!("| `{}` |", field.key)));
            let row = row.unwrap_or_else(|| panic!("{} {}", driver.name, field.key));
            let default = if field.required { "needed" } else { field.default };
            assert!(row.contains(default), "{row}: the default is {default}");
        }
    }
}

#[test]
fn every_sample_of_settings_is_read() {
    let samples: Vec<&str> =
        PAGE.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(samples.len(), 6);
    for sample in samples {
        let settings = Settings::parse(sample, "settings.toml").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(settings.terminals.len(), 1);
    }
}

/// Asserts that the lines' kinds and fields are on the page.
fn assert_lines(lines: &[Value], seen: &mut BTreeSet<String>) {
    let table = part("## Lines of `--json`");
    for line in lines {
        let kind = line["type"].as_str().unwrap();
        seen.insert(kind.to_owned());
        let rows: Vec<&str> = table.lines().filter(|row| row.starts_with(&format!("| `{kind}`"))).collect();
        assert!(!rows.is_empty(), "{kind} is not on the page");
        for key in keys(line).iter().filter(|key| *key != "type") {
            assert!(
                rows.iter().any(|row| row.contains(&format!("`{key}`"))),
                "{kind}: {key} is not on the page"
            );
        }
    }
}

/// A terminal that asks, and is accepted.
fn paired(folder: &Folder) -> Vec<Value> {
    let mut room = folder.run(&["pair", "--accept", "TESTSN0000000001"]);
    let open = room.kind("pairing_open");
    let address = format!("127.0.0.1:{}", open["port"]);
    let simulate = ["--json", "simulate", "ecrhub-wlan", "--listen", "127.0.0.1:0", "--pair", &address];
    let mut terminal = Program::start(&simulate);
    let (introduced, guest, paired) =
        (terminal.kind("introduced"), room.kind("pairing_guest"), room.kind("paired"));
    room.end().exits(0);
    vec![open, introduced, guest, paired]
}

#[test]
fn every_line_that_is_printed_is_on_the_page() {
    let mut seen = BTreeSet::new();
    let mut check = |lines: &[Value]| assert_lines(lines, &mut seen);
    let folder = Folder::training(0);
    check(&folder.pay("10.08", &["--answer", "yes", "--reference", "A"]).exits(0).lines);
    let id = folder.payments()[0]["payment"].as_str().unwrap().to_owned();
    let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Europe/Stockholm").unwrap());
    let day = day.checked_sub(jiff::SignedDuration::from_hours(5)).unwrap().date().to_string();
    for command in [
        &["payments"][..],
        &["payment", &id],
        &["receipts"],
        &["receipt", &id, "--format", "pdf"],
        &["export", "--day", &day, "--format", "json"],
        &["report", "x"],
        &["report", "z"],
        &["journal", "verify"],
        &["terminal", "desk", "login"],
        &["terminal", "desk", "diagnosis"],
        &["check", "desk"],
        &["unblock", "desk", "--person", "A", "--reason", "B"],
        &["pay", "--amount", "5"],
        &["pay", "--terminal", "desk", "--amount", "0"],
    ] {
        let ended = folder.ran(command);
        assert!(!ended.lines.is_empty(), "{command:?}: {ended:#?}");
        check(&ended.lines);
    }
    let mut secret = folder.run(&["secret", "set", "token"]);
    secret.say("s3cret");
    check(&secret.end().exits(0).lines);
    let mut scanned = folder.run(&["code", "--text"]);
    scanned.say("281234567890123456");
    scanned.close_input();
    check(&scanned.end().exits(0).lines);
    let mut serving = folder.run(&["serve"]);
    check(&[serving.kind("serving")]);
    drop(serving);
    check(&paired(&folder));
    let terminal = Simulated::start("", None);
    let light = terminal.light();
    let mut asked = light.run(&["pay", "--terminal", "desk", "--amount", "10.08"]);
    let prompt = asked.kind("prompt");
    asked.say(json!({ "prompt": prompt["id"], "answer": "yes" }));
    check(&[prompt]);
    check(&asked.end().exits(0).lines);
    std::fs::remove_file(light.path().join("head")).unwrap();
    check(&light.ran(&["recover"]).exits(0).lines);
    let mut simulator = Program::start(&["--json", "simulate", "nexo", "--listen", "127.0.0.1:0"]);
    check(&[simulator.kind("listening")]);
    drop(simulator);
    let table = part("## Lines of `--json`");
    let told: BTreeSet<String> = table
        .lines()
        .filter_map(|row| Some(row.strip_prefix("| `")?.split('`').next()?.to_owned()))
        .filter(|kind| kind != "type")
        .collect();
    // No driver shows a code so far.
    seen.insert("code".to_owned());
    assert_eq!(seen, told);
}
