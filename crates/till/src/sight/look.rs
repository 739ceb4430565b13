//! Looks through the camera while somebody watches: its newest frame is read, and what it shows told.
//!
//! Two threads: the camera's own, which may hang in a driver, and this one, which reads frames and so is busy
//! with arithmetic. Invariant: this one waits for the camera's never longer than for one frame; a camera that
//! was not given back yet is not opened a second time.

use super::in_view::{InView, Told, is_payment};
use super::preview::preview;
use super::worker::Job;
use super::{Codes, Eyes};
use crate::api::{CameraState, Sight};
use crate::clock::Clock;
use crate::limits;
use crate::settings::Camera;
use domain::payment::Mono;
use peripherals::camera::device::Wanted;
use peripherals::camera::{Closing, Fault, Live};
use peripherals::code::{Luma, Reader};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// See the module.
pub(super) struct Look {
    eyes: Arc<dyn Eyes>,
    codes: Codes,
    clock: Clock,
    told: watch::Sender<Arc<Sight>>,
    open: Option<Open>,
    /// The one before, which its driver may still hold.
    closing: Option<(Closing, Mono)>,
    reader: Reader,
    in_view: InView,
    /// The newest watch: a camera that cannot be used is tried again for each.
    watch: u64,
}

/// A camera that was started.
struct Open {
    live: Live,
    under: Camera,
    /// When it last said anything.
    heard: Mono,
    /// Nothing will come of it.
    is_over: bool,
}

impl Look {
    pub(super) fn new(eyes: Arc<dyn Eyes>, codes: Codes, clock: Clock) -> Self {
        let told = watch::Sender::new(Arc::default());
        let (reader, in_view) = (Reader::default(), InView::default());
        Self { eyes, codes, clock, told, open: None, closing: None, reader, in_view, watch: 0 }
    }

    /// Without a picture: why there is none.
    fn tell(&mut self, camera: CameraState) {
        self.in_view = InView::default();
        let sight = Sight { camera, ..Sight::default() };
        self.told.send_if_modified(|told| {
            let is_new = **told != sight;
            *told = Arc::new(sight);
            is_new
        });
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.closing = Some((open.live.close(), self.clock.mono()));
        }
    }

    /// Starts the camera as soon as the one before was given back.
    fn start(&mut self, camera: Camera, now: Mono) -> Duration {
        if let Some((closing, since)) = &self.closing
            && !closing.is_over()
        {
            let hangs = now.saturating_sub(*since) >= limits::CAMERA_CLOSES;
            self.tell(if hangs { CameraState::Busy } else { CameraState::Starting });
            return limits::FRAME_EVERY;
        }
        self.closing = None;
        self.tell(CameraState::Starting);
        let Camera { number, size, .. } = camera;
        match self.eyes.start(Wanted { number, size }) {
            Ok(live) => {
                self.reader = Reader::default();
                self.open = Some(Open { live, under: camera, heard: now, is_over: false });
                Duration::ZERO
            }
            Err(fault) => {
                self.tell(state_of(&fault));
                limits::CAMERA_OFF
            }
        }
    }

    fn look(&mut self, now: Mono) -> Duration {
        let Some(open) = &mut self.open else { return Duration::ZERO };
        if open.is_over {
            return limits::CAMERA_OFF;
        }
        match open.live.wait(limits::FRAME_EVERY) {
            Some(Ok(luma)) => {
                open.heard = now;
                let name = open.live.name().unwrap_or_default();
                self.show(&luma, name);
                let spent = self.clock.mono().saturating_sub(now);
                limits::FRAME_EVERY.saturating_sub(spent)
            }
            Some(Err(fault)) => {
                open.heard = now;
                open.is_over = !fault.may_pass();
                let is_told = fault == Fault::Ended && self.told.borrow().camera == CameraState::Unfit;
                if !is_told {
                    tracing::info!(%fault, "the camera shows nothing");
                    self.tell(state_of(&fault));
                }
                Duration::ZERO
            }
            None => {
                let silent = now.saturating_sub(open.heard);
                if silent >= limits::CAMERA_SILENT {
                    self.tell(CameraState::Away);
                } else if silent >= limits::IN_VIEW && self.told.borrow().preview.is_some() {
                    // What it showed last may be away, and must not be charged.
                    let camera = self.told.borrow().camera.clone();
                    self.tell(camera);
                }
                Duration::ZERO
            }
        }
    }

    /// Reads one frame and tells what it shows.
    fn show(&mut self, luma: &Luma, name: String) {
        let mut reading = self.reader.read_frame_for(luma, is_payment);
        let now = self.clock.mono();
        // A payment may begin with it at once: whatever else is in view is looked for first.
        if self.in_view.is_new(&reading, now) {
            self.reader.read_beside(luma, &mut reading);
        }
        self.in_view.look(&reading, now);
        let Told { hint, code, refused } = self.in_view.told(&self.codes, now);
        self.told.send_replace(Arc::new(Sight {
            camera: CameraState::Looking { name },
            preview: Some(preview(luma)),
            hint: hint.map(str::to_owned),
            code,
            refused: refused.map(str::to_owned),
        }));
    }
}

impl Job for Look {
    type Settings = Camera;
    type Told = Sight;

    fn subscribe(&self) -> watch::Receiver<Arc<Sight>> {
        self.told.subscribe()
    }

    fn work(&mut self, settings: &Camera, watch: u64) -> Duration {
        let now = self.clock.mono();
        self.codes.expire(now);
        let is_new = std::mem::replace(&mut self.watch, watch) != watch;
        let is_stale = |open: &Open| open.under != *settings || (open.is_over && is_new);
        if self.open.as_ref().is_some_and(is_stale) {
            self.close();
        }
        if !settings.is_used || !self.eyes.is_there() {
            self.close();
            self.tell(CameraState::Off);
            return limits::CAMERA_OFF;
        }
        if self.open.is_none() { self.start(*settings, now) } else { self.look(now) }
    }

    fn rest(&mut self) -> Option<Duration> {
        self.close();
        // Whoever watches next begins with this, and not with an old picture.
        self.tell(CameraState::default());
        self.codes.expire(self.clock.mono())
    }
}

const fn state_of(fault: &Fault) -> CameraState {
    match fault {
        Fault::Away { .. } => CameraState::Away,
        Fault::Busy { .. } => CameraState::Busy,
        Fault::Corrupt { .. } | Fault::Unfit { .. } | Fault::Ended => CameraState::Unfit,
    }
}
