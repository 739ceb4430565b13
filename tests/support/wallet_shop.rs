//! A data folder whose terminal is a wallet gateway behind a real socket, and the gateway's bank. The program
//! on the folder is the real `paydeskctl`.

use crate::desk::TOKEN;
use crate::program::{Ended, Program, free_port};
use simulator::bank::Bank;
use simulator::pockyt::{PockytGateway, Settings};
use simulator::script::Script;
use simulator::serve::{PockytOptions, PockytSimulation, simulate_pockyt};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// See the module.
pub struct WalletShop {
    /// The data folder.
    pub folder: TempDir,
    /// The gateway.
    pub gateway: PockytGateway,
    /// Its bank.
    pub bank: Bank,
    /// Where the till listens.
    pub listener: u16,
    /// Where the gateway is.
    pub address: SocketAddr,
    codes: AtomicU64,
    _simulation: PockytSimulation,
}

/// A gateway whose wallets are quick, in the shop's currency.
pub fn quick() -> Settings {
    let mut settings = Settings { answer_ms: 20, wallet_ms: 100, ..Settings::default() };
    settings.currencies.push(("SEK".to_owned(), 2));
    settings
}

impl WalletShop {
    /// Opens a shop. Must be called within a tokio runtime that lives as long as the shop. `more`: further
    /// lines of the terminal's settings.
    pub async fn open(settings: Settings, script: Option<Script>, more: &str) -> Self {
        let listener = free_port();
        let options = PockytOptions {
            listen: "127.0.0.1:0".parse().expect("an address"),
            till_url: Some(format!("http://127.0.0.1:{listener}")),
            settings,
            script,
            bank_file: None,
            clock: simulator::clock::clock_from(jiff::Timestamp::now()),
        };
        let simulation = simulate_pockyt(options).await.expect("the simulator starts");
        let folder = tempfile::tempdir().expect("a folder");
        let (gateway, bank) = (simulation.gateway.clone(), simulation.bank.clone());
        let (address, codes) = (simulation.local_addr, AtomicU64::new(0));
        let shop = Self { folder, gateway, bank, listener, address, codes, _simulation: simulation };
        shop.reroute(&format!("http://{address}"), more);
        shop
    }

    /// Writes the settings: the gateway is there from now on, and `more` is set for it.
    pub fn reroute(&self, base_url: &str, more: &str) {
        let text = settings(base_url, self.listener, more);
        std::fs::write(self.folder.path().join("settings.toml"), text).expect("the settings are written");
    }

    /// The same gateway with further settings.
    pub fn set(&self, more: &str) {
        self.reroute(&format!("http://{}", self.address), more);
    }

    /// A code that nobody showed before, with these last two digits.
    pub fn code(&self, ends: u64) -> String {
        format!("28{:014}{ends:02}", self.codes.fetch_add(1, Ordering::SeqCst))
    }

    /// Starts `paydeskctl` on the folder with `--json`.
    pub fn run(&self, arguments: &[&str]) -> Program {
        Program::start(&[], self.folder.path(), arguments)
    }

    /// Runs it to its end.
    pub fn ran(&self, arguments: &[&str]) -> Ended {
        self.run(arguments).end()
    }

    /// A customer shows this code.
    pub fn pay(&self, amount: &str, code: &str) -> Program {
        self.run(&["pay", "--terminal", "wallets", "--amount", amount, "--code", code])
    }

    /// How many requests of this endpoint came.
    pub fn heard(&self, endpoint: &str) -> usize {
        self.gateway.trace().iter().filter(|it| it.split(' ').nth(1) == Some(endpoint)).count()
    }
}

/// Settings of a shop whose gateway is there.
pub fn settings(base_url: &str, listener: u16, more: &str) -> String {
    format!(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n[listener]\n\
         bind = \"127.0.0.1:{listener}\"\npublic_url = \"https://shop.example\"\n[[terminal]]\n\
         id = \"wallets\"\ndriver = \"pockyt\"\n[terminal.settings]\nbase_url = \"{base_url}\"\n\
         merchant_no = \"900001\"\nstore_no = \"800002\"\ntoken = \"{TOKEN}\"\n\
         shown_wallet = \"alipay\"\n{more}"
    )
}
