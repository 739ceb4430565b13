//! A hand scanner at the other end of a pair of pseudo terminals, in virtual time.

use super::*;
use crate::sight::Watching;
use crate::sight::worker::Worker;
use serialport::{SerialPort, TTYPort};
use std::io::Write;
use std::path::Path;
use tokio::time::advance;

/// A scanner's end of a line whose other end is found under this name.
fn plugged_in(name: &Path) -> std::io::Result<TTYPort> {
    let (scanner, port) = TTYPort::pair()?;
    let _ = std::fs::remove_file(name);
    std::os::unix::fs::symlink(port.name().unwrap_or_default(), name)?;
    Ok(scanner)
}

fn at(name: &Path) -> settings::Scanner {
    settings::Scanner { port: name.display().to_string(), speed: 9_600 }
}

/// Scans this again and again until it was heard: the till's end may not be open yet.
async fn scan(hand: &mut TTYPort, watching: &mut Watching<Scans>, text: &str) -> Scanned {
    let newest = |scans: &Scans| scans.recent.last().filter(|one| one.text == text).cloned();
    loop {
        if let Some(scanned) = newest(&watching.values.borrow_and_update()) {
            return scanned;
        }
        // It fails until the till's end is open.
        let _ = hand.write_all(format!("{text}\r").as_bytes());
        std::thread::yield_now();
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn scans_are_numbered_and_forgotten_and_a_scanner_may_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    let (mut hand, mut second) = (plugged_in(&one).unwrap(), plugged_in(&other).unwrap());
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let worker = Worker::new("scanner", Listen::new(clock), at(&one));
    let mut watching = worker.watch();
    assert_eq!(*watching.values.borrow_and_update().as_ref(), Scans::default());
    let first = scan(&mut hand, &mut watching, "287654321098765432").await;
    worker.set(at(&other));
    let later = scan(&mut second, &mut watching, "7310865004703").await;
    assert!(later.number > first.number && later.command != first.command);
    let told = watching.values.borrow().clone();
    assert!(told.recent.len() <= limits::SCANS);
    assert!(told.recent.iter().zip(told.recent.iter().skip(1)).all(|(a, b)| a.number < b.number));
    assert!(!format!("{told:?}").contains("7310865004703"));
    while !watching.values.borrow().recent.is_empty() {
        advance(limits::SCANS_KEPT).await;
        std::thread::yield_now();
    }
    drop(second);
    let mut again = plugged_in(&other).unwrap();
    assert!(scan(&mut again, &mut watching, "42").await.number > later.number, "plugged in again");
    let values = watching.values.clone();
    drop(watching);
    let mut after = values;
    after.wait_for(|scans| scans.recent.is_empty()).await.unwrap();
    worker.close();
    assert!(after.wait_for(|scans| !scans.recent.is_empty()).await.is_err());
}
