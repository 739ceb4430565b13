//! The simulated terminal as a program of its own, over real sockets.

use crate::program::{Folder, HEAD, Program, Simulated, free_port};
use serde_json::json;
use std::path::Path;

#[test]
fn the_terminal_calls_the_till_with_texts_and_questions() {
    let listener = format!("127.0.0.1:{}", free_port());
    let terminal = Simulated::start("", Some(&format!("http://{listener}")));
    let folder = terminal.folder("default", &listener);
    let mut program = folder.run(&["pay", "--terminal", "desk", "--amount", "75.08"]);
    program.display("Present card");
    let print = program.kind("print");
    assert_eq!(print["copy"], "merchant");
    let prompt = program.kind("prompt");
    assert_eq!(prompt["kind"], "signature");
    program.say(json!({ "prompt": prompt["id"], "answer": "yes" }));
    let ended = program.end().exits(0);
    assert_eq!(ended.one("settled")["amount"], "75.08");
    let steps = folder.ran(&["check", "desk"]).exits(0);
    let back = steps.of("step").into_iter().find(|step| step["name"] == "listener").unwrap();
    assert!(back["detail"].as_str().unwrap().contains("not tested"), "{back}");
    assert!(back["ok"] == true && back["fix"].is_string(), "{back}");
    assert_eq!(terminal.end().exits(0).of("problem").len(), 0);
}

#[test]
fn the_tills_own_settings_tell_the_simulator_who_it_is() {
    let (port, listener) = (free_port(), free_port());
    let folder = Folder::with(&format!(
        "{HEAD}[listener]\nbind = \"127.0.0.1:{listener}\"\n[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n\
         [terminal.settings]\nurl = \"http://127.0.0.1:{port}\"\nsale_id = \"KASSA\"\npoi_id = \"BUTIK\"\n"
    ));
    let settings = folder.path().join("settings.toml");
    let bank = folder.path().join("bank.json");
    let mut simulator = Program::start(&[
        "--json",
        "simulate",
        "nexo",
        "--settings",
        settings.to_str().unwrap(),
        "--bank",
        bank.to_str().unwrap(),
        "--control",
        "127.0.0.1:0",
    ]);
    let ready = simulator.kind("listening");
    assert_eq!(ready["address"], format!("127.0.0.1:{port}"));
    assert!(ready["control"].is_string());
    let ended = folder.pay("60.00", &[]).exits(0);
    assert!(!ended.of("display").is_empty(), "the terminal reached the till: {ended:#?}");
    assert_eq!(ended.one("settled")["evidence"]["poi_id"], "BUTIK");
    assert!(bank.exists());
    simulator.signal("TERM");
    simulator.end().exits(0);
}

#[test]
fn what_a_simulator_cannot_use_is_told() {
    let folder = Folder::training(0);
    folder.write("wrong.toml", "[[rule]]\ndo = \"aprove\"\n");
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (arguments, code, told) in [
        (vec!["--script".to_owned(), file("wrong.toml")], 1, "aprove"),
        (vec!["--script".to_owned(), file("absent.toml")], 1, "absent.toml"),
        (vec!["--settings".to_owned(), file("settings.toml")], 1, "no nexo terminal"),
        (vec!["--listen".to_owned(), "nowhere".to_owned()], 2, "listen"),
        (vec!["--control".to_owned(), "192.0.2.1:1".to_owned()], 1, "loopback"),
        (vec!["--terminal".to_owned(), "desk".to_owned()], 2, "--settings"),
    ] {
        let mut all = vec!["--json", "simulate", "nexo", "--listen", "127.0.0.1:0"];
        if arguments[0] == "--listen" {
            all.truncate(3);
        }
        all.extend(arguments.iter().map(String::as_str));
        let ended = Program::start(&all).end().exits(code);
        assert!(ended.words.contains(told), "{ended:#?}");
        ended.one("problem");
    }
    Program::start(&["simulate", "verifone"]).end().exits(2);
}

/// A key of the simulators, as the settings hold it.
fn key(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wire/testdata/kayaaku");
    format!("'''{}'''", std::fs::read_to_string(folder.join(name)).unwrap())
}

#[test]
fn a_card_is_charged_at_a_simulated_host_in_both_generations() {
    for generation in [1, 2] {
        let port = free_port();
        let keys = match generation {
            1 => format!(
                "private_key = {}\npeer_public_key = {}\n",
                key("rsa-private.pem"),
                key("host-rsa-public.pem")
            ),
            _ => format!(
                "private_key = {}\npeer_public_key = {}\njwe_recipient_key = {}\njwe_private_key = {}\n\
                 generation = 2\n",
                key("ec-private.pem"),
                key("host-ec-public.pem"),
                key("host-reader.jwk"),
                key("reader.jwk"),
            ),
        };
        let folder = Folder::with(&format!(
            "{HEAD}[[terminal]]\nid = \"edc\"\ndriver = \"kayaaku-http\"\n[terminal.settings]\n\
             base_url = \"http://127.0.0.1:{port}/mqpos-host\"\nsource_system = \"abc\"\nmid = \"77\"\n\
             device_sn = \"KP0009\"\nemail = \"till@example.my\"\n{keys}"
        ));
        let settings = folder.path().join("settings.toml");
        let mut simulator = Program::start(&[
            "--json",
            "simulate",
            "kayaaku-http",
            "--settings",
            settings.to_str().unwrap(),
        ]);
        assert_eq!(simulator.kind("listening")["address"], format!("127.0.0.1:{port}"));
        let pay = |amount: &str, exit: i32| {
            folder.ran(&["pay", "--terminal", "edc", "--amount", amount]).exits(exit)
        };
        assert_eq!(pay("12.00", 0).one("settled")["amount"], "12.00");
        assert_eq!(pay("12.50", 3).one("settled")["outcome"], "declined");
        assert_eq!(pay("12.52", 3).one("settled")["outcome"], "cancelled");
        simulator.signal("TERM");
        simulator.end().exits(0);
    }
}

#[test]
fn a_wallet_is_charged_at_a_simulated_gateway() {
    let port = free_port();
    let folder = Folder::with(&format!(
        "{HEAD}[[terminal]]\nid = \"wallets\"\ndriver = \"pockyt\"\n[terminal.settings]\n\
         base_url = \"http://127.0.0.1:{port}\"\nmerchant_no = \"900009\"\nstore_no = \"800009\"\n\
         token = \"a token of its own\"\n"
    ));
    let settings = folder.path().join("settings.toml");
    let mut simulator =
        Program::start(&["--json", "simulate", "pockyt", "--settings", settings.to_str().unwrap()]);
    assert_eq!(simulator.kind("listening")["address"], format!("127.0.0.1:{port}"));
    let pay = |code: &str, exit: i32| {
        let arguments = ["pay", "--terminal", "wallets", "--amount", "12.50", "--code", code];
        folder.ran(&arguments).exits(exit)
    };
    assert_eq!(pay("281234567890123401", 0).one("settled")["amount"], "12.50");
    let declined = pay("281234567890123477", 3);
    assert_eq!(declined.one("settled")["outcome"], "declined");
    let refused = pay("https://example.com", 2);
    assert_eq!(refused.one("problem")["parameters"]["field"], "code");
    simulator.signal("TERM");
    simulator.end().exits(0);
}
