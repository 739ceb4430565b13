//! Where the words of a symbol lie and what they are made of, as ISO/IEC 18004 lays it out.
//!
//! Versions 1 to 6: wallets show versions 1 to 3, a card network's code for customers up to 6 and beyond.

use super::super::fit::Known;

/// Versions that are known here.
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

/// The words of one symbol.
pub struct Layout {
    side: usize,
    mask: usize,
    words: usize,
    /// Check words of a block.
    pub checks: usize,
    /// Blocks that take turns.
    pub blocks: usize,
    places: Vec<(usize, usize)>,
}

impl Layout {
    /// Of a symbol whose modules, with their ring, are dark where `dark` says so. `None` for sizes that are
    /// not known here and where the format cannot be read.
    pub fn of(known: &Known, dark: &[bool]) -> Option<Self> {
        let side = known.side();
        let version = (side.checked_sub(17)? / 4).checked_sub(1).filter(|version| *version < VERSIONS)?;
        let at = |x: usize, y: usize| (y + 1) * (side + 2) + x + 1;
        let (level, mask) = format(side, |x, y| dark.get(at(x, y)).copied().unwrap_or_default())?;
        let (checks, blocks) = *BLOCKS.get(version)?.get(level)?;
        let words = *WORDS.get(version)?;
        Some(Self { side, mask, words, checks, blocks, places: places(side, known) })
    }

    /// Words that hold data or padding.
    pub const fn payload(&self) -> usize {
        self.words - self.checks * self.blocks
    }

    /// The words of one block in order, with the place of each among the symbol's data, where it holds data;
    /// those of all blocks take turns.
    pub fn block(&self, block: usize) -> Vec<(usize, Option<usize>)> {
        let data = self.payload();
        let (short, longer) = (data / self.blocks, data % self.blocks);
        let extra = (block + longer).saturating_sub(self.blocks);
        let first = block * short + extra;
        let mut of: Vec<(usize, Option<usize>)> =
            (0..short).map(|n| (n * self.blocks + block, Some(first + n))).collect();
        if block >= self.blocks - longer {
            of.push((short * self.blocks + extra, Some(first + short)));
        }
        of.extend((0..self.checks).map(|n| (data + n * self.blocks + block, None)));
        of
    }

    /// The eight places of a word, counted in the symbol with its ring, and whether each is laid over.
    pub fn bits(&self, word: usize) -> impl Iterator<Item = (usize, bool)> + '_ {
        let bits = self.places.iter().skip(word * 8).take(8);
        bits.map(|(x, y)| ((y + 1) * (self.side + 2) + x + 1, is_masked(self.mask, *x, *y)))
    }

    /// How many of a word's modules lie within `covered` modules in the middle.
    pub fn covered(&self, word: usize, covered: usize) -> usize {
        let middle = (self.side - covered.min(self.side)) / 2..(self.side + covered).div_ceil(2);
        let bits = self.places.iter().skip(word * 8).take(8);
        bits.filter(|(x, y)| middle.contains(x) && middle.contains(y)).count()
    }
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
