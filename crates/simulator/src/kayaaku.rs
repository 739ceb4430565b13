//! The Kayaaku host as the till meets it, with one device behind each serial number: strict, with virtual
//! customers, a memory and a bank, in both generations at once.
//!
//! | looking for | see |
//! | --- | --- |
//! | keys, devices, knobs | `kayaaku/settings.rs` |
//! | opening and closing envelopes of either generation | `kayaaku/speech.rs` |
//! | what is wrong with a request, what a request does | `kayaaku/core.rs` |
//! | what the last two digits of an amount do | `kayaaku/convention.rs` |
//! | one transaction | `kayaaku/entry.rs` |
//! | the same ledger in a device on a cable | `kayaaku/serial.rs` |
//!
//! Written from the protocol dossier `kayaaku.md` alone, never from a driver. Invariant: whatever the till
//! was told or not told, the bank holds what happened; a dropped connection stops nothing on the device.

mod convention;
mod core;
mod entry;
pub mod serial;
mod settings;
mod speech;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use wire::kayaaku::Code;

pub use entry::{Entry, Fate};
pub use settings::{HOST_KEYS, Settings, TILL_KEYS, TestKeys};
pub use speech::money_request;

use self::core::{Begun, Core, Did};
use self::speech::{Asked, Speech, Words};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::delivery::{PAGE, through};
use crate::faults::Plan;
use crate::nexo::{TillLine, WireReply, WireRequest};
use crate::script::{Action, Behaviour, Delivery, Outcome, Script, Twist};

/// Where the reply goes; `None` in it stands for silence on an open connection.
type ReplyTo = oneshot::Sender<Option<WireReply>>;

/// A host. Clones are the same host.
#[derive(Clone)]
pub struct KayaakuHost {
    shared: Arc<Shared>,
}

struct Shared {
    core: Mutex<Core>,
    speech: Speech,
    line: Mutex<Option<Arc<dyn TillLine>>>,
    /// Counts restarts; every open connection ends when it changes.
    restarts: watch::Sender<u64>,
    reachable: watch::Sender<bool>,
}

impl KayaakuHost {
    /// A host. What the bank holds of it is what it remembers. `None`: a key or the message
    /// type of enquiries cannot be used.
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Option<Self> {
        let speech = Speech::new(&settings)?;
        let shared = Shared {
            core: Mutex::new(Core::new(settings, bank, clock)),
            speech,
            line: Mutex::new(None),
            restarts: watch::Sender::new(0),
            reachable: watch::Sender::new(true),
        };
        Some(Self { shared: Arc::new(shared) })
    }

    /// Gives the host its way to the till's listener.
    pub fn connect(&self, line: Arc<dyn TillLine>) {
        *self.shared.line.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }

    /// Rules for requests from now on; a rule's category is `pay`, `enquire`, `void` or `refund`.
    pub fn follow(&self, script: Script) {
        self.shared.core().script = script;
    }

    /// Seeded faults from now on; see [`faults`].
    pub fn suffer(&self, plan: Plan) {
        self.shared.core().plan = Some(plan);
    }

    /// Turns knobs from now on; keys stay.
    pub fn turn(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.shared.core().settings);
    }

    /// The bank behind the host.
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

    /// What the host found wrong with the till's requests.
    pub fn complaints(&self) -> Vec<String> {
        self.shared.core().complaints.clone()
    }

    /// Whether every answer about a transaction is twisted from now on.
    pub fn lies_about(&self, id: &str) -> bool {
        self.shared.core().lies_about(id)
    }

    /// Somebody presses Cancel on a device before the customer has paid.
    pub fn press_cancel(&self) {
        self.shared.core().press_cancel();
    }

    /// Closes the batch: what was paid so far cannot be voided any more.
    pub fn settle(&self) {
        self.shared.core().settle();
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

    /// One HTTP exchange. Dropping the future is the till closing its socket: the device goes on. Must be
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
        let asked = match self.speech.read(&request) {
            Ok(asked) => asked,
            Err(status) => {
                self.core().complaints.push(format!("HTTP {status}: {} {}", request.method, request.path));
                let _ = reply.send(Some(WireReply::empty(status)));
                return;
            }
        };
        let actions = self.core().actions(&asked);
        let mut behaviour = Behaviour::default();
        behaviour.add(actions.clone());
        let mut reply = Some(reply);
        let mut send = |answer: Option<WireReply>| reply.take().map(|reply| reply.send(answer));
        if behaviour.delivery == Delivery::Refused {
            send(Some(WireReply::Refused));
            return;
        }
        if behaviour.delivery == Delivery::Close {
            send(Some(WireReply::Cut));
        }
        pass(behaviour.hold_ms).await;
        if behaviour.unprocessed {
            send(through(200, Vec::new(), String::new(), behaviour.delivery));
            return;
        }
        pass(behaviour.slow_ms).await;
        let Some(mut words) = self.act(&asked, &actions, &behaviour).await else {
            send(None);
            return;
        };
        pass(behaviour.late_ms).await;
        self.core().twist(&mut words, &behaviour);
        self.core().note(&asked, &actions, &words);
        if behaviour.restart.is_some() {
            self.restarts.send_modify(|count| *count += 1);
            return;
        }
        let convention = words.delivery.take();
        if convention == Some(Delivery::Status(502)) {
            send(through(502, Vec::new(), PAGE.to_owned(), Delivery::Normal));
            return;
        }
        let delivery = convention.unwrap_or(behaviour.delivery);
        let (headers, text) = self.speech.write(&asked, &words);
        send(through(200, headers, text, delivery));
    }

    /// Carries a request out; nothing where no answer ever comes.
    async fn act(
        self: &Arc<Self>,
        asked: &Asked,
        actions: &[Action],
        behaviour: &Behaviour,
    ) -> Option<Words> {
        let did = {
            let mut core = self.core();
            let failed = behaviour.fail.as_deref().map(Code::of);
            core.take(asked, actions, failed)
        };
        match did {
            Did::Answers(words) => {
                let takes_ms = self.core().settings.answer_ms;
                pass(takes_ms).await;
                Some(words)
            }
            Did::Begins(begun) => self.device(asked, begun).await,
        }
    }

    /// The device: the customer acts, the receipt is shown, somebody presses NEXT.
    async fn device(self: &Arc<Self>, asked: &Asked, begun: Begun) -> Option<Words> {
        let customer_ms = self.core().settings.customer_ms;
        let (id, steps) = (begun.id, begun.wait_ms.unwrap_or(customer_ms));
        // Whoever waits on the device looks every now and then whether somebody pressed Cancel.
        let mut waited = 0;
        while waited < steps && !self.core().is_cancelled(&id) {
            let step = (steps - waited).min(customer_ms.max(1));
            pass(step).await;
            waited += step;
        }
        self.core().decide(&id);
        self.notify(asked, &id, begun.notifications);
        pass(begun.next_ms?).await;
        Some(self.core().answer_about(&id, begun.words))
    }

    fn notify(self: &Arc<Self>, asked: &Asked, id: &str, how: convention::Notifications) {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (Some(line), Some(path)) = (line, self.core().notify_path(id)) else { return };
        let told = self.core().notification(asked, id);
        for number in 0..how.times {
            let is_forged = how.forged && number == 0;
            let (headers, text) = self.speech.notification(&told, is_forged, u64::from(number));
            let (line, path) = (Arc::clone(&line), path.clone());
            tokio::spawn(async move {
                for gap in [0, 15_000, 60_000] {
                    pass(gap).await;
                    let answer = line.post_with(&path, headers.clone(), text.clone().into_bytes()).await;
                    if answer.is_ok_and(|(status, _)| status == 200) {
                        return;
                    }
                }
            });
        }
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
    all.extend(["60", "77", "99", "KA023"].map(|code| vec![Action::Fail(code.to_owned())]));
    all.extend(
        [Action::Slow(20_000), Action::Late(100_000), Action::Hold(8_000)].map(|action| vec![action]),
    );
    all.push(vec![Action::Unprocessed, Delivery::Cut.into()]);
    all.push(vec![Action::Unprocessed, Delivery::Status(503).into()]);
    all.push(vec![Delivery::Close.into(), Action::Hold(60_000)]);
    all
}

/// Lies that are repeated whenever somebody asks: nobody can tell from the host what happened.
pub fn lasting_faults() -> Vec<Vec<Action>> {
    let twists = [Twist::WrongAmount, Twist::WrongCurrency, Twist::WrongServiceId, Twist::UnknownResult];
    twists.map(|twist| vec![Action::Sticky, twist.into()]).into()
}
