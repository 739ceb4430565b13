//! The lines of `--json`: one object each. They are a contract with scripts; fields may be added, never
//! changed. Amounts are decimal texts, times RFC 3339 with exactly six decimals.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use till::api::{
    Moment, MomentKind, NoticeView, PairingGuest, PaymentRow, PaymentView, Problem, PromptView, ReceiptRow,
    TerminalView,
};
use till::books::ExportRow;
use till::doctor::Step;
use till::seams::domain::ids::{OperationId, PromptId, ReceiptId, TerminalId};
use till::seams::domain::outcome::Evidence;
use till::seams::domain::prompt::Question;

use crate::words;

mod report;
mod seen;
pub use report::ReportLine;
pub use seen::SeenLine;

/// A point in time as the lines write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Timestamp);

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line {
    /// The payment exists, and nothing was sent before that.
    Intended {
        payment: OperationId,
        terminal: TerminalId,
        amount: String,
        currency: &'static str,
        at: Time,
        kind: String,
    },
    /// The terminal said something.
    Display { text: String, at: Time, payment: OperationId },
    /// A code for the customer to scan.
    Code { data: String, at: Time, payment: OperationId },
    /// The cashier is asked.
    Prompt(Box<PromptLine>),
    /// A slip to print.
    Print { copy: &'static str, text: String, at: Time, payment: OperationId },
    /// Something beside a payment.
    Notice { text: String, at: Time, code: String, detail: String, terminal: Option<TerminalId> },
    /// How it ended, or why it is left open.
    Settled(Box<Settled>),
    /// What is wrong.
    Problem {
        code: String,
        parameters: BTreeMap<String, String>,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        payment: Option<OperationId>,
    },
    /// One payment of a list.
    Payment(Box<PaymentLine>),
    /// One stored receipt.
    Receipt(Box<ReceiptLine>),
    /// One step of a connection check.
    Step { name: String, ok: bool, detail: String, fix: Option<String>, code: String },
    /// The business day in numbers.
    Report(Box<ReportLine>),
    /// The journal verifies.
    Verified { entries: u64, head: String },
    /// The interface is served at this address.
    Serving { address: String },
    /// A terminal and its session.
    Terminal(Box<TerminalLine>),
    /// What a service told.
    Service { terminal: TerminalId, service: &'static str, lines: Vec<Named> },
    /// A terminal takes new money again.
    Unblocked { terminal: TerminalId, payments: Vec<OperationId> },
    /// A secret is kept.
    Secret { name: String },
    /// A camera, a picture or a scanner shows this.
    Seen(Box<SeenLine>),
    /// Terminals can ask to be paired.
    PairingOpen { name: String, port: u16, unseen: bool },
    /// A terminal asks to be paired.
    PairingGuest(Box<PairingGuest>),
    /// It was accepted: its settings.
    Paired(Box<PairingGuest>),
    /// A simulated terminal was told what became of its pairing.
    Introduced { accepted: bool },
    /// A simulator is ready.
    Listening { address: String, control: Option<String> },
}

/// A name with its value.
#[derive(Debug, Serialize)]
pub struct Named {
    pub name: String,
    pub value: String,
}

/// See [`Line::Prompt`].
#[derive(Debug, Serialize)]
pub struct PromptLine {
    pub id: PromptId,
    pub kind: String,
    pub text: String,
    pub at: Time,
    pub payment: OperationId,
    /// Answered "no dialogue" at this time; nothing where there is no limit or the question is over.
    pub until: Option<Time>,
    /// Entries of a menu, in order; the answer is a number from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<Vec<String>>,
    /// Fewest and most characters of a typed answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<[u16; 2]>,
    /// Most decimals of a typed number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
}

/// See [`Line::Settled`].
#[derive(Debug, Serialize)]
pub struct Settled {
    pub payment: OperationId,
    pub outcome: String,
    pub requested: String,
    pub amount: String,
    pub tip: String,
    pub cash_back: String,
    pub currency: &'static str,
    pub reason: Option<String>,
    pub evidence: Evidence,
    pub kind: String,
    pub terminal: TerminalId,
    pub state: String,
    pub late: bool,
    pub closed_by: Option<String>,
    pub detail: Option<String>,
    pub attention: bool,
    pub practice: bool,
    pub at: Time,
}

/// See [`Line::Payment`].
#[derive(Debug, Serialize)]
pub struct PaymentLine {
    pub payment: OperationId,
    pub terminal: TerminalId,
    pub state: String,
    pub outcome: String,
    pub requested: String,
    pub amount: String,
    pub currency: &'static str,
    pub at: Time,
    pub kind: String,
    pub attention: bool,
    pub practice: bool,
    /// What an export adds.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportLine>,
    /// Everything else that is known, where one payment is shown in full.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub case: Option<crate::case::CaseLine>,
}

/// What a payment's line has in an export beyond one of a list.
#[derive(Debug, Serialize)]
pub struct ExportLine {
    /// The payment it goes against.
    pub original: Option<OperationId>,
    pub tip: String,
    pub cash_back: String,
    /// What the caller calls it.
    pub reference: Option<String>,
    /// What it adds to the takings; negative where money went back.
    pub net: String,
}

/// See [`Line::Receipt`].
#[derive(Debug, Serialize)]
pub struct ReceiptLine {
    pub receipt: ReceiptId,
    pub payment: OperationId,
    pub copy: &'static str,
    pub at: Time,
    pub text: Option<String>,
    pub practice: bool,
    /// What `bytes` is: `pdf` or `escpos`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    /// The receipt in that format, as base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

/// See [`Line::Terminal`].
#[derive(Debug, Serialize)]
pub struct TerminalLine {
    pub terminal: TerminalId,
    pub name: String,
    pub driver: String,
    pub health: till::api::Health,
    pub detail: Option<String>,
    pub serial: Option<String>,
    pub software: Option<String>,
    pub warnings: Vec<String>,
    pub proposed_address: Option<String>,
}

impl Line {
    /// The payment exists.
    fn intended(payment: &PaymentView) -> Self {
        Self::Intended {
            payment: payment.payment,
            terminal: payment.terminal.clone(),
            amount: payment.requested.plain(),
            currency: payment.requested.currency.code(),
            at: Time(payment.at),
            kind: payment.kind.clone(),
        }
    }

    /// One moment of a time line; nothing for most steps, which only people read.
    pub fn moment(payment: &PaymentView, moment: &Moment) -> Option<Self> {
        let (at, payment_id) = (Time(moment.at), payment.payment);
        Some(match &moment.what {
            MomentKind::Display { text } => Self::Display { text: text.clone(), at, payment: payment_id },
            MomentKind::Code { data } => Self::Code { data: data.clone(), at, payment: payment_id },
            MomentKind::Prompt { id, kind, text } => {
                let open = payment.prompt.as_ref().filter(|open| open.id == *id);
                let mut line = PromptLine::new(*id, kind, text, at, payment_id);
                line.describe(open);
                Self::Prompt(Box::new(line))
            }
            MomentKind::Print { copy, text } => {
                Self::Print { copy: copy.code(), text: text.clone(), at, payment: payment_id }
            }
            MomentKind::Step { step, .. } if step == "intended" => Self::intended(payment),
            MomentKind::Step { .. } => return None,
        })
    }

    /// A notice, in people's words with the code beside them.
    pub fn notice(notice: &NoticeView) -> Self {
        let terminal = notice.terminal.as_ref().map(|terminal| terminal.0.as_str());
        Self::Notice {
            text: words::notice(&notice.code, &notice.text, terminal),
            at: Time(notice.at),
            code: notice.code.clone(),
            detail: notice.text.clone(),
            terminal: notice.terminal.clone(),
        }
    }

    /// A question is ended because nobody can answer it.
    pub fn nobody(text: &str, at: Timestamp) -> Self {
        Self::Notice {
            text: text.to_owned(),
            at: Time(at),
            code: "nobody_answers".to_owned(),
            detail: String::new(),
            terminal: None,
        }
    }

    /// How a payment stands when nothing more is waited for.
    pub fn settled(payment: &PaymentView, practice: bool) -> Self {
        let ended = payment.timeline.iter().rev().find(|moment| {
            matches!(&moment.what, MomentKind::Step { step, .. }
                if matches!(step.as_str(), "settled" | "disputed" | "unknown" | "await_signature"))
        });
        Self::Settled(Box::new(Settled {
            payment: payment.payment,
            outcome: payment.outcome.clone(),
            requested: payment.requested.plain(),
            amount: payment.amount.plain(),
            tip: payment.tip.plain(),
            cash_back: payment.cash_back.plain(),
            currency: payment.requested.currency.code(),
            reason: payment.reason.clone(),
            evidence: payment.evidence.clone(),
            kind: payment.kind.clone(),
            terminal: payment.terminal.clone(),
            state: payment.state.clone(),
            late: payment.late,
            closed_by: payment.closed_by.clone(),
            detail: payment.detail.clone(),
            attention: payment.attention,
            practice,
            at: Time(ended.map_or(payment.at, |moment| moment.at)),
        }))
    }

    /// A problem with its words.
    pub fn problem(problem: &Problem) -> Self {
        Self::Problem {
            code: code_of(problem),
            parameters: problem.parameters.clone(),
            message: words::problem(problem),
            payment: problem.operation,
        }
    }

    /// A command line that cannot be read.
    pub fn usage(field: &str, message: &str) -> Self {
        let what = message.lines().next().unwrap_or_default();
        let what = what.trim_start_matches("error: ").trim_end_matches(':').to_owned();
        let parameters = [("field".to_owned(), field.to_owned()), ("what".to_owned(), what)];
        Self::Problem {
            code: "usage".to_owned(),
            parameters: parameters.into_iter().collect(),
            message: message.trim().to_owned(),
            payment: None,
        }
    }

    /// Something that has no code.
    pub fn other(message: &str) -> Self {
        Self::Problem {
            code: "other".to_owned(),
            parameters: BTreeMap::new(),
            message: message.to_owned(),
            payment: None,
        }
    }

    /// One payment of a list.
    pub fn payment(row: &PaymentRow, practice: bool) -> Self {
        Self::Payment(Box::new(PaymentLine::new(row, practice)))
    }

    /// One payment of an export.
    pub fn exported(exported: &ExportRow, practice: bool) -> Self {
        let mut line = PaymentLine::new(&exported.row, practice);
        line.export = Some(ExportLine {
            original: exported.row.goes_against,
            tip: exported.tip.plain(),
            cash_back: exported.cash_back.plain(),
            reference: exported.reference.clone(),
            net: exported.net.plain(),
        });
        Self::Payment(Box::new(line))
    }

    /// One step of a connection check.
    pub fn step(step: Step) -> Self {
        let Step { name, ok, detail, fix, code, .. } = step;
        Self::Step { name, ok, detail, fix, code }
    }
}

/// The stable word of a problem's code.
fn code_of(problem: &Problem) -> String {
    match serde_json::to_value(problem.code) {
        Ok(serde_json::Value::String(code)) => code,
        Ok(_) | Err(_) => "problem".to_owned(),
    }
}

impl PromptLine {
    fn new(id: PromptId, kind: &str, text: &str, at: Time, payment: OperationId) -> Self {
        Self {
            id,
            kind: kind.to_owned(),
            text: text.to_owned(),
            at,
            payment,
            until: None,
            entries: None,
            length: None,
            decimals: None,
        }
    }

    /// What only an open question tells.
    fn describe(&mut self, open: Option<&PromptView>) {
        let Some(open) = open else { return };
        self.until = open.until.map(Time);
        match &open.question {
            Question::Menu { entries } => self.entries = Some(entries.clone()),
            Question::Digits { min, max } | Question::Text { min, max } => self.length = Some([*min, *max]),
            Question::Decimal { decimals } => self.decimals = Some(*decimals),
            Question::Signature | Question::Confirm | Question::AnyKey => {}
        }
    }
}

impl PaymentLine {
    /// One payment without its case.
    pub fn new(row: &PaymentRow, practice: bool) -> Self {
        Self {
            payment: row.payment,
            terminal: row.terminal.clone(),
            state: row.state.clone(),
            outcome: row.outcome.clone(),
            requested: row.requested.plain(),
            amount: row.amount.plain(),
            currency: row.requested.currency.code(),
            at: Time(row.at),
            kind: row.kind.clone(),
            attention: row.attention,
            practice,
            export: None,
            case: None,
        }
    }
}

impl TerminalLine {
    /// One terminal as the view shows it.
    pub fn new(terminal: &TerminalView) -> Self {
        Self {
            terminal: terminal.terminal.clone(),
            name: terminal.name.clone(),
            driver: terminal.driver.clone(),
            health: terminal.health,
            detail: terminal.detail.clone(),
            serial: terminal.serial.clone(),
            software: terminal.software.clone(),
            warnings: terminal.warnings.clone(),
            proposed_address: terminal.proposed_address.clone(),
        }
    }
}

impl ReceiptLine {
    /// One stored receipt.
    pub fn new(row: &ReceiptRow) -> Self {
        Self {
            receipt: row.receipt,
            payment: row.payment,
            copy: row.copy.code(),
            at: Time(row.at),
            text: row.text.clone(),
            practice: row.practice,
            format: None,
            bytes: None,
        }
    }

    /// The same receipt, made for a printer or a reader of files.
    #[must_use]
    pub fn made(self, format: &'static str, bytes: &[u8]) -> Self {
        Self { format: Some(format), bytes: Some(BASE64_STANDARD.encode(bytes)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_exactly_six_decimals() {
        for (nanos, want) in [
            (0, "2026-11-21T08:15:30.000000Z"),
            (500_000_000, "2026-11-21T08:15:30.500000Z"),
            (123_456_999, "2026-11-21T08:15:30.123456Z"),
        ] {
            let at = Timestamp::new(1_795_248_930, nanos).unwrap();
            assert_eq!(serde_json::to_string(&Time(at)).unwrap(), format!("\"{want}\""));
        }
    }
}
