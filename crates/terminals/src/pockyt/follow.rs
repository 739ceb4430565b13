//! After the request that can move money: asking until the gateway's final word, and cancelling where it does
//! not come.
//!
//! Dossier section 9, rules 5 to 7. Invariant: a cancel gives a paid sale back, so each one has a durable
//! reference, and its answer closes nothing: the query after it does.

use super::line::Named;
use super::map::{self, Heard, Standing};
use super::perform::{Sale, Waiting};
use crate::limits::pockyt as limits;
use domain::operation::Step;
use domain::outcome::{Fault, Outcome, Reason};
use std::pin::{Pin, pin};
use std::time::Duration;
use tokio::time::{Sleep, sleep};
use wire::pockyt::{Cancel, Request};

/// Why waiting ended without a final word.
enum Ended {
    Final(Box<Outcome>),
    GivenUp(Reason),
}

/// What was answered to the cancels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cancelled {
    /// The gateway cancels: what was paid goes back, whatever a query says that is not as far yet.
    Accepted,
    /// It does not: what is paid stays paid.
    Refused,
    /// Nothing that can be read; any of them may still arrive.
    Silent,
}

impl Sale<'_> {
    /// Asks at the brand's pace until the gateway's final word; cancels where the window ends or the cashier
    /// wishes it.
    pub async fn follow(&self, named: &Named, waiting: &Waiting) -> Result<Outcome, Fault> {
        match self.wait(named, waiting).await {
            Ended::Final(outcome) => Ok(*outcome),
            Ended::GivenUp(reason) => {
                self.say("Cancelling");
                let cancelled = self.cancel(named).await?;
                self.verify(named, &reason, cancelled).await
            }
        }
    }

    async fn wait(&self, named: &Named, waiting: &Waiting) -> Ended {
        let mut waited = Duration::ZERO;
        let mut has_confirmed = false;
        let mut window = pin!(sleep(waiting.window));
        let mut submitted = pin!(sleep(waiting.submitted.unwrap_or(waiting.window)));
        loop {
            let pause = (waiting.pause)(waited);
            tokio::select! {
                biased;
                () = self.run.aborted() => return Ended::GivenUp(Reason::Aborted),
                () = sleep(pause) => waited = waited.saturating_add(pause),
                // A notification only makes the next query come sooner, and not without end.
                () = async { self.run.news().await; sleep(limits::NEWS).await; } => {
                    waited = waited.saturating_add(limits::NEWS);
                }
            }
            if let Ok(Some(record)) = self.shared.line.query(named).await {
                if let Some(outcome) = self.final_word(&record, named, None) {
                    return Ended::Final(Box::new(outcome));
                }
                match (map::standing(&record), waiting.submitted) {
                    (Standing::Unsubmitted, Some(_)) if is_over(submitted.as_mut()).await => {
                        return Ended::GivenUp(Reason::HostUnreachable);
                    }
                    (Standing::Open, Some(_)) if !has_confirmed => {
                        has_confirmed = true;
                        self.say("The customer must confirm in the wallet");
                    }
                    (_, _) => {}
                }
            }
            if is_over(window.as_mut()).await {
                return Ended::GivenUp(Reason::DeadlinePassed);
            }
        }
    }

    /// Sends cancels until one is answered. What they did is for the query to tell.
    async fn cancel(&self, named: &Named) -> Result<Cancelled, Fault> {
        let request = Request::Cancel(Cancel { meant: named.meant() });
        let mut is_first = true;
        for pause in limits::CANCEL_PAUSES {
            if self.reserve(Step::Cancel).await.is_err() {
                // The charge is under way and cannot be stopped by a request that the journal does not know.
                return Err(Fault::unknown(Reason::NotDurable, "the cancel could not be written to disk"));
            }
            match self.shared.line.ask(&request).await {
                Ok(Heard::Accepted(_)) => return Ok(Cancelled::Accepted),
                // The one before, whose answer was lost, may be why this one is refused.
                Ok(Heard::NoRecord(_) | Heard::WrongStatus(_) | Heard::Refused(_, _)) => {
                    return Ok(if is_first { Cancelled::Refused } else { Cancelled::Silent });
                }
                Ok(Heard::Unknown(_)) | Err(_) => sleep(pause).await,
            }
            is_first = false;
        }
        Ok(Cancelled::Silent)
    }

    /// What became of it after the cancels. Where the gateway still has no final word, nobody knows; "paid"
    /// is one only where no cancel can give it back.
    async fn verify(&self, named: &Named, reason: &Reason, cancelled: Cancelled) -> Result<Outcome, Fault> {
        let mut limit = pin!(sleep(limits::VERIFY));
        let mut last = Fault::unknown(Reason::StillRunning, "the gateway has no final word yet");
        loop {
            match self.shared.line.query(named).await {
                Ok(Some(record)) => {
                    let told = self.final_word(&record, named, Some(reason));
                    let is_last =
                        |outcome: &Outcome| cancelled == Cancelled::Refused || !outcome.said.moved_money();
                    if let Some(outcome) = told.filter(is_last) {
                        return Ok(outcome);
                    }
                }
                Ok(None) => {
                    last = Fault::unknown(Reason::NotFound, "the gateway does not know it any more")
                }
                Err(fault) => last = fault,
            }
            if is_over(limit.as_mut()).await {
                return Err(last);
            }
            sleep(limits::QUERY).await;
        }
    }
}

/// Whether a wait has come to its end, without waiting for it.
pub(super) async fn is_over(wait: Pin<&mut Sleep>) -> bool {
    futures_util::future::poll_immediate(wait).await.is_some()
}
