//! One order from its sending to its last word, whatever it does and whatever way it goes.
//!
//! Dossier sections 2.9 to 2.11. Invariant: an order goes out once; a wish to cancel is a request to close
//! and never an outcome; whichever final word comes first ends it, and another one that still comes is
//! compared.

use super::hub::{Answer, Heard, Hearing};
use super::map::{self, Found, Word};
use super::{Shared, foreign};
use crate::desk::{Desk, Display};
use crate::limits::ecrhub as limits;
use crate::notice::Notice;
use crate::run::Run;
use domain::ids::Reference;
use domain::operation::Operation;
use domain::outcome::{Fault, Outcome, Reason, Said};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use wire::ecrhub::{Obstacle, Order};

/// How an order ended.
pub(super) enum End {
    /// With its last word.
    Told(Box<Outcome>),
    /// It never began: something else runs on the terminal.
    Busy,
    /// Only another operation can do it, or none.
    Blocked(Obstacle, String),
    /// It was done before.
    AlreadyDone(String),
}

/// An order on its way.
pub(super) struct Course<'p> {
    pub shared: &'p Arc<Shared>,
    pub run: &'p Run<'p>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
    pub order: &'p Order,
    pub reference: &'p Reference,
}

/// Where an order is in its time.
struct Clock {
    /// How long the till has run, as every time here.
    began: Duration,
    /// Only queries can tell.
    asks: bool,
    next: Duration,
    queries: usize,
    /// When it is closed because its time is over.
    close_at: Duration,
    wished: bool,
    closed: bool,
    /// "No such order", and when it was said first.
    missing_since: Option<Duration>,
    last_queries: u32,
}

impl Course<'_> {
    /// Sends the order and follows it.
    ///
    /// # Errors
    /// Not sent, refused, or unknown.
    pub async fn run(&self) -> Result<End, Fault> {
        let mut hearing = self.shared.hub.order(self.order).await?;
        let mut clock = self.clock();
        loop {
            tokio::select! {
                biased;
                heard = hearing.next() => {
                    if let Some(end) = self.heard(heard, &mut clock).await? {
                        return Ok(end);
                    }
                }
                () = self.run.aborted(), if !clock.wished => self.wish(&mut clock).await,
                () = sleep(clock.next.saturating_sub(self.now())) => {
                    if let Some(end) = self.ask(&mut hearing, &mut clock).await? {
                        return Ok(end);
                    }
                }
                // News only make the next query come sooner, and not without end.
                () = async { self.run.news().await; tokio::time::sleep(limits::NEWS).await; } => {
                    clock.next = self.now();
                }
            }
        }
    }

    fn now(&self) -> Duration {
        self.shared.now()
    }

    fn clock(&self) -> Clock {
        let began = self.now();
        let expires = Duration::from_secs(self.order.expires);
        // The watchdog: an answer may come this long after the customer's time is over.
        let patience = expires + limits::WATCHDOG;
        Clock {
            began,
            asks: false,
            next: began + patience,
            queries: 0,
            close_at: began + patience,
            wished: false,
            closed: false,
            missing_since: None,
            last_queries: 0,
        }
    }

    async fn heard(&self, heard: Heard, clock: &mut Clock) -> Result<Option<End>, Fault> {
        match heard {
            Heard::Answer(answer) => self.last_word(&answer, clock).await,
            Heard::Unnamed(answer) => {
                self.look_at(&map::words(&answer), clock);
                Ok(None)
            }
            Heard::Lost(fault) => {
                self.say(&format!(
                    "The answer is lost on its way. Look at the terminal; the till asks what became of the \
                     payment ({})",
                    fault.detail
                ));
                clock.doubt(self.now(), limits::REDELIVERY);
                Ok(None)
            }
        }
    }

    /// The order's own answer.
    async fn last_word(&self, answer: &Answer, clock: &mut Clock) -> Result<Option<End>, Fault> {
        let is_ours = answer.record.number.as_ref().is_none_or(|number| *number == self.reference.0);
        match map::ordered(answer, self.order.kind) {
            // Also one about something else: it is compared and recorded there.
            Word::Final(said) => Ok(Some(self.told(answer, said, clock))),
            _ if !is_ours => Err(foreign()),
            Word::Verify(said) => match self.look().await {
                Some((Found::Final(_) | Found::Waiting | Found::Running, _)) => {
                    clock.doubt(self.now(), Duration::ZERO);
                    Ok(None)
                }
                Some((Found::NoRecord | Found::CannotTell(_), _)) | None => {
                    Ok(Some(self.told(answer, said, clock)))
                }
            },
            // Busy may be said because of this very number: only a terminal that does not know it has not
            // begun it.
            Word::Busy => match self.look().await {
                Some((Found::NoRecord, _)) => Ok(Some(End::Busy)),
                Some((Found::Final(_) | Found::Waiting | Found::Running | Found::CannotTell(_), _))
                | None => Err(Fault::unknown(Reason::ReferenceInUse, map::words(answer))),
            },
            Word::Ask => {
                self.look_at(&map::words(answer), clock);
                Ok(None)
            }
            Word::Blocked(obstacle) => Ok(Some(End::Blocked(obstacle, map::words(answer)))),
            Word::AlreadyDone => Ok(Some(End::AlreadyDone(map::words(answer)))),
            Word::Ended(fault) => Err(fault),
        }
    }

    /// What was said is not the last word.
    fn look_at(&self, words: &str, clock: &mut Clock) {
        self.say(&format!("Look at the terminal. The till asks what became of the payment ({words})"));
        clock.doubt(self.now(), Duration::ZERO);
    }

    /// The cashier wants it cancelled: the terminal is asked to drop it, once.
    async fn wish(&self, clock: &mut Clock) {
        clock.wished = true;
        self.say("The terminal is asked to cancel. What the customer does now still counts.");
        self.close(clock).await;
        // The order's own answer goes before queries for a while (section 2.11).
        clock.doubt(self.now(), limits::CLOSED_ANSWER);
    }

    async fn close(&self, clock: &mut Clock) {
        clock.closed = true;
        match self.shared.hub.close(&self.reference.0).await {
            Ok(answer) => {
                tracing::info!(said = map::words(&answer), "the terminal was asked to drop the order")
            }
            Err(fault) => tracing::warn!(detail = fault.detail, "the wish to cancel was not answered"),
        }
    }

    /// One query beside the order's own answer.
    async fn ask(&self, hearing: &mut Box<dyn Hearing>, clock: &mut Clock) -> Result<Option<End>, Fault> {
        let looking = self.look();
        tokio::pin!(looking);
        let looked = loop {
            tokio::select! {
                biased;
                heard = hearing.next() => {
                    if let Some(end) = self.heard(heard, clock).await? {
                        return Ok(Some(end));
                    }
                }
                () = self.run.aborted(), if !clock.wished => self.wish(clock).await,
                looked = &mut looking => break looked,
            }
        };
        clock.queries += 1;
        match looked {
            Some((Found::Final(said), answer)) => {
                let end = self.told(&answer, said, clock);
                self.compare(hearing, &end);
                return Ok(Some(end));
            }
            Some((Found::Waiting, _)) => {
                clock.missing_since = None;
                self.say("The order is on the terminal. It waits for the customer.");
            }
            Some((Found::Running, _)) => {
                clock.missing_since = None;
                self.say("The customer is paying. Follow the terminal.");
            }
            Some((Found::NoRecord, _)) => self.missing(clock)?,
            Some((Found::CannotTell(_), _)) | None => {}
        }
        self.plan(clock).await?;
        Ok(None)
    }

    /// An order that is not there, said twice with a pause, where nobody has said that it was taken: what
    /// that means for the money is decided later, by recovery's rules.
    fn missing(&self, clock: &mut Clock) -> Result<(), Fault> {
        let now = self.now();
        let since = *clock.missing_since.get_or_insert(now);
        let is_twice = now.saturating_sub(since) >= limits::MISSING_PAUSE;
        if is_twice && now.saturating_sub(clock.began) >= limits::MISSING_AFTER {
            return Err(Fault::unknown(Reason::NoAnswer, "the terminal does not know the order"));
        }
        Ok(())
    }

    /// When to ask next, and what to do when the order's time is over.
    async fn plan(&self, clock: &mut Clock) -> Result<(), Fault> {
        let now = self.now();
        if now >= clock.close_at {
            if clock.last_queries == 0 && !clock.closed {
                self.close(clock).await;
            }
            clock.last_queries += 1;
            if clock.last_queries > limits::LAST_QUERIES {
                return Err(Fault::unknown(
                    Reason::StillRunning,
                    "the terminal does not tell what became of it",
                ));
            }
            clock.next = self.now() + limits::AFTER_CLOSE;
            return Ok(());
        }
        let number = clock.queries.saturating_sub(1);
        let pause = limits::QUERIES.get(number).copied().unwrap_or(limits::QUERIES_LAST);
        clock.next = now + pause;
        Ok(())
    }

    /// What the terminal knows of the order.
    async fn look(&self) -> Option<(Found, Answer)> {
        let answer = self.shared.hub.query(&self.reference.0).await.ok()?;
        Some((map::found(&answer, self.order.kind), answer))
    }

    fn told(&self, answer: &Answer, said: Said, clock: &Clock) -> End {
        let mut outcome = map::outcome(self.operation, answer, said, self.reference);
        if said == Said::Cancelled && clock.wished {
            outcome.reason = Some(Reason::Aborted);
        }
        self.shared.owns(answer, &mut outcome);
        End::Told(Box::new(outcome))
    }

    /// A query has told the last word, and the order's own answer may still come: where it says otherwise,
    /// a person hears of it.
    fn compare(&self, hearing: &mut Box<dyn Hearing>, end: &End) {
        let End::Told(told) = end else { return };
        let mut hearing = std::mem::replace(hearing, Box::new(Deaf));
        let (shared, operation) = (Arc::clone(self.shared), self.operation.clone());
        let (reference, kind) = (self.reference.clone(), self.order.kind);
        let told = (told.said, told.amount);
        tokio::spawn(async move {
            let second = tokio::time::timeout(limits::SECOND_WORD, async {
                loop {
                    if let Heard::Answer(answer) = hearing.next().await {
                        return answer;
                    }
                }
            });
            let Ok(answer) = second.await else { return };
            let Word::Final(said) = map::ordered(&answer, kind) else { return };
            let outcome = map::outcome(&operation, &answer, said, &reference);
            if (outcome.said, outcome.amount) != told {
                tracing::warn!("the order's answer and what a query told of it differ");
            }
            // Also where both agree: one may tell ids that the other does not.
            shared.seams.notices.notice(Notice::Outcome(Box::new(outcome)));
        });
    }

    fn say(&self, text: &str) {
        self.desk.show(Display::Text { text: map::plain(text), fleeting: false });
    }
}

impl Clock {
    /// From here on queries tell; the first one after this pause.
    fn doubt(&mut self, now: Duration, pause: Duration) {
        if !self.asks {
            self.asks = true;
            self.close_at = self.close_at.max(now + limits::WATCHDOG);
        }
        self.next = now + pause;
    }
}

/// Nothing more is heard.
#[derive(Debug)]
struct Deaf;

#[async_trait::async_trait]
impl Hearing for Deaf {
    async fn next(&mut self) -> Heard {
        pending().await
    }
}
