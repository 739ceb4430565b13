//! What a durable append costs, in units of the bare append and sync of a file on the same disk, measured in
//! turns in one run. Target: p50 at most 1.3, p99 at most 2.5 (research/performance.md section 7, D1).
//!
//! `cargo run --release -p store --example append_cost -- [FOLDER]`: a folder on the disk that counts.

#![allow(clippy::unwrap_used)]

#[path = "../tests/store/samples.rs"]
#[allow(dead_code)]
mod samples;

use domain::ids::Reference;
use domain::journal::Fact;
use domain::operation::Step;
use domain::payment::PaymentFact;
use samples::{approval, at, closing, operation, receipt, seed};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::{Mode, Opening, Record, Store};

const ROUNDS: u16 = 2_000;

fn main() -> Result<(), Box<dyn Error>> {
    let given = std::env::args().nth(1).map(PathBuf::from);
    let place = given.unwrap_or_else(std::env::temp_dir).join("append_cost");
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for mode in [Mode::Inline, Mode::Threaded] {
        fs::create_dir_all(&place)?;
        println!("{mode:?}");
        runtime.block_on(measure(&place, mode))?;
        fs::remove_dir_all(&place)?;
    }
    Ok(())
}

async fn measure(place: &Path, mode: Mode) -> Result<(), Box<dyn Error>> {
    let (store, _) = Store::open(Opening { folder: Some(place), till: "T1".to_owned(), mode }, &seed(1))?;
    let mut bare = fs::File::create(place.join("bare"))?;
    let mut times: [Vec<Duration>; 3] = Default::default();
    for number in 0..ROUNDS {
        let about = |fact| {
            Record::new(at(i64::from(number)), Fact::Payment { operation: operation(number).id, fact })
        };
        let intended = about(PaymentFact::Intended { operation: Box::new(operation(number)) });
        let (reference, step) = (Reference(format!("{number}")), Step::First);
        let reserved = about(PaymentFact::ReferenceReserved { reference, step, session: None });
        let body = intended.fact.body();

        let start = Instant::now();
        bare.write_all(body.as_bytes())?;
        bare.sync_data()?;
        times[0].push(start.elapsed());
        for (times, record) in times[1..].iter_mut().zip([intended, reserved]) {
            let records = vec![record];
            let start = Instant::now();
            store.append(records).await?;
            times.push(start.elapsed());
        }

        let outcome = Some(Box::new(approval()));
        let text = "Corner Shop\nTOTAL 13,50 SEK".to_owned();
        let receipt = receipt(number, number, &text);
        let texts = vec![(receipt.text.clone(), text)];
        let stored = Record { at: receipt.at, fact: Fact::ReceiptStored { receipt }, texts };
        store.append(vec![about(PaymentFact::Settled { closing: closing(), outcome }), stored]).await?;
        if number % 64 == 0 {
            store.idle().await;
        }
    }
    store.close().await?;
    let [bare, intended, reserved] = times.map(quantiles);
    println!("  bare      p50 {:>8.1?}  p99 {:>8.1?}", bare.0, bare.1);
    for (name, found) in [("intended", intended), ("reserved", reserved)] {
        let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
        let (p50, p99) = (ratio(found.0, bare.0), ratio(found.1, bare.1));
        println!("  {name}  p50 {:>8.1?} ({p50:.2} x)  p99 {:>8.1?} ({p99:.2} x)", found.0, found.1);
    }
    Ok(())
}

fn quantiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    (at(50), at(99))
}
