//! The steps of a payment's time line.

/// A step as a sentence; nothing where the step says nothing that a person waits for. `kind`: of the
/// operation.
pub fn step(step: &str, detail: Option<&str>, kind: &str) -> Option<String> {
    let subject = match kind {
        "refund" => "refund",
        "reversal" => "reversal",
        _ => "payment",
    };
    let words = match step {
        "sent" => return Some(format!("The {subject} is on its way to the terminal.")),
        "resent" => return Some(format!("The terminal was occupied; the {subject} is sent again.")),
        "prepared" => "A transaction is opened at the gateway; nothing can be charged by it yet.",
        "cancel_sent" => "The provider is asked to give the payment up.",
        "abort_asked" => "The terminal is asked to cancel. Its answer counts; please wait.",
        "abort_not_delivered" => "The wish to cancel did not reach the terminal. The payment goes on.",
        "abort_refused" => {
            "The payment cannot be stopped from here, and goes on. Where the terminal offers Cancel, press \
             it there."
        }
        "mismatch" => {
            "The terminal's answer does not belong to this payment. It is kept, and Paydesk asks again."
        }
        "unknown" => return Some(unknown(detail)),
        "enquired" => return enquired(detail).map(str::to_owned),
        "disputed" => {
            "Paydesk could not find out whether money moved. It asks again as long as it runs, and with \
             `paydeskctl recover`."
        }
        "await_signature" => "The bank approved. The customer's signature must be checked now.",
        "unanswered" => "Nobody answered the question.",
        "signature_accepted" => "The signature was accepted.",
        "signature_refused" => "The signature was refused. Paydesk undoes the payment.",
        "reversing" => "The payment is being undone on the terminal.",
        "decided_by_hand" => "A person decided the payment.",
        "attention" => "The terminal says something else than before about a payment that was finished.",
        "giving_back" => "The late payment is being given back.",
        "attention_settled" => "The contradiction is resolved.",
        // The intent, the answer and the end are told by lines of their own.
        "intended" | "answered" | "settled" => return None,
        other => return Some(format!("The payment goes on: {}.", other.replace('_', " "))),
    };
    Some(words.to_owned())
}

fn unknown(detail: Option<&str>) -> String {
    let reason = detail.map(super::reason).unwrap_or_default();
    format!("It is not known yet whether money moved. {reason} Paydesk asks the terminal; please wait.")
}

fn enquired(found: Option<&str>) -> Option<&'static str> {
    match found {
        Some("answered") => Some("The terminal answered the enquiry."),
        Some("still_running") => Some("The terminal is still working on the payment."),
        Some("never_seen") => {
            Some("The terminal has not seen the payment so far. Paydesk asks again to be sure.")
        }
        Some("cannot_tell") => Some("The terminal cannot tell what became of the payment."),
        Some("no_session") => Some("The terminal has lost its session. Paydesk logs in and asks again."),
        Some(_) | None => Some("The terminal did not answer the enquiry. Paydesk asks again."),
    }
}
