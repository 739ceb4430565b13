//! Card numbers in what people type: masked before it is written down or shown.
//!
//! What a terminal says is masked where its protocol is read; this is for everything that comes from a
//! person. A card number is a run of 12 to 19 digits, possibly grouped by single blanks or hyphens, that
//! passes the Luhn check. Invariant: masking neither lengthens nor reorders text, and leaves masked text
//! alone.

const FIRST: usize = 6;
const LAST: usize = 4;
const SHORTEST: usize = 12;
const LONGEST: usize = 19;

/// The text with every card number in it reduced to its first six and last four digits.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (plain, tail) = rest.split_at(start);
        out.push_str(plain);
        let group = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let card = number_at_start(tail);
        let (head, tail) = tail.split_at(card.unwrap_or(group));
        if card.is_some() {
            hide(head, &mut out)
        } else {
            out.push_str(head)
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Length in bytes of the longest card number that the text starts with. It ends where a group of digits
/// does.
fn number_at_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut digits, mut at, mut longest) = (Vec::new(), 0, None);
    while digits.len() <= LONGEST {
        while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
            digits.push(digit - b'0');
            at += 1;
        }
        if (SHORTEST..=LONGEST).contains(&digits.len()) && passes_luhn(&digits) {
            longest = Some(at);
        }
        if !(matches!(bytes.get(at), Some(b' ' | b'-')) && is_digit(at + 1)) {
            break;
        }
        at += 1;
    }
    longest
}

/// The check of ISO/IEC 7812: every second digit from the right doubled, the sum of all digits divisible by
/// ten.
fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let doubled = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn hide(number: &str, out: &mut String) {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let mut seen = 0;
    out.extend(number.chars().map(|c| {
        seen += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && seen > FIRST && seen + LAST <= digits { '*' } else { c }
    }));
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn card_numbers_are_masked_and_nothing_else() {
        let rows = [
            ("4111111111111111", "411111******1111"),
            ("4111 1111 1111 1111", "4111 11** **** 1111"),
            ("card 4111-1111-1111-1111, please", "card 4111-11**-****-1111, please"),
            ("ref 12 5413330089020011", "ref 12 541333******0011"),
            ("å5413330089020011ö", "å541333******0011ö"),
            ("4111111111111112", "4111111111111112"),
            ("41111111111111110000000", "41111111111111110000000"),
            ("411111******1111", "411111******1111"),
            ("4111  1111  1111  1111", "4111  1111  1111  1111"),
            ("12.50 at 14:02", "12.50 at 14:02"),
            ("", ""),
        ];
        for (text, want) in rows {
            assert_eq!(masked(text), want);
            assert_eq!(masked(want), want, "twice");
        }
    }
}
