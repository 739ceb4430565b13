//! A Pockyt gateway over real sockets: plain HTTP on loopback, as only a simulated one speaks it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{FarSide, HttpLine, Server, SimulatorError, serve};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::nexo::{WireReply, WireRequest};
use crate::pockyt::{PockytGateway, Settings};
use crate::script::Script;

/// What `paydeskctl simulate pockyt` is told.
pub struct PockytOptions {
    /// Where the till finds the gateway.
    pub listen: SocketAddr,
    /// Where the gateway posts notifications, whatever address a request names: `http://host:port`.
    pub till_url: Option<String>,
    /// The gateway before the script turns its knobs.
    pub settings: Settings,
    /// Rules and knobs.
    pub script: Option<Script>,
    /// Keeps bank and memory over restarts of the process.
    pub bank_file: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

/// A gateway that runs until dropped.
pub struct PockytSimulation {
    /// Where the till finds it; the port is the real one.
    pub local_addr: SocketAddr,
    /// The gateway.
    pub gateway: PockytGateway,
    /// Its bank.
    pub bank: Bank,
    _server: Server,
}

/// Starts a gateway on a real socket.
///
/// # Errors
/// An address, file or knob cannot be used.
pub async fn simulate_pockyt(options: PockytOptions) -> Result<PockytSimulation, SimulatorError> {
    let mut settings = options.settings;
    if let Some(knobs) = options.script.as_ref().and_then(Script::knobs) {
        settings = settings.with_knobs(knobs).map_err(SimulatorError::Knobs)?;
    }
    let bank = match &options.bank_file {
        Some(path) => Bank::open(path)?,
        None => Bank::new(),
    };
    let gateway = PockytGateway::new(settings, bank.clone(), options.clock);
    if let Some(script) = options.script {
        gateway.follow(script);
    }
    if let Some(url) = options.till_url {
        let line = HttpLine::new(&url).ok_or(SimulatorError::Url(url))?;
        gateway.connect(Arc::new(line.for_forms()));
    }
    let server = serve(options.listen, gateway.clone()).await?;
    Ok(PockytSimulation { local_addr: server.local_addr, gateway, bank, _server: server })
}

#[async_trait]
impl FarSide for PockytGateway {
    fn restarts(&self) -> watch::Receiver<u64> {
        PockytGateway::restarts(self)
    }
    fn reachable(&self) -> watch::Receiver<bool> {
        PockytGateway::reachable(self)
    }
    async fn exchange(&self, request: WireRequest) -> WireReply {
        PockytGateway::exchange(self, request).await
    }
}
