//! Settings, and the hello that checks them. On virtual time.

use super::stage::{stage, table};
use domain::outcome::{Certainty, Reason};
use terminals::Terminal;
use terminals::pockyt::profile::{Profile, check};

#[test]
fn what_a_shop_sets() {
    let profile = Profile::read(&table("")).unwrap();
    assert_eq!((profile.host.as_str(), profile.port), ("gateway.example", 443));
    assert!(!format!("{profile:?}").contains("till-demo-token"));
    let checked = check(&table("notifications = true\n")).unwrap();
    assert!(checked.needs_listener && !checked.loopback);
    assert_eq!(checked.identity, "pockyt 900001 800002");
}

#[test]
fn plain_http_reaches_this_computer_only() {
    let with = |url: &str| {
        let mut table = table("");
        table.insert("base_url".to_owned(), toml::Value::String(url.to_owned()));
        check(&table)
    };
    for url in ["http://127.0.0.1:12000", "http://localhost:9/", "http://[::1]:9"] {
        assert!(with(url).unwrap().loopback, "{url}");
    }
    assert!(!with("https://mapi.example").unwrap().loopback);
    for url in ["http://mapi.example", "http://192.0.2.1:80", "ftp://x", "mapi.example", "https://a@b"] {
        assert_eq!(with(url).unwrap_err().key, "base_url", "{url}");
    }
}

#[test]
fn what_cannot_be_used_names_its_key() {
    #[rustfmt::skip]
    let rows = [
        ("settle_currency = \"usd\"\n", "settle_currency"), ("pay_path = \"micropay\"\n", "pay_path"),
        ("store_admin_no = \"a b\"\n", "store_admin_no"), ("answer_ms = 10\n", "answer_ms"),
        ("connect_ms = 0\n", "connect_ms"), ("colour = \"red\"\n", "colour"),
        ("notifications = \"yes\"\n", "notifications"),
    ];
    for (more, key) in rows {
        assert_eq!(check(&table(more)).unwrap_err().key, key);
    }
    for key in ["base_url", "merchant_no", "store_no", "token"] {
        let mut table = table("");
        table.remove(key);
        assert_eq!(check(&table).unwrap_err().key, key);
        table.insert(key.to_owned(), toml::Value::String(" ".to_owned()));
        assert_eq!(check(&table).unwrap_err().key, key);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hello_proves_address_numbers_and_token() {
    let healthy = stage();
    healthy.far.says("tran-query", "{\"ret_code\":\"000021\",\"ret_msg\":\"no record\"}");
    assert_eq!(healthy.driver.open().await.unwrap().session, "800002");
    for (status, body, certainty, reason) in [
        (
            400,
            "{\"ret_code\":\"000000\",\"retMsg\":\"data error : verifySign\"}",
            Certainty::Refused,
            Reason::LoginRefused,
        ),
        (200, "{\"ret_code\":\"000030\",\"ret_msg\":\"no\"}", Certainty::Refused, Reason::LoginRefused),
        (502, "<html>", Certainty::Unknown, Reason::AnswerUnreadable),
    ] {
        let stage = stage();
        stage.far.answers("tran-query", status, body);
        let fault = stage.driver.open().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (certainty, reason), "{body}");
    }
}
