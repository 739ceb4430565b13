//! ERROR in the log means that somebody must look at it. A world listens for them on its own thread and
//! fails when it ends with one that its test did not announce.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Metadata, Subscriber};

/// What was logged as an error, and what may be.
pub struct Alarms {
    heard: Heard,
    announced: Mutex<Vec<&'static str>>,
    /// Nothing while no world listens: the log belongs to one thread.
    guard: Option<DefaultGuard>,
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Alarms {
    /// Listens on this thread until it is dropped.
    pub fn listen() -> Self {
        let heard = Heard::default();
        let guard = Some(tracing::subscriber::set_default(heard.clone()));
        Self { heard, announced: Mutex::default(), guard }
    }

    /// Errors with these words belong to the test.
    pub fn announce(&self, words: &'static str) {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }

    /// Those that nobody announced.
    pub fn unannounced(&self) -> Vec<String> {
        let heard = self.heard.0.lock().unwrap_or_else(PoisonError::into_inner);
        let announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = |error: &&String| !announced.iter().any(|words| error.contains(words));
        heard.iter().filter(is_news).cloned().collect()
    }
}

impl Drop for Alarms {
    fn drop(&mut self) {
        drop(self.guard.take());
        let unannounced = self.unannounced();
        // A test that fails already says more than this.
        assert!(std::thread::panicking() || unannounced.is_empty(), "logged as errors: {unannounced:#?}");
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR && metadata.is_event()
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a text cannot fail.
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}
