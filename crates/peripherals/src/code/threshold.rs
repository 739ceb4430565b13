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
/// Moves the lowest bit of each of eight bytes into the highest byte, in their order.
const GATHER: u64 = 0x0102_0408_1020_4080;

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

/// A bit a pixel: eight bytes of nought or one are gathered into one byte by a multiplication.
fn dark(block: &[u8], limit: u8) -> usize {
    let mut flags = [0_u8; BLOCK];
    flags.iter_mut().zip(block).for_each(|(flag, pixel)| *flag = u8::from(*pixel <= limit));
    usize::from(u64::from_le_bytes(flags).wrapping_mul(GATHER).to_be_bytes()[0])
}

/// Sum, least and most of each block: first down each column of eight rows, then across.
fn black_points(luma: &Luma, across: usize, down: usize, flat: u8) -> Vec<u8> {
    let width = luma.width();
    let mut points = vec![0_u8; across * down];
    let (mut sums, mut least, mut most) = (vec![0_u16; width], vec![0_u8; width], vec![0_u8; width]);
    for (block_row, rows) in luma.bytes().chunks(BLOCK * width).enumerate() {
        sums.fill(0);
        least.fill(u8::MAX);
        most.fill(u8::MIN);
        for row in rows.chunks_exact(width) {
            sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
            least.iter_mut().zip(row).for_each(|(least, pixel)| *least = (*least).min(*pixel));
            most.iter_mut().zip(row).for_each(|(most, pixel)| *most = (*most).max(*pixel));
        }
        let tall = rows.len() / width;
        for x in 0..across {
            let of = x * BLOCK..width.min((x + 1) * BLOCK);
            let at = block_row * across + x;
            let pixels = u16::try_from(of.len() * tall).unwrap_or(1).max(1);
            let mean = sums[of.clone()].iter().sum::<u16>() / pixels;
            let darkest = least[of.clone()].iter().copied().min().unwrap_or_default();
            let lightest = most[of].iter().copied().max().unwrap_or_default();
            points[at] = if lightest - darkest > flat {
                u8::try_from(mean).unwrap_or(u8::MAX)
            } else {
                of_neighbours(&points, across, x, block_row, darkest)
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

#[cfg(test)]
mod tests {
    use super::{BLOCK, bits, dark};
    use crate::code::Luma;

    #[test]
    fn eight_pixels_become_eight_bits() {
        assert_eq!(dark(&[0, 9, 5, 200, 5, 6, 4, 255], 5), 0b0101_0101);
        assert_eq!(dark(&[7; BLOCK], 7), 0xFF);
        assert_eq!(dark(&[0, 255, 0], 7), 0b101, "a block at the rim");
    }

    #[test]
    fn what_is_darker_than_its_neighbourhood_is_dark() {
        // Stripes twelve wide, lit from one side; neither side is a whole number of blocks.
        let light = |x: usize| 60 + x / 2;
        let pixel = |x: usize| if (x / 12).is_multiple_of(2) { light(x) / 3 } else { light(x) };
        let row: Vec<u8> = (0..203).map(|x| u8::try_from(pixel(x)).unwrap()).collect();
        let bits = bits(&Luma::new(203, 50, row.repeat(50)).unwrap(), 10).unwrap();
        for y in [0, 25, 49] {
            for x in 0..203_u32 {
                assert_eq!(bits.get(x, y), (x / 12).is_multiple_of(2), "{x} {y}");
            }
        }
    }
}
