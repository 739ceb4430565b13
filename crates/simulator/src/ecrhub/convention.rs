//! What the last two digits of an amount do.

use super::entry::Fate;
use crate::script::{Action, Delivery, Outcome};

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It names another order.
    Number,
    /// Another amount.
    Amount,
    /// Another currency.
    Currency,
    /// Another kind of order.
    Kind,
    /// No state.
    NoState,
    /// This state in place of the true one.
    State(&'static str),
    /// An older order's answer comes first.
    StrayFirst,
}

/// What becomes of one sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// What the customer makes of it; nothing where it never gets as far.
    pub fate: Option<Fate>,
    /// Code and words of the answer in place of the true ones.
    pub answers: Option<(&'static str, &'static str)>,
    /// So many queries say that it runs before the truth is told.
    pub hidden: u8,
    /// What the way does to the answer.
    pub delivery: Option<Delivery>,
    /// What is wrong with it.
    pub wrong: Option<Wrong>,
    /// The number counts as used by somebody else.
    pub exists: bool,
    /// Milliseconds that the customer takes.
    pub wait_ms: Option<u64>,
    /// Hundredths of the amount that the customer adds.
    pub tip_percent: i64,
    /// The answer is told to who asks, and to nobody else.
    pub only_by_query: bool,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            fate: Some(Fate::Pays),
            answers: None,
            hidden: 0,
            delivery: None,
            wrong: None,
            exists: false,
            wait_ms: None,
            tip_percent: 0,
            only_by_query: false,
        }
    }
}

fn ends(code: &str, words: &str) -> Option<Fate> {
    Some(Fate::Ends(code.to_owned(), words.to_owned()))
}

/// The course of a sale of this amount as card terminals have it.
pub fn card_course(minor: i64) -> Course {
    let usual = Course::default();
    match minor % 100 {
        3 => Course { fate: ends("110", "Cancelled[[K026]by the customer]"), ..usual },
        1..=7 => Course { fate: ends("TS-D2012", "Insufficient funds"), ..usual },
        14 => Course { fate: Some(Fate::Waits), ..usual },
        _ => usual,
    }
}

/// The course of a sale of this amount.
pub fn course(minor: i64) -> Course {
    let usual = Course::default();
    let wrong = |wrong| Course { wrong: Some(wrong), ..Course::default() };
    match minor % 100 {
        40 => Course { fate: Some(Fate::Waits), ..usual },
        41 => Course { wait_ms: Some(20_000), ..usual },
        42 => Course { delivery: Some(Delivery::Cut), ..usual },
        43 => Course { fate: None, delivery: Some(Delivery::Cut), ..usual },
        44 => Course { delivery: Some(Delivery::Cut), only_by_query: true, ..usual },
        50 => Course { fate: ends("TS-D2012", "Insufficient funds"), ..usual },
        51 => Course { fate: ends("106", "Transaction failed"), ..usual },
        52 => Course { fate: ends("110", "Cancelled[[K026]by the customer]"), ..usual },
        53 => Course { fate: ends("111", "Card not read in time"), ..usual },
        54 => Course { fate: None, answers: Some(("113", "A payment is already running")), ..usual },
        55 => Course {
            fate: None,
            answers: Some(("106", "Failed[[M009]invalid application invoke]")),
            ..usual
        },
        56 => Course { answers: Some(("108", "Result unknown")), hidden: 2, ..usual },
        57 => {
            Course { fate: ends("TS-D2012", "No"), answers: Some(("107", "Timed out")), hidden: 2, ..usual }
        }
        58 => Course { fate: None, answers: Some(("113", "Duplicate order")), exists: true, ..usual },
        59 => Course { answers: Some(("999", "System error")), ..usual },
        60 => wrong(Wrong::State("1")),
        61 => wrong(Wrong::Number),
        62 => wrong(Wrong::Amount),
        63 => wrong(Wrong::Currency),
        64 => wrong(Wrong::NoState),
        65 => wrong(Wrong::Kind),
        66 => wrong(Wrong::State("0")),
        67 => Course { delivery: Some(Delivery::Garbage), ..usual },
        68 => Course { delivery: Some(Delivery::Twice), ..usual },
        69 => wrong(Wrong::StrayFirst),
        70 => Course { delivery: Some(Delivery::Chunked), ..usual },
        72 => Course { tip_percent: 10, ..usual },
        _ => usual,
    }
}

/// What a script or plan wants of the customer.
pub fn outcome_of(actions: &[Action]) -> Option<&Outcome> {
    let outcomes = actions.iter().rev();
    outcomes.filter_map(|action| if let Action::Outcome(it) = action { Some(it) } else { None }).next()
}

/// What a script wants of the customer, on the course that the amount has.
pub fn scripted(outcome: &Outcome, course: Course, patience_ms: u64) -> Course {
    match outcome {
        Outcome::Approve | Outcome::Partial { .. } | Outcome::Signature => {
            Course { fate: Some(Fate::Pays), ..course }
        }
        Outcome::Tip => Course { fate: Some(Fate::Pays), tip_percent: 10, ..course },
        Outcome::Race => Course { fate: Some(Fate::Pays), wait_ms: Some(patience_ms / 2), ..course },
        Outcome::Decline { .. } => Course { fate: ends("TS-D2012", "Insufficient funds"), ..course },
        Outcome::Cancel => Course { fate: ends("110", "Cancelled[[K026]by the customer]"), ..course },
        Outcome::UntilAborted => Course { fate: Some(Fate::Waits), ..course },
    }
}
