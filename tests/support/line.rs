//! The wires in memory: the till's HTTP to a simulated terminal, and the terminal's line to the till's
//! switchboard. A power cut can be ordered before a request leaves or after its answer arrived.

use async_trait::async_trait;
use simulator::ecrhub::{HubTerminal, Spoken};
use simulator::kayaaku::KayaakuHost;
use simulator::kayaaku::serial::KayaakuDevice;
use simulator::nexo::{LineDown, NexoTerminal, TillLine, WireReply, WireRequest};
use simulator::pockyt::PockytGateway;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use terminals::http::{Cause, FarEnd, Http, HttpFault, HttpReply, HttpRequest, Post, Socket};
use terminals::listener::{Incoming, Switchboard};
use tokio::sync::{Notify, mpsc};
use wire::pockyt::{Endpoint, Signed};

/// What a wire leads to.
#[derive(Clone)]
pub enum Far {
    /// A terminal.
    Nexo(NexoTerminal),
    /// A wallet gateway.
    Pockyt(PockytGateway),
    /// A host with a device.
    Kayaaku(KayaakuHost),
    /// A device on a cable.
    Cable(KayaakuDevice),
    /// A terminal on the local network.
    Hub(HubTerminal),
}

impl Far {
    async fn exchange(&self, request: WireRequest) -> WireReply {
        match self {
            Self::Nexo(terminal) => terminal.exchange(request).await,
            Self::Pockyt(gateway) => gateway.exchange(request).await,
            Self::Kayaaku(host) => host.exchange(request).await,
            Self::Hub(terminal) => terminal.exchange(request).await,
            // Nobody speaks HTTP to a cable.
            Self::Cable(_) => WireReply::Refused,
        }
    }
}

impl Far {
    /// What went over its wire, and what it knows: for whoever looks for a fault.
    pub fn trace(&self) -> Vec<String> {
        fn all<E: fmt::Debug>(trace: Vec<String>, entries: Vec<E>) -> Vec<String> {
            trace.into_iter().chain(entries.into_iter().map(|it| format!("{it:?}"))).collect()
        }
        match self {
            Self::Nexo(terminal) => {
                let lines = terminal.trace().into_iter();
                lines.map(|it| format!("{} {}: {}", it.at, it.from, it.text)).collect()
            }
            Self::Pockyt(gateway) => all(gateway.trace(), gateway.transactions()),
            Self::Kayaaku(host) => all(host.trace(), host.transactions()),
            Self::Cable(device) => all(device.trace(), device.transactions()),
            Self::Hub(terminal) => all(terminal.trace(), terminal.orders()),
        }
    }
}

impl From<NexoTerminal> for Far {
    fn from(terminal: NexoTerminal) -> Self {
        Self::Nexo(terminal)
    }
}

impl From<PockytGateway> for Far {
    fn from(gateway: PockytGateway) -> Self {
        Self::Pockyt(gateway)
    }
}

impl From<KayaakuDevice> for Far {
    fn from(device: KayaakuDevice) -> Self {
        Self::Cable(device)
    }
}

impl From<HubTerminal> for Far {
    fn from(terminal: HubTerminal) -> Self {
        Self::Hub(terminal)
    }
}

impl From<KayaakuHost> for Far {
    fn from(host: KayaakuHost) -> Self {
        Self::Kayaaku(host)
    }
}

/// A request that left the till and that money depends on.
#[derive(Clone, Debug)]
pub enum Left {
    /// A card terminal's, as it was written.
    Card(String),
    /// A wallet gateway's.
    Wallet(Signed),
    /// A host's: the call, and the transaction that it names.
    Host(&'static str, String),
    /// A device's on a cable: the same.
    Cable(&'static str, String),
    /// A terminal's with an ECR Hub: what it does, and its order.
    Hub(&'static str, String),
}

impl Left {
    /// What a request is, where money depends on it.
    fn of(path: &str, content_type: &str, body: &[u8]) -> Option<Self> {
        if let Ok(signed) = Signed::decode(path, content_type, body) {
            return (signed.endpoint != Endpoint::Query).then_some(Self::Wallet(signed));
        }
        if let Some((call, id)) = simulator::kayaaku::money_request(path, body) {
            return Some(Self::Host(call, id));
        }
        if let Some((call, number)) = simulator::ecrhub::cloud_money_request(body) {
            return Some(Self::Hub(call, number));
        }
        let text = String::from_utf8_lossy(body).into_owned();
        let is_money = text.contains("<PaymentRequest>") || text.contains("<ReversalRequest");
        is_money.then_some(Self::Card(text))
    }

    /// Whether money can move by it.
    pub fn can_move(&self) -> bool {
        match self {
            Self::Card(_) | Self::Host(_, _) | Self::Cable(_, _) | Self::Hub(_, _) => true,
            Self::Wallet(signed) => match signed.endpoint {
                Endpoint::Pay | Endpoint::Prepay | Endpoint::Cancel | Endpoint::Refund => true,
                Endpoint::Add | Endpoint::CreateCode | Endpoint::Query => false,
            },
        }
    }
}

/// Every terminal by the authority of its URL.
#[derive(Clone, Default)]
pub struct Wires {
    terminals: Arc<Mutex<BTreeMap<String, Far>>>,
    /// Exchanges until the power is cut; negative: never.
    countdown: Arc<AtomicI64>,
    cut_after_answer: Arc<AtomicI64>,
    /// Requests so far.
    pub requests: Arc<AtomicU64>,
    /// The money requests so far.
    pub money: Arc<Mutex<Vec<Left>>>,
    /// Counts orders that were taken back: an exchange that was on its way does not cut for one of those.
    cancelled: Arc<AtomicI64>,
    /// The power is to be cut now.
    pub power: Arc<Notify>,
    /// No request gets as far as a connection, for this cause.
    dead: Arc<Mutex<Option<Cause>>>,
}

impl fmt::Debug for Wires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wires")
    }
}

/// No world has more to say than this; whoever does goes round in a circle.
const MOST_REQUESTS: u64 = 20_000;

/// When the power goes, seen from an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerCut {
    /// Everything before it is on disk, and it never leaves.
    BeforeTheRequest,
    /// The answer is in the till and not on disk.
    AfterTheAnswer,
}

impl Wires {
    /// No terminal yet, and no power cut ordered.
    pub fn new() -> Self {
        let wires = Self::default();
        wires.countdown.store(-1, Ordering::SeqCst);
        wires
    }
    /// Puts a terminal behind an authority, `host:port`.
    pub fn plug(&self, authority: &str, far: impl Into<Far>) {
        self.terminals.lock().unwrap().insert(authority.to_owned(), far.into());
    }
    /// Nobody is behind an authority any more.
    pub fn unplug(&self, authority: &str) {
        self.terminals.lock().unwrap().remove(authority);
    }
    /// Cuts the power at the exchange after so many more.
    pub fn order_cut(&self, exchanges: i64, when: PowerCut) {
        self.cut_after_answer.store(i64::from(when == PowerCut::AfterTheAnswer), Ordering::SeqCst);
        self.countdown.store(exchanges, Ordering::SeqCst);
    }
    /// From now on no request gets as far as a connection, for this cause; or they do again.
    pub fn break_for(&self, cause: Option<Cause>) {
        *self.dead.lock().unwrap() = cause;
    }
    /// Whether somebody asked without end.
    pub fn are_worn_out(&self) -> bool {
        self.requests.load(Ordering::SeqCst) >= MOST_REQUESTS
    }
    /// Takes an order back.
    pub fn cancel_cut(&self) {
        self.countdown.store(-1, Ordering::SeqCst);
        self.cancelled.fetch_add(1, Ordering::SeqCst);
    }
    /// What is at this port, where its cable is in.
    pub(crate) fn at_port(&self, port: &str) -> Option<Far> {
        let far = self.terminals.lock().unwrap().get(port).cloned();
        far.filter(|far| match far {
            Far::Cable(device) => device.is_plugged(),
            Far::Hub(terminal) => terminal.is_plugged(),
            Far::Nexo(_) | Far::Pockyt(_) | Far::Kayaaku(_) => false,
        })
    }
    /// Whether the till may go on asking.
    pub(crate) fn count(&self) -> bool {
        self.requests.fetch_add(1, Ordering::SeqCst) < MOST_REQUESTS
    }
    /// Why no request gets as far as a connection.
    pub(crate) fn is_dead(&self) -> bool {
        self.dead.lock().unwrap().is_some()
    }
    /// A request is about to leave: cuts the power here where that is ordered. True where it is to be cut
    /// once the answer has come.
    pub(crate) async fn leaves(&self) -> Option<i64> {
        let (due, after) = (self.is_due(), self.cut_after_answer.load(Ordering::SeqCst) == 1);
        let order = self.cancelled.load(Ordering::SeqCst);
        if due && !after {
            self.cut_here().await;
        }
        due.then_some(order)
    }
    /// An answer has come to what left under this order.
    pub(crate) async fn came(&self, order: i64) {
        if order == self.cancelled.load(Ordering::SeqCst) {
            self.cut_here().await;
        }
    }
    async fn cut_here(&self) {
        self.cancel_cut();
        self.power.notify_one();
        std::future::pending::<()>().await;
    }
    fn is_due(&self) -> bool {
        let left = self.countdown.load(Ordering::SeqCst);
        if left > 0 {
            self.countdown.store(left - 1, Ordering::SeqCst);
        }
        left == 0
    }
}

#[async_trait]
impl Http for Wires {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        if self.requests.fetch_add(1, Ordering::SeqCst) >= MOST_REQUESTS {
            // Silence lets virtual time go on, which a till that asks without end stops.
            return std::future::pending().await;
        }
        let (due, after) = (self.is_due(), self.cut_after_answer.load(Ordering::SeqCst) == 1);
        let order = self.cancelled.load(Ordering::SeqCst);
        if due && !after {
            self.cut_here().await;
        }
        if let Some(cause) = self.dead.lock().unwrap().clone() {
            return Err(HttpFault::NotSent { cause });
        }
        let rest = request.url.strip_prefix("http://").unwrap_or_default();
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let found = self.terminals.lock().unwrap().get(authority).cloned();
        let Some(terminal) = found else {
            return Err(HttpFault::NotSent { cause: Cause::Refused });
        };
        let content_type =
            request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let kind = content_type.map_or("", |(_, value)| value.as_str());
        self.money.lock().unwrap().extend(Left::of(&format!("/{path}"), kind, &request.body));
        let wire = WireRequest {
            method: "POST".to_owned(),
            path: format!("/{path}"),
            content_type: content_type.map(|(_, value)| value.clone()),
            headers: request.headers.clone(),
            body: request.body,
        };
        let wait = Duration::from_millis(request.answer_ms);
        let reply = tokio::time::timeout(wait, terminal.exchange(wire)).await;
        if due && order == self.cancelled.load(Ordering::SeqCst) {
            self.cut_here().await;
        }
        match reply {
            Err(_) => Err(HttpFault::MaybeSent { cause: Cause::Timeout }),
            Ok(WireReply::Refused) => Err(HttpFault::NotSent { cause: Cause::Refused }),
            Ok(WireReply::Cut) => Err(broken("closed without an answer")),
            Ok(WireReply::CutMiddle { .. }) => Err(broken("closed in the middle of the answer")),
            Ok(WireReply::Answer { body, .. }) if body.len() > request.max_reply_bytes => {
                Err(HttpFault::MaybeSent { cause: Cause::TooLarge })
            }
            Ok(WireReply::Answer { status, headers, body, .. }) => Ok(HttpReply { status, headers, body }),
        }
    }

    async fn socket(&self, url: &str, _connect_ms: u64) -> Result<Socket, HttpFault> {
        if !self.count() {
            return std::future::pending().await;
        }
        if let Some(cause) = self.dead.lock().unwrap().clone() {
            return Err(HttpFault::NotSent { cause });
        }
        let authority = url.strip_prefix("ws://").unwrap_or_default().trim_end_matches('/');
        let found = self.terminals.lock().unwrap().get(authority).cloned();
        let Some(Far::Hub(terminal)) = found.filter(|far| matches!(far, Far::Hub(it) if it.is_plugged()))
        else {
            return Err(HttpFault::NotSent { cause: Cause::Refused });
        };
        let (socket, far) = Socket::pair();
        tokio::spawn(carry(self.clone(), far, terminal));
        Ok(socket)
    }
}

/// Carries messages between a socket of the till and a terminal in memory.
async fn carry(wires: Wires, far: FarEnd, terminal: HubTerminal) {
    let FarEnd { to, mut from } = far;
    let (say, heard) = mpsc::channel(64);
    let (out, mut spoken) = mpsc::channel(64);
    tokio::spawn(async move { terminal.serve(heard, out).await });
    let mut due = None;
    loop {
        tokio::select! {
            biased;
            post = from.recv() => {
                let Some(Post { text, reply }) = post else { return };
                due = wires.leaves().await.or(due);
                let money = simulator::ecrhub::money_request(text.as_bytes());
                let left = money.map(|(call, number)| Left::Hub(call, number));
                wires.money.lock().unwrap().extend(left);
                let _ = say.send(text.into_bytes()).await;
                let _ = reply.send(Ok(()));
            }
            told = spoken.recv() => {
                if let Some(order) = due.take() {
                    wires.came(order).await;
                }
                let told = match told {
                    Some(Spoken::Text(text)) => Ok(text.into_bytes()),
                    Some(Spoken::Binary(bytes)) => Ok(bytes),
                    Some(Spoken::Pieces(pieces)) => Ok(pieces.concat().into_bytes()),
                    Some(Spoken::HangUp) | None => Err("the terminal closed the connection".to_owned()),
                };
                let told = told.and_then(|bytes| {
                    let fits = bytes.len() <= terminals::limits::socket::MESSAGE_BYTES;
                    fits.then_some(bytes).ok_or_else(|| "the message is larger than allowed".to_owned())
                });
                let ends = told.is_err();
                if to.send(told).await.is_err() || ends {
                    return;
                }
            }
        }
    }
}

fn broken(what: &str) -> HttpFault {
    HttpFault::MaybeSent { cause: Cause::Broken(what.to_owned()) }
}

/// The terminal's way to the till, which may be down.
#[derive(Clone, Default)]
pub struct TillPort {
    switchboard: Arc<Mutex<Option<Switchboard>>>,
}

impl TillPort {
    /// The till listens with this switchboard, or not at all.
    pub fn set(&self, switchboard: Option<Switchboard>) {
        *self.switchboard.lock().unwrap() = switchboard;
    }
    /// Hands a request from outside to the till: status and body of the answer.
    pub async fn knock(&self, method: &str, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), LineDown> {
        self.knock_with(method, path, Vec::new(), body).await
    }
    /// The same with headers.
    pub async fn knock_with(
        &self,
        method: &str,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>), LineDown> {
        let switchboard = self.switchboard.lock().unwrap().clone().ok_or(LineDown)?;
        let incoming =
            Incoming { peer: None, method: method.to_owned(), path: path.to_owned(), headers, body };
        let answer = switchboard.dispatch(incoming).await;
        Ok((answer.status, answer.body))
    }
}

#[async_trait]
impl TillLine for TillPort {
    async fn post(&self, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), LineDown> {
        self.knock("POST", path, body).await
    }
    async fn post_with(
        &self,
        path: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>), LineDown> {
        self.knock_with("POST", path, headers, body).await
    }
}
