//! A hand scanner on a serial line, also one that an adapter makes out of USB or Bluetooth.
//!
//! It types what it reads: a text and usually a sign for its end. Cables are pulled and plugged in again, so
//! a port that fails is opened anew for as long as somebody listens. Whoever listens does so on a thread of
//! its own, because opening a port can hang in the system.
//! Invariants: no call waits for the scanner longer than a [slice](SLICE) once its port is open; no text
//! beyond [`SCANNED`] is kept or passed on in part; what was read before a cable was pulled is no scan.

use std::fmt;
use std::io::Read;

use serialport::{ClearBuffer, SerialPort};

use crate::limits::{SCAN_GAP, SCAN_STALLED, SCANNED, SLICE};
use crate::printer::serial::is_slow;

/// Bytes that are taken at once.
const CHUNK: usize = 512;

/// What a hand scanner sent.
#[derive(Clone, PartialEq, Eq)]
pub enum Heard {
    /// What it read, without its end. It may be worth money until it expires.
    Scan(String),
    /// More than any code holds. It is dropped whole.
    TooLong,
}

impl fmt::Debug for Heard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scan(text) => write!(out, "Scan({} characters)", text.chars().count()),
            Self::TooLong => out.write_str("TooLong"),
        }
    }
}

/// The port cannot be opened, or has stopped. It may come back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no scanner at {port}: {detail}")]
pub struct Away {
    /// The port of the settings.
    pub port: String,
    /// The system's words.
    pub detail: String,
}

/// A hand scanner.
pub struct Scanner {
    port: String,
    baud: u32,
    line: Option<Box<dyn SerialPort>>,
    texts: Texts,
}

impl fmt::Debug for Scanner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, baud, line, .. } = self;
        let mut told = out.debug_struct("Scanner");
        told.field("port", port).field("baud", baud).field("is_open", &line.is_some()).finish()
    }
}

impl Scanner {
    /// The one at this port, at so many bits a second. It is not opened yet.
    pub fn at(port: &str, baud: u32) -> Self {
        Self { port: port.to_owned(), baud, line: None, texts: Texts::default() }
    }

    /// What came within one [slice](SLICE), in order; mostly nothing. Opens the port where it is not.
    ///
    /// # Errors
    /// [`Away`]; the next call opens the port anew.
    pub fn listen(&mut self) -> Result<Vec<Heard>, Away> {
        let mut bytes = [0; CHUNK];
        let line = match &mut self.line {
            Some(line) => line,
            None => {
                let opened = serialport::new(&self.port, self.baud).timeout(SLICE).open();
                let line = opened.map_err(|error| self.away(&error))?;
                // What was scanned while nobody listened is not meant for now.
                let _ = line.clear(ClearBuffer::Input);
                self.texts.forget();
                self.line.insert(line)
            }
        };
        match line.read(&mut bytes) {
            Ok(0) => Err(self.lost(&"it was pulled out")),
            Ok(count) => Ok(self.texts.take(bytes.get(..count).unwrap_or_default())),
            Err(error) if is_slow(&error) => Ok(self.texts.wait().into_iter().collect()),
            Err(error) => Err(self.lost(&error)),
        }
    }

    fn lost(&mut self, detail: &dyn fmt::Display) -> Away {
        self.line = None;
        self.texts.forget();
        self.away(detail)
    }

    fn away(&self, detail: &dyn fmt::Display) -> Away {
        Away { port: self.port.clone(), detail: detail.to_string() }
    }
}

/// Serial ports of this computer by name, sorted; none where the system does not tell.
pub fn ports() -> Vec<String> {
    let found = serialport::available_ports().unwrap_or_default();
    let mut names: Vec<String> = found.into_iter().map(|port| port.port_name).collect();
    names.sort();
    names
}

/// Bytes on their way to texts.
#[derive(Default)]
struct Texts {
    line: Vec<u8>,
    is_too_long: bool,
    /// This scanner ends its scans with a sign.
    has_ends: bool,
    /// Slices since the last byte.
    silent: u32,
}

impl Texts {
    fn take(&mut self, bytes: &[u8]) -> Vec<Heard> {
        self.silent = 0;
        let mut heard = Vec::new();
        for byte in bytes {
            if matches!(byte, b'\r' | b'\n') {
                self.has_ends = true;
                heard.extend(self.end());
            } else if self.line.len() < SCANNED {
                self.line.push(*byte);
            } else {
                self.is_too_long = true;
            }
        }
        heard
    }

    /// Nothing came for one slice more. A scanner that ends its scans with a sign and stops before it has
    /// not sent a whole one.
    fn wait(&mut self) -> Option<Heard> {
        self.silent = self.silent.saturating_add(1);
        if self.has_ends {
            if self.silent >= SCAN_STALLED {
                self.forget_line();
            }
            None
        } else if self.silent >= SCAN_GAP {
            self.end()
        } else {
            None
        }
    }

    fn end(&mut self) -> Option<Heard> {
        let (line, is_too_long) = (std::mem::take(&mut self.line), std::mem::take(&mut self.is_too_long));
        if is_too_long {
            return Some(Heard::TooLong);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() { None } else { Some(Heard::Scan(text.to_owned())) }
    }

    fn forget_line(&mut self) {
        self.line.clear();
        self.is_too_long = false;
    }

    fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests;
