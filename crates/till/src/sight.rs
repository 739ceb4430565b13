//! What customers show: the camera that looks for it, and the hand scanner that reads it.
//!
//! It stands beside the payment loop, never in it: camera and scanner work on threads of their own, for as
//! long as somebody watches, and what they see is told newest-only. The loop takes one thing from here, the
//! code behind a number ([`Codes`]), from memory.
//! Invariants: nothing here waits for a camera or a port but their own threads; a code's text is in memory
//! alone, and not for long; a camera that is away, busy or sends rubbish is a state and never an end.

mod codes;
mod in_view;
mod listen;
mod look;
mod preview;
mod worker;

pub(crate) use codes::{Codes, Unknown, hex};

use crate::api::{Scans, Sight};
use crate::clock::Clock;
use crate::limits;
use crate::settings::{Camera, Scanner, Settings};
use async_trait::async_trait;
use listen::Listen;
use look::Look;
use peripherals::camera::device::{Cameras, Plugged, Wanted};
use peripherals::camera::{Fault, FolderCamera, Live, SystemCameras};
use peripherals::limits::CAMERA_AGAIN;
use std::any::Any;
use std::fmt::{self, Debug};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{oneshot, watch};
use worker::Worker;

/// What can be looked and listened with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Cameras that are plugged in.
    pub cameras: Vec<Plugged>,
    /// Serial ports by name.
    pub ports: Vec<String>,
}

/// Where cameras come from.
#[async_trait]
pub trait Eyes: Debug + Send + Sync {
    /// Whether there can be any.
    fn is_there(&self) -> bool;
    /// Starts one on a thread of its own.
    ///
    /// # Errors
    /// [`Fault::Unfit`] where the system has no thread left.
    fn start(&self, wanted: Wanted) -> Result<Live, Fault>;
    /// What is plugged in now, within a limit.
    async fn found(&self) -> Found;
}

/// This computer's cameras and ports.
#[derive(Debug, Default)]
pub struct SystemEyes {
    /// A thread is asking the system, which may hang.
    asks: Arc<AtomicBool>,
}

#[async_trait]
impl Eyes for SystemEyes {
    fn is_there(&self) -> bool {
        cfg!(feature = "camera")
    }
    fn start(&self, wanted: Wanted) -> Result<Live, Fault> {
        Live::start(SystemCameras, wanted, CAMERA_AGAIN)
    }
    async fn found(&self) -> Found {
        if self.asks.swap(true, Ordering::AcqRel) {
            return Found::default();
        }
        let (told, hears) = oneshot::channel();
        let asks = Arc::clone(&self.asks);
        let thread = std::thread::Builder::new().name("plugged".to_owned()).spawn(move || {
            let cameras = SystemCameras.plugged().unwrap_or_default();
            let found = Found { cameras, ports: peripherals::scanner::ports() };
            asks.store(false, Ordering::Release);
            // Whoever asked may have stopped waiting.
            let _ = told.send(found);
        });
        if thread.is_err() {
            self.asks.store(false, Ordering::Release);
        }
        tokio::time::timeout(limits::PLUGGED, hears).await.ok().and_then(Result::ok).unwrap_or_default()
    }
}

/// A folder of pictures in place of a camera, for demonstrations and tests: the newest is what it sees.
#[derive(Debug)]
pub struct FolderEyes {
    folder: PathBuf,
    system: SystemEyes,
}

impl FolderEyes {
    /// Pictures of this folder.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), system: SystemEyes::default() }
    }
}

#[async_trait]
impl Eyes for FolderEyes {
    fn is_there(&self) -> bool {
        true
    }
    fn start(&self, wanted: Wanted) -> Result<Live, Fault> {
        // It stands in for the camera of the settings, whichever that is.
        Live::start(FolderCamera::of(&self.folder), Wanted { number: None, ..wanted }, CAMERA_AGAIN)
    }
    async fn found(&self) -> Found {
        let cameras = FolderCamera::of(&self.folder).plugged().unwrap_or_default();
        Found { cameras, ..self.system.found().await }
    }
}

/// No camera, and no ports to choose from.
#[derive(Clone, Copy, Debug)]
pub struct NoEyes;

#[async_trait]
impl Eyes for NoEyes {
    fn is_there(&self) -> bool {
        false
    }
    fn start(&self, _wanted: Wanted) -> Result<Live, Fault> {
        Err(Fault::Away { detail: "there is none".to_owned() })
    }
    async fn found(&self) -> Found {
        Found::default()
    }
}

/// Somebody watches: what works for them does so until the last of these is dropped.
pub struct Watching<T> {
    /// The newest value.
    pub values: watch::Receiver<Arc<T>>,
    /// Ends the watch when it is dropped.
    pub until: Until,
}

/// Ends a watch when it is dropped.
pub struct Until(#[allow(dead_code)] Box<dyn Any + Send + Sync>); // only its end counts

impl Until {
    /// Ends with this.
    pub(crate) fn of(end: impl Any + Send + Sync) -> Self {
        Self(Box::new(end))
    }
}

impl Debug for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Until")
    }
}

impl<T> Debug for Watching<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watching")
    }
}

/// Camera and scanner of a till. Clones share them.
#[derive(Clone)]
pub(crate) struct Senses {
    eyes: Arc<dyn Eyes>,
    codes: Codes,
    camera: Arc<Worker<Look>>,
    scanner: Arc<Worker<Listen>>,
}

impl Debug for Senses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Senses").field("eyes", &self.eyes).finish_non_exhaustive()
    }
}

impl Senses {
    /// Those of these settings. Nothing is opened before somebody watches.
    pub(crate) fn of(eyes: Arc<dyn Eyes>, settings: &Settings, clock: &Clock) -> Self {
        let codes = Codes::default();
        let look = Look::new(Arc::clone(&eyes), codes.clone(), clock.clone());
        let listen = Listen::new(clock.clone());
        Self {
            eyes,
            codes,
            camera: Arc::new(Worker::new("sight", look, settings.camera)),
            scanner: Arc::new(Worker::new("scanner", listen, settings.scanner.clone())),
        }
    }
    /// Other settings count at once.
    pub(crate) fn set(&self, camera: Camera, scanner: &Scanner) {
        self.camera.set(camera);
        self.scanner.set(scanner.clone());
    }
    pub(crate) fn codes(&self) -> &Codes {
        &self.codes
    }
    pub(crate) fn sight(&self) -> Watching<Sight> {
        self.camera.watch()
    }
    pub(crate) fn scans(&self) -> Watching<Scans> {
        self.scanner.watch()
    }
    pub(crate) async fn found(&self) -> Found {
        self.eyes.found().await
    }
    /// The till ends: whoever watches is told so, and nothing is kept.
    pub(crate) fn close(&self) {
        self.camera.close();
        self.scanner.close();
        self.codes.forget();
    }
}

/// The till's own hold on them: they end with it.
#[derive(Debug)]
pub(crate) struct Kept(pub(crate) Senses);

impl std::ops::Deref for Kept {
    type Target = Senses;
    fn deref(&self) -> &Senses {
        &self.0
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests;
