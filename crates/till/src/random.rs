//! The only source of randomness. Ids and references are made of it and of the time.

use crate::clock::Clock;
use domain::ids::Seed;
use std::sync::{Arc, Mutex, PoisonError};
use terminals::seams::Ambient;

/// Time and randomness.
#[derive(Clone, Debug)]
pub struct Random {
    clock: Clock,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    /// State of a splitmix64 generator: the same seed gives the same ids, which is what a storm needs.
    Seeded(Arc<Mutex<u64>>),
}

impl Random {
    /// The system's randomness.
    pub fn system(clock: Clock) -> Self {
        Self { clock, source: Source::System }
    }
    /// Repeatable randomness for tests.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self { clock, source: Source::Seeded(Arc::new(Mutex::new(seed))) }
    }
    /// The same stream of randomness with another clock: for a till that starts again in a test.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self { clock, source: self.source.clone() }
    }
    /// The time now, and ten fresh random bytes.
    pub fn seed(&self) -> Seed {
        Seed { at: self.clock.now(), random: self.bytes() }
    }
    fn bytes(&self) -> [u8; 10] {
        let mut bytes = [0u8; 10];
        match &self.source {
            Source::System => {
                // Without the system's randomness the ids still carry the time; the store refuses a repeat.
                if let Err(error) = getrandom::fill(&mut bytes) {
                    tracing::error!(%error, "the system gives no randomness");
                }
            }
            Source::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in bytes.chunks_mut(8) {
                    let word = splitmix(&mut state).to_le_bytes();
                    chunk.iter_mut().zip(word).for_each(|(byte, random)| *byte = random);
                }
            }
        }
        bytes
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Ambient for Random {
    fn seed(&self) -> Seed {
        Self::seed(self)
    }
}
