//! A till with one nexo terminal, and a cashier who only pays and looks.

use crate::limits;
use anyhow::{Context, Result, anyhow, ensure};
use domain::ids::{CommandId, OperationId, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::Method;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::sync::Arc;
use till::Till;
use till::api::{Command, Dispatch, View};
use till::clock::Clock;
use till::random::Random;
use tokio::sync::watch;

/// The terminal's name on the wire.
pub const POI_ID: &str = "POI-1";

/// The settings of a till whose one terminal is at `address`. `form`: `default` or `light`.
pub fn settings(address: SocketAddr, form: &str) -> String {
    format!(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n\
         time_zone = \"Europe/Stockholm\"\n[listener]\nbind = \"127.0.0.1:0\"\n\
         [[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n[terminal.settings]\n\
         url = \"http://{address}\"\nsale_id = \"KASSA1\"\npoi_id = \"{POI_ID}\"\nform = \"{form}\"\n"
    )
}

/// Who stands at the till.
pub struct Cashier {
    till: Till,
    random: Random,
    /// What the cashier sees.
    pub views: watch::Receiver<Arc<View>>,
}

impl Cashier {
    /// At this till.
    pub fn at(till: &Till) -> Self {
        let random = Random::system(Clock::system(TimeZone::UTC));
        Self { till: till.clone(), random, views: till.views() }
    }

    /// The next command, ready to go.
    pub fn payment(&self) -> Result<Dispatch> {
        let currency = Currency::parse("SEK").context("no such currency")?;
        let command = Command::Pay {
            terminal: TerminalId("desk".to_owned()),
            amount: Money::new(34_750, currency),
            cash_back: Money::zero(currency),
            method: Method::Any,
            label: Some("table 4".to_owned()),
            tender: None,
            code: None,
            seen: None,
        };
        Ok(Dispatch::new(CommandId::of(&self.random.seed()), command))
    }

    /// Gives a command that begins a payment.
    pub async fn give(&self, command: Dispatch) -> Result<OperationId> {
        let accepted = self.till.dispatch(command).await.map_err(|problem| anyhow!("{problem}"))?;
        accepted.payment.context("no payment began")
    }

    /// Waits until the payment is approved.
    pub async fn approved(&mut self, payment: OperationId) -> Result<()> {
        let closed = |view: &View| view.payment(payment).is_some_and(|it| it.state == "closed");
        let view = self.until(closed).await?;
        let found = view.payment(payment).context("the payment is gone")?;
        ensure!(found.outcome == "approved", "{} {:?}", found.outcome, found.detail);
        Ok(())
    }

    /// Waits until the view is so.
    pub async fn until(&mut self, is_so: impl Fn(&View) -> bool) -> Result<Arc<View>> {
        let waited = self.views.wait_for(|view| is_so(view));
        let view =
            tokio::time::timeout(limits::PATIENCE, waited).await.context("the view never came")??;
        Ok(Arc::clone(&view))
    }
}
