//! Chance for drawing: the same seed, level and number, the same frame.

use acceptance::rng::Rng;

/// One frame's own chance.
pub struct Dice(Rng);

impl Dice {
    /// For the frame with this number of the level with this name. Levels do not disturb each other: one can
    /// be drawn alone, and one more changes none.
    pub fn of(seed: u64, level: &str, number: usize) -> Self {
        let named = level.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        let mut rng = Rng::new(seed ^ named.rotate_left(17));
        for _ in 0..number {
            rng.word();
        }
        Self(Rng::new(rng.word()))
    }

    /// From 0 to just below 1.
    pub fn unit(&mut self) -> f32 {
        (self.0.word() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Anywhere between the two.
    pub fn between(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.unit()
    }

    /// A whole number from `least` to just below `most`.
    pub fn whole(&mut self, least: usize, most: usize) -> usize {
        let span = most.saturating_sub(least).max(1) as u64;
        least + usize::try_from(self.0.below(span)).unwrap_or(0)
    }

    /// True in this share of all cases.
    pub fn chance(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *self.0.pick(from)
    }

    /// Around zero with a spread of one: the sum of four even ones is near enough to a bell.
    pub fn bell(&mut self) -> f32 {
        let sum: f32 = (0..4).map(|_| self.unit()).sum();
        (sum - 2.0) * 3.0_f32.sqrt()
    }
}
