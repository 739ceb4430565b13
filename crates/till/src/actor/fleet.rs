//! Sessions: opening, re-opening after a failure, the daily maintenance hour, asking for the last outcome
//! after a restore. Recovery goes first: a login can end or hide a running payment (R8).

use super::Actor;
use crate::api::{Health, Problem};
use crate::effects::{ServiceReply, guarded};
use crate::fleet::{Rest, Slot};
use crate::limits;
use domain::ids::TerminalId;
use domain::outcome::{Fault, Reason};
use domain::payment::Watch;
use domain::session::{Day, SessionWish, TerminalFact, until_day, wish};
use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use terminals::Identity;
use terminals::service::{Report, Service};

impl Actor {
    /// After a restore no session of the journal counts, and every terminal is asked before it sells. So is
    /// one that is not in the settings, because it can be added again.
    pub(super) async fn forget_sessions(&mut self) -> Result<(), Problem> {
        let known = self.store.read(|reader| reader.sessions()).await;
        let known = known.map_err(|error| crate::folder::problem(&error))?;
        let terminals: BTreeSet<TerminalId> =
            known.into_keys().chain(self.fleet.order.iter().cloned()).collect();
        for terminal in terminals {
            self.terminal_fact(&terminal, TerminalFact::SessionLost).await?;
            self.terminal_fact(&terminal, TerminalFact::LastWanted).await?;
        }
        Ok(())
    }

    pub(super) fn want_open(&mut self, terminal: &TerminalId) -> Result<(), Problem> {
        self.is_free(terminal)?;
        let slot = self.fleet.slot_mut(terminal)?;
        slot.open_wanted = true;
        slot.retry_at = None;
        Ok(())
    }

    pub(super) async fn drive_fleet(&mut self) {
        for terminal in self.fleet.order.clone() {
            if self.may_open(&terminal) {
                Box::pin(self.start_open(&terminal)).await;
            } else {
                self.ask_for_last(&terminal);
            }
        }
    }

    fn may_open(&self, terminal: &TerminalId) -> bool {
        let now = self.clock.mono();
        let Some(slot) = self.fleet.slots.get(terminal) else { return false };
        if slot.converses() || slot.coming.is_some() || !slot.may_try(now) {
            return false;
        }
        // Beside an enquiry it could end or hide what is asked about.
        let runs = |case: &super::Case| {
            case.payment.operation.terminal == *terminal && (case.watch.performing || case.watch.recovering)
        };
        if self.state.cases.values().any(runs) {
            return false;
        }
        let by_itself = self.auto_open && slot.session.open.is_none() && !slot.session.in_maintenance;
        slot.open_for_recovery || ((slot.open_wanted || by_itself) && self.is_free(terminal).is_ok())
    }

    async fn start_open(&mut self, terminal: &TerminalId) {
        // On disk before the login leaves: a crash from here on leaves no session that could be believed.
        if self.terminal_fact(terminal, TerminalFact::SessionOpening).await.is_err() {
            return;
        }
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        slot.opening = true;
        slot.health = Health::Opening;
        let driver = Arc::clone(&slot.driver);
        self.effects.open(driver, terminal.clone());
        self.dirty = true;
    }

    pub(super) async fn terminal_opened(&mut self, terminal: &TerminalId, result: Result<Identity, Fault>) {
        let now = self.clock.mono();
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        slot.opening = false;
        self.dirty = true;
        if slot.coming.is_some() {
            // A session of the settings that were in force before is nobody's.
            return;
        }
        match result {
            Ok(identity) => {
                if self.session_opened(terminal, identity).await.is_ok() {
                    return self.enquire_soon(terminal);
                }
                // What is not on disk is not relied on, by the driver neither: another login follows. What
                // is open is asked about meanwhile.
                if let Some(slot) = self.fleet.slots.get_mut(terminal) {
                    (slot.health, slot.open_for_recovery) = (Health::Unknown, false);
                    slot.failed_to_open(now);
                }
                if let Err(problem) = self.remake_driver(terminal) {
                    tracing::warn!(%terminal, %problem, "the driver keeps a session that is not on disk");
                }
            }
            Err(fault) => {
                // Once is enough, however often it is tried.
                let is_known = slot.failures > 0 && slot.detail.as_ref() == Some(&fault.detail);
                slot.health = Health::Unreachable;
                slot.detail = Some(fault.detail.clone());
                slot.failed_to_open(now);
                if !self.auto_open && !slot.open_for_recovery {
                    slot.open_wanted = false;
                }
                let must_be_asked = slot.session.last_wanted;
                if !is_known {
                    self.add_notice(Some(terminal), "not_opened", fault.detail);
                }
                if must_be_asked {
                    self.not_asked(terminal).await;
                }
            }
        }
    }

    pub(super) fn enquire_soon(&mut self, terminal: &TerminalId) {
        let now = self.clock.mono();
        let on_terminal = |case: &&mut super::Case| case.payment.operation.terminal == *terminal;
        for case in self.state.cases_mut().filter(on_terminal) {
            case.watch.ask_now(now);
        }
    }

    fn ask_for_last(&mut self, terminal: &TerminalId) {
        let now = self.clock.mono();
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        let wanted = slot.session.last_wanted && !slot.asking_last && !slot.opening && slot.may_try(now);
        // It said that there is no session: it is asked again after a login, however long that must wait.
        let wanted = wanted && slot.coming.is_none() && !slot.open_for_recovery;
        if !wanted {
            return;
        }
        slot.asking_last = true;
        let driver = Arc::clone(&slot.driver);
        self.effects.ask_last(driver, terminal.clone());
    }

    /// What could not be written down is asked for again, after a pause.
    fn ask_last_later(&mut self, terminal: &TerminalId, written: Result<(), Problem>) {
        let now = self.clock.mono();
        if let Err(problem) = written {
            tracing::warn!(%terminal, %problem, "the terminal's last outcome could not be written yet");
            if let Some(slot) = self.fleet.slots.get_mut(terminal) {
                slot.failed_to_open(now);
            }
        }
    }

    pub(super) async fn asked_last(&mut self, terminal: &TerminalId, result: Result<Report, Fault>) {
        let now = self.clock.mono();
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        (slot.asking_last, slot.last_refused) = (false, false);
        if slot.coming.is_some() {
            return;
        }
        match result {
            Ok(report) => {
                let outcome = report.outcome.map(|outcome| *outcome);
                let written = self.last_outcome(terminal, outcome).await;
                self.ask_last_later(terminal, written);
            }
            Err(fault) if fault.reason == Reason::NoSession => {
                slot.open_for_recovery = true;
            }
            Err(fault) => {
                // It may be starting or updating: that it does not tell now is not the end of asking. A named
                // person may let it sell all the same.
                slot.last_refused = fault.reason == Reason::UnavailableService;
                slot.health = Health::Unreachable;
                slot.detail = Some(fault.detail);
                slot.failed_to_open(now);
                self.not_asked(terminal).await;
            }
        }
    }

    /// A terminal that must be asked first and does not answer: what waits for it was never sent.
    async fn not_asked(&mut self, terminal: &TerminalId) {
        let waits = |case: &&super::Case| {
            case.payment.operation.terminal == *terminal && super::state::is_waiting_to_start(case)
        };
        let ids: Vec<_> = self.state.cases.values().filter(waits).map(|case| case.payment.id()).collect();
        for id in ids {
            let detail = "the till was restored and could not ask the terminal for its last payment first";
            let fault = Fault::not_sent(Reason::NotSent, detail);
            self.insist(id, domain::payment::Event::Failed(fault), Vec::new()).await;
        }
    }

    pub(super) fn start_service(
        &mut self,
        terminal: &TerminalId,
        service: Service,
        reply: Option<ServiceReply>,
    ) {
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        slot.serving = true;
        slot.used_at = self.clock.mono();
        let driver = Arc::clone(&slot.driver);
        self.effects.serve(driver, terminal.clone(), service, reply);
        self.dirty = true;
    }

    pub(super) async fn served(
        &mut self,
        terminal: &TerminalId,
        service: &Service,
        reply: Option<ServiceReply>,
        result: Result<Report, Fault>,
    ) {
        if let Some(slot) = self.fleet.slots.get_mut(terminal) {
            slot.serving = false;
        }
        if let Service::LogOut { maintenance } = service {
            // Whatever was answered: a session that we wanted closed is not one to rely on. A terminal that
            // may be in session all the same does not update itself.
            let rests = *maintenance && result.is_ok();
            let fact = TerminalFact::SessionClosed { maintenance: rests };
            let written = self.terminal_fact(terminal, fact).await;
            if let Some(slot) = self.fleet.slots.get_mut(terminal) {
                slot.stayed = result.is_err();
                slot.rest = slot.rest.filter(|_| rests);
                if written.is_ok() {
                    slot.health = if rests { Health::Maintenance } else { Health::Unknown };
                }
            }
        }
        self.dirty = true;
        if let Some(reply) = reply {
            let _ = reply.send(result);
        }
    }

    /// Logs out so that the terminal can update itself, and leaves it alone for so long.
    pub(super) fn let_rest(&mut self, terminal: &TerminalId, rest: Rest, reply: Option<ServiceReply>) {
        if let Some(slot) = self.fleet.slots.get_mut(terminal) {
            slot.rest = Some(rest);
        }
        self.start_service(terminal, Service::LogOut { maintenance: true }, reply);
    }

    /// A rest that a person wanted: as long as an update may take.
    pub(super) fn short_rest(&self) -> Rest {
        Rest { until: self.clock.mono().saturating_add(limits::REST), is_short: true }
    }

    /// The terminal has said that it is done, or has started anew: where a person waits for that, it is
    /// logged in. A night's rest goes on.
    pub(super) fn may_be_back(&mut self, terminal: &TerminalId) {
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        if self.auto_open && slot.session.in_maintenance && slot.rest.is_some_and(|rest| rest.is_short) {
            slot.rest = None;
            slot.open_wanted = true;
        }
    }

    /// A closed day ends the terminals' day, too.
    pub(super) fn end_day_of_terminals(&mut self) {
        let (now, until) = (self.clock.mono(), self.night().until);
        for slot in self.fleet.slots.values_mut() {
            (slot.used_at, slot.over_until) = (now, Some(until));
        }
    }

    /// Minute of the local day, now and at the start of a business day.
    fn minutes(&self) -> (u32, u32) {
        let local = self.clock.now().to_zoned(self.settings.shop.zone.clone()).time();
        let minute = |time: jiff::civil::Time| {
            u32::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or(0)
        };
        (minute(local), minute(self.settings.shop.day_starts))
    }

    /// A rest until the next business day starts.
    fn night(&self) -> Rest {
        let (minute, starts) = self.minutes();
        let night = Duration::from_secs(u64::from(until_day(minute, starts)) * 60);
        Rest { until: self.clock.mono().saturating_add(night), is_short: false }
    }

    /// Whether nothing of ours is under way there, and nothing is to be asked that it may forget.
    fn can_rest(&self, terminal: &TerminalId) -> bool {
        let is_done = |slot: &Slot| !slot.converses() && slot.coming.is_none() && !slot.session.last_wanted;
        let is_asked = |case: &super::Case| {
            let Watch { recovering, again_at, .. } = case.watch;
            case.payment.operation.terminal == *terminal && (recovering || again_at.is_some())
        };
        self.fleet.slot(terminal).is_ok_and(is_done)
            && !self.state.cases.values().any(is_asked)
            && self.is_free(terminal).is_ok()
    }

    /// The terminal's daily maintenance hour: after the day was closed, or before the next one starts.
    pub(super) fn check_sessions(&mut self) {
        if !self.auto_open {
            return;
        }
        let now = self.clock.mono();
        let (minute, starts) = self.minutes();
        for terminal in self.fleet.order.clone() {
            let Some(slot) = self.fleet.slots.get(&terminal) else { continue };
            let day = Day {
                needs_maintenance: slot.capabilities().daily_maintenance,
                minute,
                starts,
                idle: u32::try_from(now.saturating_sub(slot.used_at).as_secs() / 60).unwrap_or(u32::MAX),
                is_over: slot.over_until.is_some_and(|until| now < until),
                stayed: slot.stayed,
                rests: slot.rest.is_some_and(|rest| now < rest.until),
            };
            match wish(&slot.session, &day) {
                SessionWish::Stay => {}
                SessionWish::Maintain if self.can_rest(&terminal) => {
                    self.let_rest(&terminal, self.night(), None);
                }
                SessionWish::Maintain => {}
                SessionWish::LogIn => {
                    if let Some(slot) = self.fleet.slots.get_mut(&terminal) {
                        slot.open_wanted = true;
                    }
                }
            }
        }
    }

    /// The till closes: its terminals are logged out, so that they can update themselves meanwhile (dossier
    /// 5.4). A terminal with an open payment keeps its session, and nobody waits long for an answer.
    pub(super) async fn log_out_at_the_end(&mut self) {
        if !self.auto_open {
            return;
        }
        let is_in = |terminal: &TerminalId| {
            let slot = self.fleet.slot(terminal);
            slot.is_ok_and(|slot| slot.session.open.is_some() && slot.capabilities().daily_maintenance)
                && self.can_rest(terminal)
        };
        let leaving: Vec<TerminalId> = self.fleet.order.iter().filter(|it| is_in(it)).cloned().collect();
        let service = Service::LogOut { maintenance: true };
        let asked = leaving.iter().filter_map(|terminal| {
            let driver = Arc::clone(&self.fleet.slots.get(terminal)?.driver);
            let service = &service;
            Some(async move { guarded(limits::LAST_LOGOUT, driver.service(service)).await })
        });
        let mut asked = pin!(futures_util::future::join_all(asked));
        let results = loop {
            tokio::select! {
                biased;
                results = &mut asked => break results,
                // An outcome that comes meanwhile is written down.
                done = self.effects.next() => self.done(done).await,
            }
        };
        for (terminal, result) in leaving.iter().zip(results) {
            self.served(terminal, &service, None, result).await;
        }
    }
}
