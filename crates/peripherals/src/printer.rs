//! Where slips go: a printer on the network or on a serial line, a file or device, or nowhere.
//!
//! A printer may be slow, silent or dead and must never stand in the way of money: every step has a limit of
//! its own ([`Limits`]), and a call that gives up leaves nothing behind that somebody waits for.
//! Invariant: `print` returns within the sum of its limits, and says "printed" only if every byte was taken.
//! One caller at a time: most printers take one connection.

mod file;
mod paper;
pub(crate) mod serial;
mod tcp;

use std::fmt;
use std::path::Path;

use crate::limits::Limits;
use async_trait::async_trait;
use file::Device;
use serial::Line;
use tcp::Address;

/// Where slips go.
#[derive(Debug)]
pub enum Printer {
    /// A printer that listens on the network, usually on port 9100.
    Tcp(Address),
    /// A printer on a serial line.
    Serial(Line),
    /// A file that slips are added to, or a device such as `/dev/usb/lp0`.
    File(Device),
    /// No printer; slips are shown on screen alone.
    None,
}

impl Fault {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "setting",
            Self::NotSetUp => "not_set_up",
            Self::Away { .. } => "away",
            Self::Refused { .. } => "refused",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Stopped { .. } => "stopped",
        }
    }
    /// Whether a part may be on paper all the same.
    pub const fn may_have_printed(&self) -> bool {
        match self {
            Self::PaperOut | Self::Stopped { .. } => true,
            Self::Setting { .. }
            | Self::NotSetUp
            | Self::Away { .. }
            | Self::Refused { .. }
            | Self::CoverOpen => false,
        }
    }
}

/// Why nothing, or not all, is on paper. Whichever it is: the money is what the journal says, and the slip
/// can be printed again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The settings name no printer that could be driven: an installer's matter.
    #[error("the printer's setting {field} does not say what is needed: {needed}")]
    Setting {
        /// `driver` or `target`.
        field: &'static str,
        /// What would do.
        needed: &'static str,
    },
    /// There is no printer: show the slip instead.
    #[error("no printer is set up")]
    NotSetUp,
    /// Nothing answers there: look whether it is on and plugged in. Nothing was printed.
    #[error("the printer at {target} cannot be reached: {detail}")]
    Away {
        /// Its address.
        target: String,
        /// The system's words.
        detail: String,
    },
    /// Something answers and takes nothing: busy with another till, or not a printer. Nothing was printed.
    #[error("the printer at {target} refuses")]
    Refused {
        /// Its address.
        target: String,
    },
    /// Load paper. A part may be printed.
    #[error("the printer is out of paper")]
    PaperOut,
    /// Close the cover. Nothing was printed: it is asked before the first byte.
    #[error("the printer's cover is open")]
    CoverOpen,
    /// It stopped in the middle. A part may be printed.
    #[error("the printer at {target} stopped while printing: {detail}")]
    Stopped {
        /// Its address.
        target: String,
        /// The system's words.
        detail: String,
    },
}

/// All bytes were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// The printer says that its roll ends soon.
    pub paper_low: bool,
}

impl Printer {
    /// The printer of the settings `[printer]`: `tcp` or `escpos` with an address and port, `serial` with a
    /// port and its speed, `file` with a path, or `none`.
    ///
    /// # Errors
    /// [`Fault::Setting`].
    pub fn of(driver: &str, target: &str) -> Result<Self, Fault> {
        match driver {
            "tcp" | "escpos" => Ok(Self::Tcp(Address::of(target)?)),
            "serial" => Ok(Self::Serial(Line::of(target)?)),
            "file" if !target.is_empty() => Ok(Self::File(Device::of(Path::new(target)))),
            "file" => Err(Fault::Setting { field: "target", needed: "the path of a file or device" }),
            "none" => Ok(Self::None),
            _ => Err(Fault::Setting { field: "driver", needed: "one of: escpos, tcp, serial, file, none" }),
        }
    }
}

/// Something that prints: a [`Printer`], or what a test puts in its place.
#[async_trait]
pub trait Prints: fmt::Debug + Send + Sync {
    /// Whether slips go anywhere at all.
    fn is_there(&self) -> bool;

    /// Sends all bytes; without any, only asks how the printer is.
    ///
    /// # Errors
    /// Any [`Fault`] but a setting's; within the limits in every case.
    async fn print(&self, bytes: &[u8], limits: &Limits) -> Result<Printed, Fault>;
}

#[async_trait]
impl Prints for Printer {
    fn is_there(&self) -> bool {
        !matches!(self, Self::None)
    }

    async fn print(&self, bytes: &[u8], limits: &Limits) -> Result<Printed, Fault> {
        match self {
            Self::Tcp(address) => address.print(bytes, limits).await,
            Self::Serial(line) => line.print(bytes, limits).await,
            Self::File(device) => device.print(bytes, limits).await,
            Self::None => Err(Fault::NotSetUp),
        }
    }
}
