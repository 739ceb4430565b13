//! A sale that is written down and taken back, before any is made.
//!
//! A request must not leave before its outcome can be kept. Looking at every page of a big file would keep a
//! shop waiting at every start, so the till goes the way of the next sale instead: every table and index that
//! a sale, a refund, their receipts and an approval of nobody's append to, and the room they take. Nothing of
//! it is committed, so nothing reaches the disk. References come in no order, so all of their table is looked
//! at: whether every page is there by a start, every row before the first request.

use crate::core::{Core, insert, insert_texts};
use crate::intents::Entry;
use crate::views::Batch;
use crate::{Record, StoreError};
use domain::ids::{OperationId, PaperId, ReceiptId, ReferenceShape, SaleId, Seed, TerminalId, TextId};
use domain::journal::Fact;
use domain::money::{Currency, Money};
use domain::operation::{Kind, Method, Motive, Operation, Original, Step};
use domain::outcome::{Echo, Evidence, Outcome, Said};
use domain::paper::{Paper, PaperFact, PaperKind};
use domain::payment::{Closer, Closing, PaymentFact, Verdict};
use domain::receipt::{Copy, StoredReceipt, TextRef};
use domain::sale::SaleFact;
use domain::session::TerminalFact;
use rusqlite::Connection;

/// Longer than a page, as a receipt with a picture is: it takes pages from the free ones.
const TEXT: usize = 6_000;

/// Goes the way of a sale and takes everything back.
///
/// # Errors
/// A page on the way is damaged.
pub(crate) fn rehearse(core: &Core, seed: &Seed) -> Result<(), StoreError> {
    let connection = &core.connection;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let played = play(core, seed);
    let back = connection.execute_batch("ROLLBACK");
    played?;
    Ok(back?)
}

/// Whether every page of the table of references is one of it.
///
/// # Errors
/// A page of it is damaged.
pub(crate) fn references_are_there(connection: &Connection) -> Result<(), StoreError> {
    connection.query_row("SELECT count(*) FROM reference", [], |_| Ok(()))?;
    Ok(())
}

/// Whether the table of references is whole, row by row: a dozen times as long as [`references_are_there`].
///
/// # Errors
/// A page of it is damaged.
pub(crate) fn references_are_sound(connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection.query_row("PRAGMA quick_check(reference)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::damaged(crate::DATABASE, found)) }
}

fn play(core: &Core, seed: &Seed) -> Result<(), StoreError> {
    let connection = &core.connection;
    let Some(nothing) = Currency::all().next().map(|currency| Money::new(0, currency)) else {
        return Ok(());
    };
    let mut batch = Batch::new(connection, connection, &core.folds);
    let mut head = core.head;
    for record in records(seed, nothing) {
        insert_texts(connection, &record)?;
        let entry = Entry::of(&record, &core.till, head);
        insert(connection, &entry, &mut batch)?;
        head = entry.head();
    }
    batch.finish()?;
    // The search keeps new words in memory until they are asked for or committed.
    connection.execute_batch("SAVEPOINT words; RELEASE words")?;
    let searched = "SELECT count(*) FROM receipt_words WHERE receipt_words MATCH 'rehearsal'";
    connection.query_row(searched, [], |_| Ok(()))?;
    Ok(())
}

fn records(seed: &Seed, nothing: Money) -> Vec<Record> {
    let (sale, original) = (SaleId::of(seed), OperationId::of(seed));
    let back = OperationId::of(&later(seed));
    let text = format!("rehearsal {}", "0".repeat(TEXT));
    let text_id = TextId::of(seed);
    let paper = Paper {
        kind: PaperKind::Receipt,
        sale: Some(sale),
        operation: Some(original),
        number: Some(0),
        copy: false,
        practice: true,
        text: TextRef::of(text_id, &text),
    };
    let made = PaperFact::Made { paper: Box::new(paper), wanted: true };
    let unclaimed = Fact::Unclaimed { terminal: nowhere(), outcome: Box::new(outcome()) };
    let session = Fact::Terminal { terminal: nowhere(), fact: TerminalFact::SessionLost };
    let about_sale = |fact| Fact::Sale { sale, fact };
    let mut facts = vec![session, about_sale(SaleFact::Opened { total: nothing })];
    facts.push(about_sale(SaleFact::Tendered { slot: 0, operation: original }));
    facts.extend(payment(sold(seed, original, nothing)));
    facts.extend(payment(refunded(seed, back, (original, nothing))));
    facts.push(about_sale(SaleFact::Completed));
    facts.extend([unclaimed, Fact::Paper { paper: PaperId::of(seed), fact: made }]);
    let mut records: Vec<Record> = facts.into_iter().map(|fact| Record::new(seed.at, fact)).collect();
    let receipt = Fact::ReceiptStored { receipt: receipt(seed, original, &text) };
    records.push(Record::new(seed.at, receipt).with_text(text_id, text));
    records
}

fn nowhere() -> TerminalId {
    TerminalId("rehearsal".to_owned())
}

/// Another identity from the same moment.
fn later(seed: &Seed) -> Seed {
    let mut random = seed.random;
    random.reverse();
    Seed { random: random.map(|byte| !byte), ..*seed }
}

fn sold(seed: &Seed, id: OperationId, nothing: Money) -> Operation {
    Operation {
        id,
        kind: Kind::Sale,
        terminal: nowhere(),
        requested: nothing,
        cash_back: nothing,
        method: Method::Any,
        original: None,
        motive: None,
        sale: Some(SaleId::of(seed)),
        slot: 0,
        transaction: ReferenceShape::Digits(18).make(seed),
        label: None,
        intended_at: seed.at,
    }
}

fn refunded(seed: &Seed, id: OperationId, (original, nothing): (OperationId, Money)) -> Operation {
    let (kind, evidence) = (Kind::Sale, Evidence::default());
    let original = Original { operation: original, kind, approved: nothing, evidence };
    let (original, motive) = (Some(original), Some(Motive::Cashier));
    Operation { kind: Kind::Refund, original, motive, sale: None, ..sold(seed, id, nothing) }
}

fn payment(operation: Operation) -> [Fact; 3] {
    let id = operation.id;
    let reference = operation.transaction.clone();
    let closing = Closing {
        verdict: Verdict::Approved,
        by: Closer::Provider,
        reason: None,
        detail: None,
        late: false,
    };
    [
        PaymentFact::Intended { operation: Box::new(operation) },
        PaymentFact::ReferenceReserved { reference, step: Step::First, session: None },
        PaymentFact::Settled { closing, outcome: Some(Box::new(outcome())) },
    ]
    .map(|fact| Fact::Payment { operation: id, fact })
}

fn outcome() -> Outcome {
    let echo = Echo {
        reference: None,
        transaction: None,
        same_terminal: true,
        foreign_original: None,
        amount_implied: false,
    };
    Outcome::bare(Said::Approved, echo)
}

fn receipt(seed: &Seed, operation: OperationId, text: &str) -> StoredReceipt {
    StoredReceipt {
        id: ReceiptId::of(seed),
        operation,
        copy: Copy::Customer,
        to_sign: false,
        practice: true,
        at: seed.at,
        text: TextRef::of(TextId::of(seed), text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Core, records};
    use crate::open::open_looking_at;
    use domain::ids::Seed;
    use domain::money::{Currency, Money};
    use jiff::Timestamp;
    use std::path::Path;

    const PAGE: usize = 4096;

    fn seed(number: u16) -> Seed {
        let at = Timestamp::from_second(1_750_000_000 + i64::from(number)).unwrap();
        let [high, low] = number.to_be_bytes();
        Seed { at, random: [high, low, 3, 4, 5, 6, 7, 8, high, low] }
    }

    /// As a file is opened that is too big to look at every page.
    fn open(folder: &Path, number: u16) -> Result<Core, crate::StoreError> {
        open_looking_at(folder, "T1".to_owned(), &seed(number), 0).map(|(core, _)| core)
    }

    fn sell(core: &mut Core, number: u16) -> Result<(), crate::StoreError> {
        let nothing = Money::new(0, Currency::parse("SEK").unwrap());
        core.append(&records(&seed(number), nothing)).map(|_| ())
    }

    /// Whichever page of a big file is lost: a start says so and leaves everything as it is, or what a sale
    /// appends can be kept.
    #[test]
    fn a_lost_page_of_a_big_file_is_found_before_a_sale_needs_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut core = open(folder.path(), 1).unwrap();
        (2..70).for_each(|number| sell(&mut core, number).unwrap());
        core.close().unwrap();
        let path = folder.path().join(crate::DATABASE);
        let whole = std::fs::read(&path).unwrap();
        let (mut refused, mut sold) = (0, 0);
        for page in 1..whole.len() / PAGE {
            let mut damaged = whole.clone();
            damaged[page * PAGE..(page + 1) * PAGE].fill(0);
            std::fs::write(&path, &damaged).unwrap();
            match open(folder.path(), 200) {
                Err(_) => {
                    assert_eq!(std::fs::read(&path).unwrap(), damaged, "page {page}: kept as it is");
                    refused += 1;
                }
                Ok(mut core) => {
                    sell(&mut core, 201).unwrap_or_else(|error| panic!("page {page}: {error}"));
                    drop(core);
                    sold += 1;
                }
            }
            for left in ["-wal", "-shm"] {
                drop(std::fs::remove_file(folder.path().join(format!("{}{left}", crate::DATABASE))));
            }
        }
        assert!(refused >= 40 && sold >= 100, "{refused} refused, {sold} sold");
    }

    /// A row that cannot be read is no page that is missing: a start does not see it. The till's rest does,
    /// and the first intent, before its request may leave.
    #[test]
    fn a_damaged_row_among_the_references_is_found_before_a_request() {
        let folder = tempfile::tempdir().unwrap();
        let mut core = open(folder.path(), 1).unwrap();
        (2..90).for_each(|number| sell(&mut core, number).unwrap());
        core.close().unwrap();
        let path = folder.path().join(crate::DATABASE);
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'reference'";
        let root: u32 =
            rusqlite::Connection::open(&path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        // The root's last child is a leaf; where its first row begins is 8 bytes into it.
        let root = root as usize;
        let last: [u8; 4] = bytes[(root - 1) * PAGE + 8..][..4].try_into().unwrap();
        let leaf = (u32::from_be_bytes(last) as usize - 1) * PAGE;
        assert_eq!((bytes[(root - 1) * PAGE], bytes[leaf]), (2, 10), "of an index: a branch, a leaf");
        bytes[leaf + 8..leaf + 10].fill(0xff);
        std::fs::write(&path, &bytes).unwrap();
        let mut core = open(folder.path(), 200).unwrap();
        let due = core.upkeep(crate::upkeep::Occasion::Idle).unwrap();
        core.note(&due.carry_out());
        let before = core.head;
        assert!(matches!(sell(&mut core, 201), Err(crate::StoreError::Damaged { .. })));
        assert_eq!(core.head, before, "nothing is written down, so nothing is sent");
    }

    /// What was looked at once is not looked at again.
    #[test]
    fn references_are_read_when_the_till_rests() {
        let folder = tempfile::tempdir().unwrap();
        let mut core = open(folder.path(), 1).unwrap();
        assert!(core.references_unread);
        let due = core.upkeep(crate::upkeep::Occasion::Idle).unwrap();
        core.note(&due.carry_out());
        assert!(!core.references_unread);
    }
}
