//! Asking for a lost answer: one query, whatever happened before. On virtual time.

use super::stage::{Stage, back, naming, sale, sent, stage, usd};
use domain::operation::{Kind, Operation, Sent, Step};
use domain::outcome::{Certainty, Reason, Recovered, Said};
use terminals::Terminal;

/// Newest first: a charge under `ref2` of the transaction `ref1`.
fn charged() -> Vec<Sent> {
    vec![sent("ref2", Step::First), sent("ref1", Step::Prepare)]
}

async fn found(stage: &Stage, operation: &Operation, sent: &[Sent]) -> Recovered {
    stage.driver.recover(operation, sent).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_the_gateway_says_about_a_sale() {
    for (status, said) in
        [("success", Said::Approved), ("failed", Said::Declined), ("closed", Said::Cancelled)]
    {
        let stage = stage();
        stage.far.says("tran-query", &naming("ref1", "18.50", status));
        let Recovered::Settled(outcome) = found(&stage, &sale(), &charged()).await else {
            panic!("{status}")
        };
        assert_eq!((outcome.said, outcome.echo.reference.unwrap().0.as_str()), (said, "ref1"));
        assert_eq!(stage.far.asked("tran-query")["reference"], "ref1");
        assert_eq!(stage.far.lines(), ["tran-query"], "nothing that moves money");
    }
    for status in ["init", "pending", "dealing", "settling"] {
        let stage = stage();
        stage.far.says("tran-query", &naming("ref1", "18.50", status));
        assert_eq!(found(&stage, &sale(), &charged()).await, Recovered::StillRunning, "{status}");
    }
    let stage = stage();
    stage.far.says("tran-query", "{\"ret_code\":\"000021\",\"ret_msg\":\"\"}");
    assert_eq!(found(&stage, &sale(), &charged()).await, Recovered::CannotTell, "never: never seen");
}

/// Somebody may cancel where the till does not see it: what went back was not left unpaid by the customer.
#[tokio::test(start_paused = true)]
async fn why_a_transaction_is_closed_goes_by_whether_it_was_paid() {
    let void = |minor: &str| format!("\"voidAmount\":\"{minor}\",\"vendor\"");
    for (minor, reason) in [("0.00", Reason::ClosedUnpaid), ("18.50", Reason::Aborted)] {
        let stage = stage();
        let closed = naming("ref1", "18.50", "closed").replace("\"vendor\"", &void(minor));
        stage.far.says("tran-query", &closed);
        let Recovered::Settled(outcome) = found(&stage, &sale(), &charged()).await else {
            panic!("{minor}")
        };
        assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(reason)), "{minor}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_transaction_that_was_charged_is_asked_for_not_one_that_was_given_up() {
    let stage = stage();
    stage.far.says("tran-query", &naming("ref2", "18.50", "success"));
    let sent = [
        sent("ref4", Step::Cancel),
        sent("ref3", Step::First),
        sent("ref2", Step::Prepare),
        sent("ref1", Step::Prepare),
    ];
    found(&stage, &sale(), &sent).await;
    assert_eq!(stage.far.asked("tran-query")["reference"], "ref2");
}

/// A journal that was put back may have a transaction that was only opened, and not the one that was charged
/// after it.
#[tokio::test(start_paused = true)]
async fn a_transaction_that_was_only_opened_tells_of_money_and_of_nothing_else() {
    let opened = [sent("ref1", Step::Prepare)];
    for (status, is_told) in [("success", true), ("failed", false), ("closed", false)] {
        let stage = stage();
        stage.far.says("tran-query", &naming("ref1", "18.50", status));
        let told = found(&stage, &sale(), &opened).await;
        assert_eq!(matches!(told, Recovered::Settled(_)), is_told, "{status}");
        assert!(is_told || told == Recovered::CannotTell, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_cancel_gave_back_is_a_cancel() {
    let stage = stage();
    let void = naming("ref1", "18.50", "success").replace("\"vendor\"", "\"voidAmount\":18.5,\"vendor\"");
    stage.far.says("tran-query", &void);
    let mut sent_all = charged();
    let Recovered::Settled(outcome) = found(&stage, &sale(), &sent_all).await else { panic!() };
    assert_eq!(outcome.said, Said::Approved, "it was not our cancel");
    sent_all.insert(0, sent("ref3", Step::Cancel));
    let Recovered::Settled(outcome) = found(&stage, &sale(), &sent_all).await else { panic!() };
    assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(Reason::Aborted)));
}

#[tokio::test(start_paused = true)]
async fn paid_is_not_the_last_word_while_a_cancel_can_still_arrive() {
    let stage = stage();
    stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
    let cancelled = |at: &str| {
        let cancel = Sent { at: at.parse().unwrap(), ..sent("ref3", Step::Cancel) };
        [vec![cancel], charged()].concat()
    };
    for (at, is_settled) in [("2026-03-14T01:29:00Z", false), ("2026-03-14T01:28:00Z", true)] {
        let found = found(&stage, &sale(), &cancelled(at)).await;
        assert_eq!(found != Recovered::StillRunning, is_settled, "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_final_answer_about_something_else_reaches_the_till_and_another_does_not() {
    let stage = stage();
    stage.far.says("tran-query", &naming("somebody", "18.50", "success"));
    stage.far.says("tran-query", &naming("somebody", "18.50", "pending"));
    let Recovered::Settled(outcome) = found(&stage, &sale(), &charged()).await else { panic!() };
    assert_eq!(outcome.echo.reference.unwrap().0, "somebody");
    let fault = stage.driver.recover(&sale(), &charged()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::Mismatch));
}

#[tokio::test(start_paused = true)]
async fn a_query_that_fails_says_nothing_about_the_money() {
    let plays: [fn(&Stage); 5] = [
        |stage| stage.far.is_lost("tran-query"),
        |stage| stage.far.is_unreachable("tran-query"),
        |stage| stage.far.answers("tran-query", 502, "<html>"),
        |stage| stage.far.says("tran-query", "{\"ret_code\":\"000030\",\"ret_msg\":\"no\"}"),
        |stage| stage.far.says("tran-query", "{\"ret_code\":\"000100\",\"result\":{\"amount\":\"x\"}}"),
    ];
    for play in plays {
        let stage = stage();
        play(&stage);
        let fault = stage.driver.recover(&sale(), &charged()).await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown);
    }
}

#[tokio::test(start_paused = true)]
async fn refunds_and_reversals_are_looked_for_at_the_original() {
    let refund = back(Kind::Refund, 500, "2026-03-14 09:20:00");
    let sent = [sent("ref2", Step::Resend), sent("ref1", Step::First)];
    let stage = stage();
    let list = "\"refundInfo\":[{\"refundReference\":\"ref1\",\"refundAmount\":5.00}],\"vendor\"";
    stage.far.says("tran-query", &naming("orig1", "18.50", "success").replace("\"vendor\"", list));
    let Recovered::Settled(outcome) = found(&stage, &refund, &sent).await else { panic!() };
    assert_eq!((outcome.said, outcome.amount), (Said::Approved, Some(usd(500))));
    let reversal = back(Kind::Reversal, 1850, "2026-03-14 09:20:00");
    let stage = super::stage::stage();
    stage.far.says("tran-query", &naming("orig1", "18.50", "success"));
    stage.far.says("tran-query", &naming("orig1", "18.50", "closed"));
    assert_eq!(found(&stage, &reversal, &sent).await, Recovered::CannotTell);
    let Recovered::Settled(outcome) = found(&stage, &reversal, &sent).await else { panic!() };
    assert_eq!((outcome.said, outcome.echo.reference.unwrap().0.as_str()), (Said::Approved, "ref1"));
}

#[tokio::test(start_paused = true)]
async fn calling_off_what_nobody_waits_for_sends_nothing() {
    let stage = stage();
    assert!(stage.driver.call_off(&sale(), &charged()).await.is_err());
    assert!(stage.far.lines().is_empty());
}
