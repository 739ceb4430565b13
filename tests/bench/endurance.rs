//! Many payments in a row: neither memory nor time may grow.
//!
//! Each run is a process of its own with the whole till, a journal in memory's file system, and the stand-in
//! behind the HTTP seam: nothing but the till itself takes time, so growth cannot hide behind waiting. Then a
//! second till, with an empty journal, takes turns with it: what the machine does meanwhile is done to both.

use crate::desk::{Cashier, settings};
use crate::limits::{self, Scale};
use crate::stand_in::StandIn;
use crate::table::{Figure, Row};
use crate::timing::{Quantiles, Round, median};
use crate::{place, runtime};
use anyhow::{Context, Result, anyhow, ensure};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Mode, Opening, Store};
use terminals::listener::Switchboard;
use terminals::nearby::Nobody;
use till::clock::Clock;
use till::pins::Work;
use till::random::Random;
use till::secrets::FileSecrets;
use till::settings::{FolderFile, Settings};
use till::sight::NoEyes;
use till::{Ear, FolderPrinters, Parts, Till};

/// Memory after the first tenth of the payments is compared with memory after all of them; as many payments
/// more are taken in turns with the new till.
const TENTH: usize = 10;

/// Both rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let payments = scale.endurance_payments;
    let mut runs = Vec::new();
    for _ in 0..scale.endurance_runs {
        runs.push(run(payments)?);
    }
    let of = |key: &str| -> Result<Vec<f64>> {
        runs.iter().map(|run| run[key].as_f64().with_context(|| format!("no {key}"))).collect()
    };
    let row = |id: &str, what: String, (later, sooner): (&str, &str), figure: fn(f64) -> Figure| {
        let (later, sooner) = (of(later)?, of(sooner)?);
        let ratios = later.iter().zip(&sooner).map(|(later, sooner)| later / sooner).collect();
        let ratio = median(ratios);
        anyhow::Ok(Row {
            id: id.to_owned(),
            what,
            measured: figure(median(later)),
            baseline: Some(figure(median(sooner))),
            ratio: Some(Quantiles { p50: ratio, p99: ratio }),
            target: limits::GROWTH,
        })
    };
    let tenth = payments / TENTH;
    let memory = format!("resident memory after {payments} payments in a row; against after {tenth}");
    let time = format!(
        "one payment of the {tenth} after {payments}; against the first {tenth} of a new till, in turns"
    );
    Ok(vec![
        row("growth of memory", memory, ("rss_last", "rss_first"), Figure::Memory)?,
        row("growth of time", time, ("p50_old", "p50_new"), Figure::Median)?,
    ])
}

fn run(payments: usize) -> Result<Value> {
    let place = place::in_memory()?;
    let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
    std::fs::write(place.path().join(till::settings::FILE), settings(nobody, "light"))?;
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg("child-endurance").arg(place.path()).arg(payments.to_string()).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// In a process of its own: takes the payments and prints memory and times.
pub fn child(folder: &Path, payments: usize) -> Result<()> {
    runtime()?.block_on(async {
        let till = start(folder).await?;
        let mut old = Cashier::at(&till);
        let tenth = (payments / TENTH).max(1);
        let mut rss_first = 0.0;
        for number in 1..=payments {
            payment(&mut old).await?;
            if number == tenth {
                rss_first = place::resident()?;
            }
        }
        let rss_last = place::resident()?;
        let beside = folder.join("new");
        std::fs::create_dir(&beside)?;
        std::fs::copy(folder.join(till::settings::FILE), beside.join(till::settings::FILE))?;
        let second = start(&beside).await?;
        let mut new = Cashier::at(&second);
        let mut turns = Round::default();
        for _ in 0..tenth {
            turns.measured.push(payment(&mut old).await?);
            turns.baseline.push(payment(&mut new).await?);
        }
        let (p50_old, p50_new) = (Quantiles::of(turns.measured).p50, Quantiles::of(turns.baseline).p50);
        let found = json!({
            "rss_first": rss_first, "rss_last": rss_last, "p50_old": p50_old, "p50_new": p50_new,
        });
        println!("{found}");
        second.stop().await;
        till.stop().await;
        Ok(())
    })
}

async fn payment(cashier: &mut Cashier) -> Result<Duration> {
    let command = cashier.payment()?;
    let start = Instant::now();
    let payment = cashier.give(command).await?;
    cashier.approved(payment).await?;
    Ok(start.elapsed())
}

/// As `till::start`, with the stand-in in the place of the network.
async fn start(folder: &Path) -> Result<Till> {
    let settings = Settings::load(folder).map_err(|problem| anyhow!("{problem}"))?;
    let clock = Clock::system(TimeZone::UTC);
    let random = Random::system(clock.clone());
    let opening = Opening { folder: Some(folder), till: settings.till.clone(), mode: Mode::Threaded };
    let (store, opened) = Store::open(opening, &random.seed())?;
    let parts = Parts {
        settings,
        store,
        opened,
        clock,
        random,
        http: Arc::new(StandIn::new()?),
        lines: Arc::new(terminals::serial::SystemLines::default()),
        ear: Ear::without_port(Switchboard::new()),
        file: Arc::new(FolderFile::of(folder)),
        secrets: Arc::new(FileSecrets::new(folder)),
        auto_open: false,
        catalogue: Arc::default(),
        work: Work::Usual,
        printers: Arc::new(FolderPrinters::of(folder)),
        eyes: Arc::new(NoEyes),
        nearby: Arc::new(Nobody),
    };
    Till::run(parts).await.map_err(|problem| anyhow!("{problem}"))
}
