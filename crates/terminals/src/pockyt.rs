//! The Pockyt driver: wallets of one store, charged by the code that the customer shows or paid by a code
//! that the till shows.
//!
//! | looking for | see |
//! | --- | --- |
//! | settings | `pockyt/profile.rs` |
//! | every code and status of the gateway in the till's words | `pockyt/map.rs` |
//! | one signed request out, one reply back | `pockyt/line.rs` |
//! | a sale from top to bottom | `pockyt/perform.rs` |
//! | asking, cancelling, looking after the cancel | `pockyt/follow.rs` |
//! | refunds and reversals | `pockyt/back.rs` |
//! | asking for a lost answer | `pockyt/recover.rs` |
//! | instant notifications | `pockyt/inbox.rs` |
//!
//! Section numbers refer to the protocol dossier `pockyt.md`. Invariant: outcomes come only from replies to
//! our own requests about our own transaction; a cancel is sent by `perform` alone.

mod back;
mod follow;
mod inbox;
mod line;
mod map;
mod perform;
pub mod profile;
mod recover;

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
use domain::ids::{OperationId, ReferenceShape};
use domain::operation::{Kind, Operation, Sent};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Recovered};
use jiff::Timestamp;
use line::{Line, Named};
use map::Heard;
use perform::Sale;
use profile::Profile;
use std::sync::Arc;
use toml::Table;
use wire::pockyt::{Query, Request};

/// One store at the gateway.
#[derive(Debug)]
pub struct Pockyt {
    shared: Arc<Shared>,
    ear: Arc<inbox::Ear>,
}

/// What every part shares.
#[derive(Debug)]
struct Shared {
    line: Line,
    moment: Moment,
}

impl Shared {
    /// A gateway knows no sessions: what is sent to one store belongs together.
    fn session(&self) -> String {
        self.line.profile.who.store_no.clone()
    }

    /// Where the gateway posts notifications, where the shop forwards them.
    fn ipn_url(&self) -> Option<String> {
        let public = self.line.seams.public_url.trim_end_matches('/');
        let is_usable = self.line.profile.notifications && public.starts_with("https://");
        is_usable.then(|| format!("{public}{}", inbox::PATH))
    }

    /// Whether this moment lies in today, by the shop's own clock.
    fn is_today(&self, at: Timestamp) -> bool {
        let zone = &self.line.seams.zone;
        let date = |at: Timestamp| at.to_zoned(zone.clone()).date();
        date(at) == date(self.line.seams.ambient.seed().at)
    }

    /// A query for a transaction that does not exist: the answer "no record" is proof that address, numbers
    /// and token are right.
    async fn hello(&self) -> Result<(), Fault> {
        let reference = self.line.seams.ambient.reference(ReferenceShape::Hex32);
        let request = Request::Query(Query { meant: Named::by(&reference.0).meant() });
        let refused = |words: String| Fault::refused(Reason::LoginRefused, words);
        match self.line.ask(&request).await? {
            Heard::NoRecord(_) | Heard::Accepted(_) => Ok(()),
            Heard::Refused(Reason::MessageFormat, words) => Err(refused(format!(
                "the gateway refuses the signature or the numbers: check them ({words})"
            ))),
            Heard::Refused(_, words) => {
                Err(refused(format!("the gateway does not permit this store ({words})")))
            }
            Heard::WrongStatus(words) => Err(Fault::unknown(Reason::CannotTell, words)),
            Heard::Unknown(fault) => Err(fault),
        }
    }
}

impl Pockyt {
    /// A driver with these settings; sends nothing yet.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(settings: &Table, seams: Seams) -> Result<Self, ProfileError> {
        let profile = Profile::read(settings)?;
        let shared = Arc::new(Shared { line: Line { profile, seams }, moment: Moment::default() });
        Ok(Self { ear: Arc::new(inbox::Ear::new(Arc::clone(&shared))), shared })
    }
}

#[async_trait]
impl Terminal for Pockyt {
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
        let who = &self.shared.line.profile.who;
        Ok(Identity {
            session: self.shared.session(),
            serial: Some(format!("{}/{}", who.merchant_no, who.store_no)),
            software: Some("Pockyt v3".to_owned()),
            ..Identity::default()
        })
    }

    async fn perform(&self, operation: &Operation, desk: &dyn Desk) -> Result<Outcome, Fault> {
        let Some(run) = self.shared.moment.begin(operation.id) else {
            return Err(Fault::not_sent(Reason::Busy, "another operation runs at this gateway"));
        };
        let shared = &self.shared;
        match operation.kind {
            Kind::Sale => Sale { shared, run: &run, operation, desk }.perform().await,
            Kind::Refund => Back { shared, operation, desk }.refund().await,
            Kind::Reversal => Back { shared, operation, desk }.reverse().await,
        }
    }

    async fn service(&self, request: &Service) -> Result<Report, Fault> {
        let who = &self.shared.line.profile.who;
        match request {
            Service::Diagnosis => {
                self.shared.hello().await?;
                let store = format!("{}/{}", who.merchant_no, who.store_no);
                Ok(Report { lines: vec![("store".to_owned(), store)], ..Report::default() })
            }
            // Every transaction is looked up by its own reference: there is no newest one to ask for.
            Service::LogOut { .. } | Service::Last => Ok(Report::default()),
            Service::Totals | Service::Reconcile | Service::Show { .. } | Service::AskCustomer { .. } => {
                Err(Fault::refused(Reason::UnavailableService, "the gateway does not offer this"))
            }
        }
    }

    async fn abort(&self, operation: OperationId) -> Result<(), Fault> {
        self.shared.moment.wish(operation);
        Ok(())
    }

    async fn call_off(&self, _operation: &Operation, _sent: &[Sent]) -> Result<(), Fault> {
        // A cancel gives a paid sale back: outside of `perform` none is sent. What nobody pays closes by
        // itself.
        Err(Fault::refused(
            Reason::UnavailableService,
            "an unpaid transaction closes by itself; please wait",
        ))
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
        // Nothing runs in the background, and nothing is open at the gateway.
    }
}
