//! Terminals that introduce themselves: a driver may open a room where they ask to be paired, and a person
//! says yes or no.
//!
//! Invariant: nobody is accepted by the program; a room is open only while somebody looks at it.

use crate::nearby::Nearby;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// Whose room it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Twelve hexadecimal digits that stay as long as the installation.
    pub id: String,
    /// What people read on a terminal.
    pub name: String,
    /// Where it may be reached from: every address, or this computer's alone.
    pub bind: IpAddr,
}

/// A terminal that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// What answers call it by.
    pub number: u64,
    /// What it is known by, whatever its address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its serial number, or its name again.
    pub serial: String,
    /// Where it is reached, `address:port`.
    pub place: String,
    /// Another one that asks has the same name: only number and address tell them apart.
    pub has_namesake: bool,
    /// What a form's fields become where it is accepted.
    pub settings: Vec<(&'static str, String)>,
}

/// The room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// It is being opened.
    #[default]
    Opening,
    /// Terminals can ask.
    Open {
        /// What they see.
        name: String,
        /// Where they ask.
        port: u16,
        /// Why terminals may not see it by themselves.
        unseen: Option<String>,
    },
    /// It cannot be opened, for this reason.
    Shut(String),
}

/// What is told of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// How it is.
    pub door: Door,
    /// Who asks, oldest first.
    pub guests: Vec<Guest>,
}

/// A person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Which guest.
    pub number: u64,
    /// Yes or no.
    pub accepts: bool,
}

/// What a room is opened with.
#[derive(Debug)]
pub struct Opening {
    /// Whose it is.
    pub host: Host,
    /// Where it is told of.
    pub nearby: Arc<dyn Nearby>,
    /// Told of changes.
    pub told: watch::Sender<Arc<Room>>,
    /// What a person says; the room is shut when this ends.
    pub words: mpsc::Receiver<Word>,
}

/// A room that stays open until nobody has a word any more, or that cannot be opened. It ends when everybody
/// who was answered has heard it.
pub type Opened = Pin<Box<dyn Future<Output = ()> + Send>>;
