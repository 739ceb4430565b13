//! What a printer says about its paper: the answer to `DLE EOT 4`.

/// Bits that every answer to a real-time question has, and their values.
const ANSWER: (u8, u8) = (0b1001_0011, 0b0001_0010);
/// The sensor at the end of the roll sees none.
const ENDED: u8 = 0b0110_0000;
/// The sensor near the end of the roll sees none.
const ENDS_SOON: u8 = 0b0000_1100;

/// The paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    Enough,
    Low,
    Out,
    /// It does not say.
    Silent,
}

/// What this byte tells, where it is an answer at all.
pub(super) const fn told(byte: u8) -> Option<Paper> {
    if byte & ANSWER.0 != ANSWER.1 {
        None
    } else if byte & ENDED != 0 {
        Some(Paper::Out)
    } else if byte & ENDS_SOON != 0 {
        Some(Paper::Low)
    } else {
        Some(Paper::Enough)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_read_from_the_sensors() {
        assert_eq!(told(0x12), Some(Paper::Enough));
        assert_eq!(told(0x1e), Some(Paper::Low));
        assert_eq!(told(0x7e), Some(Paper::Out));
        assert_eq!(told(0x72), Some(Paper::Out));
        assert_eq!((told(0x00), told(0xff)), (None, None));
    }
}
