//! The nexo Retailer driver: payment terminals of Swedbank Pay over HTTP and XML, in both forms of
//! integration.
//!
//! | looking for | see |
//! | --- | --- |
//! | settings | `nexo/profile.rs` |
//! | every code of the protocol in the till's words | `nexo/map.rs` and `nexo/map/` |
//! | one message out, one answer back | `nexo/line.rs` |
//! | logging in | `nexo/session.rs` |
//! | a sale, refund or reversal from top to bottom | `nexo/perform.rs` |
//! | what the terminal shows, prints and asks meanwhile | `nexo/dialogue.rs`, `nexo/inbox.rs` |
//! | asking for a lost answer | `nexo/recover.rs` |
//! | what moves no money | `nexo/services.rs` |
//!
//! Chapter numbers refer to the protocol dossier `nexo-retailer.md`. Invariant: outcomes come only from the
//! answer to our own request or to our own enquiry, never from what the terminal says on its own account.

mod dialogue;
mod inbox;
mod line;
mod map;
mod perform;
pub mod profile;
mod recover;
mod services;
mod session;
mod shared;

use crate::Seams;
use crate::capabilities::Capabilities;
use crate::desk::Desk;
use crate::form::ProfileError;
use crate::http::Ahead;
use crate::limits;
use crate::listener::Inbox;
use crate::service::{Report, Service};
use crate::terminal::{Address, Identity, Terminal};
use async_trait::async_trait;
use domain::ids::OperationId;
use domain::operation::{Operation, Sent};
use domain::outcome::{Fault, Outcome, Recovered};
use profile::{Form, Profile};
use shared::Shared;
use std::sync::Arc;
use toml::Table;

/// One terminal.
#[derive(Debug)]
pub struct Nexo {
    shared: Arc<Shared>,
    ear: Arc<inbox::Ear>,
}

impl Nexo {
    /// A driver with these settings; sends nothing yet.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(settings: &Table, seams: Seams) -> Result<Self, ProfileError> {
        let shared = Arc::new(Shared::new(Profile::read(settings)?, seams));
        Ok(Self { ear: Arc::new(inbox::Ear::new(Arc::clone(&shared))), shared })
    }

    fn is_default_form(&self) -> bool {
        self.shared.profile.form == Form::Default
    }
}

#[async_trait]
impl Terminal for Nexo {
    fn capabilities(&self) -> Capabilities {
        self.shared.profile.form.capabilities()
    }

    fn address(&self) -> Option<Address> {
        let profile::Base { host, port } = self.shared.base();
        Some(Address { host, port, secure: false })
    }

    fn inbox(&self) -> Option<Arc<dyn Inbox>> {
        let ear: Arc<dyn Inbox> = Arc::<inbox::Ear>::clone(&self.ear);
        self.is_default_form().then_some(ear)
    }

    async fn open(&self) -> Result<Identity, Fault> {
        self.shared.log_in(limits::nexo::LOGIN_BUSY_LIMIT).await
    }

    fn get_ready(&self) -> Ahead {
        self.shared.seams.http.get_ready(&self.shared.base().url())
    }

    async fn perform(&self, operation: &Operation, desk: &dyn Desk) -> Result<Outcome, Fault> {
        perform::perform(&self.shared, operation, desk).await
    }

    async fn service(&self, request: &Service) -> Result<Report, Fault> {
        self.shared.serve(request).await
    }

    async fn abort(&self, operation: OperationId) -> Result<(), Fault> {
        match self.shared.wish_abort(operation) {
            Some((category, reference)) => self.shared.abort_money(category, &reference).await,
            None => Ok(()),
        }
    }

    async fn call_off(&self, operation: &Operation, sent: &[Sent]) -> Result<(), Fault> {
        match sent.iter().find(|sent| !sent.not_started) {
            Some(sent) if self.shared.may_call_off(operation.id) => {
                self.shared.abort_money(recover::category(operation), &sent.reference).await
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault> {
        self.shared.recover(operation, sent).await
    }

    async fn close(&self) {
        // Nothing runs in the background, and a log-out here would end a session that may still be needed.
    }
}
