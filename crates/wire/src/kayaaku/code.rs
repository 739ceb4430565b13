//! Codes of both generations and of the app, with what each says about the money (dossier section 9).
//!
//! Invariant: the list is open; a code that is not listed is [`Class::Unknown`] and nothing else.

use std::fmt;

/// What a code says about the payment it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Paid, or done.
    Approved,
    /// Not paid, finally.
    Declined,
    /// The customer or the cashier ended it; nothing was paid.
    Cancelled,
    /// Did not begin: something of the request is wrong.
    Refused,
    /// Did not begin: the set-up is wrong.
    Configuration,
    /// Did not begin: the device wants somebody to log in.
    LogIn,
    /// Did not begin where it answers a first request; anything where it answers a repeated one.
    Busy,
    /// The transaction is invalid or in another state than the call needs.
    WrongState,
    /// There is something with this id already, or it runs.
    Exists,
    /// An operation other than a payment failed.
    Failed,
    /// Nobody can tell: an enquiry does.
    Unknown,
}

/// One row of the table.
struct Row(&'static [&'static str], Class);

/// Section 9. Two digits stand for both generations: `51` and `KP051`.
const TABLE: &[Row] = &[
    Row(&["00"], Class::Approved),
    Row(&["51", "52", "76"], Class::Declined),
    Row(&["KA001", "KA004", "KA010", "KA012", "KA021"], Class::Declined),
    Row(&["KA002", "KA006", "KA007", "KA008", "KA013", "KA020"], Class::Declined),
    Row(&["KA003", "KA005", "KA019"], Class::Cancelled),
    Row(&["01", "02", "03", "04", "05", "06", "64"], Class::Refused),
    Row(&["21", "22", "23", "24", "25", "26", "27", "28", "29"], Class::Refused),
    Row(&["30", "31", "32", "33", "34", "35", "36", "37", "59"], Class::Refused),
    Row(&["KA009", "KA011"], Class::Refused),
    Row(&["07", "38", "39", "40", "41", "44", "46", "53", "54", "55", "56", "58"], Class::Configuration),
    Row(&["08", "09", "10", "11", "12", "13", "14", "15", "16"], Class::Configuration),
    Row(&["19", "20", "43", "48", "57", "79", "61", "62", "90", "91"], Class::Configuration),
    Row(&["17", "18"], Class::LogIn),
    Row(&["77", "KA022"], Class::Busy),
    Row(&["49", "50"], Class::WrongState),
    Row(&["78", "KA024"], Class::Exists),
    Row(&["42"], Class::Failed),
    // 45 is about a picture: it says nothing about the payment.
    Row(&["45", "47", "60", "63", "75", "92"], Class::Unknown),
    Row(&["KA023", "KA025", "KA026", "KA099", "AR001"], Class::Unknown),
];

/// A code as it came. Compared by meaning: `51` and `KP051` are one, and so are `00` and `00000`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// The code of this text, in any of its spellings; everything else keeps its text.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        let digits = match text.strip_prefix("KP0") {
            Some(digits) => digits,
            None if text == "00000" => "00",
            None => text,
        };
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        // Success is 00 or 00000; KP000 is in no list.
        let is_number = is_number && text != "KP000";
        Self(if is_number { digits.to_owned() } else { text.to_owned() })
    }

    /// What it says.
    pub fn class(&self) -> Class {
        let row = TABLE.iter().find(|Row(codes, _)| codes.contains(&self.0.as_str()));
        row.map_or(Class::Unknown, |Row(_, class)| *class)
    }

    /// Whether the table lists it.
    pub fn is_listed(&self) -> bool {
        TABLE.iter().any(|Row(codes, _)| codes.contains(&self.0.as_str()))
    }

    /// Two digits, or the text of a code that has none.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As generation 2 and the serial line write it: five characters where it is a listed one.
    pub fn five(&self) -> String {
        match self.0.as_str() {
            "00" => "00000".to_owned(),
            digits if digits.len() == 2 => format!("KP0{digits}"),
            other => other.to_owned(),
        }
    }

    /// Every code of the table, in its order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().flat_map(|Row(codes, _)| codes.iter().map(|code| Self((*code).to_owned())))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({})", self.0)
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($(#[$each:meta])* $variant:ident = $word:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$each])* $variant,)*
            /// A word that no table lists.
            Other(String),
        }
        impl $name {
            /// Of this word.
            pub fn of(word: &str) -> Self {
                match word { $($word => Self::$variant,)* other => Self::Other(other.to_owned()) }
            }
            /// The word.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $word,)* Self::Other(word) => word }
            }
        }
    };
}

words! {
    /// How the customer pays (section 3).
    Method:
    /// The customer chooses on the device.
    Any = "00",
    /// Card.
    Card = "01",
    /// DuitNow, the code shown by the merchant.
    DuitNowShown = "04",
    /// DuitNow, the code shown by the customer.
    DuitNowScanned = "05",
    /// Alipay+, the code shown by the merchant.
    AlipayShown = "08",
    /// Alipay+, the code shown by the customer.
    AlipayScanned = "09",
}

impl Method {
    /// Every listed one.
    pub const ALL: [Self; 6] = [
        Self::Any,
        Self::Card,
        Self::DuitNowShown,
        Self::DuitNowScanned,
        Self::AlipayShown,
        Self::AlipayScanned,
    ];
}

words! {
    /// Whose network carried it (section 3).
    Scheme:
    /// Alipay and Ant.
    Alipay = "AF",
    /// JCB.
    Jcb = "JC",
    /// Mastercard.
    Mastercard = "MC",
    /// PayNet, which is DuitNow.
    PayNet = "PN",
    /// UnionPay.
    UnionPay = "UP",
    /// Visa.
    Visa = "VS",
}
