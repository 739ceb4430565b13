//! The till behind the windows. It starts beside them, so that a window is there at once; whoever asks before
//! waits for it. A till that cannot start tells every question why.
//!
//! Invariant: a window that reloads or goes away takes nothing with it but its own watch.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::async_runtime::{JoinHandle, block_on, spawn};
use tauri::ipc::Channel;
use till::api::{Accepted, CustomerView, Dispatch, Problem, ProblemCode, Query, QueryReply, View};
use till::{Options, Started, Till};
use tokio::sync::watch;

/// The state that every command of a window gets.
pub struct Desk {
    till: watch::Receiver<Option<Result<Till, Problem>>>,
    started: Arc<Mutex<Option<Started>>>,
    watches: Mutex<BTreeMap<String, JoinHandle<()>>>,
}

impl Desk {
    /// Starts a till on this folder.
    pub fn on(folder: Option<PathBuf>) -> Self {
        let (told, till) = watch::channel(None);
        let started = Arc::new(Mutex::new(None));
        let place = Arc::clone(&started);
        spawn(async move {
            let begun = begin(folder).await.map(|started| {
                let till = started.till.clone();
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
                till
            });
            told.send_replace(Some(begun));
        });
        Self { till, started, watches: Mutex::default() }
    }
    async fn till(&self) -> Result<Till, Problem> {
        let mut till = self.till.clone();
        let told = till.wait_for(Option::is_some).await;
        let stopping = || Problem::new(ProblemCode::Stopping);
        told.map_err(|_| stopping())?.clone().ok_or_else(stopping)?
    }
    /// Wants something changed.
    pub async fn dispatch(&self, dispatch: Dispatch) -> Result<Accepted, Problem> {
        self.till().await?.dispatch(dispatch).await
    }
    /// Reads.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        self.till().await?.query(query).await
    }
    /// Tells this window every view of the cashier's from now on, the newest one at once.
    pub async fn watch_views(&self, window: String, to: Channel<Arc<View>>) -> Result<(), Problem> {
        let views = self.till().await?.views();
        self.keep(window, spawn(tell(views, to)));
        Ok(())
    }
    /// Tells this window every view of the customer's from now on, the newest one at once.
    pub async fn watch_customer(
        &self,
        window: String,
        to: Channel<Arc<CustomerView>>,
    ) -> Result<(), Problem> {
        let views = self.till().await?.customer_views();
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
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(started) = started {
            block_on(started.stop());
        }
    }
}

async fn begin(folder: Option<PathBuf>) -> Result<Started, Problem> {
    let none = || Problem::new(ProblemCode::FolderUnusable).with("detail", "no folder for data is named");
    let folder = folder.or_else(till::default_folder).ok_or_else(none)?;
    till::start(&folder, Options { auto_open: true, ..Options::default() }).await
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
