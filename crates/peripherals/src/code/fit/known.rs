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
    dark: Vec<(f32, f32)>,
    light: Vec<(f32, f32)>,
    open: Vec<(f32, f32)>,
}

impl Known {
    /// For a symbol of `side` modules, at least 21.
    pub fn of(side: usize) -> Self {
        let modules = vec![None; (side + 2) * (side + 2)];
        let mut known = Self { side, modules, dark: Vec::new(), light: Vec::new(), open: Vec::new() };
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
        known.sort();
        known
    }

    /// Each module's middle among those of its kind.
    fn sort(&mut self) {
        let wide = self.side + 2;
        for (at, module) in self.modules.iter().enumerate() {
            let (x, y) = (at % wide, at / wide);
            let middle = (x as f32 - 0.5, y as f32 - 0.5);
            match module {
                Some(true) => self.dark.push(middle),
                Some(false) => self.light.push(middle),
                // Every other one tells as much as all of them.
                None if (x + y).is_multiple_of(2) => self.open.push(middle),
                None => {}
            }
        }
    }

    /// Middles of the modules that are dark, counted in modules from the symbol's first.
    pub fn dark(&self) -> &[(f32, f32)] {
        &self.dark
    }

    /// Middles of those that are light.
    pub fn light(&self) -> &[(f32, f32)] {
        &self.light
    }

    /// Middles of some of those that are either.
    pub fn open(&self) -> &[(f32, f32)] {
        &self.open
    }

    /// How many middles there are in all.
    pub const fn spots(&self) -> usize {
        self.dark.len() + self.light.len() + self.open.len()
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
