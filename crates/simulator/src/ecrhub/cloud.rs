//! The operator's gateway in front of a terminal: signed HTTP, orders that are pushed, notifications.
//!
//! | looking for | see |
//! | --- | --- |
//! | knobs | `cloud/settings.rs` |
//! | what is wrong with a request, in the order of the dossier | `cloud/strict.rs` |
//! | what a request does | `cloud/orders.rs` |
//! | reading requests, signing replies | `cloud/speech.rs` |
//! | notifications to the till's listener | `cloud/told.rs` |
//!
//! Dossier chapter 5. Invariant: whatever the till was told, an order that was taken goes on; every reply is
//! signed by the gateway's key unless something else was asked for.

mod orders;
mod settings;
mod speech;
mod strict;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use tokio::sync::{oneshot, watch};
use wire::ecrhub::cloud::Method;
use wire::ecrhub::{Message, Record, Topic, TransType};

use self::orders::Pushed;
use self::speech::{Asked, Odd, Said};
use super::core::category;
use super::{HubTerminal, Shared, pass};
use crate::delivery::through;
use crate::nexo::{TillLine, WireReply, WireRequest};
use crate::script::{Action, Behaviour, Delivery, Outcome, Twist};

pub use self::settings::{Gateway, HUB_KEYS, HubKeys};

/// What the gateway remembers beside its orders.
#[derive(Default)]
pub struct Memory {
    /// Where each order's end is notified.
    notify: BTreeMap<String, String>,
    /// Orders about which one wrong answer was given that their amount asks for.
    lied: BTreeSet<String>,
    /// What their amount asks for.
    courses: BTreeMap<String, super::convention::Course>,
    /// Exchanges so far.
    exchanges: u64,
}

/// Where the reply goes; `None` in it stands for silence on an open connection.
type ReplyTo = oneshot::Sender<Option<WireReply>>;

/// Whether a request is one that money depends on, and the order that it names.
pub fn cloud_money_request(body: &[u8]) -> Option<(&'static str, String)> {
    let asked = Asked::read_body("application/json", body)?;
    (asked.method() == Some(Method::Create)).then_some(())?;
    let record = Record::read(&asked.object());
    let call = match record.kind.as_deref().and_then(TransType::of) {
        Some(TransType::Void) => "void",
        Some(TransType::Refund) => "refund",
        Some(
            TransType::Sale
            | TransType::CashBack
            | TransType::PreAuthorisation
            | TransType::PreAuthorisationCancel
            | TransType::Completion
            | TransType::CompletionCancel
            | TransType::CompletionRefund,
        )
        | None => "pay",
    };
    Some((call, record.number?))
}

impl HubTerminal {
    /// Gives the gateway its way to the till's listener.
    pub fn connect(&self, line: Arc<dyn TillLine>) {
        *self.shared.till.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }

    /// Counts how often every connection was ended from this side.
    pub(crate) fn hang_ups(&self) -> watch::Receiver<u64> {
        self.shared.hang_ups.subscribe()
    }

    /// Whether the gateway can be reached.
    pub(crate) fn reachable(&self) -> watch::Receiver<bool> {
        self.shared.plugged.subscribe()
    }

    /// One HTTP exchange with the gateway. Dropping the future is the till closing its socket: what was taken
    /// goes on. Must be called within a tokio runtime; works under paused time.
    pub async fn exchange(&self, request: WireRequest) -> WireReply {
        if !self.is_plugged() {
            return WireReply::Refused;
        }
        let shared = Arc::clone(&self.shared);
        let mut hang_ups = shared.hang_ups.subscribe();
        let (reply, answered) = oneshot::channel();
        tokio::spawn(async move { shared.ask(request, reply).await });
        tokio::select! {
            biased;
            answer = answered => match answer {
                Ok(Some(reply)) => reply,
                Ok(None) => {
                    let _ = hang_ups.changed().await;
                    WireReply::Cut
                }
                Err(_) => WireReply::Cut,
            },
            _ = hang_ups.changed() => WireReply::Cut,
        }
    }
}

impl Shared {
    async fn ask(self: Arc<Self>, request: WireRequest, reply: ReplyTo) {
        let asked = match Asked::read(&request) {
            Ok(asked) => asked,
            Err(status) => {
                self.core().complaints.push(format!("HTTP {status}: {} {}", request.method, request.path));
                let _ = reply.send(Some(WireReply::empty(status)));
                return;
            }
        };
        let message = asked.message();
        let actions = self.core().actions(&message);
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
        if asked.method() != Some(Method::Create) {
            pass(behaviour.slow_ms).await;
        }
        let Some(mut said) = self.carry_out(&asked, &message, &behaviour, &actions) else {
            // The amount's convention: it never arrived.
            send(Some(WireReply::Cut));
            return;
        };
        let answer_ms = self.core().settings.answer_ms;
        pass(answer_ms + behaviour.late_ms).await;
        self.core().twist(&mut said.reply, &behaviour);
        if behaviour.twists.contains(&Twist::WrongSaleId) {
            said.reply.say("terminal_sn", "SOMEOTHERTERMINAL");
        }
        said.odd = said.odd.or_else(|| odd(&behaviour));
        let text = {
            let mut core = self.core();
            core.memory.exchanges += 1;
            let told = format!("{} {:?} {}", said.reply.code, said.reply.number(), said.reply.words);
            let number = message.record().number.unwrap_or_default();
            core.note(format!("{} {number} {actions:?} => {told}", category(&message)));
            said.written(&core.settings, core.memory.exchanges)
        };
        if behaviour.restart.is_some() {
            self.hang_ups.send_modify(|count| *count += 1);
            return;
        }
        let delivery = said.reply.delivery.unwrap_or(behaviour.delivery);
        send(through(200, Vec::new(), text, delivery));
    }

    /// Checks a request and carries it out; nothing where it never arrived.
    fn carry_out(
        self: &Arc<Self>,
        asked: &Asked,
        message: &Message,
        behaviour: &Behaviour,
        actions: &[Action],
    ) -> Option<Said> {
        let mut core = self.core();
        if let Some((code, words)) = strict::wrong_with(&core.settings, core.now(), asked) {
            core.complaints.push(format!("{} {code}: {words}", category(message)));
            return Some(Said::refused(code, &words));
        }
        if let Some(code) = &behaviour.fail {
            return Some(Said::refused(code, "as the script says"));
        }
        match message.topic {
            Topic::Order => match core.push(asked, message, actions) {
                Pushed::Nothing => None,
                Pushed::Refused(said) => Some(said),
                Pushed::Taken(said, begun) => {
                    drop(core);
                    let slow_ms = behaviour.slow_ms;
                    let shared = Arc::clone(self);
                    tokio::spawn(async move {
                        if let Some(wait_ms) = begun.wait_ms {
                            shared.attend(&begun.number, wait_ms, slow_ms).await;
                        }
                        shared.notify(&begun.number);
                    });
                    Some(said)
                }
            },
            Topic::Query
            | Topic::Close
            | Topic::BatchClose
            | Topic::TipAdjustment
            | Topic::Info
            | Topic::Init
            | Topic::PayInit
            | Topic::Heartbeat
            | Topic::Pair
            | Topic::Unpair
            | Topic::Other(_) => Some(core.look(message)),
        }
    }

    fn notify(&self, number: &str) {
        let line = self.till.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(line) = line else { return };
        for one in self.core().notifications(number) {
            tokio::spawn(told::deliver(Arc::clone(&line), one));
        }
    }
}

/// What a script wants wrong with a reply that only this way has.
fn odd(behaviour: &Behaviour) -> Option<Odd> {
    let has = |twist| behaviour.twists.contains(&twist);
    if has(Twist::NoReceipts) {
        return Some(Odd::Unsigned);
    }
    if has(Twist::BadReceipts) {
        return Some(Odd::BadlySigned);
    }
    has(Twist::FullPan).then_some(Odd::BrokenData)
}

/// What can go wrong with one exchange while the truth can still be learned by asking again, for
/// [`crate::faults::Plan::choosing`].
pub fn cloud_faults() -> Vec<Vec<Action>> {
    let deliveries = [
        Delivery::Refused,
        Delivery::Cut,
        Delivery::Cut,
        Delivery::CutMiddle,
        Delivery::Close,
        Delivery::Never,
        Delivery::Empty,
        Delivery::NoContent,
        Delivery::Status(503),
        Delivery::Garbage,
        Delivery::Truncated,
        Delivery::EntityBomb,
        Delivery::Deep,
        Delivery::Oversize(2_000_000),
        Delivery::Twice,
        Delivery::Chunked,
        Delivery::Http10,
    ];
    let twists = [
        Twist::WrongServiceId,
        Twist::WrongAmount,
        Twist::WrongCurrency,
        Twist::WrongPoiId,
        Twist::WrongSaleId,
        Twist::UnknownResult,
        Twist::UnknownCondition,
        Twist::Bare,
        Twist::NoReceipts,
        Twist::BadReceipts,
        Twist::FullPan,
    ];
    let outcomes = [
        Outcome::Decline { condition: String::new(), receipt: false },
        Outcome::Cancel,
        Outcome::Tip,
        Outcome::UntilAborted,
        Outcome::Race,
    ];
    let mut all: Vec<Vec<Action>> = Vec::new();
    all.extend(deliveries.map(|delivery| vec![delivery.into()]));
    all.extend(twists.map(|twist| vec![twist.into()]));
    all.extend(outcomes.map(|outcome| vec![outcome.into()]));
    all.extend(
        ["SYS001", "999", "E09999", "E07303", "108"].map(|code| vec![Action::Fail(code.to_owned())]),
    );
    all.extend([Action::Slow(20_000), Action::Late(4_000), Action::Late(40_000)].map(|it| vec![it]));
    all.extend([Action::Hold(2_000), Action::Hold(8_000)].map(|it| vec![it]));
    all.push(vec![Action::Unprocessed, Delivery::Cut.into()]);
    all.push(vec![Action::Unprocessed, Delivery::Status(503).into()]);
    all.push(vec![Delivery::Close.into(), Action::Hold(40_000)]);
    all
}
