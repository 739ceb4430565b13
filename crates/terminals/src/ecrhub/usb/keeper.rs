//! The keeper of the line: one task that holds the port, speaks with the terminal through the pure link of
//! `wire`, and hands answers to whoever waits for them.
//!
//! Dossier section 4.6. It looks for a terminal that was pulled out until it is back, or nobody wants it any
//! more. Invariants: every message on an opened line comes after a handshake on that same line; "not sent" is
//! proof that no byte of the message left; a message that left and whose link ended is lost, and not sent
//! again.

use super::profile::Profile;
use crate::ecrhub::talk::Wish;
use crate::ecrhub::waiting::{Came, Key, Waiting};
use crate::http::milliseconds;
use crate::limits::ecrhub_usb as limits;
use crate::limits::serial::LOOK_AGAIN;
use crate::notice::{Notice, Notices};
use crate::seams::{Ambient, Seams};
use crate::serial::{DAMAGED, GIBBERISH, Line, Lines, SILENT, Unwritten, Wanted};
use domain::outcome::{Fault, Reason};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};
use wire::ecrhub::usb::{Happened, Link, Refused, Token, Why};

/// What the cable's end is told of.
const PULLED_OUT: &str = "The terminal's cable is pulled out, or it is switched off. Paydesk looks for it by \
    itself: plug it in and switch it on.";
/// A link that ended while the port stayed.
const QUIET: &str = "The terminal is silent. Paydesk looks for it by itself: wake it up, and open its \
    payment app.";

/// See the module.
pub(super) struct Keeper {
    wanted: Wanted,
    connect: Duration,
    lines: Arc<dyn Lines>,
    ambient: Arc<dyn Ambient>,
    notices: Arc<dyn Notices>,
    waiting: Waiting,
    link: Link,
    line: Option<Line>,
    /// Bytes have come since the line was opened.
    has_heard: bool,
    /// The terminal has confirmed a handshake on this line.
    has_met: bool,
    /// Messages that the link has not told the end of.
    on_the_way: Vec<Sent>,
    /// It was there, and is looked for.
    tries: Option<usize>,
}

/// A message that the link has.
struct Sent {
    token: Token,
    key: Key,
    /// Nobody was told yet whether it left: no byte of it has.
    told: Option<oneshot::Sender<Result<(), Fault>>>,
}

impl Keeper {
    /// Starts the task; it ends when the last sender is gone.
    pub fn start(profile: &Profile, seams: &Seams) -> mpsc::Sender<Wish> {
        let (wishes, inbox) = mpsc::channel(limits::QUEUE);
        let keeper = Self {
            wanted: profile.wanted.clone(),
            connect: profile.connect.unwrap_or(limits::CONNECT),
            lines: Arc::clone(&seams.lines),
            ambient: Arc::clone(&seams.ambient),
            notices: Arc::clone(&seams.notices),
            waiting: Waiting::default(),
            link: Link::default(),
            line: None,
            has_heard: false,
            has_met: false,
            on_the_way: Vec::new(),
            tries: None,
        };
        tokio::spawn(keeper.keep(inbox));
        wishes
    }

    async fn keep(mut self, mut inbox: mpsc::Receiver<Wish>) {
        loop {
            let (due, look) = (self.due(), self.look_again());
            let in_use = !self.waiting.is_idle() || !self.on_the_way.is_empty();
            if let Some(line) = &self.line {
                line.hold(in_use);
            }
            tokio::select! {
                biased;
                came = read(&mut self.line) => self.came(came).await,
                () = until(due) => self.tick().await,
                wish = inbox.recv() => match wish {
                    Some(wish) => self.serve(wish).await,
                    None => return,
                },
                () = until(look) => self.be_back().await,
            }
            // A line on which an order waits is kept: every query there is about that order, and a handshake
            // could make the terminal forget its answer.
            if !self.waiting.has_orders() && self.waiting.is_spoilt() {
                self.let_go("an answer did not come in time");
            }
        }
    }

    async fn serve(&mut self, wish: Wish) {
        let Wish { key, to, text, told } = wish;
        // Whoever wished it has gone: a request that nobody follows is not begun.
        if told.is_closed() {
            return;
        }
        if let Err(fault) = self.connect().await {
            let _ = told.send(Err(fault));
            return;
        }
        if told.is_closed() {
            return;
        }
        match self.link.send(text.as_bytes(), self.now_ms()) {
            Ok((token, happened)) => {
                // Before it is written: an answer can be faster than the word that it was.
                self.waiting.add(key.clone(), to);
                self.on_the_way.push(Sent { token, key, told: Some(told) });
                self.happen(happened).await;
            }
            Err(refused) => {
                let reason = match refused {
                    Refused::TooLong(_) => Reason::MessageFormat,
                    Refused::Full | Refused::Down => Reason::NotSent,
                };
                let _ = told.send(Err(Fault::not_sent(reason, refused.to_string())));
            }
        }
    }

    /// A line whose handshake the terminal has confirmed.
    ///
    /// # Errors
    /// There is none; nothing but handshakes was sent.
    async fn connect(&mut self) -> Result<(), Fault> {
        if self.line.is_some() && self.link.is_up() {
            return Ok(());
        }
        let shaken = timeout(self.connect, self.shake()).await;
        if self.line.is_some() && self.link.is_up() {
            if self.tries.take().is_some() {
                self.notices.notice(Notice::Restarted);
                self.notices.notice(Notice::News);
            }
            return Ok(());
        }
        let words = self.silent_words();
        // A port without an answer is closed: it may be another device's.
        self.let_go(&words);
        match shaken {
            Ok(Err(fault)) => Err(fault),
            Ok(Ok(())) | Err(_) => Err(Fault::not_sent(Reason::NotSent, words)),
        }
    }

    /// Opens the line and shakes hands until that is confirmed, or the link gives it up.
    async fn shake(&mut self) -> Result<(), Fault> {
        let line = self.lines.open(&self.wanted).await.map_err(Fault::from)?;
        line.hold(true);
        (self.line, self.has_heard, self.has_met) = (Some(line), false, false);
        self.waiting.is_anew();
        let happened = self.link.shake(self.now_ms());
        self.happen(happened).await;
        while self.line.is_some() && !self.link.is_up() {
            let due = self.due();
            tokio::select! {
                biased;
                came = read(&mut self.line) => self.came(came).await,
                () = until(due) => self.tick().await,
            }
        }
        Ok(())
    }

    async fn came(&mut self, came: Option<Vec<u8>>) {
        let Some(bytes) = came else {
            self.gone(PULLED_OUT);
            return;
        };
        self.has_heard = true;
        // A terminal that never stops talking does not stop the clock.
        let now = self.now_ms();
        let mut happened = self.link.take(&bytes, now);
        happened.extend(self.link.tick(now));
        self.happen(happened).await;
    }

    async fn tick(&mut self) {
        let happened = self.link.tick(self.now_ms());
        self.happen(happened).await;
    }

    async fn happen(&mut self, happened: Vec<Happened>) {
        for what in happened {
            match what {
                Happened::Write(bytes) => {
                    if self.write(bytes).await.is_err() {
                        self.gone(PULLED_OUT);
                    }
                }
                Happened::Send(token, bytes) => {
                    let written = self.write(bytes).await;
                    self.sent(token, written);
                }
                Happened::Came(message) => match self.waiting.came(&message) {
                    Came::Stray => self.notices.notice(Notice::News),
                    Came::Taken | Came::Nothing | Came::Unreadable => {}
                },
                Happened::Delivered(token) => self.on_the_way.retain(|sent| sent.token != token),
                Happened::Dropped(token) => self.dropped(token),
                Happened::Up => self.has_met = true,
                Happened::Down(why) => {
                    tracing::info!(?why, "the link to the terminal is down");
                    match why {
                        // Whoever connects tells what was heard.
                        Why::Unconfirmed => self.line = None,
                        Why::Silent | Why::Unacknowledged | Why::Anew => self.gone(QUIET),
                    }
                }
            }
        }
    }

    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), Unwritten> {
        match &self.line {
            Some(line) => line.write(bytes).await,
            None => Err(Unwritten::NothingLeft("there is no line".to_owned())),
        }
    }

    /// How a message's write went, the first one or a later one.
    fn sent(&mut self, token: Token, written: Result<(), Unwritten>) {
        let sent = self.on_the_way.iter_mut().find(|sent| sent.token == token);
        let told = sent.and_then(|sent| sent.told.take().map(|told| (told, sent.key.clone())));
        match written {
            Ok(()) => {
                if let Some((told, _)) = told {
                    let _ = told.send(Ok(()));
                }
            }
            Err(unwritten) => {
                match (told, unwritten) {
                    (Some((told, key)), Unwritten::NothingLeft(detail)) => {
                        self.waiting.remove(&key);
                        let _ = told.send(Err(not_sent(&detail)));
                    }
                    (Some((told, _)), Unwritten::MaybeLeft(detail)) => {
                        tracing::info!(detail, "the line ended while it was written to");
                        let _ = told.send(Ok(()));
                    }
                    (None, Unwritten::NothingLeft(_) | Unwritten::MaybeLeft(_)) => {}
                }
                self.gone(PULLED_OUT);
            }
        }
    }

    /// The link does not send it any more.
    fn dropped(&mut self, token: Token) {
        let Some(at) = self.on_the_way.iter().position(|sent| sent.token == token) else { return };
        let Sent { key, told, .. } = self.on_the_way.swap_remove(at);
        match told {
            Some(told) => {
                self.waiting.remove(&key);
                let _ = told.send(Err(not_sent("its turn did not come")));
            }
            None => {
                let words = "the terminal did not confirm that it has the request";
                self.waiting.hears(&key, &Fault::unknown(Reason::AnswerLost, words));
            }
        }
    }

    fn dropped_all(&mut self, happened: Vec<Happened>) {
        for what in happened {
            if let Happened::Dropped(token) = what {
                self.dropped(token);
            }
        }
    }

    /// The line has ended, or is of no use: the terminal is looked for.
    fn gone(&mut self, words: &str) {
        if self.line.is_none() {
            return;
        }
        self.let_go(words);
        if self.has_met {
            self.has_met = false;
            self.tries = Some(0);
            self.notices.notice(Notice::OutOfService(words.to_owned()));
        }
    }

    /// Closes the line.
    fn let_go(&mut self, words: &str) {
        self.line = None;
        let happened = self.link.unplugged();
        self.dropped_all(happened);
        self.waiting.is_anew();
        self.waiting.all_hear(&Fault::unknown(Reason::AnswerLost, words));
    }

    fn look_again(&self) -> Option<Duration> {
        let tries = self.tries.filter(|_| self.line.is_none())?;
        LOOK_AGAIN.get(tries).or(LOOK_AGAIN.last()).copied()
    }

    async fn be_back(&mut self) {
        if self.connect().await.is_err() {
            self.tries = self.tries.map(|tries| tries.saturating_add(1));
        }
    }

    fn now_ms(&self) -> u64 {
        milliseconds(self.ambient.mono())
    }

    /// How long until the link wants to be asked.
    fn due(&self) -> Option<Duration> {
        self.link.until().map(|at| Duration::from_millis(at.saturating_sub(self.now_ms()).max(1)))
    }

    /// Why nobody confirmed the handshake, and what to do about it.
    fn silent_words(&self) -> String {
        let heard = self.link.heard();
        if heard.damaged && !heard.whole {
            return format!("{DAMAGED} Use a shorter or better cable, away from power lines.");
        }
        if self.has_heard && !heard.whole {
            return format!("{GIBBERISH} Another device may be at this port: compare the port.");
        }
        format!(
            "{SILENT} Switch it on, choose Settings, General, ECR Hub, mode USB there, and compare the port."
        )
    }
}

fn not_sent(detail: &str) -> Fault {
    tracing::info!(detail, "nothing could be written to the line");
    Fault::not_sent(Reason::NotSent, PULLED_OUT)
}

async fn read(line: &mut Option<Line>) -> Option<Vec<u8>> {
    match line {
        Some(line) => line.read().await,
        None => pending().await,
    }
}

async fn until(wait: Option<Duration>) {
    match wait {
        Some(wait) => sleep(wait).await,
        None => pending().await,
    }
}
