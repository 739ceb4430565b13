//! The comparison of bank and journal: what the promise means, as a function.

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
    let by_transaction: BTreeMap<&str, &Payment> =
        books.payments.iter().map(|it| (it.operation.transaction.0.as_str(), it)).collect();
    for payment in &books.payments {
        unsettled(world, &books, payment, &mut wrong);
        invented(world, payment, &mut wrong);
    }
    references(world, &books, &mut wrong);
    for transaction in world.bank.transactions() {
        let times = world.bank.approvals_for(&transaction.transaction);
        if times > 1 {
            wrong.push(format!("charged {times} times: {}", transaction.transaction));
        }
        match by_transaction.get(transaction.transaction.as_str()) {
            _ if lost.contains(&transaction.transaction) => {}
            Some(payment) if is_beyond_knowing(world, payment, &transaction) => {}
            Some(payment) => compare(&books, payment, &transaction, &mut wrong),
            None => wrong.push(format!("the journal does not know {transaction:?}")),
        }
    }
    match world.store().verify().await {
        Err(error) => wrong.push(format!("the journal does not verify: {error}")),
        Ok(verified) if world.store().daybook().is_ok_and(|live| live != verified.daybook) => {
            wrong.push("the daybook is not what the journal folds to".to_owned());
        }
        Ok(_) => {}
    }
    for desk in &world.desks {
        // A message in a foreign name, or to a till that does not listen, is refused, as it should be.
        let complaints = desk.terminal.complaints().into_iter().filter(|it| !it.contains("status 40"));
        wrong.extend(complaints.map(|it| format!("the terminal complains: {it}")));
    }
    wrong
}

/// Every payment is closed, or disputed for a reason that the wire cannot resolve.
fn unsettled(world: &World, books: &Books, payment: &Payment, wrong: &mut Vec<String>) {
    match &payment.stage {
        Stage::Closed(_) => {}
        Stage::Disputed(reason) => {
            let why = never_left(world, payment).or_else(|| decidable(world, books, payment));
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
fn never_left(world: &World, payment: &Payment) -> Option<String> {
    let mut open = payment.sent.iter().filter(|sent| !sent.not_started).peekable();
    if world.restored {
        return None;
    }
    if open.peek().is_none() {
        return Some("nothing of it can be at the terminal".to_owned());
    }
    let left: BTreeSet<String> = sent(world).into_iter().map(|(_, reference)| reference).collect();
    let is_at_home = open.all(|sent| !left.contains(&sent.reference.0));
    (is_at_home && !world.crashed).then(|| "none of its requests left".to_owned())
}

/// Terminal and reference of every money request that left.
fn sent(world: &World) -> Vec<(String, String)> {
    let decoded = |text: &String| wire::nexo::decode(text.as_bytes(), &wire::nexo::Limits::REPLY).ok();
    let headers = world.wires.money.lock().unwrap().iter().filter_map(decoded).collect::<Vec<_>>();
    headers.into_iter().map(|it| (it.header.poi_id, it.header.service_id.unwrap_or_default())).collect()
}

/// Nothing leaves under a reference that the journal does not hold (R1), and under none twice (R12). What a
/// restored backup lost, it does not hold.
fn references(world: &World, books: &Books, wrong: &mut Vec<String>) {
    let mut known = BTreeMap::<&str, usize>::new();
    for sent in books.payments.iter().flat_map(|it| &it.sent) {
        *known.entry(sent.reference.0.as_str()).or_default() += 1;
    }
    let (mut left, requests) = (BTreeSet::new(), sent(world));
    for (terminal, reference) in &requests {
        let times = known.get(reference.as_str()).copied().unwrap_or_default();
        if times != 1 && !(times == 0 && world.restored) {
            wrong.push(format!("{reference} left for {terminal}, and is in the journal {times} times"));
        }
        if !left.insert(reference) {
            wrong.push(format!("{reference} left for {terminal} again"));
        }
    }
}

/// Why the wire could still tell: the terminal remembers an answer, or nothing interrupted the session.
fn decidable(world: &World, books: &Books, payment: &Payment) -> Option<String> {
    let desk = world.desks.iter().find(|desk| desk.id == payment.operation.terminal)?;
    let number = desk.terminal.state().number;
    let page = |reference: &str| {
        let of = |page: &&simulator::bank::Page| page.service_id == reference;
        world.bank.read_notebook(&number, |book| book.pages.iter().find(of).map(|page| page.text.clone()))
    };
    let open: Vec<_> = payment.sent.iter().filter(|sent| !sent.not_started).collect();
    if let Some((text, named)) =
        open.iter().find_map(|sent| Some((page(&sent.reference.0)?, &sent.reference.0)))
    {
        return is_truthful(&text, named, payment).then(|| "the terminal remembers it".to_owned());
    }
    if desk.terminal.state().phase == "paying" {
        // It is busy with something that a restored journal does not have, and tells nothing else.
        return None;
    }
    if payment.approval_mismatched {
        // The terminal answered with an approval under another name, and has nothing under ours.
        return None;
    }
    let newest = |book: &simulator::bank::Notebook| book.pages.last().cloned();
    let session = books.sessions.get(&payment.operation.terminal)?;
    let foreign = |page: simulator::bank::Page| {
        let is_lost = world.restored && owner(&page, books).is_none();
        let came_late = was_held(desk, &page.service_id) || was_named_otherwise(&page, session);
        is_misnamed(&page, books) || (is_lost && came_late)
    };
    if world.bank.read_notebook(&number, newest).is_some_and(foreign) {
        // It tells of its newest transaction under a foreign name, or of one from a lost part of the journal
        // that it did not have, or called otherwise, when it was asked after the restore: nobody knows whose
        // that is.
        return None;
    }
    let uninterrupted =
        session.open.is_some() && !open.is_empty() && open.iter().all(|sent| sent.session == session.open);
    uninterrupted.then(|| "its session was never interrupted".to_owned())
}

/// Whether the terminal remembers a payment of the journal under another name than the journal's.
fn is_misnamed(page: &simulator::bank::Page, books: &Books) -> bool {
    let owner = owner(page, books);
    owner.is_some_and(|owner| name(page).is_some_and(|named| named != owner.operation.transaction.0))
}

/// Whether the terminal named another transaction when it was asked after the restore.
fn was_named_otherwise(page: &simulator::bank::Page, session: &Session) -> bool {
    let told = &session.last_named;
    !told.is_empty() && name(page).is_some_and(|named| told.iter().all(|it| it.0 != named))
}

fn owner<'a>(page: &simulator::bank::Page, books: &'a Books) -> Option<&'a Payment> {
    let is_its = |it: &&Payment| it.sent.iter().any(|sent| sent.reference.0 == page.service_id);
    books.payments.iter().find(is_its)
}

/// The till's number of the transaction, as the terminal remembers it.
fn name(page: &simulator::bank::Page) -> Option<String> {
    let message = wire::nexo::decode(page.text.as_bytes(), &wire::nexo::Limits::REPLY).ok()?;
    let wire::nexo::Body::PaymentResponse(answer) = message.body else { return None };
    answer.sale_data.and_then(|it| it.sale_transaction_id).and_then(|it| it.transaction_id)
}

/// Whether a remembered answer says what was asked: one that names another message, amount, currency,
/// transaction or no word of the protocol can never settle the payment.
fn is_truthful(text: &str, named: &str, payment: &Payment) -> bool {
    let Ok(message) = wire::nexo::decode(text.as_bytes(), &wire::nexo::Limits::REPLY) else { return false };
    if message.header.service_id.as_deref() != Some(named) {
        return false;
    }
    let is_word = |result: &wire::nexo::ResultCode| !matches!(result, wire::nexo::ResultCode::Other(_));
    if let wire::nexo::Body::ReversalResponse(answer) = &message.body {
        let whole = answer.reversed_amount.as_ref().and_then(|it| it.to_minor(2));
        let fits = whole.is_none_or(|minor| minor == payment.operation.requested.minor);
        return is_word(&answer.response.result) && fits;
    }
    let wire::nexo::Body::PaymentResponse(answer) = message.body else { return true };
    let says_so = is_word(&answer.response.result);
    let ours = |name: &str| text.contains(&format!("TransactionID=\"{name}\""));
    let asked = payment.operation.requested.minor;
    let amount = answer.payment_result.and_then(|it| it.amounts_resp).is_none_or(|amounts| {
        let tip = amounts.tip_amount.and_then(|it| it.to_minor(2)).unwrap_or(0);
        let total = amounts.authorized_amount.and_then(|it| it.to_minor(2));
        let currency = amounts.currency.as_deref().unwrap_or("SEK") == "SEK";
        currency
            && (total == Some(asked + tip) || answer.response.result == wire::nexo::ResultCode::Partial)
    });
    says_so && amount && ours(&payment.operation.transaction.0)
}

/// Whatever the journal calls moved, the bank has.
fn invented(world: &World, payment: &Payment, wrong: &mut Vec<String>) {
    if ledger::moved(payment) == 0 || payment.operation.kind == Kind::Reversal {
        return;
    }
    let transaction = &payment.operation.transaction.0;
    let moved = |it: &Transaction| {
        it.transaction == *transaction && matches!(it.state, State::Approved | State::Reversed)
    };
    if !world.bank.transactions().iter().any(moved) {
        wrong.push(format!("the journal invented {} ({transaction})", payment.id()));
    }
}

/// A request that came when it had been judged lost, at a terminal that has forgotten it since, or that
/// nobody may log in to: nobody is left to tell.
fn is_beyond_knowing(world: &World, payment: &Payment, transaction: &Transaction) -> bool {
    let is_judged = domain::payment::is_without_an_answer(payment);
    let Some(desk) = world.desks.iter().find(|desk| desk.id == payment.operation.terminal) else {
        return false;
    };
    let id = &transaction.service_id;
    let remembers = |book: &simulator::bank::Notebook| book.pages.iter().any(|page| page.service_id == *id);
    let state = desk.terminal.state();
    let can_tell = state.poi_id.is_some() && world.bank.read_notebook(&state.number, remembers);
    is_judged && was_held(desk, id) && !can_tell
}

fn was_held(desk: &crate::world::Desk, id: &str) -> bool {
    desk.terminal.held().iter().any(|(held, ms)| held == id && *ms > HELD_FOR_LONG)
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
