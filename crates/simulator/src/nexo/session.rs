//! Login, Logout, card before amount, abort, and the start of everything that takes time.
//!
//! Dossier chapters 5, 9, 13 and 14. Invariant: only what the acceptance matrix lets through arrives
//! here.

use std::sync::Arc;

use wire::nexo::{
    Base64, Body, Device, DisplayRequest, EnableServiceResponse, ErrorCondition, EventNotification,
    EventToNotify, GlobalStatus, Header, InputRequest, List, LoginRequest, LoginResponse, LogoutResponse,
    Message, MessageCategory, MessageClass, PoiCapability, PoiStatus, PoiSystemData, PoiTerminalData,
    PrintRequest, PrinterStatus, Response, Software, Stamp, TerminalEnvironment,
};

use super::case::Case;
use super::core::{Core, Effects, Enabled, Step, Till};
use super::matrix::{Column, Row};
use super::running::Work;
use super::stamp;
use super::strict::Incoming;
use crate::script::Behaviour;

impl Core {
    /// Login: ends whatever runs and opens a new session.
    pub fn login(&mut self, incoming: &Incoming) -> Effects {
        let Some(Body::LoginRequest(request)) = &incoming.body else {
            return self.refuse(incoming, ErrorCondition::MessageFormat, "not a login");
        };
        let header = &incoming.header;
        if self.settings.sale_id.as_ref().is_some_and(|expected| *expected != header.sale_id) {
            return self.refuse(incoming, ErrorCondition::Refusal, "SaleID is not configured");
        }
        if self.is_fetching_parameters(&header.poi_id) {
            return self.refuse(incoming, ErrorCondition::Busy, "New POI ID, updating parameters");
        }
        self.drop_running(true);
        self.poi_parameters = Some(header.poi_id.clone());
        self.open_session(till(header, request));
        let answer = LoginResponse { response: Response::success(), poi_system_data: Some(self.about()) };
        Step::Answer(Box::new(Message::new(header.reply(), answer.into()))).into()
    }

    /// A POIID the terminal has no parameters for makes it fetch them (dossier chapter 5.3).
    fn is_fetching_parameters(&mut self, poi_id: &str) -> bool {
        if self.poi_parameters.as_deref().is_none_or(|known| known == poi_id) {
            return false;
        }
        let left = match self.new_poi_left.take() {
            Some((fetching, left)) if fetching == poi_id => left,
            Some(_) | None => self.settings.new_poi_busy,
        };
        self.new_poi_left = left.checked_sub(1).map(|left| (poi_id.to_owned(), left));
        left > 0
    }

    fn about(&self) -> PoiSystemData {
        let mut capabilities = vec![
            PoiCapability::CustomerDisplay,
            PoiCapability::CustomerError,
            PoiCapability::CustomerInput,
            PoiCapability::MagStripe,
            PoiCapability::ICC,
            PoiCapability::EMVContactless,
        ];
        let printer = self.settings.has_printer();
        if printer {
            capabilities.push(PoiCapability::PrinterReceipt);
        }
        PoiSystemData {
            date_time: Some(Stamp::new(self.utc_stamp("login"))),
            poi_software: Some(Software {
                provider_identification: Some("Optomany".to_owned()),
                application_name: Some("axept® PRO".to_owned()),
                software_version: Some(self.settings.software.clone()),
                ..Software::default()
            }),
            poi_terminal_data: Some(PoiTerminalData {
                terminal_environment: Some(TerminalEnvironment::Attended),
                poi_serial_number: Some(self.settings.serial.clone()),
                poi_capabilities: Some(List(capabilities)),
                poi_profile: None,
            }),
            poi_status: Some(PoiStatus {
                global_status: Some(GlobalStatus::OK),
                security_ok: Some(true),
                ped_ok: Some(true),
                card_reader_ok: Some(true),
                printer_status: printer.then_some(PrinterStatus::OK),
                communication_ok: Some(true),
                ..PoiStatus::default()
            }),
            ..PoiSystemData::default()
        }
    }

    /// Logout; with maintenance allowed a waiting update begins.
    pub fn logout(&mut self, incoming: &Incoming) -> Effects {
        let Some(Body::LogoutRequest(request)) = &incoming.body else {
            return self.refuse(incoming, ErrorCondition::MessageFormat, "not a logout");
        };
        if self.session.is_none() && self.settings.logout_needs_session {
            return self.refuse(incoming, ErrorCondition::NotAllowed, "No session");
        }
        self.session = None;
        self.enabled = None;
        self.read_card = None;
        let answer = LogoutResponse { response: Response::success() };
        let step = Step::Answer(Box::new(Message::new(incoming.header.reply(), answer.into())));
        let mut notices = Vec::new();
        if request.maintenance_allowed == Some(true) && self.update_waiting {
            notices.extend(self.begin_maintenance());
        }
        Effects { step, notices }
    }

    /// EnableService.
    pub fn enable(&mut self, row: Row, incoming: &Incoming) -> Effects {
        let light = self.session.as_ref().is_some_and(|session| !session.till.is_default_form());
        if light {
            let text = "Needs a till that listens";
            return self.refuse(incoming, ErrorCondition::UnavailableService, text);
        }
        let answer = EnableServiceResponse { response: Response::success() };
        let step = Step::Answer(Box::new(Message::new(incoming.header.reply(), answer.into())));
        if row == Row::EnableStart {
            self.enabled = Some(Enabled::default());
            return step.into();
        }
        let read = self.enabled.take().and_then(|enabled| enabled.card);
        let notices = read.and_then(|read| self.abandoned(&read)).into_iter().collect();
        Effects { step, notices }
    }

    /// Abort: 204 always; the request it means ends by itself, or the till hears why not.
    pub fn abort(&mut self, incoming: &Incoming) -> Effects {
        let Some(Body::AbortRequest(request)) = &incoming.body else { return Step::NoContent.into() };
        let reference = &request.message_reference;
        let finished = self.is_finished(reference.service_id.as_ref());
        let meant = self.running.as_ref().is_some_and(|running| running.is_meant_by(reference));
        let asking = self.running.as_ref().is_some_and(|running| running.asking);
        let event = match self.column() {
            Column::Paying if meant && !asking => {
                self.signal_abort();
                None
            }
            Column::Paying if finished => Some(EventToNotify::Completed),
            Column::Paying | Column::Enabled => Some(EventToNotify::Reject),
            Column::Idle | Column::Cooling => Some(EventToNotify::Completed),
            Column::LoggedOut | Column::Maintenance => None,
        };
        let rejected = (event == Some(EventToNotify::Reject)).then(|| incoming.bytes.clone());
        let notice = event.and_then(|event| self.event(event, "Abort not possible", false, rejected));
        Effects { step: Step::NoContent, notices: notice.into_iter().collect() }
    }

    /// Payment or refund.
    pub fn payment(&mut self, incoming: &Incoming, behaviour: Behaviour) -> Effects {
        let header = &incoming.header;
        let Some(request) = incoming.payment() else {
            return self.refuse(incoming, ErrorCondition::MessageFormat, "not a payment");
        };
        let read =
            self.read_card.clone().or(self.enabled.as_ref().and_then(|enabled| enabled.card.clone()));
        let data = request.payment_data.as_ref();
        let reference = data.and_then(|data| data.card_acquisition_reference.as_ref());
        if reference.is_some() && reference != read.as_ref().map(|read| &read.number) {
            return self.refuse(incoming, ErrorCondition::NotFound, "No such card acquisition");
        }
        let number = self.next_transaction(header.service_id.as_ref());
        let receipts = self
            .session
            .as_ref()
            .is_some_and(|session| session.till.has(&wire::nexo::SaleCapability::PrinterReceipt));
        let at = (self.clock)();
        let case =
            Case::open((header, request), (&self.settings, receipts), behaviour.clone(), (number, at));
        let Some(mut case) = case else {
            let text = "PaymentRequest/SaleData/SaleTransactionID is missing";
            return self.refuse(incoming, ErrorCondition::MessageFormat, text);
        };
        if let Some(read) = &read {
            if read.sale.transaction_id != case.sale.transaction_id {
                self.complain("the payment does not reuse the SaleTransactionID of its card acquisition");
            }
            case.card = read.card.clone();
        }
        let case = Arc::new(case);
        let work = Work::Payment { case: case.clone(), card_read: read.is_some() };
        self.begin(header, work, Some(case), behaviour)
    }

    /// CardAcquisition.
    pub fn card_acquisition(&mut self, incoming: &Incoming, behaviour: Behaviour) -> Effects {
        let Some(Body::CardAcquisitionRequest(request)) = &incoming.body else {
            return self.refuse(incoming, ErrorCondition::MessageFormat, "not a card acquisition");
        };
        let work = Work::Acquisition(Box::new(request.clone()));
        self.begin(&incoming.header, work, None, behaviour)
    }

    /// Display, Input and Print to the terminal.
    pub fn device(&mut self, header: &Header, body: &Body, behaviour: Behaviour) -> Effects {
        let request = Message::new(header.clone(), body.clone());
        if let Body::DisplayRequest(display) = body {
            return self.display(&request, display);
        }
        if let Body::InputRequest(input) = body {
            return self.question(&request, input, behaviour);
        }
        if let Body::PrintRequest(print) = body {
            return self.print(&request, print, behaviour);
        }
        answered(&request, Response::failure(ErrorCondition::UnavailableService, "Device is not supported"))
    }

    fn display(&mut self, request: &Message, display: &DisplayRequest) -> Effects {
        let customer = |output: &wire::nexo::DisplayOutput| output.device == Device::CustomerDisplay;
        if !display.display_outputs.iter().all(customer) {
            let text = "The terminal has a customer display only";
            return answered(request, Response::failure(ErrorCondition::UnavailableDevice, text));
        }
        let mut texts = display.display_outputs.iter().filter_map(|output| output.output_content.as_ref());
        if texts.any(|content| content.plain().eq(["continue_processing"]))
            && let Some(enabled) = self.enabled.take()
        {
            self.read_card = enabled.card;
        }
        answered(request, Response::success())
    }

    fn question(&mut self, request: &Message, input: &InputRequest, behaviour: Behaviour) -> Effects {
        let known = ["GetConfirmation", "DigitString"].contains(&input.input_data.input_command.as_str());
        if input.input_data.device != Device::CustomerInput || !known {
            let text = "The customer can confirm or enter digits only";
            return answered(request, Response::failure(ErrorCondition::UnavailableService, text));
        }
        self.begin(&request.header, Work::Question(Box::new(input.clone())), None, behaviour)
    }

    fn print(&mut self, request: &Message, print: &PrintRequest, behaviour: Behaviour) -> Effects {
        if !self.settings.has_printer() {
            let text = "The terminal has no printer";
            return answered(request, Response::failure(ErrorCondition::UnavailableDevice, text));
        }
        self.begin(&request.header, Work::Printing(Box::new(print.clone())), None, behaviour)
    }

    /// An event for the till; `None` when no till listens.
    pub fn event(
        &mut self,
        what: EventToNotify,
        details: &str,
        maintenance: bool,
        rejected: Option<Vec<u8>>,
    ) -> Option<Message> {
        let till = self.last_till.clone().filter(Till::is_default_form)?;
        self.events += 1;
        let service_id = self.events.to_string();
        let mut header = Header::request(
            MessageClass::Event,
            MessageCategory::Event,
            service_id,
            till.sale_id,
            till.poi_id,
        );
        header.protocol_version = None;
        let time = stamp::with_offset((self.clock)(), self.settings.utc_offset_minutes);
        let body = EventNotification {
            time_stamp: Some(Stamp::new(time)),
            event_to_notify: what,
            maintenance_required: maintenance.then_some(true),
            customer_language: None,
            event_details: (!details.is_empty()).then(|| details.to_owned()),
            rejected_message: rejected.map(Base64::Decoded),
            display_output: None,
        };
        Some(Message::new(header, body.into()))
    }

    /// The terminal is updating; whatever session there was is over.
    pub fn begin_maintenance(&mut self) -> Option<Message> {
        self.drop_running(true);
        self.session = None;
        self.enabled = None;
        self.maintenance = true;
        self.event(EventToNotify::BeginMaintenance, "", false, None)
    }

    /// The update is over.
    pub fn end_maintenance(&mut self) -> Option<Message> {
        self.maintenance = false;
        self.update_waiting = false;
        self.event(EventToNotify::EndMaintenance, "", false, None)
    }
}

fn answered(request: &Message, response: Response) -> Effects {
    request.answer(response).map_or(Step::NoContent, |answer| Step::Answer(Box::new(answer))).into()
}

fn till(header: &Header, request: &LoginRequest) -> Till {
    let capabilities = request.sale_terminal_data.as_ref().and_then(|data| data.sale_capabilities.clone());
    Till {
        sale_id: header.sale_id.clone(),
        poi_id: header.poi_id.clone(),
        service_id: header.service_id.clone().unwrap_or_default(),
        capabilities: capabilities.unwrap_or_default().0,
        language: request.operator_language.clone(),
    }
}
