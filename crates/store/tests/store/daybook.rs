//! The daybook: the same live, after a clean end, after a crash and folded from the whole journal.

use crate::samples::{at, money, samples, seed};
use crate::support::{about, intended, memory, morning, open, open_again, settled};
use domain::ids::{SaleId, ShiftId, StaffId};
use domain::journal::Fact;
use domain::payment::PaymentFact;
use domain::report::Books;
use domain::sale::SaleFact;
use domain::shift::ShiftFact;
use std::fs;
use std::path::Path;
use store::{Daybook, Mode, Record, Store, StoreError};

fn folded(records: &[Record]) -> Daybook {
    let mut books = Books::default();
    records.iter().for_each(|record| books.apply(&record.fact, record.at));
    Daybook { roster: books.roster, day: books.day }
}

/// Everything that a day can hold, twice: before and after a clean end.
fn records() -> (Vec<Record>, Vec<Record>) {
    let sales_and_staff = samples().into_iter().filter(|fact| !matches!(fact, Fact::ReceiptStored { .. }));
    let parked = SaleId::of(&seed(90));
    let by = StaffId::of(&seed(40));
    let of_parked = |fact| Record::new(at(60), Fact::Sale { sale: parked, fact });
    let mut first = morning();
    first.extend(sales_and_staff.map(|fact| Record::new(at(50), fact)).map(named));
    first.push(of_parked(SaleFact::Begun { currency: money(0).currency, by }));
    first.push(of_parked(SaleFact::Parked { label: None }));
    let shift =
        Fact::Shift { shift: ShiftId::of(&seed(91)), fact: ShiftFact::Opened { by, float: money(1) } };
    first.push(Record::new(at(61), shift));
    let second = vec![
        of_parked(SaleFact::Recalled),
        settled(11),
        about(11, PaymentFact::DisplayShown { text: "Tack".to_owned() }),
        intended(12),
        of_parked(SaleFact::Voided),
    ];
    (first, second)
}

/// With the text that the fact references.
fn named(record: Record) -> Record {
    let (reference, text) = crate::samples::person();
    let names = matches!(&record.fact, Fact::Staff { .. } | Fact::Unblocked { .. });
    if names { Record { texts: vec![(reference, text)], ..record } } else { record }
}

async fn check(store: &Store, told: &[Record]) {
    assert_eq!(*store.daybook().unwrap(), folded(told));
    store.verify().await.unwrap();
}

#[tokio::test]
async fn the_daybook_is_what_the_journal_folds_to() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = records();
    let (store, opened) = open(folder.path(), Mode::Inline);
    assert_eq!(*opened.daybook, Daybook::default());
    store.append(first.clone()).await.unwrap();
    check(&store, &first).await;
    store.close().await.unwrap();

    let mut told = first;
    let (store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!(*opened.daybook, folded(&told), "after a clean end");
    for record in second {
        told.push(record.clone());
        store.append(vec![record]).await.unwrap();
        check(&store, &told).await;
    }
    let remains = store.crash().await.unwrap();
    let (store, opened) = Store::reopen(remains, "T1".to_owned(), Mode::Inline, &seed(502)).unwrap();
    assert_eq!(*opened.daybook, folded(&told), "after a crash");
    store.rebuild_views().await.unwrap();
    check(&store, &told).await;
}

#[tokio::test]
async fn a_refused_append_is_in_no_daybook() {
    let store = memory();
    let (first, second) = records();
    store.append(first.clone()).await.unwrap();
    store.fail_next(store::DiskFault::Io, 1);
    assert!(store.append(second).await.is_err());
    check(&store, &first).await;
}

#[tokio::test]
async fn a_snapshot_that_was_changed_does_not_verify() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    store.append(records().0).await.unwrap();
    store.close().await.unwrap();
    change(folder.path(), "UPDATE daybook SET folded = replace(folded, '\"voided\":', '\"voided\":1')");
    let (store, _) = open_again(folder.path(), Mode::Inline).unwrap();
    let error = store.verify().await.unwrap_err();
    assert!(matches!(&error, StoreError::NotVerified { what, .. } if what.contains("daybook")), "{error}");
}

fn change(folder: &Path, sql: &str) {
    let database = folder.join("paydesk.sqlite");
    let before = fs::read(&database).unwrap();
    let connection = rusqlite::Connection::open(&database).unwrap();
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    drop(connection);
    assert_ne!(fs::read(&database).unwrap(), before, "the change is in the file");
}
