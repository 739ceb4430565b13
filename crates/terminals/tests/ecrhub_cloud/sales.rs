//! A sale that is taken, and how it is followed to its end. On virtual time.

use super::stage::{CLOSE, CREATE, QUERY, TAKEN, data, sale, stage, staged};
use domain::money::Money;
use domain::operation::Operation;
use domain::outcome::{Certainty, Reason, Said};
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn an_order_that_was_taken_is_followed_to_its_end() {
    let stage = stage();
    stage.far.takes_it();
    for status in [9, 9, 0, 2] {
        stage.far.finds(status);
    }
    let outcome = stage.pay().await.unwrap();
    assert_eq!((outcome.said, outcome.amount.unwrap().minor), (Said::Approved, 45_00));
    assert_eq!(outcome.evidence.get("trans_no"), Some("7000000000000001"));
    assert_eq!(outcome.evidence.get("merchant_order_no"), Some("REF1"));
    // On disk before the end: the voucher of an order that nobody may ever tell of again.
    assert_eq!(stage.far.count("note 7000000000000001 9000001"), 1);
    assert!(stage.far.has_shown("The order is on the terminal. It waits for the customer."));
    assert!(stage.far.has_shown("The customer is paying."));
    let order = stage.far.asked(CREATE);
    for (name, value) in [
        ("merchant_order_no", "REF1"),
        ("order_amount", "45.00"),
        ("price_currency", "QAR"),
        ("trans_type", "1"),
        ("terminal_sn", "TESTSN0000000001"),
        ("store_no", "4000000001"),
        ("merchant_no", "300000000001"),
        ("message_receiving_application", "SADAD POS"),
        ("reject_trade_when_terminal_offline", "true"),
        ("expires", "180"),
        ("api_version", "2.0"),
    ] {
        assert_eq!(order.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!order.contains_key("notify_url"), "nobody asked for notifications");
    let lines = stage.far.lines();
    let at = |start: &str| lines.iter().position(|line| line.starts_with(start)).unwrap();
    assert!(at("reserve First REF1") < at(CREATE), "on disk first");
}

/// Section 5.9, to the second: two seconds for half a minute, then three until the time is over, one close,
/// a minute more, and then nobody knows.
#[tokio::test(start_paused = true)]
async fn an_order_that_never_ends_is_asked_about_closed_and_unknown() {
    let stage = staged("expires_ms = 60000\n");
    stage.far.takes_ms.store(0, std::sync::atomic::Ordering::SeqCst);
    stage.far.takes_it();
    stage.far.finds(9);
    stage.far.says(CLOSE, "0", "success", "{\"message_id\":\"9000002\"}");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::StillRunning));
    let queries: Vec<u64> = stage.far.times(QUERY).into_iter().skip(1).collect();
    let quick = (1..=16).map(|number| 2 * number);
    let slow = (1..=15).map(|number| 32 + 3 * number);
    let last = (1..=12).map(|number| 77 + 5 * number);
    let expected: Vec<u64> = quick.chain(slow).chain(last).collect();
    assert_eq!(queries, expected);
    assert_eq!(stage.far.times(CLOSE), [77], "expires and fifteen seconds");
    assert_eq!(stage.far.count(CREATE), 1, "never twice");
}

#[tokio::test(start_paused = true)]
async fn an_approval_after_the_close_is_one() {
    let stage = staged("expires_ms = 60000\n");
    stage.far.takes_it();
    for _ in 0..33 {
        stage.far.finds(9);
    }
    stage.far.finds(2);
    stage.far.says(CLOSE, "0", "success", "");
    let outcome = stage.pay().await.unwrap();
    assert_eq!((outcome.said, stage.far.count(CLOSE)), (Said::Approved, 1));
}

#[tokio::test(start_paused = true)]
async fn every_final_state_ends_it() {
    let failed = |code: &str, words: &str| {
        let more = format!(",\"trans_error_code\":\"{code}\",\"trans_error_msg\":\"{words}\"}}");
        data(1).replace('}', &more).replace(&format!("{{number{more}"), "{number}")
    };
    for (told, said, reason) in [
        (data(2), Said::Approved, None),
        (failed("TS-D2012", "Insufficient funds"), Said::Declined, Some(Reason::Refused)),
        (failed("110", "[[K026]by hand]"), Said::Cancelled, Some(Reason::CustomerCancelled)),
        (data(3), Said::Cancelled, Some(Reason::CustomerCancelled)),
    ] {
        let stage = stage();
        stage.far.takes_it();
        stage.far.says(QUERY, "0", "success", &told);
        let outcome = stage.pay().await.unwrap();
        assert_eq!((outcome.said, outcome.reason), (said, reason), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn networks_that_break_do_not_end_it() {
    let stage = stage();
    stage.far.takes_it();
    stage.far.is_lost(QUERY);
    stage.far.is_unreachable(QUERY);
    stage.far.answers(QUERY, 503, |_| "<html>503</html>".to_owned());
    stage.far.says(QUERY, "SYS001", "busy", "");
    stage.far.finds(2);
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
}

/// A gateway that has not written down yet what it has taken.
#[tokio::test(start_paused = true)]
async fn not_found_is_no_news_of_an_order_that_was_taken() {
    let stage = stage();
    stage.far.takes_it();
    for _ in 0..20 {
        stage.far.finds_nothing();
    }
    stage.far.finds(2);
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert!(stage.far.times(QUERY).len() > 20);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_left_is_not_sent() {
    let stage = stage();
    stage.far.is_unreachable(CREATE);
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::ConnectionRefused));
    assert_eq!(stage.far.count(QUERY), 1, "the hello alone");
}

#[tokio::test(start_paused = true)]
async fn cash_is_asked_for_on_top() {
    let stage = stage();
    stage.far.says(CREATE, "0", "success", "{\"trans_no\":\"7000000000000001\",\"trans_amount\":\"55\"}");
    let told = data(2).replace("\"trans_type\":1", "\"trans_type\":11,\"cashback_amount\":\"10\"");
    stage.far.says(QUERY, "0", "success", &told.replace("}}", "}"));
    let cash = Money::new(10_00, sale().requested.currency);
    let both = sale().requested.plus(cash).unwrap();
    let operation = Operation { cash_back: cash, requested: both, ..sale() };
    let outcome = stage.perform(&operation).await.unwrap();
    let order = stage.far.asked(CREATE);
    assert_eq!((order["order_amount"].as_str(), order["cashback_amount"].as_str()), ("45.00", "10.00"));
    assert_eq!((order["trans_type"].as_str(), outcome.amount.unwrap().minor), ("11", 55_00));
}

#[tokio::test(start_paused = true)]
async fn another_operation_waits_its_turn() {
    let stage = stage();
    stage.far.takes_it();
    stage.far.finds(9);
    let running = stage.start();
    sleep(Duration::from_secs(5)).await;
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::Busy));
    running.abort();
}

/// What an order costs is told with it: a gateway that took another amount is not believed to have taken
/// this one.
#[tokio::test(start_paused = true)]
async fn an_order_that_was_taken_as_another_one_is_looked_at() {
    for other in [
        TAKEN.replace("\"45\"", "\"46\""),
        TAKEN.replace('}', ",\"merchant_order_no\":\"OTHER\"}"),
        TAKEN.replace('}', ",\"price_currency\":\"THB\"}"),
    ] {
        let stage = stage();
        stage.far.says(CREATE, "0", "success", &other);
        stage.far.finds(2);
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{other}");
        assert_eq!(stage.far.count("note"), 0, "{other}");
        assert!(stage.far.has_shown("Look at the terminal"), "{other}");
    }
}
