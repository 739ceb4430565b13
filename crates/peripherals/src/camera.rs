//! Where frames come from: a camera, a folder of pictures, a sequence, a test pattern.
//!
//! A frame is only worth what it shows now, so a [`mailbox`] holds one and a newer one takes its place: a
//! reader that is slow never looks at the past. Everything above a [`FrameSource`] is tested without a
//! camera. Invariant: a source waits at most as long as it is told, a corrupt frame is an error and not the
//! end, and at most one frame waits.

pub mod device;
mod drawn;
mod folder;
pub mod jpeg;
mod live;
mod mailbox;
mod newest;
pub mod raw;
mod sequence;
#[cfg(feature = "camera")]
mod webcam;

use std::time::Duration;

use crate::code::Luma;
use crate::quiet::quietly;

#[cfg(not(feature = "camera"))]
pub use device::NoCameras as SystemCameras;
#[cfg(test)]
pub(crate) use drawn::drawn_of;
pub use drawn::{TestPattern, draw};
pub use folder::{Folder, picture, pictures};
pub use live::{Closing, Live};
pub use mailbox::{Inlet, Outlet, mailbox};
pub use newest::FolderCamera;
pub use sequence::Sequence;
#[cfg(feature = "camera")]
pub use webcam::Webcams as SystemCameras;

/// Why there is no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No camera, or not this one: look whether it is plugged in. It may come back.
    #[error("there is no camera: {detail}")]
    Away {
        /// The system's words.
        detail: String,
    },
    /// Another program has it.
    #[error("another program has the camera: {detail}")]
    Busy {
        /// The system's words.
        detail: String,
    },
    /// This frame cannot be read; the next may.
    #[error("a frame cannot be read: {detail}")]
    Corrupt {
        /// What is wrong with it.
        detail: String,
    },
    /// It offers nothing that can be read.
    #[error("the camera cannot be used: {detail}")]
    Unfit {
        /// What is missing.
        detail: String,
    },
    /// There are no more frames: a folder's last picture has been shown.
    #[error("there are no more frames")]
    Ended,
}

impl Fault {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Away { .. } => "away",
            Self::Busy { .. } => "busy",
            Self::Corrupt { .. } => "corrupt",
            Self::Unfit { .. } => "unfit",
            Self::Ended => "ended",
        }
    }

    /// Whether asking again may help.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Away { .. } | Self::Busy { .. } | Self::Corrupt { .. } => true,
            Self::Unfit { .. } | Self::Ended => false,
        }
    }
}

/// Something that shows pictures.
pub trait FrameSource: Send {
    /// The newest picture at `now`, counted from the source's start; `None` where there is none newer than
    /// the last.
    ///
    /// # Errors
    /// Any [`Fault`]; after one that [may pass](Fault::may_pass) it can be asked again.
    fn frame(&mut self, now: Duration) -> Result<Option<Luma>, Fault>;
}

/// A decoder that panics has met a corrupt frame.
fn guarded(decode: impl FnOnce() -> Result<Luma, Fault>) -> Result<Luma, Fault> {
    let gave_up = || Err(Fault::Corrupt { detail: "the decoder gave up".to_owned() });
    quietly(decode).unwrap_or_else(gave_up)
}

#[cfg(test)]
mod tests;
