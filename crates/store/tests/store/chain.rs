//! Any change is found; rebuilt views are the stored ones.

use crate::samples::{self, at, operation, payment_facts, sale_facts, seed, terminal, terminal_facts};
use crate::support::{intended, memory, morning, open, open_again, receipt_record};
use domain::ids::SaleId;
use domain::journal::Fact;
use domain::payment::PaymentFact;
use domain::sale::SaleFact;
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use store::{Mode, Record, Restored, Store, StoreError};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A record of any kind about one of a few payments, sales and terminals.
fn record(kind: usize, which: u16, second: i64) -> Record {
    let payments = payment_facts();
    let (sales, terminals) = (sale_facts(), terminal_facts());
    let others = samples::samples();
    let now = at(second);
    let id = operation(which).id;
    if let Some(fact) = payments.get(kind) {
        let fact = match fact {
            PaymentFact::Intended { operation: sample } => {
                let operation = domain::operation::Operation { id, ..sample.as_ref().clone() };
                PaymentFact::Intended { operation: Box::new(operation) }
            }
            other => other.clone(),
        };
        return Record::new(now, Fact::Payment { operation: id, fact });
    }
    let kind = kind - payments.len();
    if let Some(fact) = sales.get(kind) {
        return Record::new(now, Fact::Sale { sale: SaleId::of(&seed(which)), fact: fact.clone() });
    }
    let kind = kind - sales.len();
    if let Some(fact) = terminals.get(kind) {
        return Record::new(now, Fact::Terminal { terminal: terminal(), fact: fact.clone() });
    }
    match kind - terminals.len() {
        0 => receipt_record(which, which, "Corner Shop KÖP 12,50"),
        index => Record::new(now, others[others.len() - index].clone()),
    }
}

fn records() -> impl Strategy<Value = Vec<(usize, u16, i64)>> {
    let kinds = payment_facts().len() + sale_facts().len() + terminal_facts().len() + 4;
    proptest::collection::vec((0..kinds, 1..5_u16, 0..500_i64), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rebuilt_views_are_the_stored_ones(steps in records(), size in 1..9_usize) {
        block_on(async {
            let store = memory();
            // Most payments are intended first; the others' facts are kept and left out of the views.
            store.append((1..4).map(|which| record(0, which, 0)).collect::<Vec<_>>()).await.unwrap();
            for part in steps.chunks(size) {
                let records = part.iter().map(|(kind, which, second)| record(*kind, *which, *second));
                // A sale that was completed without being paid does not verify (R7).
                let completes = |record: &Record| {
                    matches!(&record.fact, Fact::Sale { fact: SaleFact::Completed, .. })
                };
                store.append(records.filter(|record| !completes(record)).collect::<Vec<_>>()).await.unwrap();
            }
            let verified = store.verify().await.unwrap();
            let sums = store.read(|reader| reader.sums()).await.unwrap();
            store.rebuild_views().await.unwrap();
            assert_eq!(store.verify().await.unwrap(), verified);
            assert_eq!(store.read(|reader| reader.sums()).await.unwrap(), sums);
            // What is folded from here on still agrees.
            store.append(vec![record(16, 1, 600), record(10, 2, 601)]).await.unwrap();
            store.verify().await.unwrap();
            let remains = store.crash().await.unwrap();
            let (store, opened) = Store::reopen(remains, "T1".to_owned(), Mode::Inline, &seed(501)).unwrap();
            assert_eq!(opened.head.seq, verified.head.seq + 2);
            store.verify().await.unwrap();
        });
    }

    #[test]
    fn a_changed_byte_is_found(
        seq in 1..12_i64, column in 0..9_usize, place in any::<usize>(), bit in 0..8_u32,
    ) {
        let folder = folder_of_a_morning();
        let columns = ["seq", "id", "at", "till", "kind", "version", "body", "previous_hash", "hash"];
        let connection = tampering(folder.path());
        let sql = format!("SELECT {0} FROM entry WHERE seq = ?1", columns[column]);
        let old: Value = connection.query_row(&sql, [seq], |row| row.get(0)).unwrap();
        let sql = if matches!(old, Value::Text(_)) {
            format!("UPDATE entry SET {0} = CAST(?2 AS TEXT) WHERE seq = ?1", columns[column])
        } else {
            format!("UPDATE entry SET {0} = ?2 WHERE seq = ?1", columns[column])
        };
        let flip = |mut bytes: Vec<u8>| {
            let place = place % bytes.len();
            bytes[place] ^= 1 << bit;
            Value::Blob(bytes)
        };
        let new = match old {
            Value::Integer(number) => Value::Integer(number ^ (1 << (place % 63))),
            Value::Text(text) => flip(text.into_bytes()),
            Value::Blob(bytes) => flip(bytes),
            other => panic!("{other:?} in an entry"),
        };
        // A number that another entry has already cannot be given to this one.
        prop_assume!(connection.execute(&sql, (seq, new)).is_ok());
        drop(connection);
        assert_found(folder.path());
    }
}

/// A closed store, made once and copied for every test.
fn folder_of_a_morning() -> tempfile::TempDir {
    static FILES: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let (database, _) = FILES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        block_on(async {
            let (store, _) = open(folder.path(), Mode::Inline);
            store.append(morning()).await.unwrap();
            store.close().await.unwrap();
        });
        let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
        (read("paydesk.sqlite"), read("head"))
    });
    let (_, head) = FILES.get().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("paydesk.sqlite"), database).unwrap();
    // The head names the copy's inode, so that only what a test does is found.
    #[cfg(unix)]
    let inode = {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(folder.path().join("paydesk.sqlite")).unwrap().ino()
    };
    #[cfg(not(unix))]
    let inode = 0;
    let head = String::from_utf8(head.clone()).unwrap();
    let (head, _) = head.rsplit_once(' ').unwrap();
    fs::write(folder.path().join("head"), format!("{head} {inode}\n")).unwrap();
    folder
}

/// The database without its guards.
fn tampering(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("paydesk.sqlite")).unwrap();
    connection
        .execute_batch(
            "PRAGMA synchronous = OFF;
            DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_is_never_deleted;
            DROP TRIGGER entry_is_only_appended;",
        )
        .unwrap();
    connection
}

fn assert_found(folder: &Path) {
    let verified = Store::open_read_only(folder).unwrap().unwrap().verify();
    let found = matches!(verified, Err(StoreError::NotVerified { .. } | StoreError::NotTheNewest(_)));
    assert!(found, "{verified:?}");
}

fn tampered(sql: &str) -> tempfile::TempDir {
    let folder = folder_of_a_morning();
    assert!(Store::open_read_only(folder.path()).unwrap().unwrap().verify().is_ok());
    let connection = tampering(folder.path());
    connection.execute_batch(sql).unwrap();
    drop(connection);
    assert_found(folder.path());
    folder
}

#[test]
fn entries_are_never_changed_or_deleted() {
    let folder = folder_of_a_morning();
    let connection = Connection::open(folder.path().join("paydesk.sqlite")).unwrap();
    let copy = "SELECT 3, id, at, till, kind, version, body, previous_hash, hash FROM entry WHERE seq = 4";
    for sql in [
        "UPDATE entry SET body = '{}' WHERE seq = 3".to_owned(),
        "DELETE FROM entry WHERE seq = 3".to_owned(),
        format!("INSERT OR REPLACE INTO entry {copy}"),
        format!("REPLACE INTO entry {copy}"),
    ] {
        let error = connection.execute(&sql, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
}

#[test]
fn a_deleted_entry_is_found() {
    tampered("DELETE FROM entry WHERE seq = 5");
    tampered("DELETE FROM entry WHERE seq = 1");
}

#[test]
fn an_inserted_entry_is_found() {
    tampered(
        "INSERT INTO entry SELECT 12, id, at, till, kind, version, body, hash, previous_hash FROM entry
            WHERE seq = 11",
    );
}

#[test]
fn a_changed_view_or_text_is_found() {
    tampered("UPDATE payment_settled SET approved = approved + 1");
    tampered("UPDATE payment_folded SET folded = replace(folded, '1350', '1351')");
    tampered("UPDATE payment_unsettled SET requested = 1");
    tampered("DELETE FROM receipt");
    tampered("UPDATE receipt SET text_id = ''");
    tampered("DELETE FROM reference");
    tampered("INSERT INTO unblocked VALUES ('x', 1)");
    tampered("UPDATE erasable SET text = 'TOTAL 0,00'");
    tampered("INSERT INTO receipt_words (rowid, text) VALUES (99, 'smuggled')");
}

#[test]
fn an_older_copy_in_order_is_told_from_one_that_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paydesk.sqlite");
    let write = |records: Vec<Record>| {
        block_on(async {
            let (store, _) = open(folder.path(), Mode::Inline);
            store.append(records).await.unwrap();
            store.close().await.unwrap();
        });
    };
    write(morning());
    let copy = fs::read(&file).unwrap();
    write(vec![intended(12)]);
    let verified = || Store::open_read_only(folder.path()).unwrap().unwrap().verify();
    verified().unwrap();
    fs::write(&file, &copy).unwrap();
    let Err(StoreError::NotTheNewest(Restored::Older { kept, found })) = verified() else {
        panic!("{:?}", verified());
    };
    assert_eq!((kept.seq, found.seq), (12, 11));
    let change = "UPDATE receipt SET at = at + 1";
    tampering(folder.path()).execute_batch(change).unwrap();
    let Err(StoreError::NotVerified { .. }) = verified() else { panic!("a change weighs more") };
}

#[test]
fn a_cut_tail_is_found_by_the_head_file() {
    // Every trace of the newest entry is gone; the database alone is in order.
    let folder = tampered(
        "DELETE FROM entry WHERE seq = 11; DELETE FROM mark;
        UPDATE payment_unsettled SET last = 10, folded = json_set(folded, '$.sent', json('[]'))",
    );
    let (_store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    let Some(Restored::Older { kept, found }) = opened.restored else { panic!("{:?}", opened.restored) };
    assert_eq!((kept.seq, found.seq), (11, 10));
}

#[test]
fn an_open_payment_that_differs_from_its_facts_stops_the_start() {
    let folder = tampered("UPDATE payment_unsettled SET folded = replace(folded, '1250', '1251')");
    let error = open_again(folder.path(), Mode::Inline).err().unwrap();
    assert!(matches!(error, StoreError::NotVerified { seq: 11, .. }), "{error}");
}

#[test]
fn a_broken_tail_stops_the_start_and_the_files_stay() {
    let folder = tampered("DELETE FROM mark; UPDATE entry SET body = body || ' ' WHERE seq = 9");
    let before = fs::read(folder.path().join("paydesk.sqlite")).unwrap();
    let error = open_again(folder.path(), Mode::Inline).err().unwrap();
    assert!(matches!(error, StoreError::NotVerified { seq: 9, .. }), "{error}");
    assert_eq!(fs::read(folder.path().join("paydesk.sqlite")).unwrap(), before);
}
