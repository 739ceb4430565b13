//! Crashes keep what was synced; restored and copied stores are noticed.

use crate::samples::{operation, seed};
use crate::support::{
    intended, memory_and_folders, morning, open, open_again, reserved, settled, shown, start,
};
use domain::ids::InstallationId;
use domain::journal::Fact;
use std::fs;
use store::{Mode, Opened, Record, Remains, Restored, Store};

fn reopen(remains: Remains) -> (Store, Opened) {
    Store::reopen(remains, "T1".to_owned(), Mode::Inline, &seed(501)).unwrap()
}

#[tokio::test]
async fn a_crash_loses_only_what_was_buffered() {
    for (folder, mode) in memory_and_folders() {
        let store = start(folder.as_ref(), mode);
        let head = store.append(morning()).await.unwrap().head;
        store.buffer(vec![shown(11, "lost")]);
        let remains = store.crash().await.unwrap();
        assert!(remains.kept_head().unwrap().unwrap().seq <= head.seq, "the head outside may lag");
        let (store, opened) = reopen(remains);
        assert_eq!((opened.head, opened.restored), (head, None), "{mode:?}");
        assert_eq!(opened.open_payments[0].id(), operation(11).id);
        store.verify().await.unwrap();
        store.append(vec![settled(11)]).await.unwrap();
    }
}

#[tokio::test]
async fn an_old_backup_is_noticed_and_goes_on_under_a_new_id() {
    for (folder, mode) in memory_and_folders() {
        let store = start(folder.as_ref(), mode);
        store.append(vec![intended(10)]).await.unwrap();
        let backup = store.snapshot().await.unwrap();
        let head = store.append(vec![reserved(10), settled(10)]).await.unwrap().head;
        store.idle().await;
        let remains = store.crash().await.unwrap().restore(&backup).unwrap();
        let (store, opened) = reopen(remains);
        let Some(Restored::Older { kept, found }) = opened.restored else {
            panic!("{:?}", opened.restored)
        };
        assert_eq!((kept, found.seq), (head, 2));
        assert_eq!(opened.installation, InstallationId::of(&seed(501)));
        assert_eq!(opened.head.seq, 3);
        assert_eq!(opened.open_payments.len(), 1);
        store.verify().await.unwrap();
        // Power gone before a till has started on it: it is still a restored one.
        let (store, opened) = reopen(store.crash().await.unwrap());
        assert_eq!((opened.restored, opened.is_new), (Some(Restored::NotStartedSince), false));
        assert_eq!(opened.installation, InstallationId::of(&seed(501)));
        // A till starts; the next start is an ordinary one.
        let started = Fact::Started { version: "1".to_owned() };
        store.append(vec![Record::new(seed(502).at, started)]).await.unwrap();
        let (_, opened) = reopen(store.crash().await.unwrap());
        assert_eq!((opened.restored, opened.is_new), (None, false));
        assert_eq!(opened.installation, InstallationId::of(&seed(501)));
    }
}

#[tokio::test]
async fn a_backup_that_lived_on_elsewhere_is_noticed() {
    let store = start(None, Mode::Inline);
    store.append(vec![intended(10)]).await.unwrap();
    let backup = store.snapshot().await.unwrap();
    store.append(vec![reserved(10)]).await.unwrap();
    store.idle().await;
    let remains = store.crash().await.unwrap();
    let kept = remains.kept_head().unwrap();

    let (elsewhere, _) = reopen(start(None, Mode::Inline).crash().await.unwrap().restore(&backup).unwrap());
    elsewhere.append(vec![intended(11), intended(12)]).await.unwrap();
    let backup = elsewhere.snapshot().await.unwrap();
    let (_, opened) = reopen(remains.restore(&backup).unwrap());
    assert_eq!(opened.restored, kept.map(|kept| Restored::Another { kept }));
}

#[tokio::test]
async fn a_copied_folder_is_noticed() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, _) = open(one.path(), Mode::Inline);
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    for name in ["paydesk.sqlite", "head", "reserve"] {
        fs::copy(one.path().join(name), two.path().join(name)).unwrap();
    }
    let (_store, opened) = open_again(two.path(), Mode::Inline).unwrap();
    assert_eq!(opened.restored, Some(Restored::Copied));
    let (_store, opened) = open_again(one.path(), Mode::Inline).unwrap();
    assert_eq!(opened.restored, None, "the original is what it was");
}

#[tokio::test]
async fn a_database_without_its_head_is_taken_for_restored() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    for text in [None, Some("nonsense"), Some("7 abc 1")] {
        fs::remove_file(folder.path().join("head")).unwrap();
        if let Some(text) = text {
            fs::write(folder.path().join("head"), text).unwrap();
        }
        let (store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
        assert_eq!(opened.restored, Some(Restored::HeadMissing));
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn the_head_outside_may_lie_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    let kept = fs::read(folder.path().join("head")).unwrap();
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    fs::write(folder.path().join("head"), kept).unwrap();
    let (store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!(opened.restored, None);
    store.verify().await.unwrap();
}

#[test]
fn a_quiet_thread_keeps_the_head_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Threaded);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let head = runtime.block_on(store.append(morning())).unwrap().head;
    let kept = || fs::read_to_string(folder.path().join("head")).unwrap();
    let started = std::time::Instant::now();
    while !kept().starts_with(&head.to_string()) {
        assert!(started.elapsed().as_secs() < 20, "the head file never catches up");
        std::thread::yield_now();
    }
    runtime.block_on(store.close()).unwrap();
}

#[tokio::test]
async fn an_abandoned_store_closes_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Threaded);
    store.append(morning()).await.unwrap();
    store.buffer(vec![shown(11, "kept")]);
    drop(store);
    let log = folder.path().join("paydesk.sqlite-wal");
    let started = std::time::Instant::now();
    while log.exists() {
        assert!(started.elapsed().as_secs() < 20, "the thread never ends");
        std::thread::yield_now();
    }
    let (_, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!((opened.head.seq, opened.restored), (12, None));
}
