//! The only bridge between the hub's words and the till's: what every class of codes and every state means
//! for every request.
//!
//! Dossier sections 2.4 to 2.9; the codes themselves stand in `wire::ecrhub::Code`. Invariant: approved is
//! only what is proven, said to be successful and in a state that says so; what two fields of one answer
//! say differently is unknown.

use super::hub::Answer;
use domain::ids::Reference;
use domain::money::{Currency, Money};
use domain::operation::{Kind, Operation};
use domain::outcome::{Echo, Evidence, Fault, Instrument, Outcome, Reason, Said};
use jiff::Timestamp;
use wire::ecrhub::{Class, Code, Decimal, Obstacle, Record, Scenario, Status, TransType};

/// Longest text of a terminal that is kept (section 2.7).
const LONGEST_WORDS: usize = 200;
/// Longest id of a provider that is kept.
const LONGEST_ID: usize = 64;

/// What the cashier does about a terminal that the operator does not reach.
const OFFLINE: &str = "the terminal is not connected to the operator: see that it is switched on, has a \
     network, and shows its payment app";
/// What an installer does about a refusal that is not about the order.
const UNRELEASED: &str = "the operator does not accept the request: check the keys and this computer's \
     clock, and ask to release the app id";

/// Names of the ids in the evidence: the protocol's own.
pub(super) const NUMBER: &str = "merchant_order_no";
const TRANS_NO: &str = "trans_no";
const MESSAGE_ID: &str = "message_id";
const RRN: &str = "ref_no";
const APPROVAL: &str = "auth_code";
const CHANNEL_NO: &str = "pay_channel_trans_no";

/// A text of the hub as it may be kept: one line of bounded length, long numbers masked.
pub(super) fn plain(text: &str) -> String {
    let line: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    domain::card::masked(line.trim()).chars().take(LONGEST_WORDS).collect()
}

/// Code and text of an answer, for people.
pub(super) fn words(answer: &Answer) -> String {
    let code = answer.code.as_ref().map_or("", Code::as_str);
    plain(&format!("{code} {}", answer.words))
}

/// What the last word about an order says.
#[derive(Debug)]
pub(super) enum Word {
    /// It is final.
    Final(Said),
    /// It says final, and one look must agree (section 2.7, code 111).
    Verify(Said),
    /// Something else runs there, or the number is in use.
    Busy,
    /// It runs, or nobody can tell: ask.
    Ask,
    /// The other operation must be tried, or none can.
    Blocked(Obstacle),
    /// It was done before.
    AlreadyDone,
    /// It ended otherwise.
    Ended(Fault),
}

/// Sections 2.7 and 2.9 for the order's own answer.
pub(super) fn ordered(answer: &Answer, kind: TransType) -> Word {
    let Some(code) = &answer.code else { return Word::Ask };
    let ended = |fault: fn(Reason, String) -> Fault, reason| Word::Ended(fault(reason, words(answer)));
    let class = code.class(&answer.words);
    let state = answer.record.status();
    if class != Class::Success && (answer.record.shows_money() || is_open(state)) {
        return Word::Ask;
    }
    match class {
        Class::Success if is_other(answer, kind) => ended(Fault::unknown, Reason::Mismatch),
        Class::Success => succeeded(answer),
        Class::Cancelled if code.as_str() == "111" => Word::Verify(Said::Cancelled),
        Class::Cancelled => Word::Final(Said::Cancelled),
        Class::Declined => declined_back(answer, kind).unwrap_or(Word::Final(Said::Declined)),
        Class::Blocked(obstacle) => match kind {
            TransType::Void | TransType::Refund => Word::Blocked(obstacle),
            TransType::Sale
            | TransType::PreAuthorisation
            | TransType::PreAuthorisationCancel
            | TransType::Completion
            | TransType::CompletionCancel
            | TransType::CompletionRefund
            | TransType::CashBack => Word::Final(Said::Declined),
        },
        Class::Busy => Word::Busy,
        Class::Exists => ended(Fault::unknown, Reason::ReferenceInUse),
        Class::Unsupported => ended(Fault::refused, Reason::UnavailableService),
        Class::Faulty => ended(Fault::refused, Reason::MessageFormat),
        Class::NotFound if kind != TransType::Sale => Word::Blocked(Obstacle::NoOriginal),
        Class::TakenBack if kind != TransType::Sale => Word::AlreadyDone,
        // Local terminals say so of an application that nobody released, and carry nothing out then (2.7).
        Class::SetUp if is_terminals(code) => ended(Fault::refused, Reason::LoginRefused),
        // Never a verdict about money (section 2.8).
        Class::SetUp | Class::NotFound | Class::TakenBack | Class::Unclear => Word::Ask,
    }
}

/// A code that the terminal itself makes, all digits.
fn is_terminals(code: &Code) -> bool {
    code.as_str().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn is_open(state: Option<Status>) -> bool {
    matches!(state, Some(Status::Waiting | Status::Running))
}

/// The answer is about another kind of order.
fn is_other(answer: &Answer, kind: TransType) -> bool {
    let told = answer.record.kind.as_deref();
    told.is_some_and(|told| TransType::of(told) != Some(kind))
}

fn succeeded(answer: &Answer) -> Word {
    match answer.record.status() {
        // Field reports have approvals without a state in the order's own answer (section 2.9).
        None | Some(Status::Successful) if answer.is_proven => Word::Final(Said::Approved),
        Some(Status::Failed) if answer.record.approval.is_none() => Word::Final(Said::Declined),
        Some(Status::Cancelled) if answer.record.approval.is_none() => Word::Final(Said::Cancelled),
        None
        | Some(
            Status::Successful
            | Status::Failed
            | Status::Cancelled
            | Status::Waiting
            | Status::Running
            | Status::PaidOnce
            | Status::Other,
        ) => Word::Ask,
    }
}

/// A refusal of a void or refund whose words say why (section 2.8): codes differ from acquirer to acquirer.
fn declined_back(answer: &Answer, kind: TransType) -> Option<Word> {
    let words = answer.words.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    let is_unsettled = says(&["not settled", "unsettled", "not yet settled"]);
    match kind {
        TransType::Void | TransType::Refund
            if says(&["already reversed", "already refunded", "already voided"]) =>
        {
            Some(Word::AlreadyDone)
        }
        TransType::Void if says(&["settled"]) && !is_unsettled => Some(Word::Blocked(Obstacle::Settled)),
        TransType::Refund if is_unsettled => Some(Word::Blocked(Obstacle::NotSettled)),
        TransType::Void | TransType::Refund if says(&["does not exist", "not found"]) => {
            Some(Word::Blocked(Obstacle::NoOriginal))
        }
        TransType::Void
        | TransType::Refund
        | TransType::Sale
        | TransType::PreAuthorisation
        | TransType::PreAuthorisationCancel
        | TransType::Completion
        | TransType::CompletionCancel
        | TransType::CompletionRefund
        | TransType::CashBack => None,
    }
}

/// What a refusal means that was not the terminal's, once a query agrees that there is no such order.
pub(super) fn refused(answer: &Answer, kind: TransType) -> Word {
    let class = answer.code.as_ref().map(|code| code.class(&answer.words));
    if answer.words.to_lowercase().contains("offline") {
        return Word::Ended(Fault::refused(Reason::DeviceOut, format!("{OFFLINE} ({})", words(answer))));
    }
    match ordered(answer, kind) {
        // Nothing was made of it: whatever is wrong with the set-up, no money moved.
        Word::Ask if class == Some(Class::SetUp) => {
            Word::Ended(Fault::refused(Reason::LoginRefused, format!("{UNRELEASED} ({})", words(answer))))
        }
        Word::Verify(said) => Word::Final(said),
        word @ (Word::Final(_)
        | Word::Busy
        | Word::Ask
        | Word::Blocked(_)
        | Word::AlreadyDone
        | Word::Ended(_)) => word,
    }
}

/// Why a void or refund failed, where its own error says what to do in its place (section 2.8).
pub(super) fn failed_back(record: &Record, kind: TransType) -> Option<Word> {
    let (code, said) = (record.error.as_deref()?, record.error_words.clone().unwrap_or_default());
    let failure = Answer { code: Some(Code::of(code)), words: said, is_proven: true, ..Answer::default() };
    match (kind, ordered(&failure, kind)) {
        (TransType::Void | TransType::Refund, word @ (Word::Blocked(_) | Word::AlreadyDone)) => Some(word),
        (_, _) => None,
    }
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The number of its order.
    pub reference: &'a Reference,
}

impl Asked<'_> {
    /// What its order does.
    pub fn kind(&self) -> TransType {
        match self.operation.kind {
            Kind::Sale if self.operation.cash_back.minor > 0 => TransType::CashBack,
            Kind::Sale => TransType::Sale,
            Kind::Refund => TransType::Refund,
            Kind::Reversal => TransType::Void,
        }
    }

    /// An answer that names another order.
    pub fn is_other(&self, record: &Record) -> bool {
        record.number.as_ref().is_some_and(|number| *number != self.reference.0)
    }

    /// An answer that tells another amount or currency than was asked for.
    pub fn differs(&self, record: &Record) -> bool {
        let own = self.operation.requested.currency;
        let goods = self.operation.requested.minus(self.operation.cash_back);
        let is_other = |text: &String| money(text, own) != goods;
        foreign(record, own).is_some() || record.amount.as_ref().is_some_and(is_other)
    }

    /// An order that nobody has paid yet and that is told to cost something else: no tip can explain it.
    pub fn costs_other(&self, record: &Record) -> bool {
        let own = self.operation.requested.currency;
        let goods = self.operation.requested.minus(self.operation.cash_back);
        let told = record.total.as_deref().map(|text| money(text, own));
        told.is_some_and(|told| told.is_none() || (told != Some(self.operation.requested) && told != goods))
    }
}

/// What an answer to a query says.
#[derive(Debug)]
pub(super) enum Found {
    /// The final word.
    Final(Said),
    /// Nobody has begun; it can be closed.
    Waiting,
    /// It runs.
    Running,
    /// There is no such order.
    NoRecord,
    /// Nobody can tell.
    CannotTell(Fault),
}

/// Section 2.10 for a query about an order. What names another order says nothing of this one, but for a
/// final word, which is recorded where it is compared; so with money of another amount.
pub(super) fn found(answer: &Answer, asked: &Asked<'_>) -> Found {
    let mismatch = || Found::CannotTell(Fault::unknown(Reason::Mismatch, words(answer)));
    let (is_other, differs) = (asked.is_other(&answer.record), asked.differs(&answer.record));
    match told(answer, asked.kind()) {
        Found::Waiting | Found::Running if is_other || differs => mismatch(),
        Found::NoRecord if is_other => mismatch(),
        Found::Final(said) if differs && !said.moved_money() => mismatch(),
        found @ (Found::Final(_)
        | Found::Waiting
        | Found::Running
        | Found::NoRecord
        | Found::CannotTell(_)) => found,
    }
}

/// A code that refuses the query itself says nothing about the order.
fn told(answer: &Answer, kind: TransType) -> Found {
    let unknown = |reason| Found::CannotTell(Fault::unknown(reason, words(answer)));
    let Some(code) = &answer.code else { return unknown(Reason::AnswerUnreadable) };
    match code.class(&answer.words) {
        Class::Success if is_other(answer, kind) => unknown(Reason::Mismatch),
        Class::Success => state(answer),
        Class::NotFound | Class::Blocked(Obstacle::NoOriginal) if !answer.record.shows_money() => {
            Found::NoRecord
        }
        Class::Busy => Found::Running,
        Class::Unclear if code.as_str() == "101" => Found::Running,
        // A terminal may repeat the order's own code: its state must say the same.
        Class::Cancelled | Class::Declined => match answer.record.status() {
            Some(Status::Failed | Status::Cancelled) if answer.record.approval.is_none() => state(answer),
            Some(
                Status::Failed
                | Status::Cancelled
                | Status::Waiting
                | Status::Running
                | Status::Successful
                | Status::PaidOnce
                | Status::Other,
            )
            | None => unknown(Reason::CannotTell),
        },
        Class::SetUp => unknown(Reason::LoginRefused),
        Class::NotFound
        | Class::TakenBack
        | Class::Exists
        | Class::Unsupported
        | Class::Faulty
        | Class::Blocked(_)
        | Class::Unclear => unknown(Reason::CannotTell),
    }
}

fn state(answer: &Answer) -> Found {
    let unknown = |reason| Found::CannotTell(Fault::unknown(reason, words(answer)));
    match answer.record.status() {
        Some(Status::Successful) if answer.is_proven => Found::Final(Said::Approved),
        Some(Status::Successful) => unknown(Reason::AnswerUnreadable),
        Some(Status::Failed) if is_cancelled(&answer.record) => Found::Final(Said::Cancelled),
        Some(Status::Failed) => Found::Final(Said::Declined),
        Some(Status::Cancelled) => Found::Final(Said::Cancelled),
        Some(Status::Waiting) => Found::Waiting,
        Some(Status::Running) => Found::Running,
        // 4: paid at some time; what became of it since is for a person to see.
        Some(Status::PaidOnce | Status::Other) | None => unknown(Reason::CannotTell),
    }
}

/// The error of a failed order says that somebody cancelled it.
fn is_cancelled(record: &Record) -> bool {
    let words = record.error_words.as_deref().unwrap_or_default();
    let class = record.error.as_deref().map(|code| Code::of(code).class(words));
    class == Some(Class::Cancelled)
}

/// What an order asks for beside tip and cash, in the words of the wire.
///
/// # Errors
/// An amount that no order can carry: nothing is sent.
pub(super) fn amounts(operation: &Operation) -> Result<(String, Option<String>), Fault> {
    let no = || Fault::not_sent(Reason::UnavailableService, "the terminal does not take this amount");
    let goods =
        operation.requested.minus(operation.cash_back).filter(|goods| goods.minor > 0).ok_or_else(no)?;
    let cash = (operation.cash_back.minor > 0).then(|| operation.cash_back.plain());
    Ok((goods.plain(), cash))
}

/// A final word about an operation that was asked for by this reference. Where the answer does not repeat
/// the amount, its number stands for it: the order of that number asked for exactly that.
pub(super) fn outcome(operation: &Operation, answer: &Answer, said: Said, asked: &Reference) -> Outcome {
    let record = &answer.record;
    let reference = record.number.clone().map_or_else(|| asked.clone(), Reference);
    let amount_implied = record.amount.is_none() && said.moved_money();
    let echo = Echo { reference: Some(reference), same_terminal: true, amount_implied, ..Echo::default() };
    let own = operation.requested.currency;
    let mut outcome = Outcome::bare(said, echo);
    if said.moved_money() {
        let booked = Booked::of(record, operation);
        outcome.amount = booked.as_ref().map(|booked| booked.total);
        outcome.tip = booked.as_ref().and_then(|booked| booked.tip);
        outcome.cash_back = booked.and_then(|booked| booked.cash);
        outcome.foreign_currency = foreign(record, own);
        outcome.instrument = Some(instrument(record));
    }
    outcome.reason = match said {
        Said::Approved | Said::Partial => None,
        Said::Declined => Some(Reason::Refused),
        Said::Cancelled => Some(Reason::CustomerCancelled),
    };
    outcome.detail = Some(detail(answer)).filter(|words| !words.is_empty());
    outcome.provider_time = record.ended.as_deref().and_then(time);
    outcome.evidence = evidence(record).with(NUMBER, &asked.0);
    outcome
}

/// Why an order failed is told by its own error where there is one.
fn detail(answer: &Answer) -> String {
    let record = &answer.record;
    match (&record.error, &record.error_words) {
        (None, None) => words(answer),
        (code, error) => plain(&format!(
            "{} {}",
            code.as_deref().unwrap_or_default(),
            error.as_deref().unwrap_or_default()
        )),
    }
}

/// What was booked, in the till's currency.
struct Booked {
    total: Money,
    tip: Option<Money>,
    cash: Option<Money>,
}

impl Booked {
    /// Nothing where an amount is none, or they do not add up: that matches nothing.
    fn of(record: &Record, operation: &Operation) -> Option<Self> {
        let own = operation.requested.currency;
        let part =
            |text: &Option<String>| text.as_deref().map_or(Some(None), |text| money(text, own).map(Some));
        let (tip, cash) = (part(&record.tip)?, part(&record.cash_back)?);
        let goods = match record.amount.as_deref() {
            Some(text) => money(text, own)?,
            None => operation.requested.minus(operation.cash_back)?,
        };
        // Cash that was asked for and is not repeated was paid out: the order was approved as a whole.
        let paid_out = cash.unwrap_or(operation.cash_back);
        let zero = Money::zero(own);
        let total = goods.plus(tip.unwrap_or(zero))?.plus(paid_out)?;
        if let Some(told) = part(&record.total)?
            && told != total
        {
            return None;
        }
        Some(Self { total, tip: tip.filter(|tip| !tip.is_zero()), cash })
    }
}

/// An amount of the wire; one that is none, or is finer than the currency, matches nothing.
fn money(text: &str, own: Currency) -> Option<Money> {
    Decimal::parse(text)?.minor(own.decimals()).map(|minor| Money::new(minor, own))
}

fn foreign(record: &Record, own: Currency) -> Option<String> {
    let told = record.currency.as_deref()?;
    (!told.eq_ignore_ascii_case(own.code())).then(|| plain(told))
}

fn instrument(record: &Record) -> Instrument {
    let way = record.scenario.as_deref().and_then(Scenario::of);
    let is_masked = record.account.as_deref().is_some_and(|account| account.contains('*'));
    let is_card = way == Some(Scenario::Card) || (way.is_none() && (is_masked || record.entry.is_some()));
    let entry = record.entry.as_deref().map(|entry| match entry {
        "1" => "stripe",
        "2" => "chip",
        "3" => "contactless",
        "4" => "typed",
        _ => "other",
    });
    Instrument {
        kind: if is_card { "card" } else { "wallet" }.to_owned(),
        brand: record.brand.as_deref().map(plain),
        // An account without a mask can be a person's: it is kept nowhere.
        number: record.account.as_deref().filter(|_| is_masked).map(plain),
        entry: entry.map(str::to_owned),
    }
}

/// The provider's ids, verbatim; what is too long to be one is left out.
pub(super) fn evidence(record: &Record) -> Evidence {
    let of = |value: &Option<String>| value.clone().filter(|it| it.len() <= LONGEST_ID).unwrap_or_default();
    Evidence::default()
        .with(TRANS_NO, &of(&record.trans_no))
        .with(MESSAGE_ID, &of(&record.message_id))
        .with(RRN, &of(&record.rrn))
        .with(APPROVAL, &of(&record.approval))
        .with(CHANNEL_NO, &of(&record.channel_no))
}

/// A time of the hub: UTC, as the documents say.
fn time(text: &str) -> Option<Timestamp> {
    let local = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests;
