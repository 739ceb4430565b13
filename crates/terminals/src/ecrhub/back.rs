//! Money back: voids before settlement, refunds after it. Both are orders of their own.
//!
//! Dossier sections 2.8 and 2.12. Invariant: each goes out once under its own number; the other operation is
//! never sent from here: the till opens it where the terminal says so.

use super::Shared;
use super::course::{Course, End};
use super::map;
use crate::desk::{Desk, Display};
use crate::limits::ecrhub as limits;
use crate::run::Run;
use domain::operation::{Kind, Operation, Original};
use domain::outcome::{Fault, Outcome, Reason};
use std::sync::Arc;
use tokio::time::sleep;
use wire::ecrhub::{Obstacle, Order, TransType};

/// One void or refund on its way.
pub(super) struct Back<'p> {
    pub shared: &'p Arc<Shared>,
    pub run: &'p Run<'p>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

/// The original and its number.
///
/// # Errors
/// There is none that this terminal could give back.
pub(super) fn original(operation: &Operation) -> Result<(&Original, String), Fault> {
    let elsewhere = |words: &str| Fault::refused(Reason::GoesAnotherWay, words);
    let original = operation.original.as_ref().ok_or_else(|| elsewhere("the payment is not named"))?;
    if original.kind != Kind::Sale {
        return Err(elsewhere("a refund cannot be taken back at this terminal"));
    }
    let number = original.evidence.get(map::NUMBER).map(str::to_owned);
    let unnamed = || elsewhere("the payment has no number of the terminal; use the terminal's menu");
    Ok((original, number.ok_or_else(unnamed)?))
}

impl Back<'_> {
    /// Undoes a payment as a whole.
    pub async fn void(&self) -> Result<Outcome, Fault> {
        self.order(TransType::Void).await
    }

    /// Gives back a part or all of a payment.
    pub async fn refund(&self) -> Result<Outcome, Fault> {
        self.order(TransType::Refund).await
    }

    async fn order(&self, kind: TransType) -> Result<Outcome, Fault> {
        let (_, number) = original(self.operation)?;
        let (amount, _) = map::amounts(self.operation)?;
        self.shared.prove().await?;
        let ends = self.shared.now() + limits::BUSY_LIMIT;
        loop {
            let reference = self.shared.reserve(self.desk).await?;
            let order = Order {
                kind,
                number: reference.0.clone(),
                original: Some(number.clone()),
                amount: amount.clone(),
                cash_back: None,
                currency: self.operation.requested.currency.code().to_owned(),
                scenario: None,
                expires: self.shared.common.expires,
                asks_tip: false,
                confirms: false,
                brand: None,
            };
            self.say("Follow the terminal: it may ask for the manager's password.");
            let Self { shared, run, operation, desk } = *self;
            let course = Course { shared, run, operation, desk, order: &order, reference: &reference };
            match course.run().await? {
                End::Told(outcome) => return Ok(*outcome),
                End::Blocked(obstacle, words) => return Err(self.blocked(obstacle, words)),
                End::AlreadyDone(words) => return Err(Fault::refused(Reason::AlreadyDone, words)),
                End::Busy => {}
            }
            if self.desk.not_started(&reference).await.is_err() || self.shared.now() >= ends {
                return Err(busy());
            }
            self.say("The terminal is busy. Finish what it shows.");
            tokio::select! {
                biased;
                () = self.run.aborted() => return Err(busy()),
                () = sleep(limits::BUSY_PAUSE) => {}
            }
        }
    }

    /// Section 2.8: what the till does in its place.
    fn blocked(&self, obstacle: Obstacle, words: String) -> Fault {
        let is_whole =
            self.operation.original.as_ref().is_some_and(|it| it.approved == self.operation.requested);
        let reason = match obstacle {
            Obstacle::Settled => Reason::UseRefund,
            Obstacle::NotSettled if is_whole => Reason::UseVoid,
            // A part of what is not settled can be given back only when it is.
            Obstacle::NotSettled => Reason::GoesAnotherWay,
            Obstacle::NoOriginal => Reason::NotFound,
            Obstacle::TooMuch | Obstacle::NoPart | Obstacle::OtherCard => Reason::Refused,
        };
        Fault::refused(reason, words)
    }

    fn say(&self, text: &str) {
        self.desk.show(Display::Text { text: text.to_owned(), fleeting: false });
    }
}

fn busy() -> Fault {
    Fault::refused(Reason::Busy, "the terminal is busy")
}
