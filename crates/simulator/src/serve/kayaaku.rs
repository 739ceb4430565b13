//! A Kayaaku host over real sockets: plain HTTP on loopback, as only a simulated one speaks it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{FarSide, HttpLine, Server, SimulatorError, serve};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::kayaaku::{KayaakuHost, Settings};
use crate::nexo::{WireReply, WireRequest};
use crate::script::Script;

/// What `paydeskctl simulate kayaaku-http` is told.
pub struct KayaakuOptions {
    /// Where the till finds the host.
    pub listen: SocketAddr,
    /// Where the host posts notifications, whatever address a request names: `http://host:port`.
    pub till_url: Option<String>,
    /// The host before the script turns its knobs.
    pub settings: Settings,
    /// Rules and knobs.
    pub script: Option<Script>,
    /// Keeps bank and memory over restarts of the process.
    pub bank_file: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

/// A host that runs until dropped.
pub struct KayaakuSimulation {
    /// Where the till finds it; the port is the real one.
    pub local_addr: SocketAddr,
    /// The host.
    pub host: KayaakuHost,
    /// Its bank.
    pub bank: Bank,
    _server: Server,
}

/// Starts a host on a real socket.
///
/// # Errors
/// An address, file or knob cannot be used.
pub async fn simulate_kayaaku(options: KayaakuOptions) -> Result<KayaakuSimulation, SimulatorError> {
    let mut settings = options.settings;
    if let Some(knobs) = options.script.as_ref().and_then(Script::knobs) {
        settings = settings.with_knobs(knobs).map_err(SimulatorError::Knobs)?;
    }
    let bank = match &options.bank_file {
        Some(path) => Bank::open(path)?,
        None => Bank::new(),
    };
    let host = KayaakuHost::new(settings, bank.clone(), options.clock);
    let host =
        host.ok_or_else(|| SimulatorError::Knobs("a key or enquiry_mti cannot be used".to_owned()))?;
    if let Some(script) = options.script {
        host.follow(script);
    }
    if let Some(url) = options.till_url {
        let line = HttpLine::new(&url).ok_or(SimulatorError::Url(url))?;
        host.connect(Arc::new(line.for_texts()));
    }
    let server = serve(options.listen, host.clone()).await?;
    Ok(KayaakuSimulation { local_addr: server.local_addr, host, bank, _server: server })
}

#[async_trait]
impl FarSide for KayaakuHost {
    fn restarts(&self) -> watch::Receiver<u64> {
        KayaakuHost::restarts(self)
    }
    fn reachable(&self) -> watch::Receiver<bool> {
        KayaakuHost::reachable(self)
    }
    async fn exchange(&self, request: WireRequest) -> WireReply {
        KayaakuHost::exchange(self, request).await
    }
}
