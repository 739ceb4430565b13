//! Trying a form before it is kept: a login with a driver of its own, beside the fleet.
//!
//! Invariant: no login goes to a terminal on which something is open (R8), and one that another entry of
//! the settings also drives believes no session from before it.

use super::Actor;
use crate::api::{Problem, ProblemCode, TerminalForm};
use crate::doctor::Subject;
use crate::effects::ProbeReply;
use crate::forms::Draft;
use crate::settings::TerminalEntry;
use domain::ids::TerminalId;
use domain::outcome::Fault;
use domain::session::{Session, TerminalFact};
use std::sync::Arc;
use terminals::{Identity, Terminal};

impl Actor {
    /// What the check of a form has to know before it begins.
    pub(super) async fn subject(&self, form: &TerminalForm, change: bool) -> Result<Subject, Problem> {
        let draft = self.drafted(form, change)?;
        self.rivals(&draft.entry)?;
        if draft.entry.profiled.needs_listener {
            self.ear.open().await?;
        }
        Ok(Subject::of(&draft.entry, self.probe_driver(&draft)?.address()))
    }

    fn probe_driver(&self, draft: &Draft) -> Result<Arc<dyn Terminal>, Problem> {
        self.make_driver(&draft.entry, &Session::default(), &self.with_typed(draft))
    }

    /// Entries of the settings that may drive the same device. All of them must be quiet.
    fn rivals(&self, entry: &TerminalEntry) -> Result<Vec<TerminalId>, Problem> {
        let (identity, address) = (&entry.profiled.identity, entry.settings.get("url"));
        let mut rivals = Vec::new();
        for slot in self.fleet.slots.values() {
            let known = &slot.entry;
            let same = known.id == entry.id
                || (!identity.is_empty() && known.profiled.identity == *identity)
                || (address.is_some() && known.settings.get("url") == address);
            if !same {
                continue;
            }
            if let Some(payment) = self.state.open().find(|open| open.operation.terminal == known.id) {
                let busy = crate::fleet::occupied(ProblemCode::TerminalBusy, &known.id, payment.id());
                return Err(busy);
            }
            if slot.converses() || slot.coming.is_some() {
                return Err(Problem::new(ProblemCode::TerminalBusy).with("terminal", &known.id));
            }
            rivals.push(known.id.clone());
        }
        Ok(rivals)
    }

    pub(super) async fn probe(&mut self, form: &TerminalForm, change: bool, reply: ProbeReply) {
        match self.prepared(form, change).await {
            Ok((driver, rivals)) => self.effects.probe(driver, rivals, reply),
            Err(problem) => {
                let _ = reply.send(Err(problem));
            }
        }
    }

    async fn prepared(
        &mut self,
        form: &TerminalForm,
        change: bool,
    ) -> Result<(Arc<dyn Terminal>, Vec<TerminalId>), Problem> {
        let draft = self.drafted(form, change)?;
        let rivals = self.rivals(&draft.entry)?;
        let driver = self.probe_driver(&draft)?;
        for rival in &rivals {
            // On disk before the login leaves, as for the fleet's own.
            self.terminal_fact(rival, TerminalFact::SessionOpening).await?;
        }
        for rival in &rivals {
            self.fleet.slot_mut(rival)?.serving = true;
        }
        if driver.capabilities().listener {
            driver.inbox().into_iter().for_each(|ear| self.ear.switchboard.add(ear));
        }
        Ok((driver, rivals))
    }

    pub(super) async fn probed(
        &mut self,
        driver: &Arc<dyn Terminal>,
        rivals: &[TerminalId],
        reply: ProbeReply,
        result: Result<Identity, Fault>,
    ) {
        driver.inbox().into_iter().for_each(|ear| self.ear.switchboard.remove(&ear));
        driver.close().await;
        for rival in rivals {
            if let Some(slot) = self.fleet.slots.get_mut(rival) {
                slot.serving = false;
                slot.health = crate::api::Health::Unknown;
            }
        }
        self.dirty = true;
        let _ = reply.send(Ok(result));
    }
}
