//! Asking for a lost answer: enquiries about the newest reference of the operation.
//!
//! Dossier section 8. Invariant: nothing is sent here that could move money; "no record" is believed only
//! when it was said several times with pauses, after every lost request must have arrived.

use super::Shared;
use super::back::{original, refunded, voided};
use super::map::{self, Found};
use crate::limits::kayaaku as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Sent, Step};
use domain::outcome::{Fault, Fence, Outcome, Recovered};
use jiff::SignedDuration;
use tokio::time::sleep;

/// What one look found.
enum Look {
    Told(Box<Outcome>),
    Running,
    /// It did not happen, as far as this one look can tell.
    Nothing,
    CannotTell,
}

impl Shared {
    /// The whole enquiry; see [`crate::Terminal::recover`].
    pub async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        // Of a refund or void the first reference is the one that the host knows, or that answers name.
        let is_known = |it: &&Sent| it.can_have_moved() && it.step == Step::First;
        let Some(asked) = sent.iter().find(is_known) else { return Ok(Recovered::CannotTell) };
        let session = self.session();
        let is_same = sent.iter().all(|it| it.session.as_ref() == Some(&session));
        let may_arrive = {
            let now = self.line.seams.ambient.seed().at;
            let settling = self.line.profile.capabilities().recovery.settling;
            let settling = SignedDuration::try_from(settling).unwrap_or(SignedDuration::MAX);
            sent.iter().any(|it| now.duration_since(it.at) < settling)
        };
        for number in 1..=limits::NO_RECORDS {
            match self.look(operation, &asked.reference).await? {
                Look::Told(outcome) => return Ok(Recovered::Settled(outcome)),
                Look::Running => return Ok(Recovered::StillRunning),
                Look::CannotTell => return Ok(Recovered::CannotTell),
                // A request that is on its way may still arrive.
                Look::Nothing if may_arrive => return Ok(Recovered::NotSeenYet),
                // Another host than the one that it was sent to has no record of anything.
                Look::Nothing if !is_same => return Ok(Recovered::CannotTell),
                Look::Nothing if number < limits::NO_RECORDS => sleep(limits::NO_RECORD_PAUSE).await,
                Look::Nothing => {}
            }
        }
        Ok(Recovered::NeverSeen(Fence::Enquiries(limits::NO_RECORDS)))
    }

    async fn look(&self, operation: &Operation, reference: &Reference) -> Result<Look, Fault> {
        match operation.kind {
            Kind::Sale => {
                let answer = self.line.enquire(reference).await?;
                Ok(match map::found(&answer) {
                    Found::Final(said) => {
                        Look::Told(Box::new(map::outcome(operation, &answer, said, reference)))
                    }
                    Found::Running => Look::Running,
                    Found::NoRecord => Look::Nothing,
                    Found::TakenBack => Look::CannotTell,
                    Found::CannotTell(fault) => return Err(fault),
                })
            }
            Kind::Refund => {
                let answer = self.line.enquire(reference).await?;
                Ok(match map::found(&answer) {
                    Found::Final(said) => {
                        Look::Told(Box::new(refunded(operation, &answer, said, reference)))
                    }
                    Found::Running => Look::Running,
                    // That refunds are found by their own ids is assumed: what is not found may have
                    // been done all the same, and a second one would give the money back twice.
                    Found::NoRecord | Found::TakenBack => Look::CannotTell,
                    Found::CannotTell(fault) => return Err(fault),
                })
            }
            Kind::Reversal => {
                let Ok((_, named)) = original(operation) else { return Ok(Look::CannotTell) };
                let answer = self.line.enquire(&Reference(named.id.clone())).await?;
                Ok(match map::found(&answer) {
                    Found::TakenBack => Look::Told(Box::new(voided(operation, &answer, &named, reference))),
                    Found::Running => Look::Running,
                    // That an enquiry about a payment tells of its void is assumed: where it does not,
                    // the void may have been done all the same, and a second one is asked for in vain.
                    Found::Final(_) | Found::NoRecord => Look::CannotTell,
                    Found::CannotTell(fault) => return Err(fault),
                })
            }
        }
    }
}
