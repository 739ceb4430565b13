//! Settings of one device on a serial line, and the form that edits them.
//!
//! Dossier sections 3 and 7.2. Invariant: a checked profile names one place and a speed that devices have.

use crate::capabilities::{Abort, Capabilities, Code, Recover, SignatureBy};
use crate::form::{Field, FieldKind, ProfileError, Reader};
use crate::limits::kayaaku_serial as limits;
use crate::registry::Profiled;
use crate::serial::{Place, UsbId, Wanted, is_played};
use domain::ids::ReferenceShape;
use std::time::Duration;
use toml::Table;
use wire::kayaaku::Method;

/// The word of `payment_type` that leaves it to the cashier.
const ASK: &str = "ask";
/// Speed where none is set.
const BAUD: u32 = 115_200;

const fn field(key: &'static str, kind: FieldKind, default: &'static str, hint: &'static str) -> Field {
    Field { key, kind, required: false, default, hint }
}

/// The form that edits the settings.
pub const FORM: &[Field] = &[
    field(
        "port",
        FieldKind::Port,
        "",
        "Port of the cable, for example /dev/ttyACM0 or COM3; or leave it out and fill in usb",
    ),
    field(
        "usb",
        FieldKind::Text,
        "",
        "USB identity in place of a port, VID:PID or VID:PID:SERIAL, for example 0483:5740: found in \
         whatever socket it is",
    ),
    Field {
        required: true,
        ..field("mid", FieldKind::Text, "", "Merchant number from Finexus, at most 15 digits")
    },
    field(
        "baud",
        FieldKind::Choice(&["9600", "19200", "38400", "57600", "115200"]),
        "115200",
        "Speed of the line, as in the device's menu",
    ),
    field(
        "payment_type",
        FieldKind::Choice(&["00", "01", "04", "05", "08", "09", ASK]),
        "00",
        "00: the customer chooses on the terminal; ask: the cashier chooses for each sale; others as the \
         protocol numbers them",
    ),
    field(
        "acknak",
        FieldKind::Flag,
        "false",
        "true: every message is acknowledged, where the device wants that",
    ),
    field("connect_ms", FieldKind::Milliseconds, "12000", "Time to open the port and find the device"),
    field("answer_ms", FieldKind::Milliseconds, "180000", "Time that a customer and NEXT may take"),
];

/// A checked profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Where the device is, and how fast it speaks.
    pub wanted: Wanted,
    /// Merchant number.
    pub mid: String,
    /// How customers pay; nothing: the cashier chooses for each sale.
    pub payment: Option<Method>,
    /// Messages are acknowledged by bytes of their own.
    pub acknak: bool,
    /// Overrides the deadline for port and link test.
    pub connect: Option<Duration>,
    /// Overrides the deadline for the result of a payment.
    pub answer: Option<Duration>,
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
                    || ProfileError::new("usb", "must be VID:PID or VID:PID:SERIAL, for example 0483:5740");
                Place::Usb(UsbId::parse(usb).ok_or_else(wrong)?)
            }
        };
        let mid = text("mid").unwrap_or_default();
        if mid.is_empty() || mid.len() > 15 || !mid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ProfileError::new("mid", "must be letters and digits, at most 15"));
        }
        let baud = text("baud").and_then(|text| text.parse().ok()).unwrap_or(BAUD);
        Ok(Self {
            wanted: Wanted { place, baud },
            mid: mid.to_owned(),
            payment: match text("payment_type") {
                Some(ASK) => None,
                Some(word) => Some(Method::of(word)),
                None => Some(Method::Any),
            },
            acknak: reader.flag("acknak").unwrap_or(false),
            connect: reader.at_least("connect_ms", limits::CONNECT_LEAST)?,
            answer: reader.at_least("answer_ms", limits::ANSWER_LEAST)?,
        })
    }
}

/// What a device on a line can do; `asks`: the cashier chooses how the customer pays.
pub const fn capabilities(asks: bool) -> Capabilities {
    Capabilities {
        refund: true,
        refund_needs_original: true,
        reversal: true,
        reverses_last_only: false,
        reversals_by_original: true,
        cash_back: false,
        partial: false,
        live_display: true,
        prompts: asks,
        signature: SignatureBy::Nobody,
        abort: Abort::Signal,
        recover: Recover::ByReference,
        fence: true,
        listener: false,
        code: Code::None,
        daily_maintenance: false,
        practice_only: false,
        prepares: false,
        // A result may be that of another till on the same device: an id that nobody else makes.
        reference: ReferenceShape::Hex32,
        recovery: limits::RECOVERY,
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
        // Lost answers are searched at the merchant that they were sent for.
        login: profile.mid,
    })
}
