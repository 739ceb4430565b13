//! Room for one frame between the thread that fills it and the one that reads.
//!
//! Invariant: never more than one frame waits, neither side waits for the other to be ready, and a wait has a
//! limit. A side that is dropped is noticed by the other.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::camera::Fault;
use crate::code::Luma;

#[derive(Debug, Default)]
struct Room {
    state: Mutex<State>,
    filled: Condvar,
}

#[derive(Debug, Default)]
struct State {
    newest: Option<Result<Luma, Fault>>,
    dropped: u64,
    closed: bool,
}

/// Where frames are put.
#[derive(Debug)]
pub struct Inlet(Arc<Room>);

/// Where they are taken.
#[derive(Debug)]
pub struct Outlet(Arc<Room>);

/// Room for one frame.
pub fn mailbox() -> (Inlet, Outlet) {
    let room = Arc::new(Room::default());
    (Inlet(Arc::clone(&room)), Outlet(room))
}

impl Inlet {
    /// Puts a frame, or why there is none, in the place of the one that waits. False once nobody reads.
    pub fn put(&self, frame: Result<Luma, Fault>) -> bool {
        let mut state = self.0.lock();
        if state.closed {
            return false;
        }
        state.dropped += u64::from(state.newest.replace(frame).is_some());
        self.0.filled.notify_one();
        true
    }
}

impl Inlet {
    /// Waits until nobody reads any more, at most for `limit`, and tells whether that is so.
    pub fn is_left_within(&self, limit: Duration) -> bool {
        let state = self.0.lock();
        if state.closed || limit.is_zero() {
            return state.closed;
        }
        let waited = self.0.filled.wait_timeout_while(state, limit, |state| !state.closed);
        waited.unwrap_or_else(PoisonError::into_inner).0.closed
    }
}

impl Outlet {
    /// The newest frame, waiting for one at most for `limit`; `None` where none came.
    pub fn take(&self, limit: Duration) -> Option<Result<Luma, Fault>> {
        let state = self.0.lock();
        let waits = |state: &mut State| state.newest.is_none() && !state.closed;
        let waited = self.0.filled.wait_timeout_while(state, limit, waits);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.newest.take()
    }

    /// Frames that nobody looked at.
    pub fn dropped(&self) -> u64 {
        self.0.lock().dropped
    }

    /// Whether the other side has ended and nothing waits.
    pub fn is_done(&self) -> bool {
        let state = self.0.lock();
        state.closed && state.newest.is_none()
    }
}

impl Room {
    /// A thread that panicked while it held the room left it whole: each change is one assignment.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        self.0.close();
    }
}
