//! The one driver trait. A driver is straight-line async code over a protocol; it keeps no state worth
//! saving and knows neither journal nor interface.

use crate::capabilities::Capabilities;
use crate::desk::Desk;
use crate::http::Ahead;
use crate::listener::Inbox;
use crate::service::{Report, Service};
use async_trait::async_trait;
use domain::ids::OperationId;
use domain::operation::{Operation, Sent};
use domain::outcome::{Fault, Outcome, Recovered};
use jiff::Timestamp;
use std::fmt::Debug;
use std::sync::Arc;

/// A payment terminal or wallet gateway.
///
/// The fleet calls `perform` for one operation at a time (R2); `recover` and `abort` may overlap it.
#[async_trait]
pub trait Terminal: Send + Sync + Debug {
    /// What it can do; may shrink after [`Terminal::open`].
    fn capabilities(&self) -> Capabilities;

    /// Where it is reached, for the connection check; `None` where there is no network.
    fn address(&self) -> Option<Address>;

    /// What receives the terminal's own requests. The till puts it on the listener before the first
    /// `open`, and asks only where [`Capabilities::listener`] is set.
    fn inbox(&self) -> Option<Arc<dyn Inbox>>;

    /// Pairs, logs in, says hello; repeatable. The till has made `SessionOpening` durable before it calls,
    /// and never calls while an operation is open here, except after [`Recovered::SessionLost`] (R8).
    async fn open(&self) -> Result<Identity, Fault>;

    /// The till is about to begin an operation here: time to connect. Sends nothing; most have nothing to do.
    /// The till holds what is returned until [`Terminal::perform`] has ended.
    fn get_ready(&self) -> Ahead {
        Ahead::default()
    }

    /// Carries out one money operation to its final answer. Dropping the future means *outcome unknown*,
    /// never *cancelled*. Every request that can move money has a reference of its own from
    /// [`Desk::reserve`]; it is sent again only where the protocol's map lists the answer as certainly not
    /// started, and then under a new reference.
    async fn perform(&self, operation: &Operation, desk: &dyn Desk) -> Result<Outcome, Fault>;

    /// Diagnosis, totals, reconciliation, log-out, a text or question for the customer: moves no money.
    async fn service(&self, request: &Service) -> Result<Report, Fault>;

    /// Asks the terminal to stop the running operation: a wish. `perform` still tells the outcome.
    async fn abort(&self, operation: OperationId) -> Result<(), Fault>;

    /// Asks the terminal to stop an operation whose outcome is open and that no `perform` waits for (the
    /// answer was lost, the till was restarted). A wish: recovery still tells the outcome. `sent`: newest
    /// first.
    async fn call_off(&self, operation: &Operation, sent: &[Sent]) -> Result<(), Fault>;

    /// Enquires once about an operation whose outcome is open. `sent`: its references, newest first. Bounded
    /// in time by the driver; the till calls again after a pause. Never logs in.
    async fn recover(&self, operation: &Operation, sent: &[Sent]) -> Result<Recovered, Fault>;

    /// The till closes. Ends background work; sends nothing that could end a session.
    async fn close(&self);
}

/// Who the terminal says it is, and the session it is in now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The driver's name for the session; goes into every reference reserved in it.
    pub session: String,
    /// Serial number of the device.
    pub serial: Option<String>,
    /// Name and version of its software.
    pub software: Option<String>,
    /// How far its clock is ahead of the till's, milliseconds.
    pub skew_ms: Option<i64>,
    /// When that was measured, by the till's clock: where the clock was set since, it tells nothing.
    pub measured_at: Option<Timestamp>,
    /// Health warnings in plain words, for example "card reader reports a fault".
    pub warnings: Vec<String>,
}

/// A network address for the connection check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// It is spoken to over TLS.
    pub secure: bool,
}
