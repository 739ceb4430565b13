//! What older programs wrote is read as they meant it. The files are made by `examples/freeze.rs` and never
//! changed afterwards.

use crate::samples::{NAMES, RETAIL, name, samples};
use crate::support::open_again;
use domain::journal::Fact;
use std::fs;
use std::path::{Path, PathBuf};
use store::{Mode, Restored, Store, Sums};

fn frozen(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

#[test]
fn every_kind_and_version_is_read_as_it_was_meant() {
    let samples = samples();
    for wanted in NAMES.into_iter().chain(RETAIL) {
        let fact =
            samples.iter().find(|fact| name(fact) == wanted).unwrap_or_else(|| panic!("no {wanted}"));
        let file = frozen(&format!("facts/{wanted}.v1.json"));
        let body = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(Fact::decode(fact.kind(), 1, body.trim_end()).as_ref(), Ok(fact), "{wanted}");
        assert_eq!(Fact::decode(fact.kind(), Fact::VERSION, &fact.body()).as_ref(), Ok(fact), "{wanted}");
    }
    assert_eq!(Fact::VERSION, 1, "freeze a sample of every kind of the new version");
}

#[tokio::test]
async fn every_frozen_database_opens_with_equal_sums() {
    for schema in 1..=store::SCHEMA {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("paydesk.sqlite");
        fs::copy(frozen(&format!("schema-{schema}.sqlite")), copy).unwrap();
        let numbers = fs::read_to_string(frozen(&format!("schema-{schema}.json"))).unwrap();
        let numbers: serde_json::Value = serde_json::from_str(&numbers).unwrap();
        let (store, opened) = open_again(folder.path(), Mode::Inline).unwrap();
        assert_eq!(opened.restored, Some(Restored::HeadMissing));
        assert_eq!(opened.open_payments.len() as i64, numbers["open_payments"]);
        let sums = store.read(|reader| reader.sums()).await.unwrap();
        // Opening adds the entry of the new installation.
        let sums = Sums { entries: sums.entries - 1, ..sums };
        for (name, found) in rows(&sums) {
            assert_eq!(found, numbers[name], "{name}");
        }
        store.verify().await.unwrap();
        store.rebuild_views().await.unwrap();
        store.verify().await.unwrap();
        store.close().await.unwrap();
        Store::open_read_only(folder.path()).unwrap().unwrap().verify().unwrap();
    }
}

fn rows(sums: &Sums) -> [(&'static str, i64); 11] {
    [
        ("entries", sums.entries),
        ("texts", sums.texts),
        ("payments", sums.payments),
        ("requested", sums.requested),
        ("approved", sums.approved),
        ("tips", sums.tips),
        ("cash_back", sums.cash_back),
        ("sales", sums.sales),
        ("sale_totals", sums.sale_totals),
        ("receipts", sums.receipts),
        ("unclaimed", sums.unclaimed),
    ]
}
