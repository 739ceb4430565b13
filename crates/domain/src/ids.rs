//! Names of things. Every id carries the time and randomness it was made from (R12): a restored,
//! copied or reinstalled store can never hand out an id that is already in use somewhere.
//!
//! Invariant: no function here draws time or randomness itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Ten random bytes and a point in time: what every id is made from.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    /// When the id is made.
    pub at: Timestamp,
    /// Randomness from the system's source.
    pub random: [u8; 10],
}

impl Seed {
    /// A UUID version 7: milliseconds since 1970, then randomness.
    pub fn uuid(&self) -> Uuid {
        let millis = u64::try_from(self.at.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random).into_uuid()
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id made from this seed.
            pub fn of(seed: &Seed) -> Self {
                Self(seed.uuid())
            }
            /// Reads the text form; nothing for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::parse_str(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// One money operation, which is one payment: an attempt to settle a tender, a refund or a reversal.
    OperationId
);
id!(
    /// One sale at the till.
    SaleId
);
id!(
    /// One person at the till: cashier, manager or installer. Their name is erasable text.
    StaffId
);
id!(
    /// One shift of the drawer, from float to count.
    ShiftId
);
id!(
    /// One stored receipt.
    ReceiptId
);
id!(
    /// One slip for the printer.
    PaperId
);
id!(
    /// One question to the cashier; answered once (R9).
    PromptId
);
id!(
    /// One command of a user interface; a resend carries the same id and is harmless.
    CommandId
);
id!(
    /// One installation of a store; a restored or copied store starts under a new one (R12).
    InstallationId
);
id!(
    /// One erasable text kept beside the chain.
    TextId
);

impl StaffId {
    /// Nobody in particular: nobody is enrolled, or a program acts. Never the id of a person.
    pub const NOBODY: Self = Self(Uuid::nil());
}

/// Name of a terminal in the settings; its identity for people, not its address.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(type = "string"))]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TerminalId(pub String);

impl fmt::Display for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A request's own reference as it goes on the wire. Compared as text: leading zeros count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(pub String);

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which references a protocol accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceShape {
    /// Exactly this many decimal digits (10 to 18), without a leading zero.
    Digits(u8),
    /// Lower-case hexadecimal digits of a UUID version 7.
    Hex32,
    /// Twenty digits and capital letters without I, L, O and U, not all of them digits.
    Base32,
}

impl ReferenceShape {
    /// A reference made from time and randomness (R12). The leading digits are the second within
    /// about twelve days (thirty years for 16 digits and more), the rest is the low end of the seed's
    /// first eight bytes; a store that was restored therefore does not repeat one within the time a
    /// terminal remembers it. Whoever makes seeds sees that two of one second do not meet.
    pub fn make(self, seed: &Seed) -> Reference {
        match self {
            Self::Digits(length) => Reference(digits(length, seed)),
            Self::Hex32 => Reference(seed.uuid().simple().to_string()),
            Self::Base32 => Reference(base32(seed)),
        }
    }
}

/// A letter, seven signs of time (a thousand years in seconds), twelve of the seed's first eight bytes: what
/// two tills make in the same second differs but for one chance in 10^18.
fn base32(seed: &Seed) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let signs = |value: u64, count: u32| {
        let sign = move |at| SIGNS[usize::try_from(value >> (5 * at) & 31).unwrap_or(0)];
        (0..count).rev().map(move |at| char::from(sign(at)))
    };
    let seconds = u64::try_from(seed.at.as_second()).unwrap_or(0);
    let mut random = [0u8; 8];
    random.copy_from_slice(&seed.random[..8]);
    let random = u64::from_be_bytes(random);
    std::iter::once('P').chain(signs(seconds, 7)).chain(signs(random, 12)).collect()
}

fn digits(length: u8, seed: &Seed) -> String {
    let length = usize::from(length.clamp(10, 18));
    let time_digits: usize = if length >= 16 { 9 } else { 6 };
    let seconds = u64::try_from(seed.at.as_second()).unwrap_or(0) % 10u64.pow(time_digits as u32);
    let mut random = [0u8; 8];
    random.copy_from_slice(&seed.random[..8]);
    let rest_digits = length - time_digits;
    let rest = u64::from_be_bytes(random) % 10u64.pow(rest_digits as u32);
    let text = format!("{seconds:0time_digits$}{rest:0rest_digits$}");
    // A leading zero is legal on the wire but easily lost by a terminal that counts in numbers.
    match text.strip_prefix('0') {
        Some(tail) => format!("9{tail}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(second: i64, byte: u8) -> Seed {
        Seed { at: Timestamp::from_second(second).unwrap(), random: [byte; 10] }
    }

    #[test]
    fn references_fit_the_protocol() {
        for second in [0, 1_700_000_000, 1_700_000_001] {
            let text = ReferenceShape::Digits(10).make(&seed(second, 7)).0;
            assert_eq!(text.len(), 10);
            assert!(text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0'));
        }
    }

    #[test]
    fn references_differ_by_time_and_by_randomness() {
        for shape in [ReferenceShape::Digits(10), ReferenceShape::Hex32, ReferenceShape::Base32] {
            assert_ne!(shape.make(&seed(1_700_000_000, 1)), shape.make(&seed(1_700_000_001, 1)));
            assert_ne!(shape.make(&seed(1_700_000_000, 1)), shape.make(&seed(1_700_000_000, 2)));
        }
    }

    #[test]
    fn letters_hold_the_whole_time_and_the_low_end_of_the_randomness() {
        let of = |second, random| ReferenceShape::Base32.make(&Seed { random, ..seed(second, 0) }).0;
        assert_eq!(of(1_700_000_000, [0xFF; 10]), "P1JN7W80ZZZZZZZZZZZZ");
        assert_eq!(of(1_700_000_001, [0, 0, 0, 0, 0, 0, 0, 33, 9, 9]), "P1JN7W81000000000011");
        let (low, high) = (of(0, [0; 10]), of(34_359_738_367, [0; 10]));
        assert_eq!((low.as_str(), high.as_str()), ("P0000000000000000000", "PZZZZZZZ000000000000"));
    }

    #[test]
    fn ids_round_trip_as_text() {
        let id = OperationId::of(&seed(1_700_000_000, 3));
        assert_eq!(OperationId::parse(&id.to_string()), Some(id));
        assert_eq!(OperationId::parse("nonsense"), None);
    }
}
