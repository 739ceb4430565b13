//! Settings that cannot be used: the error names file, line and key, and nothing starts.

use crate::program::{Folder, HEAD};

#[test]
fn every_mistake_is_told_with_file_line_and_key() {
    let training = "[[terminal]]\nid = \"desk\"\ndriver = \"training\"\n";
    let nexo = "[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n[terminal.settings]\n";
    let ours = "sale_id = \"A\"\npoi_id = \"B\"\n";
    for (body, line, key, what) in [
        ("[[terminal]]\nid = \"desk\"\ndriver = \"verifone\"\n".to_owned(), "11", "driver", "not a driver"),
        (format!("{training}colour = \"red\"\n"), "12", "colour", "not a setting"),
        (format!("{training}[terminal.settings]\nspeed = 1\n"), "13", "speed", "not a setting"),
        (format!("{training}[terminal.settings]\ndelay_ms = \"1\"\n"), "13", "delay_ms", "milliseconds"),
        (format!("{nexo}{ours}"), "", "url", "missing"),
        (format!("{nexo}url = \"ftp://x\"\n{ours}"), "13", "url", "http://"),
        (format!("{training}{training}"), "13", "id", "two terminals"),
        ("[[terminal]]\ndriver = \"training\"\n".to_owned(), "", "id", "missing"),
    ] {
        let folder = Folder::with(&format!("{HEAD}{body}"));
        let ended = folder.pay("5", &[]).exits(1);
        let problem = ended.one("problem");
        let told = &problem["parameters"];
        assert_eq!(problem["code"], "settings_wrong", "{body}");
        assert!(told["file"].as_str().unwrap().ends_with("settings.toml"), "{problem:#}");
        assert!(told["key"].as_str().unwrap().ends_with(key), "{body}{problem:#}");
        assert!(told["what"].as_str().unwrap().contains(what), "{body}{problem:#}");
        if line.is_empty() {
            assert!(told["line"].as_str().unwrap().parse::<u32>().is_ok(), "{problem:#}");
        } else {
            assert_eq!(told["line"], line, "{body}{problem:#}");
        }
        let message = problem["message"].as_str().unwrap();
        assert!(message.contains("settings.toml, line ") && message.contains(key), "{message}");
        assert!(!folder.path().join("paydesk.sqlite").exists(), "{body}");
    }
}

#[test]
fn a_folder_without_settings_or_with_broken_ones_does_not_start() {
    let folder = Folder::with("");
    std::fs::remove_file(folder.path().join("settings.toml")).unwrap();
    let ended = folder.pay("5", &[]).exits(1);
    assert!(ended.one("problem")["message"].as_str().unwrap().contains("cannot be read"), "{ended:#?}");
    for command in [&["payments"][..], &["journal", "verify"], &["recover"], &["check", "desk"]] {
        folder.ran(command).exits(1);
    }
    let folder = Folder::with("[till\nid = 1");
    let ended = folder.pay("5", &[]).exits(1);
    assert_eq!(ended.one("problem")["parameters"]["line"], "1");
}

#[test]
fn a_training_terminal_is_refused_where_money_is_real() {
    let real = HEAD.replace("practice = true", "practice = false");
    let folder = Folder::with(&format!("{real}[[terminal]]\nid = \"desk\"\ndriver = \"training\"\n"));
    let ended = folder.pay("5", &[]).exits(1);
    assert!(ended.words.contains("practice = true"), "{}", ended.words);
}
