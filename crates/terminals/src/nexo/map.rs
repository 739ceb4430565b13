//! The only bridge between nexo's words and the till's: every code of the protocol in one table.
//!
//! | looking for | see |
//! | --- | --- |
//! | error conditions, what each says about a money request | [`meaning`] (dossier chapter 16) |
//! | what an answer to a money request says | [`heard`] |
//! | operations as requests, the login | `map/ask.rs` |
//! | answers as outcomes | `map/outcome.rs` |
//! | receipts | `map/slip.rs` |
//! | texts, prints, questions and events of the terminal | `map/device.rs` |
//! | answers without money: login, totals, questions to the customer | `map/report.rs` |
//!
//! Invariant: nothing that is not in the table is taken for "not started"; a foreign answer is never read
//! for anything but its mismatch.

mod ask;
mod device;
mod outcome;
mod report;
mod slip;

pub(super) use ask::{MoneyRequest, login, money_request, stamp};
pub(super) use device::{
    CONTENT_TYPE, Entry, Wait, display_answer, displays, event_notice, input_answer, input_failure,
    print_answer, print_wait, question, refuse,
};
pub(super) use outcome::{Told, outcome, repeated};
pub(super) use report::{customers_answer, customers_question, identity, response_of, totals};
pub(super) use slip::print_slip;

use domain::operation::Operation;
use domain::outcome::{Fault, Outcome, Reason};
use wire::nexo::mask::{self, Shown};
use wire::nexo::{ErrorCondition, Header, Message, Response, ResultCode};

/// Longest secondary text that is kept.
const LONGEST_DETAIL: usize = 300;

/// The two ends of the line by the protocol's names, and the form of integration.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    /// SaleID.
    pub sale_id: String,
    /// POIID.
    pub poi_id: String,
    /// Signatures are the till's business (light form).
    pub checks_signature: bool,
}

/// What a failure says about a money request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The terminal's final word: not approved.
    Declined,
    /// The customer's or our own cancel was executed.
    Cancelled,
    /// Certainly not started; may be sent again under a new reference.
    NotStarted,
    /// A transaction is still running, and it may be this one: no outcome, and nothing to send again.
    Running,
    /// Certainly not started, because there is no session.
    NoSession,
    /// Certainly not started, and sending it again is pointless.
    Refused,
}

/// The table of dossier chapter 16 for Payment and Reversal. A failure without a condition, or with one
/// that no version of the standard lists, is the terminal's final word all the same: a matching Failure
/// charges nothing.
pub(super) fn meaning(condition: Option<&ErrorCondition>) -> (Class, Reason) {
    use ErrorCondition as E;
    let Some(condition) = condition else { return (Class::Declined, Reason::Other("failure".to_owned())) };
    match condition {
        E::Aborted => (Class::Cancelled, Reason::Aborted),
        E::Cancel => (Class::Cancelled, Reason::CustomerCancelled),
        E::Busy => (Class::NotStarted, Reason::Busy),
        // "That transaction is still running": of a reversal it may mean the reversal itself, and the second
        // after one that went through is "not found" (chapter 8), which invites a refund on top of it.
        E::InProgress => (Class::Running, Reason::StillRunning),
        E::NotAllowed | E::LoggedOut => (Class::NoSession, Reason::NoSession),
        E::MessageFormat => (Class::Refused, Reason::MessageFormat),
        E::UnavailableService => (Class::Refused, Reason::UnavailableService),
        E::NotFound => (Class::Declined, Reason::NotFound),
        E::Refusal => (Class::Declined, Reason::Refused),
        E::InvalidCard => (Class::Declined, Reason::InvalidCard),
        E::UnreachableHost => (Class::Declined, Reason::HostUnreachable),
        E::WrongPIN => (Class::Declined, Reason::WrongPin),
        E::PaymentRestriction => (Class::Declined, Reason::PaymentRestriction),
        E::InsertedCard => (Class::Declined, Reason::CardInserted),
        E::DeviceOut => (Class::Declined, Reason::DeviceOut),
        E::UnavailableDevice => (Class::Declined, Reason::UnavailableDevice),
        E::Other(code) => (Class::Declined, Reason::Other(plain(code))),
    }
}

/// What an answer to our own money request says.
#[derive(Debug)]
pub(super) enum Heard {
    /// A final answer; whether it is ours is for matching to say.
    Outcome(Box<Outcome>),
    /// Certainly not started; the terminal's words.
    NotStarted(String),
    /// Certainly not started for want of a session; the terminal's words.
    NoSession(String),
    /// No outcome.
    Ended(Fault),
}

/// Reads the answer to the money request that went out under `sent`. Only an answer that names our request,
/// our till and our terminal, and no other transaction, is believed when it says "not started".
pub(super) fn heard(ends: &Ends, operation: &Operation, sent: &Header, answer: &Message) -> Heard {
    let Message { header, body, .. } = answer;
    let outcome = match outcome(ends, &Told::of(operation), header, body) {
        Ok(outcome) => outcome,
        Err(fault) => return Heard::Ended(fault),
    };
    let transaction = outcome.echo.transaction.as_ref();
    let is_ours =
        sent.is_answered_by(header) && transaction.is_none_or(|told| *told == operation.transaction);
    let Some(response) = response_of(body).filter(|told| is_ours && told.result == ResultCode::Failure)
    else {
        return Heard::Outcome(Box::new(outcome));
    };
    let (class, reason) = meaning(response.error_condition.as_ref());
    let words = words(response);
    match class {
        Class::Declined | Class::Cancelled => Heard::Outcome(Box::new(outcome)),
        Class::NotStarted => Heard::NotStarted(words),
        Class::Running => Heard::Ended(Fault::unknown(reason, words)),
        Class::NoSession => Heard::NoSession(words),
        // The terminal may hold an older transaction under our reference (R12): nothing is certain then.
        Class::Refused if reason == Reason::MessageFormat && speaks_of_reuse(&words) => {
            Heard::Ended(Fault::unknown(Reason::ReferenceInUse, words))
        }
        Class::Refused => Heard::Ended(Fault::refused(reason, words)),
    }
}

/// Whether the terminal's words say that it has seen the reference before. Too many hits are harmless: they
/// make the till enquire.
fn speaks_of_reuse(words: &str) -> bool {
    let words = words.to_lowercase();
    ["duplicate", "already", "used", "unique", "repeat", "twice", "in use"]
        .iter()
        .any(|sign| words.contains(sign))
}

/// The terminal's own words: secondary text, masked, of bounded length; the condition's name where there
/// are none.
pub(super) fn words(response: &Response) -> String {
    let text = response.additional_response.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let condition = response.error_condition.as_ref().map_or("", ErrorCondition::as_str);
    plain(text.unwrap_or(condition))
}

/// Free text of the terminal as it may be kept: card numbers masked, length bounded.
pub(super) fn plain(text: &str) -> String {
    mask::text(text, Shown::FirstSixLastFour, &[]).chars().take(LONGEST_DETAIL).collect()
}

/// Why an answer without money did not succeed, as a fault. Nothing was started.
pub(super) fn refusal(response: &Response) -> Fault {
    let (_, reason) = meaning(response.error_condition.as_ref());
    Fault::refused(reason, words(response))
}
