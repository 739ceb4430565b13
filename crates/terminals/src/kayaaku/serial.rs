//! The Kayaaku driver over a serial line: one device on a cable, cards and wallets (profile `kpos-serial/1`).
//!
//! | looking for | see |
//! | --- | --- |
//! | settings | `serial/profile.rs` |
//! | messages in the till's words, what the device wants done | `serial/map.rs` |
//! | the port, the link, results that come by themselves | `serial/keeper.rs` |
//! | who waits for which result | `serial/claims.rs` |
//! | a sale from top to bottom | `serial/perform.rs` |
//! | voids and refunds | `serial/back.rs` |
//! | asking for a lost answer | `serial/recover.rs` |
//!
//! Section numbers refer to the protocol dossier `kayaaku.md`. Invariant: every payment has a number of its
//! own; the line repeats a frame only as it is, and the device knows it by that number (decision 26); what
//! is not in a table is unknown.

mod back;
mod claims;
mod keeper;
mod map;
mod perform;
pub mod profile;
mod recover;

use crate::capabilities::Capabilities;
use crate::desk::{Desk, NotDurable};
use crate::form::ProfileError;
use crate::listener::Inbox;
use crate::run::Moment;
use crate::seams::Seams;
use crate::service::{Report, Service};
use crate::terminal::{Address, Identity, Terminal};
use async_trait::async_trait;
use back::Back;
use claims::Claims;
use domain::ids::{OperationId, Reference};
use domain::operation::{Kind, Operation, Sent, Step};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Recovered};
use keeper::{Answered, Device, Gone, Keeper, Wish};
use map::Told;
use perform::Sale;
use profile::Profile;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};
use toml::Table;
use wire::kayaaku::Class;
use wire::kayaaku::serial::Message;

/// One device on a line.
#[derive(Debug)]
pub struct KayaakuSerial {
    shared: Arc<Shared>,
}

/// What every part shares.
#[derive(Debug)]
struct Shared {
    profile: Profile,
    seams: Seams,
    moment: Moment,
    claims: Arc<Claims>,
    keeper: Mutex<Option<mpsc::Sender<Wish>>>,
}

impl Shared {
    /// The way to the keeper of the line, who is started by the first wish.
    fn wishes(&self) -> mpsc::Sender<Wish> {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        keeper.get_or_insert_with(|| Keeper::start(&self.profile, &self.seams, &self.claims)).clone()
    }

    /// Who is at the other end, by a link test.
    async fn meet(&self) -> Result<Device, Fault> {
        let (reply, met) = oneshot::channel();
        let ended = || Fault::not_sent(Reason::NotSent, "the line is being closed");
        self.wishes().send(Wish::Meet(reply)).await.map_err(|_| ended())?;
        met.await.map_err(|_| ended())?
    }

    /// One request and its answer.
    async fn ask(&self, message: Message) -> Result<Answered, Gone> {
        let (reply, answered) = oneshot::channel();
        let ended = || Fault::not_sent(Reason::NotSent, "the line is being closed");
        let wish = Wish::Send(Box::new(message), reply);
        self.wishes().send(wish).await.map_err(|_| Gone::NotSent(ended()))?;
        let lost = |_| Gone::Unknown(Fault::unknown(Reason::AnswerLost, "the line was closed"));
        answered.await.map_err(lost)?
    }

    /// What is sent to one device of one merchant belongs together: another device knows nothing of it.
    fn session(&self, device: &Device) -> String {
        format!("{}/{}", self.profile.mid, device.terminal)
    }

    /// What became of a payment or refund, by its number.
    async fn enquire(&self, mrn: &str) -> Result<Told, Fault> {
        let message = Message::Enquiry { mid: self.profile.mid.clone(), mrn: mrn.to_owned() };
        // A failed enquiry says nothing about the money, not even when it never left.
        let lost = |gone: Gone| {
            let fault = Fault::from(gone);
            Fault::unknown(fault.reason, fault.detail)
        };
        let message = self.ask(message).await.map_err(lost)?.message;
        let Message::Answer(result) = message else { return Err(foreign(&message)) };
        Ok(Told::of(&result, &self.profile.mid))
    }

    /// A reference for a request to this device.
    async fn reserve(&self, desk: &dyn Desk, step: Step, device: &Device) -> Result<Reference, Fault> {
        let session = self.session(device);
        let reserved = desk.reserve(step, Some(&session)).await;
        reserved.map_err(|NotDurable| {
            Fault::not_sent(Reason::NotDurable, "the reference could not be written to disk")
        })
    }

    /// Asks the device to give a running payment up.
    async fn stop(&self, mrn: &str) -> Result<(), Fault> {
        let answered = self.ask(Message::Abort { mrn: mrn.to_owned() }).await.map_err(Fault::from)?;
        let Message::Aborted { result } = answered.message else { return Err(foreign(&answered.message)) };
        if result.class() == Class::Approved {
            return Ok(());
        }
        let words = format!("the device goes on with the payment ({result}): press Cancel on it");
        Err(Fault::refused(Reason::UnavailableService, words))
    }

    async fn settle(&self) -> Result<Report, Fault> {
        let message = Message::Settle { mid: self.profile.mid.clone() };
        let message = self.ask(message).await.map_err(Fault::from)?.message;
        let Message::Settled(settled) = message else { return Err(foreign(&message)) };
        if settled.result.class() == Class::Approved {
            let lines = map::totals(&settled, self.seams.currency);
            return Ok(Report { lines, ..Report::default() });
        }
        let words = format!("the device did not settle ({})", settled.result);
        Err(Fault::refused(Reason::UnavailableService, words))
    }
}

/// An answer of another kind than its request.
fn foreign(message: &Message) -> Fault {
    Fault::unknown(Reason::Mismatch, format!("{} answers another request", message.mti()))
}

impl KayaakuSerial {
    /// A driver with these settings; opens nothing yet.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(settings: &Table, seams: Seams) -> Result<Self, ProfileError> {
        let profile = Profile::read(settings)?;
        let (moment, claims, keeper) = (Moment::default(), Arc::default(), Mutex::default());
        Ok(Self { shared: Arc::new(Shared { profile, seams, moment, claims, keeper }) })
    }
}

#[async_trait]
impl Terminal for KayaakuSerial {
    fn capabilities(&self) -> Capabilities {
        profile::capabilities(self.shared.profile.payment.is_none())
    }

    fn address(&self) -> Option<Address> {
        None
    }

    fn inbox(&self) -> Option<Arc<dyn Inbox>> {
        None
    }

    async fn open(&self) -> Result<Identity, Fault> {
        let device = self.shared.meet().await?;
        Ok(Identity {
            session: self.shared.session(&device),
            software: Some(format!("Kayaaku POS, kpos-serial/1, at {}", device.port)),
            serial: Some(device.terminal),
            ..Identity::default()
        })
    }

    async fn perform(&self, operation: &Operation, desk: &dyn Desk) -> Result<Outcome, Fault> {
        let Some(run) = self.shared.moment.begin(operation.id) else {
            return Err(Fault::not_sent(Reason::Busy, "another operation runs at this terminal"));
        };
        let shared = &self.shared;
        match operation.kind {
            Kind::Sale => Sale { shared, run: &run, operation, desk }.perform().await,
            Kind::Refund => Back { shared, operation, desk }.refund().await,
            Kind::Reversal => Back { shared, operation, desk }.void().await,
        }
    }

    async fn service(&self, request: &Service) -> Result<Report, Fault> {
        match request {
            Service::Diagnosis => {
                let device = self.shared.meet().await?;
                let lines = vec![("device".to_owned(), device.terminal), ("port".to_owned(), device.port)];
                Ok(Report { lines, ..Report::default() })
            }
            Service::Reconcile => self.shared.settle().await,
            // Every payment is looked up by its own number: there is no newest one to ask for.
            Service::LogOut { .. } | Service::Last => Ok(Report::default()),
            Service::Totals | Service::Show { .. } | Service::AskCustomer { .. } => {
                Err(Fault::refused(Reason::UnavailableService, "the terminal does not offer this"))
            }
        }
    }

    async fn abort(&self, operation: OperationId) -> Result<(), Fault> {
        // What runs may be another operation, whose customer goes on.
        let is_running = self.shared.moment.wish(operation);
        match self.shared.claims.running().filter(|_| is_running) {
            Some(mrn) => self.shared.stop(&mrn).await,
            // Nothing has left yet, and nothing will.
            None => Ok(()),
        }
    }

    async fn call_off(&self, _operation: &Operation, sent: &[Sent]) -> Result<(), Fault> {
        match sent.iter().find(|it| it.can_have_moved() && it.step == Step::First) {
            Some(newest) => self.shared.stop(&newest.reference.0).await,
            None => Err(Fault::refused(Reason::NotFound, "nothing of it was sent")),
        }
    }

    async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        let found = self.shared.recover(operation, sent).await;
        // A failed enquiry says nothing about the money, not even when it never left.
        found.map_err(|fault| match fault.certainty {
            Certainty::NotSent | Certainty::Refused => Fault::unknown(fault.reason, fault.detail),
            Certainty::Unknown => fault,
        })
    }

    async fn close(&self) {
        // The keeper ends with its last wish, and lets the port go.
        *self.shared.keeper.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
