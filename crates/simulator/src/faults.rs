//! A plan of faults for storms: for each exchange, by its number, a seed decides what goes wrong.
//!
//! Invariant: the same seed, rate and choice give the same faults for the same exchange numbers, whatever
//! happens in between; after [`Plan::heal`] nothing goes wrong any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::rng::Rng;
use crate::script::{Action, Delivery, Oddity, Outcome, Restart, Source, Twist};

/// Clones share the counter and the health, so a test keeps one to heal the line.
#[derive(Debug, Clone)]
pub struct Plan {
    seed: u64,
    per_mille: u64,
    choice: Arc<Vec<Vec<Action>>>,
    exchanges: Arc<AtomicU64>,
    healed: Arc<AtomicBool>,
}

impl Plan {
    /// Faults in `per_mille` of a thousand exchanges, from everything that can go wrong on the way and
    /// inside the terminal while money is still told rightly to those who ask again
    /// ([`Plan::survivable`]).
    pub fn new(seed: u64, per_mille: u64) -> Self {
        Self::choosing(seed, per_mille, Self::survivable())
    }

    /// Faults from a choice; one entry is the set of actions for one exchange.
    pub fn choosing(seed: u64, per_mille: u64, choice: Vec<Vec<Action>>) -> Self {
        Self {
            seed,
            per_mille,
            choice: Arc::new(choice),
            exchanges: Arc::new(AtomicU64::new(0)),
            healed: Arc::new(AtomicBool::new(false)),
        }
    }

    /// From now on everything works.
    pub fn heal(&self) {
        self.healed.store(true, Ordering::Relaxed);
    }

    /// What goes wrong with the next exchange.
    pub fn next(&self) -> Vec<Action> {
        let index = self.exchanges.fetch_add(1, Ordering::Relaxed);
        if self.healed.load(Ordering::Relaxed) { Vec::new() } else { self.at(index) }
    }

    /// What goes wrong with the exchange of this number, from 0.
    pub fn at(&self, index: u64) -> Vec<Action> {
        let mut rng = Rng::keyed(self.seed, &format!("fault {index}"));
        if rng.below(1000) >= self.per_mille {
            return Vec::new();
        }
        rng.pick(&self.choice).cloned().unwrap_or_default()
    }

    /// Faults after which the truth can still be learned from the terminal.
    pub fn survivable() -> Vec<Vec<Action>> {
        let deliveries = [
            Delivery::Refused,
            Delivery::Cut,
            Delivery::Cut,
            Delivery::CutMiddle,
            Delivery::Close,
            Delivery::Never,
            Delivery::Empty,
            Delivery::NoContent,
            Delivery::Status(500),
            Delivery::Garbage,
            Delivery::Truncated,
            Delivery::EntityBomb,
            Delivery::Deep,
            Delivery::Twice,
            Delivery::Chunked,
            Delivery::Http10,
        ];
        let twists = [
            Twist::WrongServiceId,
            Twist::WrongSaleId,
            Twist::WrongPoiId,
            Twist::WrongAmount,
            Twist::WrongCurrency,
            Twist::WrongTransaction,
            Twist::UnknownResult,
            Twist::NoReceipts,
            Twist::BadReceipts,
            Twist::Bare,
        ];
        let oddities =
            [Oddity::ParallelDisplays, Oddity::UnknownPrint, Oddity::UnknownEvent, Oddity::ForeignPoiId];
        let fail = |condition: &str| vec![Action::Fail(condition.to_owned())];
        let outcomes = [
            Outcome::Decline { condition: "Refusal".to_owned(), receipt: true },
            Outcome::Cancel,
            Outcome::Tip,
            Outcome::Partial { condition: None },
            Outcome::Signature,
        ];
        let mut all: Vec<Vec<Action>> = Vec::new();
        all.extend(deliveries.map(|delivery| vec![delivery.into()]));
        all.extend(twists.map(|twist| vec![twist.into()]));
        all.extend(oddities.map(|oddity| vec![oddity.into()]));
        all.extend(outcomes.map(|outcome| vec![outcome.into()]));
        all.extend([Source::Chip, Source::Stripe].map(|source| vec![source.into()]));
        all.extend(
            [Action::Slow(20_000), Action::Late(45_000), Action::Hold(8_000)].map(|action| vec![action]),
        );
        all.push(vec![Delivery::Close.into(), Action::Hold(90_000)]);
        all.extend([vec![Action::Unprocessed, Delivery::Cut.into()], fail("Busy"), fail("NotAllowed")]);
        all.push(fail("InProgress"));
        all.push(vec![Action::Unprocessed, Delivery::Status(503).into()]);
        all.extend([true, false].map(|before| vec![Restart { before, forgets: false }.into()]));
        all
    }

    /// Faults after which nobody can tell from the terminal any more what happened.
    pub fn fatal() -> Vec<Vec<Action>> {
        let sticky = |twist: Twist| vec![Action::Sticky, twist.into()];
        let mut all: Vec<Vec<Action>> =
            [Twist::WrongAmount, Twist::WrongCurrency, Twist::WrongTransaction, Twist::UnknownResult]
                .map(sticky)
                .into();
        all.push(vec![Restart { before: false, forgets: true }.into()]);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_faults_until_healed() {
        let (one, two) = (Plan::new(5, 300), Plan::new(5, 300));
        let faults: Vec<_> = (0..200).map(|_| one.next()).collect();
        assert_eq!(faults, (0..200).map(|index| two.at(index)).collect::<Vec<_>>());
        let failing = faults.iter().filter(|actions| !actions.is_empty()).count();
        assert!((30..90).contains(&failing), "{failing} of 200");
        two.heal();
        assert!((0..200).all(|_| two.next().is_empty()));
    }
}
