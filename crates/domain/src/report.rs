//! The business day in numbers: the X report at any moment, the Z report that closes the day.
//!
//! Invariants: a [`Day`] changes only by facts; what happened after a Z counts in the next one, also for
//! payments and sales that began before; Z numbers follow each other without gaps; a Z is written down whole
//! and never made again. A Z can be run with open payments: they are listed by name.

mod books;
mod day;
mod totals;

pub use books::Books;
pub use day::{Day, OpenPayment, UnclaimedPayment};
pub use totals::{Count, TenderRow, Totals};

use crate::ids::StaffId;
use crate::shift::Shift;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// The day as it is written down or shown. Amounts are minor units of the totals' currency.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The number of a Z; nothing for an X.
    pub number: Option<u32>,
    /// Since when; nothing where nothing has happened yet.
    pub from: Option<Timestamp>,
    /// Until when.
    pub to: Timestamp,
    /// Who asked for it.
    pub by: StaffId,
    /// What happened, per currency.
    pub totals: Vec<Totals>,
    /// Payments that are not settled, or wait for a person.
    pub open: Vec<OpenPayment>,
    /// Approvals of the day that belong to no operation.
    pub unclaimed: Vec<UnclaimedPayment>,
    /// Sales that are neither paid nor given up, parked ones included.
    pub open_sales: u32,
    /// How often the drawer was opened without a sale.
    pub drawer_openings: u32,
    /// Copies of receipts.
    pub copies: u32,
    /// The shifts of the day, the open one last.
    pub shifts: Vec<Shift>,
}

/// Why no Z is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReport {
    /// A shift is open: its drawer is to be counted and closed first.
    #[error("a shift is open; count the drawer and close it first")]
    ShiftOpen,
    /// The command names another Z than the next one: it was made meanwhile.
    #[error("this day is closed already")]
    Stale,
}

impl NoReport {
    /// The stable word, for words in any language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ShiftOpen => "shift_open",
            Self::Stale => "stale",
        }
    }
}

/// The business day that a local time belongs to. `day_starts`: the minute of the day at which it begins.
pub fn business_day(local: DateTime, day_starts: u32) -> Date {
    let minute = u32::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0);
    let date = local.date();
    if minute < day_starts { date.yesterday().unwrap_or(date) } else { date }
}

#[cfg(test)]
mod tests;
