//! A printer on a serial line, also one that an adapter makes out of USB or Bluetooth.
//!
//! Opening and writing a port can hang in the system, so a thread of its own does it, which nobody waits for
//! when the limit is over. Invariant: as for [`super::file`]: at most one thread hangs per printer; and a
//! printer that says it has no paper, or that its cover is open, gets no byte of the slip.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serialport::{ClearBuffer, SerialPort};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::paper::{Paper, is_answer, is_cover_open};
use super::{Fault, Printed};
use crate::escpos::{ASK_OFFLINE, ASK_PAPER};
use crate::limits::{BAUD, BAUDS, Limits, SLICE};

/// Bytes handed over at once: a printer that stops in the middle is noticed soon.
const CHUNK: usize = 256;
const NEEDED: &str = "a serial port, with its speed after a comma where it is not 9600, for example \
    /dev/ttyUSB0,19200 or COM3";

/// A port and its speed, and whether a thread is busy with it.
#[derive(Debug)]
pub struct Line {
    port: String,
    baud: u32,
    busy: Arc<AtomicBool>,
}

impl Line {
    /// Reads `PORT` or `PORT,BAUD`.
    pub(super) fn of(target: &str) -> Result<Self, Fault> {
        let wrong = Fault::Setting { field: "target", needed: NEEDED };
        let (port, baud) = target.split_once(',').unwrap_or((target, ""));
        let (port, baud) = (port.trim(), baud.trim());
        let baud = if target.contains(',') { baud.parse().unwrap_or(0) } else { BAUD };
        if port.is_empty() || !BAUDS.contains(&baud) {
            return Err(wrong);
        }
        Ok(Self { port: port.to_owned(), baud, busy: Arc::default() })
    }

    pub(super) async fn print(&self, bytes: &[u8], limits: &Limits) -> Result<Printed, Fault> {
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(self.fault(Step::Open("it is still busy with an earlier slip".to_owned())));
        }
        let (told, hears) = oneshot::channel();
        let (port, baud, busy) = (self.port.clone(), self.baud, Arc::clone(&self.busy));
        let (bytes, limits) = (bytes.to_vec(), *limits);
        let thread = std::thread::Builder::new().name("printer".to_owned()).spawn(move || {
            let done = talk(&port, baud, &bytes, &limits);
            busy.store(false, Ordering::Release);
            if told.send(done).is_err() {
                tracing::info!(port, "a printer came back after its limit");
            }
        });
        if let Err(error) = thread {
            self.busy.store(false, Ordering::Release);
            return Err(self.fault(Step::Open(error.to_string())));
        }
        let whole = limits.connect + limits.status * 2 + limits.write + limits.done;
        match timeout(whole, hears).await {
            Ok(Ok(done)) => done.map_err(|step| self.fault(step)),
            Ok(Err(_)) => Err(self.fault(Step::Write("its thread ended".to_owned()))),
            Err(_) => Err(self.fault(Step::Write("it takes no more and says nothing".to_owned()))),
        }
    }

    fn fault(&self, step: Step) -> Fault {
        let target = self.port.clone();
        match step {
            Step::Open(detail) => Fault::Away { target, detail },
            Step::Write(detail) => Fault::Stopped { target, detail },
            Step::NoPaper => Fault::PaperOut,
            Step::CoverOpen => Fault::CoverOpen,
        }
    }
}

/// Where it went wrong.
enum Step {
    Open(String),
    Write(String),
    NoPaper,
    CoverOpen,
}

fn talk(port: &str, baud: u32, bytes: &[u8], limits: &Limits) -> Result<Printed, Step> {
    let open = serialport::new(port, baud).timeout(SLICE).open();
    let mut line = open.map_err(|error| Step::Open(error.to_string()))?;
    // What an earlier program left unread is no answer of ours.
    let _ = line.clear(ClearBuffer::Input);
    let before = Paper::of(asked(&mut line, ASK_PAPER, limits.status)?);
    let cover = match before {
        Paper::Silent => None,
        // With the cover open the paper may seem to be out: the cover is what somebody must see to first.
        Paper::Enough | Paper::Low | Paper::Out => asked(&mut line, ASK_OFFLINE, limits.status)?,
    };
    if cover.is_some_and(is_cover_open) {
        return Err(Step::CoverOpen);
    }
    if before == Paper::Out {
        return Err(Step::NoPaper);
    }
    hand_over(&mut line, bytes, limits.write)?;
    if before == Paper::Silent {
        return Ok(Printed::default());
    }
    // A late answer about the cover may be taken for one about paper: then somebody looks once for nothing.
    match Paper::of(asked(&mut line, ASK_PAPER, limits.done)?) {
        Paper::Out => Err(Step::NoPaper),
        after @ (Paper::Enough | Paper::Low | Paper::Silent) => {
            Ok(Printed { paper_low: before == Paper::Low || after == Paper::Low })
        }
    }
}

/// How many waits for the port a limit is.
fn slices(limit: Duration) -> u128 {
    limit.as_millis().div_ceil(SLICE.as_millis().max(1))
}

fn hand_over(line: &mut Box<dyn SerialPort>, bytes: &[u8], limit: Duration) -> Result<(), Step> {
    let mut left = slices(limit);
    for chunk in bytes.chunks(CHUNK) {
        let mut rest = chunk;
        while !rest.is_empty() {
            match line.write(rest) {
                Ok(count) if count > 0 => rest = rest.get(count..).unwrap_or_default(),
                Ok(_) => left = left.saturating_sub(1),
                Err(error) if is_slow(&error) => left = left.saturating_sub(1),
                Err(error) => return Err(Step::Write(error.to_string())),
            }
            if left == 0 {
                return Err(Step::Write("it takes no more and says nothing".to_owned()));
            }
        }
    }
    Ok(())
}

/// Asks, and reads until an answer or the limit.
fn asked(line: &mut Box<dyn SerialPort>, question: [u8; 3], limit: Duration) -> Result<Option<u8>, Step> {
    hand_over(line, &question, limit)?;
    let mut byte = [0_u8];
    // A byte that is no answer counts as a wait: nothing can talk on for ever.
    for _ in 0..slices(limit) {
        match line.read(&mut byte) {
            Ok(0) => {}
            Ok(_) => {
                let [byte] = byte;
                if is_answer(byte) {
                    return Ok(Some(byte));
                }
            }
            Err(error) if is_slow(&error) => {}
            Err(error) => return Err(Step::Write(error.to_string())),
        }
    }
    Ok(None)
}

/// Whether the wait was over before anything came.
pub fn is_slow(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    [Interrupted, TimedOut, WouldBlock].contains(&error.kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_may_have_a_speed() {
        for (target, port, baud) in [
            ("/dev/ttyUSB0", "/dev/ttyUSB0", 9_600),
            ("/dev/ttyUSB0,19200", "/dev/ttyUSB0", 19_200),
            ("COM3, 115200", "COM3", 115_200),
        ] {
            let line = Line::of(target).unwrap();
            assert_eq!((line.port.as_str(), line.baud), (port, baud), "{target}");
        }
        for bad in ["", ",9600", "/dev/ttyS0,", "/dev/ttyS0,fast", "/dev/ttyS0,1"] {
            assert!(matches!(Line::of(bad), Err(Fault::Setting { field: "target", .. })), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_port_that_is_not_there_is_away_and_says_so_again() {
        let line = Line::of("/dev/there-is-no-such-port").unwrap();
        for _ in 0..2 {
            let fault = line.print(b"slip", &Limits::SHOP).await.unwrap_err();
            assert!(matches!(fault, Fault::Away { .. }), "{fault:?}");
        }
    }
}
