//! The host's state, and what a request does to it.
//!
//! Dossier sections 4 to 6, 9 and 10. Invariant: what the bank holds happened, whatever the till was told;
//! every transaction lies in the bank's notebook, so that a restart forgets nothing.

mod checks;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use wire::kayaaku::Code;

use super::convention::{Course, Notifications, Wrong, card_course, course, fate_of, outcome_of};
use super::entry::{Entry, Fate};
use super::settings::Settings;
use super::speech::{Asked, Call, Words};
use crate::bank::{Bank, Kind, Page};
use crate::clock::Clock;
use crate::faults::Plan;
use crate::script::{Action, Behaviour, Occasion, Script, Twist};

/// Under which name the bank keeps the host's memory.
const NOTEBOOK: &str = "kayaaku";
/// First host reference less one: twelve digits.
const REFERENCES: u64 = 700_000_000_000;
/// Exchanges that are kept for whoever looks for a fault.
const TRACED: usize = 500;

/// What a request leads to.
pub enum Did {
    /// An answer at once.
    Answers(Words),
    /// A payment on the device.
    Begins(Begun),
}

/// A payment that begins on the device.
pub struct Begun {
    pub id: String,
    /// How long the customer takes, where that is not the host's own time.
    pub wait_ms: Option<u64>,
    /// Until NEXT; nothing: never.
    pub next_ms: Option<u64>,
    /// What the answer says in place of the truth.
    pub words: Twisted,
    pub notifications: Notifications,
}

/// What the amount's convention makes of an answer.
#[derive(Debug, Clone, Default)]
pub struct Twisted {
    answers: Option<&'static str>,
    wrong: Option<Wrong>,
    delivery: Option<crate::script::Delivery>,
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
    /// Running numbers of the day, by sender.
    numbers: BTreeSet<(String, String)>,
    day: String,
    /// Lies that are told about a transaction from now on.
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
            numbers: BTreeSet::new(),
            day: String::new(),
            lies: BTreeMap::new(),
        }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn lies_about(&self, id: &str) -> bool {
        self.lies.get(id).is_some_and(|lies| !lies.is_empty())
    }

    /// Malaysian time of this moment, `yyyyMMddHHmmss`.
    fn local(&self) -> String {
        let zone = TimeZone::fixed(Offset::constant(8));
        (self.clock)().to_zoned(zone).strftime("%Y%m%d%H%M%S").to_string()
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// What is to happen to a request.
    pub fn actions(&mut self, asked: &Asked) -> Vec<Action> {
        self.actions_for(asked.call.map_or("", Call::name), asked)
    }

    /// The same for a request that rules know by this name.
    pub fn actions_for(&mut self, category: &str, asked: &Asked) -> Vec<Action> {
        let occasion = Occasion {
            category: category.to_owned(),
            amount: asked.amount.as_ref().and_then(|text| text.parse().ok()),
            transaction: Some(asked.id.clone()).filter(|id| !id.is_empty()),
        };
        let mut actions = self.plan.as_ref().map(Plan::next).unwrap_or_default();
        actions.extend(self.script.decide(&occasion));
        actions
    }

    /// Carries a request out. `failed`: it is refused with this code before anything starts.
    pub fn take(&mut self, asked: &Asked, actions: &[Action], failed: Option<Code>) -> Did {
        if let Some((code, said)) = self.wrong_with(asked) {
            self.complaints.push(format!("{} {code}: {said}", asked.call.map_or("", Call::name)));
            return Did::Answers(plain_words(asked, code, &said));
        }
        if let Some(code) = failed {
            return Did::Answers(plain_words(asked, code.as_str(), "as the script says"));
        }
        match asked.call {
            Some(Call::Pay) => self.pay(asked, actions),
            Some(Call::Enquire) => Did::Answers(self.enquire(asked)),
            Some(Call::Void) => Did::Answers(self.void(asked)),
            Some(Call::Refund) => Did::Answers(self.refund(asked)),
            None => Did::Answers(plain_words(asked, "01", "no such call")),
        }
    }

    fn pay(&mut self, asked: &Asked, actions: &[Action]) -> Did {
        if self.find(&asked.id).is_some() {
            return Did::Answers(plain_words(asked, "78", "the transaction id exists"));
        }
        let device = asked.device.clone().unwrap_or_default();
        let is_busy = |entry: &Entry| entry.device == device && entry.fate.is_some();
        if self.entries.iter().any(is_busy) {
            return Did::Answers(plain_words(asked, "77", "the device is processing"));
        }
        let amount = asked.amount.as_deref().map(minor).unwrap_or_default();
        let plan = match &self.settings {
            knobs if knobs.convention => course(amount),
            knobs if knobs.card_amounts => card_course(amount),
            _ => Course::default(),
        };
        let mut entry = self.entry(asked, amount);
        // What never gets as far as the device has no customer.
        let scripted = outcome_of(actions).filter(|_| plan.fate.is_some());
        let (fate, wait_ms) = match scripted {
            Some(outcome) => fate_of(outcome, self.settings.patience_ms),
            None if plan.fate == Some(Fate::Waits) => (plan.fate, Some(self.settings.patience_ms)),
            None => (plan.fate, None),
        };
        let told = Twisted { answers: plan.answers, wrong: plan.wrong, delivery: plan.delivery };
        let Some(fate) = fate else {
            if plan.exists {
                // Somebody else's payment of another amount, which is told: an id alone is no proof.
                (entry.foreign, entry.minor) = (true, entry.minor + 1);
                entry.code = Some("00".to_owned());
                self.keep(entry);
            }
            let code = plan.answers.unwrap_or("60");
            let words = plain_words(asked, code, "as the amount says");
            return Did::Answers(Words { delivery: plan.delivery, ..words });
        };
        (entry.fate, entry.hidden) = (Some(fate), plan.hidden);
        let id = entry.id.clone();
        self.keep(entry);
        let next_ms = plan.next_ms.unwrap_or(Some(self.settings.next_ms));
        Did::Begins(Begun { id, wait_ms, next_ms, words: told, notifications: plan.notifications })
    }

    fn entry(&mut self, asked: &Asked, minor: i64) -> Entry {
        let count = self.bank.notebook(NOTEBOOK, |notebook| {
            notebook.counter += 1;
            notebook.counter
        });
        let wanted = asked.method.clone().unwrap_or_default();
        // Who may choose takes a card, but for every third customer.
        let method = match wanted.as_str() {
            "00" if count.is_multiple_of(3) => "04".to_owned(),
            "00" => "01".to_owned(),
            _ => wanted,
        };
        let card = (method == "01").then(|| format!("445565XXX{:04}", count % 10_000));
        Entry {
            id: asked.id.clone(),
            mid: asked.mid.clone().unwrap_or_default(),
            device: asked.device.clone().unwrap_or_default(),
            minor,
            currency: asked.currency.clone().unwrap_or_default(),
            method,
            created: self.now(),
            fate: None,
            code: None,
            hidden: 0,
            htr: (REFERENCES + count).to_string(),
            approval: None,
            card,
            voided: false,
            settled: false,
            foreign: false,
            refunded: 0,
            refund_of: None,
            cancelled: false,
            notify: asked.notify.clone(),
            bank: None,
        }
    }

    /// The customer acts.
    pub fn decide(&mut self, id: &str) {
        if let Some(mut entry) = self.find(id) {
            entry.decide(&self.bank, self.now());
            self.keep(entry);
        }
    }

    pub fn is_cancelled(&self, id: &str) -> bool {
        self.find(id).is_some_and(|entry| entry.cancelled)
    }

    pub fn press_cancel(&mut self) {
        for entry in self.entries.iter_mut().filter(|entry| entry.fate.is_some()) {
            entry.cancelled = true;
        }
    }

    pub fn settle(&mut self) {
        for entry in &mut self.entries {
            entry.settled = true;
        }
    }

    /// The answer to a payment, after NEXT.
    pub fn answer_about(&self, id: &str, told: Twisted) -> Words {
        let Some(entry) = self.find(id) else { return Words::default() };
        let mut words = self.words_about(&entry);
        if let Some(code) = told.answers {
            words = Words {
                id: words.id,
                code: code.to_owned(),
                said: "see the device".to_owned(),
                ..Words::default()
            };
        }
        match told.wrong {
            Some(Wrong::Signature) => words.bad_signature = true,
            Some(Wrong::Id) => words.id = Some("999999999999999999".to_owned()),
            Some(Wrong::Amount) => words.amount = Some((entry.minor + 100).to_string()),
            None => {}
        }
        words.delivery = told.delivery;
        words
    }

    fn words_about(&self, entry: &Entry) -> Words {
        let tells_void = entry.voided && !self.settings.voids_hidden;
        let code = if tells_void { "50" } else { entry.code.as_deref().unwrap_or("63") };
        let is_paid = code == "00";
        let repeats = is_paid && (self.settings.repeats_amount || entry.foreign);
        Words {
            id: Some(entry.id.clone()),
            code: code.to_owned(),
            said: format!("code {code}"),
            amount: repeats.then(|| entry.minor.to_string()),
            currency: repeats.then(|| entry.currency.clone()),
            htr: is_paid.then(|| entry.htr.clone()),
            approval: entry.approval.clone().filter(|_| is_paid),
            card: entry.card.clone().filter(|_| is_paid),
            method: is_paid.then(|| entry.method.clone()),
            time: None,
            bad_signature: false,
            delivery: None,
        }
    }

    fn enquire(&mut self, asked: &Asked) -> Words {
        let found = self.find(&asked.id).filter(|entry| checks::is_theirs(entry, asked));
        let Some(mut entry) = found else {
            return plain_words(asked, "49", "there is no such transaction");
        };
        if entry.hidden > 0 {
            entry.hidden -= 1;
            self.keep(entry);
            return plain_words(asked, "63", "the status is not known");
        }
        let words = self.words_about(&entry);
        if self.settings.bare_enquiries {
            return Words { htr: None, approval: None, card: None, method: None, ..words };
        }
        words
    }

    fn void(&mut self, asked: &Asked) -> Words {
        let found = self.find(&asked.id).filter(|entry| entry.refund_of.is_none() && !entry.foreign);
        let found = found.filter(|entry| checks::is_theirs(entry, asked));
        let Some(mut entry) = found else {
            return plain_words(asked, "49", "there is no such transaction");
        };
        if asked.original_htr.as_deref() != Some(entry.htr.as_str()) {
            return plain_words(asked, "49", "the reference is another one's");
        }
        if !entry.stands() || !entry.is_card() || entry.settled {
            return plain_words(asked, "50", "the transaction is in another state");
        }
        let now = self.now();
        entry.voided = entry.bank.is_some_and(|id| self.bank.reverse(id, now, Some(&entry.id)));
        let words = Words { htr: Some(entry.htr.clone()), ..plain_words(asked, "00", "voided") };
        self.keep(entry);
        words
    }

    fn refund(&mut self, asked: &Asked) -> Words {
        if self.find(&asked.id).is_some() {
            return plain_words(asked, "78", "the transaction id exists");
        }
        let found = asked.original.as_deref().and_then(|id| self.find(id));
        let found = found.filter(|entry| entry.refund_of.is_none() && !entry.foreign);
        let found = found.filter(|entry| checks::is_theirs(entry, asked));
        let Some(mut original) = found else {
            return plain_words(asked, "49", "there is no such transaction");
        };
        if asked.original_htr.as_deref() != Some(original.htr.as_str()) {
            return plain_words(asked, "49", "the reference is another one's");
        }
        if !original.stands() || original.is_card() {
            return plain_words(asked, "50", "the transaction is in another state");
        }
        let amount = asked.amount.as_deref().map(minor).unwrap_or_default();
        if original.refunded + amount > original.minor {
            return plain_words(asked, "59", "more than was paid");
        }
        let mut refund = self.entry(asked, amount);
        refund.method.clone_from(&original.method);
        refund.device.clone_from(&original.device);
        (refund.card, refund.refund_of, refund.code) =
            (None, Some(original.id.clone()), Some("00".to_owned()));
        refund.book(&self.bank, Kind::Refund, self.now());
        original.refunded += amount;
        let words = self.words_about(&refund);
        self.keep(original);
        self.keep(refund);
        words
    }

    /// Makes an answer wrong as a script or plan wants it.
    pub fn twist(&mut self, words: &mut Words, behaviour: &Behaviour) {
        let Some(id) = words.id.clone() else { return };
        let lies = self.lies.entry(id).or_default();
        if behaviour.sticky {
            lies.extend(behaviour.twists.iter().copied());
        }
        for twist in lies.union(&behaviour.twists) {
            match twist {
                Twist::WrongServiceId | Twist::WrongTransaction => {
                    words.id = Some("999999999999999999".to_owned());
                }
                Twist::WrongAmount => {
                    let minor = words.amount.as_deref().map(minor);
                    words.amount = minor.map(|minor| (minor + 100).to_string());
                    // Where amounts are not repeated, a wrong one is told all the same.
                    if words.code == "00" && words.amount.is_none() {
                        words.amount = Some("1".to_owned());
                    }
                }
                Twist::WrongCurrency if words.code == "00" => words.currency = Some("764".to_owned()),
                Twist::WrongCurrency => {}
                Twist::UnknownResult | Twist::UnknownCondition => words.code = "99".to_owned(),
                Twist::Bare => words.bad_signature = true,
                // Cards, names and receipts of another protocol.
                Twist::WrongSaleId
                | Twist::WrongPoiId
                | Twist::NoReceipts
                | Twist::BadReceipts
                | Twist::FullPan => {}
            }
        }
    }

    pub fn note(&mut self, asked: &Asked, actions: &[Action], words: &Words) {
        let (now, call) = (self.now(), asked.call.map_or("", Call::name));
        let told = format!("{:?} {} {:?}", words.id, words.code, words.amount);
        self.trace.push_back(format!("{now} {call} {} {:?} {actions:?} => {told}", asked.id, asked.amount));
        if self.trace.len() > TRACED {
            self.trace.pop_front();
        }
    }

    /// Where notifications about this payment go.
    pub fn notify_path(&self, id: &str) -> Option<String> {
        let url = self.find(id)?.notify?;
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/").to_owned();
        Some(self.settings.notify_path.clone().unwrap_or(path))
    }

    pub fn notification(&self, asked: &Asked, id: &str) -> Words {
        self.find(id).map_or_else(|| plain_words(asked, "63", ""), |entry| self.words_about(&entry))
    }

    fn find(&self, id: &str) -> Option<Entry> {
        self.entries.iter().rev().find(|entry| entry.id == id).cloned()
    }

    fn keep(&mut self, entry: Entry) {
        let page = Page {
            poi_id: entry.device.clone(),
            sale_id: entry.mid.clone(),
            service_id: entry.id.clone(),
            category: "transaction".to_owned(),
            text: serde_json::to_string(&entry).unwrap_or_default(),
            transaction: entry.bank,
        };
        self.bank.notebook(NOTEBOOK, |notebook| {
            match notebook.pages.iter_mut().find(|known| known.service_id == page.service_id) {
                Some(known) => *known = page,
                None => notebook.pages.push(page),
            }
        });
        match self.entries.iter_mut().find(|known| known.id == entry.id) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }
}

/// Minor units of digits; zero for anything else.
fn minor(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

/// An answer that says only this.
fn plain_words(asked: &Asked, code: &str, said: &str) -> Words {
    let id = Some(asked.id.clone()).filter(|id| !id.is_empty());
    Words { id, code: code.to_owned(), said: said.to_owned(), ..Words::default() }
}
