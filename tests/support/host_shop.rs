//! A data folder whose terminal is a device behind a host on a real socket, in either generation, and the
//! host's bank. The program on the folder is the real `paydeskctl`.

use crate::program::{Ended, Program, free_port};
use crate::world::Form;
use simulator::bank::Bank;
use simulator::kayaaku::{HOST_KEYS, KayaakuHost, Settings, TILL_KEYS};
use simulator::script::Script;
use simulator::serve::{KayaakuOptions, KayaakuSimulation, simulate_kayaaku};
use std::net::SocketAddr;
use tempfile::TempDir;

/// See the module.
pub struct HostShop {
    /// The data folder.
    pub folder: TempDir,
    /// The host.
    pub host: KayaakuHost,
    /// Its bank.
    pub bank: Bank,
    /// Where the till listens.
    pub listener: u16,
    /// Where the host is.
    pub address: SocketAddr,
    form: Form,
    _simulation: KayaakuSimulation,
}

/// A device whose customer and cashier are quick, in the shop's currency.
pub fn quick() -> Settings {
    Settings {
        answer_ms: 10,
        customer_ms: 100,
        next_ms: 20,
        currencies: vec!["752".to_owned()],
        ..Settings::default()
    }
}

impl HostShop {
    /// Opens a shop of this generation. Must be called within a tokio runtime that lives as long as the shop.
    /// `more`: further lines of the terminal's settings.
    pub async fn open(form: Form, settings: Settings, script: Option<Script>, more: &str) -> Self {
        assert!(form.is_hosted(), "{form:?} is behind no host");
        let listener = free_port();
        let options = KayaakuOptions {
            listen: "127.0.0.1:0".parse().expect("an address"),
            till_url: Some(format!("http://127.0.0.1:{listener}")),
            settings,
            script,
            bank_file: None,
            clock: simulator::clock::clock_from(jiff::Timestamp::now()),
        };
        let simulation = simulate_kayaaku(options).await.expect("the simulator starts");
        let folder = tempfile::tempdir().expect("a folder");
        let (host, bank) = (simulation.host.clone(), simulation.bank.clone());
        let address = simulation.local_addr;
        let shop = Self { folder, host, bank, listener, address, form, _simulation: simulation };
        shop.reroute(&format!("http://{address}"), more);
        shop
    }

    /// Writes the settings: the host is there from now on, and `more` is set for it.
    pub fn reroute(&self, base_url: &str, more: &str) {
        let text = settings(self.form, base_url, self.listener, more);
        std::fs::write(self.folder.path().join("settings.toml"), text).expect("the settings are written");
    }

    /// Starts `paydeskctl` on the folder with `--json`.
    pub fn run(&self, arguments: &[&str]) -> Program {
        Program::start(&[], self.folder.path(), arguments)
    }

    /// Runs it to its end.
    pub fn ran(&self, arguments: &[&str]) -> Ended {
        self.run(arguments).end()
    }

    /// A customer pays on the device.
    pub fn pay(&self, amount: &str) -> Program {
        self.run(&["pay", "--terminal", "edc", "--amount", amount])
    }

    /// How many requests of this call came.
    pub fn heard(&self, call: &str) -> usize {
        self.host.trace().iter().filter(|it| it.split(' ').nth(1) == Some(call)).count()
    }
}

/// Settings of a shop whose host is there. A line of `more` takes the place of the usual one for its key.
pub fn settings(form: Form, base_url: &str, listener: u16, more: &str) -> String {
    let pem = |text: &str| format!("'''{text}'''");
    let usual = |rows: &[(&str, String)]| {
        let is_set = |key: &str| more.lines().any(|line| line.starts_with(&format!("{key} =")));
        let rows = rows.iter().filter(|(key, _)| !is_set(key));
        rows.map(|(key, value)| format!("{key} = {value}\n")).collect::<String>()
    };
    let keys = match form {
        Form::Sealed => usual(&[
            ("generation", "\"2\"".to_owned()),
            ("private_key", pem(TILL_KEYS.ec)),
            ("peer_public_key", pem(HOST_KEYS.ec_public)),
            ("jwe_recipient_key", pem(HOST_KEYS.reader)),
            ("jwe_private_key", pem(TILL_KEYS.reader)),
        ]),
        Form::Edc
        | Form::Default
        | Form::Light
        | Form::Wallet
        | Form::Notified
        | Form::Cable
        | Form::Lan
        | Form::Usb
        | Form::Cloud => {
            usual(&[("private_key", pem(TILL_KEYS.rsa)), ("peer_public_key", pem(HOST_KEYS.rsa_public))])
        }
    };
    format!(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n[listener]\n\
         bind = \"127.0.0.1:{listener}\"\npublic_url = \"https://shop.example\"\n[[terminal]]\n\
         id = \"edc\"\ndriver = \"kayaaku-http\"\n[terminal.settings]\n\
         base_url = \"{base_url}/mqpos-host\"\nsource_system = \"tst\"\nmid = \"000010000099999\"\n\
         device_sn = \"KP0001\"\nemail = \"till@example.my\"\n{keys}{more}"
    )
}
