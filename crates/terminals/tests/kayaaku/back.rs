//! Voids and refunds: each in its place, sent again only where it cannot be done twice.

use super::stage::{back, myr, stage};
use domain::operation::Kind;
use domain::outcome::{Certainty, Reason, Said};

#[tokio::test(start_paused = true)]
async fn a_card_payment_is_voided_by_its_own_id() {
    let stage = stage();
    stage.far.says("void", "00");
    let done = stage.perform(&back(Kind::Reversal, 1850, "01")).await.unwrap();
    assert_eq!((done.said, done.echo.reference.unwrap().0.as_str()), (Said::Approved, "ref1"));
    assert_eq!(done.echo.foreign_original, None);
    let asked = stage.far.asked("void");
    assert_eq!((asked["TxnID"].as_str(), asked["OrgHTR"].as_str()), ("orig1", "HTR-7"));
    assert!(!asked.contains_key("AmtTxn"), "always the whole");
}

#[tokio::test(start_paused = true)]
async fn a_wallet_payment_is_refunded_and_a_card_payment_is_not() {
    for method in ["04", "05", "08", "09"] {
        let stage = stage();
        let fault = stage.perform(&back(Kind::Reversal, 1850, method)).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::UseRefund));
        stage.far.says_with("refund", "00", &[("AmtTxn", "500")]);
        let done = stage.perform(&back(Kind::Refund, 500, method)).await.unwrap();
        assert_eq!((done.said, done.amount), (Said::Approved, Some(myr(500))));
        let asked = stage.far.asked("refund");
        let of = |name: &str| asked[name].as_str();
        assert_eq!((of("TxnID"), of("OrgTxnID"), of("OrgHTR")), ("ref1", "orig1", "HTR-7"));
    }
    for (minor, reason) in [(1850, Reason::UseVoid), (500, Reason::GoesAnotherWay)] {
        let stage = stage();
        let fault = stage.perform(&back(Kind::Refund, minor, "01")).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, reason));
        assert!(stage.far.requests.lock().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_void_in_another_state_is_looked_at() {
    let rows = [
        ("01", "00", Reason::GoesAnotherWay),
        ("", "00", Reason::UseRefund),
        ("01", "50", Reason::AlreadyDone),
        ("01", "51", Reason::NotFound),
        ("01", "49", Reason::NotFound),
    ];
    for (method, state, reason) in rows {
        let stage = stage();
        stage.far.says("void", "50");
        stage.far.says("enquire", state);
        let fault = stage.perform(&back(Kind::Reversal, 1850, method)).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, reason), "{method} {state}");
    }
    let stage = stage();
    stage.far.says("void", "50");
    stage.far.says("enquire", "63");
    let fault = stage.perform(&back(Kind::Reversal, 1850, "01")).await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_lost_void_is_looked_after_then_repeated_for_the_same_original() {
    let stage = stage();
    stage.far.is_lost("void");
    stage.far.says("enquire", "50");
    let done = stage.perform(&back(Kind::Reversal, 1850, "01")).await.unwrap();
    assert_eq!((done.said, stage.far.count("void")), (Said::Approved, 1));
    let stage = super::stage::stage();
    stage.far.is_lost("void");
    stage.far.says("void", "00");
    stage.far.says("enquire", "00");
    let done = stage.perform(&back(Kind::Reversal, 1850, "01")).await.unwrap();
    assert_eq!((done.said, stage.far.count("void"), stage.far.count("reserve")), (Said::Approved, 2, 2));
    assert_eq!(done.echo.reference.unwrap().0, "ref1");
    assert!(stage.far.elapsed_s() >= 60);
    let stage = super::stage::stage();
    stage.far.is_lost("void");
    stage.far.says("enquire", "00");
    let fault = stage.perform(&back(Kind::Reversal, 1850, "01")).await.unwrap_err();
    assert_eq!((fault.certainty, stage.far.count("void")), (Certainty::Unknown, 2));
}

#[tokio::test(start_paused = true)]
async fn a_void_that_answers_for_another_payment_is_not_taken() {
    let stage = stage();
    stage.far.says_with("void", "00", &[("TxnID", "other")]);
    let done = stage.perform(&back(Kind::Reversal, 1850, "01")).await.unwrap();
    assert_eq!(done.echo.foreign_original.as_deref(), Some("other"));
}

#[tokio::test(start_paused = true)]
async fn a_refund_ends_by_its_code() {
    let rows = [
        ("59", Certainty::Refused, Reason::Refused),
        ("22", Certainty::Refused, Reason::MessageFormat),
        ("49", Certainty::Refused, Reason::Refused),
        ("50", Certainty::Refused, Reason::Refused),
        ("51", Certainty::Refused, Reason::Refused),
        ("79", Certainty::Refused, Reason::LoginRefused),
        ("78", Certainty::Unknown, Reason::ReferenceInUse),
    ];
    for (code, certainty, reason) in rows {
        let stage = stage();
        stage.far.says("refund", code);
        stage.far.says("enquire", "49");
        let fault = stage.perform(&back(Kind::Refund, 500, "04")).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (certainty, reason), "{code}");
        assert_eq!(stage.far.count("refund"), 1);
    }
}

/// A request that came twice on its way: the second one is refused, and the first one was done.
#[tokio::test(start_paused = true)]
async fn a_refund_that_is_refused_although_it_was_done_is_found() {
    for code in ["49", "50", "59"] {
        let stage = stage();
        stage.far.says("refund", code);
        stage.far.says("enquire", "00");
        let done = stage.perform(&back(Kind::Refund, 500, "04")).await.unwrap();
        assert_eq!(
            (done.said, done.amount, stage.far.count("refund")),
            (Said::Approved, Some(myr(500)), 1)
        );
        let stage = super::stage::stage();
        stage.far.says("refund", code);
        stage.far.is_lost("enquire");
        let fault = stage.perform(&back(Kind::Refund, 500, "04")).await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown, "{code}");
    }
}

/// No page says that a host knows a refund that comes again: it might be done twice.
#[tokio::test(start_paused = true)]
async fn a_lost_refund_is_looked_for_and_not_sent_again() {
    let lost = || {
        let stage = stage();
        stage.far.is_lost("refund");
        stage.far.says("enquire", "49");
        stage
    };
    let stage = lost();
    stage.far.says("enquire", "00");
    let done = stage.perform(&back(Kind::Refund, 500, "04")).await.unwrap();
    assert_eq!((done.said, done.amount), (Said::Approved, Some(myr(500))));
    assert_eq!((stage.far.count("refund"), stage.far.count("reserve")), (1, 1));
    let stage = lost();
    let fault = stage.perform(&back(Kind::Refund, 500, "04")).await.unwrap_err();
    assert_eq!((fault.certainty, stage.far.count("refund")), (Certainty::Unknown, 1));
    let stage = super::stage::stage();
    stage.far.is_lost("refund");
    stage.far.is_lost("enquire");
    let fault = stage.perform(&back(Kind::Refund, 500, "04")).await.unwrap_err();
    assert_eq!((fault.certainty, stage.far.count("refund")), (Certainty::Unknown, 1));
}

/// Nobody knows how it was paid: the host says which way it goes back.
#[tokio::test(start_paused = true)]
async fn a_payment_of_an_unknown_kind_is_refunded_where_its_void_is_refused() {
    let stage = stage();
    let mut void = back(Kind::Reversal, 1850, "01");
    void.original.as_mut().unwrap().evidence.0.remove("PmtType");
    stage.far.says("void", "50");
    stage.far.says("enquire", "00");
    assert_eq!(stage.perform(&void).await.unwrap_err().reason, Reason::UseRefund);
    let mut refund = back(Kind::Refund, 1850, "01");
    refund.original.as_mut().unwrap().evidence.0.remove("PmtType");
    stage.far.says_with("refund", "00", &[("AmtTxn", "1850")]);
    assert_eq!(stage.perform(&refund).await.unwrap().said, Said::Approved);
}

#[tokio::test(start_paused = true)]
async fn without_the_hosts_reference_it_goes_another_way() {
    for kind in [Kind::Reversal, Kind::Refund] {
        let mut operation = back(kind, 1850, "01");
        operation.original.as_mut().unwrap().evidence.0.remove("HTR");
        let fault = stage().perform(&operation).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::GoesAnotherWay));
    }
}
