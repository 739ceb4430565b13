//! One picture in grey, the only thing that readers look at.
//!
//! A camera's colours say nothing about a code, so every source hands over luma alone, rows without padding.
//! Invariant: as many bytes as width times height, and both sides within [`LEAST_SIDE_PX`] and [`SIDE_PX`]:
//! nothing behind this type meets an empty picture or one that would exhaust memory.

use crate::limits::{LEAST_SIDE_PX, SIDE_PX};

/// A picture in grey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Luma {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Luma {
    /// A picture of `width` times `height` bytes, row after row from the top. `None` where the bytes do not
    /// fit or a side is out of bounds.
    pub fn new(width: usize, height: usize, bytes: Vec<u8>) -> Option<Self> {
        let sides = LEAST_SIDE_PX..=SIDE_PX;
        let fits = sides.contains(&width) && sides.contains(&height) && bytes.len() == width * height;
        fits.then_some(Self { width, height, bytes })
    }

    /// Pixels in a row.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub const fn height(&self) -> usize {
        self.height
    }

    /// All pixels, row after row; 0 is black.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The rows from the top.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.bytes.chunks_exact(self.width)
    }

    /// Each pixel the mean of two by two; noise and moire are averaged away with them. `None` where too
    /// little would be left.
    pub fn half(&self) -> Option<Self> {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut bytes = Vec::with_capacity(width * height);
        for pair in self.bytes.chunks_exact(2 * self.width) {
            let (upper, lower) = pair.split_at(self.width);
            bytes.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(a, b)| mean_of_four(a, b)));
        }
        Self::new(width, height, bytes)
    }

    /// Each pixel the mean of three by three.
    pub fn third(&self) -> Option<Self> {
        let (width, height) = (self.width / 3, self.height / 3);
        let mut bytes = Vec::with_capacity(width * height);
        let mut sums = vec![0_u16; width];
        for rows in self.bytes.chunks_exact(3 * self.width) {
            sums.fill(0);
            for row in rows.chunks_exact(self.width) {
                for (sum, three) in sums.iter_mut().zip(row.chunks_exact(3)) {
                    *sum += three.iter().map(|byte| u16::from(*byte)).sum::<u16>();
                }
            }
            bytes.extend(sums.iter().map(|sum| low_byte(sum / 9)));
        }
        Self::new(width, height, bytes)
    }

    /// A picture of the same size made of other bytes; too few or too many leave this one's.
    pub(crate) fn with(&self, bytes: Vec<u8>) -> Self {
        let bytes = if bytes.len() == self.bytes.len() { bytes } else { self.bytes.clone() };
        Self { width: self.width, height: self.height, bytes }
    }
}

fn mean_of_four(upper: &[u8], lower: &[u8]) -> u8 {
    let sum: u16 = upper.iter().chain(lower).map(|byte| u16::from(*byte)).sum();
    low_byte((sum + 2) / 4)
}

/// A number that is a byte already.
fn low_byte(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
