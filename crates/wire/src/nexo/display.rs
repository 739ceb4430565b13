//! Texts the terminal wants shown to the cashier: `id,"line 1","line 2"`.
//!
//! Dossier chapter 12.2. Invariant: every text yields something to show; no outcome is ever derived
//! from one.

use super::output::OutputContent;

/// A text for the cashier's screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DisplayText {
    /// Number of the text, for logging only: the list of numbers is not public (dossier U6).
    pub id: Option<u32>,
    /// Lines joined by line breaks.
    pub text: String,
}

impl DisplayText {
    /// Reads one record; without a leading number the whole text is the message.
    pub fn parse(record: &str) -> Self {
        let numbered = record.trim_start().split_once(',').and_then(|(id, lines)| {
            let id = id.trim_end();
            let digits = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| id.parse().ok()).flatten().map(|id| (id, lines))
        });
        match numbered {
            Some((id, lines)) => Self { id: Some(id), text: split_quoted(lines).join("\n") },
            None => Self { id: None, text: record.to_owned() },
        }
    }

    /// Reads all texts of a display; the first number found is the number of the whole.
    pub fn of(content: &OutputContent) -> Self {
        let parts: Vec<Self> = content.plain().map(Self::parse).collect();
        let id = parts.iter().find_map(|part| part.id);
        let texts: Vec<String> = parts.into_iter().map(|part| part.text).collect();
        Self { id, text: texts.join("\n") }
    }

    /// Whether the text only shows how many digits of a PIN were entered: `Enter PIN: ***`. One such
    /// text comes per digit; they are shown but not logged one by one.
    pub fn is_pin_echo(&self) -> bool {
        let text = self.text.trim_end();
        let before = text.trim_end_matches('*');
        let asterisks = text.len() - before.len();
        let stands_alone = before.is_empty() || before.ends_with([' ', ':', '\n', '\t']);
        (1..=12).contains(&asterisks) && stands_alone && !before.contains(|c: char| c.is_ascii_digit())
    }
}

/// Comma-separated fields; a quoted field may hold commas and doubled quotes.
fn split_quoted(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut was_quoted = false;
    let mut chars = line.chars().peekable();
    let mut finish = |field: &mut String, was_quoted: &mut bool| {
        let taken = std::mem::take(field);
        fields.push(if *was_quoted { taken } else { taken.trim().to_owned() });
        *was_quoted = false;
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() && !was_quoted => {
                field.clear();
                quoted = true;
                was_quoted = true;
            }
            ',' if !quoted => finish(&mut field, &mut was_quoted),
            c if was_quoted && !quoted && c.is_whitespace() => {}
            c => field.push(c),
        }
    }
    finish(&mut field, &mut was_quoted);
    fields
}
