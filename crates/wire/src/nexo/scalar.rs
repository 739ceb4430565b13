//! Simple types of the grammar: text, flags, numbers, times, lists, base64 and card numbers.
//!
//! Invariant: whatever a simple type reads and writes again has the same meaning, and what the reader
//! cannot interpret it either keeps as text or reports; it never guesses.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::element::Text;
use super::mask;
use super::read::is_blank;

impl Text for String {
    fn parse(raw: &str) -> Result<Self, String> {
        Ok(raw.to_owned())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Text for bool {
    fn parse(raw: &str) -> Result<Self, String> {
        match raw.trim_matches(is_blank) {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err("is neither true nor false".to_owned()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

impl Text for u32 {
    fn parse(raw: &str) -> Result<Self, String> {
        raw.trim_matches(is_blank).parse().map_err(|_| "is not a whole number".to_owned())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

/// A point in time exactly as written. A reversal must repeat the terminal's text letter by letter (dossier
/// chapter 4, gotcha 4), so nothing here parses or re-formats it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Stamp(String);

impl Stamp {
    /// A time stamp from its text, for example `2025-03-04T10:15:09+01:00`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it came or as it is to be sent.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Stamp {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Text for Stamp {
    fn parse(raw: &str) -> Result<Self, String> {
        Ok(Self::new(raw))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// A blank-separated list. Members the list does not know are kept (dossier chapter 4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct List<T>(pub Vec<T>);

impl<T: PartialEq> List<T> {
    /// Whether the list has this member.
    pub fn contains(&self, member: &T) -> bool {
        self.0.contains(member)
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(members: Vec<T>) -> Self {
        Self(members)
    }
}

impl<T: Text> Text for List<T> {
    fn parse(raw: &str) -> Result<Self, String> {
        raw.split(is_blank)
            .filter(|member| !member.is_empty())
            .map(T::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.iter().map(|member| member.text().into_owned()).collect::<Vec<_>>().join(" "))
    }
}

/// Bytes carried as base64; text that is not base64 is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Base64 {
    /// The bytes.
    Decoded(Vec<u8>),
    /// Text that does not decode; written back unchanged.
    Raw(String),
}

impl Base64 {
    /// The bytes, if the text was base64.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Decoded(bytes) => Some(bytes),
            Self::Raw(_) => None,
        }
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self::Decoded(bytes.to_vec())
    }
}

impl Text for Base64 {
    fn parse(raw: &str) -> Result<Self, String> {
        Ok(decode_base64(raw).map_or_else(|| Self::Raw(raw.to_owned()), Self::Decoded))
    }

    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Decoded(bytes) => Cow::Owned(encode_base64(bytes)),
            Self::Raw(text) => Cow::Borrowed(text),
        }
    }
}

/// Decodes base64 of the standard alphabet with padding, white space stripped first (dossier chapter 4).
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(compact).ok()
}

/// Encodes as base64 of the standard alphabet with padding and without line breaks.
pub fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A card number or track that the till itself sends (gift cards only, dossier chapter 6.5). Does not print
/// itself: `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CardNumber(String);

impl CardNumber {
    /// Takes the digits as typed.
    pub fn new(digits: impl Into<String>) -> Self {
        Self(digits.into())
    }

    /// The digits in clear, for the wire only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardNumber({} characters)", self.0.chars().count())
    }
}

impl Text for CardNumber {
    fn parse(raw: &str) -> Result<Self, String> {
        Ok(Self::new(raw))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// A card number of a terminal's answer. Masked on reading, whatever the terminal sent: at most the
/// first six and the last four digits stay.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct MaskedPan(String);

impl MaskedPan {
    /// Masks the number if it is not masked yet.
    pub fn new(number: &str) -> Self {
        Self(mask::card_field(number, mask::Shown::FirstSixLastFour))
    }

    /// The masked text, for example `541333******0014`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text for MaskedPan {
    fn parse(raw: &str) -> Result<Self, String> {
        Ok(Self::new(raw))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}
