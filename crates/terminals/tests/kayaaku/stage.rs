//! The cast: a host that plays canned answers in either generation, a desk that writes down what happens,
//! and one log in which the order of everything can be seen. On virtual time.

use async_trait::async_trait;
use domain::ids::{OperationId, Reference, ReferenceShape, Seed, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Operation, Original, Sent, Step};
use domain::outcome::{Evidence, Fault, Outcome};
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::desk::{Desk, Display, NotDurable, NotPrinted, SessionMark};
use terminals::http::{Cause, Http, HttpFault, HttpReply, HttpRequest};
use terminals::kayaaku::Kayaaku;
use terminals::notice::{Notice, Notices};
use terminals::seams::{Ambient, Learned, Program};
use terminals::{Seams, Terminal};
use tokio::time::{Instant, sleep};
use wire::kayaaku::jwe::Fresh;
use wire::kayaaku::keys::{EcPrivate, EcPublic, Reader, RsaPrivate, RsaPublic};
use wire::kayaaku::plain::{self, Call, Message};
use wire::kayaaku::{Limits, assumed, envelope};

pub const RSA: &str = include_str!("../../../wire/testdata/kayaaku/rsa-private.pem");
pub const RSA_PUBLIC: &str = include_str!("../../../wire/testdata/kayaaku/rsa-public.pem");
pub const EC: &str = include_str!("../../../wire/testdata/kayaaku/ec-private.pem");
pub const EC_PUBLIC: &str = include_str!("../../../wire/testdata/kayaaku/ec-public.pem");
pub const READER: &str = include_str!("../../../wire/testdata/kayaaku/reader.jwk");
pub const INTENDED: &str = "2026-03-14T01:30:00Z";

/// What a request asks for, by the protocol's names.
pub type Fields = BTreeMap<String, String>;
/// A canned answer: fields, or none at all.
type Play = Arc<dyn Fn(&Fields) -> Result<Said, HttpFault> + Send + Sync>;

/// What the host says.
#[derive(Clone)]
pub enum Said {
    /// Fields, signed as they should be.
    Fields(Vec<(&'static str, String)>),
    /// A body as it is.
    Raw(u16, String),
    /// A whole reply as it is.
    Reply(HttpReply),
    /// Nothing, for ever.
    Nothing,
}

/// The host's side of HTTP: queued per call; the last answer of a queue is given again and again.
pub struct Far {
    log: Mutex<Vec<String>>,
    start: Instant,
    plays: Mutex<BTreeMap<&'static str, VecDeque<(u64, Play)>>>,
    pub requests: Mutex<Vec<(String, Fields)>>,
    sealed: bool,
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
    fn plays(
        &self,
        call: &'static str,
        after_s: u64,
        play: impl Fn(&Fields) -> Result<Said, HttpFault> + Send + Sync + 'static,
    ) {
        let mut plays = self.plays.lock().unwrap();
        plays.entry(call).or_default().push_back((after_s, Arc::new(play)));
    }
    /// The next such request is answered with this code, about what it asked for, after so many seconds.
    pub fn says_after(&self, call: &'static str, after_s: u64, code: &str, more: &[(&'static str, &str)]) {
        let (code, sealed) = (code.to_owned(), self.sealed);
        let more: Vec<_> = more.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.plays(call, after_s, move |fields| {
            let of = |name: &str| fields.get(name).cloned().unwrap_or_default();
            let mut members = if sealed {
                vec![("sequenceNo", of("sequenceNo")), ("mrn", of("mrn")), ("resultCode", code.clone())]
            } else {
                let (id, sequence) = (of("TxnID"), of("sequenceNo"));
                vec![("TxnID", id), ("RespCd", code.clone()), ("sequenceNo", sequence)]
            };
            for (name, value) in &more {
                members.retain(|(known, _)| known != name);
                if value != "-" {
                    members.push((name, value.clone()));
                }
            }
            Ok(Said::Fields(members))
        });
    }
    pub fn says(&self, call: &'static str, code: &str) {
        self.says_after(call, 0, code, &[]);
    }
    pub fn says_with(&self, call: &'static str, code: &str, more: &[(&'static str, &str)]) {
        self.says_after(call, 0, code, more);
    }
    pub fn answers(&self, call: &'static str, status: u16, body: &str) {
        let body = body.to_owned();
        self.plays(call, 0, move |_| Ok(Said::Raw(status, body.clone())));
    }
    pub fn replies(
        &self,
        call: &'static str,
        reply: impl Fn(&Fields) -> HttpReply + Send + Sync + 'static,
    ) {
        self.plays(call, 0, move |fields| Ok(Said::Reply(reply(fields))));
    }
    pub fn never_answers(&self, call: &'static str) {
        self.plays(call, 0, |_| Ok(Said::Nothing));
    }
    pub fn is_lost(&self, call: &'static str) {
        self.plays(call, 0, |_| Err(HttpFault::MaybeSent { cause: Cause::Timeout }));
    }
    pub fn is_unreachable(&self, call: &'static str) {
        self.plays(call, 0, |_| Err(HttpFault::NotSent { cause: Cause::Refused }));
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
    /// The fields of the newest such request.
    pub fn asked(&self, call: &str) -> Fields {
        let requests = self.requests.lock().unwrap();
        requests.iter().rev().find(|(name, _)| name == call).unwrap().1.clone()
    }
    fn play(&self, call: &'static str) -> (u64, Play) {
        let mut plays = self.plays.lock().unwrap();
        let queue = plays.get_mut(call).unwrap_or_else(|| panic!("nobody plays {call}"));
        if queue.len() > 1 { queue.pop_front().unwrap() } else { queue[0].clone() }
    }
}

pub fn rsa() -> RsaPrivate {
    RsaPrivate::from_pem(RSA).unwrap()
}

fn flat(value: &serde_json::Value, into: &mut Fields) {
    for (name, value) in value.as_object().unwrap() {
        match value {
            serde_json::Value::String(text) => {
                into.insert(name.clone(), text.clone());
            }
            inside => flat(inside, into),
        }
    }
}

fn read(request: &HttpRequest, path: &str, sealed: bool) -> (&'static str, Fields) {
    let mut fields = Fields::new();
    if sealed {
        let header =
            |name: &str| request.headers.iter().find(|(known, _)| known == name).unwrap().1.clone();
        assert_eq!(header("sourceSystem"), "tst");
        let (key, reader) = (EcPublic::from_pem(EC_PUBLIC).unwrap(), Reader::from_jwk(READER).unwrap());
        let opened =
            envelope::open(&request.body, Some(&header("Signature")), &key, &reader, &Limits::REPLY)
                .unwrap();
        flat(&serde_json::from_slice(&opened.plain).unwrap(), &mut fields);
        let call = match (path, opened.kind.as_str()) {
            ("/api/submit", "0011") => "pay",
            ("/api/paymentInquiry", "0013" | "0015") => "enquire",
            other => panic!("{other:?}"),
        };
        return (call, fields);
    }
    let call = Call::ALL.into_iter().find(|call| call.path() == path).unwrap();
    let key = RsaPublic::from_pem(RSA_PUBLIC).unwrap();
    let message = Message::decode(&request.body, Some("tst"), Some(&key), &Limits::LISTENER).unwrap();
    assert_eq!(plain::check(call, &message), None);
    flat(&serde_json::from_slice(&request.body).unwrap(), &mut fields);
    let name = match call {
        Call::Payment => "pay",
        Call::Enquiry => "enquire",
        Call::Void => "void",
        Call::Refund => "refund",
        Call::SaleCompletion => panic!("pre-authorizations are not in use"),
    };
    (name, fields)
}

/// A reply as the host writes it.
pub fn reply(sealed: bool, call: &str, members: &[(&'static str, String)]) -> HttpReply {
    if !sealed {
        let members: Vec<_> = members.iter().map(|(name, value)| (*name, value.clone())).collect();
        return HttpReply::new(200, plain::signed("tst", &members, &rsa()).unwrap().into_bytes());
    }
    reply_as(if call == "pay" { "0012" } else { "0014" }, members)
}

/// The same in generation 2, of this message type.
pub fn reply_as(kind: &str, members: &[(&'static str, String)]) -> HttpReply {
    let plain: serde_json::Map<_, _> =
        members.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
    let text = serde_json::Value::Object(plain).to_string();
    let to = Reader::from_jwk(READER).unwrap().recipient();
    let (key, fresh) = (EcPrivate::from_pem(EC).unwrap(), Fresh::of(&[9; 40]));
    let sealed = envelope::seal(kind, text.as_bytes(), &to, assumed::SEALED_WITH, &key, &fresh).unwrap();
    let headers = vec![("signature".to_owned(), sealed.signature)];
    HttpReply { status: 200, headers, body: sealed.body.into_bytes() }
}

#[async_trait]
impl Http for Far {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        let path = request.url.strip_prefix("http://127.0.0.1:9/mqpos-host").unwrap().to_owned();
        let (call, fields) = read(&request, &path, self.sealed);
        self.write(call);
        self.requests.lock().unwrap().push((call.to_owned(), fields.clone()));
        let (after_s, play) = self.play(call);
        sleep(Duration::from_secs(after_s)).await;
        match play(&fields)? {
            Said::Fields(members) => Ok(reply(self.sealed, call, &members)),
            Said::Reply(reply) => Ok(reply),
            Said::Raw(status, body) => Ok(HttpReply::new(status, body.into_bytes())),
            Said::Nothing => {
                sleep(Duration::from_millis(request.answer_ms)).await;
                Err(HttpFault::MaybeSent { cause: Cause::Timeout })
            }
        }
    }
}

/// A desk that writes down everything.
#[derive(Debug)]
pub struct Counter {
    far: Arc<Far>,
    made: AtomicU64,
    /// References are written to disk so often, then not any more.
    pub durable: AtomicU64,
    pub answer: Mutex<Option<Answer>>,
}

#[async_trait]
impl Desk for Counter {
    async fn reserve(&self, step: Step, session: Option<&str>) -> Result<Reference, NotDurable> {
        tokio::task::yield_now().await;
        assert!(session.is_some_and(|it| it.starts_with("000010000099999/KP0001 tst ")), "{session:?}");
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
    async fn note(&self, _evidence: Evidence) -> Result<(), NotDurable> {
        Ok(())
    }
    async fn session(&self, _mark: SessionMark) -> Result<(), NotDurable> {
        panic!("a host has no sessions");
    }
    fn show(&self, display: Display) {
        match display {
            Display::Text { text, .. } => self.far.write(format!("show {text}")),
            Display::Code { content, .. } => panic!("{content} is shown"),
        }
    }
    async fn print(&self, _slip: Receipt) -> Result<(), NotPrinted> {
        panic!("a host prints nothing");
    }
    async fn ask(&self, question: Question, _text: String, _limit: Option<Duration>) -> Answer {
        self.far.write(format!("ask {}", question.code()));
        self.answer.lock().unwrap().clone().unwrap_or(Answer::NoDialogue)
    }
    async fn withdraw(&self) {}
}

/// Time that goes with the virtual one.
#[derive(Debug)]
struct Clock(AtomicU64, Instant);

impl Ambient for Clock {
    fn seed(&self) -> Seed {
        let passed = SignedDuration::try_from(self.1.elapsed()).unwrap();
        let at = INTENDED.parse::<Timestamp>().unwrap().checked_add(passed).unwrap();
        let [.., byte] = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        Seed { at, random: [byte.max(1); 10] }
    }
    fn reference(&self, shape: ReferenceShape) -> Reference {
        shape.make(&self.seed())
    }
    fn mono(&self) -> domain::payment::Mono {
        self.1.elapsed()
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
    opened: Arc<AtomicBool>,
    pub far: Arc<Far>,
    pub desk: Arc<Counter>,
    pub told: Arc<Told>,
    pub driver: Arc<Kayaaku>,
}

/// Settings of generation 1, with these on top.
pub fn table(more: &str) -> toml::Table {
    let mut table: toml::Table = format!(
        "base_url = \"http://127.0.0.1:9/mqpos-host\"\nsource_system = \"tst\"\nmid = \"000010000099999\"\n\
         device_sn = \"KP0001\"\nemail = \"till07@example.my\"\n\
         private_key = '''{RSA}'''\npeer_public_key = '''{RSA_PUBLIC}'''\n"
    )
    .parse()
    .unwrap();
    table.extend(more.parse::<toml::Table>().unwrap());
    table
}

/// What generation 2 wants on top.
pub fn second() -> String {
    format!(
        "generation = \"2\"\nprivate_key = '''{EC}'''\npeer_public_key = '''{EC_PUBLIC}'''\n\
         jwe_recipient_key = '''{READER}'''\njwe_private_key = '''{READER}'''\n"
    )
}

pub fn stage() -> Stage {
    staged("")
}

pub fn staged(more: &str) -> Stage {
    let start = Instant::now();
    let far = Arc::new(Far {
        log: Mutex::default(),
        start,
        plays: Mutex::default(),
        requests: Mutex::default(),
        sealed: more.contains("generation"),
    });
    let desk = Arc::new(Counter {
        far: Arc::clone(&far),
        made: AtomicU64::new(0),
        durable: AtomicU64::new(u64::MAX),
        answer: Mutex::default(),
    });
    let told = Arc::new(Told::default());
    let seams = Seams {
        lines: Arc::new(terminals::serial::SystemLines::default()),
        nearby: Arc::new(terminals::nearby::Nobody),
        currency: domain::money::Currency::parse("MYR").unwrap(),
        http: Arc::<Far>::clone(&far),
        ambient: Arc::new(Clock(AtomicU64::new(0), start)),
        notices: Arc::<Told>::clone(&told),
        learned: Learned::default(),
        zone: jiff::tz::TimeZone::UTC,
        public_url: "https://till.example/".to_owned(),
        till: "T7".to_owned(),
        program: Program { maker: "Maker".into(), name: "Paydesk".into(), version: "0.1.0".into() },
    };
    let driver = Arc::new(Kayaaku::new(&table(more), seams).unwrap());
    Stage { opened: Arc::default(), far, desk, told, driver }
}

impl Stage {
    /// The host has shown that its answers can be read; nothing of that is seen afterwards.
    pub async fn ready(&self) {
        if self.opened.swap(true, Ordering::SeqCst) {
            return;
        }
        let plays = std::mem::take(&mut *self.far.plays.lock().unwrap());
        self.far.says("enquire", "49");
        self.driver.open().await.unwrap();
        *self.far.plays.lock().unwrap() = plays;
        self.far.log.lock().unwrap().clear();
        self.far.requests.lock().unwrap().clear();
    }
    pub async fn perform(&self, operation: &Operation) -> Result<Outcome, Fault> {
        self.ready().await;
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
}

pub fn myr(minor: i64) -> Money {
    Money::new(minor, Currency::parse("MYR").unwrap())
}

pub fn sale() -> Operation {
    let at: Timestamp = INTENDED.parse().unwrap();
    Operation {
        id: OperationId::of(&Seed { at, random: [7; 10] }),
        kind: Kind::Sale,
        terminal: TerminalId("counter".into()),
        requested: myr(1850),
        cash_back: myr(0),
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

/// Money back of that sale, which was paid in this way.
pub fn back(kind: Kind, minor: i64, method: &str) -> Operation {
    let evidence = Evidence::default().with("TxnID", "orig1").with("HTR", "HTR-7").with("PmtType", method);
    let original = Original { operation: sale().id, kind: Kind::Sale, approved: myr(1850), evidence };
    Operation { kind, requested: myr(minor), original: Some(original), ..sale() }
}

pub fn sent(reference: &str, step: Step) -> Sent {
    Sent {
        reference: Reference(reference.into()),
        step,
        session: Some("000010000099999/KP0001 tst 1 http://127.0.0.1:9/mqpos-host".into()),
        at: INTENDED.parse().unwrap(),
        not_started: false,
    }
}
