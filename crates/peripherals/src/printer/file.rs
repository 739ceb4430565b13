//! A file that slips are added to, or a device that looks like one.
//!
//! Opening or writing a device can hang in the system for ever, where no deadline reaches. Therefore a
//! thread of its own does it, which nobody waits for when the limit is over. Invariant: at most one thread
//! hangs per printer; until it comes back the printer is away.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Fault, Printed};
use crate::limits::Limits;

/// A path, and whether a thread is busy with it.
#[derive(Debug)]
pub struct Device {
    path: PathBuf,
    busy: Arc<AtomicBool>,
}

impl Device {
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), busy: Arc::default() }
    }

    pub(super) async fn print(&self, bytes: &[u8], limits: &Limits) -> Result<Printed, Fault> {
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(self.away("it is still busy with an earlier slip"));
        }
        let (told, hears) = oneshot::channel();
        let (path, bytes, busy) = (self.path.clone(), bytes.to_vec(), Arc::clone(&self.busy));
        let thread = std::thread::Builder::new().name("printer".to_owned()).spawn(move || {
            let done = add(&path, &bytes);
            busy.store(false, Ordering::Release);
            if told.send(done).is_err() {
                tracing::info!(path = %path.display(), "a printer came back after its limit");
            }
        });
        if let Err(error) = thread {
            self.busy.store(false, Ordering::Release);
            return Err(self.away(&error));
        }
        match timeout(limits.write, hears).await {
            Ok(Ok(Ok(()))) => Ok(Printed::default()),
            Ok(Ok(Err(Step::Open(error)))) => Err(self.away(&error)),
            Ok(Ok(Err(Step::Write(error)))) => Err(self.stopped(&error)),
            Ok(Err(_)) => Err(self.stopped(&"its thread ended")),
            Err(_) => Err(self.stopped(&"it takes no more and says nothing")),
        }
    }

    fn away(&self, detail: &(impl ToString + ?Sized)) -> Fault {
        Fault::Away { target: self.path.display().to_string(), detail: detail.to_string() }
    }

    fn stopped(&self, detail: &impl ToString) -> Fault {
        Fault::Stopped { target: self.path.display().to_string(), detail: detail.to_string() }
    }
}

/// Where it went wrong.
enum Step {
    Open(std::io::Error),
    Write(std::io::Error),
}

/// No wait for the disk: a slip is no record, the journal is. Asking how it is makes no file.
fn add(path: &Path, bytes: &[u8]) -> Result<(), Step> {
    if bytes.is_empty() {
        return could_be_opened(path).map_err(Step::Open);
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path).map_err(Step::Open)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(Step::Write)
}

fn could_be_opened(path: &Path) -> std::io::Result<()> {
    let Err(error) = OpenOptions::new().append(true).open(path) else { return Ok(()) };
    let has_folder = path.parent().is_some_and(Path::is_dir);
    if error.kind() == ErrorKind::NotFound && has_folder { Ok(()) } else { Err(error) }
}
