//! A whole message: envelope, header, body.
//!
//! Invariant: a decoded body belongs to its header; the element is named category plus type (dossier
//! chapter 3).

use super::acquisition::{
    CardAcquisitionRequest, CardAcquisitionResponse, EnableServiceRequest, EnableServiceResponse,
};
use super::device::{
    DisplayRequest, DisplayResponse, InputRequest, InputResponse, PrintRequest, PrintResponse,
    TransmitRequest, TransmitResponse,
};
use super::element::{Child, Element, Misfit};
use super::event::EventNotification;
use super::header::{Envelope, Header, Response};
use super::loyalty::{LoyaltyRequest, LoyaltyResponse};
use super::payment::{PaymentRequest, PaymentResponse};
use super::read::Node;
use super::reversal::{AbortRequest, ReversalRequest, ReversalResponse};
use super::session::{
    AdminRequest, AdminResponse, DiagnosisRequest, DiagnosisResponse, LoginRequest, LoginResponse,
    LogoutRequest, LogoutResponse,
};
use super::status::{
    GetTotalsRequest, GetTotalsResponse, ReconciliationRequest, ReconciliationResponse,
    TransactionStatusRequest, TransactionStatusResponse,
};
use super::values::MessageType;
use super::write::Writer;

/// One message of either direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `SaleToPOIRequest` or `SaleToPOIResponse`.
    pub envelope: Envelope,
    /// Who, to whom, which.
    pub header: Header,
    /// What.
    pub body: Body,
}

impl Message {
    /// A message in the envelope its type asks for.
    pub fn new(header: Header, body: Body) -> Self {
        let envelope =
            if header.kind == MessageType::Response { Envelope::Response } else { Envelope::Request };
        Self { envelope, header, body }
    }
}

macro_rules! bodies {
    ($( $name:ident ),* $(,)?) => {
        /// What a message says: one variant per body element in use.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant)] // few live at a time, and matching through boxes reads badly
        pub enum Body {
            $( #[doc = concat!("`", stringify!($name), "`.")] $name($name), )*
            /// A body element of a known category that is not decoded, for example `SoundRequest`.
            Other {
                /// Name of the element: category plus type.
                name: String,
                /// Its `Response`, if it is an answer.
                response: Option<Response>,
            },
        }

        impl Body {
            /// Name of the body element.
            pub fn element(&self) -> &str {
                match self {
                    $( Self::$name(_) => stringify!($name), )*
                    Self::Other { name, .. } => name,
                }
            }

            fn read(node: &Node) -> Result<Self, Misfit> {
                match node.name.as_ref() {
                    $( stringify!($name) => Element::read(node).map(Self::$name), )*
                    name => Ok(Self::Other {
                        name: name.to_owned(),
                        response: Child::read(node, "Response")?,
                    }),
                }
            }

            /// Writes the body element.
            pub(super) fn write(&self, out: &mut Writer) {
                match self {
                    $( Self::$name(body) => Element::write(body, stringify!($name), out), )*
                    Self::Other { name, response } => {
                        out.open(name);
                        Child::write(response, "Response", out);
                        out.close(name);
                    }
                }
            }
        }

        #[cfg(test)]
        impl Body {
            /// One value of every variant in use.
            pub(super) fn samples(draw: &mut super::tests::sample::Draw) -> Vec<Self> {
                vec![$( Self::$name(super::tests::sample::Sample::sample(draw)) ),*]
            }
        }

        $( impl From<$name> for Body {
            fn from(body: $name) -> Self {
                Self::$name(body)
            }
        } )*
    };
}

bodies! {
    AbortRequest, AdminRequest, AdminResponse, CardAcquisitionRequest, CardAcquisitionResponse,
    DiagnosisRequest, DiagnosisResponse, DisplayRequest, DisplayResponse, EnableServiceRequest,
    EnableServiceResponse, EventNotification, GetTotalsRequest, GetTotalsResponse, InputRequest,
    InputResponse, LoginRequest, LoginResponse, LogoutRequest, LogoutResponse, LoyaltyRequest,
    LoyaltyResponse, PaymentRequest, PaymentResponse, PrintRequest, PrintResponse,
    ReconciliationRequest, ReconciliationResponse, ReversalRequest, ReversalResponse,
    TransactionStatusRequest, TransactionStatusResponse, TransmitRequest, TransmitResponse,
}

impl Body {
    /// Reads the one child of `parent` that the header announces; anything else beside it is ignored.
    pub(super) fn read_for(header: &Header, parent: &Node) -> Result<Self, Misfit> {
        let wanted = header.body_element();
        if !header.category.is_listed() || !header.kind.is_listed() {
            return Err(Misfit::new("MessageHeader", "names a category or type that does not exist"));
        }
        let mut found = parent.children.iter().filter(|child| child.name == wanted);
        match (found.next(), found.next()) {
            (Some(node), None) => Self::read(node).map_err(|misfit| misfit.within(&wanted)),
            (Some(_), Some(_)) => Err(Misfit::new(wanted, "occurs more than once")),
            (None, _) => Err(Misfit::new(wanted, "is missing")),
        }
    }
}
