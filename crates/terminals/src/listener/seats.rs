//! Places for connections, of which there are only so many.
//!
//! A newcomer to a full house gets the place of somebody who has not asked for anything yet, so that a crowd
//! which only holds connections open does not keep a terminal out. Invariant: a connection whose request is
//! at an inbox keeps its place, and there are never more such requests than places.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// All places, the oldest taken one first.
#[derive(Debug, Clone)]
pub(super) struct Seats {
    most: usize,
    taken: Arc<Mutex<Vec<Arc<Place>>>>,
}

#[derive(Debug, Default)]
struct Place {
    /// A request of it is at an inbox.
    at_work: AtomicBool,
    /// An inbox has answered one of its requests.
    is_known: AtomicBool,
    leave: Notify,
}

/// A taken place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    place: Arc<Place>,
}

impl Seats {
    pub(super) fn new(most: usize) -> Seats {
        Seats { most, taken: Arc::default() }
    }

    /// A place for a newcomer; nothing when requests are being answered at every one of them.
    pub(super) fn take(&self) -> Option<Seat> {
        let mut taken = self.lock();
        if taken.len() >= self.most {
            let idle = |place: &Arc<Place>| !place.at_work.load(Ordering::SeqCst);
            let stranger = |place: &Arc<Place>| idle(place) && !place.is_known.load(Ordering::SeqCst);
            let leaving = taken.iter().position(stranger).or_else(|| taken.iter().position(idle))?;
            taken.remove(leaving).leave.notify_one();
        }
        let place = Arc::new(Place::default());
        taken.push(Arc::clone(&place));
        drop(taken);
        Some(Seat { seats: self.clone(), place })
    }

    /// A panic while the lock is held cannot leave the list half changed, so a poisoned lock is used on.
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Place>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Returns when a newcomer has the place. Cancel-safe.
    pub(super) async fn lost(&self) {
        self.place.leave.notified().await;
    }

    /// From now on a request is at an inbox; false when the place is lost already.
    pub(super) fn begin(&self) -> bool {
        let taken = self.seats.lock();
        let is_mine = taken.iter().any(|place| Arc::ptr_eq(place, &self.place));
        self.place.at_work.store(is_mine, Ordering::SeqCst);
        is_mine
    }

    /// The inbox has answered.
    pub(super) fn end(&self) {
        self.place.is_known.store(true, Ordering::SeqCst);
        self.place.at_work.store(false, Ordering::SeqCst);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.lock().retain(|place| !Arc::ptr_eq(place, &self.place));
    }
}
