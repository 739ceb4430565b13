//! Messages, whole and broken.

use crate::ecrhub::{
    Code, DecodeError, Dialect, HUB, Json, Message, Order, Record, Scenario, Sender, Status, Topic,
    TransType, dialect, objectless,
};
use proptest::prelude::*;

const SENDER: Sender =
    Sender { app_id: "wztest0000000001", id: "9f1c0c5e0001", timestamp: "1735689600000" };

fn order() -> Order {
    Order {
        kind: TransType::Sale,
        number: "T1-20250101-0001".to_owned(),
        original: None,
        amount: "45.00".to_owned(),
        cash_back: None,
        currency: "QAR".to_owned(),
        scenario: Some(Scenario::Card),
        expires: 180,
        asks_tip: false,
        confirms: false,
        brand: None,
    }
}

#[test]
fn requests_are_written_as_the_dossier_shows_them() {
    assert_eq!(
        SENDER.order(&order()),
        concat!(
            r#"{"topic":"ecrhub.pay.order","request_id":"9f1c0c5e0001","app_id":"wztest0000000001","#,
            r#""timestamp":"1735689600000","version":"2.0","#,
            r#""biz_data":{"trans_type":"1","merchant_order_no":"T1-20250101-0001","order_amount":"45.00","#,
            r#""price_currency":"QAR","pay_scenario":"SWIPE_CARD","expires":180,"#,
            r#""confirm_on_terminal":false}}"#
        )
    );
    assert_eq!(
        SENDER.query("T1-20250101-0001"),
        concat!(
            r#"{"topic":"ecrhub.pay.query","request_id":"9f1c0c5e0001","app_id":"wztest0000000001","#,
            r#""timestamp":"1735689600000","version":"2.0","#,
            r#""biz_data":{"merchant_order_no":"T1-20250101-0001"}}"#
        )
    );
    assert!(SENDER.close("N").starts_with(r#"{"topic":"ecrhub.pay.close""#));
    assert!(SENDER.batch_close().ends_with(r#""biz_data":{}}"#));
    let void = Order {
        kind: TransType::Void,
        original: Some("T1-20250101-0001".to_owned()),
        scenario: None,
        ..order()
    };
    let text = SENDER.order(&void);
    assert!(text.contains(r#""trans_type":"2""#) && !text.contains("pay_scenario"), "{text}");
    assert!(text.contains(r#""orig_merchant_order_no":"T1-20250101-0001""#), "{text}");
}

/// As terminals answer: junk members, artefacts of a serializer, a local date, numbers and texts mixed.
#[test]
fn an_answer_full_of_junk_is_read() {
    let text = br#"{"app_id":"wztest0000000001","biz_data":{"card_type":"2","confirm_on_terminal":false,
        "endAmount":"26.25","expires":300,"limit_length":false,"merchant_order_no":"N1","notify_data":{},
        "order_amount":26.25,"token":"","trans_status":2,"trans_type":"1","tip_amount":null,"card_no":""},
        "callAppMode":"2","device_data":{"alias_name":""},"notify_data":{"$ref":"$.biz\\_data.notify\\_data"},
        "response_code":0,"response_msg":"SUCCESS","timestamp":"2024-10-09 10:04:40",
        "topic":"ecrhub.pay.order"}"#;
    let message = Message::decode(text, &HUB).unwrap();
    assert_eq!((message.topic.clone(), message.id.clone()), (Topic::Order, None));
    assert_eq!((message.code.clone(), message.words.as_deref()), (Some(Code::of("0")), Some("SUCCESS")));
    let record = message.record();
    assert_eq!(record.status(), Some(Status::Successful));
    let shown = |text: &Option<String>| text.clone().unwrap_or_default();
    let told = [&record.number, &record.amount, &record.kind, &record.tip, &record.account].map(shown);
    assert_eq!(told, ["N1", "26.25", "1", "", ""]);
}

#[test]
fn empty_business_data_in_every_form_is_an_empty_record() {
    for empty in [r#""biz_data":"","#, r#""biz_data":null,"#, r#""biz_data":{},"#, ""] {
        let text = format!(r#"{{{empty}"topic":"ecrhub.pay.order","response_code":"110"}}"#);
        let message = Message::decode(text.as_bytes(), &HUB).unwrap();
        assert_eq!(message.record(), Record::default(), "{empty}");
        assert_eq!(objectless(message.all.get("biz_data")), empty != r#""biz_data":{},"#, "{empty}");
    }
}

#[test]
fn what_is_no_message_is_an_error() {
    let decode = |text: &str| Message::decode(text.as_bytes(), &HUB).map(|it| it.topic);
    assert_eq!(decode(r#"{"topic":"x"}"#), Ok(Topic::Other("x".to_owned())));
    assert_eq!(decode("{}"), Err(DecodeError::Field("topic")));
    assert_eq!(decode(r#"{"topic":null}"#), Err(DecodeError::Field("topic")));
    assert_eq!(
        decode(r#"{"topic":"a","topic":"b"}"#),
        Err(DecodeError::Field("a name that is there twice"))
    );
    assert_eq!(decode("[]"), Err(DecodeError::Field("topic")));
    assert_eq!(decode(""), Err(DecodeError::Syntax));
    assert_eq!(decode(&"x".repeat(HUB.bytes + 1)), Err(DecodeError::TooLarge));
}

#[test]
fn old_dialects_are_recognised() {
    assert_eq!(dialect(SENDER.query("N").as_bytes()), Dialect::Nested);
    assert_eq!(dialect(br#"{"topic":"ecrhub.pay.order","msg_id":"m-1"}"#), Dialect::Flat);
    assert_eq!(dialect(b"\x0A\x10ecrhub.pay.order\x12\x03r-1"), Dialect::Binary);
    for foreign in [&b""[..], b"hello", b"\x0A\x7Fecrhub.", b"\x0A\x03abc", br#"{"topic":"other"}"#] {
        assert_eq!(dialect(foreign), Dialect::Foreign, "{foreign:?}");
    }
}

proptest! {
    #[test]
    fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Message::decode(&bytes, &HUB);
        let _ = dialect(&bytes);
    }

    #[test]
    fn what_is_written_is_read(
        amount in "[0-9]{1,6}\\.[0-9]{2}",
        number in "[A-Z0-9]{1,32}",
        cut in 1usize..200,
    ) {
        let text = SENDER.order(&Order { amount: amount.clone(), number: number.clone(), ..order() });
        let message = Message::decode(text.as_bytes(), &HUB).unwrap();
        prop_assert_eq!(message.topic.clone(), Topic::Order);
        prop_assert_eq!(message.id.as_deref(), Some(SENDER.id));
        let record = message.record();
        prop_assert_eq!((record.amount, record.number), (Some(amount), Some(number)));
        prop_assert!(matches!(message.business, Some(Json::Object(_))));
        let short = &text.as_bytes()[..text.len().saturating_sub(cut)];
        prop_assert!(Message::decode(short, &HUB).is_err());
    }
}
