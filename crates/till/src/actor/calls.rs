//! What drivers call and tell while and between operations.

use super::{Actor, Waiting};
use crate::api::{DrawnCode, Health, MomentKind, NoticeView, Problem, ProblemCode};
use crate::desk::DeskCall;
use crate::limits;
use domain::ids::{OperationId, PromptId, Reference, TerminalId};
use domain::journal::Fact;
use domain::operation::Step;
use domain::payment::Event;
use domain::prompt::{Answer, Prompt, Question};
use domain::receipt::Receipt;
use domain::session::TerminalFact;
use jiff::Timestamp;
use peripherals::code::{Outline, outline};
use std::time::Duration;
use terminals::desk::{Display, NotDurable, NotPrinted, SessionMark};
use terminals::{Identity, Notice};
use tokio::sync::oneshot;

/// A question that waits for its slip.
pub(super) struct Held {
    pub(super) operation: OperationId,
    pub(super) question: Question,
    pub(super) text: String,
    pub(super) limit: Option<Duration>,
    pub(super) reply: oneshot::Sender<Answer>,
}

impl Actor {
    pub(super) async fn call(&mut self, id: OperationId, call: DeskCall) {
        match call {
            DeskCall::Reserve { step, session, reply } => {
                let _ = reply.send(self.reserve(id, step, session).await);
            }
            DeskCall::NotStarted { reference, reply } => {
                let written = self.happen(id, Event::NotStarted(reference)).await;
                let _ = reply.send(written.map_err(|_| NotDurable));
            }
            DeskCall::Note { evidence, reply } => {
                let written = self.happen(id, Event::Note(evidence)).await;
                let _ = reply.send(written.map_err(|_| NotDurable));
            }
            DeskCall::Session { mark, reply } => {
                let _ = reply.send(self.session_mark(id, mark).await);
            }
            DeskCall::Show { display } => self.show(id, display).await,
            DeskCall::Print { slip, reply } => self.print(id, &slip, reply).await,
            DeskCall::Ask { question, text, limit, reply } => {
                let held = Held { operation: id, question, text, limit, reply };
                if held.question == Question::Signature && self.press.slip_under_way(id) {
                    self.held.push(held);
                } else {
                    self.ask(held).await;
                }
            }
            DeskCall::Withdraw { reply } => {
                self.end_prompt(id).await;
                let _ = reply.send(());
            }
        }
    }

    async fn reserve(
        &mut self,
        id: OperationId,
        step: Step,
        session: Option<String>,
    ) -> Result<Reference, NotDurable> {
        let terminal = self.state.payment(id).ok_or(NotDurable)?.operation.terminal.clone();
        let shape = self.fleet.slots.get(&terminal).ok_or(NotDurable)?.capabilities().reference;
        let reference = self.random.reference(shape);
        let event = Event::Reserve { reference: reference.clone(), step, session };
        self.happen(id, event).await.map_err(|_| NotDurable)?;
        Ok(reference)
    }

    async fn session_mark(&mut self, id: OperationId, mark: SessionMark) -> Result<(), NotDurable> {
        let terminal = self.state.payment(id).ok_or(NotDurable)?.operation.terminal.clone();
        let written = match mark {
            SessionMark::Opening => self.terminal_fact(&terminal, TerminalFact::SessionOpening).await,
            SessionMark::Lost => self.terminal_fact(&terminal, TerminalFact::SessionLost).await,
            SessionMark::Opened(identity) => self.session_opened(&terminal, identity).await,
        };
        written.map_err(|_| NotDurable)
    }

    pub(super) async fn terminal_fact(
        &mut self,
        terminal: &TerminalId,
        fact: TerminalFact,
    ) -> Result<(), Problem> {
        self.commit(vec![self.record(Fact::Terminal { terminal: terminal.clone(), fact })]).await
    }

    pub(super) async fn session_opened(
        &mut self,
        terminal: &TerminalId,
        identity: Identity,
    ) -> Result<(), Problem> {
        let offset = self.clock.wall_offset_ms();
        let Identity { session, serial, software, skew_ms, measured_at, warnings } = identity;
        let now = self.clock.now();
        let is_set_since = measured_at.is_some_and(|at| now.duration_since(at).abs() > limits::MEASURED);
        let skew_ms = skew_ms.filter(|_| !is_set_since);
        let replaced = self.fleet.slots.get(terminal).and_then(|slot| slot.session.serial.clone());
        if let (Some(old), Some(new)) = (&replaced, &serial)
            && old != new
        {
            self.add_notice(Some(terminal), "terminal_replaced", format!("{old} → {new}"));
        }
        let fact = TerminalFact::SessionOpened { session, skew_ms, serial, software };
        self.terminal_fact(terminal, fact).await?;
        if let Some(slot) = self.fleet.slots.get_mut(terminal) {
            slot.offset_at_login = Some(offset);
            slot.warnings = warnings;
            slot.health = Health::Ready;
            slot.detail = None;
            slot.rest = None;
            slot.maintenance_wanted = false;
            slot.failures = 0;
            slot.loss_unsaved = None;
            (slot.open_wanted, slot.open_for_recovery) = (false, false);
            slot.retry_at = None;
        }
        self.dirty = true;
        Ok(())
    }

    async fn show(&mut self, id: OperationId, display: Display) {
        match display {
            Display::Text { text, fleeting: false } => {
                // A text that cannot be kept is still shown.
                if self.happen(id, Event::Show(text.clone())).await.is_err() {
                    self.fleeting(id, text);
                }
            }
            Display::Text { text, fleeting: true } => self.fleeting(id, text),
            Display::Code { content, lasts } => {
                let at = self.clock.now();
                self.state.moment(id, at, MomentKind::Code { data: content.clone() });
                let drawn = drawn(&content, at, lasts);
                if let Some(case) = self.state.case_mut(id) {
                    (case.code, case.drawn) = (Some(content), drawn);
                }
                self.dirty = true;
            }
        }
    }

    fn fleeting(&mut self, id: OperationId, text: String) {
        let at = self.clock.now();
        self.state.moment(id, at, MomentKind::Display { text: text.clone() });
        if let Some(case) = self.state.case_mut(id) {
            case.display = Some(text);
        }
        self.dirty = true;
    }

    /// What a terminal wants printed. It hears once the printer was tried: the till has the slip then, on
    /// paper or on the screen, and a terminal that were told of the printer's trouble might undo the payment.
    async fn print(
        &mut self,
        id: OperationId,
        slip: &Receipt,
        reply: oneshot::Sender<Result<(), NotPrinted>>,
    ) {
        let slip = self.marked(slip.clone());
        let record = self.receipt_record(id, &slip);
        let Fact::ReceiptStored { receipt } = &record.fact else { return };
        let (made, sheet) = self.terminal_slip(&slip, receipt);
        if self.commit(vec![record, made]).await.is_err() {
            let _ = reply.send(Err(NotPrinted::Unavailable));
            return;
        }
        let at = self.clock.now();
        self.state.moment(id, at, MomentKind::Print { copy: slip.copy, text: slip.text() });
        self.dirty = true;
        if !self.press.is_there() {
            let _ = reply.send(Ok(()));
            return;
        }
        let (told, hears) = oneshot::channel();
        self.queue_up(sheet, Some(told)).await;
        tokio::spawn(async move {
            // Whatever came of it; also where the till stops meanwhile.
            let _ = hears.await;
            let _ = reply.send(Ok(()));
        });
    }

    async fn ask(&mut self, held: Held) {
        let Held { operation: id, question, text, limit, reply } = held;
        let prompt = Prompt { id: PromptId::of(&self.random.seed()), question, text };
        let prompt_id = prompt.id;
        if self.happen(id, Event::PromptOpened(prompt)).await.is_err() {
            let _ = reply.send(Answer::NoDialogue);
            return;
        }
        let until = self.clock.mono().saturating_add(limit.unwrap_or(limits::PROMPT));
        self.waiting.insert(id, Waiting { prompt: prompt_id, reply: Some(reply), until: Some(until) });
    }

    /// Asks what waited for a slip that was printed now, or could not be.
    pub(super) async fn ask_what_waited(&mut self) {
        let (still, now): (Vec<Held>, Vec<Held>) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|held| self.press.slip_under_way(held.operation));
        self.held = still;
        for held in now {
            self.ask(held).await;
        }
    }

    /// One answer: written down, then handed to whoever asked.
    pub(super) async fn answer(
        &mut self,
        id: OperationId,
        prompt: PromptId,
        answer: Answer,
    ) -> Result<(), Problem> {
        self.happen(id, Event::PromptAnswered(prompt, answer.clone())).await?;
        if let Some(mut waiting) = self.waiting.remove(&id)
            && let Some(reply) = waiting.reply.take()
        {
            let _ = reply.send(answer);
        }
        Ok(())
    }

    /// Ends the question that an operation has open: nobody waits for it any more.
    pub(super) async fn end_prompt(&mut self, id: OperationId) {
        self.held.retain(|held| held.operation != id);
        let open = self.state.payment(id).and_then(|payment| payment.prompt.as_ref()).map(|open| open.id);
        let mine = self.waiting.get(&id).map(|waiting| waiting.prompt);
        if let Some(prompt) = open
            && mine == open
            && self.answer(id, prompt, Answer::NoDialogue).await.is_err()
        {
            self.waiting.remove(&id);
        }
    }

    pub(super) fn add_notice(&mut self, terminal: Option<&TerminalId>, code: &str, text: String) {
        let number = self.state.number();
        let notice = NoticeView {
            number,
            at: self.clock.now(),
            terminal: terminal.cloned(),
            code: code.to_owned(),
            text,
        };
        self.notices.push_back(notice);
        if self.notices.len() > limits::NOTICES {
            self.notices.pop_front();
        }
        self.dirty = true;
    }

    /// What arrived outside an operation. None of it is authenticated: it makes the till look, ask or show.
    pub(super) async fn notice(&mut self, terminal: &TerminalId, notice: Notice) {
        let (code, text) = match notice {
            Notice::Said(Display::Text { text, .. }) => ("said", text),
            Notice::Said(Display::Code { content, .. }) => ("said", content),
            Notice::CardInserted => ("card_inserted", String::new()),
            Notice::CardRemoved => ("card_removed", String::new()),
            Notice::MaintenanceWanted => ("maintenance_wanted", String::new()),
            Notice::MaintenanceBegan => ("maintenance_began", String::new()),
            Notice::MaintenanceEnded => ("maintenance_ended", String::new()),
            Notice::Restarted => ("restarted", String::new()),
            Notice::OutOfService(text) => ("out_of_service", text),
            Notice::SessionLost => ("session_lost", String::new()),
            Notice::AddressAnnounced(address) => {
                self.address_announced(terminal, address).await;
                return;
            }
            Notice::MessageRefused(text) => ("message_refused", text),
            Notice::Updating(text) => ("updating", text),
            Notice::SecurityAlarm => ("security_alarm", String::new()),
            Notice::Outcome(outcome) => {
                if let Err(problem) = self.stray_outcome(terminal, *outcome, Vec::new()).await {
                    tracing::warn!(%terminal, %problem, "an outcome of somebody else was not written");
                }
                return;
            }
            Notice::Receipt(receipt) => {
                self.stray_receipt(terminal, &receipt).await;
                return;
            }
            Notice::News => {
                self.enquire_soon(terminal);
                return;
            }
            Notice::Other(text) => ("other", text),
        };
        self.noticed(terminal, code);
        self.add_notice(Some(terminal), code, text);
    }

    fn noticed(&mut self, terminal: &TerminalId, code: &str) {
        let Some(slot) = self.fleet.slots.get_mut(terminal) else { return };
        match code {
            "card_inserted" => slot.card_inserted = true,
            "card_removed" => slot.card_inserted = false,
            "maintenance_wanted" => slot.maintenance_wanted = true,
            "maintenance_began" => slot.health = Health::Maintenance,
            "out_of_service" => slot.health = Health::OutOfOrder,
            // The terminal may be telling the truth: the next use finds out and logs in again.
            "maintenance_ended" | "restarted" | "session_lost" => slot.health = Health::Unknown,
            _ => {}
        }
        if matches!(code, "maintenance_ended" | "restarted") {
            self.may_be_back(terminal);
        }
    }

    async fn address_announced(&mut self, terminal: &TerminalId, address: String) {
        let known = self.fleet.slots.get(terminal).is_some_and(|slot| {
            slot.session.proposed_address.as_ref() == Some(&address)
                || slot.session.address.as_ref() == Some(&address)
                || slot.entry.settings.get("url").and_then(toml::Value::as_str) == Some(address.as_str())
        });
        if known {
            return;
        }
        let fact = TerminalFact::AddressProposed { address: address.clone() };
        if self.terminal_fact(terminal, fact).await.is_ok() {
            self.add_notice(Some(terminal), "address_announced", address);
        }
    }

    /// A receipt outside any operation belongs, as far as anybody knows, to the newest one on its terminal.
    async fn stray_receipt(&mut self, terminal: &TerminalId, receipt: &Receipt) {
        let receipt = &self.marked(receipt.clone());
        // One from before the start stands there to be asked about, and is not what was printed for.
        let is_its = |case: &&super::Case| {
            case.payment.operation.terminal == *terminal
                && (case.watch.again_at.is_none() || case.offset_at_intent.is_some())
        };
        let newest = self.state.cases.values().filter(is_its).map(|case| case.payment.id()).next_back();
        if let Some(id) = newest {
            let record = self.receipt_record(id, receipt);
            if self.commit(vec![record]).await.is_err() {
                return;
            }
        }
        self.add_notice(Some(terminal), "receipt", receipt.text());
    }

    /// The problem for a command about a prompt that is not there.
    pub(super) fn no_prompt(id: OperationId) -> Problem {
        Problem::new(ProblemCode::PromptStale).about(id)
    }
}

/// The code as customers scan it. What no code holds is shown as text alone.
fn drawn(content: &str, from: Timestamp, lasts: Option<Duration>) -> Option<DrawnCode> {
    let Outline { side, path } = outline(content)?;
    let until = lasts.and_then(|lasts| from.checked_add(lasts).ok());
    Some(DrawnCode { side, path, from, until })
}
