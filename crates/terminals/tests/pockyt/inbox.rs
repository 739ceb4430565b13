//! Instant notifications: verified, acknowledged, and a reason to query at most. On virtual time.

use super::stage::{Stage, TOKEN, naming, sale, staged};
use domain::outcome::Said;
use std::time::Duration;
use terminals::Terminal;
use terminals::listener::Claim;
use terminals::notice::Notice;
use wire::pockyt::{Fields, Notification};

fn notified() -> Stage {
    staged("notifications = true\n")
}

fn body(status: &str, token: &str) -> String {
    let fields = [
        ("transactionNo", "400000000000000123"),
        ("reference", "ref1"),
        ("status", status),
        ("amount", "18.50"),
        ("currency", "USD"),
        ("note", "Kopi O & roti"),
    ];
    let fields: Fields =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Notification::body(&fields, token)
}

#[tokio::test(start_paused = true)]
async fn the_answer_is_the_bare_word() {
    let stage = notified();
    let (claim, answer) = stage.post(&body("success", TOKEN)).await;
    assert_eq!((claim, answer.status), (Claim::Mine, 200));
    assert_eq!(answer.body, b"success");
    assert_eq!(stage.told.0.lock().unwrap().as_slice(), [Notice::News]);
}

#[tokio::test(start_paused = true)]
async fn a_forged_or_broken_one_is_not_acknowledged_and_does_nothing() {
    let stage = notified();
    let forged = body("success", "another token");
    let changed = body("success", TOKEN).replace("18.50", "99.50");
    let more = format!("{}&extra=1", body("success", TOKEN));
    for text in [forged.as_str(), &changed, &more, "", "a=b", "verifySign=", "<xml/>", "%%%"] {
        let (claim, answer) = stage.post(text).await;
        assert_ne!(claim, Claim::Mine, "{text}");
        assert!(answer.status == 403 && answer.body.is_empty());
    }
    assert!(stage.told.0.lock().unwrap().is_empty());
    assert!(stage.far.lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn repeats_within_a_moment_ring_once() {
    let stage = notified();
    for _ in 0..50 {
        assert_eq!(stage.post(&body("success", TOKEN)).await.1.status, 200);
    }
    assert_eq!(stage.told.0.lock().unwrap().len(), 1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    stage.post(&body("pending", TOKEN)).await;
    assert_eq!(stage.told.0.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_that_says_paid_pays_nothing_it_only_brings_the_query_forward() {
    let stage = notified();
    stage.far.says("add", &naming("{reference}", "18.50", "init"));
    stage.far.says("pay", &naming("ref1", "18.50", "pending"));
    stage.far.says("tran-query", &naming("ref1", "18.50", "pending"));
    stage.far.says("tran-query", &naming("ref1", "18.50", "failed"));
    let performing = stage.start();
    stage.far.until("tran-query").await;
    let before = stage.far.elapsed_s();
    assert_eq!(stage.post(&body("success", TOKEN)).await.1.body, b"success");
    assert_eq!(
        performing.await.unwrap().unwrap().said,
        Said::Declined,
        "the query told, not the notification"
    );
    assert!(stage.far.elapsed_s() - before < 3);
    assert!(stage.told.0.lock().unwrap().is_empty());
    assert_eq!(stage.far.asked("add")["ipnUrl"], "https://till.example/pockyt/ipn");
}

#[tokio::test(start_paused = true)]
async fn without_the_setting_nothing_listens() {
    let stage = super::stage::stage();
    assert!(stage.driver.inbox().is_none());
    assert!(!stage.driver.capabilities().listener);
    stage.driver.abort(sale().id).await.unwrap();
}
