//! Codes in camera frames: how many are read, how quickly, and whether anything is read that is not there.
//!
//! Beside each frame the crate `rqrr` as it comes reads the same one. Success is that of a picture of which
//! there is only one, with every way of looking; time is that of one frame of many, which gets the first look
//! and one of the others in turn. Times are of the thread, so that other work on the machine does not count.
//! Invariant: the text of a wrong reading is never printed.

mod level;
mod luma;

use crate::frames;
use crate::limits::{self, Scale};
use crate::table::{Figure, Row, Target};
use crate::timing::{Quantiles, median};
use anyhow::Result;
use level::Level;
use peripherals::camera::{jpeg, mailbox};
use peripherals::code::{Luma, Reader};
use std::collections::BTreeMap;
use std::time::Duration;

/// All rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let mut levels: BTreeMap<String, Level> = BTreeMap::new();
    let mut reader = Reader::default();
    frames::each(scale.frames, scale.seed, scale, |frame| {
        let luma = jpeg::luma(&frame.jpeg)?;
        levels.entry(frame.level).or_default().take(&mut reader, &frame.text, &luma);
        Ok(())
    })?;
    levels.iter().for_each(|(name, level)| eprintln!("  {name:16} {level}"));
    let from = match scale.frames {
        Some(folder) => format!("frames of {}", folder.display()),
        None => format!("drawn frames, seed {}", scale.seed),
    };
    let mut rows = shares(&levels, &from);
    rows.extend(times(&levels));
    rows.extend(mistakes(&levels));
    rows.push(luma::row(scale)?);
    rows.push(waiting());
    Ok(rows)
}

/// How many codes are read. A row needs levels of its own; a folder may lack some.
fn shares(levels: &BTreeMap<String, Level>, from: &str) -> Vec<Row> {
    let is_single = |name: &str| !["mix", "neg", "c128"].iter().any(|other| name.starts_with(other));
    /// Which levels a row is about.
    type Part = (&'static str, &'static str, Target, fn(&str) -> bool);
    let parts: [Part; 6] = [
        (
            "codes, easy",
            "codes read at a friendly counter, mean of three resolutions",
            limits::EASY,
            |name| name.starts_with("mix_easy"),
        ),
        ("codes, medium", "… in an ordinary shop", limits::MEDIUM, |name| name.starts_with("mix_medium")),
        ("codes, hard", "… in the hard mix", limits::HARD, |name| name.starts_with("mix_hard")),
        ("codes, blurred", "… with a blur of 0.7 modules", limits::BLUR, |name| name == "blur_0.7"),
        ("codes, pale", "… with 15 grey levels of contrast", limits::CONTRAST, |name| {
            name == "contrast_15"
        }),
        ("codes, inverted", "… light on dark", limits::INVERTED, |name| name.starts_with("invert")),
    ];
    let row = |id: &str, what: &str, target: Target, part: &dyn Fn(&str) -> bool| {
        let of: Vec<&Level> =
            levels.iter().filter(|(name, _)| part(name)).map(|(_, level)| level).collect();
        let mean =
            |share: fn(&Level) -> f64| of.iter().map(|level| share(level)).sum::<f64>() / of.len() as f64;
        (!of.is_empty()).then(|| Row {
            id: id.to_owned(),
            what: format!("{what}; {from}; against stock rqrr"),
            measured: Figure::Share(mean(Level::read)),
            baseline: Some(Figure::Share(mean(Level::read_by_stock))),
            ratio: None,
            target,
        })
    };
    let rows = parts.iter().filter_map(|(id, what, target, part)| row(id, what, *target, part));
    let single =
        row("codes, one distortion", "… mean of all single distortions", limits::SINGLE, &is_single);
    rows.chain(single).collect()
}

/// How long a frame takes.
fn times(levels: &BTreeMap<String, Level>) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(level) = levels.get("mix_easy_720") {
        let (ours, stock) = (median(level.frame_us.clone()), median(level.stock_us.clone()));
        rows.push(Row {
            id: "code frame".to_owned(),
            what: "one frame with an easy code, 1280 × 720; against stock rqrr".to_owned(),
            measured: Figure::Median(ours),
            baseline: Some(Figure::Median(stock)),
            ratio: Some(Quantiles { p50: ours / stock, p99: level.ratio_p99() }),
            target: limits::EASY_FRAME,
        });
    }
    type Part = (&'static str, &'static str, fn(&str) -> bool);
    let parts: [Part; 2] = [
        ("code frame, nothing", "the slowest frame with no code in view, any turn", |name| {
            name.starts_with("neg")
        }),
        ("code frame, worst", "the slowest frame with a code", |name| !name.starts_with("neg")),
    ];
    for (id, what, part) in parts {
        let worst = levels
            .iter()
            .filter(|(name, _)| part(name))
            .filter_map(|(name, level)| level.worst().map(|(ours, stock)| (name, ours, stock)));
        let worst = worst.max_by(|a, b| (a.1 / a.2).total_cmp(&(b.1 / b.2)));
        rows.extend(worst.map(|(name, ours, stock)| Row {
            id: id.to_owned(),
            what: format!("{what} ({name}); against stock rqrr on it"),
            measured: Figure::Median(ours),
            baseline: Some(Figure::Median(stock)),
            ratio: Some(Quantiles { p50: ours / stock, p99: ours / stock }),
            target: limits::WORST_FRAME,
        }));
    }
    rows
}

/// What is read that is not there.
fn mistakes(levels: &BTreeMap<String, Level>) -> [Row; 2] {
    let sum = |part: fn(&Level) -> usize| levels.values().map(part).sum::<usize>();
    let frames = sum(|level| level.frames);
    let empty: usize =
        levels.iter().filter(|(name, _)| name.starts_with("neg")).map(|(_, level)| level.frames).sum();
    let row = |id: &str, what: String, found: usize| Row {
        id: id.to_owned(),
        what,
        measured: Figure::Count(found as f64),
        baseline: None,
        ratio: None,
        target: limits::NEVER,
    };
    [
        row(
            "false reads",
            format!("readings of another text than the code's, in {frames} frames, {empty} without a code"),
            sum(|level| level.wrong),
        ),
        row(
            "false payments",
            "… of these passed on as payment codes".to_owned(),
            sum(|level| level.passed),
        ),
    ]
}

/// A camera that nobody looks at for a while leaves one frame.
fn waiting() -> Row {
    let (inlet, outlet) = mailbox();
    let flat = |grey: u8| Luma::new(64, 64, vec![grey; 64 * 64]);
    for frame in (0..100).filter_map(flat) {
        inlet.put(Ok(frame));
    }
    let found = std::iter::from_fn(|| outlet.take(Duration::ZERO)).count();
    Row {
        id: "frames waiting".to_owned(),
        what: "frames that wait when a camera has sent 100 and nobody looked".to_owned(),
        measured: Figure::Count(found as f64),
        baseline: None,
        ratio: None,
        target: limits::WAITING,
    }
}
