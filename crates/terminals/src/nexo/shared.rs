//! What every part of the driver shares: settings, the ways out, and the little it knows about the moment:
//! the session, and the operation that runs.
//!
//! Invariant: nothing here survives the program and nothing needs to; no lock is held across a wait.

use super::map::Ends;
use super::profile::{Form, Profile};
use crate::limits::nexo as limits;
use crate::listener::Answer as Reply;
use crate::notice::Notice;
use crate::seams::Seams;
use crate::terminal::Identity;
use domain::ids::{OperationId, Reference};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot, watch};
use wire::nexo::{Header, Message, MessageCategory};

/// Requests of the terminal that may wait for the running operation; more are answered as outside of one.
const WAITING_CALLS: usize = 32;

/// See the module.
#[derive(Debug)]
pub(super) struct Shared {
    /// The settings.
    pub profile: Profile,
    /// Names of both ends of the line.
    pub ends: Ends,
    /// The ways out.
    pub seams: Seams,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    session: Option<String>,
    identity: Option<Identity>,
    run: Option<Running>,
    /// Operations whose abort was sent, and when; those that are long enough ago are forgotten.
    aborts: Vec<(OperationId, Timestamp)>,
}

/// The operation that runs.
#[derive(Debug)]
struct Running {
    operation: OperationId,
    /// The money request that may be at the terminal now.
    wire: Option<(MessageCategory, Reference)>,
    wish: watch::Sender<Wish>,
    calls: mpsc::Sender<Call>,
}

/// How far the wish to cancel has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    None,
    /// Nothing more may be sent for the operation.
    Flagged,
    /// The terminal is being told.
    Sent,
}

/// What the inbox hands to the running operation.
#[derive(Debug)]
pub(super) enum Call {
    /// A request of the terminal's devices, to be answered.
    Device {
        /// The request.
        message: Arc<Message>,
        /// Where its answer goes.
        reply: oneshot::Sender<Reply>,
    },
    /// The terminal takes its question back: the one that this header names.
    Withdraw(Box<Header>),
}

impl Shared {
    /// What the parts share, with what the till has learned before.
    pub fn new(profile: Profile, seams: Seams) -> Self {
        let ends = Ends {
            sale_id: profile.sale_id.clone(),
            poi_id: profile.poi_id.clone(),
            checks_signature: profile.form == Form::Light,
        };
        let session = seams.learned.session.clone();
        let state = Mutex::new(State { session, identity: None, run: None, aborts: Vec::new() });
        Self { profile, ends, seams, state }
    }

    /// A panic cannot leave the state half changed, so a poisoned lock is used on.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session that is known to be open.
    pub fn session(&self) -> Option<String> {
        self.state().session.clone()
    }

    /// Who the terminal said it was at the newest login of this run.
    pub fn identity(&self) -> Option<Identity> {
        self.state().identity.clone()
    }

    /// A login succeeded.
    pub fn enter_session(&self, identity: &Identity) {
        let mut state = self.state();
        state.session = Some(identity.session.clone());
        state.identity = Some(identity.clone());
    }

    /// There is no session any more, or none that could be proven.
    pub fn lose_session(&self) {
        self.state().session = None;
    }

    /// Tells the till something.
    pub fn notice(&self, notice: Notice) {
        self.seams.notices.notice(notice);
    }

    /// Marks an operation as running; `None` while another one is.
    pub fn begin(self: &Arc<Self>, operation: OperationId) -> Option<(Run, mpsc::Receiver<Call>)> {
        let mut state = self.state();
        if state.run.is_some() {
            return None;
        }
        let (wish, wished) = watch::channel(Wish::None);
        let (calls, called) = mpsc::channel(WAITING_CALLS);
        state.run = Some(Running { operation, wire: None, wish, calls });
        Some((Run { shared: Arc::clone(self), wished }, called))
    }

    /// Whether a request of the terminal names us and the money request that is at the terminal now. Nothing
    /// that arrives is authenticated; this is all that can be told of it (dossier chapter 3.1).
    pub fn is_about_our_request(&self, header: &Header) -> bool {
        let state = self.state();
        let wire = state.run.as_ref().and_then(|run| run.wire.as_ref());
        header.sale_id == self.ends.sale_id
            && wire.is_some_and(|(_, reference)| header.service_id.as_ref() == Some(&reference.0))
    }

    /// Hands a call to the running operation; gives it back when there is none or it has no room.
    pub fn hand_over(&self, call: Call) -> Result<(), Call> {
        let calls = self.state().run.as_ref().map(|run| run.calls.clone());
        match calls {
            Some(calls) => calls.try_send(call).map_err(mpsc::error::TrySendError::into_inner),
            None => Err(call),
        }
    }

    /// Notes the wish to cancel an operation. Returns the request to abort, when one is at the terminal and
    /// the newest abort is long enough ago.
    pub fn wish_abort(&self, operation: OperationId) -> Option<(MessageCategory, Reference)> {
        let now = self.seams.ambient.seed().at;
        let State { run, aborts, .. } = &mut *self.state();
        let run = run.as_ref().filter(|run| run.operation == operation)?;
        raise(&run.wish, Wish::Flagged);
        let wire = run.wire.clone()?;
        if !begins_abort(aborts, operation, now) {
            return None;
        }
        raise(&run.wish, Wish::Sent);
        Some(wire)
    }

    /// Whether an abort of an operation that nothing waits for may be sent; if so, it counts as sent.
    pub fn may_call_off(&self, operation: OperationId) -> bool {
        let now = self.seams.ambient.seed().at;
        begins_abort(&mut self.state().aborts, operation, now)
    }
}

/// Notes an abort of this operation, unless its newest is too short a while ago (dossier chapter 9, rule 6).
fn begins_abort(
    aborts: &mut Vec<(OperationId, Timestamp)>,
    operation: OperationId,
    now: Timestamp,
) -> bool {
    aborts.retain(|(_, at)| now.duration_since(*at).unsigned_abs() < limits::ABORT_PAUSE);
    let is_due = aborts.iter().all(|(it, _)| *it != operation);
    if is_due {
        aborts.push((operation, now));
    }
    is_due
}

fn raise(wish: &watch::Sender<Wish>, to: Wish) {
    wish.send_if_modified(|now| {
        let is_new = *now < to;
        *now = to.max(*now);
        is_new
    });
}

/// The running operation, as `perform` holds it. Dropping it ends the operation for inbox and abort.
#[derive(Debug)]
pub(super) struct Run {
    shared: Arc<Shared>,
    wished: watch::Receiver<Wish>,
}

impl Run {
    /// Whether the cashier wants it cancelled.
    pub fn is_aborted(&self) -> bool {
        *self.wished.borrow() >= Wish::Flagged
    }

    /// Returns when the cashier wants it cancelled.
    pub async fn aborted(&self) {
        self.wished_for(Wish::Flagged).await;
    }

    /// Returns when the terminal is being told to cancel.
    pub async fn abort_sent(&self) {
        self.wished_for(Wish::Sent).await;
    }

    async fn wished_for(&self, wish: Wish) {
        let mut wished = self.wished.clone();
        // The sender lives as long as the run; without it nobody can wish any more.
        if wished.wait_for(|now| *now >= wish).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The request is about to leave. False when the wish to cancel was faster: then it must not. Both
    /// happen under one lock, so an abort either stops the request here or is sent after it.
    pub fn enter_wire(&self, category: MessageCategory, reference: Reference) -> bool {
        let mut state = self.shared.state();
        let Some(run) = state.run.as_mut().filter(|run| *run.wish.borrow() == Wish::None) else {
            return false;
        };
        run.wire = Some((category, reference));
        true
    }

    /// The request was answered, or given up.
    pub fn leave_wire(&self) {
        if let Some(run) = self.shared.state().run.as_mut() {
            run.wire = None;
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.shared.state().run = None;
    }
}
