//! The only bridge between the gateway's words and the till's: every return code and every status in one
//! table.
//!
//! Dossier sections 5 to 7. Invariant: what is not in a table is unknown, never refused and never paid;
//! whether a record is ours is compared field by field, because replies are not signed.

use super::line::Named;
use domain::ids::Reference;
use domain::money::{Currency, Money};
use domain::operation::Operation;
use domain::outcome::{Echo, Evidence, Fault, Instrument, Outcome, Reason, Said};
use domain::wallet::{Brand, PaymentCode};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use wire::pockyt::{Code, Credentials, Decimal, Record, RefundRecord, Reply, Status};

/// Fewer signs of a code are no part of it that anybody could use.
const SHORTEST_PART: usize = 5;
/// Longest text of the gateway that is kept.
const LONGEST_DETAIL: usize = 300;

/// Names of the ids in the evidence: the protocol's own.
pub(super) const TRANSACTION_NO: &str = "transactionNo";
pub(super) const REFERENCE: &str = "reference";
pub(super) const SETTLE_CURRENCY: &str = "settleCurrency";
pub(super) const PAYMENT_TIME: &str = "paymentTime";
const VENDOR: &str = "vendor";
const REFUND_REFERENCE: &str = "refundReference";
const REFUND_TRANSACTION_NO: &str = "refundTransactionNo";

/// What a reply says about its own request.
#[derive(Debug)]
pub(super) enum Heard {
    /// Accepted: the record's status tells the rest.
    Accepted(Box<Record>),
    /// Produced before anything went to a wallet: nothing moved.
    Refused(Reason, String),
    /// No such transaction.
    NoRecord(String),
    /// The transaction is in another state than the request needs: a query tells which.
    WrongStatus(String),
    /// Nobody can tell.
    Unknown(Fault),
}

impl Heard {
    /// The same without the customer's code, where the gateway repeats it: nobody keeps it, not even in part.
    pub fn hiding(self, code: &PaymentCode) -> Self {
        match self {
            Self::Accepted(record) => Self::Accepted(record),
            Self::Refused(reason, words) => Self::Refused(reason, hidden(&words, code)),
            Self::NoRecord(words) => Self::NoRecord(hidden(&words, code)),
            Self::WrongStatus(words) => Self::WrongStatus(hidden(&words, code)),
            Self::Unknown(fault) => {
                let detail = hidden(&fault.detail, code);
                Self::Unknown(Fault { detail, ..fault })
            }
        }
    }
}

/// A text may end within the code, because it is cut to its longest length.
fn hidden(words: &str, code: &PaymentCode) -> String {
    let words = words.replace(code.reveal(), &code.masked());
    let cut = (SHORTEST_PART..code.reveal().len())
        .rev()
        .filter_map(|length| words.strip_suffix(code.reveal().get(..length)?))
        .next();
    cut.map_or_else(|| words.clone(), |before| format!("{before}…"))
}

/// The table of section 7.
pub(super) fn heard(reply: Reply) -> Heard {
    let words = words(&reply);
    let Some(code) = &reply.code else {
        return Heard::Unknown(Fault::unknown(Reason::AnswerUnreadable, "the answer has no return code"));
    };
    match code {
        Code::Accepted => match reply.result {
            Some(record) => Heard::Accepted(Box::new(record)),
            None => Heard::Unknown(Fault::unknown(Reason::AnswerUnreadable, "the answer has no result")),
        },
        Code::SystemError if reply.is_data_error() => Heard::Refused(Reason::MessageFormat, words),
        Code::SystemError => Heard::Unknown(Fault::unknown(Reason::CannotTell, words)),
        Code::WrongVersion | Code::Missing | Code::Contradiction | Code::BadValue => {
            Heard::Refused(Reason::MessageFormat, words)
        }
        Code::NoRecord => Heard::NoRecord(words),
        Code::NoPermission => Heard::Refused(Reason::UnavailableService, words),
        Code::WrongStatus => Heard::WrongStatus(words),
        Code::WalletError => Heard::Unknown(Fault::unknown(Reason::HostUnreachable, words)),
        Code::Other(digits) => {
            let detail = format!("return code {} ({words})", plain(digits));
            Heard::Unknown(Fault::unknown(Reason::Other(plain(digits)), detail))
        }
    }
}

/// The gateway's words with their code; secondary text.
fn words(reply: &Reply) -> String {
    let code = reply.code.as_ref().map_or("", Code::as_str);
    plain(&format!("{code} {}", reply.message))
}

/// A text of the gateway as it may be kept: one line of bounded length, the customer's code and long numbers
/// masked before it is cut. Every answer may repeat the code, also one that is asked for when the code is
/// forgotten.
pub(super) fn plain(text: &str) -> String {
    let line: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    domain::card::masked(&domain::wallet::masked(line.trim())).chars().take(LONGEST_DETAIL).collect()
}

/// Where a transaction stands (section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not yet at the wallet.
    Unsubmitted,
    /// At the wallet; also every word that no table lists.
    Open,
    /// Paid.
    Paid,
    /// Declined.
    Declined,
    /// Never completed, or cancelled.
    Closed,
}

/// The table of section 6.
pub(super) fn standing(record: &Record) -> Standing {
    match &record.status {
        Some(Status::Init) => Standing::Unsubmitted,
        Some(Status::Dealing | Status::Pending | Status::Other(_)) | None => Standing::Open,
        Some(Status::Success) => Standing::Paid,
        Some(Status::Failed) => Standing::Declined,
        Some(Status::Closed) => Standing::Closed,
    }
}

/// How `pay` spells the wallet of a code (section 4.2); nothing for one it has no word for.
pub(super) const fn vendor(brand: &Brand) -> Option<&'static str> {
    match brand {
        Brand::Alipay => Some("alipay"),
        Brand::WeChat => Some("wechat"),
        Brand::UnionPay => Some("unionpay"),
        // Which scheme it is lies inside the template.
        Brand::Emv { .. } => None,
    }
}

/// Whether a record is of the asking store.
fn is_of_store(who: &Credentials, record: &Record) -> bool {
    let is = |told: &Option<String>, own: &String| told.as_ref().is_none_or(|told| told == own);
    is(&record.merchant_no, &who.merchant_no) && is(&record.store_no, &who.store_no)
}

/// Whether a record names the transaction that was asked for, of the asking store.
pub(super) fn is_about(who: &Credentials, record: &Record, asked: &Named) -> bool {
    let (reference, number) = (asked.reference.as_str(), asked.number.as_deref());
    let fits = |told: &Option<String>, own: Option<&str>| match (told, own) {
        (Some(told), Some(own)) => told == own,
        (Some(_), None) | (None, _) => true,
    };
    let names = record.reference.is_some() || (record.transaction_no.is_some() && number.is_some());
    names
        && is_of_store(who, record)
        && fits(&record.reference, Some(reference))
        && fits(&record.transaction_no, number)
}

/// Whether a record that was just created is what was asked for.
pub(super) fn is_as_asked(operation: &Operation, record: &Record) -> bool {
    let requested = operation.requested;
    let (amount, foreign) = money(record.amount, record.currency.as_deref(), requested.currency);
    foreign.is_none() && (record.amount.is_none() || amount == Some(requested))
}

/// Whether everything that was paid went back (section 9, rule 6).
pub(super) fn went_back(record: &Record) -> bool {
    let Some(amount) = record.amount else { return false };
    let sum = |refunds: &[RefundRecord]| {
        refunds
            .iter()
            .filter_map(|refund| refund.amount)
            .try_fold(Decimal::from_minor(0, 2)?, Decimal::plus)
    };
    let is_all = |given: Option<Decimal>| given.is_some_and(|given| given >= amount && !given.is_zero());
    is_all(record.void_amount) || is_all(record.refund_amount) || is_all(sum(&record.refunds))
}

/// An amount of the wire, and a currency that is not the till's. An amount that is no whole number of minor
/// units is no amount: it matches nothing.
fn money(
    amount: Option<Decimal>,
    currency: Option<&str>,
    own: Currency,
) -> (Option<Money>, Option<String>) {
    let foreign = currency.filter(|code| *code != own.code()).map(plain);
    let minor = amount.and_then(|amount| amount.minor(own.decimals()));
    (minor.map(|minor| Money::new(minor, own)), foreign)
}

/// What a final record says about a sale; nothing where it is not final. `reason`: why it was cancelled.
pub(super) fn sale(
    who: &Credentials,
    operation: &Operation,
    record: &Record,
    asked: &Named,
    cancelled: Option<&Reason>,
) -> Option<Outcome> {
    let said = match standing(record) {
        Standing::Unsubmitted | Standing::Open => return None,
        Standing::Paid if cancelled.is_some() && went_back(record) => Said::Cancelled,
        Standing::Paid => Said::Approved,
        Standing::Declined => Said::Declined,
        Standing::Closed => Said::Cancelled,
    };
    let mut outcome = base(who, operation, record, said);
    outcome.reason = match said {
        Said::Approved | Said::Partial => None,
        Said::Declined => Some(Reason::Refused),
        Said::Cancelled => Some(match cancelled {
            Some(reason) => reason.clone(),
            // Somebody called it off elsewhere.
            None if went_back(record) => Reason::Aborted,
            None => Reason::ClosedUnpaid,
        }),
    };
    // A record that names the gateway's number alone is as good, where that is ours.
    let by_number = record.transaction_no.is_some() && record.transaction_no == asked.number;
    let told = record.reference.clone().or_else(|| by_number.then(|| asked.reference.clone()));
    outcome.echo.reference = told.map(Reference);
    Some(outcome)
}

fn base(who: &Credentials, operation: &Operation, record: &Record, said: Said) -> Outcome {
    let own = operation.requested.currency;
    let (amount, foreign) = money(record.amount, record.currency.as_deref(), own);
    let echo = Echo { same_terminal: is_of_store(who, record), ..Echo::default() };
    let mut outcome = Outcome::bare(said, echo);
    outcome.amount = amount;
    outcome.foreign_currency = foreign;
    outcome.provider_time = record.payment_time.as_deref().and_then(time);
    outcome.evidence = evidence(record);
    outcome.instrument = said.moved_money().then(|| Instrument {
        kind: "wallet".to_owned(),
        brand: record.vendor.as_deref().map(plain),
        ..Instrument::default()
    });
    outcome
}

/// What a record says about a refund with this reference of ours: its own answer, or a query's list.
pub(super) fn refund(
    who: &Credentials,
    operation: &Operation,
    record: &Record,
    reference: &Reference,
) -> Option<Outcome> {
    let listed = record.refunds.iter().find(|refund| refund.reference.as_ref() == Some(&reference.0));
    let is_own_answer = record.refund_reference.is_some() && standing(record) == Standing::Paid;
    let (given, currency, number) = match listed {
        Some(refund) => (refund.amount, refund.currency.as_deref(), refund.transaction_no.as_ref()),
        None if is_own_answer => {
            (record.refund_amount, record.currency.as_deref(), record.refund_transaction_no.as_ref())
        }
        None => return None,
    };
    let mut outcome = base(who, operation, record, Said::Approved);
    let (amount, foreign) = money(given, currency, operation.requested.currency);
    (outcome.amount, outcome.foreign_currency) = (amount, foreign);
    // The original was paid before this was intended.
    outcome.provider_time = None;
    let told =
        listed.and_then(|refund| refund.reference.clone()).or_else(|| record.refund_reference.clone());
    outcome.evidence = outcome
        .evidence
        .with(REFUND_REFERENCE, told.as_deref().unwrap_or_default())
        .with(REFUND_TRANSACTION_NO, number.map_or("", String::as_str));
    outcome.echo.reference = told.map(Reference);
    outcome.echo.foreign_original = foreign_original(operation, record);
    Some(outcome)
}

/// What a record of the original says about its reversal that went out under this reference.
pub(super) fn reversal(
    who: &Credentials,
    operation: &Operation,
    record: &Record,
    reference: &Reference,
) -> Option<Outcome> {
    match standing(record) {
        Standing::Closed => {}
        Standing::Paid if went_back(record) && record.refunds.is_empty() => {}
        Standing::Paid | Standing::Unsubmitted | Standing::Open | Standing::Declined => return None,
    }
    let mut outcome = base(who, operation, record, Said::Approved);
    outcome.provider_time = None;
    // The gateway names the original; whose request it answers is told by the original alone.
    outcome.echo.reference = Some(reference.clone());
    outcome.echo.foreign_original = foreign_original(operation, record);
    Some(outcome)
}

/// The original that a record names, where it is another. Our own reference decides; the gateway's number
/// only where one of them has no reference.
fn foreign_original(operation: &Operation, record: &Record) -> Option<String> {
    let own = &operation.original.as_ref()?.evidence;
    let (own, told) = match (own.get(REFERENCE), record.reference.as_deref()) {
        (Some(own), Some(told)) => (Some(own), Some(told)),
        (Some(_), None) | (None, Some(_)) | (None, None) => {
            (own.get(TRANSACTION_NO), record.transaction_no.as_deref())
        }
    };
    told.filter(|told| own.is_some_and(|own| own != *told)).map(plain)
}

/// The gateway's ids, verbatim; what beside them is a text of its own is kept as every other.
pub(super) fn evidence(record: &Record) -> Evidence {
    let of = |value: &Option<String>| value.clone().unwrap_or_default();
    let text = |value: &Option<String>| value.as_deref().map(plain).unwrap_or_default();
    Evidence::default()
        .with(TRANSACTION_NO, &of(&record.transaction_no))
        .with(REFERENCE, &of(&record.reference))
        .with(SETTLE_CURRENCY, &text(&record.settle_currency))
        .with(PAYMENT_TIME, &text(&record.payment_time))
        .with(VENDOR, &text(&record.vendor))
}

/// A time of the gateway, which is in UTC+8 without saying so (section 1).
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.parse().ok()?;
    local.to_zoned(TimeZone::fixed(Offset::constant(8))).ok().map(|zoned| zoned.timestamp())
}
