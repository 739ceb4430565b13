//! The printer of the tests: keeps what it would print, and has moods. It is slow in virtual time only.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use till::Printers;
use till::api::Problem;
use till::seams::peripherals::limits::{COLUMNS, Limits};
use till::seams::peripherals::paper::{self, Event};
use till::seams::peripherals::printer::{Fault, Printed, Prints};
use till::settings::Printer as Wanted;

/// How the printer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// There is none.
    #[default]
    Missing,
    /// It prints.
    Works,
    /// Nothing answers, within the connect limit.
    Away,
    /// It says at once that its roll is at its end.
    NoPaper,
    /// It says at once that its cover is open.
    CoverOpen,
    /// It prints all and ends with a fault all the same.
    StopsAtTheEnd,
    /// It prints after this many seconds.
    Slow(u64),
}

#[derive(Debug, Default)]
struct Inside {
    mood: Mood,
    streams: Vec<Vec<u8>>,
    tried: usize,
}

/// Clones are the same printer.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    inside: Arc<Mutex<Inside>>,
}

impl Recorder {
    fn with<T>(&self, act: impl FnOnce(&mut Inside) -> T) -> T {
        act(&mut self.inside.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on it is like this. Whether there is one is asked when the till starts.
    pub fn is(&self, mood: Mood) {
        self.with(|inside| inside.mood = mood);
    }

    /// Everything it has printed, one text per slip, as it would look.
    pub fn slips(&self) -> Vec<String> {
        let read = |bytes: &Vec<u8>| paper::read(bytes).expect("nothing foreign is sent to a printer");
        let is_slip = |events: &Vec<Event>| events.iter().any(|event| matches!(event, Event::Row(_)));
        let all = self.with(|inside| inside.streams.iter().map(read).collect::<Vec<_>>());
        all.into_iter().filter(is_slip).map(|events| paper::text(&events, COLUMNS)).collect()
    }

    /// How often it opened the drawer.
    pub fn kicks(&self) -> usize {
        let kicked =
            |bytes: &&Vec<u8>| paper::read(bytes).is_ok_and(|events| events.contains(&Event::Drawer));
        self.with(|inside| inside.streams.iter().filter(kicked).count())
    }

    /// How often anything was sent to it.
    pub fn tried(&self) -> usize {
        self.with(|inside| inside.tried)
    }
}

#[async_trait]
impl Prints for Recorder {
    fn is_there(&self) -> bool {
        self.with(|inside| inside.mood != Mood::Missing)
    }

    async fn print(&self, bytes: &[u8], limits: &Limits) -> Result<Printed, Fault> {
        let mood = self.with(|inside| {
            inside.tried += 1;
            inside.mood
        });
        let target = "192.0.2.7:9100".to_owned();
        match mood {
            Mood::Missing => return Err(Fault::NotSetUp),
            Mood::Away => {
                tokio::time::sleep(limits.connect).await;
                return Err(Fault::Away { target, detail: "no answer".to_owned() });
            }
            Mood::NoPaper => return Err(Fault::PaperOut),
            Mood::CoverOpen => return Err(Fault::CoverOpen),
            Mood::Slow(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            Mood::Works | Mood::StopsAtTheEnd => {}
        }
        self.with(|inside| inside.streams.push(bytes.to_vec()));
        match mood {
            Mood::StopsAtTheEnd => Err(Fault::Stopped { target, detail: "it hung up".to_owned() }),
            Mood::Missing | Mood::Works | Mood::Away | Mood::NoPaper | Mood::CoverOpen | Mood::Slow(_) => {
                Ok(Printed::default())
            }
        }
    }
}

/// Every printer that settings can name. The one of settings without any is a world's own, whose mood says
/// whether there is one.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    own: Recorder,
    others: Arc<Mutex<BTreeMap<String, Recorder>>>,
}

impl Shelf {
    /// With the world's own printer.
    pub fn of(own: &Recorder) -> Self {
        Self { own: own.clone(), others: Arc::default() }
    }

    /// The printer at this address; it works unless a test says otherwise.
    pub fn at(&self, target: &str) -> Recorder {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let works = Recorder::default();
            works.is(Mood::Works);
            works
        };
        others.entry(target.to_owned()).or_insert_with(new).clone()
    }
}

impl Printers for Shelf {
    fn of(&self, wanted: &Wanted) -> Result<Arc<dyn Prints>, Problem> {
        let is_own = wanted.driver == "none";
        Ok(Arc::new(if is_own { self.own.clone() } else { self.at(&wanted.target) }))
    }
}
