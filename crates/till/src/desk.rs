//! The desk handle over the actor's inbox: what a driver calls while it performs an operation.

use crate::actor::Message;
use async_trait::async_trait;
use domain::ids::{OperationId, Reference};
use domain::operation::Step;
use domain::outcome::Evidence;
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
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

/// The desk of one running operation.
#[derive(Clone, Debug)]
pub(crate) struct ActorDesk {
    pub(crate) operation: OperationId,
    pub(crate) inbox: mpsc::Sender<Message>,
}

impl ActorDesk {
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
    async fn withdraw(&self) {
        let _ = self.call(|reply| DeskCall::Withdraw { reply }).await;
    }
}
