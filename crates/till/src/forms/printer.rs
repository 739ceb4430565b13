//! The printer's form. A printer has the same few settings whatever drives it, so its form is made here.

use super::{of_section, shown, written, wrong};
use crate::api::{DriverForm, FieldTakes, FormField, PrinterForm, Problem, ProblemCode};
use crate::settings::Settings;
use crate::settings::edit::with_section;
use peripherals::limits::COLUMNS;

/// What may drive a printer, a title, and what its target is; nothing where it has none.
const DRIVERS: [(&str, &str, &str); 4] = [
    ("none", "No printer", ""),
    ("tcp", "ESC/POS printer on the network", "Address and port, for example 192.0.2.7:9100"),
    ("serial", "ESC/POS printer on a serial line or USB adapter", "Port, and speed where it is not 9600"),
    ("file", "Device or file", "A path, for example /dev/usb/lp0"),
];
/// Another word for `tcp` in the settings.
const NETWORK: &str = "escpos";

/// What can be chosen.
pub(crate) fn printers() -> Vec<DriverForm> {
    let form = |(driver, title, target): (&str, &str, &str)| DriverForm {
        driver: driver.to_owned(),
        title: title.to_owned(),
        practice_only: false,
        fields: fields(target),
    };
    DRIVERS.map(form).into()
}

/// What is laid out for paper can be saved as a file: also a till without a printer has these.
fn fields(target: &str) -> Vec<FormField> {
    let field = |key: &str, takes, default: String, hint: &str| FormField {
        key: key.to_owned(),
        takes,
        choices: Vec::new(),
        labels: Vec::new(),
        required: false,
        default,
        hint: hint.to_owned(),
    };
    let target = (!target.is_empty())
        .then(|| FormField { required: true, ..field("target", FieldTakes::Text, String::new(), target) });
    let columns = field("columns", FieldTakes::Number, COLUMNS.to_string(), "Letters in one row");
    let language = FormField {
        choices: ["en", "sv"].map(str::to_owned).into(),
        ..field("language", FieldTakes::Choice, "en".to_owned(), "Of what the till prints")
    };
    target.into_iter().chain([columns, language]).collect()
}

/// The printer of the settings as a form.
pub(crate) fn filled_printer(settings: &Settings) -> PrinterForm {
    let driver = match settings.printer.driver.as_str() {
        NETWORK => "tcp",
        driver => driver,
    };
    let written = written(settings, "printer").into_iter().filter(|(key, _)| key != "driver");
    PrinterForm {
        driver: driver.to_owned(),
        settings: written.map(|(key, value)| (key, shown(&value))).collect(),
    }
}

/// Settings with the printer of this form.
pub(crate) fn draft_printer(settings: &Settings, form: &PrinterForm) -> Result<Settings, Problem> {
    let chosen = printers().into_iter().find(|known| known.driver == form.driver);
    let fields = chosen.ok_or_else(|| wrong("driver", "must be chosen"))?.fields;
    let known = |key: &String| fields.iter().any(|field| field.key == *key);
    if let Some(key) = form.settings.keys().find(|key| !known(key)) {
        return Err(wrong(key, "is not a setting of this printer"));
    }
    let mut table = toml::Table::new();
    let driver = match (form.driver.as_str(), settings.printer.driver.as_str()) {
        ("tcp", NETWORK) => NETWORK,
        (driver, _) => driver,
    };
    if driver != "none" || written(settings, "printer").contains_key("driver") {
        table.insert("driver".to_owned(), driver.into());
    }
    for (key, text) in &form.settings {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let value = match key.as_str() {
            "columns" => match text.parse::<u16>() {
                Ok(number) => toml::Value::Integer(number.into()),
                Err(_) => return Err(wrong("columns", "must be a number from 24 to 80, for example 42")),
            },
            _ => text.into(),
        };
        table.insert(key.clone(), value);
    }
    let text = with_section(&settings.source, "printer", &table)
        .ok_or_else(|| Problem::new(ProblemCode::SettingsWrong).with("what", "cannot be read as TOML"))?;
    Settings::parse(&text, crate::settings::FILE).map_err(|problem| of_section("printer.", problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: &str = "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n\n[shop]\nname = \"Corner Shop\"\n";

    fn settings(printer: &str) -> Settings {
        Settings::parse(&format!("{BARE}{printer}"), "settings.toml").unwrap()
    }

    fn form(driver: &str, told: &[(&str, &str)]) -> PrinterForm {
        let settings = told.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        PrinterForm { driver: driver.to_owned(), settings }
    }

    #[test]
    fn a_form_that_is_not_touched_changes_nothing() {
        for printer in [
            "",
            "\n[printer]\n",
            "\n[printer]\ndriver = \"none\" # later\n",
            "\n[printer]\n# The door.\nlanguage = 'sv'\ntarget = \"192.0.2.7:9100\"\ndriver = \"escpos\"\n",
            "\n[printer]\ndriver = \"serial\"\ntarget = \"COM3,19200\"\ncolumns = 42\n",
        ] {
            let known = settings(printer);
            let again = draft_printer(&known, &filled_printer(&known)).unwrap();
            assert_eq!(again.source, known.source);
        }
    }

    #[test]
    fn a_form_becomes_settings_that_a_till_starts_with() {
        let wanted = form("tcp", &[("target", " 192.0.2.7:9100 "), ("columns", "32"), ("language", "")]);
        let made = draft_printer(&settings(""), &wanted).unwrap();
        let printer = &made.printer;
        assert_eq!((printer.driver.as_str(), printer.target.as_str()), ("tcp", "192.0.2.7:9100"));
        assert_eq!(printer.columns, 32);
        let section = "\n[printer]\ndriver = \"tcp\"\ntarget = \"192.0.2.7:9100\"\ncolumns = 32\n";
        assert_eq!(*made.source, *format!("{BARE}{section}"));
        let gone = draft_printer(&made, &form("none", &[])).unwrap();
        assert_eq!(*gone.source, *format!("{BARE}\n[printer]\ndriver = \"none\"\n"));
    }

    #[test]
    fn a_wrong_form_names_the_field_and_says_why() {
        let at = |target| [("target", target)];
        for (wanted, field, what) in [
            (form("laser", &at("x:1")), "driver", "must be chosen"),
            (form("tcp", &at("192.0.2.7")), "target", "must be an address with a port"),
            (form("tcp", &[]), "target", "must be an address with a port"),
            (form("serial", &at("COM3,fast")), "target", "must be a serial port"),
            (form("file", &at(" ")), "target", "must be the path"),
            (form("none", &at("192.0.2.7:9100")), "target", "is not a setting"),
            (form("none", &[("columns", "23")]), "columns", "from 24 to 80"),
            (form("none", &[("columns", "81")]), "columns", "from 24 to 80"),
            (form("none", &[("columns", "wide")]), "columns", "from 24 to 80"),
            (form("none", &[("language", "de")]), "language", "must be one of: en, sv"),
            (form("none", &[("speed", "9600")]), "speed", "is not a setting"),
        ] {
            let problem = draft_printer(&settings(""), &wanted).unwrap_err();
            let told = (problem.code, problem.parameter("field"));
            assert_eq!(told, (ProblemCode::FieldWrong, field), "{problem}");
            assert!(problem.parameter("what").contains(what), "{problem}");
        }
    }
}
