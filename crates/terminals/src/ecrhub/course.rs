//! One order from its sending to its last word, whatever it does and whatever way it goes.
//!
//! Dossier sections 2.9 to 2.11. Invariant: an order goes out once; a wish to cancel is a request to close
//! and never an outcome; whichever final word comes first ends it, and another one that still comes is
//! compared.

use super::hub::{Answer, Heard, Hearing, Rhythm};
use super::map::{self, Asked, Found, Word};
use super::{Shared, foreign};
use crate::desk::{Desk, Display};
use crate::limits::ecrhub as limits;
use crate::notice::Notice;
use crate::run::Run;
use domain::ids::Reference;
use domain::operation::Operation;
use domain::outcome::{Certainty, Fault, Outcome, Reason, Said};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use wire::ecrhub::{Class, Obstacle, Order};

/// What a wish to cancel is worth.
const ASKED: &str = "The terminal is asked to cancel. What the customer does now still counts.";

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

/// Where an order is, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nobody has said that it arrived.
    OnItsWay,
    /// It is on the terminal, or may be.
    There,
    /// The customer pays: nothing can stop it.
    Running,
}

/// Where an order is in its time.
struct Clock {
    rhythm: Rhythm,
    place: Place,
    /// What the cashier last read of that.
    shown: Option<Place>,
    /// How long the till has run, as every time here.
    began: Duration,
    /// Only queries can tell.
    asks: bool,
    next: Duration,
    queries: usize,
    /// When it is closed because its time is over.
    close_at: Duration,
    wished: bool,
    /// A wish to close it was accepted.
    closed: bool,
    /// Somebody said that it was not taken.
    refusal: Option<Box<Answer>>,
    /// Somebody said that it was.
    is_taken: bool,
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
        let rhythm = self.shared.hub.rhythm();
        let expires = Duration::from_secs(self.order.expires);
        // The watchdog: an answer may come this long after the customer's time is over.
        let patience = expires + limits::WATCHDOG;
        Clock {
            rhythm,
            place: if rhythm.tells_arrival { Place::OnItsWay } else { Place::There },
            shown: None,
            began,
            asks: false,
            next: began + patience,
            queries: 0,
            close_at: began + expires + rhythm.overtime,
            wished: false,
            closed: false,
            refusal: None,
            is_taken: false,
            missing_since: None,
            last_queries: 0,
        }
    }

    async fn heard(&self, heard: Heard, clock: &mut Clock) -> Result<Option<End>, Fault> {
        match heard {
            Heard::Answer(answer) => return self.last_word(&answer, clock).await,
            Heard::Unsent(fault) => return Err(fault),
            Heard::Taken(answer) => self.taken(&answer, clock).await,
            Heard::Refused(answer) => {
                if let Word::Ended(fault) = map::ordered(&answer, self.order.kind)
                    && fault.certainty == Certainty::Unknown
                {
                    return Err(fault);
                }
                clock.refusal = Some(answer);
                clock.doubt(self.now(), Duration::ZERO);
            }
            Heard::Unnamed(answer) => self.look_at(&map::words(&answer), clock),
            Heard::Lost(fault) => {
                self.say(&format!(
                    "The answer is lost on its way. Look at the terminal; the till asks what became of the \
                     payment ({})",
                    fault.detail
                ));
                let pause = clock.rhythm.after_loss;
                clock.doubt(self.now(), pause);
            }
        }
        Ok(None)
    }

    /// The order will be on the terminal: from here on queries tell.
    async fn taken(&self, answer: &Answer, clock: &mut Clock) {
        let (asked, record) = (self.asked(), &answer.record);
        if asked.is_other(record) || asked.differs(record) || asked.costs_other(record) {
            return self.look_at(&map::words(answer), clock);
        }
        clock.is_taken = true;
        self.shared.has_taken(self.reference);
        let evidence = map::evidence(&answer.record).with(map::NUMBER, &self.reference.0);
        if self.desk.note(evidence).await.is_err() {
            tracing::warn!("the numbers of an order that was taken are not on disk");
        }
        // A query may have told more than that by now.
        if clock.place == Place::OnItsWay {
            self.is_there(clock).await;
        }
        clock.follow(self.now());
    }

    /// Where it is now; the cashier reads it when it changes.
    fn stands(&self, place: Place, clock: &mut Clock) {
        clock.place = place;
        if clock.shown.replace(place) == Some(place) {
            return;
        }
        match place {
            Place::OnItsWay => {}
            Place::There => self.say("The order is on the terminal. It waits for the customer."),
            Place::Running => self.say("The customer is paying. Follow the terminal."),
        }
    }

    /// It waits for the customer; what was wished before is asked for now.
    async fn is_there(&self, clock: &mut Clock) {
        self.stands(Place::There, clock);
        if clock.wished && !clock.closed {
            self.say(ASKED);
            self.close(clock).await;
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

    /// The cashier wants it cancelled: the terminal is asked to drop it as soon as it can.
    async fn wish(&self, clock: &mut Clock) {
        clock.wished = true;
        match clock.place {
            Place::Running => {
                self.say("The customer is paying already. What happens on the terminal counts.");
                return;
            }
            Place::OnItsWay => {
                self.say("The order is still on its way. It is cancelled as soon as it has arrived.");
                return;
            }
            Place::There => {}
        }
        self.say(ASKED);
        self.close(clock).await;
        // The order's own answer goes before queries for a while (section 2.11).
        let pause = clock.rhythm.after_wish;
        clock.doubt(self.now(), pause);
    }

    async fn close(&self, clock: &mut Clock) {
        match self.shared.hub.close(&self.reference.0).await {
            Ok(answer) => {
                let class = answer.code.as_ref().map(|code| code.class(&answer.words));
                clock.closed |= class == Some(Class::Success);
                tracing::info!(said = map::words(&answer), "the terminal was asked to drop the order");
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
                let end = self.ended(&answer, said, clock);
                self.compare(hearing, &end);
                return Ok(Some(end));
            }
            Some((Found::Waiting, _)) => {
                clock.missing_since = None;
                self.is_there(clock).await;
            }
            Some((Found::Running, _)) => {
                clock.missing_since = None;
                self.stands(Place::Running, clock);
            }
            Some((Found::NoRecord, _)) => match &clock.refusal {
                Some(answer) => return self.not_taken(answer, clock),
                None => self.missing(clock)?,
            },
            Some((Found::CannotTell(_), _)) | None => {}
        }
        self.plan(clock).await?;
        Ok(None)
    }

    /// A query has told the last word; that of a void or refund may be that only the other one can do it.
    fn ended(&self, answer: &Answer, said: Said, clock: &Clock) -> End {
        // An order that was closed may end like one that failed, for no reason (section 2.5).
        let is_closed = said == Said::Declined && clock.closed && answer.record.error.is_none();
        let said = if is_closed { Said::Cancelled } else { said };
        let word = (said == Said::Declined).then(|| map::failed_back(&answer.record, self.order.kind));
        match word.flatten() {
            Some(Word::Blocked(obstacle)) => End::Blocked(obstacle, map::words(answer)),
            Some(Word::AlreadyDone) => End::AlreadyDone(map::words(answer)),
            Some(Word::Final(_) | Word::Verify(_) | Word::Busy | Word::Ask | Word::Ended(_)) | None => {
                self.told(answer, said, clock)
            }
        }
    }

    /// It was refused, and a query agrees that it is not there.
    fn not_taken(&self, answer: &Answer, clock: &Clock) -> Result<Option<End>, Fault> {
        match map::refused(answer, self.order.kind) {
            Word::Final(said) => Ok(Some(self.told(answer, said, clock))),
            Word::Busy => Ok(Some(End::Busy)),
            Word::Blocked(obstacle) => Ok(Some(End::Blocked(obstacle, map::words(answer)))),
            Word::AlreadyDone => Ok(Some(End::AlreadyDone(map::words(answer)))),
            Word::Ended(fault) => Err(fault),
            Word::Verify(_) | Word::Ask => Err(Fault::unknown(Reason::CannotTell, map::words(answer))),
        }
    }

    /// An order that is not there, said twice with a pause, where nobody has said that it was taken: what
    /// that means for the money is decided later, by recovery's rules.
    fn missing(&self, clock: &mut Clock) -> Result<(), Fault> {
        let now = self.now();
        let since = *clock.missing_since.get_or_insert(now);
        let is_twice = now.saturating_sub(since) >= limits::MISSING_PAUSE;
        // Who has taken it and does not know it contradicts himself; what is on its way may arrive.
        let is_open = clock.is_taken || clock.place == Place::OnItsWay && !clock.asks;
        if is_twice && !is_open && now.saturating_sub(clock.began) >= limits::MISSING_AFTER {
            return Err(Fault::unknown(Reason::NoAnswer, "the terminal does not know the order"));
        }
        Ok(())
    }

    /// When to ask next, and what to do when the order's time is over.
    async fn plan(&self, clock: &mut Clock) -> Result<(), Fault> {
        let now = self.now();
        if now >= clock.close_at {
            if clock.last_queries == 0 && !clock.closed && clock.place != Place::Running {
                self.close(clock).await;
            }
            clock.last_queries += 1;
            if clock.last_queries > clock.rhythm.last_queries {
                return Err(Fault::unknown(
                    Reason::StillRunning,
                    "the terminal does not tell what became of it",
                ));
            }
            clock.next = self.now() + limits::AFTER_CLOSE;
            return Ok(());
        }
        let number = clock.queries.saturating_sub(1);
        clock.next = now + clock.rhythm.pause(number);
        Ok(())
    }

    /// What the terminal knows of the order.
    async fn look(&self) -> Option<(Found, Answer)> {
        let answer = self.shared.hub.query(&self.reference.0).await.ok()?;
        Some((map::found(&answer, &self.asked()), answer))
    }

    fn asked(&self) -> Asked<'_> {
        Asked { operation: self.operation, reference: self.reference }
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
    /// From here on queries tell, at their pace.
    fn follow(&mut self, now: Duration) {
        self.asks = true;
        self.next = self.next.min(now + self.rhythm.pause(0));
    }

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
