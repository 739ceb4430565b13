//! Asking for a lost answer: one query about the transaction of the operation.
//!
//! Dossier section 9. Invariant: nothing is sent here that could move money, and nothing is said to be
//! never seen: what was not charged is told by the gateway's final word.

use super::Shared;
use super::back::original;
use super::line::{Named, foreign};
use super::map;
use crate::limits::pockyt as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Sent, Step};
use domain::outcome::{Fault, Outcome, Reason, Recovered};
use jiff::SignedDuration;
use wire::pockyt::Record;

impl Shared {
    /// The whole enquiry; see [`crate::Terminal::recover`].
    pub async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        match operation.kind {
            Kind::Sale => self.recover_sale(operation, sent).await,
            Kind::Refund => {
                self.recover_back(operation, sent, |record, reference| {
                    map::refund(&self.line.profile.who, operation, record, reference)
                })
                .await
            }
            Kind::Reversal => {
                self.recover_back(operation, sent, |record, reference| {
                    map::reversal(&self.line.profile.who, operation, record, reference)
                })
                .await
            }
        }
    }

    async fn recover_sale(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        let Some(reference) = transaction_of(sent) else { return Ok(Recovered::CannotTell) };
        let named = Named::by(&reference.0);
        let Some(record) = self.line.look_up(&named).await? else { return Ok(Recovered::CannotTell) };
        // The journal may lack what was charged: a backup was put back. Then only money that moved is told by
        // a transaction that was merely opened.
        let is_charged = sent.iter().any(Sent::can_have_moved);
        let cancel = sent.iter().find(|it| it.step == Step::Cancel && it.can_have_moved());
        let reason = cancel.is_some().then_some(Reason::Aborted);
        let now = self.line.seams.ambient.seed().at;
        // The newest cancel may still be on its way and give the money back.
        let may_arrive = cancel.is_some_and(|it| now.duration_since(it.at) < settles());
        let who = &self.line.profile.who;
        match map::sale(who, operation, &record, &named, reason.as_ref()) {
            Some(outcome) if outcome.said.moved_money() && may_arrive => Ok(Recovered::StillRunning),
            Some(outcome) if !outcome.said.moved_money() && !is_charged => Ok(Recovered::CannotTell),
            // Also one about something else: it is compared and recorded there.
            Some(outcome) => Ok(Recovered::Settled(Box::new(outcome))),
            None if map::is_about(who, &record, &named) => Ok(Recovered::StillRunning),
            None => Err(foreign()),
        }
    }

    async fn recover_back(
        &self,
        operation: &Operation,
        sent: &[Sent],
        read: impl Fn(&Record, &Reference) -> Option<Outcome>,
    ) -> Result<Recovered, Fault> {
        let first = sent.iter().rev().find(|it| it.step == Step::First && !it.not_started);
        let (Some(first), Ok((_, named))) = (first, original(operation)) else {
            return Ok(Recovered::CannotTell);
        };
        let Some(record) = self.line.look_up(&named).await? else { return Ok(Recovered::CannotTell) };
        let told = read(&record, &first.reference);
        Ok(told.map_or(Recovered::CannotTell, |outcome| Recovered::Settled(Box::new(outcome))))
    }
}

/// The transaction that was charged or shown: the newest one from before that. `sent`: newest first.
fn transaction_of(sent: &[Sent]) -> Option<&Reference> {
    let moved = sent.iter().position(|it| it.step == Step::First && !it.not_started).unwrap_or(0);
    sent.iter().skip(moved).find(|it| it.step == Step::Prepare).map(|it| &it.reference)
}

fn settles() -> SignedDuration {
    SignedDuration::try_from(limits::CANCEL_SETTLES).unwrap_or(SignedDuration::MAX)
}
