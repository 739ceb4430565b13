//! Work on a thread of its own, done while somebody watches what comes of it.
//!
//! Invariants: at most one thread works at a time; nobody but that thread waits for the work; whoever begins
//! or ends a watch returns at once, also while the work hangs in a driver.

use super::{Until, Watching};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Work that is done in short steps.
pub(super) trait Job: Send + 'static {
    /// What it works by.
    type Settings: Clone + Send + 'static;
    /// What comes of it.
    type Told: Send + Sync + 'static;

    /// Whoever wants to hear what comes of it. It ends with the job.
    fn subscribe(&self) -> watch::Receiver<Arc<Self::Told>>;
    /// One step, short but for a system that hangs; then a pause of this length, which a change ends.
    /// `watch` is the number of the newest watch.
    fn work(&mut self, settings: &Self::Settings, watch: u64) -> Duration;
    /// Nobody watches: gives back what it holds, without waiting. For how long there is still something to
    /// see to, if there is; then it is asked again.
    fn rest(&mut self) -> Option<Duration>;
}

/// A job and its thread, where there is one now.
pub(super) struct Worker<J: Job> {
    name: &'static str,
    told: watch::Receiver<Arc<J::Told>>,
    /// The thread reads time as the till does, also in tests.
    runtime: Option<Handle>,
    room: Arc<Room<J>>,
}

struct Room<J: Job> {
    state: Mutex<State<J>>,
    changed: Condvar,
}

struct State<J: Job> {
    watchers: usize,
    /// How many there ever were.
    watches: u64,
    settings: J::Settings,
    /// Counts whatever ends a pause.
    changes: u64,
    is_closed: bool,
    /// Here while no thread has it.
    job: Option<J>,
}

impl<J: Job> Worker<J> {
    pub(super) fn new(name: &'static str, job: J, settings: J::Settings) -> Self {
        let told = job.subscribe();
        let job = Some(job);
        let state =
            Mutex::new(State { watchers: 0, watches: 0, settings, changes: 0, is_closed: false, job });
        let room = Arc::new(Room { state, changed: Condvar::new() });
        Self { name, told, runtime: Handle::try_current().ok(), room }
    }

    pub(super) fn set(&self, settings: J::Settings) {
        self.room.change(|state| state.settings = settings);
    }

    /// The job goes, and with it whoever hears what comes of it.
    pub(super) fn close(&self) {
        let job = self.room.change(|state| {
            state.is_closed = true;
            state.job.take()
        });
        drop(job);
    }

    /// One watcher more. The work begins where this is the first.
    pub(super) fn watch(&self) -> Watching<J::Told> {
        let job = self.room.change(|state| {
            state.watchers += 1;
            state.watches = state.watches.wrapping_add(1);
            state.job.take()
        });
        if let Some(job) = job {
            self.start(job);
        }
        let until = Until(Box::new(Watcher { room: Arc::clone(&self.room) }));
        Watching { values: self.told.clone(), until }
    }

    fn start(&self, job: J) {
        let (room, runtime) = (Arc::clone(&self.room), self.runtime.clone());
        // Where the system has no thread left the job waits in this place for the next watcher.
        let place = Arc::new(Mutex::new(Some(job)));
        let taken = Arc::clone(&place);
        let spawned = thread::Builder::new().name(self.name.to_owned()).spawn(move || {
            let _time = runtime.as_ref().map(Handle::enter);
            let job = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(job) = job {
                room.run(job);
            }
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, thread = self.name, "there is no thread for it");
            let job = place.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.room.change(|state| state.job = job);
        }
    }
}

impl<J: Job> Drop for Worker<J> {
    fn drop(&mut self) {
        self.close();
    }
}

/// One watcher.
struct Watcher<J: Job> {
    room: Arc<Room<J>>,
}

impl<J: Job> Drop for Watcher<J> {
    fn drop(&mut self) {
        self.room.change(|state| state.watchers = state.watchers.saturating_sub(1));
    }
}

impl<J: Job> Room<J> {
    fn run(&self, mut job: J) {
        loop {
            let (settings, seen) = {
                let state = self.lock();
                if state.is_closed {
                    break;
                }
                ((state.watchers > 0).then(|| (state.settings.clone(), state.watches)), state.changes)
            };
            let pause = match &settings {
                Some((settings, watch)) => job.work(settings, *watch),
                None => match job.rest() {
                    Some(pause) => pause,
                    None => match self.put_away(job) {
                        Some(wanted) => {
                            job = wanted;
                            continue;
                        }
                        None => return,
                    },
                },
            };
            if !pause.is_zero() {
                let unchanged = |state: &mut State<J>| state.changes == seen;
                let waited = self.changed.wait_timeout_while(self.lock(), pause, unchanged);
                drop(waited);
            }
        }
        job.rest();
    }

    /// The job stays here until somebody watches; it comes back where somebody does already.
    fn put_away(&self, job: J) -> Option<J> {
        let mut state = self.lock();
        if state.watchers > 0 || state.is_closed {
            return Some(job);
        }
        state.job = Some(job);
        None
    }

    fn change<T>(&self, change: impl FnOnce(&mut State<J>) -> T) -> T {
        let mut state = self.lock();
        state.changes = state.changes.wrapping_add(1);
        let told = change(&mut state);
        drop(state);
        self.changed.notify_all();
        told
    }

    /// A thread that panicked while it held the room left it whole.
    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
