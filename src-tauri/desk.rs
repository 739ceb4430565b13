//! The till behind the windows. It starts beside them, so that a window is there at once; whoever asks before
//! waits for it. A till that cannot start tells every question why. It reads its books while the system's
//! libraries for windows are made ready, which takes one processor for longer than anything else.
//!
//! Invariants: a window that reloads or goes away takes nothing with it but its own watch; no terminal is
//! asked anything before it is sure that this is the only program on the folder.

use crate::limits;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::async_runtime::{JoinHandle, block_on, spawn};
use tauri::ipc::Channel;
use till::Options;
use till::api::{
    Accepted, CustomerView, Dispatch, Problem, ProblemCode, Query, QueryReply, Standing, View,
};
use till::host::Host;
use tokio::sync::watch;

/// The state that every command of a window gets.
pub struct Desk {
    host: Host,
    may_begin: watch::Sender<bool>,
    watches: Mutex<BTreeMap<String, JoinHandle<()>>>,
}

impl Desk {
    /// A till that reads the books of this folder, and waits for the word to begin.
    pub fn on(folder: Option<PathBuf>) -> Self {
        let may_begin = watch::Sender::new(false);
        let waits = Some(may_begin.subscribe());
        let host = Host::on(folder, Options { auto_open: true, may_begin: waits, ..Options::default() });
        let starting = host.clone();
        spawn(async move { starting.start().await });
        Self { host, may_begin, watches: Mutex::default() }
    }
    /// This is the only window on its folder. Of two starts in one moment the one that ends may have got the
    /// folder first: it is free again right after.
    pub fn begin(&self) {
        self.may_begin.send_replace(true);
        let host = self.host.clone();
        spawn(async move {
            for pause in limits::PAUSES {
                if !is_in_use(&host.standing().await) {
                    return;
                }
                tokio::time::sleep(pause).await;
                host.start().await;
            }
        });
    }
    /// Wants something changed.
    pub async fn dispatch(&self, dispatch: Dispatch) -> Result<Accepted, Problem> {
        self.host.dispatch(dispatch).await
    }
    /// Reads.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        self.host.query(query).await
    }
    /// Tells this window every view of the cashier's from now on, the newest one at once.
    pub async fn watch_views(&self, window: String, to: Channel<Arc<View>>) -> Result<(), Problem> {
        let views = self.host.till().await?.views();
        self.keep(window, spawn(tell(views, to)));
        Ok(())
    }
    /// Tells this window every view of the customer's from now on, the newest one at once.
    pub async fn watch_customer(
        &self,
        window: String,
        to: Channel<Arc<CustomerView>>,
    ) -> Result<(), Problem> {
        let views = self.host.till().await?.customer_views();
        self.keep(window, spawn(tell(views, to)));
        Ok(())
    }
    /// A page that was loaded again watches anew; the old one is gone.
    fn keep(&self, window: String, watch: JoinHandle<()>) {
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = watches.insert(window, watch) {
            old.abort();
        }
    }
    /// Stops the till in order; what runs on a terminal is settled by the next start.
    pub fn stop(&self) {
        block_on(self.host.stop());
    }
}

fn is_in_use(standing: &Standing) -> bool {
    matches!(standing, Standing::Broken { problem, .. } if problem.code == ProblemCode::FolderInUse)
}

async fn tell<T: Clone + serde::Serialize>(mut views: watch::Receiver<Arc<T>>, to: Channel<Arc<T>>) {
    views.mark_changed();
    while views.changed().await.is_ok() {
        let view = views.borrow_and_update().clone();
        if to.send(view).is_err() {
            return;
        }
    }
}
