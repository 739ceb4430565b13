//! What a host with a device can still tell, and what may go out to it: the part of the comparison that
//! speaks Kayaaku.

use super::{Books, original};
use crate::line::Left;
use crate::world::World;
use domain::operation::{Kind, Sent, Step};
use domain::payment::Payment;
use simulator::kayaaku::Entry;
use std::collections::BTreeMap;

/// Every transaction of every host.
fn entries(world: &World) -> Vec<Entry> {
    let hosts = world.desks.iter().filter(|desk| desk.form.is_hosted());
    hosts.flat_map(|desk| desk.host().transactions()).collect()
}

/// The requests that left: call and id.
fn left(world: &World) -> Vec<(&'static str, String)> {
    let money = world.wires.money.lock().unwrap();
    let requests = money.iter().filter_map(|left| match left {
        Left::Host(call, id) => Some((*call, id.clone())),
        Left::Card(_) | Left::Wallet(_) | Left::Cable(_, _) | Left::Hub(_, _) => None,
    });
    requests.collect()
}

fn firsts(payment: &Payment) -> impl Iterator<Item = &str> {
    let first = |sent: &&Sent| sent.step == Step::First;
    payment.sent.iter().filter(first).map(|sent| sent.reference.0.as_str())
}

/// The ids that an original is known by.
fn of_original(books: &Books, payment: &Payment) -> Vec<String> {
    let original = original(payment);
    let found = books.payments.iter().find(|it| Some(it.id()) == original);
    found.map(|it| firsts(it).map(str::to_owned).collect()).unwrap_or_default()
}

/// Whether a request of this payment left that can have moved money. What is encrypted names nobody: any of
/// them may be its own.
pub fn has_left(world: &World, books: &Books, payment: &Payment) -> bool {
    let own = |wanted: &str, names: &[String]| {
        left(world).iter().any(|(call, id)| *call == wanted && (id.is_empty() || names.contains(id)))
    };
    let names: Vec<String> = firsts(payment).map(str::to_owned).collect();
    match payment.operation.kind {
        Kind::Sale => own("pay", &names),
        Kind::Refund => own("refund", &names),
        Kind::Reversal => own("void", &of_original(books, payment)),
    }
}

/// Nothing leaves that the journal does not hold (R1): a payment leaves once under its id; a refund or void
/// as often as a reference was reserved for it. A restored backup lacks what was lost.
pub fn references(world: &World, books: &Books, wrong: &mut Vec<String>) {
    let mut times = BTreeMap::<(&str, String), usize>::new();
    for what in left(world).into_iter().filter(|(_, id)| !id.is_empty()) {
        *times.entry(what).or_default() += 1;
    }
    for ((call, id), times) in times {
        let sends = |it: &Payment| it.sent.len();
        let owns = |it: &&Payment| firsts(it).any(|own| own == id);
        let allowed: usize = match call {
            "pay" => books.payments.iter().filter(owns).count(),
            "refund" => books.payments.iter().filter(owns).map(sends).sum(),
            _ => {
                let undoes = |it: &&Payment| {
                    it.operation.kind == Kind::Reversal && of_original(books, it).contains(&id)
                };
                books.payments.iter().filter(undoes).map(sends).sum()
            }
        };
        let is_excused = world.restored && (times <= 1 || call != "pay");
        if times > allowed && !is_excused {
            wrong.push(format!("{id} left as {call} {times} times; the journal has {allowed}"));
        }
    }
}

/// Why the wire could still tell: the host knows what became of it, and tells the truth.
pub fn decidable(world: &World, books: &Books, payment: &Payment) -> Option<String> {
    let names: Vec<String> = match payment.operation.kind {
        Kind::Sale | Kind::Refund => firsts(payment).map(str::to_owned).collect(),
        Kind::Reversal => of_original(books, payment),
    };
    let newest = names.last()?;
    let desk = world.desks.iter().find(|desk| desk.id == payment.operation.terminal)?;
    if names.iter().any(|id| desk.host().lies_about(id)) {
        return None;
    }
    let entries = entries(world);
    let entry = entries.iter().find(|it| it.id == *newest)?;
    let why = match payment.operation.kind {
        Kind::Sale | Kind::Refund if entry.voided || entry.foreign => None,
        Kind::Sale | Kind::Refund => entry.code.as_ref().map(|code| format!("the host says {code}")),
        Kind::Reversal => entry.voided.then(|| "the host took it back".to_owned()),
    };
    why.filter(|_| !payment.approval_mismatched)
}
