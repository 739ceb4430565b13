//! `simulate pockyt`: the wallet gateway, over a real socket.

use anyhow::Context;
use simulator::pockyt::{Settings as Knobs, Store};
use simulator::serve::{PockytOptions, simulate_pockyt};
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
const POCKYT: &str = "pockyt";
/// Where a gateway listens that no settings place elsewhere.
const LISTEN: &str = "127.0.0.1:12000";

pub(super) async fn pockyt(out: Out, wanted: SimulateHost) -> anyhow::Result<Exit> {
    let mut signals = Signals::taken().context(NO_SIGNALS)?;
    let simulation = simulate_pockyt(options(wanted)?).await.context("The simulator cannot start")?;
    let address = simulation.local_addr.to_string();
    out.text(&format!("A Pockyt gateway listens on {address}. Ctrl-C ends it."));
    out.line(&Line::Listening { address, control: None });
    signals.next().await;
    drop(simulation);
    Ok(Exit::Done)
}

fn options(wanted: SimulateHost) -> anyhow::Result<PockytOptions> {
    let till = wanted.settings.as_deref().map(|file| from_settings(file, wanted.terminal.as_deref()));
    let till = till.transpose()?.unwrap_or_default();
    let listen = wanted.listen.or(till.listen).unwrap_or_else(|| LISTEN.to_owned());
    let mut settings = Knobs { seed: wanted.seed.unwrap_or_default(), ..Knobs::default() };
    settings.stores.extend(till.store);
    if let Some(currency) = till.currency
        && settings.currencies.iter().all(|(known, _)| *known != currency.0)
    {
        // So that a shop of any currency can practise.
        settings.currencies.push(currency);
    }
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    Ok(PockytOptions {
        listen: address("listen", &listen)?,
        till_url: wanted.till.or(till.url),
        settings,
        script: wanted.script.as_deref().map(read_script).transpose()?,
        bank_file: wanted.bank,
        clock: Arc::new(move || clock.now()),
    })
}

/// What the till's own settings say about its gateway.
#[derive(Default)]
struct TillSide {
    listen: Option<String>,
    url: Option<String>,
    store: Option<Store>,
    currency: Option<(String, u8)>,
}

fn from_settings(file: &Path, terminal: Option<&str>) -> anyhow::Result<TillSide> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("The settings {} cannot be read", file.display()))?;
    let settings = Settings::parse(&text, &file.display().to_string())?;
    let entry = entry(&settings, terminal, POCKYT)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    // Numbers and token agree with the till's, so the token is read as the till reads it.
    let resolved = secrets::resolve(&entry.settings, secrets::of(folder).as_ref())?;
    let text = |key: &str| resolved.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let store = match (text("merchant_no"), text("store_no"), text("token")) {
        (Some(merchant_no), Some(store_no), Some(token)) => Some(Store { merchant_no, store_no, token }),
        (_, _, _) => None,
    };
    let authority = text("base_url").and_then(|url| {
        let rest = url.strip_prefix("http://")?.split('/').next()?.to_owned();
        rest.contains(':').then_some(rest)
    });
    let notified = resolved.get("notifications").and_then(toml::Value::as_bool) == Some(true);
    Ok(TillSide {
        listen: authority,
        url: notified.then(|| format!("http://{}", settings.listener.bind)),
        store,
        currency: Some((settings.currency.code().to_owned(), settings.currency.decimals())),
    })
}
