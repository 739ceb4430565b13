//! Small words that several parts of the till share.

pub(crate) use crate::actor::{amount_of, kind_code, moment_of, receipt_of};

/// What kind of failure of a login the driver speaks of, and a plain fix for it.
pub(crate) fn words_of_fault(detail: &str) -> (&'static str, &'static str) {
    let lower = detail.to_lowercase();
    if lower.contains("poi_id") {
        let fix = "Compare poi_id and sale_id with what the payment provider registered. A changed poi_id \
                   needs a log-out under the old one, or a restart of the terminal.";
        ("identity", fix)
    } else if lower.contains("busy") || lower.contains("updat") {
        ("updating", "The terminal updates itself. Wait a few minutes, then try again.")
    } else {
        let fix =
            "Check that the terminal shows its idle screen and that no other till is connected to it.";
        ("refused", fix)
    }
}
