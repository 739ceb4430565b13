//! Pending customers, cancels and shown codes: the pace of queries, and who closes what. On virtual time.

use super::stage::{NUMBER, Stage, created, naming, sale, stage, staged};
use domain::outcome::{Certainty, Reason, Said};
use domain::prompt::Answer;
use std::sync::atomic::Ordering;
use terminals::Terminal;
use wire::pockyt::Fields;

fn pending() -> Stage {
    let stage = created();
    stage.far.says("pay", &naming("ref1", "18.50", "pending"));
    stage
}

#[tokio::test(start_paused = true)]
async fn the_customer_confirms_after_some_queries() {
    let stage = pending();
    for _ in 0..3 {
        stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
    }
    stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert_eq!((stage.far.count("tran-query"), stage.far.elapsed_s()), (4, 11), "2 s, then every 3");
    assert_eq!(stage.far.count("show The customer must confirm"), 2);
}

#[tokio::test(start_paused = true)]
async fn queries_that_fail_only_delay() {
    let stage = pending();
    stage.far.is_lost("tran-query");
    stage.far.answers("tran-query", 502, "<html>");
    stage.far.says("tran-query", &naming("somebody", "18.50", "success"));
    stage.far.says("tran-query", "{\"ret_code\":\"000021\"}");
    stage.far.says("tran-query", &naming("ref1", "18.50", "failed"));
    assert_eq!(stage.pay().await.unwrap().said, Said::Declined);
    assert_eq!(stage.far.count("tran-query"), 5);
}

#[tokio::test(start_paused = true)]
async fn when_the_window_ends_it_is_cancelled_and_a_later_query_closes() {
    let stage = pending();
    stage.far.says("cancel", &naming("ref1", "18.50", "closed").replace("\"18.50\"", "18.5"));
    let cancelled = std::sync::Arc::clone(&stage.far);
    stage.far.plays("tran-query", move |_| {
        let status = if cancelled.count("cancel") == 0 { "pending" } else { "closed" };
        let body = naming("ref1", "18.50", status).replace("{number}", NUMBER);
        Ok(terminals::http::HttpReply::new(200, body.into_bytes()))
    });
    let ended = stage.pay().await.unwrap();
    assert_eq!((ended.said, ended.reason), (Said::Cancelled, Some(Reason::DeadlinePassed)));
    assert!((118..=130).contains(&stage.far.elapsed_s()), "{}", stage.far.elapsed_s());
    let lines = stage.far.lines();
    let last: Vec<&str> = lines.iter().rev().take(3).map(String::as_str).collect();
    assert_eq!(last, ["tran-query", "cancel", "reserve Cancel ref3"]);
}

#[tokio::test(start_paused = true)]
async fn an_abort_cancels_from_within_and_what_was_paid_meanwhile_is_told() {
    let refused = "{\"ret_code\":\"000040\",\"ret_msg\":\"paid\"}".to_owned();
    let closed = naming("ref1", "18.50", "closed");
    for (after, cancel, said) in [("closed", closed, Said::Cancelled), ("success", refused, Said::Approved)]
    {
        let stage = pending();
        stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
        stage.far.says("tran-query", &naming("ref1", "18.50", after));
        stage.far.says("cancel", &cancel);
        let performing = stage.start();
        stage.far.until("tran-query").await;
        stage.driver.abort(sale().id).await.unwrap();
        assert_eq!(stage.far.count("cancel"), 0, "the wish itself sends nothing");
        let ended = performing.await.unwrap().unwrap();
        assert_eq!(ended.said, said);
        if said == Said::Cancelled {
            assert_eq!(ended.reason, Some(Reason::Aborted));
        }
        assert_eq!(stage.far.count("reserve Cancel"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_that_gave_a_paid_sale_back_is_a_cancel() {
    let stage = pending();
    stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
    let void =
        naming("ref1", "18.50", "success").replace("\"vendor\"", "\"voidAmount\":\"18.50\",\"vendor\"");
    stage.far.says("tran-query", &void);
    stage.far.says("cancel", &naming("ref1", "18.50", "closed"));
    let performing = stage.start();
    stage.far.until("tran-query").await;
    stage.driver.abort(sale().id).await.unwrap();
    assert_eq!(performing.await.unwrap().unwrap().said, Said::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn paid_is_not_the_last_word_once_a_cancel_was_accepted() {
    let paid = naming("ref1", "18.50", "success");
    let void = paid.replace("\"vendor\"", "\"voidAmount\":\"18.50\",\"vendor\"");
    for (told, lags) in [(Some(void), 2), (None, 1)] {
        let stage = pending();
        stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
        for _ in 0..lags {
            stage.far.says("tran-query", &paid);
        }
        if let Some(void) = &told {
            stage.far.says("tran-query", void);
        }
        stage.far.says("cancel", &naming("ref1", "18.50", "closed"));
        let performing = stage.start();
        stage.far.until("tran-query").await;
        stage.driver.abort(sale().id).await.unwrap();
        match (told, performing.await.unwrap()) {
            (Some(_), Ok(outcome)) => assert_eq!(outcome.said, Said::Cancelled),
            (None, Err(fault)) => assert_eq!(fault.certainty, Certainty::Unknown),
            (_, other) => panic!("{other:?}"),
        }
        assert_eq!(stage.far.count("reserve Cancel"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_a_cancel_that_was_sent_again_says_nothing_of_the_first() {
    let stage = pending();
    stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
    stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
    stage.far.is_lost("cancel");
    stage.far.says("cancel", "{\"ret_code\":\"000040\",\"ret_msg\":\"closed\"}");
    let performing = stage.start();
    stage.far.until("tran-query").await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = performing.await.unwrap().unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn cancels_without_an_answer_are_sent_five_times_each_under_its_own_reference() {
    let stage = pending();
    stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
    stage.far.is_lost("cancel");
    let performing = stage.start();
    stage.far.until("tran-query").await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = performing.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::StillRunning));
    assert_eq!((stage.far.count("cancel"), stage.far.count("reserve Cancel")), (5, 5));
}

#[tokio::test(start_paused = true)]
async fn paid_after_cancels_without_an_answer_is_not_the_last_word() {
    let stage = pending();
    stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
    stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
    stage.far.is_lost("cancel");
    let performing = stage.start();
    stage.far.until("tran-query").await;
    stage.driver.abort(sale().id).await.unwrap();
    assert_eq!(performing.await.unwrap().unwrap_err().certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn no_cancel_leaves_without_its_reference_on_disk() {
    let stage = pending();
    stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
    stage.desk.durable.store(2, Ordering::SeqCst);
    let performing = stage.start();
    stage.far.until("tran-query").await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = performing.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::NotDurable));
    assert_eq!(stage.far.count("cancel"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_charge_that_the_gateway_never_got_is_cancelled_before_it_can_arrive() {
    let stage = created();
    stage.far.is_lost("pay");
    for _ in 0..12 {
        stage.far.says("tran-query", &naming("ref1", "18.50", "init"));
    }
    stage.far.says("tran-query", &naming("ref1", "18.50", "closed"));
    stage.far.says("cancel", &naming("ref1", "18.50", "closed"));
    let ended = stage.pay().await.unwrap();
    assert_eq!(ended.said, Said::Cancelled);
    assert_eq!((stage.far.count("pay"), stage.far.count("cancel")), (1, 1));
    assert!((28..=45).contains(&stage.far.elapsed_s()), "{}", stage.far.elapsed_s());
}

#[tokio::test(start_paused = true)]
async fn an_abort_before_the_charge_charges_nothing() {
    let stage = created();
    let performing = stage.start();
    stage.far.until("add").await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = performing.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Aborted));
    assert_eq!(stage.far.count("pay"), 0);
}

fn shows(stage: &Stage) {
    *stage.desk.code.lock().unwrap() = None;
    let link = ",\"deepLink\":\"https://pay.example/x\",\"reference\":\"{reference}\"";
    stage.far.says("create-trans-qrcode", &super::stage::record("18.50", "init", link));
}

#[tokio::test(start_paused = true)]
async fn a_shown_code_can_be_paid_only_after_its_reference_is_on_disk() {
    let stage = staged("shown_wallet = \"wechatpay\"\nnotifications = true\n");
    shows(&stage);
    stage.far.says("tran-query", &naming("ref1", "18.50", "init"));
    stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    let lines = stage.far.lines();
    let at = |start: &str| lines.iter().position(|line| line.starts_with(start)).unwrap();
    assert!(at("create-trans-qrcode") < at("reserve First") && at("reserve First") < at("code https"));
    let asked: Fields = stage.far.asked("create-trans-qrcode");
    assert_eq!(asked["vendor"], "wechatpay", "the other spelling");
    assert_eq!(asked["ipnUrl"], "https://till.example/pockyt/ipn");
    assert_eq!(asked["needQrcode"], "true");
}

#[tokio::test(start_paused = true)]
async fn the_cashier_is_asked_whose_code_to_show() {
    let stage = stage();
    shows(&stage);
    *stage.desk.answer.lock().unwrap() = Some(Answer::Chosen(3));
    stage.far.says("tran-query", &naming("ref1", "18.50", "success"));
    stage.pay().await.unwrap();
    let asked = stage.far.asked("create-trans-qrcode");
    assert_eq!(asked["vendor"], "cashapppay");
    assert_eq!(asked["ipnUrl"], "https://notifications.invalid/pockyt", "nobody is told");
    let stage = super::stage::stage();
    shows(&stage);
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, stage.far.count("create")), (Certainty::NotSent, 0));
}

#[tokio::test(start_paused = true)]
async fn a_code_whose_creation_was_lost_is_never_shown() {
    let stage = staged("shown_wallet = \"alipay\"\n");
    *stage.desk.code.lock().unwrap() = None;
    stage.far.is_lost("create-trans-qrcode");
    stage.far.says("tran-query", &naming("ref1", "18.50", "init"));
    let fault = stage.pay().await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::NotSent);
    assert_eq!((stage.far.count("code"), stage.far.count("reserve First")), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_code_that_nobody_scans_is_cancelled_when_its_time_is_over() {
    let stage = staged("shown_wallet = \"alipay\"\n");
    shows(&stage);
    let cancelled = std::sync::Arc::clone(&stage.far);
    stage.far.plays("tran-query", move |_| {
        let status = if cancelled.count("cancel") == 0 { "init" } else { "closed" };
        let body = naming("ref1", "18.50", status).replace("{number}", NUMBER);
        Ok(terminals::http::HttpReply::new(200, body.into_bytes()))
    });
    stage.far.says("cancel", &naming("ref1", "18.50", "closed"));
    assert_eq!(stage.pay().await.unwrap().said, Said::Cancelled);
    assert!((298..=310).contains(&stage.far.elapsed_s()), "{}", stage.far.elapsed_s());
}
