//! A durable intent: one append to the journal against the bare append of as many bytes and one sync.
//!
//! One sync is the floor: nothing may leave before the intent is on the disk. How much of the rest is
//! SQLite's own shows beside it: the same bytes inserted into one table, and nothing else.

use crate::limits::{self, Scale};
use crate::samples::Sample;
use crate::table::{Row, Target};
use crate::timing::{Round, Rounds};
use crate::{place, runtime};
use anyhow::{Result, ensure};
use domain::ids::Seed;
use jiff::Timestamp;
use rusqlite::Connection;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Mode, Opening, Store};

/// The body of an intent as shops write it, with a label and ids.
const BODY_BYTES: usize = 600;
/// Payments between two checkpoints of the bare table: as often as the journal has them.
const CHECKPOINT: usize = 13;

/// The rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let place = place::on_disk()?;
    let (intents, inserts) = runtime()?.block_on(measure(place.path(), scale))?;
    let what = format!(
        "intent of {BODY_BYTES} bytes appended to the journal, on disk; against a bare append and sync"
    );
    let floor =
        "the same bytes inserted into one SQLite table with its log synced, on disk; against the same";
    Ok(vec![
        Row::of("intent", what, &intents, limits::INTENT),
        Row::of("intent, floor", floor, &inserts, Target::NONE),
    ])
}

/// The ways to write one intent down.
struct Ways {
    store: Store,
    table: Connection,
    bare: File,
}

async fn measure(place: &Path, scale: &Scale) -> Result<(Rounds, Rounds)> {
    let opening = Opening { folder: Some(place), till: "T1".to_owned(), mode: Mode::Threaded };
    let (store, _) = Store::open(opening, &Seed { at: Timestamp::now(), random: [7; 10] })?;
    let mut ways = Ways { store, table: one_table(place)?, bare: File::create(place.join("bare"))? };
    let padding = BODY_BYTES.saturating_sub(Sample(0).intended(0)?.fact.body().len());
    let (mut intents, mut inserts) = (Rounds::default(), Rounds::default());
    let mut number = 0;
    for _ in 0..scale.rounds {
        place::settle(place)?;
        let (mut intent, mut insert) = (Round::default(), Round::default());
        let warm_up = scale.intents / limits::WARM_UP;
        for index in 0..warm_up + scale.intents {
            let sample = Sample(number);
            number += 1;
            let [append, inserted, bare] = ways.one(sample, padding, index).await?;
            if index >= warm_up {
                intent.measured.push(append);
                intent.baseline.push(bare);
                insert.measured.push(inserted);
                insert.baseline.push(bare);
            }
            // The payment ends and the till has nothing to do for a while, as between two customers.
            let mut rest = sample.story()?;
            rest.remove(0);
            ways.store.append(rest).await?;
            ways.store.idle().await;
            if index % CHECKPOINT == 0 {
                ways.table.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
                // The log begins anew with a sync of its own, which nobody waits for.
                ways.insert("")?;
            }
        }
        intents.take(intent);
        inserts.take(insert);
    }
    ways.store.close().await?;
    Ok((intents, inserts))
}

/// A database as the journal's is, with one table.
fn one_table(place: &Path) -> Result<Connection> {
    let table = Connection::open(place.join("table.sqlite"))?;
    let mode: String = table.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    ensure!(mode == "wal", "the file system allows no write-ahead log");
    table.pragma_update(None, "synchronous", "FULL")?;
    table.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(()))?;
    table.execute_batch("CREATE TABLE entry (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)")?;
    Ok(table)
}

impl Ways {
    /// Every way once, in turns: the journal, the one table, the bare file.
    async fn one(&mut self, sample: Sample, padding: usize, turn: usize) -> Result<[Duration; 3]> {
        let record = sample.intended(padding)?;
        let body = record.fact.body();
        let mut records = Some(vec![record]);
        let mut times = [Duration::ZERO; 3];
        for way in (0..times.len()).map(|place| (place + turn) % 3) {
            let start = Instant::now();
            match (way, records.take_if(|_| way == 0)) {
                (_, Some(records)) => {
                    self.store.append(records).await?;
                }
                (1, None) => self.insert(&body)?,
                (_, None) => {
                    self.bare.write_all(body.as_bytes())?;
                    self.bare.sync_data()?;
                }
            }
            times.iter_mut().skip(way).take(1).for_each(|time| *time = start.elapsed());
        }
        Ok(times)
    }

    fn insert(&self, body: &str) -> Result<()> {
        for (sql, body) in [
            ("BEGIN IMMEDIATE", None),
            ("INSERT INTO entry (body) VALUES (?1)", Some(body)),
            ("COMMIT", None),
        ] {
            self.table.prepare_cached(sql)?.execute(rusqlite::params_from_iter(body))?;
        }
        Ok(())
    }
}
