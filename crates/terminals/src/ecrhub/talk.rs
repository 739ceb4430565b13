//! Requests and answers of a terminal that the till speaks with itself, on the local network or on a cable.
//!
//! Dossier sections 2.1 and 3.4. Invariant: "not sent" is told only where the way's keeper has proof of it.

use super::hub::{Answer, Hearing, Hub, Rhythm};
use super::map;
use super::waiting::{self, Key, To, Waiting};
use crate::limits::ecrhub as limits;
use crate::seams::Seams;
use crate::terminal::Identity;
use async_trait::async_trait;
use domain::ids::ReferenceShape;
use domain::outcome::{Fault, Reason};
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use wire::ecrhub::{Message, Order, Sender, Topic, scalar};

/// An order's answer comes by itself; queries are for where it is lost.
const RHYTHM: Rhythm = Rhythm {
    tells_arrival: false,
    queries: &limits::QUERIES,
    queries_last: limits::QUERIES_LAST,
    overtime: limits::WATCHDOG,
    after_loss: limits::REDELIVERY,
    after_wish: limits::CLOSED_ANSWER,
    last_queries: limits::LAST_QUERIES,
};

/// A message to send.
#[derive(Debug)]
pub(super) struct Wish {
    /// What its answer names.
    pub key: Key,
    /// Where its answer goes.
    pub to: To,
    /// The message.
    pub text: String,
    /// Told as soon as the message has left, or cannot.
    pub told: oneshot::Sender<Result<(), Fault>>,
}

/// How long answers are waited for, connecting and all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    /// To a query or a close.
    pub quick: Duration,
    /// To "who are you"; terminals that do not know it are silent.
    pub info: Duration,
    /// To a batch close.
    pub batch: Duration,
}

/// What differs between the ways.
pub(super) trait Way: Send + Sync + Debug {
    /// The till's name at the operator.
    fn app_id(&self) -> &str;

    /// What orders are found again by; see [`Hub::session`].
    fn session(&self) -> String;

    /// What order numbers look like.
    fn shape(&self) -> ReferenceShape;

    /// Deadlines.
    fn waits(&self) -> Waits;

    /// Starts the task that holds the line; it ends when the last sender is gone.
    fn keep(&self, seams: &Seams) -> mpsc::Sender<Wish>;
}

/// One terminal.
#[derive(Debug)]
pub(super) struct Talk<W> {
    way: W,
    seams: Seams,
    keeper: Mutex<Option<mpsc::Sender<Wish>>>,
}

impl<W: Way> Talk<W> {
    /// Opens nothing yet.
    pub fn new(way: W, seams: Seams) -> Self {
        Self { way, seams, keeper: Mutex::default() }
    }

    /// The way to the keeper of the line, who is started by the first wish.
    fn wishes(&self) -> mpsc::Sender<Wish> {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        keeper.get_or_insert_with(|| self.way.keep(&self.seams)).clone()
    }

    /// Sends a message whose answer goes there.
    ///
    /// # Errors
    /// No message can have left.
    async fn send(
        &self,
        topic: Topic,
        number: Option<&str>,
        to: To,
        text: Written<'_>,
    ) -> Result<(), Fault> {
        let seed = self.seams.ambient.seed();
        let id = seed.uuid().simple().to_string();
        let timestamp = seed.at.as_millisecond().to_string();
        let text = text(&Sender { app_id: self.way.app_id(), id: &id, timestamp: &timestamp });
        let (told, left) = oneshot::channel();
        let key = Key { id, topic, number: number.map(str::to_owned) };
        let ended = || Fault::not_sent(Reason::NotSent, "the connection is being closed");
        self.wishes().send(Wish { key, to, text, told }).await.map_err(|_| ended())?;
        // The keeper was there and is gone: nobody knows how far it came.
        left.await.unwrap_or(Ok(()))
    }

    /// One request and its answer.
    async fn ask(
        &self,
        topic: Topic,
        number: Option<&str>,
        limit: Duration,
        text: Written<'_>,
    ) -> Result<Message, Fault> {
        let (to, told) = oneshot::channel();
        let asking = async {
            self.send(topic, number, To::Once(to), text).await?;
            told.await.unwrap_or_else(|_| Err(Fault::unknown(Reason::AnswerLost, "the connection ended")))
        };
        let late = || Fault::unknown(Reason::DeadlinePassed, "the terminal did not answer in time");
        timeout(limit, asking).await.unwrap_or_else(|_| Err(late()))
    }

    async fn about(&self, topic: Topic, number: &str, text: Written<'_>) -> Result<Answer, Fault> {
        self.ask(topic, Some(number), self.way.waits().quick, text)
            .await
            .map(|message| waiting::answer(&message))
    }

    /// Name and number of the device, where its app tells them.
    async fn info(&self) -> Identity {
        let asked = self
            .ask(Topic::Info, None, self.way.waits().info, &|from: &Sender| {
                from.info(&self.seams.program.name)
            })
            .await;
        let Ok(message) = asked else { return Identity::default() };
        let of = |name: &str| message.device.as_ref()?.get(name).and_then(scalar);
        Identity {
            serial: of("device_sn").or_else(|| of("alias_name")).map(|it| map::plain(&it)),
            software: of("app_name").or_else(|| of("device_name")).map(|it| map::plain(&it)),
            ..Identity::default()
        }
    }
}

/// A message of whoever sends it.
type Written<'w> = &'w (dyn Fn(&Sender<'_>) -> String + Send + Sync);

#[async_trait]
impl<W: Way> Hub for Talk<W> {
    fn session(&self) -> String {
        self.way.session()
    }

    fn rhythm(&self) -> Rhythm {
        RHYTHM
    }

    async fn hello(&self) -> Result<Identity, Fault> {
        let number = self.seams.ambient.reference(self.way.shape()).0;
        let answer = self.query(&number).await?;
        answer.to_nothing()?;
        Ok(self.info().await)
    }

    async fn order(&self, order: &Order) -> Result<Box<dyn Hearing>, Fault> {
        let (to, ear) = Waiting::ear();
        let text: Written<'_> = &|from: &Sender| from.order(order);
        self.send(Topic::Order, Some(&order.number), To::Order(to), text).await?;
        Ok(ear)
    }

    async fn query(&self, number: &str) -> Result<Answer, Fault> {
        self.about(Topic::Query, number, &|from: &Sender| from.query(number)).await
    }

    async fn close(&self, number: &str) -> Result<Answer, Fault> {
        self.about(Topic::Close, number, &|from: &Sender| from.close(number)).await
    }

    async fn batch_close(&self) -> Result<Answer, Fault> {
        let text: Written<'_> = &|from: &Sender| from.batch_close();
        let message = self.ask(Topic::BatchClose, None, self.way.waits().batch, text).await?;
        Ok(waiting::answer(&message))
    }
}
