//! A simulated device at a real port, or at a pseudo-terminal of its own.
//!
//! Invariant: a device whose cable is pulled has no port; plugged in again it has another one.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;

use super::tty::Tty;

/// Before a port that is not there is looked for again.
const AGAIN: Duration = Duration::from_millis(200);

/// What can be on a cable.
pub trait Cabled: Send + Sync + 'static {
    /// Speaks until the cable is pulled or the line ends.
    fn serve(&self, tty: &mut Tty) -> impl Future<Output = ()> + Send;

    /// Whether the cable is in.
    fn is_plugged(&self) -> bool;

    /// Returns when the cable is in.
    fn is_back(&self) -> impl Future<Output = ()> + Send;
}

/// Where it is plugged in.
pub struct Place {
    /// A port of the computer; nothing: a pseudo-terminal is made.
    pub port: Option<PathBuf>,
    /// A link to the pseudo-terminal of the moment, whatever that is called.
    pub link: Option<PathBuf>,
}

impl Place {
    /// The device's end, and where the till finds the other one.
    ///
    /// # Errors
    /// The system gives none.
    pub fn open(&self) -> io::Result<(Tty, PathBuf)> {
        if let Some(port) = &self.port {
            return Ok((Tty::open(port)?, port.clone()));
        }
        let (tty, path) = Tty::pair()?;
        if let Some(link) = &self.link {
            let beside = link.with_extension("new");
            let _ = std::fs::remove_file(&beside);
            std::os::unix::fs::symlink(&path, &beside)?;
            std::fs::rename(&beside, link)?;
            return Ok((tty, link.clone()));
        }
        Ok((tty, path))
    }
}

/// Keeps a device at its place, pulled out and plugged in as it may be. Tells where it is at the moment.
pub async fn stay(device: impl Cabled, place: Place, first: Tty, ports: watch::Sender<PathBuf>) {
    let mut tty = first;
    loop {
        device.serve(&mut tty).await;
        if device.is_plugged() {
            continue;
        }
        drop(tty);
        ports.send_replace(PathBuf::new());
        device.is_back().await;
        tty = loop {
            match place.open() {
                Ok((tty, path)) => {
                    ports.send_replace(path);
                    break tty;
                }
                Err(cause) => {
                    tracing::warn!(%cause, "no port to be plugged into yet");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        };
    }
}
