//! Asking for a lost answer: enquiries about the newest reference of the operation.
//!
//! Dossier section 8. Invariant: nothing is sent here that could move money; "no record" is believed only
//! when the very device that the payment was sent to said it several times with pauses, after every lost
//! request must have arrived.

use super::super::map::{self as family, Found};
use super::Shared;
use super::back::{is_taken_back, original, refunded, voided};
use super::map::{self, Told};
use crate::limits::kayaaku_serial as limits;
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
        // Of a refund or void the first reference is the one that the device knows, or that answers name.
        let is_known = |it: &&Sent| it.can_have_moved() && it.step == Step::First;
        let Some(asked) = sent.iter().find(is_known) else {
            return self.recover_unnumbered(operation).await;
        };
        let may_arrive = {
            let now = self.seams.ambient.seed().at;
            let settling =
                SignedDuration::try_from(limits::RECOVERY.settling).unwrap_or(SignedDuration::MAX);
            sent.iter().any(|it| now.duration_since(it.at) < settling)
        };
        for number in 1..=limits::NO_RECORDS {
            // Another device on the same cable has no record of anything.
            let session = self.session(&self.meet().await?);
            let is_same = sent.iter().all(|it| it.session.as_ref() == Some(&session));
            match self.look(operation, &asked.reference).await? {
                Look::Told(outcome) => return Ok(Recovered::Settled(outcome)),
                Look::Running => return Ok(Recovered::StillRunning),
                Look::CannotTell => return Ok(Recovered::CannotTell),
                // A request that is on its way may still arrive.
                Look::Nothing if may_arrive => return Ok(Recovered::NotSeenYet),
                Look::Nothing if !is_same => return Ok(Recovered::CannotTell),
                Look::Nothing if number < limits::NO_RECORDS => sleep(limits::NO_RECORD_PAUSE).await,
                Look::Nothing => {}
            }
        }
        Ok(Recovered::NeverSeen(Fence::Enquiries(limits::NO_RECORDS)))
    }

    /// The journal holds no number: a backup was put back. Whether a payment was taken back is told by the
    /// payment's own number all the same.
    async fn recover_unnumbered(&self, operation: &Operation) -> Result<Recovered, Fault> {
        if operation.kind != Kind::Reversal {
            return Ok(Recovered::CannotTell);
        }
        self.meet().await?;
        let own = &operation.transaction;
        let Look::Told(mut outcome) = self.look_for_void(operation, own).await? else {
            return Ok(Recovered::CannotTell);
        };
        (outcome.echo.reference, outcome.echo.transaction) = (None, Some(own.clone()));
        Ok(Recovered::Settled(outcome))
    }

    async fn look(&self, operation: &Operation, reference: &Reference) -> Result<Look, Fault> {
        match operation.kind {
            Kind::Sale => {
                let told = self.enquire(&reference.0).await?;
                if told.is_back {
                    return Ok(Look::CannotTell);
                }
                Ok(match family::found(&told.answer) {
                    Found::Final(said) => Look::of(map::outcome(operation, &told, said, reference)),
                    Found::Running => Look::Running,
                    Found::NoRecord => Look::Nothing,
                    Found::TakenBack => Look::CannotTell,
                    Found::CannotTell(fault) => return Err(fault),
                })
            }
            Kind::Refund => {
                let told = self.enquire(&reference.0).await?;
                Ok(match family::found(&told.answer) {
                    Found::Final(said) => Look::of(refunded(operation, &told, said, reference)),
                    Found::Running => Look::Running,
                    // That refunds are found by their own numbers is assumed: what is not found may
                    // have been done all the same, and a second one would give the money back twice.
                    Found::NoRecord | Found::TakenBack => Look::CannotTell,
                    Found::CannotTell(fault) => return Err(fault),
                })
            }
            Kind::Reversal => self.look_for_void(operation, reference).await,
        }
    }

    async fn look_for_void(&self, operation: &Operation, reference: &Reference) -> Result<Look, Fault> {
        let Ok((_, named)) = original(operation) else { return Ok(Look::CannotTell) };
        let told: Told = self.enquire(&named.mrn).await?;
        if is_taken_back(&told) {
            return Ok(Look::of(voided(operation, &told, &named, reference)));
        }
        Ok(match family::found(&told.answer) {
            Found::Running => Look::Running,
            // That an enquiry about a payment tells of its void is assumed: where it does not, the
            // void may have been done all the same.
            Found::Final(_) | Found::NoRecord | Found::TakenBack => Look::CannotTell,
            Found::CannotTell(fault) => return Err(fault),
        })
    }
}

impl Look {
    fn of(outcome: Outcome) -> Self {
        Self::Told(Box::new(outcome))
    }
}
