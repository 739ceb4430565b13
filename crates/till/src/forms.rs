//! Forms of terminals, of the printer, of camera and hand scanner: from the settings into fields, and from
//! typed fields into checked settings. Pure.
//!
//! Invariant: a form that this turns into settings is one that the till would start with.

mod printer;
mod sight;

pub(crate) use printer::{draft_printer, filled_printer, printers};
pub(crate) use sight::{draft_sight, filled_sight, sights};

use crate::api::{
    DriverForm, FieldTakes, FilledForm, FormField, Problem, ProblemCode, TerminalForm, TypedSecret,
};
use crate::limits;
use crate::settings::edit::{Written, with_terminal};
use crate::settings::{Settings, TerminalEntry};
use domain::ids::TerminalId;
use secrecy::SecretString;
use std::collections::BTreeMap;
use terminals::form::{Field, FieldKind};
use terminals::registry::{DRIVERS, Driver};

/// What begins the name of a secret where a setting holds one.
const SECRET: &str = "secret:";

/// A form that can be kept.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// All settings with it.
    pub settings: Settings,
    /// The terminal in them.
    pub entry: TerminalEntry,
    /// Secrets by the names that the settings use.
    pub secrets: BTreeMap<String, SecretString>,
}

/// The forms of every driver that may be used in this folder.
pub(crate) fn drivers(practice: bool) -> Vec<DriverForm> {
    DRIVERS.iter().filter(|driver| practice || !driver.practice_only).map(driver_form).collect()
}

/// The forms of first settings: every driver, whatever folder it will be.
pub(crate) fn all_drivers() -> Vec<DriverForm> {
    DRIVERS.iter().map(driver_form).collect()
}

fn driver_form(driver: &Driver) -> DriverForm {
    DriverForm {
        driver: driver.name.to_owned(),
        title: driver.title.to_owned(),
        practice_only: driver.practice_only,
        fields: driver.form.iter().map(field_form).collect(),
    }
}

fn field_form(field: &Field) -> FormField {
    let (takes, choices): (_, &[&str]) = match field.kind {
        FieldKind::Text | FieldKind::Port => (FieldTakes::Text, &[]),
        FieldKind::Secret => (FieldTakes::Secret, &[]),
        FieldKind::Url | FieldKind::SecureUrl => (FieldTakes::Url, &[]),
        FieldKind::Milliseconds => (FieldTakes::Milliseconds, &[]),
        FieldKind::Choice(words) => (FieldTakes::Choice, words),
        FieldKind::Flag => (FieldTakes::Flag, &[]),
    };
    FormField {
        key: field.key.to_owned(),
        takes,
        choices: choices.iter().map(|word| (*word).to_owned()).collect(),
        labels: Vec::new(),
        required: field.required,
        default: field.default.to_owned(),
        hint: field.hint.to_owned(),
    }
}

/// One terminal as a form; a secret is told as kept, never what it is.
pub(crate) fn filled(entry: &TerminalEntry) -> FilledForm {
    let is_secret = |key: &str| entry.driver.form.iter().any(|field| field.key == key && hides(field));
    let mut form = TerminalForm {
        id: entry.id.0.clone(),
        driver: entry.driver.name.to_owned(),
        name: entry.name.clone(),
        ..TerminalForm::default()
    };
    let mut kept = Vec::new();
    for (key, value) in &entry.settings {
        if is_secret(key) {
            kept.push(key.clone());
        } else {
            form.settings.insert(key.clone(), shown(value));
        }
    }
    FilledForm { form, kept }
}

fn hides(field: &Field) -> bool {
    field.kind == FieldKind::Secret
}

fn shown(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Turns a form into settings with it. `before`: the terminal that it changes.
pub(crate) fn draft(
    settings: &Settings,
    before: Option<&TerminalEntry>,
    form: &TerminalForm,
) -> Result<Draft, Problem> {
    let id = form.id.trim();
    if before.is_none() && settings.terminals.iter().any(|known| known.id.0 == id) {
        return Err(wrong("id", "is the id of another terminal"));
    }
    let driver = Driver::named(&form.driver).ok_or_else(|| wrong("driver", "must be chosen"))?;
    let (table, secrets) = typed(driver.form, form, before)?;
    let name = if form.name.trim().is_empty() { id } else { form.name.trim() };
    if name.chars().count() > limits::LINE || name.chars().any(char::is_control) {
        return Err(wrong("name", "must be one short line"));
    }
    let written = Written { id, driver: driver.name, name, settings: &table };
    let text = with_terminal(&settings.source, written)
        .ok_or_else(|| Problem::new(ProblemCode::SettingsWrong).with("what", "cannot be read as TOML"))?;
    let settings = Settings::parse(&text, "settings.toml").map_err(of_form)?;
    let entry = settings.terminal(&TerminalId(id.to_owned())).cloned();
    let entry = entry.ok_or_else(|| wrong("id", "cannot be used"))?;
    Ok(Draft { settings, entry, secrets })
}

/// A wrong setting of the edited terminal as a wrong field of its form.
fn of_form(problem: Problem) -> Problem {
    let key = problem.parameter("key");
    let own = key.starts_with("terminal.settings.");
    of_section(if own { "terminal.settings." } else { "terminal." }, problem)
}

/// A wrong setting of a section as a wrong field of its form.
fn of_section(section: &str, problem: Problem) -> Problem {
    match problem.parameter("key").strip_prefix(section) {
        Some(field) => wrong(field, problem.parameter("what")),
        None => problem,
    }
}

/// A section as it is in the file.
fn written(settings: &Settings, section: &str) -> toml::Table {
    let text: toml::Table = settings.source.parse().unwrap_or_default();
    text.get(section).and_then(toml::Value::as_table).cloned().unwrap_or_default()
}

fn wrong(field: &str, what: &str) -> Problem {
    Problem::new(ProblemCode::FieldWrong).with("field", field).with("what", what)
}

type Typed = (toml::Table, BTreeMap<String, SecretString>);

fn typed(fields: &[Field], form: &TerminalForm, before: Option<&TerminalEntry>) -> Result<Typed, Problem> {
    let known = |key: &String| fields.iter().any(|field| field.key == key);
    if let Some(key) = form.settings.keys().chain(form.secrets.keys()).find(|key| !known(key)) {
        return Err(wrong(key, "is not a setting of this driver"));
    }
    let (mut table, mut secrets) = (toml::Table::new(), BTreeMap::new());
    for field in fields {
        let value = if hides(field) {
            secret(field.key, form, before, &mut secrets)
        } else {
            match form.settings.get(field.key).map(|text| text.trim()).filter(|text| !text.is_empty()) {
                Some(text) => Some(value(field, text)?),
                None => None,
            }
        };
        if let Some(value) = value {
            table.insert(field.key.to_owned(), value);
        }
    }
    Ok((table, secrets))
}

fn value(field: &Field, text: &str) -> Result<toml::Value, Problem> {
    match field.kind {
        FieldKind::Milliseconds => {
            let number = text.parse().map(toml::Value::Integer);
            number.map_err(|_| wrong(field.key, "must be a whole number of milliseconds, at most a day"))
        }
        FieldKind::Flag => {
            text.parse().map(toml::Value::Boolean).map_err(|_| wrong(field.key, "must be true or false"))
        }
        FieldKind::Text
        | FieldKind::Port
        | FieldKind::Secret
        | FieldKind::Url
        | FieldKind::SecureUrl
        | FieldKind::Choice(_) => Ok(toml::Value::String(text.to_owned())),
    }
}

/// A typed secret goes among the secrets under a name of its own; one that is not typed stays as it is.
fn secret(
    key: &str,
    form: &TerminalForm,
    before: Option<&TerminalEntry>,
    secrets: &mut BTreeMap<String, SecretString>,
) -> Option<toml::Value> {
    match form.secrets.get(key) {
        Some(TypedSecret(text)) if !text.is_empty() => {
            let name = format!("{}.{key}", form.id.trim());
            secrets.insert(name.clone(), SecretString::from(text.clone()));
            Some(toml::Value::String(format!("{SECRET}{name}")))
        }
        Some(_) | None => before.and_then(|entry| entry.settings.get(key)).cloned(),
    }
}

#[cfg(test)]
mod tests;
