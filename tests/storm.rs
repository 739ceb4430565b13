//! Random operations, faults, crashes, clock jumps, restored backups and full disks; then all faults end
//! and ten virtual minutes pass: bank = journal, nobody charged twice, every payment closed or disputed,
//! and every disputed one truly undecidable from the wire.
//!
//! `STORM_SEEDS` sets how many seeds run (2,000 without it), `STORM_FROM` the first. A failure prints its
//! seed and what was done, and with `STORM_TRACE` what went over the wires; the same seed does the same
//! again.

#[path = "storm/counter.rs"]
mod counter;
#[path = "storm/installer.rs"]
mod installer;
#[path = "storm/printer.rs"]
mod printer;
#[path = "storm/weather.rs"]
mod weather;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn bank_and_journal_agree_after_every_storm() {
    let (from, seeds) = (number("STORM_FROM", 1), number("STORM_SEEDS", 2_000));
    let next = AtomicU64::new(from);
    let failed: Mutex<Vec<String>> = Mutex::default();
    let tally = weather::Tally::default();
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= from + seeds || failed.lock().unwrap().len() >= 5 {
                        return;
                    }
                    if let Err(report) = weather::run(seed, &tally) {
                        failed.lock().unwrap().push(format!("seed {seed}\n{report}"));
                    }
                }
            });
        }
    });
    println!("{seeds} seeds from {from}: {tally}");
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} storms went wrong\n{}", failed.len(), failed.join("\n\n"));
    // A storm that never does anything proves nothing.
    assert!(seeds < 200 || tally.is_lively(), "the storm was too calm: {tally}");
}
