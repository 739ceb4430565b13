//! `simulate kayaaku-http`: the host of Kayaaku devices, over a real socket.

use anyhow::Context;
use simulator::kayaaku::Settings as Knobs;
use simulator::serve::{KayaakuOptions, simulate_kayaaku};
use std::path::Path;
use std::sync::Arc;
use till::clock::Clock;
use till::secrets;
use till::settings::Settings;

use super::{address, entry, read_script};
use crate::cli::SimulateHost;
use crate::exit::Exit;
use crate::lines::Line;
use crate::out::Out;
use crate::signals::{NO_SIGNALS, Signals};

/// The driver whose far side this is, as the settings name it.
const DRIVER: &str = "kayaaku-http";
/// Where a host listens that no settings place elsewhere.
const LISTEN: &str = "127.0.0.1:13000";

pub(super) async fn kayaaku(out: Out, wanted: SimulateHost) -> anyhow::Result<Exit> {
    let mut signals = Signals::taken().context(NO_SIGNALS)?;
    let simulation = simulate_kayaaku(options(wanted)?).await.context("The simulator cannot start")?;
    let address = simulation.local_addr.to_string();
    out.text(&format!("A Kayaaku host listens on {address}. Ctrl-C ends it."));
    out.line(&Line::Listening { address, control: None });
    signals.next().await;
    drop(simulation);
    Ok(Exit::Done)
}

fn options(wanted: SimulateHost) -> anyhow::Result<KayaakuOptions> {
    let knobs = Knobs { seed: wanted.seed.unwrap_or_default(), ..Knobs::default() };
    let till = match wanted.settings.as_deref() {
        Some(file) => from_settings(file, wanted.terminal.as_deref(), knobs)?,
        None => TillSide { listen: None, url: None, knobs },
    };
    let listen = wanted.listen.or(till.listen).unwrap_or_else(|| LISTEN.to_owned());
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    Ok(KayaakuOptions {
        listen: address("listen", &listen)?,
        till_url: wanted.till.or(till.url),
        settings: till.knobs,
        script: wanted.script.as_deref().map(read_script).transpose()?,
        bank_file: wanted.bank,
        clock: Arc::new(move || clock.now()),
    })
}

/// What the till's own settings say about its host.
struct TillSide {
    listen: Option<String>,
    url: Option<String>,
    knobs: Knobs,
}

fn from_settings(file: &Path, terminal: Option<&str>, knobs: Knobs) -> anyhow::Result<TillSide> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("The settings {} cannot be read", file.display()))?;
    let settings = Settings::parse(&text, &file.display().to_string())?;
    let entry = entry(&settings, terminal, DRIVER)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    // The till's keys are checked by their public halves, so they are read as the till reads them.
    let resolved = secrets::resolve(&entry.settings, secrets::of(folder).as_ref())?;
    let text = |key: &str| resolved.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let authority = text("base_url").and_then(|url| {
        let rest = url.strip_prefix("http://")?.split('/').next()?.to_owned();
        rest.contains(':').then_some(rest)
    });
    let notified = resolved.get("notifications").and_then(toml::Value::as_bool) == Some(true);
    let (key, reader) = (text("private_key").unwrap_or_default(), text("jwe_private_key"));
    let source = text("source_system").unwrap_or_else(|| knobs.source_system.clone());
    let enquiry = text("enquiry_mti").unwrap_or_else(|| knobs.enquiry_mti.clone());
    let knobs = knobs.knowing(&key, reader.as_deref(), settings.currency.code());
    Ok(TillSide {
        listen: authority,
        url: notified.then(|| format!("http://{}", settings.listener.bind)),
        knobs: Knobs { source_system: source, enquiry_mti: enquiry, ..knobs },
    })
}
