//! Settings of one terminal on a cable, and the form that edits them.
//!
//! Dossier sections 1.3 and 4.1. Invariant: a checked profile names one place.

use crate::ecrhub::common::{Common, FIELDS};
use crate::ecrhub::wlan::profile::app_id;
use crate::form::{Field, FieldKind, ProfileError, Reader};
use crate::limits::ecrhub_usb as limits;
use crate::registry::Profiled;
use crate::serial::{Place, UsbId, Wanted, is_played};
use std::time::Duration;
use toml::Table;

/// The speed of every terminal.
const BAUD: u32 = 115_200;

const fn field(key: &'static str, kind: FieldKind, required: bool, hint: &'static str) -> Field {
    Field { key, kind, required, default: "", hint }
}

/// The form that edits the settings.
pub const FORM: &[Field] = &[
    field(
        "port",
        FieldKind::Port,
        false,
        "Port of the cable, for example /dev/ttyACM0 or the COM port whose name has GPS in it; on the \
         terminal: Settings, General, ECR Hub, mode USB; or leave it out and fill in usb",
    ),
    field(
        "usb",
        FieldKind::Text,
        false,
        "USB identity in place of a port, VID:PID or VID:PID:SERIAL, for example 05c6:9025: found in \
         whatever socket it is",
    ),
    field(
        "app_id",
        FieldKind::Text,
        true,
        "Name of this till's program, released by the operator, wz and 16 signs",
    ),
    field("serial", FieldKind::Text, false, "Serial number of the terminal, on its back"),
    FIELDS[0],
    FIELDS[1],
    FIELDS[2],
    FIELDS[3],
    FIELDS[4],
    FIELDS[5],
    FIELDS[6],
    Field {
        default: "14000",
        ..field("connect_ms", FieldKind::Milliseconds, false, "Time to open the port and find the terminal")
    },
];

/// A checked profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Where the terminal is.
    pub wanted: Wanted,
    /// Who the till is.
    pub app_id: String,
    /// What all ways share.
    pub(crate) common: Common,
    /// Overrides the deadline for port and handshake.
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
        let place = match (text("port"), text("usb")) {
            (Some(_), Some(_)) => return Err(ProfileError::new("usb", "must be empty where port is set")),
            (None, None) => return Err(ProfileError::new("port", "is missing, and so is usb")),
            (Some(port), None) => Place::Port(port.to_owned()),
            (None, Some(usb)) => {
                let wrong =
                    || ProfileError::new("usb", "must be VID:PID or VID:PID:SERIAL, for example 05c6:9025");
                Place::Usb(UsbId::parse(usb).ok_or_else(wrong)?)
            }
        };
        Ok(Self {
            wanted: Wanted { place, baud: BAUD },
            app_id: app_id(&reader)?,
            common: Common { terminal: text("serial").map(str::to_owned), ..Common::read(&reader)? },
            connect: reader.at_least("connect_ms", limits::CONNECT_LEAST)?,
        })
    }

    /// What orders are found again by: the same terminal, whatever its socket where its number is known.
    pub(crate) fn session(&self) -> String {
        let who = self.common.terminal.clone().unwrap_or_else(|| self.wanted.place.to_string());
        format!("usb {} {who}", self.app_id)
    }
}

/// Checks settings for the registry.
///
/// # Errors
/// The first setting that cannot be used.
pub fn check(table: &Table) -> Result<Profiled, ProfileError> {
    let profile = Profile::read(table)?;
    let place = profile.wanted.place.to_string();
    Ok(Profiled {
        needs_listener: false,
        loopback: is_played(&place),
        identity: format!("serial {place}"),
        // Lost answers are searched at the terminal that they were sent to.
        login: profile.session(),
    })
}
