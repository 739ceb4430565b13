//! Every wrong setting gets file, line and key.

use super::*;

const GOOD: &str = r#"[till]
id = "T1"
currency = "SEK"
practice = true
[shop]
name = "Corner Shop"
lines = ["1 High Street"]
time_zone = "Europe/Stockholm"
day_starts = "05:00"
[[terminal]]
id = "training"
driver = "training"
[[terminal]]
id = "desk"
driver = "nexo"
[terminal.settings]
url = "http://127.0.0.1:11000"
sale_id = "KASSA1"
poi_id = "DESK-1"
"#;

#[test]
fn good_settings_are_read() {
    let settings = Settings::parse(GOOD, "settings.toml").unwrap();
    assert_eq!(settings.till, "T1");
    assert_eq!(settings.terminals.len(), 2);
    assert_eq!(settings.terminals[1].name, "desk");
    assert!(settings.terminals[1].profiled.needs_listener);
    assert_eq!(settings.shop.day_starts, jiff::civil::time(5, 0, 0, 0));
}

#[test]
fn wrong_settings_name_file_line_and_key() {
    let rows: &[(&str, &str, &str, &str)] = &[
        ("id = \"T1\"", "id = \"TOO-LONG-ID\"", "2", "till.id"),
        ("id = \"T1\"\n", "", "1", "till.id"),
        ("currency = \"SEK\"", "currency = \"XXX\"", "3", "till.currency"),
        ("practice = true", "practice = \"yes\"", "4", "till.practice"),
        ("practice = true", "practise = true", "4", "till.practise"),
        ("practice = true", "practice = false", "12", "terminal.driver"),
        ("Europe/Stockholm", "Europe/Nowhere", "8", "shop.time_zone"),
        ("05:00", "25:00", "9", "shop.day_starts"),
        ("driver = \"nexo\"", "driver = \"nexus\"", "15", "terminal.driver"),
        ("sale_id = \"KASSA1\"\n", "", "16", "terminal.settings.sale_id"),
        ("poi_id = \"DESK-1\"", "poi_id = \"DESK-1\"\nport = 3", "20", "terminal.settings.port"),
        ("http://127.0.0.1:11000", "ftp://127.0.0.1", "17", "terminal.settings.url"),
        ("http://127.0.0.1:11000", "http://127.0.0.1:99999", "17", "terminal.settings.url"),
        ("http://127.0.0.1:11000", "http://192.0.2.7:11000", "15", "terminal.driver"),
        ("id = \"desk\"", "id = \"training\"", "14", "terminal.id"),
        ("[shop]", "[shopp]", "5", "shopp"),
        ("name = \"Corner Shop\"", "name = \"\"", "6", "shop.name"),
    ];
    for (from, to, line, key) in rows {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD, "{from}");
        let problem = Settings::parse(&text, "settings.toml").unwrap_err();
        assert_eq!(problem.code, ProblemCode::SettingsWrong, "{to}");
        assert_eq!(problem.parameter("file"), "settings.toml");
        assert_eq!((problem.parameter("line"), problem.parameter("key")), (*line, *key), "{to}");
    }
    let problem = Settings::parse("[till\n", "settings.toml").unwrap_err();
    assert_eq!(problem.parameter("line"), "1");
}
