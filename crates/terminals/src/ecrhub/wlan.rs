//! Over the local network: the terminal is a WebSocket server, the till its client.
//!
//! Dossier chapter 3. Invariant: an order is sent on a connection that stands; "not sent" is told only where
//! no message can have left.

mod keeper;
pub(crate) mod pairing;
pub(crate) mod profile;
mod search;

use super::EcrHub;
use super::talk::{Talk, Waits, Way, Wish};
use crate::form::ProfileError;
use crate::limits::ecrhub_wlan as limits;
use crate::run::Moment;
use crate::seams::Seams;
use crate::terminal::Address;
use domain::ids::ReferenceShape;
use keeper::Keeper;
use profile::Profile;
use std::sync::Arc;
use tokio::sync::mpsc;
use toml::Table;

/// A driver with these settings; sends nothing yet.
///
/// # Errors
/// The first setting that cannot be used.
pub fn make(settings: &Table, seams: Seams) -> Result<EcrHub, ProfileError> {
    let profile = Profile::read(settings)?;
    let common = profile.common.clone();
    let (host, port) = profile.reached(&seams);
    let hub = Talk::new(profile, seams.clone());
    let driver = EcrHub::new(Arc::new(hub), common, seams, Arc::new(Moment::default()));
    Ok(driver.at(Address { host, port, secure: false }))
}

impl Way for Profile {
    fn app_id(&self) -> &str {
        &self.app_id
    }

    fn session(&self) -> String {
        self.session()
    }

    fn shape(&self) -> ReferenceShape {
        self.common.capabilities().reference
    }

    fn waits(&self) -> Waits {
        Waits { quick: limits::QUICK, info: limits::INFO, batch: limits::BATCH }
    }

    fn keep(&self, seams: &Seams) -> mpsc::Sender<Wish> {
        Keeper::start(self, seams)
    }
}
