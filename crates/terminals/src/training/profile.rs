//! The training terminal's settings: one, and it may be left out.
//!
//! Invariant: [`FORM`] lists every key that [`Profile::read`] reads.

use crate::form::{Field, FieldKind, ProfileError, Reader};
use crate::limits::training as limits;
use crate::registry::Profiled;
use std::time::Duration;
use toml::Table;

/// The form that edits the settings.
pub const FORM: &[Field] = &[Field {
    key: "delay_ms",
    kind: FieldKind::Milliseconds,
    required: false,
    default: "600",
    hint: "How long the pretended customer takes for each step; 0 answers at once",
}];

/// The settings as typed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// What one step of the pretended customer takes.
    pub pace: Duration,
}

impl Profile {
    /// Reads the settings of one terminal.
    ///
    /// # Errors
    /// A key that is unknown or holds something other than whole milliseconds.
    pub fn read(settings: &Table) -> Result<Self, ProfileError> {
        let reader = Reader::new(settings, FORM)?;
        Ok(Self { pace: reader.milliseconds("delay_ms").unwrap_or(limits::PACE) })
    }
}

/// Checks the settings without making a driver. The identity is empty: training terminals share nothing, so
/// a till may have several.
///
/// # Errors
/// See [`Profile::read`].
pub fn check(settings: &Table) -> Result<Profiled, ProfileError> {
    Profile::read(settings)?;
    Ok(Profiled { needs_listener: false, loopback: true, identity: String::new(), login: String::new() })
}
