//! The room where terminals introduce themselves, open for as long as somebody watches it.
//!
//! It stands beside the payment loop, never in it. Invariants: it is shut when nobody watches or the till
//! ends; only a person's command, which the loop allows, answers a terminal.

use crate::api::{Pairing, PairingGuest, PairingRoom, Problem, ProblemCode};
use crate::limits;
use crate::settings::Settings;
use crate::sight::{Until, Watching};
use domain::ids::InstallationId;
use std::fmt::{self, Debug};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use terminals::nearby::Nearby;
use terminals::pairing::{Door, Guest, Host, Opening, Room, Word};
use terminals::registry::DRIVERS;
use tokio::sync::{mpsc, watch};

/// The setting that a pairing writes.
const PAIRED: &str = "paired";

/// See the module. Clones share the room.
#[derive(Clone)]
pub(crate) struct Pairings {
    shared: Arc<Shared>,
}

struct Shared {
    host: Host,
    nearby: Arc<dyn Nearby>,
    settings: watch::Receiver<Arc<Settings>>,
    told: watch::Sender<Arc<Pairing>>,
    open: Mutex<Open>,
    /// Rooms that have not ended yet.
    rooms: watch::Sender<usize>,
}

#[derive(Default)]
struct Open {
    watchers: usize,
    words: Option<mpsc::Sender<Word>>,
}

impl Debug for Pairings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pairings")
    }
}

impl Pairings {
    /// Of this installation. Nothing is opened before somebody watches.
    pub(crate) fn of(
        nearby: Arc<dyn Nearby>,
        settings: watch::Receiver<Arc<Settings>>,
        installation: InstallationId,
    ) -> Self {
        let host = {
            let settings = settings.borrow();
            host(&settings, installation)
        };
        let (told, open) = (watch::Sender::new(Arc::default()), Mutex::default());
        let rooms = watch::Sender::new(0);
        Self { shared: Arc::new(Shared { host, nearby, settings, told, open, rooms }) }
    }

    /// One watcher more; the room is opened for the first one.
    pub(crate) fn watch(&self) -> Watching<Pairing> {
        let mut open = self.shared.open();
        open.watchers += 1;
        if open.words.is_none() {
            open.words = self.shared.clone().begin();
        }
        // What was told before this watch began is news to it.
        let mut values = self.shared.told.subscribe();
        values.mark_changed();
        Watching { values, until: Until::of(Watcher { shared: Arc::clone(&self.shared) }) }
    }

    /// Returns when the room is shut and everybody who was answered has heard it.
    pub(crate) async fn ended(&self) {
        let _ = self.shared.rooms.subscribe().wait_for(|rooms| *rooms == 0).await;
    }

    /// A person's word to a terminal that asks.
    ///
    /// # Errors
    /// It does not ask any more.
    pub(crate) async fn answer(&self, guest: u64, accepts: bool) -> Result<(), Problem> {
        let gone = || Problem::new(ProblemCode::FieldWrong).with("field", "guest").with("what", GONE);
        let is_there = self.shared.told.borrow().guests.iter().any(|known| known.number == guest);
        let words = self.shared.open().words.clone();
        let words = words.filter(|_| is_there).ok_or_else(gone)?;
        words.send(Word { number: guest, accepts }).await.map_err(|_| gone())
    }
}

/// The till's own hold on the room: it is shut with it.
pub(crate) struct Kept(pub(crate) Pairings);

impl Drop for Kept {
    fn drop(&mut self) {
        let shared = &self.0.shared;
        shared.shut(&mut shared.open());
    }
}

/// What happened to a terminal that asked.
const GONE: &str = "does not ask any more: let the terminal pair again";

impl Shared {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(self: Arc<Self>) -> Option<mpsc::Sender<Word>> {
        let opens = DRIVERS.iter().find_map(|driver| driver.pairing)?;
        let (words, heard) = mpsc::channel(limits::PAIRING_WORDS);
        let (told, mut rooms) = watch::channel(Arc::new(Room::default()));
        let opening =
            Opening { host: self.host.clone(), nearby: Arc::clone(&self.nearby), told, words: heard };
        let room = opens(opening);
        let mine = words.clone().downgrade();
        self.rooms.send_modify(|rooms| *rooms += 1);
        tokio::spawn(async move {
            let tell = async {
                while rooms.changed().await.is_ok() {
                    let room = rooms.borrow_and_update().clone();
                    // A room that is shut and still says goodbye has nothing to tell.
                    if mine.upgrade().is_some() {
                        self.told.send_replace(Arc::new(self.shown(&room)));
                    }
                }
            };
            tokio::join!(room, tell);
            self.rooms.send_modify(|rooms| *rooms -= 1);
        });
        Some(words)
    }

    fn shut(&self, open: &mut Open) {
        open.words = None;
        self.told.send_replace(Arc::default());
    }

    fn shown(&self, room: &Room) -> Pairing {
        let settings = self.settings.borrow();
        let guest = |guest: &Guest| {
            let known = settings.terminals.iter().find(|entry| {
                entry.settings.get(PAIRED).and_then(toml::Value::as_str) == Some(guest.id.as_str())
            });
            PairingGuest {
                number: guest.number,
                name: guest.name.clone(),
                serial: guest.serial.clone(),
                place: guest.place.clone(),
                has_namesake: guest.has_namesake,
                known: known.map(|entry| entry.id.clone()),
                settings: guest
                    .settings
                    .iter()
                    .map(|(key, text)| ((*key).to_owned(), text.clone()))
                    .collect(),
            }
        };
        let door = match &room.door {
            Door::Opening => PairingRoom::Opening,
            Door::Open { name, port, unseen } => {
                PairingRoom::Open { name: name.clone(), port: *port, unseen: unseen.is_some() }
            }
            Door::Shut(why) => PairingRoom::Shut { why: why.clone() },
        };
        Pairing { room: door, guests: room.guests.iter().map(guest).collect() }
    }
}

/// Who the till is on a terminal's screen. A folder to practise in is reached from this computer alone.
fn host(settings: &Settings, installation: InstallationId) -> Host {
    let id: String = installation.to_string().chars().filter(char::is_ascii_hexdigit).collect();
    let id = id.get(id.len().saturating_sub(12)..).unwrap_or(&id).to_owned();
    let address = if settings.practice { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED };
    let name = format!("{} {}", settings.shop.name, settings.till);
    Host { id, name, bind: IpAddr::V4(address) }
}

struct Watcher {
    shared: Arc<Shared>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let mut open = self.shared.open();
        open.watchers = open.watchers.saturating_sub(1);
        if open.watchers == 0 {
            self.shared.shut(&mut open);
        }
    }
}
