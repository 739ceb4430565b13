//! What a terminal with an ECR Hub can still tell, and what may go out to it: the part of the comparison that
//! speaks its words.

use super::{Books, original};
use crate::line::Left;
use crate::world::World;
use domain::operation::{Kind, Sent, Step};
use domain::payment::Payment;
use simulator::ecrhub::Entry;
use std::collections::BTreeMap;
use wire::ecrhub::Status;

/// Every order of every terminal.
fn entries(world: &World) -> Vec<Entry> {
    let hubs = world.desks.iter().filter(|desk| desk.form.is_hub());
    hubs.flat_map(|desk| desk.hub().orders()).collect()
}

/// The orders that left.
fn left(world: &World) -> Vec<String> {
    let money = world.wires.money.lock().unwrap();
    let requests = money.iter().filter_map(|left| match left {
        Left::Hub(_, number) => Some(number.clone()),
        Left::Card(_) | Left::Wallet(_) | Left::Host(_, _) | Left::Cable(_, _) => None,
    });
    requests.collect()
}

fn firsts(payment: &Payment) -> impl Iterator<Item = &str> {
    let first = |sent: &&Sent| sent.step == Step::First;
    payment.sent.iter().filter(first).map(|sent| sent.reference.0.as_str())
}

/// Whether an order of this payment left.
pub fn has_left(world: &World, payment: &Payment) -> bool {
    let left = left(world);
    firsts(payment).any(|number| left.iter().any(|it| it == number))
}

/// Nothing leaves that the journal does not hold (R1), and no order more than once. A restored backup lacks
/// what was lost.
pub fn references(world: &World, books: &Books, wrong: &mut Vec<String>) {
    let mut times = BTreeMap::<String, usize>::new();
    for number in left(world) {
        *times.entry(number).or_default() += 1;
    }
    for (number, times) in times {
        let is_known = books.payments.iter().any(|it| firsts(it).any(|own| own == number));
        if times > 1 || !(is_known || world.restored) {
            wrong.push(format!("{number} left {times} times; the journal knows it: {is_known}"));
        }
    }
}

/// Why the wire could still tell: the terminal knows what became of it, and tells the truth.
pub fn decidable(world: &World, books: &Books, payment: &Payment) -> Option<String> {
    let newest = firsts(payment).last()?;
    let desk = world.desks.iter().find(|desk| desk.id == payment.operation.terminal)?;
    let named: Vec<String> = original(payment)
        .and_then(|id| books.payments.iter().find(|it| it.id() == id))
        .map(|it| firsts(it).map(str::to_owned).collect())
        .unwrap_or_default();
    if desk.hub().lies_about(newest) || named.iter().any(|number| desk.hub().lies_about(number)) {
        return None;
    }
    let entries = entries(world);
    let entry = entries.iter().find(|it| it.number == newest && !it.foreign)?;
    let why = match (payment.operation.kind, entry.state()) {
        // Voided since: that says nothing of what became of the sale itself.
        (Kind::Sale, Status::Cancelled) if !entry.closed => None,
        (_, Status::Failed | Status::Successful | Status::Cancelled) => {
            Some(format!("the terminal says {}", entry.status))
        }
        (_, Status::Waiting | Status::Running | Status::PaidOnce | Status::Other) => None,
    };
    why.filter(|_| !payment.approval_mismatched)
}
