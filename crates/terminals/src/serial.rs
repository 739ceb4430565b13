//! The seam to devices on a serial line, also one that an adapter makes out of USB or Bluetooth.
//!
//! A driver names a place and a speed and gets a [`Line`]: bytes in as they come, bytes out with a word about
//! whether any of them can have left. The program opens ports of the system (`serial/system.rs`); tests put
//! lines of their own in their place.
//! Invariant: [`Unwritten::NothingLeft`] is proof that no byte of that write was accepted by the port;
//! everything else may have left. What was read before a line ended is told before its end.

mod system;

use async_trait::async_trait;
use domain::outcome::{Fault, Reason};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{mpsc, oneshot};

pub use system::{Seen, SystemLines};

/// Reads and writes that wait their turn.
pub const QUEUE: usize = 64;

/// Where a device is plugged in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A port by its path or name: `/dev/ttyACM0`, `COM3`.
    Port(String),
    /// Whatever port this USB device has at the moment.
    Usb(UsbId),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(path) => f.write_str(path),
            Self::Usb(id) => write!(f, "USB {id}"),
        }
    }
}

/// What tells a USB device from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsbId {
    /// The maker's number.
    pub vendor: u16,
    /// The maker's number of the product.
    pub product: u16,
    /// Of this one device; nothing where any of its kind will do.
    pub serial: Option<String>,
}

impl UsbId {
    /// Reads `VID:PID` or `VID:PID:SERIAL`, numbers in hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, ':');
        let number = |part: Option<&str>| {
            let part = part?.trim();
            let is_hex = part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
            u16::from_str_radix(part, 16).ok().filter(|_| is_hex)
        };
        let (vendor, product) = (number(parts.next())?, number(parts.next())?);
        let serial = match parts.next().map(str::trim) {
            Some("") => return None,
            serial => serial.map(str::to_owned),
        };
        Some(Self { vendor, product, serial })
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)?;
        self.serial.as_ref().map_or(Ok(()), |serial| write!(f, ":{serial}"))
    }
}

/// Which line a driver wants. Eight data bits, no parity, one stop bit, no flow control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Where.
    pub place: Place,
    /// Bits a second.
    pub baud: u32,
}

/// Where this system has its pseudo-terminals.
const PSEUDO: &str = "/dev/pts/";

/// Whether this port may belong to a program of this computer alone: a pseudo-terminal, or a link outside of
/// `/dev` to one. Opening it finds out what is really there, and refuses everything else.
pub fn is_played(port: &str) -> bool {
    port.starts_with(PSEUDO) || (port.starts_with('/') && !port.starts_with("/dev/"))
}

/// Opens lines.
#[async_trait]
pub trait Lines: Send + Sync + fmt::Debug {
    /// Opens the line to the device. Sends nothing. One that this program holds open and does not use is
    /// taken over: its holder is told that it ended.
    async fn open(&self, wanted: &Wanted) -> Result<Line, Snag>;
}

/// Why there is no line. Each prints as what happened and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Snag {
    /// Nothing is plugged in there.
    #[error("There is no device at {place}. Plug its cable in, switch it on, and compare the port.")]
    Missing {
        /// Where it was looked for.
        place: String,
    },
    /// More than one device fits.
    #[error("Several devices are {place}: {ports}. Add the serial number of the right one to the setting.")]
    Several {
        /// What was looked for.
        place: String,
        /// The ports that fit.
        ports: String,
    },
    /// The system does not let this user.
    #[error(
        "This user may not open {port}. Add the user to the group {group} (sudo usermod -aG {group} USER), \
         then log out and in again."
    )]
    Forbidden {
        /// The port.
        port: String,
        /// The group that may.
        group: String,
    },
    /// Somebody else has it open.
    #[error("Another program uses {port}. Close it, then try again.")]
    Busy {
        /// The port.
        port: String,
    },
    /// It is open here, and in use.
    #[error("Paydesk itself works with {port} at the moment. Wait until that has ended, then try again.")]
    InUse {
        /// The port.
        port: String,
    },
    /// A port that only programs of this computer may be behind leads to something else.
    #[error(
        "There is no simulator at {port}, but a port of this computer. Name that one itself, as the system \
         calls it."
    )]
    Real {
        /// The port.
        port: String,
    },
    /// The system says something else, or nothing.
    #[error(
        "The port {port} cannot be opened ({detail}). Pull the cable, plug it in again, and try again."
    )]
    Broken {
        /// The port.
        port: String,
        /// The system's words.
        detail: String,
    },
}

impl From<Snag> for Fault {
    /// Without a line nothing is sent.
    fn from(snag: Snag) -> Self {
        Self::not_sent(Reason::NotSent, snag.to_string())
    }
}

/// A connection check's step over a serial line, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The port is there.
    Device,
    /// It may be opened.
    Permission,
    /// What comes can be read at this speed.
    Speed,
    /// The device answers.
    Link,
    /// Its messages come whole.
    Frames,
}

/// Nothing came at all.
pub const SILENT: &str = "The device does not answer.";
/// Bytes came, and none of them began a message.
pub const GIBBERISH: &str = "The device sends what cannot be read at this speed.";
/// Messages came, and none was whole.
pub const DAMAGED: &str = "The device's messages come damaged.";

impl Step {
    /// At which step a login failed, by the words of its fault; they are this module's own.
    pub fn of(detail: &str) -> Self {
        let begins = |words: &str| detail.starts_with(words);
        if begins("There is no ") || begins("Several devices") {
            Self::Device
        } else if begins("This user may not")
            || begins("Another program uses")
            || begins("Paydesk itself works")
            || begins("The port ")
        {
            Self::Permission
        } else if begins(GIBBERISH) {
            Self::Speed
        } else if begins(DAMAGED) {
            Self::Frames
        } else {
            Self::Link
        }
    }
}

/// An open line. Dropping it closes the port.
#[derive(Debug)]
pub struct Line {
    port: String,
    incoming: mpsc::Receiver<Vec<u8>>,
    outgoing: mpsc::Sender<Job>,
    in_use: Arc<AtomicBool>,
}

/// The end of a line that a port or a test holds.
#[derive(Debug)]
pub struct FarEnd {
    /// Takes what has come; closed where nobody listens any more.
    pub to: mpsc::Sender<Vec<u8>>,
    /// What is to be written, in order.
    pub from: mpsc::Receiver<Job>,
}

/// What is to be done with a port.
#[derive(Debug)]
pub enum Job {
    /// Bytes to write, and where to say how that went.
    Write(Vec<u8>, oneshot::Sender<Result<(), Unwritten>>),
    /// The line ends.
    End,
}

/// A write that did not go as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// No byte was accepted.
    NothingLeft(String),
    /// Some may have been.
    MaybeLeft(String),
}

impl Line {
    /// A line, and its other end.
    pub fn pair(port: &str) -> (Self, FarEnd) {
        let (to, incoming) = mpsc::channel(QUEUE);
        let (outgoing, from) = mpsc::channel(QUEUE);
        (Self { port: port.to_owned(), incoming, outgoing, in_use: Arc::default() }, FarEnd { to, from })
    }

    /// The port that it was found at.
    pub fn port(&self) -> &str {
        &self.port
    }

    /// Says whether something is under way that must not lose its line.
    pub fn hold(&self, in_use: bool) {
        self.in_use.store(in_use, Ordering::Release);
    }

    /// What has come since the last call; waits for it. Nothing: the line has ended. Nothing is lost where
    /// the wait is given up.
    pub async fn read(&mut self) -> Option<Vec<u8>> {
        self.incoming.recv().await
    }

    /// Writes all of it. Giving the wait up leaves open how much has left.
    ///
    /// # Errors
    /// See [`Unwritten`]; the line is of no use then.
    pub async fn write(&self, bytes: Vec<u8>) -> Result<(), Unwritten> {
        let (told, hears) = oneshot::channel();
        let closed = || Unwritten::NothingLeft("the line has ended".to_owned());
        self.outgoing.send(Job::Write(bytes, told)).await.map_err(|_| closed())?;
        let silent = |_| Unwritten::MaybeLeft("the line ended while it was written to".to_owned());
        hears.await.map_err(silent)?
    }
}

#[cfg(test)]
mod tests;
