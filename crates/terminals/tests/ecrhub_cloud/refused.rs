//! Orders that were refused, or whose answer was lost: a query decides. On virtual time.

use super::stage::{CLOSE, CREATE, QUERY, Stage, data, stage};
use domain::outcome::{Certainty, Fault, Reason, Said};

async fn refused(code: &str, words: &str) -> (Stage, Fault) {
    let stage = stage();
    stage.far.says(CREATE, code, words, "");
    let fault = stage.pay().await.unwrap_err();
    (stage, fault)
}

/// Without the query a refusal would be believed although the order is on the terminal.
#[tokio::test(start_paused = true)]
async fn a_refusal_counts_when_a_query_knows_no_order() {
    let stage = stage();
    stage.far.says(CREATE, "E09999", "not today", "");
    let outcome = stage.pay().await.unwrap();
    assert_eq!(outcome.said, Said::Declined);
    assert!(outcome.detail.unwrap().contains("not today"));
    assert_eq!(stage.far.times(QUERY).len(), 2, "the hello, and one look");
}

#[tokio::test(start_paused = true)]
async fn a_refused_order_that_is_on_the_terminal_all_the_same_is_followed() {
    for code in ["E09999", "999", "SYS001", "E07303", "TS-D2012"] {
        let stage = stage();
        stage.far.says(CREATE, code, "no", "");
        for status in [9, 0, 2] {
            stage.far.finds(status);
        }
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{code}");
        assert_eq!(stage.far.count(CREATE), 1, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_no_query_confirms_is_unknown() {
    let stage = stage();
    stage.far.says(CREATE, "E09999", "no", "");
    stage.far.is_lost(QUERY);
    stage.far.is_lost(CLOSE);
    let fault = stage.pay().await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn what_each_refusal_means() {
    for (code, words, certainty, reason) in [
        ("E09001", "terminal offline", Certainty::Refused, Reason::DeviceOut),
        ("E07303", "not authorised", Certainty::Refused, Reason::LoginRefused),
        ("SYS002", "sign verify failed", Certainty::Refused, Reason::LoginRefused),
        ("201", "bad parameter", Certainty::Refused, Reason::MessageFormat),
        ("999", "system error", Certainty::Unknown, Reason::CannotTell),
    ] {
        let (_, fault) = refused(code, words).await;
        assert_eq!((fault.certainty, fault.reason), (certainty, reason), "{code}");
    }
    let (_, fault) = refused("E09001", "terminal offline").await;
    assert!(fault.detail.contains("see that it is switched on"), "{}", fault.detail);
}

/// R12: a number that is in use before our first request names somebody else's order, whatever a query
/// tells of it.
#[tokio::test(start_paused = true)]
async fn a_duplicate_number_on_a_first_send_is_never_adopted() {
    for code in ["E04112", "E04131"] {
        let stage = stage();
        stage.far.says(CREATE, code, "order number already used", "");
        stage.far.finds(2);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::ReferenceInUse), "{code}");
        assert_eq!(stage.far.times(QUERY).len(), 1, "the hello alone");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_answer_is_lost_is_found_by_its_number() {
    for status in [2, 9] {
        let stage = stage();
        stage.far.is_lost(CREATE);
        stage.far.finds(status);
        stage.far.finds(2);
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
        assert_eq!(stage.far.count(CREATE), 1, "it is not sent again");
        assert_eq!(stage.far.asked(QUERY)["merchant_order_no"], "REF1");
    }
}

/// Not found twice, five seconds apart, a quarter of a minute after sending: whether that is proof is for
/// recovery to say.
#[tokio::test(start_paused = true)]
async fn a_lost_order_that_nobody_knows_is_unknown() {
    let stage = stage();
    stage.far.is_lost(CREATE);
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::NoAnswer));
    let times = stage.far.times(QUERY);
    assert!(*times.last().unwrap() >= 15, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_answers_with_a_terminals_code_for_success_has_not_taken_it() {
    for code in ["000", "103"] {
        let stage = stage();
        stage.far.says(CREATE, code, "success", "");
        let told = data(2);
        stage.far.says(QUERY, code, "success", &told);
        stage.far.says(QUERY, "0", "success", &told);
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{code}");
        assert_eq!(stage.far.count("note"), 0, "{code}");
    }
}
