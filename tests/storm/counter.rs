//! What a cashier does beside payments of plain amounts: rings up, changes, parks, takes cash, splits, takes
//! goods back, counts, closes the day; sometimes pressing twice. Refusals are as good as anything: afterwards
//! the journal must verify, with every completed sale paid (R7) and the daybook as it folds to.

use acceptance::rng::Rng;
use acceptance::world::World;
use domain::basket::{Discount, Quantity};
use domain::ids::{CommandId, OperationId, SaleId};
use domain::operation::Method;
use domain::shift::Way;
use till::api::{Command, Dispatch, DrawerWanted, Query, QueryReply, SaleSlot, SaleView, SaleWanted};

/// A cashier with a mind of their own.
pub struct Counter(Rng);

impl Counter {
    pub fn new(seed: u64) -> Self {
        Self(Rng::new(seed ^ 0x00C0_FFEE))
    }

    /// Presses something. Tells what, and the payment that began.
    pub async fn press(&mut self, world: &World, desk: usize) -> (String, Option<OperationId>) {
        let sale = world.view().sale.clone();
        let command = match self.0.below(100) {
            0..=34 => Some(self.ring_up()),
            35..=46 => self.change(sale.as_deref()),
            47..=58 => self.cash(sale.as_deref()),
            59..=72 => self.through(world, desk, sale.as_deref()),
            73..=78 => self.aside(world, sale.as_deref()),
            79..=84 => Self::leave(sale.as_deref()),
            85..=95 => Some(self.drawer()),
            _ => close_day(world).await,
        };
        let Some(command) = command else { return ("nothing to press".to_owned(), None) };
        let id = CommandId::of(&world.random.seed());
        let dispatch = Dispatch::new(id, command.clone());
        let till = world.till();
        let twice = self.0.chance(10);
        let done = till.dispatch(dispatch.clone()).await;
        if twice {
            let again = till.dispatch(dispatch).await;
            assert_eq!(again, done, "the second press of one command gets the answer of the first");
        }
        let begun = done.as_ref().ok().and_then(|accepted| accepted.payment);
        let told = done.map(|_| "done").map_err(|problem| format!("{problem}"));
        (format!("{command:?}: {told:?}"), begun)
    }

    fn ring_up(&mut self) -> Command {
        let code = (*self.0.pick(&["1", "2", "3", "4", "7310000000002", "nothing"])).to_owned();
        let back = self.0.chance(12);
        let pieces = i64::try_from(1 + self.0.below(3)).unwrap_or(1);
        let quantity = Quantity::pieces(if back { -pieces } else { pieces });
        let wanted = SaleWanted::Scan { code, quantity, price: None };
        Command::Sell { sale: None, revision: None, wanted }
    }

    fn change(&mut self, sale: Option<&SaleView>) -> Option<Command> {
        let line = u16::try_from(1 + self.0.below(4)).unwrap_or(1);
        let minor = i64::try_from(self.0.below(20_000)).unwrap_or(0);
        let points = u16::try_from(self.0.below(10_000)).unwrap_or(0);
        let discount = match self.0.below(3) {
            0 => None,
            1 => Some(Discount::Percent(points)),
            _ => Some(Discount::Amount(World::money(minor))),
        };
        let thousandths = i64::try_from(self.0.below(6_000)).unwrap_or(0) - 1_000;
        let quantity = Quantity::thousandths(thousandths).unwrap_or(Quantity::ONE);
        let wanted = match self.0.below(6) {
            0 => SaleWanted::Quantify { line, quantity },
            1 => SaleWanted::Price { line, price: World::money(minor) },
            2 => SaleWanted::DiscountLine { line, discount },
            3 => SaleWanted::Remove { line },
            4 => SaleWanted::Restore { line },
            _ => SaleWanted::Discount { discount },
        };
        about(sale?, wanted)
    }

    fn cash(&mut self, sale: Option<&SaleView>) -> Option<Command> {
        let sale = sale?;
        let kronor = i64::try_from(self.0.below(300)).unwrap_or(0);
        let given = match self.0.below(3) {
            _ if sale.due_in_cash.minor <= 0 => World::money(0),
            0 => sale.due_in_cash,
            1 => World::money(kronor * 100),
            _ => World::money(sale.due_in_cash.minor + kronor * 100),
        };
        if self.0.chance(15) {
            return about(sale, SaleWanted::HandBack { slot: sale.slot.saturating_sub(1) });
        }
        about(sale, SaleWanted::TakeCash { slot: sale.slot, given })
    }

    /// A tender through a terminal: all that is due, a part, or money back.
    fn through(&mut self, world: &World, desk: usize, sale: Option<&SaleView>) -> Option<Command> {
        let sale = sale?;
        let terminal = world.desks.get(desk)?.id.clone();
        let slot = SaleSlot { sale: sale.sale, revision: sale.revision, slot: sale.slot };
        let part = if self.0.chance(30) { 1 + self.0.below(4) } else { 1 };
        let amount = World::money(sale.due.minor / i64::try_from(part).unwrap_or(1));
        if amount.minor < 0 {
            let amount = World::money(-amount.minor);
            let (original, label, tender) = (None, None, Some(slot));
            return Some(Command::Refund { terminal, amount, original, label, tender });
        }
        let (cash_back, label, tender) = (World::money(0), None, Some(slot));
        let code = world.shown(desk, amount.minor);
        Some(Command::Pay {
            terminal,
            amount,
            cash_back,
            method: Method::Any,
            label,
            tender,
            code,
            seen: None,
        })
    }

    fn aside(&mut self, world: &World, sale: Option<&SaleView>) -> Option<Command> {
        let parked: Vec<SaleId> = world.view().parked.iter().map(|parked| parked.sale).collect();
        if !parked.is_empty() && self.0.chance(60) {
            let sale = Some(*self.0.pick(&parked));
            return Some(Command::Sell { sale, revision: None, wanted: SaleWanted::Recall });
        }
        about(sale?, SaleWanted::Park { label: None })
    }

    fn leave(sale: Option<&SaleView>) -> Option<Command> {
        let sale = sale?;
        if sale.due.is_zero() || sale.lines.is_empty() {
            return Some(Command::NextSale { sale: sale.sale });
        }
        about(sale, SaleWanted::Void)
    }

    fn drawer(&mut self) -> Command {
        let amount = World::money(i64::try_from(self.0.below(50_000)).unwrap_or(0));
        let way = if self.0.chance(50) { Way::In } else { Way::Out };
        let wanted = match self.0.below(8) {
            0..=3 => DrawerWanted::OpenShift { float: amount },
            4 => DrawerWanted::MoveCash { way, amount, reason: "change".to_owned() },
            5 => DrawerWanted::Count { counted: amount, coins: Vec::new() },
            6 => DrawerWanted::CloseShift,
            _ => DrawerWanted::Open { reason: "a look".to_owned() },
        };
        Command::Drawer { wanted }
    }
}

fn about(sale: &SaleView, wanted: SaleWanted) -> Option<Command> {
    Some(Command::Sell { sale: Some(sale.sale), revision: Some(sale.revision), wanted })
}

async fn close_day(world: &World) -> Option<Command> {
    match world.till().query(Query::ReportX).await {
        Ok(QueryReply::Reports { next, .. }) => Some(Command::CloseDay { number: next }),
        Ok(_) | Err(_) => None,
    }
}
