//! Readings of a payment's time line for pictures: how far it has come, and the slip to sign.
//!
//! Invariant: nothing about money is decided from them.

use super::state::Case;
use crate::api::{MomentKind, Phase};
use domain::prompt::Question;
use domain::receipt::Copy;

/// Beginnings of words by which terminals say that the bank is being asked, in small letters.
const AUTHORISING: &[&str] =
    &["authori", "auktoris", "autoris", "contacting bank", "kontaktar bank", "online", "processing"];

/// How far a running payment has come.
pub(super) fn phase(case: &Case) -> Phase {
    let is_sent = case.payment.sent.iter().any(|sent| !sent.not_started);
    phase_of(is_sent, case.display.as_deref())
}

fn phase_of(is_sent: bool, display: Option<&str>) -> Phase {
    match display.map(str::to_lowercase) {
        _ if !is_sent => Phase::Preparing,
        None => Phase::Sent,
        Some(text) if AUTHORISING.iter().any(|word| text.contains(word)) => Phase::Authorising,
        Some(_) => Phase::WithCustomer,
    }
}

/// The newest slip of the shop's, while a signature is asked about.
pub(super) fn slip(case: &Case) -> Option<String> {
    let asked = case.payment.prompt.as_ref().is_some_and(|prompt| prompt.question == Question::Signature);
    let newest = case.timeline.iter().rev().find_map(|moment| match &moment.what {
        MomentKind::Print { copy: Copy::Merchant, text } => Some(text.clone()),
        MomentKind::Print { copy: Copy::Customer | Copy::Other, .. }
        | MomentKind::Display { .. }
        | MomentKind::Code { .. }
        | MomentKind::Prompt { .. }
        | MomentKind::Step { .. } => None,
    });
    newest.filter(|_| asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_follows_from_what_was_sent_and_what_the_terminal_says() {
        assert_eq!(phase_of(false, None), Phase::Preparing);
        assert_eq!(phase_of(false, Some("Welcome")), Phase::Preparing);
        assert_eq!(phase_of(true, None), Phase::Sent);
        assert_eq!(phase_of(true, Some("Insert, tap or swipe card")), Phase::WithCustomer);
        assert_eq!(phase_of(true, Some("Please wait, authorising")), Phase::Authorising);
        assert_eq!(phase_of(true, Some("Authorizing")), Phase::Authorising);
        assert_eq!(phase_of(true, Some("Kontaktar banken")), Phase::Authorising);
    }
}
