//! The one table of signs that reach paper: WPC1252, page 16 of ESC/POS.
//!
//! WPC1252 rather than CP858: it holds the signs of every western European language, the euro sign and the
//! typographic quotes and dashes that terminals send, and most of it is Latin-1, where a mistake is easy to
//! see. Invariant: no sign becomes a control byte, so no text can carry a command.

/// Number of the page in `ESC t n`.
pub const PAGE: u8 = 16;
/// What stands for a sign that is not in the table.
pub const MISSING: u8 = b'?';

/// 0x80 to 0x9F; the rest of the upper half is Latin-1. `\0` marks the five bytes that mean nothing.
const UPPER: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The byte of a sign, [`MISSING`] where the page has none.
pub fn byte(sign: char) -> u8 {
    match sign {
        ' '..='~' | '\u{a0}'..='ÿ' => u8::try_from(u32::from(sign)).unwrap_or(MISSING),
        _ => (0x80..)
            .zip(UPPER)
            .find(|(_, upper)| *upper == sign && sign != '\0')
            .map_or(MISSING, |(byte, _)| byte),
    }
}

/// The sign of a byte; nothing for control bytes and bytes that mean nothing.
pub fn sign(byte: u8) -> Option<char> {
    match byte {
        0x20..=0x7e | 0xa0..=0xff => Some(char::from(byte)),
        0x80..=0x9f => UPPER.get(usize::from(byte - 0x80)).copied().filter(|sign| *sign != '\0'),
        0x00..=0x1f | 0x7f => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_of_the_table_comes_back() {
        let meant: Vec<u8> = (0..=255).filter(|byte| sign(*byte).is_some()).collect();
        assert_eq!(meant.len(), 95 + 27 + 96);
        for one in meant {
            assert_eq!(byte(sign(one).unwrap()), one, "{one:#x}");
        }
    }

    #[test]
    fn signs_of_the_shop_have_the_bytes_of_the_printers_manual() {
        for (sign, expected) in [
            ('å', 0xe5),
            ('ä', 0xe4),
            ('ö', 0xf6),
            ('Å', 0xc5),
            ('Ä', 0xc4),
            ('Ö', 0xd6),
            ('ü', 0xfc),
            ('Ü', 0xdc),
            ('é', 0xe9),
            ('É', 0xc9),
            ('ß', 0xdf),
            ('ø', 0xf8),
            ('æ', 0xe6),
            ('£', 0xa3),
            ('€', 0x80),
            ('–', 0x96),
            ('’', 0x92),
            ('š', 0x9a),
            ('Ž', 0x8e),
            ('7', 0x37),
        ] {
            assert_eq!(byte(sign), expected, "{sign}");
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_a_question_mark() {
        for sign in ['漢', 'ł', '\u{1b}', '\u{10}', '\n', '\0', '\u{7f}', '\u{81}', '\u{9b}', '😀'] {
            assert_eq!(byte(sign), MISSING, "{sign:?}");
        }
    }
}
