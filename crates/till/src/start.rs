//! Starting a till on a data folder: lock, settings, store, listener, loop — in this order, and nothing
//! half: the first step that fails ends the start with a problem that says what and where.

use crate::actor::{Parts, Till};
use crate::api::{Problem, ProblemCode};
use crate::clock::Clock;
use crate::ear::Ear;
use crate::folder::problem;
use crate::import::goods;
use crate::lock::FolderLock;
use crate::pins::Work;
use crate::printers::FolderPrinters;
use crate::random::Random;
use crate::secrets;
use crate::settings::{FolderFile, Settings};
use crate::sight::{Eyes, FolderEyes, SystemEyes};
use domain::catalogue::Catalogue;
use domain::ids::TerminalId;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Mode, Opening, Store};
use terminals::http::Network;
use terminals::listener::Switchboard;
use terminals::nearby::Multicast;
use terminals::serial::SystemLines;
use tokio::sync::watch;

/// How a program wants its till.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Open every terminal by itself and keep it open (a till with a window). Otherwise a terminal is
    /// opened when it is used.
    pub auto_open: bool,
    /// Only this terminal will be used: the listener is started only if it needs one.
    pub only: Option<TerminalId>,
    /// No listener, whatever the terminals need: for commands that talk to none.
    pub deaf: bool,
    /// Pictures of this folder are shown in place of a camera.
    pub camera_from: Option<PathBuf>,
    /// It reads its books at once, and begins (asks terminals, listens) only when this says so.
    pub may_begin: Option<watch::Receiver<bool>>,
}

/// A till with everything it holds.
#[derive(Debug)]
pub struct Started {
    /// The till.
    pub till: Till,
    /// Its settings.
    pub settings: Settings,
    /// Where it listens.
    pub listening: Option<SocketAddr>,
    ear: Ear,
    _lock: FolderLock,
}

impl Started {
    /// Stops in order.
    pub async fn stop(self) {
        self.ear.close().await;
        self.till.stop().await;
    }
}

/// Starts a till on a data folder.
pub async fn start(folder: &Path, options: Options) -> Result<Started, Problem> {
    let settings = Settings::load(folder)?;
    let lock = FolderLock::take(folder)?;
    let clock = Clock::system(settings.shop.zone.clone());
    let random = Random::system(clock.clone());
    let opening = Opening { folder: Some(folder), till: settings.till.clone(), mode: Mode::Threaded };
    let (store, opened) = Store::open(opening, &random.seed()).map_err(|error| problem(&error))?;
    let catalogue = Arc::new(catalogue(&store, &settings).await?);
    allowed(&options).await?;
    let ear = listen(&settings, &options).await?;
    let network =
        Network::new().map_err(|error| Problem::new(ProblemCode::FolderUnusable).with("detail", error))?;
    let eyes: Arc<dyn Eyes> = match &options.camera_from {
        Some(pictures) => Arc::new(FolderEyes::of(pictures)),
        None => Arc::new(SystemEyes::default()),
    };
    let parts = Parts {
        settings: settings.clone(),
        store,
        opened,
        clock,
        random,
        http: Arc::new(network),
        lines: Arc::new(SystemLines::default()),
        nearby: Arc::new(Multicast::default()),
        ear: ear.clone(),
        file: Arc::new(FolderFile::of(folder)),
        secrets: secrets::of(folder),
        auto_open: options.auto_open,
        catalogue,
        work: Work::Usual,
        printers: Arc::new(FolderPrinters::of(folder)),
        eyes,
    };
    let listening = ear.address();
    let till = Till::run(parts).await?;
    Ok(Started { till, settings, listening, ear, _lock: lock })
}

/// Waits until the till may begin.
async fn allowed(options: &Options) -> Result<(), Problem> {
    let Some(mut may_begin) = options.may_begin.clone() else { return Ok(()) };
    let allowed = may_begin.wait_for(|may| *may).await;
    allowed.map(drop).map_err(|_| Problem::new(ProblemCode::Stopping))
}

/// What is sold. A practice folder has something to sell from the start.
async fn catalogue(store: &Store, settings: &Settings) -> Result<Catalogue, Problem> {
    let items = store.read(|reader| reader.products()).await.map_err(|error| problem(&error))?;
    if !items.is_empty() || !settings.practice {
        return Ok(Catalogue::new(items));
    }
    let items = goods(settings.currency, &settings.shop.vat);
    if let Err(error) = store.keep_products(items.clone(), false).await {
        tracing::warn!(%error, "the goods to practise with are not kept");
    }
    Ok(Catalogue::new(items))
}

/// The ear of this till, open where one of its terminals needs it.
async fn listen(settings: &Settings, options: &Options) -> Result<Ear, Problem> {
    if options.deaf {
        return Ok(Ear::without_port(Switchboard::new()));
    }
    let ear = Ear::on(settings.listener.bind);
    let counts = |id: &TerminalId| options.only.as_ref().is_none_or(|only| only == id);
    let needed = settings.terminals.iter().any(|entry| entry.profiled.needs_listener && counts(&entry.id));
    if needed {
        ear.open().await?;
    }
    Ok(ear)
}
