//! Who works with the core: always the caller, under a lock; beside it, in a folder, a keeper thread that
//! does what may wait until an append was answered.
//!
//! An append runs where it is awaited: handing it to another thread would cost more than all of its work
//! but the disk's sync. Invariants: jobs run in the order in which they get the lock; what is posted is
//! taken up by the next job and waits for none; no append waits for upkeep; the keeper lives until the core
//! is ended or the last handle is gone, and then closes in good order.

use crate::core::Core;
use crate::upkeep::Occasion;
use crate::views::Daybook;
use crate::{Record, StoreError, limits};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A way to the core.
#[derive(Clone)]
pub(super) struct Jobs {
    shared: Arc<Shared>,
    /// Wakes the keeper; without one the caller does its work, too.
    nudge: Option<SyncSender<()>>,
}

struct Shared {
    /// Held by whoever works on the folder's files without the core. Taken before the core, never after it.
    folder: Mutex<()>,
    core: Mutex<Option<Core>>,
    /// The keeper is to do the idle task, too.
    idle_wanted: AtomicBool,
    /// Buffered records that no job has taken up yet.
    posted: Mutex<Vec<Record>>,
    /// As the last job left it: whoever only looks waits for no job that syncs.
    daybook: Mutex<Arc<Daybook>>,
    /// The last job left entries in the intent log that the database must take up.
    has_waiting: AtomicBool,
    ended: AtomicBool,
}

impl Jobs {
    /// Nothing beside the caller.
    pub fn inline(core: Core) -> Self {
        Self { shared: Shared::over(core), nudge: None }
    }

    /// With a keeper.
    pub fn kept(core: Core) -> Result<Self, StoreError> {
        let shared = Shared::over(core);
        // One token says all there is to say.
        let (nudge, nudges) = sync_channel(1);
        let kept = Arc::clone(&shared);
        std::thread::Builder::new().name("journal".to_owned()).spawn(move || keep(&kept, &nudges))?;
        Ok(Self { shared, nudge: Some(nudge) })
    }

    /// Whether long work should get out of the caller's way.
    pub fn is_kept(&self) -> bool {
        self.nudge.is_some()
    }

    pub fn is_closed(&self) -> bool {
        self.shared.ended.load(Ordering::SeqCst)
    }

    /// Runs `work` with the core.
    pub fn run<T>(&self, work: impl FnOnce(&mut Core) -> T) -> Result<T, StoreError> {
        let mut core = self.shared.core();
        let own = core.as_mut().ok_or(StoreError::Closed)?;
        own.buffer(self.shared.take_posted());
        let result = work(own);
        self.shared.show(own);
        match &self.nudge {
            None => own.settle(),
            // A full channel says the same.
            Some(nudge) if own.calls_keeper() => drop(nudge.try_send(())),
            Some(_) => {}
        }
        Ok(result)
    }

    /// The daybook as the last job left it. Waits for no job that runs.
    pub fn glance(&self) -> Result<Arc<Daybook>, StoreError> {
        if self.is_closed() {
            return Err(StoreError::Closed);
        }
        Ok(Arc::clone(&self.shared.shown()))
    }

    /// Runs `work` with the core while no upkeep runs.
    pub fn run_alone<T>(&self, work: impl FnOnce(&mut Core) -> T) -> Result<T, StoreError> {
        let _alone = self.shared.folder();
        self.run(work)
    }

    /// Has the intent log taken up: by the keeper, for which nobody waits, or at once where there is none.
    pub fn take_up_soon(&self) {
        if !self.shared.has_waiting.load(Ordering::SeqCst) {
            return;
        }
        match &self.nudge {
            // A full channel says the same.
            Some(nudge) => drop(nudge.try_send(())),
            None => {
                let taken_up = self.run(|core| {
                    if let Err(error) = core.take_up() {
                        tracing::warn!(%error, "an intent stays in its log");
                    }
                });
                // A closed store has nothing to take up.
                let _closed = taken_up;
            }
        }
    }

    /// Does what may wait. A closed store has nothing to do.
    pub fn upkeep(&self, occasion: Occasion) {
        self.shared.upkeep(occasion);
    }

    /// Has the idle task done: by the keeper, or at once where there is none.
    pub fn idle_soon(&self) {
        match &self.nudge {
            Some(nudge) => {
                self.shared.idle_wanted.store(true, Ordering::SeqCst);
                // A full channel says the same.
                let _full = nudge.try_send(());
            }
            None => {
                let _closed = self.run(Core::idle);
            }
        }
    }

    /// Runs `work` with the core, which is gone afterwards.
    pub fn end<T>(&self, work: impl FnOnce(Core) -> T) -> Result<T, StoreError> {
        let _alone = self.shared.folder();
        let mut core = self.shared.core().take().ok_or(StoreError::Closed)?;
        self.shared.ended.store(true, Ordering::SeqCst);
        core.buffer(self.shared.take_posted());
        Ok(work(core))
    }

    /// Leaves records for the next job. Waits for no job that runs.
    pub fn post(&self, records: Vec<Record>) {
        self.shared.post(records);
    }
}

impl Shared {
    fn over(core: Core) -> Arc<Self> {
        let daybook = Mutex::new(Arc::clone(&core.folds.daybook));
        Arc::new(Self {
            daybook,
            has_waiting: AtomicBool::new(!core.waiting.is_empty()),
            folder: Mutex::default(),
            core: Mutex::new(Some(core)),
            idle_wanted: AtomicBool::new(false),
            posted: Mutex::default(),
            ended: AtomicBool::new(false),
        })
    }

    fn folder(&self) -> MutexGuard<'_, ()> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what is due, without the core; `false` when that is gone.
    fn upkeep(&self, occasion: Occasion) -> bool {
        let _alone = self.folder();
        let due = match self.core().as_mut() {
            Some(own) => {
                let due = own.upkeep(occasion);
                self.show(own);
                due
            }
            None => return false,
        };
        if let Some(due) = due {
            let done = due.carry_out();
            if let Some(own) = self.core().as_mut() {
                own.note(&done);
                self.show(own);
            }
        }
        true
    }

    fn show(&self, core: &Core) {
        *self.shown() = Arc::clone(&core.folds.daybook);
        self.has_waiting.store(!core.waiting.is_empty(), Ordering::SeqCst);
    }

    fn shown(&self) -> MutexGuard<'_, Arc<Daybook>> {
        self.daybook.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn core(&self) -> MutexGuard<'_, Option<Core>> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, records: Vec<Record>) {
        let mut posted = self.posted.lock().unwrap_or_else(PoisonError::into_inner);
        if posted.len() + records.len() > limits::PENDING {
            tracing::warn!("the buffer is full; records are left out");
            return;
        }
        posted.extend(records);
    }

    fn take_posted(&self) -> Vec<Record> {
        std::mem::take(&mut *self.posted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The keeper: after appends the head file catches up when it is quiet, and a busy till's log is
/// checkpointed.
fn keep(shared: &Shared, nudges: &Receiver<()>) {
    // Without anything left to do there is nothing to wake up for.
    while nudges.recv().is_ok() && catch_up(shared, nudges) {}
    let _alone = shared.folder();
    let core = shared.core().take();
    shared.ended.store(true, Ordering::SeqCst);
    if let Some(mut core) = core {
        core.buffer(shared.take_posted());
        if let Err(error) = core.close() {
            tracing::warn!(%error, "the journal could not write what was buffered");
        }
    }
}

/// Until it was quiet for a while; `false` when no handle is left or the core is gone.
fn catch_up(shared: &Shared, nudges: &Receiver<()>) -> bool {
    loop {
        match nudges.recv_timeout(limits::HEAD_LAG) {
            Ok(()) if shared.upkeep(Occasion::Busy) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => {
                let is_idle = shared.idle_wanted.swap(false, Ordering::SeqCst);
                return shared.upkeep(if is_idle { Occasion::Idle } else { Occasion::Quiet });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::open_folder;
    use domain::ids::Seed;
    use jiff::Timestamp;
    use std::thread::spawn;
    use std::time::Duration;

    #[test]
    fn who_only_looks_waits_for_no_job() {
        let folder = tempfile::tempdir().unwrap();
        let seed = Seed { at: Timestamp::UNIX_EPOCH, random: [1; 10] };
        let (core, _) = open_folder(folder.path(), "T1".to_owned(), &seed).unwrap();
        let jobs = Jobs::kept(core).unwrap();
        let (begun, has_begun) = sync_channel(1);
        let (end, may_end) = sync_channel::<()>(1);
        let (busy, looking) = (jobs.clone(), jobs.clone());
        let job = spawn(move || {
            busy.run(|_core| {
                begun.send(()).unwrap();
                may_end.recv().unwrap();
            })
        });
        has_begun.recv().unwrap();
        let (tell, told) = sync_channel(1);
        let look = spawn(move || {
            looking.take_up_soon();
            tell.send(looking.glance().is_ok()).unwrap();
        });
        let seen = told.recv_timeout(Duration::from_secs(10));
        end.send(()).unwrap();
        job.join().unwrap().unwrap();
        look.join().unwrap();
        assert_eq!(seen, Ok(true), "it waited for the job's end");
        jobs.end(Core::close).unwrap().unwrap();
        assert!(jobs.glance().is_err(), "a closed store shows nothing");
    }
}
