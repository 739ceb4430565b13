//! `simulate`: the far side of a protocol, over real sockets, for practice and tests.

use anyhow::{Context, anyhow};
use simulator::nexo::Settings as Knobs;
use simulator::script::Script;
use simulator::serve::{NexoOptions, simulate_nexo};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use till::api::Problem;
use till::clock::Clock;
use till::settings::{Settings, TerminalEntry};

use crate::cli::{Simulate, SimulateNexo};
use crate::exit::Exit;
use crate::fields;
use crate::lines::Line;
use crate::out::Out;
use crate::signals::{NO_SIGNALS, Signals};

mod ecrhub;
mod ecrhub_cloud;
mod ecrhub_usb;
mod kayaaku;
mod kayaaku_serial;
mod pockyt;

/// The driver whose far side this is, as the settings name it.
const NEXO: &str = "nexo";
/// Where a terminal listens that no settings place elsewhere: the protocol's own port.
const NEXO_LISTEN: &str = "127.0.0.1:11000";

/// Runs a simulator until it is told to end.
///
/// # Errors
/// An address, a file or a script cannot be used.
pub async fn simulate(out: Out, wanted: Simulate) -> anyhow::Result<Exit> {
    match wanted {
        Simulate::Nexo(wanted) => nexo(out, wanted).await,
        Simulate::Pockyt(wanted) => pockyt::pockyt(out, wanted).await,
        Simulate::KayaakuHttp(wanted) => kayaaku::kayaaku(out, wanted).await,
        Simulate::KayaakuSerial(wanted) => kayaaku_serial::kayaaku_serial(out, wanted).await,
        Simulate::EcrhubCloud(wanted) => ecrhub_cloud::ecrhub_cloud(out, wanted).await,
        Simulate::EcrhubUsb(wanted) => ecrhub_usb::ecrhub_usb(out, wanted).await,
        Simulate::EcrhubWlan(wanted) => ecrhub::ecrhub_wlan(out, wanted).await,
    }
}

async fn nexo(out: Out, wanted: SimulateNexo) -> anyhow::Result<Exit> {
    let mut signals = Signals::taken().context(NO_SIGNALS)?;
    let simulation = simulate_nexo(options(wanted)?).await.context("The simulator cannot start")?;
    let address = simulation.local_addr.to_string();
    let control = simulation.control_addr.map(|address| address.to_string());
    let words =
        control.as_ref().map(|control| format!("; commands are taken on {control}")).unwrap_or_default();
    out.text(&format!("A nexo terminal listens on {address}{words}. Ctrl-C ends it."));
    out.line(&Line::Listening { address, control });
    signals.next().await;
    drop(simulation);
    Ok(Exit::Done)
}

fn options(wanted: SimulateNexo) -> anyhow::Result<NexoOptions> {
    let till = wanted.settings.as_deref().map(|file| from_settings(file, wanted.terminal.as_deref()));
    let till = till.transpose()?.unwrap_or_default();
    let listen = wanted.listen.or(till.listen).unwrap_or_else(|| NEXO_LISTEN.to_owned());
    let script = wanted.script.as_deref().map(read_script).transpose()?;
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    Ok(NexoOptions {
        listen: address("listen", &listen)?,
        till_url: wanted.till.or(till.url),
        settings: Knobs::default(),
        poi_id: till.poi_id,
        sale_id: till.sale_id,
        script,
        bank_file: wanted.bank,
        seed: wanted.seed.unwrap_or_default(),
        control: wanted.control.as_deref().map(|text| address("control", text)).transpose()?,
        clock: Arc::new(move || clock.now()),
    })
}

fn read_script(file: &Path) -> anyhow::Result<Script> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("The script {} cannot be read", file.display()))?;
    Script::from_toml(&text).with_context(|| format!("The script {} is not understood", file.display()))
}

fn address(field: &str, text: &str) -> Result<SocketAddr, Problem> {
    let wrong = || fields::wrong(field, "is not an address with a port, for example 127.0.0.1:11000");
    text.parse().map_err(|_| wrong())
}

/// What the till's own settings say about its terminal.
#[derive(Default)]
struct TillSide {
    listen: Option<String>,
    url: Option<String>,
    poi_id: Option<String>,
    sale_id: Option<String>,
}

fn from_settings(file: &Path, terminal: Option<&str>) -> anyhow::Result<TillSide> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("The settings {} cannot be read", file.display()))?;
    let settings = Settings::parse(&text, &file.display().to_string())?;
    let entry = entry(&settings, terminal, NEXO)?;
    let text = |key: &str| entry.settings.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let is_light = text("form").as_deref() == Some("light");
    Ok(TillSide {
        listen: text("url").as_deref().and_then(port_of).map(|port| format!("127.0.0.1:{port}")),
        url: (!is_light).then(|| format!("http://{}", settings.listener.bind)),
        poi_id: text("poi_id"),
        sale_id: text("sale_id"),
    })
}

/// The terminal of this protocol that the settings name, or the only one.
fn entry<'a>(
    settings: &'a Settings,
    terminal: Option<&str>,
    protocol: &str,
) -> anyhow::Result<&'a TerminalEntry> {
    let speaks = |entry: &&TerminalEntry| entry.driver.name == protocol;
    if let Some(id) = terminal {
        let id = fields::terminal(id, settings)?;
        let entry = settings.terminal(&id).filter(speaks);
        return entry
            .ok_or_else(|| fields::wrong("terminal", format!("is not a {protocol} terminal")).into());
    }
    let mut all = settings.terminals.iter().filter(speaks);
    match (all.next(), all.next()) {
        (Some(entry), None) => Ok(entry),
        (Some(_), Some(_)) => {
            let words = format!("is needed: the settings have several {protocol} terminals");
            Err(fields::wrong("terminal", words).into())
        }
        (None, _) => Err(anyhow!("There is no {protocol} terminal in the settings")),
    }
}

/// The port of an `http://host[:port]` address; the protocol's own where it names none.
fn port_of(url: &str) -> Option<u16> {
    let rest = url.strip_prefix("http://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    match authority.rsplit_once(':') {
        Some((_, port)) if !port.contains(']') => port.parse().ok(),
        Some(_) | None => NEXO_LISTEN.rsplit_once(':')?.1.parse().ok(),
    }
}
