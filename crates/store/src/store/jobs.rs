//! Who runs the core: the caller itself, or a thread that owns it.
//!
//! Invariants: the queue is bounded by permits, so giving a job never blocks a runtime; the thread lives
//! until the core is ended or the last handle is gone, and then closes in good order.

use crate::core::Core;
use crate::{StoreError, limits};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// One thing to do with the core; it may take the core away.
type Job = Box<dyn FnOnce(&mut Option<Core>) + Send>;

/// A way to the core.
#[derive(Clone)]
pub(super) enum Jobs {
    /// The caller runs them.
    Inline(Arc<Mutex<Option<Core>>>),
    /// A thread runs them.
    Threaded {
        queue: SyncSender<(Job, OwnedSemaphorePermit)>,
        room: Arc<Semaphore>,
        ended: Arc<AtomicBool>,
    },
}

impl Jobs {
    pub fn inline(core: Core) -> Self {
        Self::Inline(Arc::new(Mutex::new(Some(core))))
    }

    pub fn threaded(core: Core) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(limits::QUEUE);
        let ended = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&ended);
        std::thread::Builder::new().name("journal".to_owned()).spawn(move || own(core, &jobs, &told))?;
        Ok(Self::Threaded { queue, room: Arc::new(Semaphore::new(limits::QUEUE)), ended })
    }

    pub fn is_closed(&self) -> bool {
        match self {
            Self::Inline(core) => core.lock().unwrap_or_else(PoisonError::into_inner).is_none(),
            Self::Threaded { ended, .. } => ended.load(Ordering::SeqCst),
        }
    }

    /// Runs `work` with the core and waits for its result.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Core) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        self.with(|core| core.as_mut().map(work)).await?.ok_or(StoreError::Closed)
    }

    /// Runs `work` with the core, which is gone afterwards.
    pub async fn end<T: Send + 'static>(
        &self,
        work: impl FnOnce(Core) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let result = self.with(|core| core.take().map(work)).await?.ok_or(StoreError::Closed);
        if let Self::Threaded { ended, .. } = self {
            ended.store(true, Ordering::SeqCst);
        }
        result
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Option<Core>) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::Inline(core) => {
                let mut core = core.lock().unwrap_or_else(PoisonError::into_inner);
                let result = work(&mut core);
                if let Some(core) = core.as_mut() {
                    core.settle();
                }
                Ok(result)
            }
            Self::Threaded { queue, room, .. } => {
                let permit = Arc::clone(room).acquire_owned().await.map_err(|_| StoreError::Closed)?;
                let (tell, told) = oneshot::channel();
                let job: Job = Box::new(move |core| {
                    // Nobody may be waiting any more; the work is done all the same.
                    let _unheard = tell.send(work(core));
                });
                queue.try_send((job, permit)).map_err(|_| StoreError::Closed)?;
                told.await.map_err(|_| StoreError::Closed)
            }
        }
    }

    /// Runs `work` with the core some time, in order; leaves it out when the queue is full.
    pub fn post(&self, work: impl FnOnce(&mut Core) + Send + 'static) {
        match self {
            Self::Inline(core) => {
                if let Some(core) = core.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    work(core);
                }
            }
            Self::Threaded { queue, room, .. } => {
                let job: Job = Box::new(move |core| {
                    if let Some(core) = core {
                        work(core);
                    }
                });
                let posted =
                    Arc::clone(room).try_acquire_owned().map(|permit| queue.try_send((job, permit)));
                if !matches!(posted, Ok(Ok(()))) {
                    tracing::warn!("the journal's queue is full or closed; buffered records are left out");
                }
            }
        }
    }
}

/// The thread: one job after another; after an answered append the head file catches up when it is quiet.
fn own(core: Core, jobs: &Receiver<(Job, OwnedSemaphorePermit)>, ended: &AtomicBool) {
    let mut core = Some(core);
    while let Some(own) = core.as_mut() {
        own.settle();
        let next = if own.head_lags() {
            jobs.recv_timeout(limits::HEAD_LAG)
        } else {
            // Without anything left to do there is nothing to wake up for.
            jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match next {
            Ok((job, permit)) => {
                job(&mut core);
                drop(permit);
            }
            Err(RecvTimeoutError::Timeout) => own.keep_head(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    ended.store(true, Ordering::SeqCst);
    if let Some(Err(error)) = core.map(Core::close) {
        tracing::warn!(%error, "the journal could not write what was buffered");
    }
}
