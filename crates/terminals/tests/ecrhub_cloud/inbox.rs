//! Notifications: verified, acknowledged, and a reason to query at most. On virtual time.

use super::stage::{CREATE, GATEWAY, QUERY, Stage, TILL, staged};
use domain::outcome::Said;
use std::time::Duration;
use terminals::listener::Claim;
use terminals::notice::Notice;
use tokio::time::sleep;
use wire::ecrhub::Json;
use wire::ecrhub::cloud::{RsaPrivate, SIGN, sign};

fn notified() -> Stage {
    staged("notifications = true\n")
}

fn told(key: &str, status: &str, terminal: &str) -> String {
    let fields = [
        ("method", "payment.result.notify"),
        ("http_request_id", "01010000061122334455"),
        ("merchant_no", "300000000001"),
        ("terminal_sn", terminal),
        ("merchant_order_no", "REF1"),
        ("trans_status", status),
        ("order_amount", "45"),
        ("price_currency", "QAR"),
        ("attach", ""),
    ];
    let signature = sign(&RsaPrivate::from_text(key).unwrap(), fields).unwrap();
    let all = fields.into_iter().chain([(SIGN, signature.as_str())]);
    Json::Object(all.map(|(name, value)| (name.to_owned(), Json::text(value))).collect()).to_string()
}

const OWN: &str = "TESTSN0000000001";

#[tokio::test(start_paused = true)]
async fn the_acknowledgement_is_the_bare_word() {
    let stage = notified();
    let (claim, answer) = stage.post(&told(GATEWAY, "2", OWN)).await;
    assert_eq!((claim, answer.status, answer.body.as_slice()), (Claim::Mine, 200, &b"success"[..]));
    assert_eq!(stage.told.0.lock().unwrap().as_slice(), [Notice::News]);
    // One that names no terminal may be about any of those that are behind this gateway.
    assert_eq!(stage.post(&told(GATEWAY, "2", "")).await.0, Claim::Shared);
}

#[tokio::test(start_paused = true)]
async fn a_forged_or_broken_one_is_not_acknowledged_and_does_nothing() {
    let stage = notified();
    let right = told(GATEWAY, "2", OWN);
    for (text, claim) in [
        (told(TILL, "2", OWN), Claim::NotMine),
        (right.replace("\"45\"", "\"4500\""), Claim::NotMine),
        (right.replacen('{', "{\"more\":\"x\",", 1), Claim::NotMine),
        ("{}".to_owned(), Claim::NotMine),
        (String::new(), Claim::Unreadable),
        ("<xml/>".to_owned(), Claim::Unreadable),
        (right.chars().take(200).collect(), Claim::Unreadable),
    ] {
        let (claimed, answer) = stage.post(&text).await;
        assert_eq!((claimed, answer.status), (claim, 403), "{text}");
    }
    assert_eq!(stage.post(&told(GATEWAY, "2", "TESTSN0000000009")).await.0, Claim::NotMine);
    let news = stage.told.0.lock().unwrap().len();
    assert_eq!((news, stage.far.lines().len()), (1, 0), "another terminal's rings once where it is posted");
}

#[tokio::test(start_paused = true)]
async fn a_flood_rings_once_a_moment() {
    let stage = notified();
    for _ in 0..50 {
        assert_eq!(stage.post(&told(GATEWAY, "2", OWN)).await.1.status, 200);
    }
    assert_eq!(stage.told.0.lock().unwrap().len(), 1);
    sleep(Duration::from_secs(2)).await;
    stage.post(&told(GATEWAY, "2", OWN)).await;
    assert_eq!(stage.told.0.lock().unwrap().len(), 2);
}

/// What is notified is never believed: the query after it decides.
#[tokio::test(start_paused = true)]
async fn a_notification_makes_the_till_ask_and_nothing_else() {
    let stage = notified();
    stage.far.takes_it();
    stage.far.finds(9);
    stage.far.finds(1);
    let running = stage.start();
    while stage.far.count("note") == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(stage.far.asked(CREATE)["notify_url"], "https://till.example/ecrhub/notification");
    stage.post(&told(GATEWAY, "2", OWN)).await;
    let outcome = running.await.unwrap().unwrap();
    assert_eq!(outcome.said, Said::Declined, "as the query says");
    assert_eq!(stage.far.times(QUERY), [0, 1, 3], "the first one came sooner");
    assert!(stage.told.0.lock().unwrap().is_empty(), "the running payment heard it");
}
