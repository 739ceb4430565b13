//! How strictly a request is read: what the grammar and chapter 18.2 of the dossier ask of the till.
//!
//! Invariant: a fault names the field and never the value; a till that passes here would pass a terminal
//! that enforces the schema.

use wire::nexo::{
    self, AmountsReq, Body, DecodeError, Envelope, ErrorCondition, Header, Limits, MessageCategory,
    MessageClass, MessageType, PaymentRequest, grammar,
};

use super::matrix::is_device;

/// Decimals of every currency a terminal can have (SEK, NOK, DKK, EUR).
pub const EXPONENT: u8 = 2;
const LONGEST_IDENTIFIER: usize = 10;
const LONGEST_POI_ID: usize = 32;

/// A request whose envelope and header could be read.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// As it came.
    pub bytes: Vec<u8>,
    /// Its header.
    pub header: Header,
    /// Its body, if that could be read too.
    pub body: Option<Body>,
    /// The first fault, naming the field.
    pub fault: Option<Fault>,
}

/// What is wrong with a request, and how the answer calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `MessageFormat` nearly always.
    pub condition: ErrorCondition,
    /// Field and reason.
    pub text: String,
}

impl Fault {
    fn format(text: impl Into<String>) -> Self {
        Self { condition: ErrorCondition::MessageFormat, text: text.into() }
    }
}

impl Incoming {
    /// Reads a request; `None` is answered by HTTP 400: not XML, or not an envelope of a known request.
    pub fn read(bytes: Vec<u8>, currencies: &[String]) -> Option<Self> {
        let (envelope, header) = nexo::decode_header(&bytes, &Limits::REPLY).ok()?;
        let request = envelope == Envelope::Request && header.kind == MessageType::Request;
        if !request || !header.category.is_listed() {
            return None;
        }
        let decoded = nexo::decode(&bytes, &Limits::REPLY).map(|message| message.body);
        let fault = first_fault(&bytes, &header, &decoded, currencies);
        Some(Self { bytes, header, body: decoded.ok(), fault })
    }

    /// The payment inside, if it is one.
    pub fn payment(&self) -> Option<&PaymentRequest> {
        match &self.body {
            Some(Body::PaymentRequest(payment)) => Some(payment),
            Some(_) | None => None,
        }
    }

    /// Minor units asked for, if it is a payment with an amount.
    pub fn amount(&self) -> Option<i64> {
        self.payment()?.payment_transaction.amounts_req.requested_amount?.to_minor(EXPONENT)
    }

    /// The till's own transaction number, if the message has one.
    pub fn transaction(&self) -> Option<String> {
        let sale_data = match &self.body {
            Some(Body::PaymentRequest(request)) => &request.sale_data,
            Some(Body::CardAcquisitionRequest(request)) => &request.sale_data,
            Some(_) | None => return None,
        };
        sale_data.sale_transaction_id.as_ref()?.transaction_id.clone()
    }
}

fn first_fault(
    bytes: &[u8],
    header: &Header,
    decoded: &Result<Body, DecodeError>,
    currencies: &[String],
) -> Option<Fault> {
    header_fault(header)
        .map(Fault::format)
        .or_else(|| grammar::check(bytes).err().map(|fault| Fault::format(fault.to_string())))
        .or_else(|| decoded.as_ref().err().map(|error| Fault::format(error.to_string())))
        .or_else(|| match decoded {
            Ok(Body::PaymentRequest(request)) => payment_fault(request, currencies),
            Ok(Body::LoginRequest(request)) => {
                let capabilities =
                    request.sale_terminal_data.as_ref().and_then(|data| data.sale_capabilities.as_ref());
                capabilities
                    .is_none()
                    .then(|| Fault::format("LoginRequest/SaleTerminalData/SaleCapabilities is missing"))
            }
            Ok(_) | Err(_) => None,
        })
}

fn header_fault(header: &Header) -> Option<String> {
    let wrong = |name: &str, what: &str| Some(format!("MessageHeader/@{name} {what}"));
    let too_long = |id: &Option<String>| {
        id.as_ref().is_some_and(|id| id.is_empty() || id.chars().count() > LONGEST_IDENTIFIER)
    };
    let device = is_device(&header.category);
    let class = if device { MessageClass::Device } else { MessageClass::Service };
    if header.class != class {
        return wrong("MessageClass", "does not fit the category");
    }
    if header.service_id.is_none() {
        return wrong("ServiceID", "is missing");
    }
    if too_long(&header.service_id) {
        return wrong("ServiceID", "does not have 1 to 10 characters");
    }
    if device && header.device_id.is_none() {
        return wrong("DeviceID", "is missing");
    }
    if too_long(&header.device_id) {
        return wrong("DeviceID", "does not have 1 to 10 characters");
    }
    if header.sale_id.is_empty() {
        return wrong("SaleID", "is empty");
    }
    if header.poi_id.is_empty() || header.poi_id.len() > LONGEST_POI_ID {
        return wrong("POIID", "does not have 1 to 32 bytes");
    }
    match header.protocol_version.as_deref() {
        Some("3.1") => None,
        None if header.category != MessageCategory::Login => None,
        None => wrong("ProtocolVersion", "is missing"),
        Some(_) => wrong("ProtocolVersion", "is not 3.1"),
    }
}

fn payment_fault(request: &PaymentRequest, currencies: &[String]) -> Option<Fault> {
    let amounts = &request.payment_transaction.amounts_req;
    amount_fault(amounts).map(Fault::format).or_else(|| {
        let refused = !currencies.contains(&amounts.currency);
        let text = "PaymentRequest/PaymentTransaction/AmountsReq/@Currency is not configured";
        refused.then(|| Fault { condition: ErrorCondition::Refusal, text: text.to_owned() })
    })
}

fn amount_fault(amounts: &AmountsReq) -> Option<String> {
    let wrong = |name: &str, what: &str| {
        Some(format!("PaymentRequest/PaymentTransaction/AmountsReq/@{name} {what}"))
    };
    let Some(requested) = amounts.requested_amount else { return wrong("RequestedAmount", "is missing") };
    let Some(requested) = requested.to_minor(EXPONENT) else {
        return wrong("RequestedAmount", "has more than two decimals");
    };
    if requested <= 0 {
        return wrong("RequestedAmount", "is not greater than zero");
    }
    match amounts.cash_back_amount.map(|amount| amount.to_minor(EXPONENT)) {
        None => None,
        Some(Some(cash_back)) if (0..=requested).contains(&cash_back) => None,
        Some(Some(_)) => wrong("CashBackAmount", "is greater than RequestedAmount"),
        Some(None) => wrong("CashBackAmount", "has more than two decimals"),
    }
}
