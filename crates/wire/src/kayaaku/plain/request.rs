//! Calls of generation 1 and their fields, as one table (dossier sections 4.1 to 4.5).

use super::{Members, Message, SEQUENCE_NO, SIGNED_MESSAGE, SOURCE_SYSTEM, written};
use crate::kayaaku::{assumed, is_percent_encoded};

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// A payment (4.1).
    Payment,
    /// What became of one (4.2).
    Enquiry,
    /// Takes a card payment back whole, before settlement (4.3).
    Void,
    /// Gives back a wallet payment (4.4).
    Refund,
    /// Ends a pre-authorization (4.5); here as a message only.
    SaleCompletion,
}

/// One field of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Most characters.
    pub longest: usize,
    /// Whether it must be there.
    pub required: bool,
}

const fn must(name: &'static str, longest: usize) -> Field {
    Field { name, longest, required: true }
}

const fn may(name: &'static str, longest: usize) -> Field {
    Field { name, longest, required: false }
}

const PAYMENT: &[Field] = &[
    must("MsgVer", 20),
    must("PmtType", 2),
    may("IsPreauthInd", 1),
    must("CallerDeviceType", 20),
    must("Email", 100),
    must("DeviceSN", 20),
    must("CallerDeviceVer", 20),
    must("TxnID", 50),
    must("LocalTxnDTTime", 14),
    must("AmtTxn", 12),
    must("CrcyTxn", 3),
    may("MID", 15),
    may("Description", 256),
    may("CallerDeviceId", 32),
    may("OptInPrintReceipt", 1),
    may("OptInSendEReceipt", 1),
    may("OptInPmtAckmnt", 1),
    must(SOURCE_SYSTEM, 3),
    must(SEQUENCE_NO, 16),
    must(SIGNED_MESSAGE, 2048),
];

const ENQUIRY: &[Field] = &[
    must("Email", 100),
    must("TxnID", 50),
    must(SOURCE_SYSTEM, 3),
    must(SEQUENCE_NO, 16),
    must(SIGNED_MESSAGE, 2048),
];

const VOID: &[Field] = &[
    must("MsgVer", 20),
    must("TxnID", 50),
    must("MID", 15),
    must("LocalTxnDTTime", 14),
    must("OrgHTR", 20),
    may("Description", 256),
    must(SOURCE_SYSTEM, 3),
    must(SEQUENCE_NO, 16),
    must(SIGNED_MESSAGE, 2048),
];

const REFUND: &[Field] = &[
    must("MsgVer", 20),
    must("TxnID", 50),
    must("MID", 15),
    must("LocalTxnDTTime", 14),
    must("AmtTxn", 12),
    must("CrcyTxn", 3),
    must("OrgTxnID", 20),
    must("OrgHTR", 20),
    may("Description", 256),
    must(SOURCE_SYSTEM, 3),
    must(SEQUENCE_NO, 16),
    must(SIGNED_MESSAGE, 2048),
];

const SALE_COMPLETION: &[Field] = &[
    must("MsgVer", 20),
    must("TxnID", 50),
    must("MID", 15),
    must("LocalTxnDTTime", 14),
    must("AmtTxn", 12),
    must("CrcyTxn", 3),
    must("OrgHTR", 20),
    may("Description", 256),
    must(SOURCE_SYSTEM, 3),
    must(SEQUENCE_NO, 16),
    must(SIGNED_MESSAGE, 2048),
];

impl Call {
    /// Every call.
    pub const ALL: [Self; 5] =
        [Self::Payment, Self::Enquiry, Self::Void, Self::Refund, Self::SaleCompletion];

    /// Its path, behind the host's own.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Payment => "/thirdparty/paymentAuthorization",
            Self::Enquiry => "/thirdparty/transactionDetailsEnquiry",
            Self::Void => "/thirdparty/void",
            Self::Refund => "/thirdparty/refund",
            Self::SaleCompletion => "/thirdparty/saleCompletion",
        }
    }

    /// Its fields in the order of the table, which is the order in which they are signed.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Payment => PAYMENT,
            Self::Enquiry => ENQUIRY,
            Self::Void => VOID,
            Self::Refund => REFUND,
            Self::SaleCompletion => SALE_COMPLETION,
        }
    }
}

/// Whether a request is written as a host that builds the signed text itself needs it: compact, its members
/// in the table's order and no others, the signature last and percent-encoded (section 4.6). The simulator's
/// side.
pub fn is_as_signed(call: Call, message: &Message, body: &[u8]) -> bool {
    let fields = call.fields().iter().filter(|field| message.has(field.name));
    let members: Vec<_> = fields
        .map(|field| (field.name, message.text(field.name).ok().flatten().unwrap_or_default()))
        .collect();
    let signature = members.last().filter(|(name, _)| *name == SIGNED_MESSAGE);
    signature.is_some_and(|(_, text)| is_percent_encoded(text)) && written(members).as_bytes() == body
}

/// What a field may be, where that is one word.
fn only(call: Call, name: &str) -> Option<&'static str> {
    match name {
        "MsgVer" => Some(assumed::PLAIN_VERSION),
        "CallerDeviceType" if call == Call::Payment => Some(assumed::PLAIN_CALLER),
        _ => None,
    }
}

/// The first field of a call that is missing, too long, or not what it may be; the e-mail of an enquiry may
/// be empty.
pub fn check(call: Call, message: &Message) -> Option<&'static str> {
    let is_wrong = |field: &Field| match message.text(field.name) {
        Ok(Some(text)) if field.longest == 1 => !matches!(text, "Y" | "N"),
        Ok(Some(text)) => {
            text.chars().count() > field.longest || only(call, field.name).is_some_and(|only| text != only)
        }
        Ok(None) if field.name == "Email" && call == Call::Enquiry => !message.has(field.name),
        Ok(None) => field.required,
        Err(_) => true,
    };
    call.fields().iter().find(|field| is_wrong(field)).map(|field| field.name)
}

/// A payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// How the customer pays, two digits.
    pub method: String,
    /// Who is logged in on the device.
    pub email: String,
    /// The device.
    pub device: String,
    /// Version of the calling program.
    pub version: String,
    /// Ours, at most 20 signs: a refund takes no more.
    pub id: String,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub local_time: String,
    /// Minor units without separator.
    pub amount: String,
    /// Number of their currency.
    pub currency: String,
    /// Merchant number, where it is known.
    pub mid: Option<String>,
    /// For the merchant.
    pub description: Option<String>,
    /// The till.
    pub till: Option<String>,
    /// Whether the device shows its last screen, which waits for NEXT.
    pub acknowledgement: Option<bool>,
}

/// What became of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enquiry {
    /// Who is logged in on the device; may be empty.
    pub email: String,
    /// Of the payment.
    pub id: String,
}

/// Takes a card payment back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Void {
    /// Of the payment.
    pub id: String,
    /// Merchant number.
    pub mid: String,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub local_time: String,
    /// The host's reference of the payment.
    pub original_htr: String,
    /// For the merchant.
    pub description: Option<String>,
}

/// Gives back a wallet payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refund {
    /// A new one of ours.
    pub id: String,
    /// Merchant number.
    pub mid: String,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub local_time: String,
    /// Minor units without separator.
    pub amount: String,
    /// Number of their currency.
    pub currency: String,
    /// Of the payment.
    pub original_id: String,
    /// The host's reference of the payment.
    pub original_htr: String,
    /// For the merchant.
    pub description: Option<String>,
}

/// Ends a pre-authorization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaleCompletion {
    /// A new one of ours.
    pub id: String,
    /// Merchant number.
    pub mid: String,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub local_time: String,
    /// Minor units without separator.
    pub amount: String,
    /// Number of their currency.
    pub currency: String,
    /// The host's reference of the pre-authorization.
    pub original_htr: String,
    /// For the merchant.
    pub description: Option<String>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// See [`Payment`].
    Payment(Payment),
    /// See [`Enquiry`].
    Enquiry(Enquiry),
    /// See [`Void`].
    Void(Void),
    /// See [`Refund`].
    Refund(Refund),
    /// See [`SaleCompletion`].
    SaleCompletion(SaleCompletion),
}

impl Request {
    /// Where it goes.
    pub const fn call(&self) -> Call {
        match self {
            Self::Payment(_) => Call::Payment,
            Self::Enquiry(_) => Call::Enquiry,
            Self::Void(_) => Call::Void,
            Self::Refund(_) => Call::Refund,
            Self::SaleCompletion(_) => Call::SaleCompletion,
        }
    }

    /// Its members in the order of the table, sender and number last, without the signature. What has no
    /// value is left out, but for the e-mail of an enquiry.
    pub fn members(&self, source: &str, sequence: &str) -> Members {
        let value = |field: &Field| -> Option<String> {
            match field.name {
                SOURCE_SYSTEM => Some(source.to_owned()),
                SEQUENCE_NO => Some(sequence.to_owned()),
                "MsgVer" => Some(assumed::PLAIN_VERSION.to_owned()),
                "CallerDeviceType" => Some(assumed::PLAIN_CALLER.to_owned()),
                name => self.own(name),
            }
        };
        let fields = self.call().fields().iter();
        fields.filter_map(|field| value(field).map(|value| (field.name, value))).collect()
    }

    fn own(&self, name: &str) -> Option<String> {
        match self {
            Self::Payment(it) => it.own(name),
            Self::Enquiry(it) => match name {
                "Email" => Some(it.email.clone()),
                "TxnID" => Some(it.id.clone()),
                _ => None,
            },
            Self::Void(it) => match name {
                "TxnID" => Some(it.id.clone()),
                "MID" => Some(it.mid.clone()),
                "LocalTxnDTTime" => Some(it.local_time.clone()),
                "OrgHTR" => Some(it.original_htr.clone()),
                "Description" => it.description.clone(),
                _ => None,
            },
            Self::Refund(it) => match name {
                "TxnID" => Some(it.id.clone()),
                "MID" => Some(it.mid.clone()),
                "LocalTxnDTTime" => Some(it.local_time.clone()),
                "AmtTxn" => Some(it.amount.clone()),
                "CrcyTxn" => Some(it.currency.clone()),
                "OrgTxnID" => Some(it.original_id.clone()),
                "OrgHTR" => Some(it.original_htr.clone()),
                "Description" => it.description.clone(),
                _ => None,
            },
            Self::SaleCompletion(it) => match name {
                "TxnID" => Some(it.id.clone()),
                "MID" => Some(it.mid.clone()),
                "LocalTxnDTTime" => Some(it.local_time.clone()),
                "AmtTxn" => Some(it.amount.clone()),
                "CrcyTxn" => Some(it.currency.clone()),
                "OrgHTR" => Some(it.original_htr.clone()),
                "Description" => it.description.clone(),
                _ => None,
            },
        }
    }
}

impl Payment {
    fn own(&self, name: &str) -> Option<String> {
        match name {
            "PmtType" => Some(self.method.clone()),
            "Email" => Some(self.email.clone()),
            "DeviceSN" => Some(self.device.clone()),
            "CallerDeviceVer" => Some(self.version.clone()),
            "TxnID" => Some(self.id.clone()),
            "LocalTxnDTTime" => Some(self.local_time.clone()),
            "AmtTxn" => Some(self.amount.clone()),
            "CrcyTxn" => Some(self.currency.clone()),
            "MID" => self.mid.clone(),
            "Description" => self.description.clone(),
            "CallerDeviceId" => self.till.clone(),
            "OptInPmtAckmnt" => self.acknowledgement.map(|shown| if shown { "Y" } else { "N" }.to_owned()),
            _ => None,
        }
    }
}
