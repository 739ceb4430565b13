//! What the camera sees and what a hand scanner on a serial port reads, apart from the [view](super::View):
//! both are worth only what they show now, and nobody who does not watch needs them.

use domain::ids::CommandId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the camera sees now. It looks only while somebody watches this.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// How the camera is.
    pub camera: CameraState,
    /// The picture, small and grey: a `data:image/bmp;base64,` address.
    pub preview: Option<String>,
    /// What the customer may change: `closer`, `further_away`, `too_bright` or `two_codes`.
    pub hint: Option<String>,
    /// The code in view that a payment can be taken with.
    pub code: Option<SeenCode>,
    /// Why what is in view is no payment code, as `domain::wallet` calls it.
    pub refused: Option<String>,
}

impl fmt::Debug for Sight {
    /// Without the picture: a code can be read in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { camera, preview, hint, code, refused } = self;
        let mut told = f.debug_struct("Sight");
        told.field("camera", camera).field("has_preview", &preview.is_some());
        told.field("hint", hint).field("code", code).field("refused", refused).finish()
    }
}

/// How the camera is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum CameraState {
    /// The settings want none, or this program was built without cameras.
    #[default]
    Off,
    /// It is being opened.
    Starting,
    /// It sends pictures.
    Looking {
        /// The name that it gives itself.
        name: String,
    },
    /// There is none, or not this one, or it has stopped sending. It is tried again by itself.
    Away,
    /// Another program has it, or the system has not given it back. It is tried again by itself.
    Busy,
    /// It sends nothing that can be read.
    Unfit,
}

/// A payment code in view. Its text stays in the till.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCode {
    /// What `Command::Pay` calls it by; the same code keeps its number.
    pub number: u64,
    /// Whose wallet made it: `alipay`, `wechat`, `unionpay` or `emv`.
    pub wallet: String,
    /// How long ago it was first seen, milliseconds.
    pub age_ms: u64,
    /// It was taken already a short while ago: the customer must show a new one.
    pub used: bool,
}

/// What a hand scanner on a serial port read. It listens only while somebody watches this.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scans {
    /// The last few, oldest first. A reader acts on numbers above the newest that it knew when it began.
    pub recent: Vec<Scanned>,
}

/// One scan.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    /// Counted upwards while the till runs.
    pub number: u64,
    /// What was read, without its end of line; nothing where it was longer than any code.
    pub text: String,
    /// The command that rings it up: whoever is told of the scan sends the same one, so that two windows ring
    /// it up once.
    pub command: CommandId,
    /// It was longer than any code, and was dropped whole.
    pub too_long: bool,
}

impl fmt::Debug for Scanned {
    /// Without the text: it may be worth money until it expires.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scanned({}, {} characters)", self.number, self.text.chars().count())
    }
}
