//! Money back: voids of card payments before their settlement, refunds of wallet payments.
//!
//! Dossier sections 4.3, 4.4 and 8. Invariant: a refund is asked for once, and then looked for; a void names
//! its original and does the same thing however often it is sent.

use super::Shared;
use super::map::{self, Answer, Found, GivenBack};
use super::perform::{is_over, not_durable};
use crate::desk::{Desk, NotDurable};
use crate::limits::kayaaku as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Original, Step};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Said};
use std::pin::pin;
use std::sync::Arc;
use tokio::time::sleep;
use wire::kayaaku::Method;
use wire::kayaaku::plain::{Refund, Request, Void};

/// One void or refund on its way.
pub(super) struct Back<'p> {
    pub shared: &'p Arc<Shared>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

/// The original as the host calls it.
pub(super) struct Named {
    /// Its id, ours.
    pub id: String,
    /// The host's reference.
    pub htr: String,
    /// How it was paid, where that is known.
    pub method: Option<Method>,
}

/// # Errors
/// There is none that this host could give back.
pub(super) fn original(operation: &Operation) -> Result<(&Original, Named), Fault> {
    let elsewhere = |words: &str| Fault::refused(Reason::GoesAnotherWay, words);
    let original = operation.original.as_ref().ok_or_else(|| elsewhere("the payment is not named"))?;
    if original.kind != Kind::Sale {
        return Err(elsewhere("a refund cannot be taken back at this terminal"));
    }
    let of = |name: &str| original.evidence.get(name).map(str::to_owned);
    let (Some(id), Some(htr)) = (of(map::TXN_ID), of(map::HTR)) else {
        return Err(elsewhere("the payment has no reference of the host; use the terminal's menu"));
    };
    let method = of(map::METHOD).map(|word| Method::of(&word)).filter(|method| *method != Method::Any);
    Ok((original, Named { id, htr, method }))
}

/// Whether it was paid with a card; nothing where nobody knows.
fn is_card(named: &Named) -> Option<bool> {
    named.method.as_ref().and_then(|method| match method {
        Method::Card => Some(true),
        Method::DuitNowShown | Method::DuitNowScanned | Method::AlipayShown | Method::AlipayScanned => {
            Some(false)
        }
        Method::Any | Method::Other(_) => None,
    })
}

impl Back<'_> {
    /// Undoes a card payment as a whole.
    pub async fn void(&self) -> Result<Outcome, Fault> {
        let (_, named) = original(self.operation)?;
        if is_card(&named) == Some(false) {
            return Err(Fault::refused(Reason::UseRefund, "a wallet payment is refunded"));
        }
        let reference = self.reserve(Step::First).await?;
        match self.send_void(&named).await {
            Ok(answer) => {
                if let Some(ended) = self.voided(&answer, &named, &reference, true).await? {
                    return Ok(ended);
                }
            }
            Err(fault) if fault.certainty != Certainty::Unknown => return Err(fault),
            Err(_) => {}
        }
        if let Some(outcome) = self.look_after(&named, &reference).await {
            return Ok(outcome);
        }
        // The request before is still open: that this one cannot be written changes nothing about it.
        self.reserve(Step::Resend).await.map_err(|fault| Fault::unknown(fault.reason, fault.detail))?;
        if let Ok(answer) = self.send_void(&named).await
            && let Some(ended) = self.voided(&answer, &named, &reference, false).await?
        {
            return Ok(ended);
        }
        let unknown = || Fault::unknown(Reason::NoAnswer, "the host does not tell what became of the void");
        self.look_after(&named, &reference).await.ok_or_else(unknown)
    }

    async fn send_void(&self, named: &Named) -> Result<Answer, Fault> {
        let line = &self.shared.line;
        let request = Request::Void(Void {
            id: named.id.clone(),
            mid: line.profile.mid.clone(),
            local_time: line.local_time(),
            original_htr: named.htr.clone(),
            description: None,
        });
        line.plain(&request, limits::QUICK).await
    }

    /// What the answer to a void says; nothing where it must be looked after. `is_first`: no earlier
    /// request of it is open, so that a refusal ends it.
    async fn voided(
        &self,
        answer: &Answer,
        named: &Named,
        reference: &Reference,
        is_first: bool,
    ) -> Result<Option<Outcome>, Fault> {
        let words = answer.words.clone();
        let is_about = answer.about.as_ref().is_none_or(|about| *about == named.id);
        match map::given_back(answer) {
            GivenBack::Done => Ok(Some(self.done(answer, named, reference))),
            _ if !is_about || !is_first => Ok(None),
            GivenBack::WrongState => Err(match self.knows(&Reference(named.id.clone())).await {
                Some(Found::TakenBack) => Fault::refused(Reason::AlreadyDone, words),
                Some(Found::Final(said)) if said.moved_money() && is_card(named).is_none() => {
                    Fault::refused(Reason::UseRefund, words)
                }
                Some(Found::Final(said)) if said.moved_money() => {
                    let words = format!("settled already: use the terminal's menu ({words})");
                    Fault::refused(Reason::GoesAnotherWay, words)
                }
                Some(Found::Final(_) | Found::NoRecord) => Fault::refused(Reason::NotFound, words),
                Some(Found::Running | Found::CannotTell(_)) | None => {
                    Fault::unknown(Reason::CannotTell, words)
                }
            }),
            GivenBack::Refused(reason) => Err(Fault::refused(reason, words)),
            GivenBack::Exists | GivenBack::Unknown => Ok(None),
        }
    }

    /// Whether the original is taken back, for as long as a void may take.
    async fn look_after(&self, named: &Named, reference: &Reference) -> Option<Outcome> {
        let mut limit = pin!(sleep(limits::VOID_SETTLES));
        loop {
            sleep(limits::ENQUIRY).await;
            if let Ok(answer) = self.shared.line.enquire(&Reference(named.id.clone())).await
                && matches!(map::found(&answer), Found::TakenBack)
            {
                return Some(self.done(&answer, named, reference));
            }
            if is_over(limit.as_mut()).await {
                return None;
            }
        }
    }

    /// What the host knows under this id.
    async fn knows(&self, id: &Reference) -> Option<Found> {
        Some(map::found(&self.shared.line.enquire(id).await.ok()?))
    }

    fn done(&self, answer: &Answer, named: &Named, reference: &Reference) -> Outcome {
        voided(self.operation, answer, named, reference)
    }

    /// Gives back a part or all of a wallet payment.
    pub async fn refund(&self) -> Result<Outcome, Fault> {
        let (paid, named) = original(self.operation)?;
        // Where nobody knows how it was paid, the host says whether it can be refunded.
        if is_card(&named) == Some(true) {
            let is_whole = paid.approved == self.operation.requested;
            let reason = if is_whole { Reason::UseVoid } else { Reason::GoesAnotherWay };
            return Err(Fault::refused(
                reason,
                "a card payment is undone as a whole, or at the terminal's menu",
            ));
        }
        let reference = self.reserve(Step::First).await?;
        if let Some(outcome) = self.ask_refund(&named, &reference).await? {
            return Ok(outcome);
        }
        // No page says that a host knows a refund that comes again: a second one might be done, too.
        let unknown =
            || Fault::unknown(Reason::NoAnswer, "the host does not tell what became of the refund");
        self.look_for(&reference).await.ok_or_else(unknown)
    }

    /// Sends the refund. Nothing where it must be looked for.
    async fn ask_refund(&self, named: &Named, reference: &Reference) -> Result<Option<Outcome>, Fault> {
        let line = &self.shared.line;
        let request = Request::Refund(Refund {
            id: reference.0.clone(),
            mid: line.profile.mid.clone(),
            local_time: line.local_time(),
            amount: self.operation.requested.minor.to_string(),
            currency: map::currency(self.operation.requested)?.to_owned(),
            original_id: named.id.clone(),
            original_htr: named.htr.clone(),
            description: None,
        });
        let answer = match line.plain(&request, limits::QUICK).await {
            Ok(answer) => answer,
            Err(fault) if fault.certainty != Certainty::Unknown => return Err(fault),
            Err(_) => return Ok(None),
        };
        // An answer about another refund is looked into, not taken.
        if answer.about.as_ref().is_some_and(|about| *about != reference.0) {
            return Ok(None);
        }
        let words = answer.words.clone();
        match map::given_back(&answer) {
            GivenBack::Done => Ok(Some(refunded(self.operation, &answer, Said::Approved, reference))),
            GivenBack::Exists => Err(Fault::unknown(Reason::ReferenceInUse, words)),
            // The host may have had the request twice, and tell of the second one.
            GivenBack::WrongState => match self.knows(reference).await {
                Some(Found::Final(Said::Approved | Said::Partial)) | None => Ok(None),
                Some(Found::Running | Found::TakenBack | Found::CannotTell(_)) => Ok(None),
                Some(Found::Final(Said::Declined | Said::Cancelled) | Found::NoRecord) => {
                    Err(Fault::refused(Reason::Refused, words))
                }
            },
            GivenBack::Refused(reason) => Err(Fault::refused(reason, words)),
            GivenBack::Unknown => Ok(None),
        }
    }

    async fn look_for(&self, reference: &Reference) -> Option<Outcome> {
        for pause in limits::REFUND_ENQUIRIES {
            sleep(pause).await;
            if let Ok(answer) = self.shared.line.enquire(reference).await
                && let Found::Final(said) = map::found(&answer)
            {
                return Some(refunded(self.operation, &answer, said, reference));
            }
        }
        None
    }

    async fn reserve(&self, step: Step) -> Result<Reference, Fault> {
        let session = self.shared.session();
        self.desk.reserve(step, Some(&session)).await.map_err(|NotDurable| not_durable())
    }
}

/// A void that was done. The host names the original; whose request it answers is told by the original
/// alone.
pub(super) fn voided(
    operation: &Operation,
    answer: &Answer,
    named: &Named,
    reference: &Reference,
) -> Outcome {
    let mut outcome = map::outcome(operation, answer, Said::Approved, reference);
    let other = answer.about.clone().filter(|about| *about != named.id);
    outcome.echo.reference = Some(reference.clone());
    outcome.echo.foreign_original = other.as_deref().map(map::plain);
    outcome.provider_time = None;
    outcome
}

/// A refund's final word.
pub(super) fn refunded(
    operation: &Operation,
    answer: &Answer,
    said: Said,
    reference: &Reference,
) -> Outcome {
    let mut outcome = map::outcome(operation, answer, said, reference);
    outcome.provider_time = None;
    outcome
}
