//! The data folder: one till at a time, readers beside it, damage and missing parts told in words.

use crate::program::{Folder, paydeskctl};

#[test]
fn a_second_till_is_refused_and_readers_are_not() {
    let folder = Folder::training(0);
    folder.pay("12.50", &[]).exits(0);
    let mut running = folder.run(&["pay", "--terminal", "desk", "--amount", "10.14"]);
    running.display("Present card");

    for command in [
        &["pay", "--terminal", "desk", "--amount", "5"][..],
        &["recover"],
        &["terminal", "desk", "login"],
        &["unblock", "desk", "--person", "Anna", "--reason", "test"],
    ] {
        let ended = folder.ran(command).exits(7);
        assert_eq!(ended.one("problem")["code"], "folder_in_use", "{command:?}");
    }
    let rows = folder.payments();
    assert_eq!(rows.len(), 2);
    assert_eq!([&rows[0]["state"], &rows[0]["outcome"]], ["running", "unknown"]);
    let open = folder.ran(&["payments", "--open"]).exits(0);
    assert_eq!(open.lines.len(), 1);
    folder.ran(&["receipts"]).exits(0);
    folder.ran(&["journal", "verify"]).exits(0);

    running.signal("INT");
    running.end().exits(3);
    assert!(folder.ran(&["payments", "--open"]).exits(0).lines.is_empty());
}

#[test]
fn a_till_that_was_never_started_has_empty_books() {
    let folder = Folder::training(0);
    for command in
        [&["payments"][..], &["receipts"], &["export", "--day", "2026-11-21", "--format", "json"]]
    {
        let ended = folder.ran(command).exits(0);
        assert!(ended.lines.is_empty() && ended.words.contains("no journal"), "{ended:#?}");
    }
    folder.ran(&["journal", "verify"]).exits(1);
    folder.ran(&["payment", "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f978"]).exits(1);
    assert!(!folder.path().join("paydesk.sqlite").exists(), "reading makes nothing");
}

#[test]
fn a_damaged_journal_is_kept_and_nothing_is_sold_on_it() {
    let folder = Folder::training(0);
    folder.pay("12.50", &[]).exits(0);
    let file = folder.path().join("paydesk.sqlite");
    let rubbish = vec![0x5a; 8192];
    std::fs::write(&file, &rubbish).unwrap();
    for command in
        [&["pay", "--terminal", "desk", "--amount", "5"][..], &["payments"], &["journal", "verify"]]
    {
        let ended = folder.ran(command).exits(1);
        let problem = ended.one("problem");
        assert_eq!(problem["code"], "store_damaged", "{command:?} {problem:#}");
        assert!(problem["message"].as_str().unwrap().contains("damaged"), "{problem:#}");
    }
    assert_eq!(std::fs::read(&file).unwrap(), rubbish, "the file is as it was found");
}

#[test]
fn the_log_is_in_the_folder_and_standard_output_is_for_lines() {
    let folder = Folder::training(0);
    let ended = folder.pay("12.50", &[]).exits(0);
    assert_eq!(ended.text.lines().count(), ended.lines.len(), "{}", ended.text);
    let logs = std::fs::read_dir(folder.path().join("logs")).unwrap().count();
    assert_eq!(logs, 1);
}

#[test]
fn without_a_name_the_platforms_folder_is_used() {
    let home = tempfile::tempdir().unwrap();
    let settings = std::fs::read(Folder::training(0).path().join("settings.toml")).unwrap();
    for (variable, place) in [("XDG_DATA_HOME", "paydesk"), ("HOME", ".local/share/paydesk")] {
        let folder = home.path().join(place);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("settings.toml"), &settings).unwrap();
        let mut program = paydeskctl();
        program.env_remove("XDG_DATA_HOME").env(variable, home.path());
        let output = program.args(["pay", "--terminal", "desk", "--amount", "5"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(folder.join("paydesk.sqlite").exists());
    }
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let folder = Folder::training(0);
    let missing = folder.path().join("elsewhere");
    let arguments = ["--data", missing.to_str().unwrap(), "--json", "payments"];
    crate::program::Program::start(&arguments).end().exits(1);
    assert!(!missing.exists());
}
