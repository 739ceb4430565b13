//! Disks that are full or cannot be written; files that are not what they should be; readers beside a writer.

use crate::samples::seed;
use crate::support::{day, intended, morning, open, open_again, receipt_record, reserved, settled, shown};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use store::{DiskFault, Mode, Opening, Show, Store, StoreError};

fn error_of(folder: &Path) -> StoreError {
    open_again(folder, Mode::Inline).err().unwrap()
}

fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn on_a_full_disk_the_reserve_carries_an_outcome_and_never_an_intent() {
    let folder = tempfile::tempdir().unwrap();
    let reserve = folder.path().join("reserve");
    let (store, _) = open(folder.path(), Mode::Threaded);
    assert_eq!(fs::metadata(&reserve).unwrap().len(), 16 * 1024 * 1024);
    store.append(vec![intended(10), reserved(10)]).await.unwrap();
    store.fail_next(DiskFault::Full, u32::MAX);
    assert_eq!(store.append(vec![intended(11)]).await, Err(StoreError::Full));
    assert!(reserve.exists());
    let outcome = vec![settled(10), receipt_record(20, 10, "TOTAL 13,50")];
    store.append(outcome).await.unwrap();
    assert!(!reserve.exists());
    store.idle().await;
    assert!(!reserve.exists(), "there is no room yet");
    // There is room again, but the reserve is not back: no money is asked for.
    store.fail_next(DiskFault::Full, 0);
    assert_eq!(store.append(vec![intended(11)]).await, Err(StoreError::Full));
    store.append(vec![shown(10, "still here")]).await.unwrap();
    store.idle().await;
    assert!(reserve.exists());
    store.append(vec![intended(11)]).await.unwrap();
    store.verify().await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn where_room_is_short_the_log_gives_its_own_back() {
    for mode in [Mode::Inline, Mode::Threaded] {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = open(folder.path(), mode);
        store.append(vec![intended(10), reserved(10)]).await.unwrap();
        store.fail_next(DiskFault::Full, u32::MAX);
        store.append(vec![settled(10)]).await.unwrap();
        let log = || fs::metadata(folder.path().join("paydesk.sqlite-wal")).unwrap().len();
        assert!(log() > 0);
        store.idle().await;
        assert_eq!(log(), 0);
        store.verify().await.unwrap();
    }
}

/// The log's own count of its beginnings, from its header.
fn beginnings(folder: &Path) -> Vec<u8> {
    let log = fs::read(folder.join("paydesk.sqlite-wal")).unwrap();
    log.get(12..24).unwrap().to_vec()
}

#[tokio::test]
async fn after_a_checkpoint_the_log_begins_anew_before_the_next_intent() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(vec![intended(10)]).await.unwrap();
    store.append((0..100).map(|_| shown(10, "Sätt i kort")).collect::<Vec<_>>()).await.unwrap();
    let before = beginnings(folder.path());
    store.idle().await;
    let after = beginnings(folder.path());
    assert_ne!(before, after, "the idle task begins it");
    store.append(vec![intended(11)]).await.unwrap();
    assert_eq!(beginnings(folder.path()), after, "the intent pays for one sync only");
    store.verify().await.unwrap();
    drop(store.crash().await.unwrap());
    let (store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!((opened.head.seq, opened.open_payments.len()), (103, 2));
    store.verify().await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn when_even_the_reserve_does_not_help_nothing_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    let head = store.append(vec![intended(10), reserved(10)]).await.unwrap().head;
    store.buffer(vec![shown(10, "kept for later")]);
    store.fail_next(DiskFault::FullForGood, 2);
    assert_eq!(store.append(vec![settled(10)]).await, Err(StoreError::Full));
    assert_eq!(store.read(|reader| reader.head()).await.unwrap(), head);
    assert_eq!(store.append(vec![settled(10)]).await.unwrap().head.seq, head.seq + 2);
    for fault in [DiskFault::ReadOnly, DiskFault::Io] {
        store.fail_next(fault, 1);
        let error = store.append(vec![shown(10, "x")]).await.unwrap_err();
        assert_eq!(fault == DiskFault::ReadOnly, error == StoreError::ReadOnly);
        store.append(vec![shown(10, "x")]).await.unwrap();
    }
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_write_that_sqlite_refuses_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    let head = store.append(vec![intended(10)]).await.unwrap().head;
    let other = Connection::open(folder.path().join("paydesk.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.append(vec![settled(10)]).await, Err(StoreError::Locked));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.append(vec![settled(10)]).await.unwrap().head.seq, head.seq + 1);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere");
    let opening = Opening { folder: Some(&missing), till: "T1".to_owned(), mode: Mode::Inline };
    assert!(Store::open(opening, &seed(1)).is_err());
    assert!(!missing.exists(), "the folder is the caller's");

    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    let writable = set_read_only(folder.path(), true);
    // Nobody is stopped where permissions do not bind (root): there the opening succeeds.
    let result = open_again(folder.path(), Mode::Inline);
    if !writable {
        assert_eq!(result.err().unwrap(), StoreError::ReadOnly);
        let reading = Store::open_read_only(folder.path()).unwrap().unwrap();
        assert_eq!(reading.read(|reader| reader.payments(day(), Show::All, 9)).unwrap().len(), 2);
    }
    set_read_only(folder.path(), false);
}

/// Whether it can be written all the same.
fn set_read_only(folder: &Path, read_only: bool) -> bool {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for path in paths.chain([folder.to_owned()]) {
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let all = if path == folder { 0o755 } else { 0o644 };
            permissions.set_mode(if read_only { all & 0o555 } else { all });
        }
        #[cfg(not(unix))]
        permissions.set_readonly(read_only);
        fs::set_permissions(&path, permissions).unwrap();
    }
    fs::write(folder.join("probe"), "").is_ok()
}

#[tokio::test]
async fn a_newer_database_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    let connection = Connection::open(folder.path().join("paydesk.sqlite")).unwrap();
    connection.pragma_update(None, "user_version", 7).unwrap();
    drop(connection);
    let before = listing(folder.path());
    let newer = StoreError::NewerDatabase { found: 7, known: store::SCHEMA };
    assert_eq!(error_of(folder.path()), newer);
    assert_eq!(Store::open_read_only(folder.path()).err().unwrap(), newer);
    assert!(listing(folder.path()) == before, "a file was touched");
}

#[tokio::test]
async fn what_is_no_database_is_kept_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paydesk.sqlite");
    for bytes in [&b"not a database"[..], &[b'x'; 5000]] {
        fs::write(&file, bytes).unwrap();
        assert!(matches!(error_of(folder.path()), StoreError::Damaged { .. }));
        assert_eq!(fs::read(&file).unwrap(), bytes);
        assert_eq!(listing(folder.path()).len(), 1, "nothing was made beside it");
    }
    fs::remove_file(&file).unwrap();
    Connection::open(&file).unwrap().execute_batch("CREATE TABLE another (program)").unwrap();
    assert!(matches!(error_of(folder.path()), StoreError::Damaged { .. }));
}

#[tokio::test]
async fn a_missing_or_emptied_database_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    let file = folder.path().join("paydesk.sqlite");
    fs::write(&file, "").unwrap();
    assert!(matches!(error_of(folder.path()), StoreError::Lost { .. }));
    assert!(matches!(Store::open_read_only(folder.path()).err().unwrap(), StoreError::Lost { .. }));
    fs::remove_file(&file).unwrap();
    assert!(matches!(error_of(folder.path()), StoreError::Lost { .. }));
    assert!(!file.exists());
    assert!(matches!(Store::open_read_only(folder.path()).err().unwrap(), StoreError::Lost { .. }));
    assert!(!file.exists());
}

#[tokio::test]
async fn a_truncated_database_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    let file = folder.path().join("paydesk.sqlite");
    let whole = fs::read(&file).unwrap();
    for length in [50, 100, 4096, 10_000, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        let error = error_of(folder.path());
        assert!(matches!(error, StoreError::Damaged { .. }), "{length}: {error:?}");
        assert_eq!(fs::metadata(&file).unwrap().len(), length as u64);
    }
}

#[tokio::test]
async fn others_may_read_beside_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Threaded);
    let reading = Store::open_read_only(folder.path()).unwrap().unwrap();
    let count = |reading: &store::ReadOnlyStore| {
        reading.read(|reader| reader.payments(day(), Show::All, 9)).unwrap().len()
    };
    assert_eq!(count(&reading), 0);
    store.append(morning()).await.unwrap();
    assert_eq!(count(&reading), 2);
    for number in 12..100 {
        store.append(vec![intended(number), settled(number)]).await.unwrap();
        if number % 10 == 0 {
            store.idle().await;
            reading.verify().unwrap();
            store.verify().await.unwrap();
        }
    }
    store.close().await.unwrap();
    assert_eq!(reading.verify().unwrap().entries, 187);
}

#[tokio::test]
async fn reading_only_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Store::open_read_only(folder.path()).unwrap().is_none(), "no till was ever started on it");
    assert_eq!(listing(folder.path()).len(), 0);
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(morning()).await.unwrap();
    store.close().await.unwrap();
    let database = |folder: &Path| fs::read(folder.join("paydesk.sqlite")).unwrap();
    let before = database(folder.path());
    Store::open_read_only(folder.path()).unwrap().unwrap().verify().unwrap();
    assert_eq!(database(folder.path()), before);
    let error = Store::open_read_only(folder.path())
        .unwrap()
        .unwrap()
        .read(|reader| reader.receipts(store::ReceiptQuery { day: None, words: "total" }, 1));
    assert_eq!(error.unwrap().len(), 1);
}

/// A request must not leave before its outcome can be kept: whichever page is lost, a start says so, or it
/// was a page that nothing is missing without.
#[tokio::test]
async fn a_lost_page_is_found_before_anything_is_sold() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(vec![intended(10)]).await.unwrap();
    store.append(vec![reserved(10)]).await.unwrap();
    store.append(vec![settled(10)]).await.unwrap();
    store.close().await.unwrap();
    let path = folder.path().join(store::DATABASE);
    let whole = std::fs::read(&path).unwrap();
    const PAGE: usize = 4096;
    let mut refused = 0;
    for page in 1..whole.len() / PAGE {
        let mut damaged = whole.clone();
        damaged[page * PAGE..(page + 1) * PAGE].fill(0);
        std::fs::write(&path, &damaged).unwrap();
        match open_again(folder.path(), Mode::Inline) {
            Err(_) => {
                refused += 1;
                assert_eq!(std::fs::read(&path).unwrap(), damaged, "page {page}: kept as it is");
            }
            Ok((store, _)) => {
                store.verify().await.unwrap_or_else(|error| panic!("page {page}: {error}"));
                store.close().await.unwrap();
            }
        }
    }
    assert!(refused > 20, "{refused} of {} pages", whole.len() / PAGE);
}

/// The search is a convenience. Where its index is damaged, an outcome and its receipts are kept anyway.
#[tokio::test]
async fn an_outcome_counts_for_more_than_its_place_in_the_search() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(vec![intended(10), reserved(10)]).await.unwrap();
    store.append(vec![settled(10), receipt_record(20, 10, "TOTAL 13,50")]).await.unwrap();
    let other = Connection::open(folder.path().join(store::DATABASE)).unwrap();
    other.execute("UPDATE receipt_words_data SET block = x'00000000ffff' WHERE id = 10", []).unwrap();
    drop(other);
    store.append(vec![intended(11), reserved(11)]).await.unwrap();
    store.append(vec![settled(11), receipt_record(21, 11, "TOTAL 13,50")]).await.unwrap();
    let kept = store.read(|reader| reader.receipts(store::ReceiptQuery { day: None, words: "" }, 9)).await;
    assert_eq!(kept.unwrap().len(), 2);
    assert!(store.verify().await.is_err(), "whoever verifies is told");
    store.close().await.unwrap();
}
