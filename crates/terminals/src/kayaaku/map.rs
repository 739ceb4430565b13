//! The only bridge between the host's words and the till's: what every class of codes means for every call.
//!
//! Dossier sections 8 and 9; the codes themselves stand in `wire::kayaaku::Code`. Invariant: a code means
//! what it means for its call: 49 is "no record" for an enquiry and a refusal for a payment; unknown stays
//! unknown.

use domain::ids::Reference;
use domain::money::{Currency, Money};
use domain::operation::Operation;
use domain::outcome::{Echo, Evidence, Fault, Instrument, Outcome, Reason, Said};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use wire::kayaaku::plain::{Call, Reply};
use wire::kayaaku::sealed::Told;
use wire::kayaaku::{Class, Code, Method, Scheme, assumed};

/// Longest text of the host that is kept.
const LONGEST_DETAIL: usize = 300;

/// Names of the ids in the evidence: the protocol's own.
pub(super) const TXN_ID: &str = "TxnID";
pub(super) const HTR: &str = "HTR";
pub(super) const METHOD: &str = "PmtType";
pub(super) const APPROVAL: &str = "AuthIdResp";
const STAN: &str = "STAN";
const RRN: &str = "RRN";
const MRN: &str = "MRN";

/// A reply of either generation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The transaction that it is about, where it says so.
    pub about: Option<String>,
    /// What became of it.
    pub code: Option<Code>,
    /// Words for people.
    pub words: String,
    /// Minor units, where it is repeated.
    pub amount: Option<String>,
    /// Number of the currency, where it is repeated.
    pub currency: Option<String>,
    /// The host's reference.
    pub htr: Option<String>,
    /// The issuer's approval.
    pub approval: Option<String>,
    /// More references.
    pub stan: Option<String>,
    pub rrn: Option<String>,
    pub mrn: Option<String>,
    /// Masked card number.
    pub masked_pan: Option<String>,
    /// How the customer paid.
    pub method: Option<Method>,
    /// Whose network.
    pub scheme: Option<Scheme>,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub local_time: Option<String>,
}

impl Answer {
    /// A reply of generation 1 to this call.
    pub fn of(reply: Reply, call: Call) -> Self {
        let code = reply.code(call);
        Self {
            words: words(code.as_ref(), reply.description.as_deref()),
            code,
            about: Some(reply.id),
            amount: reply.amount,
            currency: reply.currency,
            htr: reply.htr,
            approval: reply.approval,
            stan: reply.stan,
            rrn: reply.rrn,
            mrn: reply.mrn,
            masked_pan: reply.masked_pan,
            method: reply.method,
            scheme: None,
            local_time: reply.local_time,
        }
    }
}

impl From<Told> for Answer {
    fn from(told: Told) -> Self {
        Self {
            words: words(told.result.as_ref(), told.advice.as_deref()),
            code: told.result,
            about: told.mrn,
            amount: told.amount,
            currency: told.currency,
            htr: told.htr,
            approval: told.approval,
            masked_pan: told.masked_pan,
            method: told.method,
            scheme: told.scheme,
            ..Self::default()
        }
    }
}

fn words(code: Option<&Code>, said: Option<&str>) -> String {
    let said = plain(said.unwrap_or_default());
    match code {
        // What is done needs no words, and a code alone is none.
        Some(code) if code.class() == Class::Approved => String::new(),
        Some(code) => explained(code, &said),
        None => said,
    }
}

/// A code behind what it says: `said`, or else what its class means.
pub(super) fn explained(code: &Code, said: &str) -> String {
    let said = if said.is_empty() { meaning(code.class()) } else { said };
    plain(&format!("{said}, code {code}"))
}

/// What the codes of a class say, for people.
const fn meaning(class: Class) -> &'static str {
    match class {
        Class::Approved => "done",
        Class::Declined => "declined",
        Class::Cancelled => "cancelled on the terminal",
        Class::Refused => "something of the request is not taken",
        Class::Configuration => "keys, numbers or rights are not accepted",
        Class::LogIn => "somebody must log in on the terminal",
        Class::Busy => "the terminal is busy",
        Class::WrongState => "there is no such payment, or it is in another state",
        Class::Exists => "it runs, or is there already",
        Class::Failed => "it failed",
        Class::Unknown => "no final word yet",
    }
}

/// A text of the host as it may be kept: one line of bounded length, long numbers masked.
pub(super) fn plain(text: &str) -> String {
    let line: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    domain::card::masked(line.trim()).chars().take(LONGEST_DETAIL).collect()
}

/// What an answer to a payment says.
#[derive(Debug)]
pub(super) enum Paid {
    /// The final word.
    Final(Said),
    /// Certainly not begun: something else runs on the device.
    Busy,
    /// It runs, or nobody can tell yet: ask.
    Ask,
    /// It ended otherwise.
    Ended(Fault),
}

/// Section 9 for the first and only request under a reference.
pub(super) fn paid(answer: &Answer) -> Paid {
    let words = || answer.words.clone();
    let Some(code) = &answer.code else {
        return Paid::Ended(Fault::unknown(Reason::AnswerUnreadable, "the answer has no code"));
    };
    match code.class() {
        Class::Approved => Paid::Final(Said::Approved),
        Class::Declined => Paid::Final(Said::Declined),
        Class::Cancelled => Paid::Final(Said::Cancelled),
        Class::Busy => Paid::Busy,
        // 78: the id is another one's, or this request came twice; nobody can tell which.
        Class::Exists if code.as_str() == "78" => {
            Paid::Ended(Fault::unknown(Reason::ReferenceInUse, words()))
        }
        Class::Exists => Paid::Ask,
        // Way of payment, amount and currency: the contract with the provider has others.
        Class::Refused if matches!(code.as_str(), "21" | "22" | "34") => {
            Paid::Ended(Fault::refused(Reason::UnavailableService, words()))
        }
        Class::Refused | Class::WrongState => Paid::Ended(Fault::refused(Reason::MessageFormat, words())),
        Class::Configuration => Paid::Ended(Fault::refused(Reason::LoginRefused, words())),
        Class::LogIn => Paid::Ended(Fault::refused(Reason::NotLoggedIn, words())),
        Class::Failed | Class::Unknown => Paid::Ask,
    }
}

/// What an answer to an enquiry about a payment says.
#[derive(Debug)]
pub(super) enum Found {
    /// The final word.
    Final(Said),
    /// There is no record of it.
    NoRecord,
    /// It runs.
    Running,
    /// It was taken back (assumption A-15).
    TakenBack,
    /// Nobody can tell.
    CannotTell(Fault),
}

/// Section 9 for an enquiry. A code that refuses the enquiry itself says nothing about the payment.
pub(super) fn found(answer: &Answer) -> Found {
    let unknown = |reason| Found::CannotTell(Fault::unknown(reason, answer.words.clone()));
    let Some(code) = &answer.code else { return unknown(Reason::AnswerUnreadable) };
    match code.class() {
        Class::Approved => Found::Final(Said::Approved),
        Class::Declined => Found::Final(Said::Declined),
        Class::Cancelled => Found::Final(Said::Cancelled),
        Class::WrongState if code.as_str() == "49" => Found::NoRecord,
        Class::WrongState => Found::TakenBack,
        Class::Busy | Class::Exists => Found::Running,
        Class::Unknown if code.as_str() == "63" => Found::Running,
        Class::Refused | Class::Configuration => unknown(Reason::MessageFormat),
        Class::LogIn => unknown(Reason::NotLoggedIn),
        Class::Failed | Class::Unknown if code.is_listed() => unknown(Reason::CannotTell),
        Class::Failed | Class::Unknown => unknown(Reason::Other(plain(code.as_str()))),
    }
}

/// What an answer to a void or refund says.
#[derive(Debug)]
pub(super) enum GivenBack {
    /// Done.
    Done,
    /// Not done: the payment is in another state than that needs.
    WrongState,
    /// The id of the refund is there already.
    Exists,
    /// Not done, finally.
    Refused(Reason),
    /// Nobody can tell.
    Unknown,
}

/// Section 9 for a void or a refund.
pub(super) fn given_back(answer: &Answer) -> GivenBack {
    let Some(code) = &answer.code else { return GivenBack::Unknown };
    match code.class() {
        Class::Approved => GivenBack::Done,
        Class::Declined | Class::Cancelled => GivenBack::Refused(Reason::Refused),
        Class::WrongState => GivenBack::WrongState,
        // 59: more than is left of the payment.
        Class::Refused if code.as_str() == "59" => GivenBack::WrongState,
        Class::Exists => GivenBack::Exists,
        Class::Refused => GivenBack::Refused(Reason::MessageFormat),
        Class::Configuration => GivenBack::Refused(Reason::LoginRefused),
        Class::LogIn => GivenBack::Refused(Reason::NotLoggedIn),
        Class::Busy | Class::Failed | Class::Unknown => GivenBack::Unknown,
    }
}

/// A final word about an operation that was asked for by this reference. Where the answer does not repeat
/// the amount, its id stands for it: the request that it names asked for exactly that.
pub(super) fn outcome(operation: &Operation, answer: &Answer, said: Said, asked: &Reference) -> Outcome {
    let reference = answer.about.clone().map_or_else(|| asked.clone(), Reference);
    // The host names no device; that it is the asked one is told by the id, which no other device has.
    let amount_implied = answer.amount.is_none() && said.moved_money();
    let echo = Echo { reference: Some(reference), same_terminal: true, amount_implied, ..Echo::default() };
    let own = operation.requested.currency;
    let mut outcome = Outcome::bare(said, echo);
    (outcome.amount, outcome.foreign_currency) = match (&answer.amount, said.moved_money()) {
        (_, false) => (None, None),
        (None, true) => (Some(operation.requested), foreign(answer, own)),
        (Some(amount), true) => (money(amount, own), foreign(answer, own)),
    };
    outcome.reason = match said {
        Said::Approved | Said::Partial => None,
        Said::Declined => Some(declined(answer)),
        Said::Cancelled => Some(Reason::CustomerCancelled),
    };
    outcome.detail = (!answer.words.is_empty()).then(|| answer.words.clone());
    outcome.provider_time = answer.local_time.as_deref().and_then(time);
    outcome.evidence = evidence(answer);
    outcome.instrument = said.moved_money().then(|| instrument(answer));
    outcome
}

/// Minor units; an amount that is none matches nothing.
fn money(text: &str, own: Currency) -> Option<Money> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number).map(|minor| Money::new(minor, own))
}

fn foreign(answer: &Answer, own: Currency) -> Option<String> {
    let told = answer.currency.as_deref()?;
    (assumed::currency_letters(told) != Some(own.code())).then(|| plain(told))
}

/// The number of an amount's currency.
///
/// # Errors
/// It has none here: nothing is sent.
pub(super) fn currency(amount: Money) -> Result<&'static str, Fault> {
    let unknown =
        || Fault::not_sent(Reason::UnavailableService, "the terminal does not take this currency");
    assumed::currency_number(amount.currency.code()).ok_or_else(unknown)
}

fn declined(answer: &Answer) -> Reason {
    match answer.code.as_ref().map(Code::as_str) {
        Some("KA010" | "KA012" | "KA001") => Reason::InvalidCard,
        Some("52") => Reason::HostUnreachable,
        // No card came in time: nobody said no.
        Some("KA020") => Reason::CustomerCancelled,
        Some(_) | None => Reason::Refused,
    }
}

fn instrument(answer: &Answer) -> Instrument {
    let is_card = answer.method == Some(Method::Card) || answer.masked_pan.is_some();
    let brand = answer.scheme.as_ref().map(|scheme| match scheme {
        Scheme::Alipay => "Alipay+".to_owned(),
        Scheme::Jcb => "JCB".to_owned(),
        Scheme::Mastercard => "Mastercard".to_owned(),
        Scheme::PayNet => "DuitNow".to_owned(),
        Scheme::UnionPay => "UnionPay".to_owned(),
        Scheme::Visa => "Visa".to_owned(),
        Scheme::Other(word) => plain(word),
    });
    Instrument {
        kind: if is_card { "card" } else { "wallet" }.to_owned(),
        brand,
        number: answer.masked_pan.as_deref().map(plain),
        entry: None,
    }
}

/// The host's ids, verbatim.
pub(super) fn evidence(answer: &Answer) -> Evidence {
    let of = |value: &Option<String>| value.clone().unwrap_or_default();
    Evidence::default()
        .with(TXN_ID, &of(&answer.about))
        .with(HTR, &of(&answer.htr))
        .with(METHOD, answer.method.as_ref().map_or("", Method::as_str))
        .with(APPROVAL, &of(&answer.approval))
        .with(STAN, &of(&answer.stan))
        .with(RRN, &of(&answer.rrn))
        .with(MRN, &of(&answer.mrn))
}

/// The zone of every time on the wire (section 3).
pub(super) fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// A time of the host.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let local = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    local.to_zoned(zone()).ok().map(|zoned| zoned.timestamp())
}

/// A time as the host reads it.
pub(super) fn local_time(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y%m%d%H%M%S").to_string()
}
