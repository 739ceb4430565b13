//! JSON as far as the protocols need it: a tree in which numbers are kept as their text, so that no amount
//! passes through binary floating point.
//!
//! Invariant: bounded in size, depth and number of parts; a name twice in one object is an error, because
//! what it means cannot be told.

use std::fmt;

/// What a message may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a whole message.
    pub bytes: usize,
    /// Levels of nested JSON.
    pub depth: usize,
    /// Names, values and elements in all.
    pub parts: usize,
}

impl Limits {
    /// A reply: a query with some hundred partial refunds.
    pub const REPLY: Self = Self { bytes: 256 * 1024, depth: 8, parts: 8_000 };
    /// A request or notification from outside.
    pub const LISTENER: Self = Self { bytes: 32 * 1024, depth: 2, parts: 200 };
}

/// Why bytes are no JSON that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// Longer, deeper or of more parts than allowed.
    TooLarge,
    /// Not UTF-8 or not JSON; also anything that was cut off.
    Syntax,
    /// A name twice in one object.
    Twice,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// Elements in order.
    Array(Vec<Json>),
    /// Names and values in order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Reads one value that takes up all bytes.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, JsonError> {
        if bytes.len() > limits.bytes {
            return Err(JsonError::TooLarge);
        }
        let rest = std::str::from_utf8(bytes).map_err(|_| JsonError::Syntax)?;
        let mut reader = Reader { rest, parts_left: limits.parts };
        let value = reader.value(limits.depth)?;
        reader.blank();
        if reader.rest.is_empty() { Ok(value) } else { Err(JsonError::Syntax) }
    }

    /// The value of this name, where this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => f.write_str(number),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Array(elements) => {
                f.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    write!(f, "{}{}:{value}", if index == 0 { "" } else { "," }, quoted(name))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// An object's text without the member of this name, every other sign as it was, and that member's value;
/// `None` where there is no such member. A signature is over the text that was signed, not over its meaning.
///
/// # Errors
/// Not one whole object within the limits.
pub fn without_member(
    text: &str,
    name: &str,
    limits: &Limits,
) -> Result<Option<(String, Json)>, JsonError> {
    let Json::Object(members) = Json::decode(text.as_bytes(), limits)? else {
        return Err(JsonError::Syntax);
    };
    let Some((_, value)) = members.into_iter().find(|(known, _)| known == name) else { return Ok(None) };
    let mut reader = Reader { rest: text, parts_left: limits.parts };
    let at = |reader: &Reader| text.len().saturating_sub(reader.rest.len());
    reader.blank();
    reader.take("{");
    let mut comma_before = None;
    loop {
        reader.blank();
        let start = at(&reader);
        let is_meant = reader.string()? == name;
        reader.blank();
        reader.take(":");
        reader.value(limits.depth)?;
        let end = at(&reader);
        reader.blank();
        let comma = at(&reader);
        let goes_on = reader.take(",");
        if is_meant {
            reader.blank();
            let (from, to) = match (comma_before, goes_on) {
                (_, true) => (start, at(&reader)),
                (Some(comma), false) => (comma, end),
                (None, false) => (start, end),
            };
            let (head, tail) = (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
            return Ok(Some((format!("{head}{tail}"), value)));
        }
        if !goes_on {
            return Ok(None);
        }
        comma_before = Some(comma);
    }
}

/// The members of an object with their values as they are written: a signature can be over the text of a
/// value that is no scalar.
///
/// # Errors
/// Not one whole object within the limits.
pub fn written_members<'t>(
    text: &'t str,
    limits: &Limits,
) -> Result<Vec<(String, Json, &'t str)>, JsonError> {
    let Json::Object(members) = Json::decode(text.as_bytes(), limits)? else {
        return Err(JsonError::Syntax);
    };
    let mut reader = Reader { rest: text, parts_left: limits.parts };
    let at = |reader: &Reader| text.len().saturating_sub(reader.rest.len());
    reader.blank();
    reader.take("{");
    let mut written = Vec::new();
    for (name, value) in members {
        reader.blank();
        reader.string()?;
        reader.blank();
        reader.take(":");
        reader.blank();
        let from = at(&reader);
        reader.value(limits.depth)?;
        written.push((name, value, text.get(from..at(&reader)).unwrap_or_default()));
        reader.blank();
        reader.take(",");
    }
    Ok(written)
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned())
}

struct Reader<'a> {
    rest: &'a str,
    parts_left: usize,
}

impl Reader<'_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn take(&mut self, sign: &str) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// As far as `is_part` goes, and what is left.
    fn span(&mut self, is_part: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (span, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        span.to_owned()
    }

    fn value(&mut self, depth_left: usize) -> Result<Json, JsonError> {
        self.blank();
        self.parts_left = self.parts_left.checked_sub(1).ok_or(JsonError::TooLarge)?;
        let nested = || depth_left.checked_sub(1).ok_or(JsonError::TooLarge);
        if self.take("{") {
            return self.object(nested()?);
        }
        if self.take("[") {
            return self.array(nested()?);
        }
        if self.rest.starts_with('"') {
            return self.string().map(Json::Text);
        }
        if self.rest.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return self.number();
        }
        match self.span(|c| c.is_ascii_lowercase()).as_str() {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Flag(true)),
            "false" => Ok(Json::Flag(false)),
            _ => Err(JsonError::Syntax),
        }
    }

    fn object(&mut self, depth_left: usize) -> Result<Json, JsonError> {
        let mut members: Vec<(String, Json)> = Vec::new();
        self.blank();
        if self.take("}") {
            return Ok(Json::Object(members));
        }
        loop {
            self.blank();
            let name = self.string()?;
            self.blank();
            if !self.take(":") {
                return Err(JsonError::Syntax);
            }
            let value = self.value(depth_left)?;
            if members.iter().any(|(known, _)| *known == name) {
                return Err(JsonError::Twice);
            }
            members.push((name, value));
            self.blank();
            if self.take("}") {
                return Ok(Json::Object(members));
            }
            if !self.take(",") {
                return Err(JsonError::Syntax);
            }
        }
    }

    fn array(&mut self, depth_left: usize) -> Result<Json, JsonError> {
        let mut elements = Vec::new();
        self.blank();
        if self.take("]") {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value(depth_left)?);
            self.blank();
            if self.take("]") {
                return Ok(Json::Array(elements));
            }
            if !self.take(",") {
                return Err(JsonError::Syntax);
            }
        }
    }

    /// A text with its quotation marks: found by the rules of escapes, understood by the library.
    fn string(&mut self) -> Result<String, JsonError> {
        if !self.rest.starts_with('"') {
            return Err(JsonError::Syntax);
        }
        let (mut escaped, mut end) = (false, None);
        for (at, byte) in self.rest.bytes().enumerate().skip(1) {
            if byte == b'"' && !escaped {
                end = Some(at + 1);
                break;
            }
            escaped = byte == b'\\' && !escaped;
        }
        let split = end.and_then(|end| self.rest.split_at_checked(end));
        let (text, rest) = split.ok_or(JsonError::Syntax)?;
        self.rest = rest;
        serde_json::from_str(text).map_err(|_| JsonError::Syntax)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let number = self.span(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
        if is_number(&number) { Ok(Json::Number(number)) } else { Err(JsonError::Syntax) }
    }
}

/// The grammar of JSON: `-0.5e+3`, no leading zeros.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = |part: &str| digits(part.strip_prefix(['+', '-']).unwrap_or(part));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(unsigned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn without(text: &str) -> Option<(String, Json)> {
        without_member(text, "s", &Limits::REPLY).unwrap()
    }

    #[test]
    fn a_member_is_taken_out_and_nothing_else_changes() {
        let rest = |text: &str| without(text).unwrap().0;
        assert_eq!(rest(r#"{"a":"1","s":"x"}"#), r#"{"a":"1"}"#);
        assert_eq!(rest(r#"{"s":"x","a":"\u0031"}"#), r#"{"a":"\u0031"}"#);
        assert_eq!(
            rest(r#"{ "a" : 1.50 , "s" : "x", "b":[1, {"s":2}] }"#),
            r#"{ "a" : 1.50 , "b":[1, {"s":2}] }"#
        );
        assert_eq!(rest(r#"{"s":"x"}"#), "{}");
        assert_eq!(without(r#"{"a":{"s":"x"}}"#), None);
        assert_eq!(without_member("[1]", "s", &Limits::REPLY), Err(JsonError::Syntax));
    }

    #[test]
    fn members_come_with_their_values_as_they_are_written() {
        let text = r#" { "a" : 1.50 , "b":"x\u0031", "c":{"d": [1, 2]} } "#;
        let written = written_members(text, &Limits::REPLY).unwrap();
        let told: Vec<_> = written.iter().map(|(name, _, raw)| (name.as_str(), *raw)).collect();
        assert_eq!(told, [("a", "1.50"), ("b", r#""x\u0031""#), ("c", r#"{"d": [1, 2]}"#)]);
        assert_eq!(written[1].1, Json::text("x1"));
        assert_eq!(written_members("{}", &Limits::REPLY), Ok(Vec::new()));
        assert_eq!(written_members("[]", &Limits::REPLY), Err(JsonError::Syntax));
    }

    proptest! {
        #[test]
        fn what_is_left_is_what_was_there(before in "[a-z]{2,5}", after in "[A-Z]{2,5}", value in ".{0,20}") {
            let all = Json::Object(vec![
                (before.clone(), Json::text(&value)),
                ("s".to_owned(), Json::text(&value)),
                (after.clone(), Json::text(&value)),
            ]);
            let left = Json::Object(vec![(before, Json::text(&value)), (after, Json::text(&value))]);
            prop_assert_eq!(without(&all.to_string()), Some((left.to_string(), Json::Text(value))));
        }
    }
}
