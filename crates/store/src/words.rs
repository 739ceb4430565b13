//! Amounts in the search. `347,50` is two words for the index, and both are common: to find them side by side
//! it reads every receipt that has the rarer one. So each amount of a text is indexed once more as one word,
//! and whoever types an amount looks for that word.
//!
//! An amount is digits, a comma or point, and exactly two digits; `1.347,50` has the amount `347,50`, as it
//! has those words. Invariant: [`indexed`] depends on the text alone. The index keeps no texts, so it forgets
//! one only when it is told the same words again.

use std::collections::BTreeSet;

/// Begins the word of an amount. A letter for the index, but from the private use area: nobody prints or
/// types it, and no beginning of another word is a beginning of these.
const MARK: char = '\u{e000}';
const POINTS: [char; 2] = [',', '.'];

/// A text as the index gets it: with its amounts behind it.
pub(crate) fn indexed(text: &str) -> String {
    let amounts: BTreeSet<String> =
        text.match_indices(POINTS).filter_map(|(place, _)| amount_at(text, place)).collect();
    amounts.into_iter().fold(text.to_owned(), |all, amount| all + "\n" + &amount)
}

/// The word for what was typed, where that is an amount and nothing else; signs around it do not count.
pub(crate) fn amount(typed: &str) -> Option<String> {
    let typed = typed.trim_matches(|sign: char| !sign.is_alphanumeric());
    let place = typed.find(POINTS)?;
    // One sign less, which is the point.
    let is_all = |word: &String| word.len() + 1 == typed.len() + MARK.len_utf8();
    amount_at(typed, place).filter(is_all)
}

/// The word for the amount whose point is at this place.
fn amount_at(text: &str, place: usize) -> Option<String> {
    let (before, after) = (text.get(..place)?, text.get(place + 1..)?);
    let whole = before.get(before.trim_end_matches(is_digit).len()..)?;
    let length = after.find(|sign| !is_digit(sign)).unwrap_or(after.len());
    let part = after.get(..length).filter(|part| part.len() == 2)?;
    (!whole.is_empty()).then(|| format!("{MARK}{whole}{part}"))
}

fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_indexed_with_its_amounts() {
        let rows: [(&str, &[&str]); 20] = [
            ("", &[]),
            ("Total", &[]),
            ("Total 347,50 SEK", &["34750"]),
            ("SEK 347,50\nTotal 347,50 SEK", &["34750"]),
            ("347.50", &["34750"]),
            ("0,05", &["005"]),
            ("EUR12,50", &["1250"]),
            ("12,50kr", &["1250"]),
            ("-12,50:-", &["1250"]),
            ("1.347,50", &["34750"]),
            ("1 347,50", &["34750"]),
            ("3.12.26", &["1226", "312"]),
            ("12,5", &[]),
            ("12,505", &[]),
            ("12,-", &[]),
            (",50", &[]),
            ("12, 50", &[]),
            ("12,50", &["1250"]),
            ("٣٤٧,50", &[]),
            ("1,00 2,00", &["100", "200"]),
        ];
        for (text, amounts) in rows {
            let want = amounts.iter().fold(text.to_owned(), |all, amount| format!("{all}\n{MARK}{amount}"));
            assert_eq!(indexed(text), want, "{text:?}");
        }
    }

    #[test]
    fn an_amount_is_told_from_other_words() {
        let yes = [
            ("347,50", "34750"),
            ("347.50", "34750"),
            ("-347,50", "34750"),
            ("€347,50:-", "34750"),
            ("(0,05)", "005"),
        ];
        for (typed, want) in yes {
            assert_eq!(amount(typed), Some(format!("{MARK}{want}")), "{typed:?}");
        }
        for typed in
            ["", "347", "347,5", "347,505", ",50", "50,", "1.347,50", "347,50kr", "a,bc", "12.50.10"]
        {
            assert_eq!(amount(typed), None, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_is_found_wherever_it_stands(
            before in "\\PC{0,8}[^0-9]|", whole in "[0-9]{1,9}", point in "[,.]", part in "[0-9]{2}",
            after in "([^0-9]\\PC{0,8})?",
        ) {
            let word = amount(&format!("{whole}{point}{part}")).unwrap();
            let text = format!("{before}{whole}{point}{part}{after}");
            let indexed = indexed(&text);
            let words = indexed.strip_prefix(&text).unwrap();
            prop_assert!(words.split('\n').any(|found| found == word), "{indexed:?}");
        }

        #[test]
        fn what_is_added_are_only_amounts(text in "[0-9,. a\u{e000}\n€]{0,40}|\\PC{0,40}") {
            let indexed = indexed(&text);
            let mut added = indexed.strip_prefix(&text).unwrap().split('\n');
            prop_assert_eq!(added.next(), Some(""));
            for word in added {
                let digits = word.strip_prefix(MARK).unwrap();
                prop_assert!(digits.len() > 2 && digits.chars().all(is_digit), "{word:?}");
                let (whole, part) = digits.split_at(digits.len() - 2);
                let printed = POINTS.map(|point| format!("{whole}{point}{part}"));
                prop_assert!(printed.iter().any(|amount| text.contains(amount)), "{word:?} of {text:?}");
            }
        }
    }
}
