//! Creating and charging: every return code and status of an answer to `add` and `pay`. On virtual time.

use super::stage::{CODE, NUMBER, Stage, created, naming, stage, staged, usd};
use domain::outcome::{Certainty, Outcome, Reason, Said};
use domain::wallet::recognise;
use std::sync::atomic::Ordering;

fn reference(outcome: &Outcome) -> &str {
    &outcome.echo.reference.as_ref().unwrap().0
}

#[tokio::test(start_paused = true)]
async fn a_paid_code_is_created_then_charged_each_under_its_own_reference() {
    let stage = created();
    stage.far.says("pay", &naming("ref1", "18.50", "success"));
    let paid = stage.pay().await.unwrap();
    assert_eq!((paid.said, paid.amount, reference(&paid)), (Said::Approved, Some(usd(1850)), "ref1"));
    assert_eq!(paid.evidence.get("transactionNo"), Some(NUMBER));
    assert_eq!(paid.provider_time, Some("2026-03-14T01:30:10Z".parse().unwrap()));
    let lines: Vec<String> =
        stage.far.lines().into_iter().filter(|line| !line.starts_with("show")).collect();
    let noted = format!("note {NUMBER}");
    assert_eq!(lines, ["reserve Prepare ref1", "add", &noted, "reserve First ref2", "pay"]);
    let (add, pay) = (stage.far.asked("add"), stage.far.asked("pay"));
    let of = |name: &str| add.get(name).map(String::as_str);
    assert_eq!((of("amount"), of("currency"), of("reference")), (Some("18.50"), Some("USD"), Some("ref1")));
    assert_eq!((of("timeout"), of("ipnUrl"), of("storeAdminNo")), (Some("10"), None, None));
    let of = |name: &str| pay.get(name).map(String::as_str);
    assert_eq!((of("transactionNo"), of("reference")), (None, Some("ref1")), "exactly one of the two");
    assert_eq!((of("paymentBarcode"), of("vendor")), (Some(CODE), Some("alipay")));
}

#[tokio::test(start_paused = true)]
async fn each_wallet_has_its_word_and_prepay_needs_none() {
    for (code, vendor) in
        [("134567890123456789", "wechat"), ("6212345678901234567", "unionpay"), (CODE, "alipay")]
    {
        let stage = created();
        *stage.desk.code.lock().unwrap() = recognise(code).payment();
        stage.far.says("pay", &naming("ref1", "18.50", "success"));
        stage.pay().await.unwrap();
        assert_eq!(stage.far.asked("pay")["vendor"], vendor);
    }
    let stage = staged("pay_path = \"prepay\"\nencoding = \"form\"\nstore_admin_no = \"77\"\n");
    stage.far.says("add", &naming("{reference}", "18.50", "init"));
    stage.far.says("prepay", &naming("ref1", "18.50", "success"));
    stage.pay().await.unwrap();
    let asked = stage.far.asked("prepay");
    assert_eq!((asked.get("vendor"), asked["storeAdminNo"].as_str()), (None, "77"));
}

#[tokio::test(start_paused = true)]
async fn an_unsupported_wallet_sends_nothing() {
    let stage = stage();
    *stage.desk.code.lock().unwrap() = recognise("hQVDUFYwMWEaTwegAAADMwEB").payment();
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::UnsupportedWallet));
    assert!(stage.far.lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_code_that_the_gateway_repeats_is_kept_by_nobody() {
    for code in [CODE, "hQVDUFYwMWEaTwegAAADMwEB"] {
        // Also where the text is cut to its longest length within the code.
        for before in [0, 265, 272] {
            let stage = staged("pay_path = \"prepay\"\n");
            *stage.desk.code.lock().unwrap() = recognise(code).payment();
            stage.far.says("add", &naming("{reference}", "18.50", "init"));
            let words = format!("{} paymentBarcode={code} is bad", "x".repeat(before));
            stage.far.says("prepay", &format!("{{\"ret_code\":\"000023\",\"ret_msg\":\"{words}\"}}"));
            stage.far.says("tran-query", &naming("ref1", "18.50", "init"));
            let fault = stage.pay().await.unwrap_err();
            assert_eq!(fault.certainty, Certainty::Refused);
            assert!(fault.detail.contains("paymentBarcode="), "{}", fault.detail);
            assert!(!fault.detail.contains(&code[..8]), "{}", fault.detail);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn statuses_of_a_charge() {
    for (status, said) in
        [("success", Said::Approved), ("failed", Said::Declined), ("closed", Said::Cancelled)]
    {
        let stage = created();
        stage.far.says("pay", &naming("ref1", "18.50", status));
        assert_eq!(stage.pay().await.unwrap().said, said, "{status}");
        assert_eq!(stage.far.count("tran-query"), 0);
    }
    // Neither is payment, whatever the message says: a query tells.
    for status in ["pending", "dealing", "init", "settling", "SUCCESS"] {
        let stage = created();
        stage.far.says("pay", &naming("ref1", "18.50", status));
        stage.far.says("tran-query", &naming("ref1", "18.50", "failed"));
        assert_eq!(stage.pay().await.unwrap().said, Said::Declined, "{status}");
        assert_eq!((stage.far.count("pay"), stage.far.count("tran-query")), (1, 1));
    }
}

fn error(code: &str, words: &str) -> String {
    format!("{{\"ret_code\":\"{code}\",\"ret_msg\":\"{words}\"}}")
}

#[tokio::test(start_paused = true)]
async fn a_refused_charge_is_looked_at_once_and_ends_not_charged() {
    #[rustfmt::skip]
    let rows = [
        ("000000", "data error : verifySign", Reason::MessageFormat), ("000010", "", Reason::MessageFormat),
        ("000020", "", Reason::MessageFormat), ("000022", "", Reason::MessageFormat),
        ("000023", "", Reason::MessageFormat), ("000030", "", Reason::UnavailableService),
        ("000021", "", Reason::NotFound),
    ];
    for (code, words, reason) in rows {
        let stage = created();
        stage.far.says("pay", &error(code, words));
        stage.far.says("tran-query", &naming("ref1", "18.50", "init"));
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, reason), "{code}");
        assert_eq!((stage.far.count("tran-query"), stage.far.count("cancel")), (1, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_charge_that_is_paid_all_the_same_is_paid() {
    let stage = created();
    stage.far.says("pay", &error("000023", "bad value"));
    stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    let stage = created();
    stage.far.says("pay", &error("000023", "bad value"));
    stage.far.is_lost("tran-query");
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn what_says_nothing_about_the_charge_is_resolved_by_query_and_never_charged_again() {
    let plays: [fn(&Stage); 9] = [
        |stage| stage.far.says("pay", &error("000000", "system error")),
        |stage| stage.far.says("pay", &error("000080", "supplier error")),
        |stage| stage.far.says("pay", &error("000040", "wrong status")),
        |stage| stage.far.says("pay", &error("000777", "a word never seen")),
        |stage| stage.far.says("pay", "{\"ret_code\":\"000100\"}"),
        |stage| stage.far.says("pay", "<html>502</html>"),
        |stage| stage.far.answers("pay", 502, "<html>502</html>"),
        |stage| stage.far.is_lost("pay"),
        |stage| stage.far.says("pay", &naming("somebody", "18.50", "success")),
    ];
    for (index, play) in plays.iter().enumerate() {
        let stage = created();
        play(&stage);
        stage.far.is_lost("tran-query");
        stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
        let paid = stage.pay().await.unwrap();
        assert_eq!((paid.said, reference(&paid)), (Said::Approved, "ref1"), "{index}");
        assert_eq!((stage.far.count("pay"), stage.far.count("tran-query")), (1, 2), "{index}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_never_left_was_not_charged() {
    let stage = created();
    stage.far.is_unreachable("pay");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::ConnectionRefused));
    let stage = stage_without_disk(0);
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert_eq!(stage.far.count("add"), 0);
    let stage = stage_without_disk(1);
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::NotSent);
    assert_eq!((stage.far.count("add"), stage.far.count("pay")), (1, 0), "nothing without its reference");
}

fn stage_without_disk(after: u64) -> Stage {
    let stage = created();
    stage.desk.durable.store(after, Ordering::SeqCst);
    stage
}

#[tokio::test(start_paused = true)]
async fn a_lost_creation_is_looked_for_and_gone_on_with() {
    let stage = stage();
    stage.far.is_lost("add");
    stage.far.is_lost("tran-query");
    stage.far.says("tran-query", &naming("ref1", "18.50", "init"));
    stage.far.says("pay", &naming("ref1", "18.50", "success"));
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert_eq!((stage.far.count("add"), stage.far.count("reserve Prepare")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_is_not_found_is_tried_anew_and_then_given_up_uncharged() {
    let stage = stage();
    stage.far.is_lost("add");
    stage.far.says("tran-query", &error("000021", "no record"));
    let fault = stage.pay().await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::NotSent);
    assert_eq!((stage.far.count("reserve Prepare"), stage.far.count("pay")), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn what_was_created_otherwise_is_not_charged() {
    for body in [
        naming("{reference}", "19.50", "init"),
        naming("somebody", "18.50", "init"),
        naming("{reference}", "18.50", "init").replace("USD\",\"settle", "THB\",\"settle"),
        naming("{reference}", "18.50", "init").replace("800002", "800999"),
    ] {
        let stage = stage();
        stage.far.says("add", &body);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Mismatch), "{body}");
        assert_eq!(stage.far.count("reserve First"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn amounts_are_compared_by_the_till_and_read_as_text_or_number() {
    for (amount, read) in [("18.5", 1850), ("\"18.50\"", 1850), ("19", 1900), ("\"19.00\"", 1900)] {
        let stage = created();
        let body = naming("ref1", "18.50", "success")
            .replace("\"amount\":\"18.50\"", &format!("\"amount\":{amount}"));
        stage.far.says("pay", &body);
        assert_eq!(stage.pay().await.unwrap().amount, Some(usd(read)), "{amount}");
    }
    let stage = created();
    let body = naming("ref1", "18.50", "success").replace("USD\",\"settle", "THB\",\"settle");
    stage.far.says("pay", &body);
    assert_eq!(stage.pay().await.unwrap().foreign_currency.as_deref(), Some("THB"));
    // Nulls and fields nobody knows are no obstacle; an amount that is missing is for the till to refuse.
    let stage = created();
    let body = naming("ref1", "18.50", "success").replace("\"18.50\"", "null");
    stage.far.says("pay", &body.replace("\"vendor\":\"alipay\"", "\"vendor\":null,\"hint\":{\"a\":[]}"));
    let paid = stage.pay().await.unwrap();
    assert_eq!((paid.said, paid.amount), (Said::Approved, None));
}
