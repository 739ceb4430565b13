//! One money operation, top to bottom: a session, a durable reference, the request, its answer.
//!
//! Dossier chapters 5, 6, 8, 9 and 17.2. Invariant: no money request leaves before its own reference is
//! durable, and none is repeated unless the terminal said in a matching answer that the one before was not
//! started.

use super::dialogue::Dialogue;
use super::line::{Patience, patient};
use super::map::{self, Heard, MoneyRequest};
use super::shared::{Run, Shared};
use crate::desk::{Desk, NotDurable, SessionMark};
use crate::limits::nexo as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Step};
use domain::outcome::{Fault, Outcome, Reason};
use std::pin::{Pin, pin};
use std::sync::Arc;
use tokio::time::{Sleep, sleep};
use wire::nexo::{AbortRequest, Header, Message, MessageCategory, MessageClass, MessageReference};

/// Carries out an operation to its final answer.
pub(super) async fn perform(
    shared: &Arc<Shared>,
    operation: &Operation,
    desk: &dyn Desk,
) -> Result<Outcome, Fault> {
    let request = map::money_request(&shared.ends, operation, &shared.seams.zone)?;
    let Some((run, calls)) = shared.begin(operation.id) else {
        return Err(Fault::not_sent(Reason::Busy, "another operation runs on this terminal"));
    };
    let mut dialogue = Dialogue::new(shared, desk, calls);
    let work = Performance { shared, run: &run, desk, operation, request };
    let ended = work.to_the_end(&mut dialogue).await;
    // The inbox hands over nothing from here on.
    drop(run);
    dialogue.end().await;
    ended
}

struct Performance<'p> {
    shared: &'p Shared,
    run: &'p Run,
    desk: &'p dyn Desk,
    operation: &'p Operation,
    request: MoneyRequest,
}

/// How long Busy is waited out: one span from the first Busy on.
type BusySpan = Option<Pin<Box<Sleep>>>;

impl Performance<'_> {
    async fn to_the_end(&self, dialogue: &mut Dialogue<'_>) -> Result<Outcome, Fault> {
        let mut step = Step::First;
        let mut busy: BusySpan = None;
        let mut may_log_in_again = true;
        loop {
            let session = match self.shared.session() {
                Some(session) => session,
                None => {
                    // Directly after a login the terminal may be busy with its hosts (dossier chapter 5.3).
                    busy = None;
                    dialogue.during(Box::pin(self.open())).await?
                }
            };
            if self.run.is_aborted() {
                return Err(aborted());
            }
            let reserved = dialogue.during(self.desk.reserve(step, Some(&session))).await;
            let reference = reserved.map_err(|NotDurable| not_durable())?;
            match self.send(&reference, dialogue).await? {
                Heard::Outcome(outcome) => return Ok(*outcome),
                Heard::Ended(fault) => return Err(fault),
                Heard::NotStarted(words) => {
                    self.not_started(&reference, dialogue).await?;
                    dialogue.during(Box::pin(self.wait_out(&mut busy, words))).await?;
                }
                Heard::NoSession(words) => {
                    self.shared.lose_session();
                    self.not_started(&reference, dialogue).await?;
                    self.mark(SessionMark::Lost, dialogue).await?;
                    if !std::mem::take(&mut may_log_in_again) {
                        return Err(Fault::refused(Reason::NoSession, words));
                    }
                }
            }
            step = Step::Resend;
        }
    }

    /// Logs in while the operation waits. Whatever fails here, nothing of the operation has left.
    async fn open(&self) -> Result<String, Fault> {
        let marked = |mark| async { self.desk.session(mark).await.map_err(|NotDurable| not_durable()) };
        marked(SessionMark::Opening).await?;
        let identity = tokio::select! {
            biased;
            identity = self.shared.log_in(limits::LOGIN_BUSY_IN_PERFORM) => identity.map_err(nothing_left)?,
            () = self.run.aborted() => return Err(aborted()),
        };
        let session = identity.session.clone();
        if let Err(fault) = marked(SessionMark::Opened(identity)).await {
            self.shared.lose_session();
            return Err(fault);
        }
        Ok(session)
    }

    /// One request under one reference.
    async fn send(&self, reference: &Reference, dialogue: &mut Dialogue<'_>) -> Result<Heard, Fault> {
        let ends = &self.shared.ends;
        let MoneyRequest { category, body } = &self.request;
        let id = reference.0.as_str();
        let header = Header::request(
            MessageClass::Service,
            category.clone(),
            id,
            ends.sale_id.as_str(),
            &ends.poi_id,
        );
        let message = Message::new(header, body.clone());
        if !self.run.enter_wire(category.clone(), reference.clone()) {
            return Err(aborted());
        }
        let heard = dialogue.during(Box::pin(self.exchange(&message, reference))).await;
        self.run.leave_wire();
        heard
    }

    /// The request and its answer. Some time after an abort that brought no answer an enquiry runs beside
    /// the open exchange, and whichever tells the outcome first counts (dossier chapter 9, rule 6).
    async fn exchange(&self, message: &Message, reference: &Reference) -> Result<Heard, Fault> {
        let mut exchange = pin!(self.shared.exchange(message, self.patience()));
        let heard = |answer: Result<Message, Fault>| {
            Ok(map::heard(&self.shared.ends, self.operation, &message.header, &answer?))
        };
        tokio::select! {
            biased;
            answer = &mut exchange => return heard(answer),
            () = self.run.abort_sent() => {}
        }
        tokio::select! {
            biased;
            answer = &mut exchange => heard(answer),
            outcome = self.enquire_after_abort(reference) => Ok(Heard::Outcome(outcome)),
        }
    }

    async fn enquire_after_abort(&self, reference: &Reference) -> Box<Outcome> {
        sleep(limits::ENQUIRE_AFTER_ABORT).await;
        loop {
            if let Some(outcome) = self.shared.find(self.operation, reference).await {
                return outcome;
            }
            sleep(limits::ENQUIRY_PAUSE).await;
        }
    }

    fn patience(&self) -> Patience {
        let answer = match self.operation.kind {
            Kind::Sale | Kind::Refund => limits::PAYMENT,
            Kind::Reversal => limits::REVERSAL,
        };
        patient(self.shared.profile.answer.unwrap_or(answer))
    }

    /// Writes down that the request was not started. When that cannot be written nothing more may be sent;
    /// the terminal's answer still proves that nothing moved.
    async fn not_started(&self, reference: &Reference, dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
        let written = dialogue.during(self.desk.not_started(reference)).await;
        written.map_err(|NotDurable| {
            Fault::refused(Reason::NotDurable, "not started, and that is not on disk")
        })
    }

    async fn mark(&self, mark: SessionMark, dialogue: &mut Dialogue<'_>) -> Result<(), Fault> {
        dialogue.during(self.desk.session(mark)).await.map_err(|NotDurable| not_durable())
    }

    /// Waits before the next try, as long as there may be one.
    async fn wait_out(&self, busy: &mut BusySpan, words: String) -> Result<(), Fault> {
        let span = busy.get_or_insert_with(|| Box::pin(sleep(limits::BUSY_LIMIT)));
        tokio::select! {
            biased;
            () = self.run.aborted() => Err(aborted()),
            () = span.as_mut() => Err(Fault::refused(Reason::Busy, words)),
            () = sleep(limits::BUSY_PAUSE) => Ok(()),
        }
    }
}

fn aborted() -> Fault {
    Fault::refused(Reason::Aborted, "cancelled before anything was at the terminal")
}

fn not_durable() -> Fault {
    Fault::not_sent(Reason::NotDurable, "the reference or session could not be written to disk")
}

/// A failed login says nothing about money: the operation's own request has not left.
fn nothing_left(fault: Fault) -> Fault {
    match fault.certainty {
        domain::outcome::Certainty::Unknown => Fault::not_sent(fault.reason, fault.detail),
        domain::outcome::Certainty::NotSent | domain::outcome::Certainty::Refused => fault,
    }
}

impl Shared {
    /// Tells the terminal to stop this request, on a connection of its own. An answer means "received",
    /// never "aborted": only the request's own answer tells (dossier chapter 9).
    pub async fn send_abort(&self, named: MessageReference, reason: &str) -> Result<(), Fault> {
        let request = AbortRequest {
            message_reference: named,
            abort_reason: reason.to_owned(),
            display_output: None,
        };
        let message = self.message(MessageClass::Service, MessageCategory::Abort, request);
        let reply = self.post(&message, super::line::quick(limits::ABORT)).await;
        match reply {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(()),
            Ok(reply) => Err(Fault::unknown(Reason::AnswerUnreadable, format!("status {}", reply.status))),
            Err(fault) => Err(crate::http::lost(&fault)),
        }
    }

    /// Tells the terminal to stop the money request with this reference; see [`Shared::send_abort`].
    pub async fn abort_money(&self, category: MessageCategory, reference: &Reference) -> Result<(), Fault> {
        self.send_abort(self.money_reference(category, reference), "Cancelled by cashier").await
    }

    /// Our money request with this reference, as other messages name it.
    pub fn money_reference(&self, category: MessageCategory, reference: &Reference) -> MessageReference {
        MessageReference {
            category: Some(category),
            service_id: Some(reference.0.clone()),
            device_id: None,
            sale_id: Some(self.ends.sale_id.clone()),
            poi_id: Some(self.ends.poi_id.clone()),
        }
    }
}
