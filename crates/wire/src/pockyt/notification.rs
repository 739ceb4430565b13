//! Instant notifications: form posts of the gateway about a transaction (dossier section 8).
//!
//! Invariant: a notification exists only where its signature fits all received fields.

use super::{Decimal, DecodeError, Fields, Limits, Status, form, sign};

/// What a verified notification says. Nothing in it settles a payment: it is a reason to query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The gateway's number of the transaction.
    pub transaction_no: Option<String>,
    /// Our number of it.
    pub reference: Option<String>,
    /// What became of it.
    pub status: Option<Status>,
    /// Its amount.
    pub amount: Option<Decimal>,
    /// ISO 4217 letters.
    pub currency: Option<String>,
}

impl Notification {
    /// The fields of a posted body, not verified yet.
    ///
    /// # Errors
    /// The body is not form encoding within the limits.
    pub fn fields(body: &[u8]) -> Result<Fields, DecodeError> {
        form::decode(body, &Limits::LISTENER)
    }

    /// Reads fields whose signature fits this token; nothing where it does not.
    pub fn verified(fields: &Fields, token: &str) -> Option<Self> {
        if !sign::verify(fields, token) {
            return None;
        }
        let text = |name: &str| fields.get(name).filter(|value| !value.is_empty()).cloned();
        Some(Self {
            transaction_no: text("transactionNo"),
            // One page of the gateway writes it with a capital.
            reference: text("reference").or_else(|| text("Reference")),
            status: text("status").map(|word| Status::of(&word)),
            amount: text("amount").and_then(|amount| Decimal::parse(&amount)),
            currency: text("currency"),
        })
    }

    /// The body of these fields with their signature: the simulator's side.
    pub fn body(fields: &Fields, token: &str) -> String {
        let mut signed = fields.clone();
        signed.insert(super::VERIFY_SIGN.to_owned(), sign::sign(fields, token));
        form::encode(&signed)
    }
}
