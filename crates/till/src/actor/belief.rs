//! What an enquiry found, and whether it may be believed (R5).

use super::Actor;
use domain::ids::{OperationId, TerminalId};
use domain::operation::Kind;
use domain::outcome::{Fence, Recovered};
use domain::payment::{Payment, Stage};
use std::time::Duration;

/// Who undid a payment whose reversal is asked about once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UndoneBy {
    /// The reversal that is asked about, or nobody.
    Itself,
    /// Another reversal of the same payment.
    Another,
    /// Another one is not closed yet.
    Undecided,
}

impl Actor {
    /// Where a reversal is told by its original alone, what a later one did is no news of one that was closed
    /// without an answer.
    pub(super) async fn undone_by(&self, id: OperationId, found: &Recovered) -> UndoneBy {
        let Recovered::Settled(outcome) = found else { return UndoneBy::Itself };
        let Some(payment) = self.state.payment(id) else { return UndoneBy::Itself };
        let operation = &payment.operation;
        let slot = self.fleet.slots.get(&operation.terminal);
        let by_original = slot.is_some_and(|slot| slot.capabilities().reversals_by_original);
        let is_asked_again = operation.kind == Kind::Reversal && !payment.is_open();
        let original = operation.original.as_ref().filter(|_| by_original && is_asked_again);
        let Some(original) = original.filter(|_| outcome.said.moved_money()) else {
            return UndoneBy::Itself;
        };
        let Ok(original) = self.any_payment(original.operation).await else { return UndoneBy::Undecided };
        let Ok(against) = self.against(&original).await else { return UndoneBy::Undecided };
        let is_other = |it: &&Payment| it.id() != id && it.operation.kind == Kind::Reversal;
        let others: Vec<_> = against.iter().filter(is_other).collect();
        let has_undone =
            |it: &&Payment| matches!(&it.stage, Stage::Closed(closing) if closing.verdict.moved_money());
        if others.iter().any(has_undone) {
            UndoneBy::Another
        } else if others.iter().any(|it| it.is_open()) {
            UndoneBy::Undecided
        } else {
            UndoneBy::Itself
        }
    }

    /// Since it was intended, by the wall clock; within this run of the till by the monotonic clock, too,
    /// which nobody sets but which stands still while the computer sleeps. The longer one counts.
    fn age(&self, id: OperationId) -> Duration {
        let Some(case) = self.state.cases.get(&id) else { return Duration::MAX };
        let intended = case.payment.operation.intended_at;
        let by_wall = self.clock.now().duration_since(intended).unsigned_abs();
        let Some(offset) = case.offset_at_intent else { return by_wall };
        let began = intended.as_millisecond().saturating_sub(offset);
        let began = Duration::from_millis(began.try_into().unwrap_or_default());
        by_wall.max(self.clock.mono().saturating_sub(began))
    }

    /// A provider that may have forgotten by now cannot say that there was nothing.
    fn may_be_forgotten(&self, id: OperationId, terminal: &TerminalId, found: &Recovered) -> bool {
        let Recovered::NeverSeen(fence) = found else { return false };
        let remembers = self.fleet.slots.get(terminal).map(|slot| slot.capabilities().recovery.remembers);
        *fence != Fence::CancelConfirmed && self.age(id) >= remembers.unwrap_or_default()
    }

    /// "Never seen" behind a transaction of somebody else is no fence: another till used the terminal. Where
    /// the terminal tells of nothing but its newest, that must also lie before the payment in the journal.
    pub(super) async fn believed(
        &self,
        id: OperationId,
        terminal: &TerminalId,
        found: Recovered,
    ) -> Recovered {
        if self.may_be_forgotten(id, terminal, &found) {
            return Recovered::CannotTell;
        }
        let (newest, tells_newest_only) = match &found {
            Recovered::NeverSeen(Fence::SameSessionAfter(newest)) => (newest.0.clone(), false),
            Recovered::NeverSeen(Fence::SameSessionSince(newest)) => (newest.0.clone(), true),
            Recovered::NeverSeen(Fence::CancelConfirmed | Fence::SameSession | Fence::Enquiries(_))
            | Recovered::Settled(_)
            | Recovered::StillRunning
            | Recovered::NotSeenYet
            | Recovered::CannotTell
            | Recovered::SessionLost => return found,
        };
        if self.was_named_before(id, terminal, &newest) {
            return found;
        }
        let place = terminal.clone();
        let read = self.store.read(move |reader| {
            let own = reader.number(id)?;
            // The terminal told of it before this payment was intended, and has had nothing newer since.
            if reader.was_unclaimed(&place, &newest, own.unwrap_or_default())? {
                return Ok(None);
            }
            let owners = reader.owners(&newest)?.into_iter();
            let numbered = owners.map(|owner| Ok((owner, own.is_some() && reader.number(owner)? < own)));
            numbered.collect::<Result<Vec<_>, store::StoreError>>().map(Some)
        });
        let Some(owners) = read.await.unwrap_or(Some(Vec::new())) else { return found };
        for (owner, came_before) in owners {
            let is_ours = |payment: domain::payment::Payment| payment.operation.terminal == *terminal;
            if (came_before || !tells_newest_only) && self.any_payment(owner).await.is_ok_and(is_ours) {
                return found;
            }
        }
        Recovered::CannotTell
    }

    /// It was the newest one when the terminal was asked after a restore, and all of this payment was sent in
    /// the session that is open now: no session from before a restore counts, so the payment came later.
    fn was_named_before(&self, id: OperationId, terminal: &TerminalId, newest: &str) -> bool {
        let (Some(payment), Some(slot)) = (self.state.payment(id), self.fleet.slots.get(terminal)) else {
            return false;
        };
        let session = &slot.session;
        let mut open = payment.sent.iter().filter(|sent| !sent.not_started).peekable();
        let is_own = payment.operation.transaction.0 == newest
            || payment.sent.iter().any(|sent| sent.reference.0 == newest);
        let since =
            open.peek().is_some() && session.open.is_some() && open.all(|it| it.session == session.open);
        !is_own && since && session.last_named.iter().any(|name| name.0 == newest)
    }
}
