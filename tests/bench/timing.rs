//! Times to quantiles, rounds to medians.
//!
//! Other programs run on the machine: the median over rounds forgets a disturbed one, and a ratio is made
//! within a round, where both sides were disturbed alike.

use std::time::{Duration, Instant};

/// Microseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// The median.
    pub p50: f64,
    /// All but one in a hundred are faster.
    pub p99: f64,
}

impl Quantiles {
    /// Of these times; zeros where there is none.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |percent: usize| {
            let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e6)
        };
        Self { p50: at(50), p99: at(99) }
    }

    fn over(&self, baseline: &Self) -> Self {
        Self { p50: self.p50 / baseline.p50, p99: self.p99 / baseline.p99 }
    }
}

/// One round: what is measured, and its baseline.
#[derive(Debug, Default)]
pub struct Round {
    /// What is measured.
    pub measured: Vec<Duration>,
    /// The baseline.
    pub baseline: Vec<Duration>,
}

/// The rounds so far.
#[derive(Debug, Default)]
pub struct Rounds {
    measured: Vec<Quantiles>,
    baseline: Vec<Quantiles>,
}

impl Rounds {
    /// Takes a finished round.
    pub fn take(&mut self, round: Round) {
        self.measured.push(Quantiles::of(round.measured));
        self.baseline.push(Quantiles::of(round.baseline));
    }
    /// What was measured, median over the rounds.
    pub fn measured(&self) -> Quantiles {
        median_of(&self.measured)
    }
    /// The baseline, median over the rounds.
    pub fn baseline(&self) -> Quantiles {
        median_of(&self.baseline)
    }
    /// Each round's ratio, median over the rounds.
    pub fn ratio(&self) -> Quantiles {
        let ratios: Vec<_> = self.measured.iter().zip(&self.baseline).map(|(a, b)| a.over(b)).collect();
        median_of(&ratios)
    }
}

fn median_of(rounds: &[Quantiles]) -> Quantiles {
    let of = |part: fn(&Quantiles) -> f64| median(rounds.iter().map(part).collect());
    Quantiles { p50: of(|round| round.p50), p99: of(|round| round.p99) }
}

/// The middle one; zero of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Runs it and tells how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = std::hint::black_box(work());
    (made, start.elapsed())
}
