//! The till's store: the front of [`Core`].
//!
//! An append runs where it is awaited and holds that thread for the disk's sync: the till's loop has
//! nothing else to do until its facts are durable. Everything long runs on tokio's blocking threads,
//! unless inline. Invariants: jobs run in the order they were given, buffered records included. Dropping
//! the future of an append does not undo it. Inline, nothing ever waits for another thread.

mod jobs;

use crate::core::{Core, Home};
use crate::fault::{DiskFault, Faults};
use crate::open::{self, Mode, Opened, Opening};
use crate::reader::Reader;
use crate::remains::{Left, Remains, Snapshot};
use crate::upkeep::Occasion;
use crate::verify::Verified;
use crate::views::Daybook;
use crate::{Appended, Record, StoreError, limits, schema};
use domain::catalogue::Item;
use domain::ids::{Seed, TextId};
use jobs::Jobs;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// The journal and its views. Clones are the same store.
#[derive(Clone)]
pub struct Store {
    jobs: Jobs,
    faults: Arc<Faults>,
    readers: Option<Arc<Readers>>,
}

/// Read connections of a threaded store in a folder.
struct Readers {
    folder: PathBuf,
    idle: Mutex<Vec<Connection>>,
    room: Arc<Semaphore>,
}

impl Store {
    /// Opens a store, or makes a new one in an empty folder. `seed`: time and randomness of a new
    /// installation id, used only when one is needed.
    pub fn open(opening: Opening<'_>, seed: &Seed) -> Result<(Self, Opened), StoreError> {
        let (core, opened) = match opening.folder {
            Some(folder) => open::open_folder(folder, opening.till, seed)?,
            None => open::open_memory(None, None, opening.till, seed)?,
        };
        Ok((Self::over(core, opening.mode)?, opened))
    }

    /// Opens what a crash left.
    pub fn reopen(
        remains: Remains,
        till: String,
        mode: Mode,
        seed: &Seed,
    ) -> Result<(Self, Opened), StoreError> {
        let (core, opened) = match remains.0 {
            Left::Folder(folder) => open::open_folder(&folder, till, seed)?,
            Left::Memory { connection, head, intents } => {
                open::open_memory(Some((*connection, intents)), head, till, seed)?
            }
        };
        Ok((Self::over(core, mode)?, opened))
    }

    fn over(core: Core, mode: Mode) -> Result<Self, StoreError> {
        let faults = Arc::clone(&core.faults);
        let readers = match (&core.home, mode) {
            (Home::Folder(folder), Mode::Threaded) => Some(Arc::new(Readers {
                folder: folder.path().to_owned(),
                idle: Mutex::default(),
                room: Arc::new(Semaphore::new(limits::READERS)),
            })),
            (Home::Folder(_), Mode::Inline) | (Home::Memory(_), _) => None,
        };
        let jobs = match mode {
            Mode::Inline => Jobs::inline(core),
            Mode::Threaded => Jobs::kept(core)?,
        };
        Ok(Self { jobs, faults, readers })
    }

    /// Appends facts in order, after those that are buffered. On disk (synced) when it returns; after an
    /// error none of these is in the journal, and what was buffered stays buffered.
    pub async fn append(&self, records: impl AsRef<[Record]>) -> Result<Appended, StoreError> {
        self.jobs.run(|core| core.append(records.as_ref()))?
    }

    /// Whether an append that asks for money would be taken, as far as can be told before.
    pub fn takes_intents(&self) -> bool {
        self.jobs.run(|core| core.takes_intents()).unwrap_or(false)
    }

    /// Keeps facts that may be lost (display lines, traces) for the next append or flush. Never blocks;
    /// what does not fit is left out.
    pub fn buffer(&self, records: Vec<Record>) {
        self.jobs.post(records);
    }

    /// Writes what is buffered.
    pub async fn flush(&self) -> Result<Appended, StoreError> {
        self.append([]).await
    }

    /// The same out of the caller's way: what may be lost is nothing to wait for.
    pub async fn flush_aside(&self) -> Result<Appended, StoreError> {
        self.aside(|jobs| jobs.run(|core| core.append(&[]))).await??
    }

    /// Who works here, and the business day so far; everything that was appended is in it.
    pub fn daybook(&self) -> Result<Arc<Daybook>, StoreError> {
        self.jobs.run(|core| {
            if let Err(error) = core.take_up() {
                tracing::warn!(%error, "the daybook is without the newest intent");
            }
            Arc::clone(&core.folds.daybook)
        })
    }

    /// The same for a look, without the intents that only the intent log has: whoever makes a picture does
    /// not hold up a request, and waits for no sync.
    pub fn glance(&self) -> Result<Arc<Daybook>, StoreError> {
        self.jobs.glance()
    }

    /// Has the database take up what only the intent log has: by the keeper, or at once where there is none.
    pub fn take_up_soon(&self) {
        self.jobs.take_up_soon();
    }

    /// The idle task: moves the write-ahead log into the database once it is worth it, keeps the head
    /// outside, makes the reserve anew when it was given up and there is room again.
    pub async fn idle(&self) {
        let jobs = self.jobs.clone();
        if jobs.is_kept() {
            let task = tokio::task::spawn_blocking(move || jobs.upkeep(Occasion::Idle));
            if let Err(error) = task.await {
                tracing::warn!(%error, "the idle task ended early");
            }
        } else {
            self.idle_soon();
        }
    }

    /// The same without waiting for its end; inline it has ended when this returns.
    pub fn idle_soon(&self) {
        self.jobs.idle_soon();
    }

    /// Runs queries on committed state; everything in one call sees the same state. Threaded, it runs on
    /// tokio's blocking threads, beside the writer.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let Some(readers) = &self.readers else {
            return self.jobs.run(|core| read_own(core, query))?;
        };
        if self.jobs.is_closed() {
            return Err(StoreError::Closed);
        }
        self.jobs.run(Core::take_up)??;
        let permit = Arc::clone(&readers.room).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let readers = Arc::clone(readers);
        let task = tokio::task::spawn_blocking(move || {
            let result = readers.read(query);
            drop(permit);
            result
        });
        task.await.map_err(|error| StoreError::Io(format!("a query ended early: {error}")))?
    }

    /// Verifies the whole chain, every body and text, and the views against the journal. Takes as long as
    /// reading everything; a threaded store goes on writing meanwhile.
    pub async fn verify(&self) -> Result<Verified, StoreError> {
        self.read(|reader| reader.verify()).await
    }

    /// Drops the views and folds them from the journal anew.
    pub async fn rebuild_views(&self) -> Result<(), StoreError> {
        self.alone(Core::rebuild_views).await?
    }

    /// Deletes erasable texts for good: beside the chain, in the search, and in the file. Returns how
    /// many were there.
    pub async fn erase(&self, texts: Vec<TextId>) -> Result<usize, StoreError> {
        self.alone(move |core| core.erase(&texts)).await?
    }

    /// Keeps these products, in the place of those with the same numbers; of all others, too, if `replace`.
    pub async fn keep_products(&self, items: Vec<Item>, replace: bool) -> Result<(), StoreError> {
        self.alone(move |core| core.keep_products(&items, replace)).await?
    }

    /// The whole database as it is now, as a backup would have it. Buffered facts are not in it.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.alone(|core| core.bytes().map(Snapshot)).await?
    }

    /// Writes what is buffered, checkpoints, keeps the head, and closes. Clones find the store closed.
    pub async fn close(self) -> Result<(), StoreError> {
        // The last connection to close removes the write-ahead log: that must be the writing one.
        if let Some(readers) = &self.readers {
            readers.idle().clear();
        }
        self.jobs.end(Core::close)?
    }

    /// Loses what is buffered and lets go without closing, as a crash does. A seam for tests.
    #[doc(hidden)]
    pub async fn crash(self) -> Result<Remains, StoreError> {
        if let Some(readers) = &self.readers {
            readers.idle().clear();
        }
        self.jobs.end(|core| match core.abandon() {
            (connection, Home::Memory(head), intents) => {
                let intents = intents.into_memory();
                Remains(Left::Memory { connection: Box::new(connection), head, intents })
            }
            (connection, Home::Folder(folder), _) => {
                drop(connection);
                Remains(Left::Folder(folder.path().to_owned()))
            }
        })
    }

    /// Long work, while no upkeep runs.
    async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Core) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        self.aside(|jobs| jobs.run_alone(work)).await?
    }

    /// Out of the caller's way where there is a thread for it.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Jobs) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        if !self.jobs.is_kept() {
            return Ok(work(&self.jobs));
        }
        let jobs = self.jobs.clone();
        let task = tokio::task::spawn_blocking(move || work(&jobs));
        task.await.map_err(|error| StoreError::Io(format!("work on the store ended early: {error}")))
    }

    /// The next upkeep stops where it begins: what says that it has, and what lets it go on. A seam for
    /// tests.
    #[doc(hidden)]
    pub fn halt_next_upkeep(&self) -> (Receiver<()>, SyncSender<()>) {
        self.faults.halt_next()
    }

    /// The next so many writes fail so; `u32::MAX`: until told otherwise; 0: the disk is well. A seam for
    /// tests.
    #[doc(hidden)]
    pub fn fail_next(&self, fault: DiskFault, writes: u32) {
        self.faults.set(fault, writes);
    }

    /// As [`Store::fail_next`], after so many writes that go well.
    #[doc(hidden)]
    pub fn fail_after(&self, well: u32, fault: DiskFault, writes: u32) {
        self.faults.set_after(well, fault, writes);
    }
}

fn read_own<T>(
    core: &mut Core,
    query: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    core.take_up()?;
    let kept = match &core.home {
        Home::Memory(head) => *head,
        Home::Folder(folder) => folder.read_head()?.map(|kept| kept.head),
    };
    query(&Reader { connection: &core.connection, kept })
}

impl Readers {
    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, query: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let folder = crate::folder::Folder::new(&self.folder);
        let kept = folder.read_head()?.map(|kept| kept.head);
        let waiting = self.idle().pop();
        let connection = match waiting {
            Some(connection) => connection,
            None => schema::connect_reading(&folder.database())?,
        };
        let state = connection.unchecked_transaction()?;
        let result = query(&Reader { connection: &connection, kept });
        state.finish()?;
        self.idle().push(connection);
        result
    }
}
