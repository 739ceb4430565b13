//! The desk handle over the actor's inbox: what a driver calls while it performs an operation.

use crate::actor::Message;
use async_trait::async_trait;
use domain::ids::{OperationId, Reference};
use domain::operation::{Sent, Step};
use domain::outcome::Evidence;
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use domain::wallet::PaymentCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use terminals::desk::{Desk, Display, NotDurable, NotPrinted, SessionMark};
use tokio::sync::{mpsc, oneshot};

/// One call of a driver.
#[derive(Debug)]
pub(crate) enum DeskCall {
    Reserve { step: Step, session: Option<String>, reply: oneshot::Sender<Result<Reference, NotDurable>> },
    NotStarted { reference: Reference, reply: oneshot::Sender<Result<(), NotDurable>> },
    Note { evidence: Evidence, reply: oneshot::Sender<Result<(), NotDurable>> },
    Session { mark: SessionMark, reply: oneshot::Sender<Result<(), NotDurable>> },
    Show { display: Display },
    Print { slip: Receipt, reply: oneshot::Sender<Result<(), NotPrinted>> },
    Ask { question: Question, text: String, limit: Option<Duration>, reply: oneshot::Sender<Answer> },
    Withdraw { reply: oneshot::Sender<()> },
}

/// The reference that is on disk since the intent, until it is given out or written off.
#[derive(Clone, Debug, Default)]
pub(crate) struct First(Arc<Mutex<Option<Sent>>>);

impl First {
    pub(crate) fn of(sent: Option<Sent>) -> Self {
        Self(Arc::new(Mutex::new(sent)))
    }

    fn get(&self) -> Option<Sent> {
        self.lock().clone()
    }

    pub(crate) fn take(&self) -> Option<Sent> {
        self.lock().take()
    }

    /// Nothing can be half done under this lock.
    fn lock(&self) -> MutexGuard<'_, Option<Sent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The desk of one running operation.
#[derive(Debug)]
pub(crate) struct ActorDesk {
    pub(crate) operation: OperationId,
    pub(crate) inbox: mpsc::Sender<Message>,
    pub(crate) first: First,
    /// What the customer showed.
    pub(crate) wallet: Option<PaymentCode>,
}

impl ActorDesk {
    /// The reference that came with the intent, where it fits.
    async fn first(&self, step: Step, session: Option<&str>) -> Result<Option<Reference>, NotDurable> {
        let fits = |sent: &Sent| sent.step == step && sent.session.as_deref() == session;
        if self.first.get().is_some_and(|sent| fits(&sent)) {
            return Ok(self.first.take().map(|sent| sent.reference));
        }
        self.write_off().await.map(|()| None)
    }

    /// Nothing went out under the reference that came with the intent, and nothing will: that is written down
    /// before anything else is done, so that a crash meanwhile leaves no doubt.
    async fn write_off(&self) -> Result<(), NotDurable> {
        let Some(sent) = self.first.get() else { return Ok(()) };
        self.not_started(&sent.reference).await?;
        self.first.take();
        Ok(())
    }

    /// Sends a call and waits for its answer; `None` when the till is gone.
    async fn call<T>(&self, make: impl FnOnce(oneshot::Sender<T>) -> DeskCall) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Message::Desk(self.operation, make(reply))).await.ok()?;
        answer.await.ok()
    }
}

#[async_trait]
impl Desk for ActorDesk {
    async fn reserve(&self, step: Step, session: Option<&str>) -> Result<Reference, NotDurable> {
        if let Some(first) = self.first(step, session).await? {
            return Ok(first);
        }
        let session = session.map(str::to_owned);
        self.call(|reply| DeskCall::Reserve { step, session, reply }).await.unwrap_or(Err(NotDurable))
    }
    async fn not_started(&self, reference: &Reference) -> Result<(), NotDurable> {
        let reference = reference.clone();
        self.call(|reply| DeskCall::NotStarted { reference, reply }).await.unwrap_or(Err(NotDurable))
    }
    async fn note(&self, evidence: Evidence) -> Result<(), NotDurable> {
        self.call(|reply| DeskCall::Note { evidence, reply }).await.unwrap_or(Err(NotDurable))
    }
    async fn session(&self, mark: SessionMark) -> Result<(), NotDurable> {
        match mark {
            SessionMark::Opening | SessionMark::Lost => self.write_off().await?,
            SessionMark::Opened(_) => {}
        }
        self.call(|reply| DeskCall::Session { mark, reply }).await.unwrap_or(Err(NotDurable))
    }
    fn show(&self, display: Display) {
        // A full inbox drops a text: the next one replaces it anyway.
        let _ = self.inbox.try_send(Message::Desk(self.operation, DeskCall::Show { display }));
    }
    async fn print(&self, slip: Receipt) -> Result<(), NotPrinted> {
        self.call(|reply| DeskCall::Print { slip, reply }).await.unwrap_or(Err(NotPrinted::Unavailable))
    }
    async fn ask(&self, question: Question, text: String, limit: Option<Duration>) -> Answer {
        let asked = self.call(|reply| DeskCall::Ask { question, text, limit, reply }).await;
        asked.unwrap_or(Answer::NoDialogue)
    }
    fn code(&self) -> Option<PaymentCode> {
        self.wallet.clone()
    }
    async fn withdraw(&self) {
        let _ = self.call(|reply| DeskCall::Withdraw { reply }).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::Seed;
    use jiff::Timestamp;

    fn sent(session: &str) -> Sent {
        Sent {
            reference: Reference("1000000001".to_owned()),
            step: Step::First,
            session: Some(session.to_owned()),
            at: Timestamp::UNIX_EPOCH,
            not_started: false,
        }
    }

    /// A desk whose first reference is on disk, and a loop that answers it and notes what it was asked.
    fn desk(session: &str) -> (ActorDesk, tokio::task::JoinHandle<Vec<String>>) {
        let (inbox, mut messages) = mpsc::channel(8);
        let seed = Seed { at: Timestamp::UNIX_EPOCH, random: [1; 10] };
        let desk = ActorDesk {
            operation: OperationId::of(&seed),
            inbox,
            first: First::of(Some(sent(session))),
            wallet: None,
        };
        let loop_ = tokio::spawn(async move {
            let mut asked = Vec::new();
            while let Some(message) = messages.recv().await {
                let Message::Desk(_, call) = message else { continue };
                match call {
                    DeskCall::Reserve { step, session, reply } => {
                        asked.push(format!("reserve {step:?} {}", session.unwrap_or_default()));
                        reply.send(Ok(Reference("1000000002".to_owned()))).unwrap();
                    }
                    DeskCall::NotStarted { reference, reply } => {
                        asked.push(format!("not started {}", reference.0));
                        reply.send(Ok(())).unwrap();
                    }
                    DeskCall::Session { mark, reply } => {
                        asked.push(format!("session {mark:?}"));
                        reply.send(Ok(())).unwrap();
                    }
                    DeskCall::Note { .. }
                    | DeskCall::Show { .. }
                    | DeskCall::Print { .. }
                    | DeskCall::Ask { .. }
                    | DeskCall::Withdraw { .. } => asked.push("something else".to_owned()),
                }
            }
            asked
        });
        (desk, loop_)
    }

    #[tokio::test]
    async fn a_reference_that_came_with_the_intent_is_given_out_once() {
        let (desk, asked) = desk("2000000001");
        let first = desk.reserve(Step::First, Some("2000000001")).await.unwrap();
        let again = desk.reserve(Step::Resend, Some("2000000001")).await.unwrap();
        assert_eq!((first.0.as_str(), again.0.as_str()), ("1000000001", "1000000002"));
        drop(desk);
        assert_eq!(asked.await.unwrap(), ["reserve Resend 2000000001"]);
    }

    #[tokio::test]
    async fn one_of_another_session_is_written_off_before_another_is_made() {
        for session in [Some("3000000001"), None] {
            let (desk, asked) = desk("2000000001");
            let made = desk.reserve(Step::First, session).await.unwrap();
            assert_eq!(made.0, "1000000002");
            drop(desk);
            let within = session.unwrap_or_default();
            let expected = ["not started 1000000001".to_owned(), format!("reserve First {within}")];
            assert_eq!(asked.await.unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn it_is_written_off_before_a_login() {
        let (desk, asked) = desk("2000000001");
        desk.session(SessionMark::Opening).await.unwrap();
        let first = desk.first.clone();
        drop(desk);
        assert_eq!(asked.await.unwrap(), ["not started 1000000001", "session Opening"]);
        assert_eq!(first.take(), None);
    }

    #[tokio::test]
    async fn what_could_not_be_written_off_is_still_known() {
        let (inbox, messages) = mpsc::channel(1);
        drop(messages);
        let seed = Seed { at: Timestamp::UNIX_EPOCH, random: [1; 10] };
        let first = First::of(Some(sent("2000000001")));
        let desk =
            ActorDesk { operation: OperationId::of(&seed), inbox, first: first.clone(), wallet: None };
        assert_eq!(desk.session(SessionMark::Opening).await, Err(NotDurable));
        assert_eq!(desk.reserve(Step::First, None).await, Err(NotDurable));
        assert_eq!(first.take(), Some(sent("2000000001")));
    }
}
