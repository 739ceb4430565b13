//! Why a payment stands where it stands.

use till::seams::domain::outcome::Reason;

/// A reason's code as a sentence.
pub fn reason(code: &str) -> String {
    match Reason::from(code.to_owned()) {
        Reason::Other(code) => format!("The provider names a cause that Paydesk does not know: \"{code}\"."),
        known => {
            let words = answered(&known).or_else(|| not_reached(&known)).or_else(|| not_known(&known));
            words.unwrap_or("The provider named no cause.").to_owned()
        }
    }
}

/// The terminal or the bank said so.
fn answered(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::Aborted => "It was cancelled from the till.",
        Reason::Busy => "The terminal was occupied. Wait until it shows its idle screen, then try again.",
        Reason::CustomerCancelled => "The customer cancelled on the terminal, or presented no card in time.",
        Reason::SignatureRefused => "The cashier refused the signature.",
        Reason::DeviceOut => "The terminal reports a fault of its own. Have it looked at.",
        Reason::CardInserted => "A card was in the terminal. Take it out, then try again.",
        Reason::NoSession => "The terminal had no session with this till. Paydesk logs in again by itself.",
        Reason::LoginRefused => {
            "The terminal did not accept the login. Check its identity in the settings with the provider."
        }
        Reason::MessageFormat => "The terminal did not understand the request. Tell the makers of Paydesk.",
        Reason::NotFound => "The terminal does not know the payment that was to be undone.",
        Reason::PaymentRestriction => "Something in the sale cannot be paid with this card.",
        Reason::Refused => "The bank or the card said no. Another card may work.",
        Reason::UnavailableDevice => "The terminal lacks the hardware for this.",
        Reason::UnavailableService => "The terminal does not offer this.",
        Reason::InvalidCard => "The card is not accepted here. Another card may work.",
        Reason::HostUnreachable => "The terminal could not reach the bank. Try again in a moment.",
        Reason::WrongPin => "The PIN was wrong.",
        Reason::UseRefund => "It is too late to undo it as a whole: the provider wants a refund.",
        Reason::UseVoid => "The provider wants the whole payment undone (`reverse`) in place of a refund.",
        Reason::AlreadyDone => "It has been done before.",
        Reason::ReversalFailed => {
            "The refused payment could not be reversed: it stands. Refund it if the customer wants the money."
        }
        Reason::ByHand => "A person decided it.",
        Reason::NameNotResolved
        | Reason::ConnectionRefused
        | Reason::ConnectTimeout
        | Reason::NotSent
        | Reason::StoppedBeforeSending
        | Reason::NotDurable
        | Reason::AnswerLost
        | Reason::DeadlinePassed
        | Reason::AnswerUnreadable
        | Reason::Mismatch
        | Reason::Restarted
        | Reason::NeverSeen
        | Reason::CannotTell
        | Reason::StillRunning
        | Reason::NoAnswer
        | Reason::ReferenceInUse
        | Reason::AwaitSignature
        | Reason::Other(_) => return None,
    })
}

/// Nothing was sent.
fn not_reached(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::NameNotResolved => {
            "The terminal's name has no address in this network. Check it in the settings, or use its IP address."
        }
        Reason::ConnectionRefused => {
            "Nothing answers at the terminal's address. Switch the terminal on and check address and port."
        }
        Reason::ConnectTimeout => {
            "The terminal did not take the connection in time. Check its power, cable or Wi-Fi and the address."
        }
        Reason::NotSent => "Nothing was sent to the terminal.",
        Reason::StoppedBeforeSending => "The till stopped before anything was sent.",
        Reason::NotDurable => "It could not be written to disk, so nothing was sent. Check the disk.",
        _ => return None,
    })
}

/// Nobody can tell from here.
fn not_known(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::AnswerLost => "The terminal's answer was lost on the way.",
        Reason::DeadlinePassed => "The terminal did not answer in time.",
        Reason::AnswerUnreadable => "The terminal's answer could not be read.",
        Reason::Mismatch => "The terminal's answer belongs to another payment or names another amount.",
        Reason::Restarted => "The till was restarted while the payment ran.",
        Reason::NeverSeen => "The terminal has never seen the request.",
        Reason::CannotTell => "The terminal cannot tell what became of it.",
        Reason::StillRunning => "The terminal has been working on it for too long.",
        Reason::NoAnswer => "The terminal has not answered the enquiries about it.",
        Reason::ReferenceInUse => "The terminal knows the reference from another request.",
        Reason::AwaitSignature => "The cashier must still check the customer's signature.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_and_none_shows_its_code() {
        for code in [
            "aborted", "busy", "customer_cancelled", "signature_refused", "device_out", "card_inserted",
            "no_session", "login_refused", "message_format", "not_found", "payment_restriction", "refused",
            "unavailable_device", "unavailable_service", "invalid_card", "host_unreachable", "wrong_pin",
            "name_not_resolved", "connection_refused", "connect_timeout", "not_sent",
            "stopped_before_sending", "answer_lost", "deadline_passed", "answer_unreadable", "mismatch",
            "restarted", "never_seen", "cannot_tell", "still_running", "no_answer", "reference_in_use",
            "by_hand", "await_signature", "use_refund", "use_void", "already_done", "reversal_failed",
            "not_durable",
        ] {
            let words = reason(code);
            assert!(words.ends_with('.') && !words.contains('_'), "{code}: {words}");
            assert_ne!(words, "The provider named no cause.", "{code}");
        }
        assert!(reason("Swish-77").contains("Swish-77"));
    }
}
