//! `simulate ecrhub-cloud`: the operator's gateway with a WiseCashier terminal behind it.

use super::{address, entry, read_script};
use crate::cli::SimulateHost;
use crate::exit::Exit;
use crate::lines::Line;
use crate::out::Out;
use crate::signals::{NO_SIGNALS, Signals};
use anyhow::Context;
use simulator::ecrhub::{Gateway, Settings as Knobs};
use simulator::serve::{HubCloudOptions, simulate_hub_cloud};
use std::path::Path;
use std::sync::Arc;
use till::clock::Clock;
use till::secrets;
use till::settings::Settings;

/// The driver whose far side this is, as the settings name it.
const DRIVER: &str = "ecrhub-cloud";
/// Where a gateway listens that no settings place elsewhere.
const LISTEN: &str = "127.0.0.1:14000";

pub(super) async fn ecrhub_cloud(out: Out, wanted: SimulateHost) -> anyhow::Result<Exit> {
    let mut signals = Signals::taken().context(NO_SIGNALS)?;
    let simulation = simulate_hub_cloud(options(wanted)?).await.context("The simulator cannot start")?;
    let address = simulation.local_addr.to_string();
    out.text(&format!("The gateway of a WiseCashier terminal listens on {address}. Ctrl-C ends it."));
    out.line(&Line::Listening { address, control: None });
    signals.next().await;
    drop(simulation);
    Ok(Exit::Done)
}

fn options(wanted: SimulateHost) -> anyhow::Result<HubCloudOptions> {
    let knobs = Knobs { seed: wanted.seed.unwrap_or_default(), ..Knobs::default() };
    let till = match wanted.settings.as_deref() {
        Some(file) => from_settings(file, wanted.terminal.as_deref(), knobs)?,
        None => TillSide { listen: None, url: None, knobs },
    };
    let listen = wanted.listen.or(till.listen).unwrap_or_else(|| LISTEN.to_owned());
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    Ok(HubCloudOptions {
        listen: address("listen", &listen)?,
        till_url: wanted.till.or(till.url),
        settings: till.knobs,
        script: wanted.script.as_deref().map(read_script).transpose()?,
        bank_file: wanted.bank,
        clock: Arc::new(move || clock.now()),
    })
}

/// What the till's own settings say about its gateway.
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
    // The till's key is checked by its public half, so it is read as the till reads it.
    let resolved = secrets::resolve(&entry.settings, secrets::of(folder).as_ref())?;
    let text = |key: &str| resolved.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let authority = text("base_url").and_then(|url| {
        let rest = url.strip_prefix("http://")?.split('/').next()?.to_owned();
        rest.contains(':').then_some(rest)
    });
    let notified = resolved.get("notifications").and_then(toml::Value::as_bool) == Some(true);
    let usual = knobs.gateway.clone();
    let gateway = Gateway {
        till_key: text("private_key").unwrap_or_else(|| usual.till_key.clone()),
        store: text("store_no").unwrap_or_else(|| usual.store.clone()),
        application: text("message_receiving_application").unwrap_or_else(|| usual.application.clone()),
        // On one computer no address is a public one.
        notify_path: notified.then(|| "/ecrhub/notification".to_owned()),
        ..usual
    };
    Ok(TillSide {
        listen: authority,
        url: notified.then(|| format!("http://{}", settings.listener.bind)),
        knobs: Knobs {
            app_ids: text("app_id").into_iter().collect(),
            serial: text("terminal_sn").unwrap_or_else(|| knobs.serial.clone()),
            merchant: text("merchant_no").unwrap_or_else(|| knobs.merchant.clone()),
            gateway,
            ..knobs
        },
    })
}
