//! Asking for a lost answer: one bounded enquiry about one operation.
//!
//! Dossier chapter 10. Invariant: only an answer that repeats our own reference or transaction is taken for
//! ours; "never seen" is said only inside the one session that every open reference went out in (R5).

use super::line::quick;
use super::map::{self, Class, Told};
use super::shared::Shared;
use crate::limits::nexo as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Sent};
use domain::outcome::{Fault, Fence, Outcome, Reason, Recovered};
use wire::nexo::{
    Body, MessageCategory, MessageClass, MessageReference, RepeatedMessage, ResultCode,
    TransactionStatusRequest,
};

/// What one enquiry found.
#[derive(Debug)]
pub(super) enum Found {
    /// A repeated answer, whoever's.
    Answer(RepeatedMessage),
    /// Still running.
    Running,
    /// No such transaction.
    Nothing,
    /// No session to ask in.
    NoSession,
    /// This form of asking is not offered.
    Unsupported,
    /// The terminal fails for another reason.
    Useless(Fault),
}

/// What a found answer is to an operation.
enum Whose {
    Ours(Box<Outcome>),
    /// Ours, and still running.
    Running,
    /// Another transaction under our own reference: the terminal had used it before (R12).
    ReferenceInUse,
    /// Another transaction, by this name where it has one.
    Other(Option<Reference>),
}

/// What a found answer leaves of the question.
enum Seen {
    /// Nothing is left of it.
    End(Recovered),
    /// There is nothing of ours.
    Nothing,
    /// There is something else, by this name where it has one.
    Foreign(Option<Reference>),
}

impl Shared {
    /// One enquiry: about the request under `reference`, or the newest of all.
    pub async fn enquire(&self, reference: Option<MessageReference>) -> Result<Found, Fault> {
        let request = TransactionStatusRequest { message_reference: reference, ..Default::default() };
        let message = self.message(MessageClass::Service, MessageCategory::TransactionStatus, request);
        let answer = self.ask(&message, quick(limits::STATUS)).await?;
        let Body::TransactionStatusResponse(answer) = answer.body else {
            return Err(Fault::unknown(Reason::Mismatch, "the answer is no TransactionStatusResponse"));
        };
        match &answer.response.result {
            ResultCode::Success | ResultCode::Partial => {
                answer.repeated_message.map(Found::Answer).ok_or_else(|| {
                    Fault::unknown(Reason::AnswerUnreadable, "the enquiry succeeded and repeats nothing")
                })
            }
            ResultCode::Failure => Ok(failure(&answer.response)),
            ResultCode::Other(_) => Err(Fault::unknown(
                Reason::AnswerUnreadable,
                "the answer's result is no word of the protocol",
            )),
        }
    }

    fn reference_to(&self, operation: &Operation, reference: &Reference) -> MessageReference {
        self.money_reference(category(operation), reference)
    }

    /// The outcome of the request under `reference`, when the terminal has it.
    pub async fn find(&self, operation: &Operation, reference: &Reference) -> Option<Box<Outcome>> {
        let found = self.enquire(Some(self.reference_to(operation, reference))).await.ok()?;
        let Found::Answer(found) = found else { return None };
        match self.whose(operation, std::slice::from_ref(reference), &found) {
            Ok(Whose::Ours(outcome)) if outcome.echo.reference.as_ref() == Some(reference) => Some(outcome),
            Ok(Whose::Ours(_) | Whose::Running | Whose::ReferenceInUse | Whose::Other(_)) | Err(_) => None,
        }
    }

    /// Whose answer it is. Ours has one of our references and no other transaction, or our transaction.
    fn whose(
        &self,
        operation: &Operation,
        references: &[Reference],
        found: &RepeatedMessage,
    ) -> Result<Whose, Fault> {
        let outcome = match map::outcome(&self.ends, &Told::of(operation), &found.header, &found.body) {
            Ok(outcome) => outcome,
            Err(fault) => {
                let id = found.header.service_id.as_ref();
                let is_ours = id.is_some_and(|id| references.iter().any(|it| it.0 == *id));
                return match (is_ours, fault.reason) {
                    (false, _) => Ok(Whose::Other(name_of(found))),
                    (true, Reason::StillRunning) => Ok(Whose::Running),
                    (true, _) => {
                        Err(Fault::unknown(Reason::AnswerUnreadable, "the repeated answer cannot be read"))
                    }
                };
            }
        };
        let echo = &outcome.echo;
        let by_reference =
            echo.same_terminal && echo.reference.as_ref().is_some_and(|it| references.contains(it));
        match &echo.transaction {
            Some(transaction) if *transaction == operation.transaction && echo.same_terminal => {
                Ok(Whose::Ours(Box::new(outcome)))
            }
            Some(_) if by_reference => Ok(Whose::ReferenceInUse),
            None if by_reference => Ok(Whose::Ours(Box::new(outcome))),
            Some(_) | None => Ok(Whose::Other(name_of(found))),
        }
    }

    /// The whole enquiry about an operation; see [`crate::Terminal::recover`].
    pub async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        // A failed enquiry says nothing about the money, not even when it never left.
        self.look_for(operation, sent).await.map_err(|fault| Fault::unknown(fault.reason, fault.detail))
    }

    async fn look_for(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        let open: Vec<&Sent> = match sent.iter().all(|it| it.not_started) {
            true => sent.iter().collect(),
            false => sent.iter().filter(|it| !it.not_started).collect(),
        };
        let references: Vec<Reference> = open.iter().map(|it| it.reference.clone()).collect();
        let asked_in = self.session();
        let judge = |found: Found| self.judge(operation, &references, found, asked_in.as_ref());
        // A terminal that ignores the reference, or refuses it, tells of the newest only.
        let (mut filters, mut had_one) = (true, false);
        for reference in &references {
            let found = self.enquire(Some(self.reference_to(operation, reference))).await?;
            let seen = match found {
                Found::Unsupported => {
                    filters = false;
                    judge(self.enquire(None).await?)?
                }
                Found::Answer(_)
                | Found::Running
                | Found::Nothing
                | Found::NoSession
                | Found::Useless(_) => judge(found)?,
            };
            match seen {
                Seen::End(end) => return Ok(end),
                Seen::Foreign(_) => (filters, had_one) = (false, true),
                Seen::Nothing => {}
            }
            if !filters {
                break;
            }
        }
        // A reversal goes without a number of its own.
        let number = (operation.kind != Kind::Reversal).then_some(&operation.transaction);
        let is_own = |name: &Reference| number == Some(name) || references.contains(name);
        tokio::time::sleep(limits::NOT_FOUND_PAUSE).await;
        match judge(self.enquire(None).await?)? {
            Seen::End(end) => Ok(end),
            // Our own number in somebody else's name, a transaction without a name, or one that was there a
            // moment ago and is not any more.
            Seen::Foreign(Some(newest)) if is_own(&newest) => Ok(Recovered::CannotTell),
            Seen::Foreign(None) => Ok(Recovered::CannotTell),
            Seen::Nothing if had_one => Ok(Recovered::CannotTell),
            // Somebody used the terminal. Whether it was this till, and when, only the till knows: the times
            // in answers are of clocks that can be wrong.
            Seen::Foreign(Some(newest)) if filters => {
                Ok(self.never_seen(&open, Fence::SameSessionAfter(newest)))
            }
            Seen::Foreign(Some(newest)) => Ok(self.never_seen(&open, Fence::SameSessionSince(newest))),
            Seen::Nothing => Ok(self.never_seen(&open, Fence::SameSession)),
        }
    }

    /// `asked_in`: the session of the moment in which the enquiry began.
    fn judge(
        &self,
        operation: &Operation,
        references: &[Reference],
        found: Found,
        asked_in: Option<&String>,
    ) -> Result<Seen, Fault> {
        Ok(match found {
            Found::Answer(found) => match self.whose(operation, references, &found)? {
                Whose::Ours(outcome) => Seen::End(Recovered::Settled(outcome)),
                Whose::Running => Seen::End(Recovered::StillRunning),
                Whose::ReferenceInUse => Seen::End(Recovered::CannotTell),
                Whose::Other(transaction) => Seen::Foreign(transaction),
            },
            Found::Nothing => Seen::Nothing,
            Found::Running => Seen::End(Recovered::StillRunning),
            Found::NoSession => {
                // A login that came meanwhile is not meant.
                if self.session().as_ref() == asked_in {
                    self.lose_session();
                }
                Seen::End(Recovered::SessionLost)
            }
            Found::Unsupported | Found::Useless(_) => Seen::End(Recovered::CannotTell),
        })
    }

    /// Two answers that there is nothing. Believed only when every open reference went out in the session
    /// that still stands: a terminal that restarted in between may have forgotten.
    fn never_seen(&self, open: &[&Sent], fence: Fence) -> Recovered {
        let session = self.session();
        let is_fenced = |sent: &&Sent| session.is_some() && sent.session == session;
        match !open.is_empty() && open.iter().all(is_fenced) {
            true => Recovered::NeverSeen(fence),
            false => Recovered::CannotTell,
        }
    }
}

/// The category of an operation's money request.
pub(super) fn category(operation: &Operation) -> MessageCategory {
    match operation.kind {
        Kind::Sale | Kind::Refund => MessageCategory::Payment,
        Kind::Reversal => MessageCategory::Reversal,
    }
}

fn failure(response: &wire::nexo::Response) -> Found {
    let fault = map::refusal(response);
    match map::meaning(response.error_condition.as_ref()) {
        (Class::NotStarted | Class::Running, _) => Found::Running,
        (Class::NoSession, _) => Found::NoSession,
        (Class::Refused, _) => Found::Unsupported,
        (Class::Declined, Reason::NotFound) => Found::Nothing,
        (Class::Declined | Class::Cancelled, _) => Found::Useless(fault),
    }
}

/// What an answer can be looked up by: the till's number of its payment, else the request's own reference (an
/// answer to a reversal repeats no number of the till).
fn name_of(found: &RepeatedMessage) -> Option<Reference> {
    let payment =
        if let Body::PaymentResponse(answer) = &*found.body { answer.sale_data.as_ref() } else { None };
    let transaction = payment.and_then(|sale| sale.sale_transaction_id.as_ref()?.transaction_id.clone());
    transaction.or_else(|| found.header.service_id.clone()).map(Reference)
}
