//! A Kayaaku device at the end of a cable (`kpos-serial/1`): strict, with virtual customers, on the same
//! ledger as the host ([`super::core`]).
//!
//! | looking for | see |
//! | --- | --- |
//! | messages as requests, answers as messages | `serial/speech.rs` |
//! | what the line makes of a frame | `serial/shape.rs` |
//! | a payment from its acceptance to its result | `serial/run.rs` |
//!
//! Written from the protocol dossier `kayaaku.md`, section 7, never from a driver. Invariant: whatever the
//! till was told or not told, the bank holds what happened; a cable that is pulled stops nothing on the
//! device.

mod run;
mod shape;
mod speech;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use wire::kayaaku::Code;
use wire::kayaaku::serial::{Collector, Found, Message};

use self::run::pass;
use self::shape::Piece;
use self::speech::{answer, asked};
use super::core::{Core, Did};
use super::entry::Entry;
use super::settings::Settings;
use super::speech::{Asked, Call, Words};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::faults::Plan;
use crate::script::{Action, Behaviour, Delivery, Outcome, Script};

pub use self::shape::{faults, lasting_faults};
pub use self::speech::money_request;

/// Frames that wait for the line.
const QUEUE: usize = 256;
/// The bank's notebook that counts settlements.
const BATCHES: &str = "kayaaku-batches";

/// A device. Clones are the same device.
#[derive(Clone)]
pub struct KayaakuDevice {
    shared: Arc<Shared>,
}

struct Shared {
    core: Mutex<Core>,
    state: Mutex<State>,
    began: Instant,
    plugged: watch::Sender<bool>,
    /// Counts how often the line was ended from this side.
    hang_ups: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// The way to the till, where a cable is in.
    line: Option<mpsc::Sender<Vec<Piece>>>,
    /// Numbers of requests, for the ledger.
    sequence: u64,
    /// The result that was sent last, and those that were heard.
    last_told: u64,
    heard: BTreeSet<u64>,
    results: u64,
    /// Payments that are approved in the moment of an abort.
    racing: BTreeSet<String>,
    hurried: BTreeSet<String>,
}

impl KayaakuDevice {
    /// A device. What the bank holds of it is what it remembers.
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Self {
        let shared = Shared {
            core: Mutex::new(Core::new(settings, bank, clock)),
            state: Mutex::default(),
            began: Instant::now(),
            plugged: watch::Sender::new(true),
            hang_ups: watch::Sender::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Rules for requests from now on; a rule's category is `link`, `pay`, `enquire`, `void`, `refund`,
    /// `abort` or `settle`.
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

    /// The bank behind the device.
    pub fn bank(&self) -> Bank {
        self.shared.core().bank.clone()
    }

    /// Every transaction, oldest first.
    pub fn transactions(&self) -> Vec<Entry> {
        self.shared.core().entries().to_vec()
    }

    /// Requests and answers, the newest at the end.
    pub fn trace(&self) -> Vec<String> {
        self.shared.core().trace.iter().cloned().collect()
    }

    /// What the device found wrong with the till's requests.
    pub fn complaints(&self) -> Vec<String> {
        self.shared.core().complaints.clone()
    }

    /// Whether every answer about a transaction is twisted from now on.
    pub fn lies_about(&self, id: &str) -> bool {
        self.shared.core().lies_about(id)
    }

    /// Somebody presses Cancel before the customer has paid.
    pub fn press_cancel(&self) {
        self.shared.core().press_cancel();
    }

    /// Closes the batch: what was paid so far cannot be voided any more.
    pub fn settle(&self) {
        self.shared.core().settle();
    }

    /// Somebody takes a payment at the device itself; its result is told to the till.
    pub fn pay_at_the_device(&self, minor: u64) -> String {
        let (terminal, settings) = (self.terminal(), self.shared.core().settings.clone());
        let shared = Arc::clone(&self.shared);
        let id = format!("DEVICE-{:06}", shared.number());
        let asked = Asked {
            call: Some(Call::Pay),
            is_signed: true,
            id: id.clone(),
            mid: settings.mids.first().cloned(),
            device: Some(terminal),
            method: Some("01".to_owned()),
            amount: Some(minor.to_string()),
            currency: settings.currencies.first().cloned(),
            source: settings.source_system,
            sequence: shared.number().to_string(),
            ..Asked::default()
        };
        tokio::spawn(async move {
            let did = shared.core().take(&asked, &[], None);
            if let Did::Begins(begun) = did {
                shared.run(&asked, begun, &Behaviour::default(), &[]).await;
            }
        });
        id
    }

    /// Its number.
    pub fn terminal(&self) -> String {
        self.shared.terminal()
    }

    /// Pulls the cable.
    pub fn unplug(&self) {
        self.shared.plugged.send_replace(false);
    }

    /// Plugs it in again.
    pub fn plug(&self) {
        self.shared.plugged.send_replace(true);
    }

    /// Whether the cable is in.
    pub fn is_plugged(&self) -> bool {
        *self.shared.plugged.borrow()
    }

    /// Returns when the cable is in.
    pub async fn is_back(&self) {
        let mut plugged = self.shared.plugged.subscribe();
        let _ = plugged.wait_for(|plugged| *plugged).await;
    }

    /// Starts anew: the line ends, whoever was about to pay did not, and nothing is forgotten.
    pub fn restart(&self) {
        self.press_cancel();
        self.shared.hang_up();
    }

    /// Speaks over a line until it ends, the cable is pulled or the device starts anew. Works under paused
    /// time.
    pub async fn serve(&self, line: impl AsyncRead + AsyncWrite + Send) {
        let shared = &self.shared;
        let (mut plugged, mut hang_ups) = (shared.plugged.subscribe(), shared.hang_ups.subscribe());
        let (out, outbox) = mpsc::channel(QUEUE);
        shared.state().line = Some(out);
        let (read, write) = tokio::io::split(line);
        tokio::select! {
            biased;
            _ = plugged.wait_for(|plugged| !*plugged) => {}
            _ = hang_ups.changed() => {}
            () = shared.hear(read) => {}
            () = shared.speak(write, outbox) => {}
        }
    }
}

impl Shared {
    /// The ledger. Never held over an await, and never taken while the state below is held.
    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn terminal(&self) -> String {
        self.core().settings.devices.first().cloned().unwrap_or_else(|| "KP0001".to_owned())
    }

    fn number(&self) -> u64 {
        let mut state = self.state();
        state.sequence += 1;
        state.sequence
    }

    fn hang_up(&self) {
        self.hang_ups.send_modify(|count| *count += 1);
    }

    async fn hear(self: &Arc<Self>, read: impl AsyncRead) {
        let mut read = std::pin::pin!(read);
        let (mut collector, mut bytes) = (Collector::default(), [0; 512]);
        loop {
            let Ok(count @ 1..) = read.read(&mut bytes).await else { return };
            let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            for found in collector.take(bytes.get(..count).unwrap_or_default(), now) {
                self.found(found);
            }
        }
    }

    async fn speak(&self, write: impl AsyncWrite, mut outbox: mpsc::Receiver<Vec<Piece>>) {
        let mut write = std::pin::pin!(write);
        while let Some(pieces) = outbox.recv().await {
            for piece in pieces {
                match piece {
                    Piece::Bytes(bytes) => {
                        if write.write_all(&bytes).await.is_err() || write.flush().await.is_err() {
                            return;
                        }
                    }
                    Piece::Pause(ms) => pass(ms).await,
                    Piece::HangUp => return,
                }
            }
        }
    }

    fn say(&self, pieces: Vec<Piece>) {
        let line = self.state().line.clone();
        // Where no cable is in, nobody hears it.
        if let Some(line) = line {
            let _ = line.try_send(pieces);
        }
    }

    fn found(self: &Arc<Self>, found: Found) {
        let acknak = self.core().settings.acknak;
        let read = match found {
            Found::Frame(text) => Message::decode(&text).map_err(|error| format!("{text}: {error}")),
            Found::Bad(bad) => Err(format!("{bad:?}")),
            Found::Ack | Found::Nak => return,
        };
        if acknak {
            self.say(vec![Piece::Bytes(vec![if read.is_ok() { 0x06 } else { 0x15 }])]);
        }
        match read {
            Ok(message) => self.message(message),
            // Noise on a line is nobody's fault.
            Err(what) => self.note(format!("no message: {what}")),
        }
    }

    fn message(self: &Arc<Self>, message: Message) {
        if matches!(message, Message::Heard { .. }) {
            let mut state = self.state();
            let told = state.last_told;
            state.heard.insert(told);
            return;
        }
        let terminal = self.terminal();
        let (source, number) = (self.core().settings.source_system.clone(), self.number());
        let entries = self.core().entries().to_vec();
        let Some((category, asked)) = asked(&message, &terminal, &source, number, &entries) else {
            self.core().complaints.push(format!("{} is no request", message.mti()));
            return;
        };
        let shared = Arc::clone(self);
        tokio::spawn(async move { shared.request(category, asked, message).await });
    }

    fn note(&self, what: String) {
        let mut core = self.core();
        if core.trace.len() >= 500 {
            core.trace.pop_front();
        }
        core.trace.push_back(what);
    }

    async fn request(self: Arc<Self>, category: &'static str, asked: Asked, message: Message) {
        let actions = self.core().actions_for(category, &asked);
        let mut behaviour = Behaviour::default();
        behaviour.add(actions.clone());
        if behaviour.delivery == Delivery::Refused {
            // It never arrived.
            return;
        }
        if behaviour.delivery == Delivery::Close {
            self.hang_up();
        }
        pass(behaviour.hold_ms).await;
        if behaviour.unprocessed {
            if behaviour.delivery == Delivery::Cut {
                self.hang_up();
            }
            return;
        }
        if category != "pay" {
            pass(behaviour.slow_ms).await;
        }
        let failed = behaviour.fail.as_deref().map(Code::of);
        let did = match self.beside_the_ledger(&message, failed.as_ref()) {
            Some(reply) => {
                self.reply(&reply, &behaviour, &actions).await;
                return;
            }
            None => self.take(&asked, &actions, failed),
        };
        match did {
            Did::Begins(begun) => {
                if actions.contains(&Outcome::Race.into()) {
                    self.state().racing.insert(asked.id.clone());
                }
                self.accept(&asked.id).await;
                self.run(&asked, begun, &behaviour, &actions).await;
            }
            // The amount's convention: it never arrived.
            Did::Answers(words) if words.delivery == Some(Delivery::Cut) => {}
            Did::Answers(mut words) => {
                self.core().twist(&mut words, &behaviour);
                self.core().note(&asked, &actions, &words);
                let reply = answer(&asked, &words, self.core().entries());
                self.reply(&reply, &behaviour, &actions).await;
            }
        }
    }

    /// A repeated request is known by its number (section 7.2); everything else is the ledger's.
    fn take(&self, asked: &Asked, actions: &[Action], failed: Option<Code>) -> Did {
        let mut core = self.core();
        let runs = |entry: &Entry| entry.id == asked.id && entry.fate.is_some();
        let is_running = core.entries().iter().any(runs);
        let says =
            |code: &str| Words { id: Some(asked.id.clone()), code: code.to_owned(), ..Words::default() };
        match asked.call {
            Some(Call::Pay | Call::Enquire) if is_running => Did::Answers(says("KA024")),
            Some(_) | None => core.take(asked, actions, failed),
        }
    }

    /// Link tests, aborts and settlements.
    fn beside_the_ledger(&self, message: &Message, failed: Option<&Code>) -> Option<Message> {
        let ok = || failed.cloned().unwrap_or_else(|| Code::of("00"));
        if let Message::LinkTest = message {
            let profile = self.core().settings.profile.clone();
            return Some(Message::LinkTested { result: ok(), terminal: self.terminal(), profile });
        }
        if let Message::Abort { mrn } = message {
            let result = if failed.is_none() { self.abort(mrn) } else { ok() };
            return Some(Message::Aborted { result });
        }
        let Message::Settle { mid } = message else { return None };
        Some(Message::Settled(self.close_batch(mid, ok())))
    }

    fn abort(&self, mrn: &str) -> Code {
        let is_racing = {
            let mut state = self.state();
            let is_racing = state.racing.contains(mrn);
            state.hurried.extend(is_racing.then(|| mrn.to_owned()));
            is_racing
        };
        if is_racing {
            return Code::of("00");
        }
        let mut core = self.core();
        let runs = |entry: &Entry| entry.id == *mrn && entry.fate.is_some();
        if !core.entries().iter().any(runs) {
            return Code::of("50");
        }
        core.press_cancel();
        Code::of("00")
    }

    fn close_batch(&self, mid: &str, result: Code) -> wire::kayaaku::serial::Settled {
        let mut core = self.core();
        let batch = core.bank.notebook(BATCHES, |book| {
            book.counter += 1;
            book.counter
        });
        let settled = speech::batch(core.entries(), mid, batch, result);
        core.settle();
        settled
    }
}
