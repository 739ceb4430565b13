//! The bridge between messages of the serial line and the till's words. The codes themselves are those of the
//! family: [`super::super::map`] says what each class means for each call.
//!
//! Dossier sections 7.2 and 9. Invariant: the acceptance of a payment (0012) never says that it is paid; a
//! result is about the payment that it names, in the amount that it names.

use super::super::map::{self, Answer};
use domain::ids::Reference;
use domain::money::{Currency, Money};
use domain::outcome::{Echo, Outcome, Reason, Said};
use wire::kayaaku::serial::{PaymentResult, Settled};
use wire::kayaaku::{Class, Code, assumed};

/// `approvalCode` where there is none.
const NO_APPROVAL: &str = "000000";
/// `paymentType` of a payment that was taken back at the device.
const VOIDED: &str = "VOD";

/// What a result says, and whether it is one of this till's own questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// In the family's words.
    pub answer: Answer,
    /// It tells that the payment was taken back.
    pub is_back: bool,
    /// It names another merchant.
    pub is_elsewhere: bool,
}

impl Told {
    /// What a result says; `mid`: the till's merchant.
    pub fn of(result: &PaymentResult, mid: &str) -> Self {
        Self {
            answer: Answer {
                about: Some(result.mrn.clone()),
                words: words(&result.result),
                code: Some(result.result.clone()),
                amount: Some(result.amount.to_string()),
                approval: approval(&result.approval),
                method: Some(result.method.clone()),
                ..Answer::default()
            },
            is_back: result.kind == VOIDED,
            is_elsewhere: result.mid != mid,
        }
    }

    /// A code alone, about this payment or refund.
    pub fn code(code: &Code, mrn: &str, approved: &str) -> Self {
        let answer = Answer {
            about: Some(mrn.to_owned()),
            words: words(code),
            code: Some(code.clone()),
            approval: approval(approved),
            ..Answer::default()
        };
        Self { answer, is_back: false, is_elsewhere: false }
    }

    /// The class of its code.
    pub fn class(&self) -> Class {
        self.answer.code.as_ref().map_or(Class::Unknown, Code::class)
    }

    /// How a payment ended, where this is its end.
    pub fn said(&self) -> Option<Said> {
        match self.class() {
            _ if self.is_back => None,
            Class::Approved => Some(Said::Approved),
            Class::Declined => Some(Said::Declined),
            Class::Cancelled => Some(Said::Cancelled),
            Class::Refused
            | Class::Configuration
            | Class::LogIn
            | Class::Busy
            | Class::WrongState
            | Class::Exists
            | Class::Failed
            | Class::Unknown => None,
        }
    }
}

fn approval(told: &str) -> Option<String> {
    (!told.is_empty() && told != NO_APPROVAL).then(|| told.to_owned())
}

/// A code with what the cashier can do about it at the device.
fn words(code: &Code) -> String {
    if code.class() == Class::Approved { String::new() } else { map::explained(code, hint(code)) }
}

/// What the device wants somebody to do, by the code that it tells (section 9).
pub(super) fn hint(code: &Code) -> &'static str {
    match code.as_str() {
        "KA002" => "insert the card at the side or swipe it at the top",
        "KA007" => "the card has no chip: swipe it at the top",
        "KA008" | "KA013" | "KA020" => "the card could not be read: hold it at the back or insert it again",
        "KA021" => "too much for a card that is held there: insert it at the side",
        "KA023" => {
            "the card reader is not connected: enable USB on the device, or accept the Bluetooth \
                    request on its screen"
        }
        "47" | "KA025" => "the device has no internet: check its network",
        "KA026" => "look at the device",
        "17" | "18" => "log in on the device",
        _ => "",
    }
}

/// A final word about an operation that was asked for by this reference.
pub(super) fn outcome(
    operation: &domain::operation::Operation,
    told: &Told,
    said: Said,
    asked: &Reference,
) -> Outcome {
    let mut outcome = map::outcome(operation, &told.answer, said, asked);
    outcome.echo.same_terminal = !told.is_elsewhere;
    outcome
}

/// A result that nobody waits for: of an earlier operation, or of a payment that began at the device.
pub(super) fn stray(told: &Told, currency: Currency) -> Option<Outcome> {
    let said = told.said()?;
    let echo = Echo {
        reference: told.answer.about.clone().map(Reference),
        same_terminal: !told.is_elsewhere,
        ..Echo::default()
    };
    let mut outcome = Outcome::bare(said, echo);
    let amount = told.answer.amount.as_deref().and_then(|text| text.parse().ok());
    outcome.amount = amount.filter(|_| said.moved_money()).map(|minor| Money::new(minor, currency));
    outcome.reason = match said {
        Said::Approved | Said::Partial => None,
        Said::Declined => Some(Reason::Refused),
        Said::Cancelled => Some(Reason::CustomerCancelled),
    };
    outcome.detail = Some(told.answer.words.clone()).filter(|words| !words.is_empty());
    outcome.evidence = map::evidence(&told.answer);
    Some(outcome)
}

/// The number of an amount's currency as the line has it.
pub(super) fn currency(amount: Money) -> Option<u16> {
    assumed::currency_number(amount.currency.code())?.parse().ok()
}

/// A settlement as lines to show.
pub(super) fn totals(settled: &Settled, currency: Currency) -> Vec<(String, String)> {
    let money = |minor: u64| {
        let minor = i64::try_from(minor).unwrap_or(i64::MAX);
        Money::new(minor, currency).to_string()
    };
    vec![
        ("batch".to_owned(), settled.batch.to_string()),
        ("sales".to_owned(), settled.sales.to_string()),
        ("sales amount".to_owned(), money(settled.sales_amount)),
        ("voids".to_owned(), settled.voids.to_string()),
        ("voids amount".to_owned(), money(settled.voids_amount)),
    ]
}
