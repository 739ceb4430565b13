//! How much one look may do.
//!
//! Reading has searches in it, and a picture can be made that keeps a search busy. So work is counted, not
//! timed: the same picture always gets the same effort, on any machine and however busy it is. Invariant: a
//! frame's effort grows with its pixels, as all other work on it does.

use super::frame::Luma;
use crate::limits::{
    FITS_FRAME, FITS_PICTURE, PIXELS_A_SPOT, PIXELS_A_TRY, PIXELS_A_WAY, SECOND_OPINION_LEAST_PX,
};

/// What is left of it.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    fits: usize,
    spots: usize,
    ways: usize,
    tries: usize,
    second: bool,
}

impl Effort {
    /// None for grids: codes that bits alone show.
    pub const fn quick() -> Self {
        Self { fits: 0, spots: 0, ways: 0, tries: 0, second: false }
    }

    /// For one frame of many.
    pub fn frame(luma: &Luma) -> Self {
        let pixels = luma.bytes().len();
        Self {
            fits: FITS_FRAME,
            spots: pixels / PIXELS_A_SPOT,
            ways: pixels / PIXELS_A_WAY,
            tries: pixels / PIXELS_A_TRY,
            second: pixels >= SECOND_OPINION_LEAST_PX,
        }
    }

    /// For a picture of which there is only one.
    pub const fn picture() -> Self {
        let (spots, ways, tries) = (usize::MAX, usize::MAX, usize::MAX);
        Self { fits: 2 * FITS_PICTURE, spots, ways, tries, second: true }
    }

    /// Kinds of code, dark on light and light on dark, of which a grid may be fitted.
    pub const fn kinds(&self) -> usize {
        self.fits
    }

    /// Whether the reader may be asked whose work does not shrink with the picture.
    pub const fn may_ask_twice(&self) -> bool {
        self.second
    }

    /// Whether one more grid may be fitted.
    pub const fn begin_fit(&mut self) -> bool {
        spend(&mut self.fits, 1)
    }

    /// Whether so many spots of the picture may be looked at.
    pub const fn look_at(&mut self, spots: usize) -> bool {
        spend(&mut self.spots, spots)
    }

    /// Whether bits may be made of a grid in one more way.
    pub const fn begin_way(&mut self) -> bool {
        spend(&mut self.ways, 1)
    }

    /// Whether one more try may be made to mend a symbol's words.
    pub const fn begin_try(&mut self) -> bool {
        spend(&mut self.tries, 1)
    }
}

const fn spend(left: &mut usize, cost: usize) -> bool {
    let may = *left >= cost;
    *left = left.saturating_sub(cost);
    may
}

#[cfg(test)]
mod tests {
    use super::{Effort, Luma};

    #[test]
    fn effort_ends() {
        let mut effort = Effort::frame(&Luma::new(640, 480, vec![0; 640 * 480]).unwrap());
        let looks = (0..1_000_000).take_while(|_| effort.look_at(1000)).count();
        assert!(looks > 10 && looks < 1000, "{looks}");
        assert!((0..10_000).any(|_| !effort.begin_try()) && (0..100).any(|_| !effort.begin_way()));
        assert!(effort.begin_fit() && (0..10).any(|_| !effort.begin_fit()));
        assert!(!Effort::quick().begin_fit() && Effort::picture().look_at(usize::MAX));
    }
}
