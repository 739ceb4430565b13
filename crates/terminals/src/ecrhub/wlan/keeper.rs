//! The keeper of the connection: one task that holds the socket while somebody waits for something, makes it
//! anew where it broke while an order's answer is awaited, and closes it when nobody waits any more.
//!
//! Dossier sections 3.2 and 3.3. Invariant: a message is written at most once; one that was written to a
//! connection that broke is lost, never sent again.

use super::profile::Profile;
use super::search::Search;
use crate::ecrhub::talk::Wish;
use crate::ecrhub::waiting::{Came, Waiting};
use crate::http::{Http, Socket, lost, milliseconds};
use crate::limits::ecrhub_wlan as limits;
use crate::notice::{Notice, Notices};
use crate::seams::Seams;
use crate::serial::Unwritten;
use domain::outcome::{Fault, Reason};
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep};

/// See the module.
pub(super) struct Keeper {
    url: String,
    connect_ms: u64,
    http: Arc<dyn Http>,
    notices: Arc<dyn Notices>,
    waiting: Waiting,
    socket: Option<Socket>,
    /// Nothing has come on this connection yet.
    is_fresh: bool,
    /// It broke while an order waits: when to make it anew, and which try that is.
    again: Option<(Pin<Box<Sleep>>, usize)>,
    /// For a terminal that was paired.
    search: Option<Search>,
}

impl Keeper {
    /// Starts the task; it ends when the last sender is gone.
    pub fn start(profile: &Profile, seams: &Seams) -> mpsc::Sender<Wish> {
        let (wishes, inbox) = mpsc::channel(limits::QUEUE);
        let keeper = Self {
            url: profile.url(seams),
            connect_ms: milliseconds(profile.connect.unwrap_or(limits::CONNECT)),
            http: Arc::clone(&seams.http),
            notices: Arc::clone(&seams.notices),
            waiting: Waiting::default(),
            socket: None,
            is_fresh: false,
            again: None,
            search: Search::of(profile, seams),
        };
        tokio::spawn(keeper.keep(inbox));
        wishes
    }

    async fn keep(mut self, mut inbox: mpsc::Receiver<Wish>) {
        // Whoever stops waiting says nothing: it is looked at now and then.
        let mut idle = tokio::time::interval(limits::IDLE);
        loop {
            tokio::select! {
                biased;
                came = read(&mut self.socket) => self.came(came),
                wish = inbox.recv() => match wish {
                    Some(wish) => self.serve(wish).await,
                    None => return,
                },
                () = until(&mut self.again) => self.be_back().await,
                _ = idle.tick(), if self.socket.is_some() || self.again.is_some() => {}
            }
            if self.waiting.is_spoilt() {
                self.ended("an answer did not come in time");
            }
            if self.waiting.is_idle() {
                (self.socket, self.again) = (None, None);
            }
        }
    }

    async fn serve(&mut self, wish: Wish) {
        let Wish { key, to, text, told } = wish;
        if let Err(fault) = self.connect().await {
            let _ = told.send(Err(fault));
            return;
        }
        // Before it is written: an answer can be faster than the word that it was.
        self.waiting.add(key.clone(), to);
        let Some(socket) = &self.socket else { return };
        match socket.write(text).await {
            Ok(()) => {
                let _ = told.send(Ok(()));
            }
            Err(Unwritten::NothingLeft(detail)) => {
                self.waiting.remove(&key);
                let _ = told.send(Err(Fault::not_sent(Reason::NotSent, self.words(&detail))));
                self.ended(&detail);
            }
            Err(Unwritten::MaybeLeft(detail)) => {
                let _ = told.send(Ok(()));
                self.ended(&detail);
            }
        }
    }

    async fn connect(&mut self) -> Result<(), Fault> {
        if self.socket.is_some() {
            return Ok(());
        }
        match self.http.socket(&self.url, self.connect_ms).await {
            Ok(socket) => self.socket = Some(socket),
            Err(fault) => {
                self.search.iter_mut().for_each(Search::begin);
                return Err(lost(&fault));
            }
        }
        (self.is_fresh, self.again) = (true, None);
        self.waiting.is_anew();
        Ok(())
    }

    fn came(&mut self, came: Result<Vec<u8>, String>) {
        match came {
            Ok(bytes) => {
                self.is_fresh = false;
                match self.waiting.came(&bytes) {
                    Came::Stray => self.notices.notice(Notice::News),
                    Came::Taken | Came::Nothing | Came::Unreadable => {}
                }
            }
            Err(detail) => self.ended(&detail),
        }
    }

    /// The connection is gone.
    fn ended(&mut self, detail: &str) {
        self.socket = None;
        self.waiting.is_anew();
        let words = self.words(detail);
        self.waiting.all_hear(&Fault::unknown(Reason::AnswerLost, words));
        if self.waiting.has_orders() {
            self.wait(0);
        }
    }

    /// A terminal that closes what it has just taken does not know the till (section 3.1).
    fn words(&self, detail: &str) -> String {
        match self.is_fresh {
            true => format!(
                "the terminal takes the connection and closes it: pair it with this till first ({detail})"
            ),
            false => format!("the connection to the terminal broke: {detail}"),
        }
    }

    /// An order's answer may be told again on another connection.
    async fn be_back(&mut self) {
        let number = self.again.take().map_or(0, |(_, number)| number);
        if self.connect().await.is_err() {
            self.wait(number + 1);
        }
    }

    fn wait(&mut self, number: usize) {
        let [.., last] = limits::AGAIN;
        let pause = limits::AGAIN.get(number).copied().unwrap_or(last);
        self.again = Some((Box::pin(sleep(pause)), number));
    }
}

async fn read(socket: &mut Option<Socket>) -> Result<Vec<u8>, String> {
    match socket {
        Some(socket) => socket.read().await,
        None => pending().await,
    }
}

async fn until(again: &mut Option<(Pin<Box<Sleep>>, usize)>) {
    match again {
        Some((pause, _)) => pause.await,
        None => pending().await,
    }
}
