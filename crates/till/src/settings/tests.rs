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

/// Where the printer of a wrong sample stands.
const PRINTER: &str = "[printer]\n";

#[test]
fn good_settings_are_read() {
    let settings = Settings::parse(GOOD, "settings.toml").unwrap();
    assert_eq!(settings.till, "T1");
    assert_eq!(settings.terminals.len(), 2);
    assert_eq!(settings.terminals[1].name, "desk");
    assert!(settings.terminals[1].profiled.needs_listener);
    assert_eq!((settings.printer.driver.as_str(), settings.printer.columns), ("none", 42));
    let text = format!(
        "{GOOD}[printer]\ndriver = \"serial\"\ntarget = \"COM3,19200\"\ncolumns = 32\nlanguage = \"sv\"\n"
    );
    let printer = Settings::parse(&text, "settings.toml").unwrap().printer;
    assert_eq!((printer.columns, printer.language), (32, Language::Swedish));
    let none = (None, (1280, 720), true);
    let of = |settings: &Settings| (settings.camera.number, settings.camera.size, settings.camera.is_used);
    assert_eq!((of(&settings), settings.scanner.port.as_str(), settings.scanner.speed), (none, "", 9_600));
    let eyes = "[camera]\nnumber = 2\nsize = \"640 x 480\"\nuse = false\n[scanner]\nport = \"COM4\"\n";
    let settings = Settings::parse(&format!("{GOOD}{eyes}speed = 115200\n"), "settings.toml").unwrap();
    assert_eq!(of(&settings), (Some(2), (640, 480), false));
    assert_eq!((settings.scanner.port.as_str(), settings.scanner.speed), ("COM4", 115_200));
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
    let printers: Vec<(&str, String, &str, &str)> = [
        ("driver = \"laser\"", "11", "printer.driver"),
        ("driver = \"tcp\"\ntarget = \"192.0.2.7\"", "12", "printer.target"),
        ("driver = \"serial\"\ntarget = \"COM3,fast\"", "12", "printer.target"),
        ("driver = \"file\"", "10", "printer.target"),
        ("columns = \"42\"", "11", "printer.columns"),
        ("columns = 200", "11", "printer.columns"),
        ("language = \"de\"", "11", "printer.language"),
        ("speed = 9600", "11", "printer.speed"),
    ]
    .map(|(keys, line, key)| ("[[terminal]]\nid = \"training\"", keys, line, key))
    .map(|(from, keys, line, key)| (from, format!("{PRINTER}{keys}\n{from}"), line, key))
    .into();
    let eyes = [
        ("[camera]\nnumber = \"first\"", "11", "camera.number"),
        ("[camera]\nsize = \"large\"", "11", "camera.size"),
        ("[camera]\nsize = \"1280x9000\"", "11", "camera.size"),
        ("[camera]\nuse = \"yes\"", "11", "camera.use"),
        ("[camera]\nname = \"Webcam\"", "11", "camera.name"),
        ("[scanner]\nport = 3", "11", "scanner.port"),
        ("[scanner]\nport = \"COM4\"\nspeed = 9601", "12", "scanner.speed"),
        (
            "[printer]\ndriver = \"serial\"\ntarget = \"COM3,19200\"\n[scanner]\nport = \"COM3\"",
            "14",
            "scanner.port",
        ),
    ]
    .map(|(keys, line, key)| ("[[terminal]]\nid = \"training\"", keys.to_owned(), line, key))
    .map(|(from, keys, line, key)| (from, format!("{keys}\n{from}"), line, key));
    let printers = printers.into_iter().chain(eyes);
    let rows = rows.iter().map(|(from, to, line, key)| (*from, (*to).to_owned(), *line, *key));
    for (from, to, line, key) in rows.chain(printers) {
        let to = &to;
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD, "{from}");
        let problem = Settings::parse(&text, "settings.toml").unwrap_err();
        assert_eq!(problem.code, ProblemCode::SettingsWrong, "{to}");
        assert_eq!(problem.parameter("file"), "settings.toml");
        assert_eq!((problem.parameter("line"), problem.parameter("key")), (line, key), "{to}");
    }
    let problem = Settings::parse("[till\n", "settings.toml").unwrap_err();
    assert_eq!(problem.parameter("line"), "1");
}
