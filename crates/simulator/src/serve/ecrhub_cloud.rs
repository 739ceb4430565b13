//! The operator's gateway with a WiseCashier terminal behind it, over real sockets: plain HTTP on loopback,
//! as only a simulated one speaks it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{FarSide, HttpLine, Server, SimulatorError, serve};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::ecrhub::{HubTerminal, Settings};
use crate::nexo::{WireReply, WireRequest};
use crate::script::Script;

/// What `paydeskctl simulate ecrhub-cloud` is told.
pub struct HubCloudOptions {
    /// Where the till finds the gateway.
    pub listen: SocketAddr,
    /// Where the gateway posts notifications, whatever address an order names: `http://host:port`.
    pub till_url: Option<String>,
    /// Terminal and gateway before the script turns their knobs.
    pub settings: Settings,
    /// Rules and knobs.
    pub script: Option<Script>,
    /// Keeps bank and memory over restarts of the process.
    pub bank_file: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

/// A gateway that runs until dropped.
pub struct HubCloudSimulation {
    /// Where the till finds it; the port is the real one.
    pub local_addr: SocketAddr,
    /// The terminal behind it.
    pub terminal: HubTerminal,
    /// Its bank.
    pub bank: Bank,
    _server: Server,
}

/// Starts a gateway on a real socket.
///
/// # Errors
/// An address, file or knob cannot be used.
pub async fn simulate_hub_cloud(options: HubCloudOptions) -> Result<HubCloudSimulation, SimulatorError> {
    let HubCloudOptions { listen, till_url, settings, script, bank_file, clock } = options;
    let (terminal, bank) = super::ecrhub::terminal(settings, script, bank_file.as_deref(), clock)?;
    if let Some(url) = till_url {
        let line = HttpLine::new(&url).ok_or(SimulatorError::Url(url))?;
        terminal.connect(Arc::new(line.for_json()));
    }
    let server = serve(listen, terminal.clone()).await?;
    Ok(HubCloudSimulation { local_addr: server.local_addr, terminal, bank, _server: server })
}

#[async_trait]
impl FarSide for HubTerminal {
    fn restarts(&self) -> watch::Receiver<u64> {
        self.hang_ups()
    }
    fn reachable(&self) -> watch::Receiver<bool> {
        HubTerminal::reachable(self)
    }
    async fn exchange(&self, request: WireRequest) -> WireReply {
        HubTerminal::exchange(self, request).await
    }
}
