//! A receipt composed from its fields, for terminals that send no ready-made lines.
//!
//! Dossier chapter 7.3, points 2 and 3: content and order are those of Swedbank Pay's samples, in
//! Swedish like them. Invariant: a line is printed only when the terminal supplied its field; nothing
//! is invented.

use super::Copy;
use super::fields::ReceiptFields;

const CUSTOMER_COPY: &str = "Kortinnehavarens kvitto";
const MERCHANT_COPY: &str = "Försäljarens kvitto";
const REVERSED: &str = "91";

/// The lines; none when the receipt has no field at all.
pub fn lines(fields: &ReceiptFields, copy: Copy) -> Vec<String> {
    let mut out = Vec::new();
    for block in [header(fields), transaction(fields), card(fields), outcome(fields)] {
        let block: Vec<String> = block.into_iter().flatten().collect();
        if !block.is_empty() && !out.is_empty() {
            out.push(String::new());
        }
        out.extend(block);
    }
    if out.is_empty() {
        return out;
    }
    let name = match copy {
        Copy::Customer => Some(CUSTOMER_COPY),
        Copy::Merchant => Some(MERCHANT_COPY),
        Copy::Other => None,
    };
    out.extend(name.into_iter().flat_map(|name| [String::new(), name.to_owned()]));
    out
}

/// Whether a line names the copy, as the last line of a receipt does.
pub fn names_copy(line: &str) -> bool {
    [CUSTOMER_COPY, MERCHANT_COPY].contains(&line.trim())
}

fn header(fields: &ReceiptFields) -> Vec<Option<String>> {
    vec![
        fields.shop_name.clone(),
        fields.address.clone(),
        joined(" ", [&fields.post_code, &fields.town]),
        labelled("Org nr: ", &fields.organisation_number),
        merchant_and_terminal(fields),
        joined(" ", [&fields.date, &fields.time]),
    ]
}

fn merchant_and_terminal(fields: &ReceiptFields) -> Option<String> {
    match (&fields.merchant_number, &fields.terminal_id) {
        (Some(merchant), Some(terminal)) => Some(format!("MID/TID: {merchant}/{terminal}")),
        (Some(merchant), None) => Some(format!("MID: {merchant}")),
        (None, Some(terminal)) => Some(format!("TID: {terminal}")),
        (None, None) => None,
    }
}

fn transaction(fields: &ReceiptFields) -> Vec<Option<String>> {
    let kind = match fields.transaction_type.as_deref() {
        Some("00") => Some("KÖP".to_owned()),
        Some("20") => Some("RETUR".to_owned()),
        Some(other) => Some(format!("Transaktion {other}")),
        None => None,
    };
    let total = fields.total_amount.as_ref().or(fields.payment_amount.as_ref()).cloned();
    let total = total.and_then(|total| joined(" ", [&Some(total), &fields.currency]));
    let heading = match (kind, total) {
        (Some(kind), Some(total)) => Some(format!("{kind}: {total}")),
        (kind, total) => kind.or(total),
    };
    let reversed = is_reversed(fields).then(|| "Makulering".to_owned());
    let pin = (fields.cardholder_verification.as_deref() == Some("a")).then(|| "Personlig kod".to_owned());
    vec![heading, reversed, pin]
}

fn card(fields: &ReceiptFields) -> Vec<Option<String>> {
    let entry = match fields.transaction_source.as_deref() {
        Some("K") => Some("Kontaktlös".to_owned()),
        Some("C") => Some("Chip".to_owned()),
        Some(_) | None => None,
    };
    vec![
        fields.card_number.clone(),
        fields.card_name.clone(),
        entry,
        code_line(fields),
        labelled("Ref.nr: ", &fields.receipt_number),
        labelled("AID: ", &fields.application_identifier),
        labelled("TVR: ", &fields.terminal_verification_result),
        labelled("TSI: ", &fields.transaction_status_information),
    ]
}

/// `K/1 3 00 SWE`: source, verification and channel without a blank, then responder, response code and
/// institution.
fn code_line(fields: &ReceiptFields) -> Option<String> {
    let source = joined(
        "",
        [&fields.transaction_source, &fields.cardholder_verification, &fields.authorisation_channel],
    );
    let parts =
        [&source, &fields.authorisation_responder, &fields.response_code, &fields.financial_institution];
    joined(" ", parts)
}

/// Approved needs an approval code and no response code that says otherwise (`Y1`, `Y3` are chip approvals
/// without the host). A receipt without any outcome says nothing.
fn outcome(fields: &ReceiptFields) -> Vec<Option<String>> {
    let told =
        fields.approval_code.is_some() || fields.response_code.is_some() || fields.debit_status.is_some();
    if !told || is_reversed(fields) {
        return Vec::new();
    }
    let agreed = matches!(fields.response_code.as_deref(), None | Some("00" | "Y1" | "Y3"));
    let approved = fields.approval_code.is_some() && agreed;
    vec![Some(if approved { "Godkänd" } else { "Avbruten/Nekad" }.to_owned())]
}

fn is_reversed(fields: &ReceiptFields) -> bool {
    fields.debit_status.as_deref() == Some(REVERSED)
}

fn labelled(label: &str, value: &Option<String>) -> Option<String> {
    value.as_ref().map(|value| format!("{label}{value}"))
}

fn joined<const N: usize>(separator: &str, parts: [&Option<String>; N]) -> Option<String> {
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(separator))
}
