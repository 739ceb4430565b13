//! Over the local network: the terminal is a WebSocket server, the till its client.
//!
//! Dossier chapter 3. Invariant: an order is sent on a connection that stands; "not sent" is told only where
//! no message can have left.

mod keeper;
pub(crate) mod profile;

use super::hub::{Answer, Hearing, Hub};
use super::waiting::{self, Key, To, Waiting};
use super::{EcrHub, map};
use crate::form::ProfileError;
use crate::limits::ecrhub_wlan as limits;
use crate::run::Moment;
use crate::seams::Seams;
use crate::terminal::{Address, Identity};
use async_trait::async_trait;
use domain::outcome::{Fault, Reason};
use keeper::{Keeper, Wish};
use profile::Profile;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use toml::Table;
use wire::ecrhub::{Class, Message, Order, Sender, Topic, scalar};

/// A terminal that says so of a random number says nothing of any other.
const NEVER_MADE: &str = "the terminal knows a payment that was never made: its answers tell nothing";
/// What an installer does about a terminal that nobody released.
const UNRELEASED: &str =
    "the terminal does not accept this till: ask the operator to release the app id for it";

/// One terminal on the network.
#[derive(Debug)]
struct Wlan {
    profile: Profile,
    seams: Seams,
    keeper: Mutex<Option<mpsc::Sender<Wish>>>,
}

/// A driver with these settings; sends nothing yet.
///
/// # Errors
/// The first setting that cannot be used.
pub fn make(settings: &Table, seams: Seams) -> Result<EcrHub, ProfileError> {
    let profile = Profile::read(settings)?;
    let common = profile.common.clone();
    let (host, port) = profile.reached(&seams);
    let hub = Wlan { profile, seams: seams.clone(), keeper: Mutex::default() };
    let driver = EcrHub::new(Arc::new(hub), common, seams, Arc::new(Moment::default()));
    Ok(driver.at(Address { host, port, secure: false }))
}

impl Wlan {
    /// The way to the keeper of the connection, who is started by the first wish.
    fn wishes(&self) -> mpsc::Sender<Wish> {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        keeper.get_or_insert_with(|| Keeper::start(&self.profile, &self.seams)).clone()
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
        let text = text(&Sender { app_id: &self.profile.app_id, id: &id, timestamp: &timestamp });
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
        self.ask(topic, Some(number), limits::QUICK, text).await.map(|message| waiting::answer(&message))
    }

    /// Name and number of the device, where its app tells them.
    async fn info(&self) -> Identity {
        let asked = self
            .ask(Topic::Info, None, limits::INFO, &|from: &Sender| from.info(&self.seams.program.name))
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
impl Hub for Wlan {
    fn session(&self) -> String {
        self.profile.session()
    }

    async fn hello(&self) -> Result<Identity, Fault> {
        let number = self.seams.ambient.reference(self.profile.common.capabilities().reference).0;
        let answer = self.query(&number).await?;
        let class = answer.code.as_ref().map(|code| code.class(&answer.words));
        match class {
            Some(Class::SetUp) => {
                Err(Fault::refused(Reason::LoginRefused, format!("{UNRELEASED} ({})", map::words(&answer))))
            }
            Some(Class::Success) if answer.record.shows_money() => {
                Err(Fault::unknown(Reason::Mismatch, NEVER_MADE))
            }
            Some(
                Class::Success
                | Class::Unclear
                | Class::Cancelled
                | Class::NotFound
                | Class::TakenBack
                | Class::Busy
                | Class::Exists
                | Class::Unsupported
                | Class::Faulty
                | Class::Blocked(_)
                | Class::Declined,
            ) => Ok(self.info().await),
            None => Err(Fault::unknown(Reason::AnswerUnreadable, "the terminal's answer has no code")),
        }
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
        let message = self.ask(Topic::BatchClose, None, limits::BATCH, text).await?;
        Ok(waiting::answer(&message))
    }
}
