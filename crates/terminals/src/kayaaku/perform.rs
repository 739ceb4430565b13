//! A sale from top to bottom: one request, answered when the device is done and NEXT was pressed; enquiries
//! beside it, so that a forgotten NEXT does not hold the till.
//!
//! Dossier section 8. Invariant: a request goes out once under its id; after "busy" another one goes out
//! under another id; whichever final word comes first ends the sale, and the other one must agree.

use super::Shared;
use super::line::{Asked, foreign};
use super::map::{self, Answer, Found, Paid};
use super::profile::{Amounts, OFFERED};
use crate::desk::{Desk, Display, NotDurable};
use crate::limits::kayaaku as limits;
use crate::notice::Notice;
use crate::run::Run;
use domain::ids::Reference;
use domain::operation::{Method as Wanted, Operation, Step};
use domain::outcome::{Fault, Outcome, Reason, Said};
use domain::prompt::{Answer as Chosen, Question};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use tokio::time::{Sleep, sleep};
use wire::kayaaku::Method;

/// Most minor units: twelve digits.
const MOST: i64 = 999_999_999_999;
/// What a trial of amounts may ask for, minor units.
const TRIAL: i64 = 100;

/// What the cashier is asked to do who wants a payment cancelled.
const CANCEL: &str = "Press Cancel on the terminal: only it can stop the payment.";

/// One sale on its way.
pub(super) struct Sale<'p> {
    pub shared: &'p Arc<Shared>,
    pub run: &'p Run<'p>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

/// A payment's own answer, on its way.
type Asking = Pin<Box<dyn Future<Output = Result<Answer, Fault>> + Send>>;

impl Sale<'_> {
    pub async fn perform(&self) -> Result<Outcome, Fault> {
        self.is_askable()?;
        self.shared.prove().await?;
        let method = self.method().await?;
        let mut busy = pin!(sleep(limits::BUSY_LIMIT));
        loop {
            self.not_aborted()?;
            let reference = self.reserve().await?;
            self.not_aborted()?;
            self.say("Follow the terminal. When it shows its receipt, press NEXT on it.");
            if let Some(outcome) = self.telling(self.once(&reference, &method)).await? {
                return Ok(outcome);
            }
            if self.desk.not_started(&reference).await.is_err() {
                return Err(Fault::refused(Reason::Busy, "the terminal is busy"));
            }
            self.say("The terminal is busy. If it shows a receipt, press NEXT on it.");
            let is_over = tokio::select! {
                biased;
                () = self.run.aborted() => true,
                () = sleep(limits::BUSY_PAUSE) => is_over(busy.as_mut()).await,
            };
            if is_over {
                return Err(Fault::refused(Reason::Busy, "the terminal is busy"));
            }
        }
    }

    fn is_askable(&self) -> Result<(), Fault> {
        let requested = self.operation.requested;
        let no = |reason, words: &str| Err(Fault::not_sent(reason, words));
        map::currency(requested)?;
        if !(1..=MOST).contains(&requested.minor) {
            return no(Reason::UnavailableService, "the terminal does not take this amount");
        }
        if self.shared.line.profile.amounts == Amounts::Trial && requested.minor != TRIAL {
            let words = "until amounts are confirmed in the settings, only sales of exactly 1.00 are sent";
            return no(Reason::UnavailableService, words);
        }
        Ok(())
    }

    /// How the customer pays: by the sale, by the settings, or as the cashier says.
    async fn method(&self) -> Result<Method, Fault> {
        let no = |words: &str| Err(Fault::not_sent(Reason::UnavailableService, words));
        match (self.operation.method, &self.shared.line.profile.payment) {
            (Wanted::Card, None | Some(Method::Any | Method::Card)) => Ok(Method::Card),
            (Wanted::Card, Some(_)) => no("this terminal is set up for codes on phones alone"),
            (Wanted::Qr, Some(Method::Card)) => no("this terminal is set up for cards alone"),
            (Wanted::Any | Wanted::Qr, Some(method)) => Ok(method.clone()),
            (Wanted::Any | Wanted::Qr, None) => self.chosen().await,
        }
    }

    /// The cashier chooses.
    async fn chosen(&self) -> Result<Method, Fault> {
        let is_offered = |method: &Method| self.operation.method != Wanted::Qr || *method != Method::Card;
        let offered: Vec<_> = OFFERED.iter().filter(|(method, _)| is_offered(method)).collect();
        let entries = offered.iter().map(|(_, title)| (*title).to_owned()).collect();
        let text = "How does the customer pay?".to_owned();
        let answer = tokio::select! {
            biased;
            () = self.run.aborted() => {
                self.desk.withdraw().await;
                return Err(aborted());
            }
            answer = self.desk.ask(Question::Menu { entries }, text, None) => answer,
        };
        let picked = match answer {
            Chosen::Chosen(number) => usize::from(number).checked_sub(1).and_then(|at| offered.get(at)),
            Chosen::Yes | Chosen::No | Chosen::Typed(_) | Chosen::NoDialogue => None,
        };
        let unchosen = || Fault::not_sent(Reason::Aborted, "no way to pay was chosen");
        picked.map(|(method, _)| method.clone()).ok_or_else(unchosen)
    }

    /// Goes on with what was sent; a wish to cancel is told at once, whatever is being waited for.
    async fn telling<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        tokio::select! {
            biased;
            ended = work.as_mut() => return ended,
            () = self.run.aborted() => self.say(CANCEL),
        }
        work.await
    }

    /// One request and its answer, or an enquiry's that comes first. Nothing: it did not begin.
    async fn once(&self, reference: &Reference, method: &Method) -> Result<Option<Outcome>, Fault> {
        let asked = Asked {
            reference: reference.clone(),
            amount: self.operation.requested,
            method: method.clone(),
            notify: self.shared.notify_url(),
        };
        let shared = Arc::clone(self.shared);
        let mut asking: Asking = Box::pin(async move { shared.line.pay(&asked).await });
        let mut next = pin!(sleep(limits::ENQUIRE_AFTER));
        // A payment that an enquiry has found is none that never began.
        let mut is_seen = false;
        loop {
            tokio::select! {
                biased;
                answer = &mut asking => return self.answered(answer?, reference, is_seen).await,
                () = next.as_mut() => {}
                // A notification only makes the next enquiry come sooner, and not without end.
                () = async { self.run.news().await; sleep(limits::NEWS).await; } => {}
            }
            let mut enquiring = self.enquiring(reference);
            let found = tokio::select! {
                biased;
                answer = &mut asking => {
                    let ended = self.answered(answer?, reference, is_seen).await;
                    if let Ok(Some(outcome)) = &ended {
                        self.compare(enquiring, Self::found, reference, outcome);
                    }
                    return ended;
                }
                found = &mut enquiring => found,
            };
            match found.as_ref().ok().map(map::found) {
                Some(Found::Final(said)) => {
                    let outcome = map::outcome(self.operation, &found?, said, reference);
                    self.compare(asking, Self::paid, reference, &outcome);
                    return Ok(Some(outcome));
                }
                Some(Found::Running | Found::TakenBack) => is_seen = true,
                Some(Found::NoRecord | Found::CannotTell(_)) | None => {}
            }
            next.set(sleep(limits::ENQUIRY));
        }
    }

    fn enquiring(&self, reference: &Reference) -> Asking {
        let (shared, reference) = (Arc::clone(self.shared), reference.clone());
        Box::pin(async move { shared.line.enquire(&reference).await })
    }

    /// `is_seen`: an enquiry has found the payment, so that no answer is proof that it never began.
    async fn answered(
        &self,
        answer: Answer,
        reference: &Reference,
        is_seen: bool,
    ) -> Result<Option<Outcome>, Fault> {
        let is_ours = answer.about.as_ref().is_none_or(|about| *about == reference.0);
        match map::paid(&answer) {
            // Also one about something else: it is compared and recorded there.
            Paid::Final(said) => Ok(Some(map::outcome(self.operation, &answer, said, reference))),
            Paid::Busy | Paid::Ask | Paid::Ended(_) if !is_ours => Err(foreign()),
            Paid::Busy | Paid::Ended(_) if is_seen => Err(Fault::unknown(
                Reason::Mismatch,
                format!("the host knows the payment ({})", answer.words),
            )),
            // Busy may be said to a copy of the request that came twice, because of the request itself.
            Paid::Busy => match self.shared.line.enquire(reference).await.ok().map(|it| map::found(&it)) {
                Some(Found::NoRecord) => Ok(None),
                Some(Found::Final(_) | Found::Running | Found::TakenBack | Found::CannotTell(_)) | None => {
                    self.follow(reference, &answer.words).await.map(Some)
                }
            },
            Paid::Ask => self.follow(reference, &answer.words).await.map(Some),
            Paid::Ended(fault) => Err(fault),
        }
    }

    /// The answer did not tell: the host is asked for a while.
    async fn follow(&self, reference: &Reference, words: &str) -> Result<Outcome, Fault> {
        let asking = format!("Look at the terminal. The till asks what became of the payment ({words})");
        // Whoever wants it cancelled goes on reading how.
        let asking = if self.run.is_aborted() { format!("{CANCEL} {asking}") } else { asking };
        self.say(&asking);
        let mut limit = pin!(sleep(limits::FOLLOW));
        loop {
            sleep(limits::ENQUIRY).await;
            if let Ok(answer) = self.shared.line.enquire(reference).await
                && let Found::Final(said) = map::found(&answer)
            {
                return Ok(map::outcome(self.operation, &answer, said, reference));
            }
            if is_over(limit.as_mut()).await {
                return Err(Fault::unknown(Reason::CannotTell, words));
            }
        }
    }

    /// One final word has come, and another one is still awaited: where that says otherwise, a person hears
    /// of it. `read`: what it says.
    fn compare(
        &self,
        other: Asking,
        read: fn(&Answer) -> Option<Said>,
        reference: &Reference,
        told: &Outcome,
    ) {
        let (shared, operation) = (Arc::clone(self.shared), self.operation.clone());
        let (reference, told) = (reference.clone(), (told.said, told.amount));
        tokio::spawn(async move {
            let Ok(answer) = other.await else { return };
            let Some(said) = read(&answer) else { return };
            let outcome = map::outcome(&operation, &answer, said, &reference);
            if (outcome.said, outcome.amount) != told {
                tracing::warn!("the terminal's answer and the host's record of a payment differ");
            }
            // Also where both agree: one may tell ids that the other does not.
            shared.line.seams.notices.notice(Notice::Outcome(Box::new(outcome)));
        });
    }

    fn paid(answer: &Answer) -> Option<Said> {
        match map::paid(answer) {
            Paid::Final(said) => Some(said),
            Paid::Busy | Paid::Ask | Paid::Ended(_) => None,
        }
    }

    fn found(answer: &Answer) -> Option<Said> {
        match map::found(answer) {
            Found::Final(said) => Some(said),
            Found::NoRecord | Found::Running | Found::TakenBack | Found::CannotTell(_) => None,
        }
    }

    async fn reserve(&self) -> Result<Reference, Fault> {
        let session = self.shared.session();
        self.desk.reserve(Step::First, Some(&session)).await.map_err(|NotDurable| not_durable())
    }

    fn say(&self, text: &str) {
        self.desk.show(Display::Text { text: text.to_owned(), fleeting: false });
    }

    fn not_aborted(&self) -> Result<(), Fault> {
        if self.run.is_aborted() { Err(aborted()) } else { Ok(()) }
    }
}

/// Whether a wait has come to its end, without waiting for it.
pub(super) async fn is_over(wait: Pin<&mut Sleep>) -> bool {
    futures_util::future::poll_immediate(wait).await.is_some()
}

fn aborted() -> Fault {
    Fault::not_sent(Reason::Aborted, "cancelled before anything was sent")
}

pub(super) fn not_durable() -> Fault {
    Fault::not_sent(Reason::NotDurable, "the reference could not be written to disk")
}
