//! The drivers for ECR Hub terminals (WiseCashier, as Sadad runs them): one business layer, three ways.
//!
//! | looking for | see |
//! | --- | --- |
//! | a way, as the business layer sees it | `ecrhub/hub.rs` |
//! | settings that all ways share | `ecrhub/common.rs` |
//! | every class of codes and every state in the till's words | `ecrhub/map.rs` |
//! | one order from sending to its last word | `ecrhub/course.rs` |
//! | a sale | `ecrhub/perform.rs` |
//! | voids and refunds | `ecrhub/back.rs` |
//! | asking for a lost answer | `ecrhub/recover.rs` |
//! | requests and answers on a line of the till's own | `ecrhub/talk.rs` |
//! | who waits for which answer | `ecrhub/waiting.rs` |
//! | over the cloud | `ecrhub/cloud.rs` |
//! | over the local network | `ecrhub/wlan.rs` |
//! | over a cable | `ecrhub/usb.rs` |
//!
//! Section numbers refer to the protocol dossier `sadad-ecrhub.md`. Invariant: every order has a number of
//! its own and goes out once; closing is a wish; what is not in a table is unknown.

mod back;
pub mod cloud;
pub(crate) mod common;
mod course;
mod hub;
mod map;
mod perform;
mod recover;
mod talk;
pub mod usb;
mod waiting;
pub mod wlan;

use crate::capabilities::Capabilities;
use crate::desk::{Desk, NotDurable};
use crate::listener::Inbox;
use crate::run::Moment;
use crate::seams::Seams;
use crate::service::{Report, Service};
use crate::terminal::{Address, Identity, Terminal};
use async_trait::async_trait;
use back::Back;
use common::Common;
pub use common::capabilities;
use domain::ids::{OperationId, Reference};
use domain::operation::{Kind, Operation, Sent, Step};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Recovered};
use hub::{Answer, Hub};
use perform::Sale;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wire::ecrhub::Class;

/// So many orders that were taken are remembered: more than can be open.
const TAKEN: usize = 32;

/// One terminal, by whatever way it is reached.
#[derive(Debug)]
pub struct EcrHub {
    shared: Arc<Shared>,
    address: Option<Address>,
    inbox: Option<Arc<dyn Inbox>>,
}

/// What every part shares.
#[derive(Debug)]
pub(crate) struct Shared {
    hub: Arc<dyn Hub>,
    common: Common,
    seams: Seams,
    moment: Arc<Moment>,
    /// The way has been proven since this driver was made.
    is_proven: AtomicBool,
    /// The newest orders that somebody said to have taken.
    taken: Mutex<VecDeque<Reference>>,
}

impl Shared {
    /// Address and identity are right.
    async fn hello(&self) -> Result<Identity, Fault> {
        let met = self.hub.hello().await?;
        self.is_proven.store(true, Ordering::SeqCst);
        Ok(Identity { session: self.hub.session(), ..met })
    }

    /// Before the first payment: a terminal that does not know this till would take money and could not
    /// tell of it.
    ///
    /// # Errors
    /// Nothing that could move money was sent.
    async fn prove(&self) -> Result<(), Fault> {
        if self.is_proven.load(Ordering::SeqCst) {
            return Ok(());
        }
        let unsent = |fault: Fault| Fault::not_sent(fault.reason, fault.detail);
        self.hello().await.map(|_| ()).map_err(unsent)
    }

    /// This order was taken: "no such order" is no proof any more.
    fn has_taken(&self, reference: &Reference) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.push_back(reference.clone());
        if taken.len() > TAKEN {
            taken.pop_front();
        }
    }

    fn was_taken(&self, reference: &Reference) -> bool {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).contains(reference)
    }

    /// How long the till has run.
    fn now(&self) -> Duration {
        self.seams.ambient.mono()
    }

    async fn reserve(&self, desk: &dyn Desk) -> Result<Reference, Fault> {
        let session = self.hub.session();
        desk.reserve(Step::First, Some(&session)).await.map_err(|NotDurable| not_durable())
    }

    /// Whether the terminal that was asked is the one that answers, where it says who it is.
    fn owns(&self, answer: &Answer, outcome: &mut Outcome) {
        let differs = |told: &Option<String>, own: &Option<String>| {
            told.as_ref().zip(own.as_ref()).is_some_and(|(told, own)| told != own)
        };
        let record = &answer.record;
        if differs(&record.terminal, &self.common.terminal)
            || differs(&record.merchant, &self.common.merchant)
        {
            outcome.echo.same_terminal = false;
        }
    }

    async fn settle_batch(&self) -> Result<Report, Fault> {
        if !self.common.closes_batches {
            return Err(unavailable());
        }
        let answer = self.hub.batch_close().await?;
        let said = map::words(&answer);
        let class = answer.code.as_ref().map(|code| code.class(&answer.words));
        match class {
            Some(Class::Success) => {
                Ok(Report { lines: vec![("batch".to_owned(), said)], ..Report::default() })
            }
            Some(Class::Unsupported | Class::Faulty) => Err(Fault::refused(
                Reason::UnavailableService,
                "the terminal settles by itself, or at its own menu",
            )),
            Some(
                Class::SetUp
                | Class::Unclear
                | Class::Cancelled
                | Class::NotFound
                | Class::TakenBack
                | Class::Busy
                | Class::Exists
                | Class::Blocked(_)
                | Class::Declined,
            )
            | None => Err(Fault::unknown(Reason::Refused, said)),
        }
    }
}

impl EcrHub {
    fn new(hub: Arc<dyn Hub>, common: Common, seams: Seams, moment: Arc<Moment>) -> Self {
        let shared = Shared {
            hub,
            common,
            seams,
            moment,
            is_proven: AtomicBool::new(false),
            taken: Mutex::default(),
        };
        Self { shared: Arc::new(shared), address: None, inbox: None }
    }

    fn at(self, address: Address) -> Self {
        Self { address: Some(address), ..self }
    }

    fn hearing(self, inbox: Option<Arc<dyn Inbox>>) -> Self {
        Self { inbox, ..self }
    }
}

#[async_trait]
impl Terminal for EcrHub {
    fn capabilities(&self) -> Capabilities {
        self.shared.common.capabilities()
    }

    fn address(&self) -> Option<Address> {
        self.address.clone()
    }

    fn inbox(&self) -> Option<Arc<dyn Inbox>> {
        self.inbox.clone()
    }

    async fn open(&self) -> Result<Identity, Fault> {
        self.shared.hello().await
    }

    async fn perform(&self, operation: &Operation, desk: &dyn Desk) -> Result<Outcome, Fault> {
        let Some(run) = self.shared.moment.begin(operation.id) else {
            return Err(Fault::not_sent(Reason::Busy, "another operation runs at this terminal"));
        };
        let shared = &self.shared;
        match operation.kind {
            Kind::Sale => Sale { shared, run: &run, operation, desk }.perform().await,
            Kind::Refund => Back { shared, run: &run, operation, desk }.refund().await,
            Kind::Reversal => Back { shared, run: &run, operation, desk }.void().await,
        }
    }

    async fn service(&self, request: &Service) -> Result<Report, Fault> {
        match request {
            Service::Diagnosis => {
                let met = self.shared.hello().await?;
                let line = |name: &str, value: Option<String>| value.map(|value| (name.to_owned(), value));
                let lines = [line("device", met.serial), line("software", met.software)];
                Ok(Report { lines: lines.into_iter().flatten().collect(), ..Report::default() })
            }
            Service::Reconcile => self.shared.settle_batch().await,
            // Every order is looked up by its own number: there is no newest one to ask for.
            Service::LogOut { .. } | Service::Last => Ok(Report::default()),
            Service::Totals | Service::Show { .. } | Service::AskCustomer { .. } => Err(unavailable()),
        }
    }

    async fn abort(&self, operation: OperationId) -> Result<(), Fault> {
        self.shared.moment.wish(operation);
        Ok(())
    }

    async fn call_off(&self, _operation: &Operation, sent: &[Sent]) -> Result<(), Fault> {
        let Some(newest) = sent.iter().find(|it| it.can_have_moved()) else { return Ok(()) };
        self.shared.hub.close(&newest.reference.0).await.map(|_| ())
    }

    async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        let found = self.shared.recover(operation, sent).await;
        // A failed query says nothing about the money, not even when it never left.
        found.map_err(|fault| match fault.certainty {
            Certainty::NotSent | Certainty::Refused => Fault::unknown(fault.reason, fault.detail),
            Certainty::Unknown => fault,
        })
    }

    async fn close(&self) {
        // A pairing is nothing that ends; lines end with their last user, and a gateway has none.
    }
}

fn unavailable() -> Fault {
    Fault::refused(Reason::UnavailableService, "the terminal does not offer this")
}

fn not_durable() -> Fault {
    Fault::not_sent(Reason::NotDurable, "the reference could not be written to disk")
}

fn foreign() -> Fault {
    Fault::unknown(Reason::Mismatch, "the terminal answered about another order")
}
