//! `simulate kayaaku-serial`: a Kayaaku device on a cable.

use crate::cli::SimulateSerial;
use crate::exit::Exit;
use crate::out::Out;

#[cfg(unix)]
pub(super) async fn kayaaku_serial(out: Out, wanted: SimulateSerial) -> anyhow::Result<Exit> {
    here::run(out, wanted).await
}

#[cfg(not(unix))]
pub(super) async fn kayaaku_serial(_out: Out, _wanted: SimulateSerial) -> anyhow::Result<Exit> {
    Err(anyhow::anyhow!("This computer's system has no pseudo-terminals to simulate a device with"))
}

#[cfg(unix)]
mod here {
    use super::super::{entry, read_script};
    use crate::cli::SimulateSerial;
    use crate::exit::Exit;
    use crate::lines::Line;
    use crate::out::Out;
    use crate::signals::{NO_SIGNALS, Signals};
    use anyhow::Context;
    use simulator::kayaaku::Settings as Knobs;
    use simulator::serve::{KayaakuSerialOptions, simulate_kayaaku_serial};
    use std::path::Path;
    use std::sync::Arc;
    use till::clock::Clock;
    use till::settings::Settings;

    /// The driver whose far side this is, as the settings name it.
    const DRIVER: &str = "kayaaku-serial";

    pub async fn run(out: Out, wanted: SimulateSerial) -> anyhow::Result<Exit> {
        let mut signals = Signals::taken().context(NO_SIGNALS)?;
        let simulation = simulate_kayaaku_serial(options(wanted)?).context("The simulator cannot start")?;
        let address = simulation.port.borrow().display().to_string();
        out.text(&format!("A Kayaaku device is plugged in at {address}. Ctrl-C ends it."));
        out.line(&Line::Listening { address, control: None });
        signals.next().await;
        drop(simulation);
        Ok(Exit::Done)
    }

    fn options(wanted: SimulateSerial) -> anyhow::Result<KayaakuSerialOptions> {
        let knobs = Knobs { seed: wanted.seed.unwrap_or_default(), ..Knobs::default() };
        let settings = match wanted.settings.as_deref() {
            Some(file) => from_settings(file, wanted.terminal.as_deref(), knobs)?,
            None => knobs,
        };
        let clock = Clock::system(jiff::tz::TimeZone::UTC);
        Ok(KayaakuSerialOptions {
            port: wanted.port,
            link: wanted.link,
            settings,
            script: wanted.script.as_deref().map(read_script).transpose()?,
            bank_file: wanted.bank,
            clock: Arc::new(move || clock.now()),
        })
    }

    /// Merchant and currency as the till has them.
    fn from_settings(file: &Path, terminal: Option<&str>, knobs: Knobs) -> anyhow::Result<Knobs> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("The settings {} cannot be read", file.display()))?;
        let settings = Settings::parse(&text, &file.display().to_string())?;
        let entry = entry(&settings, terminal, DRIVER)?;
        let text = |key: &str| entry.settings.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let acknak = entry.settings.get("acknak").and_then(toml::Value::as_bool).unwrap_or(false);
        let mids = text("mid").into_iter().collect();
        let knobs = knobs.knowing("", None, settings.currency.code());
        Ok(Knobs { mids, acknak, ..knobs })
    }
}
