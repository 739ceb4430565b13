//! A camera on a thread of its own.
//!
//! The thread opens the camera, makes luma of each frame and puts it where the newest one waits; when the
//! camera goes away or is busy it says why, waits a little and tries again, for as long as somebody reads.
//! Invariant: whatever a camera does, the thread ends only when nobody reads or nothing can ever come; a
//! corrupt frame is left out, and many in a row are told once.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::device::{Cameras, Coding, Device, Plugged, Raw, Wanted};
use super::mailbox::{Inlet, Outlet, mailbox};
use super::{Fault, FrameSource, jpeg, raw};
use crate::code::Luma;
use crate::limits::CORRUPT_IN_A_ROW;

/// A camera whose newest frame waits to be taken.
#[derive(Debug)]
pub struct Live {
    outlet: Outlet,
    opened: Opened,
    thread: JoinHandle<()>,
}

/// The name of the camera that was opened last.
type Opened = Arc<Mutex<Option<String>>>;

impl Live {
    /// Starts its thread. A camera that is away or busy is left alone for `again` before the next try.
    ///
    /// # Errors
    /// [`Fault::Unfit`] where the system has no thread left.
    pub fn start(cameras: impl Cameras + 'static, wanted: Wanted, again: Duration) -> Result<Self, Fault> {
        let (inlet, outlet) = mailbox();
        let opened = Opened::default();
        let work = Work { cameras: Box::new(cameras), wanted, known: None, opened: Arc::clone(&opened) };
        let spawned =
            thread::Builder::new().name("camera".to_owned()).spawn(move || work.run(&inlet, again));
        // The thread ends by itself once nobody reads, or when a camera that has stopped sending goes away.
        let thread = spawned.map_err(|error| Fault::Unfit { detail: error.to_string() })?;
        Ok(Self { outlet, opened, thread })
    }

    /// The name that the camera gives itself; nothing before one was opened.
    pub fn name(&self) -> Option<String> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads no more, without waiting for anything. The camera is given back when the thread that is told
    /// about here has ended: a driver that hangs keeps it.
    pub fn close(self) -> Closing {
        Closing(self.thread)
    }

    /// The newest frame, or why there is none, waiting for it at most for `limit`; `None` where nothing came.
    pub fn wait(&self, limit: Duration) -> Option<Result<Luma, Fault>> {
        let taken = self.outlet.take(limit);
        if taken.is_none() && self.outlet.is_done() { Some(Err(Fault::Ended)) } else { taken }
    }

    /// Frames that nobody looked at.
    pub fn dropped(&self) -> u64 {
        self.outlet.dropped()
    }
}

/// A camera that is being given back.
#[derive(Debug)]
pub struct Closing(JoinHandle<()>);

impl Closing {
    /// Whether it was.
    pub fn is_over(&self) -> bool {
        self.0.is_finished()
    }
}

impl FrameSource for Live {
    fn frame(&mut self, _now: Duration) -> Result<Option<Luma>, Fault> {
        self.wait(Duration::ZERO).transpose()
    }
}

/// What the thread has.
struct Work {
    cameras: Box<dyn Cameras>,
    wanted: Wanted,
    /// The one that worked last: it is looked for by name when the cable was pulled.
    known: Option<Plugged>,
    /// Its name, for whoever reads.
    opened: Opened,
}

impl Work {
    fn run(mut self, inlet: &Inlet, again: Duration) {
        loop {
            let Err(fault) = self.show(inlet) else { return };
            let may_pass = fault.may_pass();
            if !inlet.put(Err(fault)) || !may_pass || inlet.is_left_within(again) {
                return;
            }
        }
    }

    /// Opens the camera and shows its frames until it stops; well where nobody reads.
    fn show(&mut self, inlet: &Inlet) -> Result<(), Fault> {
        let wanted = self.wanted;
        let mut first_fault = None;
        for camera in self.candidates()? {
            match self.cameras.open(camera.number, &|offers| wanted.best(offers)) {
                Ok(mut device) => {
                    let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
                    *opened = Some(camera.name.clone());
                    drop(opened);
                    self.known = Some(camera);
                    return frames(device.as_mut(), inlet);
                }
                // A camera that is there and cannot be used tells more than one that is not.
                Err(fault) => {
                    first_fault.get_or_insert(fault);
                }
            }
        }
        Err(first_fault.unwrap_or_else(|| Fault::Away { detail: "none is plugged in".to_owned() }))
    }

    /// The cameras to try, in order.
    fn candidates(&mut self) -> Result<Vec<Plugged>, Fault> {
        let mut plugged = self.cameras.plugged()?;
        if let Some(known) = &self.known {
            plugged.sort_by_key(|camera| camera.name != known.name);
            plugged.truncate(usize::from(plugged.first().is_some_and(|camera| camera.name == known.name)));
        } else if let Some(number) = self.wanted.number {
            plugged.retain(|camera| camera.number == number);
        }
        let gone = || match (&self.known, self.wanted.number) {
            (Some(known), _) => format!("{} is not plugged in", known.name),
            (None, Some(number)) => format!("none has the number {number}"),
            (None, None) => "none is plugged in".to_owned(),
        };
        if plugged.is_empty() { Err(Fault::Away { detail: gone() }) } else { Ok(plugged) }
    }
}

fn frames(device: &mut dyn Device, inlet: &Inlet) -> Result<(), Fault> {
    let mut corrupt = 0;
    while !inlet.is_left_within(Duration::ZERO) {
        let shown = match device.next().and_then(|raw| luma(&raw)) {
            Ok(luma) => {
                corrupt = 0;
                inlet.put(Ok(luma))
            }
            Err(fault @ Fault::Corrupt { .. }) => {
                corrupt += 1;
                corrupt != CORRUPT_IN_A_ROW || inlet.put(Err(fault))
            }
            Err(fault @ (Fault::Away { .. } | Fault::Busy { .. } | Fault::Unfit { .. } | Fault::Ended)) => {
                return Err(fault);
            }
        };
        if !shown {
            break;
        }
    }
    Ok(())
}

fn luma(raw: &Raw<'_>) -> Result<Luma, Fault> {
    match raw.coding {
        Coding::Jpeg => jpeg::luma(&raw.bytes),
        Coding::Plain(layout) => raw::luma(layout, raw.width, raw.height, &raw.bytes),
    }
}

#[cfg(test)]
mod tests;
