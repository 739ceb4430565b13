//! The form of camera and hand scanner: both read the codes that customers show, and are set up together.

use super::{of_section, shown, written, wrong};
use crate::api::{DriverForm, FieldTakes, FormField, Problem, ProblemCode, SightForm};
use crate::settings::Settings;
use crate::settings::edit::with_section;
use crate::sight::Found;
use peripherals::limits::{BAUD, BAUDS};

/// The one form's driver.
const DRIVER: &str = "sight";
/// The sections of the settings that it is about, and which of its fields are whose.
const SECTIONS: [(&str, &[&str]); 2] =
    [("camera", &["number", "size", "use"]), ("scanner", &["port", "speed"])];
/// Sizes that most cameras offer.
const SIZES: [&str; 3] = ["640x480", "1280x720", "1920x1080"];

/// What can be chosen with what is plugged in now. What the settings name can be chosen also while it is not
/// there.
pub(crate) fn sights(found: &Found, settings: &Settings) -> Vec<DriverForm> {
    let title = "Camera and hand scanner".to_owned();
    let fields = vec![
        field("use", FieldTakes::Flag, "true", "Whether a camera is used"),
        cameras(found, settings),
        sizes(settings),
        ports(found, settings),
        speeds(),
    ];
    vec![DriverForm { driver: DRIVER.to_owned(), title, practice_only: false, fields }]
}

fn field(key: &str, takes: FieldTakes, default: &str, hint: &str) -> FormField {
    FormField {
        key: key.to_owned(),
        takes,
        choices: Vec::new(),
        labels: Vec::new(),
        required: false,
        default: default.to_owned(),
        hint: hint.to_owned(),
    }
}

fn cameras(found: &Found, settings: &Settings) -> FormField {
    let named = |number: u32, name: &str| (number.to_string(), format!("{name} ({number})"));
    let mut cameras = vec![(String::new(), "The first that works".to_owned())];
    cameras.extend(found.cameras.iter().map(|camera| named(camera.number, &camera.name)));
    let is_there = |number: &u32| found.cameras.iter().any(|camera| camera.number == *number);
    let away = settings.camera.number.filter(|number| !is_there(number));
    cameras.extend(away.map(|number| named(number, "Not plugged in")));
    let (choices, labels) = cameras.into_iter().unzip();
    FormField { choices, labels, ..field("number", FieldTakes::Choice, "", "Which camera") }
}

fn sizes(settings: &Settings) -> FormField {
    let mut choices: Vec<String> = SIZES.map(str::to_owned).into();
    let told = written(settings, "camera").get("size").map(shown);
    choices.extend(told.filter(|told| !SIZES.contains(&told.as_str())));
    FormField { choices, ..field("size", FieldTakes::Choice, SIZES[1], "Width and height of its pictures") }
}

fn ports(found: &Found, settings: &Settings) -> FormField {
    let mut ports = vec![(String::new(), "None".to_owned())];
    ports.extend(found.ports.iter().map(|port| (port.clone(), port.clone())));
    let own = &settings.scanner.port;
    if !own.is_empty() && !found.ports.contains(own) {
        ports.push((own.clone(), format!("{own} (not plugged in)")));
    }
    let (choices, labels) = ports.into_iter().unzip();
    FormField { choices, labels, ..field("port", FieldTakes::Choice, "", "Serial port of a hand scanner") }
}

fn speeds() -> FormField {
    let hint = "Bits a second of the hand scanner";
    FormField {
        choices: BAUDS.map(|speed| speed.to_string()).into(),
        ..field("speed", FieldTakes::Choice, &BAUD.to_string(), hint)
    }
}

/// Camera and hand scanner of the settings as a form.
pub(crate) fn filled_sight(settings: &Settings) -> SightForm {
    let told = SECTIONS.into_iter().flat_map(|(section, _)| written(settings, section));
    let settings = told.map(|(key, value)| (key, shown(&value))).collect();
    SightForm { driver: DRIVER.to_owned(), settings }
}

/// Settings with camera and hand scanner of this form.
pub(crate) fn draft_sight(settings: &Settings, form: &SightForm) -> Result<Settings, Problem> {
    if form.driver != DRIVER {
        return Err(wrong("driver", "must be chosen"));
    }
    let known = |key: &&String| SECTIONS.iter().any(|(_, keys)| keys.contains(&key.as_str()));
    if let Some(key) = form.settings.keys().find(|key| !known(key)) {
        return Err(wrong(key, "is not a setting of camera or scanner"));
    }
    let mut text = settings.source.to_string();
    for (section, keys) in SECTIONS {
        let mut table = toml::Table::new();
        for key in keys {
            let told = form.settings.get(*key).map(|text| text.trim()).filter(|text| !text.is_empty());
            if let Some(told) = told {
                table.insert((*key).to_owned(), value(key, told)?);
            }
        }
        text = with_section(&text, section, &table).ok_or_else(|| {
            Problem::new(ProblemCode::SettingsWrong).with("what", "cannot be read as TOML")
        })?;
    }
    Settings::parse(&text, crate::settings::FILE).map_err(|problem| {
        SECTIONS.iter().fold(problem, |problem, (section, _)| of_section(&format!("{section}."), problem))
    })
}

fn value(key: &str, told: &str) -> Result<toml::Value, Problem> {
    let number = |what: &str| told.parse().map(toml::Value::Integer).map_err(|_| wrong(key, what));
    match key {
        "number" => number("must be the number of a camera, for example 0"),
        "speed" => number("must be a number of bits a second, for example 9600"),
        "use" => told.parse().map(toml::Value::Boolean).map_err(|_| wrong(key, "must be true or false")),
        _ => Ok(told.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use peripherals::camera::device::Plugged;

    const BARE: &str = "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n\n[shop]\nname = \"Corner Shop\"\n";

    fn settings(eyes: &str) -> Settings {
        Settings::parse(&format!("{BARE}{eyes}"), "settings.toml").unwrap()
    }

    fn form(told: &[(&str, &str)]) -> SightForm {
        let settings = told.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        SightForm { driver: DRIVER.to_owned(), settings }
    }

    #[test]
    fn a_form_that_is_not_touched_changes_nothing() {
        for eyes in [
            "",
            "\n[camera]\n",
            "\n[camera]\nuse = true # by the door\nsize = '640x480'\nnumber = 0\n",
            "\n[scanner]\nspeed = 115200\nport = \"COM4\"\n\n[camera]\nuse = false\n",
        ] {
            let known = settings(eyes);
            assert_eq!(draft_sight(&known, &filled_sight(&known)).unwrap().source, known.source);
        }
    }

    #[test]
    fn a_form_becomes_settings_that_a_till_starts_with() {
        let wanted = form(&[("number", "2"), ("size", ""), ("use", "true"), ("port", " COM4 ")]);
        let made = draft_sight(&settings(""), &wanted).unwrap();
        assert_eq!((made.camera.number, made.camera.is_used), (Some(2), true));
        assert_eq!((made.scanner.port.as_str(), made.scanner.speed), ("COM4", 9_600));
        let sections = "\n[camera]\nnumber = 2\nuse = true\n\n[scanner]\nport = \"COM4\"\n";
        assert_eq!(*made.source, *format!("{BARE}{sections}"));
        let none = draft_sight(&made, &form(&[("use", "false")])).unwrap();
        assert_eq!(
            (none.camera.number, none.camera.is_used, none.scanner.port.as_str()),
            (None, false, "")
        );
    }

    #[test]
    fn a_wrong_form_names_the_field_and_says_why() {
        let printer = "\n[printer]\ndriver = \"serial\"\ntarget = \"COM3,19200\"\n";
        for (told, field, what) in [
            (("number", "first"), "number", "the number of a camera"),
            (("number", "-1"), "number", "whole number"),
            (("size", "large"), "size", "a width and a height"),
            (("size", "39x720"), "size", "a width and a height"),
            (("use", "yes"), "use", "must be true or false"),
            (("speed", "fast"), "speed", "bits a second"),
            (("speed", "9601"), "speed", "must be one of: 4800"),
            (("port", "COM3"), "port", "is the printer's"),
            (("target", "COM3"), "target", "is not a setting"),
        ] {
            let problem = draft_sight(&settings(printer), &form(&[told])).unwrap_err();
            let named = (problem.code, problem.parameter("field"));
            assert_eq!(named, (ProblemCode::FieldWrong, field), "{problem}");
            assert!(problem.parameter("what").contains(what), "{problem}");
        }
        let other = SightForm { driver: "laser".to_owned(), ..form(&[]) };
        assert_eq!(draft_sight(&settings(""), &other).unwrap_err().parameter("field"), "driver");
    }

    #[test]
    fn what_is_there_can_be_chosen_and_what_the_settings_name() {
        let plugged = |number, name: &str| Plugged { number, name: name.to_owned() };
        let cameras = vec![plugged(0, "Built in"), plugged(2, "Counter")];
        let found = Found { cameras, ports: vec!["COM1".to_owned()] };
        let known = settings("\n[camera]\nnumber = 5\nsize = \"800x600\"\n[scanner]\nport = \"COM9\"\n");
        let fields = sights(&found, &known).remove(0).fields;
        let of = |key: &str| fields.iter().find(|field| field.key == key).unwrap();
        assert_eq!(of("number").choices, ["", "0", "2", "5"]);
        assert_eq!(
            of("number").labels,
            ["The first that works", "Built in (0)", "Counter (2)", "Not plugged in (5)"]
        );
        assert_eq!(of("port").choices, ["", "COM1", "COM9"]);
        assert_eq!(of("port").labels, ["None", "COM1", "COM9 (not plugged in)"]);
        assert_eq!(of("size").choices.last().map(String::as_str), Some("800x600"));
        let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        assert_eq!(keys, ["use", "number", "size", "port", "speed"]);
    }
}
