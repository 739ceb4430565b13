//! From the terminal's text on the till's socket to the view that shows it, while a payment runs.
//!
//! The terminal posts over a connection that it keeps; the journal lies on the real disk, where texts go a
//! quarter of a second later. The baseline sends the same bytes to a bare reader on the same runtime, which
//! wakes the same observer.

use crate::desk::{Cashier, POI_ID, settings};
use crate::limits::{self, Scale};
use crate::socket::{Socket, post};
use crate::stand_in::StandIn;
use crate::table::Row;
use crate::timing::{Round, Rounds};
use crate::{place, runtime};
use anyhow::{Context, Result, anyhow, ensure};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use till::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const RECEIVED: &[u8] = b"HTTP/1.1 204";

/// The row.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let mut socket = Socket::start(StandIn::new()?, true)?;
    let place = place::on_disk()?;
    std::fs::write(place.path().join(till::settings::FILE), settings(socket.address, "default"))?;
    let rounds = runtime()?.block_on(async {
        let started = till::start(place.path(), Options::default()).await;
        let started = started.map_err(|problem| anyhow!("{problem}"))?;
        let mut cashier = Cashier::at(&started.till);
        let listening = started.listening.context("the till does not listen")?;
        let mut floor = Floor::new().await?;
        let mut rounds = Rounds::default();
        for _ in 0..scale.rounds {
            let payment = cashier.give(cashier.payment()?).await?;
            socket.seen.recv().await.context("the terminal is gone")?;
            rounds.take(round(&mut cashier, listening, &mut floor, scale).await?);
            socket.release()?;
            cashier.approved(payment).await?;
        }
        started.stop().await;
        anyhow::Ok(rounds)
    })?;
    let what = "a text of the terminal, from its write to the view that shows it; \
                against a bare reader that wakes the same observer";
    Ok(vec![Row::of("display", what, &rounds, limits::DISPLAY)])
}

async fn round(
    cashier: &mut Cashier,
    listening: SocketAddr,
    floor: &mut Floor,
    scale: &Scale,
) -> Result<Round> {
    let mut line = TcpStream::connect(listening).await?;
    line.set_nodelay(true)?;
    let mut round = Round::default();
    let warm_up = scale.texts / limits::WARM_UP;
    for index in 0..warm_up + scale.texts {
        let text = format!("Present card {index}");
        let request = post(listening, &display(index, &text));
        let measured = shown(cashier, &mut line, &request, &text).await?;
        tokio::time::sleep(limits::PAUSE).await;
        let baseline = floor.measure(&request).await?;
        tokio::time::sleep(limits::PAUSE).await;
        if index >= warm_up {
            round.measured.push(measured);
            round.baseline.push(baseline);
        }
    }
    Ok(round)
}

async fn shown(
    cashier: &mut Cashier,
    line: &mut TcpStream,
    request: &[u8],
    text: &str,
) -> Result<Duration> {
    let start = Instant::now();
    line.write_all(request).await?;
    cashier.until(|view| view.payments.iter().any(|it| it.display.as_deref() == Some(text))).await?;
    let took = start.elapsed();
    let mut answer = [0; 1024];
    let read = line.read(&mut answer).await?;
    ensure!(
        answer.get(..read).is_some_and(|answer| answer.starts_with(RECEIVED)),
        "the till refused a text"
    );
    Ok(took)
}

fn display(number: usize, text: &str) -> String {
    format!(
        "<SaleToPOIRequest><MessageHeader MessageClass=\"Device\" MessageCategory=\"Display\" \
         MessageType=\"Request\" ServiceID=\"31\" DeviceID=\"{number}\" SaleID=\"KASSA1\" \
         POIID=\"{POI_ID}\"/><DisplayRequest><DisplayOutput ResponseRequiredFlag=\"false\" \
         Device=\"CashierDisplay\" InfoQualify=\"Status\"><OutputContent OutputFormat=\"Text\">\
         <OutputText>{text}</OutputText></OutputContent></DisplayOutput></DisplayRequest></SaleToPOIRequest>"
    )
}

/// A socket that only counts what it reads.
struct Floor {
    line: TcpStream,
    read: watch::Receiver<usize>,
    sent: usize,
}

impl Floor {
    async fn new() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let line = TcpStream::connect(listener.local_addr()?).await?;
        line.set_nodelay(true)?;
        let (mut peer, _) = listener.accept().await?;
        let (tell, read) = watch::channel(0);
        tokio::spawn(async move {
            let mut bytes = [0; 4096];
            while let Ok(more @ 1..) = peer.read(&mut bytes).await {
                tell.send_modify(|read| *read += more);
            }
        });
        Ok(Self { line, read, sent: 0 })
    }

    async fn measure(&mut self, bytes: &[u8]) -> Result<Duration> {
        self.sent += bytes.len();
        let sent = self.sent;
        let start = Instant::now();
        self.line.write_all(bytes).await?;
        self.read.wait_for(|read| *read >= sent).await?;
        Ok(start.elapsed())
    }
}
