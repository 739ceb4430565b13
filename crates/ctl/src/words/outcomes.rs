//! How a payment, a refund or a reversal stands, for the person at the till.

use till::api::{Moment, MomentKind, PaymentView};
use till::seams::domain::money::Money;
use till::seams::domain::outcome::Reason;

/// How it ended, or why it is still open.
pub fn settled(payment: &PaymentView) -> String {
    let mut words = match payment.outcome.as_str() {
        "approved" => approved(payment),
        "partial" => format!(
            "Only {} of {} was approved. Take the rest another way.",
            payment.amount.plain(),
            payment.requested
        ),
        "declined" => format!("{} was declined: no money has moved.", subject(payment)),
        "cancelled" if payment.evidence.get("reversal").is_some() => {
            format!("{} was undone: the money went back.", subject(payment))
        }
        "cancelled" => format!("{} was cancelled: no money has moved.", subject(payment)),
        "not_charged" => not_charged(payment),
        "disputed" => disputed(payment),
        _ => unknown(payment),
    };
    if was_unanswered(payment) {
        words.push_str(" Nobody answered the terminal's question.");
    } else if let Some(code) = reason_worth_saying(payment) {
        words.push(' ');
        words.push_str(&super::reason(code));
        if is_told_with_detail(code) {
            words.push_str(&super::bracketed(payment.detail.as_deref().unwrap_or_default()));
        }
    }
    if payment.late && payment.closed_by.as_deref() == Some("provider") {
        words.push_str(" The answer came late and counts.");
    }
    if payment.attention {
        words.push_str(" The terminal has since said something else: accept that with `accept-late`");
        // What was undone cannot be undone again.
        let may_go_back = payment.kind != "reversal";
        words.push_str(if may_go_back { ", or give the money back with `give-back`." } else { "." });
    }
    words
}

/// The outcome as it stands in a table.
pub fn as_table_word(outcome: &str, state: &str) -> &'static str {
    match (outcome, state) {
        ("approved", _) => "approved",
        ("partial", _) => "partly approved",
        ("declined", _) => "declined",
        ("cancelled", _) => "cancelled",
        ("not_charged", _) => "not charged",
        ("disputed", _) => "unknown - needs you",
        (_, "running") => "running",
        (_, "await_signature") => "signature to check",
        (_, "reversing") => "being undone",
        _ => "unknown - checking",
    }
}

fn subject(payment: &PaymentView) -> String {
    let what = match payment.kind.as_str() {
        "refund" => "refund",
        "reversal" => "reversal",
        _ => "payment",
    };
    format!("The {what} of {}", payment.requested)
}

fn approved(payment: &PaymentView) -> String {
    let amount = payment.amount;
    match payment.kind.as_str() {
        "refund" => return format!("Refunded: {amount}."),
        "reversal" => return format!("Undone: {amount} went back."),
        _ => {}
    }
    let mut words = format!("Approved: {amount}.");
    if !payment.tip.is_zero() {
        words.push_str(&format!(" That includes a tip of {}.", payment.tip));
    }
    words.push_str(&cash(payment.cash_back));
    words
}

fn cash(cash_back: Money) -> String {
    if cash_back.is_zero() { String::new() } else { format!(" Pay out {cash_back} in cash.") }
}

fn not_charged(payment: &PaymentView) -> String {
    match payment.closed_by.as_deref() {
        Some("judged") => format!(
            "{} never reached the terminal, as far as can be told: Paydesk takes it that no money has moved.",
            subject(payment)
        ),
        Some("person") => format!("{}: a person decided that nothing was charged.", subject(payment)),
        Some(_) | None => format!("{} did not take place: nothing was charged.", subject(payment)),
    }
}

fn disputed(payment: &PaymentView) -> String {
    format!(
        "{}: nobody can tell from here whether money moved, and a person is needed. Do not take the money \
         again; ask the provider, then `paydeskctl decide`.",
        subject(payment)
    )
}

fn unknown(payment: &PaymentView) -> String {
    match payment.state.as_str() {
        "await_signature" => format!(
            "{} was approved, and nobody has checked the signature. It stays open: `paydeskctl recover` asks \
             again.",
            subject(payment)
        ),
        "reversing" => format!(
            "{} was approved and is being undone; it is not known yet whether that worked. `paydeskctl \
             recover` goes on.",
            subject(payment)
        ),
        _ => format!(
            "{}: it is not known yet whether money moved. Do not take the money again; `paydeskctl recover` \
             or the next start goes on asking.",
            subject(payment)
        ),
    }
}

/// The terminal gave up because nobody answered it, whatever it calls that.
fn was_unanswered(payment: &PaymentView) -> bool {
    let is_answer = |moment: &&Moment| match &moment.what {
        MomentKind::Step { step, .. } => matches!(step.as_str(), "answered" | "unanswered"),
        MomentKind::Display { .. }
        | MomentKind::Code { .. }
        | MomentKind::Prompt { .. }
        | MomentKind::Print { .. } => false,
    };
    let last = payment.timeline.iter().rev().find(is_answer).map(|moment| &moment.what);
    matches!(payment.outcome.as_str(), "declined" | "cancelled")
        && matches!(last, Some(MomentKind::Step { step, .. }) if step == "unanswered")
        && payment.reason.as_deref() != Some("signature_refused")
}

/// Whether the terminal's own words say more than the reason's.
fn is_told_with_detail(code: &str) -> bool {
    use Reason as R;
    matches!(
        Reason::from(code.to_owned()),
        R::LoginRefused
            | R::MessageFormat
            | R::Mismatch
            | R::DeviceOut
            | R::UnavailableDevice
            | R::UnavailableService
            | R::PaymentRestriction
            | R::NotSent
            | R::AnswerUnreadable
            | R::Other(_)
    )
}

/// An approval speaks for itself, except where it stands against somebody's wish.
fn reason_worth_saying(payment: &PaymentView) -> Option<&str> {
    let code = payment.reason.as_deref()?;
    let says_itself = matches!(code, "by_hand" | "never_seen" | "await_signature")
        || (payment.state == "reversing" && code == "signature_refused");
    (!says_itself).then_some(code)
}
