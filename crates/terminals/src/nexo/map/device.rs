//! What the terminal shows, prints, asks and tells, in the till's words, and the answers in the terminal's.
//!
//! Dossier chapters 12.1 to 12.5. Invariant: an answer echoes its request's header and nothing more; a
//! dialogue that could not be held is a failure, never "no".

use super::plain;
use crate::desk::{Display, NotPrinted};
use crate::limits;
use crate::listener::Answer as Reply;
use crate::notice::Notice;
use domain::prompt::{Answer, Question};
use std::time::Duration;
use wire::nexo::display::DisplayText;
use wire::nexo::{
    Base64, Body, Device, DisplayOutput, DisplayRequest, DisplayResponse, ErrorCondition,
    EventNotification, EventToNotify, Header, Input, InputCommand, InputData, InputRequest, InputResponse,
    InputResult, Limits, MenuEntry, MenuEntryTag, Message, PrintOutput, PrintResponse, Response,
    ResponseMode, decode_header, encode,
};

/// What bodies are, in both directions (dossier chapter 2.1).
pub(in crate::nexo) const CONTENT_TYPE: &str = "application/xml; charset=utf-8";
/// Most characters of an entry that names no length.
const LONGEST_ENTRY: u16 = 100;
/// Most decimals of an entry that names none.
const DECIMALS: u8 = 2;

/// When a print request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nexo) enum Wait {
    /// Soon, whether or not the paper is out by then.
    Soon,
    /// When the paper is out.
    Paper,
}

/// A question of the terminal in the till's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::nexo) struct Entry {
    /// What kind of answer is wanted.
    pub question: Question,
    /// The words.
    pub text: String,
    /// The terminal's own limit.
    pub limit: Option<Duration>,
}

/// The texts of a display request, in order.
pub(in crate::nexo) fn displays(request: &DisplayRequest) -> Vec<Display> {
    request.display_outputs.iter().filter_map(display).collect()
}

fn display(output: &DisplayOutput) -> Option<Display> {
    let shown = DisplayText::of(output.output_content.as_ref()?);
    let fleeting = shown.is_pin_echo();
    let text = plain(&shown.text);
    (!text.trim().is_empty()).then_some(Display::Text { text, fleeting })
}

/// A body only where one is demanded literally: every documented exchange is answered without (U4).
pub(in crate::nexo) fn display_answer(header: &Header, request: &DisplayRequest) -> Reply {
    if !request.display_outputs.iter().any(|output| output.response_required == Some(true)) {
        return Reply::empty(204);
    }
    let results = request.display_outputs.iter().map(|output| output.result(Response::success()));
    answer_with(header, DisplayResponse { output_results: results.collect() })
}

/// When a print request wants its answer, by its mode; a print that may be joined with others is
/// acknowledged without waiting for it.
pub(in crate::nexo) fn print_wait(output: &PrintOutput) -> Wait {
    match &output.response_mode {
        Some(ResponseMode::PrintEnd) if output.integrated_print != Some(true) => Wait::Paper,
        Some(
            ResponseMode::PrintEnd
            | ResponseMode::NotRequired
            | ResponseMode::Immediate
            | ResponseMode::SoundEnd
            | ResponseMode::Other(_),
        )
        | None => Wait::Soon,
    }
}

/// The answer to a print request. Success without a body where none is required; a failure always has one.
pub(in crate::nexo) fn print_answer(
    header: &Header,
    output: &PrintOutput,
    printed: Result<(), NotPrinted>,
) -> Reply {
    let response = match printed {
        Ok(()) if matches!(output.response_mode, Some(ResponseMode::NotRequired) | None) => {
            return Reply::empty(204);
        }
        Ok(()) => Response::success(),
        Err(NotPrinted::Unavailable) => {
            Response::failure(ErrorCondition::UnavailableDevice, "The till has no printer ready")
        }
        Err(NotPrinted::OutOfPaper) => {
            Response::failure(ErrorCondition::DeviceOut, "The till's printer is out of paper")
        }
    };
    let document_qualifier = Some(output.document_qualifier.clone());
    answer_with(header, PrintResponse { document_qualifier, response })
}

/// The question of an input request; `None` for what the till cannot ask. `signature`: a copy to be signed
/// was printed for this operation, so a yes or no is about the signature.
pub(in crate::nexo) fn question(request: &InputRequest, signature: bool) -> Result<Entry, ErrorCondition> {
    let input = &request.input_data;
    match &input.device {
        Device::CashierInput => {}
        Device::CashierDisplay | Device::CustomerDisplay | Device::CustomerInput | Device::Other(_) => {
            return Err(ErrorCondition::UnavailableDevice);
        }
    }
    // A hidden entry is a secret, and answers are kept.
    if input.mask_characters == Some(true) {
        return Err(ErrorCondition::UnavailableService);
    }
    let question = match &input.input_command {
        InputCommand::GetConfirmation if signature => Question::Signature,
        InputCommand::GetConfirmation => Question::Confirm,
        InputCommand::GetAnyKey => Question::AnyKey,
        InputCommand::DigitString => {
            let (min, max) = lengths(input);
            Question::Digits { min, max }
        }
        InputCommand::TextString => {
            let (min, max) = lengths(input);
            Question::Text { min, max }
        }
        InputCommand::DecimalString => {
            let decimals = input.max_decimal_length.map(|most| u8::try_from(most).unwrap_or(u8::MAX));
            Question::Decimal { decimals: decimals.unwrap_or(DECIMALS) }
        }
        InputCommand::GetMenuEntry => Question::Menu { entries: menu(request)? },
        InputCommand::GetFunctionKey
        | InputCommand::SiteManager
        | InputCommand::Password
        | InputCommand::Other(_) => return Err(ErrorCondition::UnavailableService),
    };
    let shown = request.display_output.as_ref().and_then(|output| output.output_content.as_ref());
    let text = shown.map(|content| plain(&DisplayText::of(content).text)).unwrap_or_default();
    let limit = input.max_input_time.filter(|seconds| *seconds > 0);
    let limit = limit.map(|seconds| Duration::from_secs(u64::from(seconds)).min(limits::nexo::CASHIER));
    Ok(Entry { question, text, limit })
}

fn lengths(input: &InputData) -> (u16, u16) {
    let short = |length: u32| u16::try_from(length).unwrap_or(u16::MAX);
    let min = input.min_length.map_or(0, short);
    (min, input.max_length.map_or(LONGEST_ENTRY, short).max(min))
}

/// The entries of a menu; only plain ones can be asked for by number.
fn menu(request: &InputRequest) -> Result<Vec<String>, ErrorCondition> {
    let entries = request.display_output.iter().flat_map(|output| &output.menu_entries);
    let text = |entry: &MenuEntry| match &entry.menu_entry_tag {
        None | Some(MenuEntryTag::Selectable) => {
            let texts: Vec<&str> = entry.output_texts.iter().map(|text| text.text.as_str()).collect();
            Some(plain(&DisplayText::parse(&texts.join(" ")).text))
        }
        Some(
            MenuEntryTag::NonSelectable
            | MenuEntryTag::SubMenu
            | MenuEntryTag::NonSelectableSubMenu
            | MenuEntryTag::Other(_),
        ) => None,
    };
    let entries: Option<Vec<String>> = entries.map(text).collect();
    entries.filter(|entries| !entries.is_empty()).ok_or(ErrorCondition::UnavailableService)
}

/// The cashier's answer. No dialogue is a failure `Cancel`.
pub(in crate::nexo) fn input_answer(header: &Header, request: &InputRequest, answer: &Answer) -> Reply {
    let mut input = Input::new(request.input_data.input_command.clone());
    match answer {
        Answer::Yes if input.input_command == InputCommand::GetAnyKey => {}
        Answer::Yes => input.confirmed = Some(true),
        Answer::No => input.confirmed = Some(false),
        Answer::Typed(text) if input.input_command == InputCommand::DigitString => {
            input.digit_input = Some(text.clone());
        }
        Answer::Typed(text) => input.text_input = Some(text.clone()),
        Answer::Chosen(number) => input.menu_entry_number = Some(u32::from(*number)),
        Answer::NoDialogue => return input_failure(header, request, ErrorCondition::Cancel),
    }
    input_reply(header, request, Response::success(), Some(input))
}

/// The dialogue could not be held.
pub(in crate::nexo) fn input_failure(
    header: &Header,
    request: &InputRequest,
    condition: ErrorCondition,
) -> Reply {
    input_reply(header, request, Response::failure(condition, "No dialogue was held"), None)
}

fn input_reply(header: &Header, request: &InputRequest, response: Response, input: Option<Input>) -> Reply {
    let data = &request.input_data;
    let input_result = InputResult {
        device: Some(data.device.clone()),
        info_qualify: Some(data.info_qualify.clone()),
        response,
        input,
    };
    let output_result = request.display_output.as_ref().map(|output| output.result(Response::success()));
    answer_with(header, InputResponse { output_result, input_result: Some(input_result) })
}

/// The refusal of anything else the terminal asks for.
pub(in crate::nexo) fn refuse(request: &Message) -> Reply {
    let response = Response::failure(ErrorCondition::UnavailableService, "The till does not offer this");
    match request.answer(response) {
        Some(answer) => reply(&answer),
        None => Reply::empty(204),
    }
}

/// A 200 with this body under the request's own header.
fn answer_with(header: &Header, body: impl Into<Body>) -> Reply {
    reply(&Message::new(header.reply(), body.into()))
}

fn reply(message: &Message) -> Reply {
    let body = encode(message).into_bytes();
    Reply { content_type: Some(CONTENT_TYPE), body, ..Reply::empty(200) }
}

/// What an event is worth to the till; `None` for what only the log needs. Nothing here is authenticated,
/// so every event is a notice and no more (dossier chapter 12.5).
pub(in crate::nexo) fn event_notice(event: &EventNotification) -> Option<Notice> {
    let details = event.event_details.as_deref().map(plain).unwrap_or_default();
    let with_details = |word: &str| match details.is_empty() {
        true => word.to_owned(),
        false => format!("{word}: {details}"),
    };
    match &event.event_to_notify {
        EventToNotify::SaleAdmin if event.maintenance_required == Some(true) => {
            Some(Notice::MaintenanceWanted)
        }
        EventToNotify::SaleAdmin => (!details.is_empty()).then_some(Notice::Other(details)),
        EventToNotify::BeginMaintenance => Some(Notice::MaintenanceBegan),
        EventToNotify::EndMaintenance => Some(Notice::MaintenanceEnded),
        EventToNotify::CardInserted => Some(Notice::CardInserted),
        EventToNotify::CardRemoved => Some(Notice::CardRemoved),
        EventToNotify::Initialised => Some(Notice::Restarted),
        EventToNotify::Shutdown => Some(Notice::OutOfService(with_details("Shutdown"))),
        EventToNotify::OutOfOrder => Some(Notice::OutOfService(with_details("OutOfOrder"))),
        EventToNotify::SecurityAlarm => Some(Notice::SecurityAlarm),
        EventToNotify::Reject => {
            let refused = event.rejected_message.as_ref().and_then(category_of);
            Some(Notice::MessageRefused(with_details(refused.as_deref().unwrap_or("message"))))
        }
        EventToNotify::Completed
        | EventToNotify::Abort
        | EventToNotify::SaleWakeUp
        | EventToNotify::CustomerLanguage
        | EventToNotify::KeyPressed
        | EventToNotify::StopAssistance
        | EventToNotify::Other(_) => None,
    }
}

fn category_of(message: &Base64) -> Option<String> {
    let (_, header) = decode_header(message.bytes()?, &Limits::LISTENER).ok()?;
    Some(plain(header.category.as_str()))
}
