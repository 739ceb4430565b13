//! What a person types into a search field, as an FTS5 expression.
//!
//! Every word must occur; the last one may be the beginning of a word. Invariant: no input is a syntax error,
//! and none of FTS5's operators can be typed.

/// The expression; nothing when there is no word to look for.
pub(crate) fn expression(typed: &str) -> Option<String> {
    let mut expression = String::with_capacity(typed.len() + 8);
    let words = typed
        .split(|sign: char| sign.is_whitespace() || sign.is_control())
        .filter(|word| word.chars().any(char::is_alphanumeric));
    for word in words {
        if !expression.is_empty() {
            expression.push(' ');
        }
        // A quoted string is a phrase of whatever words the tokenizer finds in it: `12,50` is `12` then `50`.
        expression.push('"');
        expression.extend(word.chars().map(|sign| if sign == '"' { ' ' } else { sign }));
        expression.push('"');
    }
    if expression.is_empty() {
        return None;
    }
    if !typed.ends_with(char::is_whitespace) {
        expression.push('*');
    }
    Some(expression)
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn words_become_phrases() {
        let rows = [
            ("", None),
            (" \"*' ", None),
            ("köp", Some("\"köp\"*")),
            ("köp ", Some("\"köp\"")),
            ("12,50 NEAR(a b) AND", Some("\"12,50\" \"NEAR(a\" \"b)\" \"AND\"*")),
            ("a\"b\0c", Some("\"a b\" \"c\"*")),
        ];
        for (typed, want) in rows {
            assert_eq!(expression(typed).as_deref(), want, "{typed:?}");
        }
    }
}
