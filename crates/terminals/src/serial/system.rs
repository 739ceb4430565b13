//! Serial ports of this computer.
//!
//! Opening, reading and writing a port can hang in the system, so threads of their own do it: one that
//! opens and reads, one that writes. A read wakes as soon as a byte is there; every [`SLICE`] it looks
//! whether anybody still wants it. Invariant: a port is open once in this program; at most one thread hangs
//! for each port.

use super::{FarEnd, Job, Line, Lines, PSEUDO, Place, Snag, Unwritten, UsbId, Wanted, is_played};
use crate::limits::serial::{OPEN, SLICE, WRITE_SLICES};
use async_trait::async_trait;
use serialport::{ClearBuffer, SerialPort, SerialPortType};
use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

/// Bytes that are taken at once.
const CHUNK: usize = 4_096;

/// A port that the system tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its path or name.
    pub port: String,
    /// The USB device behind it, where it is one.
    pub usb: Option<UsbId>,
}

/// See the module. Clones share what is open.
#[derive(Clone)]
pub struct SystemLines {
    look: Arc<dyn Fn() -> Vec<Seen> + Send + Sync>,
    held: Arc<Mutex<BTreeMap<PathBuf, Held>>>,
}

/// A port that is open, or being opened.
#[derive(Clone, Debug)]
struct Held {
    stop: Arc<AtomicBool>,
    in_use: Arc<AtomicBool>,
    outgoing: mpsc::WeakSender<Job>,
    /// True once both threads have let go.
    ended: watch::Receiver<bool>,
}

impl fmt::Debug for SystemLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemLines").finish_non_exhaustive()
    }
}

impl Default for SystemLines {
    fn default() -> Self {
        Self::seeing(system)
    }
}

impl SystemLines {
    /// Finds USB devices among what this tells, in place of what the system says.
    pub fn seeing(look: impl Fn() -> Vec<Seen> + Send + Sync + 'static) -> Self {
        Self { look: Arc::new(look), held: Arc::default() }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the line that this program has there, where nobody works with it.
    async fn take_over(&self, key: &PathBuf, port: &str) -> Result<(), Snag> {
        let Some(mut held) = self.held().get(key).cloned() else { return Ok(()) };
        if *held.ended.borrow() {
            return Ok(());
        }
        let in_use = || Snag::InUse { port: port.to_owned() };
        if held.in_use.load(Ordering::Acquire) {
            return Err(in_use());
        }
        held.stop.store(true, Ordering::Release);
        if let Some(outgoing) = held.outgoing.upgrade() {
            let _ = outgoing.try_send(Job::End);
        }
        let ended = timeout(OPEN, held.ended.wait_for(|ended| *ended)).await;
        if matches!(ended, Ok(Ok(_))) { Ok(()) } else { Err(in_use()) }
    }
}

#[async_trait]
impl Lines for SystemLines {
    async fn open(&self, wanted: &Wanted) -> Result<Line, Snag> {
        let port = find(&wanted.place, &(self.look)())?;
        // The same port under another name is the same port.
        let key = std::fs::canonicalize(&port).unwrap_or_else(|_| PathBuf::from(&port));
        let place = really(&port)?;
        self.take_over(&key, &port).await?;
        let (line, far) = Line::pair(&port);
        let (ending, ended) = watch::channel(false);
        let (stop, in_use) = (Arc::new(AtomicBool::new(false)), Arc::clone(&line.in_use));
        let outgoing = line.outgoing.downgrade();
        let held = Held { stop: Arc::clone(&stop), in_use, outgoing, ended };
        {
            let mut all = self.held();
            all.retain(|_, held| !*held.ended.borrow());
            if all.contains_key(&key) {
                return Err(Snag::InUse { port });
            }
            all.insert(key, held);
        }
        let (told, opened) = oneshot::channel();
        let baud = wanted.baud;
        let ending = Arc::new(Ending(ending));
        let thread = std::thread::Builder::new().name("serial".to_owned()).spawn(move || {
            work(&place, baud, far, &stop, ending, told);
        });
        let broken = |detail: String| Snag::Broken { port: port.clone(), detail };
        thread.map_err(|error| broken(error.to_string()))?;
        match timeout(OPEN, opened).await {
            Ok(Ok(opened)) => opened.map(|()| line),
            Ok(Err(_)) => Err(broken("its thread ended".to_owned())),
            Err(_) => Err(broken("the system does not answer".to_owned())),
        }
    }
}

/// Says that the port is let go when its last holder is dropped.
struct Ending(watch::Sender<bool>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

/// The port of a device.
fn find(place: &Place, seen: &[Seen]) -> Result<String, Snag> {
    let wanted = match place {
        Place::Port(port) => return Ok(port.clone()),
        Place::Usb(wanted) => wanted,
    };
    let fits = |seen: &&Seen| {
        seen.usb.as_ref().is_some_and(|usb| {
            (usb.vendor, usb.product) == (wanted.vendor, wanted.product)
                && (wanted.serial.is_none() || usb.serial == wanted.serial)
        })
    };
    let ports: Vec<&str> = seen.iter().filter(fits).map(|seen| seen.port.as_str()).collect();
    match ports.as_slice() {
        [port] => Ok((*port).to_owned()),
        [] => Err(Snag::Missing { place: place.to_string() }),
        several => Err(Snag::Several { place: place.to_string(), ports: several.join(", ") }),
    }
}

/// What the system tells of its ports. A device with several ports names the first of them.
fn system() -> Vec<Seen> {
    let told = serialport::available_ports().unwrap_or_default();
    let mut seen: Vec<Seen> = told
        .into_iter()
        .map(|port| Seen {
            port: port.port_name,
            usb: match port.port_type {
                SerialPortType::UsbPort(usb) => {
                    Some(UsbId { vendor: usb.vid, product: usb.pid, serial: usb.serial_number })
                }
                SerialPortType::PciPort | SerialPortType::BluetoothPort | SerialPortType::Unknown => None,
            },
        })
        .collect();
    seen.sort_by(|one, other| one.port.cmp(&other.port));
    // Both ends of a modem's port (macOS) and both halves of one device are one place.
    seen.dedup_by(|later, first| later.usb.is_some() && later.usb == first.usb && has_number(&later.usb));
    seen
}

fn has_number(usb: &Option<UsbId>) -> bool {
    usb.as_ref().is_some_and(|usb| usb.serial.is_some())
}

/// Opens the port, says so, and reads until nobody wants it.
fn work(
    port: &str,
    baud: u32,
    far: FarEnd,
    stop: &Arc<AtomicBool>,
    ending: Arc<Ending>,
    told: oneshot::Sender<Result<(), Snag>>,
) {
    let FarEnd { to, from } = far;
    let (mut reads, writes) = match open(port, baud) {
        Ok(both) => both,
        Err(snag) => {
            // Let go before it is told: whoever tries again at once finds the port free.
            drop((from, to, ending));
            let _ = told.send(Err(snag));
            return;
        }
    };
    let (also, stopped) = (Arc::clone(&ending), Arc::clone(stop));
    let writer = std::thread::Builder::new().name("serial out".to_owned()).spawn(move || {
        let _until_it_ends = also;
        write(writes, from, &stopped);
    });
    if let Err(error) = writer {
        drop((reads, ending));
        let _ = told.send(Err(Snag::Broken { port: port.to_owned(), detail: error.to_string() }));
        return;
    }
    if told.send(Ok(())).is_err() {
        tracing::info!(port, "a port was opened after its limit");
        return;
    }
    read(reads.as_mut(), &to, stop, port);
    stop.store(true, Ordering::Release);
    drop((reads, to));
}

/// What is opened for this port. What a folder for practice may open does not become a real device by a
/// link, neither before nor after it was looked at.
fn really(port: &str) -> Result<String, Snag> {
    if !is_played(port) {
        return Ok(port.to_owned());
    }
    match std::fs::canonicalize(port) {
        Ok(real) if real.starts_with(PSEUDO) => Ok(real.to_string_lossy().into_owned()),
        Ok(_) => Err(Snag::Real { port: port.to_owned() }),
        Err(_) => Err(Snag::Missing { place: port.to_owned() }),
    }
}

type Halves = (Box<dyn SerialPort>, Box<dyn SerialPort>);

fn open(port: &str, baud: u32) -> Result<Halves, Snag> {
    let broken =
        |error: serialport::Error| Snag::Broken { port: port.to_owned(), detail: error.to_string() };
    let opened = serialport::new(port, baud).timeout(SLICE).dtr_on_open(true).open();
    let mut line = opened.map_err(|error| why(port, &error))?;
    // Devices that mind want both; a pseudo-terminal has neither.
    let _ = line.write_request_to_send(true);
    // What came while nobody listened answers nothing of ours.
    let _ = line.clear(ClearBuffer::Input);
    let other = line.try_clone().map_err(broken)?;
    Ok((line, other))
}

fn why(port: &str, error: &serialport::Error) -> Snag {
    let port = port.to_owned();
    let says = error.to_string();
    match error.kind() {
        serialport::ErrorKind::Io(ErrorKind::PermissionDenied) => {
            let group = group_of(&port);
            Snag::Forbidden { port, group }
        }
        serialport::ErrorKind::Io(ErrorKind::NotFound) => Snag::Missing { place: port },
        serialport::ErrorKind::NoDevice if says.contains("lock") || says.contains("busy") => {
            Snag::Busy { port }
        }
        serialport::ErrorKind::Io(ErrorKind::ResourceBusy) => Snag::Busy { port },
        serialport::ErrorKind::NoDevice => Snag::Missing { place: port },
        serialport::ErrorKind::InvalidInput
        | serialport::ErrorKind::Unknown
        | serialport::ErrorKind::Io(_) => Snag::Broken { port, detail: says },
    }
}

/// The group whose members may open the port.
#[cfg(unix)]
fn group_of(port: &str) -> String {
    use std::os::unix::fs::MetadataExt;
    let number = std::fs::metadata(port).map(|about| about.gid()).ok();
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let named = groups.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, id) = (parts.next()?, parts.nth(1)?);
        (id.parse().ok() == number && number.is_some()).then(|| name.to_owned())
    });
    // Debian and its kin call it dialout, Arch and its kin uucp.
    named.filter(|name| name != "root").unwrap_or_else(|| "dialout or uucp".to_owned())
}

#[cfg(not(unix))]
fn group_of(_port: &str) -> String {
    "of administrators".to_owned()
}

fn read(line: &mut dyn SerialPort, to: &mpsc::Sender<Vec<u8>>, stop: &AtomicBool, port: &str) {
    let mut bytes = vec![0; CHUNK];
    while !stop.load(Ordering::Acquire) && !to.is_closed() {
        match line.read(&mut bytes) {
            Ok(0) => break,
            Ok(count) => {
                let taken = bytes.get(..count).unwrap_or_default().to_vec();
                if to.blocking_send(taken).is_err() {
                    break;
                }
            }
            Err(error) if is_slow(&error) => {}
            Err(error) => {
                tracing::info!(port, %error, "a serial line has ended");
                break;
            }
        }
    }
}

fn write(mut line: Box<dyn SerialPort>, mut from: mpsc::Receiver<Job>, stop: &AtomicBool) {
    while let Some(Job::Write(bytes, told)) = from.blocking_recv() {
        let written = all(line.as_mut(), &bytes, stop);
        let failed = written.is_err();
        let _ = told.send(written);
        if failed {
            break;
        }
    }
    // The reading half lets go, too.
    stop.store(true, Ordering::Release);
}

fn all(line: &mut dyn SerialPort, bytes: &[u8], stop: &AtomicBool) -> Result<(), Unwritten> {
    let (mut rest, mut left) = (bytes, WRITE_SLICES);
    let unwritten = |rest: &[u8], detail: String| {
        let nothing = rest.len() == bytes.len();
        if nothing { Unwritten::NothingLeft(detail) } else { Unwritten::MaybeLeft(detail) }
    };
    while !rest.is_empty() {
        if stop.load(Ordering::Acquire) {
            return Err(unwritten(rest, "the line has ended".to_owned()));
        }
        match line.write(rest) {
            Ok(count) if count > 0 => rest = rest.get(count..).unwrap_or_default(),
            Ok(_) => left -= 1,
            Err(error) if is_slow(&error) => left -= 1,
            Err(error) => return Err(unwritten(rest, error.to_string())),
        }
        if left == 0 {
            return Err(unwritten(rest, "the port takes no more".to_owned()));
        }
    }
    Ok(())
}

/// Whether the wait was over before anything came.
fn is_slow(error: &std::io::Error) -> bool {
    [ErrorKind::Interrupted, ErrorKind::TimedOut, ErrorKind::WouldBlock].contains(&error.kind())
}
