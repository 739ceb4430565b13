//! RSA2: what is signed, and whose signature it is (dossier sections 5.4 and 5.5).
//!
//! Invariant: a signature is checked over the text that came, with unknown members among it, never over what
//! was understood of it.

use super::{RsaPrivate, RsaPublic};
use crate::ecrhub::DecodeError;
use crate::json::{Json, Limits, written_members};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The name of the signature among the members.
pub const SIGN: &str = "sign";
/// Longest signature that is looked at: a key of 8192 bits.
const LONGEST: usize = 1_400;

/// What is signed: names and values without the empty ones, by name, joined.
pub fn canonical<'f>(fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> String {
    let is_signed = |(name, value): &(&str, &str)| *name != SIGN && !value.is_empty();
    let mut fields: Vec<_> = fields.into_iter().filter(is_signed).collect();
    fields.sort_unstable();
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The signature of these fields; nothing where the key cannot sign.
pub fn sign<'f>(key: &RsaPrivate, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Option<String> {
    key.sign(canonical(fields).as_bytes()).map(|signature| STANDARD.encode(signature))
}

/// A received object, with what was signed of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    /// The object.
    pub all: Json,
    /// Its signature, where it has one.
    pub signature: Option<String>,
    /// What the signature is over.
    pub input: String,
}

impl Signed {
    /// Reads an object.
    ///
    /// # Errors
    /// Not one JSON object within the limits.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
        let text = std::str::from_utf8(bytes).map_err(|_| DecodeError::Syntax)?;
        let members = written_members(text, limits)?;
        // A number, a flag and what is nested count as they are written.
        let values: Vec<(&str, &str)> = members
            .iter()
            .map(|(name, value, written)| {
                let value = match value {
                    Json::Null => "",
                    Json::Text(text) => text.as_str(),
                    Json::Flag(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => written,
                };
                (name.as_str(), value)
            })
            .collect();
        let signature =
            members.iter().find(|(name, _, _)| name == SIGN).and_then(|(_, value, _)| match value {
                Json::Text(text) if !text.is_empty() => Some(text.clone()),
                Json::Text(_)
                | Json::Null
                | Json::Flag(_)
                | Json::Number(_)
                | Json::Array(_)
                | Json::Object(_) => None,
            });
        let input = canonical(values);
        let all = Json::Object(members.into_iter().map(|(name, value, _)| (name, value)).collect());
        Ok(Self { all, signature, input })
    }

    /// Whether this key has signed it.
    pub fn is_by(&self, key: &RsaPublic) -> bool {
        let text = self.signature.as_deref().filter(|text| text.len() <= LONGEST);
        let signature = text.and_then(|text| STANDARD.decode(text).ok());
        signature.is_some_and(|signature| key.verifies(self.input.as_bytes(), &signature))
    }
}
