//! What a driver is given when it is made: the ways out, the source of time and randomness, and what the
//! till has learned about the terminal before.

use crate::http::Http;
use crate::nearby::Nearby;
use crate::notice::Notices;
use crate::serial::Lines;
use domain::ids::{Reference, ReferenceShape, Seed};
use domain::money::Currency;
use domain::payment::Mono;
use std::fmt::Debug;
use std::sync::Arc;

/// The only source of time and randomness for a driver.
pub trait Ambient: Send + Sync + Debug {
    /// The time now, and fresh randomness.
    fn seed(&self) -> Seed;
    /// A reference for a request that no other request of this run of the till has.
    fn reference(&self, shape: ReferenceShape) -> Reference;
    /// Time since the till started: measures waits, whatever is done to the wall clock.
    fn mono(&self) -> Mono;
}

/// What the journal knows about the terminal from before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// The session that a login opened and nothing is known to have ended.
    pub session: Option<String>,
    /// An address that a person confirmed; it goes before the one in the settings.
    pub address: Option<String>,
}

/// Everything a driver reaches.
#[derive(Clone, Debug)]
pub struct Seams {
    /// HTTP out.
    pub http: Arc<dyn Http>,
    /// Serial lines.
    pub lines: Arc<dyn Lines>,
    /// The local network.
    pub nearby: Arc<dyn Nearby>,
    /// Time and randomness.
    pub ambient: Arc<dyn Ambient>,
    /// Notices to the till.
    pub notices: Arc<dyn Notices>,
    /// The till's currency.
    pub currency: Currency,
    /// From the journal.
    pub learned: Learned,
    /// Time zone for local time stamps on the wire.
    pub zone: jiff::tz::TimeZone,
    /// Where the till's listener is reached from outside, `https://shop.example`; empty where it is not.
    pub public_url: String,
    /// The till's id from its settings, for drivers that need a stable name of the till.
    pub till: String,
    /// Name, maker and version of this program for logins.
    pub program: Program,
}

/// How the program introduces itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Maker.
    pub maker: String,
    /// Product.
    pub name: String,
    /// Version.
    pub version: String,
}
