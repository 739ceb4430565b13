//! Asking for a lost answer: queries about the newest number of the operation.
//!
//! Dossier section 2.10. Invariant: nothing is sent here that could move money; "no such order" is believed
//! only where the settings say so, when it was said twice with a pause, and after every lost order must have
//! arrived.

use super::Shared;
use super::back::original;
use super::map::{self, Asked, Found};
use crate::limits::ecrhub as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Sent};
use domain::outcome::{Fault, Fence, Outcome, Recovered, Said};
use jiff::SignedDuration;
use tokio::time::sleep;
use wire::ecrhub::Status;

/// What one look found.
enum Look {
    Told(Box<Outcome>),
    Running,
    Nothing,
}

impl Shared {
    /// The whole enquiry; see [`crate::Terminal::recover`].
    pub(super) async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        let Some(newest) = sent.iter().find(|it| it.can_have_moved()) else {
            return Ok(Recovered::CannotTell);
        };
        let session = self.hub.session();
        let is_same = sent.iter().all(|it| it.session.as_ref() == Some(&session));
        let may_arrive = self.may_arrive(sent);
        for number in 1..=limits::MISSING_TIMES {
            match self.look(operation, &newest.reference).await? {
                Look::Told(outcome) => return Ok(Recovered::Settled(outcome)),
                Look::Running => return Ok(Recovered::StillRunning),
                // An order that is on its way may still arrive.
                Look::Nothing if may_arrive => return Ok(Recovered::NotSeenYet),
                // It was taken before: who says now that it is not there contradicts itself.
                Look::Nothing if self.was_taken(&newest.reference) => return Ok(Recovered::CannotTell),
                // What a terminal means by it is not proven (section 9, question 1), and another terminal
                // than the one that it was sent to knows nothing of it.
                Look::Nothing if !is_same || !self.common.believes_missing => {
                    return Ok(Recovered::CannotTell);
                }
                Look::Nothing if number < limits::MISSING_TIMES => sleep(limits::MISSING_PAUSE).await,
                Look::Nothing => {}
            }
        }
        Ok(Recovered::NeverSeen(Fence::Enquiries(limits::MISSING_TIMES)))
    }

    fn may_arrive(&self, sent: &[Sent]) -> bool {
        let now = self.seams.ambient.seed().at;
        let settling = self.common.capabilities().recovery.settling;
        let settling = SignedDuration::try_from(settling).unwrap_or(SignedDuration::MAX);
        sent.iter().any(|it| now.duration_since(it.at) < settling)
    }

    async fn look(&self, operation: &Operation, reference: &Reference) -> Result<Look, Fault> {
        let answer = self.hub.query(&reference.0).await?;
        let fault = match map::found(&answer, &Asked { operation, reference }) {
            Found::Final(said) => {
                let mut outcome = map::outcome(operation, &answer, said, reference);
                self.owns(&answer, &mut outcome);
                return Ok(Look::Told(Box::new(outcome)));
            }
            Found::Waiting | Found::Running => return Ok(Look::Running),
            Found::NoRecord => None,
            Found::CannotTell(fault) => Some(fault),
        };
        if operation.kind == Kind::Reversal
            && let Some(outcome) = self.voided(operation, reference).await?
        {
            return Ok(Look::Told(Box::new(outcome)));
        }
        fault.map_or(Ok(Look::Nothing), Err)
    }

    /// A void that is not told of by its own number: the state of its original proves that it was done
    /// (section 2.12).
    async fn voided(&self, operation: &Operation, reference: &Reference) -> Result<Option<Outcome>, Fault> {
        let Ok((_, number)) = original(operation) else { return Ok(None) };
        let answer = self.hub.query(&number).await?;
        let names_it = answer.record.number.as_ref().is_none_or(|told| *told == number);
        if !answer.is_proven || !names_it || answer.record.status() != Some(Status::Cancelled) {
            return Ok(None);
        }
        let mut outcome = map::outcome(operation, &answer, Said::Approved, reference);
        outcome.echo.reference = Some(reference.clone());
        outcome.provider_time = None;
        self.owns(&answer, &mut outcome);
        Ok(Some(outcome))
    }
}
