//! What is known of a symbol before it is read.
//!
//! Finder patterns with their separators, timing rows, the alignment pattern nearest to the free corner, the
//! one module that is always dark and the quiet zone, as ISO/IEC 18004 draws them. Coordinates count from a
//! ring of quiet zone, so the symbol's first module is at one, one.

/// The modules that each symbol of one size shares.
#[derive(Clone)]
pub struct Known {
    side: usize,
    modules: Vec<Option<bool>>,
}

impl Known {
    /// For a symbol of `side` modules, at least 21.
    pub fn of(side: usize) -> Self {
        let mut known = Self { side, modules: vec![None; (side + 2) * (side + 2)] };
        for at in 0..side + 2 {
            for (x, y) in [(at, 0), (at, side + 1), (0, at), (side + 1, at)] {
                known.set(x, y, false);
            }
        }
        for at in 8..side.saturating_sub(8) {
            known.set(at + 1, 7, at % 2 == 0);
            known.set(7, at + 1, at % 2 == 0);
        }
        if side > 21 {
            known.rings(side - 8, side - 8, 5);
        }
        for (left, top) in [(0, 0), (side.saturating_sub(7), 0), (0, side.saturating_sub(7))] {
            known.finder(left, top);
        }
        known.set(9, side.saturating_sub(7), true);
        known
    }

    /// Modules to each side, without the ring.
    pub const fn side(&self) -> usize {
        self.side
    }

    /// Dark or light where that is certain.
    pub fn at(&self, x: usize, y: usize) -> Option<bool> {
        self.modules.get(y * (self.side + 2) + x).copied().flatten()
    }

    fn set(&mut self, x: usize, y: usize, dark: bool) {
        if let Some(module) = self.modules.get_mut(y * (self.side + 2) + x) {
            *module = Some(dark);
        }
    }

    /// Dark, light and dark rings, seen from the outside.
    fn rings(&mut self, left: usize, top: usize, width: usize) {
        for y in 0..width {
            for x in 0..width {
                let ring = x.min(y).min(width - 1 - x).min(width - 1 - y);
                self.set(left + x, top + y, ring != 1);
            }
        }
    }

    /// A finder pattern with the light ring around it; `left` and `top` are those of the ring.
    fn finder(&mut self, left: usize, top: usize) {
        for y in top..top + 9 {
            for x in left..left + 9 {
                if x <= self.side + 1 && y <= self.side + 1 {
                    self.set(x, y, false);
                }
            }
        }
        self.rings(left + 1, top + 1, 7);
    }
}
