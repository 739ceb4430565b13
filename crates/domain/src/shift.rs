//! One shift of the drawer: opened with a float, cash in and out, counted blind, closed.
//!
//! Invariants: what is expected is the float and every amount of cash since; a count is compared with what is
//! expected at that moment and is worth nothing once cash has moved again; a shift closes only when counted.

use crate::ids::{ShiftId, StaffId};
use crate::money::{LARGEST_MINOR, Money};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which way cash goes.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Into the drawer.
    In,
    /// Out of it.
    Out,
}

/// So many coins or notes of one value.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coins {
    /// What one is worth.
    pub value: Money,
    /// How many.
    pub pieces: u32,
}

/// One fact about a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftFact {
    /// It began with this much in the drawer.
    Opened {
        /// Who opened it.
        by: StaffId,
        /// The float.
        float: Money,
    },
    /// Cash went in or out beside sales.
    CashMoved {
        /// Who moved it.
        by: StaffId,
        /// Which way.
        way: Way,
        /// How much; above zero.
        amount: Money,
        /// Why, as typed.
        reason: String,
    },
    /// The drawer was counted without knowing what was expected.
    Counted {
        /// Who counted.
        by: StaffId,
        /// What lay there.
        counted: Money,
        /// What was expected at that moment.
        expected: Money,
        /// The coins and notes, where they were entered one by one.
        coins: Vec<Coins>,
    },
    /// It ended.
    Closed {
        /// Who closed it.
        by: StaffId,
    },
}

/// A count of the drawer.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Who counted.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// What lay there.
    pub counted: Money,
    /// What was expected.
    pub expected: Money,
}

impl Counted {
    /// How much more lay there than expected; below zero where some is missing.
    pub fn difference(&self) -> Money {
        self.counted.minus(self.expected).unwrap_or(Money::zero(self.counted.currency))
    }
}

/// One shift.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its id.
    pub id: ShiftId,
    /// Who opened it.
    pub opened_by: StaffId,
    /// When.
    pub opened_at: Timestamp,
    /// What it began with.
    pub float: Money,
    /// Cash put in beside sales.
    pub put_in: Money,
    /// Cash taken out beside sales.
    pub taken_out: Money,
    /// Cash of sales less change, refunds in cash and cash paid out with cards.
    pub of_sales: Money,
    /// The newest count that no cash has moved since.
    pub count: Option<Counted>,
    /// How many counts there were.
    pub counts: u32,
    /// Who closed it, and when.
    pub closed: Option<(StaffId, Timestamp)>,
}

/// What somebody wants of the drawer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShiftChange {
    /// Begin.
    Open {
        /// The float.
        float: Money,
    },
    /// Put cash in or take it out.
    MoveCash {
        /// Which way.
        way: Way,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// Enter a count. What is expected is shown only afterwards.
    Count {
        /// What lies there.
        counted: Money,
        /// The coins and notes; empty where only the sum was entered.
        coins: Vec<Coins>,
    },
    /// End.
    Close,
}

/// Why the drawer does not do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoShift {
    /// No shift is open.
    #[error("no shift is open")]
    NotOpen,
    /// A shift is open already.
    #[error("a shift is open already")]
    Open,
    /// The amount is negative, nothing, or of another currency.
    #[error("the amount cannot be used here")]
    Amount,
    /// The coins and notes do not sum to the count.
    #[error("the coins and notes do not sum to the amount counted")]
    Sum,
    /// Cash has moved since the last count, or there was none.
    #[error("the drawer must be counted first")]
    NotCounted,
    /// A reason is needed.
    #[error("a reason is needed")]
    Reason,
}

impl NoShift {
    /// The stable word, for words in any language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOpen => "not_open",
            Self::Open => "open",
            Self::Amount => "amount",
            Self::Sum => "sum",
            Self::NotCounted => "not_counted",
            Self::Reason => "reason",
        }
    }
}

/// What is written down for this change. `current`: the newest shift of the till.
pub fn decide(current: Option<&Shift>, by: StaffId, change: ShiftChange) -> Result<ShiftFact, NoShift> {
    let open = current.filter(|shift| shift.is_open());
    match (change, open) {
        (ShiftChange::Open { .. }, Some(_)) => Err(NoShift::Open),
        (ShiftChange::Open { float }, None) => {
            amount(float, 0)?;
            Ok(ShiftFact::Opened { by, float })
        }
        (ShiftChange::MoveCash { .. } | ShiftChange::Count { .. } | ShiftChange::Close, None) => {
            Err(NoShift::NotOpen)
        }
        (ShiftChange::MoveCash { way, amount: moved, reason }, Some(shift)) => {
            amount(moved, 1)?;
            if moved.currency != shift.float.currency {
                return Err(NoShift::Amount);
            }
            let reason = reason.trim().to_owned();
            if reason.is_empty() {
                return Err(NoShift::Reason);
            }
            Ok(ShiftFact::CashMoved { by, way, amount: moved, reason })
        }
        (ShiftChange::Count { counted, coins }, Some(shift)) => {
            amount(counted, 0)?;
            if counted.currency != shift.float.currency {
                return Err(NoShift::Amount);
            }
            if !coins.is_empty() && sum(&coins, counted) != Some(counted) {
                return Err(NoShift::Sum);
            }
            Ok(ShiftFact::Counted { by, counted, expected: shift.expected(), coins })
        }
        (ShiftChange::Close, Some(shift)) => match shift.count {
            Some(_) => Ok(ShiftFact::Closed { by }),
            None => Err(NoShift::NotCounted),
        },
    }
}

/// Whether cash may be taken or paid out: only while a drawer is somebody's.
pub fn may_take_cash(current: Option<&Shift>) -> Result<(), NoShift> {
    current.filter(|shift| shift.is_open()).map(|_| ()).ok_or(NoShift::NotOpen)
}

fn amount(money: Money, least: i64) -> Result<(), NoShift> {
    if (least..=LARGEST_MINOR).contains(&money.minor) { Ok(()) } else { Err(NoShift::Amount) }
}

fn sum(coins: &[Coins], counted: Money) -> Option<Money> {
    coins.iter().try_fold(Money::zero(counted.currency), |sum, coins| {
        let minor = coins.value.minor.checked_mul(i64::from(coins.pieces))?;
        sum.plus(Money::new(minor, coins.value.currency))
    })
}

impl Shift {
    /// The shift that its first fact makes; nothing where that fact begins none.
    pub fn first(id: ShiftId, fact: &ShiftFact, at: Timestamp) -> Option<Self> {
        match fact {
            ShiftFact::Opened { by, float } => {
                let zero = Money::zero(float.currency);
                Some(Self {
                    id,
                    opened_by: *by,
                    opened_at: at,
                    float: *float,
                    put_in: zero,
                    taken_out: zero,
                    of_sales: zero,
                    count: None,
                    counts: 0,
                    closed: None,
                })
            }
            ShiftFact::CashMoved { .. } | ShiftFact::Counted { .. } | ShiftFact::Closed { .. } => None,
        }
    }
    /// Applies one fact.
    #[must_use]
    pub fn evolve(mut self, fact: &ShiftFact, at: Timestamp) -> Self {
        match fact {
            ShiftFact::Opened { .. } => {}
            ShiftFact::CashMoved { way, amount, .. } => {
                let side = match way {
                    Way::In => &mut self.put_in,
                    Way::Out => &mut self.taken_out,
                };
                *side = side.plus(*amount).unwrap_or(*side);
                self.count = None;
            }
            ShiftFact::Counted { by, counted, expected, .. } => {
                self.count = Some(Counted { by: *by, at, counted: *counted, expected: *expected });
                self.counts = self.counts.saturating_add(1);
            }
            ShiftFact::Closed { by } => self.closed = Some((*by, at)),
        }
        self
    }
    /// Cash of sales came in (below zero: went out). Other currencies have no drawer.
    #[must_use]
    pub fn with_cash(mut self, cash: Money) -> Self {
        if let Some(sum) = self.of_sales.plus(cash).filter(|_| self.is_open() && !cash.is_zero()) {
            self.of_sales = sum;
            self.count = None;
        }
        self
    }
    /// Whether it has not ended.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }
    /// What should lie in the drawer. Not for the eyes of who counts.
    pub fn expected(&self) -> Money {
        let sum = self.float.plus(self.put_in).and_then(|sum| sum.minus(self.taken_out));
        sum.and_then(|sum| sum.plus(self.of_sales)).unwrap_or(self.float)
    }
}

#[cfg(test)]
mod tests;
