//! The only reader of time. Wall-clock time names moments; the monotonic clock measures waits, so that a
//! clock set forward or back never ends a wait or closes a payment.

use domain::payment::Mono;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::time::Instant;

/// A clock. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    wall: Wall,
    /// Time zone of the shop.
    pub zone: TimeZone,
}

#[derive(Clone, Debug)]
enum Wall {
    System,
    /// Microseconds since 1970 at `started`; steps of the clock are added to it.
    Virtual(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    pub fn system(zone: TimeZone) -> Self {
        Self { started: Instant::now(), wall: Wall::System, zone }
    }
    /// A clock that shows `at` now and then follows tokio's time, which a test may pause.
    pub fn starting_at(at: Timestamp, zone: TimeZone) -> Self {
        let wall = Wall::Virtual(Arc::new(AtomicI64::new(at.as_microsecond())));
        Self { started: Instant::now(), wall, zone }
    }
    /// The same wall clock for a till that starts now: its monotonic clock begins anew.
    #[must_use]
    pub fn restarted(&self) -> Self {
        if let Wall::Virtual(base) = &self.wall {
            let elapsed = i64::try_from(self.mono().as_micros()).unwrap_or(i64::MAX);
            base.fetch_add(elapsed, Ordering::SeqCst);
        }
        Self { started: Instant::now(), wall: self.wall.clone(), zone: self.zone.clone() }
    }
    /// Sets a virtual wall clock forward or back; the monotonic clock does not move.
    pub fn step(&self, by: SignedDuration) {
        if let Wall::Virtual(base) = &self.wall {
            base.fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::SeqCst);
        }
    }
    /// The wall clock, in whole microseconds: what the journal keeps.
    pub fn now(&self) -> Timestamp {
        let micros = match &self.wall {
            Wall::System => Timestamp::now().as_microsecond(),
            Wall::Virtual(base) => {
                let elapsed = i64::try_from(self.mono().as_micros()).unwrap_or(i64::MAX);
                base.load(Ordering::SeqCst).saturating_add(elapsed)
            }
        };
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    /// Time since the till started.
    pub fn mono(&self) -> Mono {
        self.started.elapsed()
    }
    /// The tokio instant of a monotonic point.
    pub fn instant(&self, at: Mono) -> Instant {
        self.started + at
    }
    /// The wall clock minus the monotonic clock, milliseconds: changes only when the wall clock is set.
    pub fn wall_offset_ms(&self) -> i64 {
        let mono = i64::try_from(self.mono().as_millis()).unwrap_or(i64::MAX);
        self.now().as_millisecond().saturating_sub(mono)
    }
}
