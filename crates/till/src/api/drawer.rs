//! The cash drawer: shifts, counts, and the end of the day.

use domain::money::Money;
use domain::shift::{Coins, Way};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is wanted of the drawer.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "snake_case")]
pub enum DrawerWanted {
    /// Begin a shift.
    OpenShift {
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
    /// Enter a count, without knowing what is expected.
    Count {
        /// What lies there.
        counted: Money,
        /// Coins and notes, where they were entered one by one.
        coins: Vec<Coins>,
    },
    /// End the shift.
    CloseShift,
    /// Open the drawer without a sale.
    Open {
        /// Why.
        reason: String,
    },
}

/// The open shift. What is expected is not in it: the count is blind.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// The count that no cash has moved since.
    pub count: Option<CountView>,
}

/// A count, once it was entered.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountView {
    /// What lay there.
    pub counted: Money,
    /// What was expected.
    pub expected: Money,
    /// How much more lay there; below zero where some is missing.
    pub difference: Money,
}
