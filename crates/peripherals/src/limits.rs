//! Every deadline and bound of printing in one table: a printer may fail, it may never hold anybody up.

use std::time::Duration;

/// Columns of 80 mm paper in the printer's font A.
pub const COLUMNS: usize = 42;
/// Fewer columns than this are no receipt; a smaller number is taken as this.
pub const COLUMNS_LEAST: usize = 16;

/// One wait for a serial port; its limits are counted in these.
pub const SLICE: Duration = Duration::from_millis(50);

/// How long each step of printing may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Finding the printer's address and connecting to it.
    pub connect: Duration,
    /// The first answer to "have you paper?", and that to "is your cover closed?". Printers that answer do so
    /// at once; many never do, and are not asked the second question.
    pub status: Duration,
    /// Handing over all bytes; for a file, opening it as well.
    pub write: Duration,
    /// The answer after the last byte, which some printers give only when all is on paper.
    pub done: Duration,
}

impl Limits {
    /// What a shop uses: twelve seconds in all at the very worst.
    pub const SHOP: Self = Self {
        connect: Duration::from_secs(2),
        status: Duration::from_millis(500),
        write: Duration::from_secs(5),
        done: Duration::from_secs(4),
    };
}
