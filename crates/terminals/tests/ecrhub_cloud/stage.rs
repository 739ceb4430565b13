//! The cast: a gateway that plays canned replies, a desk that writes down what happens, and one log in which
//! the order of everything can be seen. On virtual time.

use async_trait::async_trait;
use domain::ids::{OperationId, Reference, ReferenceShape, Seed, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Operation, Original, Sent, Step};
use domain::outcome::{Evidence, Fault, Outcome, Recovered};
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::desk::{Desk, Display, NotDurable, NotPrinted, SessionMark};
use terminals::ecrhub::EcrHub;
use terminals::http::{Cause, Http, HttpFault, HttpReply, HttpRequest};
use terminals::listener::{Answer as Reply, Claim, Incoming};
use terminals::notice::{Notice, Notices};
use terminals::seams::{Ambient, Learned, Program};
use terminals::{Seams, Terminal};
use tokio::time::{Instant, sleep};
use wire::ecrhub::cloud::{RsaPrivate, RsaPublic, SIGN, canonical, sign};
use wire::ecrhub::{HUB, Json};

pub const TILL: &str = include_str!("../../../wire/testdata/ecrhub/pos-private.pem");
pub const TILL_PUBLIC: &str = include_str!("../../../wire/testdata/ecrhub/pos-public.pem");
pub const GATEWAY: &str = include_str!("../../../wire/testdata/ecrhub/gateway-private.pem");
pub const GATEWAY_PUBLIC: &str = include_str!("../../../wire/testdata/ecrhub/gateway-public.pem");
pub const INTENDED: &str = "2026-03-14T01:30:00Z";
pub const SESSION: &str = "cloud wztest0000000001 300000000001 TESTSN0000000001";
pub const CREATE: &str = "wisehub.cloud.pay.order";
pub const QUERY: &str = "order.query";
pub const CLOSE: &str = "wisehub.cloud.pay.close";

pub type Fields = BTreeMap<String, String>;
type Play = Box<dyn Fn(&Fields) -> Result<HttpReply, HttpFault> + Send + Sync>;

/// A reply as the gateway signs it.
pub fn signed(code: &str, msg: &str, data: &str) -> String {
    signed_by(GATEWAY, code, msg, data)
}

pub fn signed_by(key: &str, code: &str, msg: &str, data: &str) -> String {
    let key = RsaPrivate::from_text(key).unwrap();
    let fields = [("code", code), ("msg", msg), ("psn", "0101"), ("data", data)];
    let signature = sign(&key, fields).unwrap();
    let all = fields.into_iter().chain([(SIGN, signature.as_str())]);
    Json::Object(all.map(|(name, value)| (name.to_owned(), Json::text(value))).collect()).to_string()
}

/// What the gateway tells of the order that is asked about, in this state.
pub fn data(status: u8) -> String {
    format!(
        "{{\"merchant_order_no\":\"{{number}}\",\"trans_no\":\"7000000000000001\",\"trans_type\":1,\
         \"trans_status\":{status},\"order_amount\":\"45\",\"price_currency\":\"QAR\",\
         \"terminal_sn\":\"TESTSN0000000001\"}}"
    )
}

pub const TAKEN: &str =
    "{\"message_id\":\"9000001\",\"trans_no\":\"7000000000000001\",\"trans_amount\":\"45\"}";

/// The gateway's side of HTTP: queued per method; the last reply of each is given again.
pub struct Far {
    log: Mutex<Vec<String>>,
    start: Instant,
    plays: Mutex<BTreeMap<String, VecDeque<Arc<Play>>>>,
    pub requests: Mutex<Vec<(u64, String, Fields)>>,
    /// Milliseconds that a reply takes.
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
    /// The next request of this method is answered so; the last one goes on for ever.
    pub fn plays(
        &self,
        method: &str,
        play: impl Fn(&Fields) -> Result<HttpReply, HttpFault> + Send + Sync + 'static,
    ) {
        let mut plays = self.plays.lock().unwrap();
        plays.entry(method.to_owned()).or_default().push_back(Arc::new(Box::new(play)));
    }
    pub fn answers(
        &self,
        method: &str,
        status: u16,
        body: impl Fn(&Fields) -> String + Send + Sync + 'static,
    ) {
        self.plays(method, move |fields| Ok(HttpReply::new(status, body(fields).into_bytes())));
    }
    /// A signed reply; `{number}` in its data is the order's.
    pub fn says(&self, method: &str, code: &str, msg: &str, data: &str) {
        let (code, msg, data) = (code.to_owned(), msg.to_owned(), data.to_owned());
        self.answers(method, 200, move |fields| signed(&code, &msg, &filled(&data, fields)));
    }
    pub fn takes_it(&self) {
        self.says(CREATE, "0", "success", TAKEN);
    }
    /// A query finds the order in this state.
    pub fn finds(&self, status: u8) {
        self.says(QUERY, "0", "success", &data(status));
    }
    pub fn finds_nothing(&self) {
        self.says(QUERY, "E04111", "merchant order number invalid", "");
    }
    pub fn is_lost(&self, method: &str) {
        self.plays(method, |_| Err(HttpFault::MaybeSent { cause: Cause::Timeout }));
    }
    pub fn is_unreachable(&self, method: &str) {
        self.plays(method, |_| Err(HttpFault::NotSent { cause: Cause::Refused }));
    }
    pub fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
    pub fn count(&self, start: &str) -> usize {
        self.lines().iter().filter(|line| line.starts_with(start)).count()
    }
    /// Whether the cashier has read this.
    pub fn has_shown(&self, words: &str) -> bool {
        self.lines().iter().any(|line| line.starts_with("show ") && line.contains(words))
    }
    /// Seconds at which requests of this method came.
    pub fn times(&self, method: &str) -> Vec<u64> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|(_, name, _)| name == method).map(|(at, _, _)| *at).collect()
    }
    /// The fields of the newest request of this method.
    pub fn asked(&self, method: &str) -> Fields {
        let requests = self.requests.lock().unwrap();
        requests.iter().rev().find(|(_, name, _)| name == method).unwrap().2.clone()
    }
}

fn filled(text: &str, fields: &Fields) -> String {
    text.replace("{number}", fields.get("merchant_order_no").map_or("", String::as_str))
}

#[async_trait]
impl Http for Far {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        assert_eq!(request.url, "https://gateway.example/api/entry");
        let Json::Object(members) = Json::decode(&request.body, &HUB).unwrap() else { panic!("no object") };
        let text = |(name, value)| match value {
            Json::Text(text) => (name, text),
            _ => panic!("{name} is no text"),
        };
        let fields: Fields = members.into_iter().map(text).collect();
        assert!(fields.values().all(|value| !value.is_empty() && !value.starts_with('@')));
        let pairs = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let signature = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &fields[SIGN]);
        let key = RsaPublic::from_text(TILL_PUBLIC).unwrap();
        assert!(key.verifies(canonical(pairs).as_bytes(), &signature.unwrap()), "it is signed wrongly");
        let name = fields["method"].clone();
        self.write(name.clone());
        self.requests.lock().unwrap().push((self.start.elapsed().as_secs(), name.clone(), fields.clone()));
        sleep(Duration::from_millis(self.takes_ms.load(Ordering::SeqCst))).await;
        let play = {
            let mut plays = self.plays.lock().unwrap();
            let queue = plays.get_mut(&name).unwrap_or_else(|| panic!("nobody plays {name}"));
            if queue.len() > 1 { queue.pop_front().unwrap() } else { Arc::clone(&queue[0]) }
        };
        play(&fields)
    }
}

/// A desk that writes down everything.
#[derive(Debug)]
pub struct Counter {
    far: Arc<Far>,
    made: AtomicU64,
}

#[async_trait]
impl Desk for Counter {
    async fn reserve(&self, step: Step, session: Option<&str>) -> Result<Reference, NotDurable> {
        assert_eq!(session, Some(SESSION));
        let reference = format!("REF{}", self.made.fetch_add(1, Ordering::SeqCst) + 1);
        self.far.write(format!("reserve {step:?} {reference}"));
        Ok(Reference(reference))
    }
    async fn not_started(&self, reference: &Reference) -> Result<(), NotDurable> {
        self.far.write(format!("not_started {reference}"));
        Ok(())
    }
    async fn note(&self, evidence: Evidence) -> Result<(), NotDurable> {
        let of = |name| evidence.get(name).unwrap_or("-").to_owned();
        self.far.write(format!("note {} {}", of("trans_no"), of("message_id")));
        Ok(())
    }
    async fn session(&self, _mark: SessionMark) -> Result<(), NotDurable> {
        panic!("a gateway has no sessions");
    }
    fn show(&self, display: Display) {
        match display {
            Display::Text { text, .. } => self.far.write(format!("show {text}")),
            Display::Code { .. } => panic!("no code is shown"),
        }
    }
    async fn print(&self, _slip: Receipt) -> Result<(), NotPrinted> {
        panic!("a gateway prints nothing");
    }
    async fn ask(&self, _question: Question, _text: String, _limit: Option<Duration>) -> Answer {
        panic!("nobody is asked");
    }
    async fn withdraw(&self) {}
}

#[derive(Debug)]
struct Clock {
    count: AtomicU64,
    start: Instant,
}

impl Ambient for Clock {
    fn seed(&self) -> Seed {
        let passed = SignedDuration::try_from(self.start.elapsed()).unwrap();
        Seed { at: INTENDED.parse::<Timestamp>().unwrap().checked_add(passed).unwrap(), random: [3; 10] }
    }
    fn reference(&self, shape: ReferenceShape) -> Reference {
        let [.., byte] = self.count.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        shape.make(&Seed { at: INTENDED.parse().unwrap(), random: [byte; 10] })
    }
    fn mono(&self) -> domain::payment::Mono {
        self.start.elapsed()
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
    pub driver: Arc<EcrHub>,
}

pub fn table(more: &str) -> toml::Table {
    let text = format!(
        "base_url = \"https://gateway.example\"\napp_id = \"wztest0000000001\"\n\
         merchant_no = \"300000000001\"\nstore_no = \"4000000001\"\nterminal_sn = \"TESTSN0000000001\"\n\
         private_key = '''{TILL}'''\ngateway_public_key = '''{GATEWAY_PUBLIC}'''\n{more}"
    );
    text.parse().unwrap()
}

pub fn stage() -> Stage {
    staged("")
}

/// A stage whose first query, for a number that nobody has, is answered as it should be.
pub fn staged(more: &str) -> Stage {
    let stage = bare(more);
    stage.far.finds_nothing();
    stage
}

pub fn bare(more: &str) -> Stage {
    let far = Arc::new(Far {
        log: Mutex::default(),
        start: Instant::now(),
        plays: Mutex::default(),
        requests: Mutex::default(),
        takes_ms: AtomicU64::new(100),
    });
    let desk = Arc::new(Counter { far: Arc::clone(&far), made: AtomicU64::new(0) });
    let told = Arc::new(Told::default());
    let seams = Seams {
        lines: Arc::new(terminals::serial::SystemLines::default()),
        nearby: Arc::new(terminals::nearby::Nobody),
        currency: Currency::parse("QAR").unwrap(),
        http: Arc::<Far>::clone(&far),
        ambient: Arc::new(Clock { count: AtomicU64::new(0), start: Instant::now() }),
        notices: Arc::<Told>::clone(&told),
        learned: Learned::default(),
        zone: jiff::tz::TimeZone::UTC,
        public_url: "https://till.example/".to_owned(),
        till: "T1".to_owned(),
        program: Program { maker: "Maker".into(), name: "Paydesk".into(), version: "0.1.0".into() },
    };
    let driver = Arc::new(terminals::ecrhub::cloud::make(&table(more), seams).unwrap());
    Stage { far, desk, told, driver }
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
    pub async fn recover(&self, operation: &Operation) -> Result<Recovered, Fault> {
        self.driver.recover(operation, &[sent("REF1")]).await
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

pub fn qar(minor: i64) -> Money {
    Money::new(minor, Currency::parse("QAR").unwrap())
}

pub fn sale() -> Operation {
    let at: Timestamp = INTENDED.parse().unwrap();
    Operation {
        id: OperationId::of(&Seed { at, random: [7; 10] }),
        kind: Kind::Sale,
        terminal: TerminalId("desk".into()),
        requested: qar(45_00),
        cash_back: qar(0),
        method: Method::Any,
        original: None,
        motive: None,
        sale: None,
        slot: 0,
        transaction: Reference("250304101244000411".into()),
        label: None,
        intended_at: at,
    }
}

/// Money back of that sale.
pub fn back(kind: Kind, minor: i64) -> Operation {
    let evidence = Evidence::default().with("merchant_order_no", "ORIG1");
    let original = Original { operation: sale().id, kind: Kind::Sale, approved: qar(45_00), evidence };
    Operation { kind, requested: qar(minor), original: Some(original), ..sale() }
}

pub fn sent(reference: &str) -> Sent {
    Sent {
        reference: Reference(reference.into()),
        step: Step::First,
        session: Some(SESSION.into()),
        at: INTENDED.parse().unwrap(),
        not_started: false,
    }
}
