//! The envelope of a reply: return code, message, result (dossier section 5).
//!
//! Invariant: the envelope's message is words for people; what a reply says is its code and its result.

use super::record::{Record, text};
use super::{Code, DecodeError, Limits};
use crate::json::Json;

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The return code; nothing where the reply has none.
    pub code: Option<Code>,
    /// The gateway's words, trimmed.
    pub message: String,
    /// The transaction.
    pub result: Option<Record>,
}

/// The object's name in a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// `result`.
    #[default]
    Result,
    /// `transaction`, as an older library calls it.
    Transaction,
}

/// How a reply is spelled: what the gateway's own pages and libraries disagree about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// Name of the result.
    pub envelope: Envelope,
    /// `status` in place of `transactionStatus`.
    pub short_status: bool,
    /// `retMsg` in place of `ret_msg`.
    pub camel_message: bool,
    /// A blank after the message.
    pub trailing_blank: bool,
    /// Amounts as JSON numbers.
    pub numeric_amounts: bool,
    /// Fields without a value are there as `null`.
    pub nulls: bool,
    /// A field that nobody knows.
    pub extra: bool,
}

impl Reply {
    /// Reads a reply's body.
    ///
    /// # Errors
    /// Not JSON, cut off, larger than allowed, or a field of the wrong kind.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
        let object = Json::decode(bytes, limits)?;
        if !matches!(object, Json::Object(_)) {
            return Err(DecodeError::Syntax);
        }
        let message = match text(&object, "ret_msg")? {
            Some(message) => message,
            None => text(&object, "retMsg")?.unwrap_or_default(),
        };
        let found = ["result", "transaction"].iter().find_map(|name| match object.get(name) {
            None | Some(Json::Null) => None,
            Some(found) => Some(found),
        });
        Ok(Self {
            code: text(&object, "ret_code")?.map(|digits| Code::of(&digits)),
            message: message.trim().to_owned(),
            result: found.map(Record::read).transpose()?,
        })
    }

    /// The body in this spelling: the simulator's side.
    pub fn encode(&self, spelling: &Spelling) -> String {
        let mut members = Vec::new();
        if let Some(record) = &self.result {
            let status = if spelling.short_status { "status" } else { "transactionStatus" };
            let mut inside = record.members(status, spelling.numeric_amounts);
            if spelling.nulls {
                for name in ["originalTransactionNo", "paymentTime", "storeAdminNo"] {
                    if inside.iter().all(|(known, _)| known != name) {
                        inside.push((name.to_owned(), Json::Null));
                    }
                }
            }
            if spelling.extra {
                inside.push(("channelHint".to_owned(), Json::text("c-7")));
            }
            let name = match spelling.envelope {
                Envelope::Result => "result",
                Envelope::Transaction => "transaction",
            };
            members.push((name.to_owned(), Json::Object(inside)));
        }
        if let Some(code) = &self.code {
            members.push(("ret_code".to_owned(), Json::text(code.as_str())));
        }
        let blank = if spelling.trailing_blank { " " } else { "" };
        let name = if spelling.camel_message { "retMsg" } else { "ret_msg" };
        members.push((name.to_owned(), Json::Text(format!("{}{blank}", self.message))));
        Json::Object(members).to_string()
    }

    /// Whether the gateway says that the request itself was faulty and went nowhere: `000000` with this
    /// beginning (dossier section 7).
    pub fn is_data_error(&self) -> bool {
        self.message.to_ascii_lowercase().starts_with("data error")
    }
}
