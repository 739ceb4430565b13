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
    Accepted, CustomerView, Dispatch, Pairing, Problem, ProblemCode, Query, QueryReply, Scans, Sight,
    Standing, View,
};
use till::host::Host;
use till::sight::Watching;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

/// The state that every command of a window gets.
pub struct Desk {
    host: Host,
    may_begin: watch::Sender<bool>,
    watches: Mutex<BTreeMap<Watched, (u64, JoinHandle<()>)>>,
    /// Told when the page has taken what the camera saw.
    taken: Arc<Notify>,
}

/// What a page watches. One window may watch each, so a page that is loaded again takes the old one's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watched {
    /// The cashier's views.
    Views,
    /// The customer's views.
    Customer,
    /// What the camera sees.
    Sight,
    /// What the hand scanner reads.
    Scans,
    /// Who asks to be paired.
    Pairing,
}

impl Desk {
    /// A till that reads the books of this folder, and waits for the word to begin.
    pub fn on(folder: Option<PathBuf>) -> Self {
        let may_begin = watch::Sender::new(false);
        let waits = Some(may_begin.subscribe());
        let host = Host::on(folder, Options { auto_open: true, may_begin: waits, ..Options::default() });
        let starting = host.clone();
        spawn(async move { starting.start().await });
        Self { host, may_begin, watches: Mutex::default(), taken: Arc::default() }
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
    /// Tells the page every view of the cashier's from now on, the newest one at once.
    pub async fn watch_views(&self, to: Channel<Arc<View>>) -> Result<(), Problem> {
        let views = self.host.till().await?.views();
        self.keep(Watched::Views, 0, spawn(tell(views, to)));
        Ok(())
    }
    /// Tells the page every view of the customer's from now on, the newest one at once.
    pub async fn watch_customer(&self, to: Channel<Arc<CustomerView>>) -> Result<(), Problem> {
        let views = self.host.till().await?.customer_views();
        self.keep(Watched::Customer, 0, spawn(tell(views, to)));
        Ok(())
    }
    /// Tells the page what the camera sees, as long as the page takes it, and at last that this has ended.
    pub async fn watch_sight(&self, number: u64, to: Channel<Option<Arc<Sight>>>) -> Result<(), Problem> {
        let watching = self.host.till().await?.sight();
        self.keep(Watched::Sight, number, spawn(tell_taken(watching, to, Arc::clone(&self.taken))));
        Ok(())
    }
    /// The page has taken what it was told last of what the camera sees.
    pub fn took_sight(&self) {
        self.taken.notify_one();
    }
    /// Tells the page what the hand scanner reads.
    pub async fn watch_scans(&self, number: u64, to: Channel<Arc<Scans>>) -> Result<(), Problem> {
        let watching = self.host.till().await?.scans();
        self.keep(Watched::Scans, number, spawn(tell_while(watching, to)));
        Ok(())
    }
    /// Tells the page who asks to be paired.
    pub async fn watch_pairing(&self, number: u64, to: Channel<Arc<Pairing>>) -> Result<(), Problem> {
        let watching = self.host.till().await?.pairing();
        self.keep(Watched::Pairing, number, spawn(tell_while(watching, to)));
        Ok(())
    }
    /// The page watches this no more; a watch that began after this one stays.
    pub fn end(&self, watched: Watched, number: u64) {
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        if watches.get(&watched).is_some_and(|(now, _)| *now <= number)
            && let Some((_, watch)) = watches.remove(&watched)
        {
            watch.abort();
        }
    }
    /// A page that was loaded again watches anew; the old one is gone. Commands may overtake each other: the
    /// page's own number says which watch is the newer one.
    fn keep(&self, watched: Watched, number: u64, watch: JoinHandle<()>) {
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        if watches.get(&watched).is_some_and(|(now, _)| *now > number) {
            return watch.abort();
        }
        if let Some((_, old)) = watches.insert(watched, (number, watch)) {
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

async fn tell_while<T: Clone + serde::Serialize>(watching: Watching<T>, to: Channel<Arc<T>>) {
    let Watching { values, until } = watching;
    tell(values, to).await;
    drop(until);
}

/// One picture at a time: a page that takes nothing for long is gone, and with it its camera. One that only
/// slept hears at last that this has ended, and begins anew.
async fn tell_taken(watching: Watching<Sight>, to: Channel<Option<Arc<Sight>>>, taken: Arc<Notify>) {
    let Watching { mut values, until } = watching;
    values.mark_changed();
    while values.changed().await.is_ok() {
        let sight = values.borrow_and_update().clone();
        if to.send(Some(sight)).is_err() || timeout(limits::TAKEN, taken.notified()).await.is_err() {
            break;
        }
    }
    let _ = to.send(None);
    drop(until);
}
