//! A stage for the training terminal: a desk that writes down what it is asked, and operations.
//!
//! Invariant: nothing here knows the amount convention; the tests alone say what is expected of it.

use async_trait::async_trait;
use domain::ids::{OperationId, Reference, ReferenceShape, Seed, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::{Kind, Operation, Sent, Step};
use domain::outcome::{Evidence, Outcome};
use domain::payment::{Match, Payment, PaymentFact, Verdict, matching};
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use jiff::Timestamp;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::desk::{Desk, Display, NotDurable, NotPrinted, SessionMark};
use terminals::http::{Http, HttpFault, HttpReply, HttpRequest};
use terminals::notice::{Notice, Notices};
use terminals::seams::{Ambient, Learned, Program, Seams};
use terminals::training::Training;

/// The time at which everything here happens.
pub fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

#[derive(Debug)]
struct Nothing;

#[async_trait]
impl Http for Nothing {
    async fn send(&self, _: HttpRequest) -> Result<HttpReply, HttpFault> {
        panic!("the training terminal does no I/O")
    }
}
impl Ambient for Nothing {
    fn seed(&self) -> Seed {
        Seed { at: noon(), random: [7; 10] }
    }
    fn reference(&self, shape: ReferenceShape) -> Reference {
        shape.make(&self.seed())
    }
    fn mono(&self) -> domain::payment::Mono {
        std::time::Duration::ZERO
    }
}
impl Notices for Nothing {
    fn notice(&self, notice: Notice) {
        panic!("nobody expects {notice:?}")
    }
}

pub fn seams() -> Seams {
    Seams {
        lines: Arc::new(terminals::serial::SystemLines::default()),
        nearby: Arc::new(terminals::nearby::Nobody),
        currency: domain::money::Currency::parse("MYR").unwrap(),
        http: Arc::new(Nothing),
        ambient: Arc::new(Nothing),
        notices: Arc::new(Nothing),
        learned: Learned::default(),
        zone: jiff::tz::TimeZone::UTC,
        public_url: String::new(),
        till: "T1".to_owned(),
        program: Program { maker: "M".into(), name: "Paydesk".into(), version: "1".into() },
    }
}

/// A training terminal with steps of one second.
pub fn terminal() -> Training {
    Training::new(&toml::toml! { delay_ms = 1000 }, seams()).unwrap()
}

pub fn sek(minor: i64) -> Money {
    Money::new(minor, Currency::parse("SEK").unwrap())
}

pub fn operation(kind: Kind, minor: i64) -> Operation {
    let bytes = u8::try_from(minor % 251).unwrap();
    Operation {
        id: OperationId::of(&Seed { at: noon(), random: [bytes; 10] }),
        kind,
        terminal: TerminalId("practice".into()),
        requested: sek(minor),
        cash_back: sek(0),
        method: domain::operation::Method::Any,
        original: None,
        motive: None,
        sale: None,
        slot: 0,
        transaction: Reference("123456789012345678".into()),
        label: None,
        intended_at: noon(),
    }
}

/// A desk that writes down what it is asked.
pub struct Scribe {
    log: Mutex<Vec<String>>,
    sent: Mutex<Vec<Sent>>,
    /// What the cashier says to every question.
    pub answer: Answer,
    /// The printer works.
    pub paper: bool,
    /// So many references reach the disk.
    pub durable: usize,
}

impl Scribe {
    pub fn new() -> Self {
        let (log, sent) = (Mutex::default(), Mutex::default());
        Self { log, sent, answer: Answer::Yes, paper: true, durable: usize::MAX }
    }
    /// A desk that differs from the usual one.
    pub fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut desk = Self::new();
        change(&mut desk);
        desk
    }
    /// Everything in order, as short words.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
    /// What was shown and is worth keeping.
    pub fn shown(&self) -> Vec<String> {
        self.log().iter().filter_map(|line| line.strip_prefix("show ")).map(str::to_owned).collect()
    }
    /// The references, newest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().iter().rev().cloned().collect()
    }
    fn write(&self, line: impl Into<String>) {
        self.log.lock().unwrap().push(line.into());
    }
}

#[async_trait]
impl Desk for Scribe {
    async fn reserve(&self, step: Step, session: Option<&str>) -> Result<Reference, NotDurable> {
        let mut sent = self.sent.lock().unwrap();
        if sent.len() >= self.durable {
            return Err(NotDurable);
        }
        let reference = Reference(format!("{}", sent.len() + 1));
        self.write(format!("reserve {step:?}"));
        sent.push(Sent {
            reference: reference.clone(),
            step,
            session: session.map(str::to_owned),
            at: noon(),
            not_started: false,
        });
        Ok(reference)
    }
    async fn not_started(&self, reference: &Reference) -> Result<(), NotDurable> {
        self.write(format!("not started {reference}"));
        for sent in self.sent.lock().unwrap().iter_mut().filter(|sent| sent.reference == *reference) {
            sent.not_started = true;
        }
        Ok(())
    }
    async fn note(&self, evidence: Evidence) -> Result<(), NotDurable> {
        self.write(format!("note {}", evidence.0.into_keys().collect::<Vec<_>>().join(" ")));
        Ok(())
    }
    async fn session(&self, mark: SessionMark) -> Result<(), NotDurable> {
        panic!("no login while an operation runs: {mark:?}")
    }
    fn show(&self, display: Display) {
        match display {
            Display::Text { text, fleeting: false } => self.write(format!("show {text}")),
            Display::Text { text, fleeting: true } => {
                self.write(format!("flash {}", text.replace('\n', " ")))
            }
            Display::Code { content, .. } => panic!("no code is shown: {content}"),
        }
    }
    async fn print(&self, slip: Receipt) -> Result<(), NotPrinted> {
        let signed = slip.to_sign && slip.text().contains("Signature: ___");
        self.write(format!("print {} {}", slip.copy.code(), if signed { "to sign" } else { "" }));
        if self.paper { Ok(()) } else { Err(NotPrinted::OutOfPaper) }
    }
    async fn ask(&self, question: Question, _: String, limit: Option<Duration>) -> Answer {
        assert_eq!(limit, None, "the till's own limit");
        self.write(format!("ask {}", question.code()));
        self.answer.clone()
    }
    async fn withdraw(&self) {
        panic!("nothing is withdrawn")
    }
}

/// How the rules of the trade read this outcome.
pub fn matched(operation: &Operation, desk: &Scribe, outcome: &Outcome) -> Verdict {
    let mut payment = Payment::intended(operation.clone(), noon());
    for sent in desk.sent().into_iter().rev() {
        let Sent { reference, step, session, .. } = sent;
        payment = payment.evolve(&PaymentFact::ReferenceReserved { reference, step, session }, noon());
    }
    match matching(&payment, outcome, Some(0)) {
        Match::Ours(verdict) => verdict,
        Match::Foreign(mismatch) => panic!("the training terminal answers {mismatch:?}"),
    }
}
