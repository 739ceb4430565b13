//! Where the simulator's time comes from: a function given in.
//!
//! Invariant: nothing in this crate reads the wall clock; durations run on tokio's timers, time stamps
//! come from the clock given at construction.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A clock that starts at `start` and runs with tokio's time, paused or not.
pub fn clock_from(start: Timestamp) -> Clock {
    let began = Instant::now();
    Arc::new(move || {
        let passed = SignedDuration::try_from(began.elapsed()).unwrap_or(SignedDuration::MAX);
        start.checked_add(passed).unwrap_or(Timestamp::MAX)
    })
}
