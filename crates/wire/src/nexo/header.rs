//! Envelope, header and the parts that many messages share: response, references, transaction identifiers.
//!
//! Dossier chapter 3. Invariant: identifiers are text, compared as text; leading zeros count.

use super::element::elements;
use super::scalar::Stamp;
use super::values::{ErrorCondition, MessageCategory, MessageClass, MessageType, ResultCode};

/// The outermost element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Envelope {
    /// `SaleToPOIRequest`: requests of either side, and event notifications.
    Request,
    /// `SaleToPOIResponse`: answers of either side.
    Response,
}

impl Envelope {
    /// The element's name.
    pub fn element(self) -> &'static str {
        match self {
            Self::Request => "SaleToPOIRequest",
            Self::Response => "SaleToPOIResponse",
        }
    }
}

elements! {
    /// `MessageHeader` (dossier chapter 3.1). The address announcement has neither `service_id` nor
    /// `device_id` and an empty `sale_id`.
    Header {
        /// `3.1`; sent with every request, demanded of no answer.
        protocol_version: Option<String> = attribute("ProtocolVersion"),
        /// Service, Device or Event.
        class: MessageClass = attribute("MessageClass"),
        /// With `kind` it names the body element.
        category: MessageCategory = attribute("MessageCategory"),
        /// Request, Response or Notification.
        kind: MessageType = attribute("MessageType"),
        /// 1–10 characters, unique per terminal within a session; pairs request and answer.
        service_id: Option<String> = attribute("ServiceID"),
        /// 1–10 characters; Device class only.
        device_id: Option<String> = attribute("DeviceID"),
        /// Name of the till.
        sale_id: String = attribute("SaleID"),
        /// Name of the point of sale in the terminal's management, at most 32 bytes.
        poi_id: String = attribute("POIID"),
    }

    /// `Response` (dossier chapter 3.3).
    Response {
        /// Success, Failure or Partial.
        result: ResultCode = attribute("Result"),
        /// Only with Failure and Partial.
        error_condition: Option<ErrorCondition> = attribute("ErrorCondition"),
        /// Free wording for a human reader; secondary text only.
        additional_response: Option<String> = child("AdditionalResponse"),
    }

    /// `MessageReference`: names another message by values of its header.
    #[derive(Default)]
    MessageReference {
        /// Category of the request meant.
        category: Option<MessageCategory> = attribute("MessageCategory"),
        /// ServiceID of the request meant.
        service_id: Option<String> = attribute("ServiceID"),
        /// DeviceID of the request meant, Device class only.
        device_id: Option<String> = attribute("DeviceID"),
        /// SaleID of the request meant.
        sale_id: Option<String> = attribute("SaleID"),
        /// POIID of the request meant.
        poi_id: Option<String> = attribute("POIID"),
    }

    /// An identifier with its time: `SaleTransactionID`, `POITransactionID` and others. The schema
    /// requires both parts; a reader tolerates their absence, a writer gives both.
    #[derive(Default)]
    TransactionIdentification {
        /// The identifier, as text.
        transaction_id: Option<String> = attribute("TransactionID"),
        /// Its time, to be repeated letter by letter.
        time_stamp: Option<Stamp> = attribute("TimeStamp"),
    }
}

impl Header {
    /// Header of a request or notification: version `3.1`, no device identifier.
    pub fn request(
        class: MessageClass,
        category: MessageCategory,
        service_id: impl Into<String>,
        sale_id: impl Into<String>,
        poi_id: impl Into<String>,
    ) -> Self {
        let kind = if category == MessageCategory::Event {
            MessageType::Notification
        } else {
            MessageType::Request
        };
        Self {
            protocol_version: Some("3.1".to_owned()),
            class,
            category,
            kind,
            service_id: Some(service_id.into()),
            device_id: None,
            sale_id: sale_id.into(),
            poi_id: poi_id.into(),
        }
    }

    /// Header of the answer: everything echoed, nothing added (dossier chapter 3.1). Only Login answers
    /// repeat the version.
    pub fn reply(&self) -> Self {
        let login = self.category == MessageCategory::Login;
        let protocol_version = if login { self.protocol_version.clone() } else { None };
        Self { protocol_version, kind: MessageType::Response, ..self.clone() }
    }

    /// Whether `answer` belongs to this request: category, type, ServiceID, SaleID and POIID agree, and
    /// for the Device class DeviceID too (dossier chapter 3.4).
    pub fn is_answered_by(&self, answer: &Header) -> bool {
        answer.kind == MessageType::Response
            && answer.category == self.category
            && answer.service_id == self.service_id
            && answer.sale_id == self.sale_id
            && answer.poi_id == self.poi_id
            && (self.class != MessageClass::Device || answer.device_id == self.device_id)
    }

    /// Name of the body element: category followed by type. The one exception is `InputUpdate`, which
    /// the grammar of Appendix A names without a type.
    pub fn body_element(&self) -> String {
        match (&self.category, &self.kind) {
            (MessageCategory::InputUpdate, MessageType::Request) => "InputUpdate".to_owned(),
            (category, kind) => format!("{category}{kind}"),
        }
    }
}

impl Response {
    /// `Result="Success"`.
    pub fn success() -> Self {
        Self { result: ResultCode::Success, error_condition: None, additional_response: None }
    }

    /// `Result="Failure"` with its condition and a text for the reader.
    pub fn failure(condition: ErrorCondition, text: impl Into<String>) -> Self {
        Self {
            result: ResultCode::Failure,
            error_condition: Some(condition),
            additional_response: Some(text.into()),
        }
    }
}

impl MessageReference {
    /// The message that carries this header.
    pub fn to(header: &Header) -> Self {
        Self {
            category: Some(header.category.clone()),
            service_id: header.service_id.clone(),
            device_id: header.device_id.clone(),
            sale_id: Some(header.sale_id.clone()),
            poi_id: Some(header.poi_id.clone()),
        }
    }
}

impl TransactionIdentification {
    /// Both parts.
    pub fn new(transaction_id: impl Into<String>, time_stamp: impl Into<String>) -> Self {
        Self { transaction_id: Some(transaction_id.into()), time_stamp: Some(Stamp::new(time_stamp)) }
    }
}
