//! A data folder whose terminal has an ECR Hub behind a real socket, pseudo-terminal or gateway, and its
//! bank. The program on the folder is the real `paydeskctl`.

use crate::desk::APP_ID;
use crate::program::{Ended, Program, free_port};
use simulator::bank::Bank;
use simulator::ecrhub::{HUB_KEYS, HubTerminal, Settings};
use simulator::script::Script;
use simulator::serve::{HubCableOptions, HubCableSimulation, HubOptions, HubSimulation};
use simulator::serve::{HubCloudOptions, HubCloudSimulation};
use simulator::serve::{simulate_hub, simulate_hub_cable, simulate_hub_cloud};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::watch::Receiver;

/// See the module.
pub struct HubShop {
    /// The data folder.
    pub folder: TempDir,
    /// The terminal.
    pub terminal: HubTerminal,
    /// Its bank.
    pub bank: Bank,
    way: Way,
}

enum Way {
    Network { _simulation: HubSimulation },
    Cable(HubCableSimulation),
    Cloud { simulation: HubCloudSimulation, listener: u16 },
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
        let text = settings_at(simulation.local_addr, more);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("settings.toml"), text).expect("the settings are written");
        Self { folder, terminal, bank, way: Way::Network { _simulation: simulation } }
    }

    /// The same on a cable, which a pseudo-terminal stands for.
    pub fn on_cable(handle: &Handle, settings: Settings, script: Option<Script>, more: &str) -> Self {
        let _inside = handle.enter();
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("cable");
        let options = HubCableOptions {
            port: None,
            link: Some(link.clone()),
            settings,
            script,
            bank_file: None,
            clock: simulator::clock::clock_from(jiff::Timestamp::now()),
        };
        let simulation = simulate_hub_cable(options).expect("the simulator starts");
        let (terminal, bank) = (simulation.terminal.clone(), simulation.bank.clone());
        let text = settings_on(&link, more);
        std::fs::write(folder.path().join("settings.toml"), text).expect("the settings are written");
        Self { folder, terminal, bank, way: Way::Cable(simulation) }
    }

    /// The same behind the operator's gateway, which also notifies the till.
    pub fn in_cloud(handle: &Handle, settings: Settings, script: Option<Script>, more: &str) -> Self {
        let listener = free_port();
        let mut settings = settings;
        settings.gateway.notify_path = Some("/ecrhub/notification".to_owned());
        let options = HubCloudOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            till_url: Some(format!("http://127.0.0.1:{listener}")),
            settings,
            script,
            bank_file: None,
            clock: simulator::clock::clock_from(jiff::Timestamp::now()),
        };
        let simulation = handle.block_on(simulate_hub_cloud(options)).expect("the simulator starts");
        let (terminal, bank) = (simulation.terminal.clone(), simulation.bank.clone());
        let base_url = format!("http://{}", simulation.local_addr);
        let folder = tempfile::tempdir().expect("a folder");
        let shop = Self { folder, terminal, bank, way: Way::Cloud { simulation, listener } };
        shop.reroute(&base_url, more);
        shop
    }

    /// Where the gateway is, and where the till listens; a situation that speaks of them is in the cloud.
    pub fn cloud(&self) -> (SocketAddr, u16) {
        match &self.way {
            Way::Cloud { simulation, listener } => (simulation.local_addr, *listener),
            Way::Network { .. } | Way::Cable(_) => panic!("it is behind no gateway"),
        }
    }

    /// Writes the settings: the gateway is there from now on.
    pub fn reroute(&self, base_url: &str, more: &str) {
        let text = settings_behind(base_url, self.cloud().1, more);
        std::fs::write(self.folder.path().join("settings.toml"), text).expect("the settings are written");
    }

    /// The port of the moment; a situation that speaks of one is on a cable.
    pub fn port(&self) -> PathBuf {
        self.ports().borrow().clone()
    }

    /// Tells of another port.
    pub fn ports(&self) -> Receiver<PathBuf> {
        match &self.way {
            Way::Cable(simulation) => {
                let mut ports = simulation.port.clone();
                ports.mark_unchanged();
                ports
            }
            Way::Network { .. } | Way::Cloud { .. } => panic!("it is on no cable"),
        }
    }

    /// Pulls the cable until the port is gone, and plugs it in again: at another port.
    pub fn replug(&self, handle: &Handle) {
        let mut ports = self.ports();
        self.terminal.unplug();
        let gone = async { ports.wait_for(|port| port.as_os_str().is_empty()).await.map(drop) };
        handle.block_on(gone).expect("the port is gone");
        self.terminal.plug();
        let back = async { ports.wait_for(|port| !port.as_os_str().is_empty()).await.map(drop) };
        handle.block_on(back).expect("it has a port again");
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
    let place = format!("host = \"{}\"\nport = \"{}\"", address.ip(), address.port());
    settings("ecrhub-wlan", &place, more)
}

/// Settings of a shop whose terminal is at this port.
pub fn settings_on(port: &Path, more: &str) -> String {
    settings("ecrhub-usb", &format!("port = \"{}\"", port.display()), more)
}

/// Settings of a shop whose terminal is behind this gateway.
pub fn settings_behind(base_url: &str, listener: u16, more: &str) -> String {
    let (key, public) = (HUB_KEYS.till, HUB_KEYS.gateway_public);
    let place = format!(
        "base_url = \"{base_url}\"\nmerchant_no = \"300000000001\"\nstore_no = \"4000000001\"\n\
         terminal_sn = \"TESTSN0000000001\"\nprivate_key = \"\"\"\n{key}\"\"\"\n\
         gateway_public_key = \"\"\"\n{public}\"\"\"\nnotifications = true"
    );
    let listens = format!(
        "[listener]\nbind = \"127.0.0.1:{listener}\"\npublic_url = \"https://shop.example\"\n[[terminal]]"
    );
    settings("ecrhub-cloud", &place, more).replacen("[[terminal]]", &listens, 1)
}

fn settings(driver: &str, place: &str, more: &str) -> String {
    format!(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n[[terminal]]\n\
         id = \"desk\"\ndriver = \"{driver}\"\n[terminal.settings]\n\
         {place}\napp_id = \"{APP_ID}\"\n{more}"
    )
}
