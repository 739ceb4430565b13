//! A till behind screens that are there before it: it starts beside them, waits for first settings where the
//! folder holds none, and tells why it cannot start. The window and `paydeskctl serve` share it.
//!
//! Invariant: first settings are written only into a folder that holds neither settings nor a journal.

use crate::api::{Accepted, Command, Dispatch, Problem, ProblemCode, Query, QueryReply, SetUp, Standing};
use crate::forms::all_drivers;
use crate::settings::first::first_settings;
use crate::settings::{FolderFile, SettingsFile};
use crate::{Options, Started, Till, default_folder, start};
use domain::money::Currency;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as Turn, watch};

/// See the module. Clones share it.
#[derive(Clone, Debug)]
pub struct Host {
    folder: Option<PathBuf>,
    options: Options,
    standing: watch::Sender<Standing>,
    till: watch::Sender<Option<Till>>,
    started: Arc<Mutex<Option<Started>>>,
    turn: Arc<Turn<()>>,
}

impl Host {
    /// A till on this folder, or on the platform's where none is named. It does not start yet.
    pub fn on(folder: Option<PathBuf>, options: Options) -> Self {
        Self {
            folder: folder.or_else(default_folder),
            options,
            standing: watch::Sender::new(Standing::Starting),
            till: watch::Sender::new(None),
            started: Arc::default(),
            turn: Arc::default(),
        }
    }
    /// Starts, where it does not run yet. How it stands then is in [`Host::standing`].
    pub async fn start(&self) {
        let _turn = self.turn.lock().await;
        self.begin().await;
    }
    /// Stops in order; what runs on a terminal is settled by the next start.
    pub async fn stop(&self) {
        let _turn = self.turn.lock().await;
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.till.send_replace(None);
        if let Some(started) = started {
            started.stop().await;
        }
    }
    /// How it stands, once that is known.
    pub async fn standing(&self) -> Standing {
        let mut standing = self.standing.subscribe();
        match standing.wait_for(|standing| *standing != Standing::Starting).await {
            Ok(known) => known.clone(),
            Err(_) => Standing::Starting,
        }
    }
    /// The till, once it runs; why there is none otherwise.
    pub async fn till(&self) -> Result<Till, Problem> {
        match self.standing().await {
            Standing::Broken { problem, .. } => Err(problem),
            Standing::Empty { .. } => Err(Problem::new(ProblemCode::NotSetUp)),
            Standing::Starting | Standing::Running => {
                self.till.borrow().clone().ok_or_else(|| Problem::new(ProblemCode::Stopping))
            }
        }
    }
    /// Wants something changed: of the till, or of a folder that is not set up.
    pub async fn dispatch(&self, dispatch: Dispatch) -> Result<Accepted, Problem> {
        if let Command::SetUp { wanted } = dispatch.command {
            return self.set_up(wanted).await;
        }
        if dispatch.command == Command::StartAgain {
            self.start().await;
            return self.till().await.map(|_| Accepted::default());
        }
        self.till().await?.dispatch(dispatch).await
    }
    /// Reads.
    pub async fn query(&self, query: Query) -> Result<QueryReply, Problem> {
        if query == Query::Standing {
            return Ok(QueryReply::Standing { standing: self.standing().await });
        }
        self.till().await?.query(query).await
    }

    async fn set_up(&self, wanted: SetUp) -> Result<Accepted, Problem> {
        let _turn = self.turn.lock().await;
        let folder = self.folder()?;
        if !is_empty(folder) {
            return Err(Problem::new(ProblemCode::AlreadySetUp));
        }
        let (settings, secrets) = first_settings(&wanted)?;
        let unusable = |error| {
            let problem = Problem::new(ProblemCode::FolderUnusable).with("path", folder.display());
            problem.with("detail", error)
        };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        for (name, secret) in &secrets {
            crate::secrets::of(folder).set(name, secret)?;
        }
        FolderFile::of(folder).keep(&settings.source)?;
        self.begin().await;
        Ok(Accepted::default())
    }

    fn folder(&self) -> Result<&Path, Problem> {
        let none =
            || Problem::new(ProblemCode::FolderUnusable).with("detail", "no folder for data is named");
        self.folder.as_deref().ok_or_else(none)
    }

    /// One try; whoever calls it has the turn.
    async fn begin(&self) {
        if self.till.borrow().is_some() {
            return;
        }
        self.standing.send_replace(Standing::Starting);
        let stands = match self.try_start().await {
            Ok(stands) => stands,
            Err(problem) => Standing::Broken { folder: self.told_folder(), problem },
        };
        self.standing.send_replace(stands);
    }

    async fn try_start(&self) -> Result<Standing, Problem> {
        let folder = self.folder()?;
        if is_empty(folder) {
            return Ok(Standing::Empty {
                folder: self.told_folder(),
                drivers: all_drivers(),
                currencies: Currency::all().map(|currency| currency.code().to_owned()).collect(),
            });
        }
        let started = start(folder, self.options.clone()).await?;
        self.till.send_replace(Some(started.till.clone()));
        *self.started.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
        Ok(Standing::Running)
    }

    fn told_folder(&self) -> String {
        self.folder.as_deref().map(|folder| folder.display().to_string()).unwrap_or_default()
    }
}

/// Neither settings nor a journal: settings that are gone from beside a journal are not made anew.
fn is_empty(folder: &Path) -> bool {
    !FolderFile::of(folder).is_there() && !folder.join(store::DATABASE).exists()
}

#[cfg(test)]
mod tests;
