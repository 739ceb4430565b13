//! State, what is running, now → what should be happening. Asked after every event and every wait.

use super::{Closer, Payment, Stage};
use crate::limits;
use crate::outcome::{Fence, Reason};
use std::time::Duration;

/// A point on the monotonic clock: time since the till started. Wall-clock jumps do not move it.
pub type Mono = Duration;

/// The bounds of recovery for one protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryLimits {
    /// How long a lost request may still arrive (R5).
    pub settling: Duration,
    /// Without a useful answer for this long, a payment is disputed.
    pub give_up: Duration,
    /// "Still running" is believed for this long.
    pub still_running: Duration,
    /// Pauses before the first, second, … enquiry; the last one repeats.
    pub pauses: &'static [Duration],
    /// Pause between background enquiries about a disputed payment.
    pub background: Duration,
    /// A provider keeps its transactions for at least this long: that it knows nothing of an older one proves
    /// nothing.
    pub remembers: Duration,
}

/// What the till does for a payment right now, on the monotonic clock; never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// Its first reference was reserved together with the intent, in this run of the till.
    pub reserved: bool,
    /// `perform` has been started in this run of the till.
    pub performed: bool,
    /// `perform` runs now.
    pub performing: bool,
    /// An enquiry runs now.
    pub recovering: bool,
    /// Since when it is unknown in this run of the till; settling starts here, per operation.
    pub unknown_since: Option<Mono>,
    /// The newest useful answer of an enquiry ("still running", or "never seen" too early).
    pub useful_at: Option<Mono>,
    /// Enquiries ended so far.
    pub enquiries: u32,
    /// When the newest enquiry ended.
    pub enquired_at: Option<Mono>,
    /// When the running or newest enquiry was sent.
    pub asked_at: Option<Mono>,
    /// When the signature was refused in vain: nothing could be sent.
    pub reopened_at: Option<Mono>,
    /// When the provider is asked again although it is closed: there was no answer.
    pub again_at: Option<Mono>,
    /// Enquiries since it was closed.
    pub afterwards: usize,
}

impl Watch {
    /// The next enquiry is due at once.
    pub fn ask_now(&mut self, now: Mono) {
        (self.enquired_at, self.enquiries) = (None, 0);
        self.again_at = self.again_at.map(|_| now);
    }

    /// It was closed without the provider's answer just now.
    pub fn judged(&mut self, now: Mono) {
        (self.afterwards, self.again_at) = (0, due_after(0, now));
    }

    /// An enquiry has ended. Where it did not tell, it does not end the asking.
    pub fn asked(&mut self, has_told: bool, now: Mono) {
        if self.again_at.is_some() {
            let last = limits::AFTERWARDS.len().saturating_sub(usize::from(!has_told));
            self.afterwards = self.afterwards.saturating_add(1).min(last);
            self.again_at = due_after(self.afterwards, now);
        }
    }

    /// Whether no lost request can arrive any more once the enquiry that is answered `now` was sent. What a
    /// terminal says about an earlier moment is not believed, however long the answer took.
    pub fn is_settled(&self, now: Mono, limits: &RecoveryLimits) -> bool {
        let asked = self.asked_at.unwrap_or(now).min(now);
        self.unknown_since.is_some_and(|since| asked.saturating_sub(since) >= limits.settling)
    }
}

/// What should be happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The driver should perform the operation.
    Perform,
    /// The driver should enquire now.
    Recover,
    /// Nothing until then.
    WaitUntil(Mono),
    /// Recovery is exhausted for this reason.
    GiveUp(Reason),
    /// The cashier should be asked about the signature.
    AskSignature,
    /// The linked reversal should be intended.
    IntendReversal,
    /// Nothing: something runs, or nothing is left to do.
    Rest,
}

/// What should be happening with this payment now.
pub fn next(payment: &Payment, watch: &Watch, now: Mono, limits: &RecoveryLimits) -> Next {
    match &payment.stage {
        Stage::Running if watch.performed || watch.performing => Next::Rest,
        // A reference that this run of the till did not reserve: only the news of the restart helps on.
        Stage::Running if !watch.reserved && !payment.sent.is_empty() => Next::Rest,
        Stage::Running => Next::Perform,
        Stage::AwaitSignature if payment.prompt.is_some() => Next::Rest,
        Stage::AwaitSignature => ask_again(watch, now),
        Stage::Reversing(None) => Next::IntendReversal,
        Stage::Closed(_) if is_without_an_answer(payment) && !watch.recovering => {
            watch.again_at.map_or(Next::Rest, |at| due(at, now))
        }
        Stage::Reversing(Some(_)) | Stage::Closed(_) => Next::Rest,
        Stage::Unknown(_) => unknown(watch, now, limits),
        Stage::Disputed(_) => disputed(watch, now, limits),
    }
}

/// A question whose refusal reached nobody comes back after a pause: whoever answers at once, a script, would
/// otherwise refuse as fast as the disk can write.
fn ask_again(watch: &Watch, now: Mono) -> Next {
    let due = watch.reopened_at.map(|at| at.saturating_add(limits::REOPENED_PAUSE));
    match due {
        Some(due) if now < due => Next::WaitUntil(due),
        Some(_) | None => Next::AskSignature,
    }
}

fn unknown(watch: &Watch, now: Mono, limits: &RecoveryLimits) -> Next {
    if watch.recovering {
        return Next::Rest;
    }
    let since = watch.unknown_since.unwrap_or(now);
    let useful = watch.useful_at.unwrap_or(since).max(since);
    if now.saturating_sub(since) >= limits.still_running && watch.useful_at.is_some() {
        return Next::GiveUp(Reason::StillRunning);
    }
    if now.saturating_sub(useful) >= limits.give_up {
        return Next::GiveUp(Reason::NoAnswer);
    }
    let index = usize::try_from(watch.enquiries).unwrap_or(usize::MAX);
    let pause = limits.pauses.get(index).or(limits.pauses.last()).copied().unwrap_or(limits.background);
    due(watch.enquired_at.unwrap_or(since).saturating_add(pause), now)
}

fn disputed(watch: &Watch, now: Mono, limits: &RecoveryLimits) -> Next {
    if watch.recovering {
        return Next::Rest;
    }
    // After a restart the newest state of the far side is worth a look at once.
    watch.enquired_at.map_or(Next::Recover, |at| due(at.saturating_add(limits.background), now))
}

/// Whether the till or a person closed it, and the provider may still say something else.
pub fn is_without_an_answer(payment: &Payment) -> bool {
    let by = payment.closing().map(|closing| &closing.by);
    let is_open_to_it = match by {
        Some(Closer::Judged(fence)) => *fence != Fence::CancelConfirmed,
        Some(Closer::Person) => true,
        Some(Closer::Provider | Closer::NothingSent | Closer::NotStarted) | None => false,
    };
    is_open_to_it && payment.outcome.is_none() && payment.attention.is_none()
}

fn due_after(asked: usize, now: Mono) -> Option<Mono> {
    limits::AFTERWARDS.get(asked).map(|pause| now.saturating_add(*pause))
}

fn due(at: Mono, now: Mono) -> Next {
    if now >= at { Next::Recover } else { Next::WaitUntil(at) }
}
