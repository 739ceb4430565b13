//! PINs: which are refused from the start, and what wrong ones cost. Hashing and comparing is done elsewhere.

use crate::limits::{FIRST_WAIT, FREE_TRIES, LONGEST_WAIT};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a PIN is not accepted as a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinRule {
    /// Not 4 to 12 digits.
    #[error("a PIN has 4 to 12 digits")]
    Digits,
    /// One digit repeated, or a run up or down.
    #[error("this PIN is too easy to guess")]
    Easy,
}

impl PinRule {
    /// The stable word, for words in any language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Easy => "easy",
        }
    }
}

/// Whether this text may become a PIN.
pub fn check_pin(text: &str) -> Result<(), PinRule> {
    let digits: Vec<u8> = text.bytes().collect();
    if !(4..=12).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(PinRule::Digits);
    }
    let is_run = |step: u8| {
        let follows = |one: &u8, next: &u8| (one - b'0' + step) % 10 == next - b'0';
        digits.iter().zip(digits.iter().skip(1)).all(|(one, next)| follows(one, next))
    };
    // A step of nine is a run downwards.
    if [0, 1, 9].into_iter().any(is_run) { Err(PinRule::Easy) } else { Ok(()) }
}

/// Wrong PINs in a row of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// How many.
    pub wrong: u32,
    /// When the newest was.
    pub last: Option<Timestamp>,
}

/// It is too early to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many wrong PINs; not before {until}")]
pub struct Wait {
    /// From when on.
    pub until: Timestamp,
}

impl Tries {
    /// Whether a PIN may be typed now. Asked before the hash is compared, so that a guess in a wait tells
    /// nothing. A clock that was set back by more than the wait does not lock anybody out.
    pub fn may_try(&self, now: Timestamp) -> Result<(), Wait> {
        let (Some(last), Some(over)) = (self.last, self.wrong.checked_sub(FREE_TRIES)) else {
            return Ok(());
        };
        let wait = (0..over.min(16)).fold(FIRST_WAIT, |wait, _| (wait + wait).min(LONGEST_WAIT));
        let left = wait - now.duration_since(last).abs();
        if left.is_positive() { Err(Wait { until: now.checked_add(left).unwrap_or(now) }) } else { Ok(()) }
    }
    /// After a wrong one.
    #[must_use]
    pub fn refused(self, at: Timestamp) -> Self {
        Self { wrong: self.wrong.saturating_add(1), last: Some(at) }
    }
}
