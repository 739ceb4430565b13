//! A durable intent: one append to the journal against the bare append of as many bytes and one sync.
//!
//! One sync is the floor: nothing may leave before the intent is on the disk.

use crate::limits::{self, Scale};
use crate::samples::Sample;
use crate::table::Row;
use crate::timing::{Round, Rounds};
use crate::{place, runtime};
use anyhow::Result;
use domain::ids::Seed;
use jiff::Timestamp;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Mode, Opening, Store};

/// The body of an intent as shops write it, with a label and ids.
const BODY_BYTES: usize = 600;

/// The row.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let place = place::on_disk()?;
    let (rounds, bytes) = runtime()?.block_on(measure(place.path(), scale))?;
    let what =
        format!("intent of {bytes} bytes appended to the journal, on disk; against a bare append and sync");
    Ok(vec![Row::of("intent", what, &rounds, limits::INTENT)])
}

async fn measure(place: &Path, scale: &Scale) -> Result<(Rounds, usize)> {
    let opening = Opening { folder: Some(place), till: "T1".to_owned(), mode: Mode::Threaded };
    let (store, _) = Store::open(opening, &Seed { at: Timestamp::now(), random: [7; 10] })?;
    let mut bare = File::create(place.join("bare"))?;
    let padding = BODY_BYTES.saturating_sub(Sample(0).intended(0)?.fact.body().len());
    let mut rounds = Rounds::default();
    let mut number = 0;
    for _ in 0..scale.rounds {
        let mut round = Round::default();
        let warm_up = scale.intents / limits::WARM_UP;
        for index in 0..warm_up + scale.intents {
            let sample = Sample(number);
            number += 1;
            let (append, sync) = one(&store, &mut bare, sample, padding, index % 2 == 0).await?;
            if index >= warm_up {
                round.measured.push(append);
                round.baseline.push(sync);
            }
            // The payment ends and the till has nothing to do for a while, as between two customers.
            let mut rest = sample.story()?;
            rest.remove(0);
            store.append(rest).await?;
            store.idle().await;
        }
        rounds.take(round);
    }
    store.close().await?;
    Ok((rounds, BODY_BYTES))
}

/// Both in turns, each as often first as second.
async fn one(
    store: &Store,
    bare: &mut File,
    sample: Sample,
    padding: usize,
    append_first: bool,
) -> Result<(Duration, Duration)> {
    let record = sample.intended(padding)?;
    let body = record.fact.body();
    let mut records = Some(vec![record]);
    let (mut append, mut sync) = (Duration::ZERO, Duration::ZERO);
    for is_append in [append_first, !append_first] {
        let start = Instant::now();
        if let Some(records) = records.take_if(|_| is_append) {
            store.append(records).await?;
            append = start.elapsed();
        } else {
            bare.write_all(body.as_bytes())?;
            bare.sync_data()?;
            sync = start.elapsed();
        }
    }
    Ok((append, sync))
}
