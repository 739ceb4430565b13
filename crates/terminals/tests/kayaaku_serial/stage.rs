//! The cast: a device that plays canned answers at the end of a line in memory, a desk that writes down what
//! happens, and one log in which the order of everything can be seen. On virtual time.

use async_trait::async_trait;
use domain::ids::{OperationId, Reference, ReferenceShape, Seed, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Operation, Original, Sent, Step};
use domain::outcome::{Evidence, Fault, Outcome};
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::desk::{Desk, Display, NotDurable, NotPrinted, SessionMark};
use terminals::http::Network;
use terminals::kayaaku::serial::KayaakuSerial;
use terminals::notice::{Notice, Notices};
use terminals::seams::{Ambient, Learned, Program};
use terminals::serial::{FarEnd, Job, Line, Lines, Snag, Unwritten, Wanted};
use terminals::{Seams, Terminal};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use wire::kayaaku::serial::{Collector, Found, Message, PaymentResult, framed};
use wire::kayaaku::{Code, Method as Way};

pub const INTENDED: &str = "2026-03-14T01:30:00Z";
pub const MID: &str = "000010000099999";
pub const PORT: &str = "/dev/ttyACM0";

/// What the device does: milliseconds after the thing before, and bytes; none: the cable is pulled.
pub type Doing = (u64, Option<Vec<u8>>);
type Play = Arc<dyn Fn(&Message) -> Vec<Doing> + Send + Sync>;

/// The device's side of the line: queued per message type; the last answer of a queue is given again and
/// again.
pub struct Far {
    log: Mutex<Vec<String>>,
    start: Instant,
    plays: Mutex<BTreeMap<&'static str, VecDeque<Play>>>,
    line: Mutex<Option<mpsc::Sender<Vec<u8>>>>,
    /// Opening fails so.
    pub snag: Mutex<Option<Snag>>,
    /// The next write of a message of this type fails so.
    pub unwritten: Mutex<Option<(&'static str, Unwritten)>>,
    /// Who answers link tests.
    pub terminal: Mutex<String>,
    pub profile: Mutex<String>,
}

impl std::fmt::Debug for Far {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Far")
    }
}

pub fn bytes(message: &Message) -> Vec<u8> {
    framed(&message.encode().unwrap())
}

/// A result of this payment.
pub fn result(code: &str, mrn: &str, minor: u64) -> PaymentResult {
    PaymentResult {
        result: Code::of(code),
        amount: minor,
        item: "T7".to_owned(),
        mid: MID.to_owned(),
        mrn: mrn.to_owned(),
        kind: "STX".to_owned(),
        method: Way::Card,
        approval: if Code::of(code) == Code::of("00") { "484684" } else { "000000" }.to_owned(),
    }
}

pub fn told(code: &str, mrn: &str) -> Vec<u8> {
    bytes(&Message::Result(result(code, mrn, 1850)))
}

impl Far {
    pub fn write(&self, line: impl Into<String>) {
        self.log.lock().unwrap().push(line.into());
    }
    /// The next such request is answered by all of this.
    pub fn plays(&self, mti: &'static str, play: impl Fn(&Message) -> Vec<Doing> + Send + Sync + 'static) {
        self.plays.lock().unwrap().entry(mti).or_default().push_back(Arc::new(play));
    }
    /// The next payment is answered by this acceptance, and by this result after so many seconds.
    pub fn pays(&self, acceptance: &str, result: Option<(u64, &str)>) {
        let (acceptance, result) =
            (Code::of(acceptance), result.map(|(after_s, code)| (after_s, code.to_owned())));
        self.plays("0011", move |asked| {
            let mrn = asked.mrn().unwrap().to_owned();
            let started = Message::Started { result: acceptance.clone(), mrn: mrn.clone() };
            let told = result.iter().map(|(after_s, code)| (after_s * 1_000, Some(told(code, &mrn))));
            std::iter::once((10, Some(bytes(&started)))).chain(told).collect()
        });
    }
    /// The next enquiry is answered by this code.
    pub fn finds(&self, code: &str) {
        let code = code.to_owned();
        self.plays("0013", move |asked| {
            vec![(10, Some(bytes(&Message::Answer(result(&code, asked.mrn().unwrap(), 1850)))))]
        });
    }
    pub fn never_answers(&self, mti: &'static str) {
        self.plays(mti, |_| Vec::new());
    }
    /// Something comes by itself.
    pub async fn sends(&self, bytes: Vec<u8>) {
        let line = self.line.lock().unwrap().clone().unwrap();
        line.send(bytes).await.unwrap();
        sleep(Duration::from_millis(5)).await;
    }
    pub fn unplug(&self) {
        self.line.lock().unwrap().take();
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
    fn play(&self, message: &Message) -> Vec<Doing> {
        let canned = match message {
            Message::LinkTest => Some(Message::LinkTested {
                result: Code::of("00"),
                terminal: self.terminal.lock().unwrap().clone(),
                profile: self.profile.lock().unwrap().clone(),
            }),
            Message::Heard { .. } => return Vec::new(),
            _ => None,
        };
        let mut plays = self.plays.lock().unwrap();
        let Some(queue) = plays.get_mut(message.mti()) else {
            let answer = canned.unwrap_or_else(|| panic!("nobody plays {message:?}"));
            return vec![(0, Some(bytes(&answer)))];
        };
        let play = if queue.len() > 1 { queue.pop_front().unwrap() } else { queue[0].clone() };
        play(message)
    }

    async fn device(self: Arc<Self>, mut from: mpsc::Receiver<Job>) {
        let mut collector = Collector::default();
        while let Some(Job::Write(written, reply)) = from.recv().await {
            for found in collector.take(&written, 0) {
                let Found::Frame(text) = found else {
                    self.write(format!("{found:?}"));
                    continue;
                };
                let message = Message::decode(&text).unwrap();
                let fails = self.unwritten.lock().unwrap().take_if(|(mti, _)| *mti == message.mti());
                if let Some((_, unwritten)) = fails {
                    let _ = reply.send(Err(unwritten));
                    return;
                }
                self.write(message.mti());
                let (far, doings) = (Arc::clone(&self), self.play(&message));
                tokio::spawn(async move {
                    for (after_ms, what) in doings {
                        sleep(Duration::from_millis(after_ms)).await;
                        let line = far.line.lock().unwrap().clone();
                        match (what, line) {
                            (Some(bytes), Some(line)) => drop(line.send(bytes).await),
                            (None, _) => far.unplug(),
                            (Some(_), None) => {}
                        }
                    }
                });
            }
            let _ = reply.send(Ok(()));
        }
    }
}

/// The way to the device.
#[derive(Debug)]
struct Cable(Arc<Far>);

#[async_trait]
impl Lines for Cable {
    async fn open(&self, _wanted: &Wanted) -> Result<Line, Snag> {
        if let Some(snag) = self.0.snag.lock().unwrap().clone() {
            return Err(snag);
        }
        self.0.write("open");
        let (line, FarEnd { to, from }) = Line::pair(PORT);
        *self.0.line.lock().unwrap() = Some(to);
        tokio::spawn(Arc::clone(&self.0).device(from));
        Ok(line)
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
        let terminal = self.far.terminal.lock().unwrap().clone();
        assert_eq!(session, Some(format!("{MID}/{terminal}").as_str()));
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
        panic!("a line has no sessions");
    }
    fn show(&self, display: Display) {
        match display {
            Display::Text { text, .. } => self.far.write(format!("show {text}")),
            Display::Code { content, .. } => panic!("{content} is shown"),
        }
    }
    async fn print(&self, _slip: Receipt) -> Result<(), NotPrinted> {
        panic!("a device prints by itself");
    }
    async fn ask(&self, question: Question, _text: String, _limit: Option<Duration>) -> Answer {
        self.far.write(format!("ask {}", question.code()));
        self.answer.lock().unwrap().clone().unwrap_or(Answer::NoDialogue)
    }
    async fn withdraw(&self) {}
}

/// Time that goes with the virtual one.
#[derive(Debug)]
struct Clock(Instant);

impl Ambient for Clock {
    fn seed(&self) -> Seed {
        let passed = SignedDuration::try_from(self.0.elapsed()).unwrap();
        let at = INTENDED.parse::<Timestamp>().unwrap().checked_add(passed).unwrap();
        Seed { at, random: [3; 10] }
    }
    fn reference(&self, shape: ReferenceShape) -> Reference {
        shape.make(&self.seed())
    }
    fn mono(&self) -> domain::payment::Mono {
        self.0.elapsed()
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
    pub driver: Arc<KayaakuSerial>,
}

/// Settings, with these on top.
pub fn table(more: &str) -> toml::Table {
    let mut table: toml::Table = format!("port = \"{PORT}\"\nmid = \"{MID}\"\n").parse().unwrap();
    table.extend(more.parse::<toml::Table>().unwrap());
    table
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
        line: Mutex::default(),
        snag: Mutex::default(),
        unwritten: Mutex::default(),
        terminal: Mutex::new("KP0001".to_owned()),
        profile: Mutex::new("KS01".to_owned()),
    });
    let desk = Arc::new(Counter {
        far: Arc::clone(&far),
        made: AtomicU64::new(0),
        durable: AtomicU64::new(u64::MAX),
        answer: Mutex::default(),
    });
    let told = Arc::new(Told::default());
    let seams = Seams {
        http: Arc::new(Network::new().unwrap()),
        lines: Arc::new(Cable(Arc::clone(&far))),
        nearby: Arc::new(terminals::nearby::Nobody),
        ambient: Arc::new(Clock(start)),
        notices: Arc::<Told>::clone(&told),
        currency: Currency::parse("MYR").unwrap(),
        learned: Learned::default(),
        zone: jiff::tz::TimeZone::UTC,
        public_url: String::new(),
        till: "T7".to_owned(),
        program: Program { maker: "Maker".into(), name: "Paydesk".into(), version: "0.1.0".into() },
    };
    let driver = Arc::new(KayaakuSerial::new(&table(more), seams).unwrap());
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
    /// Whether the driver has let its line go.
    pub fn far_is_free(&self) -> bool {
        self.far.line.lock().unwrap().as_ref().is_none_or(mpsc::Sender::is_closed)
    }
    pub fn notices(&self) -> Vec<Notice> {
        self.told.0.lock().unwrap().clone()
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
    let evidence =
        Evidence::default().with("TxnID", "orig1").with("AuthIdResp", "484684").with("PmtType", method);
    let original = Original { operation: sale().id, kind: Kind::Sale, approved: myr(1850), evidence };
    Operation { kind, requested: myr(minor), original: Some(original), ..sale() }
}

pub fn sent(reference: &str, step: Step, terminal: &str) -> Sent {
    Sent {
        reference: Reference(reference.into()),
        step,
        session: Some(format!("{MID}/{terminal}")),
        at: INTENDED.parse().unwrap(),
        not_started: false,
    }
}
