//! What the terminal sends to the till's listener, and how it takes the answers.
//!
//! Dossier chapters 12 and 18.4. Invariant: nothing is sent that the Login did not ask for; an answer
//! that does not come, or comes wrong, is remembered as a connection error and never stops a payment by
//! itself.

use std::sync::Arc;
use std::time::Duration;

use wire::nexo::announcement::Announcement;
use wire::nexo::{
    self, Amount, AmountsReq, Body, Device, DisplayOutput, DisplayRequest, DocumentQualifier,
    EventToNotify, Header, InputCommand, InputData, InputRequest, Limits, Message, MessageCategory,
    MessageClass, OutputContent, PaymentRequest, PaymentType, PrintOutput, PrintRequest, ResponseMode,
    SaleCapability, grammar,
};

use super::case::{Case, Verdict};
use super::core::{CardRead, Core, Till};
use super::delivery;
use super::receipts::{self, Occasion};
use super::running::Run;
use super::settings::PrintMode;
use super::texts::Screen;
use super::{PATH, Shared};
use crate::rng::Rng;
use crate::script::Behaviour;

/// How long the till may take to answer a display, an event or an announcement.
const DISPLAY_LIMIT: Duration = Duration::from_secs(5);
/// How long it may take to print.
const PRINT_LIMIT: Duration = Duration::from_secs(60);

/// A point of sale no till knows.
pub const FOREIGN_POI: &str = "SOMEWHERE-ELSE";

/// What came back.
#[derive(Debug)]
pub enum TillReply {
    /// 204.
    NoContent,
    /// 200 with the answer that belongs to the request.
    Answer(Box<Message>),
    /// Anything else, or nothing.
    Broken,
}

impl Shared {
    /// Sends a message and waits for its answer.
    pub async fn ask(&self, message: &Message, limit: Duration) -> TillReply {
        let (text, path, line) = self.outgoing(message);
        let Some(line) = line else { return self.broken("no line to the till") };
        let answer = tokio::time::timeout(limit, line.post(&path, text.into_bytes())).await;
        match answer {
            Err(_) => self.broken("no answer in time"),
            Ok(Err(_)) => self.broken("the till cannot be reached"),
            Ok(Ok((204, body))) if body.is_empty() => TillReply::NoContent,
            Ok(Ok((200, body))) => self.read_answer(message, &body),
            Ok(Ok(_)) if message.header.poi_id == FOREIGN_POI => TillReply::NoContent,
            Ok(Ok((status, _))) => {
                self.core().complain(format!("{} answered by status {status}", message.body.element()));
                self.broken("unexpected status")
            }
        }
    }

    fn outgoing(&self, message: &Message) -> (String, String, Option<Arc<dyn super::TillLine>>) {
        let mut core = self.core();
        let key = format!("send {:?} {:?}", message.header.device_id, message.header.service_id);
        let mut rng = Rng::keyed(core.settings.seed, &key);
        let vary = core.settings.vary;
        let text = delivery::form(&nexo::encode(message), vary.then_some(&mut rng));
        let slash = if vary && rng.one_in(2) { "/" } else { "" };
        core.note("terminal", text.clone());
        drop(core);
        (text, format!("{PATH}{slash}"), self.line())
    }

    fn read_answer(&self, request: &Message, body: &[u8]) -> TillReply {
        let name = request.body.element();
        let mut core = self.core();
        core.note("till", String::from_utf8_lossy(body));
        if let Err(fault) = grammar::check(body) {
            core.complain(format!("answer to {name}: {fault}"));
        }
        match nexo::decode(body, &Limits::REPLY) {
            Ok(answer) if request.header.is_answered_by(&answer.header) => {
                TillReply::Answer(Box::new(answer))
            }
            Ok(_) => {
                core.complain(format!("answer to {name}: header does not belong to it"));
                TillReply::Broken
            }
            Err(error) => {
                core.complain(format!("answer to {name}: {error}"));
                TillReply::Broken
            }
        }
    }

    fn broken(&self, why: &'static str) -> TillReply {
        let mut core = self.core();
        core.connection_error = true;
        core.note("terminal", format!("ECR connection error: {why}"));
        TillReply::Broken
    }

    /// Sends what the till is only told.
    pub async fn tell(&self, notices: Vec<Message>) {
        for notice in notices {
            let printing = notice.header.category == MessageCategory::Print;
            let reply = self.ask(&notice, if printing { PRINT_LIMIT } else { DISPLAY_LIMIT }).await;
            let expected = matches!(reply, TillReply::NoContent | TillReply::Broken);
            if !expected && notice.header.category == MessageCategory::Event {
                self.core().complain("an event is answered by 204");
            }
        }
    }

    /// Shows a text, if the till wants texts of that kind.
    pub async fn show(&self, till: &Till, service_id: &str, screen: Screen) {
        let display = self.core().display_of(till, service_id, screen);
        let Some(display) = display else { return };
        let required = matches!(&display.body, Body::DisplayRequest(request)
            if request.display_outputs.iter().any(|output| output.response_required == Some(true)));
        let reply = self.ask(&display, DISPLAY_LIMIT).await;
        if required && matches!(reply, TillReply::NoContent) {
            self.core().complain("a display that requires a response is answered by 200");
        }
    }

    /// Prints the merchant's copy before the signature is asked for.
    pub async fn print_for_signature(&self, till: &Till, case: &Case, verdict: &Verdict) {
        let (request, mode) = {
            let mut core = self.core();
            let mode = core.settings.print_mode;
            let copy = DocumentQualifier::CashierReceipt;
            let content = receipts::content(case, verdict, Occasion::Transaction, &copy);
            let service_id = case.header.service_id.clone().unwrap_or_default();
            (core.print_of(till, &service_id, (copy, mode, true), content), mode)
        };
        let reply = self.ask(&request, PRINT_LIMIT).await;
        if mode != PrintMode::NotRequired && matches!(reply, TillReply::NoContent) {
            self.core().complain("a print request that wants a response is answered by 200");
        }
    }

    /// Asks the cashier whether the signature is right. `None` when the dialogue could not be held.
    pub async fn ask_signature(&self, run: &Run) -> Option<bool> {
        let (request, limit) = {
            let mut core = self.core();
            let service_id = run.header.service_id.clone().unwrap_or_default();
            let limit = Duration::from_millis(core.settings.question_ms);
            (core.question_of(&run.till, &service_id), limit)
        };
        let reply = self.ask(&request, limit).await;
        let TillReply::Answer(answer) = reply else {
            if matches!(reply, TillReply::NoContent) {
                self.core().complain("an input request is answered by 200");
            }
            return None;
        };
        let Body::InputResponse(answer) = answer.body else { return None };
        let result = answer.input_result?;
        let held = result.response.result == wire::nexo::ResultCode::Success;
        result.input.filter(|_| held)?.confirmed
    }
}

impl Core {
    /// Header of a request to the till: the ServiceID of what is going on, a DeviceID of its own.
    pub fn device_header(&mut self, till: &Till, service_id: &str, category: MessageCategory) -> Header {
        self.devices += 1;
        let mut header = Header::request(
            MessageClass::Device,
            category,
            service_id,
            till.sale_id.clone(),
            till.poi_id.clone(),
        );
        header.protocol_version = None;
        header.device_id = Some(self.devices.to_string());
        header
    }

    /// A text for the cashier; `None` when the till did not ask for texts of that kind.
    pub fn display_of(&mut self, till: &Till, service_id: &str, screen: Screen) -> Option<Message> {
        if !till.has(&screen.capability()) || !till.is_default_form() {
            return None;
        }
        let header = self.device_header(till, service_id, MessageCategory::Display);
        let mut rng = Rng::keyed(self.settings.seed, &format!("display {}", self.devices));
        let numbered = !(self.settings.vary && rng.one_in(16));
        let content = OutputContent::lines([screen.record(&till.language, numbered)]);
        let mut output = DisplayOutput::text(Device::CashierDisplay, screen.qualifier(), content);
        output.response_required = self.settings.display_answers.or_else(|| match rng.below(3) {
            0 if self.settings.vary => Some(true),
            1 if self.settings.vary => None,
            _ => Some(false),
        });
        Some(Message::new(header, DisplayRequest { display_outputs: vec![output] }.into()))
    }

    /// A print request.
    pub fn print_of(
        &mut self,
        till: &Till,
        service_id: &str,
        (document_qualifier, mode, signature): (DocumentQualifier, PrintMode, bool),
        content: OutputContent,
    ) -> Message {
        let header = self.device_header(till, service_id, MessageCategory::Print);
        let print_output = PrintOutput {
            document_qualifier,
            response_mode: Some(match mode {
                PrintMode::NotRequired => ResponseMode::NotRequired,
                PrintMode::Immediate => ResponseMode::Immediate,
                PrintMode::PrintEnd => ResponseMode::PrintEnd,
            }),
            integrated_print: None,
            required_signature: signature.then_some(true),
            output_content: Some(content),
            output_signature: None,
        };
        Message::new(header, PrintRequest { print_output }.into())
    }

    fn question_of(&mut self, till: &Till, service_id: &str) -> Message {
        let header = self.device_header(till, service_id, MessageCategory::Input);
        let text = Screen::SignatureOk.text(&till.language);
        let content = OutputContent::lines([text]);
        let qualifier = Screen::SignatureOk.qualifier();
        let mut output = DisplayOutput::text(Device::CashierDisplay, qualifier, content);
        output.response_required = Some(false);
        let input_data = InputData::new(Device::CashierInput, InputCommand::GetConfirmation);
        Message::new(header, InputRequest { display_output: Some(output), input_data }.into())
    }

    /// The receipt for a card that was read and then not used (dossier chapter 14, point 4).
    pub fn abandoned(&mut self, read: &CardRead) -> Option<Message> {
        let till = self.last_till.clone()?;
        let header = self.device_header(&till, &till.service_id, MessageCategory::Print);
        let amounts = AmountsReq::new("SEK", Amount::from_minor(0, 2));
        let request = PaymentRequest::new(read.sale.clone(), amounts, PaymentType::Normal);
        let started = (read.number.clone(), (self.clock)());
        let case = Case::open((&header, &request), (&self.settings, true), Behaviour::default(), started)?;
        let verdict = Verdict::failed_with_receipt(wire::nexo::ErrorCondition::Aborted, "Aborted");
        let copy = DocumentQualifier::CustomerReceipt;
        let content = receipts::content(&case, &verdict, Occasion::Transaction, &copy);
        let service_id = till.service_id.clone();
        let mode = self.settings.print_mode;
        Some(self.print_of(&till, &service_id, (copy, mode, false), content))
    }

    /// A card in or out, for tills that get status news.
    pub fn card_event(&mut self, what: EventToNotify) -> Option<Message> {
        let wanted = self.last_till.as_ref().is_some_and(|till| till.has(&SaleCapability::CashierStatus));
        if wanted { self.event(what, "", false, None) } else { None }
    }

    /// The announcement of the terminal's own address.
    pub fn announcement(&self, announcement: &Announcement) -> Message {
        let poi_id =
            self.last_till.as_ref().map(|till| till.poi_id.clone()).or(self.poi_parameters.clone());
        Message::new(Announcement::header(poi_id.unwrap_or_default()), announcement.request().into())
    }
}
