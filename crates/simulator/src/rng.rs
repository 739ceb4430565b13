//! Deterministic choices from a seed: splitmix64, small enough to be read in one glance.
//!
//! Every variation of the simulator comes from here, so a seed reproduces a whole run. Invariant: the
//! same seed and key give the same sequence on every machine.

/// A sequence of pseudo-random numbers.
#[derive(Debug, Clone)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The sequence of a seed for one purpose. What one purpose draws does not shift the others, so the
    /// order in which tasks happen to run changes nothing.
    pub fn keyed(seed: u64, key: &str) -> Self {
        let mut mixed = Self::new(seed ^ hash(key));
        mixed.draw();
        mixed
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw().checked_rem(bound).unwrap_or(0)
    }

    /// True once in `n` draws on average.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of the choices; `None` when there are none.
    pub fn pick<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        let index = usize::try_from(self.below(choices.len() as u64)).ok()?;
        choices.get(index)
    }

    /// Decimal digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + (self.below(10) as u8))).collect()
    }

    /// Puts the items into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or(last);
            items.swap(last, other);
        }
    }
}

/// FNV-1a: a fixed number for a text.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_key_give_the_same_sequence() {
        let sequence = |seed, key| {
            let mut rng = Rng::keyed(seed, key);
            [rng.draw(), rng.draw(), rng.draw()]
        };
        assert_eq!(sequence(7, "a"), sequence(7, "a"));
        assert_ne!(sequence(7, "a"), sequence(7, "b"));
        assert_ne!(sequence(7, "a"), sequence(8, "a"));
    }

    #[test]
    fn first_number_of_seed_zero_is_the_published_one() {
        assert_eq!(Rng::new(0).draw(), 0xE220_A839_7B1D_CDAF);
    }
}
