//! Terminals that introduce themselves, apart from the [view](super::View): they are heard only while somebody
//! looks.

use domain::ids::TerminalId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The room where terminals ask to be paired. It is open only while somebody watches this.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// How the room is.
    pub room: PairingRoom,
    /// Who asks, oldest first.
    pub guests: Vec<PairingGuest>,
}

/// How the room is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum PairingRoom {
    /// It is being opened.
    #[default]
    Opening,
    /// Terminals can ask.
    Open {
        /// The till's name in a terminal's list.
        name: String,
        /// The port that terminals connect to.
        port: u16,
        /// The network does not let the till be found: no terminal lists it.
        unseen: bool,
    },
    /// It cannot be opened.
    Shut {
        /// The system's words.
        why: String,
    },
}

/// A terminal that asks.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingGuest {
    /// What `Command::AnswerPairing` calls it by.
    pub number: u64,
    /// Its name.
    pub name: String,
    /// Its serial number, or its name again.
    pub serial: String,
    /// Where it is reached, `address:port`.
    pub place: String,
    /// Another one that asks has the same name.
    pub has_namesake: bool,
    /// The terminal of the settings that was paired with it before.
    pub known: Option<TerminalId>,
    /// What the form's fields become where it is accepted.
    pub settings: BTreeMap<String, String>,
}
