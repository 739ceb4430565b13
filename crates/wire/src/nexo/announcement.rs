//! The terminal's announcement of its own address, inside a TransmitRequest.
//!
//! Dossier chapters 2.5 and 12.6. Invariant: an announcement is a proposal; nothing here decides
//! whether the address is to be believed.

use core::net::Ipv4Addr;

use serde_json::{Value, json};

use super::DecodeError;
use super::device::TransmitRequest;
use super::header::Header;
use super::scalar::Base64;
use super::values::{MessageCategory, MessageClass, MessageType};

/// Port of the destination address that marks a configuration message; nothing listens there.
pub const MARKER_PORT: &str = "15022";
const MARKER: &str = "127.0.0.1:15022";
const CONFIGURATION: &str = "saleTerminalconfiguration";

/// Where the terminal says it listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Address of the terminal.
    pub address: Ipv4Addr,
    /// Port of the terminal, 11000 unless changed.
    pub port: u16,
}

impl Announcement {
    /// Whether the request is an announcement at all: its destination has the marker port.
    pub fn is_in(request: &TransmitRequest) -> bool {
        request.destination_address.trim().rsplit_once(':').is_some_and(|(_, port)| port == MARKER_PORT)
    }

    /// Reads the announcement. The port may be text or a number; white space and further members are
    /// ignored.
    pub fn read(request: &TransmitRequest) -> Result<Self, DecodeError> {
        let field = |path: &str, what: &str| DecodeError::Field {
            path: format!("TransmitRequest/Message/{path}"),
            what: what.to_owned(),
        };
        let bytes = request.message.bytes().ok_or_else(|| field("text()", "is not base64"))?;
        let json: Value = serde_json::from_slice(bytes).map_err(|_| field("text()", "is not JSON"))?;
        let end_point = json
            .get(CONFIGURATION)
            .and_then(|configuration| configuration.get("ipEndPoint"))
            .ok_or_else(|| field("ipEndPoint", "is missing"))?;
        let address = end_point.get("ipV4Address").and_then(Value::as_str);
        let address = address.and_then(|text| text.trim().parse().ok());
        let port = end_point.get("ipPort").and_then(|port| match port.as_str() {
            Some(text) => text.trim().parse().ok(),
            None => port.as_u64().and_then(|number| u16::try_from(number).ok()),
        });
        Ok(Self {
            address: address.ok_or_else(|| field("ipV4Address", "is not an IPv4 address"))?,
            port: port.filter(|port| *port != 0).ok_or_else(|| field("ipPort", "is not a port"))?,
        })
    }

    /// The request that carries the announcement.
    pub fn request(&self) -> TransmitRequest {
        let json = json!({ CONFIGURATION: {
            "messageVersion": "1.0.0",
            "ipEndPoint": { "ipV4Address": self.address.to_string(), "ipPort": self.port.to_string() },
        }});
        TransmitRequest {
            wait_response: None,
            maximum_transmit_time: Some(30),
            destination_address: MARKER.to_owned(),
            message: Base64::Decoded(json.to_string().into_bytes()),
        }
    }

    /// The header of an announcement: neither ServiceID nor DeviceID, and an empty SaleID.
    pub fn header(poi_id: impl Into<String>) -> Header {
        Header {
            protocol_version: None,
            class: MessageClass::Device,
            category: MessageCategory::Transmit,
            kind: MessageType::Request,
            service_id: None,
            device_id: None,
            sale_id: String::new(),
            poi_id: poi_id.into(),
        }
    }
}
