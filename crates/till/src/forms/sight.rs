//! The form of camera and hand scanner: what reads the codes that customers show.

use super::wrong;
use crate::api::{DriverForm, FieldTakes, FormField, Problem, ProblemCode, SightForm};
use crate::settings::Settings;

/// The one form's driver.
const DRIVER: &str = "sight";

/// What can be chosen.
pub(crate) fn sights() -> Vec<DriverForm> {
    let field = |key: &str, takes, choices: &[(&str, &str)], default: &str, hint: &str| FormField {
        key: key.to_owned(),
        takes,
        choices: choices.iter().map(|(choice, _)| (*choice).to_owned()).collect(),
        labels: choices.iter().map(|(_, label)| (*label).to_owned()).collect(),
        required: false,
        default: default.to_owned(),
        hint: hint.to_owned(),
    };
    let fields = vec![
        field("use", FieldTakes::Flag, &[], "true", "Whether a camera is used"),
        field("number", FieldTakes::Choice, &[("", "The first that works")], "", "Which camera"),
        field("size", FieldTakes::Text, &[], "1280x720", "Width and height of its pictures"),
        field("port", FieldTakes::Choice, &[("", "None")], "", "Serial port of a hand scanner"),
        field("speed", FieldTakes::Number, &[], "9600", "Bits a second of the hand scanner"),
    ];
    let title = "Camera and hand scanner".to_owned();
    vec![DriverForm { driver: DRIVER.to_owned(), title, practice_only: false, fields }]
}

/// Camera and hand scanner of the settings as a form.
pub(crate) fn filled_sight(_settings: &Settings) -> SightForm {
    SightForm { driver: DRIVER.to_owned(), settings: [].into() }
}

/// Settings with camera and hand scanner of this form.
pub(crate) fn draft_sight(_settings: &Settings, form: &SightForm) -> Result<(), Problem> {
    if form.driver != DRIVER {
        return Err(wrong("driver", "must be chosen"));
    }
    Err(Problem::new(ProblemCode::NotOffered).with("what", "another camera"))
}
