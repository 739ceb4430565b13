//! What a terminal tells outside a payment.

use super::bracketed;

/// A notice as a sentence. `text` holds what the terminal or the till adds.
pub fn notice(code: &str, text: &str, terminal: Option<&str>) -> String {
    let terminal = terminal.unwrap_or("the till");
    let words = match code {
        "said" => return format!("The terminal {terminal} says: {text}"),
        "receipt" => {
            return format!(
                "The terminal {terminal} sent a receipt outside a payment. It is kept.\n{text}"
            );
        }
        "unclaimed" => {
            return format!(
                "The terminal {terminal} approved {text} for no payment of this till. It is noted as \
                 unclaimed; find out whose it is."
            );
        }
        "strange_approval" => {
            return format!(
                "The terminal {terminal} says that it approved {text} for a payment that was closed without \
                 money, and the answer does not match that payment. Nothing of it is adopted; ask the \
                 provider what was charged."
            );
        }
        "sale_reopened" => {
            return format!(
                "The payment on {terminal} that completed a sale over {text} did not go through after all. \
                 The sale is open again: have it paid anew, or give it up."
            );
        }
        "address_announced" => {
            return format!(
                "Somebody says that the terminal {terminal} is now at {text}. Paydesk does not use it \
                 until an installer confirms it with `paydeskctl terminal {terminal} address confirm`."
            );
        }
        "terminal_replaced" => {
            return format!("Another device answers as {terminal} ({text}). Check that this is intended.");
        }
        "not_opened" => {
            return format!(
                "The terminal {terminal} opened no session. `paydeskctl check {terminal}` tells which step \
                 fails.{}",
                bracketed(text)
            );
        }
        "restored" => {
            return format!(
                "The journal is a copy that was put back or moved here. Paydesk checks open payments and \
                 asks every terminal for its last payment before it takes new money. What was paid after \
                 the copy was made may be missing here: compare with the acquirer's list \
                 (docs/BACKUP.md).{}",
                bracketed(text)
            );
        }
        "other" => return format!("The terminal {terminal} reports: {text}"),
        "card_inserted" => "a card was inserted.",
        "card_removed" => "the card was removed.",
        "maintenance_wanted" => "it asks for time to update itself. Log it out when nobody needs it.",
        "maintenance_began" => "it updates itself and is back in a few minutes.",
        "maintenance_ended" => "it has updated itself and is back.",
        "restarted" => "it is there again, after a restart or plugged in anew.",
        "out_of_service" => "it cannot be used now. Where that lasts, have it looked at.",
        "session_lost" => "it has lost its session. Paydesk logs in again with the next use.",
        "message_refused" => "it refused a message of the till.",
        "updating" => "it takes over new parameters. This can take a few minutes.",
        "security_alarm" => "it raises a security alarm. Take no payments on it and call the provider.",
        other => return format!("Terminal {terminal}: {} {text}", other.replace('_', " ")),
    };
    format!("Terminal {terminal}: {words}{}", bracketed(text))
}
