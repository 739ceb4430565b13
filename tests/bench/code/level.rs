//! The frames of one level: how many of them are read, in what time, and what else is read.

use crate::limits::AGAIN;
use nix::time::{ClockId, clock_gettime};
use peripherals::code::{Luma, Reader, Reading, Stage};
use std::fmt;

/// What is found in one level.
#[derive(Debug, Default)]
pub struct Level {
    /// Frames looked at.
    pub frames: usize,
    picture: usize,
    first: usize,
    stock: usize,
    /// Readings of another text.
    pub wrong: usize,
    /// Those of them that are taken for payment codes.
    pub passed: usize,
    /// Microseconds of each frame …
    pub frame_us: Vec<f64>,
    /// … and of stock `rqrr` on the same.
    pub stock_us: Vec<f64>,
}

impl Level {
    /// Looks at one frame. `reader` is that of the camera; it knows what helped before.
    pub fn take(&mut self, reader: &mut Reader, text: &str, luma: &Luma) {
        let picture = texts(&Reader::default().read_picture(luma));
        let (stock, mut stock_us) = timed(|| stock(luma));
        // As long as nothing is read each of the slower ways of looking has its turn, and the slowest counts.
        let (mut frame, mut later, mut frame_us) = (Vec::new(), Vec::new(), 0.0_f64);
        for turn in 0..Stage::ALL.len() {
            let before = reader.clone();
            let (reading, mut us) = timed(|| reader.read_frame(luma));
            if us > AGAIN.0 * stock_us {
                for _ in 0..AGAIN.1 {
                    us = us.min(timed(|| before.clone().read_frame(luma)).1);
                    stock_us = stock_us.min(timed(|| self::stock(luma)).1);
                }
            }
            frame_us = frame_us.max(us);
            if turn == 0 {
                frame.extend(texts(&reading));
            }
            later.extend(texts(&reading));
            if !reading.symbols.is_empty() {
                break;
            }
        }
        let wrong: Vec<&String> = picture.iter().chain(&later).filter(|read| *read != text).collect();
        self.wrong += wrong.len();
        self.passed += wrong.iter().filter(|read| domain::wallet::recognise(read).is_payment()).count();
        let has = |read: &[String]| usize::from(read.iter().any(|read| read == text));
        self.frames += 1;
        self.picture += has(&picture);
        self.first += has(&frame);
        self.stock += has(&stock);
        self.frame_us.push(frame_us);
        self.stock_us.push(stock_us);
    }

    /// Of a hundred, with every way of looking.
    pub fn read(&self) -> f64 {
        self.share(self.picture)
    }

    /// Of a hundred, by stock `rqrr`.
    pub fn read_by_stock(&self) -> f64 {
        self.share(self.stock)
    }

    fn share(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.frames.max(1) as f64
    }

    /// The frame that took longest beside the baseline: its time, and the baseline's.
    pub fn worst(&self) -> Option<(f64, f64)> {
        let both = self.frame_us.iter().copied().zip(self.stock_us.iter().copied());
        both.max_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)))
    }

    /// The ratio that all but one frame in a hundred keep.
    pub fn ratio_p99(&self) -> f64 {
        let mut ratios: Vec<f64> = self.frame_us.iter().zip(&self.stock_us).map(|(a, b)| a / b).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get((ratios.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// A line for whoever waits.
impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worst = self.worst().map_or(0.0, |(ours, stock)| ours / stock);
        write!(
            out,
            "{:4} frames: read {:5.1} %, at the first frame {:5.1} %, by rqrr {:5.1} %; worst {worst:.2}×",
            self.frames,
            self.read(),
            self.share(self.first),
            self.read_by_stock(),
        )
    }
}

fn texts(reading: &Reading) -> Vec<String> {
    reading.symbols.iter().map(|symbol| symbol.text.clone()).collect()
}

fn stock(luma: &Luma) -> Vec<String> {
    let (width, bytes) = (luma.width(), luma.bytes());
    let pixel = |x: usize, y: usize| bytes.get(y * width + x).copied().unwrap_or_default();
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, luma.height(), pixel);
    image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

/// What it made, and the microseconds that its thread had the processor.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let now = || {
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
            .map_or(0.0, |time| time.tv_sec() as f64 * 1e6 + time.tv_nsec() as f64 / 1e3)
    };
    let start = now();
    let made = std::hint::black_box(work());
    (made, now() - start)
}
