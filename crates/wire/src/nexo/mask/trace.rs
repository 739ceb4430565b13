//! Masks a whole XML message for the log, well-formed or not.
//!
//! Invariant: no card number, track, expiry date or receipt gets through, even when the text is cut off
//! or is no XML at all; identifiers stay readable, because a log without them cannot explain a payment.

use super::super::scalar::decode_base64;
use super::{Shown, card_field, text};

/// Attributes that are masked whatever they look like.
const CARD: &[&str] = &["PAN", "MaskedPAN"];
const SECRET: &[&str] = &["ExpiryDate", "CardSeqNumb"];
/// Typed identifiers: an 18-digit transaction number is not a card.
const IDENTIFIERS: &[&str] = &[
    "AcquirerID",
    "AcquirerPOIID",
    "DeviceID",
    "EanUpc",
    "HostReconciliationID",
    "MerchantID",
    "OperatorID",
    "POIID",
    "POIReconciliationID",
    "POISerialNumber",
    "PaymentAccountRef",
    "ProductCode",
    "SaleID",
    "SaleReferenceID",
    "ServiceID",
    "TimeStamp",
    "TokenValue",
    "TransactionID",
];
/// Elements whose text is a secret whatever it looks like.
const SECRET_ELEMENTS: &[&str] = &["TrackData", "ProtectedCardData", "Password", "ProtectedSignature"];
/// Shorter base64 holds neither receipt nor message.
const SHORTEST_BASE64: usize = 24;

/// The message as it may be logged: card numbers masked, tracks gone, base64 replaced by its length.
pub fn mask_xml_trace(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    let mut secret = false;
    while let Some(start) = rest.find('<') {
        let (content, tail) = rest.split_at(start);
        mask_content(content, secret, &mut out);
        let (tag, tail) = tail.split_at(tag_length(tail));
        let name =
            tag.trim_start_matches('<').split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or("");
        // Whatever stands inside a secret element stays secret until its own end tag.
        secret = if tag.starts_with("</") {
            secret
                && !SECRET_ELEMENTS.iter().any(|known| tag.get(2..).is_some_and(|t| t.starts_with(known)))
        } else {
            secret || (SECRET_ELEMENTS.contains(&name) && !tag.ends_with("/>"))
        };
        mask_tag(tag, &mut out);
        rest = tail;
    }
    mask_content(rest, secret, &mut out);
    out
}

/// Up to and including `>`; quoted values may contain it. A tag that never ends takes the rest of the text.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), close) if open == close => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn mask_content(content: &str, secret: bool, out: &mut String) {
    let trimmed = content.trim();
    if trimmed.is_empty() {
        out.push_str(content);
    } else if secret {
        out.push_str("[secret]");
    } else if trimmed.len() >= SHORTEST_BASE64 && looks_like_base64(trimmed) {
        out.push_str(&format!("[base64, {} characters]", trimmed.len()));
    } else {
        out.push_str(&text(content, Shown::FirstSixLastFour, &[]));
    }
}

/// A receipt cut off in the middle does not decode, yet it is still a receipt.
fn looks_like_base64(content: &str) -> bool {
    let alphabet = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_whitespace();
    content.chars().all(alphabet)
        && (decode_base64(content).is_some() || !content.contains(char::is_whitespace))
        && !content.chars().all(|c| c.is_ascii_digit())
}

/// Attributes as `name="value"`; everything between them is free text.
fn mask_tag(tag: &str, out: &mut String) {
    let mut rest = tag;
    while let Some(open) = rest.find(['"', '\'']) {
        let (lead, tail) = rest.split_at(open);
        let name = lead.trim_end().strip_suffix('=').map_or("", |lead| lead.trim_end());
        let name = name.rsplit(char::is_whitespace).next().unwrap_or("");
        out.push_str(&text(lead, Shown::FirstSixLastFour, &[]));
        let mut chars = tail.chars();
        let quote = chars.next().unwrap_or('"');
        let after = chars.as_str();
        let (value, end) = match after.split_once(quote) {
            Some((value, end)) => (value, Some(end)),
            None => (after, None),
        };
        out.push(quote);
        out.push_str(&mask_value(name, value));
        let Some(end) = end else { return };
        out.push(quote);
        rest = end;
    }
    out.push_str(&text(rest, Shown::FirstSixLastFour, &[]));
}

fn mask_value(name: &str, value: &str) -> String {
    if CARD.contains(&name) {
        card_field(value, Shown::FirstSixLastFour)
    } else if SECRET.contains(&name) {
        "****".to_owned()
    } else if IDENTIFIERS.contains(&name) {
        value.to_owned()
    } else {
        text(value, Shown::FirstSixLastFour, &[])
    }
}
