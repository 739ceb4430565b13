//! What a person types into a search field, as FTS5 expressions.
//!
//! Every word must occur; the last one may be the beginning of a word. FTS5 collects every row of every word
//! that begins so before it gives the first one, so a beginning is asked for as the few whole words that it
//! can be, which it reads newest first. An amount is a word of its own, and complete. Invariant: no input is
//! a syntax error, and none of FTS5's operators can be typed.

use crate::words;

/// What was typed, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    /// The words before the last one, as phrases.
    before: String,
    /// The last word as a phrase.
    last: String,
    /// The last word may go on.
    goes_on: bool,
}

impl Search {
    /// Takes a text apart; nothing when there is no word to look for.
    pub fn read(typed: &str) -> Option<Self> {
        let mut words: Vec<&str> = typed
            .split(|sign: char| sign.is_whitespace() || sign.is_control())
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .collect();
        let last = words.pop()?;
        let goes_on = !typed.ends_with(char::is_whitespace) && words::amount(last).is_none();
        let before: Vec<String> = words.into_iter().map(one).collect();
        Some(Self { before: before.join(" "), last: one(last), goes_on })
    }

    /// Every word as it was typed.
    pub fn whole(&self) -> String {
        self.with(&self.last)
    }

    /// The last word may be the beginning of a longer one.
    pub fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// The last word as the index spells it, where that is certain: plain letters and digits. Others are
    /// taken apart or lose their accents by rules of the index's own.
    pub fn beginning(&self) -> Option<String> {
        let word = self.last.trim_matches('"');
        word.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| word.to_ascii_lowercase())
    }

    /// One of these words in the place of the last one.
    pub fn one_of(&self, words: &[String]) -> String {
        let phrases: Vec<String> = words.iter().map(|word| phrase(word)).collect();
        let any = format!("({})", phrases.join(" OR "));
        if self.before.is_empty() { any } else { format!("({}) AND {any}", self.before) }
    }

    /// Any word that begins so, whatever it costs.
    pub fn any(&self) -> String {
        self.with(&format!("{}*", self.last))
    }

    fn with(&self, last: &str) -> String {
        if self.before.is_empty() { last.to_owned() } else { format!("{} {last}", self.before) }
    }
}

/// A typed word: the word of an amount, or a phrase.
fn one(word: &str) -> String {
    phrase(&words::amount(word).unwrap_or_else(|| word.to_owned()))
}

/// A quoted string is a phrase of whatever words the tokenizer finds in it: `12,5` is `12` then `5`.
fn phrase(word: &str) -> String {
    let inner: String = word.chars().map(|sign| if sign == '"' { ' ' } else { sign }).collect();
    format!("\"{inner}\"")
}

#[cfg(test)]
mod tests {
    use super::Search;

    #[test]
    fn words_become_phrases() {
        let rows = [
            ("", None),
            (" \"*' ", None),
            ("köp", Some("\"köp\"*")),
            ("köp ", Some("\"köp\"")),
            ("12,5 NEAR(a b) AND", Some("\"12,5\" \"NEAR(a\" \"b)\" \"AND\"*")),
            ("köp -12,50 k", Some("\"köp\" \"\u{e000}1250\" \"k\"*")),
            ("köp 12.50", Some("\"köp\" \"\u{e000}1250\"")),
            ("a\"b\0c", Some("\"a b\" \"c\"*")),
        ];
        for (typed, want) in rows {
            let read = Search::read(typed);
            let made = read.map(|search| if search.goes_on() { search.any() } else { search.whole() });
            assert_eq!(made.as_deref(), want, "{typed:?}");
        }
    }

    #[test]
    fn a_beginning_becomes_the_words_it_can_be() {
        let search = Search::read("Visa Cont").unwrap();
        assert_eq!(search.whole(), "\"Visa\" \"Cont\"");
        assert_eq!(search.beginning().as_deref(), Some("cont"));
        let words = ["contact".to_owned(), "contactless".to_owned()];
        assert_eq!(search.one_of(&words), "(\"Visa\") AND (\"contact\" OR \"contactless\")");
        assert_eq!(Search::read("mas").unwrap().one_of(&words[..1]), "(\"contact\")");
        for typed in ["köp", "12,50", "12,5", "a-b"] {
            assert_eq!(Search::read(typed).unwrap().beginning(), None, "{typed}");
        }
    }
}
