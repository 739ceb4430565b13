//! Lists and search in a big store, against looking up one payment or receipt by its id.
//!
//! Days, ids and words are drawn anew each time, so neither side lives off pages that the other one read; the
//! whole file is read once before, so that neither side waits for the disk. Only the query itself is timed;
//! what it costs to get at a reader is the same for all of them.

use crate::archive::Archive;
use crate::limits::{self, Scale};
use crate::samples::{Sample, day};
use crate::table::{Row, Target};
use crate::timing::{Round, Rounds, timed};
use acceptance::rng::Rng;
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::time::{Duration, Instant};
use store::{Reader, ReceiptQuery, Show, Store, StoreError};

/// One kind of query.
struct Case {
    id: &'static str,
    what: &'static str,
    target: Target,
    /// Prepares a query and runs it; tells how many rows it gave and how long it took.
    run: fn(&Reader<'_>, &Archive, &mut Rng) -> Result<(usize, Duration)>,
    /// The same for one row by its id.
    floor: fn(&Reader<'_>, &Archive, &mut Rng) -> Result<(usize, Duration)>,
    /// Rows that each query must give.
    rows: usize,
}

const CASES: &[Case] = &[
    Case {
        id: "day, payments",
        what: "newest 50 payments of a day; against one payment by id",
        target: limits::DAY,
        run: payments_of_a_day,
        floor: payment_by_id,
        rows: limits::LIST,
    },
    Case {
        id: "day, receipts",
        what: "newest 50 receipts of a day; against one receipt by id",
        target: limits::DAY,
        run: receipts_of_a_day,
        floor: receipt_by_id,
        rows: limits::LIST,
    },
    Case {
        id: "day, texts",
        what: "newest 50 receipts of a day with their texts; against one receipt by id",
        target: Target::NONE,
        run: texts_of_a_day,
        floor: receipt_by_id,
        rows: limits::LIST,
    },
    Case {
        id: "search, common",
        what: "newest 50 with a word that all have: approved; against one receipt by id",
        target: limits::SEARCH,
        run: |reader, _, _| search(reader, "approved"),
        floor: receipt_by_id,
        rows: limits::LIST,
    },
    Case {
        id: "search, rare",
        what: "one payment's reference number; against one receipt by id",
        target: limits::SEARCH,
        run: |reader, archive, rng| search(reader, &any(archive, rng).retrieval()),
        floor: receipt_by_id,
        rows: 2,
    },
    Case {
        id: "search, prefix",
        what: "newest 50 with a beginning: mas (Mastercard, a third); against one receipt by id",
        target: limits::SEARCH,
        run: |reader, _, _| search(reader, "mas"),
        floor: receipt_by_id,
        rows: limits::LIST,
    },
    Case {
        id: "search, two words",
        what: "newest 50 with two words: visa contactless; against one receipt by id",
        target: limits::SEARCH,
        run: |reader, _, _| search(reader, "visa contactless"),
        floor: receipt_by_id,
        rows: limits::LIST,
    },
    Case {
        id: "search, amount",
        what: "newest with an amount as printed, whole word; against one receipt by id",
        target: limits::SEARCH,
        run: |reader, archive, rng| {
            let minor = any(archive, rng).minor();
            search(reader, &format!("{},{:02} ", minor / 100, minor % 100))
        },
        floor: receipt_by_id,
        rows: 2,
    },
];

/// One row per kind.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let archive = Archive::of(scale)?;
    std::io::copy(&mut File::open(archive.folder.join("paydesk.sqlite"))?, &mut std::io::sink())?;
    let store = Store::open_read_only(&archive.folder)?.context("the archive has no journal")?;
    let measured = store.read(|reader| Ok(measure(reader, &archive, scale)))??;
    let receipts = archive.payments * 2;
    let rows = CASES.iter().zip(measured).map(|(case, rounds)| {
        Row::of(case.id, format!("of {receipts} receipts: {}", case.what), &rounds, case.target)
    });
    Ok(rows.collect())
}

fn measure(reader: &Reader<'_>, archive: &Archive, scale: &Scale) -> Result<Vec<Rounds>> {
    let mut rng = Rng::new(1);
    let mut all: Vec<Rounds> = CASES.iter().map(|_| Rounds::default()).collect();
    for _ in 0..scale.rounds {
        for (case, rounds) in CASES.iter().zip(&mut all) {
            let round = one_round(case, reader, archive, &mut rng, scale);
            rounds.take(round.with_context(|| case.id)?);
        }
    }
    Ok(all)
}

fn one_round(
    case: &Case,
    reader: &Reader<'_>,
    archive: &Archive,
    rng: &mut Rng,
    scale: &Scale,
) -> Result<Round> {
    let mut round = Round::default();
    let warm_up = scale.lookups / limits::WARM_UP;
    let start = Instant::now();
    for index in 0..warm_up + scale.lookups {
        let (rows, measured) = (case.run)(reader, archive, rng)?;
        ensure!(rows >= case.rows, "{rows} rows, not {}", case.rows);
        let (_, baseline) = (case.floor)(reader, archive, rng)?;
        if index >= warm_up.min(1) {
            round.measured.push(measured);
            round.baseline.push(baseline);
        }
        if start.elapsed() > limits::LOOKUP_TIME && index > limits::LOOKUPS_LEAST {
            break;
        }
    }
    Ok(round)
}

fn any(archive: &Archive, rng: &mut Rng) -> Sample {
    Sample(rng.below(archive.payments))
}

/// The number of rows, and the time.
fn counted<T>(query: impl FnOnce() -> Result<Vec<T>, StoreError>) -> Result<(usize, Duration)> {
    let (rows, took) = timed(query);
    Ok((rows?.len(), took))
}

fn payments_of_a_day(reader: &Reader<'_>, archive: &Archive, rng: &mut Rng) -> Result<(usize, Duration)> {
    let day = day(rng.below(archive.payments / limits::PAYMENTS_A_DAY))?;
    counted(|| reader.payments(day, Show::All, limits::LIST))
}

fn receipts_of_a_day(reader: &Reader<'_>, archive: &Archive, rng: &mut Rng) -> Result<(usize, Duration)> {
    let day = Some(day(rng.below(archive.payments / limits::PAYMENTS_A_DAY))?);
    counted(|| reader.receipts(ReceiptQuery { day, words: "" }, limits::LIST))
}

fn texts_of_a_day(reader: &Reader<'_>, archive: &Archive, rng: &mut Rng) -> Result<(usize, Duration)> {
    let day = Some(day(rng.below(archive.payments / limits::PAYMENTS_A_DAY))?);
    counted(|| reader.with_texts(reader.receipts(ReceiptQuery { day, words: "" }, limits::LIST)?))
}

fn search(reader: &Reader<'_>, words: &str) -> Result<(usize, Duration)> {
    counted(|| reader.receipts(ReceiptQuery { day: None, words }, limits::LIST))
}

fn payment_by_id(reader: &Reader<'_>, archive: &Archive, rng: &mut Rng) -> Result<(usize, Duration)> {
    let id = any(archive, rng).id()?;
    let (found, took) = timed(|| reader.payment(id));
    ensure!(found?.is_some(), "a payment is missing");
    Ok((1, took))
}

fn receipt_by_id(reader: &Reader<'_>, archive: &Archive, rng: &mut Rng) -> Result<(usize, Duration)> {
    let copy = u8::try_from(rng.below(2))?;
    let id = any(archive, rng).receipt_id(copy)?;
    let (found, took) = timed(|| reader.receipt(id));
    ensure!(found?.is_some(), "a receipt is missing");
    Ok((1, took))
}
