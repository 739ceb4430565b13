//! Reading TOML with a line and a key for every error.

use crate::api::{Problem, ProblemCode};
use toml_edit::{Document, Item, Table, TableLike};

/// One table of the file.
pub(super) struct Section<'a> {
    path: String,
    table: Option<&'a dyn TableLike>,
    line: usize,
    text: &'a str,
    file: &'a str,
}

/// The line, counted from 1, of a byte position.
pub(super) fn line_of(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

/// The line of one of a terminal's own settings.
pub(crate) fn line_of_setting(text: &str, terminal: &str, key: &str) -> Option<usize> {
    let document = Document::parse(text).ok()?;
    let terminals = document.get("terminal")?.as_array_of_tables()?;
    let is_it = |table: &&Table| table.get("id").and_then(Item::as_str) == Some(terminal);
    let settings = terminals.iter().find(is_it)?.get("settings")?.as_table_like()?;
    let (key, item) = settings.get_key_value(key)?;
    Some(line_of(text, key.span().or_else(|| item.span())?.start))
}

/// An error with file, line and key.
pub(super) fn wrong(file: &str, line: usize, key: &str, what: &str) -> Problem {
    Problem::new(ProblemCode::SettingsWrong)
        .with("file", file)
        .with("line", line)
        .with("key", key)
        .with("what", what)
}

impl<'a> Section<'a> {
    pub(super) fn root(document: &'a Document<&'a str>, text: &'a str, file: &'a str) -> Self {
        Self { path: String::new(), table: Some(document.as_table()), line: 1, text, file }
    }

    fn item(&self, key: &str) -> Option<&'a Item> {
        self.table.and_then(|table| table.get(key))
    }

    fn path_of(&self, key: &str) -> String {
        match (self.path.is_empty(), key.is_empty()) {
            (true, _) => key.to_owned(),
            (false, true) => self.path.clone(),
            (false, false) => format!("{}.{key}", self.path),
        }
    }

    fn line_of(&self, key: &str) -> usize {
        let span = self
            .table
            .and_then(|table| table.get_key_value(key))
            .and_then(|(key, item)| key.span().or_else(|| item.span()));
        span.map_or(self.line, |span| line_of(self.text, span.start))
    }

    /// An error at this key.
    pub(super) fn wrong(&self, key: &str, what: &str) -> Problem {
        wrong(self.file, self.line_of(key), &self.path_of(key), what)
    }

    /// Refuses keys that are not in the list.
    pub(super) fn only(&self, keys: &[&str]) -> Result<(), Problem> {
        let Some(table) = self.table else { return Ok(()) };
        match table.iter().find(|(key, _)| !keys.contains(key)) {
            Some((key, _)) => Err(self.wrong(key, "is not a setting")),
            None => Ok(()),
        }
    }

    /// The table under a key.
    pub(super) fn section(&self, key: &str, required: bool) -> Result<Section<'a>, Problem> {
        let table = match self.item(key) {
            None if required => return Err(self.wrong(key, "is missing")),
            None => None,
            Some(item) => {
                Some(item.as_table_like().ok_or_else(|| self.wrong(key, "must be a section in brackets"))?)
            }
        };
        let (path, line) = (self.path_of(key), self.line_of(key));
        Ok(Section { path, table, line, text: self.text, file: self.file })
    }

    /// The tables of an array of tables.
    pub(super) fn sections(&self, key: &str) -> Result<Vec<Section<'a>>, Problem> {
        let Some(item) = self.item(key) else { return Ok(Vec::new()) };
        let tables = item
            .as_array_of_tables()
            .ok_or_else(|| self.wrong(key, "must be written as [[terminal]], in double brackets"))?;
        Ok(tables
            .iter()
            .map(|table| Section {
                path: key.to_owned(),
                line: table.span().map_or(self.line, |span| line_of(self.text, span.start)),
                table: Some(table),
                text: self.text,
                file: self.file,
            })
            .collect())
    }

    /// A text, where there is one.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>, Problem> {
        self.item(key)
            .map(|item| {
                item.as_str().map(str::to_owned).ok_or_else(|| self.wrong(key, "must be a text in quotes"))
            })
            .transpose()
    }

    /// A text that must be there and not be empty.
    pub(super) fn need_text(&self, key: &str) -> Result<String, Problem> {
        match self.text(key)? {
            Some(text) if !text.trim().is_empty() => Ok(text),
            Some(_) => Err(self.wrong(key, "is empty")),
            None => Err(self.wrong(key, "is missing")),
        }
    }

    /// A list of texts; empty when it is not there.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, Problem> {
        let Some(item) = self.item(key) else { return Ok(Vec::new()) };
        let fail = || self.wrong(key, "must be a list of texts in quotes");
        let list = item.as_array().ok_or_else(fail)?;
        list.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(fail)).collect()
    }

    /// Yes or no, where it is there.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, Problem> {
        self.item(key)
            .map(|item| item.as_bool().ok_or_else(|| self.wrong(key, "must be true or false")))
            .transpose()
    }

    /// A whole number from 0, where it is there.
    pub(super) fn number(&self, key: &str) -> Result<Option<usize>, Problem> {
        let read = |item: &Item| item.as_integer().and_then(|number| usize::try_from(number).ok());
        let fail = || self.wrong(key, "must be a whole number without quotes");
        self.item(key).map(|item| read(item).ok_or_else(fail)).transpose()
    }

    /// The whole section as plain data for a driver.
    pub(super) fn table(&self) -> Result<toml::Table, Problem> {
        let Some(table) = self.table else { return Ok(toml::Table::new()) };
        let mut plain = toml::Table::new();
        for (key, item) in table.iter() {
            let value = item
                .as_value()
                .and_then(value)
                .ok_or_else(|| self.wrong(key, "must be a text, a number, true or false"))?;
            plain.insert(key.to_owned(), value);
        }
        Ok(plain)
    }
}

fn value(value: &toml_edit::Value) -> Option<toml::Value> {
    match value {
        toml_edit::Value::String(text) => Some(toml::Value::String(text.value().clone())),
        toml_edit::Value::Integer(number) => Some(toml::Value::Integer(*number.value())),
        toml_edit::Value::Boolean(flag) => Some(toml::Value::Boolean(*flag.value())),
        toml_edit::Value::Float(_)
        | toml_edit::Value::Datetime(_)
        | toml_edit::Value::Array(_)
        | toml_edit::Value::InlineTable(_) => None,
    }
}
