//! Making drivers: one per terminal of the settings, with what the journal has learned about it.

use super::{Actor, Message, Parts};
use crate::api::{Problem, ProblemCode};
use crate::fleet::{Fleet, Slot};
use crate::ports::ActorNotices;
use crate::random::Random;
use crate::secrets::{SecretStore, resolve};
use crate::settings::{Settings, SettingsFile, TerminalEntry, line_of_setting};
use domain::ids::TerminalId;
use domain::session::Session;
use std::sync::Arc;
use terminals::Terminal;
use terminals::http::Http;
use terminals::nearby::Nearby;
use terminals::seams::{Learned, Program, Seams};
use terminals::serial::Lines;
use tokio::sync::mpsc;

/// What every driver is made with.
struct Makings<'a> {
    settings: &'a Settings,
    http: &'a Arc<dyn Http>,
    lines: &'a Arc<dyn Lines>,
    nearby: &'a Arc<dyn Nearby>,
    secrets: &'a dyn SecretStore,
    random: &'a Random,
    inbox: &'a mpsc::Sender<Message>,
}

impl Makings<'_> {
    /// The driver of one terminal, with what the journal has learned about it.
    fn driver(&self, entry: &TerminalEntry, learned: Learned) -> Result<Arc<dyn Terminal>, Problem> {
        let seams = Seams {
            http: Arc::clone(self.http),
            lines: Arc::clone(self.lines),
            nearby: Arc::clone(self.nearby),
            ambient: Arc::new(self.random.clone()),
            notices: Arc::new(ActorNotices { terminal: entry.id.clone(), inbox: self.inbox.clone() }),
            currency: self.settings.currency,
            learned,
            zone: self.settings.shop.zone.clone(),
            public_url: self.settings.listener.public_url.trim().to_owned(),
            till: self.settings.till.clone(),
            program: Program {
                maker: "Paydesk".to_owned(),
                name: "Paydesk".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
        };
        let settings = resolve(&entry.settings, self.secrets)?;
        terminals::registry::make(entry.driver.name, &settings, seams).map_err(|error| {
            Problem::new(ProblemCode::SettingsWrong).with("key", &error.key).with("what", &error.what)
        })
    }
}

/// A setting that cannot be used, with its place in the file: what only shows when its secret is known.
fn placed(problem: Problem, entry: &TerminalEntry, file: &dyn SettingsFile) -> Problem {
    let line = || line_of_setting(&file.text().ok()?, &entry.id.0, problem.parameter("key"));
    match (problem.code, line()) {
        (ProblemCode::SettingsWrong, Some(line)) => problem.with("file", file.name()).with("line", line),
        _ => problem,
    }
}

pub(super) fn build_fleet(parts: &Parts, inbox: &mpsc::Sender<Message>) -> Result<Fleet, Problem> {
    let (settings, http, secrets) = (&parts.settings, &parts.http, parts.secrets.as_ref());
    let (lines, nearby, random) = (&parts.lines, &parts.nearby, &parts.random);
    let makings = Makings { settings, http, lines, nearby, secrets, random, inbox };
    let restored = parts.opened.restored.is_some();
    let mut fleet = Fleet::default();
    for entry in &settings.terminals {
        let session = parts.opened.sessions.get(&entry.id).cloned().unwrap_or_default();
        // What was learned with other settings may be another device's.
        let learned = session.clone().under(&entry.digest(), &entry.login());
        // A restored journal does not know what happened since: no session of it counts.
        let known = learned.open.filter(|_| !restored);
        let driver = makings
            .driver(entry, Learned { session: known, address: learned.address })
            .map_err(|problem| placed(problem, entry, parts.file.as_ref()))?;
        fleet.order.push(entry.id.clone());
        fleet.slots.insert(entry.id.clone(), Slot::new(entry.clone(), driver, session));
    }
    Ok(fleet)
}

impl Actor {
    /// A driver of these settings that knows what is learned of the terminal.
    pub(super) fn make_driver(
        &self,
        entry: &TerminalEntry,
        session: &Session,
        secrets: &dyn SecretStore,
    ) -> Result<Arc<dyn Terminal>, Problem> {
        let makings = Makings {
            settings: &self.settings,
            http: &self.http,
            lines: &self.lines,
            nearby: &self.nearby,
            secrets,
            random: &self.random,
            inbox: &self.inbox,
        };
        makings.driver(entry, Learned { session: session.open.clone(), address: session.address.clone() })
    }

    /// Makes a terminal's driver anew, with what has been learned since.
    pub(super) fn remake_driver(&mut self, terminal: &TerminalId) -> Result<(), Problem> {
        let slot = self.fleet.slot(terminal)?;
        let driver = self.make_driver(&slot.entry, &slot.session, self.secrets.as_ref())?;
        self.renew(terminal, driver);
        Ok(())
    }
}
