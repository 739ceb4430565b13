//! Receipts inside answers and print requests: base64 of JSON, to lines ready for paper.
//!
//! Dossier chapter 7. Invariant: a receipt never fails a payment; what cannot be read is handed on as
//! [`Receipt::Unreadable`], and whatever is handed on is masked.

mod compose;
mod fields;

use serde_json::Value;

pub use fields::ReceiptFields;

use super::element::elements;
use super::mask::{self, Shown};
use super::output::OutputContent;
use super::scalar::decode_base64;
use super::values::DocumentQualifier;

elements! {
    /// A receipt of an answer, usually two per answer in any order.
    PaymentReceipt {
        /// `CustomerReceipt` or `CashierReceipt`.
        document_qualifier: DocumentQualifier = attribute("DocumentQualifier"),
        /// May be printed together with others.
        integrated_print: Option<bool> = attribute("IntegratedPrintFlag"),
        /// Treated like the receipt's own signature flag.
        required_signature: Option<bool> = attribute("RequiredSignatureFlag"),
        /// The content: base64 of JSON; required by the schema.
        output_content: Option<OutputContent> = child("OutputContent"),
    }
}

/// Whom a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    /// Cardholder's copy: always print or deliver it when one came.
    Customer,
    /// Merchant's copy: on paper only when signed.
    Merchant,
    /// Any other document.
    Other,
}

/// A document as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// Lines to print.
    Readable(Box<ReceiptDocument>),
    /// Neither receipt nor text. Show «terminal receipt unreadable», keep the raw text with the sale.
    Unreadable {
        /// The content as it came, card numbers masked.
        raw: String,
    },
}

/// A document ready to print. Long lines are the printer's matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptDocument {
    /// Whom it is for.
    pub copy: Copy,
    /// Lines in order, monospaced; an empty line is a blank line.
    pub lines: Vec<String>,
    /// The terminal demands a signature on the merchant's copy (dossier chapter 11.2).
    pub signature_block: bool,
    /// The JSON as it came, card numbers masked; `None` for plain text.
    pub json: Option<String>,
    /// The typed fields, each of which may be missing.
    pub fields: ReceiptFields,
}

/// Reads a document. `identifiers` are transaction numbers and references the caller knows; they stay
/// readable even when they look like a card number.
pub fn decode(qualifier: &DocumentQualifier, content: &OutputContent, identifiers: &[&str]) -> Receipt {
    let texts: Vec<&str> = content.plain().collect();
    let document = json_of(&texts).and_then(|(text, json)| document(qualifier, &text, &json, identifiers));
    match document {
        Some(document) => Receipt::Readable(Box::new(document)),
        None => plain(qualifier, &texts, identifiers),
    }
}

impl PaymentReceipt {
    /// Reads the receipt. See [`decode`].
    pub fn decode(&self, identifiers: &[&str]) -> Receipt {
        match &self.output_content {
            Some(content) => decode(&self.document_qualifier, content, identifiers),
            None => Receipt::Unreadable { raw: String::new() },
        }
    }
}

/// The first text alone, or all texts joined, as JSON (dossier chapter 7.1).
fn json_of(texts: &[&str]) -> Option<(String, Value)> {
    let parse = |base64: &str| {
        let text = text_of(decode_base64(base64)?);
        let json: Value = serde_json::from_str(&text).ok()?;
        json.is_object().then_some((text, json))
    };
    texts.first().and_then(|first| parse(first)).or_else(|| parse(&texts.concat()))
}

/// UTF-8, or ISO 8859-1 as software before 1.3.0.7 may send (dossier chapter 4).
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}

fn document(
    qualifier: &DocumentQualifier,
    text: &str,
    json: &Value,
    identifiers: &[&str],
) -> Option<ReceiptDocument> {
    let root_copy = [("Cardholder", Copy::Customer), ("Merchant", Copy::Merchant)];
    let root = root_copy.iter().find_map(|(key, copy)| json.get(*key).map(|root| (root, *copy)));
    let ready_made = find_lines(json);
    if root.is_none() && ready_made.is_none() {
        return None;
    }
    let copy = copy_of(qualifier).or(root.map(|(_, copy)| copy)).unwrap_or(Copy::Other);
    let mut fields = root.map(|(root, _)| ReceiptFields::read(root)).unwrap_or_default();
    let shown = shown(copy);
    let mut known = fields.identifiers();
    known.extend(identifiers.iter().map(|known| (*known).to_owned()));
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    // The card number's own field names it: whatever its check digit says, it is masked wherever it stands.
    let number = fields.card_number.clone().unwrap_or_default();
    fields.mask(shown);
    let masked_number = fields.card_number.clone().unwrap_or_default();
    let hide = |text: &str| {
        let is_full = number.len() >= 12 && number.bytes().all(|byte| byte.is_ascii_digit());
        let text = if is_full { text.replace(&number, &masked_number) } else { text.to_owned() };
        mask::text(&text, shown, &known)
    };
    let json = hide(text);
    let lines = ready_made.unwrap_or_else(|| compose::lines(&fields, copy));
    let lines = lines.iter().map(|line| hide(line)).collect();
    let signature_block = fields.signature_block.unwrap_or(false);
    Some(ReceiptDocument { copy, lines, signature_block, json: Some(json), fields })
}

/// `ReceiptString` wherever it stands: receipts of alternative methods have another structure that is
/// announced to change (dossier chapter 7.3, point 7).
fn find_lines(json: &Value) -> Option<Vec<String>> {
    let object = json.as_object()?;
    match object.get("ReceiptString") {
        Some(Value::Array(lines)) => Some(lines.iter().map(fields::text_of_value).collect()),
        Some(Value::String(lines)) => Some(lines.lines().map(str::to_owned).collect()),
        _ => object.values().find_map(find_lines),
    }
}

fn copy_of(qualifier: &DocumentQualifier) -> Option<Copy> {
    match qualifier {
        DocumentQualifier::CustomerReceipt => Some(Copy::Customer),
        DocumentQualifier::CashierReceipt => Some(Copy::Merchant),
        DocumentQualifier::SaleReceipt
        | DocumentQualifier::Document
        | DocumentQualifier::Voucher
        | DocumentQualifier::Journal
        | DocumentQualifier::Other(_) => None,
    }
}

fn shown(copy: Copy) -> Shown {
    match copy {
        Copy::Customer => Shown::LastFour,
        Copy::Merchant | Copy::Other => Shown::FirstSixLastFour,
    }
}

/// A receipt that is not JSON is unreadable; any other document is text, one line per `OutputText` or
/// line break (dossier chapter 12.4).
fn plain(qualifier: &DocumentQualifier, texts: &[&str], identifiers: &[&str]) -> Receipt {
    match copy_of(qualifier) {
        Some(copy) => {
            let decoded = decode_base64(&texts.concat()).map(text_of);
            let raw = decoded.unwrap_or_else(|| texts.join("\n"));
            Receipt::Unreadable { raw: mask::text(&raw, shown(copy), identifiers) }
        }
        None => {
            let lines = texts
                .iter()
                .flat_map(|text| if text.is_empty() { vec![""] } else { text.lines().collect() });
            let masked = lines.map(|line| mask::text(line, shown(Copy::Other), identifiers));
            Receipt::Readable(Box::new(ReceiptDocument {
                copy: Copy::Other,
                lines: masked.collect(),
                signature_block: false,
                json: None,
                fields: ReceiptFields::default(),
            }))
        }
    }
}

/// The lines of a copy to be signed: a line for the signature and one for name and identity document,
/// before the last line, which names the copy (dossier chapter 7.3, point 6).
pub fn with_signature_lines(lines: &[String]) -> Vec<String> {
    let signature = [
        "",
        "",
        "........................",
        "Underskrift",
        "",
        "........................",
        "Namn / legitimation",
        "",
    ];
    let (body, last) = match lines.split_last() {
        Some((last, body)) if compose::names_copy(last) => (body, Some(last)),
        Some(_) | None => (lines, None),
    };
    let mut out = body.to_vec();
    out.extend(signature.map(str::to_owned));
    out.extend(last.cloned());
    out
}
