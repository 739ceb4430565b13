//! A sale from top to bottom: a transaction that moves nothing yet, then the charge of the customer's code,
//! or a code of ours that the customer scans.
//!
//! Dossier sections 4 and 9. Invariant: the request that can move money has its own durable reference and
//! is sent once; from then on only the gateway's final word about that very transaction ends the sale.

use super::Shared;
use super::line::Named;
use super::map::{self, Heard, Standing};
use super::profile::ShownWallet;
use crate::desk::{Desk, Display, NotDurable};
use crate::limits::pockyt as limits;
use crate::run::Run;
use domain::ids::Reference;
use domain::operation::{Operation, Step};
use domain::outcome::{Fault, Outcome, Reason};
use domain::prompt::{Answer, Question};
use domain::wallet::PaymentCode;
use std::time::Duration;
use tokio::time::sleep;
use wire::pockyt::{Add, CreateCode, Pay, Record, Request};

/// Where notifications are posted that nobody is to receive: a shown code needs an address (section 4.4), and
/// this name can never be anybody's (RFC 2606).
const NOBODY: &str = "https://notifications.invalid/pockyt";

/// One sale on its way.
pub(super) struct Sale<'p> {
    pub shared: &'p Shared,
    pub run: &'p Run<'p>,
    pub operation: &'p Operation,
    pub desk: &'p dyn Desk,
}

/// How a sale is waited for after its request.
pub(super) struct Waiting {
    /// The customer has acted by then.
    pub window: Duration,
    /// The gateway has the charge by then; nothing where "not submitted" is how it begins.
    pub submitted: Option<Duration>,
    /// How often it is asked.
    pub pause: fn(Duration) -> Duration,
}

impl Sale<'_> {
    pub async fn perform(&self) -> Result<Outcome, Fault> {
        match self.desk.code() {
            Some(code) => self.scanned(&code).await,
            None => self.shown().await,
        }
    }

    /// The customer showed a code.
    async fn scanned(&self, code: &PaymentCode) -> Result<Outcome, Fault> {
        let prepays = self.shared.line.profile.prepays;
        let vendor = map::vendor(code.brand());
        if vendor.is_none() && !prepays {
            let words = "this wallet's codes cannot be charged here";
            return Err(Fault::not_sent(Reason::UnsupportedWallet, words));
        }
        self.say("Creating the transaction");
        let (named, _) = self.create(|reference| self.add(reference)).await?;
        self.not_aborted()?;
        self.reserve(Step::First).await?;
        self.not_aborted()?;
        self.say("Charging the wallet");
        let pay = Pay {
            meant: named.meant(),
            payment_barcode: code.reveal().to_owned(),
            vendor: vendor.filter(|_| !prepays).map(str::to_owned),
        };
        let request = if prepays { Request::Prepay(pay) } else { Request::Pay(pay) };
        let waiting =
            Waiting { window: limits::WINDOW, submitted: Some(limits::UNSUBMITTED), pause: after_charge };
        match self.shared.line.ask(&request).await?.hiding(code) {
            Heard::Accepted(record) => {
                let about = map::is_about(&self.shared.line.profile.who, &record, &named);
                if about && let Some(outcome) = self.final_word(&record, &named, None) {
                    return Ok(outcome);
                }
                if map::standing(&record) == Standing::Open {
                    self.say("The customer must confirm in the wallet");
                }
            }
            Heard::Refused(reason, words) => {
                if let Some(ended) = self.refused(&named, reason, words).await? {
                    return Ok(ended);
                }
            }
            Heard::NoRecord(words) => {
                if let Some(ended) = self.refused(&named, Reason::NotFound, words).await? {
                    return Ok(ended);
                }
            }
            Heard::WrongStatus(_) | Heard::Unknown(_) => self.say("Asking the gateway what became of it"),
        }
        self.follow(&named, &waiting).await
    }

    /// The gateway says that it did not begin. One query looks whether that is so (section 7): the outcome it
    /// tells, nothing where the charge is under way all the same.
    async fn refused(
        &self,
        named: &Named,
        reason: Reason,
        words: String,
    ) -> Result<Option<Outcome>, Fault> {
        let found = self.shared.line.query(named).await?;
        match found.as_ref().map(|record| (map::standing(record), record)) {
            None | Some((Standing::Unsubmitted, _)) => Err(Fault::refused(reason, words)),
            Some((Standing::Open, _)) => Ok(None),
            Some((Standing::Paid | Standing::Declined | Standing::Closed, record)) => {
                Ok(self.final_word(record, named, None))
            }
        }
    }

    /// The customer scans a code of ours.
    async fn shown(&self) -> Result<Outcome, Fault> {
        let wallet = self.which_wallet().await?;
        let Some(vendor) = wallet.vendor() else {
            return Err(Fault::not_sent(Reason::Aborted, "no wallet was chosen"));
        };
        self.say("Asking the gateway for a code");
        let (named, record) = self.create(|reference| self.create_code(reference, vendor)).await?;
        let Some(content) = record.and_then(|record| record.deep_link) else {
            // Nobody has seen it, so nobody can pay it; it closes by itself.
            return Err(Fault::not_sent(Reason::AnswerUnreadable, "the gateway gave no code to show"));
        };
        self.not_aborted()?;
        // From the moment it is shown it can be paid.
        self.reserve(Step::First).await?;
        self.not_aborted()?;
        let window = Duration::from_secs(limits::SHOWN_MINUTES.saturating_mul(60));
        self.desk.show(Display::Code { content, lasts: Some(window) });
        self.say(&format!("Scan the code with {}", wallet.title()));
        self.follow(&named, &Waiting { window, submitted: None, pause: |_| limits::QUERY }).await
    }

    async fn which_wallet(&self) -> Result<ShownWallet, Fault> {
        let chosen = self.shared.line.profile.shown;
        if chosen != ShownWallet::Ask {
            return Ok(chosen);
        }
        let entries = ShownWallet::OFFERED.iter().map(|wallet| wallet.title().to_owned()).collect();
        let text = "Which wallet does the customer pay with?".to_owned();
        let answer = tokio::select! {
            biased;
            () = self.run.aborted() => {
                self.desk.withdraw().await;
                return Err(aborted());
            }
            answer = self.desk.ask(Question::Menu { entries }, text, None) => answer,
        };
        let picked = match answer {
            Answer::Chosen(number) => {
                usize::from(number).checked_sub(1).and_then(|at| ShownWallet::OFFERED.get(at))
            }
            Answer::Yes | Answer::No | Answer::Typed(_) | Answer::NoDialogue => None,
        };
        picked.copied().ok_or_else(|| Fault::not_sent(Reason::Aborted, "no wallet was chosen"))
    }

    fn add(&self, reference: &Reference) -> Request {
        Request::Add(Add {
            amount: self.operation.requested.plain(),
            currency: self.operation.requested.currency.code().to_owned(),
            settle_currency: self.shared.line.profile.settle_currency.clone(),
            reference: reference.0.clone(),
            timeout: Some(limits::SCANNED_MINUTES.to_string()),
            ipn_url: self.shared.ipn_url(),
        })
    }

    fn create_code(&self, reference: &Reference, vendor: &str) -> Request {
        Request::CreateCode(CreateCode {
            amount: self.operation.requested.plain(),
            currency: self.operation.requested.currency.code().to_owned(),
            settle_currency: self.shared.line.profile.settle_currency.clone(),
            vendor: vendor.to_owned(),
            reference: reference.0.clone(),
            ipn_url: self.shared.ipn_url().unwrap_or_else(|| NOBODY.to_owned()),
            timeout: Some(limits::SHOWN_MINUTES.to_string()),
            description: None,
        })
    }

    /// A transaction at the gateway that nobody can pay yet. A lost answer is looked for; where nothing is
    /// found another one is tried: the first may still appear, and closes unpaid.
    async fn create(
        &self,
        request: impl Fn(&Reference) -> Request,
    ) -> Result<(Named, Option<Record>), Fault> {
        let mut last = Fault::not_sent(Reason::NotSent, "no transaction was tried");
        for _ in 0..limits::CREATIONS {
            self.not_aborted()?;
            let reference = self.reserve(Step::Prepare).await?;
            let mut named = Named::by(&reference.0);
            let created = match self.shared.line.ask(&request(&reference)).await? {
                Heard::Accepted(record) => Some(*record),
                Heard::Refused(reason, words) => {
                    last = Fault::refused(reason, words);
                    continue;
                }
                Heard::NoRecord(words) | Heard::WrongStatus(words) => {
                    last = Fault::refused(Reason::UnavailableService, words);
                    continue;
                }
                Heard::Unknown(fault) => {
                    last = Fault::not_sent(fault.reason, fault.detail);
                    self.find(&named).await
                }
            };
            let Some(record) = created else { continue };
            let who = &self.shared.line.profile.who;
            if !map::is_about(who, &record, &named) || !map::is_as_asked(self.operation, &record) {
                let words = "the gateway created something else than was asked for";
                last = Fault::refused(Reason::Mismatch, words);
                continue;
            }
            named.number.clone_from(&record.transaction_no);
            self.desk.note(map::evidence(&record)).await.map_err(|NotDurable| not_durable())?;
            return Ok((named, Some(record)));
        }
        Err(last)
    }

    /// A transaction whose creation was not answered.
    async fn find(&self, named: &Named) -> Option<Record> {
        for _ in 0..limits::CREATED_QUERIES {
            sleep(limits::FIRST_QUERY).await;
            if let Ok(found) = self.shared.line.query(named).await {
                return found;
            }
        }
        None
    }

    pub async fn reserve(&self, step: Step) -> Result<Reference, Fault> {
        let session = self.shared.session();
        self.desk.reserve(step, Some(&session)).await.map_err(|NotDurable| not_durable())
    }

    pub fn say(&self, text: &str) {
        self.desk.show(Display::Text { text: text.to_owned(), fleeting: false });
    }

    fn not_aborted(&self) -> Result<(), Fault> {
        if self.run.is_aborted() { Err(aborted()) } else { Ok(()) }
    }

    /// The gateway's final word, where this is one.
    pub fn final_word(
        &self,
        record: &Record,
        asked: &Named,
        cancelled: Option<&Reason>,
    ) -> Option<Outcome> {
        map::sale(&self.shared.line.profile.who, self.operation, record, asked, cancelled)
    }
}

/// Section 9, rule 5: every three seconds for a minute, then every five.
fn after_charge(waited: Duration) -> Duration {
    if waited.is_zero() {
        limits::FIRST_QUERY
    } else if waited < limits::SLOW_AFTER {
        limits::QUERY
    } else {
        limits::QUERY_SLOW
    }
}

fn aborted() -> Fault {
    Fault::refused(Reason::Aborted, "cancelled before anything could be paid")
}

pub(super) fn not_durable() -> Fault {
    Fault::not_sent(Reason::NotDurable, "the reference could not be written to disk")
}
