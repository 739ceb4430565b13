//! What is dark and what is light.
//!
//! Light falls unevenly and screens differ, so each block of eight by eight pixels has its own threshold: the
//! mean of the black points of the five by five blocks around it (the rule of ZXing's hybrid binariser, which
//! every reader of its family is tuned for). Written here because the library's own sets bit by bit and costs
//! as much as finding the code.

use super::frame::Luma;
use rxing::common::{BitArray, BitMatrix};

const BLOCK: usize = 8;
/// Blocks to each side that have a say.
const REACH: usize = 2;
const BITS: usize = usize::BITS as usize;

/// One bit a pixel, set where it is dark. A block whose pixels differ by no more than `flat` grey levels
/// holds no edge and takes its neighbours' black point.
pub fn bits(luma: &Luma, flat: u8) -> Option<BitMatrix> {
    let (width, height) = (luma.width(), luma.height());
    let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    let points = black_points(luma, across, down, flat);
    let mut matrix = BitMatrix::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?).ok()?;
    let mut thresholds = vec![0_u8; across];
    let mut row_bits = BitArray::with_size(width);
    for (y, row) in luma.rows().enumerate() {
        if y % BLOCK == 0 {
            fill_thresholds(&mut thresholds, &points, across, down, y / BLOCK);
        }
        pack(row, &thresholds, &mut row_bits);
        matrix.setRow(u32::try_from(y).ok()?, &row_bits);
    }
    Some(matrix)
}

fn pack(row: &[u8], thresholds: &[u8], bits: &mut BitArray) {
    let words = row.chunks(BITS).zip(thresholds.chunks(BITS / BLOCK));
    for (index, (pixels, limits)) in words.enumerate() {
        let mut word = 0_usize;
        for (place, (block, limit)) in pixels.chunks(BLOCK).zip(limits).enumerate() {
            word |= dark(block, *limit) << (place * BLOCK);
        }
        bits.setBulk(index * BITS, word);
    }
}

fn dark(block: &[u8], limit: u8) -> usize {
    block.iter().enumerate().fold(0, |word, (bit, pixel)| word | (usize::from(*pixel <= limit) << bit))
}

/// Sum, least and most of each block.
fn black_points(luma: &Luma, across: usize, down: usize, flat: u8) -> Vec<u8> {
    let mut points = vec![0_u8; across * down];
    let mut sums = vec![0_u16; across];
    let mut least = vec![u8::MAX; across];
    let mut most = vec![u8::MIN; across];
    for (block_row, rows) in luma.bytes().chunks(BLOCK * luma.width()).enumerate() {
        sums.fill(0);
        least.fill(u8::MAX);
        most.fill(u8::MIN);
        for row in rows.chunks_exact(luma.width()) {
            for (x, block) in row.chunks(BLOCK).enumerate() {
                sums[x] += block.iter().map(|pixel| u16::from(*pixel)).sum::<u16>();
                least[x] = block.iter().fold(least[x], |a, b| a.min(*b));
                most[x] = block.iter().fold(most[x], |a, b| a.max(*b));
            }
        }
        let tall = rows.len() / luma.width();
        for x in 0..across {
            let wide = BLOCK.min(luma.width() - x * BLOCK);
            let at = block_row * across + x;
            let mean = sums[x] / u16::try_from(wide * tall).unwrap_or(1).max(1);
            points[at] = if most[x] - least[x] > flat {
                u8::try_from(mean).unwrap_or(u8::MAX)
            } else {
                of_neighbours(&points, across, x, block_row, least[x])
            };
        }
    }
    points
}

/// A flat block is background, unless it is darker than what its neighbours call black.
fn of_neighbours(points: &[u8], across: usize, x: usize, y: usize, least: u8) -> u8 {
    if x == 0 || y == 0 {
        return least / 2;
    }
    let at = y * across + x;
    let near = [points[at - across], points[at - 1], points[at - 1], points[at - across - 1]];
    let mean = u8::try_from(near.iter().map(|point| u16::from(*point)).sum::<u16>() / 4).unwrap_or(u8::MAX);
    if least < mean { mean } else { least / 2 }
}

fn fill_thresholds(thresholds: &mut [u8], points: &[u8], across: usize, down: usize, y: usize) {
    let window = |at: usize, count: usize| {
        let first = at.saturating_sub(REACH).min(count.saturating_sub(2 * REACH + 1));
        first..(first + 2 * REACH + 1).min(count)
    };
    let rows = window(y, down);
    let mut columns = vec![0_u16; across];
    for row in points.chunks_exact(across).take(rows.end).skip(rows.start) {
        columns.iter_mut().zip(row).for_each(|(sum, point)| *sum += u16::from(*point));
    }
    for (x, threshold) in thresholds.iter_mut().enumerate() {
        let of = window(x, across);
        let blocks = u16::try_from(of.len() * rows.len()).unwrap_or(1).max(1);
        *threshold = u8::try_from(columns[of].iter().sum::<u16>() / blocks).unwrap_or(u8::MAX);
    }
}
