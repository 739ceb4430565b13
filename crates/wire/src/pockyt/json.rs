//! JSON as far as the protocol needs it: a tree in which numbers are kept as their text, so that no amount
//! passes through binary floating point.
//!
//! Invariant: bounded in size, depth and number of parts; a name twice in one object is an error, because
//! what it means cannot be told.

use super::{DecodeError, Limits};
use std::fmt;

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
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
        if bytes.len() > limits.bytes {
            return Err(DecodeError::TooLarge);
        }
        let rest = std::str::from_utf8(bytes).map_err(|_| DecodeError::Syntax)?;
        let mut reader = Reader { rest, parts_left: limits.parts };
        let value = reader.value(limits.depth)?;
        reader.blank();
        if reader.rest.is_empty() { Ok(value) } else { Err(DecodeError::Syntax) }
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

    fn value(&mut self, depth_left: usize) -> Result<Json, DecodeError> {
        self.blank();
        self.parts_left = self.parts_left.checked_sub(1).ok_or(DecodeError::TooLarge)?;
        let nested = || depth_left.checked_sub(1).ok_or(DecodeError::TooLarge);
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
            _ => Err(DecodeError::Syntax),
        }
    }

    fn object(&mut self, depth_left: usize) -> Result<Json, DecodeError> {
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
                return Err(DecodeError::Syntax);
            }
            let value = self.value(depth_left)?;
            if members.iter().any(|(known, _)| *known == name) {
                return Err(DecodeError::Field("a name that is there twice"));
            }
            members.push((name, value));
            self.blank();
            if self.take("}") {
                return Ok(Json::Object(members));
            }
            if !self.take(",") {
                return Err(DecodeError::Syntax);
            }
        }
    }

    fn array(&mut self, depth_left: usize) -> Result<Json, DecodeError> {
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
                return Err(DecodeError::Syntax);
            }
        }
    }

    /// A text with its quotation marks: found by the rules of escapes, understood by the library.
    fn string(&mut self) -> Result<String, DecodeError> {
        if !self.rest.starts_with('"') {
            return Err(DecodeError::Syntax);
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
        let (text, rest) = split.ok_or(DecodeError::Syntax)?;
        self.rest = rest;
        serde_json::from_str(text).map_err(|_| DecodeError::Syntax)
    }

    fn number(&mut self) -> Result<Json, DecodeError> {
        let number = self.span(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
        if is_number(&number) { Ok(Json::Number(number)) } else { Err(DecodeError::Syntax) }
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
