//! Masks card numbers before anything is logged, shown or stored.
//!
//! A card number is a run of 12–19 digits, possibly grouped by single blanks or hyphens (those that do not
//! break a line, too), that passes the Luhn check. Invariant: masking never lengthens or reorders text,
//! leaves text that is already masked alone, and never touches an identifier the caller names: a receipt
//! without its reference number is worth nothing.

mod trace;

pub use trace::mask_xml_trace;

/// How much of a card number stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// `541333******0014`: merchant copies, answers, logs.
    FirstSixLastFour,
    /// `************0014`: what the customer takes away.
    LastFour,
}

impl Shown {
    fn first(self) -> usize {
        match self {
            Self::FirstSixLastFour => 6,
            Self::LastFour => 0,
        }
    }
}

const LAST: usize = 4;
const SHORTEST: usize = 12;
const LONGEST: usize = 19;

/// Masks a field that is known to hold a card number, whatever its check digit says. Up to ten digits
/// are taken for a number that is masked already.
pub fn card_field(text: &str, shown: Shown) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits <= Shown::FirstSixLastFour.first() + LAST {
        return text.to_owned();
    }
    let mut seen = 0;
    let mask = |c: char| {
        if !c.is_ascii_digit() {
            return c;
        }
        seen += 1;
        if seen > shown.first() && seen + LAST <= digits { '*' } else { c }
    };
    text.chars().map(mask).collect()
}

/// Masks every card number in free text. `identifiers` are exempt: transaction numbers, references,
/// application identifiers the caller knows.
pub fn text(text: &str, shown: Shown, identifiers: &[&str]) -> String {
    let exempt: Vec<&str> = identifiers.iter().flat_map(|known| groups(known)).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (plain, tail) = rest.split_at(start);
        out.push_str(plain);
        before = plain.chars().next_back().or(before);
        let (run, tail) = tail.split_at(run_length(tail));
        mask_run(run, before, shown, &exempt, &mut out);
        before = run.chars().next_back();
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Length in bytes of the digits at the start of `text`, single blanks and hyphens between digits included.
fn run_length(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let goes_on = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if c.is_ascii_digit() {
            end = at + 1;
        } else if !(at == end && is_separator(c) && goes_on) {
            break;
        }
    }
    end
}

/// A blank or a hyphen, of those that a terminal may group digits by.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\u{2010}' | '\u{2011}')
}

fn groups(run: &str) -> impl Iterator<Item = &str> {
    run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty())
}

/// Writes one run. Any sequence of neighbouring groups may be a card number: a reference may stand one
/// blank before it.
fn mask_run(run: &str, before: Option<char>, shown: Shown, exempt: &[&str], out: &mut String) {
    let mut rest = run;
    let mut at_start = true;
    while !rest.is_empty() {
        let application = at_start && before == Some('A') && rest.starts_with("000");
        let card = if application { None } else { card_at_start(rest, exempt) };
        let group = rest.find(is_separator).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(card.unwrap_or(group));
        match card {
            Some(_) => out.push_str(&card_field(head, shown)),
            None => out.push_str(head),
        }
        let separator = tail.len() - tail.trim_start_matches(is_separator).len();
        let (separator, tail) = tail.split_at(separator);
        out.push_str(separator);
        rest = tail;
        at_start = false;
    }
}

/// Length in bytes of the longest sequence of groups at the start of `run` that is a card number.
/// Groups that are exempt belong to none.
fn card_at_start(run: &str, exempt: &[&str]) -> Option<usize> {
    let mut longest = None;
    let mut digits = String::new();
    let mut start = 0;
    for group in run.split(is_separator) {
        digits.push_str(group);
        if exempt.contains(&group) || digits.len() > LONGEST {
            break;
        }
        let end = start + group.len();
        if digits.len() >= SHORTEST && !exempt.contains(&digits.as_str()) && passes_luhn(&digits) {
            longest = Some(end);
        }
        let separator = run.get(end..).and_then(|rest| rest.chars().next());
        start = end + separator.map_or(0, char::len_utf8);
    }
    longest
}

/// The check of ISO/IEC 7812: every second digit from the right doubled, the sum of all digits
/// divisible by ten.
pub fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            let doubled = if place % 2 == 1 { digit * 2 } else { digit };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}
