//! The line of one code, or of a picture without any.

use serde::Serialize;
use till::seams::domain::wallet::Scan;
use till::seams::peripherals::code::{Format, Guidance};

use super::Line;

/// What is in view. `text` is left out unless it was asked for.
#[derive(Debug, Default, Serialize)]
pub struct SeenLine {
    pub file: Option<String>,
    pub format: Option<&'static str>,
    pub wallet: Option<&'static str>,
    pub masked: Option<String>,
    pub refusal: Option<&'static str>,
    pub sight: Option<&'static str>,
    pub guidance: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl SeenLine {
    /// A code, or a line of a scanner, which does not say of what kind it was.
    pub fn of(format: Option<Format>, scan: &Scan) -> Self {
        let seen = Self { format: format.map(Format::code), ..Self::default() };
        match scan {
            Scan::Payment(code) => {
                Self { wallet: Some(code.brand().code()), masked: Some(code.masked()), ..seen }
            }
            Scan::Refused(refusal) => Self { refusal: Some(refusal.code()), ..seen },
        }
    }

    /// No code.
    pub fn none(guidance: Option<Guidance>) -> Self {
        Self { guidance: guidance.map(Guidance::code), ..Self::default() }
    }
}

impl Line {
    /// What is in view.
    pub fn seen(line: SeenLine) -> Self {
        Self::Seen(Box::new(line))
    }
}
