//! What happened over all storms: one that never does anything proves nothing.

use acceptance::audit::{self, Books};
use acceptance::world::World;
use domain::operation::Kind;
use domain::payment::{Payment, Verdict};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// What happened over all storms.
#[derive(Default)]
pub struct Tally {
    payments: AtomicU64,
    approved: AtomicU64,
    disputed: AtomicU64,
    crashes: AtomicU64,
    restores: AtomicU64,
    reversals: AtomicU64,
    late: AtomicU64,
    wallets: AtomicU64,
    hosted: AtomicU64,
    cabled: AtomicU64,
    hubs: AtomicU64,
}

impl Tally {
    /// Whether enough of everything happened.
    pub fn is_lively(&self) -> bool {
        let money = [&self.payments, &self.approved, &self.disputed, &self.late, &self.reversals];
        let counts = [
            money.as_slice(),
            &[&self.crashes, &self.restores, &self.wallets, &self.hosted, &self.cabled, &self.hubs],
        ]
        .concat();
        counts.iter().all(|count| count.load(Ordering::Relaxed) > 0)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        write!(
            f,
            "{} operations, {} approved, {} disputed, {} late, {} reversals, {} crashes, \
             {} restored backups, {} by wallet, {} through a host, {} on a cable, {} at a hub",
            count(&self.payments),
            count(&self.approved),
            count(&self.disputed),
            count(&self.late),
            count(&self.reversals),
            count(&self.crashes),
            count(&self.restores),
            count(&self.wallets),
            count(&self.hosted),
            count(&self.cabled),
            count(&self.hubs),
        )
    }
}

impl Tally {
    /// Adds one storm.
    pub fn count(&self, world: &World, books: &Books, crashes: u64, restores: u64) {
        let add = |count: &AtomicU64, by: usize| {
            count.fetch_add(u64::try_from(by).unwrap_or(0), Ordering::Relaxed);
        };
        let of = |is: &dyn Fn(&&Payment) -> bool| books.payments.iter().filter(is).count();
        add(&self.payments, books.payments.len());
        add(&self.approved, of(&|it| it.verdict().is_some_and(Verdict::moved_money)));
        add(&self.disputed, of(&|it| it.is_open()));
        add(&self.late, of(&|it| it.closing().is_some_and(|closing| closing.late)));
        add(&self.reversals, of(&|it| it.operation.kind == Kind::Reversal));
        add(&self.wallets, of(&|it| audit::is_wallets(world, it)));
        add(&self.hosted, of(&|it| audit::is_hosted(world, it)));
        add(&self.cabled, of(&|it| audit::is_cabled(world, it)));
        add(&self.hubs, of(&|it| audit::is_hub(world, it)));
        self.crashes.fetch_add(crashes, Ordering::Relaxed);
        self.restores.fetch_add(restores, Ordering::Relaxed);
    }
}
