//! The only source of randomness. Ids and references are made of it and of the time.

use crate::clock::Clock;
use domain::ids::{Reference, ReferenceShape, Seed};
use domain::payment::Mono;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use terminals::seams::Ambient;

/// Time and randomness.
#[derive(Clone, Debug)]
pub struct Random {
    clock: Clock,
    source: Source,
    /// Where the next reference of this run of the till is, from a random start.
    turn: Arc<AtomicU64>,
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
        Self::of(clock, Source::System)
    }
    /// Repeatable randomness for tests.
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self::of(clock, Source::Seeded(Arc::new(Mutex::new(seed))))
    }
    fn of(clock: Clock, source: Source) -> Self {
        let turn = Arc::new(AtomicU64::new(word(source.bytes())));
        Self { clock, source, turn }
    }
    /// The same stream of randomness with another clock: for a till that starts again in a test.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self { clock, source: self.source.clone(), turn: Arc::clone(&self.turn) }
    }
    /// The time now, and ten fresh random bytes.
    pub fn seed(&self) -> Seed {
        Seed { at: self.clock.now(), random: self.source.bytes() }
    }
    /// A reference that no other one of this run of the till meets: within a second its last digits count
    /// up from a random start, because the four that a short one has left would meet by chance once in some
    /// ten thousand seconds with two requests, and a terminal refuses the second (R12).
    pub fn reference(&self, shape: ReferenceShape) -> Reference {
        let mut seed = self.seed();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        seed.random[..8].copy_from_slice(&turn.to_be_bytes());
        shape.make(&seed)
    }
}

impl Source {
    fn bytes(&self) -> [u8; 10] {
        let mut bytes = [0u8; 10];
        match self {
            Self::System => {
                // Without the system's randomness the ids still carry the time; the store refuses a repeat.
                if let Err(error) = getrandom::fill(&mut bytes) {
                    tracing::error!(%error, "the system gives no randomness");
                }
            }
            Self::Seeded(state) => {
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

fn word(bytes: [u8; 10]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = bytes;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
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
    fn reference(&self, shape: ReferenceShape) -> Reference {
        Self::reference(self, shape)
    }
    fn mono(&self) -> Mono {
        self.clock.mono()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use std::collections::BTreeSet;

    #[test]
    fn references_of_one_second_never_meet() {
        let clock = Clock::starting_at("2026-03-02T09:00:00Z".parse().unwrap(), TimeZone::UTC);
        let random = Random::seeded(clock.clone(), 7);
        let other = random.with_clock(clock);
        let of = |from: &Random| from.reference(ReferenceShape::Digits(10));
        let made: BTreeSet<_> = (0..2_000).flat_map(|_| [of(&random), of(&other)]).collect();
        assert_eq!(made.len(), 4_000);
        let long: BTreeSet<_> = (0..2_000).map(|_| random.reference(ReferenceShape::Hex32)).collect();
        assert_eq!(long.len(), 2_000);
    }

    #[test]
    fn two_runs_begin_their_references_elsewhere() {
        let clock = Clock::starting_at("2026-03-02T09:00:00Z".parse().unwrap(), TimeZone::UTC);
        let first = |seed| Random::seeded(clock.clone(), seed).reference(ReferenceShape::Digits(10));
        assert_ne!(first(1), first(2));
    }
}
