//! The seam to what is on the same local network: services by name (mDNS and DNS-SD), told and looked for.
//!
//! Invariant: whatever is found here is a hint that anybody on the network can give; nothing is sent to a
//! found address before a person has said yes to it.

mod multicast;

use async_trait::async_trait;
use std::any::Any;
use std::fmt::{self, Debug};
use std::time::Duration;

pub use multicast::Multicast;

/// A service that is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// For example `_ecr-hub-client._tcp.local.`.
    pub kind: &'static str,
    /// Its name among those.
    pub instance: String,
    /// Its port.
    pub port: u16,
    /// Texts beside it.
    pub texts: Vec<String>,
}

/// One that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name among its kind.
    pub instance: String,
    /// Its address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Texts beside it.
    pub texts: Vec<String>,
}

/// The service is told of until this is dropped.
pub struct Announced(#[allow(dead_code)] Box<dyn Any + Send + Sync>); // only its end counts

impl Announced {
    /// Ends with this.
    pub fn until(end: impl Any + Send + Sync) -> Self {
        Self(Box::new(end))
    }
}

impl Debug for Announced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Announced")
    }
}

/// The local network.
#[async_trait]
pub trait Nearby: Send + Sync + Debug {
    /// Tells of a service.
    ///
    /// # Errors
    /// The system does not let this program; its words.
    fn announce(&self, service: &Service) -> Result<Announced, String>;

    /// Who of this kind answers within the limit; nobody where the network is silent.
    async fn look(&self, kind: &'static str, limit: Duration) -> Vec<Seen>;
}

/// No network: nobody hears, nobody answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

#[async_trait]
impl Nearby for Nobody {
    fn announce(&self, _service: &Service) -> Result<Announced, String> {
        Ok(Announced::until(()))
    }

    async fn look(&self, _kind: &'static str, _limit: Duration) -> Vec<Seen> {
        Vec::new()
    }
}
