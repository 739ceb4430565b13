//! Form encoding (`application/x-www-form-urlencoded`) of requests and notifications: done after signing,
//! undone before verifying (dossier sections 3.1 and 8).
//!
//! Invariant: every pair has its `=`; a name twice, a broken escape or anything but UTF-8 is an error.

use super::{DecodeError, Fields, Limits};

/// The fields as a body.
pub fn encode(fields: &Fields) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        escape(name, &mut body);
        body.push('=');
        escape(value, &mut body);
    }
    body
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                out.push(char::from(byte))
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
                    out.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
}

/// The fields of a body.
pub fn decode(body: &[u8], limits: &Limits) -> Result<Fields, DecodeError> {
    if body.len() > limits.bytes {
        return Err(DecodeError::TooLarge);
    }
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::Syntax)?;
    let mut fields = Fields::new();
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').ok_or(DecodeError::Syntax)?;
        let (name, value) = (unescape(name)?, unescape(value)?);
        if name.is_empty() {
            return Err(DecodeError::Syntax);
        }
        if fields.insert(name, value).is_some() {
            return Err(DecodeError::Field("a name that is there twice"));
        }
        if fields.len() > limits.parts {
            return Err(DecodeError::TooLarge);
        }
    }
    Ok(fields)
}

fn unescape(text: &str) -> Result<String, DecodeError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut digit = || {
                    rest.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or(DecodeError::Syntax)
                };
                let (high, low) = (digit()?, digit()?);
                bytes.push(u8::try_from(high * 16 + low).map_err(|_| DecodeError::Syntax)?);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| DecodeError::Syntax)
}
