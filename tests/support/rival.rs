//! Somebody else at the same terminal: a till of its own, with its own name or with ours, that logs in and
//! takes payments. And messages in the terminal's name that no terminal sent.

use jiff::Timestamp;
use simulator::nexo::{NexoTerminal, WireReply, WireRequest};
use wire::nexo::{
    Amount, AmountsReq, Body, Device, DisplayOutput, DisplayRequest, DocumentQualifier, EventNotification,
    EventToNotify, Header, InfoQualify, InputCommand, InputData, InputRequest, Limits, List, LoginRequest,
    Message, MessageCategory, MessageClass, OutputContent, PaymentRequest, PaymentType, PrintOutput,
    PrintRequest, Response, ResponseMode, SaleCapability, SaleTerminalData, Software, Stamp,
    TransactionIdentification, decode, encode,
};

/// The path of the protocol.
pub const PATH: &str = "/EPASSaleToPOI/3.1";

/// Another till.
pub struct Rival {
    terminal: NexoTerminal,
    sale_id: String,
    poi_id: String,
    requests: u32,
    next: Option<String>,
}

impl Rival {
    /// A till of this name that speaks to this terminal about this point of sale.
    pub fn new(terminal: &NexoTerminal, sale_id: &str, poi_id: &str) -> Self {
        let (sale_id, poi_id) = (sale_id.to_owned(), poi_id.to_owned());
        Self { terminal: terminal.clone(), sale_id, poi_id, requests: 0, next: None }
    }

    /// Logs in, in the light form.
    pub async fn log_in(&mut self) -> Response {
        let request = LoginRequest {
            training_mode: None,
            operator_language: "en".to_owned(),
            operator_id: None,
            shift_number: None,
            token_requested_type: None,
            customer_order_req: None,
            poi_serial_number: None,
            date_time: Stamp::new("2026-03-02T10:00:00+01:00"),
            sale_software: Software {
                provider_identification: Some("Rival".to_owned()),
                application_name: Some("Rival".to_owned()),
                software_version: Some("1".to_owned()),
                ..Software::default()
            },
            sale_terminal_data: Some(SaleTerminalData {
                sale_capabilities: Some(List(vec![SaleCapability::PrinterReceipt])),
                ..SaleTerminalData::default()
            }),
        };
        let body = self.exchange(MessageCategory::Login, request).await;
        let Body::LoginResponse(answer) = body else { panic!("a login is not answered so: {body:?}") };
        answer.response
    }

    /// The next request goes out under this identifier.
    pub fn call_next(&mut self, service_id: &str) {
        self.next = Some(service_id.to_owned());
    }

    /// Takes a payment under this transaction number.
    pub async fn pay(&mut self, transaction: &str, minor: i64) -> Response {
        let sale = TransactionIdentification::new(transaction, "2026-03-02T10:00:00+01:00");
        let amounts = AmountsReq::new("SEK", Amount::from_minor(minor, 2));
        let request = PaymentRequest::new(sale, amounts, PaymentType::Normal);
        let body = self.exchange(MessageCategory::Payment, request).await;
        let Body::PaymentResponse(answer) = body else { panic!("a payment is not answered so: {body:?}") };
        answer.response
    }

    async fn exchange(&mut self, category: MessageCategory, request: impl Into<Body>) -> Body {
        self.requests += 1;
        let id = self.next.take().unwrap_or_else(|| format!("R{}", self.requests));
        let (sale_id, poi_id) = (self.sale_id.as_str(), self.poi_id.as_str());
        let header = Header::request(MessageClass::Service, category, id.as_str(), sale_id, poi_id);
        let message = Message::new(header, request.into());
        let reply = self.terminal.exchange(WireRequest::post(encode(&message))).await;
        let WireReply::Answer { body, .. } = reply else {
            panic!("the terminal does not answer: {reply:?}")
        };
        decode(&body, &Limits::REPLY).expect("the answer can be read").body
    }
}

/// Messages in a terminal's name, as anybody in the network can make them.
pub struct Forger {
    sale_id: String,
    poi_id: String,
    messages: u32,
}

impl Forger {
    /// Somebody who knows the names of both ends.
    pub fn new(sale_id: &str, poi_id: &str) -> Self {
        Self { sale_id: sale_id.to_owned(), poi_id: poi_id.to_owned(), messages: 0 }
    }

    /// A text for the cashier. `service_id`: of the payment that runs, when it is known.
    pub fn display(&mut self, service_id: &str, text: &str) -> String {
        let content = OutputContent::lines([text]);
        let output = DisplayOutput::text(Device::CashierDisplay, InfoQualify::Display, content);
        self.device(MessageCategory::Display, service_id, DisplayRequest { display_outputs: vec![output] })
    }

    /// A question to the cashier.
    pub fn question(&mut self, service_id: &str, text: &str) -> String {
        self.entry(service_id, text, InputCommand::GetConfirmation)
    }

    /// A question to the cashier that wants this kind of answer.
    pub fn entry(&mut self, service_id: &str, text: &str, command: InputCommand) -> String {
        self.ask(service_id, text, InputData::new(Device::CashierInput, command))
    }

    /// A question to the cashier that wants its answer within so many seconds.
    pub fn question_within(&mut self, service_id: &str, text: &str, seconds: u32) -> String {
        let mut input_data = InputData::new(Device::CashierInput, InputCommand::GetConfirmation);
        input_data.max_input_time = Some(seconds);
        self.ask(service_id, text, input_data)
    }

    fn ask(&mut self, service_id: &str, text: &str, input_data: InputData) -> String {
        let content = OutputContent::lines([text]);
        let output = DisplayOutput::text(Device::CashierDisplay, InfoQualify::Display, content);
        let request = InputRequest { display_output: Some(output), input_data };
        self.device(MessageCategory::Input, service_id, request)
    }

    /// Something to print.
    pub fn print(&mut self, service_id: &str, text: &str) -> String {
        self.slip(service_id, text, DocumentQualifier::Document, None)
    }

    /// A merchant's copy to sign.
    pub fn copy_to_sign(&mut self, service_id: &str) -> String {
        self.slip(service_id, "Signature", DocumentQualifier::CashierReceipt, Some(true))
    }

    fn slip(
        &mut self,
        service_id: &str,
        text: &str,
        document_qualifier: DocumentQualifier,
        required_signature: Option<bool>,
    ) -> String {
        let content = OutputContent::lines([text]);
        let print_output = PrintOutput {
            document_qualifier,
            response_mode: Some(ResponseMode::NotRequired),
            integrated_print: None,
            required_signature,
            output_content: Some(content),
            output_signature: None,
        };
        self.device(MessageCategory::Print, service_id, PrintRequest { print_output })
    }

    /// An event.
    pub fn event(&mut self, name: &str) -> String {
        self.notify(name, None)
    }

    /// An event with words.
    pub fn telling(&mut self, name: &str, details: &str) -> String {
        self.notify(name, Some(details.to_owned()))
    }

    fn notify(&mut self, name: &str, event_details: Option<String>) -> String {
        self.messages += 1;
        let id = format!("E{}", self.messages);
        let (sale_id, poi_id) = (self.sale_id.as_str(), self.poi_id.as_str());
        let class = MessageClass::Event;
        let header = Header::request(class, MessageCategory::Event, id.as_str(), sale_id, poi_id);
        let body = EventNotification {
            time_stamp: Some(Stamp::new(Timestamp::UNIX_EPOCH.to_string())),
            event_to_notify: EventToNotify::from(name),
            maintenance_required: None,
            customer_language: None,
            event_details,
            rejected_message: None,
            display_output: None,
        };
        encode(&Message::new(header, body.into()))
    }

    fn device(&mut self, category: MessageCategory, service_id: &str, request: impl Into<Body>) -> String {
        self.messages += 1;
        let (sale_id, poi_id) = (self.sale_id.as_str(), self.poi_id.as_str());
        let mut header = Header::request(MessageClass::Device, category, service_id, sale_id, poi_id);
        header.device_id = Some(format!("F{}", self.messages));
        encode(&Message::new(header, request.into()))
    }
}
