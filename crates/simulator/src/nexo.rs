//! A nexo Retailer terminal as the till meets it: strict, with a virtual customer, a memory and a bank.
//!
//! | looking for | see |
//! | --- | --- |
//! | which request is taken in which state | `matrix.rs` |
//! | what is wrong with a request | `strict.rs` |
//! | state, and what a request does to it | `core.rs`, `session.rs`, `memory.rs`, `running.rs` |
//! | what takes time: customer, host, signature | `perform.rs` |
//! | a payment, its answer and receipts | `case.rs`, `receipts.rs`, `cancelled.rs`, `card.rs` |
//! | requests to the till's listener | `traffic.rs`, `texts.rs` |
//! | how answers travel, and what is wrong with them | `delivery.rs`, `twist.rs` |
//! | what the amount chooses | `convention.rs` |
//! | restart, maintenance, announcement | `technician.rs` |
//!
//! Written from the protocol dossier `nexo-retailer.md` alone, never from a driver. Invariant: whatever
//! the till was told or not told, the bank holds what happened; a dropped connection stops nothing at the
//! terminal.

mod cancelled;
mod card;
mod case;
mod convention;
mod core;
mod delivery;
mod matrix;
mod memory;
mod perform;
mod receipts;
mod running;
mod session;
mod settings;
mod stamp;
mod strict;
mod technician;
mod texts;
mod traffic;
mod twist;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{oneshot, watch};
use wire::nexo::{Message, MessageCategory};

pub use self::core::Traced;
pub use matrix::{Admission, Column, Row, admit};
pub use settings::{Duplicates, PrintMode, Settings};
pub use technician::State;

use self::core::{Core, Step};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::faults::Plan;
use crate::script::{Behaviour, Delivery, Move, Script, Source};
use running::Work;
use strict::Incoming;

/// The one path of the protocol, in both directions (dossier chapter 2.1).
pub const PATH: &str = "/EPASSaleToPOI/3.1";

/// A request as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// `POST`, or the till is wrong.
    pub method: String,
    /// Without host, as in the request line.
    pub path: String,
    /// `Content-Type`, if given.
    pub content_type: Option<String>,
    /// All headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The message.
    pub body: Vec<u8>,
}

impl WireRequest {
    /// A request as it should be.
    pub fn post(body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST".to_owned(),
            path: PATH.to_owned(),
            content_type: Some("application/xml; charset=utf-8".to_owned()),
            headers: Vec::new(),
            body: body.into(),
        }
    }
}

/// How an answer is framed on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length`.
    Length,
    /// `Transfer-Encoding: chunked`.
    Chunked,
    /// HTTP/1.0: the end is the end of the connection.
    Http10,
}

/// What the till's socket gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireReply {
    /// A complete HTTP answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// More headers than those that every answer has.
        headers: Vec<(String, String)>,
        /// The message, or nothing.
        body: Vec<u8>,
        /// How it is framed.
        framing: Framing,
    },
    /// The connection was refused: not one byte of the request arrived.
    Refused,
    /// The connection closed without an answer.
    Cut,
    /// The connection closed in the middle of the answer.
    CutMiddle {
        /// HTTP status.
        status: u16,
        /// What `Content-Length` said.
        announced: usize,
        /// What came.
        part: Vec<u8>,
    },
}

impl WireReply {
    /// A status without a body.
    pub fn empty(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: Vec::new(), framing: Framing::Length }
    }
}

/// The till's listener could not be reached, or answered nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the till's listener cannot be reached")]
pub struct LineDown;

/// The way from the terminal to the till's listener.
#[async_trait]
pub trait TillLine: Send + Sync {
    /// Posts a message and brings back status and body. Dropping the future closes the connection.
    async fn post(&self, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), LineDown>;
    /// The same with headers, where the line carries any.
    async fn post_with(
        &self,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>), LineDown> {
        let _dropped = headers;
        self.post(path, body).await
    }
}

/// A terminal. Clones are the same terminal.
#[derive(Clone)]
pub struct NexoTerminal {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    core: Mutex<Core>,
    line: Mutex<Option<Arc<dyn TillLine>>>,
    /// Counts restarts; every open connection ends when it changes.
    restarts: watch::Sender<u64>,
    /// Whether somebody is there to accept connections.
    reachable: watch::Sender<bool>,
}

impl NexoTerminal {
    /// A terminal, switched on and logged out. What the bank holds under its number is what it remembers.
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Self {
        let shared = Shared {
            core: Mutex::new(Core::new(settings, bank, clock)),
            line: Mutex::new(None),
            restarts: watch::Sender::new(0),
            reachable: watch::Sender::new(true),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Gives the terminal its way to the till's listener.
    pub fn connect(&self, line: Arc<dyn TillLine>) {
        *self.shared.line.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }

    /// Rules for requests from now on; replaces earlier ones.
    pub fn follow(&self, script: Script) {
        self.shared.core().script = script;
    }

    /// Seeded faults from now on.
    pub fn suffer(&self, plan: Plan) {
        self.shared.core().plan = Some(plan);
    }

    /// The bank behind the terminal.
    pub fn bank(&self) -> Bank {
        self.shared.core().bank.clone()
    }

    /// One HTTP exchange. Dropping the future is the till closing its socket: the terminal goes on. Must
    /// be called within a tokio runtime; works under paused time.
    pub async fn exchange(&self, request: WireRequest) -> WireReply {
        let shared = self.shared.clone();
        let mut restarts = shared.restarts.subscribe();
        if !*shared.reachable.borrow() {
            return WireReply::Refused;
        }
        let (reply, answered) = oneshot::channel();
        tokio::spawn(async move { shared.serve(request, reply).await });
        tokio::select! {
            biased;
            answer = answered => match answer {
                Ok(Some(reply)) => reply,
                Ok(None) => {
                    let _ = restarts.changed().await;
                    WireReply::Cut
                }
                Err(_) => WireReply::Cut,
            },
            _ = restarts.changed() => WireReply::Cut,
        }
    }
}

/// Where the reply goes; `None` in it stands for silence on an open connection.
type ReplyTo = oneshot::Sender<Option<WireReply>>;

impl Shared {
    /// The state. Never held over an await.
    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self) -> Option<Arc<dyn TillLine>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn serve(self: Arc<Self>, request: WireRequest, reply: ReplyTo) {
        if let Some(status) = wrong_http(&request) {
            self.core().complain(format!("HTTP: {} {} gets {status}", request.method, request.path));
            let _ = reply.send(Some(WireReply::empty(status)));
            return;
        }
        let currencies = self.core().settings.currencies.clone();
        self.core().note("till", String::from_utf8_lossy(&request.body));
        let Some(incoming) = Incoming::read(request.body, &currencies) else {
            self.core().complain("a message that is not a nexo request");
            let _ = reply.send(Some(WireReply::empty(400)));
            return;
        };
        let behaviour = self.core().behaviour(&incoming);
        if behaviour.delivery == Delivery::Refused {
            let _ = reply.send(Some(WireReply::Refused));
            return;
        }
        self.take(&incoming, behaviour, reply).await;
    }

    /// From a readable request to its answer on the way.
    async fn take(self: &Arc<Self>, incoming: &Incoming, behaviour: Behaviour, reply: ReplyTo) {
        let mut reply = Some(reply);
        if behaviour.delivery == Delivery::Close
            && let Some(reply) = reply.take()
        {
            let _ = reply.send(Some(WireReply::Cut));
        }
        if behaviour.hold_ms > 0 {
            self.core().hold(incoming, behaviour.hold_ms);
            pass(behaviour.hold_ms).await;
        }
        if let Some(restart) = behaviour.restart.filter(|restart| restart.before) {
            self.restart(restart.forgets);
            return;
        }
        if behaviour.unprocessed {
            let lost = delivery::through(String::new(), behaviour.delivery);
            let _ = reply.take().map(|reply| reply.send(lost));
            return;
        }
        if incoming.payment().is_none() {
            pass(behaviour.slow_ms).await;
        }
        let effects = self.core().handle(incoming, behaviour.clone());
        let login = incoming.header.category == MessageCategory::Login;
        let (answer, after) = match effects.step {
            Step::Answer(answer) => (Some(*answer), login.then_some(After::Login)),
            Step::NoContent => {
                let received = delivery::without_body(behaviour.delivery);
                let _ = reply.take().map(|reply| reply.send(received));
                (None, None)
            }
            Step::Unreachable => {
                let _ = reply.take().map(|reply| reply.send(Some(WireReply::Refused)));
                (None, None)
            }
            Step::Perform(run) => {
                let after = after_run(&run);
                (self.perform(*run).await, after)
            }
        };
        if let Some(restart) = behaviour.restart {
            self.restart(restart.forgets);
            return;
        }
        if let Some(answer) = answer {
            self.core().keep_answer(&answer);
            if login && self.core().greets_early() {
                self.greet(texts::Screen::PleaseWait).await;
            }
            self.send(answer, &behaviour, reply).await;
            self.afterwards(after).await;
        }
        self.tell(effects.notices).await;
        if incoming.header.category == MessageCategory::Logout {
            self.sit_out_maintenance().await;
        }
    }

    /// Delivers in time or late; what comes after a payment does not wait for a late delivery.
    async fn send(self: &Arc<Self>, answer: Message, behaviour: &Behaviour, reply: Option<ReplyTo>) {
        let Some(reply) = reply else { return };
        let wire = {
            let mut core = self.core();
            let form = (core.settings.seed, core.settings.vary);
            core.note("terminal", wire::nexo::encode(&answer));
            delivery::deliver(&answer, behaviour, form)
        };
        let late_ms = behaviour.late_ms;
        if late_ms == 0 {
            let _ = reply.send(wire);
            return;
        }
        tokio::spawn(async move {
            pass(late_ms).await;
            let _ = reply.send(wire);
        });
    }

    async fn afterwards(&self, after: Option<After>) {
        match after {
            None => {}
            Some(After::Payment { till, chip, removed_ms }) => self.epilogue(&till, chip, removed_ms).await,
            Some(After::Login) => {
                self.greet(texts::Screen::PleaseWait).await;
                pass(500).await;
                self.greet(texts::Screen::Welcome).await;
            }
        }
    }

    async fn greet(&self, screen: texts::Screen) {
        let till = self.core().session.as_ref().map(|session| session.till.clone());
        if let Some(till) = till {
            self.show(&till, &till.service_id, screen).await;
        }
    }
}

/// What the terminal shows once its answer is on the way.
enum After {
    Login,
    Payment { till: core::Till, chip: bool, removed_ms: u64 },
}

fn after_run(run: &running::Run) -> Option<After> {
    let Work::Payment { case, .. } = &run.work else { return None };
    let removes = case.behaviour.steps.iter().find(|step| step.what == Move::Remove);
    Some(After::Payment {
        till: run.till.clone(),
        chip: case.card.source == Source::Chip,
        removed_ms: removes.map_or(REMOVED_MS, |step| step.after_ms),
    })
}

/// How soon after the answer a card comes out.
const REMOVED_MS: u64 = 300;

async fn pass(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

/// The status of a request that is not one of the protocol (dossier chapters 2.1 and 18.2).
fn wrong_http(request: &WireRequest) -> Option<u16> {
    if request.path != PATH {
        return Some(404);
    }
    if request.method != "POST" {
        return Some(405);
    }
    let content_type = request.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    let xml = parts.next() == Some("application/xml");
    let utf8 = parts.all(|part| part.replace('"', "") == "charset=utf-8");
    if xml && utf8 { None } else { Some(415) }
}
