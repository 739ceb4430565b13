//! What a card terminal can still tell: the part of the comparison that speaks nexo.

use super::{Books, HELD_FOR_LONG};
use crate::line::Left;
use crate::world::{Desk, World};
use domain::payment::Payment;
use domain::session::Session;
use simulator::bank::Transaction;
use std::collections::{BTreeMap, BTreeSet};

/// Terminal and reference of every money request that left.
fn sent(world: &World) -> Vec<(String, String)> {
    let decoded = |left: &Left| match left {
        Left::Card(text) => wire::nexo::decode(text.as_bytes(), &wire::nexo::Limits::REPLY).ok(),
        Left::Wallet(_) | Left::Host(_, _) | Left::Cable(_, _) | Left::Hub(_, _) => None,
    };
    let headers = world.wires.money.lock().unwrap().iter().filter_map(decoded).collect::<Vec<_>>();
    headers.into_iter().map(|it| (it.header.poi_id, it.header.service_id.unwrap_or_default())).collect()
}

/// Whether a request of this payment left.
pub fn has_left(world: &World, payment: &Payment) -> bool {
    let left: BTreeSet<String> = sent(world).into_iter().map(|(_, reference)| reference).collect();
    payment.sent.iter().any(|sent| !sent.not_started && left.contains(&sent.reference.0))
}

/// Nothing leaves under a reference that the journal does not hold (R1), and under none twice (R12). What a
/// restored backup lost, it does not hold.
pub fn references(world: &World, books: &Books, wrong: &mut Vec<String>) {
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
pub fn decidable(world: &World, books: &Books, payment: &Payment) -> Option<String> {
    let desk = world.desks.iter().find(|desk| desk.id == payment.operation.terminal)?;
    let number = desk.nexo().state().number;
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
    if desk.nexo().state().phase == "paying" {
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

/// A request that came when it had been judged lost, at a terminal that has forgotten it since, or that
/// nobody may log in to: nobody is left to tell.
pub fn is_beyond_knowing(world: &World, payment: &Payment, transaction: &Transaction) -> bool {
    let is_judged = domain::payment::is_without_an_answer(payment);
    let of = |desk: &&Desk| desk.id == payment.operation.terminal && desk.form.is_nexo();
    let Some(desk) = world.desks.iter().find(of) else { return false };
    let id = &transaction.service_id;
    let remembers = |book: &simulator::bank::Notebook| book.pages.iter().any(|page| page.service_id == *id);
    let state = desk.nexo().state();
    let can_tell = state.poi_id.is_some() && world.bank.read_notebook(&state.number, remembers);
    is_judged && was_held(desk, id) && !can_tell
}

fn was_held(desk: &Desk, id: &str) -> bool {
    desk.nexo().held().iter().any(|(held, ms)| held == id && *ms > HELD_FOR_LONG)
}
