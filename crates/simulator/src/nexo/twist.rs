//! Makes a proper answer wrong in one point.
//!
//! Invariant: nothing but the point asked for changes, so that a test proves what the till does about
//! that point.

use std::collections::BTreeSet;

use wire::nexo::{
    Amount, Body, ErrorCondition, Header, Message, PaymentResponse, Response, ResultCode, SaleData,
    TransactionIdentification,
};

use super::strict::EXPONENT;
use crate::script::Twist;

/// Applies all twists. Receipts are composed wrong already (`NoReceipts`, `BadReceipts`, `FullPan`).
pub fn apply(message: &mut Message, twists: &BTreeSet<Twist>) {
    for twist in twists {
        one(message, *twist);
    }
}

fn one(message: &mut Message, twist: Twist) {
    match twist {
        Twist::WrongServiceId => foreign_service(&mut message.header),
        Twist::WrongSaleId => message.header.sale_id = "OTHERTILL".to_owned(),
        Twist::WrongPoiId => message.header.poi_id = "OTHER-POI".to_owned(),
        Twist::UnknownCondition => {
            if let Some(response) = response(&mut message.body) {
                *response = Response::failure(ErrorCondition::from("paydesk:Strange"), "Nobody knows");
            }
        }
        Twist::UnknownResult => {
            if let Some(response) = response(&mut message.body) {
                response.result = ResultCode::from("Perhaps");
            }
        }
        Twist::WrongAmount
        | Twist::WrongCurrency
        | Twist::WrongTransaction
        | Twist::Bare
        | Twist::NoReceipts
        | Twist::BadReceipts
        | Twist::FullPan => {
            if let Some(payment) = payment(&mut message.body) {
                inside(payment, twist);
            }
        }
    }
}

fn foreign_service(header: &mut Header) {
    let own = header.service_id.take().unwrap_or_default();
    header.service_id = Some(if own == "7777777" { "8888888".to_owned() } else { "7777777".to_owned() });
}

fn inside(payment: &mut PaymentResponse, twist: Twist) {
    // A part that is a little wrong is a part like any other: nobody could tell.
    let too_much = if payment.response.result == ResultCode::Partial { 100_000_000 } else { 100 };
    let amounts = payment.payment_result.as_mut().and_then(|result| result.amounts_resp.as_mut());
    match twist {
        Twist::WrongAmount => {
            let Some(amounts) = amounts else { return };
            let minor = amounts.authorized_amount.and_then(|amount| amount.to_minor(EXPONENT)).unwrap_or(0);
            let wrong = minor.saturating_add(too_much);
            amounts.authorized_amount = Some(Amount::from_minor(wrong, EXPONENT));
        }
        Twist::WrongCurrency => {
            let Some(amounts) = amounts else { return };
            let other = if amounts.currency.as_deref() == Some("EUR") { "SEK" } else { "EUR" };
            amounts.currency = Some(other.to_owned());
        }
        Twist::WrongTransaction => {
            let other = TransactionIdentification::new("99999999", "2020-01-01T00:00:00Z");
            let sale_data = payment.sale_data.get_or_insert_with(SaleData::default);
            sale_data.sale_transaction_id = Some(other);
        }
        Twist::Bare => {
            payment.sale_data = None;
            payment.poi_data = None;
        }
        Twist::NoReceipts => payment.payment_receipts.clear(),
        Twist::WrongServiceId
        | Twist::WrongSaleId
        | Twist::WrongPoiId
        | Twist::UnknownCondition
        | Twist::UnknownResult
        | Twist::BadReceipts
        | Twist::FullPan => {}
    }
}

/// The payment answered or, in a status answer, repeated.
fn payment(body: &mut Body) -> Option<&mut PaymentResponse> {
    if let Body::TransactionStatusResponse(status) = body {
        return payment(status.repeated_message.as_mut()?.body.as_mut());
    }
    let Body::PaymentResponse(payment) = body else { return None };
    Some(payment)
}

fn response(body: &mut Body) -> Option<&mut Response> {
    if let Body::PaymentResponse(answer) = body {
        return Some(&mut answer.response);
    }
    if let Body::ReversalResponse(answer) = body {
        return Some(&mut answer.response);
    }
    if let Body::TransactionStatusResponse(answer) = body {
        return Some(&mut answer.response);
    }
    if let Body::LoginResponse(answer) = body {
        return Some(&mut answer.response);
    }
    let Body::CardAcquisitionResponse(answer) = body else { return None };
    Some(&mut answer.response)
}
