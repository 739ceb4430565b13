//! The first settings of a folder, from what somebody typed. Pure.

use super::Settings;
use crate::api::{Problem, ProblemCode, SetUp, TerminalForm};
use crate::forms::draft;
use secrecy::SecretString;
use std::collections::BTreeMap;
use toml_edit::Value;

/// Settings that a till starts with, and the secrets that they name; otherwise the field and why.
pub(crate) fn first_settings(
    wanted: &SetUp,
) -> Result<(Settings, BTreeMap<String, SecretString>), Problem> {
    let text = |value: &str| Value::from(value.trim()).to_string();
    let source = format!(
        "# What this till is. The screens write it back; comments stay.\n[till]\nid = \"T1\"\n\
         currency = {}\npractice = {}\n\n[shop]\nname = {}\ntime_zone = {}\nday_starts = \"05:00\"\n",
        text(&wanted.currency),
        wanted.practice,
        text(&wanted.shop),
        text(&wanted.time_zone),
    );
    let settings = Settings::parse(&source, super::FILE).map_err(of_field)?;
    let practise = wanted.practice.then(|| TerminalForm {
        id: "training".to_owned(),
        driver: "training".to_owned(),
        ..TerminalForm::default()
    });
    match wanted.terminal.clone().or(practise) {
        Some(form) => draft(&settings, None, &form).map(|draft| (draft.settings, draft.secrets)),
        None => Ok((settings, BTreeMap::new())),
    }
}

fn of_field(problem: Problem) -> Problem {
    let field = match problem.parameter("key") {
        "shop.name" => "shop",
        "shop.time_zone" => "time_zone",
        "till.currency" => "currency",
        _ => return problem,
    };
    Problem::new(ProblemCode::FieldWrong).with("field", field).with("what", problem.parameter("what"))
}
