//! The simulator over real sockets: HTTP/1.1 written by hand, because faults need the raw bytes.
//!
//! Invariant: a connection only carries what the terminal decided; whether it closes early or answers
//! nonsense is never decided here.

mod control;
mod ecrhub;
mod ecrhub_cloud;
#[cfg(unix)]
mod ecrhub_usb;
mod http;
mod kayaaku;
#[cfg(unix)]
mod kayaaku_serial;
mod line;
mod pairing;
mod pockyt;
#[cfg(unix)]
mod port;
#[cfg(unix)]
mod tty;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::bank::{Bank, BankError};
use crate::clock::Clock;
use crate::nexo::{NexoTerminal, Settings, WireReply, WireRequest};
use crate::script::{Script, ScriptError};
pub use ecrhub::{HubOptions, HubSimulation, simulate_hub};
pub use ecrhub_cloud::{HubCloudOptions, HubCloudSimulation, simulate_hub_cloud};
#[cfg(unix)]
pub use ecrhub_usb::{HubCableOptions, HubCableSimulation, simulate_hub_cable};
use http::{ReadError, Request};
pub use kayaaku::{KayaakuOptions, KayaakuSimulation, simulate_kayaaku};
#[cfg(unix)]
pub use kayaaku_serial::{KayaakuSerialOptions, KayaakuSerialSimulation, simulate_kayaaku_serial};
pub use line::HttpLine;
pub use pairing::{Introducing, introduce};
pub use pockyt::{PockytOptions, PockytSimulation, simulate_pockyt};
#[cfg(unix)]
pub use tty::Tty;

/// Connections at a time; a till needs three.
const CONNECTIONS: usize = 64;
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(60);

/// Why the simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The bank file cannot be used.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// The script makes no sense.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// A knob of the script's `[terminal]` table does not exist or cannot take its value.
    #[error("script, [terminal]: {0}")]
    Knobs(String),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A serial port or pseudo-terminal cannot be had.
    #[error("the port cannot be opened")]
    Port {
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The control interface is for this machine only.
    #[error("the control interface must listen on a loopback address, not {0}")]
    ControlNotLocal(SocketAddr),
    /// The till's address is not of the form `http://host:port`.
    #[error("{0} is not an address of the form http://host:port")]
    Url(String),
}

/// What `paydeskctl simulate nexo` is told.
pub struct NexoOptions {
    /// Where the till finds the terminal.
    pub listen: SocketAddr,
    /// Where the terminal finds the till's listener: `http://host:port`.
    pub till_url: Option<String>,
    /// The terminal before script and the fields below turn its knobs.
    pub settings: Settings,
    /// POIID whose parameters the terminal holds.
    pub poi_id: Option<String>,
    /// SaleID that may log in.
    pub sale_id: Option<String>,
    /// Rules and knobs.
    pub script: Option<Script>,
    /// Keeps bank and memory over restarts of the process.
    pub bank_file: Option<PathBuf>,
    /// Seed of every variation.
    pub seed: u64,
    /// Where the control interface listens; loopback only.
    pub control: Option<SocketAddr>,
    /// The time.
    pub clock: Clock,
}

/// A simulator that runs until dropped.
pub struct Simulation {
    /// Where the till finds the terminal; the port is the real one.
    pub local_addr: SocketAddr,
    /// Where the control interface listens.
    pub control_addr: Option<SocketAddr>,
    /// The terminal.
    pub terminal: NexoTerminal,
    /// Its bank.
    pub bank: Bank,
    _servers: Vec<Server>,
}

/// A listening socket with everything behind it; closes when dropped.
pub struct Server {
    /// The address, with the real port.
    pub local_addr: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a connection needs of the far side.
#[async_trait]
pub trait FarSide: Clone + Send + Sync + 'static {
    /// Counts restarts: every open connection ends with one.
    fn restarts(&self) -> watch::Receiver<u64>;
    /// Whether somebody is there to accept connections.
    fn reachable(&self) -> watch::Receiver<bool>;
    /// One request, and what its socket gets.
    async fn exchange(&self, request: WireRequest) -> WireReply;
}

#[async_trait]
impl FarSide for NexoTerminal {
    fn restarts(&self) -> watch::Receiver<u64> {
        NexoTerminal::restarts(self)
    }
    fn reachable(&self) -> watch::Receiver<bool> {
        NexoTerminal::reachable(self)
    }
    async fn exchange(&self, request: WireRequest) -> WireReply {
        NexoTerminal::exchange(self, request).await
    }
}

/// Starts a nexo terminal on real sockets.
///
/// # Errors
/// An address, file or knob cannot be used.
pub async fn simulate_nexo(options: NexoOptions) -> Result<Simulation, SimulatorError> {
    let mut settings = options.settings;
    if let Some(knobs) = options.script.as_ref().and_then(Script::knobs) {
        settings = settings.with_knobs(knobs).map_err(SimulatorError::Knobs)?;
    }
    settings.seed = options.seed;
    settings.poi_id = options.poi_id.or(settings.poi_id);
    settings.sale_id = options.sale_id.or(settings.sale_id);
    let bank = match &options.bank_file {
        Some(path) => Bank::open(path)?,
        None => Bank::new(),
    };
    let terminal = NexoTerminal::new(settings, bank.clone(), options.clock);
    if let Some(script) = options.script {
        terminal.follow(script);
    }
    if let Some(url) = options.till_url {
        let line = HttpLine::new(&url).ok_or(SimulatorError::Url(url))?;
        terminal.connect(Arc::new(line));
    }
    let server = serve(options.listen, terminal.clone()).await?;
    let local_addr = server.local_addr;
    let mut servers = vec![server];
    let mut control_addr = None;
    if let Some(address) = options.control {
        let control = serve_control(address, terminal.clone(), local_addr).await?;
        control_addr = Some(control.local_addr);
        servers.push(control);
    }
    Ok(Simulation { local_addr, control_addr, terminal, bank, _servers: servers })
}

/// Serves a terminal to tills. While the terminal is unplugged or refuses connections during maintenance
/// the port is closed.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(address: SocketAddr, terminal: impl FarSide) -> Result<Server, SimulatorError> {
    let listener = bind(address).await?;
    let local_addr = local(&listener, address)?;
    let task = tokio::spawn(accept_tills(listener, local_addr, terminal));
    Ok(Server { local_addr, task })
}

/// Serves the control interface; `terminal_addr` is what it announces by default.
///
/// # Errors
/// The address is not loopback or cannot be listened on.
pub async fn serve_control(
    address: SocketAddr,
    terminal: NexoTerminal,
    terminal_addr: SocketAddr,
) -> Result<Server, SimulatorError> {
    if !address.ip().is_loopback() {
        return Err(SimulatorError::ControlNotLocal(address));
    }
    let listener = bind(address).await?;
    let local_addr = local(&listener, address)?;
    let task = tokio::spawn(async move {
        let slots = Arc::new(Semaphore::new(CONNECTIONS));
        while let Ok(slot) = slots.clone().acquire_owned().await {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let terminal = terminal.clone();
            tokio::spawn(async move {
                control::connection(stream, terminal, terminal_addr).await;
                drop(slot);
            });
        }
    });
    Ok(Server { local_addr, task })
}

async fn bind(address: SocketAddr) -> Result<TcpListener, SimulatorError> {
    TcpListener::bind(address).await.map_err(|cause| SimulatorError::Listen { address, cause })
}

fn local(listener: &TcpListener, address: SocketAddr) -> Result<SocketAddr, SimulatorError> {
    listener.local_addr().map_err(|cause| SimulatorError::Listen { address, cause })
}

async fn accept_tills(listener: TcpListener, address: SocketAddr, terminal: impl FarSide) {
    let mut reachable = terminal.reachable();
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut listener = Some(listener);
    loop {
        if !*reachable.borrow_and_update() {
            listener = None;
            if reachable.changed().await.is_err() {
                return;
            }
            continue;
        }
        let open = match listener.take() {
            Some(open) => open,
            None => match TcpListener::bind(address).await {
                Ok(open) => open,
                Err(cause) => {
                    tracing::warn!(%address, %cause, "port not free yet");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                }
            },
        };
        tokio::select! {
            biased;
            _ = reachable.changed() => {}
            accepted = open.accept() => {
                if let Ok((stream, _)) = accepted
                    && let Ok(slot) = slots.clone().try_acquire_owned()
                {
                    let terminal = terminal.clone();
                    tokio::spawn(async move {
                        connection(stream, terminal).await;
                        drop(slot);
                    });
                }
            }
        }
        listener = Some(open);
    }
}

/// One connection of a till: requests one after another until either side closes.
async fn connection(stream: TcpStream, terminal: impl FarSide) {
    let mut restarts = terminal.restarts();
    let (read, mut write) = stream.into_split();
    let mut reader = BufReader::new(read);
    loop {
        let request = tokio::select! {
            biased;
            _ = restarts.changed() => return,
            request = tokio::time::timeout(IDLE, http::read_request(&mut reader)) => request,
        };
        let request = match request {
            Ok(Ok(request)) => request,
            Ok(Err(ReadError::Bad(status))) => {
                let _ = http::write_reply(&mut write, &WireReply::empty(status)).await;
                return;
            }
            Ok(Err(ReadError::Closed)) | Err(_) => return,
        };
        let keep = request.keep_alive;
        let reply = tokio::select! {
            biased;
            reply = terminal.exchange(wire_request(request)) => reply,
            () = hung_up(&mut reader) => return,
        };
        match http::write_reply(&mut write, &reply).await {
            Ok(true) if keep => {}
            Ok(_) | Err(_) => return,
        }
    }
}

fn wire_request(request: Request) -> WireRequest {
    let Request { method, path, content_type, headers, body, keep_alive: _ } = request;
    WireRequest { method, path, content_type, headers, body }
}

/// Resolves when the till closes its end. Bytes that come before the answer would be pipelining: they
/// wait.
async fn hung_up(reader: &mut BufReader<OwnedReadHalf>) {
    match reader.fill_buf().await {
        Ok(bytes) if !bytes.is_empty() => std::future::pending().await,
        Ok(_) | Err(_) => {}
    }
}
