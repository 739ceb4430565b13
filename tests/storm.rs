//! Random operations, faults, crashes, clock jumps, restored backups and full disks; then all faults end
//! and ten virtual minutes pass: bank = journal, nobody charged twice, every payment closed or disputed,
//! and every disputed one truly undecidable from the wire.
//!
//! `STORM_SEEDS` sets how many seeds run (2,000 without it), `STORM_FROM` the first; with `STORM_WITH` a
//! device of that form is in every one of them (`edc`, `sealed`, `cable`, `lan`, `usb`, `cloud`). A failure
//! prints its seed and what was done, and with `STORM_TRACE` what went over the wires; the same seed does
//! the same again.

#[path = "storm/cabled.rs"]
mod cabled;
#[path = "storm/counter.rs"]
mod counter;
#[path = "storm/hosted.rs"]
mod hosted;
#[path = "storm/hubs.rs"]
mod hubs;
#[path = "storm/installer.rs"]
mod installer;
#[path = "storm/printer.rs"]
mod printer;
#[path = "storm/tally.rs"]
mod tally;
#[path = "storm/wallet.rs"]
mod wallet;
#[path = "storm/weather.rs"]
mod weather;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// A seed takes some hundredths of a second; if none ends for so long, one of them never will.
const STUCK: Duration = Duration::from_secs(300);

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn bank_and_journal_agree_after_every_storm() {
    let (from, seeds) = (number("STORM_FROM", 1), number("STORM_SEEDS", 2_000));
    let next = AtomicU64::new(from);
    let failed: Mutex<Vec<String>> = Mutex::default();
    let at_work: Mutex<BTreeSet<u64>> = Mutex::default();
    let tally = tally::Tally::default();
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let work = |ended: mpsc::SyncSender<()>| {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= from + seeds || failed.lock().unwrap().len() >= 5 {
                return;
            }
            at_work.lock().unwrap().insert(seed);
            if let Err(report) = weather::run(seed, &tally) {
                failed.lock().unwrap().push(format!("seed {seed}\n{report}"));
            }
            at_work.lock().unwrap().remove(&seed);
            let _ = ended.send(());
        }
    };
    std::thread::scope(|scope| {
        let (ended, ends) = mpsc::sync_channel(workers);
        (0..workers).map(|_| ended.clone()).for_each(|ended| drop(scope.spawn(|| work(ended))));
        drop(ended);
        watch(&ends, &at_work, &failed);
    });
    println!("{seeds} seeds from {from}: {tally}");
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} storms went wrong\n{}", failed.len(), failed.join("\n\n"));
    // A storm that never does anything proves nothing.
    assert!(seeds < 200 || tally.is_lively(), "the storm was too calm: {tally}");
}

/// Waits for the end of all seeds. One that goes round in a circle without a request over a wire cannot be
/// stopped from outside: its name is printed and the whole run ends.
fn watch(ends: &mpsc::Receiver<()>, at_work: &Mutex<BTreeSet<u64>>, failed: &Mutex<Vec<String>>) {
    loop {
        match ends.recv_timeout(STUCK) {
            Ok(()) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                // Past the test's own output, which would be lost with the process.
                let (seeds, failed) = (at_work.lock().unwrap(), failed.lock().unwrap().join("\n\n"));
                let said = format!("no storm ended for {STUCK:?}; at work: {seeds:?}\n{failed}");
                let _ = writeln!(std::io::stderr(), "{said}");
                std::process::exit(1);
            }
        }
    }
}
