//! The training terminal: a driver without I/O for practice. The amount chooses what happens (see
//! `training/script.rs`); texts, questions, slips and waits are like those of a real terminal.
//!
//! Invariant: it remembers nothing about operations. What it would have answered follows from the operation
//! and its references, so enquiring always tells, also after a restart of the till.

pub mod profile;
mod script;
mod slips;

use self::profile::Profile;
use self::script::{Answer, Customer, Script};
use crate::capabilities::{Abort, Capabilities, Code, Recover, SignatureBy};
use crate::desk::{Desk, Display, NotDurable};
use crate::form::ProfileError;
use crate::limits::training as limits;
use crate::listener::Inbox;
use crate::service::{Report, Service};
use crate::{Address, Identity, Seams, Terminal};
use async_trait::async_trait;
use domain::ids::{OperationId, Reference, ReferenceShape};
use domain::operation::{Operation, Sent, Step};
use domain::outcome::{Echo, Evidence, Fault, Fence, Instrument, Outcome, Reason, Recovered, Said};
use domain::prompt::{Answer as Reply, Question};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use toml::Table;

/// How the terminal names itself and its session.
const SOFTWARE: &str = "Training terminal";
/// Keystrokes of a PIN.
const PIN_DIGITS: u32 = 4;

/// The driver.
#[derive(Debug)]
pub struct Training {
    profile: Profile,
    seams: Seams,
    /// The newest operation that the cashier wants to stop.
    abort_asked: watch::Sender<Option<OperationId>>,
    /// The session that `open` began.
    session: watch::Sender<Option<String>>,
}

impl Training {
    /// A training terminal with these settings.
    ///
    /// # Errors
    /// See [`Profile::read`].
    pub fn new(settings: &Table, seams: Seams) -> Result<Self, ProfileError> {
        let profile = Profile::read(settings)?;
        let session = watch::Sender::new(seams.learned.session.clone());
        Ok(Self { profile, seams, abort_asked: watch::Sender::new(None), session })
    }

    /// "Sends" the request: reserves again as often as the terminal is occupied, like a real driver.
    async fn send(
        &self,
        operation: &Operation,
        script: &Script,
        desk: &dyn Desk,
    ) -> Result<Reference, Fault> {
        let session = self.session.borrow().clone();
        let mut reference = desk.reserve(Step::First, session.as_deref()).await.map_err(not_sent)?;
        for _ in 0..script.busy {
            // Whether this reaches the disk or not, the answer was that nothing has started.
            desk.not_started(&reference).await.map_err(not_started)?;
            say(desk, "Terminal busy");
            if self.abort_within(operation.id, self.profile.pace).await {
                return Err(Fault::refused(Reason::Aborted, "stopped while the terminal was busy"));
            }
            reference = desk.reserve(Step::Resend, session.as_deref()).await.map_err(not_sent)?;
        }
        Ok(reference)
    }

    /// The customer's part. An answer: it ended here, before the bank was asked.
    async fn customer(&self, operation: &Operation, script: &Script, desk: &dyn Desk) -> Option<Answer> {
        let wait = match script.customer {
            Customer::Absent => return None,
            Customer::Hesitates => limits::CUSTOMER,
            Customer::Taps | Customer::EntersPin | Customer::UsesPhone | Customer::Cancels => {
                self.profile.pace
            }
        };
        say(desk, "Present card");
        if self.abort_within(operation.id, wait).await && script.stops_on_abort {
            return Some(Answer::aborted());
        }
        match script.customer {
            Customer::Cancels | Customer::Hesitates => Some(script.answer.clone()),
            Customer::EntersPin => self.pin(operation, desk).await,
            Customer::Absent | Customer::Taps | Customer::UsesPhone => None,
        }
    }

    async fn pin(&self, operation: &Operation, desk: &dyn Desk) -> Option<Answer> {
        say(desk, "Enter PIN");
        let mut stars = String::new();
        for _ in 0..PIN_DIGITS {
            if self.abort_within(operation.id, self.profile.pace / PIN_DIGITS).await {
                return Some(Answer::aborted());
            }
            stars.push('*');
            desk.show(Display::Text { text: format!("Enter PIN\n{stars}"), fleeting: true });
        }
        None
    }

    /// Waits; true as soon as the cashier wants this operation to stop.
    async fn abort_within(&self, operation: OperationId, wait: Duration) -> bool {
        let mut asked = self.abort_asked.subscribe();
        let is_meant = |asked: &Option<OperationId>| *asked == Some(operation);
        // The channel lives as long as the driver, so an error means that the time has passed.
        timeout(wait, asked.wait_for(is_meant)).await.is_ok()
    }

    /// The bank's part: from here on a wish to stop comes too late.
    async fn bank(
        &self,
        operation: &Operation,
        script: &Script,
        reference: &Reference,
        desk: &dyn Desk,
    ) -> Answer {
        say(desk, "Authorizing");
        sleep(self.profile.pace.saturating_mul(script.bank_paces)).await;
        if !script.signed {
            return script.answer.clone();
        }
        let approval = self.outcome(operation, script, &script.answer, reference, self.now());
        let slip = slips::to_sign(operation, script, &approval, &self.seams.zone);
        if desk.print(slip).await.is_err() {
            say(desk, "No paper: sign the copy on the screen");
        }
        say(desk, "Check signature");
        let text = "Is the customer's signature right?".to_owned();
        match desk.ask(Question::Signature, text, None).await {
            Reply::Yes => script.answer.clone(),
            Reply::No => Answer::signature_refused(),
            Reply::NoDialogue | Reply::Typed(_) | Reply::Chosen(_) => Answer::signature_unchecked(),
        }
    }

    fn outcome(
        &self,
        operation: &Operation,
        script: &Script,
        answer: &Answer,
        reference: &Reference,
        at: Timestamp,
    ) -> Outcome {
        let echo = Echo {
            reference: Some(reference.clone()),
            transaction: Some(operation.transaction.clone()),
            same_terminal: true,
            foreign_original: None,
            amount_implied: false,
        };
        let mut outcome = Outcome::bare(answer.said, echo);
        outcome.provider_time = Some(at);
        outcome.reason.clone_from(&answer.reason);
        outcome.detail = answer.reason.is_some().then(|| answer.text.to_owned());
        outcome.evidence = evidence(operation);
        outcome.instrument = instrument(script.customer);
        match answer.said {
            Said::Approved => {
                let (amount, tip) = script.approved(operation.requested);
                outcome.amount = Some(amount);
                outcome.tip = tip;
                outcome.cash_back = (!operation.cash_back.is_zero()).then_some(operation.cash_back);
                outcome.evidence =
                    outcome.evidence.with("approval_code", &tail(&operation.transaction.0, 6));
            }
            // Who is approved for less gets no cash on top.
            Said::Partial => outcome.amount = Some(script.approved(operation.requested).0),
            Said::Declined | Said::Cancelled => {}
        }
        if answer.said != Said::Cancelled {
            outcome.receipts = slips::both(operation, script, &outcome, &self.seams.zone);
        }
        outcome
    }

    fn now(&self) -> Timestamp {
        self.seams.ambient.seed().at
    }
}

#[async_trait]
impl Terminal for Training {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            refund: true,
            refund_needs_original: false,
            reversal: true,
            reverses_last_only: false,
            reversals_by_original: false,
            cash_back: true,
            partial: true,
            live_display: true,
            prompts: true,
            signature: SignatureBy::TerminalAsks,
            abort: Abort::Signal,
            recover: Recover::Always,
            fence: true,
            listener: false,
            code: Code::None,
            daily_maintenance: false,
            practice_only: true,
            prepares: false,
            reference: ReferenceShape::Digits(10),
            recovery: limits::RECOVERY,
        }
    }

    fn address(&self) -> Option<Address> {
        None
    }

    fn inbox(&self) -> Option<Arc<dyn Inbox>> {
        None
    }

    async fn open(&self) -> Result<Identity, Fault> {
        let session = self.seams.ambient.reference(ReferenceShape::Digits(10)).0;
        self.session.send_replace(Some(session.clone()));
        Ok(Identity {
            session,
            serial: None,
            software: Some(SOFTWARE.to_owned()),
            skew_ms: Some(0),
            measured_at: None,
            warnings: Vec::new(),
        })
    }

    async fn perform(&self, operation: &Operation, desk: &dyn Desk) -> Result<Outcome, Fault> {
        let script = Script::of(operation);
        let reference = self.send(operation, &script, desk).await?;
        let answer = match self.customer(operation, &script, desk).await {
            Some(answer) => answer,
            None => {
                if desk.note(evidence(operation)).await.is_err() {
                    // Nothing else is sent after this; what the terminal answers is worth telling anyway.
                    tracing::debug!("the training terminal's ids are not on disk");
                }
                let answer = self.bank(operation, &script, &reference, desk).await;
                if script.answer_lost {
                    return Err(Fault::unknown(Reason::AnswerLost, "the answer was lost, as practised"));
                }
                answer
            }
        };
        say(desk, answer.text);
        Ok(self.outcome(operation, &script, &answer, &reference, self.now()))
    }

    async fn service(&self, request: &Service) -> Result<Report, Fault> {
        match request {
            Service::Diagnosis => Ok(Report {
                lines: vec![
                    ("Terminal".to_owned(), SOFTWARE.to_owned()),
                    ("Bank".to_owned(), "none".to_owned()),
                ],
                ..Report::default()
            }),
            Service::LogOut { maintenance: _ } => {
                self.session.send_replace(None);
                Ok(Report::default())
            }
            // It remembers no operation, so there is no newest outcome; and it has no screen but the desk's.
            Service::Last | Service::Show { lines: _ } => Ok(Report::default()),
            Service::AskCustomer { .. } => {
                Ok(Report { answer: Some(Reply::NoDialogue), ..Report::default() })
            }
            Service::Totals | Service::Reconcile => {
                Err(Fault::refused(Reason::UnavailableService, "the training terminal keeps no totals"))
            }
        }
    }

    async fn abort(&self, operation: OperationId) -> Result<(), Fault> {
        self.abort_asked.send_replace(Some(operation));
        Ok(())
    }

    async fn call_off(&self, _operation: &Operation, _sent: &[Sent]) -> Result<(), Fault> {
        // Whatever `perform` left behind has ended with it.
        Ok(())
    }

    async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        let Some(newest) = sent.iter().find(|sent| !sent.not_started) else {
            return Ok(Recovered::NeverSeen(Fence::SameSession));
        };
        let script = Script::of(operation);
        let outcome = self.outcome(operation, &script, &script.unattended(), &newest.reference, newest.at);
        Ok(Recovered::Settled(Box::new(outcome)))
    }

    async fn close(&self) {}
}

fn not_sent(_: NotDurable) -> Fault {
    Fault::not_sent(Reason::NotDurable, "the reference could not be written down")
}

fn not_started(_: NotDurable) -> Fault {
    Fault::refused(Reason::Busy, "the terminal was busy, and that could not be written down")
}

fn say(desk: &dyn Desk, text: &str) {
    desk.show(Display::Text { text: text.to_owned(), fleeting: false });
}

fn evidence(operation: &Operation) -> Evidence {
    Evidence::default().with("transaction_id", &tail(&operation.transaction.0, 10))
}

fn tail(text: &str, length: usize) -> String {
    let skipped = text.chars().count().saturating_sub(length);
    text.chars().skip(skipped).collect()
}

fn instrument(customer: Customer) -> Option<Instrument> {
    let card = |entry: &str| Instrument {
        kind: "card".to_owned(),
        brand: Some("Training card".to_owned()),
        number: Some(slips::MERCHANT_NUMBER.to_owned()),
        entry: Some(entry.to_owned()),
    };
    match customer {
        Customer::Taps => Some(card("contactless")),
        Customer::EntersPin => Some(card("chip")),
        Customer::UsesPhone => Some(Instrument { kind: "mobile".to_owned(), ..Instrument::default() }),
        Customer::Absent | Customer::Cancels | Customer::Hesitates => None,
    }
}
