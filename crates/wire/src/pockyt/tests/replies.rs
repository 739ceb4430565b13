//! Replies as they come: texts and numbers, nulls, two names for most things.

use super::super::*;

fn read(text: &str) -> Reply {
    Reply::decode(text.as_bytes(), &Limits::REPLY).unwrap()
}

/// Section 5: waiting for the customer under a message that speaks of success.
const WAITING: &str = r#"{"result":{"amount":"18.50","createTime":"2026-03-14 09:30:02","currency":"USD",
    "merchantNo":"900001","originalTransactionNo":null,"paymentTime":null,"reference":"T07-000123-1",
    "refundAmount":"0.00","settleCurrency":"USD","storeAdminNo":null,"storeNo":"800002",
    "transactionNo":"400000000000000123","transactionStatus":"pending","transactionType":"payment",
    "voidAmount":"0.00"},"ret_code":"000100","ret_msg":"pay success"}"#;

const REFUNDED: &str = r#"{"result":{"amount":"18.50","currency":"USD","reference":"T07-000123-1",
    "settleCurrency":"USD","status":"success","transactionNo":"400000000000000123",
    "transactionType":"payment","refundInfo":[{"refundTransactionId":"400000000000000456",
    "refundReference":"T07-R-000009","refundAmount":"5.00","currency":"USD","settleCurrency":"USD"}]},
    "ret_code":"000100","ret_msg":"query success "}"#;

#[test]
fn the_examples_of_the_dossier() {
    let waiting = read(WAITING);
    assert_eq!(waiting.code, Some(Code::Accepted));
    let record = waiting.result.unwrap();
    assert_eq!(record.status, Some(Status::Pending));
    assert_eq!(record.amount.unwrap().minor(2), Some(1850));
    assert_eq!(record.original_transaction_no, None);
    let refunded = read(REFUNDED);
    assert_eq!(refunded.message, "query success");
    let record = refunded.result.unwrap();
    assert_eq!(record.status, Some(Status::Success));
    assert_eq!(record.refunds[0].reference.as_deref(), Some("T07-R-000009"));
    assert_eq!(record.refunds[0].amount.unwrap().minor(2), Some(500));
    let refused = read(r#"{"ret_code":"000000","retMsg":"data error : verifySign"}"#);
    assert!(refused.is_data_error() && refused.code == Some(Code::SystemError));
}

#[test]
fn amounts_are_texts_or_numbers_and_never_rounded() {
    let amount = |text: &str| {
        let reply = format!(r#"{{"ret_code":"000100","result":{{"amount":{text}}}}}"#);
        Reply::decode(reply.as_bytes(), &Limits::REPLY).map(|reply| reply.result.unwrap().amount)
    };
    #[rustfmt::skip]
    let rows = [
        ("18.5", 1850), ("\"18.50\"", 1850), ("18", 1800), ("18.500000000", 1850),
        ("0.1", 10), ("\"0.29\"", 29),
        ("70368744177664.01", 7_036_874_417_766_401),
    ];
    for (text, minor) in rows {
        assert_eq!(amount(text).unwrap().unwrap().minor(2), Some(minor), "{text}");
    }
    assert_eq!(amount("18.505").unwrap().unwrap().minor(2), None);
    assert_eq!(amount("null"), Ok(None));
    for text in ["-1", "\"-1\"", "1e3", "\"1,850.00\"", "\"abc\"", "true", "[1]", "\"NaN\"", "\"18.\""] {
        assert_eq!(amount(text), Err(DecodeError::Field("amount")), "{text}");
    }
}

#[test]
fn both_names_of_everything_are_read() {
    let one = read(r#"{"transaction":{"status":"closed"},"ret_code":"000100","retMsg":"done "}"#);
    let other = read(r#"{"result":{"transactionStatus":"closed"},"ret_code":"000100","ret_msg":"done"}"#);
    assert_eq!(one, other);
    let both = read(r#"{"result":null,"transaction":{"status":"init","transactionStatus":null}}"#);
    assert_eq!(both.result.unwrap().status, Some(Status::Init));
    assert_eq!(both.code, None);
}

#[test]
fn words_that_no_table_lists_stay_what_they_are() {
    let told = read(r#"{"result":{"status":"Success","shape":{"x":[1,{}]}},"ret_code":"000777"}"#);
    assert_eq!(told.code, Some(Code::Other("000777".to_owned())));
    assert_eq!(told.result.unwrap().status, Some(Status::Other("Success".to_owned())));
}

#[test]
fn what_is_no_reply_is_an_error() {
    for text in [
        "",
        "[]",
        "null",
        "\"success\"",
        "<html>502</html>",
        "{",
        "{}{}",
        "{\"ret_code\":000100}",
        r#"{"ret_code":"000100","ret_code":"000000"}"#,
        r#"{"result":[]}"#,
        r#"{"result":"x"}"#,
        r#"{"result":{"refundInfo":{}}}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":01}"#,
        r#"{'a':1}"#,
        "{\"a\":1,}",
    ] {
        assert!(Reply::decode(text.as_bytes(), &Limits::REPLY).is_err(), "{text}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"a\":{deep}}}");
    assert_eq!(Reply::decode(deep.as_bytes(), &Limits::REPLY), Err(DecodeError::TooLarge));
    let wide = format!("{{\"a\":[{}1]}}", "1,".repeat(20_000));
    assert_eq!(Reply::decode(wide.as_bytes(), &Limits::REPLY), Err(DecodeError::TooLarge));
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(300_000));
    assert_eq!(Reply::decode(long.as_bytes(), &Limits::REPLY), Err(DecodeError::TooLarge));
}
