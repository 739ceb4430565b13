//! Terminals come, change and go while the till runs, and printer, camera and scanner change: the file first,
//! then the journal, then the fleet, the press or the senses.
//!
//! Invariants: what was learned of a terminal counts only under the settings it was learned with, also after
//! a power cut between the file and the journal, because the next start compares their digests; a driver is
//! replaced only while nothing runs on its terminal; a terminal that money may still be found on stays.

use super::acts::{of_the_eyes, of_the_printer};
use super::people::{About, Who};
use super::{Actor, amount_of};
use crate::api::{PrinterForm, Problem, ProblemCode, SightForm, TerminalForm, TerminalWanted};
use crate::fleet::{Coming, Slot, occupied};
use crate::forms::{Draft, draft, draft_printer, draft_sight};
use crate::secrets::{SecretStore, Typed};
use crate::settings::edit::without_terminal;
use crate::settings::{Settings, TerminalEntry};
use domain::ids::TerminalId;
use domain::journal::Fact;
use domain::sale::SaleStage;
use domain::session::{Session, TerminalFact};
use domain::staff::{Act, Acted};
use std::sync::Arc;
use store::Record;
use terminals::Terminal;

impl Actor {
    pub(super) async fn edit_terminal(&mut self, wanted: TerminalWanted) -> Result<(), Problem> {
        self.file_is_as_read().await?;
        match wanted {
            TerminalWanted::Add { form } => {
                let draft = self.drafted(&form, false)?;
                self.take_up(draft).await
            }
            TerminalWanted::Change { form } => {
                let draft = self.drafted(&form, true)?;
                self.may_become(&draft.entry).await?;
                self.take_up(draft).await
            }
            TerminalWanted::Remove { terminal } => self.remove_terminal(&terminal).await,
        }
    }

    /// Money waits for none of this: a slip that is under way ends on the printer where it began.
    pub(super) async fn edit_printer(&mut self, form: PrinterForm) -> Result<(), Problem> {
        self.file_is_as_read().await?;
        let settings = draft_printer(&self.settings, &form)?;
        let printer = self.press.other(&self.settings.printer, &settings.printer)?;
        // Written down also where nobody has to sign in: slips go elsewhere from here on.
        let acted = self.acted_by_somebody(of_the_printer());
        self.put_down(settings, vec![acted]).await?;
        self.press.move_to(printer, &self.settings.printer);
        Ok(())
    }

    /// Whoever watches goes on watching, with the other camera.
    pub(super) async fn edit_sight(&mut self, form: SightForm) -> Result<(), Problem> {
        self.file_is_as_read().await?;
        let settings = draft_sight(&self.settings, &form)?;
        let acted = self.acted_by_somebody(of_the_eyes());
        self.put_down(settings, vec![acted]).await?;
        self.senses.set(self.settings.camera, &self.settings.scanner);
        Ok(())
    }

    /// Who changes the settings, also where nobody has to sign in.
    fn acted_by_somebody(&mut self, about: About) -> Record {
        let reason = about.reason.clone();
        self.take_acted(about).unwrap_or_else(|| {
            let acted = Acted { reason, ..Acted::bare(Act::EditTerminal, Who::NOBODY.by) };
            self.record(Fact::Acted { acted })
        })
    }

    /// A form as settings. Whoever shares its terminal with one that is still leaving waits.
    pub(super) fn drafted(&self, form: &TerminalForm, change: bool) -> Result<Draft, Problem> {
        let id = TerminalId(form.id.trim().to_owned());
        let before = if change { Some(&self.fleet.slot(&id)?.entry) } else { None };
        let draft = draft(&self.settings, before, form)?;
        let identity = &draft.entry.profiled.identity;
        let leaving = |slot: &&Slot| {
            let same = !identity.is_empty() && slot.entry.profiled.identity == *identity;
            matches!(slot.coming, Some(Coming::Gone)) && (slot.entry.id == id || same)
        };
        match self.fleet.slots.values().find(leaving) {
            Some(slot) => Err(Problem::new(ProblemCode::TerminalBusy).with("terminal", &slot.entry.id)),
            None => Ok(draft),
        }
    }

    /// Somebody's own change of the file is not written over.
    async fn file_is_as_read(&self) -> Result<(), Problem> {
        let file = Arc::clone(&self.file);
        let read = tokio::task::spawn_blocking(move || file.text()).await;
        let text = read.map_err(|_| Problem::new(ProblemCode::Stopping))??;
        if *text == *self.settings.source {
            return Ok(());
        }
        Err(Problem::new(ProblemCode::SettingsChanged).with("file", self.file.name()))
    }

    async fn keep(&self, text: Arc<str>) -> Result<(), Problem> {
        let file = Arc::clone(&self.file);
        let kept = tokio::task::spawn_blocking(move || file.keep(&text)).await;
        kept.map_err(|_| Problem::new(ProblemCode::Stopping))?
    }

    /// Whether the terminal may be driven by these settings from now on. While a payment may still be found
    /// on it, it stays the same terminal; its address may be put right, so that it can be asked.
    async fn may_become(&mut self, entry: &TerminalEntry) -> Result<(), Problem> {
        let now = &self.fleet.slot(&entry.id)?.entry;
        if now.digest() == entry.digest() {
            return Ok(());
        }
        let running = self
            .state
            .open()
            .find(|payment| payment.operation.terminal == entry.id && !payment.is_uncertain());
        if let Some(payment) = running {
            return Err(occupied(ProblemCode::TerminalBusy, &entry.id, payment.id()));
        }
        if now.login() == entry.login() { Ok(()) } else { self.needs_nobody(&entry.id).await }
    }

    /// Nothing is open on the terminal, and nothing waits that only it can undo.
    async fn needs_nobody(&mut self, terminal: &TerminalId) -> Result<(), Problem> {
        for sale in self.state.sales.keys().copied().collect::<Vec<_>>() {
            self.load_tenders(sale).await?;
        }
        let held =
            |why: &str| Problem::new(ProblemCode::TerminalHeld).with("terminal", terminal).with("why", why);
        for payment in self.state.payments().filter(|one| one.operation.terminal == *terminal) {
            let sale = payment.operation.sale.and_then(|sale| self.state.sales.get(&sale));
            if payment.is_open() {
                return Err(held("open_payment").about(payment.id()));
            }
            if payment.attention.is_some() {
                return Err(held("late_outcome").about(payment.id()));
            }
            let keeps = sale.is_some_and(|sale| sale.stage == SaleStage::Open);
            if keeps && !amount_of(payment).is_zero() {
                return Err(held("open_sale").about(payment.id()));
            }
        }
        Ok(())
    }

    async fn take_up(&mut self, draft: Draft) -> Result<(), Problem> {
        let Draft { settings, entry, secrets } = draft;
        if entry.profiled.needs_listener {
            self.ear.open().await?;
        }
        let known = self.known_session(&entry.id).await?;
        let digest = entry.digest();
        let session = known.under(&digest, &entry.login());
        let slot = self.fleet.slots.get(&entry.id);
        let same = slot.is_some_and(|slot| slot.entry.digest() == digest) && secrets.is_empty();
        let typed = Typed { typed: secrets, kept: Arc::clone(&self.secrets) };
        let driver = if same { None } else { Some(self.make_driver(&entry, &session, &typed)?) };
        for (name, secret) in &typed.typed {
            self.secrets.set(name, secret)?;
        }
        let fact = TerminalFact::Configured { settings: digest, login: entry.login() };
        let records = self.of_terminal(&entry.id, fact);
        self.put_down(settings, records).await?;
        match (self.fleet.slots.get_mut(&entry.id), driver) {
            (Some(slot), driver) => {
                slot.entry = entry.clone();
                driver.into_iter().for_each(|driver| self.renew(&entry.id, driver));
            }
            (None, Some(driver)) => self.put_in(Slot::new(entry, driver, session)),
            (None, None) => {}
        }
        Ok(())
    }

    /// What the journal knows of a terminal, also of one that is not in the settings.
    async fn known_session(&self, terminal: &TerminalId) -> Result<Session, Problem> {
        if let Some(slot) = self.fleet.slots.get(terminal) {
            return Ok(slot.session.clone());
        }
        let sessions = self.store.read(|reader| reader.sessions()).await;
        let mut sessions = sessions.map_err(|error| crate::folder::problem(&error))?;
        Ok(sessions.remove(terminal).unwrap_or_default())
    }

    fn of_terminal(&mut self, terminal: &TerminalId, fact: TerminalFact) -> Vec<Record> {
        let about = About { reason: Some(terminal.0.clone()), ..About::default() };
        let acted = self.take_acted(about);
        let record = self.record(Fact::Terminal { terminal: terminal.clone(), fact });
        acted.into_iter().chain([record]).collect()
    }

    /// The file, then the journal with who did it. Where the journal cannot be written the file becomes what
    /// it was: the till goes on with what it runs on.
    async fn put_down(&mut self, settings: Settings, records: Vec<Record>) -> Result<(), Problem> {
        self.keep(Arc::clone(&settings.source)).await?;
        if let Err(problem) = self.commit(records).await {
            if let Err(error) = self.keep(Arc::clone(&self.settings.source)).await {
                tracing::warn!(%error, "the settings that were not taken up stay in the file");
            }
            return Err(problem);
        }
        self.fleet.order = settings.terminals.iter().map(|entry| entry.id.clone()).collect();
        self.told_settings.send_replace(Arc::new(settings.clone()));
        self.settings = settings;
        self.dirty = true;
        Ok(())
    }

    async fn remove_terminal(&mut self, terminal: &TerminalId) -> Result<(), Problem> {
        self.fleet.slot(terminal)?;
        self.needs_nobody(terminal).await?;
        let unreadable = || Problem::new(ProblemCode::SettingsWrong).with("file", self.file.name());
        let text = without_terminal(&self.settings.source, &terminal.0).ok_or_else(unreadable)?;
        let settings = Settings::parse(&text, &self.file.name())?;
        let records = self.of_terminal(terminal, TerminalFact::Retired);
        self.put_down(settings, records).await?;
        if let Some(slot) = self.fleet.slots.get_mut(terminal) {
            slot.driver.inbox().into_iter().for_each(|ear| self.ear.switchboard.remove(&ear));
            slot.coming = Some(Coming::Gone);
        }
        Ok(())
    }

    /// A terminal gets another driver once nothing runs there; until then nothing new begins.
    pub(super) fn renew(&mut self, terminal: &TerminalId, driver: Arc<dyn Terminal>) {
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        slot.driver.inbox().into_iter().for_each(|ear| self.ear.switchboard.remove(&ear));
        slot.coming = Some(Coming::Anew(driver));
        self.dirty = true;
    }

    /// What waited for its terminal to be quiet happens.
    pub(super) async fn settle_changes(&mut self) {
        let busy = |terminal: &TerminalId| {
            self.state.cases.values().any(|case| {
                case.payment.operation.terminal == *terminal
                    && (case.watch.performing || case.watch.recovering)
            })
        };
        let quiet = |slot: &&Slot| slot.coming.is_some() && !slot.converses() && !busy(&slot.entry.id);
        let quiet: Vec<TerminalId> =
            self.fleet.slots.values().filter(quiet).map(|slot| slot.entry.id.clone()).collect();
        for terminal in quiet {
            let Some(mut slot) = self.fleet.slots.remove(&terminal) else { continue };
            let coming = slot.coming.take();
            slot.driver.close().await;
            if let Some(Coming::Anew(driver)) = coming {
                let Slot { entry, session, used_at, offset_at_login, open_wanted, .. } = slot;
                let anew = Slot::new(entry, driver, session);
                self.put_in(Slot { used_at, offset_at_login, open_wanted, ..anew });
            }
            self.dirty = true;
        }
    }

    fn put_in(&mut self, slot: Slot) {
        let terminal = slot.entry.id.clone();
        if slot.capabilities().listener {
            slot.driver.inbox().into_iter().for_each(|ear| self.ear.switchboard.add(ear));
        }
        self.fleet.slots.insert(terminal.clone(), slot);
        // What is open there is looked for under the new settings at once.
        self.enquire_soon(&terminal);
    }

    /// The records that tell with which settings terminals are driven, where the journal knows others.
    pub(super) fn configured(&self) -> Vec<Record> {
        let differs = |slot: &&Slot| slot.session.settings.as_ref() != Some(&slot.entry.digest());
        let record = |slot: &Slot| {
            let (settings, login) = (slot.entry.digest(), slot.entry.login());
            let fact = TerminalFact::Configured { settings, login };
            self.record(Fact::Terminal { terminal: slot.entry.id.clone(), fact })
        };
        self.fleet.slots.values().filter(differs).map(record).collect()
    }

    /// Secrets of which some are only typed.
    pub(super) fn with_typed(&self, draft: &Draft) -> impl SecretStore + use<> {
        Typed { typed: draft.secrets.clone(), kept: Arc::clone(&self.secrets) }
    }
}
