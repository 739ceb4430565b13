//! The Pockyt gateway as the till meets it: strict, with virtual customers, a memory and a bank.
//!
//! | looking for | see |
//! | --- | --- |
//! | what is wrong with a request | `pockyt/strict.rs` |
//! | what a request does | `pockyt/core.rs`; to one transaction: `pockyt/entry.rs` |
//! | which wallet a code belongs to | `pockyt/wallet.rs` |
//! | notifications to the till's listener | `pockyt/ipn.rs` |
//! | how replies are spelled, twisted and broken | `pockyt/delivery.rs` |
//!
//! Written from the protocol dossier `pockyt.md` alone, never from a driver. Invariant: whatever the till
//! was told or not told, the bank holds what happened; a dropped connection stops nothing at the gateway.

mod core;
mod delivery;
mod entry;
mod ipn;
mod settings;
mod strict;
mod wallet;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use wire::pockyt::{DecodeError, Endpoint, Signed};

pub use entry::{Entry, Fate, Refunded};
pub use settings::{Settings, Store};

use self::core::Core;
use crate::bank::Bank;
use crate::clock::Clock;
use crate::delivery::through;
use crate::faults::Plan;
use crate::nexo::{TillLine, WireReply, WireRequest};
use crate::script::{Action, Behaviour, Delivery, Outcome, Script, Twist};
use ipn::Told;

/// How long a customer takes for a step when nobody asks.
const STEP_MS: u64 = 1_500;

/// A gateway. Clones are the same gateway.
#[derive(Clone)]
pub struct PockytGateway {
    shared: Arc<Shared>,
}

struct Shared {
    core: Mutex<Core>,
    line: Mutex<Option<Arc<dyn TillLine>>>,
    /// Counts restarts; every open connection ends when it changes.
    restarts: watch::Sender<u64>,
    /// A gateway is always there; the socket's server wants to know.
    reachable: watch::Sender<bool>,
}

/// Where the reply goes; `None` in it stands for silence on an open connection.
type ReplyTo = oneshot::Sender<Option<WireReply>>;

impl PockytGateway {
    /// A gateway. What the bank holds of it is what it remembers.
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Self {
        let shared = Shared {
            core: Mutex::new(Core::new(settings, bank, clock)),
            line: Mutex::new(None),
            restarts: watch::Sender::new(0),
            reachable: watch::Sender::new(true),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Gives the gateway its way to the till's listener.
    pub fn connect(&self, line: Arc<dyn TillLine>) {
        *self.shared.line.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }

    /// Rules for requests from now on; replaces earlier ones. A rule's category is the last part of a path:
    /// `add`, `pay`, `tran-query` …
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

    /// The bank behind the gateway.
    pub fn bank(&self) -> Bank {
        self.shared.core().bank.clone()
    }

    /// Every transaction, oldest first.
    pub fn transactions(&self) -> Vec<Entry> {
        self.shared.core().entries().to_vec()
    }

    /// The newest requests and their answers, oldest first; of a code only its last two digits.
    pub fn trace(&self) -> Vec<String> {
        self.shared.core().trace.iter().cloned().collect()
    }

    /// What the gateway found wrong with the till's requests.
    pub fn complaints(&self) -> Vec<String> {
        self.shared.core().complaints.clone()
    }

    /// Whether every answer about a transaction is twisted from now on.
    pub fn lies_about(&self, number: &str) -> bool {
        self.shared.core().lies_about(number)
    }

    /// A customer scans a code that is shown somewhere. Must be called within a tokio runtime.
    pub fn scan(&self, link: &str) {
        let awaited = self.shared.core().scan(link);
        self.shared.await_customer(awaited);
    }

    /// Drops every connection; the memory stays.
    pub fn restart(&self) {
        self.shared.restarts.send_modify(|count| *count += 1);
    }

    pub(crate) fn restarts(&self) -> watch::Receiver<u64> {
        self.shared.restarts.subscribe()
    }

    pub(crate) fn reachable(&self) -> watch::Receiver<bool> {
        self.shared.reachable.subscribe()
    }

    /// One HTTP exchange. Dropping the future is the till closing its socket: the gateway goes on. Must be
    /// called within a tokio runtime; works under paused time.
    pub async fn exchange(&self, request: WireRequest) -> WireReply {
        let shared = self.shared.clone();
        let mut restarts = shared.restarts.subscribe();
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

impl Shared {
    /// The state. Never held over an await.
    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(self: Arc<Self>, request: WireRequest, reply: ReplyTo) {
        let WireRequest { method, path, content_type, headers: _, body } = request;
        if method != "POST" {
            self.refused(reply, 405, &format!("{method} {path}"));
            return;
        }
        let kind = content_type.unwrap_or_default();
        let signed = match Signed::decode(&path, &kind, &body) {
            Ok(signed) => signed,
            Err(error) => {
                let status = match error {
                    DecodeError::Path => 404,
                    DecodeError::ContentType => 415,
                    DecodeError::TooLarge => 413,
                    DecodeError::Syntax | DecodeError::Field(_) => 400,
                };
                self.refused(reply, status, &format!("{path}: {error}"));
                return;
            }
        };
        let actions = self.core().actions(&signed);
        let mut behaviour = Behaviour::default();
        behaviour.add(actions.clone());
        if behaviour.delivery == Delivery::Refused {
            let _ = reply.send(Some(WireReply::Refused));
            return;
        }
        self.take(&signed, &actions, behaviour, reply).await;
    }

    fn refused(&self, reply: ReplyTo, status: u16, words: &str) {
        self.core().complaints.push(format!("HTTP {status}: {words}"));
        let answer = match status {
            400 => {
                let refused = strict::data_error("request body");
                let text = refused.reply.encode(&refused.spelling);
                through(refused.status, Vec::new(), text, Delivery::Normal)
            }
            status => Some(WireReply::empty(status)),
        };
        let _ = reply.send(answer);
    }

    /// From a readable request to its answer on the way.
    async fn take(
        self: &Arc<Self>,
        signed: &Signed,
        actions: &[Action],
        behaviour: Behaviour,
        reply: ReplyTo,
    ) {
        let mut reply = Some(reply);
        if behaviour.delivery == Delivery::Close
            && let Some(reply) = reply.take()
        {
            let _ = reply.send(Some(WireReply::Cut));
        }
        pass(behaviour.hold_ms).await;
        if behaviour.restart.is_some_and(|restart| restart.before) {
            self.restarts.send_modify(|count| *count += 1);
            return;
        }
        if behaviour.unprocessed {
            let lost = through(200, Vec::new(), String::new(), behaviour.delivery);
            let _ = reply.take().map(|reply| reply.send(lost));
            return;
        }
        pass(behaviour.slow_ms).await;
        let effects = self.core().handle(signed, actions, &behaviour);
        self.tell(effects.told);
        self.await_customer(effects.awaited);
        if behaviour.restart.is_some() {
            self.restarts.send_modify(|count| *count += 1);
            return;
        }
        let text = effects.reply.encode(&effects.spelling);
        let wire = through(effects.status, Vec::new(), text, behaviour.delivery);
        let takes = self.takes_ms(signed.endpoint).saturating_add(behaviour.late_ms);
        let Some(reply) = reply else { return };
        tokio::spawn(async move {
            pass(takes).await;
            let _ = reply.send(wire);
        });
    }

    fn takes_ms(&self, endpoint: Endpoint) -> u64 {
        let settings = &self.core().settings;
        match endpoint {
            Endpoint::Add | Endpoint::Query | Endpoint::CreateCode => settings.answer_ms,
            Endpoint::Pay | Endpoint::Prepay | Endpoint::Cancel | Endpoint::Refund => settings.wallet_ms,
        }
    }

    fn tell(self: &Arc<Self>, told: Vec<Told>) {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(line) = line else { return };
        for told in told {
            tokio::spawn(ipn::deliver(Arc::clone(&line), told));
        }
    }

    /// A customer whose payment is notified does not wait to be asked about it.
    fn await_customer(self: &Arc<Self>, awaited: Option<(String, u32)>) {
        let Some((number, left)) = awaited else { return };
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            pass(STEP_MS.saturating_mul(u64::from(left) + 1)).await;
            let told = shared.core().ripen(&number);
            shared.tell(told);
        });
    }
}

async fn pass(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

/// What can go wrong with one exchange while the truth can still be learned by asking again, for
/// [`Plan::choosing`].
pub fn faults() -> Vec<Vec<Action>> {
    let deliveries = [
        Delivery::Refused,
        Delivery::Cut,
        Delivery::Cut,
        Delivery::CutMiddle,
        Delivery::Close,
        Delivery::Never,
        Delivery::Empty,
        Delivery::NoContent,
        Delivery::Status(502),
        Delivery::Garbage,
        Delivery::Truncated,
        Delivery::EntityBomb,
        Delivery::Deep,
        Delivery::Twice,
        Delivery::Chunked,
        Delivery::Http10,
    ];
    let twists = [
        Twist::WrongServiceId,
        Twist::WrongSaleId,
        Twist::WrongPoiId,
        Twist::WrongAmount,
        Twist::WrongCurrency,
        Twist::WrongTransaction,
        Twist::UnknownResult,
        Twist::UnknownCondition,
        Twist::Bare,
    ];
    let outcomes = [
        Outcome::Decline { condition: String::new(), receipt: false },
        Outcome::Cancel,
        Outcome::UntilAborted,
        Outcome::Race,
    ];
    let mut all: Vec<Vec<Action>> = Vec::new();
    all.extend(deliveries.map(|delivery| vec![delivery.into()]));
    all.extend(twists.map(|twist| vec![twist.into()]));
    all.extend(outcomes.map(|outcome| vec![outcome.into()]));
    all.extend(["000000", "000080", "000777"].map(|code| vec![Action::Fail(code.to_owned())]));
    all.extend(
        [Action::Slow(20_000), Action::Late(40_000), Action::Hold(8_000)].map(|action| vec![action]),
    );
    all.push(vec![Action::Unprocessed, Delivery::Cut.into()]);
    all.push(vec![Action::Unprocessed, Delivery::Status(503).into()]);
    all.push(vec![Delivery::Close.into(), Action::Hold(60_000)]);
    all
}

/// Lies that are repeated whenever somebody asks: nobody can tell from the gateway what happened.
pub fn lasting_faults() -> Vec<Vec<Action>> {
    let twists = [Twist::WrongAmount, Twist::WrongCurrency, Twist::WrongServiceId, Twist::UnknownResult];
    twists.map(|twist| vec![Action::Sticky, twist.into()]).into()
}
