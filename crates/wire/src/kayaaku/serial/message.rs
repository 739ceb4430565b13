//! Messages of the serial line, typed (dossier sections 7.1, 7.2).
//!
//! Invariant: `decode ∘ encode` is the message; a text of the wrong length or kind is none.

use super::layout::{Kind, Part, Shape, shape};
use crate::kayaaku::{Code, DecodeError, Method};

/// A value that no field of this message can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} does not fit into its field")]
pub struct EncodeError(pub &'static str);

/// Starts a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Minor units.
    pub amount: u64,
    /// ISO 4217, a number.
    pub currency: u16,
    /// `STX`: a sale.
    pub kind: String,
    /// How the customer pays.
    pub method: Method,
    /// Merchant number.
    pub mid: String,
    /// Ours, the key of the payment.
    pub mrn: String,
    /// The till.
    pub item: String,
}

/// What became of a payment: 0025 on the terminal's own account, 0014 when asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentResult {
    /// What became of it.
    pub result: Code,
    /// Minor units.
    pub amount: u64,
    /// The till.
    pub item: String,
    /// Merchant number.
    pub mid: String,
    /// The key of the payment.
    pub mrn: String,
    /// `STX`: a sale.
    pub kind: String,
    /// How the customer has paid in the end.
    pub method: Method,
    /// Six signs; zeros where there is none.
    pub approval: String,
}

/// What a settlement has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// What became of it.
    pub result: Code,
    /// Number of the batch.
    pub batch: u32,
    /// Sales.
    pub sales: u16,
    /// Their sum in minor units.
    pub sales_amount: u64,
    /// Voids.
    pub voids: u16,
    /// Their sum in minor units.
    pub voids_amount: u64,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// 0001: are you there?
    LinkTest,
    /// 0002: who is there.
    LinkTested {
        /// Well, or not.
        result: Code,
        /// The terminal.
        terminal: String,
        /// The profile that it speaks.
        profile: String,
    },
    /// 0011.
    Start(Start),
    /// 0012: accepted or not; not the payment's result.
    Started {
        /// Accepted, or why not.
        result: Code,
        /// The payment.
        mrn: String,
    },
    /// 0013: what became of it?
    Enquiry {
        /// Merchant number.
        mid: String,
        /// The payment.
        mrn: String,
    },
    /// 0014.
    Answer(PaymentResult),
    /// 0015: takes a card payment back whole.
    Void {
        /// Merchant number.
        mid: String,
        /// The payment.
        mrn: String,
        /// Its approval.
        approval: String,
    },
    /// 0016.
    Voided {
        /// Done, or why not.
        result: Code,
        /// The payment.
        mrn: String,
        /// Of the void.
        approval: String,
    },
    /// 0017: stops a payment before the customer has acted.
    Abort {
        /// The payment.
        mrn: String,
    },
    /// 0018.
    Aborted {
        /// Stopped, or why not.
        result: Code,
    },
    /// 0019: settles.
    Settle {
        /// Merchant number.
        mid: String,
    },
    /// 0020.
    Settled(Settled),
    /// 0021: gives back a wallet payment.
    Refund {
        /// Merchant number.
        mid: String,
        /// Ours, a new one.
        mrn: String,
        /// The payment.
        original: String,
        /// Minor units.
        amount: u64,
    },
    /// 0022.
    Refunded {
        /// Done, or why not.
        result: Code,
        /// The refund.
        mrn: String,
        /// Of the refund.
        approval: String,
    },
    /// 0025.
    Result(PaymentResult),
    /// 0026: heard.
    Heard {
        /// `00000`, or why not.
        result: Code,
    },
}

impl Message {
    /// Its four digits.
    pub const fn mti(&self) -> &'static str {
        match self {
            Self::LinkTest => "0001",
            Self::LinkTested { .. } => "0002",
            Self::Start(_) => "0011",
            Self::Started { .. } => "0012",
            Self::Enquiry { .. } => "0013",
            Self::Answer(_) => "0014",
            Self::Void { .. } => "0015",
            Self::Voided { .. } => "0016",
            Self::Abort { .. } => "0017",
            Self::Aborted { .. } => "0018",
            Self::Settle { .. } => "0019",
            Self::Settled(_) => "0020",
            Self::Refund { .. } => "0021",
            Self::Refunded { .. } => "0022",
            Self::Result(_) => "0025",
            Self::Heard { .. } => "0026",
        }
    }

    /// The payment or refund that it names.
    pub fn mrn(&self) -> Option<&str> {
        match self {
            Self::LinkTest
            | Self::LinkTested { .. }
            | Self::Aborted { .. }
            | Self::Settle { .. }
            | Self::Settled(_)
            | Self::Heard { .. } => None,
            Self::Start(it) => Some(&it.mrn),
            Self::Answer(it) | Self::Result(it) => Some(&it.mrn),
            Self::Started { mrn, .. }
            | Self::Enquiry { mrn, .. }
            | Self::Void { mrn, .. }
            | Self::Voided { mrn, .. }
            | Self::Abort { mrn }
            | Self::Refund { mrn, .. }
            | Self::Refunded { mrn, .. } => Some(mrn),
        }
    }

    /// The message as its frame holds it.
    ///
    /// # Errors
    /// A value that does not fit into its field.
    pub fn encode(&self) -> Result<String, EncodeError> {
        let values = self.values();
        let shape = shape(self.mti()).ok_or(EncodeError("mti"))?;
        if values.len() != shape.parts.len() {
            return Err(EncodeError("mti"));
        }
        let mut out = String::with_capacity(shape.length());
        out.push_str(shape.mti);
        for (part, value) in shape.parts.iter().zip(&values) {
            let fill = match part.kind {
                Kind::Number => '0',
                Kind::Text => ' ',
            };
            let missing = part.length.checked_sub(value.len()).filter(|_| is_of(part, value));
            let missing = missing.ok_or(EncodeError(part.name))?;
            out.extend(std::iter::repeat_n(fill, missing));
            out.push_str(value);
        }
        Ok(out)
    }

    fn values(&self) -> Vec<String> {
        let five = Code::five;
        match self {
            Self::LinkTest => Vec::new(),
            Self::LinkTested { result, terminal, profile } => {
                vec![five(result), terminal.clone(), profile.clone()]
            }
            Self::Start(it) => vec![
                it.amount.to_string(),
                it.currency.to_string(),
                it.kind.clone(),
                it.method.as_str().to_owned(),
                it.mid.clone(),
                it.mrn.clone(),
                it.item.clone(),
            ],
            Self::Started { result, mrn } => vec![five(result), mrn.clone()],
            Self::Enquiry { mid, mrn } => vec![mid.clone(), mrn.clone()],
            Self::Answer(it) | Self::Result(it) => it.values(),
            Self::Void { mid, mrn, approval } => vec![mid.clone(), mrn.clone(), approval.clone()],
            Self::Voided { result, mrn, approval } | Self::Refunded { result, mrn, approval } => {
                vec![five(result), mrn.clone(), approval.clone()]
            }
            Self::Abort { mrn } => vec![mrn.clone()],
            Self::Aborted { result } | Self::Heard { result } => vec![five(result)],
            Self::Settle { mid } => vec![mid.clone()],
            Self::Settled(it) => vec![
                five(&it.result),
                it.batch.to_string(),
                it.sales.to_string(),
                it.sales_amount.to_string(),
                it.voids.to_string(),
                it.voids_amount.to_string(),
            ],
            Self::Refund { mid, mrn, original, amount } => {
                vec![mid.clone(), mrn.clone(), original.clone(), amount.to_string()]
            }
        }
    }

    /// Reads what a frame held.
    ///
    /// # Errors
    /// An unknown type, another length than the table has, or letters among digits.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let mti = text.get(..4).ok_or(DecodeError::Syntax)?;
        let shape = shape(mti).ok_or(DecodeError::Field("mti"))?;
        let mut values = Values::new(shape, text)?;
        let message = match shape.mti {
            "0001" => Self::LinkTest,
            "0002" => {
                Self::LinkTested { result: values.code(), terminal: values.text(), profile: values.text() }
            }
            "0011" => Self::Start(Start {
                amount: values.number()?,
                currency: values.number()?,
                kind: values.text(),
                method: Method::of(&values.text()),
                mid: values.text(),
                mrn: values.text(),
                item: values.text(),
            }),
            "0012" => Self::Started { result: values.code(), mrn: values.text() },
            "0013" => Self::Enquiry { mid: values.text(), mrn: values.text() },
            "0014" => Self::Answer(PaymentResult::read(&mut values)?),
            "0015" => Self::Void { mid: values.text(), mrn: values.text(), approval: values.text() },
            "0016" => Self::Voided { result: values.code(), mrn: values.text(), approval: values.text() },
            "0017" => Self::Abort { mrn: values.text() },
            "0018" => Self::Aborted { result: values.code() },
            "0019" => Self::Settle { mid: values.text() },
            "0020" => Self::Settled(Settled {
                result: values.code(),
                batch: values.number()?,
                sales: values.number()?,
                sales_amount: values.number()?,
                voids: values.number()?,
                voids_amount: values.number()?,
            }),
            "0021" => Self::Refund {
                mid: values.text(),
                mrn: values.text(),
                original: values.text(),
                amount: values.number()?,
            },
            "0022" => Self::Refunded { result: values.code(), mrn: values.text(), approval: values.text() },
            "0025" => Self::Result(PaymentResult::read(&mut values)?),
            "0026" => Self::Heard { result: values.code() },
            _ => return Err(DecodeError::Field("mti")),
        };
        Ok(message)
    }
}

impl PaymentResult {
    fn values(&self) -> Vec<String> {
        vec![
            self.result.five(),
            self.amount.to_string(),
            self.item.clone(),
            self.mid.clone(),
            self.mrn.clone(),
            self.kind.clone(),
            self.method.as_str().to_owned(),
            self.approval.clone(),
        ]
    }

    fn read(values: &mut Values<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            result: values.code(),
            amount: values.number()?,
            item: values.text(),
            mid: values.text(),
            mrn: values.text(),
            kind: values.text(),
            method: Method::of(&values.text()),
            approval: values.text(),
        })
    }
}

fn is_of(part: &Part, value: &str) -> bool {
    match part.kind {
        Kind::Number => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()),
        Kind::Text => value.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) && !value.starts_with(' '),
    }
}

/// The fields of a message, one after another.
struct Values<'t> {
    rest: std::vec::IntoIter<(&'static Part, &'t str)>,
}

impl<'t> Values<'t> {
    fn new(shape: &'static Shape, text: &'t str) -> Result<Self, DecodeError> {
        if text.len() != shape.length() || !text.is_ascii() {
            return Err(DecodeError::Field("length"));
        }
        let mut rest = text.get(shape.mti.len()..).unwrap_or_default();
        let mut fields = Vec::with_capacity(shape.parts.len());
        for part in shape.parts {
            let (value, tail) = rest.split_at_checked(part.length).ok_or(DecodeError::Field("length"))?;
            let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
            if part.kind == Kind::Number && !is_number {
                return Err(DecodeError::Field(part.name));
            }
            fields.push((part, value.trim_start_matches(' ')));
            rest = tail;
        }
        Ok(Self { rest: fields.into_iter() })
    }

    fn text(&mut self) -> String {
        self.rest.next().map(|(_, value)| value.to_owned()).unwrap_or_default()
    }

    fn code(&mut self) -> Code {
        Code::of(&self.text())
    }

    fn number<N: std::str::FromStr>(&mut self) -> Result<N, DecodeError> {
        let (part, value) = self.rest.next().ok_or(DecodeError::Field("length"))?;
        value.parse().map_err(|_| DecodeError::Field(part.name))
    }
}
