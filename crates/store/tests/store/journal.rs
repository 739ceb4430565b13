//! Appending, and what is found again.

use crate::samples::{at, money, operation, person, receipt, seed, terminal};
use crate::support::{
    about, day, intended, memory, morning, open, open_again, receipt_record, reserved, settled, shown,
};
use domain::ids::{InstallationId, SaleId, TextId};
use domain::journal::Fact;
use domain::payment::{Payment, PaymentFact};
use domain::sale::SaleFact;
use domain::session::TerminalFact;
use store::{Head, Mode, Record, Show, Store, StoreError};

#[tokio::test]
async fn what_was_appended_is_found_after_a_restart() {
    for mode in [Mode::Inline, Mode::Threaded] {
        let folder = tempfile::tempdir().unwrap();
        let (store, opened) = open(folder.path(), mode);
        assert!(opened.is_new && opened.restored.is_none());
        assert_eq!(opened.installation, InstallationId::of(&seed(500)));
        store.append(morning()).await.unwrap();
        let session = TerminalFact::SessionOpened {
            session: "9".to_owned(),
            skew_ms: None,
            serial: None,
            software: None,
        };
        let session = Fact::Terminal { terminal: terminal(), fact: session };
        let head = store.append(vec![Record::new(at(5), session)]).await.unwrap().head;
        store.close().await.unwrap();

        let (store, opened) = open_again(folder.path(), mode).unwrap();
        assert!(!opened.is_new && opened.restored.is_none());
        assert_eq!(opened.installation, InstallationId::of(&seed(500)));
        assert_eq!(opened.head, head);
        assert_eq!(opened.open_payments.len(), 1);
        assert_eq!(opened.open_payments[0].id(), operation(11).id);
        assert_eq!(opened.open_sales[0].tenders[&10], operation(10).id);
        assert_eq!(opened.sessions[&terminal()].open.as_deref(), Some("9"));
        assert_eq!(store.verify().await.unwrap().head, head);
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn replayed_is_lived() {
    let store = memory();
    let times = [100, 101, 102].map(|second| at(second) + jiff::SignedDuration::from_nanos(1_234));
    let facts = [intended(10), reserved(10), settled(10)];
    let records = facts.into_iter().zip(times).map(|(record, at)| Record { at, ..record });
    let records: Vec<_> = records.collect();
    store.append(records.clone()).await.unwrap();
    let mut lived = Payment::intended(operation(10), store::whole_micros(times[0]));
    for record in &records {
        let Fact::Payment { fact, .. } = &record.fact else { unreachable!() };
        lived = lived.evolve(fact, store::whole_micros(record.at));
    }
    let id = operation(10).id;
    let found = store.read(move |reader| reader.payment(id)).await.unwrap().unwrap();
    assert_eq!(found, lived);
    let told = store.read(move |reader| reader.payment_facts(id)).await.unwrap();
    assert_eq!(told.iter().map(|told| told.seq).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(told[2].fact, records[2].fact);
}

#[tokio::test]
async fn buffered_records_ride_with_the_next_append_in_order() {
    for mode in [Mode::Inline, Mode::Threaded] {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = open(folder.path(), mode);
        store.append(vec![intended(10)]).await.unwrap();
        store.buffer(vec![shown(10, "one")]);
        store.buffer(vec![shown(10, "two")]);
        let before = store.read(|reader| reader.head()).await.unwrap();
        let after = store.append(vec![reserved(10)]).await.unwrap().head;
        assert_eq!(after.seq, before.seq + 3);
        store.buffer(vec![shown(10, "three")]);
        assert_eq!(store.flush().await.unwrap().head.seq, after.seq + 1);
        assert_eq!(store.flush().await.unwrap().head.seq, after.seq + 1, "nothing left to flush");
        store.buffer(vec![shown(10, "four")]);
        assert_eq!(store.flush_aside().await.unwrap().head.seq, after.seq + 2);
        let id = operation(10).id;
        let told = store.read(move |reader| reader.payment_facts(id)).await.unwrap();
        let words: Vec<_> = told
            .iter()
            .filter_map(|told| match &told.fact {
                Fact::Payment { fact: PaymentFact::DisplayShown { text }, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(words, ["one", "two", "three", "four"]);
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_late_outcome_brings_a_settled_payment_back() {
    let store = memory();
    store.append(vec![intended(10), reserved(10), settled(10)]).await.unwrap();
    let unsettled = |store: Store| async move {
        store.read(|reader| reader.payments(day(), Show::Unsettled, 9)).await.unwrap().len()
    };
    assert_eq!(unsettled(store.clone()).await, 0);
    let outcome = Box::new(crate::samples::approval());
    store.append(vec![about(10, PaymentFact::AttentionRaised { outcome })]).await.unwrap();
    assert_eq!(unsettled(store.clone()).await, 1);
    assert!(store.read(|reader| reader.payments(day(), Show::Open, 9)).await.unwrap().is_empty());
    let end = domain::payment::AttentionEnd::Accepted;
    store.append(vec![about(10, PaymentFact::AttentionSettled { end })]).await.unwrap();
    assert_eq!(unsettled(store.clone()).await, 0);
    assert_eq!(store.read(|reader| reader.payments(day(), Show::All, 9)).await.unwrap().len(), 1);
    store.verify().await.unwrap();
}

#[tokio::test]
async fn an_unblocked_payment_is_told_while_it_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Inline);
    let operations = vec![operation(10).id, operation(11).id];
    let (person, name) = person();
    let fact =
        Fact::Unblocked { terminal: terminal(), operations, person: person.clone(), reason: "q".into() };
    let unblocked = Record { at: at(50), fact, texts: vec![(person.clone(), name.clone())] };
    store.append(vec![intended(10), intended(11), unblocked, settled(11)]).await.unwrap();
    let text = store.read(move |reader| reader.text(&person)).await.unwrap();
    assert_eq!(text, Some(name));
    store.close().await.unwrap();
    let (_, opened) = open_again(folder.path(), Mode::Inline).unwrap();
    assert_eq!(opened.unblocked.into_iter().collect::<Vec<_>>(), [operation(10).id]);
}

#[tokio::test]
async fn a_text_that_is_not_the_one_referenced_is_refused() {
    let store = memory();
    let mut record = receipt_record(20, 10, "one text");
    record.texts[0].1 = "another".to_owned();
    let error = store.append(vec![intended(10), record]).await.unwrap_err();
    assert!(matches!(error, StoreError::Contradiction { .. }));
    assert_eq!(store.read(|reader| reader.head()).await.unwrap().seq, 1);
}

#[tokio::test]
async fn an_erased_text_leaves_the_search_and_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Threaded);
    let secret = "Kvittorad Xylofon 4711,50";
    store
        .append(vec![intended(10), receipt_record(20, 10, secret), receipt_record(21, 10, "Xylofon")])
        .await
        .unwrap();
    let find = |store: Store| async move {
        let query = store::ReceiptQuery { day: None, words: "xylofon" };
        store.read(move |reader| reader.receipts(query, 9)).await.unwrap().len()
    };
    assert_eq!(find(store.clone()).await, 2);
    let id: TextId = receipt(20, 10, secret).text.id;
    assert_eq!(store.erase(vec![id]).await.unwrap(), 1);
    assert_eq!(store.erase(vec![id]).await.unwrap(), 0);
    assert_eq!(find(store.clone()).await, 1);
    let texts = store.read(|reader| reader.receipts_of(operation(10).id)).await.unwrap();
    assert_eq!(
        texts.iter().map(|found| found.text.as_deref()).collect::<Vec<_>>(),
        [None, Some("Xylofon")]
    );
    store.verify().await.unwrap();
    store.rebuild_views().await.unwrap();
    store.verify().await.unwrap();
    store.close().await.unwrap();
    let bytes = std::fs::read(folder.path().join("paydesk.sqlite")).unwrap();
    for word in [&b"4711"[..], b"Kvittorad", b"kvittorad"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word), "erased text is in the file");
    }
}

#[tokio::test]
async fn a_closed_store_says_so() {
    for mode in [Mode::Inline, Mode::Threaded] {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = open(folder.path(), mode);
        let other = store.clone();
        store.close().await.unwrap();
        assert_eq!(other.append(vec![intended(10)]).await, Err(StoreError::Closed));
        assert_eq!(other.read(|reader| reader.head()).await, Err(StoreError::Closed));
        other.buffer(vec![intended(10)]);
        other.idle().await;
    }
}

#[tokio::test]
async fn many_appends_at_once_keep_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path(), Mode::Threaded);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..400 {
        let store = store.clone();
        tasks.spawn(async move { store.append(vec![intended(number)]).await });
    }
    let heads: Vec<Head> = tasks.join_all().await.into_iter().map(|done| done.unwrap().head).collect();
    let mut seqs: Vec<_> = heads.iter().map(|head| head.seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (2..402).collect::<Vec<_>>());
    store.idle().await;
    store.verify().await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_sale_is_found_with_its_payments() {
    let store = memory();
    store.append(morning()).await.unwrap();
    let id = SaleId::of(&seed(1));
    let sale = store.read(move |reader| reader.sale(id)).await.unwrap().unwrap();
    assert_eq!((sale.revision, sale.tenders.len()), (1, 1));
    let payments = store.read(move |reader| reader.payments_of_sale(id)).await.unwrap();
    assert_eq!(payments.iter().map(Payment::id).collect::<Vec<_>>(), [operation(10).id, operation(11).id]);
}

/// R7 is asserted when a journal is opened, and when it is verified.
#[tokio::test]
async fn a_completed_sale_that_is_not_paid_is_found() {
    let sale = SaleId::of(&seed(1));
    let about = |fact| Record::new(at(1), Fact::Sale { sale, fact });
    let tendered = SaleFact::Tendered { slot: 10, operation: operation(10).id };
    let total = |minor| vec![about(SaleFact::Opened { total: money(minor) }), about(tendered.clone())];
    for (minor, paid) in [(operation(10).requested.minor, true), (operation(10).requested.minor + 1, false)]
    {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = open(folder.path(), Mode::Inline);
        store.append(total(minor)).await.unwrap();
        store.append(vec![intended(10), reserved(10), settled(10)]).await.unwrap();
        store.append(vec![about(SaleFact::Completed)]).await.unwrap();
        let is_found = |error: &StoreError| error.to_string().contains("its tenders do not sum");
        assert_eq!(store.verify().await.err().is_some_and(|error| is_found(&error)), !paid, "{minor}");
        store.crash().await.unwrap();
        let again = open_again(folder.path(), Mode::Inline);
        assert_eq!(again.err().is_some_and(|error| is_found(&error)), !paid, "{minor}");
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// Idle work stands in the middle, for as long as a slow disk likes, and an intent goes past it.
#[tokio::test]
async fn an_intent_does_not_wait_for_idle_work() {
    for soon in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = open(folder.path(), Mode::Threaded);
        for number in 100..200 {
            store.append(vec![intended(number)]).await.unwrap();
        }
        let size = || std::fs::metadata(folder.path().join("paydesk.sqlite")).unwrap().len();
        let before = size();
        store.idle().await;
        assert!(size() > before, "the log has moved into the database");
        store.append((200..300).map(intended).collect::<Vec<_>>()).await.unwrap();
        let (begun, go_on) = store.halt_next_upkeep();
        let idle = tokio::spawn({
            let store = store.clone();
            async move { if soon { store.idle_soon() } else { store.idle().await } }
        });
        tokio::task::spawn_blocking(move || begun.recv()).await.unwrap().expect("idle work has begun");
        let (said, written) = std::sync::mpsc::sync_channel(1);
        let beside = store.clone();
        std::thread::spawn(move || said.send(block_on(beside.append(vec![intended(10), reserved(10)]))));
        let limit = std::time::Duration::from_secs(60);
        let written = tokio::task::spawn_blocking(move || written.recv_timeout(limit)).await.unwrap();
        let head = written.expect("it does not wait for idle work").unwrap().head;
        assert!(idle.is_finished() == soon, "which still stands");
        go_on.send(()).unwrap();
        idle.await.unwrap();
        store.append(vec![settled(10)]).await.unwrap();
        assert_eq!(store.verify().await.unwrap().head.seq, head.seq + 1);
        store.close().await.unwrap();
        let (store, opened) = open_again(folder.path(), Mode::Threaded).unwrap();
        assert_eq!((opened.head.seq, opened.restored), (head.seq + 1, None));
        store.close().await.unwrap();
    }
}
