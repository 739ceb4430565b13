//! `simulate ecrhub-wlan`: a WiseCashier terminal on the local network.

use super::{address, entry, read_script};
use crate::cli::SimulateHub;
use crate::exit::Exit;
use crate::lines::Line;
use crate::out::Out;
use crate::signals::{NO_SIGNALS, Signals};
use anyhow::Context;
use simulator::ecrhub::Settings as Knobs;
use simulator::serve::{HubOptions, Introducing, introduce, simulate_hub};
use std::path::Path;
use std::sync::Arc;
use till::clock::Clock;
use till::settings::Settings;

/// The driver whose far side this is, as the settings name it.
const DRIVER: &str = "ecrhub-wlan";
/// What a pairing knows it by.
const ID: &str = "A1B2C3D4E5F6";
/// Where a terminal listens that no settings place elsewhere: the protocol's own port.
const LISTEN: &str = "127.0.0.1:35779";

pub(super) async fn ecrhub_wlan(out: Out, wanted: SimulateHub) -> anyhow::Result<Exit> {
    let mut signals = Signals::taken().context(NO_SIGNALS)?;
    let room = wanted.pair.as_deref().map(|room| super::address("pair", room)).transpose()?;
    let mut options = options(wanted)?;
    options.settings.wants_pairing |= room.is_some();
    let serial = options.settings.serial.clone();
    let simulation = simulate_hub(options).await.context("The simulator cannot start")?;
    let address = simulation.local_addr.to_string();
    out.text(&format!("A WiseCashier terminal listens on {address}. Ctrl-C ends it."));
    out.line(&Line::Listening { address, control: None });
    if let Some(room) = room {
        let who =
            Introducing { id: ID.to_owned(), name: serial.clone(), serial, place: simulation.local_addr };
        let told = tokio::select! {
            told = introduce(room, &who, &simulation.terminal) => told,
            _ = signals.next() => return Ok(Exit::Done),
        };
        let accepted = told.context("The till does not let itself be asked")?;
        out.text(if accepted { "The till has accepted it." } else { "The till has refused it." });
        out.line(&Line::Introduced { accepted });
    }
    signals.next().await;
    drop(simulation);
    Ok(Exit::Done)
}

fn options(wanted: SimulateHub) -> anyhow::Result<HubOptions> {
    let knobs = Knobs { seed: wanted.seed.unwrap_or_default(), ..Knobs::default() };
    let (settings, placed) = match wanted.settings.as_deref() {
        Some(file) => from_settings(file, wanted.terminal.as_deref(), DRIVER, knobs)?,
        None => (knobs, None),
    };
    let listen = wanted.listen.or(placed).unwrap_or_else(|| LISTEN.to_owned());
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    Ok(HubOptions {
        listen: address("listen", &listen)?,
        settings,
        script: wanted.script.as_deref().map(read_script).transpose()?,
        bank_file: wanted.bank,
        clock: Arc::new(move || clock.now()),
    })
}

/// Program, serial number and place as the till has them.
pub(super) fn from_settings(
    file: &Path,
    terminal: Option<&str>,
    driver: &str,
    knobs: Knobs,
) -> anyhow::Result<(Knobs, Option<String>)> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("The settings {} cannot be read", file.display()))?;
    let settings = Settings::parse(&text, &file.display().to_string())?;
    let entry = entry(&settings, terminal, driver)?;
    let text = |key: &str| entry.settings.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let port = text("port").unwrap_or_else(|| "35779".to_owned());
    let placed = text("host").map(|_| format!("127.0.0.1:{port}"));
    let serial = text("serial").unwrap_or_else(|| knobs.serial.clone());
    Ok((Knobs { app_ids: text("app_id").into_iter().collect(), serial, ..knobs }, placed))
}
