//! The Kayaaku driver over the maker's host: one EDC device, cards and wallets, in both generations.
//!
//! | looking for | see |
//! | --- | --- |
//! | settings | `kayaaku/profile.rs` |
//! | every class of codes in the till's words, by call | `kayaaku/map.rs` |
//! | one signed request out, one reply back | `kayaaku/line.rs` |
//! | a sale from top to bottom | `kayaaku/perform.rs` |
//! | voids and refunds | `kayaaku/back.rs` |
//! | asking for a lost answer | `kayaaku/recover.rs` |
//! | notifications of generation 2 | `kayaaku/inbox.rs` |
//! | the same family on a cable | `kayaaku/serial.rs` |
//!
//! Section numbers refer to the protocol dossier `kayaaku.md`. Invariant: every payment has an id of its
//! own and is sent once; nothing cancels a running payment but the device; what is not in a table is
//! unknown.

mod back;
mod inbox;
mod line;
mod map;
mod perform;
pub mod profile;
mod recover;
pub mod serial;

use crate::capabilities::Capabilities;
use crate::desk::Desk;
use crate::form::ProfileError;
use crate::listener::Inbox;
use crate::run::Moment;
use crate::seams::Seams;
use crate::service::{Report, Service};
use crate::terminal::{Address, Identity, Terminal};
use async_trait::async_trait;
use back::Back;
use domain::ids::OperationId;
use domain::operation::{Kind, Operation, Sent};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Recovered};
use line::Line;
use map::Found;
use perform::Sale;
use profile::{Amounts, Profile, Speech};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use toml::Table;

/// An enquiry that says so of a random id says nothing of any other.
const NEVER_MADE: &str = "the host knows a payment that was never made: its answers tell nothing";

/// One device behind the host.
#[derive(Debug)]
pub struct Kayaaku {
    shared: Arc<Shared>,
    ear: Arc<inbox::Ear>,
}

/// What every part shares.
#[derive(Debug)]
struct Shared {
    line: Line,
    moment: Moment,
    /// The host has given an answer that could be read since this driver was made.
    is_proven: AtomicBool,
}

impl Shared {
    /// A host knows no sessions: what is sent to one device of one merchant at one host belongs together.
    /// Another host, or the other generation of it, has no record of anything.
    fn session(&self) -> String {
        let Profile { mid, device, source_system, base_url, .. } = &self.line.profile;
        let generation = self.line.profile.generation();
        format!("{mid}/{device} {source_system} {generation} {base_url}")
    }

    /// Where the host posts notifications, where the shop forwards them.
    fn notify_url(&self) -> Option<String> {
        let public = self.line.seams.public_url.trim_end_matches('/');
        let is_usable = self.line.profile.notifications && public.starts_with("https://");
        is_usable.then(|| format!("{public}{}", inbox::PATH))
    }

    /// An enquiry about a payment that does not exist: "no record" is proof that address, numbers and keys
    /// are right.
    async fn hello(&self) -> Result<(), Fault> {
        match self.nobodys().await? {
            Found::NoRecord => {
                self.is_proven.store(true, Ordering::SeqCst);
                Ok(())
            }
            Found::Final(_) | Found::TakenBack => Err(Fault::unknown(Reason::Mismatch, NEVER_MADE)),
            Found::Running => Err(Fault::unknown(Reason::Busy, "the device is in use: try again")),
            Found::CannotTell(fault) => Err(refusal(fault)),
        }
    }

    /// Before the first payment: a host whose answers cannot be read, who does not know the till, or who
    /// knows payments that were never made, would take money and could not tell of it. Whatever else it says
    /// of a payment that does not exist is enough.
    ///
    /// # Errors
    /// Nothing that could move money was sent.
    async fn prove(&self) -> Result<(), Fault> {
        if self.is_proven.load(Ordering::SeqCst) {
            return Ok(());
        }
        let unsent = |fault: Fault| Fault::not_sent(fault.reason, fault.detail);
        match self.nobodys().await.map_err(unsent)? {
            Found::Final(_) | Found::TakenBack => {
                return Err(Fault::not_sent(Reason::Mismatch, NEVER_MADE));
            }
            Found::CannotTell(fault)
                if matches!(fault.reason, Reason::MessageFormat | Reason::NotLoggedIn) =>
            {
                return Err(unsent(refusal(fault)));
            }
            Found::NoRecord | Found::Running | Found::CannotTell(_) => {}
        }
        self.is_proven.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// What the host says of a payment that does not exist.
    async fn nobodys(&self) -> Result<Found, Fault> {
        let shape = self.line.profile.capabilities().reference;
        let reference = self.line.seams.ambient.reference(shape);
        Ok(map::found(&self.line.enquire(&reference).await?))
    }

    fn warnings(&self) -> Vec<String> {
        let is_unverified = matches!(self.line.profile.speech, Speech::Plain { host: None, .. });
        let unverified =
            "Replies of the host are not verified: ask Finexus for its public key and set peer_public_key.";
        let trial = "Only sales of exactly 1.00 are sent: when the terminal showed 1.00 for one, say so in \
                     the settings.";
        let is_trial = self.line.profile.amounts == Amounts::Trial;
        [(is_unverified, unverified), (is_trial, trial)]
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, words)| words.to_owned())
            .collect()
    }
}

/// An enquiry that is refused for what it says or who signed it.
fn refusal(fault: Fault) -> Fault {
    if fault.reason != Reason::MessageFormat {
        return fault;
    }
    let words = format!("the host refuses key or numbers: check them ({})", fault.detail);
    Fault::refused(Reason::LoginRefused, words)
}

impl Kayaaku {
    /// A driver with these settings; sends nothing yet.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(settings: &Table, seams: Seams) -> Result<Self, ProfileError> {
        let profile = Profile::read(settings)?;
        let shared = Arc::new(Shared {
            line: Line { profile, seams },
            moment: Moment::default(),
            is_proven: AtomicBool::new(false),
        });
        Ok(Self { ear: Arc::new(inbox::Ear::new(Arc::clone(&shared))), shared })
    }
}

#[async_trait]
impl Terminal for Kayaaku {
    fn capabilities(&self) -> Capabilities {
        self.shared.line.profile.capabilities()
    }

    fn address(&self) -> Option<Address> {
        let Profile { base_url, host, port, .. } = &self.shared.line.profile;
        Some(Address { host: host.clone(), port: *port, secure: base_url.starts_with("https://") })
    }

    fn inbox(&self) -> Option<Arc<dyn Inbox>> {
        let ear: Arc<dyn Inbox> = Arc::<inbox::Ear>::clone(&self.ear);
        self.shared.line.profile.notifications.then_some(ear)
    }

    async fn open(&self) -> Result<Identity, Fault> {
        self.shared.hello().await?;
        let generation = match self.shared.line.profile.speech {
            Speech::Plain { .. } => "1",
            Speech::Sealed(_) => "2",
        };
        Ok(Identity {
            session: self.shared.session(),
            serial: Some(self.shared.line.profile.device.clone()),
            software: Some(format!("Kayaaku POS, interface {generation}")),
            warnings: self.shared.warnings(),
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
                self.shared.hello().await?;
                let lines = vec![("device".to_owned(), self.shared.line.profile.device.clone())];
                Ok(Report { lines, ..Report::default() })
            }
            // Every payment is looked up by its own id: there is no newest one to ask for.
            Service::LogOut { .. } | Service::Last => Ok(Report::default()),
            Service::Totals | Service::Reconcile | Service::Show { .. } | Service::AskCustomer { .. } => {
                Err(Fault::refused(Reason::UnavailableService, "the terminal does not offer this"))
            }
        }
    }

    async fn abort(&self, operation: OperationId) -> Result<(), Fault> {
        self.shared.moment.wish(operation);
        Ok(())
    }

    async fn call_off(&self, _operation: &Operation, _sent: &[Sent]) -> Result<(), Fault> {
        Err(Fault::refused(
            Reason::UnavailableService,
            "only the terminal can stop it: press Cancel there; the till goes on asking",
        ))
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
        // Nothing is open at the host.
    }
}
