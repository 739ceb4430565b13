//! A big store: half a million payments with both receipts, written by the store itself.
//!
//! Filling it takes minutes, so the folder stays in the build's target folder and is used again by the next
//! run; a mark that is written last says what is in it.

use crate::desk::settings;
use crate::limits::{self, Scale};
use crate::place;
use crate::samples::Sample;
use anyhow::{Result, ensure};
use domain::ids::Seed;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::{Mode, Opening, Record, Store};

/// Counts up when other samples are written, or the same ones otherwise.
const FORMAT: u32 = 2;

/// A filled folder.
pub struct Archive {
    /// The data folder, with settings of a till in the light form.
    pub folder: PathBuf,
    /// Payments in it.
    pub payments: u64,
}

impl Archive {
    /// Of this scale, filled now unless it is there already.
    pub fn of(scale: &Scale) -> Result<Self> {
        let payments = scale.archived;
        let folder = place::target()?.join(format!("bench-store-{payments}"));
        let mark = folder.join("filled");
        let wanted = format!("format {FORMAT}, payments {payments}\n");
        if std::fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
            return Ok(Self { folder, payments });
        }
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
        std::fs::write(folder.join(till::settings::FILE), settings(nobody, "light"))?;
        tokio::runtime::Builder::new_current_thread().build()?.block_on(fill(&folder, payments))?;
        std::fs::write(mark, wanted)?;
        Ok(Self { folder, payments })
    }
}

async fn fill(folder: &Path, payments: u64) -> Result<()> {
    let opening = Opening { folder: Some(folder), till: "T1".to_owned(), mode: Mode::Inline };
    let (store, _) = Store::open(opening, &Seed { at: Timestamp::now(), random: [7; 10] })?;
    let mut first = 0;
    while first < payments {
        let last = payments.min(first + limits::BATCH);
        let mut records: Vec<Record> = Vec::new();
        for number in first..last {
            records.extend(Sample(number).story()?);
        }
        store.append(records).await?;
        first = last;
        if first.is_multiple_of(100 * limits::BATCH) {
            eprintln!("  filling the store: {first} of {payments} payments");
        }
    }
    let sums = store.read(|reader| reader.sums()).await?;
    store.close().await?;
    let receipts = i64::try_from(payments * 2)?;
    ensure!(sums.receipts == receipts, "{} receipts instead of {receipts}", sums.receipts);
    Ok(())
}
