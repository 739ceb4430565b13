//! The terminals of the till: their drivers, sessions and health.

use crate::api::{Health, Problem, ProblemCode};
use crate::limits;
use crate::settings::TerminalEntry;
use domain::ids::{OperationId, TerminalId};
use domain::payment::Mono;
use domain::session::Session;
use std::collections::BTreeMap;
use std::sync::Arc;
use terminals::http::Ahead;
use terminals::{Capabilities, Terminal};

/// One terminal.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) entry: TerminalEntry,
    pub(crate) driver: Arc<dyn Terminal>,
    /// Folded from facts.
    pub(crate) session: Session,
    pub(crate) health: Health,
    pub(crate) detail: Option<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) card_inserted: bool,
    pub(crate) maintenance_wanted: bool,
    /// `open` runs.
    pub(crate) opening: bool,
    /// A service runs.
    pub(crate) serving: bool,
    /// Somebody wants it open.
    pub(crate) open_wanted: bool,
    /// An enquiry found no session: it may be opened although an operation is open.
    pub(crate) open_for_recovery: bool,
    /// The terminal denied the session, which could not be written yet: the payment that was asked about.
    pub(crate) loss_unsaved: Option<OperationId>,
    /// It answers that it cannot be asked for its last outcome, which it must tell before it sells.
    pub(crate) last_refused: bool,
    /// Failures to open in a row, and when to try again.
    pub(crate) failures: usize,
    pub(crate) retry_at: Option<Mono>,
    /// The session in which the running or newest enquiry began.
    pub(crate) asked_in: Option<String>,
    /// The terminal is being asked for its newest outcome.
    pub(crate) asking_last: bool,
    /// A connection for the operation that is about to begin.
    pub(crate) ahead: Ahead,
    /// When it was last used.
    pub(crate) used_at: Mono,
    /// The day was closed, and nobody has paid there since: until the next one starts, it may rest.
    pub(crate) over_until: Option<Mono>,
    /// The newest log-out failed.
    pub(crate) stayed: bool,
    /// It was logged out to be left alone for a while.
    pub(crate) rest: Option<Rest>,
    /// The wall clock's offset when the skew was measured, in this run of the till.
    pub(crate) offset_at_login: Option<i64>,
    /// What becomes of it once nothing runs there.
    pub(crate) coming: Option<Coming>,
}

/// How long a terminal is left alone that was logged out to update itself. Who works there ends it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rest {
    pub(crate) until: Mono,
    /// A person wanted it: it is needed again as soon as the terminal says that it is done.
    pub(crate) is_short: bool,
}

/// A change of the settings that waits until a terminal is quiet: two conversations at once would end in two
/// logins, and the later one could hide a payment (R8).
#[derive(Debug)]
pub(crate) enum Coming {
    /// Another driver.
    Anew(Arc<dyn Terminal>),
    /// Nothing: it is not in the settings any more.
    Gone,
}

impl Slot {
    pub(crate) fn new(entry: TerminalEntry, driver: Arc<dyn Terminal>, session: Session) -> Self {
        Self {
            entry,
            driver,
            session,
            health: Health::Unknown,
            detail: None,
            warnings: Vec::new(),
            card_inserted: false,
            maintenance_wanted: false,
            opening: false,
            serving: false,
            open_wanted: false,
            open_for_recovery: false,
            loss_unsaved: None,
            last_refused: false,
            failures: 0,
            retry_at: None,
            asked_in: None,
            asking_last: false,
            ahead: Ahead::default(),
            used_at: Mono::ZERO,
            over_until: None,
            stayed: false,
            rest: None,
            offset_at_login: None,
            coming: None,
        }
    }
    pub(crate) fn capabilities(&self) -> Capabilities {
        self.driver.capabilities()
    }
    /// A login or a service is under way.
    pub(crate) const fn converses(&self) -> bool {
        self.opening || self.serving || self.asking_last
    }
    /// Whether an operation may begin here. Two conversations at once would end in two logins.
    pub(crate) const fn may_begin(&self) -> bool {
        !self.opening && !self.serving && self.coming.is_none() && !self.session.last_wanted
    }
    const fn is_leaving(&self) -> bool {
        matches!(self.coming, Some(Coming::Gone))
    }
    /// The pause before it is opened again.
    pub(crate) fn failed_to_open(&mut self, now: Mono) {
        let pause =
            limits::REOPEN.get(self.failures).or(limits::REOPEN.last()).copied().unwrap_or_default();
        self.failures += 1;
        self.retry_at = Some(now.saturating_add(pause));
    }
    pub(crate) fn may_try(&self, now: Mono) -> bool {
        self.retry_at.is_none_or(|at| now >= at)
    }
}

/// All terminals, by id.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    pub(crate) slots: BTreeMap<TerminalId, Slot>,
    /// The order of the settings.
    pub(crate) order: Vec<TerminalId>,
}

impl Fleet {
    pub(crate) fn slot(&self, terminal: &TerminalId) -> Result<&Slot, Problem> {
        self.slots.get(terminal).filter(|slot| !slot.is_leaving()).ok_or_else(|| unknown(terminal))
    }
    pub(crate) fn slot_mut(&mut self, terminal: &TerminalId) -> Result<&mut Slot, Problem> {
        self.slots.get_mut(terminal).filter(|slot| !slot.is_leaving()).ok_or_else(|| unknown(terminal))
    }
}

fn unknown(terminal: &TerminalId) -> Problem {
    Problem::new(ProblemCode::UnknownTerminal).with("terminal", terminal)
}

/// The problem that an open payment makes for new money or for a service on its terminal.
pub(crate) fn occupied(code: ProblemCode, terminal: &TerminalId, by: OperationId) -> Problem {
    Problem::new(code).with("terminal", terminal).about(by)
}
