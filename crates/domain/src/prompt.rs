//! Questions a terminal (or the till itself) asks the cashier, and their answers (R9).

use crate::ids::PromptId;
use serde::{Deserialize, Serialize};

/// What kind of answer is wanted.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Is the signature right? Yes or no.
    Signature,
    /// Any other yes or no.
    Confirm,
    /// Press any key.
    AnyKey,
    /// Digits, between these lengths.
    Digits {
        /// Fewest.
        min: u16,
        /// Most.
        max: u16,
    },
    /// Free text, between these lengths.
    Text {
        /// Fewest.
        min: u16,
        /// Most.
        max: u16,
    },
    /// A decimal number as text.
    Decimal {
        /// Most decimals.
        decimals: u8,
    },
    /// One of these entries, counted from 1.
    Menu {
        /// The entries in order.
        entries: Vec<String>,
    },
}

impl Question {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Confirm => "confirm",
            Self::AnyKey => "any_key",
            Self::Digits { .. } => "digits",
            Self::Text { .. } => "text",
            Self::Decimal { .. } => "decimal",
            Self::Menu { .. } => "menu",
        }
    }
    /// Whether this answers that question.
    pub fn accepts(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (_, Answer::NoDialogue) => true,
            (Self::Signature | Self::Confirm, Answer::Yes | Answer::No) | (Self::AnyKey, Answer::Yes) => {
                true
            }
            (Self::Digits { min, max }, Answer::Typed(text)) => {
                text.bytes().all(|byte| byte.is_ascii_digit()) && fits(text, *min, *max)
            }
            (Self::Text { min, max }, Answer::Typed(text)) => fits(text, *min, *max),
            (Self::Decimal { decimals }, Answer::Typed(text)) => is_decimal(text, *decimals),
            (Self::Menu { entries }, Answer::Chosen(number)) => {
                *number >= 1 && usize::from(*number) <= entries.len()
            }
            (Self::Signature | Self::Confirm, Answer::Typed(_) | Answer::Chosen(_))
            | (Self::AnyKey, Answer::No | Answer::Typed(_) | Answer::Chosen(_))
            | (Self::Digits { .. } | Self::Text { .. } | Self::Decimal { .. }, Answer::Yes | Answer::No)
            | (Self::Digits { .. } | Self::Text { .. } | Self::Decimal { .. }, Answer::Chosen(_))
            | (Self::Menu { .. }, Answer::Yes | Answer::No | Answer::Typed(_)) => false,
        }
    }
}

fn fits(text: &str, min: u16, max: u16) -> bool {
    let length = text.chars().count();
    length >= usize::from(min) && length <= usize::from(max)
}

fn is_decimal(text: &str, decimals: u8) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    !whole.is_empty()
        && fraction.len() <= usize::from(decimals)
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
}

/// One answer to a question.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes, or the key was pressed.
    Yes,
    /// No.
    No,
    /// What was typed.
    Typed(String),
    /// Which entry, counted from 1.
    Chosen(u16),
    /// The dialogue could not be held: nobody answered in time, or it was withdrawn. Never "no".
    NoDialogue,
}

impl Answer {
    /// As it may be written down: what was typed may be a card number.
    #[must_use]
    pub fn masked(&self) -> Self {
        match self {
            Self::Typed(text) => Self::Typed(crate::card::masked(text)),
            Self::Yes | Self::No | Self::Chosen(_) | Self::NoDialogue => self.clone(),
        }
    }
}

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Its id; an answer names it.
    pub id: PromptId,
    /// What is wanted.
    pub question: Question,
    /// The words to show.
    pub text: String,
}
