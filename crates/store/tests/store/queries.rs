//! Queries: newest first, bounded, by index; the search.

use crate::samples::{at, operation, receipt, refund, terminal};
use crate::support::{about, day, intended, memory, receipt_record, reserved, settled, shown};
use domain::journal::Fact;
use domain::operation::{Kind, Operation};
use domain::payment::PaymentFact;
use domain::receipt::StoredReceipt;
use store::{Day, PaymentLine, ReceiptQuery, Record, Show, Store};

async fn payments(store: &Store, day: Day, show: Show, limit: usize) -> Vec<PaymentLine> {
    store.read(move |reader| reader.payments(day, show, limit)).await.unwrap()
}

#[tokio::test]
async fn a_days_payments_come_newest_first() {
    let store = memory();
    for number in 0..60 {
        store.append(vec![intended(number), reserved(number)]).await.unwrap();
        if number % 3 != 0 {
            store.append(vec![settled(number)]).await.unwrap();
        }
    }
    let ids = |lines: &[PaymentLine]| lines.iter().map(|line| line.id).collect::<Vec<_>>();
    let wanted =
        |numbers: &mut dyn Iterator<Item = u16>| numbers.map(|n| operation(n).id).collect::<Vec<_>>();
    let newest = payments(&store, day(), Show::All, 50).await;
    assert_eq!(ids(&newest), wanted(&mut (10..60).rev()));
    let part = Day { from: at(5), to: at(9) };
    assert_eq!(ids(&payments(&store, part, Show::All, 50).await), wanted(&mut (5..9).rev()));
    let open = payments(&store, part, Show::Open, 50).await;
    assert_eq!(ids(&open), wanted(&mut [6].into_iter()));
    assert_eq!(
        (open[0].state.as_str(), open[0].outcome.as_str(), open[0].open),
        ("running", "unknown", true)
    );
    let line = &payments(&store, Day { from: at(7), to: at(8) }, Show::All, 1).await[0];
    assert_eq!((line.state.as_str(), line.outcome.as_str(), line.open), ("closed", "approved", false));
    assert_eq!((line.requested.minor, line.approved.minor, line.tip.minor), (1250, 1350, 100));
    assert_eq!((line.kind, &line.terminal, line.at), (Kind::Sale, &terminal(), at(7)));
    let totals = store.read(|reader| reader.totals(day())).await.unwrap();
    let rows: Vec<_> = totals.iter().map(|t| (t.outcome.as_str(), t.count, t.approved.minor)).collect();
    assert_eq!(rows, [("approved", 40, 40 * 1350), ("unknown", 20, 0)]);
}

#[tokio::test]
async fn equal_times_and_a_clock_that_went_back_keep_their_order() {
    let store = memory();
    // The number of each payment and receipt in the order of the journal, and when it was.
    let times = [(10, 100), (11, 100), (12, 40), (13, 100), (14, 40), (15, 101)];
    for (number, second) in times {
        let operation = Operation { intended_at: at(second), ..operation(number) };
        let intended = about(number, PaymentFact::Intended { operation: Box::new(operation) });
        let receipt = StoredReceipt { at: at(second), ..receipt(number + 50, number, "a") };
        let texts = vec![(receipt.text.clone(), "a".to_owned())];
        let stored = Record { at: at(second), fact: Fact::ReceiptStored { receipt }, texts };
        // One is open, and lies elsewhere than the settled ones.
        let end = if number == 13 { vec![] } else { vec![settled(number)] };
        store.append([vec![intended], end, vec![stored]].concat()).await.unwrap();
    }
    let wanted = [15, 13, 11, 10, 14, 12];
    let found = payments(&store, day(), Show::All, 9).await;
    assert_eq!(found.iter().map(|line| line.id).collect::<Vec<_>>(), wanted.map(|n| operation(n).id));
    let found = payments(&store, day(), Show::All, 3).await;
    assert_eq!(found.iter().map(|line| line.id).collect::<Vec<_>>(), [15, 13, 11].map(|n| operation(n).id));
    let query = ReceiptQuery { day: Some(day()), words: "" };
    let found = store.read(move |reader| reader.receipts(query, 9)).await.unwrap();
    let found: Vec<_> = found.iter().map(|found| found.operation).collect();
    assert_eq!(found, wanted.map(|n| operation(n).id));
    store.verify().await.unwrap();
}

#[tokio::test]
async fn references_find_their_owner_open_or_settled() {
    let store = memory();
    store.append(vec![intended(10), reserved(10), intended(11), reserved(11), settled(11)]).await.unwrap();
    for number in [10, 11] {
        for reference in [format!("R{number}"), operation(number).transaction.0] {
            let found = store.read(move |reader| reader.owners(&reference)).await.unwrap();
            assert_eq!(found, [operation(number).id]);
        }
    }
    assert!(store.read(|reader| reader.owners("R12")).await.unwrap().is_empty());
}

#[tokio::test]
async fn money_back_is_found_by_its_original() {
    let store = memory();
    let back = |number| {
        let operation = refund(number, 10);
        about(number, PaymentFact::Intended { operation: Box::new(operation) })
    };
    store.append(vec![intended(10), settled(10), back(11), back(12), settled(12)]).await.unwrap();
    let found = store.read(|reader| reader.against(operation(10).id)).await.unwrap();
    assert_eq!(
        found.iter().map(|payment| payment.id()).collect::<Vec<_>>(),
        [11, 12].map(|n| operation(n).id)
    );
    // The time line of the original does not show facts that only name it.
    let told = store.read(|reader| reader.payment_facts(operation(10).id)).await.unwrap();
    assert_eq!(told.len(), 2);
}

#[tokio::test]
async fn unclaimed_payments_are_listed_by_day() {
    let store = memory();
    let unclaimed = |second| {
        let outcome = Box::new(crate::samples::approval());
        Record::new(at(second), Fact::Unclaimed { terminal: terminal(), outcome })
    };
    store.append(vec![unclaimed(5), unclaimed(6), unclaimed(900)]).await.unwrap();
    let found = store.read(|reader| reader.unclaimed(Day { from: at(0), to: at(100) }, 9)).await.unwrap();
    assert_eq!(found.iter().map(|found| found.at).collect::<Vec<_>>(), [at(6), at(5)]);
    assert_eq!(found[0].outcome, crate::samples::approval());
}

#[tokio::test]
async fn receipts_are_found_by_id_payment_and_day() {
    let store = memory();
    let texts = ["KUND\nTOTAL 13,50", "BUTIK\nTOTAL 13,50", "other"];
    let mut records = vec![intended(10), intended(11)];
    records.push(receipt_record(20, 10, texts[0]));
    records.push(receipt_record(21, 10, texts[1]));
    records.push(receipt_record(22, 11, texts[2]));
    store.append(records).await.unwrap();
    let both = store.read(|reader| reader.receipts_of(operation(10).id)).await.unwrap();
    assert_eq!(
        both.iter().map(|found| found.text.as_deref()).collect::<Vec<_>>(),
        [Some(texts[0]), Some(texts[1])]
    );
    let id = receipt(21, 10, texts[1]).id;
    let one = store.read(move |reader| reader.receipt(id)).await.unwrap().unwrap();
    assert_eq!(one.receipt, receipt(21, 10, texts[1]));
    let query = ReceiptQuery { day: Some(Day { from: at(21), to: at(23) }), words: "" };
    let found = store.read(move |reader| reader.receipts(query, 9)).await.unwrap();
    assert_eq!(found.iter().map(|found| found.at).collect::<Vec<_>>(), [at(22), at(21)]);
    let found = store.read(move |reader| reader.with_texts(found)).await.unwrap();
    let texts_found: Vec<_> = found.iter().map(|found| found.text.as_deref()).collect();
    assert_eq!(texts_found, [Some(texts[2]), Some(texts[1])]);
}

/// A store with receipts 20, 21 and 22.
async fn three_receipts() -> Store {
    let store = memory();
    let texts = [
        "Corner Shop\nKöp 12,50 SEK\nÅsa Ängström",
        "Corner Shop\nRetur 7,00 SEK\nCafé \"Noir\" AND more",
        "Hörnbutiken\nKöp 99,00 SEK\nNEAR the sea* (x)",
    ];
    let mut records = vec![intended(10)];
    records.extend((20..).zip(texts).map(|(number, text)| receipt_record(number, 10, text)));
    store.append(records).await.unwrap();
    store
}

async fn assert_searches(store: &Store, cases: &[(&str, &[u16])]) {
    for (words, wanted) in cases {
        let words = (*words).to_owned();
        let shown = words.clone();
        let found = store
            .read(move |reader| reader.receipts(ReceiptQuery { day: None, words: &words }, 9))
            .await
            .unwrap_or_else(|error| panic!("{shown:?}: {error}"));
        let found: Vec<_> = found.iter().map(|found| found.at).collect();
        let wanted: Vec<_> = wanted.iter().map(|number| at(i64::from(*number))).collect();
        assert_eq!(found, wanted, "{shown:?}");
    }
}

#[tokio::test]
async fn search_finds_what_people_type() {
    let store = three_receipts().await;
    let cases: &[(&str, &[u16])] = &[
        ("", &[22, 21, 20]),
        ("   ", &[22, 21, 20]),
        ("\"", &[22, 21, 20]),
        ("köp", &[22, 20]),
        ("KÖP", &[22, 20]),
        ("kop", &[22, 20]),
        ("kö", &[22, 20]),
        ("kö ", &[]),
        ("åsa äng", &[20]),
        ("äng åsa", &[]),
        ("ängström åsa", &[20]),
        ("café", &[21]),
        ("cafe", &[21]),
        ("hörn", &[22]),
        ("corner shop", &[21, 20]),
        ("corner 12,50", &[20]),
        ("12.5", &[20]),
        ("\"noir\"", &[21]),
        ("noir\"", &[21]),
        ("AND", &[21]),
        ("AND more", &[21]),
        ("NEAR", &[22]),
        ("NEAR(the", &[22]),
        ("sea*", &[22]),
        ("*", &[22, 21, 20]),
        ("(x)", &[22]),
        ("text:köp", &[]),
        ("-köp", &[22, 20]),
        ("^köp", &[22, 20]),
        ("köp OR retur", &[]),
        ("a\0b", &[]),
        ("💳", &[22, 21, 20]),
        ("nothing", &[]),
        ("'; DROP TABLE entry", &[]),
        ("+", &[22, 21, 20]),
        ("{köp}", &[22, 20]),
    ];
    assert_searches(&store, cases).await;
    let query = ReceiptQuery { day: Some(Day { from: at(20), to: at(22) }), words: "köp" };
    assert_eq!(store.read(move |reader| reader.receipts(query, 9)).await.unwrap().len(), 1);
    let query = ReceiptQuery { day: None, words: "köp" };
    assert_eq!(store.read(move |reader| reader.receipts(query, 1)).await.unwrap().len(), 1, "newest only");
}

#[tokio::test]
async fn an_amount_is_found_as_it_is_typed() {
    let store = three_receipts().await;
    let cases: &[(&str, &[u16])] = &[
        ("12,50", &[20]),
        ("12.50 ", &[20]),
        ("-12,50:-", &[20]),
        ("köp 99,00", &[22]),
        ("99,00 kö", &[22]),
        ("12,5", &[20]),
        ("12,50 99,00", &[]),
        ("2,50", &[]),
        ("12,505", &[]),
        ("1250", &[]),
        ("00", &[22, 21]),
    ];
    assert_searches(&store, cases).await;
    store.rebuild_views().await.unwrap();
    assert_searches(&store, cases).await;
    store.verify().await.unwrap();
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn an_erased_text_leaves_no_word(text in "[0-9,. kr\n\u{e000}]{0,30}|\\PC{0,30}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = memory();
            store.append(vec![intended(10), receipt_record(20, 10, &text)]).await.unwrap();
            store.erase(vec![receipt(20, 10, &text).text.id]).await.unwrap();
            store.verify().await.unwrap();
        });
    }

    #[test]
    fn no_search_is_an_error(words in "(\\PC|[\"*():^+{}'-]|AND|OR|NOT|NEAR|[åäö \\x00-\\x1f]){0,12}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = memory();
            store.append(vec![intended(10), receipt_record(20, 10, &words), shown(10, "x")]).await.unwrap();
            let typed = words.clone();
            let query = move |reader: &store::Reader<'_>| {
                reader.receipts(ReceiptQuery { day: None, words: &typed }, 9)
            };
            store.read(query).await.unwrap();
        });
    }
}

#[tokio::test]
async fn lists_use_their_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = crate::support::open(folder.path(), store::Mode::Inline);
    store.close().await.unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("paydesk.sqlite")).unwrap();
    let plan = |sql: &str| {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    };
    for table in ["payment_settled", "receipt"] {
        let day = plan(&format!(
            "SELECT * FROM {table} WHERE at >= 1 AND at < 2 ORDER BY at DESC, number DESC LIMIT 50"
        ));
        assert_eq!(day, format!("SEARCH {table} USING PRIMARY KEY (at>? AND at<?)"));
    }
    for column in ["original", "sale"] {
        let folded = plan(&format!(
            "SELECT folded FROM payment_settled JOIN payment_folded USING (number) WHERE {column} = 'x'"
        ));
        let index = format!("payment_settled USING COVERING INDEX payment_settled_{column}");
        assert!(folded.contains(&index), "{folded}");
        assert!(folded.contains("payment_folded USING INTEGER PRIMARY KEY"), "{folded}");
    }
    let search = plan(
        "SELECT receipt.id FROM receipt_words CROSS JOIN receipt ON receipt.number = receipt_words.rowid
            WHERE receipt_words MATCH 'a' ORDER BY receipt_words.rowid DESC LIMIT 9",
    );
    assert!(search.contains("SEARCH receipt USING INDEX"), "{search}");
    assert!(!search.contains("TEMP B-TREE"), "{search}");
}
