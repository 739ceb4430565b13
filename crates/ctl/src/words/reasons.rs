//! Why a payment stands where it stands.

use till::seams::domain::outcome::Reason;

/// A reason's code in a sentence or two.
pub fn reason(code: &str) -> String {
    let reason = Reason::from(code.to_owned());
    if let Reason::Other(code) = &reason {
        return format!("The provider names a cause that Paydesk does not know: \"{code}\".");
    }
    words(&reason).to_owned()
}

fn words(reason: &Reason) -> &'static str {
    use Reason as R;
    match reason {
        R::Aborted => "It was called off. Whatever a wallet had taken by then was given back.",
        R::Busy => "The terminal was occupied. Wait for its idle screen, then try again.",
        R::UnsupportedWallet => {
            "Codes of this wallet cannot be charged here. Pay with another wallet, or another way."
        }
        R::ClosedUnpaid => "The wallet closed it unpaid: the customer said no, or did not confirm in time.",
        R::CustomerCancelled => "The customer cancelled on the terminal, or presented no card in time.",
        R::SignatureRefused => "The cashier refused the signature.",
        R::DeviceOut => "The terminal reports a fault of its own. Have it looked at.",
        R::CardInserted => "A card was in the terminal. Take it out, then try again.",
        R::NoSession => "The terminal had no session with this till. Paydesk logs in again by itself.",
        R::LoginRefused => {
            "The terminal did not accept the login. It may run under another identity than the settings say: \
             compare them with the provider's. A changed identity needs a log-out under the old one, or a \
             restart of the terminal."
        }
        R::NotLoggedIn => "Nobody is logged in on the terminal. Log in there, then pay again.",
        R::MessageFormat => "The terminal did not understand the request. Tell the makers of Paydesk.",
        R::NotFound => {
            "The terminal does not know the payment that was to be undone, or can undo it no more. A refund \
             may still give it back."
        }
        R::PaymentRestriction => "Something in the sale cannot be paid with this card.",
        R::Refused => "The bank, the card or the wallet said no. Another one may work.",
        R::UnavailableDevice => "The terminal lacks the hardware for this.",
        R::UnavailableService => "The terminal does not offer this.",
        R::InvalidCard => "The card is not accepted here. Another card may work.",
        R::HostUnreachable => "The bank or the wallet could not be reached. Try again in a moment.",
        R::WrongPin => "The PIN was wrong.",
        R::NameNotResolved => "The terminal's name has no address in this network. Check the settings.",
        R::ConnectionRefused => "Nothing answers at the terminal's address. Check its power and its port.",
        R::ConnectTimeout => {
            "The terminal took no connection in time. Check its power, network and address."
        }
        R::NotSent => "Nothing was sent to the terminal.",
        R::StoppedBeforeSending => "The till stopped before anything was sent.",
        R::AnswerLost => "The terminal's answer was lost on the way.",
        R::DeadlinePassed => "The terminal did not answer in time.",
        R::AnswerUnreadable => "The terminal's answer could not be read.",
        R::Mismatch => "The terminal's answer belongs to another payment or names another amount.",
        R::Restarted => "The till was restarted while the payment ran.",
        R::NeverSeen => "The terminal has never seen the request.",
        R::CannotTell => "The terminal cannot tell what became of it.",
        R::StillRunning => {
            "The terminal says that it is still working on it. Look at its screen: the payment can be \
             finished or cancelled there."
        }
        R::NoAnswer => "The terminal has not answered the enquiries about it.",
        R::ReferenceInUse => "The terminal knows the reference from another request.",
        R::ByHand => "A person decided it.",
        R::AwaitSignature => "The cashier must still check the customer's signature.",
        R::UseRefund => "It cannot be undone as a whole: the way is a refund (--or-refund).",
        R::GoesAnotherWay => {
            "This money is given back on the terminal itself or by other means, not by the till."
        }
        R::UseVoid => "The provider wants the whole payment undone (`reverse`) in place of a refund.",
        R::AlreadyDone => "It has been done before.",
        R::ReversalFailed => "The refused payment could not be undone: it stands. Refund it if need be.",
        R::NotDurable => "It could not be written to disk, so nothing was sent. Check the disk.",
        R::Other(_) => "The provider named no cause that Paydesk knows.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_and_none_shows_its_code() {
        for code in [
            "aborted",
            "busy",
            "unsupported_wallet",
            "closed_unpaid",
            "customer_cancelled",
            "signature_refused",
            "device_out",
            "card_inserted",
            "no_session",
            "login_refused",
            "message_format",
            "not_found",
            "payment_restriction",
            "refused",
            "unavailable_device",
            "unavailable_service",
            "invalid_card",
            "host_unreachable",
            "wrong_pin",
            "name_not_resolved",
            "connection_refused",
            "connect_timeout",
            "not_sent",
            "stopped_before_sending",
            "answer_lost",
            "deadline_passed",
            "answer_unreadable",
            "mismatch",
            "restarted",
            "never_seen",
            "cannot_tell",
            "still_running",
            "no_answer",
            "reference_in_use",
            "by_hand",
            "await_signature",
            "use_refund",
            "use_void",
            "goes_another_way",
            "already_done",
            "reversal_failed",
            "not_durable",
        ] {
            let words = reason(code);
            assert!(words.ends_with('.') && !words.contains('_'), "{code}: {words}");
            assert!(!words.contains("does not know: "), "{code}");
        }
        assert!(reason("Swish-77").contains("Swish-77"));
    }
}
