//! The terminal's state and what it does with a request: one function from state and request to effects.
//!
//! Nothing here waits. What takes time becomes a [`Run`] that the caller performs; what the terminal wants to
//! tell the till becomes a notice that the caller sends. Invariant: at most one run at a time; a run that was
//! dropped cannot change anything.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;
use wire::nexo::{
    Body, ErrorCondition, EventToNotify, Header, Message, MessageCategory, PaymentResponse, Response,
    SaleCapability, TransactionIdentification,
};

use super::card::Card;
use super::case::Case;
use super::matrix::{Admission, Column, Row, admit};
use super::running::{Run, Running, Signal, Work};
use super::settings::{Duplicates, Settings};
use super::stamp;
use super::strict::{Fault, Incoming};
use crate::bank::Bank;
use crate::clock::Clock;
use crate::faults::Plan;
use crate::rng::Rng;
use crate::script::{Behaviour, Occasion, Script};

/// How many messages and complaints are kept for tests and the control interface.
const KEPT: usize = 2_000;

/// The till as a Login described it.
#[derive(Debug, Clone)]
pub struct Till {
    /// Its name.
    pub sale_id: String,
    /// The point of sale.
    pub poi_id: String,
    /// ServiceID of the Login, repeated in device requests while nothing runs.
    pub service_id: String,
    /// What it can do.
    pub capabilities: Vec<SaleCapability>,
    /// Language of its operator.
    pub language: String,
}

impl Till {
    /// Whether the login contained this member.
    pub fn has(&self, capability: &SaleCapability) -> bool {
        self.capabilities.contains(capability)
    }

    /// Default form: the cashier can be asked, so there is a listener (dossier chapter 5.2).
    pub fn is_default_form(&self) -> bool {
        self.has(&SaleCapability::CashierInput)
    }
}

/// An open session.
#[derive(Debug)]
pub struct Session {
    /// With whom.
    pub till: Till,
    /// Identifiers used: ServiceIDs, and DeviceIDs marked as such.
    used: BTreeSet<(bool, String)>,
    /// First answers, kept only where duplicates are answered by replay.
    answers: BTreeMap<String, Message>,
}

/// Card before amount.
#[derive(Debug, Default)]
pub struct Enabled {
    /// The card read last.
    pub card: Option<CardRead>,
}

/// A card read before the amount is known.
#[derive(Debug, Clone)]
pub struct CardRead {
    /// The terminal's number of the acquisition; the payment repeats it.
    pub number: TransactionIdentification,
    /// The till's number; the payment reuses it.
    pub sale: TransactionIdentification,
    /// The card.
    pub card: Card,
}

/// What is to be done with a request.
#[derive(Debug)]
pub enum Step {
    /// Answer at once.
    Answer(Box<Message>),
    /// HTTP 204.
    NoContent,
    /// Nobody is there.
    Unreachable,
    /// Answer when the run is over.
    Perform(Box<Run>),
}

/// What a request leads to.
#[derive(Debug)]
pub struct Effects {
    /// The answer or the way to it.
    pub step: Step,
    /// What the till is told besides, in order.
    pub notices: Vec<Message>,
}

impl From<Step> for Effects {
    fn from(step: Step) -> Self {
        Self { step, notices: Vec::new() }
    }
}

/// A message on the wire, for tests and the control interface.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Traced {
    /// When.
    pub at: Timestamp,
    /// `till` or `terminal`: who sent it.
    pub from: &'static str,
    /// The message, or what stood in its place.
    pub text: String,
}

/// Everything a terminal is at a moment.
pub struct Core {
    pub settings: Settings,
    pub bank: Bank,
    pub clock: Clock,
    pub session: Option<Session>,
    pub last_till: Option<Till>,
    pub poi_parameters: Option<String>,
    pub new_poi_left: Option<(String, u32)>,
    pub running: Option<Running>,
    pub enabled: Option<Enabled>,
    pub read_card: Option<CardRead>,
    pub busy_until: Option<Instant>,
    pub maintenance: bool,
    pub unplugged: bool,
    pub update_waiting: bool,
    pub connection_error: bool,
    pub script: Script,
    pub plan: Option<Plan>,
    pub busy_told: BTreeMap<String, u32>,
    pub runs: u64,
    pub devices: u64,
    pub events: u64,
    pub complaints: VecDeque<String>,
    pub held: VecDeque<(String, u64)>,
    pub trace: VecDeque<Traced>,
}

impl Core {
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Self {
        Self {
            poi_parameters: settings.poi_id.clone(),
            settings,
            bank,
            clock,
            session: None,
            last_till: None,
            new_poi_left: None,
            running: None,
            enabled: None,
            read_card: None,
            busy_until: None,
            maintenance: false,
            unplugged: false,
            update_waiting: false,
            connection_error: false,
            script: Script::new(),
            plan: None,
            busy_told: BTreeMap::new(),
            runs: 0,
            devices: 0,
            events: 2_000,
            complaints: VecDeque::new(),
            held: VecDeque::new(),
            trace: VecDeque::new(),
        }
    }

    /// The column of the acceptance matrix.
    pub fn column(&self) -> Column {
        if self.maintenance {
            Column::Maintenance
        } else if self.session.is_none() {
            Column::LoggedOut
        } else if self.running.is_some() {
            Column::Paying
        } else if self.enabled.is_some() {
            Column::Enabled
        } else if self.busy_until.is_some_and(|until| Instant::now() < until) {
            Column::Cooling
        } else {
            Column::Idle
        }
    }

    /// What convention, plan and script want done with a request.
    pub fn behaviour(&mut self, incoming: &Incoming) -> Behaviour {
        let mut behaviour = Behaviour::default();
        // An amount tells what becomes of a payment, not of the refusal to begin one.
        let begins = matches!(self.column(), Column::Idle | Column::Enabled);
        if self.settings.convention
            && begins
            && let Some(amount) = incoming.amount()
        {
            let told =
                incoming.transaction().map(|transaction| self.busy_told.entry(transaction).or_default());
            behaviour.add(super::convention::actions(amount, told));
        }
        if let Some(plan) = &self.plan {
            behaviour.add(plan.next());
        }
        let occasion = Occasion {
            category: incoming.header.category.as_str().to_owned(),
            amount: incoming.amount(),
            transaction: incoming.transaction(),
        };
        let scripted = self.script.decide(&occasion);
        behaviour.add(scripted);
        behaviour
    }

    /// Takes a request.
    pub fn handle(&mut self, incoming: &Incoming, behaviour: Behaviour) -> Effects {
        let column = self.column();
        if column == Column::Maintenance {
            return self.in_maintenance(incoming);
        }
        if let Some(fault) = &incoming.fault {
            return self.refuse_fault(incoming, fault);
        }
        let Some(body) = &incoming.body else {
            return self.refuse(incoming, ErrorCondition::MessageFormat, "message cannot be read");
        };
        if let Some(effects) = self.outside_session(incoming) {
            return effects;
        }
        let row = Row::of(&incoming.header, body);
        if let Some(condition) = behaviour.fail.as_deref().filter(|_| row != Row::Abort) {
            return self.refuse(incoming, ErrorCondition::from(condition), "As the script wants it");
        }
        match admit(row, column) {
            Admission::Go => self.act(row, incoming, body, behaviour),
            Admission::Fail(condition) => self.refuse(incoming, condition, "Not in this state"),
            Admission::Unreachable => Step::Unreachable.into(),
        }
    }

    fn act(&mut self, row: Row, incoming: &Incoming, body: &Body, behaviour: Behaviour) -> Effects {
        let header = &incoming.header;
        match row {
            Row::Login => self.login(incoming),
            Row::Logout => self.logout(incoming),
            Row::Payment => self.payment(incoming, behaviour),
            Row::Reversal => self.reversal(incoming, behaviour),
            Row::EnableStart | Row::EnableAbort => self.enable(row, incoming),
            Row::CardAcquisition => self.card_acquisition(incoming, behaviour),
            Row::Device => self.device(header, body, behaviour),
            Row::Status => self.status(header, body),
            Row::Abort => self.abort(incoming),
            Row::Admin => self.answer(incoming, Response::success()),
            Row::Other => {
                self.refuse(incoming, ErrorCondition::UnavailableService, "Service is not supported")
            }
        }
    }

    /// What makes a well-formed request unacceptable whatever the state: another session's names, an
    /// identifier used before (dossier chapter 18.2).
    fn outside_session(&mut self, incoming: &Incoming) -> Option<Effects> {
        let header = &incoming.header;
        if header.category == MessageCategory::Login {
            let other = self.session.as_ref().is_some_and(|session| session.till.poi_id != header.poi_id);
            let text = "POIID cannot be changed within a session";
            return other.then(|| self.refuse(incoming, ErrorCondition::NotAllowed, text));
        }
        let session = self.session.as_mut()?;
        let foreign = if session.till.poi_id != header.poi_id {
            Some("POIID is not the session's")
        } else if session.till.sale_id != header.sale_id {
            Some("SaleID is not the session's")
        } else {
            None
        };
        if let Some(text) = foreign {
            return Some(self.refuse(incoming, ErrorCondition::NotAllowed, text));
        }
        let service_id = header.service_id.clone().unwrap_or_default();
        let mut fresh = session.used.insert((false, service_id.clone()));
        if let Some(device_id) = &header.device_id {
            fresh &= session.used.insert((true, device_id.clone()));
        }
        if fresh {
            return None;
        }
        match self.settings.duplicates {
            Duplicates::Ignore => None,
            Duplicates::Refuse => {
                let text = "MessageHeader/@ServiceID was used before in this session";
                Some(self.refuse(incoming, ErrorCondition::MessageFormat, text))
            }
            Duplicates::Replay => Some(match session.answers.get(&service_id).cloned() {
                Some(answer) => Step::Answer(Box::new(answer)).into(),
                None => self.refuse(incoming, ErrorCondition::Busy, "Still at it"),
            }),
        }
    }

    fn refuse_fault(&mut self, incoming: &Incoming, fault: &Fault) -> Effects {
        let mut effects = self.refuse(incoming, fault.condition.clone(), &fault.text);
        if incoming.header.category == MessageCategory::Abort && self.session.is_some() {
            let rejected = Some(incoming.bytes.clone());
            effects.notices.extend(self.event(EventToNotify::Reject, &fault.text, false, rejected));
        }
        effects
    }

    fn in_maintenance(&self, incoming: &Incoming) -> Effects {
        let login = incoming.header.category == MessageCategory::Login && incoming.fault.is_none();
        if login && !self.settings.maintenance_refuses {
            return self.refuse(incoming, ErrorCondition::Busy, "Maintenance");
        }
        Step::Unreachable.into()
    }

    /// The failing answer of the right shape. An Abort has none: 204, and the till is told by an event.
    pub fn refuse(&self, incoming: &Incoming, condition: ErrorCondition, text: &str) -> Effects {
        if incoming.header.category == MessageCategory::Abort {
            return Step::NoContent.into();
        }
        self.answer(incoming, Response::failure(condition, text))
    }

    /// The answer with nothing but a result, the terminal's time where a transaction would have one.
    pub fn answer(&self, incoming: &Incoming, response: Response) -> Effects {
        let answer = match &incoming.body {
            Some(body) => Message::new(incoming.header.clone(), body.clone()).answer(response),
            None => incoming.header.answer(response),
        };
        let Some(mut answer) = answer else { return Step::NoContent.into() };
        let now = TransactionIdentification::new("0", self.utc_stamp("refusal"));
        if let Body::PaymentResponse(PaymentResponse { poi_data: Some(data), .. }) = &mut answer.body {
            data.poi_transaction_id = Some(now);
        } else if let Body::CardAcquisitionResponse(body) = &mut answer.body
            && let Some(data) = &mut body.poi_data
        {
            data.poi_transaction_id = Some(now);
        }
        Step::Answer(Box::new(answer)).into()
    }

    /// Opens a session; the old one is gone.
    pub fn open_session(&mut self, till: Till) {
        let used = BTreeSet::from([(false, till.service_id.clone())]);
        self.last_till = Some(till.clone());
        self.session = Some(Session { till, used, answers: BTreeMap::new() });
        self.enabled = None;
        self.read_card = None;
        let busy = self.settings.busy_after_login_ms;
        self.busy_until = (busy > 0).then(|| Instant::now() + Duration::from_millis(busy));
    }

    /// Keeps the first answer to an identifier, where duplicates are answered by it.
    pub fn keep_answer(&mut self, answer: &Message) {
        let replay = self.settings.duplicates == Duplicates::Replay;
        let Some(session) = self.session.as_mut().filter(|_| replay) else { return };
        let service_id = answer.header.service_id.clone().unwrap_or_default();
        session.answers.entry(service_id).or_insert_with(|| answer.clone());
    }

    /// Starts a run.
    pub fn begin(
        &mut self,
        header: &Header,
        work: Work,
        case: Option<Arc<Case>>,
        behaviour: Behaviour,
    ) -> Effects {
        let Some(till) = self.session.as_ref().map(|session| session.till.clone()) else {
            return Step::Unreachable.into();
        };
        self.runs += 1;
        self.connection_error = false;
        let (sender, signal) = watch::channel(Signal::Go);
        self.running = Some(Running::new(self.runs, header.clone(), case, sender));
        let rng = Rng::keyed(self.settings.seed, &format!("run {:?}", header.service_id));
        let header = header.clone();
        Step::Perform(Box::new(Run { id: self.runs, header, work, till, behaviour, rng, signal })).into()
    }

    /// The next number and time of a transaction.
    pub fn next_transaction(&mut self, service_id: Option<&String>) -> TransactionIdentification {
        let number = self.settings.number.clone();
        let counter = self.bank.notebook(&number, |notebook| {
            notebook.counter = notebook.counter % 9_999 + 1;
            notebook.counter
        });
        TransactionIdentification::new(
            format!("{number}{counter:04}"),
            self.utc_stamp(&format!("{service_id:?}")),
        )
    }

    /// Now, in UTC, with two or three digits.
    pub fn utc_stamp(&self, key: &str) -> String {
        let short = self.settings.vary && Rng::keyed(self.settings.seed, &format!("stamp {key}")).one_in(2);
        stamp::utc((self.clock)(), if short { 2 } else { 3 })
    }

    /// Some terminals show a text before they answer a Login (dossier chapter 5.3, rule 7).
    pub fn greets_early(&self) -> bool {
        let Some(session) = &self.session else { return false };
        self.settings.vary
            && Rng::keyed(self.settings.seed, &format!("greet {}", session.till.service_id)).one_in(4)
    }

    /// Writes down what the till did wrong.
    pub fn complain(&mut self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!(terminal = %self.settings.number, %text, "the till is wrong");
        keep(&mut self.complaints, text);
    }

    /// Writes down that a request was on its way for long.
    pub fn hold(&mut self, incoming: &Incoming, ms: u64) {
        keep(&mut self.held, (incoming.header.service_id.clone().unwrap_or_default(), ms));
    }

    /// Writes down a message.
    pub fn note(&mut self, from: &'static str, text: impl Into<String>) {
        let at = (self.clock)();
        keep(&mut self.trace, Traced { at, from, text: text.into() });
    }
}

fn keep<T>(list: &mut VecDeque<T>, item: T) {
    if list.len() >= KEPT {
        list.pop_front();
    }
    list.push_back(item);
}
