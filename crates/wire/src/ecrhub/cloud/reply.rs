//! Replies of the gateway and its notifications (dossier sections 5.6 and 5.10).

use super::RsaPublic;
use super::sign::Signed;
use crate::ecrhub::{Code, DecodeError, HUB, Record, scalar};
use crate::json::{Json, Limits};

/// What is known of who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The gateway's key signed exactly this.
    Proven,
    /// Nobody signed it: it approves nothing.
    Unsigned,
    /// Another key signed it, or something else was signed.
    Wrong,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// `0`: the request was carried out. It says nothing of the payment.
    pub code: Option<Code>,
    /// The text beside it.
    pub words: String,
    /// The gateway's number of the exchange, for its support.
    pub psn: Option<String>,
    /// What it tells of an order.
    pub record: Record,
    /// `data` was there and could not be read.
    pub is_broken: bool,
    /// Who said it.
    pub proof: Proof,
}

impl Reply {
    /// Reads a reply.
    ///
    /// # Errors
    /// Not one JSON object within the limits, or without a code: a page of something in between.
    pub fn decode(bytes: &[u8], key: &RsaPublic) -> Result<Self, DecodeError> {
        let signed = Signed::read(bytes, &HUB)?;
        let of = |name: &str| signed.all.get(name).and_then(scalar);
        let code = of("code").ok_or(DecodeError::Field("code"))?;
        // The documents have a text with JSON in it; an object is taken, too.
        let data = match signed.all.get("data") {
            Some(Json::Text(text)) if !text.is_empty() => Json::decode(text.as_bytes(), &HUB).ok(),
            Some(object @ Json::Object(_)) => Some(object.clone()),
            Some(Json::Text(_) | Json::Null | Json::Flag(_) | Json::Number(_) | Json::Array(_)) | None => {
                Some(Json::Null)
            }
        };
        Ok(Self {
            code: Some(Code::of(&code)),
            words: of("msg").unwrap_or_default(),
            psn: of("psn"),
            record: data.as_ref().map(Record::read).unwrap_or_default(),
            is_broken: data.is_none(),
            proof: match &signed.signature {
                None => Proof::Unsigned,
                Some(_) if signed.is_by(key) => Proof::Proven,
                Some(_) => Proof::Wrong,
            },
        })
    }
}

/// A notification that is the gateway's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// `http_request_id`: the same for every copy.
    pub id: Option<String>,
    /// What it tells of an order; a reason to query, and nothing else.
    pub record: Record,
}

impl Notification {
    /// Reads a notification.
    ///
    /// # Errors
    /// Not one JSON object within the limits, not a payment's result, or not signed by this key.
    pub fn decode(bytes: &[u8], key: &RsaPublic) -> Result<Self, DecodeError> {
        let signed = Signed::read(bytes, &Limits::LISTENER)?;
        if !signed.is_by(key) {
            return Err(DecodeError::Signature);
        }
        let of = |name: &str| signed.all.get(name).and_then(scalar);
        if of("method").as_deref() != Some("payment.result.notify") {
            return Err(DecodeError::Field("method"));
        }
        Ok(Self { id: of("http_request_id"), record: Record::read(&signed.all) })
    }
}
