//! The cast: a gateway that plays canned answers, a desk that writes down what happens, and one log in
//! which the order of everything can be seen. On virtual time.

use async_trait::async_trait;
use domain::ids::{OperationId, Reference, ReferenceShape, Seed, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Operation, Original, Sent, Step};
use domain::outcome::{Evidence, Fault, Outcome};
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use domain::wallet::{PaymentCode, recognise};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::desk::{Desk, Display, NotDurable, NotPrinted, SessionMark};
use terminals::http::{Cause, Http, HttpFault, HttpReply, HttpRequest};
use terminals::listener::{Answer as Reply, Claim, Incoming};
use terminals::notice::{Notice, Notices};
use terminals::pockyt::Pockyt;
use terminals::seams::{Ambient, Learned, Program};
use terminals::{Seams, Terminal};
use tokio::time::{Instant, sleep};
use wire::pockyt::{Fields, Signed, verify};

pub const TOKEN: &str = "till-demo-token-0001";
pub const INTENDED: &str = "2026-03-14T01:30:00Z";
pub const NUMBER: &str = "400000000000000123";
pub const CODE: &str = "281234567890123456";

/// A canned answer: made from the request's fields.
type Play = Box<dyn Fn(&Fields) -> Result<HttpReply, HttpFault> + Send + Sync>;

/// The gateway's side of HTTP: queued per endpoint; without a queue the last answer of it is given again.
pub struct Far {
    log: Mutex<Vec<String>>,
    start: Instant,
    plays: Mutex<BTreeMap<String, VecDeque<Arc<Play>>>>,
    pub requests: Mutex<Vec<(String, Fields)>>,
    /// Milliseconds that an answer takes.
    pub takes_ms: AtomicU64,
}

impl std::fmt::Debug for Far {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Far")
    }
}

impl Far {
    pub fn write(&self, line: impl Into<String>) {
        self.log.lock().unwrap().push(line.into());
    }
    /// The next request to this endpoint is answered so; the last one goes on for ever.
    pub fn plays(
        &self,
        endpoint: &str,
        play: impl Fn(&Fields) -> Result<HttpReply, HttpFault> + Send + Sync + 'static,
    ) {
        let mut plays = self.plays.lock().unwrap();
        plays.entry(endpoint.to_owned()).or_default().push_back(Arc::new(Box::new(play)));
    }
    pub fn says(&self, endpoint: &str, body: &str) {
        self.answers(endpoint, 200, body);
    }
    pub fn answers(&self, endpoint: &str, status: u16, body: &str) {
        let body = body.to_owned();
        self.plays(endpoint, move |fields| {
            let named = |name: &str| fields.get(name).cloned().unwrap_or_default();
            let body = body.replace("{reference}", &named("reference"));
            let body = body.replace("{refund}", &named("refundReference")).replace("{number}", NUMBER);
            Ok(HttpReply::new(status, body.into_bytes()))
        });
    }
    pub fn is_lost(&self, endpoint: &str) {
        self.plays(endpoint, |_| Err(HttpFault::MaybeSent { cause: Cause::Timeout }));
    }
    pub fn is_unreachable(&self, endpoint: &str) {
        self.plays(endpoint, |_| Err(HttpFault::NotSent { cause: Cause::Refused }));
    }
    pub fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
    pub fn count(&self, start: &str) -> usize {
        self.lines().iter().filter(|line| line.starts_with(start)).count()
    }
    pub async fn until(&self, start: &str) {
        while self.count(start) == 0 {
            sleep(Duration::from_millis(10)).await;
        }
    }
    pub fn elapsed_s(&self) -> u64 {
        self.start.elapsed().as_secs()
    }
    /// The fields of the newest request to this endpoint.
    pub fn asked(&self, endpoint: &str) -> Fields {
        let requests = self.requests.lock().unwrap();
        requests.iter().rev().find(|(name, _)| name == endpoint).unwrap().1.clone()
    }
}

/// A reply about the transaction under the reference that it was asked for by.
pub fn record(amount: &str, status: &str, more: &str) -> String {
    format!(
        "{{\"result\":{{\"amount\":\"{amount}\",\"currency\":\"USD\",\"settleCurrency\":\"USD\",\
         \"merchantNo\":\"900001\",\"storeNo\":\"800002\",\"transactionNo\":\"{{number}}\",\
         \"status\":\"{status}\",\"paymentTime\":\"2026-03-14 09:30:10\",\"vendor\":\"alipay\"{more}}},\
         \"ret_code\":\"000100\",\"ret_msg\":\"success \"}}"
    )
}

#[async_trait]
impl Http for Far {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        let path = request.url.strip_prefix("https://gateway.example").unwrap();
        let kind = request.headers.iter().find(|(name, _)| name == "Content-Type").unwrap().1.clone();
        let signed = Signed::decode(path, &kind, &request.body).unwrap();
        assert!(verify(&signed.fields, TOKEN), "{path} is signed wrongly");
        assert!(signed.fields.values().all(|value| !value.is_empty()));
        let name = signed.endpoint.name().to_owned();
        self.write(name.clone());
        self.requests.lock().unwrap().push((name.clone(), signed.fields.clone()));
        sleep(Duration::from_millis(self.takes_ms.load(Ordering::SeqCst))).await;
        let play = {
            let mut plays = self.plays.lock().unwrap();
            let queue = plays.get_mut(&name).unwrap_or_else(|| panic!("nobody plays {name}"));
            if queue.len() > 1 { queue.pop_front().unwrap() } else { Arc::clone(&queue[0]) }
        };
        play(&signed.fields)
    }
}

/// A desk that writes down everything.
#[derive(Debug)]
pub struct Counter {
    far: Arc<Far>,
    made: AtomicU64,
    pub code: Mutex<Option<PaymentCode>>,
    /// References are written to disk so often, then not any more.
    pub durable: AtomicU64,
    pub answer: Mutex<Option<Answer>>,
}

#[async_trait]
impl Desk for Counter {
    async fn reserve(&self, step: Step, session: Option<&str>) -> Result<Reference, NotDurable> {
        tokio::task::yield_now().await;
        assert_eq!(session, Some("800002"));
        let made = self.made.fetch_add(1, Ordering::SeqCst);
        if made >= self.durable.load(Ordering::SeqCst) {
            return Err(NotDurable);
        }
        let reference = format!("ref{}", made + 1);
        self.far.write(format!("reserve {step:?} {reference}"));
        Ok(Reference(reference))
    }
    async fn not_started(&self, reference: &Reference) -> Result<(), NotDurable> {
        self.far.write(format!("not_started {reference}"));
        Ok(())
    }
    async fn note(&self, evidence: Evidence) -> Result<(), NotDurable> {
        self.far.write(format!("note {}", evidence.get("transactionNo").unwrap_or("-")));
        Ok(())
    }
    async fn session(&self, _mark: SessionMark) -> Result<(), NotDurable> {
        panic!("a gateway has no sessions");
    }
    fn show(&self, display: Display) {
        match display {
            Display::Text { text, .. } => self.far.write(format!("show {text}")),
            Display::Code { content, .. } => self.far.write(format!("code {content}")),
        }
    }
    async fn print(&self, _slip: Receipt) -> Result<(), NotPrinted> {
        panic!("a gateway prints nothing");
    }
    async fn ask(&self, question: Question, _text: String, _limit: Option<Duration>) -> Answer {
        self.far.write(format!("ask {}", question.code()));
        self.answer.lock().unwrap().clone().unwrap_or(Answer::NoDialogue)
    }
    fn code(&self) -> Option<PaymentCode> {
        self.code.lock().unwrap().clone()
    }
    async fn withdraw(&self) {}
}

#[derive(Debug)]
struct Clock(AtomicU64);

impl Ambient for Clock {
    fn seed(&self) -> Seed {
        Seed { at: INTENDED.parse().unwrap(), random: [3; 10] }
    }
    fn reference(&self, shape: ReferenceShape) -> Reference {
        let [.., byte] = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        shape.make(&Seed { at: INTENDED.parse().unwrap(), random: [byte; 10] })
    }
    fn mono(&self) -> domain::payment::Mono {
        std::time::Duration::ZERO
    }
}

#[derive(Debug, Default)]
pub struct Told(pub Mutex<Vec<Notice>>);

impl Notices for Told {
    fn notice(&self, notice: Notice) {
        self.0.lock().unwrap().push(notice);
    }
}

#[derive(Clone)]
pub struct Stage {
    pub far: Arc<Far>,
    pub desk: Arc<Counter>,
    pub told: Arc<Told>,
    pub driver: Arc<Pockyt>,
}

pub fn table(more: &str) -> toml::Table {
    let base = "base_url = \"https://gateway.example\"\nmerchant_no = \"900001\"\nstore_no = \"800002\"\n";
    format!("{base}token = \"{TOKEN}\"\n{more}").parse().unwrap()
}

pub fn stage() -> Stage {
    staged("")
}

pub fn staged(more: &str) -> Stage {
    let far = Arc::new(Far {
        log: Mutex::default(),
        start: Instant::now(),
        plays: Mutex::default(),
        requests: Mutex::default(),
        takes_ms: AtomicU64::new(100),
    });
    let desk = Arc::new(Counter {
        far: Arc::clone(&far),
        made: AtomicU64::new(0),
        code: Mutex::new(recognise(CODE).payment()),
        durable: AtomicU64::new(u64::MAX),
        answer: Mutex::default(),
    });
    let told = Arc::new(Told::default());
    let seams = Seams {
        lines: Arc::new(terminals::serial::SystemLines::default()),
        nearby: Arc::new(terminals::nearby::Nobody),
        currency: domain::money::Currency::parse("MYR").unwrap(),
        http: Arc::<Far>::clone(&far),
        ambient: Arc::new(Clock(AtomicU64::new(0))),
        notices: Arc::<Told>::clone(&told),
        learned: Learned::default(),
        zone: jiff::tz::TimeZone::UTC,
        public_url: "https://till.example/".to_owned(),
        till: "T1".to_owned(),
        program: Program { maker: "Maker".into(), name: "Paydesk".into(), version: "0.1.0".into() },
    };
    let driver = Arc::new(Pockyt::new(&table(more), seams).unwrap());
    Stage { far, desk, told, driver }
}

/// A stage whose transaction is created: the charge is what the test is about.
pub fn created() -> Stage {
    let stage = stage();
    stage.far.says("add", &naming("{reference}", "18.50", "init"));
    stage
}

/// A reply that names this reference.
pub fn naming(reference: &str, amount: &str, status: &str) -> String {
    record(amount, status, &format!(",\"reference\":\"{reference}\""))
}

impl Stage {
    pub async fn perform(&self, operation: &Operation) -> Result<Outcome, Fault> {
        self.driver.perform(operation, &*self.desk).await
    }
    pub async fn pay(&self) -> Result<Outcome, Fault> {
        self.perform(&sale()).await
    }
    /// Starts a sale that goes on while the test does something else.
    pub fn start(&self) -> tokio::task::JoinHandle<Result<Outcome, Fault>> {
        let stage = self.clone();
        tokio::spawn(async move { stage.pay().await })
    }
    /// The gateway posts to the till: whose it is, and the answer.
    pub async fn post(&self, body: &str) -> (Claim, Reply) {
        let inbox = self.driver.inbox().unwrap();
        let path = inbox.paths()[0].to_owned();
        let incoming =
            Incoming { peer: None, method: "POST".into(), path, headers: Vec::new(), body: body.into() };
        (inbox.claims(&incoming), inbox.receive(incoming).await)
    }
}

pub fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::parse("USD").unwrap())
}

pub fn sale() -> Operation {
    let at: Timestamp = INTENDED.parse().unwrap();
    Operation {
        id: OperationId::of(&Seed { at, random: [7; 10] }),
        kind: Kind::Sale,
        terminal: TerminalId("wallets".into()),
        requested: usd(1850),
        cash_back: usd(0),
        method: Method::Qr,
        original: None,
        motive: None,
        sale: None,
        slot: 0,
        transaction: Reference("250304101244000411".into()),
        label: None,
        intended_at: at,
    }
}

/// Money back of that sale, paid at this time of the gateway's.
pub fn back(kind: Kind, minor: i64, paid: &str) -> Operation {
    let evidence = Evidence::default()
        .with("transactionNo", NUMBER)
        .with("reference", "orig1")
        .with("settleCurrency", "USD")
        .with("paymentTime", paid);
    let original = Original { operation: sale().id, kind: Kind::Sale, approved: usd(1850), evidence };
    Operation { kind, requested: usd(minor), original: Some(original), ..sale() }
}

pub fn sent(reference: &str, step: Step) -> Sent {
    Sent {
        reference: Reference(reference.into()),
        step,
        session: Some("800002".into()),
        at: INTENDED.parse().unwrap(),
        not_started: false,
    }
}
