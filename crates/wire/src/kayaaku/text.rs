//! Percent encoding of signatures (dossier section 4.6), and texts that are longer than their field.
//!
//! A text that no decision needs does not make a reply unreadable: the approval beside it would be lost.

/// A text that may be missing, where it fits its field; an over-long one is as good as none.
pub(super) fn fitting(text: &str, longest: usize) -> Option<&str> {
    (text.chars().count() <= longest).then_some(text)
}

/// Words for people, as many as fit.
pub(super) fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// Every byte but letters, digits and `-._~` as `%` and two upper-case digits.
pub fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => {
                out.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
                    out.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
    out
}

/// Whether a text is written as [`percent_encoded`] writes it: nothing left bare, upper-case digits.
pub fn is_percent_encoded(text: &str) -> bool {
    percent_decoded(text).is_some_and(|plain| percent_encoded(&plain) == text)
}

/// The text behind an encoding in upper or lower case; `None` where an escape is cut off or none, or where
/// it is no UTF-8.
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut nibble = || char::from(bytes.next()?).to_digit(16);
        let value = nibble()? * 16 + nibble()?;
        out.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(out).ok()
}
