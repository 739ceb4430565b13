//! A QR symbol as one grey number per module, and the ways to make bits of it.
//!
//! Invariant: what every symbol of a size shares is never guessed; the search ends after a fixed number of
//! passes.

use super::effort::Effort;
use super::fit::Known;
use super::words;
use crate::limits::{BLURS, LOGOS};
use rxing::common::BitMatrix;

/// Neighbours to each side that a blur reaches.
const REACH: usize = 2;
/// Rounds of the search for the modules under the blur.
const PASSES: usize = 8;
/// Modules to each side that a module is compared with.
const NEIGHBOURS: usize = 4;

/// A symbol as seen, one ring of quiet zone and a margin for the blur around it.
pub struct Modules {
    known: Known,
    seen: Vec<f32>,
}

/// What a symbol's modules are taken for.
#[derive(Clone, Default)]
pub struct Bits {
    /// Dark or light, the ring included.
    pub dark: Vec<bool>,
    /// How far each is from being the other.
    sure: Vec<f32>,
}

impl Bits {
    /// The next module: dark where it is above nought.
    fn add(&mut self, darkness: f32) {
        self.dark.push(darkness > 0.0);
        self.sure.push(darkness.abs());
    }
}

/// Weights of a blur, with the distance of each from the first one in a picture with margins.
struct Blur {
    taps: Vec<(usize, f32)>,
    energy: f32,
}

impl Modules {
    /// From the darkness of each module with its ring; what lies outside the picture is not a number.
    pub fn new(known: Known, mut seen: Vec<f32>) -> Self {
        let finite = seen.iter().filter(|value| value.is_finite());
        let (sum, count) =
            finite.fold((0.0_f32, 0.0_f32), |(sum, count), value| (sum + value, count + 1.0));
        let mean = sum / count.max(1.0);
        seen.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = mean);
        Self { known, seen }
    }

    fn wide(&self) -> usize {
        self.known.side() + 2
    }

    /// The bits of the ring cut off, for the decoder.
    pub fn symbol(&self, dark: &[bool]) -> Option<BitMatrix> {
        let side = u32::try_from(self.known.side()).ok()?;
        let mut bits = BitMatrix::new(side, side).ok()?;
        for (y, row) in (0..side).zip(dark.chunks_exact(self.wide()).skip(1)) {
            for (x, dark) in (0..side).zip(row.iter().skip(1)) {
                if *dark {
                    bits.set(x, y);
                }
            }
        }
        Some(bits)
    }

    /// The ways to make bits of it, the quickest first.
    pub fn ways(&self) -> impl Iterator<Item = Bits> + '_ {
        std::iter::once_with(|| self.against_neighbours())
            .chain(BLURS.iter().map(|sigma| self.unblurred(*sigma)))
    }

    /// Dark is what is darker than its neighbourhood.
    fn against_neighbours(&self) -> Bits {
        let wide = self.wide();
        let near = |at: usize| at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(wide);
        let mut bits = Bits::default();
        for y in 0..wide {
            for x in 0..wide {
                let rows = self.seen.chunks_exact(wide).take(near(y).end).skip(near(y).start);
                let sum: f32 = rows.map(|row| row[near(x)].iter().sum::<f32>()).sum();
                let count = (near(x).len() * near(y).len()) as f32;
                bits.add(self.seen[y * wide + x] - sum / count);
            }
        }
        bits
    }

    /// Bits with words mended, where error correction vouches for them.
    pub fn mended(&self, bits: &Bits, effort: &mut Effort) -> Option<Vec<bool>> {
        let covered = LOGOS.map(|percent| (self.known.side() * percent).div_ceil(100));
        words::mended(&self.known, &bits.dark, &bits.sure, &covered, effort)
    }

    /// The modules whose picture, blurred by `sigma` modules, comes nearest to what is seen: each is turned
    /// over as long as that brings the two closer.
    fn unblurred(&self, sigma: f32) -> Bits {
        let wide = self.wide();
        let blur = Blur::new(sigma, wide + 2 * REACH);
        let mut bits = self.against_neighbours();
        for (at, bit) in bits.dark.iter_mut().enumerate() {
            *bit = self.known.at(at % wide, at / wide).unwrap_or(*bit);
        }
        let mut surer = bits.sure.clone();
        for _ in 0..PASSES {
            let Some(mut rest) = self.unexplained(&bits.dark, &blur) else { break };
            let mut turned = false;
            for at in (0..bits.dark.len()).filter(|at| self.known.at(at % wide, at / wide).is_none()) {
                let first = at / wide * (wide + 2 * REACH) + at % wide;
                let along: f32 = blur.taps.iter().map(|(off, tap)| tap * rest[first + off]).sum();
                let sign = if bits.dark[at] { -1.0 } else { 1.0 };
                let gain = 2.0 * sign * along - blur.energy;
                surer[at] = gain.abs();
                if gain > 0.0 {
                    bits.dark[at] = !bits.dark[at];
                    turned = true;
                    blur.taps.iter().for_each(|(off, tap)| rest[first + off] -= sign * tap);
                }
            }
            if !turned {
                break;
            }
        }
        Bits { sure: surer, ..bits }
    }

    /// What the blurred modules leave unexplained, in units of the difference between dark and light; `None`
    /// where they explain nothing. The margin around it counts as explained.
    fn unexplained(&self, bits: &[bool], blur: &Blur) -> Option<Vec<f32>> {
        let (wide, pitch) = (self.wide(), self.wide() + 2 * REACH);
        let mut model = vec![0.0_f32; pitch * pitch];
        for at in (0..bits.len()).filter(|at| bits[*at]) {
            let first = at / wide * pitch + at % wide;
            blur.taps.iter().for_each(|(off, tap)| model[first + off] += tap);
        }
        let inner = |at: usize| (at / wide + REACH) * pitch + at % wide + REACH;
        let count = self.seen.len() as f32;
        let model_mean = (0..self.seen.len()).map(|at| model[inner(at)]).sum::<f32>() / count;
        let seen_mean = self.seen.iter().sum::<f32>() / count;
        let (mut joint, mut own) = (0.0, 0.0_f32);
        for (at, seen) in self.seen.iter().enumerate() {
            let off = model[inner(at)] - model_mean;
            joint += off * (seen - seen_mean);
            own += off * off;
        }
        let contrast = joint / own.max(f32::EPSILON);
        if contrast <= f32::EPSILON {
            return None;
        }
        let mut rest = vec![0.0; pitch * pitch];
        for (at, seen) in self.seen.iter().enumerate() {
            rest[inner(at)] = (seen - seen_mean) / contrast + model_mean - model[inner(at)];
        }
        Some(rest)
    }
}

impl Blur {
    fn new(sigma: f32, pitch: usize) -> Self {
        let weight = |at: usize| (-(at.abs_diff(REACH).pow(2) as f32) / (2.0 * sigma * sigma)).exp();
        let sum: f32 = (0..=2 * REACH).map(weight).sum();
        let taps: Vec<(usize, f32)> = (0..=2 * REACH)
            .flat_map(|y| (0..=2 * REACH).map(move |x| (x, y)))
            .map(|(x, y)| (y * pitch + x, weight(x) * weight(y) / (sum * sum)))
            .collect();
        let energy = taps.iter().map(|(_, tap)| tap * tap).sum();
        Self { taps, energy }
    }
}
