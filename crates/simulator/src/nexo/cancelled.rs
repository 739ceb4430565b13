//! Receipts of a reversal, made from those of the original: `DebitStatus` 91 and the line «Makulering».
//!
//! Invariant: what cannot be read is passed on as it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wire::nexo::{OutputContent, PaymentReceipt};

/// The receipts of the reversal.
pub fn receipts(originals: Vec<PaymentReceipt>) -> Vec<PaymentReceipt> {
    originals.into_iter().map(|original| cancelled(&original).unwrap_or(original)).collect()
}

fn cancelled(original: &PaymentReceipt) -> Option<PaymentReceipt> {
    let text: String = original.output_content.as_ref()?.plain().collect();
    let mut json: Value = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
    let copy = json.as_object_mut()?.values_mut().next()?;
    let mandatory = copy.get_mut("Mandatory")?;
    mandatory.get_mut("Outcome")?.as_object_mut()?.insert("DebitStatus".to_owned(), json!("91"));
    mandatory.get_mut("Payment")?.as_object_mut()?.insert("SignatureBlock".to_owned(), json!(false));
    if let Some(lines) = copy.pointer_mut("/Optional/ReceiptString").and_then(Value::as_array_mut) {
        mark(lines);
    }
    let output_content = Some(OutputContent::lines([STANDARD.encode(json.to_string())]));
    Some(PaymentReceipt { output_content, ..original.clone() })
}

/// «Makulering» stands below the amount; nothing is left to sign.
fn mark(lines: &mut Vec<Value>) {
    let starts = |line: &Value, word: &str| line.as_str().is_some_and(|line| line.starts_with(word));
    lines.retain(|line| !starts(line, "Signatur:") && !starts(line, "____"));
    let amount = lines.iter().position(|line| starts(line, "KÖP:") || starts(line, "RETUR:"));
    lines.insert(amount.map_or(lines.len(), |at| at + 1), json!("Makulering"));
}
