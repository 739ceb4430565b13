//! Scalars as terminals and gateways write them: text, number or flag, as they please (section 2.1).

use crate::json::Json;

/// A scalar's text; nothing for `null`, the empty text, and what is no scalar.
pub fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) | Json::Number(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Json::Flag(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Whether a member holds no object: missing, `null`, or an empty text where terminals save themselves one.
pub fn objectless(value: Option<&Json>) -> bool {
    !matches!(value, Some(Json::Object(_)))
}
