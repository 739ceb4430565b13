//! The till behind the windows. It starts beside them, so that a window is there at once; whoever asks before
//! waits for it. A till that cannot start tells every question why.
//!
//! Invariant: a window that reloads or goes away takes nothing with it but its own watch.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::async_runtime::{JoinHandle, block_on, spawn};
use tauri::ipc::Channel;
use till::Options;
use till::api::{Accepted, CustomerView, Dispatch, Problem, Query, QueryReply, View};
use till::host::Host;
use tokio::sync::watch;

/// The state that every command of a window gets.
pub struct Desk {
    host: Host,
    watches: Mutex<BTreeMap<String, JoinHandle<()>>>,
}

impl Desk {
    /// Starts a till on this folder.
    pub fn on(folder: Option<PathBuf>) -> Self {
        let host = Host::on(folder, Options { auto_open: true, ..Options::default() });
        let starting = host.clone();
        spawn(async move { starting.start().await });
        Self { host, watches: Mutex::default() }
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

async fn tell<T: Clone + serde::Serialize>(mut views: watch::Receiver<Arc<T>>, to: Channel<Arc<T>>) {
    views.mark_changed();
    while views.changed().await.is_ok() {
        let view = views.borrow_and_update().clone();
        if to.send(view).is_err() {
            return;
        }
    }
}
