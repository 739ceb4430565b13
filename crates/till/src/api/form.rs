//! The forms that add and change terminals, the printer's, and that of camera and hand scanner.

use domain::ids::TerminalId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A typed secret. Never shown, logged or journaled.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TypedSecret(pub String);

impl fmt::Debug for TypedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedSecret(…)")
    }
}

/// One terminal as it is typed. Every value is text; a blank one is left out.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalForm {
    /// Its id in settings and journal; never changed.
    pub id: String,
    /// Its driver.
    pub driver: String,
    /// Its name for people; its id where it is blank.
    pub name: String,
    /// The driver's settings by key.
    pub settings: BTreeMap<String, String>,
    /// Typed secrets by key; one that is left out stays as it is.
    pub secrets: BTreeMap<String, TypedSecret>,
}

/// The printer as it is typed. Every value is text; a blank one is left out.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterForm {
    /// What drives it; `none` where there is none.
    pub driver: String,
    /// Its other settings by key.
    pub settings: BTreeMap<String, String>,
}

/// Camera and hand scanner as they are typed. Every value is text; a blank one is left out.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightForm {
    /// `sight`.
    pub driver: String,
    /// The settings by key: `number`, `size` and `use` of the camera, `port` and `speed` of the scanner.
    pub settings: BTreeMap<String, String>,
}

/// What is wanted of the list of terminals.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "snake_case")]
pub enum TerminalWanted {
    /// One more.
    Add {
        /// As typed.
        form: TerminalForm,
    },
    /// Another name, or other settings, for the terminal of the form's id.
    Change {
        /// As typed.
        form: TerminalForm,
    },
    /// One less. Nothing may be open on it.
    Remove {
        /// Which.
        terminal: TerminalId,
    },
}

/// What a field of a form takes.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldTakes {
    /// Any text.
    Text,
    /// A text that is not shown again.
    Secret,
    /// An `http://` address.
    Url,
    /// A whole number of milliseconds.
    Milliseconds,
    /// A whole number.
    Number,
    /// One of the choices.
    Choice,
    /// `true` or `false`.
    Flag,
}

/// One field of a driver's form.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Key in the settings.
    pub key: String,
    /// What it takes.
    pub takes: FieldTakes,
    /// The words to choose from.
    pub choices: Vec<String>,
    /// What people call the choices, in the same order; none where each is its own name.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<String>>"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Whether it must be there.
    pub required: bool,
    /// What holds where it is left out.
    pub default: String,
    /// One line for the installer, in English.
    pub hint: String,
}

/// One driver and its form.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriverForm {
    /// Its name in the settings.
    pub driver: String,
    /// What an installer reads, in English.
    pub title: String,
    /// No real money.
    pub practice_only: bool,
    /// Its fields in their order.
    pub fields: Vec<FormField>,
}

/// One terminal of the settings as a form.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledForm {
    /// What is in the settings; without its secrets.
    pub form: TerminalForm,
    /// The keys whose secrets are kept.
    pub kept: Vec<String>,
}
