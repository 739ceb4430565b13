//! Logging in: the form it chooses, the waiting, and what it says about the terminal.

use super::stage::{Stage, failure, logged_in, paid, reply, s, sale, stage, status};
use domain::outcome::{Certainty, Reason, Said};
use terminals::Terminal;
use terminals::http::{Cause, HttpFault};
use terminals::notice::Notice;
use wire::nexo::{Body, LoginRequest, Message, SaleCapability};

fn login(stage: &Stage) -> LoginRequest {
    match stage.far.sent("Login").remove(0).body {
        Body::LoginRequest(request) => request,
        other => panic!("{}", other.element()),
    }
}

fn capabilities(stage: &Stage) -> Vec<SaleCapability> {
    login(stage).sale_terminal_data.unwrap().sale_capabilities.unwrap().0
}

#[tokio::test(start_paused = true)]
async fn the_form_chooses_the_capabilities() {
    use SaleCapability as C;
    let light = Stage::with("form = \"light\"\nlanguage = \"sv\"", None);
    light.driver.open().await.unwrap();
    assert_eq!(capabilities(&light), [C::PrinterReceipt]);
    assert_eq!(login(&light).operator_language, "sv");
    let default = Stage::with("language = \"de\"", None);
    default.driver.open().await.unwrap();
    assert_eq!(
        capabilities(&default),
        [
            C::CashierStatus,
            C::CashierError,
            C::CashierDisplay,
            C::POIReplication,
            C::CustomerAssistance,
            C::CashierInput,
            C::PrinterReceipt
        ]
    );
    assert_eq!(login(&default).operator_language, "en");
    assert_eq!(login(&default).date_time.raw(), "2025-03-04T10:12:44+01:00");
    let software = login(&default).sale_software;
    assert_eq!(software.application_name.as_deref(), Some("Paydesk"));
}

#[tokio::test(start_paused = true)]
async fn the_terminal_says_who_it_is() {
    let stage = Stage::with("", None);
    let identity = stage.driver.open().await.unwrap();
    assert_eq!(identity.session, stage.far.sent("Login")[0].header.service_id.clone().unwrap());
    assert_eq!(identity.session.len(), 10);
    assert_eq!(identity.serial.as_deref(), Some("2290009999"));
    assert_eq!(identity.software.as_deref(), Some("axept® PRO 1.3.0.11"));
    assert_eq!(identity.skew_ms, Some(5070));
    assert_eq!(identity.warnings, ["the card reader reports a fault"]);
}

#[tokio::test(start_paused = true)]
async fn a_busy_login_is_repeated_every_three_seconds() {
    let stage = Stage::with("", None);
    for _ in 0..3 {
        stage.far.fails("Login", "Busy", "New Poi ID detected, updating parameters");
    }
    stage.driver.open().await.unwrap();
    assert_eq!(stage.far.times("Login"), [0, 3, 6, 9]);
    assert_eq!(stage.notices(), [Notice::Updating("New Poi ID detected, updating parameters".into())]);
    let mut ids: Vec<_> = stage.far.sent("Login").into_iter().map(|it| it.header.service_id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4, "every login has an identifier of its own");
}

#[tokio::test(start_paused = true)]
async fn a_login_that_stays_busy_ends_after_five_minutes() {
    let stage = Stage::with("", None);
    for _ in 0..200 {
        stage.far.fails("Login", "Busy", "updating");
    }
    let fault = stage.driver.open().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Busy));
    assert_eq!(stage.log.elapsed(), s(300));
}

#[tokio::test(start_paused = true)]
async fn a_login_can_be_refused_or_lost() {
    let stage = Stage::with("", None);
    stage.far.fails("Login", "Refusal", "Not here");
    let fault = stage.driver.open().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::LoginRefused));
    stage.far.fails("Login", "UnavailableService", "Not at all");
    assert_eq!(stage.driver.open().await.unwrap_err().reason, Reason::UnavailableService);
    stage.far.raw("Login", |_| Ok(status(204, "")));
    assert_eq!(stage.driver.open().await.unwrap_err().certainty, Certainty::Unknown);
    stage.far.raw("Login", |request| {
        let mut answer = logged_in(request);
        answer.header.service_id = Some("999".into());
        Ok(reply(&answer))
    });
    assert_eq!(stage.driver.open().await.unwrap_err().reason, Reason::Mismatch);
    stage.far.raw("Login", |_| Err(HttpFault::NotSent { cause: Cause::Refused }));
    assert_eq!(stage.driver.open().await.unwrap_err().certainty, Certainty::NotSent);
}

#[tokio::test(start_paused = true)]
async fn a_login_under_another_name_tells_both_names() {
    let stage = Stage::with("", None);
    let ours = "poi_id \"BUTIK-07-K2\"";
    stage.far.fails("Login", "NotAllowed", "POIID cannot be changed within a session");
    let fault = stage.driver.open().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::LoginRefused));
    assert!(fault.detail.contains("cannot be changed") && fault.detail.contains(ours), "{}", fault.detail);
    stage.far.answers("Login", |request| {
        let mut answer = logged_in(request);
        answer.header.poi_id = "OTHER".into();
        answer
    });
    let fault = stage.driver.open().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::LoginRefused));
    assert!(
        fault.detail.contains("answers as \"OTHER\"") && fault.detail.contains(ours),
        "{}",
        fault.detail
    );
    assert_eq!(stage.log.count("session opened"), 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_session_a_payment_logs_in_first() {
    let stage = Stage::with("", None);
    stage.perform(&sale()).await.unwrap();
    assert_eq!(
        stage.log.lines(),
        [
            "session opening",
            "wire Login",
            "session opened",
            "reserve First 2104000001 in session",
            "wire Payment 2104000001"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_login_that_fails_inside_a_payment_leaves_nothing_of_it() {
    let rows: [(HttpFault, Reason); 2] = [
        (HttpFault::NotSent { cause: Cause::Refused }, Reason::ConnectionRefused),
        (HttpFault::MaybeSent { cause: Cause::Timeout }, Reason::DeadlinePassed),
    ];
    for (http, reason) in rows {
        let stage = Stage::with("", None);
        stage.far.raw("Login", move |_| Err(http.clone()));
        let fault = stage.perform(&sale()).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, reason));
        assert_eq!(stage.log.lines(), ["session opening", "wire Login"]);
    }
}

#[tokio::test(start_paused = true)]
async fn inside_a_payment_a_busy_login_is_waited_out_for_a_minute() {
    let stage = Stage::with("", None);
    for _ in 0..100 {
        stage.far.fails("Login", "Busy", "updating");
    }
    let fault = stage.perform(&sale()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Busy));
    assert_eq!(stage.log.elapsed(), s(60));
}

#[tokio::test(start_paused = true)]
async fn a_lost_session_is_opened_once_and_the_request_repeated_once() {
    for word in ["NotAllowed", "LoggedOut"] {
        let stage = stage();
        stage.far.fails("Payment", word, "Log in first");
        let outcome = stage.perform(&sale()).await.unwrap();
        assert_eq!(outcome.said, Said::Approved);
        assert_eq!(
            stage.log.lines(),
            [
                "reserve First 2104000001 in session",
                "wire Payment 2104000001",
                "not_started 2104000001",
                "session lost",
                "session opening",
                "wire Login",
                "session opened",
                "reserve Resend 2104000002 in session",
                "wire Payment 2104000002"
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_lost_twice_is_refused() {
    let stage = stage();
    stage.far.fails("Payment", "NotAllowed", "Log in first");
    stage.far.fails("Payment", "LoggedOut", "Log in first");
    let fault = stage.perform(&sale()).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::NoSession));
    assert_eq!(stage.far.sent("Login").len(), 1);
    assert_eq!(stage.log.count("not_started"), 2);
    stage.perform(&sale()).await.unwrap();
    assert_eq!(stage.far.sent("Login").len(), 2, "the driver knows that there is no session");
}

#[tokio::test(start_paused = true)]
async fn a_busy_terminal_after_the_login_gets_its_full_time() {
    let stage = stage();
    let busy = |request: &Message| failure(request, "Busy", "hosts");
    for _ in 0..5 {
        stage.far.answers("Payment", busy);
    }
    stage.far.fails("Payment", "NotAllowed", "restarted");
    for _ in 0..8 {
        stage.far.answers("Payment", busy);
    }
    stage.far.answers("Payment", paid);
    assert!(stage.perform(&sale()).await.is_ok());
}
