//! Freezes what this program writes: one body per kind of fact, and one database of this schema with its
//! sums. Run it once for a new version or schema, from the workspace's root; a file that is there
//! is never changed.

#![allow(clippy::unwrap_used)]

#[path = "../tests/store/samples.rs"]
mod samples;

use domain::journal::Fact;
use domain::payment::PaymentFact;
use samples::{approval, at, closing, name, operation, person, receipt, samples, seed};
use std::error::Error;
use std::fs;
use std::path::Path;
use store::{Mode, Opening, Record, Store};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for fact in samples() {
        let file = folder.join("facts").join(format!("{}.v{}.json", name(&fact), Fact::VERSION));
        write_once(&file, format!("{}\n", fact.body()).as_bytes())?;
    }
    let database = folder.join(format!("schema-{}.sqlite", store::SCHEMA));
    if database.exists() {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (bytes, numbers) = runtime.block_on(a_day())?;
    write_once(&database, &bytes)?;
    write_once(&database.with_extension("json"), numbers.as_bytes())
}

fn write_once(file: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    if !file.exists() {
        fs::write(file, bytes)?;
        println!("froze {}", file.display());
    }
    Ok(())
}

/// A database with one fact of every kind and fifty payments; its sums.
async fn a_day() -> Result<(Vec<u8>, String), Box<dyn Error>> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/freeze");
    let _absent = fs::remove_dir_all(&place);
    fs::create_dir_all(&place)?;
    let opening = Opening { folder: Some(&place), till: "T1".to_owned(), mode: Mode::Inline };
    let (store, _) = Store::open(opening, &seed(1))?;
    let (reference, text) = person();
    let receipt_text = "Corner Shop\nTOTAL 13,50 SEK";
    for (second, fact) in (1..).zip(samples()) {
        let texts = match &fact {
            Fact::Unblocked { .. } | Fact::Staff { .. } | Fact::Paper { .. } => {
                vec![(reference.clone(), text.clone())]
            }
            Fact::ReceiptStored { receipt } => vec![(receipt.text.clone(), receipt_text.to_owned())],
            Fact::Installed { .. }
            | Fact::Started { .. }
            | Fact::Payment { .. }
            | Fact::Sale { .. }
            | Fact::Terminal { .. }
            | Fact::Acted { .. }
            | Fact::Shift { .. }
            | Fact::DayClosed { .. }
            | Fact::Unclaimed { .. } => Vec::new(),
        };
        store.append(vec![Record { at: at(second), fact, texts }]).await?;
    }
    for number in 100..150 {
        let about = |fact| {
            Record::new(at(i64::from(number)), Fact::Payment { operation: operation(number).id, fact })
        };
        let mut records = vec![about(PaymentFact::Intended { operation: Box::new(operation(number)) })];
        if number % 7 != 0 {
            let outcome = Some(Box::new(approval()));
            records.push(about(PaymentFact::Settled { closing: closing(), outcome }));
            let text = format!("Hörnbutiken\nKöp {number},00 SEK");
            let receipt = receipt(number, number, &text);
            let texts = vec![(receipt.text.clone(), text)];
            records.push(Record { at: receipt.at, fact: Fact::ReceiptStored { receipt }, texts });
        }
        store.append(records).await?;
    }
    let (sums, open) = store.read(|reader| Ok((reader.sums()?, reader.unsettled()?.len()))).await?;
    store.verify().await?;
    store.close().await?;
    let numbers = serde_json::json!({
        "entries": sums.entries, "texts": sums.texts, "payments": sums.payments,
        "requested": sums.requested, "approved": sums.approved, "tips": sums.tips,
        "cash_back": sums.cash_back, "sales": sums.sales, "sale_totals": sums.sale_totals,
        "receipts": sums.receipts, "unclaimed": sums.unclaimed, "open_payments": open,
    });
    let bytes = fs::read(place.join("paydesk.sqlite"))?;
    fs::remove_dir_all(&place)?;
    Ok((bytes, format!("{numbers:#}\n")))
}
