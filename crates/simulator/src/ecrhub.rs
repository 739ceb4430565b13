//! A WiseCashier terminal with its ECR Hub: strict, with virtual customers and a bank behind it.
//!
//! | looking for | see |
//! | --- | --- |
//! | knobs | `ecrhub/settings.rs` |
//! | what an amount's last digits do | `ecrhub/convention.rs` |
//! | orders, and what a request does to them | `ecrhub/core.rs`, `ecrhub/entry.rs` |
//! | what it finds wrong with a request; voids and refunds | `ecrhub/strict.rs`, `ecrhub/back.rs` |
//! | answers, and what the way does to them | `ecrhub/speech.rs` |
//! | frames on a cable | `ecrhub/cable.rs` |
//! | the operator's gateway before it | `ecrhub/cloud.rs` |
//!
//! Written from the protocol dossier `sadad-ecrhub.md`, chapters 2 to 5, never from a driver. Invariant:
//! whatever the till was told or not told, the bank holds what happened; a connection that breaks stops
//! nothing on the terminal.

mod back;
mod cable;
mod cloud;
mod convention;
mod core;
mod entry;
mod settings;
mod speech;
mod strict;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use wire::ecrhub::{Dialect, HUB, Message, dialect};

use self::core::{Begun, Core, Did, category};
use self::speech::{Reply, shaped};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::faults::Plan;
use crate::nexo::TillLine;
use crate::script::{Action, Behaviour, Delivery, Script};

pub use self::cable::{Cable, Watch};
pub use self::cloud::{Gateway, HUB_KEYS, HubKeys, cloud_faults, cloud_money_request};
pub use self::entry::{Entry, Fate};
pub use self::settings::{AfterLoss, Settings};
pub use self::speech::{Spoken, faults, lasting_faults};

/// Messages that wait for a connection.
const QUEUE: usize = 256;
/// The customer is looked at as often.
const LOOK: u64 = 500;
/// Until an answer that was not told is told on a fresh connection.
const PUSH: u64 = 200;

/// A terminal. Clones are the same terminal.
#[derive(Clone)]
pub struct HubTerminal {
    shared: Arc<Shared>,
}

struct Shared {
    core: Mutex<Core>,
    /// Answers that found no connection.
    untold: Mutex<Vec<Vec<Spoken>>>,
    plugged: watch::Sender<bool>,
    /// Counts how often every connection was ended from this side.
    hang_ups: watch::Sender<u64>,
    /// The gateway's way to the till's listener.
    till: Mutex<Option<Arc<dyn TillLine>>>,
}

/// One connection to the till.
pub type Line = mpsc::Sender<Spoken>;

/// Whether a message is one that money depends on, and the order that it names.
pub fn money_request(bytes: &[u8]) -> Option<(&'static str, String)> {
    let message = Message::decode(bytes, &HUB).ok()?;
    let category = category(&message);
    let number = message.record().number?;
    matches!(category, "pay" | "void" | "refund").then_some((category, number))
}

impl HubTerminal {
    /// A terminal. What the bank holds of it is what it remembers.
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Self {
        let shared = Shared {
            core: Mutex::new(Core::new(settings, bank, clock)),
            untold: Mutex::default(),
            plugged: watch::Sender::new(true),
            hang_ups: watch::Sender::new(0),
            till: Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Rules for requests from now on; a rule's category is `pay`, `void`, `refund`, `query`, `close`,
    /// `batch`, `info` or `other`.
    pub fn follow(&self, script: Script) {
        self.shared.core().script = script;
    }

    /// Seeded faults from now on; see [`faults`].
    pub fn suffer(&self, plan: Plan) {
        self.shared.core().plan = Some(plan);
    }

    /// Turns knobs from now on.
    pub fn turn(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.shared.core().settings);
    }

    /// The bank behind the terminal.
    pub fn bank(&self) -> Bank {
        self.shared.core().bank.clone()
    }

    /// Every order, oldest first.
    pub fn orders(&self) -> Vec<Entry> {
        self.shared.core().entries().to_vec()
    }

    /// Requests and answers, the newest at the end.
    pub fn trace(&self) -> Vec<String> {
        self.shared.core().trace.iter().cloned().collect()
    }

    /// What the terminal found wrong with the till's requests.
    pub fn complaints(&self) -> Vec<String> {
        self.shared.core().complaints.clone()
    }

    /// Whether every answer about an order is twisted from now on.
    pub fn lies_about(&self, number: &str) -> bool {
        self.shared.core().lies_about(number)
    }

    /// Somebody presses Cancel before the customer has paid.
    pub fn press_cancel(&self) {
        self.shared.core().press_cancel();
    }

    /// Closes the batch: what was paid so far cannot be voided any more.
    pub fn settle(&self) {
        self.shared.core().settle();
    }

    /// Takes the network away, and every connection with it.
    pub fn unplug(&self) {
        self.shared.plugged.send_replace(false);
        self.hang_up();
    }

    /// The network is back.
    pub fn plug(&self) {
        self.shared.plugged.send_replace(true);
    }

    /// Whether it can be reached.
    pub fn is_plugged(&self) -> bool {
        *self.shared.plugged.borrow()
    }

    /// Ends every connection.
    pub fn hang_up(&self) {
        self.shared.hang_ups.send_modify(|count| *count += 1);
    }

    /// Starts anew: connections end, whoever was about to pay did not, and nothing is forgotten.
    pub fn restart(&self) {
        self.press_cancel();
        self.hang_up();
    }

    /// Speaks over one connection of the network until it ends. Works under paused time.
    pub async fn serve(&self, incoming: mpsc::Receiver<Vec<u8>>, outgoing: mpsc::Sender<Spoken>) {
        if self.shared.core().settings.wants_pairing || !self.is_plugged() {
            let _ = outgoing.send(Spoken::HangUp).await;
            return;
        }
        self.converse(incoming, outgoing).await;
    }

    async fn converse(&self, mut incoming: mpsc::Receiver<Vec<u8>>, outgoing: mpsc::Sender<Spoken>) {
        let shared = &self.shared;
        let mut hang_ups = shared.hang_ups.subscribe();
        hang_ups.mark_unchanged();
        let (line, mut outbox) = mpsc::channel(QUEUE);
        shared.push(&line);
        loop {
            tokio::select! {
                biased;
                _ = hang_ups.changed() => {
                    let _ = outgoing.send(Spoken::HangUp).await;
                    return;
                }
                spoken = outbox.recv() => {
                    let Some(spoken) = spoken else { return };
                    let ends = spoken == Spoken::HangUp;
                    if outgoing.send(spoken).await.is_err() || ends {
                        return;
                    }
                }
                came = incoming.recv() => {
                    let Some(bytes) = came else { return };
                    let (shared, line) = (Arc::clone(shared), line.clone());
                    tokio::spawn(async move { shared.request(bytes, line).await });
                }
            }
        }
    }
}

impl Shared {
    /// The state. Never held over an await.
    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells what was not told before, on a fresh connection.
    fn push(self: &Arc<Self>, line: &Line) {
        let untold = std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner));
        if untold.is_empty() {
            return;
        }
        let (shared, line) = (Arc::clone(self), line.clone());
        tokio::spawn(async move {
            pass(PUSH).await;
            for spoken in untold {
                shared.say(&line, spoken);
            }
        });
    }

    /// Sends, or keeps for the next connection what an answer is.
    fn say(&self, line: &Line, spoken: Vec<Spoken>) {
        let is_lost = line.is_closed();
        if is_lost && self.core().settings.after_loss == AfterLoss::Push {
            self.untold.lock().unwrap_or_else(PoisonError::into_inner).push(spoken);
            return;
        }
        for piece in spoken {
            let _ = line.try_send(piece);
        }
    }

    async fn request(self: Arc<Self>, bytes: Vec<u8>, line: Line) {
        let message = match Message::decode(&bytes, &HUB) {
            Ok(message) if dialect(&bytes) != Dialect::Flat || message.business.is_none() => message,
            Ok(_) | Err(_) => {
                self.core().complaints.push("a message that cannot be read".to_owned());
                return;
            }
        };
        let actions = self.core().actions(&message);
        let mut behaviour = Behaviour::default();
        behaviour.add(actions.clone());
        if behaviour.delivery == Delivery::Refused {
            // It never arrived.
            return;
        }
        if behaviour.delivery == Delivery::Close {
            let _ = line.try_send(Spoken::HangUp);
        }
        pass(behaviour.hold_ms).await;
        if behaviour.unprocessed {
            if behaviour.delivery == Delivery::Cut {
                let _ = line.try_send(Spoken::HangUp);
            }
            return;
        }
        if category(&message) != "pay" {
            pass(behaviour.slow_ms).await;
        }
        let did = self.core().take(&message, &actions, behaviour.fail.as_deref());
        match did {
            Did::Begins(begun) => self.run(&message, begun, &behaviour, &actions, &line).await,
            // The amount's convention: it never arrived.
            Did::Answers(reply) if reply.delivery == Some(Delivery::Cut) => {
                let _ = line.try_send(Spoken::HangUp);
            }
            Did::Answers(mut reply) => {
                self.core().repeat(&message, &mut reply);
                self.core().twist(&mut reply, &behaviour);
                let answer_ms = self.core().settings.answer_ms;
                pass(answer_ms).await;
                self.tell(&message, &reply, &behaviour, &actions, &line).await;
            }
        }
    }

    /// The order is on the screen, the customer begins, the customer acts, the answer is told.
    async fn run(
        &self,
        message: &Message,
        begun: Begun,
        behaviour: &Behaviour,
        actions: &[Action],
        line: &Line,
    ) {
        let Begun { number, wait_ms, course } = begun;
        self.attend(&number, wait_ms, behaviour.slow_ms).await;
        let (is_closed, tells) = {
            let core = self.core();
            let entry = core.entries().iter().rev().find(|entry| entry.number == number);
            (entry.is_some_and(|entry| entry.closed), core.settings.tells_closed)
        };
        if (is_closed && !tells) || course.only_by_query {
            if course.only_by_query {
                let _ = line.try_send(Spoken::HangUp);
            }
            return;
        }
        let mut reply = self.core().answer_about(&number, &course);
        self.core().twist(&mut reply, behaviour);
        self.tell(message, &reply, behaviour, actions, line).await;
    }

    /// The customer begins, and acts.
    async fn attend(&self, number: &str, wait_ms: Option<u64>, slow_ms: u64) {
        let (touch_ms, customer_ms) = {
            let core = self.core();
            (core.settings.touch_ms, core.settings.customer_ms)
        };
        let waits = self.core().waits(number);
        if !waits {
            self.wait(number, touch_ms).await;
            self.core().touch(number);
        }
        self.wait(number, wait_ms.unwrap_or(customer_ms) + slow_ms).await;
        self.core().decide(number);
    }

    /// Until the time is over, or somebody has stopped it.
    async fn wait(&self, number: &str, all: u64) {
        let mut waited = 0;
        while waited < all && !self.core().is_stopped(number) {
            let step = (all - waited).min(LOOK);
            pass(step).await;
            waited += step;
        }
    }

    async fn tell(
        &self,
        message: &Message,
        reply: &Reply,
        behaviour: &Behaviour,
        actions: &[Action],
        line: &Line,
    ) {
        pass(behaviour.late_ms).await;
        let (text, stray, binary) = {
            let mut core = self.core();
            let (at, settings) = (core.local(), core.settings.clone());
            let told = format!("{} {:?} {}", reply.code, reply.number(), reply.words);
            let asked = message.record();
            let number = asked.number.unwrap_or_default();
            core.note(format!("{} {number} {:?} {actions:?} => {told}", category(message), asked.amount));
            let older =
                core.entries().iter().rev().find(|entry| Some(&entry.number) != reply.number().as_ref());
            let stray = older.filter(|_| reply.stray_first).map(|older| {
                let answer = core.answer_about(&older.number, &self::convention::Course::default());
                let mut request = message.clone();
                request.id = None;
                answer.written(&request, &settings, &at)
            });
            (reply.written(message, &settings, &at), stray, settings.binary)
        };
        if behaviour.restart.is_some() {
            let _ = line.try_send(Spoken::HangUp);
            return;
        }
        if let Some(stray) = stray {
            self.say(line, vec![Spoken::Text(stray)]);
        }
        let delivery = reply.delivery.unwrap_or(behaviour.delivery);
        if delivery == Delivery::Cut {
            let _ = line.try_send(Spoken::HangUp);
            if self.core().settings.after_loss == AfterLoss::Push && category(message) == "pay" {
                let text = shaped(text, binary, Delivery::Normal);
                self.untold.lock().unwrap_or_else(PoisonError::into_inner).push(text);
            }
            return;
        }
        let old = self.core().settings.old_dialect;
        self.say(line, shaped(text, binary, if old { Delivery::EntityBomb } else { delivery }));
    }
}

async fn pass(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
