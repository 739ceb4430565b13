//! A data folder whose terminal is a device on a cable, which a pseudo-terminal stands for, and the
//! device's bank. The program on the folder is the real `paydeskctl`.

use crate::desk::MID;
use crate::program::{Ended, Program};
use simulator::bank::Bank;
use simulator::kayaaku::Settings;
use simulator::kayaaku::serial::KayaakuDevice;
use simulator::script::Script;
use simulator::serve::{KayaakuSerialOptions, KayaakuSerialSimulation, simulate_kayaaku_serial};
use std::path::PathBuf;
use tempfile::TempDir;

/// See the module.
pub struct CableShop {
    /// The data folder.
    pub folder: TempDir,
    /// The device.
    pub device: KayaakuDevice,
    /// Its bank.
    pub bank: Bank,
    simulation: KayaakuSerialSimulation,
}

/// A device whose customers are quick, in the shop's currency.
pub fn quick() -> Settings {
    Settings {
        mids: vec![MID.to_owned()],
        devices: vec!["KP0001".to_owned()],
        currencies: vec!["752".to_owned()],
        answer_ms: 20,
        customer_ms: 100,
        next_ms: 50,
        ..Settings::default()
    }
}

impl CableShop {
    /// Opens a shop. Must be called within a tokio runtime that lives as long as the shop. `more`: further
    /// lines of the terminal's settings.
    pub fn open(settings: Settings, script: Option<Script>, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("cable");
        let options = KayaakuSerialOptions {
            port: None,
            link: Some(link.clone()),
            settings,
            script,
            bank_file: None,
            clock: simulator::clock::clock_from(jiff::Timestamp::now()),
        };
        let simulation = simulate_kayaaku_serial(options).expect("the simulator starts");
        let (device, bank) = (simulation.device.clone(), simulation.bank.clone());
        let text = format!(
            "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n[[terminal]]\n\
             id = \"desk\"\ndriver = \"kayaaku-serial\"\n[terminal.settings]\n\
             port = \"{}\"\nmid = \"{MID}\"\n{more}",
            link.display()
        );
        std::fs::write(folder.path().join("settings.toml"), text).expect("the settings are written");
        Self { folder, device, bank, simulation }
    }

    /// The port of the moment.
    pub fn port(&self) -> PathBuf {
        self.simulation.port.borrow().clone()
    }

    /// Tells of another port.
    pub fn ports(&self) -> tokio::sync::watch::Receiver<PathBuf> {
        let mut ports = self.simulation.port.clone();
        ports.mark_unchanged();
        ports
    }

    /// Starts `paydeskctl` on the folder with `--json`.
    pub fn run(&self, arguments: &[&str]) -> Program {
        Program::start(&[], self.folder.path(), arguments)
    }

    /// Runs it to its end.
    pub fn ran(&self, arguments: &[&str]) -> Ended {
        self.run(arguments).end()
    }

    /// A customer pays.
    pub fn pay(&self, amount: &str) -> Program {
        self.run(&["pay", "--terminal", "desk", "--amount", amount])
    }

    /// How many requests of this kind the device has answered or begun.
    pub fn heard(&self, word: &str) -> usize {
        self.device.trace().iter().filter(|it| it.split(' ').any(|part| part == word)).count()
    }
}
