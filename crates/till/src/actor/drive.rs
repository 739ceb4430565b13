//! Compares what the rules say should be happening with what is happening, and starts the difference.

use super::Actor;
use super::done::strange_approval;
use crate::desk::ActorDesk;
use crate::limits;
use domain::ids::{OperationId, PromptId};
use domain::journal::Fact;
use domain::outcome::Reason;
use domain::payment::{Event, Mono, Next, Payment, PaymentFact, Stage, is_without_an_answer, next};
use domain::prompt::{Answer, Prompt, Question};

/// Whether texts and traces are being written beside the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flushing {
    No,
    Alone,
    /// An append has gone well meanwhile.
    Overtaken,
}

impl Actor {
    /// Until nothing is left to start: every start can change what comes next.
    pub(super) async fn drive(&mut self) {
        self.wake_at = None;
        self.settle_changes().await;
        // A few passes are enough in practice; the bound ends a rule that never rests.
        for _ in 0..64 {
            if !self.drive_once().await {
                break;
            }
        }
        self.drive_fleet().await;
        self.drive_press();
    }

    async fn drive_once(&mut self) -> bool {
        let now = self.clock.mono();
        let is_due = |case: &&super::Case| case.payment.is_open() || case.watch.again_at.is_some();
        let ids: Vec<OperationId> =
            self.state.cases.values().filter(is_due).map(|case| case.payment.id()).collect();
        let mut changed = false;
        for id in ids {
            if self.unsaved.iter().any(|unsaved| unsaved.operation == id) {
                continue;
            }
            let Some(case) = self.state.cases.get(&id) else { continue };
            let Some(slot) = self.fleet.slots.get(&case.payment.operation.terminal) else {
                // Its terminal left the settings: nobody can be asked, so a person must be able to
                // decide.
                if matches!(case.payment.stage, Stage::Unknown(_)) {
                    changed |= Box::pin(self.happen(id, Event::GiveUp(Reason::CannotTell))).await.is_ok();
                }
                continue;
            };
            let recovery = slot.capabilities().recovery;
            changed |= match next(&case.payment, &case.watch, now, &recovery) {
                Next::Perform => self.start_perform(id).await,
                Next::Recover => self.start_recover(id),
                Next::WaitUntil(at) => self.wake(at),
                Next::GiveUp(reason) => Box::pin(self.happen(id, Event::GiveUp(reason))).await.is_ok(),
                Next::AskSignature => Box::pin(self.ask_signature(id)).await,
                Next::IntendReversal => Box::pin(self.intend_signature_reversal(id)).await,
                Next::Rest => false,
            };
        }
        changed
    }

    pub(super) fn wake(&mut self, at: Mono) -> bool {
        self.wake_at = Some(self.wake_at.map_or(at, |known| known.min(at)));
        false
    }

    async fn start_perform(&mut self, id: OperationId) -> bool {
        let Some(case) = self.state.cases.get(&id) else { return false };
        let terminal = case.payment.operation.terminal.clone();
        let Some(slot) = self.fleet.slots.get_mut(&terminal) else { return false };
        if !slot.may_begin() {
            return false;
        }
        slot.used_at = self.clock.mono();
        slot.over_until = None;
        let (driver, ahead) = (std::sync::Arc::clone(&slot.driver), std::mem::take(&mut slot.ahead));
        let Some(case) = self.state.case_mut(id) else { return false };
        case.watch.performed = true;
        case.watch.performing = true;
        let desk = ActorDesk {
            operation: id,
            inbox: self.inbox.clone(),
            first: case.first.clone(),
            wallet: case.wallet.take(),
        };
        self.effects.perform(driver, case.payment.operation.clone(), desk, ahead);
        self.dirty = true;
        true
    }

    fn start_recover(&mut self, id: OperationId) -> bool {
        let now = self.clock.mono();
        let Some(case) = self.state.cases.get(&id) else { return false };
        let terminal = &case.payment.operation.terminal;
        let Some(slot) = self.fleet.slots.get(terminal) else { return false };
        if slot.opening || slot.open_for_recovery || slot.coming.is_some() {
            // The next enquiry follows the opening; without one it is still due after a while.
            return false;
        }
        let is_working =
            |other: &super::Case| other.payment.operation.terminal == *terminal && (other.watch.recovering);
        if self.state.cases.values().any(is_working) {
            return self.wake(now.saturating_add(limits::FLUSH));
        }
        // Who is closed waits for who is not.
        let is_closed = !case.payment.is_open();
        let has_open = self.state.has_living(terminal);
        let is_free = self.is_free(terminal).is_ok();
        if is_closed && slot.session.open.is_none() && is_free {
            // It would not be answered; the login drives this again. Where a payment keeps that away, the
            // terminal may be in session all the same.
            return false;
        }
        let comes_in = is_free && slot.open_wanted && slot.may_try(now);
        if is_closed && (has_open || slot.serving || slot.asking_last || comes_in) {
            return self.wake(now.saturating_add(limits::AFTERWARDS_PAUSE));
        }
        let (driver, session) = (std::sync::Arc::clone(&slot.driver), slot.session.open.clone());
        if let Some(slot) = self.fleet.slots.get_mut(terminal) {
            slot.asked_in = session;
        }
        let Some(case) = self.state.case_mut(id) else { return false };
        case.watch.recovering = true;
        case.watch.asked_at = Some(now);
        let mut sent = case.payment.sent.clone();
        sent.reverse();
        self.effects.recover(driver, case.payment.operation.clone(), sent);
        true
    }

    /// Of the newest payments those that were closed without an answer are asked about anew: nobody knows how
    /// often it was done before, and the clock may have been set meanwhile. Codes that the last run took are
    /// not taken again.
    pub(super) async fn find_judged(&mut self) {
        let now = self.clock.mono();
        let newest = match self.store.read(|reader| reader.newest_settled(limits::JUDGED)).await {
            Ok(newest) => newest,
            Err(error) => return tracing::warn!(%error, "what was judged cannot be looked for"),
        };
        let open: Vec<Payment> = self.state.open().cloned().collect();
        newest.iter().chain(&open).for_each(|payment| self.remember_code(payment));
        for payment in newest.into_iter().filter(is_without_an_answer) {
            self.tell_strange_approval_again(&payment).await;
            let case = self.state.cases.entry(payment.id()).or_insert_with(|| super::Case::new(payment));
            case.watch.again_at = Some(now);
        }
    }

    /// The enquiry that found it repeats nothing, and its notice went with the last run.
    async fn tell_strange_approval_again(&mut self, payment: &Payment) {
        if !payment.approval_mismatched {
            return;
        }
        let id = payment.id();
        let facts = match self.store.read(move |reader| reader.payment_facts(id)).await {
            Ok(facts) => facts.into_iter(),
            Err(error) => return tracing::warn!(%error, "what was said after a judgement cannot be read"),
        };
        let of_payment = facts.filter_map(|told| {
            let Fact::Payment { fact, .. } = told.fact else { return None };
            Some(fact)
        });
        let closed = |fact: &PaymentFact| !matches!(fact, PaymentFact::Settled { .. });
        let since: Vec<PaymentFact> = of_payment.skip_while(closed).collect();
        if let Some(amount) = strange_approval(payment, &since) {
            self.add_notice(Some(&payment.operation.terminal), "strange_approval", amount.to_string());
        }
    }

    /// The slip comes before the question; on paper, or after the printer was tried.
    async fn ask_signature(&mut self, id: OperationId) -> bool {
        if self.press.slip_under_way(id) {
            return false;
        }
        let prompt = Prompt {
            id: PromptId::of(&self.random.seed()),
            question: Question::Signature,
            text: "Signature OK?".to_owned(),
        };
        self.happen(id, Event::PromptOpened(prompt)).await.is_ok()
    }

    /// When the loop must look again, whatever happens.
    pub(super) fn next_wake(&self) -> Mono {
        let prompts = self.waiting.values().filter_map(|waiting| waiting.until);
        let slots = self.fleet.slots.values().filter_map(|slot| slot.retry_at);
        let timers = [self.wake_at, self.flush_at, self.idle_at, self.retry_unsaved_at];
        let check = self.session_check_at;
        timers.into_iter().flatten().chain(prompts).chain(slots).fold(check, Mono::min)
    }

    /// Beside the loop: a text that comes meanwhile is shown at once.
    fn flush(&mut self, now: Mono) {
        if self.flushing != Flushing::No {
            self.flush_at = Some(now.saturating_add(limits::FLUSH));
            return;
        }
        (self.flush_at, self.flushing) = (None, Flushing::Alone);
        self.effects.flush(self.store.clone());
    }

    pub(super) fn flushed(&mut self, result: Result<store::Appended, store::StoreError>) {
        // What could be appended meanwhile took the texts along.
        let is_trouble = std::mem::replace(&mut self.flushing, Flushing::No) == Flushing::Alone;
        match result {
            Err(error) if is_trouble => drop(self.store_trouble(&error)),
            Err(_) | Ok(_) => {}
        }
    }

    pub(super) async fn tick(&mut self) {
        let now = self.clock.mono();
        if self.flush_at.is_some_and(|at| now >= at) {
            self.flush(now);
        }
        if self.retry_unsaved_at.is_some_and(|at| now >= at) {
            self.retry_unsaved().await;
        }
        let late = |waiting: &super::Waiting| waiting.until.is_some_and(|until| now >= until);
        let expired: Vec<(OperationId, PromptId)> = self
            .waiting
            .iter()
            .filter(|(_, waiting)| late(waiting))
            .map(|(id, waiting)| (*id, waiting.prompt))
            .collect();
        for (id, prompt) in expired {
            if self.answer(id, prompt, Answer::NoDialogue).await.is_err()
                && let Some(waiting) = self.waiting.remove(&id)
                && let Some(reply) = waiting.reply
            {
                // It could not be written. The terminal's question has its end all the same: it moves no
                // money.
                let _ = reply.send(Answer::NoDialogue);
            }
        }
        for slot in self.fleet.slots.values_mut() {
            if slot.retry_at.is_some_and(|at| now >= at) {
                slot.retry_at = None;
            }
        }
        if now >= self.session_check_at {
            self.session_check_at = now.saturating_add(limits::SESSION_CHECK);
            self.check_sessions();
            // A reserve that was given up is made anew once there is room, also when nothing else
            // happens.
            self.idle_at = self.idle_at.or(Some(now));
        }
        if self.idle_at.is_some_and(|at| now >= at) {
            self.idle_at = None;
            self.store.idle_soon();
        }
    }
}
