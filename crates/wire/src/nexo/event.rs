//! News of the terminal: `EventNotification` (dossier chapter 12.5).
//!
//! Invariant: an event never decides about a payment; the till only enquires because of one.

use super::device::DisplayOutput;
use super::element::elements;
use super::scalar::{Base64, Stamp};
use super::values::EventToNotify;

elements! {
    /// What happened at the terminal. Answered by 204 always.
    EventNotification {
        /// Local time with offset; required by the schema.
        time_stamp: Option<Stamp> = attribute("TimeStamp"),
        /// What happened.
        event_to_notify: EventToNotify = attribute("EventToNotify"),
        /// Updates are waiting.
        maintenance_required: Option<bool> = attribute("MaintenanceRequiredFlag"),
        /// Language the customer chose.
        customer_language: Option<String> = attribute("CustomerLanguage"),
        /// Free text.
        event_details: Option<String> = child("EventDetails"),
        /// Our message that was refused, complete.
        rejected_message: Option<Base64> = child("RejectedMessage"),
        /// A text to show.
        display_output: Option<DisplayOutput> = child("DisplayOutput"),
    }
}
