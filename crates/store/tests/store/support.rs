//! What the tests of the store share: openings, records, scenarios.

use crate::samples::{approval, at, closing, money, operation, receipt, seed};
use domain::ids::{Reference, SaleId};
use domain::journal::Fact;
use domain::operation::Step;
use domain::payment::PaymentFact;
use domain::sale::SaleFact;
use std::path::Path;
use store::{Day, Mode, Opened, Opening, Record, Store};

pub fn memory() -> Store {
    let opening = Opening { folder: None, till: "T1".to_owned(), mode: Mode::Inline };
    Store::open(opening, &seed(500)).unwrap().0
}

pub fn open(folder: &Path, mode: Mode) -> (Store, Opened) {
    let opening = Opening { folder: Some(folder), till: "T1".to_owned(), mode };
    Store::open(opening, &seed(500)).unwrap()
}

pub fn open_again(folder: &Path, mode: Mode) -> Result<(Store, Opened), store::StoreError> {
    let opening = Opening { folder: Some(folder), till: "T1".to_owned(), mode };
    Store::open(opening, &seed(501))
}

/// Every kind of home and mode.
pub fn memory_and_folders() -> Vec<(Option<tempfile::TempDir>, Mode)> {
    let folder = || Some(tempfile::tempdir().unwrap());
    vec![(None, Mode::Inline), (None, Mode::Threaded), (folder(), Mode::Inline), (folder(), Mode::Threaded)]
}

pub fn start(folder: Option<&tempfile::TempDir>, mode: Mode) -> Store {
    let opening = Opening { folder: folder.map(tempfile::TempDir::path), till: "T1".to_owned(), mode };
    Store::open(opening, &seed(500)).unwrap().0
}

/// All of the morning in which samples happen.
pub fn day() -> Day {
    Day { from: at(-1000), to: at(100_000) }
}

/// A fact about payment `number`.
pub fn about(number: u16, fact: PaymentFact) -> Record {
    Record::new(at(i64::from(number)), Fact::Payment { operation: operation(number).id, fact })
}

pub fn intended(number: u16) -> Record {
    about(number, PaymentFact::Intended { operation: Box::new(operation(number)) })
}

pub fn reserved(number: u16) -> Record {
    let reference = Reference(format!("R{number}"));
    about(number, PaymentFact::ReferenceReserved { reference, step: Step::First, session: None })
}

pub fn settled(number: u16) -> Record {
    about(number, PaymentFact::Settled { closing: closing(), outcome: Some(Box::new(approval())) })
}

pub fn shown(number: u16, text: &str) -> Record {
    about(number, PaymentFact::DisplayShown { text: text.to_owned() })
}

pub fn receipt_record(number: u16, payment: u16, text: &str) -> Record {
    let receipt = receipt(number, payment, text);
    let texts = vec![(receipt.text.clone(), text.to_owned())];
    Record { at: receipt.at, fact: Fact::ReceiptStored { receipt }, texts }
}

/// A sale with one approved payment and its receipt, a running payment, and a log-in.
pub fn morning() -> Vec<Record> {
    let sale = SaleId::of(&seed(1));
    let about_sale = |fact| Record::new(at(1), Fact::Sale { sale, fact });
    vec![
        Record::new(at(0), Fact::Started { version: "0.1.0".to_owned() }),
        about_sale(SaleFact::Opened { total: money(2500) }),
        about_sale(SaleFact::Tendered { slot: 10, operation: operation(10).id }),
        intended(10),
        reserved(10),
        shown(10, "Sätt i kort"),
        settled(10),
        receipt_record(20, 10, "Corner Shop\nTOTAL 13,50 SEK\nVisa"),
        intended(11),
        reserved(11),
    ]
}
