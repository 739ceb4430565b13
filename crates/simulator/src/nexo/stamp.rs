//! Time stamps as terminals write them: UTC with `Z` and two or three digits, or local with offset.
//!
//! Invariant: time comes in as an argument.

use jiff::Timestamp;
use jiff::Zoned;
use jiff::tz::{Offset, TimeZone};

/// UTC, as in POITransactionID and LoginResponse.
pub fn utc(at: Timestamp, fraction_digits: usize) -> String {
    let nanoseconds = format!("{:09}", at.subsec_nanosecond().unsigned_abs());
    let fraction = nanoseconds.get(..fraction_digits).unwrap_or("000");
    format!("{}.{fraction}Z", at.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Local time of the terminal, as in receipts.
pub fn local(at: Timestamp, offset_minutes: i32) -> Zoned {
    let offset = Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    at.to_zoned(TimeZone::fixed(offset))
}

/// Local with offset, as in events.
pub fn with_offset(at: Timestamp, offset_minutes: i32) -> String {
    local(at, offset_minutes).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_look_like_the_terminals() {
        let at: Timestamp = "2025-03-04T09:12:46.311Z".parse().unwrap();
        assert_eq!(utc(at, 3), "2025-03-04T09:12:46.311Z");
        assert_eq!(utc(at, 2), "2025-03-04T09:12:46.31Z");
        assert_eq!(with_offset(at, 60), "2025-03-04T10:12:46.311+01:00");
    }
}
