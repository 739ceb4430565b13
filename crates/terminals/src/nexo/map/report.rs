//! Answers that move no money: login, totals, questions to the customer.
//!
//! Dossier chapters 5.3, 13 and 15. Invariant: a missing part is left out of the report, never invented.

use super::plain;
use crate::limits::nexo as limits;
use crate::service::Report;
use crate::terminal::Identity;
use domain::prompt::{Answer, Question};
use jiff::Timestamp;
use wire::nexo::{
    Body, Device, DisplayOutput, GlobalStatus, InfoQualify, InputCommand, InputData, InputRequest,
    InputResult, LoginResponse, OutputContent, PoiStatus, PrinterStatus, Response, ResultCode, Software,
    TransactionTotals,
};

/// The `Response` of an answer, nested per device for texts and questions (dossier chapter 3.3).
pub(in crate::nexo) fn response_of(body: &Body) -> Option<&Response> {
    if let Body::PaymentResponse(answer) = body {
        return Some(&answer.response);
    }
    if let Body::ReversalResponse(answer) = body {
        return Some(&answer.response);
    }
    if let Body::LoginResponse(answer) = body {
        return Some(&answer.response);
    }
    if let Body::LogoutResponse(answer) = body {
        return Some(&answer.response);
    }
    if let Body::TransactionStatusResponse(answer) = body {
        return Some(&answer.response);
    }
    if let Body::GetTotalsResponse(answer) = body {
        return Some(&answer.response);
    }
    if let Body::ReconciliationResponse(answer) = body {
        return Some(&answer.response);
    }
    if let Body::DisplayResponse(answer) = body {
        let results = answer.output_results.iter().map(|result| &result.response);
        return results
            .clone()
            .find(|response| response.result != ResultCode::Success)
            .or(results.clone().next());
    }
    if let Body::InputResponse(answer) = body {
        return answer.input_result.as_ref().map(|result| &result.response);
    }
    None
}

/// Who the terminal says it is. `sent`: the login's ServiceID, which names the session; `now`: the till's
/// clock.
pub(in crate::nexo) fn identity(sent: &str, answer: &LoginResponse, now: Timestamp) -> Identity {
    let system = answer.poi_system_data.as_ref();
    let clock = system.and_then(|system| system.date_time.as_ref());
    let clock = clock.and_then(|stamp| stamp.raw().trim().parse::<Timestamp>().ok());
    let terminal = system.and_then(|system| system.poi_terminal_data.as_ref());
    Identity {
        session: sent.to_owned(),
        serial: terminal.and_then(|terminal| terminal.poi_serial_number.as_deref()).map(plain),
        software: system.and_then(|system| system.poi_software.as_ref()).and_then(software),
        skew_ms: clock.map(|clock| clock.as_millisecond().saturating_sub(now.as_millisecond())),
        measured_at: Some(now),
        warnings: system.and_then(|system| system.poi_status.as_ref()).map(warnings).unwrap_or_default(),
    }
}

fn software(software: &Software) -> Option<String> {
    let parts = [&software.application_name, &software.software_version];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| plain(&parts.join(" ")))
}

fn warnings(status: &PoiStatus) -> Vec<String> {
    let flags = [
        (status.security_ok, "the security module reports a fault"),
        (status.ped_ok, "the PIN pad reports a fault"),
        (status.card_reader_ok, "the card reader reports a fault"),
        (status.communication_ok, "the terminal has no line to the bank"),
        (status.fraud_prevention_ok, "the fraud prevention reports a fault"),
    ];
    let mut warnings: Vec<String> = flags
        .into_iter()
        .filter(|(fine, _)| *fine == Some(false))
        .map(|(_, words)| words.to_owned())
        .collect();
    match &status.global_status {
        None | Some(GlobalStatus::OK) => {}
        Some(GlobalStatus::Busy) => warnings.push("the terminal is busy".to_owned()),
        Some(GlobalStatus::Maintenance) => warnings.push("the terminal is in maintenance".to_owned()),
        Some(GlobalStatus::Unreachable) => warnings.push("the terminal says it is unreachable".to_owned()),
        Some(GlobalStatus::Other(word)) => {
            warnings.push(format!("the terminal's status is {}", plain(word)))
        }
    }
    match &status.printer_status {
        None | Some(PrinterStatus::OK) => {}
        Some(PrinterStatus::PaperLow) => warnings.push("the terminal's paper is low".to_owned()),
        Some(PrinterStatus::NoPaper) => warnings.push("the terminal is out of paper".to_owned()),
        Some(PrinterStatus::PaperJam) => warnings.push("the terminal's paper is jammed".to_owned()),
        Some(PrinterStatus::OutOfOrder) => {
            warnings.push("the terminal's printer is out of order".to_owned())
        }
        Some(PrinterStatus::Other(word)) => {
            warnings.push(format!("the terminal's printer says {}", plain(word)));
        }
    }
    warnings
}

/// Totals as lines: one per instrument, brand and kind of transaction. Amounts stay the terminal's text.
pub(in crate::nexo) fn totals(totals: &[TransactionTotals]) -> Report {
    let mut report = Report::default();
    for group in totals {
        let instrument = group.payment_instrument_type.as_ref().map(|it| it.as_str());
        let name: Vec<&str> = instrument.into_iter().chain(group.card_brand.as_deref()).collect();
        let currency = group.payment_currency.as_deref().unwrap_or_default();
        for line in &group.payment_totals {
            let name = format!("{} {}", name.join(" "), line.transaction_type).trim().to_owned();
            let value = format!("{} × {} {currency}", line.transaction_count, line.transaction_amount);
            report.lines.push((plain(&name), plain(value.trim())));
        }
    }
    report
}

/// A question to the customer; the terminals know yes or no, and digits (dossier chapter 13.2).
pub(in crate::nexo) fn customers_question(question: &Question, text: &str) -> Option<InputRequest> {
    let (command, lengths) = match question {
        Question::Confirm => (InputCommand::GetConfirmation, None),
        Question::Digits { min, max } => (InputCommand::DigitString, Some((*min, *max))),
        Question::Signature
        | Question::AnyKey
        | Question::Text { .. }
        | Question::Decimal { .. }
        | Question::Menu { .. } => return None,
    };
    let mut input = InputData::new(Device::CustomerInput, command);
    input.max_input_time = Some(limits::INPUT_TIME);
    if let Some((min, max)) = lengths {
        input.min_length = Some(u32::from(min));
        input.max_length = Some(u32::from(max));
    }
    let words = OutputContent::lines(text.lines());
    let shown = DisplayOutput::text(Device::CustomerDisplay, InfoQualify::Display, words);
    Some(InputRequest { display_output: Some(shown), input_data: input })
}

/// The customer's answer. A failed dialogue, or an entry without a value, is no answer, never "no".
pub(in crate::nexo) fn customers_answer(result: &InputResult) -> Answer {
    let Some(input) = result.input.as_ref().filter(|_| result.response.result == ResultCode::Success)
    else {
        return Answer::NoDialogue;
    };
    match (input.confirmed, &input.digit_input) {
        (Some(true), _) => Answer::Yes,
        (Some(false), _) => Answer::No,
        (None, Some(digits)) => Answer::Typed(digits.clone()),
        (None, None) => Answer::NoDialogue,
    }
}
