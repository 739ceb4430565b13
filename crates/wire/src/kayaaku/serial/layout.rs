//! Fields of every serial message, as one table (dossier sections 7.1, 7.2).
//!
//! 0025 and 0026 are documented; everything else is assumption A-11 and is replaced here.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Digits, with leading zeros.
    Number,
    /// Signs from 20h to 7Eh, with leading blanks.
    Text,
}

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in the table.
    pub name: &'static str,
    /// Its characters, always as many.
    pub length: usize,
    /// What it holds.
    pub kind: Kind,
}

/// One message type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Four digits.
    pub mti: &'static str,
    /// Its fields in order.
    pub parts: &'static [Part],
}

const fn text(name: &'static str, length: usize) -> Part {
    Part { name, length, kind: Kind::Text }
}

const fn number(name: &'static str, length: usize) -> Part {
    Part { name, length, kind: Kind::Number }
}

const RESULT: Part = text("resultCode", 5);
const AMOUNT: Part = number("amount", 12);
const CURRENCY: Part = number("currency", 3);
const ITEM: Part = text("itemGivenId", 64);
const MID: Part = text("mid", 15);
const MRN: Part = text("mrn", 40);
const TYPE: Part = text("paymentType", 3);
const METHOD: Part = number("paymentMethod", 2);
const APPROVAL: Part = text("approvalCode", 6);

const PAYMENT_RESULT: &[Part] = &[RESULT, AMOUNT, ITEM, MID, MRN, TYPE, METHOD, APPROVAL];

/// Every message type.
pub const TABLE: &[Shape] = &[
    Shape { mti: "0001", parts: &[] },
    Shape { mti: "0002", parts: &[RESULT, text("terminalId", 8), text("profile", 4)] },
    Shape { mti: "0011", parts: &[AMOUNT, CURRENCY, TYPE, METHOD, MID, MRN, ITEM] },
    Shape { mti: "0012", parts: &[RESULT, MRN] },
    Shape { mti: "0013", parts: &[MID, MRN] },
    Shape { mti: "0014", parts: PAYMENT_RESULT },
    Shape { mti: "0015", parts: &[MID, MRN, APPROVAL] },
    Shape { mti: "0016", parts: &[RESULT, MRN, APPROVAL] },
    Shape { mti: "0017", parts: &[MRN] },
    Shape { mti: "0018", parts: &[RESULT] },
    Shape { mti: "0019", parts: &[MID] },
    Shape {
        mti: "0020",
        parts: &[
            RESULT,
            number("batchNo", 6),
            number("saleCount", 4),
            number("saleAmount", 12),
            number("voidCount", 4),
            number("voidAmount", 12),
        ],
    },
    Shape { mti: "0021", parts: &[MID, MRN, text("originalMrn", 40), AMOUNT] },
    Shape { mti: "0022", parts: &[RESULT, MRN, APPROVAL] },
    Shape { mti: "0025", parts: PAYMENT_RESULT },
    Shape { mti: "0026", parts: &[RESULT] },
];

/// The type of these digits.
pub fn shape(mti: &str) -> Option<&'static Shape> {
    TABLE.iter().find(|shape| shape.mti == mti)
}

impl Shape {
    /// Characters of the whole message, its type included.
    pub fn length(&self) -> usize {
        self.parts.iter().fold(self.mti.len(), |sum, part| sum + part.length)
    }
}
