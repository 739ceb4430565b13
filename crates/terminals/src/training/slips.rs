//! The training terminal's receipts.
//!
//! Invariant: every one carries the practice mark, and no line holds a full card number.

use super::script::{Customer, Script, Slips};
use domain::operation::{Kind, Operation};
use domain::outcome::{Outcome, Said};
use domain::receipt::{Copy, Receipt};
use jiff::tz::TimeZone;

/// The card on the shop's copy: first six and last four.
pub(super) const MERCHANT_NUMBER: &str = "541333******0014";
/// The card on the customer's copy: last four.
pub(super) const CUSTOMER_NUMBER: &str = "************0014";

/// Both copies, as far as the script lets them come.
pub(super) fn both(
    operation: &Operation,
    script: &Script,
    outcome: &Outcome,
    zone: &TimeZone,
) -> Vec<Receipt> {
    let copies = [Copy::Merchant, Copy::Customer];
    match script.slips {
        Slips::Missing => Vec::new(),
        Slips::Unreadable => copies.into_iter().map(unreadable).collect(),
        Slips::Both => {
            copies.into_iter().map(|copy| slip(operation, script, outcome, zone, copy)).collect()
        }
    }
}

/// The shop's copy with a line for the customer's signature.
pub(super) fn to_sign(
    operation: &Operation,
    script: &Script,
    outcome: &Outcome,
    zone: &TimeZone,
) -> Receipt {
    let mut lines = lines(operation, script, outcome, zone, Copy::Merchant);
    lines.extend(["", "", "Signature: ____________________"].map(str::to_owned));
    Receipt { copy: Copy::Merchant, lines, to_sign: true, readable: true }.marked_practice()
}

fn slip(operation: &Operation, script: &Script, outcome: &Outcome, zone: &TimeZone, copy: Copy) -> Receipt {
    let lines = lines(operation, script, outcome, zone, copy);
    Receipt { copy, lines, to_sign: false, readable: true }.marked_practice()
}

fn unreadable(copy: Copy) -> Receipt {
    let lines = ["The terminal's receipt could not be read.", "Print a copy on the terminal."];
    Receipt { copy, lines: lines.map(str::to_owned).to_vec(), to_sign: false, readable: false }
        .marked_practice()
}

fn lines(
    operation: &Operation,
    script: &Script,
    outcome: &Outcome,
    zone: &TimeZone,
    copy: Copy,
) -> Vec<String> {
    let mut lines = vec!["TRAINING TERMINAL".to_owned()];
    if let Some(time) = outcome.provider_time {
        lines.push(time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
    }
    let kind = match operation.kind {
        Kind::Sale => "PURCHASE",
        Kind::Refund => "REFUND",
        Kind::Reversal => "REVERSAL",
    };
    lines.extend([String::new(), kind.to_owned()]);
    let total = outcome.amount.unwrap_or(operation.requested);
    let parts = [("Tip", outcome.tip), ("Cash paid out", outcome.cash_back), ("Total", Some(total))];
    lines.extend(parts.into_iter().filter_map(|(name, money)| Some(format!("{name}: {}", money?))));
    lines.push(String::new());
    lines.extend(paid_with(script.customer, copy));
    lines.extend(
        outcome.evidence.0.iter().map(|(name, value)| format!("{}: {value}", name.replace('_', " "))),
    );
    lines.extend([String::new(), ending(outcome)]);
    let owner = match copy {
        Copy::Merchant => "Shop's copy",
        Copy::Customer | Copy::Other => "Customer's copy",
    };
    lines.extend([String::new(), owner.to_owned()]);
    lines
}

fn paid_with(customer: Customer, copy: Copy) -> Vec<String> {
    let number = match copy {
        Copy::Merchant => MERCHANT_NUMBER,
        Copy::Customer | Copy::Other => CUSTOMER_NUMBER,
    };
    let entry = match customer {
        Customer::Absent => return Vec::new(),
        Customer::UsesPhone => return vec!["Mobile payment".to_owned()],
        Customer::Taps | Customer::Cancels | Customer::Hesitates => "Contactless",
        Customer::EntersPin => "Chip and PIN",
    };
    vec![format!("Training card {number}"), entry.to_owned()]
}

fn ending(outcome: &Outcome) -> String {
    match outcome.said {
        Said::Approved => "APPROVED".to_owned(),
        Said::Partial => "PARTLY APPROVED".to_owned(),
        Said::Declined => "DECLINED".to_owned(),
        Said::Cancelled => "CANCELLED".to_owned(),
    }
}
