//! Listens to the hand scanner while somebody watches.
//!
//! Invariant: a text is here for a short while and told to nobody but whoever watches: not to the log.

use super::worker::Job;
use crate::api::{Scanned, Scans};
use crate::clock::Clock;
use crate::limits;
use crate::random::Random;
use crate::settings;
use domain::ids::CommandId;
use domain::payment::Mono;
use peripherals::scanner::{Heard, Scanner};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// See the module.
pub(super) struct Listen {
    clock: Clock,
    random: Random,
    told: watch::Sender<Arc<Scans>>,
    scanner: Option<(settings::Scanner, Scanner)>,
    /// Whether it was said that it is away.
    is_away: bool,
    newest: u64,
    recent: VecDeque<(Mono, Scanned)>,
}

impl Listen {
    pub(super) fn new(clock: Clock) -> Self {
        let told = watch::Sender::new(Arc::default());
        let random = Random::system(clock.clone());
        Self { clock, random, told, scanner: None, is_away: false, newest: 0, recent: VecDeque::new() }
    }

    fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Scan(text) => self.scanned(text, false),
            Heard::TooLong => {
                tracing::warn!("the hand scanner sent more than any code holds; it is dropped");
                self.scanned(String::new(), true);
            }
        }
    }

    fn scanned(&mut self, text: String, too_long: bool) {
        self.newest += 1;
        if self.recent.len() >= limits::SCANS {
            self.recent.pop_front();
        }
        let command = CommandId::of(&self.random.seed());
        let scanned = Scanned { number: self.newest, text, command, too_long };
        self.recent.push_back((self.clock.mono(), scanned));
        self.tell();
    }

    /// A page that comes now must not take what is older for new; one that is there has it already.
    fn expire(&mut self) {
        let now = self.clock.mono();
        let before = self.recent.len();
        self.recent.retain(|(at, _)| now.saturating_sub(*at) < limits::SCANS_KEPT);
        if self.recent.len() != before {
            self.tell();
        }
    }

    fn tell(&self) {
        let recent = self.recent.iter().map(|(_, scanned)| scanned.clone()).collect();
        self.told.send_replace(Arc::new(Scans { recent }));
    }
}

impl Job for Listen {
    type Settings = settings::Scanner;
    type Told = Scans;

    fn subscribe(&self) -> watch::Receiver<Arc<Scans>> {
        self.told.subscribe()
    }

    fn work(&mut self, settings: &settings::Scanner, _watch: u64) -> Duration {
        self.expire();
        if self.scanner.as_ref().is_some_and(|(under, _)| under != settings) {
            self.scanner = None;
        }
        if settings.port.is_empty() {
            return limits::SCANNER_AGAIN;
        }
        let fresh = || (settings.clone(), Scanner::at(&settings.port, settings.speed));
        let (_, scanner) = self.scanner.get_or_insert_with(fresh);
        match scanner.listen() {
            Ok(heard) => {
                self.is_away = false;
                heard.into_iter().for_each(|heard| self.hear(heard));
                Duration::ZERO
            }
            Err(away) => {
                if !self.is_away {
                    tracing::info!(%away, "the hand scanner is looked for again and again");
                }
                self.is_away = true;
                limits::SCANNER_AGAIN
            }
        }
    }

    fn rest(&mut self) -> Option<Duration> {
        (self.scanner, self.is_away) = (None, false);
        if !self.recent.is_empty() {
            self.recent.clear();
            self.tell();
        }
        None
    }
}

#[cfg(all(test, unix))]
mod tests;
