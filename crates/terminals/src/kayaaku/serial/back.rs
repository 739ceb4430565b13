//! Money back: voids of card payments before their settlement, refunds of wallet payments.
//!
//! Dossier section 7.2. Invariant: a refund is asked for once, and then looked for; a void names its original
//! and does the same thing however often it is sent.

use super::super::map::{self as family, APPROVAL, Found, GivenBack, METHOD, TXN_ID};
use super::keeper::{Answered, Gone};
use super::map::{self, Told};
use super::perform::is_over;
use super::{Shared, foreign};
use crate::desk::Desk;
use crate::limits::kayaaku_serial as limits;
use domain::ids::Reference;
use domain::operation::{Kind, Operation, Original, Step};
use domain::outcome::{Fault, Outcome, Reason, Said};
use std::pin::pin;
use std::sync::Arc;
use tokio::time::sleep;
use wire::kayaaku::Method;
use wire::kayaaku::serial::Message;

/// One void or refund on its way.
pub(super) struct Back<'p> {
    pub shared: &'p Arc<Shared>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

/// The original as the device calls it.
pub(super) struct Named {
    /// Its number, ours.
    pub mrn: String,
    /// The issuer's approval; nothing where there was none.
    pub approval: Option<String>,
    /// Paid with a card; nothing where nobody knows.
    pub is_card: Option<bool>,
}

/// # Errors
/// There is none that this device could give back.
pub(super) fn original(operation: &Operation) -> Result<(&Original, Named), Fault> {
    let elsewhere = |words: &str| Fault::refused(Reason::GoesAnotherWay, words);
    let original = operation.original.as_ref().ok_or_else(|| elsewhere("the payment is not named"))?;
    if original.kind != Kind::Sale {
        return Err(elsewhere("a refund cannot be taken back at this terminal"));
    }
    let of = |name: &str| original.evidence.get(name).map(str::to_owned);
    let mrn = of(TXN_ID).ok_or_else(|| elsewhere("the payment has no number of the terminal's"))?;
    let is_card = of(METHOD).and_then(|word| match Method::of(&word) {
        Method::Card => Some(true),
        Method::DuitNowShown | Method::DuitNowScanned | Method::AlipayShown | Method::AlipayScanned => {
            Some(false)
        }
        Method::Any | Method::Other(_) => None,
    });
    Ok((original, Named { mrn, approval: of(APPROVAL), is_card }))
}

impl Back<'_> {
    /// Undoes a card payment as a whole.
    pub async fn void(&self) -> Result<Outcome, Fault> {
        let (_, named) = original(self.operation)?;
        if named.is_card == Some(false) {
            return Err(Fault::refused(Reason::UseRefund, "a wallet payment is refunded"));
        }
        let Some(approval) = named.approval.clone() else {
            let words = "the payment has no approval code; use the terminal's menu";
            return Err(Fault::refused(Reason::GoesAnotherWay, words));
        };
        let reference = self.reserve(Step::First).await?;
        match self.send_void(&named, &approval).await {
            Ok((told, again)) => {
                if let Some(ended) = self.voided(&told, &named, &reference, !again).await? {
                    return Ok(ended);
                }
            }
            Err(Gone::NotSent(fault)) => return Err(fault),
            Err(Gone::Unknown(_)) => {}
        }
        if let Some(outcome) = self.look_after(&named, &reference).await {
            return Ok(outcome);
        }
        self.reserve_again().await?;
        if let Ok((told, _)) = self.send_void(&named, &approval).await
            && let Some(ended) = self.voided(&told, &named, &reference, false).await?
        {
            return Ok(ended);
        }
        let unknown =
            || Fault::unknown(Reason::NoAnswer, "the device does not tell what became of the void");
        self.look_after(&named, &reference).await.ok_or_else(unknown)
    }

    async fn send_void(&self, named: &Named, approval: &str) -> Result<(Told, bool), Gone> {
        let message = Message::Void {
            mid: self.shared.profile.mid.clone(),
            mrn: named.mrn.clone(),
            approval: approval.to_owned(),
        };
        let Answered { message, again } = self.shared.ask(message).await?;
        let Message::Voided { result, mrn, approval } = message else {
            return Err(Gone::Unknown(foreign(&message)));
        };
        Ok((Told::code(&result, &mrn, &approval), again))
    }

    /// What the answer to a void says; nothing where it must be looked after. `is_first`: no earlier copy
    /// of the request can be what is refused.
    async fn voided(
        &self,
        told: &Told,
        named: &Named,
        reference: &Reference,
        is_first: bool,
    ) -> Result<Option<Outcome>, Fault> {
        let words = told.answer.words.clone();
        match family::given_back(&told.answer) {
            GivenBack::Done => Ok(Some(voided(self.operation, told, named, reference))),
            _ if !is_first => Ok(None),
            GivenBack::WrongState => Err(match self.knows(&named.mrn).await {
                Some(Found::TakenBack) => Fault::refused(Reason::AlreadyDone, words),
                Some(Found::Final(said)) if said.moved_money() && named.is_card.is_none() => {
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
            if let Ok(told) = self.shared.enquire(&named.mrn).await
                && is_taken_back(&told)
            {
                return Some(voided(self.operation, &told, named, reference));
            }
            if is_over(limit.as_mut()).await {
                return None;
            }
        }
    }

    /// What the device knows under this number.
    async fn knows(&self, mrn: &str) -> Option<Found> {
        let told = self.shared.enquire(mrn).await.ok()?;
        if is_taken_back(&told) {
            return Some(Found::TakenBack);
        }
        // What else is told of a void says nothing about the payment.
        (!told.is_back).then(|| family::found(&told.answer))
    }

    /// Gives back a part or all of a wallet payment.
    pub async fn refund(&self) -> Result<Outcome, Fault> {
        let (paid, named) = original(self.operation)?;
        // Where nobody knows how it was paid, the device says whether it can be refunded.
        if named.is_card == Some(true) {
            let is_whole = paid.approved == self.operation.requested;
            let reason = if is_whole { Reason::UseVoid } else { Reason::GoesAnotherWay };
            let words = "a card payment is undone as a whole, or at the terminal's menu";
            return Err(Fault::refused(reason, words));
        }
        let reference = self.reserve(Step::First).await?;
        if let Some(outcome) = self.ask_refund(&named, &reference).await? {
            return Ok(outcome);
        }
        // No page says that a device knows a refund that comes again: a second one might be done, too.
        let words = "the device does not tell what became of the refund";
        self.look_for(&reference).await.ok_or_else(|| Fault::unknown(Reason::NoAnswer, words))
    }

    /// Sends the refund. Nothing where it must be looked for.
    async fn ask_refund(&self, named: &Named, reference: &Reference) -> Result<Option<Outcome>, Fault> {
        let message = Message::Refund {
            mid: self.shared.profile.mid.clone(),
            mrn: reference.0.clone(),
            original: named.mrn.clone(),
            amount: u64::try_from(self.operation.requested.minor).unwrap_or_default(),
        };
        let (told, again) = match self.shared.ask(message).await {
            Ok(Answered { message: Message::Refunded { result, mrn, approval }, again }) => {
                (Told::code(&result, &mrn, &approval), again)
            }
            Err(Gone::NotSent(fault)) => return Err(fault),
            Ok(_) | Err(_) => return Ok(None),
        };
        let (words, is_first) = (told.answer.words.clone(), !again);
        match family::given_back(&told.answer) {
            GivenBack::Done => Ok(Some(refunded(self.operation, &told, Said::Approved, reference))),
            GivenBack::Exists if is_first => Err(Fault::unknown(Reason::ReferenceInUse, words)),
            // The device may have had the request twice, and tell of the second one.
            GivenBack::WrongState if is_first => match self.knows(&reference.0).await {
                Some(Found::Final(Said::Declined | Said::Cancelled) | Found::NoRecord) => {
                    Err(Fault::refused(Reason::Refused, words))
                }
                Some(
                    Found::Final(Said::Approved | Said::Partial)
                    | Found::Running
                    | Found::TakenBack
                    | Found::CannotTell(_),
                )
                | None => Ok(None),
            },
            GivenBack::Refused(reason) if is_first => Err(Fault::refused(reason, words)),
            GivenBack::Exists | GivenBack::WrongState | GivenBack::Refused(_) | GivenBack::Unknown => {
                Ok(None)
            }
        }
    }

    async fn look_for(&self, reference: &Reference) -> Option<Outcome> {
        for pause in limits::REFUND_ENQUIRIES {
            sleep(pause).await;
            if let Ok(told) = self.shared.enquire(&reference.0).await
                && let Found::Final(said) = family::found(&told.answer)
            {
                return Some(refunded(self.operation, &told, said, reference));
            }
        }
        None
    }

    async fn reserve(&self, step: Step) -> Result<Reference, Fault> {
        let device = self.shared.meet().await?;
        self.shared.reserve(self.desk, step, &device).await
    }

    /// The request before is still open: that this one cannot be written changes nothing about it.
    async fn reserve_again(&self) -> Result<(), Fault> {
        let reserved = self.reserve(Step::Resend).await;
        reserved.map(drop).map_err(|fault| Fault::unknown(fault.reason, fault.detail))
    }
}

/// Whether an enquiry tells that the payment was given back. A void that was tried and declined is none.
pub(super) fn is_taken_back(told: &Told) -> bool {
    match family::found(&told.answer) {
        Found::TakenBack => true,
        Found::Final(said) => told.is_back && said.moved_money(),
        Found::NoRecord | Found::Running | Found::CannotTell(_) => false,
    }
}

/// A void that was done. The device names the original; whose request it answers is told by the original
/// alone.
pub(super) fn voided(operation: &Operation, told: &Told, named: &Named, reference: &Reference) -> Outcome {
    let mut told = told.clone();
    // An enquiry tells the amount of the original, or none: a void is of the whole.
    told.answer.amount = None;
    let other = told.answer.about.clone().filter(|about| *about != named.mrn);
    let mut outcome = map::outcome(operation, &told, Said::Approved, reference);
    outcome.echo.reference = Some(reference.clone());
    outcome.echo.foreign_original = other.as_deref().map(family::plain);
    outcome
}

/// A refund's final word.
pub(super) fn refunded(operation: &Operation, told: &Told, said: Said, reference: &Reference) -> Outcome {
    map::outcome(operation, told, said, reference)
}
