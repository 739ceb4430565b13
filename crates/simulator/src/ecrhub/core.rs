//! The terminal's state, and what a request does to it.
//!
//! Dossier sections 2.3 to 2.12. Invariant: what the bank holds happened, whatever the till was told; every
//! order lies in the bank's notebook, so that a restart forgets nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use wire::ecrhub::{Decimal, Message, Record, Status, Topic, TransType, scalar};

use super::cloud::Memory;
use super::convention::{Course, Wrong, card_course, course, outcome_of, scripted};
use super::entry::Entry;
use super::settings::Settings;
use super::speech::{Reply, business};
use super::strict::wrong_with;
use crate::bank::{Bank, Page};
use crate::clock::Clock;
use crate::faults::Plan;
use crate::script::{Action, Behaviour, Occasion, Script, Twist};

/// Under which name the bank keeps the terminal's memory.
const NOTEBOOK: &str = "ecrhub";
/// First number of the operator less one.
const NUMBERS: u64 = 7_000_000_000_000_000;
/// Exchanges that are kept for whoever looks for a fault.
const TRACED: usize = 500;

/// What a request leads to.
pub enum Did {
    /// An answer at once.
    Answers(Reply),
    /// An order that a customer is asked for.
    Begins(Begun),
}

/// An order that begins.
pub struct Begun {
    pub number: String,
    /// How long the customer takes, where that is not the terminal's own time.
    pub wait_ms: Option<u64>,
    /// What the answer says in place of the truth.
    pub course: Course,
}

/// What rules call a request.
pub fn category(message: &Message) -> &'static str {
    match &message.topic {
        Topic::Order => match message.record().kind.as_deref().and_then(TransType::of) {
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
        },
        Topic::Query => "query",
        Topic::Close => "close",
        Topic::BatchClose => "batch",
        Topic::Info => "info",
        Topic::TipAdjustment
        | Topic::Init
        | Topic::PayInit
        | Topic::Heartbeat
        | Topic::Pair
        | Topic::Unpair
        | Topic::Other(_) => "other",
    }
}

/// Decimals of a currency (section 2.6).
pub fn decimals(currency: &str) -> u8 {
    match currency {
        "JPY" | "KRW" | "VND" => 0,
        "KWD" | "BHD" | "OMR" => 3,
        _ => 2,
    }
}

pub struct Core {
    pub settings: Settings,
    pub bank: Bank,
    pub script: Script,
    pub plan: Option<Plan>,
    pub complaints: Vec<String>,
    /// Requests and answers, the newest at the end.
    pub trace: VecDeque<String>,
    clock: Clock,
    entries: Vec<Entry>,
    /// What the gateway remembers beside its orders.
    pub memory: Memory,
    /// Lies that are told about an order from now on.
    lies: BTreeMap<String, BTreeSet<Twist>>,
}

impl Core {
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Self {
        let read = |page: &Page| serde_json::from_str(&page.text).ok();
        let entries =
            bank.read_notebook(NOTEBOOK, |notebook| notebook.pages.iter().filter_map(read).collect());
        Self {
            settings,
            bank,
            script: Script::new(),
            plan: None,
            complaints: Vec::new(),
            trace: VecDeque::new(),
            clock,
            entries,
            memory: Memory::default(),
            lies: BTreeMap::new(),
        }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn lies_about(&self, number: &str) -> bool {
        self.lies.get(number).is_some_and(|lies| !lies.is_empty())
    }

    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// A date without a zone, as terminals write it.
    pub fn local(&self) -> String {
        self.now().to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// What is to happen to a request.
    pub fn actions(&mut self, message: &Message) -> Vec<Action> {
        let record = message.record();
        let places = decimals(record.currency.as_deref().unwrap_or_default());
        let minor = record.amount.as_deref().and_then(|text| Decimal::parse(text)?.minor(places));
        let occasion =
            Occasion { category: category(message).to_owned(), amount: minor, transaction: record.number };
        let mut actions = self.plan.as_ref().map(Plan::next).unwrap_or_default();
        actions.extend(self.script.decide(&occasion));
        actions
    }

    /// Carries a request out. `failed`: it is refused with this code before anything starts.
    pub fn take(&mut self, message: &Message, actions: &[Action], failed: Option<&str>) -> Did {
        if let Some((code, said)) = wrong_with(&self.settings, message) {
            self.complaints.push(format!("{} {code}: {said}", category(message)));
            return Did::Answers(Reply::plain(code, &said));
        }
        if let Some(code) = failed {
            return Did::Answers(Reply::plain(code, "as the script says"));
        }
        let record = message.record();
        match &message.topic {
            Topic::Order => self.order(message, &record, actions),
            Topic::Query => Did::Answers(self.query(&record)),
            Topic::Close => Did::Answers(self.close(&record)),
            Topic::BatchClose if self.settings.closes_batches => {
                self.settle();
                Did::Answers(Reply::plain(&self.settings.success, "Batch closed"))
            }
            Topic::Info => Did::Answers(self.info()),
            Topic::Init | Topic::PayInit | Topic::Heartbeat => {
                Did::Answers(Reply::plain(&self.settings.success, "SUCCESS"))
            }
            Topic::BatchClose | Topic::TipAdjustment | Topic::Pair | Topic::Unpair | Topic::Other(_) => {
                Did::Answers(Reply::plain("114", "not supported"))
            }
        }
    }

    fn order(&mut self, message: &Message, record: &Record, actions: &[Action]) -> Did {
        let number = record.number.clone().unwrap_or_default();
        if self.find(&number).is_some() {
            return Did::Answers(Reply::plain("113", "Duplicate order"));
        }
        if self.entries.iter().any(|entry| entry.fate.is_some()) {
            return Did::Answers(Reply::plain("113", "A payment is already running"));
        }
        let entry = self.entry(message, record);
        match entry.does() {
            Some(TransType::Void) => Did::Answers(self.void(entry)),
            Some(TransType::Refund) => Did::Answers(self.refund(entry)),
            Some(TransType::Sale | TransType::CashBack) => self.sale(entry, message, actions),
            Some(
                TransType::PreAuthorisation
                | TransType::PreAuthorisationCancel
                | TransType::Completion
                | TransType::CompletionCancel
                | TransType::CompletionRefund,
            )
            | None => Did::Answers(Reply::plain("114", "not supported")),
        }
    }

    pub(super) fn sale(&mut self, mut entry: Entry, message: &Message, actions: &[Action]) -> Did {
        let total = entry.minor + entry.cash;
        let amount = match &self.settings {
            knobs if knobs.convention => course(total),
            knobs if knobs.card_amounts => card_course(total),
            _ => Course::default(),
        };
        let fields = message.business.as_ref();
        let expires = fields.and_then(|fields| fields.get("expires")).and_then(scalar);
        // Terminals do not go below a minute (section 2.3).
        let own = expires.and_then(|text| text.parse::<u64>().ok()).unwrap_or(300).max(60) * 1_000;
        let patience = own.min(self.settings.patience_ms);
        let plan = match outcome_of(actions) {
            // What never gets as far as the customer has none.
            Some(outcome) if amount.fate.is_some() => scripted(outcome, amount, patience),
            Some(_) | None => amount,
        };
        let Some(fate) = plan.fate.clone() else {
            if plan.exists {
                // Somebody else's payment of another amount: a number alone is no proof.
                (entry.foreign, entry.minor) = (true, entry.minor + 1);
                entry.status = Status::Successful.number().to_owned();
                entry.code.clone_from(&self.settings.success);
                self.keep(entry);
            }
            let (code, words) = plan.answers.unwrap_or(("999", "System error"));
            return Did::Answers(Reply { delivery: plan.delivery, ..Reply::plain(code, words) });
        };
        entry.tip = entry.minor * plan.tip_percent / 100;
        entry.hidden = plan.hidden;
        let wait_ms = if fate == super::entry::Fate::Waits { Some(patience) } else { plan.wait_ms };
        entry.fate = Some(fate);
        let number = entry.number.clone();
        self.keep(entry);
        Did::Begins(Begun { number, wait_ms, course: plan })
    }

    pub(super) fn entry(&mut self, message: &Message, record: &Record) -> Entry {
        let count = self.bank.notebook(NOTEBOOK, |notebook| {
            notebook.counter += 1;
            notebook.counter
        });
        let places = decimals(record.currency.as_deref().unwrap_or_default());
        let minor = |text: &Option<String>| {
            text.as_deref().and_then(|text| Decimal::parse(text)?.minor(places)).unwrap_or_default()
        };
        Entry {
            number: record.number.clone().unwrap_or_default(),
            kind: record.kind.clone().unwrap_or_default(),
            original: record.original.clone(),
            app_id: message.app_id.clone().unwrap_or_default(),
            minor: minor(&record.amount),
            tip: 0,
            cash: minor(&record.cash_back),
            currency: record.currency.clone().unwrap_or_default(),
            created: self.now(),
            fate: None,
            status: Status::Waiting.number().to_owned(),
            code: String::new(),
            words: String::new(),
            trans_no: (NUMBERS + count).to_string(),
            rrn: format!("{count:012}"),
            approval: None,
            card: Some(format!("400000******{:04}", count % 10_000)),
            settled: false,
            foreign: false,
            refunded: 0,
            cancelled: false,
            closed: false,
            hidden: 0,
            bank: None,
        }
    }

    /// The customer has begun: it cannot be closed any more.
    pub fn touch(&mut self, number: &str) {
        if let Some(mut entry) = self.find(number).filter(|entry| entry.fate.is_some() && !entry.closed) {
            entry.status = Status::Running.number().to_owned();
            self.keep(entry);
        }
    }

    /// The customer acts.
    pub fn decide(&mut self, number: &str) {
        if let Some(mut entry) = self.find(number) {
            let Settings { serial, merchant, success, .. } = self.settings.clone();
            entry.decide(&self.bank, &serial, &merchant, &success, self.now());
            self.keep(entry);
        }
    }

    pub fn is_stopped(&self, number: &str) -> bool {
        self.find(number).is_none_or(|entry| entry.cancelled || entry.closed)
    }

    pub fn waits(&self, number: &str) -> bool {
        self.find(number).is_some_and(|entry| entry.fate == Some(super::entry::Fate::Waits))
    }

    pub fn press_cancel(&mut self) {
        let running: Vec<_> = self.entries.iter().filter(|entry| entry.fate.is_some()).cloned().collect();
        for mut entry in running {
            entry.cancelled = true;
            self.keep(entry);
        }
    }

    pub fn settle(&mut self) {
        for mut entry in self.entries.clone() {
            entry.settled = entry.fate.is_none();
            self.keep(entry);
        }
    }

    /// The answer to an order, when it is over.
    pub fn answer_about(&self, number: &str, course: &Course) -> Reply {
        let Some(entry) = self.find(number) else { return Reply::default() };
        let mut reply = Reply {
            business: business(&entry, decimals(&entry.currency)),
            is_empty: self.settings.empty_on_cancel && entry.code == "110",
            ..Reply::plain(&entry.code, &entry.words)
        };
        if let Some((code, words)) = course.answers {
            reply = Reply::plain(code, words);
        }
        match course.wrong {
            Some(Wrong::Number) => reply.say("merchant_order_no", "SOMEBODYELSES"),
            Some(Wrong::Amount) => {
                let more = Decimal::from_minor(entry.minor + 100, decimals(&entry.currency));
                reply.say("order_amount", &more.map(|it| it.to_string()).unwrap_or_default());
            }
            Some(Wrong::Currency) => reply.say("price_currency", "THB"),
            Some(Wrong::Kind) => reply.say("trans_type", "3"),
            Some(Wrong::NoState) => reply.business.retain(|(name, _)| *name != "trans_status"),
            Some(Wrong::State(state)) => reply.say("trans_status", state),
            Some(Wrong::StrayFirst) => reply.stray_first = true,
            None => {}
        }
        reply.delivery = course.delivery;
        reply
    }

    fn query(&mut self, record: &Record) -> Reply {
        let found = record.number.as_deref().and_then(|number| self.find(number));
        let Some(mut entry) = found else { return Reply::plain("104", "Order not found") };
        let mut fields = business(&entry, decimals(&entry.currency));
        if entry.hidden > 0 {
            entry.hidden -= 1;
            fields = vec![
                ("merchant_order_no", entry.number.clone()),
                ("trans_status", Status::Running.number().to_owned()),
            ];
            self.keep(entry.clone());
        }
        if entry.state() == Status::Failed && entry.fate.is_none() {
            fields.push(("trans_error_code", entry.code.clone()));
            fields.push(("trans_error_msg", entry.words.clone()));
        }
        Reply { business: fields, ..Reply::plain(&self.settings.success, "SUCCESS") }
    }

    fn close(&mut self, record: &Record) -> Reply {
        let number = record.number.clone().unwrap_or_default();
        let mut accepted = Reply::plain(&self.settings.success, "");
        accepted.say("merchant_order_no", &number);
        match self.find(&number) {
            None => Reply::plain("104", "Order not found"),
            Some(mut entry) if entry.fate.is_some() && entry.state() == Status::Waiting => {
                entry.closed = true;
                self.keep(entry);
                accepted
            }
            // The race: what the customer does still counts.
            Some(_) if self.settings.accepts_late_close => accepted,
            Some(_) => Reply::plain("106", "The order cannot be closed"),
        }
    }

    fn info(&self) -> Reply {
        let device = vec![
            ("device_name", "P5".to_owned()),
            ("app_name", "SADAD POS".to_owned()),
            ("device_sn", self.settings.serial.clone()),
        ];
        Reply { device, ..Reply::plain(&self.settings.success, "SUCCESS") }
    }

    /// A refusal repeats what was asked, as the field reports have it.
    pub fn repeat(&self, message: &Message, reply: &mut Reply) {
        if !reply.business.is_empty() || self.settings.empty_on_cancel {
            return;
        }
        let Some(number) = message.record().number else { return };
        reply.say("merchant_order_no", &number);
    }

    /// Makes an answer wrong as a script or plan wants it.
    pub fn twist(&mut self, reply: &mut Reply, behaviour: &Behaviour) {
        let Some(number) = reply.number() else { return };
        let lies = self.lies.entry(number.clone()).or_default();
        if behaviour.sticky {
            lies.extend(behaviour.twists.iter().copied());
        }
        for twist in lies.union(&behaviour.twists) {
            match twist {
                Twist::WrongServiceId | Twist::WrongTransaction => {
                    reply.say("merchant_order_no", "SOMEBODYELSES")
                }
                Twist::WrongAmount => {
                    let told = reply.business.iter().find(|(name, _)| *name == "order_amount");
                    let amount = told.and_then(|(_, text)| Decimal::parse(text));
                    let one = Decimal::from_minor(1, 0);
                    let more = amount.zip(one).and_then(|(amount, one)| amount.plus(one));
                    if let Some(more) = more {
                        reply.say("order_amount", &more.to_string());
                    }
                }
                Twist::WrongCurrency => reply.say("price_currency", "THB"),
                Twist::WrongPoiId => reply.say("trans_type", "4"),
                Twist::UnknownResult => (reply.code, reply.words) = ("108".to_owned(), String::new()),
                Twist::UnknownCondition => reply.say("trans_status", "7"),
                Twist::Bare => reply.business.retain(|(name, _)| *name != "trans_status"),
                // Names and receipts of another protocol.
                Twist::WrongSaleId | Twist::NoReceipts | Twist::BadReceipts | Twist::FullPan => {}
            }
        }
    }

    pub fn note(&mut self, line: String) {
        self.trace.push_back(format!("{} {line}", self.now()));
        if self.trace.len() > TRACED {
            self.trace.pop_front();
        }
    }

    pub(super) fn find(&self, number: &str) -> Option<Entry> {
        self.entries.iter().rev().find(|entry| entry.number == number).cloned()
    }

    pub(super) fn keep(&mut self, entry: Entry) {
        let page = Page {
            poi_id: self.settings.serial.clone(),
            sale_id: self.settings.merchant.clone(),
            service_id: entry.number.clone(),
            category: "order".to_owned(),
            text: serde_json::to_string(&entry).unwrap_or_default(),
            transaction: entry.bank,
        };
        self.bank.notebook(NOTEBOOK, |notebook| {
            match notebook.pages.iter_mut().find(|known| known.service_id == page.service_id) {
                Some(known) => *known = page,
                None => notebook.pages.push(page),
            }
        });
        match self.entries.iter_mut().find(|known| known.number == entry.number) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }
}
