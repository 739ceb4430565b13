//! Money back: refunds of a part or all, and reversals, which are cancels of what was paid today.
//!
//! Dossier sections 4.6, 4.7 and 9, rules 8 and 9. Invariant: a refund is sent again only under the
//! reference that the gateway knows it by, and only after it was looked for in vain; a cancel does the same
//! thing however often it is sent.

use super::Shared;
use super::follow::is_over;
use super::line::Named;
use super::map::{self, Heard, Standing};
use super::perform::not_durable;
use crate::desk::{Desk, NotDurable};
use crate::limits::pockyt as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Original, Step};
use domain::outcome::{Fault, Outcome, Reason};
use std::pin::pin;
use tokio::time::sleep;
use wire::pockyt::{Cancel, Refund, Request};

/// One refund or reversal on its way.
pub(super) struct Back<'p> {
    pub shared: &'p Shared,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

/// The original as the gateway calls it.
///
/// # Errors
/// There is none that this gateway could give back.
pub(super) fn original(operation: &Operation) -> Result<(&Original, Named), Fault> {
    let elsewhere = |words: &str| Fault::refused(Reason::GoesAnotherWay, words);
    let original = operation.original.as_ref().ok_or_else(|| elsewhere("the payment is not named"))?;
    if original.kind != Kind::Sale {
        return Err(elsewhere("a refund cannot be taken back at this gateway"));
    }
    let of = |name: &str| original.evidence.get(name).map(str::to_owned);
    let (reference, number) = (of(map::REFERENCE), of(map::TRANSACTION_NO));
    if reference.is_none() && number.is_none() {
        return Err(elsewhere("the payment has no number of the gateway"));
    }
    Ok((original, Named { reference: reference.unwrap_or_default(), number }))
}

impl Back<'_> {
    /// Gives back a part or all.
    pub async fn refund(&self) -> Result<Outcome, Fault> {
        let (original, named) = original(self.operation)?;
        let settle = original.evidence.get(map::SETTLE_CURRENCY);
        let reference = self.reserve(Step::First).await?;
        let request = Request::Refund(Refund {
            meant: named.meant(),
            refund_amount: self.operation.requested.plain(),
            currency: self.operation.requested.currency.code().to_owned(),
            settle_currency: settle.unwrap_or(&self.shared.line.profile.settle_currency).to_owned(),
            refund_reference: reference.0.clone(),
        });
        if let Some(outcome) = self.ask_refund(&request, &named, &reference, true).await? {
            return Ok(outcome);
        }
        // Twice: once after the request, once more after it was sent again.
        if let Some(outcome) = self.look_for(&named, &reference).await {
            return Ok(outcome);
        }
        self.reserve_again().await?;
        if let Some(outcome) = self.ask_refund(&request, &named, &reference, false).await? {
            return Ok(outcome);
        }
        let unknown =
            || Fault::unknown(Reason::NoAnswer, "the gateway does not tell what became of the refund");
        self.look_for(&named, &reference).await.ok_or_else(unknown)
    }

    /// Sends the refund. Nothing where it must be looked for. `is_first`: no earlier request of it is open,
    /// so that a refusal ends it.
    async fn ask_refund(
        &self,
        request: &Request,
        named: &Named,
        reference: &Reference,
        is_first: bool,
    ) -> Result<Option<Outcome>, Fault> {
        let refused = |reason, words| {
            if is_first { Err(Fault::refused(reason, words)) } else { Err(Fault::unknown(reason, words)) }
        };
        let heard = match self.shared.line.ask(request).await {
            Ok(heard) => heard,
            Err(fault) if is_first => return Err(fault),
            Err(_) => return Ok(None),
        };
        match heard {
            Heard::Accepted(record) => {
                let told = map::refund(&self.shared.line.profile.who, self.operation, &record, reference);
                // An answer about another refund is looked into, not taken.
                Ok(told.filter(|outcome| outcome.echo.reference.as_ref() == Some(reference)))
            }
            Heard::Refused(reason, words) => refused(reason, words),
            Heard::NoRecord(words) => refused(Reason::NotFound, words),
            Heard::WrongStatus(words) => match self.shared.line.query(named).await {
                Ok(Some(record)) => {
                    let told =
                        map::refund(&self.shared.line.profile.who, self.operation, &record, reference);
                    match (told, map::standing(&record)) {
                        (Some(outcome), _) => Ok(Some(outcome)),
                        (None, Standing::Closed) => refused(Reason::AlreadyDone, words),
                        (None, _) => refused(Reason::Refused, words),
                    }
                }
                Ok(None) | Err(_) => Ok(None),
            },
            Heard::Unknown(_) => Ok(None),
        }
    }

    async fn look_for(&self, named: &Named, reference: &Reference) -> Option<Outcome> {
        for pause in limits::REFUND_QUERIES {
            sleep(pause).await;
            if let Ok(Some(record)) = self.shared.line.query(named).await
                && let Some(outcome) =
                    map::refund(&self.shared.line.profile.who, self.operation, &record, reference)
            {
                return Some(outcome);
            }
        }
        None
    }

    /// Undoes a payment of today as a whole.
    pub async fn reverse(&self) -> Result<Outcome, Fault> {
        let (original, named) = original(self.operation)?;
        let paid = original.evidence.get(map::PAYMENT_TIME).and_then(map::time);
        if paid.is_some_and(|paid| !self.shared.is_today(paid)) {
            return Err(Fault::refused(Reason::UseRefund, "a payment of an earlier day is refunded"));
        }
        let reference = self.reserve(Step::First).await?;
        let request = Request::Cancel(Cancel { meant: named.meant() });
        let mut is_first = true;
        for pause in limits::CANCEL_PAUSES {
            let first = std::mem::take(&mut is_first);
            if !first {
                self.reserve_again().await?;
            }
            match self.shared.line.ask(&request).await {
                Ok(Heard::Accepted(_)) => break,
                Ok(Heard::Refused(reason, words)) if first => {
                    return self.not_reversed(&named, reason, words).await;
                }
                Ok(Heard::NoRecord(words)) if first => {
                    return self.not_reversed(&named, Reason::NotFound, words).await;
                }
                Ok(Heard::WrongStatus(words)) if first => {
                    return self.not_reversed(&named, Reason::UseRefund, words).await;
                }
                // The one before, whose answer was lost, may be why: what became of it is looked at.
                Ok(Heard::Refused(_, _) | Heard::NoRecord(_) | Heard::WrongStatus(_)) => break,
                Ok(Heard::Unknown(_)) => sleep(pause).await,
                Err(fault) if first => return Err(fault),
                Err(_) => sleep(pause).await,
            }
        }
        self.verify(&named, &reference).await
    }

    /// The gateway did not cancel. Where the payment still stands that is certain.
    async fn not_reversed(&self, named: &Named, reason: Reason, words: String) -> Result<Outcome, Fault> {
        let found = self.shared.line.query(named).await?;
        match found.as_ref().map(map::standing) {
            Some(Standing::Paid) => Err(Fault::refused(reason, words)),
            Some(Standing::Closed) => Err(Fault::refused(Reason::AlreadyDone, words)),
            None => Err(Fault::refused(Reason::NotFound, words)),
            Some(Standing::Unsubmitted | Standing::Open | Standing::Declined) => {
                Err(Fault::unknown(reason, words))
            }
        }
    }

    async fn verify(&self, named: &Named, reference: &Reference) -> Result<Outcome, Fault> {
        let mut limit = pin!(sleep(limits::VERIFY));
        loop {
            if let Ok(Some(record)) = self.shared.line.query(named).await
                && let Some(outcome) =
                    map::reversal(&self.shared.line.profile.who, self.operation, &record, reference)
            {
                return Ok(outcome);
            }
            if is_over(limit.as_mut()).await {
                let words = "the gateway does not tell that the payment was given back";
                return Err(Fault::unknown(Reason::NoAnswer, words));
            }
            sleep(limits::QUERY).await;
        }
    }

    async fn reserve(&self, step: Step) -> Result<Reference, Fault> {
        let session = self.shared.session();
        self.desk.reserve(step, Some(&session)).await.map_err(|NotDurable| not_durable())
    }

    /// The request before is still open: that this one cannot be written changes nothing about it.
    async fn reserve_again(&self) -> Result<(), Fault> {
        let unknown = |fault: Fault| Fault::unknown(fault.reason, fault.detail);
        self.reserve(Step::Resend).await.map(|_| ()).map_err(unknown)
    }
}
