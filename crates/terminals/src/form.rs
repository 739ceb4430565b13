//! The form that edits a driver's settings, as data, and the errors of a profile.

use toml::Table;

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A text that nobody is shown again: it is kept among the secrets, and the settings name it.
    Secret,
    /// A serial port by its path or name.
    Port,
    /// An `http://` address.
    Url,
    /// An `https://` address; `http://` on this computer only.
    SecureUrl,
    /// A whole number of milliseconds.
    Milliseconds,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Yes or no.
    Flag,
}

/// One field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Key in `[terminal.settings]`.
    pub key: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it must be there.
    pub required: bool,
    /// What the dossier gives when it is left out; for show.
    pub default: &'static str,
    /// One line for the installer.
    pub hint: &'static str,
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}")]
pub struct ProfileError {
    /// The key in `[terminal.settings]`.
    pub key: String,
    /// What is wrong, as the end of a sentence that begins with the key.
    pub what: String,
}

impl ProfileError {
    /// This key is wrong in this way.
    pub fn new(key: &str, what: impl Into<String>) -> Self {
        Self { key: key.to_owned(), what: what.into() }
    }
}

/// Reads settings by a form: unknown and missing keys and values of the wrong kind are errors.
pub struct Reader<'a> {
    table: &'a Table,
    form: &'a [Field],
}

impl<'a> Reader<'a> {
    /// Checks the table against the form.
    pub fn new(table: &'a Table, form: &'a [Field]) -> Result<Self, ProfileError> {
        for key in table.keys() {
            if !form.iter().any(|field| field.key == key) {
                return Err(ProfileError::new(key, "is not a setting of this driver"));
            }
        }
        for field in form {
            match table.get(field.key) {
                None if field.required => return Err(ProfileError::new(field.key, "is missing")),
                None => {}
                Some(value) => check(field, value)?,
            }
        }
        Ok(Self { table, form })
    }
    /// A text.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.table.get(key).and_then(toml::Value::as_str)
    }
    /// The word of a choice. One that is a number may stand without quotes.
    pub fn choice(&self, key: &str) -> Option<&'static str> {
        let field = self.form.iter().find(|field| field.key == key)?;
        match field.kind {
            FieldKind::Choice(words) => chosen(words, self.table.get(key)?),
            FieldKind::Text
            | FieldKind::Secret
            | FieldKind::Port
            | FieldKind::Url
            | FieldKind::SecureUrl
            | FieldKind::Milliseconds
            | FieldKind::Flag => None,
        }
    }
    /// Milliseconds as a duration.
    pub fn milliseconds(&self, key: &str) -> Option<std::time::Duration> {
        let value = self.table.get(key).and_then(toml::Value::as_integer)?;
        u64::try_from(value).ok().map(std::time::Duration::from_millis)
    }
    /// Milliseconds as a duration that is not too short to work with.
    ///
    /// # Errors
    /// Shorter than that.
    pub fn at_least(
        &self,
        key: &str,
        least: std::time::Duration,
    ) -> Result<Option<std::time::Duration>, ProfileError> {
        match self.milliseconds(key) {
            Some(time) if time < least => {
                Err(ProfileError::new(key, format!("must be at least {} milliseconds", least.as_millis())))
            }
            time => Ok(time),
        }
    }
    /// Yes or no.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.table.get(key).and_then(toml::Value::as_bool)
    }
}

fn chosen(words: &'static [&'static str], value: &toml::Value) -> Option<&'static str> {
    let number = value.as_integer().map(|number| number.to_string());
    let text = number.as_deref().or_else(|| value.as_str())?;
    words.iter().find(|word| **word == text).copied()
}

fn check(field: &Field, value: &toml::Value) -> Result<(), ProfileError> {
    let wrong = |what: String| Err(ProfileError::new(field.key, what));
    match field.kind {
        FieldKind::Text | FieldKind::Port | FieldKind::Secret => match value.as_str() {
            Some(text) if !text.trim().is_empty() || !field.required => Ok(()),
            Some(_) => wrong("is empty".to_owned()),
            None => wrong("must be a text in quotes".to_owned()),
        },
        FieldKind::Url => match value.as_str() {
            Some(text) => url(text).map(|_| ()).map_err(|what| ProfileError::new(field.key, what)),
            None => wrong("must be a text in quotes".to_owned()),
        },
        FieldKind::SecureUrl => match value.as_str() {
            Some(text) => secure_url(text).map(|_| ()).map_err(|what| ProfileError::new(field.key, what)),
            None => wrong("must be a text in quotes".to_owned()),
        },
        FieldKind::Milliseconds => match value.as_integer() {
            Some(number) if (0..=86_400_000).contains(&number) => Ok(()),
            Some(_) | None => wrong("must be a whole number of milliseconds, at most a day".to_owned()),
        },
        FieldKind::Choice(words) => match chosen(words, value) {
            Some(_) => Ok(()),
            None => wrong(format!("must be one of: {}", words.join(", "))),
        },
        FieldKind::Flag if value.as_bool().is_some() => Ok(()),
        FieldKind::Flag => wrong("must be true or false".to_owned()),
    }
}

/// Host and port of an `http://host[:port][/path]` address; the error ends a sentence.
pub fn url(text: &str) -> Result<(String, u16), String> {
    authority(text.strip_prefix("http://").ok_or("must begin with http://")?, 80)
}

/// Host and port of an `https://` address, or of an `http://` one on this computer; the error ends a
/// sentence.
pub fn secure_url(text: &str) -> Result<(String, u16), String> {
    if let Some(rest) = text.strip_prefix("https://") {
        return authority(rest, 443);
    }
    let (host, port) = url(text).map_err(|_| "must begin with https://".to_owned())?;
    if is_loopback(&host) { Ok((host, port)) } else { Err("must begin with https://".to_owned()) }
}

/// Whether this host is this computer.
pub fn is_loopback(host: &str) -> bool {
    match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn authority(rest: &str, usual_port: u16) -> Result<(String, u16), String> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("must not hold a user name".to_owned());
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            let number = port.parse::<u16>().ok().filter(|number| *number > 0);
            (host, number.ok_or_else(|| format!("has no usable port: {port}"))?)
        }
        Some(_) | None => (authority, usual_port),
    };
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']' | ':');
    if host.is_empty() || !host.chars().all(valid) {
        return Err("names no host".to_owned());
    }
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}
