//! Settings that cannot be used: the error names file, line and key, and nothing starts.

use crate::program::{Folder, HEAD};
use std::net::TcpListener;

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

/// With a terminal that would hear of it.
#[test]
fn settings_of_a_wrong_type_or_encoding_are_told() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    nobody.set_nonblocking(true).unwrap();
    let nexo = format!(
        "{HEAD}[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n[terminal.settings]\nurl = \"http://{}\"\n\
         sale_id = \"A\"\npoi_id = \"B\"\n",
        nobody.local_addr().unwrap()
    );
    let wrong = |from: &str, to: &str| {
        let text = nexo.replacen(from, to, 1);
        assert_ne!(text, nexo, "{from}");
        text.into_bytes()
    };
    let url = |text: &str| wrong(&format!("http://{}", nobody.local_addr().unwrap()), text);
    let latin = [HEAD.as_bytes(), b"[[terminal]]\nid = \"desk\"\nname = \"K\xf6k\"\n"].concat();
    let wide: Vec<u8> = nexo.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table: [(&str, Vec<u8>, &str, &str, &str); 19] = [
        ("empty", Vec::new(), "1", "till", "missing"),
        ("only blanks", b"\n\n  \n".to_vec(), "1", "till", "missing"),
        ("Latin-1", latin, "11", "", "UTF-8"),
        ("UTF-16", [&[0xff, 0xfe], &wide[..]].concat(), "1", "", "UTF-8"),
        ("binary", vec![0; 64], "1", "", "TOML"),
        ("cut off", nexo.as_bytes()[..nexo.len() - 3].to_vec(), "15", "", "TOML"),
        ("twice the same key", wrong("currency = \"SEK\"", "id = \"T2\""), "3", "", "TOML"),
        ("a number for a text", wrong("sale_id = \"A\"", "sale_id = 17"), "14", "sale_id", ""),
        ("a list for a text", wrong("poi_id = \"B\"", "poi_id = [\"B\"]"), "15", "poi_id", ""),
        ("a text for a switch", wrong("practice = true", "practice = \"true\""), "4", "practice", ""),
        ("a table for a list", wrong("[[terminal]]", "[terminal]"), "9", "terminal", ""),
        ("a section that is none", format!("listener = 3\n{nexo}").into_bytes(), "1", "listener", ""),
        ("no terminal's driver", wrong("driver = \"nexo\"\n", ""), "9", "driver", "missing"),
        ("no scheme", url("127.0.0.1"), "13", "url", ""),
        ("no address", url("http://"), "13", "url", ""),
        ("no number for a port", url("http://127.0.0.1:port"), "13", "url", ""),
        ("an empty address", url(""), "13", "url", ""),
        ("an unknown form", (nexo.clone() + "form = \"heavy\"\n").into_bytes(), "16", "form", ""),
        ("a negative limit", (nexo.clone() + "answer_ms = -1\n").into_bytes(), "16", "answer_ms", ""),
    ];
    for (case, bytes, line, key, what) in table {
        let folder = Folder::with("");
        std::fs::write(folder.path().join("settings.toml"), &bytes).unwrap();
        for command in [&["pay", "--terminal", "desk", "--amount", "5"][..], &["recover"], &["serve"]] {
            let ended = folder.ran(command).exits(1);
            let problem = ended.one("problem");
            let told = &problem["parameters"];
            assert_eq!(problem["code"], "settings_wrong", "{case}");
            assert!(told["file"].as_str().unwrap().ends_with("settings.toml"), "{case} {problem:#}");
            assert_eq!(told["line"], line, "{case} {problem:#}");
            assert!(told["key"].as_str().unwrap().ends_with(key), "{case} {problem:#}");
            assert!(told["what"].as_str().unwrap().contains(what), "{case} {problem:#}");
            assert_eq!(key.is_empty(), told["key"] == "", "{case} {problem:#}");
        }
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "settings.toml" || name == "logs"), "{case}: {left:?}");
        assert_eq!(std::fs::read(folder.path().join("settings.toml")).unwrap(), bytes, "{case}");
    }
    assert!(nobody.accept().is_err(), "nothing was sent");
}

#[test]
fn a_training_terminal_is_refused_where_money_is_real() {
    let real = HEAD.replace("practice = true", "practice = false");
    let folder = Folder::with(&format!("{real}[[terminal]]\nid = \"desk\"\ndriver = \"training\"\n"));
    let ended = folder.pay("5", &[]).exits(1);
    assert!(ended.words.contains("practice = true"), "{}", ended.words);
}
