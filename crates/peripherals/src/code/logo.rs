//! A code with a picture in its middle that covers more than error correction alone makes up for.
//!
//! A symbol that is known to be covered at a place can lose twice as much there: its codewords are
//! erasures, not errors. The symbol is taken apart as ISO/IEC 18004 lays it out, the covered codewords are
//! worked out anew, and the mended symbol goes to the decoder like any other. Invariant: at least [`SPARE`]
//! check words always agree beyond what was mended, so that chance cannot make a code; symbols of one size
//! up to version 6.

mod field;

use super::fit::Known;

/// Check words that must agree without having been needed.
const SPARE: usize = 3;
/// Versions that are mended.
const VERSIONS: usize = 6;

/// For versions 1 to 6 and the levels L, M, Q and H: check words of a block, and blocks. The blocks of these
/// are alike but for those of 5-Q and 5-H, whose last two hold a word more.
const BLOCKS: [[(usize, usize); 4]; VERSIONS] = [
    [(7, 1), (10, 1), (13, 1), (17, 1)],
    [(10, 1), (16, 1), (22, 1), (28, 1)],
    [(15, 1), (26, 1), (18, 2), (22, 2)],
    [(20, 1), (18, 2), (26, 2), (16, 4)],
    [(26, 1), (24, 2), (18, 4), (22, 4)],
    [(18, 2), (16, 4), (24, 4), (28, 4)],
];
/// All words of a symbol.
const WORDS: [usize; VERSIONS] = [26, 44, 70, 100, 134, 172];
/// The levels L, M, Q and H by their two bits.
const LEVELS: [usize; 4] = [1, 0, 3, 2];
/// What the format's bits are laid over with.
const FORMAT_MASK: u32 = 0x5412;
/// The format's check polynomial.
const FORMAT_CHECK: u32 = 0x537;

/// The symbol's bits with the covered middle, `covered` modules wide, worked out from the rest. `None` where
/// too little is left, or nothing was wrong there.
pub fn uncovered(known: &Known, dark: &[bool], covered: usize) -> Option<Vec<bool>> {
    let side = known.side();
    let version = (side.checked_sub(17)? / 4).checked_sub(1).filter(|version| *version < VERSIONS)?;
    let at = |x: usize, y: usize| (y + 1) * (side + 2) + x + 1;
    let (level, mask) = format(side, |x, y| dark.get(at(x, y)).copied().unwrap_or_default())?;
    let places = places(side, known);
    let words = *WORDS.get(version)?;
    let read = |word: usize| -> u8 {
        let bits = places.iter().skip(word * 8).take(8);
        bits.fold(0, |byte, (x, y)| {
            let bit = dark.get(at(*x, *y)).copied().unwrap_or_default() != is_masked(mask, *x, *y);
            (byte << 1) | u8::from(bit)
        })
    };
    let middle = (side - covered.min(side)) / 2..(side + covered).div_ceil(2);
    let covered_bits = |word: usize| {
        let bits = places.iter().skip(word * 8).take(8);
        bits.filter(|(x, y)| middle.contains(x) && middle.contains(y)).count()
    };
    let (checks, blocks) = *BLOCKS.get(version)?.get(level)?;
    let mut mended = dark.to_vec();
    for block in 0..blocks {
        let of = block_words(words, checks, blocks, block);
        let mut values: Vec<u8> = of.iter().map(|word| read(*word)).collect();
        let erased = erased(&of, covered_bits, checks);
        field::mend(&mut values, checks, &erased, SPARE)?;
        for (word, value) in of.iter().zip(values) {
            for (bit, (x, y)) in places.iter().skip(word * 8).take(8).enumerate() {
                let is_dark = (value >> (7 - bit)) & 1 == 1;
                if let Some(module) = mended.get_mut(at(*x, *y)) {
                    *module = is_dark != is_masked(mask, *x, *y);
                }
            }
        }
    }
    (mended != dark).then_some(mended)
}

/// Places within the block of the words to work out anew: those of which the most is covered, as many as the
/// checks allow. The others may be right by chance, or within what is mended anyway.
fn erased(of: &[usize], covered_bits: impl Fn(usize) -> usize, checks: usize) -> Vec<usize> {
    let mut covered: Vec<(usize, usize)> =
        of.iter().enumerate().map(|(place, word)| (covered_bits(*word), place)).collect();
    covered.retain(|(bits, _)| *bits > 0);
    covered.sort_by_key(|(bits, _)| std::cmp::Reverse(*bits));
    covered.into_iter().map(|(_, place)| place).take(checks.saturating_sub(SPARE)).collect()
}

/// The words of one block in order; those of all blocks take turns.
fn block_words(words: usize, checks: usize, blocks: usize, block: usize) -> Vec<usize> {
    let data = words - checks * blocks;
    let (short, longer) = (data / blocks, data % blocks);
    let mut of: Vec<usize> = (0..short).map(|n| n * blocks + block).collect();
    if block >= blocks - longer {
        of.push(short * blocks + block - (blocks - longer));
    }
    of.extend((0..checks).map(|n| data + n * blocks + block));
    of
}

/// Level and mask: the pair whose fifteen bits are nearest to one of the two copies, three wrong at most.
fn format(side: usize, dark: impl Fn(usize, usize) -> bool) -> Option<(usize, usize)> {
    let near = |n: usize| match n {
        0..=5 => (8, n),
        6 => (8, 7),
        7 => (8, 8),
        8 => (7, 8),
        _ => (14 - n, 8),
    };
    let far = |n: usize| if n < 8 { (side - 1 - n, 8) } else { (8, side - 15 + n) };
    let bits = |place: &dyn Fn(usize) -> (usize, usize)| {
        (0..15).fold(0_u32, |bits, n| {
            let (x, y) = place(n);
            bits | (u32::from(dark(x, y)) << n)
        })
    };
    let copies = [bits(&near), bits(&far)];
    let wrong = |format: u32| {
        let mut rest = format << 10;
        for bit in (10..15).rev() {
            if rest >> bit & 1 == 1 {
                rest ^= FORMAT_CHECK << (bit - 10);
            }
        }
        let whole = ((format << 10) | rest) ^ FORMAT_MASK;
        copies.iter().map(|copy| (copy ^ whole).count_ones()).min().unwrap_or(u32::MAX)
    };
    let best = (0..32_u32).min_by_key(|format| wrong(*format)).filter(|format| wrong(*format) <= 3)?;
    let level = LEVELS.get(usize::try_from(best >> 3).ok()?)?;
    Some((*level, usize::try_from(best & 7).ok()?))
}

/// Where the words' bits lie: two columns at a time from the right, upwards and downwards in turn.
fn places(side: usize, known: &Known) -> Vec<(usize, usize)> {
    let is_format =
        |x: usize, y: usize| (x == 8 && (y < 9 || y >= side - 8)) || (y == 8 && (x < 9 || x >= side - 8));
    let mut places = Vec::with_capacity(side * side);
    let mut upwards = true;
    let columns =
        (0..side).rev().step_by(2).map(|right| if right <= 6 { right.saturating_sub(1) } else { right });
    for right in columns.filter(|right| *right > 0) {
        for n in 0..side {
            let y = if upwards { side - 1 - n } else { n };
            for x in [right, right - 1] {
                if known.at(x + 1, y + 1).is_none() && !is_format(x, y) {
                    places.push((x, y));
                }
            }
        }
        upwards = !upwards;
    }
    places
}

fn is_masked(mask: usize, x: usize, y: usize) -> bool {
    let sum = match mask {
        0 => x + y,
        1 => y,
        2 => return x.is_multiple_of(3),
        3 => return (x + y).is_multiple_of(3),
        4 => y / 2 + x / 3,
        5 => return x * y % 2 + x * y % 3 == 0,
        6 => x * y % 2 + x * y % 3,
        _ => (x + y) % 2 + x * y % 3,
    };
    sum.is_multiple_of(2)
}
