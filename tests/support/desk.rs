//! The terminals of a world: how each is integrated, what the settings say of it, and its far side.

pub use crate::entry::{HOST_SECRETS, HUB_SECRET, SECRET, TOKEN, entry, filled_in};
use crate::line::Far;
use crate::world::{World, beginning};
use domain::ids::TerminalId;
use simulator::ecrhub::{Gateway, HubTerminal, Settings as HubSettings};
use simulator::faults::Plan;
use simulator::kayaaku::serial::KayaakuDevice;
use simulator::kayaaku::{KayaakuHost, Settings as HostSettings};
use simulator::nexo::{NexoTerminal, Settings as TerminalSettings};
use simulator::pockyt::{PockytGateway, Settings as GatewaySettings};
use simulator::script::Script;
use terminals::Capabilities;
use terminals::ecrhub::capabilities as ecrhub;
use terminals::kayaaku::profile::capabilities as kayaaku;
use terminals::kayaaku::serial::profile::capabilities as kayaaku_serial;
use terminals::nexo::profile::Form as Nexo;
use terminals::pockyt::profile::CAPABILITIES;

/// How a simulated terminal is integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A card terminal; the till also listens.
    Default,
    /// A card terminal; the till is a client only.
    Light,
    /// A wallet gateway that is asked.
    Wallet,
    /// A wallet gateway that also notifies the till.
    Notified,
    /// A device behind a host: signed JSON.
    Edc,
    /// A device behind a host: encrypted messages and notifications.
    Sealed,
    /// A device on a serial cable.
    Cable,
    /// A terminal with an ECR Hub on the local network.
    Lan,
    /// The same on a cable.
    Usb,
    /// The same behind the operator's gateway, which also notifies the till.
    Cloud,
}

impl Form {
    /// What its driver declares: situations choose by it.
    pub const fn capabilities(self) -> Capabilities {
        match self {
            Self::Default => Nexo::Default.capabilities(),
            Self::Light => Nexo::Light.capabilities(),
            Self::Wallet => CAPABILITIES,
            Self::Notified => Capabilities { listener: true, ..CAPABILITIES },
            Self::Edc => kayaaku(true, false, false),
            Self::Sealed => kayaaku(false, true, false),
            Self::Cable => kayaaku_serial(false),
            Self::Lan | Self::Usb => ecrhub(180, true, false),
            Self::Cloud => ecrhub(180, true, true),
        }
    }

    /// Whether customers pay with their phones, at a gateway.
    pub const fn is_wallet(self) -> bool {
        match self {
            Self::Wallet | Self::Notified => true,
            Self::Default
            | Self::Light
            | Self::Edc
            | Self::Sealed
            | Self::Cable
            | Self::Lan
            | Self::Usb
            | Self::Cloud => false,
        }
    }

    /// Whether it is a card terminal that the till speaks to itself.
    pub const fn is_nexo(self) -> bool {
        matches!(self, Self::Default | Self::Light)
    }

    /// Whether it is a device behind a host.
    pub const fn is_hosted(self) -> bool {
        matches!(self, Self::Edc | Self::Sealed)
    }

    /// Whether it is a device on a cable.
    pub const fn is_cabled(self) -> bool {
        matches!(self, Self::Cable)
    }

    /// Whether it is a terminal with an ECR Hub.
    pub const fn is_hub(self) -> bool {
        matches!(self, Self::Lan | Self::Usb | Self::Cloud)
    }

    /// Whether its driver asks what became of a lost answer before the payment is called unknown.
    pub const fn asks_within(self) -> bool {
        self.is_wallet() || self.is_hub()
    }

    /// Its driver in the settings.
    pub const fn driver(self) -> &'static str {
        match self {
            Self::Default | Self::Light => "nexo",
            Self::Wallet | Self::Notified => "pockyt",
            Self::Edc | Self::Sealed => "kayaaku-http",
            Self::Cable => "kayaaku-serial",
            Self::Lan => "ecrhub-wlan",
            Self::Usb => "ecrhub-usb",
            Self::Cloud => "ecrhub-cloud",
        }
    }

    /// A category of requests in the words of its protocol; situations speak of card terminals.
    pub fn word(self, category: &str) -> &str {
        match category {
            "Payment" if self.is_wallet() => "pay",
            "TransactionStatus" if self.is_wallet() => "tran-query",
            "Reversal" if self.is_wallet() => "cancel",
            "Payment" | "Refund" if self.is_hub() => "pay",
            "TransactionStatus" if self.is_hub() => "query",
            "Reversal" if self.is_hub() => "void",
            "Abort" if self.is_hub() => "close",
            "Login" if self.is_hub() => "query",
            "Payment" if self.is_hosted() || self.is_cabled() => "pay",
            "TransactionStatus" if self.is_hosted() || self.is_cabled() => "enquire",
            "Reversal" if self.is_hosted() || self.is_cabled() => "void",
            "Login" if self.is_cabled() => "link",
            "Abort" if self.is_cabled() => "abort",
            other => other,
        }
    }
}

/// One terminal of the world.
pub struct Desk {
    /// Its id in the settings.
    pub id: TerminalId,
    /// Its integration.
    pub form: Form,
    /// Its far side.
    pub far: Far,
}

impl Desk {
    /// The card terminal; a situation that speaks of one asks for no other form.
    pub fn nexo(&self) -> &NexoTerminal {
        match &self.far {
            Far::Nexo(terminal) => terminal,
            Far::Pockyt(_) | Far::Kayaaku(_) | Far::Cable(_) | Far::Hub(_) => {
                panic!("{} is no card terminal", self.id.0)
            }
        }
    }

    /// The gateway; a situation that speaks of one asks for no other form.
    pub fn gateway(&self) -> &PockytGateway {
        match &self.far {
            Far::Pockyt(gateway) => gateway,
            Far::Nexo(_) | Far::Kayaaku(_) | Far::Cable(_) | Far::Hub(_) => {
                panic!("{} is no wallet gateway", self.id.0)
            }
        }
    }

    /// The host; a situation that speaks of one asks for no other form.
    pub fn host(&self) -> &KayaakuHost {
        match &self.far {
            Far::Kayaaku(host) => host,
            Far::Nexo(_) | Far::Pockyt(_) | Far::Cable(_) | Far::Hub(_) => {
                panic!("{} is behind no host", self.id.0)
            }
        }
    }

    /// The device on its cable; a situation that speaks of one asks for no other form.
    pub fn device(&self) -> &KayaakuDevice {
        match &self.far {
            Far::Cable(device) => device,
            Far::Nexo(_) | Far::Pockyt(_) | Far::Kayaaku(_) | Far::Hub(_) => {
                panic!("{} is on no cable", self.id.0)
            }
        }
    }

    /// The terminal with its hub; a situation that speaks of one asks for no other form.
    pub fn hub(&self) -> &HubTerminal {
        match &self.far {
            Far::Hub(terminal) => terminal,
            Far::Nexo(_) | Far::Pockyt(_) | Far::Kayaaku(_) | Far::Cable(_) => {
                panic!("{} has no hub", self.id.0)
            }
        }
    }

    /// Rules for its requests from now on.
    pub fn follow(&self, script: Script) {
        match &self.far {
            Far::Nexo(terminal) => terminal.follow(script),
            Far::Pockyt(gateway) => gateway.follow(script),
            Far::Kayaaku(host) => host.follow(script),
            Far::Cable(device) => device.follow(script),
            Far::Hub(terminal) => terminal.follow(script),
        }
    }

    /// Seeded faults from now on.
    pub fn suffer(&self, plan: Plan) {
        match &self.far {
            Far::Nexo(terminal) => terminal.suffer(plan),
            Far::Pockyt(gateway) => gateway.suffer(plan),
            Far::Kayaaku(host) => host.suffer(plan),
            Far::Cable(device) => device.suffer(plan),
            Far::Hub(terminal) => terminal.suffer(plan),
        }
    }

    /// Ends every connection; what is remembered stays.
    pub fn restart(&self) {
        match &self.far {
            Far::Nexo(terminal) => terminal.reboot(),
            Far::Pockyt(gateway) => gateway.restart(),
            Far::Kayaaku(host) => host.restart(),
            Far::Cable(device) => device.restart(),
            Far::Hub(terminal) => terminal.restart(),
        }
    }

    /// What it found wrong with the till's requests. A message in a foreign name, or to a till that does not
    /// listen, is refused, as it should be.
    pub fn complaints(&self) -> Vec<String> {
        match &self.far {
            Far::Nexo(terminal) => {
                terminal.complaints().into_iter().filter(|it| !it.contains("status 40")).collect()
            }
            Far::Pockyt(gateway) => gateway.complaints(),
            Far::Kayaaku(host) => host.complaints(),
            Far::Cable(device) => device.complaints(),
            Far::Hub(terminal) => terminal.complaints(),
        }
    }
}

impl World {
    pub(crate) fn terminal(&self, index: usize, dress: impl Fn(&mut TerminalSettings)) -> Far {
        let mut settings = TerminalSettings {
            number: format!("55500{}", index + 1),
            poi_id: Some(format!("POI-desk{}", index + 1)),
            seed: self.seed.wrapping_add(index as u64),
            ..TerminalSettings::default()
        };
        dress(&mut settings);
        let clock = simulator::clock::clock_from(beginning());
        let terminal = NexoTerminal::new(settings, self.bank.clone(), clock);
        terminal.connect(self.line());
        terminal.into()
    }

    /// A gateway that knows one store. Customers scan what is on the screen, and nothing else.
    pub(crate) fn gateway(&self, index: usize) -> Far {
        let mut settings = GatewaySettings {
            seed: self.seed.wrapping_add(index as u64),
            scans: false,
            ..GatewaySettings::default()
        };
        settings.stores[0].store_no = store(index);
        settings.currencies.push(("SEK".to_owned(), 2));
        let clock = simulator::clock::clock_from(beginning());
        let gateway = PockytGateway::new(settings, self.bank.clone(), clock);
        gateway.connect(self.line());
        gateway.into()
    }

    /// A host with one device.
    pub(crate) fn host(&self, index: usize) -> Far {
        let settings = HostSettings {
            seed: self.seed.wrapping_add(index as u64),
            devices: vec![device(index)],
            currencies: vec!["752".to_owned()],
            convention: false,
            card_amounts: true,
            ..HostSettings::default()
        };
        let clock = simulator::clock::clock_from(beginning());
        let host = KayaakuHost::new(settings, self.bank.clone(), clock).expect("the keys are good");
        host.connect(self.line());
        host.into()
    }

    /// A device on a cable.
    pub(crate) fn device(&self, index: usize) -> Far {
        let settings = HostSettings {
            seed: self.seed.wrapping_add(index as u64),
            devices: vec![device(index)],
            mids: vec![MID.to_owned()],
            currencies: vec!["752".to_owned()],
            convention: false,
            card_amounts: true,
            patience_ms: 300_000,
            ..HostSettings::default()
        };
        let clock = simulator::clock::clock_from(beginning());
        KayaakuDevice::new(settings, self.bank.clone(), clock).into()
    }

    /// A terminal with a hub, whatever way it is reached.
    pub(crate) fn hub(&self, index: usize) -> Far {
        let gateway = Gateway {
            store: store(index),
            notify_path: Some("/ecrhub/notification".to_owned()),
            // Storms set the till's clock wrong, and money is not what that is about.
            tolerance_ms: i64::MAX / 2,
            ..Gateway::default()
        };
        let settings = HubSettings {
            seed: self.seed.wrapping_add(index as u64),
            serial: hub_serial(index),
            currencies: vec!["SEK".to_owned()],
            convention: false,
            card_amounts: true,
            patience_ms: 300_000,
            gateway,
            ..HubSettings::default()
        };
        let clock = simulator::clock::clock_from(beginning());
        let terminal = HubTerminal::new(settings, self.bank.clone(), clock);
        terminal.connect(self.line());
        terminal.into()
    }

    /// Nobody answers at this terminal any more.
    pub fn unplug(&self, desk: usize) {
        match &self.desks[desk].far {
            Far::Nexo(terminal) => terminal.unplug(),
            Far::Pockyt(_) | Far::Kayaaku(_) => self.wires.unplug(&authority(desk)),
            Far::Cable(device) => device.unplug(),
            Far::Hub(terminal) => terminal.unplug(),
        }
    }

    /// Somebody does again.
    pub fn plug(&self, desk: usize) {
        match &self.desks[desk].far {
            Far::Nexo(terminal) => terminal.plug(),
            Far::Pockyt(gateway) => self.wires.plug(&authority(desk), gateway.clone()),
            Far::Kayaaku(host) => self.wires.plug(&authority(desk), host.clone()),
            Far::Cable(device) => device.plug(),
            Far::Hub(terminal) => terminal.plug(),
        }
    }
}

/// Where the terminal of this number is.
pub fn authority(index: usize) -> String {
    format!("127.0.0.1:{}", 12_001 + index)
}

/// The port of the cable of this number.
pub fn port(index: usize) -> String {
    format!("/dev/ttyACM{index}")
}

/// Where the far side of this number is found: by address, or at a port.
pub fn place(index: usize, form: Form) -> String {
    if form.is_cabled() || form == Form::Usb { port(index) } else { authority(index) }
}

/// The merchant of every device.
pub const MID: &str = "000010000099999";

/// The store of the gateway of this number: no two terminals of a till share one.
pub fn store(index: usize) -> String {
    format!("80000{}", index + 2)
}

/// The device behind the host of this number.
pub fn device(index: usize) -> String {
    format!("KP000{}", index + 1)
}

/// The terminal with a hub of this number.
pub fn hub_serial(index: usize) -> String {
    format!("TESTSN{index:010}")
}

/// What pairings know terminals by.
pub const PAIRED: &str = "A1B2C3D4E5F6";
/// The till's name at the operator.
pub const APP_ID: &str = "wztest0000000001";
