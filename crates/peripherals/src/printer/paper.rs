//! What a printer says about its paper and its cover: the answers to `DLE EOT 4` and `DLE EOT 2`.

/// Bits that every answer to a real-time question has, and their values.
const ANSWER: (u8, u8) = (0b1001_0011, 0b0001_0010);
/// The sensor at the end of the roll sees none.
const ENDED: u8 = 0b0110_0000;
/// The sensor near the end of the roll sees none.
const ENDS_SOON: u8 = 0b0000_1100;

/// In the other answer: the cover is open.
const COVER: u8 = 0b0000_0100;

/// The paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    Enough,
    Low,
    Out,
    /// It does not say.
    Silent,
}

impl Paper {
    /// What an answer tells, or silence.
    pub(super) const fn of(answer: Option<u8>) -> Self {
        match answer {
            None => Self::Silent,
            Some(byte) if byte & ENDED != 0 => Self::Out,
            Some(byte) if byte & ENDS_SOON != 0 => Self::Low,
            Some(_) => Self::Enough,
        }
    }
}

/// Whether this byte is an answer at all.
pub(super) const fn is_answer(byte: u8) -> bool {
    byte & ANSWER.0 == ANSWER.1
}

/// What the answer about what holds it up tells.
pub(super) const fn is_cover_open(answer: u8) -> bool {
    answer & COVER != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_read_from_the_sensors() {
        for (byte, paper) in
            [(0x12, Paper::Enough), (0x1e, Paper::Low), (0x7e, Paper::Out), (0x72, Paper::Out)]
        {
            assert!(is_answer(byte));
            assert_eq!(Paper::of(Some(byte)), paper, "{byte:x}");
        }
        assert_eq!(Paper::of(None), Paper::Silent);
        assert!(!is_answer(0x00) && !is_answer(0xff));
    }

    /// Somebody feeds paper, it has none, an error: none of that is the cover.
    #[test]
    fn the_cover_is_one_bit() {
        for byte in [0x16, 0x1e, 0x36, 0x56] {
            assert!(is_answer(byte) && is_cover_open(byte), "{byte:x}");
        }
        for byte in [0x12, 0x1a, 0x32, 0x52] {
            assert!(is_answer(byte) && !is_cover_open(byte), "{byte:x}");
        }
    }
}
