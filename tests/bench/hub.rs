//! From a payment's answer on a WebSocket to the view that shows it as paid, and messages of a terminal with
//! an ECR Hub written and read.
//!
//! The terminal is a bare server on the loopback; the journal lies on the real disk, which the outcome is
//! synced to before the view shows it. The baseline writes the same bytes to a bare reader of the same kind
//! of socket. Messages are measured against the JSON library's own writing and walk.

use crate::desk::Cashier;
use crate::limits::{self, Scale};
use crate::table::Row;
use crate::timing::{Round, Rounds, timed};
use crate::{hub_cloud, place, runtime};
use anyhow::{Context, Result, anyhow};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use std::hint::black_box;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use terminals::http::{Http, Network, Socket};
use till::Options;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use wire::ecrhub::{HUB, Json, Message, Order, Scenario, Sender, Topic, TransType};

const APP_ID: &str = "wztest0000000001";
/// Milliseconds to connect.
const CONNECT: u64 = 5_000;

/// All five rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let place = place::on_disk()?;
    let rounds = runtime()?.block_on(async {
        let mut terminal = Terminal::listen().await?;
        std::fs::write(place.path().join(till::settings::FILE), settings(terminal.address))?;
        let started = till::start(place.path(), Options::default()).await;
        let started = started.map_err(|problem| anyhow!("{problem}"))?;
        let mut cashier = Cashier::at(&started.till);
        let mut floor = Floor::new().await?;
        let mut rounds = Rounds::default();
        for _ in 0..scale.rounds {
            rounds.take(round(&mut cashier, &mut terminal, &mut floor, scale).await?);
        }
        started.stop().await;
        anyhow::Ok(rounds)
    })?;
    let what = "an answer on a WebSocket, from its writing to the view that shows the payment as paid; \
                against a bare reader";
    let mut rows = vec![Row::of("socket", what, &rounds, limits::SOCKET)];
    rows.extend(messages(scale)?);
    rows.extend(hub_cloud::rows(scale)?);
    Ok(rows)
}

fn settings(address: SocketAddr) -> String {
    format!(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n\
         time_zone = \"Europe/Stockholm\"\n[[terminal]]\nid = \"desk\"\ndriver = \"ecrhub-wlan\"\n\
         [terminal.settings]\nhost = \"{}\"\nport = \"{}\"\napp_id = \"{APP_ID}\"\n",
        address.ip(),
        address.port()
    )
}

async fn round(
    cashier: &mut Cashier,
    terminal: &mut Terminal,
    floor: &mut Floor,
    scale: &Scale,
) -> Result<Round> {
    let mut round = Round::default();
    let warm_up = scale.first_bytes / limits::WARM_UP;
    for index in 0..warm_up + scale.first_bytes {
        let paying = cashier.payment()?;
        let (payment, asked) = tokio::join!(cashier.give(paying), terminal.asked());
        let (payment, (mut socket, answer)) = (payment?, asked?);
        tokio::time::sleep(limits::PAUSE).await;
        let start = Instant::now();
        socket.send(Frame::text(answer.clone())).await?;
        cashier.approved(payment).await?;
        let measured = start.elapsed();
        drop(socket);
        tokio::time::sleep(limits::PAUSE).await;
        let baseline = floor.measure(&answer).await?;
        if index >= warm_up {
            round.measured.push(measured);
            round.baseline.push(baseline);
        }
    }
    Ok(round)
}

/// Whoever listens at the terminal's address.
struct Terminal {
    listener: TcpListener,
    address: SocketAddr,
}

impl Terminal {
    async fn listen() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Answers everything up to an order. Returns its answer, which is not sent yet.
    async fn asked(&mut self) -> Result<(WebSocketStream<TcpStream>, String)> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            stream.set_nodelay(true)?;
            let mut socket = tokio_tungstenite::accept_async(stream).await?;
            while let Some(Ok(frame)) = socket.next().await {
                let Frame::Text(text) = frame else { continue };
                let asked = Message::decode(text.as_bytes(), &HUB).map_err(|error| anyhow!("{error}"))?;
                if asked.topic == Topic::Order {
                    return Ok((socket, approved(&asked)));
                }
                socket.send(Frame::text(answer(&asked, "104", Vec::new()))).await?;
            }
        }
    }
}

fn answer(asked: &Message, code: &str, business: Vec<(String, Json)>) -> String {
    let text = |name: &str, value: &str| (name.to_owned(), Json::text(value));
    Json::Object(vec![
        text("topic", asked.topic.word()),
        text("request_id", asked.id.as_deref().unwrap_or_default()),
        text("app_id", APP_ID),
        text("response_code", code),
        text("response_msg", "SUCCESS"),
        text("timestamp", "2025-01-01 03:00:31"),
        ("biz_data".to_owned(), Json::Object(business)),
    ])
    .to_string()
}

fn approved(asked: &Message) -> String {
    let record = asked.record();
    let text = |name: &str, value: &str| (name.to_owned(), Json::text(value));
    let business = vec![
        text("merchant_order_no", record.number.as_deref().unwrap_or_default()),
        text("order_amount", record.amount.as_deref().unwrap_or_default()),
        text("trans_status", "2"),
        text("trans_type", "1"),
        text("trans_no", "7000000000000001"),
        text("pay_method_id", "Visa"),
        text("card_no", "400000******0002"),
        text("auth_code", "123456"),
        text("ref_no", "000000000042"),
        text("entry_mode", "3"),
    ];
    answer(asked, "0", business)
}

/// A socket whose reader only counts.
struct Floor {
    far: WebSocketStream<TcpStream>,
    near: Socket,
}

impl Floor {
    async fn new() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("ws://{}/", listener.local_addr()?);
        let network = Network::new().map_err(|fault| anyhow!("{fault}"))?;
        let accepting = async {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            anyhow::Ok(tokio_tungstenite::accept_async(stream).await?)
        };
        let (far, near) = tokio::join!(accepting, network.socket(&url, CONNECT));
        Ok(Self { far: far?, near: near.map_err(|fault| anyhow!("{fault}"))? })
    }

    async fn measure(&mut self, text: &str) -> Result<Duration> {
        // A reader that is asked for nothing answers pings with what comes next.
        let start = Instant::now();
        self.far.send(Frame::text(text.to_owned())).await?;
        self.near.read().await.map_err(|why| anyhow!(why))?;
        Ok(start.elapsed())
    }
}

/// An order written, and its answer read.
fn messages(scale: &Scale) -> Result<Vec<Row>> {
    let order = Order {
        kind: TransType::Sale,
        number: "P1JN7W80000000000042".to_owned(),
        original: None,
        amount: "45.00".to_owned(),
        cash_back: None,
        currency: "QAR".to_owned(),
        scenario: Some(Scenario::Card),
        expires: 180,
        asks_tip: false,
        confirms: false,
        brand: None,
    };
    let sender = Sender { app_id: APP_ID, id: "9f1c0c5e0001", timestamp: "1735689600000" };
    let written = sender.order(&order);
    let fields: Value = serde_json::from_str(&written)?;
    let asked = Message::decode(written.as_bytes(), &HUB).map_err(|error| anyhow!("{error}"))?;
    let told = approved(&asked);
    let (mut writes, mut reads) = (Rounds::default(), Rounds::default());
    for _ in 0..scale.rounds {
        let (mut write, mut read) = (Round::default(), Round::default());
        for _ in 0..scale.messages {
            let (text, baseline) = timed(|| serde_json::to_string(black_box(&fields)));
            text.context("the library writes it")?;
            let (_, measured) = timed(|| black_box(&sender).order(&order));
            write.measured.push(measured);
            write.baseline.push(baseline);
            let (tree, baseline) = timed(|| serde_json::from_str::<Value>(black_box(&told)));
            tree.context("the library reads it")?;
            let (message, measured) =
                timed(|| Message::decode(black_box(told.as_bytes()), &HUB).map(|message| message.record()));
            message.map_err(|error| anyhow!("{error}"))?;
            read.measured.push(measured);
            read.baseline.push(baseline);
        }
        writes.take(write);
        reads.take(read);
    }
    Ok(vec![
        Row::of("hub encode", "an order; against the JSON library".to_owned(), &writes, limits::HUB),
        Row::of(
            "hub decode",
            "its answer; against the JSON library's bare tree".to_owned(),
            &reads,
            limits::HUB,
        ),
    ])
}
