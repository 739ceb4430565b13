//! The comparison of bank and journal: what the promise means, as a function.

mod cables;
mod cards;
mod hosts;
mod hubs;
mod wallets;

use crate::world::World;
use domain::ids::OperationId;
use domain::journal::Fact;
use domain::ledger;
use domain::operation::Kind;
use domain::payment::{Payment, Stage};
use domain::session::Session;
use simulator::bank::{State, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use store::{Day, Show};

/// In milliseconds; longer than a request may be on its way before it is judged lost.
const HELD_FOR_LONG: u64 = 60_000;

/// What the journal says.
pub struct Books {
    /// Every payment.
    pub payments: Vec<Payment>,
    /// Transactions of unclaimed approvals.
    pub unclaimed: BTreeSet<String>,
    /// Every terminal's session.
    pub sessions: BTreeMap<domain::ids::TerminalId, Session>,
}

fn always() -> Day {
    Day { from: jiff::Timestamp::MIN, to: jiff::Timestamp::MAX }
}

/// Reads the journal.
pub async fn books(world: &World) -> Books {
    let read = world.store().read(|reader| {
        let lines = reader.payments(always(), Show::All, 10_000)?;
        let mut payments = Vec::new();
        for line in lines {
            payments.extend(reader.payment(line.id)?);
        }
        let unclaimed = reader.unclaimed(always(), 10_000)?;
        Ok((payments, unclaimed, reader.sessions()?))
    });
    let (payments, unclaimed, sessions) = read.await.expect("the journal can be read");
    let unclaimed =
        unclaimed.into_iter().filter_map(|it| it.outcome.echo.transaction).map(|it| it.0).collect();
    Books { payments, unclaimed, sessions }
}

/// Every difference between bank and journal, in words. `lost`: transactions of a part of the journal that a
/// restored backup does not have.
pub async fn differences(world: &World, lost: &BTreeSet<String>) -> Vec<String> {
    let books = books(world).await;
    let mut wrong = Vec::new();
    let owners = owners(world, &books);
    for payment in &books.payments {
        unsettled(world, &books, payment, &mut wrong);
        invented(world, payment, &mut wrong);
    }
    cards::references(world, &books, &mut wrong);
    wallets::references(world, &books, &mut wrong);
    hosts::references(world, &books, &mut wrong);
    cables::references(world, &books, &mut wrong);
    hubs::references(world, &books, &mut wrong);
    let mut charged = BTreeMap::<String, usize>::new();
    for transaction in world.bank.transactions() {
        let owner = owners.get(transaction.transaction.as_str()).copied();
        if transaction.state == State::Approved {
            let whose = owner.map_or(transaction.transaction.clone(), |owner| owner.id().to_string());
            *charged.entry(whose).or_default() += 1;
        }
        match owner {
            _ if lost.contains(&transaction.transaction) => {}
            Some(payment) if cards::is_beyond_knowing(world, payment, &transaction) => {}
            Some(payment) => compare(&books, payment, &transaction, &mut wrong),
            None => wrong.push(format!("the journal does not know {transaction:?}")),
        }
    }
    let doubled = charged.into_iter().filter(|(_, times)| *times > 1);
    wrong.extend(doubled.map(|(whose, times)| format!("charged {times} times: {whose}")));
    match world.store().verify().await {
        Err(error) => wrong.push(format!("the journal does not verify: {error}")),
        Ok(verified) if world.store().daybook().is_ok_and(|live| live != verified.daybook) => {
            wrong.push("the daybook is not what the journal folds to".to_owned());
        }
        Ok(_) => {}
    }
    for desk in &world.desks {
        wrong.extend(desk.complaints().into_iter().map(|it| format!("the terminal complains: {it}")));
    }
    wrong
}

/// Every name that the bank may know a payment by: a card terminal takes the till's number of the
/// transaction, a gateway the reference of a request.
pub fn names(payment: &Payment) -> impl Iterator<Item = &str> {
    let sent = payment.sent.iter().map(|sent| sent.reference.0.as_str());
    std::iter::once(payment.operation.transaction.0.as_str()).chain(sent)
}

fn owners<'b>(world: &'b World, books: &'b Books) -> BTreeMap<&'b str, &'b Payment> {
    let of = |id: OperationId| books.payments.iter().find(|it| it.id() == id);
    let former = world.former.iter().filter_map(|(name, id)| Some((name.as_str(), of(*id)?)));
    let known = books.payments.iter().flat_map(|payment| names(payment).map(move |name| (name, payment)));
    former.chain(known).collect()
}

/// Every payment is closed, or disputed for a reason that the wire cannot resolve.
fn unsettled(world: &World, books: &Books, payment: &Payment, wrong: &mut Vec<String>) {
    match &payment.stage {
        Stage::Closed(_) => {}
        Stage::Disputed(reason) => {
            let why = never_left(world, books, payment).or_else(|| match is_wallets(world, payment) {
                true => wallets::decidable(world, books, payment),
                false if is_hosted(world, payment) => hosts::decidable(world, books, payment),
                false if is_cabled(world, payment) => cables::decidable(world, books, payment),
                false if is_hub(world, payment) => hubs::decidable(world, books, payment),
                false => cards::decidable(world, books, payment),
            });
            if let Some(why) = why {
                wrong.push(format!("disputed ({reason:?}) although {why}: {}", payment.id()));
            }
        }
        // It waits for its reversal, which is judged by itself.
        Stage::Reversing(Some(reversal)) if is_disputed(books, *reversal) => {}
        stage @ (Stage::Running | Stage::AwaitSignature | Stage::Reversing(_) | Stage::Unknown(_)) => {
            wrong.push(format!("stuck at {stage:?}: {}", payment.id()));
        }
    }
}

fn is_disputed(books: &Books, id: OperationId) -> bool {
    books.payments.iter().any(|it| it.id() == id && matches!(it.stage, Stage::Disputed(_)))
}

/// Why the till itself must know: of its own requests none can have left. A restored backup may lack what
/// was sent; after a crash nobody knows whether a reference on disk was used.
fn never_left(world: &World, books: &Books, payment: &Payment) -> Option<String> {
    let mut open = payment.sent.iter().filter(|sent| !sent.not_started).peekable();
    if world.restored {
        return None;
    }
    if open.peek().is_none() {
        return Some("nothing of it can be at the terminal".to_owned());
    }
    let has_left = match is_wallets(world, payment) {
        true => wallets::has_left(world, books, payment),
        false if is_hosted(world, payment) => hosts::has_left(world, books, payment),
        false if is_cabled(world, payment) => cables::has_left(world, books, payment),
        false if is_hub(world, payment) => hubs::has_left(world, payment),
        false => cards::has_left(world, payment),
    };
    (!has_left && !world.crashed).then(|| "none of its requests left".to_owned())
}

/// Whether a payment went through a wallet gateway.
pub fn is_wallets(world: &World, payment: &Payment) -> bool {
    world.desks.iter().any(|desk| desk.id == payment.operation.terminal && desk.form.is_wallet())
}

/// Whether a payment went through a device behind a host.
pub fn is_hosted(world: &World, payment: &Payment) -> bool {
    world.desks.iter().any(|desk| desk.id == payment.operation.terminal && desk.form.is_hosted())
}

/// Whether a payment went to a device on a cable.
pub fn is_cabled(world: &World, payment: &Payment) -> bool {
    world.desks.iter().any(|desk| desk.id == payment.operation.terminal && desk.form.is_cabled())
}

/// Whether a payment went to a terminal with an ECR Hub.
pub fn is_hub(world: &World, payment: &Payment) -> bool {
    world.desks.iter().any(|desk| desk.id == payment.operation.terminal && desk.form.is_hub())
}

/// Whatever the journal calls moved, the bank has.
fn invented(world: &World, payment: &Payment, wrong: &mut Vec<String>) {
    if ledger::moved(payment) == 0 || payment.operation.kind == Kind::Reversal {
        return;
    }
    let moved = |it: &Transaction| {
        names(payment).any(|name| it.transaction == name)
            && matches!(it.state, State::Approved | State::Reversed)
    };
    if !world.bank.transactions().iter().any(moved) {
        let transaction = &payment.operation.transaction.0;
        wrong.push(format!("the journal invented {} ({transaction})", payment.id()));
    }
}

/// One transaction of the bank with the payment that it belongs to and everything that went back against it.
fn compare(books: &Books, payment: &Payment, transaction: &Transaction, wrong: &mut Vec<String>) {
    let reversals: Vec<&Payment> = books
        .payments
        .iter()
        .filter(|it| it.operation.kind == Kind::Reversal && original(it) == Some(payment.id()))
        .collect();
    let open = |it: &Payment| it.is_open();
    if open(payment) || reversals.iter().any(|it| open(it)) {
        return;
    }
    let sign = if payment.operation.kind == Kind::Refund { -1 } else { 1 };
    let bank = match transaction.state {
        State::Approved => sign * transaction.amount,
        State::Declined | State::Aborted | State::Reversed => 0,
    };
    let back: i64 = reversals.iter().map(|it| ledger::moved(it)).sum();
    let journal = ledger::moved(payment) + back;
    if journal != bank {
        wrong.push(format!(
            "bank {bank}, journal {journal}: {} {:?} {transaction:?}",
            payment.id(),
            payment.stage
        ));
    }
}

fn original(payment: &Payment) -> Option<OperationId> {
    payment.operation.original.as_ref().map(|original| original.operation)
}

/// The facts of one payment, for the report of a failure.
pub async fn story(world: &World, id: OperationId) -> Vec<String> {
    let told = world.store().read(move |reader| reader.payment_facts(id)).await.unwrap_or_default();
    told.iter()
        .map(|it| match &it.fact {
            Fact::Payment { fact, .. } => format!("{} {fact:?}", it.at),
            fact => format!("{} {fact:?}", it.at),
        })
        .collect()
}
