//! What the last two digits of an amount do (dossier section 10, assumption A-14).

use wire::kayaaku::Code;

use super::entry::Fate;
use crate::script::{Action, Delivery, Outcome};

/// Notifications of one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notifications {
    /// How many copies are posted.
    pub times: u8,
    /// The first one is signed by somebody else.
    pub forged: bool,
}

/// What becomes of one payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// What the customer makes of it; nothing where it never gets as far as the device.
    pub fate: Option<Fate>,
    /// The answer's code in place of the true one.
    pub answers: Option<&'static str>,
    /// So many enquiries are answered by 63 before the truth is told.
    pub hidden: u8,
    /// Milliseconds until NEXT in place of the host's own; nothing: never.
    pub next_ms: Option<Option<u64>>,
    /// What the way does to the answer.
    pub delivery: Option<Delivery>,
    /// What is wrong with the answer.
    pub wrong: Option<Wrong>,
    /// Whether the id counts as used by somebody else.
    pub exists: bool,
    /// Notifications.
    pub notifications: Notifications,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Its signature.
    Signature,
    /// The transaction that it names.
    Id,
    /// Its amount.
    Amount,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            fate: Some(Fate::Pays),
            answers: None,
            hidden: 0,
            next_ms: None,
            delivery: None,
            wrong: None,
            exists: false,
            notifications: Notifications { times: 1, forged: false },
        }
    }
}

fn declines(code: &str) -> Option<Fate> {
    Some(Fate::Ends(Code::of(code).as_str().to_owned()))
}

/// The course of a payment of this amount as card terminals have it.
pub fn card_course(minor: i64) -> Course {
    let usual = Course::default();
    match minor % 100 {
        3 => Course { fate: declines("KA005"), ..usual },
        5 => Course { fate: declines("52"), ..usual },
        1..=7 => Course { fate: declines("51"), ..usual },
        14 => Course { fate: Some(Fate::Waits), ..usual },
        _ => usual,
    }
}

/// The course of a payment of this amount.
pub fn course(minor: i64) -> Course {
    let usual = Course::default();
    match minor % 100 {
        40 => Course { next_ms: Some(None), ..usual },
        41 => Course { next_ms: Some(Some(60_000)), ..usual },
        42 => Course { delivery: Some(Delivery::Cut), ..usual },
        43 => Course { fate: None, delivery: Some(Delivery::Cut), ..usual },
        50 => Course { fate: declines("51"), ..usual },
        51 => Course { fate: declines("KA004"), ..usual },
        52 => Course { fate: declines("KA005"), ..usual },
        53 => Course { fate: declines("KA020"), ..usual },
        54 => Course { fate: None, answers: Some("77"), ..usual },
        55 => Course { fate: None, answers: Some("KA025"), ..usual },
        56 => Course { answers: Some("63"), hidden: 3, ..usual },
        57 => Course { fate: declines("51"), answers: Some("63"), hidden: 3, ..usual },
        58 => Course { fate: None, answers: Some("78"), exists: true, ..usual },
        59 => Course { answers: Some("KA023"), ..usual },
        60 => Course { wrong: Some(Wrong::Signature), ..usual },
        61 => Course { wrong: Some(Wrong::Id), ..usual },
        62 => Course { wrong: Some(Wrong::Amount), ..usual },
        63 => Course { delivery: Some(Delivery::Status(502)), ..usual },
        70 => Course { notifications: Notifications { times: 3, forged: false }, ..usual },
        71 => Course { next_ms: Some(Some(20_000)), ..usual },
        72 => Course { notifications: Notifications { times: 2, forged: true }, ..usual },
        _ => usual,
    }
}

/// What a script or plan wants of the customer.
pub fn outcome_of(actions: &[Action]) -> Option<&Outcome> {
    let outcomes = actions.iter().rev();
    outcomes.filter_map(|action| if let Action::Outcome(it) = action { Some(it) } else { None }).next()
}

/// What a script wants of the customer, and how long that takes.
pub fn fate_of(outcome: &Outcome, patience_ms: u64) -> (Option<Fate>, Option<u64>) {
    let ends = |code: &str| Some(Fate::Ends(code.to_owned()));
    match outcome {
        Outcome::Approve | Outcome::Tip | Outcome::Partial { .. } | Outcome::Signature => {
            (Some(Fate::Pays), None)
        }
        Outcome::Race => (Some(Fate::Pays), Some(patience_ms / 2)),
        Outcome::Decline { .. } => (ends("51"), None),
        Outcome::Cancel => (ends("KA005"), None),
        Outcome::UntilAborted => (Some(Fate::Waits), Some(patience_ms)),
    }
}
