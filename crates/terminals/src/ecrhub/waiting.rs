//! Who waits for which answer of a terminal, on the local network and on a cable.
//!
//! Dossier section 3.3. Invariant: an answer is handed to the request that it names, and to nobody else: by
//! its `request_id`; without one, by its topic and its order. An order's answer that names
//! neither, or another one, only makes the till ask. An order goes on waiting when the line is lost:
//! its answer may still come where the line comes back.

use super::hub::{Answer, Heard, Hearing};
use async_trait::async_trait;
use domain::outcome::{Fault, Reason};
use std::future::pending;
use tokio::sync::{mpsc, oneshot};
use wire::ecrhub::{DecodeError, Dialect, HUB, Message, Topic, dialect};

/// Words about one order that wait to be read.
const QUEUE: usize = 8;

/// What pairs a request with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Its `request_id`.
    pub id: String,
    /// What it is about.
    pub topic: Topic,
    /// The order that it names.
    pub number: Option<String>,
}

/// Where an answer goes.
#[derive(Debug)]
pub(super) enum To {
    /// An order's words, more than one.
    Order(mpsc::Sender<Heard>),
    /// Anything else is answered once.
    Once(oneshot::Sender<Result<Message, Fault>>),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    all: Vec<(Key, To)>,
    /// The terminal has repeated a `request_id` on this line.
    echoes: bool,
    /// Somebody has stopped waiting for an answer that may still come.
    has_strays: bool,
}

/// What became of a message that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// Somebody waited for it.
    Taken,
    /// It is about an order that nobody waits for.
    Stray,
    /// It is about nothing that matters.
    Nothing,
    /// It cannot be read: whoever waits asks in another way.
    Unreadable,
}

impl Waiting {
    /// Somebody waits from now on.
    pub fn add(&mut self, key: Key, to: To) {
        self.all.push((key, to));
    }

    /// Nobody waits for this request any more.
    pub fn remove(&mut self, key: &Key) {
        self.all.retain(|(known, _)| known != key);
    }

    /// The ear of an order, and where its words go.
    pub fn ear() -> (mpsc::Sender<Heard>, Box<dyn Hearing>) {
        let (to, words) = mpsc::channel(QUEUE);
        (to, Box::new(Ear { words }))
    }

    /// Leaves out who has gone.
    fn prune(&mut self) {
        let mut gave_up = false;
        self.all.retain(|(_, to)| match to {
            To::Order(to) => !to.is_closed(),
            To::Once(to) => {
                gave_up |= to.is_closed();
                !to.is_closed()
            }
        });
        self.has_strays |= gave_up;
    }

    /// Whether an answer that comes late could be taken for another one's: nothing on this line tells them
    /// apart.
    pub fn is_spoilt(&mut self) -> bool {
        self.prune();
        self.has_strays && !self.echoes
    }

    /// The line is another one.
    pub fn is_anew(&mut self) {
        (self.echoes, self.has_strays) = (false, false);
    }

    /// Whether nobody waits.
    pub fn is_idle(&mut self) -> bool {
        self.prune();
        self.all.is_empty()
    }

    /// Whether an order's answer is awaited.
    pub fn has_orders(&mut self) -> bool {
        self.prune();
        self.all.iter().any(|(_, to)| matches!(to, To::Order(_)))
    }

    /// Hands a message on.
    pub fn came(&mut self, bytes: &[u8]) -> Came {
        self.prune();
        let message = match Message::decode(bytes, &HUB) {
            Ok(message) => message,
            Err(error) => {
                self.all_hear(&unreadable(bytes, error));
                return Came::Unreadable;
            }
        };
        self.echoes |= message.id.is_some();
        if message.topic == Topic::Order && message.id.is_none() && message.record().number.is_none() {
            return self.unnamed(&answer(&message));
        }
        let Some(at) = self.asked(&message) else {
            tracing::info!(
                topic = message.topic.word(),
                "the terminal says something that nobody waits for"
            );
            // The answer of another order, or of this one under a wrong number: whoever waits asks.
            let is_order = message.topic == Topic::Order;
            return if is_order { self.unnamed(&answer(&message)) } else { Came::Nothing };
        };
        let is_order = self.all.get(at).is_some_and(|(_, to)| matches!(to, To::Order(_)));
        if is_order {
            if let Some((_, To::Order(to))) = self.all.get(at) {
                let _ = to.try_send(Heard::Answer(Box::new(answer(&message))));
            }
            return Came::Taken;
        }
        if let (_, To::Once(to)) = self.all.swap_remove(at) {
            let _ = to.send(Ok(message));
        }
        Came::Taken
    }

    /// The answer of an order, and nobody knows of which.
    fn unnamed(&self, answer: &Answer) -> Came {
        let orders = self.all.iter().filter_map(|(_, to)| match to {
            To::Order(to) => Some(to),
            To::Once(_) => None,
        });
        let told = orders.map(|to| to.try_send(Heard::Unnamed(Box::new(answer.clone()))));
        if told.count() == 0 { Came::Stray } else { Came::Taken }
    }

    /// Whose answer it is.
    fn asked(&self, message: &Message) -> Option<usize> {
        if let Some(id) = &message.id {
            return self.all.iter().position(|(key, _)| key.id == *id && key.topic == message.topic);
        }
        let number = message.record().number;
        let is_about = |key: &Key| match (&key.number, &number) {
            (Some(own), Some(told)) => own == told,
            (None, _) | (_, None) => true,
        };
        self.all.iter().position(|(key, _)| key.topic == message.topic && is_about(key))
    }

    /// Whether this request arrived is not known.
    pub fn hears(&mut self, key: &Key, fault: &Fault) {
        let Some(at) = self.all.iter().position(|(known, _)| known == key) else { return };
        if let Some((_, To::Order(to))) = self.all.get(at) {
            let _ = to.try_send(Heard::Lost(fault.clone()));
        } else if let (_, To::Once(to)) = self.all.swap_remove(at) {
            let _ = to.send(Err(fault.clone()));
        }
    }

    /// The line is gone, or said something that cannot be read.
    pub fn all_hear(&mut self, fault: &Fault) {
        let mut orders = Vec::new();
        for (key, to) in self.all.drain(..) {
            match to {
                To::Order(to) => {
                    let _ = to.try_send(Heard::Lost(fault.clone()));
                    orders.push((key, To::Order(to)));
                }
                To::Once(to) => {
                    let _ = to.send(Err(fault.clone()));
                }
            }
        }
        self.all = orders;
    }
}

/// An answer on the terminal's own line.
pub(super) fn answer(message: &Message) -> Answer {
    Answer {
        code: message.code.clone(),
        words: message.words.clone().unwrap_or_default(),
        record: message.record(),
        is_proven: true,
    }
}

fn unreadable(bytes: &[u8], error: DecodeError) -> Fault {
    let words = match dialect(bytes) {
        Dialect::Binary | Dialect::Flat => {
            "the terminal speaks an older form of the protocol: its payment app must be updated".to_owned()
        }
        Dialect::Nested | Dialect::Foreign => format!("the terminal's answer cannot be read: {error}"),
    };
    Fault::unknown(Reason::AnswerUnreadable, words)
}

/// Hears an order's words.
#[derive(Debug)]
struct Ear {
    words: mpsc::Receiver<Heard>,
}

#[async_trait]
impl Hearing for Ear {
    async fn next(&mut self) -> Heard {
        match self.words.recv().await {
            Some(heard) => heard,
            None => pending().await,
        }
    }
}
