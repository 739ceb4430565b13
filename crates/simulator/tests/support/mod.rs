//! A till made of text: requests as in the dossier's examples, and a listener that answers as told.
//!
//! Waits run on virtual time. Invariant: requests are written out as XML, not composed by the codec, so
//! codec and simulator cannot agree on a mistake.
#![allow(dead_code)] // each test file uses a part
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use simulator::bank::Bank;
use simulator::clock::{Clock, clock_from};
use simulator::nexo::{LineDown, NexoTerminal, Settings, TillLine, WireReply, WireRequest};
use wire::nexo::{
    self, Body, InputCommand, Limits, Message, PaymentResponse, Response, ResultCode,
    TransactionStatusResponse, grammar,
};

pub const LIGHT: &str = "PrinterReceipt";
pub const DEFAULT: &str = "CashierStatus CashierError CashierDisplay POIReplication \
                           CustomerAssistance CashierInput PrinterReceipt";

pub fn clock() -> Clock {
    clock_from("2025-03-04T09:12:44Z".parse::<Timestamp>().unwrap())
}

/// A till with one terminal. Requests get the next ServiceID by themselves.
pub struct Desk {
    pub terminal: NexoTerminal,
    pub bank: Bank,
    pub listener: Arc<Listener>,
    pub sale_id: String,
    pub poi_id: String,
    next: Mutex<u64>,
}

impl Desk {
    pub fn new(settings: Settings) -> Self {
        Self::with_bank(settings, Bank::new())
    }

    pub fn with_bank(settings: Settings, bank: Bank) -> Self {
        let terminal = NexoTerminal::new(settings, bank.clone(), clock());
        let listener = Arc::new(Listener::default());
        terminal.connect(listener.clone());
        let (sale_id, poi_id) = ("KASSA2".to_owned(), "BUTIK-07-K2".to_owned());
        Self { terminal, bank, listener, sale_id, poi_id, next: Mutex::new(210_400_000) }
    }

    /// Logged in already.
    pub async fn open(settings: Settings, capabilities: &str) -> Self {
        let desk = Self::new(settings);
        desk.login(capabilities).await;
        desk
    }

    pub async fn login(&self, capabilities: &str) {
        let answer = self.ask("Login", &login(capabilities)).await;
        assert_eq!(outcome(&answer), "Success", "{answer:?}");
    }

    pub fn id(&self) -> String {
        let mut next = self.next.lock().unwrap();
        *next += 1;
        next.to_string()
    }

    pub fn header(&self, category: &str, id: &str) -> String {
        let device = ["Display", "Input", "Print", "Transmit", "Sound"].contains(&category);
        let (class, device) =
            if device { ("Device", format!(" DeviceID=\"{id}\"")) } else { ("Service", String::new()) };
        format!(
            "<MessageHeader ProtocolVersion=\"3.1\" MessageClass=\"{class}\" MessageCategory=\"{category}\" \
             MessageType=\"Request\" ServiceID=\"{id}\"{device} SaleID=\"{}\" POIID=\"{}\"/>",
            self.sale_id, self.poi_id
        )
    }

    /// The raw reply to a request of this category.
    pub async fn send(&self, category: &str, id: &str, body: &str) -> WireReply {
        let text = format!("<SaleToPOIRequest>{}{body}</SaleToPOIRequest>", self.header(category, id));
        self.terminal.exchange(WireRequest::post(text)).await
    }

    /// The answer to a request of this category, checked against the grammar and the header.
    pub async fn ask(&self, category: &str, body: &str) -> Message {
        let id = self.id();
        let answer = message(&self.send(category, &id, body).await);
        assert_eq!(answer.header.service_id.as_deref(), Some(id.as_str()));
        assert_eq!((&answer.header.sale_id, &answer.header.poi_id), (&self.sale_id, &self.poi_id));
        answer
    }

    /// A request in the background: id and task.
    pub fn start(
        self: &Arc<Self>,
        category: &str,
        body: String,
    ) -> (String, tokio::task::JoinHandle<WireReply>) {
        let (id, desk, category) = (self.id(), self.clone(), category.to_owned());
        let named = id.clone();
        (id, tokio::spawn(async move { desk.send(&category, &named, &body).await }))
    }

    pub async fn pay(&self, amount: &str) -> PaymentResponse {
        paid(self.ask("Payment", &payment("T1", amount)).await)
    }

    pub async fn status_of(&self, id: &str) -> TransactionStatusResponse {
        status(self.ask("TransactionStatus", &status_request(Some(id))).await)
    }

    pub async fn last(&self) -> TransactionStatusResponse {
        status(self.ask("TransactionStatus", &status_request(None)).await)
    }

    pub async fn abort(&self, id: &str) {
        let own = self.id();
        assert_eq!(self.send("Abort", &own, &abort("Payment", id)).await, WireReply::empty(204));
    }
}

pub async fn wait(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

pub fn login(capabilities: &str) -> String {
    format!(
        "<LoginRequest OperatorLanguage=\"en\"><DateTime>2025-03-04T08:55:12+01:00</DateTime>\
         <SaleSoftware ProviderIdentification=\"Exempelkassan\" ApplicationName=\"Kassa\" \
         SoftwareVersion=\"1\"/><SaleTerminalData TerminalEnvironment=\"Attended\">\
         <SaleCapabilities>{capabilities}</SaleCapabilities><SaleProfile GenericProfile=\"Extended\">\
         <ServiceProfiles>Loyalty PIN CardReader</ServiceProfiles></SaleProfile></SaleTerminalData>\
         </LoginRequest>"
    )
}

pub fn payment(transaction: &str, amount: &str) -> String {
    money(transaction, amount, "Normal", "SEK", "")
}

pub fn refund(transaction: &str, amount: &str) -> String {
    money(transaction, amount, "Refund", "SEK", "")
}

pub fn money(transaction: &str, amount: &str, kind: &str, currency: &str, more: &str) -> String {
    format!(
        "<PaymentRequest><SaleData TokenRequestedType=\"Customer\"><SaleTransactionID \
         TransactionID=\"{transaction}\" TimeStamp=\"2025-03-04T10:12:44+01:00\"/></SaleData>\
         <PaymentTransaction><AmountsReq Currency=\"{currency}\" RequestedAmount=\"{amount}\"{more}/>\
         </PaymentTransaction><PaymentData PaymentType=\"{kind}\"/></PaymentRequest>"
    )
}

pub fn status_request(service_id: Option<&str>) -> String {
    match service_id {
        None => "<TransactionStatusRequest/>".to_owned(),
        Some(id) => format!(
            "<TransactionStatusRequest><MessageReference ServiceID=\"{id}\"/></TransactionStatusRequest>"
        ),
    }
}

pub fn abort(category: &str, id: &str) -> String {
    format!(
        "<AbortRequest><MessageReference MessageCategory=\"{category}\" ServiceID=\"{id}\"/>\
         <AbortReason>Cancelled by cashier</AbortReason></AbortRequest>"
    )
}

pub fn reversal(answer: &PaymentResponse) -> String {
    let id = answer.poi_data.as_ref().unwrap().poi_transaction_id.as_ref().unwrap();
    let (number, time) = (id.transaction_id.as_deref().unwrap(), id.time_stamp.as_ref().unwrap().raw());
    reversal_of(number, time)
}

pub fn reversal_of(number: &str, time: &str) -> String {
    format!(
        "<ReversalRequest ReversalReason=\"MerchantCancel\"><OriginalPOITransaction><POITransactionID \
         TransactionID=\"{number}\" TimeStamp=\"{time}\"/></OriginalPOITransaction></ReversalRequest>"
    )
}

/// The message of a proper answer.
pub fn message(reply: &WireReply) -> Message {
    let WireReply::Answer { status: 200, body, .. } = reply else { panic!("{reply:?}") };
    valid(body)
}

/// A message that passes the strict grammar, but for the documentation's spelling of `MagStripe`, which
/// terminals are expected to use at times (dossier chapter 4).
pub fn valid(bytes: &[u8]) -> Message {
    let text = String::from_utf8_lossy(bytes).replace("\"Magstripe\"", "\"MagStripe\"");
    let shown: String = text.chars().take(400).collect();
    grammar::check(text.as_bytes()).unwrap_or_else(|fault| panic!("{fault} in {shown}"));
    nexo::decode(bytes, &Limits::REPLY).unwrap_or_else(|error| panic!("{error} in {shown}"))
}

pub fn paid(message: Message) -> PaymentResponse {
    let Body::PaymentResponse(answer) = message.body else { panic!("{message:?}") };
    answer
}

pub fn status(message: Message) -> TransactionStatusResponse {
    let Body::TransactionStatusResponse(answer) = message.body else { panic!("{message:?}") };
    answer
}

/// The payment repeated in a status answer.
pub fn repeated(answer: TransactionStatusResponse) -> PaymentResponse {
    assert_eq!(said(&answer.response), "Success");
    let found = answer.repeated_message.unwrap();
    paid(Message::new(found.header, *found.body))
}

/// `Success`, or the error condition.
pub fn said(response: &Response) -> String {
    match (&response.result, &response.error_condition) {
        (ResultCode::Success, None) => "Success".to_owned(),
        (ResultCode::Failure, Some(condition)) => condition.to_string(),
        (result, condition) => format!("{result} {condition:?}"),
    }
}

/// `Success`, or the error condition of any answer.
pub fn outcome(message: &Message) -> String {
    said(response_of(&message.body))
}

fn response_of(body: &Body) -> &Response {
    match body {
        Body::LoginResponse(answer) => &answer.response,
        Body::LogoutResponse(answer) => &answer.response,
        Body::PaymentResponse(answer) => &answer.response,
        Body::ReversalResponse(answer) => &answer.response,
        Body::TransactionStatusResponse(answer) => &answer.response,
        Body::EnableServiceResponse(answer) => &answer.response,
        Body::CardAcquisitionResponse(answer) => &answer.response,
        Body::AdminResponse(answer) => &answer.response,
        Body::DiagnosisResponse(answer) => &answer.response,
        Body::ReconciliationResponse(answer) => &answer.response,
        Body::GetTotalsResponse(answer) => &answer.response,
        Body::PrintResponse(answer) => &answer.response,
        Body::TransmitResponse(answer) => &answer.response,
        Body::DisplayResponse(answer) => &answer.output_results[0].response,
        Body::InputResponse(answer) => &answer.input_result.as_ref().unwrap().response,
        Body::LoyaltyResponse(answer) => &answer.response,
        Body::Other { response: Some(response), .. } => response,
        other => panic!("{other:?}"),
    }
}

/// What the cashier's side does with requests of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cashier {
    /// Presses yes.
    Confirms,
    /// Presses no.
    Refuses,
    /// Cannot be asked.
    Absent,
    /// Does not answer at all.
    Silent,
}

/// The till's listener: writes down what comes and answers by the rules of dossier chapter 12.1.
pub struct Listener {
    pub cashier: Mutex<Cashier>,
    pub down: Mutex<bool>,
    pub heard: Mutex<Vec<Message>>,
    pub paths: Mutex<Vec<String>>,
}

impl Default for Listener {
    fn default() -> Self {
        Self {
            cashier: Mutex::new(Cashier::Confirms),
            down: Mutex::new(false),
            heard: Mutex::new(Vec::new()),
            paths: Mutex::new(Vec::new()),
        }
    }
}

impl Listener {
    pub fn cashier(&self, cashier: Cashier) {
        *self.cashier.lock().unwrap() = cashier;
    }

    /// What was heard in short: `Display Approved`, `Event CardInserted`, `Print CashierReceipt` …
    pub fn story(&self) -> Vec<String> {
        self.heard.lock().unwrap().iter().map(short).collect()
    }

    pub fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }
}

fn short(message: &Message) -> String {
    match &message.body {
        Body::DisplayRequest(request) => {
            let content = request.display_outputs[0].output_content.as_ref().unwrap();
            format!("Display {}", nexo::display::DisplayText::of(content).text)
        }
        Body::EventNotification(event) => format!("Event {}", event.event_to_notify),
        Body::PrintRequest(request) => format!("Print {}", request.print_output.document_qualifier),
        other => other.element().to_owned(),
    }
}

#[async_trait]
impl TillLine for Listener {
    async fn post(&self, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), LineDown> {
        if *self.down.lock().unwrap() {
            return Err(LineDown);
        }
        let message = valid(&body);
        self.paths.lock().unwrap().push(path.to_owned());
        self.heard.lock().unwrap().push(message.clone());
        let cashier = *self.cashier.lock().unwrap();
        let answer = match &message.body {
            Body::DisplayRequest(request) if request.display_outputs[0].response_required == Some(true) => {
                message.answer(Response::success())
            }
            Body::PrintRequest(request)
                if request.print_output.response_mode != Some(nexo::ResponseMode::NotRequired) =>
            {
                message.answer(Response::success())
            }
            Body::InputRequest(_) if cashier == Cashier::Silent => {
                wait(3_600_000).await;
                None
            }
            Body::InputRequest(_) if cashier == Cashier::Absent => {
                message.answer(Response::failure(nexo::ErrorCondition::UnavailableDevice, "nobody here"))
            }
            Body::InputRequest(_) => {
                let mut answer = message.answer(Response::success()).unwrap();
                if let Body::InputResponse(body) = &mut answer.body {
                    let mut input = nexo::Input::new(InputCommand::GetConfirmation);
                    input.confirmed = Some(cashier == Cashier::Confirms);
                    body.input_result.as_mut().unwrap().input = Some(input);
                }
                Some(answer)
            }
            _ => None,
        };
        Ok(match answer {
            Some(answer) => (200, nexo::encode(&answer).into_bytes()),
            None => (204, Vec::new()),
        })
    }
}
