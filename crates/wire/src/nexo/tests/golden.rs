//! Our own golden messages: each is read, valid, and written in its canonical form.

use super::super::grammar::check;
use super::super::*;
use super::{golden_message, golden_messages};

#[test]
fn all_are_read_valid_and_written_back() {
    for (name, xml) in golden_messages() {
        let message = super::read(xml.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(check(xml.as_bytes()), Ok(()), "{name}");
        if matches!(message.body, Body::Other { .. }) {
            continue;
        }
        let written = encode(&message);
        assert_eq!(check(written.as_bytes()), Ok(()), "{name}: {written}");
        assert_eq!(super::read(written.as_bytes()), Ok(message), "{name}");
        assert!(!written.contains("<?xml") && !written.contains("> <"), "{name}");
    }
}

#[test]
fn every_body_in_use_has_a_golden_message() {
    let seen: Vec<String> = golden_messages()
        .into_iter()
        .map(|(_, xml)| super::read(xml.as_bytes()).unwrap().body.element().to_owned())
        .collect();
    for body in Body::samples(&mut super::sample::Draw::full()) {
        // Loyalty is read only to be refused.
        let element = body.element();
        assert!(seen.iter().any(|name| name == element) || element.starts_with("Loyalty"), "{element}");
    }
}

#[test]
fn an_approved_payment_is_read_field_by_field() {
    let message = super::read(golden_message("payment-response-approved").as_bytes()).unwrap();
    assert_eq!(message.envelope, Envelope::Response);
    assert_eq!(message.header.service_id.as_deref(), Some("31"));
    let Body::PaymentResponse(payment) = message.body else { panic!("{:?}", message.body) };
    assert_eq!(payment.response, Response::success());
    let poi = payment.poi_data.unwrap().poi_transaction_id.unwrap();
    assert_eq!(poi.time_stamp.unwrap().raw(), "2026-02-11T09:00:04.02Z");
    let result = payment.payment_result.unwrap();
    let amounts = result.amounts_resp.unwrap();
    assert_eq!(amounts.authorized_amount.and_then(|amount| amount.to_minor(2)), Some(4180));
    assert_eq!(amounts.tip_amount.and_then(|amount| amount.to_minor(2)), Some(380));
    let card = result.payment_instrument_data.unwrap().card_data.unwrap();
    assert_eq!(card.brand_kind(), Some("01"));
    assert_eq!(card.brand_name(), Some("Dankort, blå"));
    assert_eq!(card.masked_pan.unwrap().as_str(), "457199******0019");
    assert!(card.entry_mode.unwrap().contains(&EntryMode::Contactless));
    assert_eq!(payment.payment_receipts.len(), 2);
}

#[test]
fn a_query_that_succeeds_may_hold_a_failed_payment() {
    let message = super::read(golden_message("status-response-repeated").as_bytes()).unwrap();
    let Body::TransactionStatusResponse(status) = message.body else { panic!("{:?}", message.body) };
    assert_eq!(status.response.result, ResultCode::Success);
    let repeated = status.repeated_message.unwrap();
    assert_eq!(repeated.header.service_id.as_deref(), Some("31"));
    let Body::PaymentResponse(payment) = *repeated.body else { panic!("{:?}", repeated.body) };
    assert_eq!(payment.response.error_condition, Some(ErrorCondition::Cancel));
}

#[test]
fn the_announcement_has_no_identifiers_and_an_empty_sale() {
    let message = super::read(golden_message("transmit-request-announcement").as_bytes()).unwrap();
    assert_eq!(message.header, announcement::Announcement::header("HARBOUR-3"));
}

#[test]
fn a_body_not_in_use_is_recognised_by_its_header() {
    let message = super::read(golden_message("sound-request-not-decoded").as_bytes()).unwrap();
    assert_eq!(message.body, Body::Other { name: "SoundRequest".to_owned(), response: None });
    let answer = message.answer(Response::failure(ErrorCondition::UnavailableService, "no")).unwrap();
    assert_eq!(answer.body.element(), "SoundResponse");
    assert_eq!(check(encode(&answer).as_bytes()), Ok(()));
}

#[test]
fn any_request_can_be_refused_validly_with_or_without_its_body() {
    for (name, xml) in golden_messages() {
        let message = super::read(xml.as_bytes()).unwrap();
        let response = Response::failure(ErrorCondition::UnavailableService, "not here");
        let silent = [MessageCategory::Abort, MessageCategory::Event].contains(&message.header.category);
        if message.envelope == Envelope::Response || silent {
            assert_eq!(message.answer(response), None, "{name}");
            continue;
        }
        let (_, header) = decode_header(xml.as_bytes(), &Limits::LISTENER).unwrap();
        for answer in [message.answer(response.clone()), header.answer(response)] {
            let answer = answer.unwrap();
            let xml = encode(&answer);
            assert_eq!(check(xml.as_bytes()), Ok(()), "{name}: {xml}");
            assert!(message.header.is_answered_by(&answer.header), "{name}");
            assert_eq!(super::read(xml.as_bytes()), Ok(answer), "{name}");
        }
    }
}

#[test]
fn every_other_category_can_be_refused_too() {
    for category in MessageCategory::NAMES {
        let header = Header::request(MessageClass::Service, (*category).into(), "1", "TILL-7", "HARBOUR-3");
        let Some(answer) = header.answer(Response::failure(ErrorCondition::NotAllowed, "log in first"))
        else {
            assert!(["Abort", "Event"].contains(category), "{category}");
            continue;
        };
        // The standard knows no answer to InputUpdate; ours has the obvious name.
        if *category != "InputUpdate" {
            assert_eq!(check(encode(&answer).as_bytes()), Ok(()), "{category}");
        }
    }
}

#[test]
fn an_answer_is_matched_by_every_identifier() {
    let request =
        Header::request(MessageClass::Service, MessageCategory::Payment, "07", "TILL-7", "HARBOUR-3");
    let answer = request.reply();
    assert!(request.is_answered_by(&answer));
    assert_eq!(answer.protocol_version, None);
    let foreign = [
        Header { service_id: Some("7".to_owned()), ..answer.clone() },
        Header { service_id: None, ..answer.clone() },
        Header { sale_id: "TILL-8".to_owned(), ..answer.clone() },
        Header { poi_id: "HARBOUR-4".to_owned(), ..answer.clone() },
        Header { category: MessageCategory::Reversal, ..answer.clone() },
        Header { kind: MessageType::Request, ..answer.clone() },
    ];
    for foreign in foreign {
        assert!(!request.is_answered_by(&foreign), "{foreign:?}");
    }
    let device = Header { class: MessageClass::Device, device_id: Some("5".to_owned()), ..request };
    assert!(!device.is_answered_by(&answer));
    assert!(device.is_answered_by(&device.reply()));
}
