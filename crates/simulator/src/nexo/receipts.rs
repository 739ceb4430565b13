//! Receipts of a nexo terminal: two JSON documents with lines in Swedish (dossier chapter 7).
//!
//! Invariant: the customer's copy shows the last four digits of the card, the merchant's copy the first
//! six too; lines have 25 characters at most.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wire::nexo::{DocumentQualifier, OutputContent, PaymentReceipt};

use super::case::{Case, Verdict};
use super::stamp;
use crate::script::{Source, Twist};

/// What the receipt is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A payment or refund.
    Transaction,
    /// Its reversal.
    Reversal,
}

const LINE: usize = 25;

/// Both receipts, in the order of the case.
pub fn both(case: &Case, verdict: &Verdict, occasion: Occasion) -> Vec<PaymentReceipt> {
    let copies = [DocumentQualifier::CashierReceipt, DocumentQualifier::CustomerReceipt];
    let mut receipts: Vec<PaymentReceipt> = copies
        .into_iter()
        .map(|copy| PaymentReceipt {
            output_content: Some(content(case, verdict, occasion, &copy)),
            document_qualifier: copy,
            integrated_print: None,
            required_signature: None,
        })
        .collect();
    if case.customer_first {
        receipts.reverse();
    }
    receipts
}

/// One receipt as it travels: base64 of JSON.
pub fn content(
    case: &Case,
    verdict: &Verdict,
    occasion: Occasion,
    copy: &DocumentQualifier,
) -> OutputContent {
    if case.behaviour.twists.contains(&Twist::BadReceipts) {
        return OutputContent::lines(["%% not a receipt %%"]);
    }
    let json = document(case, verdict, occasion, *copy == DocumentQualifier::CustomerReceipt).to_string();
    OutputContent::lines([STANDARD.encode(json)])
}

fn document(case: &Case, verdict: &Verdict, occasion: Occasion, customer: bool) -> Value {
    let root = if customer { "Cardholder" } else { "Merchant" };
    let mut optional = json!({
        "CardAcceptor": { "CountryName": "752", "PhoneNumber": "+4680000000" },
        "Payment": { "Reference": case.sale_number() },
    });
    if case.receipt_lines && case.behaviour.receipt_lines {
        insert(&mut optional, "ReceiptString", json!(lines(case, verdict, occasion, customer)));
    }
    let mut mandatory = json!({
        "Acquirer": { "CardAcceptorNumber": case.merchant, "TerminalID": case.terminal },
        "CardAcceptor": {
            "Name": case.shop, "Address1": "Storgatan 1", "PostZipCode": "11122", "TownCity": "Stockholm",
            "OrganisationNumber": "556000-0001", "BankAgentName": "Exempelbank",
        },
        "Outcome": outcome(case, verdict, occasion),
        "Payment": payment(case, verdict, occasion),
        "TimeStamp": { "DateOfPayment": local(case, "%Y-%m-%d"), "TimeOfPayment": local(case, "%H:%M") },
    });
    if case.card.source != Source::Mobile {
        insert(&mut mandatory, "CardDetails", card_details(case, customer));
    }
    json!({ root: { "Mandatory": mandatory, "Optional": optional } })
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

fn card_details(case: &Case, customer: bool) -> Value {
    json!({
        "ApplicationIdentifier": case.card.application,
        "CardSchemeName": { "ApplicationLabel": case.card.label },
        "PrimaryAccountNumber": pan(case, customer),
        "TerminalVerificationResult": "0000008001",
        "TransactionStatusInformation": "0000",
    })
}

fn outcome(case: &Case, verdict: &Verdict, occasion: Occasion) -> Value {
    let debit_status = if occasion == Occasion::Reversal { "91" } else { "00" };
    let mut outcome = json!({
        "AuthorisationResponder": "3",
        "AuthorisationResponseCode": response_code(case, verdict),
        "DebitStatus": debit_status,
    });
    if verdict.is_approved() {
        insert(&mut outcome, "ApprovalCode", json!(case.approval_code));
    }
    outcome
}

fn payment(case: &Case, verdict: &Verdict, occasion: Occasion) -> Value {
    let signature = verdict.wants_signature() && occasion == Occasion::Transaction;
    let amount = decimal_comma(verdict.total().unwrap_or(case.requested));
    json!({
        "AuthorisationChannel": "1",
        "CardholderVerificationMethod": verification(case, verdict),
        "Currency": case.currency,
        "FinancialInstitution": "SWE",
        "PaymentAmount": amount,
        "ReceiptNumber": case.receipt_number(),
        "SignatureBlock": signature,
        "TotalAmount": amount,
        "TransactionSource": case.card.source_letter(),
        "TransactionType": if case.refund { "20" } else { "00" },
    })
}

fn lines(case: &Case, verdict: &Verdict, occasion: Occasion, customer: bool) -> Vec<String> {
    let mut lines: Vec<String> = vec![
        case.shop.clone(),
        "Storgatan 1".to_owned(),
        "11122 Stockholm".to_owned(),
        "Tel ☎ +4680000000".to_owned(),
        format!("MID: {} TID: {}", case.merchant, case.terminal),
        local(case, "%Y-%m-%d %H:%M"),
        String::new(),
    ];
    if case.card.source == Source::Mobile {
        lines.push("Swish".to_owned());
        lines.push(format!("Ref.nr: {}", case.receipt_number()));
    } else {
        lines.extend(card_lines(case, verdict, customer));
    }
    lines.push(String::new());
    let kind = if case.refund { "RETUR:" } else { "KÖP:" };
    let total = decimal_comma(verdict.total().unwrap_or(case.requested));
    lines.push(two_columns(kind, &format!("{total} {}", case.currency)));
    if occasion == Occasion::Reversal {
        lines.push("Makulering".to_owned());
    }
    lines.push(closing(case, verdict).to_owned());
    if verdict.wants_signature() && occasion == Occasion::Transaction && !customer {
        lines.extend([String::new(), "Signatur:".to_owned(), "_".repeat(LINE)]);
    }
    lines.extend([String::new(), String::new()]);
    lines.push(if customer { "Kortinnehavarens kvitto" } else { "Försäljarens kvitto" }.to_owned());
    lines.iter().map(|line| line.chars().take(LINE).collect()).collect()
}

fn card_lines(case: &Case, verdict: &Verdict, customer: bool) -> Vec<String> {
    let mut lines = vec![case.card.label.to_owned()];
    if case.card.source == Source::Contactless {
        lines.push("Kontaktlös".to_owned());
    }
    lines.push(pan(case, customer));
    lines.push(String::new());
    if verification(case, verdict) == "a" {
        lines.push("Personlig kod".to_owned());
    }
    let (source, method) = (case.card.source_letter(), verification(case, verdict));
    lines.push(format!("{source}{method}1 3 {} SWE", response_code(case, verdict)));
    lines.push(format!("AID: {}", case.card.application));
    lines.push("TVR: 0000008001".to_owned());
    lines.push("TSI: 0000".to_owned());
    lines.push(format!("RRN: {}", case.receipt_number()));
    if verdict.is_approved() {
        lines.push(format!("Auth code: {}", case.approval_code));
    }
    lines.push(format!("ARC: {}", response_code(case, verdict)));
    lines
}

fn closing(case: &Case, verdict: &Verdict) -> &'static str {
    match (verdict.is_approved(), case.card.source) {
        (true, Source::Mobile) => "BETALNING GENOMFÖRD",
        (true, Source::Contactless | Source::Chip | Source::Stripe | Source::Keyed) => "Godkänd",
        (false, _) => "Nekad",
    }
}

/// `a` = PIN, `/` = none; signature is a letter of its own, opaque to the till.
fn verification(case: &Case, verdict: &Verdict) -> &'static str {
    if verdict.wants_signature() {
        return "b";
    }
    match case.card.source {
        Source::Chip => "a",
        Source::Contactless | Source::Stripe | Source::Keyed | Source::Mobile => "/",
    }
}

fn response_code<'a>(case: &'a Case, verdict: &Verdict) -> &'a str {
    match verdict {
        Verdict::Approved(_) => "00",
        Verdict::Failed(_) if case.behaviour.arc.is_some() => case.behaviour.arc.as_deref().unwrap_or("05"),
        Verdict::Failed(failure) => match failure.condition.as_str() {
            "WrongPIN" => "55",
            "InvalidCard" => "14",
            "UnreachableHost" => "91",
            _ => "05",
        },
    }
}

fn pan(case: &Case, customer: bool) -> String {
    if case.behaviour.twists.contains(&Twist::FullPan) {
        case.card.pan.to_owned()
    } else if customer {
        case.card.masked_for_customer()
    } else {
        case.card.masked()
    }
}

fn local(case: &Case, format: &str) -> String {
    stamp::local(case.at, case.utc_offset_minutes).strftime(format).to_string()
}

fn decimal_comma(minor: i64) -> String {
    format!("{},{:02}", minor / 100, (minor % 100).abs())
}

fn two_columns(left: &str, right: &str) -> String {
    let gap = LINE.saturating_sub(left.chars().count() + right.chars().count()).max(1);
    format!("{left}{}{right}", " ".repeat(gap))
}
