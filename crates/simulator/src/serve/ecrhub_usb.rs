//! A WiseCashier terminal on a cable: at a real port, or at a pseudo-terminal of its own.

use std::path::PathBuf;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::SimulatorError;
use super::port::{Cabled, Place, stay};
use super::tty::Tty;
use crate::bank::Bank;
use crate::clock::Clock;
use crate::ecrhub::{HubTerminal, Settings};
use crate::script::Script;

/// What `paydeskctl simulate ecrhub-usb` is told.
pub struct HubCableOptions {
    /// The port that it is at; nothing: a pseudo-terminal is made.
    pub port: Option<PathBuf>,
    /// A link to the pseudo-terminal of the moment, whatever that is called.
    pub link: Option<PathBuf>,
    /// The terminal before the script turns its knobs.
    pub settings: Settings,
    /// Rules and knobs.
    pub script: Option<Script>,
    /// Keeps bank and memory over restarts of the process.
    pub bank_file: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

/// A terminal that runs until dropped.
pub struct HubCableSimulation {
    /// Where the till finds it: nowhere while its cable is out, somewhere else when it is in again.
    pub port: watch::Receiver<PathBuf>,
    /// The terminal.
    pub terminal: HubTerminal,
    /// Its bank.
    pub bank: Bank,
    task: JoinHandle<()>,
}

impl Drop for HubCableSimulation {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a terminal.
///
/// # Errors
/// A port, file or knob cannot be used.
pub fn simulate_hub_cable(options: HubCableOptions) -> Result<HubCableSimulation, SimulatorError> {
    let HubCableOptions { port, link, settings, script, bank_file, clock } = options;
    let (terminal, bank) = super::ecrhub::terminal(settings, script, bank_file.as_deref(), clock)?;
    let place = Place { port, link };
    let (tty, path) = place.open().map_err(|cause| SimulatorError::Port { cause })?;
    let (ports, port) = watch::channel(path);
    let task = tokio::spawn(stay(terminal.clone(), place, tty, ports));
    Ok(HubCableSimulation { port, terminal, bank, task })
}

impl Cabled for HubTerminal {
    async fn serve(&self, tty: &mut Tty) {
        self.serve_cable(tty).await;
    }

    fn is_plugged(&self) -> bool {
        self.is_plugged()
    }

    async fn is_back(&self) {
        self.is_back().await;
    }
}
