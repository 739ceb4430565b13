//! Generation 1: plain JSON with a signature inside (dossier section 4).
//!
//! Every value is a text. The signature is over the sender's name and the message as it is written, without
//! the signature: what is verified is the text that came, not what was understood of it.

mod reply;
mod request;

pub use reply::Reply;
pub use request::{
    Call, Enquiry, Field, Payment, Refund, Request, SaleCompletion, Void, check, is_as_signed,
};

use super::keys::{RsaPrivate, RsaPublic};
use super::{DecodeError, Limits, signature};
use crate::json::{Json, JsonError, without_member};

/// Name of the signature among the members.
pub const SIGNED_MESSAGE: &str = "signedMessage";
/// Name of the sender among them.
pub const SOURCE_SYSTEM: &str = "sourceSystem";
/// Name of the running number.
pub const SEQUENCE_NO: &str = "sequenceNo";

/// Names and values in the order in which they are signed and sent.
pub type Members = Vec<(&'static str, String)>;

/// What the signature is over.
pub fn signing_input(source: &str, message: &str) -> String {
    format!("{source}\n{message}")
}

/// The members as compact JSON.
pub fn written<'m>(members: impl IntoIterator<Item = (&'m str, &'m str)>) -> String {
    let members = members.into_iter().map(|(name, value)| (name.to_owned(), Json::text(value)));
    Json::Object(members.collect()).to_string()
}

/// A message with its signature as the last member; `None` where the key cannot sign.
pub fn signed(source: &str, members: &[(&str, String)], key: &RsaPrivate) -> Option<String> {
    let message = written(members.iter().map(|(name, value)| (*name, value.as_str())));
    let signature = signature::rsa(key, signing_input(source, &message).as_bytes())?;
    let open = message.strip_suffix('}')?;
    let comma = if members.is_empty() { "" } else { "," };
    Some(format!("{open}{comma}{}:{}}}", Json::text(SIGNED_MESSAGE), Json::text(&signature)))
}

/// A message that came in, with what is known of its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    members: Json,
    /// Whether the signature was checked: only where a key is configured.
    pub is_verified: bool,
}

impl Message {
    /// Reads a body and checks its signature where there is a key. `source`: the sender's name for a
    /// message that names none.
    ///
    /// # Errors
    /// Not an object within the limits, or not signed by this key.
    pub fn decode(
        body: &[u8],
        source: Option<&str>,
        key: Option<&RsaPublic>,
        limits: &Limits,
    ) -> Result<Self, DecodeError> {
        let members = Json::decode(body, limits)?;
        if !matches!(members, Json::Object(_)) {
            return Err(DecodeError::Syntax);
        }
        let message = Self { members, is_verified: key.is_some() };
        if let Some(key) = key {
            let text = std::str::from_utf8(body).map_err(|_| JsonError::Syntax)?;
            let named = message.text(SOURCE_SYSTEM)?;
            let source = named.or(source).unwrap_or_default();
            let Some((rest, Json::Text(signature))) = without_member(text, SIGNED_MESSAGE, limits)? else {
                return Err(DecodeError::Signature);
            };
            if !signature::is_rsa(key, signing_input(source, &rest).as_bytes(), &signature) {
                return Err(DecodeError::Signature);
            }
        }
        Ok(message)
    }

    /// A text by its name; `None` where it is missing or empty.
    ///
    /// # Errors
    /// It is no text.
    pub fn text(&self, name: &'static str) -> Result<Option<&str>, DecodeError> {
        match self.members.get(name) {
            Some(Json::Text(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(Json::Null) | None => Ok(None),
            Some(Json::Flag(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
                Err(DecodeError::Field(name))
            }
        }
    }

    /// Whether there is a member of this name, empty or not.
    pub fn has(&self, name: &str) -> bool {
        self.members.get(name).is_some()
    }
}
