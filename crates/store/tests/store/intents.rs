//! The intent log: what is on disk there counts, what is torn, old or of another history does not.

use crate::samples::{operation, seed};
use crate::support::{
    day, intended, memory_and_folders, open, open_again, reserved, settled, shown, start,
};
use domain::journal::Fact;
use std::fs;
use std::path::Path;
use store::{Mode, Record, Restored, Show, Store, StoreError};

/// A folder whose till crashed with these intents in the log only.
async fn crashed(folder: &Path, intents: u16) -> i64 {
    let (store, _) = open(folder, Mode::Inline);
    for number in 0..intents {
        store.append(vec![intended(10 + number)]).await.unwrap();
    }
    let head = store.append(vec![reserved(10)]).await.unwrap().head;
    drop(store.crash().await.unwrap());
    head.seq
}

/// The newest entry that the database itself has.
fn in_the_database(folder: &Path) -> i64 {
    Store::open_read_only(folder).unwrap().unwrap().read(|reader| reader.head()).unwrap().seq
}

#[tokio::test]
async fn an_intent_that_only_the_log_has_is_there_after_a_crash() {
    for (folder, mode) in memory_and_folders() {
        let store = start(folder.as_ref(), mode);
        let head = store.append(vec![intended(10), reserved(10)]).await.unwrap().head;
        if let Some(folder) = &folder {
            assert!(in_the_database(folder.path()) < head.seq, "the request waits for the log only");
        }
        let seed = seed(501);
        let remains = store.crash().await.unwrap();
        let (store, opened) = Store::reopen(remains, "T1".to_owned(), mode, &seed).unwrap();
        assert_eq!((opened.head, opened.restored), (head, None));
        assert_eq!(opened.open_payments[0].id(), operation(10).id);
        assert_eq!(opened.open_payments[0].sent.len(), 1);
        store.verify().await.unwrap();
        store.append(vec![settled(10)]).await.unwrap();
        store.verify().await.unwrap();
    }
}

#[tokio::test]
async fn whatever_is_asked_finds_what_waits_in_the_log() {
    for mode in [Mode::Inline, Mode::Threaded] {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = open(folder.path(), mode);
        let head = store.append(vec![intended(10)]).await.unwrap().head;
        assert_eq!(store.daybook().unwrap().day.open.len(), 1);
        store.append(vec![intended(11)]).await.unwrap();
        assert_eq!(store.glance().unwrap().day.open.len(), 1, "a look holds nothing up");
        let id = operation(11).id;
        assert!(store.read(move |reader| reader.number(id)).await.unwrap().is_some());
        store.append(vec![intended(12)]).await.unwrap();
        store.idle().await;
        assert_eq!(in_the_database(folder.path()), head.seq + 2);
        store.append(vec![intended(13)]).await.unwrap();
        store.snapshot().await.unwrap();
        assert_eq!(in_the_database(folder.path()), head.seq + 3);
        store.append(vec![intended(14)]).await.unwrap();
        store.rebuild_views().await.unwrap();
        store.append(vec![intended(15)]).await.unwrap();
        store.close().await.unwrap();
        assert_eq!(in_the_database(folder.path()), head.seq + 5);
    }
}

#[tokio::test]
async fn the_head_outside_is_never_ahead_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    for number in 10..280 {
        store.append(vec![intended(number)]).await.unwrap();
        let kept = fs::read_to_string(folder.path().join("head")).unwrap();
        let kept: i64 = kept.split(' ').next().unwrap().parse().unwrap();
        assert!(kept <= in_the_database(folder.path()), "at {number}");
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_log_without_room_lets_intents_go_the_long_way() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    let mut seen = Vec::new();
    for number in 10..200 {
        let head = store.append(vec![intended(number)]).await.unwrap().head;
        seen.push(head.seq - in_the_database(folder.path()));
    }
    assert!(seen.iter().filter(|waiting| **waiting == 0).count() > 0, "{seen:?}");
    assert!(seen.iter().any(|waiting| *waiting > 10), "{seen:?}");
    drop(store.crash().await.unwrap());
    let (store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!(opened.open_payments.len(), 190);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_torn_batch_counts_for_nothing_and_those_before_it_do() {
    let whole = tempfile::tempdir().unwrap();
    let head = crashed(whole.path(), 3).await;
    let log = fs::read(whole.path().join("intents")).unwrap();
    let length = log.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let before = in_the_database(whole.path());
    let mut found = Vec::new();
    for cut in (0..=length).step_by(61).chain([length]) {
        let folder = tempfile::tempdir().unwrap();
        for file in ["paydesk.sqlite", "paydesk.sqlite-wal"] {
            fs::copy(whole.path().join(file), folder.path().join(file)).unwrap();
        }
        let mut torn = log.clone();
        torn[cut..].fill(0);
        fs::write(folder.path().join("intents"), torn).unwrap();
        fs::write(folder.path().join("head"), "").unwrap();
        let (store, _) = open_again(folder.path(), Mode::Inline).unwrap();
        store.verify().await.unwrap();
        let payments = store.read(|reader| reader.payments(day(), Show::All, 99));
        found.push(payments.await.unwrap().len());
        store.close().await.unwrap();
    }
    assert_eq!((found[0], *found.last().unwrap()), (0, 3), "{found:?}");
    assert!(found.is_sorted(), "{found:?}");
    assert_eq!(head - before, 4);
}

/// What stands behind it says that it was on disk, so that its request may have left: the terminals are asked
/// as after a restore.
#[tokio::test]
async fn a_damaged_entry_before_another_one_is_found_out() {
    let whole = tempfile::tempdir().unwrap();
    crashed(whole.path(), 1).await;
    let log = fs::read(whole.path().join("intents")).unwrap();
    let second = log.windows(4).rposition(|mark| mark == b"PDi1").unwrap();
    for place in (0..second).step_by(37) {
        let folder = tempfile::tempdir().unwrap();
        for file in ["paydesk.sqlite", "paydesk.sqlite-wal", "head"] {
            fs::copy(whole.path().join(file), folder.path().join(file)).unwrap();
        }
        let mut changed = log.clone();
        changed[place] ^= 4;
        fs::write(folder.path().join("intents"), changed).unwrap();
        let (store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
        let Some(Restored::Behind { written, found }) = opened.restored else {
            panic!("at byte {place}: {:?}", opened.restored);
        };
        assert_eq!(written, found.seq + 2, "at byte {place}");
        assert!(opened.open_payments.is_empty(), "at byte {place}");
        let started = Fact::Started { version: "1".to_owned() };
        store.append(vec![Record::new(seed(502).at, started)]).await.unwrap();
        store.verify().await.unwrap();
        store.close().await.unwrap();
        let (_, opened) = open_again(folder.path(), Mode::Inline).unwrap();
        assert_eq!(opened.restored, None, "at byte {place}: once");
    }
}

/// Nobody can tell a damaged newest entry from one that a power cut tore: its request never left.
#[tokio::test]
async fn a_damaged_newest_entry_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    crashed(folder.path(), 1).await;
    let path = folder.path().join("intents");
    let mut log = fs::read(&path).unwrap();
    let second = log.windows(4).rposition(|mark| mark == b"PDi1").unwrap();
    log[second + 100] ^= 4;
    fs::write(&path, log).unwrap();
    let (_, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!((opened.restored, opened.open_payments.len()), (None, 1));
    assert!(opened.open_payments[0].sent.is_empty(), "its reference");
}

#[tokio::test]
async fn a_backup_that_was_put_back_does_not_take_up_what_it_never_had() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(vec![shown(10, "x")]).await.unwrap();
    let backup = store.snapshot().await.unwrap();
    let head = store.append(vec![intended(10)]).await.unwrap().head;
    store.idle().await;
    let remains = store.crash().await.unwrap().restore(&backup).unwrap();
    let (_, opened) = Store::reopen(remains, "T1".to_owned(), Mode::Inline, &seed(501)).unwrap();
    assert!(opened.restored.is_some(), "{opened:?}");
    assert!(opened.open_payments.is_empty());
    assert_eq!(opened.head.seq, head.seq, "the entry of the new installation");
}

#[tokio::test]
async fn a_fault_of_the_disk_refuses_an_intent_and_leaves_no_trace() {
    for (folder, mode) in memory_and_folders() {
        let store = start(folder.as_ref(), mode);
        let before = store.append(vec![intended(10)]).await.unwrap().head;
        for (fault, error) in
            [(store::DiskFault::Full, StoreError::Full), (store::DiskFault::ReadOnly, StoreError::ReadOnly)]
        {
            store.fail_next(fault, 1);
            assert_eq!(store.append(vec![reserved(10)]).await, Err(error));
        }
        assert_eq!(store.read(|reader| reader.head()).await.unwrap(), before);
        store.append(vec![reserved(10)]).await.unwrap();
        store.verify().await.unwrap();
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_opened_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    crashed(folder.path(), 1).await;
    let log = folder.path().join("intents");
    fs::rename(&log, folder.path().join("aside")).unwrap();
    fs::create_dir(&log).unwrap();
    assert!(open_again(folder.path(), Mode::Inline).is_err(), "a request may have left for what it holds");
    fs::remove_dir(&log).unwrap();
    fs::rename(folder.path().join("aside"), &log).unwrap();
    let (_, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!(opened.open_payments.len(), 1);
}
