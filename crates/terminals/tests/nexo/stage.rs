//! The cast of the driver's tests: a terminal that plays scripted answers, a desk and a till that write
//! down what happens, and one log in which the order of everything can be seen.

use super::desk::{Counter, Till};
use async_trait::async_trait;
use domain::ids::{OperationId, Reference, ReferenceShape, Seed, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Operation, Original, Sent, Step};
use domain::outcome::{Evidence, Fault, Outcome};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::http::{Http, HttpFault, HttpReply, HttpRequest};
use terminals::listener::{Answer as Reply, Inbox, Incoming};
use terminals::nexo::Nexo;
use terminals::notice::Notice;
use terminals::seams::{Ambient, Learned, Program};
use terminals::{Seams, Terminal};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use wire::nexo::{
    Amount, AmountsResp, Body, CardData, ErrorCondition, Limits, LoginResponse, MaskedPan, Message,
    PaymentInstrumentData, PaymentInstrumentType, PaymentResponse, PaymentResult, PoiData, Response,
    SaleData, TransactionIdentification, decode, encode,
};

pub const INTENDED: &str = "2025-03-04T09:12:44Z";
pub const TRANSACTION: &str = "250304101244000411";
pub const PAID_AT: &str = "2025-03-04T09:12:46.311Z";

pub fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Everything in order, one line each.
#[derive(Clone, Debug)]
pub struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    start: Instant,
}

impl Log {
    pub fn write(&self, line: impl Into<String>) {
        self.lines.lock().unwrap().push(line.into());
    }
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
    pub fn has(&self, line: &str) -> bool {
        self.lines().iter().any(|it| it == line)
    }
    pub fn count(&self, start: &str) -> usize {
        self.lines().iter().filter(|it| it.starts_with(start)).count()
    }
    /// Lets everything run until the log has this line.
    pub async fn until(&self, start: &str) {
        while self.count(start) == 0 {
            sleep(Duration::from_millis(10)).await;
        }
    }
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

type Play = Box<
    dyn Fn(Message) -> Pin<Box<dyn Future<Output = Result<HttpReply, HttpFault>> + Send>> + Send + Sync,
>;

/// The terminal's side of HTTP: what it does is queued per category; without a queue it is a healthy
/// terminal.
pub struct Far {
    log: Log,
    plays: Mutex<BTreeMap<String, VecDeque<Arc<Play>>>>,
    pub requests: Mutex<Vec<(Duration, Message)>>,
    pub posted: Mutex<Vec<HttpRequest>>,
}

impl std::fmt::Debug for Far {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Far")
    }
}

pub fn status(status: u16, body: &str) -> HttpReply {
    HttpReply::new(status, body.as_bytes().to_vec())
}

pub fn reply(message: &Message) -> HttpReply {
    status(200, &encode(message))
}

impl Far {
    fn queue(&self, category: &str, play: Play) {
        self.plays.lock().unwrap().entry(category.to_owned()).or_default().push_back(Arc::new(play));
    }
    /// The next request of this category is answered so.
    pub fn answers(&self, category: &str, answer: impl Fn(&Message) -> Message + Send + Sync + 'static) {
        self.raw(category, move |request| Ok(reply(&answer(request))));
    }
    pub fn raw(
        &self,
        category: &str,
        answer: impl Fn(&Message) -> Result<HttpReply, HttpFault> + Send + Sync + 'static,
    ) {
        self.late(category, Duration::ZERO, answer);
    }
    /// As `raw`, after so long.
    pub fn late(
        &self,
        category: &str,
        after: Duration,
        answer: impl Fn(&Message) -> Result<HttpReply, HttpFault> + Send + Sync + 'static,
    ) {
        let answer = Arc::new(answer);
        self.queue(
            category,
            Box::new(move |request| {
                let answer = Arc::clone(&answer);
                Box::pin(async move {
                    sleep(after).await;
                    answer(&request)
                })
            }),
        );
    }
    /// The next request of this category is answered when the gate opens.
    pub fn gated(
        &self,
        category: &str,
        answer: impl Fn(&Message) -> Message + Send + Sync + 'static,
    ) -> Arc<Notify> {
        let (gate, answer) = (Arc::new(Notify::new()), Arc::new(answer));
        let opened = Arc::clone(&gate);
        self.queue(
            category,
            Box::new(move |request| {
                let (gate, answer) = (Arc::clone(&opened), Arc::clone(&answer));
                Box::pin(async move {
                    gate.notified().await;
                    Ok(reply(&answer(&request)))
                })
            }),
        );
        gate
    }
    pub fn fails(&self, category: &str, condition: &str, text: &str) {
        let (condition, text) = (condition.to_owned(), text.to_owned());
        self.answers(category, move |request| failure(request, &condition, &text));
    }
    /// What was sent of one category.
    pub fn sent(&self, category: &str) -> Vec<Message> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .map(|(_, it)| it.clone())
            .filter(|it| it.header.category.as_str() == category)
            .collect()
    }
    pub fn times(&self, category: &str) -> Vec<u64> {
        let requests = self.requests.lock().unwrap();
        let of = requests.iter().filter(|(_, it)| it.header.category.as_str() == category);
        of.map(|(at, _)| at.as_secs()).collect()
    }
}

#[async_trait]
impl Http for Far {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        wire::nexo::grammar::check(&request.body).unwrap_or_else(|fault| panic!("{fault}"));
        let message = decode(&request.body, &Limits::REPLY).unwrap();
        let category = message.header.category.as_str().to_owned();
        let id = message.header.service_id.clone().unwrap_or_default();
        self.posted.lock().unwrap().push(request.clone());
        self.requests.lock().unwrap().push((self.log.elapsed(), message.clone()));
        let is_money = ["Payment", "Reversal"].contains(&category.as_str());
        self.log.write(if is_money { format!("wire {category} {id}") } else { format!("wire {category}") });
        let play = self.plays.lock().unwrap().get_mut(&category).and_then(VecDeque::pop_front);
        let work = match play {
            Some(play) => play(message),
            None => Box::pin(std::future::ready(Ok(healthy(&message)))),
        };
        let deadline = Duration::from_millis(request.answer_ms);
        let late = HttpFault::MaybeSent { cause: terminals::http::Cause::Timeout };
        tokio::time::timeout(deadline, work).await.unwrap_or(Err(late))
    }
}

/// What a healthy, idle terminal answers.
fn healthy(request: &Message) -> HttpReply {
    match &request.body {
        Body::AbortRequest(_) => status(204, ""),
        Body::LoginRequest(_) => reply(&logged_in(request)),
        Body::LogoutRequest(_) => reply(&request.answer(Response::success()).unwrap()),
        Body::PaymentRequest(_) => reply(&paid(request)),
        Body::TransactionStatusRequest(_) => reply(&failure(request, "NotFound", "No such transaction")),
        other => panic!("nothing is scripted for {}", other.element()),
    }
}

pub fn failure(request: &Message, condition: &str, text: &str) -> Message {
    request.answer(Response::failure(ErrorCondition::from(condition), text)).unwrap()
}

pub fn logged_in(request: &Message) -> Message {
    let bytes = include_bytes!("login_response.xml");
    let sample = decode(bytes, &Limits::REPLY).unwrap();
    let Body::LoginResponse(body) = sample.body else { panic!("the sample is no LoginResponse") };
    let body = LoginResponse { response: Response::success(), ..body };
    Message::new(request.header.reply(), body.into())
}

pub fn sale_of(request: &Message) -> Option<SaleData> {
    match &request.body {
        Body::PaymentRequest(asked) => Some(asked.sale_data.clone()),
        _ => None,
    }
}

pub fn paid_response(total: &str) -> PaymentResponse {
    let mut answer = PaymentResponse::new(Response::success());
    answer.poi_data = Some(PoiData {
        poi_transaction_id: Some(TransactionIdentification::new("5550010042", PAID_AT)),
        ..PoiData::default()
    });
    let card = CardData {
        payment_brand: Some("01,Exempelkort, Debit".to_owned()),
        masked_pan: Some(MaskedPan::new("541333******0014")),
        ..CardData::default()
    };
    answer.payment_result = Some(PaymentResult {
        payment_instrument_data: Some(PaymentInstrumentData {
            payment_instrument_type: Some(PaymentInstrumentType::Card),
            card_data: Some(card),
        }),
        amounts_resp: Some(AmountsResp {
            currency: Some("SEK".to_owned()),
            authorized_amount: Some(amount(total)),
            ..AmountsResp::default()
        }),
        ..PaymentResult::default()
    });
    answer
}

/// An amount as the wire spells it.
pub fn amount(text: &str) -> Amount {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: i64 = format!("{whole}{fraction}").parse().unwrap();
    Amount::from_minor(digits, u8::try_from(fraction.len()).unwrap())
}

/// Approved for what was asked.
pub fn paid(request: &Message) -> Message {
    changed(request, |_| {})
}

/// Approved, with changes.
pub fn changed(request: &Message, change: impl Fn(&mut PaymentResponse)) -> Message {
    let mut answer = paid_response("249.50");
    answer.sale_data = sale_of(request).or(Some(sale_data(TRANSACTION)));
    change(&mut answer);
    Message::new(request.header.reply(), answer.into())
}

pub fn sale_data(transaction: &str) -> SaleData {
    let sale_transaction_id =
        Some(TransactionIdentification::new(transaction, "2025-03-04T10:12:44+01:00"));
    SaleData { sale_transaction_id, ..SaleData::default() }
}

#[derive(Debug)]
struct Clock {
    start: Instant,
    drawn: AtomicU64,
}

impl Ambient for Clock {
    fn seed(&self) -> Seed {
        let base: Timestamp = INTENDED.parse().unwrap();
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        Seed { at: base + self.start.elapsed(), random }
    }
    fn reference(&self, shape: ReferenceShape) -> Reference {
        shape.make(&self.seed())
    }
    fn mono(&self) -> domain::payment::Mono {
        self.start.elapsed()
    }
}

/// One terminal, one desk, one till.
#[derive(Clone)]
pub struct Stage {
    pub log: Log,
    pub far: Arc<Far>,
    pub desk: Arc<Counter>,
    pub till: Arc<Till>,
    pub driver: Arc<Nexo>,
}

/// A stage with a session that is open already.
pub fn stage() -> Stage {
    Stage::with("", Some("1000000001"))
}

impl Stage {
    /// `settings`: further lines of the profile.
    pub fn with(settings: &str, session: Option<&str>) -> Self {
        Self::learned(settings, Learned { session: session.map(str::to_owned), address: None })
    }
    /// A stage whose terminal has this name, with a session that is open already.
    pub fn named(poi_id: &str) -> Self {
        let mut settings = table("");
        settings.insert("poi_id".to_owned(), poi_id.into());
        Self::of(&settings, Learned { session: Some("1000000001".to_owned()), address: None })
    }
    pub fn learned(settings: &str, learned: Learned) -> Self {
        Self::of(&table(settings), learned)
    }
    fn of(settings: &toml::Table, learned: Learned) -> Self {
        let start = Instant::now();
        let log = Log { lines: Arc::default(), start };
        let far = Arc::new(Far {
            log: log.clone(),
            plays: Mutex::default(),
            requests: Mutex::default(),
            posted: Mutex::default(),
        });
        let desk = Arc::new(Counter::new(log.clone()));
        let till = Arc::new(Till { notices: Mutex::default() });
        let seams = Seams {
            lines: Arc::new(terminals::serial::SystemLines::default()),
            nearby: Arc::new(terminals::nearby::Nobody),
            currency: domain::money::Currency::parse("MYR").unwrap(),
            http: Arc::<Far>::clone(&far),
            ambient: Arc::new(Clock { start, drawn: AtomicU64::new(0) }),
            notices: Arc::<Till>::clone(&till),
            learned,
            zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(1)),
            public_url: String::new(),
            till: "T1".to_owned(),
            program: Program { maker: "Maker".into(), name: "Paydesk".into(), version: "0.1.0".into() },
        };
        let driver = Arc::new(Nexo::new(settings, seams).unwrap());
        Self { log, far, desk, till, driver }
    }
    pub async fn perform(&self, operation: &Operation) -> Result<Outcome, Fault> {
        self.driver.perform(operation, &*self.desk).await
    }
    /// Starts an operation that goes on while the test does something else.
    pub fn start(&self, operation: &Operation) -> tokio::task::JoinHandle<Result<Outcome, Fault>> {
        let (stage, operation) = (self.clone(), operation.clone());
        tokio::spawn(async move { stage.perform(&operation).await })
    }
    pub fn inbox(&self) -> Arc<dyn Inbox> {
        self.driver.inbox().unwrap()
    }
    /// The terminal sends something on its own account.
    pub async fn receive(&self, xml: &str) -> Reply {
        let inbox = self.inbox();
        let incoming = incoming(xml);
        assert_eq!(inbox.claims(&incoming), terminals::listener::Claim::Mine, "{xml}");
        let reply = inbox.receive(incoming).await;
        if reply.status == 200 {
            wire::nexo::grammar::check(&reply.body).unwrap_or_else(|fault| panic!("{fault}"));
        }
        reply
    }
    pub fn receiving(&self, xml: String) -> tokio::task::JoinHandle<Reply> {
        let stage = self.clone();
        tokio::spawn(async move { stage.receive(&xml).await })
    }
    pub fn notices(&self) -> Vec<Notice> {
        self.till.notices.lock().unwrap().clone()
    }
}

/// A receipt as it travels: base64 of JSON.
pub fn receipt_text(root: &str, signature: bool) -> String {
    use base64::Engine;
    let mandatory = format!(r#"{{"Payment":{{"SignatureBlock":{signature}}}}}"#);
    let lines = r#"{"ReceiptString":["Shop","541333******0014","Copy"]}"#;
    let json = format!(r#"{{"{root}":{{"Mandatory":{mandatory},"Optional":{lines}}}}}"#);
    base64::engine::general_purpose::STANDARD.encode(json)
}

pub fn incoming(xml: &str) -> Incoming {
    Incoming {
        peer: None,
        method: "POST".into(),
        path: "/EPASSaleToPOI/3.1".into(),
        headers: Vec::new(),
        body: xml.into(),
    }
}

pub fn table(more: &str) -> toml::Table {
    let base = "url = \"http://192.0.2.41:11000\"\nsale_id = \"KASSA2\"\npoi_id = \"BUTIK-07-K2\"\n";
    format!("{base}{more}").parse().unwrap()
}

pub fn sek(minor: i64) -> Money {
    Money::new(minor, Currency::parse("SEK").unwrap())
}

pub fn sale() -> Operation {
    let at: Timestamp = INTENDED.parse().unwrap();
    Operation {
        id: OperationId::of(&Seed { at, random: [7; 10] }),
        kind: Kind::Sale,
        terminal: TerminalId("desk".into()),
        requested: sek(24950),
        cash_back: sek(0),
        method: Method::Any,
        original: None,
        motive: None,
        sale: None,
        slot: 0,
        transaction: Reference(TRANSACTION.into()),
        label: None,
        intended_at: at,
    }
}

pub fn reversal() -> Operation {
    let evidence = Evidence::default()
        .with("poi_transaction_id", "5550010041")
        .with("poi_transaction_time", "2025-03-04T08:00:00.02Z")
        .with("sale_id", "KASSA2")
        .with("poi_id", "BUTIK-07-K2")
        .with("instrument", "card");
    let original = Original { operation: sale().id, kind: Kind::Sale, approved: sek(24950), evidence };
    Operation { kind: Kind::Reversal, original: Some(original), ..sale() }
}

pub fn sent(reference: &str, session: &str) -> Sent {
    Sent {
        reference: Reference(reference.into()),
        step: Step::First,
        session: Some(session.into()),
        at: INTENDED.parse().unwrap(),
        not_started: false,
    }
}
