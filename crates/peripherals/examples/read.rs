//! How well and how fast codes are read from a folder of frames.
//!
//! The folder holds JPEG frames and `manifest.tsv`: path, level, kind, expected text (empty where there is no
//! code), pixels per module. Each level is a row: the share of frames read with every way of looking
//! (`picture`), the share read at the first look within a frame's time (`frame`), and for comparison the crate
//! `rqrr` as it comes. Times are of the thread, so other work on the machine does not count.
//!
//! `cargo run --release -p peripherals --example read -- FOLDER [LEVEL,LEVEL…]`

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use nix::time::{ClockId, clock_gettime};
use peripherals::camera::jpeg;
use peripherals::code::{Luma, Reader};

#[derive(Default)]
struct Row {
    frames: usize,
    picture: usize,
    frame: usize,
    stock: usize,
    picture_ms: Vec<f64>,
    frame_ms: Vec<f64>,
    stock_ms: Vec<f64>,
    worst_ratio: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let only = arguments.next().unwrap_or_default();
    let manifest = std::fs::read_to_string(Path::new(&folder).join("manifest.tsv"))?;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut turns = vec![vec![]; 12]; let (mut wrong, mut passed, mut reader) = (0, 0, Reader::default());
    for line in manifest.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, level, _, text, ..] = columns[..] else { continue };
        if !only.is_empty() && !only.split(',').any(|prefix| level.starts_with(prefix)) {
            continue;
        }
        let luma = jpeg::luma(&std::fs::read(Path::new(&folder).join(path))?)?;
        let row = rows.entry(level.to_owned()).or_default();
        let (picture, picture_ms) = timed(|| texts(&Reader::default().read_picture(&luma)));
        let (frame, frame_ms) = timed(|| texts(&reader.read_frame(&luma)));
        let (stock, stock_ms) = timed(|| stock(&luma));
        if std::env::var("TURNS").is_ok() { let mut r = Reader::default(); for turn in 0..12 { let (_, ms) = timed(|| texts(&r.read_frame(&luma))); turns[turn].push(ms/stock_ms); } }
        for read in picture.iter().chain(&frame).filter(|read| *read != text) {
            wrong += 1;
            println!("wrong: {path} reads as {read}");
        }
        for read in picture.iter().chain(&frame).filter(|read| text.is_empty() || *read != text) {
            passed += usize::from(domain::wallet::recognise(read).is_payment());
        }
        row.frames += 1;
        row.picture += usize::from(picture.iter().any(|read| read == text));
        row.frame += usize::from(frame.iter().any(|read| read == text));
        row.stock += usize::from(stock.iter().any(|read| read == text));
        row.worst_ratio = row.worst_ratio.max(frame_ms / stock_ms);
        row.picture_ms.push(picture_ms);
        row.frame_ms.push(frame_ms);
        row.stock_ms.push(stock_ms);
    }
    print(&mut rows);
    if std::env::var("TURNS").is_ok() { for (t, v) in turns.iter_mut().enumerate() { let m = median(v); println!("{:?} {m:.2} {:.2}", peripherals::code::Stage::ALL[t+1], v.last().unwrap()); } }
    println!("false reads {wrong}, of them passed on as payment codes {passed}");
    Ok(())
}

fn texts(reading: &peripherals::code::Reading) -> Vec<String> {
    reading.symbols.iter().map(|symbol| symbol.text.clone()).collect()
}

fn stock(luma: &Luma) -> Vec<String> {
    let (width, bytes) = (luma.width(), luma.bytes());
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, luma.height(), |x, y| bytes[y * width + x]);
    image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let now = || clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(0.0, |time| {
        time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 * 1e-6
    });
    let start = now();
    let result = work();
    (result, now() - start)
}

fn print(rows: &mut BTreeMap<String, Row>) {
    println!("{:16} frames picture% frame% rqrr% | ms: picture  frame worst   rqrr worst | frame/rqrr median worst worst/median", "level");
    for (level, row) in rows {
        let share = |count: usize| 100.0 * count as f64 / row.frames as f64;
        let worst = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
        let (frame, stock) = (median(&mut row.frame_ms), median(&mut row.stock_ms));
        println!(
            "{level:16} {:6} {:8.1} {:6.1} {:5.1} | {:11.2} {frame:6.2} {:5.1} {stock:6.2} {:5.1} | {:.3} {:.2} {:.2}",
            row.frames,
            share(row.picture),
            share(row.frame),
            share(row.stock),
            median(&mut row.picture_ms),
            worst(&row.frame_ms),
            worst(&row.stock_ms),
            frame / stock,
            row.worst_ratio,
            worst(&row.frame_ms) / stock,
        );
    }
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
