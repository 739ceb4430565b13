//! The answer that says no: the right response element for any request, with everything the schema
//! forces into it.
//!
//! Dossier chapters 12.1, 15 and 18.2. Invariant: the answer echoes the request's header and is valid
//! by Appendix A even when the request's body could not be read; where the schema demands values nobody
//! has, zeros stand in.

use super::acquisition::{CardAcquisitionResponse, EnableServiceResponse};
use super::device::{
    DisplayResponse, InputResponse, InputResult, OutputResult, PrintResponse, TransmitResponse,
};
use super::header::{Header, Response, TransactionIdentification};
use super::loyalty::LoyaltyResponse;
use super::message::{Body, Message};
use super::payment::{PaymentResponse, PoiData, SaleData};
use super::reversal::ReversalResponse;
use super::session::{AdminResponse, DiagnosisResponse, LoginResponse, LogoutResponse};
use super::status::{GetTotalsResponse, ReconciliationResponse, TransactionStatusResponse};
use super::values::{
    Device, DocumentQualifier, InfoQualify, MessageCategory, MessageType, ReconciliationType,
};

/// Identifier and time where no transaction exists; terminals send the number `0` too (dossier chapter
/// 3.3).
const NO_TRANSACTION: &str = "0";
const NO_TIME: &str = "1970-01-01T00:00:00Z";

impl Message {
    /// The answer to this request with the given result and nothing else; `None` where the protocol
    /// knows no answer: Abort and events get an empty HTTP 204.
    pub fn answer(&self, response: Response) -> Option<Message> {
        answer(&self.header, Some(&self.body), response)
    }
}

impl Header {
    /// Like [`Message::answer`], for a request whose body could not be read.
    pub fn answer(&self, response: Response) -> Option<Message> {
        answer(self, None, response)
    }
}

fn answer(header: &Header, request: Option<&Body>, response: Response) -> Option<Message> {
    if header.kind != MessageType::Request {
        return None;
    }
    let body = match &header.category {
        MessageCategory::Abort | MessageCategory::Event => return None,
        MessageCategory::Admin => AdminResponse { response }.into(),
        MessageCategory::CardAcquisition => {
            let (sale_data, poi_data) = echo(request);
            CardAcquisitionResponse { sale_data, poi_data, ..CardAcquisitionResponse::new(response) }.into()
        }
        MessageCategory::Diagnosis => DiagnosisResponse::new(response).into(),
        MessageCategory::Display => display(request, response).into(),
        MessageCategory::EnableService => EnableServiceResponse { response }.into(),
        MessageCategory::GetTotals => GetTotalsResponse {
            poi_reconciliation_id: Some(NO_TRANSACTION.to_owned()),
            response,
            transaction_totals: Vec::new(),
        }
        .into(),
        MessageCategory::Input => input(request, response).into(),
        MessageCategory::Login => LoginResponse { response, poi_system_data: None }.into(),
        MessageCategory::Logout => LogoutResponse { response }.into(),
        MessageCategory::Loyalty => {
            let (sale_data, poi_data) = echo(request);
            let (loyalty_results, payment_receipts) = (Vec::new(), Vec::new());
            LoyaltyResponse { response, sale_data, poi_data, loyalty_results, payment_receipts }.into()
        }
        MessageCategory::Payment => {
            let (sale_data, poi_data) = echo(request);
            PaymentResponse { sale_data, poi_data, ..PaymentResponse::new(response) }.into()
        }
        MessageCategory::Print => print(request, response).into(),
        MessageCategory::Reconciliation => reconciliation(request, response).into(),
        MessageCategory::Reversal => ReversalResponse::new(response).into(),
        MessageCategory::TransactionStatus => TransactionStatusResponse::new(response).into(),
        MessageCategory::Transmit => TransmitResponse { response, message: None }.into(),
        MessageCategory::BalanceInquiry
        | MessageCategory::Batch
        | MessageCategory::CardReaderAPDU
        | MessageCategory::CardReaderInit
        | MessageCategory::CardReaderPowerOff
        | MessageCategory::InputUpdate
        | MessageCategory::PIN
        | MessageCategory::Sound
        | MessageCategory::StoredValue
        | MessageCategory::Other(_) => {
            Body::Other { name: format!("{}Response", header.category), response: Some(response) }
        }
    };
    Some(Message::new(header.reply(), body))
}

/// The sale of the request, and the number of a transaction that does not exist at the time of the sale.
fn echo(request: Option<&Body>) -> (Option<SaleData>, Option<PoiData>) {
    #[allow(clippy::wildcard_enum_match_arm)] // only these three requests carry a sale
    let sale = match request {
        Some(Body::PaymentRequest(request)) => request.sale_data.sale_transaction_id.clone(),
        Some(Body::CardAcquisitionRequest(request)) => request.sale_data.sale_transaction_id.clone(),
        Some(Body::LoyaltyRequest(request)) => request.sale_data.sale_transaction_id.clone(),
        _ => None,
    };
    let sale = sale.unwrap_or_else(|| TransactionIdentification::new(NO_TRANSACTION, NO_TIME));
    let time = sale.time_stamp.as_ref().map_or(NO_TIME, |stamp| stamp.raw());
    let poi_data = PoiData {
        poi_transaction_id: Some(TransactionIdentification::new(NO_TRANSACTION, time)),
        ..PoiData::default()
    };
    (Some(SaleData { sale_transaction_id: Some(sale), ..SaleData::default() }), Some(poi_data))
}

fn display(request: Option<&Body>, response: Response) -> DisplayResponse {
    let unknown = OutputResult {
        device: Some(Device::CustomerDisplay),
        info_qualify: Some(InfoQualify::Display),
        response: response.clone(),
    };
    let output_results = match request {
        Some(Body::DisplayRequest(request)) if !request.display_outputs.is_empty() => {
            request.display_outputs.iter().map(|output| output.result(response.clone())).collect()
        }
        Some(_) | None => vec![unknown],
    };
    DisplayResponse { output_results }
}

fn input(request: Option<&Body>, response: Response) -> InputResponse {
    let (output_result, device, info_qualify) = match request {
        Some(Body::InputRequest(request)) => (
            request.display_output.as_ref().map(|output| output.result(response.clone())),
            request.input_data.device.clone(),
            request.input_data.info_qualify.clone(),
        ),
        Some(_) | None => (None, Device::CustomerInput, InfoQualify::Input),
    };
    let input_result =
        InputResult { device: Some(device), info_qualify: Some(info_qualify), response, input: None };
    InputResponse { output_result, input_result: Some(input_result) }
}

fn print(request: Option<&Body>, response: Response) -> PrintResponse {
    let document_qualifier = match request {
        Some(Body::PrintRequest(request)) => request.print_output.document_qualifier.clone(),
        Some(_) | None => DocumentQualifier::Document,
    };
    PrintResponse { document_qualifier: Some(document_qualifier), response }
}

fn reconciliation(request: Option<&Body>, response: Response) -> ReconciliationResponse {
    let reconciliation_type = match request {
        Some(Body::ReconciliationRequest(request)) => request.reconciliation_type.clone(),
        Some(_) | None => ReconciliationType::SaleReconciliation,
    };
    ReconciliationResponse {
        reconciliation_type: Some(reconciliation_type),
        poi_reconciliation_id: None,
        response,
        transaction_totals: Vec::new(),
    }
}
