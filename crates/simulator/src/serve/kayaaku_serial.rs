//! A Kayaaku device at a real port, or at a pseudo-terminal of its own.

use std::path::PathBuf;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::SimulatorError;
use super::port::{Cabled, Place, stay};
use super::tty::Tty;
use crate::bank::Bank;
use crate::clock::Clock;
use crate::kayaaku::Settings;
use crate::kayaaku::serial::KayaakuDevice;
use crate::script::Script;

/// What `paydeskctl simulate kayaaku-serial` is told.
pub struct KayaakuSerialOptions {
    /// The port that it is at; nothing: a pseudo-terminal is made.
    pub port: Option<PathBuf>,
    /// A link to the pseudo-terminal of the moment, whatever that is called.
    pub link: Option<PathBuf>,
    /// The device before the script turns its knobs.
    pub settings: Settings,
    /// Rules and knobs.
    pub script: Option<Script>,
    /// Keeps bank and memory over restarts of the process.
    pub bank_file: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

/// A device that runs until dropped.
pub struct KayaakuSerialSimulation {
    /// Where the till finds it: nowhere while its cable is out, somewhere else when it is in again.
    pub port: watch::Receiver<PathBuf>,
    /// The device.
    pub device: KayaakuDevice,
    /// Its bank.
    pub bank: Bank,
    task: JoinHandle<()>,
}

impl Drop for KayaakuSerialSimulation {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a device.
///
/// # Errors
/// A port, file or knob cannot be used.
pub fn simulate_kayaaku_serial(
    options: KayaakuSerialOptions,
) -> Result<KayaakuSerialSimulation, SimulatorError> {
    let mut settings = options.settings;
    if let Some(knobs) = options.script.as_ref().and_then(Script::knobs) {
        settings = settings.with_knobs(knobs).map_err(SimulatorError::Knobs)?;
    }
    let bank = match &options.bank_file {
        Some(path) => Bank::open(path)?,
        None => Bank::new(),
    };
    let device = KayaakuDevice::new(settings, bank.clone(), options.clock);
    if let Some(script) = options.script {
        device.follow(script);
    }
    let place = Place { port: options.port, link: options.link };
    let (tty, path) = place.open().map_err(|cause| SimulatorError::Port { cause })?;
    let (ports, port) = watch::channel(path);
    let task = tokio::spawn(stay(device.clone(), place, tty, ports));
    Ok(KayaakuSerialSimulation { port, device, bank, task })
}

impl Cabled for KayaakuDevice {
    async fn serve(&self, tty: &mut Tty) {
        self.serve(tty).await;
    }

    fn is_plugged(&self) -> bool {
        self.is_plugged()
    }

    async fn is_back(&self) {
        self.is_back().await;
    }
}
