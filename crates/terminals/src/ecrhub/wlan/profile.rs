//! Settings of one terminal on the local network, and the form that edits them.
//!
//! Dossier sections 1.3 and 3.1.

use crate::ecrhub::common::{Common, FIELDS};
use crate::form::{Field, FieldKind, ProfileError, Reader, is_loopback};
use crate::limits::ecrhub_wlan as limits;
use crate::registry::Profiled;
use crate::seams::Seams;
use std::time::Duration;
use toml::Table;

/// Where terminals listen.
const PORT: u16 = 35_779;

const fn field(key: &'static str, kind: FieldKind, required: bool, hint: &'static str) -> Field {
    Field { key, kind, required, default: "", hint }
}

/// The form that edits the settings.
pub const FORM: &[Field] = &[
    field(
        "host",
        FieldKind::Text,
        true,
        "Address that the terminal shows at Settings, General, ECR Hub, mode WLAN; it says Connected there \
         once the till has spoken to it",
    ),
    Field {
        default: "35779",
        ..field("port", FieldKind::Text, false, "Port that the terminal shows beside it")
    },
    field(
        "app_id",
        FieldKind::Text,
        true,
        "Name of this till's program, released by the operator, wz and 16 signs",
    ),
    field("serial", FieldKind::Text, false, "Serial number of the terminal, on its back"),
    field("paired", FieldKind::Text, false, "What a pairing knows it by: found by it at another address"),
    FIELDS[0],
    FIELDS[1],
    FIELDS[2],
    FIELDS[3],
    FIELDS[4],
    FIELDS[5],
    FIELDS[6],
    Field { default: "5000", ..field("connect_ms", FieldKind::Milliseconds, false, "Time to connect") },
];

/// A checked profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name or address of the terminal.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who the till is.
    pub app_id: String,
    /// What a pairing knows it by.
    pub paired: Option<String>,
    /// What all ways share.
    pub(crate) common: Common,
    /// Overrides the deadline for connecting.
    pub connect: Option<Duration>,
}

impl Profile {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(table: &Table) -> Result<Self, ProfileError> {
        let reader = Reader::new(table, FORM)?;
        let text = |key: &str| reader.text(key).map(str::trim).filter(|text| !text.is_empty());
        let host = text("host").unwrap_or_default();
        if host.is_empty() || host.contains(|sign: char| sign.is_whitespace() || "/:@?#".contains(sign)) {
            return Err(ProfileError::new(
                "host",
                "must be a name or an address, for example 192.168.1.31",
            ));
        }
        let port = match text("port") {
            None => PORT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|port| *port != 0)
                .ok_or_else(|| ProfileError::new("port", "must be a number from 1 to 65535"))?,
        };
        Ok(Self {
            host: host.to_owned(),
            port,
            app_id: app_id(&reader)?,
            paired: text("paired").map(str::to_owned),
            common: Common { terminal: text("serial").map(str::to_owned), ..Common::read(&reader)? },
            connect: reader.at_least("connect_ms", limits::CONNECT_LEAST)?,
        })
    }

    /// Where the terminal is: the address that a person confirmed, else the one in the settings.
    pub(crate) fn reached(&self, seams: &Seams) -> (String, u16) {
        let learned = seams.learned.address.as_deref().and_then(|address| {
            let (host, port) = address.strip_prefix("ws://")?.trim_end_matches('/').rsplit_once(':')?;
            Some((host.to_owned(), port.parse().ok()?))
        });
        learned.unwrap_or_else(|| (self.host.clone(), self.port))
    }

    /// The same as an address.
    pub(crate) fn url(&self, seams: &Seams) -> String {
        let (host, port) = self.reached(seams);
        format!("ws://{host}:{port}/")
    }

    /// What orders are found again by: the same terminal, whatever its address.
    pub(crate) fn session(&self) -> String {
        format!("wlan {} {}", self.app_id, self.who())
    }

    fn who(&self) -> String {
        self.common.terminal.clone().unwrap_or_else(|| format!("{}:{}", self.host, self.port))
    }
}

/// The till's name at the operator.
pub(crate) fn app_id(reader: &Reader<'_>) -> Result<String, ProfileError> {
    let text = reader.text("app_id").unwrap_or_default().trim();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if text.is_empty() || text.len() > 32 || !is_plain {
        return Err(ProfileError::new("app_id", "must be letters and digits, at most 32"));
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
        needs_listener: false,
        loopback: is_loopback(&profile.host),
        identity: format!("ecrhub {}:{}", profile.host, profile.port),
        // Lost answers are searched at the terminal that they were sent to.
        login: profile.session(),
    })
}
