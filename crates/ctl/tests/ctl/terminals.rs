//! Sessions, services and the connection check.

use crate::program::{Folder, HEAD, Simulated, keys};

#[test]
fn a_terminal_is_opened_asked_and_closed() {
    let folder = Folder::training(0);
    let ended = folder.ran(&["terminal", "desk", "login"]).exits(0);
    let terminal = ended.one("terminal");
    assert_eq!([&terminal["terminal"], &terminal["health"]], ["desk", "ready"]);
    let ended = folder.ran(&["terminal", "desk", "diagnosis"]).exits(0);
    let told = &ended.one("service")["lines"];
    assert_eq!([&told[0]["name"], &told[0]["value"]], ["Terminal", "Training terminal"]);
    let ended = folder.ran(&["terminal", "desk", "totals"]).exits(1);
    assert_eq!(ended.one("problem")["code"], "terminal_fault");
    assert!(ended.words.contains("does not offer this"), "{}", ended.words);
    folder.ran(&["terminal", "desk", "logout"]).exits(0);
    folder.ran(&["terminal", "desk", "login"]).exits(0);
    folder.ran(&["terminal", "desk", "address"]).exits(0);
    folder.ran(&["terminal", "desk", "address", "confirm"]).exits(2);
}

#[test]
fn the_customer_is_shown_and_asked_something() {
    let terminal =
        Simulated::start("[[rule]]\ncategory = \"Input\"\ndo = \"entry\"\ntext = \"4711\"\n", None);
    let folder = terminal.light();
    folder.ran(&["terminal", "desk", "login"]).exits(0);
    folder.ran(&["terminal", "desk", "show", "Hello", "and welcome"]).exits(0);
    let ended = folder.ran(&["terminal", "desk", "ask", "Member number?", "--digits"]).exits(0);
    let told = &ended.one("service")["lines"][0];
    assert_eq!([&told["name"], &told["value"]], ["answer", "4711"]);
}

#[test]
fn a_check_tells_every_step() {
    let terminal = Simulated::start("", None);
    let folder = terminal.light();
    let ended = folder.ran(&["check", "desk"]).exits(0);
    let names: Vec<&str> = ended.of("step").iter().map(|step| step["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["name", "address", "port", "http", "login", "identity", "clock"]);
    for step in ended.of("step") {
        assert_eq!(keys(step), ["code", "detail", "fix", "name", "ok", "type"]);
        assert_eq!(step["ok"], true);
        assert!(step["fix"].is_null());
    }
}

#[test]
fn a_check_that_fails_says_what_to_do() {
    let settings = "[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n[terminal.settings]\n\
                    url = \"http://127.0.0.1:1\"\nsale_id = \"A\"\npoi_id = \"B\"\nform = \"light\"\n";
    let folder = Folder::with(&format!("{HEAD}{settings}"));
    let ended = folder.ran(&["check", "desk"]).exits(1);
    let port = ended.of("step")[2];
    assert_eq!([&port["name"], &port["ok"].to_string().into()], ["port", "false"]);
    assert!(port["fix"].as_str().unwrap().contains("Switch the terminal on"), "{port}");

    let ended = folder.pay("5.00", &[]).exits(6);
    let settled = ended.one("settled");
    assert_eq!([&settled["outcome"], &settled["reason"]], ["not_charged", "connection_refused"]);
    assert!(ended.words.contains("nothing was charged"), "{}", ended.words);
    assert_eq!(folder.payments()[0]["outcome"], "not_charged", "it is in the journal");
}

#[test]
fn a_check_of_a_service_that_is_away_speaks_of_no_device() {
    let settings = "[[terminal]]\nid = \"desk\"\ndriver = \"pockyt\"\n[terminal.settings]\n\
                    base_url = \"http://127.0.0.1:1\"\nmerchant_no = \"900009\"\nstore_no = \"800009\"\n\
                    token = \"secret:gateway\"\n";
    let folder = Folder::with(&format!("{HEAD}{settings}"));
    let unset = folder.ran(&["check", "desk"]);
    assert!(unset.words.contains("`paydeskctl secret set gateway`"), "{}", unset.words);
    let mut typed = folder.run(&["secret", "set", "gateway"]);
    typed.say("token");
    typed.close_input();
    typed.end().exits(0);
    let ended = folder.ran(&["check", "desk"]).exits(1);
    let port = ended.of("step")[2];
    assert_eq!([&port["code"], &port["ok"].to_string().into()], ["far_closed", "false"]);
    assert!(port["fix"].as_str().unwrap().contains("on the internet"), "{port}");
}

#[test]
fn a_terminal_that_cannot_be_opened_says_why() {
    let settings = "[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n[terminal.settings]\n\
                    url = \"http://127.0.0.1:1\"\nsale_id = \"A\"\npoi_id = \"B\"\nform = \"light\"\n";
    let folder = Folder::with(&format!("{HEAD}{settings}"));
    let ended = folder.ran(&["terminal", "desk", "login"]).exits(1);
    assert_eq!(ended.one("problem")["code"], "terminal_fault");
}

#[test]
fn a_terminal_whose_name_nobody_knows_is_told_at_once() {
    let settings = "[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n[terminal.settings]\n\
                    url = \"http://nowhere.invalid:11000\"\nsale_id = \"A\"\npoi_id = \"B\"\n\
                    form = \"light\"\n";
    let real = HEAD.replace("practice = true", "practice = false");
    let folder = Folder::with(&format!("{real}{settings}"));
    let ended = folder.pay("5.00", &[]).exits(6);
    let settled = ended.one("settled");
    assert_eq!([&settled["outcome"], &settled["reason"]], ["not_charged", "name_not_resolved"]);
    assert!(ended.words.contains("nothing was charged"), "{}", ended.words);
    assert_eq!(folder.payments()[0]["outcome"], "not_charged", "it is in the journal");
}

#[test]
fn a_terminal_under_another_name_says_what_both_sides_say() {
    let terminal = Simulated::start("", None);
    terminal.light().pay("5.00", &[]).exits(0);
    let folder = terminal.light();
    let settings = std::fs::read_to_string(folder.path().join("settings.toml")).unwrap();
    folder.write("settings.toml", &settings.replace("\"POI1\"", "\"POI2\""));
    let ended = folder.pay("5.00", &[]).exits(6);
    assert_eq!(ended.one("settled")["reason"], "login_refused");
    let ended = folder.ran(&["check", "desk"]).exits(1);
    let login = ended.of("step").into_iter().find(|step| step["name"] == "login").unwrap();
    for words in [&ended.words, login["detail"].as_str().unwrap()] {
        if words.is_empty() {
            continue;
        }
        assert!(words.contains("POIID cannot be changed within a session"), "{words}");
        assert!(words.contains("poi_id \"POI2\""), "{words}");
    }
    assert!(login["fix"].as_str().unwrap().contains("poi_id"), "{login}");
}

#[test]
fn an_answer_in_another_name_is_told_with_both_names() {
    let terminal = Simulated::start("[[rule]]\ncategory = \"Login\"\ndo = \"wrong_poi_id\"\n", None);
    let folder = terminal.light();
    let ended = folder.pay("5.00", &[]).exits(6);
    assert_eq!(ended.one("settled")["reason"], "login_refused");
    assert!(ended.words.contains("answers as \"OTHER-POI\""), "{}", ended.words);
    assert!(ended.words.contains("poi_id \"POI1\""), "{}", ended.words);
}
