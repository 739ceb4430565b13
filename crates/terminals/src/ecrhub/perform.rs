//! A sale from top to bottom.
//!
//! Dossier section 2.9. Invariant: an order goes out once under its number; after "busy" another one goes
//! out under another number.

use super::Shared;
use super::course::{Course, End};
use super::map;
use crate::desk::{Desk, Display};
use crate::limits::ecrhub as limits;
use crate::run::Run;
use domain::ids::Reference;
use domain::operation::{Method, Operation};
use domain::outcome::{Fault, Outcome, Reason};
use std::sync::Arc;
use tokio::time::sleep;
use wire::ecrhub::{Order, Scenario, TransType};

/// One sale on its way.
pub(super) struct Sale<'p> {
    pub shared: &'p Arc<Shared>,
    pub run: &'p Run<'p>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

impl Sale<'_> {
    pub async fn perform(&self) -> Result<Outcome, Fault> {
        let scenario = self.scenario()?;
        let (amount, cash_back) = map::amounts(self.operation)?;
        self.shared.prove().await?;
        let ends = self.shared.now() + limits::BUSY_LIMIT;
        loop {
            self.not_aborted()?;
            let reference = self.shared.reserve(self.desk).await?;
            self.not_aborted()?;
            let order = self.order(&reference, scenario, amount.clone(), cash_back.clone());
            self.say("Follow the terminal.");
            let Self { shared, run, operation, desk } = *self;
            let course = Course { shared, run, operation, desk, order: &order, reference: &reference };
            match course.run().await? {
                End::Told(outcome) => return Ok(*outcome),
                End::Blocked(_, words) | End::AlreadyDone(words) => {
                    return Err(Fault::unknown(Reason::CannotTell, words));
                }
                End::Busy => {}
            }
            if self.desk.not_started(&reference).await.is_err() {
                return Err(busy());
            }
            self.say("The terminal is busy. Finish what it shows.");
            tokio::select! {
                biased;
                () = self.run.aborted() => return Err(busy()),
                () = sleep(limits::BUSY_PAUSE) => {}
            }
            if self.shared.now() >= ends {
                return Err(busy());
            }
        }
    }

    /// How the customer pays: by the sale, or by the settings.
    fn scenario(&self) -> Result<Option<Scenario>, Fault> {
        let no = |words: &str| Err(Fault::not_sent(Reason::UnavailableService, words));
        match (self.operation.method, self.shared.common.scenario) {
            (Method::Any, set) => Ok(set),
            (Method::Card, None | Some(Scenario::Card)) => Ok(Some(Scenario::Card)),
            (Method::Card, Some(_)) => no("this terminal is set up for codes on phones alone"),
            (Method::Qr, Some(Scenario::Card)) => no("this terminal is set up for cards alone"),
            // An order for codes must name the wallet (section 2.3).
            (Method::Qr, _) if self.shared.common.brand.is_none() => {
                no("the settings name no wallet for codes: fill in pay_method_id")
            }
            (Method::Qr, set) => Ok(set.or(Some(Scenario::ScannedCode))),
        }
    }

    fn order(
        &self,
        reference: &Reference,
        scenario: Option<Scenario>,
        amount: String,
        cash_back: Option<String>,
    ) -> Order {
        let common = &self.shared.common;
        let is_code = matches!(scenario, Some(Scenario::ShownCode | Scenario::ScannedCode));
        Order {
            kind: if cash_back.is_some() { TransType::CashBack } else { TransType::Sale },
            number: reference.0.clone(),
            original: None,
            amount,
            cash_back,
            currency: self.operation.requested.currency.code().to_owned(),
            scenario,
            expires: common.expires,
            asks_tip: common.asks_tip,
            confirms: common.confirms,
            brand: common.brand.clone().filter(|_| is_code),
        }
    }

    fn say(&self, text: &str) {
        self.desk.show(Display::Text { text: text.to_owned(), fleeting: false });
    }

    fn not_aborted(&self) -> Result<(), Fault> {
        let aborted = || Fault::not_sent(Reason::Aborted, "cancelled before anything was sent");
        if self.run.is_aborted() { Err(aborted()) } else { Ok(()) }
    }
}

fn busy() -> Fault {
    Fault::refused(Reason::Busy, "the terminal is busy")
}
