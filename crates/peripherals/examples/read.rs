//! How well and how fast codes are read from a folder of frames.
//!
//! The folder holds JPEG frames and `manifest.tsv`: path, level, kind, expected text (empty where there is
//! no code), pixels per module. Each level is a row: the share of frames read with every way of looking
//! (`picture`), the share read at the first look within a frame's time (`frame`), and for comparison the
//! crate `rqrr` as it comes. Times are of the thread, so other work on the machine does not count.
//!
//! `cargo run --release -p peripherals --example read -- FOLDER [LEVEL,LEVEL…]`

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use nix::time::{ClockId, clock_gettime};
use peripherals::camera::jpeg;
use peripherals::code::{Luma, Reader, Reading, Stage};

#[derive(Default)]
struct Row {
    frames: usize,
    picture: usize,
    frame: usize,
    stock: usize,
    picture_ms: Vec<f64>,
    frame_ms: Vec<f64>,
    stock_ms: Vec<f64>,
    ratios: Vec<f64>,
    wrong: usize,
    passed: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let only = arguments.next().unwrap_or_default();
    let manifest = std::fs::read_to_string(Path::new(&folder).join("manifest.tsv"))?;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut reader = Reader::default();
    for line in manifest.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, level, _, text, ..] = columns[..] else { continue };
        if !only.is_empty() && !only.split(',').any(|prefix| level.starts_with(prefix)) {
            continue;
        }
        let luma = jpeg::luma(&std::fs::read(Path::new(&folder).join(path))?)?;
        rows.entry(level.to_owned()).or_default().add(&mut reader, path, text, &luma);
    }
    print(&mut rows);
    Ok(())
}

impl Row {
    fn add(&mut self, reader: &mut Reader, path: &str, text: &str, luma: &Luma) {
        let (picture, picture_ms) = timed(|| texts(&Reader::default().read_picture(luma)));
        let (frame, mut frame_ms) = timed(|| texts(&reader.read_frame(luma)));
        let (stock, stock_ms) = timed(|| stock(luma));
        if text.is_empty() {
            // Nothing in view: each of the slower ways of looking has its turn, and the slowest counts.
            for _ in Stage::ALL {
                frame_ms = frame_ms.max(timed(|| texts(&reader.read_frame(luma))).1);
            }
        }
        let wrong: Vec<&String> = picture.iter().chain(&frame).filter(|read| *read != text).collect();
        for read in &wrong {
            println!("wrong: {path} reads as {read}");
        }
        self.wrong += wrong.len();
        self.passed += wrong.iter().filter(|read| domain::wallet::recognise(read).is_payment()).count();
        self.frames += 1;
        self.picture += usize::from(picture.iter().any(|read| read == text));
        self.frame += usize::from(frame.iter().any(|read| read == text));
        self.stock += usize::from(stock.iter().any(|read| read == text));
        self.ratios.push(frame_ms / stock_ms);
        self.picture_ms.push(picture_ms);
        self.frame_ms.push(frame_ms);
        self.stock_ms.push(stock_ms);
    }
}

fn texts(reading: &Reading) -> Vec<String> {
    reading.symbols.iter().map(|symbol| symbol.text.clone()).collect()
}

fn stock(luma: &Luma) -> Vec<String> {
    let (width, bytes) = (luma.width(), luma.bytes());
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, luma.height(), |x, y| bytes[y * width + x]);
    image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let now = || {
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
            .map_or(0.0, |time| time.tv_sec() as f64 * 1e3 + time.tv_nsec() as f64 * 1e-6)
    };
    let start = now();
    let result = work();
    (result, now() - start)
}

fn print(rows: &mut BTreeMap<String, Row>) {
    println!("level            frames | read %: picture  frame   rqrr | ms: picture  frame   rqrr");
    println!("                          (then frame against rqrr: median, 99 of 100, worst)");
    let (mut frames, mut wrong, mut passed, mut shares) = (0, 0, 0, Vec::new());
    for (level, row) in rows.iter_mut() {
        let share = |count: usize| 100.0 * count as f64 / row.frames as f64;
        println!(
            "{level:16} {:6} | {:15.1} {:6.1} {:6.1} | {:11.2} {:6.2} {:6.2} | {:18.3} {:4.2} {:6.2}",
            row.frames,
            share(row.picture),
            share(row.frame),
            share(row.stock),
            at(&mut row.picture_ms, 50),
            at(&mut row.frame_ms, 50),
            at(&mut row.stock_ms, 50),
            at(&mut row.frame_ms, 50) / at(&mut row.stock_ms, 50),
            at(&mut row.ratios, 99),
            at(&mut row.ratios, 100),
        );
        (frames, wrong, passed) = (frames + row.frames, wrong + row.wrong, passed + row.passed);
        shares
            .extend((!level.starts_with("neg") && !level.starts_with("c128")).then(|| share(row.picture)));
    }
    let mean = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    println!("mean of {} levels with a QR code: {mean:.1} %", shares.len());
    println!("{frames} frames, {wrong} false reads, {passed} of them passed on as payment codes");
}

/// The number that `percent` of all are below.
fn at(numbers: &mut [f64], percent: usize) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let last = numbers.len().saturating_sub(1);
    numbers.get((numbers.len() * percent / 100).min(last)).copied().unwrap_or_default()
}
