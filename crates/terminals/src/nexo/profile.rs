//! Settings of a nexo terminal: what an installer types, checked once, in the driver's own types.
//!
//! Dossier chapters 2.1, 3.1, 4 and 5.2. Invariant: a [`Profile`] can be used as it is; whatever cannot be
//! used is a [`ProfileError`] at its key.

use crate::capabilities::{Abort, Capabilities, Code, Recover, SignatureBy};
use crate::form::{Field, FieldKind, ProfileError, Reader, is_loopback, url};
use crate::limits;
use crate::registry::Profiled;
use domain::ids::ReferenceShape;
use std::time::Duration;
use toml::Table;

/// Port of the terminal where the address names none (dossier chapter 2.1).
const PORT: u16 = 11000;
/// Path of every message, in both directions.
pub(super) const PATH: &str = "/EPASSaleToPOI/3.1";
/// Longest POIID in bytes; Swedbank Pay's limit.
const LONGEST_POI_ID: usize = 32;
/// Operator languages the terminals have texts in; anything else is English (dossier chapter 4).
const LANGUAGES: &[&str] = &["sv", "no", "fi", "da"];
/// A connection needs some time.
const CONNECT_LEAST: Duration = Duration::from_millis(1);

/// The form that edits the settings.
pub const FORM: &[Field] = &[
    Field {
        key: "url",
        kind: FieldKind::Url,
        required: true,
        default: "",
        hint: "Address of the terminal as its admin menu shows it, for example http://192.0.2.41:11000",
    },
    Field {
        key: "sale_id",
        kind: FieldKind::Text,
        required: true,
        default: "",
        hint: "Name of this till. Never change it: lost answers are searched by it",
    },
    Field {
        key: "poi_id",
        kind: FieldKind::Text,
        required: true,
        default: "",
        hint: "Name of the point of sale as registered with Swedbank Pay, at most 32 bytes",
    },
    Field {
        key: "form",
        kind: FieldKind::Choice(&["default", "light"]),
        required: false,
        default: "default",
        hint: "default: the terminal calls the till (texts, questions); light: only the till calls",
    },
    Field {
        key: "language",
        kind: FieldKind::Text,
        required: false,
        default: "en",
        hint: "Language of the terminal's texts for the cashier: sv, no, fi, da; anything else is English",
    },
    Field {
        key: "connect_ms",
        kind: FieldKind::Milliseconds,
        required: false,
        default: "5000",
        hint: "Time to reach the terminal",
    },
    Field {
        key: "answer_ms",
        kind: FieldKind::Milliseconds,
        required: false,
        default: "300000",
        hint: "Time that a payment or reversal may take",
    },
];

/// The form of integration: the Login's capabilities choose it (dossier chapter 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The terminal calls the till: texts, prints, questions, events.
    Default,
    /// Only the till calls; signatures are the till's business.
    Light,
}

impl Form {
    /// What a terminal can do that is integrated so.
    pub const fn capabilities(self) -> Capabilities {
        let calls_till = matches!(self, Self::Default);
        Capabilities {
            refund: true,
            refund_needs_original: false,
            reversal: true,
            reverses_last_only: true,
            reversals_by_original: false,
            cash_back: true,
            partial: true,
            live_display: calls_till,
            prompts: calls_till,
            signature: if calls_till { SignatureBy::TerminalAsks } else { SignatureBy::Till },
            abort: Abort::Signal,
            recover: Recover::ByReference,
            fence: true,
            listener: calls_till,
            code: Code::None,
            daily_maintenance: true,
            practice_only: false,
            prepares: false,
            reference: ReferenceShape::Digits(10),
            recovery: limits::nexo::RECOVERY,
        }
    }
}

/// A checked profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Where the terminal is unless the till has learned otherwise.
    pub base: Base,
    /// Name of the till on the wire.
    pub sale_id: String,
    /// Name of the point of sale.
    pub poi_id: String,
    /// Form of integration.
    pub form: Form,
    /// Operator language, two small letters.
    pub language: String,
    /// Overrides every deadline for connecting.
    pub connect: Option<Duration>,
    /// Overrides the deadline for the answer to a payment or reversal.
    pub answer: Option<Duration>,
}

/// A terminal's address in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Name or IP address without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Base {
    /// Reads `http://host[:port]`; a path may only be the protocol's own.
    ///
    /// # Errors
    /// The end of a sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (host, port) = url(text)?;
        let rest = text.strip_prefix("http://").unwrap_or(text);
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if !matches!(path.trim_end_matches('/'), "" | PATH) {
            return Err(format!("must end after the port, the path is always {PATH}"));
        }
        let names_port = authority.rsplit_once(':').is_some_and(|(_, tail)| !tail.contains(']'));
        Ok(Self { host, port: if names_port { port } else { PORT } })
    }

    /// The address that messages go to.
    pub fn url(&self) -> String {
        let Self { host, port } = self;
        match host.contains(':') {
            true => format!("http://[{host}]:{port}{PATH}"),
            false => format!("http://{host}:{port}{PATH}"),
        }
    }

    fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl Profile {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(table: &Table) -> Result<Self, ProfileError> {
        let reader = Reader::new(table, FORM)?;
        let base = Base::parse(reader.text("url").unwrap_or_default())
            .map_err(|what| ProfileError::new("url", what))?;
        let poi_id = name(&reader, "poi_id")?;
        if poi_id.len() > LONGEST_POI_ID {
            return Err(ProfileError::new("poi_id", "is longer than 32 bytes"));
        }
        let form = match reader.text("form") {
            Some("light") => Form::Light,
            Some(_) | None => Form::Default,
        };
        let language = reader.text("language").filter(|language| LANGUAGES.contains(language));
        let connect = reader.at_least("connect_ms", CONNECT_LEAST)?;
        let answer = reader.at_least("answer_ms", limits::nexo::PAYMENT_LEAST)?;
        Ok(Self {
            base,
            sale_id: name(&reader, "sale_id")?,
            poi_id,
            form,
            language: language.unwrap_or("en").to_owned(),
            connect,
            answer,
        })
    }
}

fn name(reader: &Reader<'_>, key: &str) -> Result<String, ProfileError> {
    let text = reader.text(key).unwrap_or_default();
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err(ProfileError::new(
            key,
            "must not begin or end with a blank or hold control characters",
        ));
    }
    Ok(text.to_owned())
}

/// Checks settings for the registry.
///
/// # Errors
/// The first setting that cannot be used.
pub fn check(table: &Table) -> Result<Profiled, ProfileError> {
    let profile = Profile::read(table)?;
    Ok(Profiled {
        needs_listener: profile.form == Form::Default,
        loopback: profile.base.is_loopback(),
        // Terminals of one name could not be told apart at the listener.
        identity: format!("nexo {}", profile.poi_id),
        // Lost answers are searched by both names; the login also chooses form and language (chapter 5.2).
        login: format!("{}\n{}\n{:?}\n{}", profile.sale_id, profile.poi_id, profile.form, profile.language),
    })
}
