//! A sale from top to bottom: the device accepts it, the customer pays, the result comes by itself; enquiries
//! beside it, so that a forgotten NEXT does not hold the till.
//!
//! Dossier sections 7.2 and 8. Invariant: only an answer to the one and only send of a payment can say that
//! it did not begin; once it may have begun, nothing but its own result or an enquiry ends it.

use super::super::map::{self as family, Found, Paid};
use super::super::profile::OFFERED;
use super::Shared;
use super::claims::Claim;
use super::keeper::{Answered, Gone, silent_words};
use super::map::{self, Told};
use crate::desk::{Desk, Display};
use crate::limits::kayaaku_serial as limits;
use crate::run::Run;
use domain::ids::Reference;
use domain::operation::{Method as Wanted, Operation, Step};
use domain::outcome::{Fault, Outcome, Reason, Said};
use domain::prompt::{Answer as Chosen, Question};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use tokio::time::{Sleep, sleep};
use wire::kayaaku::assumed::SALE;
use wire::kayaaku::serial::{Message, Start};
use wire::kayaaku::{Class, Code, Method};

/// Most minor units: twelve digits.
const MOST: i64 = 999_999_999_999;
/// Longest name of a till in a message.
const LONGEST_ITEM: usize = 64;
const BEGIN: &str = "Follow the terminal: hold the card or phone at its back, insert the card at the \
    side, or swipe it at the top. When it shows its receipt, press NEXT on it.";
const STOPPING: &str = "The terminal is asked to cancel. Where it goes on, press Cancel on it.";

/// One sale on its way.
pub(super) struct Sale<'p> {
    pub shared: &'p Arc<Shared>,
    pub run: &'p Run<'p>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

/// What the device makes of a request to begin.
enum Began {
    /// It runs, or may run.
    Runs,
    /// It has ended already: the result came before the acceptance.
    Ended(Box<Told>),
    /// Certainly not begun: something else runs on the device.
    Busy,
}

impl Sale<'_> {
    pub async fn perform(&self) -> Result<Outcome, Fault> {
        let (amount, currency) = self.asked()?;
        let method = self.method().await?;
        let mut busy = pin!(sleep(limits::BUSY_LIMIT));
        loop {
            let reference = tokio::select! {
                biased;
                // The device may be slow to be found: until a reference is asked for, nothing can leave.
                () = self.run.aborted() => return Err(aborted()),
                met = self.shared.meet() => self.shared.reserve(self.desk, Step::First, &met?).await?,
            };
            self.not_aborted()?;
            self.say(BEGIN);
            let start = Message::Start(Start {
                amount,
                currency,
                kind: SALE.to_owned(),
                method: method.clone(),
                mid: self.shared.profile.mid.clone(),
                mrn: reference.0.clone(),
                item: self.shared.seams.till.chars().take(LONGEST_ITEM).collect(),
            });
            if let Some(outcome) = self.once(&reference, start).await? {
                return Ok(outcome);
            }
            if self.desk.not_started(&reference).await.is_err() {
                return Err(Fault::refused(Reason::Busy, "the terminal is busy"));
            }
            self.say("The terminal is busy. If it shows a receipt, press NEXT on it.");
            let is_over = tokio::select! {
                biased;
                () = self.run.aborted() => {
                    return Err(Fault::refused(Reason::Aborted, "cancelled while the terminal was busy"));
                }
                () = sleep(limits::BUSY_PAUSE) => is_over(busy.as_mut()).await,
            };
            if is_over {
                return Err(Fault::refused(Reason::Busy, "the terminal is busy"));
            }
        }
    }

    /// Amount and currency as the line has them.
    fn asked(&self) -> Result<(u64, u16), Fault> {
        let requested = self.operation.requested;
        let no = |words: &str| Fault::not_sent(Reason::UnavailableService, words);
        let currency =
            map::currency(requested).ok_or_else(|| no("the terminal does not take this currency"))?;
        let amount = u64::try_from(requested.minor).ok().filter(|_| (1..=MOST).contains(&requested.minor));
        Ok((amount.ok_or_else(|| no("the terminal does not take this amount"))?, currency))
    }

    /// How the customer pays: by the sale, by the settings, or as the cashier says.
    async fn method(&self) -> Result<Method, Fault> {
        let no = |words: &str| Err(Fault::not_sent(Reason::UnavailableService, words));
        match (self.operation.method, &self.shared.profile.payment) {
            (Wanted::Card, None | Some(Method::Any | Method::Card)) => Ok(Method::Card),
            (Wanted::Card, Some(_)) => no("this terminal is set up for codes on phones alone"),
            (Wanted::Qr, Some(Method::Card)) => no("this terminal is set up for cards alone"),
            (Wanted::Any | Wanted::Qr, Some(method)) => Ok(method.clone()),
            (Wanted::Any | Wanted::Qr, None) => self.chosen().await,
        }
    }

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

    /// One payment under one number to its end. Nothing: it did not begin.
    async fn once(&self, reference: &Reference, start: Message) -> Result<Option<Outcome>, Fault> {
        let mut claim = self.shared.claims.claim(&reference.0);
        // A wish to cancel that has not seen the claim has sent the device nothing.
        self.not_aborted()?;
        match self.begin(&mut claim, start).await? {
            Began::Busy => Ok(None),
            Began::Ended(told) => self.ended(&mut claim, reference, &told).await.map(Some),
            Began::Runs => self.follow(&mut claim, reference).await.map(Some),
        }
    }

    /// Sends the request and waits for its acceptance.
    async fn begin(&self, claim: &mut Claim, start: Message) -> Result<Began, Fault> {
        let mut starting = pin!(self.shared.ask(start));
        let mut quiet = pin!(sleep(limits::QUIET));
        let mut is_told = false;
        let answered = loop {
            tokio::select! {
                biased;
                // The acceptance may be lost and its result come all the same.
                Some(result) = claim.result() => {
                    let told = Told::of(&result, &self.shared.profile.mid);
                    return Ok(Began::Ended(Box::new(told)));
                }
                answered = &mut starting => break answered,
                () = &mut quiet, if !is_told => {
                    is_told = true;
                    self.say(&silent_words());
                }
            }
        };
        let Answered { message, again } = match answered {
            Ok(answered) => answered,
            Err(Gone::NotSent(fault)) => return Err(fault),
            Err(Gone::Unknown(fault)) => return Err(fault),
        };
        let Message::Started { result, mrn } = message else {
            return Err(Fault::unknown(Reason::Mismatch, format!("{} answers a payment", message.mti())));
        };
        self.accepted(&result, &mrn, again)
    }

    /// What the acceptance says (section 7.2). `again`: the request went out more than once, so that what is
    /// refused may be the copy.
    fn accepted(&self, result: &Code, mrn: &str, again: bool) -> Result<Began, Fault> {
        let told = Told::code(result, mrn, "");
        match family::paid(&told.answer) {
            // Accepted; paid is what the result says.
            Paid::Final(Said::Approved | Said::Partial) => Ok(Began::Runs),
            Paid::Final(Said::Declined | Said::Cancelled) | Paid::Busy | Paid::Ended(_) if again => {
                Ok(Began::Runs)
            }
            Paid::Final(Said::Declined | Said::Cancelled) => Ok(Began::Ended(Box::new(told))),
            Paid::Busy => Ok(Began::Busy),
            Paid::Ask => {
                self.say(&format!("Look at the terminal ({}).", told.answer.words));
                Ok(Began::Runs)
            }
            Paid::Ended(fault) => Err(fault),
        }
    }

    /// Waits for the result, and asks for it where it does not come.
    async fn follow(&self, claim: &mut Claim, reference: &Reference) -> Result<Outcome, Fault> {
        let patience = self.shared.profile.answer.unwrap_or(limits::PAYMENT);
        let (mut limit, mut next) = (pin!(sleep(patience)), pin!(sleep(limits::ENQUIRE_AFTER)));
        let mut is_told = false;
        loop {
            let mut enquiring: Enquiring<'_> = Box::pin(async {
                next.as_mut().await;
                self.shared.enquire(&reference.0).await
            });
            let found = loop {
                tokio::select! {
                    biased;
                    result = claim.result() => {
                        let lost = || Fault::unknown(Reason::AnswerLost, super::keeper::PULLED_OUT);
                        let told = Told::of(&result.ok_or_else(lost)?, &self.shared.profile.mid);
                        drop(enquiring);
                        return self.ended(claim, reference, &told).await;
                    }
                    () = self.run.aborted(), if !is_told => {
                        is_told = true;
                        self.say(STOPPING);
                    }
                    found = &mut enquiring => break found,
                    () = limit.as_mut() => {
                        let words = "the device did not tell in time what became of the payment";
                        return Err(Fault::unknown(Reason::DeadlinePassed, words));
                    }
                }
            };
            drop(enquiring);
            if let Some(outcome) = found.ok().and_then(|told| self.found(&told, reference)) {
                return Ok(outcome);
            }
            next.set(sleep(limits::ENQUIRY));
        }
    }

    /// What the result says. One that does not tell is asked about for a while.
    async fn ended(&self, claim: &mut Claim, reference: &Reference, told: &Told) -> Result<Outcome, Fault> {
        if let Some(said) = told.said() {
            return Ok(self.outcome(told, said, reference));
        }
        if matches!(told.class(), Class::Refused | Class::Configuration | Class::LogIn) && !told.is_back {
            // The device's last word about this payment: it came to nothing.
            let mut outcome = self.outcome(told, Said::Declined, reference);
            outcome.reason = Some(Reason::DeviceOut);
            return Ok(outcome);
        }
        let words = &told.answer.words;
        self.say(&format!("Look at the terminal. The till asks what became of the payment ({words})"));
        let mut limit = pin!(sleep(limits::FOLLOW));
        loop {
            tokio::select! {
                biased;
                Some(result) = claim.result() => {
                    let told = Told::of(&result, &self.shared.profile.mid);
                    if let Some(said) = told.said() {
                        return Ok(self.outcome(&told, said, reference));
                    }
                }
                () = sleep(limits::ENQUIRY) => {}
            }
            let found = self.shared.enquire(&reference.0).await.ok();
            if let Some(outcome) = found.and_then(|told| self.found(&told, reference)) {
                return Ok(outcome);
            }
            if is_over(limit.as_mut()).await {
                return Err(Fault::unknown(Reason::CannotTell, words.clone()));
            }
        }
    }

    /// The outcome that an enquiry has found.
    fn found(&self, told: &Told, reference: &Reference) -> Option<Outcome> {
        match family::found(&told.answer) {
            Found::Final(said) if !told.is_back => Some(self.outcome(told, said, reference)),
            Found::Final(_)
            | Found::NoRecord
            | Found::Running
            | Found::TakenBack
            | Found::CannotTell(_) => None,
        }
    }

    fn outcome(&self, told: &Told, said: Said, reference: &Reference) -> Outcome {
        let mut outcome = map::outcome(self.operation, told, said, reference);
        if said == Said::Cancelled && self.run.is_aborted() {
            outcome.reason = Some(Reason::Aborted);
        }
        outcome
    }

    fn say(&self, text: &str) {
        self.desk.show(Display::Text { text: text.to_owned(), fleeting: false });
    }

    fn not_aborted(&self) -> Result<(), Fault> {
        if self.run.is_aborted() { Err(aborted()) } else { Ok(()) }
    }
}

/// An enquiry after a pause.
type Enquiring<'e> = Pin<Box<dyn Future<Output = Result<Told, Fault>> + Send + 'e>>;

/// Whether a wait has come to its end, without waiting for it.
pub(super) async fn is_over(wait: Pin<&mut Sleep>) -> bool {
    futures_util::future::poll_immediate(wait).await.is_some()
}

fn aborted() -> Fault {
    Fault::not_sent(Reason::Aborted, "cancelled before anything was sent")
}
