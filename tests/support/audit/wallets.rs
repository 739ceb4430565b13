//! What a wallet gateway can still tell, and what may go out to it: the part of the comparison that speaks
//! Pockyt.

use super::{Books, original};
use crate::line::Left;
use crate::world::{Desk, World};
use domain::operation::{Kind, Sent, Step};
use domain::payment::Payment;
use simulator::pockyt::Entry;
use std::collections::BTreeMap;
use wire::pockyt::{Endpoint, Signed};

/// Every transaction of every gateway.
fn entries(world: &World) -> Vec<Entry> {
    let wallets = world.desks.iter().filter(|desk| desk.form.is_wallet());
    wallets.flat_map(|desk| desk.gateway().transactions()).collect()
}

/// The requests that left, and the till's reference of the transaction that each is about; none where no
/// gateway ever gave out the number that a twisted answer told.
fn left(world: &World) -> Vec<(Signed, String)> {
    let entries = entries(world);
    let by_number: BTreeMap<&str, &str> =
        entries.iter().map(|it| (it.transaction_no.as_str(), it.reference.as_str())).collect();
    let money = world.wires.money.lock().unwrap();
    let requests = money.iter().filter_map(|left| match left {
        Left::Wallet(signed) => Some(signed),
        Left::Card(_) | Left::Host(_, _) | Left::Cable(_, _) | Left::Hub(_, _) => None,
    });
    requests
        .map(|signed| {
            let of = |name: &str| signed.fields.get(name).map(String::as_str);
            let number = of("transactionNo").and_then(|number| by_number.get(number).copied());
            (signed.clone(), of("reference").or(number).unwrap_or_default().to_owned())
        })
        .collect()
}

fn steps(payment: &Payment, is_counted: impl Fn(&Sent) -> bool) -> usize {
    payment.sent.iter().filter(|sent| is_counted(sent)).count()
}

/// The references of a sale's transactions, and of what it gives back where it does.
fn of_step(payment: &Payment, step: Step) -> impl Iterator<Item = &str> {
    payment.sent.iter().filter(move |sent| sent.step == step).map(|sent| sent.reference.0.as_str())
}

fn sale<'a>(books: &'a Books, payment: &'a Payment) -> Option<&'a Payment> {
    let original = original(payment);
    match payment.operation.kind {
        Kind::Sale => Some(payment),
        Kind::Refund | Kind::Reversal => books.payments.iter().find(|it| Some(it.id()) == original),
    }
}

/// Whether a request of this payment left that can have moved money, or showed a code that could be paid.
pub fn has_left(world: &World, books: &Books, payment: &Payment) -> bool {
    let Some(sale) = sale(books, payment) else { return true };
    left(world).iter().any(|(signed, reference)| {
        let is_about = of_step(sale, Step::Prepare).any(|own| own == reference);
        let refund = signed.fields.get("refundReference");
        match (payment.operation.kind, signed.endpoint) {
            (Kind::Sale, Endpoint::Pay | Endpoint::Prepay | Endpoint::CreateCode)
            | (Kind::Sale | Kind::Reversal, Endpoint::Cancel) => is_about,
            (Kind::Refund, Endpoint::Refund) => {
                refund.is_some_and(|told| of_step(payment, Step::First).any(|own| own == told))
            }
            (_, _) => false,
        }
    })
}

/// Nothing leaves that the journal does not hold (R1): a transaction is opened once, under a reference of its
/// own; a code is charged once; a refund or cancel leaves as often as a reference was reserved for it. A
/// restored backup lacks what was lost.
pub fn references(world: &World, books: &Books, wrong: &mut Vec<String>) {
    let mut times = BTreeMap::<(&str, String), usize>::new();
    for (signed, about) in left(world) {
        let refund = signed.fields.get("refundReference").cloned();
        let what = match signed.endpoint {
            Endpoint::Add | Endpoint::CreateCode => ("opened", about),
            Endpoint::Pay | Endpoint::Prepay => ("charged", about),
            Endpoint::Cancel => ("cancelled", about),
            Endpoint::Refund => ("refunded", refund.unwrap_or_default()),
            Endpoint::Query => continue,
        };
        *times.entry(what).or_default() += 1;
    }
    for ((what, name), times) in times.into_iter().filter(|((_, name), _)| !name.is_empty()) {
        let allowed = allowed(books, what, &name);
        let is_excused = world.restored && (times <= 1 || ["cancelled", "refunded"].contains(&what));
        if times > allowed && !is_excused {
            wrong.push(format!("{name} left to be {what} {times} times; the journal has {allowed}"));
        }
    }
}

/// How often the journal lets this leave.
fn allowed(books: &Books, what: &str, name: &str) -> usize {
    let owners = |step: Step| {
        let owns = move |it: &&Payment| of_step(it, step).any(|own| own == name);
        books.payments.iter().filter(owns)
    };
    let sends = |sent: &Sent| matches!(sent.step, Step::First | Step::Resend);
    match what {
        "opened" => owners(Step::Prepare).count(),
        "charged" => {
            owners(Step::Prepare).map(|it| steps(it, |sent| sent.step == Step::First).min(1)).sum()
        }
        "refunded" => owners(Step::First).map(|it| steps(it, sends)).sum(),
        _ => {
            let own = |it: &Payment| steps(it, |sent| sent.step == Step::Cancel);
            let reversals = |sale: &Payment| {
                let undoes =
                    |it: &&Payment| it.operation.kind == Kind::Reversal && original(it) == Some(sale.id());
                books.payments.iter().filter(undoes).map(|it| steps(it, sends)).sum::<usize>()
            };
            owners(Step::Prepare).map(|sale| own(sale) + reversals(sale)).sum()
        }
    }
}

/// Why the wire could still tell: the gateway knows what became of it, and tells the truth.
pub fn decidable(world: &World, books: &Books, payment: &Payment) -> Option<String> {
    let sale = sale(books, payment)?;
    let desk = world.desks.iter().find(|desk| desk.id == sale.operation.terminal)?;
    let is_its = |it: &&Entry| of_step(sale, Step::Prepare).any(|own| own == it.reference);
    let entries: Vec<Entry> = entries(world);
    let own: Vec<&Entry> = entries.iter().filter(is_its).collect();
    // The one that was charged; where none was, the newest.
    let charged = own.iter().find(|it| it.paid.is_some() || it.code.is_some());
    let entry = charged.or(own.last()).copied()?;
    if is_lied_about(desk, entry) {
        return None;
    }
    let why = match payment.operation.kind {
        // A restored journal may lack the transaction that was charged: one that was merely opened tells of
        // money and of nothing else.
        Kind::Sale if entry.status != "success" && !payment.sent.iter().any(Sent::can_have_moved) => None,
        Kind::Sale => Some(format!("the gateway says {}", entry.status)),
        // That the gateway does not know a refund proves nothing, nor that a payment still stands.
        Kind::Refund => {
            let is_known = |reference: &str| entry.refunds.iter().any(|it| it.reference == reference);
            let is_done = of_step(payment, Step::First).any(is_known);
            is_done.then(|| "the gateway knows the refund".to_owned())
        }
        Kind::Reversal => entry.voided.then(|| "the gateway gave it back".to_owned()),
    };
    why.filter(|_| !payment.approval_mismatched)
}

fn is_lied_about(desk: &Desk, entry: &Entry) -> bool {
    desk.gateway().lies_about(&entry.transaction_no)
}
