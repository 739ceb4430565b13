//! Messages of generation 2, which travel encrypted (dossier sections 5.2 to 5.4).
//!
//! Invariant: a reply has a result code, or it is none; unknown members are passed over.

use super::text::{cut, fitting};
use super::{Code, DecodeError, Limits, Method, Scheme, assumed};
use crate::json::Json;

/// Who calls, in every request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// Version of the calling program, at most 8 signs.
    pub version: String,
    /// Merchant number.
    pub mid: String,
    /// Number of the seller, where e-invoices are in use.
    pub seller: Option<String>,
}

/// Starts a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submit {
    /// Who calls.
    pub caller: Caller,
    /// Running number.
    pub sequence: String,
    /// Ours, the key of the payment.
    pub mrn: String,
    /// How the customer pays.
    pub method: String,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub time: String,
    /// Minor units without separator.
    pub amount: String,
    /// Number of their currency.
    pub currency: String,
    /// The device.
    pub device: Option<String>,
    /// Who is logged in on the device.
    pub email: Option<String>,
    /// Where notifications are posted.
    pub notify: Option<String>,
    /// For the merchant.
    pub description: Option<String>,
}

/// What became of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enquiry {
    /// Who calls.
    pub caller: Caller,
    /// Running number, a new one.
    pub sequence: String,
    /// Of the payment.
    pub mrn: String,
}

fn object(members: Vec<(&str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn head(caller: &Caller, sequence: &str) -> Vec<(&'static str, Json)> {
    vec![
        ("msgVer", Json::text(assumed::SEALED_VERSION)),
        ("billerType", Json::text(assumed::BILLER)),
        ("callerDeviceType", Json::text(assumed::SEALED_CALLER)),
        ("callerDeviceVer", Json::text(&caller.version)),
        ("sequenceNo", Json::text(sequence)),
    ]
}

impl Submit {
    /// The message as it is encrypted.
    pub fn plain(&self) -> String {
        let mut payment = vec![
            ("mrn", Json::text(&self.mrn)),
            ("requiredPayment", Json::text("Y")),
            ("paymentType", Json::text(assumed::SALE)),
            ("paymentMethod", Json::text(&self.method)),
            ("paymentTime", Json::text(&self.time)),
            ("amount", Json::text(&self.amount)),
            ("currency", Json::text(&self.currency)),
        ];
        let optional = [
            ("deviceSN", &self.device),
            ("email", &self.email),
            ("paymentNotiUrl", &self.notify),
            ("description", &self.description),
        ];
        let given = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        payment.extend(given.map(|(name, value)| (name, Json::text(value))));
        let mut members = head(&self.caller, &self.sequence);
        let seller = self.caller.seller.as_deref().unwrap_or(assumed::NO_SELLER);
        members.extend([
            ("sellerId", Json::text(seller)),
            ("mid", Json::text(&self.caller.mid)),
            ("isPaymentReq", Json::text("Y")),
            ("payment", object(payment)),
            // An invoice to the tax office is none of a till's terminal.
            ("isInvoiceReq", Json::text("N")),
        ]);
        object(members).to_string()
    }

    /// Reads one: the simulator's side.
    ///
    /// # Errors
    /// A field that is missing, too long, or has a value that the table does not allow.
    pub fn read(message: &Message) -> Result<Self, DecodeError> {
        let caller = message.caller()?;
        message.is("isPaymentReq", "Y")?;
        message.is("isInvoiceReq", "N")?;
        message.needed("sellerId", 6)?;
        let payment = message.inside("payment")?;
        payment.is("requiredPayment", "Y")?;
        payment.is("paymentType", assumed::SALE)?;
        Ok(Self {
            caller,
            sequence: message.needed("sequenceNo", 16)?,
            mrn: payment.needed("mrn", 40)?,
            method: payment.needed("paymentMethod", 2)?,
            time: payment.needed("paymentTime", 14)?,
            amount: payment.needed("amount", 12)?,
            currency: payment.needed("currency", 3)?,
            device: payment.text("deviceSN", 20)?,
            email: payment.text("email", 100)?,
            notify: payment.text("paymentNotiUrl", 300)?,
            description: payment.text("description", 256)?,
        })
    }
}

impl Enquiry {
    /// The message as it is encrypted.
    pub fn plain(&self) -> String {
        let mut members = head(&self.caller, &self.sequence);
        members.extend(self.caller.seller.as_ref().map(|seller| ("sellerId", Json::text(seller))));
        members.push(("mid", Json::text(&self.caller.mid)));
        members.push(("mrn", Json::text(&self.mrn)));
        object(members).to_string()
    }

    /// Reads one: the simulator's side.
    ///
    /// # Errors
    /// A field that is missing or too long.
    pub fn read(message: &Message) -> Result<Self, DecodeError> {
        Ok(Self {
            caller: message.caller()?,
            sequence: message.needed("sequenceNo", 16)?,
            mrn: message.needed("mrn", 50)?,
        })
    }
}

/// A decrypted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message(Json);

impl Message {
    /// Reads the plain text.
    ///
    /// # Errors
    /// Not an object within the limits.
    pub fn decode(plain: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
        let message = Json::decode(plain, limits)?;
        if matches!(message, Json::Object(_)) { Ok(Self(message)) } else { Err(DecodeError::Syntax) }
    }

    /// A text by its name; `None` where it is missing or empty.
    fn text(&self, name: &'static str, longest: usize) -> Result<Option<String>, DecodeError> {
        match self.0.get(name) {
            Some(Json::Text(text)) if text.chars().count() <= longest => {
                Ok(Some(text.clone()).filter(|text| !text.is_empty()))
            }
            Some(Json::Null) | None => Ok(None),
            Some(Json::Text(_) | Json::Flag(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
                Err(DecodeError::Field(name))
            }
        }
    }

    fn needed(&self, name: &'static str, longest: usize) -> Result<String, DecodeError> {
        self.text(name, longest)?.ok_or(DecodeError::Field(name))
    }

    /// A field that may be one word only.
    fn is(&self, name: &'static str, only: &str) -> Result<(), DecodeError> {
        match self.text(name, only.len())? {
            Some(told) if told == only => Ok(()),
            Some(_) | None => Err(DecodeError::Field(name)),
        }
    }

    fn inside(&self, name: &'static str) -> Result<Self, DecodeError> {
        match self.0.get(name) {
            Some(object @ Json::Object(_)) => Ok(Self(object.clone())),
            Some(Json::Null | Json::Text(_) | Json::Flag(_) | Json::Number(_) | Json::Array(_)) | None => {
                Err(DecodeError::Field(name))
            }
        }
    }

    fn caller(&self) -> Result<Caller, DecodeError> {
        self.is("msgVer", assumed::SEALED_VERSION)?;
        self.is("billerType", assumed::BILLER)?;
        self.is("callerDeviceType", assumed::SEALED_CALLER)?;
        Ok(Caller {
            version: self.needed("callerDeviceVer", 8)?,
            mid: self.needed("mid", 15)?,
            seller: self.text("sellerId", 6)?,
        })
    }
}

/// A reply to a submit or an enquiry, or a notification: they have the same fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The running number of the request that it answers.
    pub sequence: Option<String>,
    /// The payment.
    pub mrn: Option<String>,
    /// What became of it.
    pub result: Option<Code>,
    /// Words for people.
    pub advice: Option<String>,
    /// The issuer's approval.
    pub approval: Option<String>,
    /// Whose network.
    pub scheme: Option<Scheme>,
    /// Masked card number.
    pub masked_pan: Option<String>,
    /// The host's reference.
    pub htr: Option<String>,
    /// How the customer paid.
    pub method: Option<Method>,
    /// Minor units, where it is repeated.
    pub amount: Option<String>,
    /// Where it is repeated.
    pub currency: Option<String>,
}

impl Told {
    /// Reads one.
    ///
    /// # Errors
    /// A known field of the wrong kind; one that decides (code, running number, payment, amount, currency)
    /// that is too long; no result code. Any other text that is too long is taken for missing, and words
    /// for people are cut (section 5.3).
    pub fn read(message: &Message) -> Result<Self, DecodeError> {
        let code = message.needed("resultCode", 5)?;
        let any = |name| message.text(name, usize::MAX);
        let may = |name, longest| {
            Ok::<_, DecodeError>(any(name)?.and_then(|text| fitting(&text, longest).map(str::to_owned)))
        };
        Ok(Self {
            sequence: message.text("sequenceNo", 16)?,
            mrn: message.text("mrn", 50)?,
            result: Some(Code::of(&code)),
            advice: any("advMsg")?.map(|text| cut(&text, 1000)),
            approval: may("authIdResp", 16)?,
            scheme: may("paymentScheme", 2)?.map(|word| Scheme::of(&word)),
            // Printed as four signs long, and shown with thirteen.
            masked_pan: may("maskedPAN", 19)?,
            htr: may("htr", 20)?,
            method: may("paymentMethod", 2)?.map(|word| Method::of(&word)),
            amount: message.text("amount", 12)?,
            currency: message.text("currency", 3)?,
        })
    }

    /// The message as a host encrypts it; with `caller`, as a notification. The simulator's side.
    pub fn plain(&self, caller: Option<&Caller>) -> String {
        let mut members = match caller {
            Some(caller) => head(caller, self.sequence.as_deref().unwrap_or_default()),
            None => Vec::from_iter(self.sequence.as_ref().map(|number| ("sequenceNo", Json::text(number)))),
        };
        let result = self.result.as_ref().map(Code::five);
        let optional = [
            ("mrn", self.mrn.as_deref()),
            ("resultCode", result.as_deref()),
            ("advMsg", self.advice.as_deref()),
            ("authIdResp", self.approval.as_deref()),
            ("paymentScheme", self.scheme.as_ref().map(Scheme::as_str)),
            ("maskedPAN", self.masked_pan.as_deref()),
            ("htr", self.htr.as_deref()),
            ("paymentMethod", self.method.as_ref().map(Method::as_str)),
            ("amount", self.amount.as_deref()),
            ("currency", self.currency.as_deref()),
        ];
        let given = optional.into_iter().filter_map(|(name, value)| Some((name, Json::text(value?))));
        members.extend(given);
        object(members).to_string()
    }
}

/// The reply to a notification.
pub fn heard(code: &Code) -> String {
    object(vec![("resultCode", Json::Text(code.five()))]).to_string()
}
