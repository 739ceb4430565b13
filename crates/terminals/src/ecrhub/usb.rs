//! Over a cable: the terminal is a serial port, messages go in frames.
//!
//! Dossier chapter 4. Invariant: an order is sent on a link that the terminal has confirmed; "not sent" is
//! told only where no byte of it can have left; what a handshake may have made the terminal forget is never
//! sent again.

mod keeper;
pub(crate) mod profile;

use super::EcrHub;
use super::talk::{Talk, Waits, Way, Wish};
use crate::form::ProfileError;
use crate::limits::ecrhub_usb as limits;
use crate::run::Moment;
use crate::seams::Seams;
use domain::ids::ReferenceShape;
use keeper::Keeper;
use profile::Profile;
use std::sync::Arc;
use tokio::sync::mpsc;
use toml::Table;

/// A driver with these settings; opens nothing yet.
///
/// # Errors
/// The first setting that cannot be used.
pub fn make(settings: &Table, seams: Seams) -> Result<EcrHub, ProfileError> {
    let profile = Profile::read(settings)?;
    let common = profile.common.clone();
    let hub = Talk::new(profile, seams.clone());
    Ok(EcrHub::new(Arc::new(hub), common, seams, Arc::new(Moment::default())))
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
