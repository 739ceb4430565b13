//! The gateway's state, and what a request does to it.
//!
//! Dossier sections 4 and 11. Invariant: what the bank holds happened, whatever the till was told; every
//! transaction lies in the bank's notebook, so that a restart forgets nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use wire::pockyt::{
    Add, Cancel, Code, CreateCode, Endpoint, Meant, Pay, Query, Refund, Reply, Request, Signed, Spelling,
    Status, VERIFY_SIGN, digest,
};

use super::delivery::spelling;
use super::entry::{Entry, Fate, Refunded};
use super::ipn::{Told, notification};
use super::settings::{Settings, Store};
use super::strict::{Refusal, Taken, check, refuse};
use super::wallet::wallet;
use crate::bank::{Bank, Page};
use crate::clock::Clock;
use crate::faults::Plan;
use crate::rng::Rng;
use crate::script::{Action, Behaviour, Delivery, Occasion, Outcome, Script, Twist};

/// Under which name the bank keeps the gateway's memory.
const NOTEBOOK: &str = "pockyt";
/// First transaction number less one: numbers have 18 digits.
const NUMBERS: u64 = 400_000_000_000_000_000;
/// Exchanges that are kept for whoever looks for a fault.
const TRACED: usize = 500;
/// Minutes until an unpaid transaction closes where the request names none (section 4.1).
const TIMEOUT_MIN: u32 = 120;

/// What became of a request.
pub struct Effects {
    pub status: u16,
    pub reply: Reply,
    pub spelling: Spelling,
    /// To post to the till.
    pub told: Vec<Told>,
    /// A transaction whose customer is about to act, and how often he lets himself be asked.
    pub awaited: Option<(String, u32)>,
}

/// What a charge does.
#[derive(Clone, Copy)]
enum Charge {
    Fate(Fate),
    /// `000080`, and this is still to come.
    WalletError(Option<Fate>),
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
    /// Lies that are told about a transaction from now on.
    lies: BTreeMap<String, BTreeSet<Twist>>,
    /// The newest code that was charged, for a gateway that repeats it; in memory alone.
    shown: Option<String>,
}

impl Core {
    pub fn new(settings: Settings, bank: Bank, clock: Clock) -> Self {
        let read = |page: &Page| serde_json::from_str(&page.text).ok();
        let entries =
            bank.read_notebook(NOTEBOOK, |notebook| notebook.pages.iter().filter_map(read).collect());
        let (script, plan) = (Script::new(), None);
        let (complaints, trace, lies) = (Vec::new(), VecDeque::new(), BTreeMap::new());
        Self { settings, bank, script, plan, complaints, trace, clock, entries, lies, shown: None }
    }

    /// The gateway's own time.
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.settings.skew_s);
        (self.clock)().checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn lies_about(&self, number: &str) -> bool {
        self.lies.get(number).is_some_and(|lies| !lies.is_empty())
    }

    /// What seeded faults and script want done with a request; the script wins.
    pub fn actions(&mut self, signed: &Signed) -> Vec<Action> {
        let named = |name: &str| signed.fields.get(name).cloned();
        let amount = named("amount").or_else(|| named("refundAmount"));
        let occasion = Occasion {
            category: signed.endpoint.name().to_owned(),
            amount: amount.and_then(|text| wire::pockyt::Decimal::parse(&text)?.minor(2)),
            transaction: named("reference").or_else(|| named("transactionNo")),
        };
        let mut actions = self.plan.as_ref().map(Plan::next).unwrap_or_default();
        actions.extend(self.script.decide(&occasion));
        actions.extend(self.lost_by_code(signed));
        actions
    }

    /// Codes that end in 90 to 99: the connection drops, after booking or before.
    fn lost_by_code(&self, signed: &Signed) -> Vec<Action> {
        let charges = matches!(signed.endpoint, Endpoint::Pay | Endpoint::Prepay);
        let code = signed.fields.get("paymentBarcode").filter(|_| charges && self.settings.convention);
        match code.and_then(|code| ending(code)) {
            Some(90..=94) => vec![Delivery::Cut.into()],
            Some(95..=99) => vec![Action::Unprocessed, Delivery::Cut.into()],
            Some(_) | None => Vec::new(),
        }
    }

    /// Answers a request.
    pub fn handle(&mut self, signed: &Signed, actions: &[Action], behaviour: &Behaviour) -> Effects {
        let fail = behaviour.fail.as_deref().map(|code| refuse(Code::of(code), "as the script says"));
        let taken = check(signed, &self.settings);
        if let Err(Refusal { status, reply, .. }) = &taken {
            self.complaints.push(format!("{} {status}: {}", signed.endpoint.name(), reply.message));
        }
        let done =
            taken.and_then(|taken| fail.map_or(Ok(taken), Err)).and_then(|taken| self.take(taken, actions));
        let mut rng =
            Rng::keyed(self.settings.seed, &format!("form {:?}", signed.fields.get("verifySign")));
        let mut effects = done.unwrap_or_else(|Refusal { status, reply, spelling }| Effects {
            status,
            reply: *reply,
            spelling,
            told: Vec::new(),
            awaited: None,
        });
        if effects.status == 200 {
            effects.spelling = spelling(signed.endpoint, self.settings.vary.then_some(&mut rng));
        }
        self.shown = signed.fields.get("paymentBarcode").cloned().or_else(|| self.shown.take());
        let shown = self.shown.as_deref();
        let number = effects.reply.result.as_ref().and_then(|record| record.transaction_no.clone());
        if let Some(number) = number {
            let lies = self.lies.entry(number).or_default();
            if behaviour.sticky {
                lies.extend(behaviour.twists.iter().copied());
            }
            super::delivery::twist(&mut effects.reply, lies, shown);
        }
        super::delivery::twist(&mut effects.reply, &behaviour.twists, shown);
        self.note(signed, actions, &effects);
        effects
    }

    fn note(&mut self, signed: &Signed, actions: &[Action], effects: &Effects) {
        let shown = signed.fields.iter().filter(|(name, _)| name.as_str() != VERIFY_SIGN);
        let shown = shown.map(|(name, value)| match name.as_str() {
            "paymentBarcode" => format!("{name}=..{:?}", ending(value)),
            _ => format!("{name}={value}"),
        });
        let (asked, now) = (shown.collect::<Vec<_>>().join(" "), self.now());
        let told = effects.reply.encode(&effects.spelling);
        let told = self.shown.as_ref().map_or_else(|| told.clone(), |code| told.replace(code, ".."));
        self.trace.push_back(format!("{now} {} {asked} {actions:?} => {told}", signed.endpoint.name()));
        if self.trace.len() > TRACED {
            self.trace.pop_front();
        }
    }

    fn take(&mut self, taken: Taken, actions: &[Action]) -> Result<Effects, Refusal> {
        let Taken { store, request, amount } = taken;
        match request {
            Request::Add(add) => self.add(&store, &add, amount),
            Request::CreateCode(create) => self.create(&store, &create, amount, actions),
            Request::Pay(pay) | Request::Prepay(pay) => self.pay(&store, &pay, actions),
            Request::Query(Query { meant }) => self.query(&store, &meant),
            Request::Cancel(Cancel { meant }) => self.cancel(&store, &meant),
            Request::Refund(refund) => self.refund(&store, &refund, amount),
        }
    }

    fn number(&mut self) -> String {
        let count = self.bank.notebook(NOTEBOOK, |notebook| {
            notebook.counter += 1;
            notebook.counter
        });
        (NUMBERS + count).to_string()
    }

    fn begin(&mut self, store: &Store, add: &Add, amount: Option<(i64, u8)>) -> Result<Entry, Refusal> {
        let is_same = |entry: &Entry| entry.store_no == store.store_no && entry.reference == add.reference;
        if self.entries.iter().any(is_same) {
            let words = format!("the reference {} is duplicated", add.reference);
            return Err(refuse(Code::BadValue, &words));
        }
        let (minor, decimals) = amount.unwrap_or_default();
        Ok(Entry {
            transaction_no: self.number(),
            reference: add.reference.clone(),
            merchant_no: store.merchant_no.clone(),
            store_no: store.store_no.clone(),
            minor,
            decimals,
            currency: add.currency.clone(),
            settle_currency: add.settle_currency.clone(),
            status: Status::Init.as_str().to_owned(),
            created: self.now(),
            paid: None,
            timeout_min: add.timeout.as_ref().and_then(|text| text.parse().ok()).unwrap_or(TIMEOUT_MIN),
            vendor: None,
            code: None,
            fate: None,
            unscanned: None,
            refunds: Vec::new(),
            voided: false,
            voided_at: None,
            ipn_url: add.ipn_url.clone().or_else(|| self.settings.ipn_url.clone()),
            deep_link: None,
            bank: None,
        })
    }

    fn add(&mut self, store: &Store, add: &Add, amount: Option<(i64, u8)>) -> Result<Effects, Refusal> {
        let entry = self.begin(store, add, amount)?;
        let reply = accepted("add success", entry.record());
        self.keep(entry);
        Ok(reply)
    }

    fn create(
        &mut self,
        store: &Store,
        create: &CreateCode,
        amount: Option<(i64, u8)>,
        actions: &[Action],
    ) -> Result<Effects, Refusal> {
        let add = Add {
            amount: create.amount.clone(),
            currency: create.currency.clone(),
            settle_currency: create.settle_currency.clone(),
            reference: create.reference.clone(),
            timeout: create.timeout.clone(),
            ipn_url: Some(create.ipn_url.clone()),
        };
        let mut entry = self.begin(store, &add, amount)?;
        entry.vendor = Some(create.vendor.clone());
        entry.deep_link = Some(format!("https://pay.example/{}/{}", create.vendor, entry.transaction_no));
        let ends = u32::try_from(entry.minor % 100).ok().filter(|_| self.settings.convention);
        let fate = told_by(actions).unwrap_or(match ends {
            Some(60..=64) => Fate::Waits,
            Some(70..=79) => Fate::Declines(2),
            Some(_) | None => Fate::Pays(2),
        });
        // Without anybody who watches the screen customers act as if the code were there.
        if self.settings.scans {
            entry.fate = Some(fate);
        } else {
            entry.unscanned = Some(fate);
        }
        let mut record = entry.record();
        record.deep_link.clone_from(&entry.deep_link);
        record.qrcode_url = Some(format!("https://pay.example/picture/{}", entry.transaction_no));
        record.timeout = Some(entry.timeout_min.to_string());
        let mut effects = accepted("create success", record);
        effects.awaited = awaited(&entry);
        self.keep(entry);
        Ok(effects)
    }

    fn pay(&mut self, store: &Store, pay: &Pay, actions: &[Action]) -> Result<Effects, Refusal> {
        let mut entry = self.find(store, &pay.meant)?;
        if !entry.is(&Status::Init) || entry.deep_link.is_some() {
            return Err(refuse(Code::WrongStatus, "the transaction's status does not allow this"));
        }
        let code = digest(&pay.payment_barcode);
        let is_used = self.entries.iter().any(|known| known.code.as_ref() == Some(&code));
        let told = wallet(&pay.payment_barcode).or(pay.vendor.as_deref()).map(|vendor| match vendor {
            "wechat" => "wechatpay".to_owned(),
            other => other.to_owned(),
        });
        (entry.code, entry.vendor) = (Some(code), told);
        let charge = match told_by(actions) {
            Some(fate) => Charge::Fate(fate),
            None => by_code(&pay.payment_barcode, self.settings.convention),
        };
        let (fate, is_error) = match charge {
            _ if is_used => (Some(Fate::Declines(0)), false),
            Charge::Fate(fate) => (Some(fate), false),
            Charge::WalletError(fate) => (fate, true),
        };
        match fate {
            Some(Fate::Pays(0)) if !is_error => entry.pay(&self.bank, self.now()),
            Some(Fate::Declines(0)) => entry.decline(),
            Some(fate) => {
                entry.set(if is_error { &Status::Dealing } else { &Status::Pending });
                entry.fate = Some(fate);
            }
            None => {}
        }
        let mut effects = accepted("pay success", entry.record());
        (effects.awaited, effects.told) = (awaited(&entry), self.news(&entry));
        self.keep(entry);
        if is_error {
            effects.reply.code = Some(Code::WalletError);
            effects.reply.message = "supplier error".to_owned();
            effects.reply.result = None;
        }
        Ok(effects)
    }

    fn query(&mut self, store: &Store, meant: &Meant) -> Result<Effects, Refusal> {
        let mut entry = self.find(store, meant)?;
        let before = entry.status.clone();
        entry.queried(&self.bank, self.now());
        let mut effects =
            accepted("query success", entry.queried_record(self.now(), self.settings.cancel_lag_s));
        if before != entry.status {
            effects.told = self.news(&entry);
        }
        self.keep(entry);
        Ok(effects)
    }

    /// A customer scans this code; what is to come where it is notified.
    pub fn scan(&mut self, link: &str) -> Option<(String, u32)> {
        let found = self.entries.iter().find(|entry| entry.deep_link.as_deref() == Some(link)).cloned();
        let mut entry = found?;
        entry.age(self.now(), self.settings.times_out);
        entry.scan();
        let awaited = awaited(&entry);
        self.keep(entry);
        awaited
    }

    /// The customer acts by himself: a step as a query is one.
    pub fn ripen(&mut self, number: &str) -> Vec<Told> {
        let found = self.entries.iter().find(|entry| entry.transaction_no == number).cloned();
        let Some(mut entry) = found else { return Vec::new() };
        entry.age(self.now(), self.settings.times_out);
        let before = entry.status.clone();
        if let Some(Fate::Pays(left) | Fate::Declines(left)) = &mut entry.fate {
            *left = 0;
        }
        entry.queried(&self.bank, self.now());
        let told = if before == entry.status { Vec::new() } else { self.news(&entry) };
        self.keep(entry);
        told
    }

    fn cancel(&mut self, store: &Store, meant: &Meant) -> Result<Effects, Refusal> {
        let mut entry = self.find(store, meant)?;
        if !entry.refunds.is_empty() {
            return Err(refuse(Code::WrongStatus, "the transaction is refunded in part"));
        }
        let before = entry.status.clone();
        entry.cancel(&self.bank, self.now());
        let mut effects = accepted("cancel success", entry.record());
        if before != entry.status {
            effects.told = self.news(&entry);
        }
        self.keep(entry);
        Ok(effects)
    }

    fn refund(
        &mut self,
        store: &Store,
        refund: &Refund,
        amount: Option<(i64, u8)>,
    ) -> Result<Effects, Refusal> {
        let mut entry = self.find(store, &refund.meant)?;
        if let Some(first) = entry.refunds.iter().find(|known| known.reference == refund.refund_reference) {
            return Ok(accepted("refund success", entry.refund_record(first)));
        }
        if !entry.is(&Status::Success) {
            return Err(refuse(Code::WrongStatus, "the transaction is not paid"));
        }
        if (&refund.currency, &refund.settle_currency) != (&entry.currency, &entry.settle_currency) {
            return Err(refuse(Code::Contradiction, "the currency is not that of the payment"));
        }
        let (minor, _) = amount.unwrap_or_default();
        if minor > entry.remaining() {
            return Err(refuse(Code::BadValue, "the value of refundAmount is more than is left"));
        }
        let transaction_no = self.number();
        let refunded = Refunded { reference: refund.refund_reference.clone(), transaction_no, minor };
        entry.refund(&self.bank, refunded.clone(), self.now());
        let effects = accepted("refund success", entry.refund_record(&refunded));
        self.keep(entry);
        Ok(effects)
    }

    fn find(&self, store: &Store, meant: &Meant) -> Result<Entry, Refusal> {
        let is_meant = |entry: &&Entry| {
            entry.store_no == store.store_no
                && match meant {
                    Meant::TransactionNo(number) => entry.transaction_no == *number,
                    Meant::Reference(reference) => entry.reference == *reference,
                }
        };
        let found = self.entries.iter().find(is_meant).cloned();
        let mut entry = found.ok_or_else(|| refuse(Code::NoRecord, "no record for the parameter"))?;
        entry.age(self.now(), self.settings.times_out);
        Ok(entry)
    }

    fn news(&self, entry: &Entry) -> Vec<Told> {
        let store = self.settings.store(&entry.merchant_no, &entry.store_no);
        let final_word = store.filter(|_| !entry.is_open());
        final_word.map(|store| notification(entry, store, &self.settings, self.now())).unwrap_or_default()
    }

    fn keep(&mut self, entry: Entry) {
        let page = Page {
            poi_id: entry.merchant_no.clone(),
            sale_id: entry.store_no.clone(),
            service_id: entry.transaction_no.clone(),
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
        match self.entries.iter_mut().find(|known| known.transaction_no == entry.transaction_no) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }
}

fn accepted(message: &str, record: wire::pockyt::Record) -> Effects {
    let reply = Reply { code: Some(Code::Accepted), message: message.to_owned(), result: Some(record) };
    Effects { status: 200, reply, spelling: Spelling::default(), told: Vec::new(), awaited: None }
}

fn awaited(entry: &Entry) -> Option<(String, u32)> {
    match entry.fate.filter(|_| entry.ipn_url.is_some()) {
        Some(Fate::Pays(left) | Fate::Declines(left)) => Some((entry.transaction_no.clone(), left)),
        Some(Fate::Waits | Fate::Races) | None => None,
    }
}

/// The last two digits of a code.
fn ending(code: &str) -> Option<u32> {
    code.get(code.len().checked_sub(2)?..)?.parse().ok()
}

/// The last two digits of the code choose (section 11).
fn by_code(code: &str, convention: bool) -> Charge {
    let ends = ending(code).filter(|_| convention);
    let last = ends.map_or(0, |ends| ends % 10);
    match ends {
        Some(50..=59) => Charge::Fate(Fate::Pays(last.max(1))),
        Some(60..=64) => Charge::Fate(Fate::Waits),
        Some(65..=69) => Charge::Fate(Fate::Declines(2)),
        Some(70..=79) => Charge::Fate(Fate::Declines(0)),
        Some(80..=84) => Charge::WalletError(Some(Fate::Pays(last))),
        Some(85..=89) => Charge::WalletError(None),
        Some(_) | None => Charge::Fate(Fate::Pays(0)),
    }
}

/// What a script wants of the customer.
fn told_by(actions: &[Action]) -> Option<Fate> {
    let outcome = actions
        .iter()
        .rev()
        .find_map(|action| if let Action::Outcome(outcome) = action { Some(outcome) } else { None });
    outcome.map(|outcome| match outcome {
        Outcome::Approve | Outcome::Tip | Outcome::Partial { .. } | Outcome::Signature => Fate::Pays(0),
        Outcome::Decline { .. } => Fate::Declines(0),
        Outcome::Cancel => Fate::Declines(2),
        Outcome::UntilAborted => Fate::Waits,
        Outcome::Race => Fate::Races,
    })
}
