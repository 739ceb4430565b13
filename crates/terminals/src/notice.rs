//! What arrives from a terminal outside an operation. Nothing here changes an outcome or an address: it
//! makes the till enquire, propose, or show.

use crate::desk::Display;
use domain::outcome::Outcome;
use domain::receipt::Receipt;
use std::fmt::Debug;

/// One notice.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// The terminal says something while no operation runs.
    Said(Display),
    /// A card is in the terminal.
    CardInserted,
    /// The card was taken out.
    CardRemoved,
    /// Updates are waiting; the terminal wants to be logged out with maintenance allowed.
    MaintenanceWanted,
    /// The terminal updates itself now.
    MaintenanceBegan,
    /// The update is over; the terminal can be opened.
    MaintenanceEnded,
    /// The terminal has restarted; the session is gone.
    Restarted,
    /// The terminal is going away, or reports that it is out of order.
    OutOfService(String),
    /// The terminal says that there is no session.
    SessionLost,
    /// Somebody announced an address in the terminal's name; a person must confirm it.
    AddressAnnounced(String),
    /// The terminal refused a message of ours; cancelling may have become impossible.
    MessageRefused(String),
    /// The terminal is occupied with updates while it is being opened.
    Updating(String),
    /// Security alarm.
    SecurityAlarm,
    /// An outcome that belongs to an earlier operation or to none.
    Outcome(Box<Outcome>),
    /// A receipt outside any operation: kept, never lost.
    Receipt(Receipt),
    /// The provider says that something has changed: what is open there is asked about at once.
    News,
    /// Anything else worth a line.
    Other(String),
}

/// Takes notices; never blocks.
pub trait Notices: Send + Sync + Debug {
    /// Takes one.
    fn notice(&self, notice: Notice);
}
