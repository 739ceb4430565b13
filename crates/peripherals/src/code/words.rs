//! A symbol whose words are mended with more than its check words alone.
//!
//! Three things are known beforehand. A picture in the middle covers certain words, and a module near the
//! border between dark and light makes its word doubtful: words that are known to be lost cost half of what
//! wrong ones cost. And whoever writes a QR code fills the room behind the text with the same two words in
//! turn, so that in a wallet's code of some twenty digits most words are known; where the beginning cannot be
//! read, the lengths of wallets' codes are tried. Invariant: at least [`SPARE`] check words always agree
//! beyond what was mended, so that chance cannot make a code.

mod field;
mod layout;

use super::effort::Effort;
use super::fit::Known;
use field::Received;
use layout::Layout;

/// Check words that must agree without having been needed where the lost words are known by their place …
const SPARE: usize = 3;
/// … and where they are chosen by doubt, of which there are many ways.
const SPARE_IN_DOUBT: usize = 4;
/// What stands behind the text, in turn.
const FILL: [u8; 2] = [0xEC, 0x11];
/// Bits before the digits: what kind of text it is, and its length.
const NUMERIC: (u32, u32) = (1, 4);
const LENGTH_BITS: u32 = 10;
/// Digits of wallets' codes, the most usual first.
const DIGITS: [usize; 5] = [18, 16, 20, 22, 24];

/// What the first words of a text are known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Beginning {
    /// The bits, from the first on, and how many.
    bits: (u32, u32),
    /// Words of the text; those behind are filled.
    words: usize,
}

/// The symbol's bits worked out anew, with the words that the tries below declare lost. `sure` tells how far
/// each module is from the border between dark and light; `covered` how many modules of the middle a picture
/// may cover. The first that error correction vouches for.
pub fn mended(
    known: &Known,
    dark: &[bool],
    sure: &[f32],
    covered: &[usize],
    effort: &mut Effort,
) -> Option<Vec<bool>> {
    let layout = Layout::of(known, dark)?;
    let words: Vec<u8> = (0..layout.payload() + layout.checks * layout.blocks)
        .map(|word| {
            layout.bits(word).fold(0, |byte, (at, over)| (byte << 1) | u8::from(bit(dark, at) != over))
        })
        .collect();
    let blocks: Vec<Vec<(usize, Option<usize>)>> =
        (0..layout.blocks).map(|block| layout.block(block)).collect();
    let read = Beginning::read(&blocks, &words);
    let tried = DIGITS.into_iter().map(Beginning::digits).filter(|beginning| Some(*beginning) != read);
    let fits = |beginning: &Beginning| beginning.words <= layout.payload();
    let mut tries: Vec<Option<Beginning>> = read.into_iter().chain(tried).filter(fits).map(Some).collect();
    // Any other kind of text, of which nothing is known.
    if read.is_none() {
        tries.insert(0, None);
    }
    let mut tries = tries.into_iter();
    tries.find_map(|beginning| {
        let mut mended = words.clone();
        for block in &blocks {
            let values = mend(&layout, block, &words, beginning, (sure, covered), effort)?;
            block.iter().zip(values).for_each(|((word, _), value)| mended[*word] = value);
        }
        let mut bits = dark.to_vec();
        for (word, value) in mended.into_iter().enumerate() {
            for (n, (at, over)) in layout.bits(word).enumerate() {
                if let Some(module) = bits.get_mut(at) {
                    *module = ((value >> (7 - n)) & 1 == 1) != over;
                }
            }
        }
        (bits != dark).then_some(bits)
    })
}

/// One block, with its known words set and by each way of choosing the lost ones until one works.
fn mend(
    layout: &Layout,
    block: &[(usize, Option<usize>)],
    words: &[u8],
    beginning: Option<Beginning>,
    (sure, covered): (&[f32], &[usize]),
    effort: &mut Effort,
) -> Option<Vec<u8>> {
    let is_known = |data: Option<usize>| beginning.zip(data).is_some_and(|(of, data)| of.knows(data));
    let values: Vec<u8> = block
        .iter()
        .map(|(word, data)| {
            let value = words.get(*word).copied().unwrap_or_default();
            beginning.zip(*data).map_or(value, |(beginning, data)| beginning.set(data, value))
        })
        .collect();
    let unknown: Vec<(usize, usize)> = (0..block.len())
        .zip(block)
        .filter(|(_, (_, data))| !is_known(*data))
        .map(|(place, (word, _))| (place, *word))
        .collect();
    let received = Received::of(values, layout.checks);
    let most = |spare: usize| layout.checks.saturating_sub(spare);
    let under_a_picture = covered.iter().map(|covered| {
        let bits = |(place, word): &(usize, usize)| (layout.covered(*word, *covered), *place);
        let mut lost: Vec<(usize, usize)> =
            unknown.iter().map(bits).filter(|(bits, _)| *bits > 0).collect();
        lost.sort_by_key(|(bits, _)| std::cmp::Reverse(*bits));
        (lost.into_iter().map(|(_, place)| place).take(most(SPARE)).collect::<Vec<_>>(), SPARE)
    });
    let doubtful = by_doubt(layout, &unknown, sure);
    let in_doubt = (2..=most(SPARE_IN_DOUBT)).step_by(2).filter_map(|count| doubtful.get(..count));
    let in_doubt = in_doubt.map(|lost| (lost.to_vec(), SPARE_IN_DOUBT));
    let mut ways = std::iter::once((Vec::new(), SPARE)).chain(under_a_picture).chain(in_doubt);
    ways.find_map(|(lost, spare)| effort.begin_try().then(|| received.mended(&lost, spare)).flatten())
}

/// The places of words, the most doubtful first: a word is as doubtful as its worst module.
fn by_doubt(layout: &Layout, words: &[(usize, usize)], sure: &[f32]) -> Vec<usize> {
    let least = |word: usize| {
        let of = layout.bits(word).map(|(at, _)| sure.get(at).copied().unwrap_or_default());
        of.fold(f32::INFINITY, f32::min)
    };
    let mut doubtful: Vec<(f32, usize)> =
        words.iter().map(|(place, word)| (least(*word), *place)).collect();
    doubtful.sort_by(|a, b| a.0.total_cmp(&b.0));
    doubtful.into_iter().map(|(_, place)| place).collect()
}

fn bit(dark: &[bool], at: usize) -> bool {
    dark.get(at).copied().unwrap_or_default()
}

impl Beginning {
    /// As it stands there: numbers, and how many.
    fn read(blocks: &[Vec<(usize, Option<usize>)>], words: &[u8]) -> Option<Self> {
        let first = |n: usize| {
            let of = blocks.iter().flatten().find(|(_, data)| *data == Some(n));
            of.and_then(|(word, _)| words.get(*word)).map(|word| u32::from(*word))
        };
        let bits = (first(0)? << 8) | first(1)?;
        let digits = (bits >> 2) & ((1 << LENGTH_BITS) - 1);
        (bits >> 12 == NUMERIC.0).then(|| Self::digits(usize::try_from(digits).unwrap_or_default()))
    }

    fn digits(digits: usize) -> Self {
        let length = u32::try_from(digits).unwrap_or_default();
        let kept = 10 * (digits / 3) + [0, 4, 7][digits % 3];
        let used = NUMERIC.1 + LENGTH_BITS;
        // Four bits end the text; the rest of its last word is nought.
        let words = (used as usize + kept + 4).div_ceil(8);
        Self { bits: ((NUMERIC.0 << LENGTH_BITS) | length, used), words }
    }

    /// Whether all of this data word is known.
    const fn knows(&self, data: usize) -> bool {
        data == 0 || data >= self.words
    }

    /// The data word with what is known of it in place of what was read.
    fn set(&self, data: usize, read: u8) -> u8 {
        let (bits, count) = self.bits;
        match data {
            0 => (bits >> (count - 8)) as u8,
            1 => ((bits << (16 - count)) as u8) | (read & ((1 << (16 - count)) - 1)),
            data if data >= self.words => FILL[(data - self.words) % 2],
            _ => read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Beginning;

    #[test]
    fn the_beginning_of_a_wallets_code_is_known() {
        // Eighteen digits: 0001 0000010010 and sixty bits more, four to end with; ten words.
        let of = Beginning::digits(18);
        assert_eq!((of.words, of.set(0, 0), of.set(1, 0xFF)), (10, 0b0001_0000, 0b0100_1011));
        assert_eq!((of.set(5, 7), of.set(10, 7), of.set(11, 7)), (7, 0xEC, 0x11));
        assert!(of.knows(0) && !of.knows(1) && !of.knows(9) && of.knows(10));
    }
}
