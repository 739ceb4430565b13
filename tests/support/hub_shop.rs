//! A data folder whose terminal has an ECR Hub behind a real socket, and the terminal's bank. The program on
//! the folder is the real `paydeskctl`.

use crate::desk::APP_ID;
use crate::program::{Ended, Program};
use simulator::bank::Bank;
use simulator::ecrhub::{HubTerminal, Settings};
use simulator::script::Script;
use simulator::serve::{HubOptions, HubSimulation, simulate_hub};
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::runtime::Handle;

/// See the module.
pub struct HubShop {
    /// The data folder.
    pub folder: TempDir,
    /// The terminal.
    pub terminal: HubTerminal,
    /// Its bank.
    pub bank: Bank,
    /// Where it listens.
    pub address: SocketAddr,
    _simulation: HubSimulation,
}

/// A terminal whose customers are quick, in the shop's currency.
pub fn quick() -> Settings {
    Settings {
        app_ids: vec![APP_ID.to_owned()],
        currencies: vec!["SEK".to_owned()],
        answer_ms: 20,
        touch_ms: 50,
        customer_ms: 100,
        ..Settings::default()
    }
}

impl HubShop {
    /// Opens a shop. Must be called within a tokio runtime that lives as long as the shop. `more`: further
    /// lines of the terminal's settings.
    pub fn open(handle: &Handle, settings: Settings, script: Option<Script>, more: &str) -> Self {
        let options = HubOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            settings,
            script,
            bank_file: None,
            clock: simulator::clock::clock_from(jiff::Timestamp::now()),
        };
        let simulation = handle.block_on(simulate_hub(options)).expect("the simulator starts");
        let (terminal, bank) = (simulation.terminal.clone(), simulation.bank.clone());
        let address = simulation.local_addr;
        let folder = tempfile::tempdir().expect("a folder");
        let text = settings_at(address, more);
        std::fs::write(folder.path().join("settings.toml"), text).expect("the settings are written");
        Self { folder, terminal, bank, address, _simulation: simulation }
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
}

/// Settings of a shop whose terminal is there.
pub fn settings_at(address: SocketAddr, more: &str) -> String {
    format!(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n[[terminal]]\n\
         id = \"desk\"\ndriver = \"ecrhub-wlan\"\n[terminal.settings]\n\
         host = \"{}\"\nport = \"{}\"\napp_id = \"{APP_ID}\"\n{more}",
        address.ip(),
        address.port()
    )
}
