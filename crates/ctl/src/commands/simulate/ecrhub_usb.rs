//! `simulate ecrhub-usb`: a WiseCashier terminal on a USB cable.

use crate::cli::SimulateSerial;
use crate::exit::Exit;
use crate::out::Out;

#[cfg(unix)]
pub(super) async fn ecrhub_usb(out: Out, wanted: SimulateSerial) -> anyhow::Result<Exit> {
    here::run(out, wanted).await
}

#[cfg(not(unix))]
pub(super) async fn ecrhub_usb(_out: Out, _wanted: SimulateSerial) -> anyhow::Result<Exit> {
    Err(anyhow::anyhow!("This computer's system has no pseudo-terminals to simulate a terminal with"))
}

#[cfg(unix)]
mod here {
    use super::super::{ecrhub, read_script};
    use crate::cli::SimulateSerial;
    use crate::exit::Exit;
    use crate::lines::Line;
    use crate::out::Out;
    use crate::signals::{NO_SIGNALS, Signals};
    use anyhow::Context;
    use simulator::ecrhub::Settings as Knobs;
    use simulator::serve::{HubCableOptions, simulate_hub_cable};
    use std::sync::Arc;
    use till::clock::Clock;

    /// The driver whose far side this is, as the settings name it.
    const DRIVER: &str = "ecrhub-usb";

    pub async fn run(out: Out, wanted: SimulateSerial) -> anyhow::Result<Exit> {
        let mut signals = Signals::taken().context(NO_SIGNALS)?;
        let simulation = simulate_hub_cable(options(wanted)?).context("The simulator cannot start")?;
        let address = simulation.port.borrow().display().to_string();
        out.text(&format!("A WiseCashier terminal is plugged in at {address}. Ctrl-C ends it."));
        out.line(&Line::Listening { address, control: None });
        signals.next().await;
        drop(simulation);
        Ok(Exit::Done)
    }

    fn options(wanted: SimulateSerial) -> anyhow::Result<HubCableOptions> {
        let knobs = Knobs { seed: wanted.seed.unwrap_or_default(), ..Knobs::default() };
        let settings = match wanted.settings.as_deref() {
            Some(file) => ecrhub::from_settings(file, wanted.terminal.as_deref(), DRIVER, knobs)?.0,
            None => knobs,
        };
        let clock = Clock::system(jiff::tz::TimeZone::UTC);
        Ok(HubCableOptions {
            port: wanted.port,
            link: wanted.link,
            settings,
            script: wanted.script.as_deref().map(read_script).transpose()?,
            bank_file: wanted.bank,
            clock: Arc::new(move || clock.now()),
        })
    }
}
