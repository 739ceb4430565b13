//! Refunds and reversals: every answer, and what is looked for when there is none. On virtual time.

use super::stage::{Stage, back, naming, stage, usd};
use domain::operation::Kind;
use domain::outcome::{Certainty, Fault, Outcome, Reason, Said};

const TODAY: &str = "2026-03-14 09:20:00";

async fn refund(stage: &Stage, minor: i64) -> Result<Outcome, Fault> {
    stage.perform(&back(Kind::Refund, minor, TODAY)).await
}

fn refunded(amount: &str, more: &str) -> String {
    let base = naming("orig1", "18.50", "success");
    let given = format!("\"refundAmount\":{amount},\"refundReference\":\"{{refund}}\"{more},\"vendor\"");
    base.replace("\"vendor\"", &given)
}

/// A query that tells of refunds.
fn listed(refunds: &str) -> String {
    naming("orig1", "18.50", "success")
        .replace("\"vendor\"", &format!("\"refundInfo\":[{refunds}],\"vendor\""))
}

fn entry(reference: &str, amount: &str) -> String {
    format!(
        "{{\"refundTransactionId\":\"40\",\"refundReference\":\"{reference}\",\"refundAmount\":\"{amount}\",\
         \"currency\":\"USD\",\"settleCurrency\":\"USD\"}}"
    )
}

#[tokio::test(start_paused = true)]
async fn a_part_goes_back_under_its_own_reference() {
    let stage = stage();
    stage.far.says("refund", &refunded("5.0", ",\"refundTransactionNo\":\"40\""));
    let given = refund(&stage, 500).await.unwrap();
    assert_eq!((given.said, given.amount), (Said::Approved, Some(usd(500))));
    assert_eq!(given.echo.reference.unwrap().0, "ref1");
    assert_eq!(given.evidence.get("refundTransactionNo"), Some("40"));
    let asked = stage.far.asked("refund");
    assert_eq!(asked["refundReference"], "ref1");
    assert_eq!((asked["refundAmount"].as_str(), asked["reference"].as_str()), ("5.00", "orig1"));
    assert!(!asked.contains_key("transactionNo"), "a number from an unsigned reply names no money");
    assert_eq!(stage.far.lines(), ["reserve First ref1", "refund"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_refund_is_found_in_the_list() {
    let stage = stage();
    stage.far.is_lost("refund");
    stage.far.says("tran-query", &listed(""));
    stage.far.says("tran-query", &listed(&format!("{},{}", entry("other", "1.00"), entry("ref1", "5.00"))));
    let given = refund(&stage, 500).await.unwrap();
    assert_eq!((given.amount, given.echo.reference.unwrap().0), (Some(usd(500)), "ref1".to_owned()));
    assert_eq!(stage.far.count("refund"), 1, "and it is not sent again");
}

#[tokio::test(start_paused = true)]
async fn a_refund_that_is_not_found_is_sent_again_under_the_same_reference() {
    let stage = stage();
    stage.far.is_lost("refund");
    stage.far.says("refund", &refunded("\"5.00\"", ""));
    stage.far.says("tran-query", &listed(""));
    refund(&stage, 500).await.unwrap();
    let requests = stage.far.requests.lock().unwrap();
    let refunds: Vec<_> = requests.iter().filter(|(name, _)| name == "refund").collect();
    assert_eq!((refunds.len(), &refunds[0].1), (2, &refunds[1].1));
    drop(requests);
    assert_eq!((stage.far.count("tran-query"), stage.far.count("reserve Resend")), (3, 1));
    assert!(stage.far.elapsed_s() >= 30);
}

#[tokio::test(start_paused = true)]
async fn a_refund_that_nobody_tells_of_is_unknown() {
    let stage = stage();
    stage.far.is_lost("refund");
    stage.far.is_lost("tran-query");
    assert_eq!(refund(&stage, 500).await.unwrap_err().certainty, Certainty::Unknown);
    assert_eq!(stage.far.count("refund"), 2);
}

#[tokio::test(start_paused = true)]
async fn refusals_of_a_refund() {
    #[rustfmt::skip]
    let rows = [
        ("000021", Reason::NotFound, "success"), ("000023", Reason::MessageFormat, "success"),
        ("000030", Reason::UnavailableService, "success"), ("000040", Reason::AlreadyDone, "closed"),
        ("000040", Reason::Refused, "success"),
    ];
    for (code, reason, status) in rows {
        let stage = stage();
        stage.far.says("refund", &format!("{{\"ret_code\":\"{code}\",\"ret_msg\":\"no\"}}"));
        stage.far.says("tran-query", &naming("orig1", "18.50", status));
        let fault = refund(&stage, 500).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, reason), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_about_another_payment_is_shown_to_be_foreign() {
    let stage = stage();
    stage.far.says("refund", &refunded("\"5.00\"", "").replace("orig1", "somebody-elses"));
    let given = refund(&stage, 500).await.unwrap();
    assert_eq!(given.echo.foreign_original.as_deref(), Some("somebody-elses"));
    // Under our own reference the gateway's number decides nothing: an earlier reply may have told a wrong
    // one.
    let stage = super::stage::stage();
    stage.far.says("refund", &refunded("\"5.00\"", "").replace("{number}", "499999999999999999"));
    let given = refund(&stage, 500).await.unwrap();
    assert_eq!(given.echo.foreign_original, None);
}

async fn reverse(stage: &Stage, paid: &str) -> Result<Outcome, Fault> {
    stage.perform(&back(Kind::Reversal, 1850, paid)).await
}

#[tokio::test(start_paused = true)]
async fn a_reversal_is_a_cancel_that_a_query_confirms() {
    let stage = stage();
    stage.far.says("cancel", &naming("orig1", "18.50", "closed").replace("\"18.50\"", "18.5"));
    stage.far.says("tran-query", &naming("orig1", "18.50", "closed"));
    let undone = reverse(&stage, TODAY).await.unwrap();
    assert_eq!((undone.said, undone.amount), (Said::Approved, Some(usd(1850))));
    assert_eq!(undone.echo.reference.unwrap().0, "ref1");
    assert_eq!(stage.far.lines(), ["reserve First ref1", "cancel", "tran-query"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_cancel_is_repeated_under_new_references_and_looked_after() {
    let stage = stage();
    stage.far.is_lost("cancel");
    stage.far.is_lost("cancel");
    stage.far.says("cancel", &naming("orig1", "18.50", "closed"));
    stage.far.says("tran-query", &naming("orig1", "18.50", "closed"));
    assert_eq!(reverse(&stage, TODAY).await.unwrap().said, Said::Approved);
    assert_eq!((stage.far.count("cancel"), stage.far.count("reserve Resend")), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn what_a_cancel_cannot_do_is_for_a_refund() {
    let yesterday = stage();
    let fault = reverse(&yesterday, "2026-03-13 23:59:59").await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::UseRefund));
    assert!(yesterday.far.lines().is_empty());
    for (status, certainty, reason) in [
        ("success", Certainty::Refused, Reason::UseRefund),
        ("closed", Certainty::Refused, Reason::AlreadyDone),
        ("pending", Certainty::Unknown, Reason::UseRefund),
    ] {
        let stage = stage();
        stage.far.says("cancel", "{\"ret_code\":\"000040\",\"ret_msg\":\"refunded in part\"}");
        stage.far.says("tran-query", &naming("orig1", "18.50", status));
        let fault = reverse(&stage, TODAY).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (certainty, reason), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_the_gateway_does_not_know_goes_back_another_way() {
    for kind in [Kind::Refund, Kind::Reversal] {
        let stage = stage();
        let mut operation = back(kind, 1850, TODAY);
        operation.original.as_mut().unwrap().kind = Kind::Refund;
        let fault = stage.perform(&operation).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::GoesAnotherWay));
        assert!(stage.far.lines().is_empty());
    }
}
