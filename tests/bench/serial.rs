//! From the last byte of a payment's result on a serial line to the view that shows it as paid.
//!
//! The device is a bare writer at the far end of a pseudo-terminal; the journal lies on the real disk,
//! which the outcome is synced to before the view shows it. The baseline writes the same bytes to a bare
//! reader of the same kind of line, which wakes the same observer.

use crate::desk::Cashier;
use crate::limits::{self, Scale};
use crate::table::Row;
use crate::timing::{Round, Rounds};
use crate::{place, runtime};
use anyhow::{Context, Result, anyhow};
use simulator::serve::Tty;
use std::path::Path;
use std::time::{Duration, Instant};
use terminals::serial::{Line, Lines, Place, SystemLines, Wanted};
use till::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wire::kayaaku::serial::{Collector, Found, Message, PaymentResult, Start, framed};
use wire::kayaaku::{Code, Method};

const MID: &str = "000010000099999";
/// A pseudo-terminal takes any speed.
const BAUD: u32 = 115_200;

/// The row.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let place = place::on_disk()?;
    let rounds = runtime()?.block_on(async {
        let (mut device, port) = Device::new()?;
        std::fs::write(place.path().join(till::settings::FILE), settings(&port))?;
        let started = till::start(place.path(), Options::default()).await;
        let started = started.map_err(|problem| anyhow!("{problem}"))?;
        let mut cashier = Cashier::at(&started.till);
        let mut floor = Floor::new().await?;
        let mut rounds = Rounds::default();
        for _ in 0..scale.rounds {
            rounds.take(round(&mut cashier, &mut device, &mut floor, scale).await?);
        }
        started.stop().await;
        anyhow::Ok(rounds)
    })?;
    let what = "a result on a serial line, from its last byte to the view that shows the payment as paid; \
                against a bare reader that wakes the same observer";
    Ok(vec![Row::of("serial", what, &rounds, limits::SERIAL)])
}

fn settings(port: &Path) -> String {
    format!(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n\
         time_zone = \"Europe/Stockholm\"\n[[terminal]]\nid = \"desk\"\ndriver = \"kayaaku-serial\"\n\
         [terminal.settings]\nport = \"{}\"\nmid = \"{MID}\"\n",
        port.display()
    )
}

async fn round(
    cashier: &mut Cashier,
    device: &mut Device,
    floor: &mut Floor,
    scale: &Scale,
) -> Result<Round> {
    let mut round = Round::default();
    let warm_up = scale.first_bytes / limits::WARM_UP;
    for index in 0..warm_up + scale.first_bytes {
        let payment = cashier.give(cashier.payment()?).await?;
        let frame = device.accepts().await?;
        tokio::time::sleep(limits::PAUSE).await;
        let start = Instant::now();
        device.tty.write_all(&frame).await?;
        cashier.approved(payment).await?;
        let measured = start.elapsed();
        tokio::time::sleep(limits::PAUSE).await;
        let baseline = floor.measure(&frame).await?;
        if index >= warm_up {
            round.measured.push(measured);
            round.baseline.push(baseline);
        }
    }
    Ok(round)
}

/// Whoever is at the other end of the till's line.
struct Device {
    tty: Tty,
    collector: Collector,
}

impl Device {
    fn new() -> Result<(Self, std::path::PathBuf)> {
        let (tty, port) = Tty::pair()?;
        Ok((Self { tty, collector: Collector::default() }, port))
    }

    /// Answers everything up to a payment, and accepts that. Returns its result, which is not sent yet.
    async fn accepts(&mut self) -> Result<Vec<u8>> {
        let mut bytes = [0; 1024];
        loop {
            let count = self.tty.read(&mut bytes).await?;
            for found in self.collector.take(bytes.get(..count).unwrap_or_default(), 0) {
                let Found::Frame(text) = found else { continue };
                match Message::decode(&text).map_err(|error| anyhow!("{error}"))? {
                    Message::LinkTest => {
                        let (terminal, profile) = ("KP0001".to_owned(), "KS01".to_owned());
                        self.says(&Message::LinkTested { result: Code::of("00"), terminal, profile })
                            .await?;
                    }
                    Message::Start(start) => {
                        let mrn = start.mrn.clone();
                        self.says(&Message::Started { result: Code::of("00"), mrn }).await?;
                        return framed_of(&Message::Result(result(start)));
                    }
                    _ => {}
                }
            }
        }
    }

    async fn says(&mut self, message: &Message) -> Result<()> {
        Ok(self.tty.write_all(&framed_of(message)?).await?)
    }
}

fn framed_of(message: &Message) -> Result<Vec<u8>> {
    Ok(framed(&message.encode().map_err(|error| anyhow!("{error}"))?))
}

fn result(start: Start) -> PaymentResult {
    PaymentResult {
        result: Code::of("00"),
        amount: start.amount,
        item: start.item,
        mid: start.mid,
        mrn: start.mrn,
        kind: start.kind,
        method: Method::Card,
        approval: "484684".to_owned(),
    }
}

/// A line whose reader only counts.
struct Floor {
    tty: Tty,
    line: Line,
}

impl Floor {
    async fn new() -> Result<Self> {
        let (tty, port) = Tty::pair()?;
        let place = Place::Port(port.display().to_string());
        let line = SystemLines::default().open(&Wanted { place, baud: BAUD }).await;
        Ok(Self { tty, line: line.map_err(|snag| anyhow!("{snag}"))? })
    }

    async fn measure(&mut self, bytes: &[u8]) -> Result<Duration> {
        let start = Instant::now();
        self.tty.write_all(bytes).await?;
        let mut left = bytes.len();
        while left > 0 {
            let read = self.line.read().await.context("the line has ended")?;
            left = left.saturating_sub(read.len());
        }
        Ok(start.elapsed())
    }
}
