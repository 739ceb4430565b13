//! The terminals of a world: how each is integrated, what the settings say of it, and its far side.

use crate::line::Far;
use crate::world::World;
use domain::ids::TerminalId;
use simulator::faults::Plan;
use simulator::nexo::NexoTerminal;
use simulator::pockyt::PockytGateway;
use simulator::script::Script;
use std::collections::BTreeMap;
use terminals::Capabilities;
use terminals::nexo::profile::Form as Nexo;
use terminals::pockyt::profile::CAPABILITIES;
use till::api::{TerminalForm, TypedSecret};

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
}

impl Form {
    /// What its driver declares: situations choose by it.
    pub const fn capabilities(self) -> Capabilities {
        match self {
            Self::Default => Nexo::Default.capabilities(),
            Self::Light => Nexo::Light.capabilities(),
            Self::Wallet => CAPABILITIES,
            Self::Notified => Capabilities { listener: true, ..CAPABILITIES },
        }
    }

    /// Whether customers pay with their phones, at a gateway.
    pub const fn is_wallet(self) -> bool {
        match self {
            Self::Default | Self::Light => false,
            Self::Wallet | Self::Notified => true,
        }
    }

    /// Its driver in the settings.
    pub const fn driver(self) -> &'static str {
        if self.is_wallet() { "pockyt" } else { "nexo" }
    }

    /// A category of requests in the words of its protocol; situations speak of card terminals.
    pub fn word(self, category: &str) -> &str {
        match category {
            "Payment" if self.is_wallet() => "pay",
            "TransactionStatus" if self.is_wallet() => "tran-query",
            "Reversal" if self.is_wallet() => "cancel",
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
            Far::Pockyt(_) => panic!("{} is no card terminal", self.id.0),
        }
    }

    /// The gateway; a situation that speaks of one asks for no other form.
    pub fn gateway(&self) -> &PockytGateway {
        match &self.far {
            Far::Pockyt(gateway) => gateway,
            Far::Nexo(_) => panic!("{} is no wallet gateway", self.id.0),
        }
    }

    /// Rules for its requests from now on.
    pub fn follow(&self, script: Script) {
        match &self.far {
            Far::Nexo(terminal) => terminal.follow(script),
            Far::Pockyt(gateway) => gateway.follow(script),
        }
    }

    /// Seeded faults from now on.
    pub fn suffer(&self, plan: Plan) {
        match &self.far {
            Far::Nexo(terminal) => terminal.suffer(plan),
            Far::Pockyt(gateway) => gateway.suffer(plan),
        }
    }

    /// Ends every connection; what is remembered stays.
    pub fn restart(&self) {
        match &self.far {
            Far::Nexo(terminal) => terminal.reboot(),
            Far::Pockyt(gateway) => gateway.restart(),
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
        }
    }
}

impl World {
    /// Nobody answers at this terminal any more.
    pub fn unplug(&self, desk: usize) {
        match &self.desks[desk].far {
            Far::Nexo(terminal) => terminal.unplug(),
            Far::Pockyt(_) => self.wires.unplug(&authority(desk)),
        }
    }

    /// Somebody does again.
    pub fn plug(&self, desk: usize) {
        match &self.desks[desk].far {
            Far::Nexo(terminal) => terminal.plug(),
            Far::Pockyt(gateway) => self.wires.plug(&authority(desk), gateway.clone()),
        }
    }
}

/// Where the terminal of this number is.
pub fn authority(index: usize) -> String {
    format!("127.0.0.1:{}", 12_001 + index)
}

/// The store of the gateway of this number: no two terminals of a till share one.
pub fn store(index: usize) -> String {
    format!("80000{}", index + 2)
}

/// Under which name the till keeps the store's token.
pub const SECRET: &str = "pockyt-token";
/// The token.
pub const TOKEN: &str = "till-demo-token-0001";

/// What the settings say of the terminal of this number, but for secrets.
fn settings(index: usize, form: Form) -> BTreeMap<String, String> {
    let (authority, id) = (authority(index), format!("desk{}", index + 1));
    let of = |rows: &[(&str, &str)]| {
        rows.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let url = format!("http://{authority}");
    match form {
        Form::Default | Form::Light => {
            let word = if form == Form::Default { "default" } else { "light" };
            let poi = format!("POI-{id}");
            of(&[("url", &url), ("sale_id", "KASSA1"), ("poi_id", &poi), ("form", word)])
        }
        Form::Wallet | Form::Notified => {
            let notifications = if form == Form::Notified { "true" } else { "false" };
            of(&[
                ("base_url", &url),
                ("merchant_no", "900001"),
                ("store_no", &store(index)),
                ("shown_wallet", "alipay"),
                ("notifications", notifications),
            ])
        }
    }
}

/// The terminal of this number as it stands in the file.
pub fn entry(index: usize, form: Form) -> String {
    let value = |text: &str| match text {
        "true" | "false" => text.to_owned(),
        text => format!("\"{text}\""),
    };
    let rows = settings(index, form).into_iter().map(|(key, text)| format!("{key} = {}\n", value(&text)));
    let token = if form.is_wallet() { format!("token = \"secret:{SECRET}\"\n") } else { String::new() };
    format!(
        "[[terminal]]\nid = \"desk{}\"\ndriver = \"{}\"\n[terminal.settings]\n{}{token}",
        index + 1,
        form.driver(),
        rows.collect::<String>()
    )
}

/// The terminal of this number as an installer fills it in.
pub fn filled_in(index: usize, form: Form) -> TerminalForm {
    let token = ("token".to_owned(), TypedSecret(TOKEN.to_owned()));
    TerminalForm {
        id: format!("desk{}", index + 1),
        driver: form.driver().to_owned(),
        name: String::new(),
        settings: settings(index, form),
        secrets: form.is_wallet().then_some(token).into_iter().collect(),
    }
}
