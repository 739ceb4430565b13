//! The operation that runs: the cashier's wish to cancel it, and news that make it ask sooner.
//!
//! Invariant: nothing here is worth keeping; a wish is a flag, and news are a reason to query.

use domain::ids::OperationId;
use std::sync::Mutex;
use std::sync::PoisonError;
use tokio::sync::{Notify, watch};

/// What the driver knows about the moment.
#[derive(Debug, Default)]
pub(crate) struct Moment {
    running: Mutex<Option<Running>>,
    news: Notify,
}

#[derive(Debug)]
struct Running {
    operation: OperationId,
    wish: watch::Sender<bool>,
}

/// The running operation, as `perform` holds it. Dropping it ends the operation for wishes and news.
#[derive(Debug)]
pub(crate) struct Run<'m> {
    moment: &'m Moment,
    wished: watch::Receiver<bool>,
}

impl Moment {
    /// Marks an operation as running; nothing while another one is.
    pub fn begin(&self, operation: OperationId) -> Option<Run<'_>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return None;
        }
        let (wish, wished) = watch::channel(false);
        *running = Some(Running { operation, wish });
        Some(Run { moment: self, wished })
    }

    /// The cashier wants this operation cancelled. False where it does not run.
    pub fn wish(&self, operation: OperationId) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(running) = running.as_ref().filter(|running| running.operation == operation) else {
            return false;
        };
        running.wish.send_replace(true);
        true
    }

    /// Something has changed at the gateway. False where no operation runs that would ask.
    pub fn news(&self) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            self.news.notify_one();
        }
        running.is_some()
    }
}

impl Run<'_> {
    /// Whether the cashier wants it cancelled.
    pub fn is_aborted(&self) -> bool {
        *self.wished.borrow()
    }

    /// Returns when the cashier wants it cancelled.
    pub async fn aborted(&self) {
        let mut wished = self.wished.clone();
        // The sender lives as long as the run; without it nobody can wish any more.
        if wished.wait_for(|wished| *wished).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Returns when there is news.
    pub async fn news(&self) {
        self.moment.news.notified().await;
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        *self.moment.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
