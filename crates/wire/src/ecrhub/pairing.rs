//! Pairing on the local network: how a terminal introduces itself to the till, and what both announce.
//!
//! Dossier section 3.5. Roles are crossed: a terminal that wants to be paired connects to the till.

use super::message::{Message, Topic};
use super::scalar::scalar;
use super::{DecodeError, Limits};
use crate::json::Json;

/// What a terminal may say before anybody knows it.
pub const INTRODUCTION: Limits = Limits { bytes: 16 * 1024, depth: 8, parts: 200 };
/// What tills are announced as.
pub const TILLS: &str = "_ecr-hub-client._tcp.local.";
/// What terminals are announced as.
pub const TERMINALS: &str = "_ecr-hub-server._tcp.local.";
/// Most bytes of one text of an announcement.
const TEXT_BYTES: usize = 255;
/// Most signs of any name.
const NAME_SIGNS: usize = 64;

/// A terminal, by its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// `mac_address`: what it is known by, whatever its address. Not always a real one.
    pub id: String,
    /// `device_name`.
    pub name: String,
    /// `alias_name` where it has one, else its name.
    pub serial: String,
    /// `ip_address`, as it says.
    pub host: Option<String>,
    /// `port` of its payment server.
    pub port: Option<u16>,
}

impl Device {
    fn read(device: &Json) -> Self {
        let of = |name: &str| {
            let text = device.get(name).and_then(scalar).unwrap_or_default();
            let plain = text.trim().chars().filter(|sign| !sign.is_control());
            plain.take(NAME_SIGNS).collect::<String>()
        };
        let name = of("device_name");
        let serial = Some(of("alias_name")).filter(|alias| !alias.is_empty());
        Self {
            id: of("mac_address"),
            serial: serial.unwrap_or_else(|| name.clone()),
            name,
            host: Some(of("ip_address")).filter(|host| !host.is_empty()),
            port: of("port").parse().ok().filter(|port| *port != 0),
        }
    }
}

/// What a terminal wants of a till that it has connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// Who it is.
    pub device: Device,
    /// It wants to be forgotten, not to be paired.
    pub ends: bool,
    all: Json,
}

impl Introduction {
    /// Reads one.
    ///
    /// # Errors
    /// No JSON object within the limits, another topic, or nobody who could be known again.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let message = Message::decode(bytes, &INTRODUCTION)?;
        let ends = match message.topic {
            Topic::Pair => false,
            Topic::Unpair => true,
            Topic::Order
            | Topic::Query
            | Topic::Close
            | Topic::BatchClose
            | Topic::TipAdjustment
            | Topic::Info
            | Topic::Init
            | Topic::PayInit
            | Topic::Heartbeat
            | Topic::Other(_) => return Err(DecodeError::Field("topic")),
        };
        let device = message.device.as_ref().map(Device::read).unwrap_or_default();
        if device.id.is_empty() || device.name.is_empty() {
            return Err(DecodeError::Field("device_data"));
        }
        Ok(Self { device, ends, all: message.all })
    }

    /// The same object with the till's word about it; members that nobody knows stay.
    pub fn answered(&self, accepts: bool) -> String {
        let mut all = self.all.clone();
        if let Json::Object(members) = &mut all {
            members.retain(|(name, _)| name != "response_code");
            let code = if accepts { "000" } else { "001" };
            members.push(("response_code".to_owned(), Json::text(code)));
        }
        all.to_string()
    }
}

/// A till, as terminals list it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillCard {
    /// Twelve hexadecimal digits that stay.
    pub id: String,
    /// What people read on the terminal.
    pub name: String,
    /// Where it listens, `address:port`.
    pub place: String,
}

impl TillCard {
    /// The instance name: no `_` but the one before what tells two of the same name apart.
    pub fn instance(&self) -> String {
        let name: String =
            self.short(40).chars().map(|sign| if sign == '_' { '-' } else { sign }).collect();
        format!("{name}_{}", self.id)
    }

    /// The one text of the announcement, within what such a text may have.
    pub fn text(&self) -> String {
        let text = |name: &str| {
            let of = |(key, value): (&str, &str)| (key.to_owned(), Json::text(value));
            let members = [("mac_address", self.id.as_str()), ("ip_address", &self.place), ("name", name)];
            Json::Object(members.map(of).into()).to_string()
        };
        let mut signs = self.name.chars().count();
        let mut written = text(&self.name);
        while written.len() > TEXT_BYTES && signs > 0 {
            signs -= 1;
            written = text(&self.short(signs));
        }
        written
    }

    fn short(&self, signs: usize) -> String {
        self.name.chars().take(signs).collect()
    }
}

/// A terminal, as it is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The instance name, without the service.
    pub instance: String,
    /// Where its payment server is.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The texts beside it: one JSON object, or `key=value` each, or nothing useful.
    pub texts: Vec<String>,
}

impl Listed {
    /// Whether it is the terminal that is known by this, whichever of its names that is.
    pub fn is(&self, known: &str) -> bool {
        let known = known.trim();
        if known.is_empty() {
            return false;
        }
        let prefix = self.instance.rsplit_once('_').map_or(self.instance.as_str(), |(prefix, _)| prefix);
        prefix == known || self.names().iter().any(|name| name == known)
    }

    /// What its texts call it.
    fn names(&self) -> Vec<String> {
        let keys = ["mac_address", "device_sn", "alias_name", "device_name"];
        let mut names = Vec::new();
        for text in &self.texts {
            if text.starts_with('{') {
                let Ok(all) = Json::decode(text.as_bytes(), &INTRODUCTION) else { continue };
                let inner = all.get("device_data").unwrap_or(&all);
                names.extend(keys.iter().filter_map(|key| inner.get(key).and_then(scalar)));
            } else if let Some((key, value)) = text.split_once('=')
                && keys.contains(&key)
            {
                names.push(value.to_owned());
            }
        }
        names.retain(|name| !name.is_empty());
        names
    }
}
