//! The keeper of the line: one task that holds the port, speaks with the device through the pure link of
//! `wire`, and hands results to whoever waits for them.
//!
//! Dossier section 7.2. It looks for a device that was pulled out until it is back, or nobody wants it any
//! more. Invariants: one request is on its way at a time; every request on an opened line comes after a
//! link test on that same line, so that what answers is known; [`Gone::NotSent`] is proof that no byte of
//! the request left.

use super::claims::Claims;
use super::map::{self, Told};
use super::profile::Profile;
use crate::limits::kayaaku_serial as limits;
use crate::limits::serial::LOOK_AGAIN;
use crate::notice::{Notice, Notices};
use crate::seams::{Ambient, Seams};
use crate::serial::{DAMAGED, GIBBERISH, Line, Lines, SILENT, Unwritten};
use domain::money::Currency;
use domain::outcome::{Fault, Reason};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};
use wire::kayaaku::serial::{Happened, Link, LinkOptions, Message, PROFILE, PaymentResult};
use wire::kayaaku::{Class, Code};

/// What the cable's end is told of.
pub(super) const PULLED_OUT: &str = "The terminal's cable is pulled out, or it is switched off. \
    Paydesk looks for it by itself: plug it in and switch it on.";

/// What answers at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    /// Its own number.
    pub terminal: String,
    /// Where it was found.
    pub port: String,
}

/// An answer, and how often its request went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    pub message: Message,
    /// The request went out more than once: what it is answered with may be about the first one.
    pub again: bool,
}

/// There is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// No byte of the request left.
    NotSent(Fault),
    /// It may have arrived.
    Unknown(Fault),
}

impl From<Gone> for Fault {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::NotSent(fault) | Gone::Unknown(fault) => fault,
        }
    }
}

/// A wish of the driver's.
#[derive(Debug)]
pub(super) enum Wish {
    /// Who is there?
    Meet(oneshot::Sender<Result<Device, Fault>>),
    /// This request, to this device and no other.
    Send(Box<Message>, oneshot::Sender<Result<Answered, Gone>>),
}

/// See the module.
pub(super) struct Keeper {
    profile: Profile,
    lines: Arc<dyn Lines>,
    ambient: Arc<dyn Ambient>,
    notices: Arc<dyn Notices>,
    currency: Currency,
    claims: Arc<Claims>,
    link: Link,
    line: Option<Line>,
    device: Option<Device>,
    /// What came since the line was opened: any bytes, frames that were whole, frames that were not.
    heard: Heard,
    /// It was there, and is looked for.
    tries: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    bytes: bool,
    whole: bool,
    damaged: bool,
}

impl Keeper {
    /// Starts the task; it ends when the last sender is gone.
    pub fn start(profile: &Profile, seams: &Seams, claims: &Arc<Claims>) -> mpsc::Sender<Wish> {
        let (wishes, inbox) = mpsc::channel(limits::QUEUE);
        let keeper = Self {
            profile: profile.clone(),
            lines: Arc::clone(&seams.lines),
            ambient: Arc::clone(&seams.ambient),
            notices: Arc::clone(&seams.notices),
            currency: seams.currency,
            claims: Arc::clone(claims),
            link: Link::new(LinkOptions { acknak: profile.acknak }),
            line: None,
            device: None,
            heard: Heard::default(),
            tries: None,
        };
        tokio::spawn(keeper.keep(inbox));
        wishes
    }

    async fn keep(mut self, mut inbox: mpsc::Receiver<Wish>) {
        loop {
            let due = self.due();
            let look = self.look_again();
            if let Some(line) = &self.line {
                line.hold(self.claims.running().is_some());
            }
            tokio::select! {
                biased;
                () = self.claims.changed() => {
                    self.claims.unread().iter().for_each(|result| self.tell(result));
                }
                came = read(&mut self.line) => {
                    self.came(came).await;
                }
                () = until(due) => {
                    let happened = self.link.tick(self.now_ms());
                    self.happen(happened).await;
                }
                wish = inbox.recv() => match wish {
                    Some(wish) => self.serve(wish).await,
                    None => break,
                },
                () = until(look) => self.be_back().await,
            }
        }
        self.claims.end();
    }

    async fn serve(&mut self, wish: Wish) {
        match wish {
            Wish::Meet(reply) => {
                let met = self.meet().await;
                let _ = reply.send(met);
            }
            // Whoever wished it has gone: a request that nobody follows is not begun.
            Wish::Send(_, reply) if reply.is_closed() => {}
            Wish::Send(message, mut reply) => {
                let answered = tokio::select! {
                    biased;
                    answered = self.ask(&message) => answered,
                    () = reply.closed() => {
                        // Nobody waits any more: the line is free for the next request.
                        self.link.give_up();
                        return;
                    }
                };
                let _ = reply.send(answered);
            }
        }
    }

    /// The device at the other end, by a fresh link test.
    async fn meet(&mut self) -> Result<Device, Fault> {
        let limit = self.profile.connect.unwrap_or(limits::CONNECT);
        let met = timeout(limit, async {
            self.connect().await?;
            Ok(self.exchange(&Message::LinkTest).await)
        });
        match met.await {
            Ok(Ok(told)) => self.greeted(told),
            Ok(Err(fault)) => Err(fault),
            Err(_) => {
                self.link.give_up();
                let words = silent_words();
                self.greeted(Err(Gone::Unknown(Fault::unknown(Reason::DeadlinePassed, words))))
            }
        }
    }

    /// Sends a request to a device that is known.
    async fn ask(&mut self, message: &Message) -> Result<Answered, Gone> {
        if self.line.is_none() || self.device.is_none() {
            self.meet().await.map_err(Gone::NotSent)?;
        }
        self.exchange(message).await
    }

    async fn connect(&mut self) -> Result<(), Fault> {
        if self.line.is_some() {
            return Ok(());
        }
        let line = self.lines.open(&self.profile.wanted).await.map_err(Fault::from)?;
        (self.line, self.device, self.heard) = (Some(line), None, Heard::default());
        Ok(())
    }

    /// What a link test has told.
    fn greeted(&mut self, told: Result<Answered, Gone>) -> Result<Device, Fault> {
        // A link test moves nothing: without an answer to it nothing was sent.
        let no = |reason, words: String| Err(Fault::not_sent(reason, words));
        let answered = match told {
            Ok(answered) => answered,
            Err(_) => {
                let Heard { bytes, whole, damaged } = self.heard;
                return match (bytes, whole, damaged) {
                    (_, false, true) => no(Reason::NotSent, damaged_words()),
                    (true, false, false) => no(Reason::NotSent, gibberish_words()),
                    (false, _, _) | (true, true, _) => no(Reason::NotSent, silent_words()),
                };
            }
        };
        let Message::LinkTested { result, terminal, profile } = answered.message else {
            return no(
                Reason::AnswerUnreadable,
                "the device answers the link test by something else".into(),
            );
        };
        if profile != PROFILE {
            let words = format!("the device speaks {profile}, and Paydesk {PROFILE}: update its software");
            return no(Reason::LoginRefused, words);
        }
        if result.class() != Class::Approved {
            return no(Reason::LoginRefused, refused_words(&result));
        }
        let port = self.line.as_ref().map_or("", Line::port).to_owned();
        let device = Device { terminal: super::super::map::plain(&terminal), port };
        self.device = Some(device.clone());
        if self.tries.take().is_some() {
            self.notices.notice(Notice::Restarted);
            self.notices.notice(Notice::News);
        }
        Ok(device)
    }

    /// One request and its answer. Results that come meanwhile are handed on.
    async fn exchange(&mut self, message: &Message) -> Result<Answered, Gone> {
        let wrong = |error: wire::kayaaku::serial::EncodeError| {
            Gone::NotSent(Fault::not_sent(Reason::MessageFormat, error.to_string()))
        };
        let mut happened = self.link.send(message, self.now_ms()).map_err(wrong)?;
        if let Some(line) = &self.line {
            line.hold(true);
        }
        let (mut has_left, mut ended) = (false, None);
        loop {
            // What came in the same bytes after the answer counts, too.
            for what in happened {
                match what {
                    Happened::Write(bytes) => match self.write(bytes).await {
                        Ok(()) => has_left = true,
                        Err(unwritten) => {
                            let gone = self.unwritten(unwritten, has_left);
                            return ended.unwrap_or(Err(gone));
                        }
                    },
                    Happened::Reply { message, sends } => {
                        self.heard.whole = true;
                        ended = Some(Ok(Answered { message, again: sends > 1 }));
                    }
                    Happened::Lost => {
                        // Who answers next is not known to be the same device.
                        self.device = None;
                        let fault = Fault::unknown(Reason::DeadlinePassed, silent_words());
                        ended = Some(Err(Gone::Unknown(fault)));
                    }
                    other @ (Happened::Result(_) | Happened::Dropped(_) | Happened::Unasked(_)) => {
                        self.note(other);
                    }
                }
            }
            if let Some(ended) = ended {
                return ended;
            }
            let due = self.due();
            happened = tokio::select! {
                biased;
                came = read(&mut self.line) => match came {
                    Some(bytes) => {
                        self.heard.bytes = true;
                        // A device that never stops talking does not stop the clock.
                        let now = self.now_ms();
                        let mut happened = self.link.take(&bytes, now);
                        happened.extend(self.link.tick(now));
                        happened
                    }
                    None => {
                        self.gone();
                        return Err(Gone::Unknown(Fault::unknown(Reason::AnswerLost, PULLED_OUT)));
                    }
                },
                () = until(due) => self.link.tick(self.now_ms()),
            };
        }
    }

    fn unwritten(&mut self, unwritten: Unwritten, has_left: bool) -> Gone {
        self.gone();
        match unwritten {
            Unwritten::NothingLeft(detail) if !has_left => {
                tracing::info!(detail, "nothing could be written to the line");
                Gone::NotSent(Fault::not_sent(Reason::ConnectionRefused, PULLED_OUT))
            }
            Unwritten::NothingLeft(detail) | Unwritten::MaybeLeft(detail) => {
                tracing::info!(detail, "the line ended while it was written to");
                Gone::Unknown(Fault::unknown(Reason::AnswerLost, PULLED_OUT))
            }
        }
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), Unwritten> {
        match &self.line {
            Some(line) => line.write(bytes).await,
            None => Err(Unwritten::NothingLeft("there is no line".to_owned())),
        }
    }

    /// What came while no request is on its way.
    async fn came(&mut self, came: Option<Vec<u8>>) {
        match came {
            Some(bytes) => {
                self.heard.bytes = true;
                let happened = self.link.take(&bytes, self.now_ms());
                self.happen(happened).await;
            }
            None => self.gone(),
        }
    }

    async fn happen(&mut self, happened: Vec<Happened>) {
        for what in happened {
            match what {
                Happened::Write(bytes) => {
                    if self.write(bytes).await.is_err() {
                        self.gone();
                    }
                }
                other @ (Happened::Reply { .. }
                | Happened::Result(_)
                | Happened::Dropped(_)
                | Happened::Unasked(_)
                | Happened::Lost) => self.note(other),
            }
        }
    }

    fn note(&mut self, what: Happened) {
        match what {
            Happened::Result(result) => {
                self.heard.whole = true;
                self.tell(&result);
            }
            Happened::Dropped(bad) => {
                self.heard.damaged = true;
                tracing::debug!(?bad, "bytes that are no message");
            }
            Happened::Unasked(kind) => {
                self.heard.whole = true;
                tracing::debug!(kind, "a message that nobody waits for");
            }
            Happened::Write(_) | Happened::Reply { .. } | Happened::Lost => {}
        }
    }

    /// A payment has ended: whoever waits for it is told, or the till.
    fn tell(&self, result: &PaymentResult) {
        if self.claims.take(result) {
            return;
        }
        match map::stray(&Told::of(result, &self.profile.mid), self.currency) {
            Some(outcome) => self.notices.notice(Notice::Outcome(Box::new(outcome))),
            None => self.notices.notice(Notice::News),
        }
    }

    /// The line has ended.
    fn gone(&mut self) {
        if self.line.take().is_none() {
            return;
        }
        let happened = self.link.unplugged();
        happened.into_iter().for_each(|what| self.note(what));
        self.claims.end();
        if self.device.take().is_some() {
            self.tries = Some(0);
            self.notices.notice(Notice::OutOfService(PULLED_OUT.to_owned()));
        }
    }

    fn look_again(&self) -> Option<Duration> {
        let tries = self.tries.filter(|_| self.line.is_none())?;
        LOOK_AGAIN.get(tries).or(LOOK_AGAIN.last()).copied()
    }

    async fn be_back(&mut self) {
        if self.meet().await.is_err() {
            // A port without an answer is closed: it may be another device's.
            (self.line, self.device) = (None, None);
            self.tries = self.tries.map(|tries| tries.saturating_add(1));
        }
    }

    fn now_ms(&self) -> u64 {
        crate::http::milliseconds(self.ambient.mono())
    }

    /// How long until the link wants to be asked.
    fn due(&self) -> Option<Duration> {
        self.link.until().map(|at| Duration::from_millis(at.saturating_sub(self.now_ms()).max(1)))
    }
}

async fn read(line: &mut Option<Line>) -> Option<Vec<u8>> {
    match line {
        Some(line) => line.read().await,
        None => std::future::pending().await,
    }
}

async fn until(wait: Option<Duration>) {
    match wait {
        Some(wait) => pin!(sleep(wait)).await,
        None => std::future::pending().await,
    }
}

pub(super) fn silent_words() -> String {
    format!(
        "{SILENT} Switch it on, open the KPOS app, enable USB there or accept the Bluetooth request on its \
         screen, and compare the speed with the settings."
    )
}

fn gibberish_words() -> String {
    format!("{GIBBERISH} Set the same speed on the device and in the settings.")
}

fn damaged_words() -> String {
    format!("{DAMAGED} Use a shorter or better cable, away from power lines.")
}

fn refused_words(code: &Code) -> String {
    let hint = map::hint(code);
    let words = format!("the device refuses the link test ({code})");
    if hint.is_empty() { words } else { format!("{words}: {hint}") }
}
