//! A camera's frame to luma, against the same JPEG decoder's way to colours.

use super::level::timed;
use crate::frames;
use crate::limits::{self, Scale};
use crate::table::Row;
use crate::timing::{Round, Rounds};
use anyhow::{Context, Result, anyhow, ensure};
use peripherals::camera::jpeg;
use std::time::Duration;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// The row.
pub fn row(scale: &Scale) -> Result<Row> {
    let count = scale.frames_unpacked.min(limits::FRAMES_COLOURED);
    let frames: Vec<Vec<u8>> =
        (0..count).map(|number| frames::coloured(scale.seed, number)).collect::<Result<_>>()?;
    let first = frames.first().context("no frame")?;
    ensure!(coloured(first)? == 1280 * 720 * 3, "the frame has no colours");
    let mut rounds = Rounds::default();
    for _ in 0..scale.rounds {
        let mut round = Round::default();
        for frame in frames.iter().cycle().take(scale.frames_unpacked) {
            let (luma, ours) = timed(|| jpeg::luma(frame));
            let (all, stock) = timed(|| coloured(frame));
            luma?;
            all?;
            round.measured.push(Duration::from_secs_f64(ours / 1e6));
            round.baseline.push(Duration::from_secs_f64(stock / 1e6));
        }
        rounds.take(round);
    }
    let bytes = frames.iter().map(Vec::len).sum::<usize>() / frames.len();
    let what =
        format!("JPEG frame of {bytes} bytes, 1280 × 720, to luma; against the same crate's way to RGB");
    Ok(Row::of("frame to luma", what, &rounds, limits::TO_LUMA))
}

fn coloured(frame: &[u8]) -> Result<usize> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(frame), options);
    Ok(decoder.decode().map_err(|error| anyhow!("{error}"))?.len())
}
