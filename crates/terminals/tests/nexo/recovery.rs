//! Asking for a lost answer (dossier chapter 10): the whole table, one bounded enquiry at a time.

use super::stage::{
    Stage, amount, changed, failure, paid, reply, reversal, s, sale, sale_data, sent, stage, status,
};
use domain::ids::Reference;
use domain::operation::{Operation, Sent};
use domain::outcome::{Certainty, Fence, Outcome, Reason, Recovered, Said};
use terminals::Terminal;
use terminals::http::{Cause, HttpFault};
use wire::nexo::{
    AdminRequest, Body, ErrorCondition, Header, Message, MessageCategory, MessageClass, PaymentResponse,
    PoiData, RepeatedMessage, Response, ReversalResponse, TransactionIdentification,
    TransactionStatusResponse,
};

const OURS: &str = "2104000001";
const SESSION: &str = "1000000001";

/// The answer of a payment under this reference, as the terminal keeps it.
fn kept(reference: &str, change: impl Fn(&mut PaymentResponse)) -> Message {
    let category = MessageCategory::Payment;
    let header = Header::request(MessageClass::Service, category, reference, "KASSA2", "BUTIK-07-K2");
    changed(&Message::new(header, AdminRequest::default().into()), change)
}

fn kept_reversal(reference: &str, original: &str) -> Message {
    let category = MessageCategory::Reversal;
    let header = Header::request(MessageClass::Service, category, reference, "KASSA2", "BUTIK-07-K2");
    let mut answer = ReversalResponse::new(Response::success());
    let id = TransactionIdentification::new(original, "2025-03-04T08:00:00.02Z");
    answer.poi_data = Some(PoiData { poi_transaction_id: Some(id), ..PoiData::default() });
    Message::new(header.reply(), answer.into())
}

/// Somebody else's payment, made at this time.
fn other(time: &'static str) -> Message {
    kept("1900000000", move |answer| {
        let mut sale = sale_data("42");
        sale.sale_transaction_id = Some(TransactionIdentification::new("42", time));
        answer.sale_data = Some(sale);
    })
}

fn repeating(found: Message) -> impl Fn(&Message) -> Message + Send + Sync + 'static {
    move |request| {
        let repeated = RepeatedMessage { header: found.header.clone(), body: Box::new(found.body.clone()) };
        let mut answer = TransactionStatusResponse::new(Response::success());
        answer.repeated_message = Some(repeated);
        Message::new(request.header.reply(), answer.into())
    }
}

async fn recovered(stage: &Stage, operation: &Operation, sent: &[Sent]) -> Recovered {
    stage.driver.recover(operation, sent).await.unwrap()
}

async fn sale_recovered(stage: &Stage) -> Recovered {
    recovered(stage, &sale(), &[sent(OURS, SESSION)]).await
}

fn outcome(found: Recovered) -> Outcome {
    match found {
        Recovered::Settled(outcome) => *outcome,
        other => panic!("{other:?}"),
    }
}

/// The ServiceIDs that were asked for; nothing for "the newest".
fn asked(stage: &Stage) -> Vec<Option<String>> {
    let of = |message: Message| match message.body {
        Body::TransactionStatusRequest(request) => request.message_reference.and_then(|it| it.service_id),
        other => panic!("{}", other.element()),
    };
    stage.far.sent("TransactionStatus").into_iter().map(of).collect()
}

#[tokio::test(start_paused = true)]
async fn a_repeated_answer_to_our_reference_settles() {
    let stage = stage();
    stage.far.answers("TransactionStatus", repeating(kept(OURS, |_| {})));
    let found = outcome(sale_recovered(&stage).await);
    assert_eq!((found.said, found.echo.reference.unwrap().0.as_str()), (Said::Approved, OURS));
    assert!(found.echo.same_terminal);
    let Body::TransactionStatusRequest(request) = stage.far.sent("TransactionStatus").remove(0).body else {
        panic!()
    };
    let reference = request.message_reference.unwrap();
    assert_eq!(reference.category, Some(MessageCategory::Payment));
    assert_eq!(
        (reference.sale_id.as_deref(), reference.poi_id.as_deref()),
        (Some("KASSA2"), Some("BUTIK-07-K2"))
    );
    assert_eq!(stage.far.posted.lock().unwrap()[0].answer_ms, 15_000);
}

#[tokio::test(start_paused = true)]
async fn success_of_the_enquiry_is_not_success_of_the_payment() {
    let stage = stage();
    let declined = |answer: &mut PaymentResponse| {
        answer.response = Response::failure(ErrorCondition::Refusal, "Declined");
    };
    stage.far.answers("TransactionStatus", repeating(kept(OURS, declined)));
    let found = outcome(sale_recovered(&stage).await);
    assert_eq!((found.said, found.reason), (Said::Declined, Some(Reason::Refused)));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_amount_is_for_matching_to_judge() {
    let stage = stage();
    let cheaper = |answer: &mut PaymentResponse| {
        let amounts = answer.payment_result.as_mut().unwrap().amounts_resp.as_mut().unwrap();
        amounts.authorized_amount = Some(amount("1.00"));
    };
    stage.far.answers("TransactionStatus", repeating(kept(OURS, cheaper)));
    assert_eq!(outcome(sale_recovered(&stage).await).amount, Some(super::stage::sek(100)));
}

#[tokio::test(start_paused = true)]
async fn busy_is_still_running() {
    for word in ["Busy", "InProgress"] {
        let stage = stage();
        stage.far.fails("TransactionStatus", word, "running");
        assert_eq!(sale_recovered(&stage).await, Recovered::StillRunning);
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeated_in_progress_is_still_running() {
    let stage = stage();
    let running = |answer: &mut PaymentResponse| {
        answer.response = Response::failure(ErrorCondition::InProgress, "At work");
    };
    stage.far.answers("TransactionStatus", repeating(kept(OURS, running)));
    assert_eq!(sale_recovered(&stage).await, Recovered::StillRunning);
}

#[tokio::test(start_paused = true)]
async fn without_a_session_the_fence_falls_and_nobody_logs_in() {
    for word in ["NotAllowed", "LoggedOut"] {
        let stage = stage();
        stage.far.fails("TransactionStatus", word, "no session");
        assert_eq!(sale_recovered(&stage).await, Recovered::SessionLost);
        assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell, "the session has gone");
        assert!(stage.far.sent("Login").is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_no_session_does_not_take_away_a_newer_one() {
    let stage = stage();
    let gate = stage.far.gated("TransactionStatus", |request| failure(request, "LoggedOut", "no session"));
    let asking = {
        let stage = stage.clone();
        tokio::spawn(async move { sale_recovered(&stage).await })
    };
    stage.log.until("wire TransactionStatus").await;
    stage.driver.open().await.unwrap();
    gate.notify_one();
    assert_eq!(asking.await.unwrap(), Recovered::SessionLost);
    stage.perform(&sale()).await.unwrap();
    assert_eq!(stage.far.sent("Login").len(), 1, "the newer session stands");
}

#[tokio::test(start_paused = true)]
async fn not_found_twice_in_the_same_session_is_never_seen() {
    let stage = stage();
    assert_eq!(sale_recovered(&stage).await, Recovered::NeverSeen(Fence::SameSession));
    assert_eq!(asked(&stage), [Some(OURS.to_owned()), None]);
    assert_eq!(stage.far.times("TransactionStatus"), [0, 3]);
    let mut ids: Vec<_> =
        stage.far.sent("TransactionStatus").into_iter().map(|it| it.header.service_id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn outside_the_session_not_found_proves_nothing() {
    let stage = stage();
    let found = recovered(&stage, &sale(), &[sent(OURS, "1000000000")]).await;
    assert_eq!(found, Recovered::CannotTell, "sent in another session");
    let sessionless = Sent { session: None, ..sent(OURS, SESSION) };
    assert_eq!(recovered(&stage, &sale(), &[sessionless]).await, Recovered::CannotTell);
    let none = Stage::with("", None);
    assert_eq!(sale_recovered(&none).await, Recovered::CannotTell, "no session is known");
    let mixed = [sent("2104000003", SESSION), sent("2104000002", "1000000000")];
    assert_eq!(recovered(&stage, &sale(), &mixed).await, Recovered::CannotTell);
    assert_eq!(recovered(&stage, &sale(), &[]).await, Recovered::CannotTell, "nothing to ask about");
}

#[tokio::test(start_paused = true)]
async fn a_login_in_between_ends_the_fence() {
    let stage = stage();
    stage.driver.open().await.unwrap();
    assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell);
}

#[tokio::test(start_paused = true)]
async fn every_open_reference_is_asked_for_newest_first() {
    let stage = stage();
    let not_started = Sent { not_started: true, ..sent("2104000001", "1000000000") };
    let all = [sent("2104000003", SESSION), sent("2104000002", SESSION), not_started.clone()];
    stage.far.fails("TransactionStatus", "NotFound", "none");
    stage.far.answers("TransactionStatus", repeating(kept("2104000002", |_| {})));
    let found = outcome(recovered(&stage, &sale(), &all).await);
    assert_eq!(found.echo.reference.unwrap().0, "2104000002");
    assert_eq!(asked(&stage), [Some("2104000003".to_owned()), Some("2104000002".to_owned())]);
    let accounted = [sent("2104000003", SESSION), not_started.clone()];
    assert_eq!(recovered(&stage, &sale(), &accounted).await, Recovered::NeverSeen(Fence::SameSession));
    let stage = super::stage::stage();
    recovered(&stage, &sale(), &[not_started]).await;
    assert_eq!(asked(&stage), [Some("2104000001".to_owned()), None], "where all are, all are asked for");
}

#[tokio::test(start_paused = true)]
async fn the_newest_answer_may_be_ours() {
    let stage = stage();
    stage.far.fails("TransactionStatus", "NotFound", "none");
    stage.far.answers("TransactionStatus", repeating(kept(OURS, |_| {})));
    assert_eq!(outcome(sale_recovered(&stage).await).said, Said::Approved);
}

/// Times of foreign answers: long before our payment was intended, shortly before it, after it.
const TIMES: [&str; 3] =
    ["2024-03-04T11:00:00+01:00", "2025-03-04T10:00:00+01:00", "2025-03-04T11:00:00+01:00"];

#[tokio::test(start_paused = true)]
async fn somebody_elses_newest_answer_is_named_for_the_till_to_judge_whatever_its_time() {
    for time in TIMES {
        let stage = stage();
        stage.far.fails("TransactionStatus", "NotFound", "none");
        stage.far.answers("TransactionStatus", repeating(other(time)));
        let newest = Fence::SameSessionAfter(Reference("42".to_owned()));
        assert_eq!(sale_recovered(&stage).await, Recovered::NeverSeen(newest), "{time}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_tells_of_its_newest_only_says_so_whatever_its_time() {
    let newest = || Recovered::NeverSeen(Fence::SameSessionSince(Reference("42".to_owned())));
    for time in TIMES {
        let stage = stage();
        stage.far.answers("TransactionStatus", repeating(other(time)));
        stage.far.answers("TransactionStatus", repeating(other(time)));
        assert_eq!(sale_recovered(&stage).await, newest(), "{time}: it ignores the reference");
        assert_eq!(asked(&stage), [Some(OURS.to_owned()), None]);
        stage.far.fails("TransactionStatus", "UnavailableService", "no references");
        stage.far.answers("TransactionStatus", repeating(other(time)));
        stage.far.answers("TransactionStatus", repeating(other(time)));
        assert_eq!(sale_recovered(&stage).await, newest(), "{time}: it refuses the reference");
    }
}

#[tokio::test(start_paused = true)]
async fn a_newest_answer_that_is_gone_a_moment_later_proves_nothing() {
    let stage = stage();
    stage.far.answers("TransactionStatus", repeating(other(TIMES[1])));
    stage.far.fails("TransactionStatus", "NotFound", "none");
    assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell);
}

#[tokio::test(start_paused = true)]
async fn a_form_that_is_not_offered_is_replaced_once() {
    for word in ["UnavailableService", "MessageFormat"] {
        let stage = stage();
        stage.far.fails("TransactionStatus", word, "no references");
        stage.far.answers("TransactionStatus", repeating(kept(OURS, |_| {})));
        assert_eq!(outcome(sale_recovered(&stage).await).said, Said::Approved);
        assert_eq!(asked(&stage), [Some(OURS.to_owned()), None]);
        stage.far.fails("TransactionStatus", word, "no references");
        stage.far.fails("TransactionStatus", word, "not at all");
        assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell);
        stage.far.fails("TransactionStatus", word, "no references");
        assert_eq!(
            sale_recovered(&stage).await,
            Recovered::NeverSeen(Fence::SameSession),
            "twice nothing at all"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_older_transaction_under_our_reference_is_never_adopted() {
    let stage = stage();
    stage.far.answers(
        "TransactionStatus",
        repeating(kept(OURS, |answer| answer.sale_data = Some(sale_data("42")))),
    );
    assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell);
}

#[tokio::test(start_paused = true)]
async fn another_till_or_terminal_inside_is_not_ours() {
    let strangers: [fn(&mut Message); 2] =
        [|found| found.header.sale_id = "KASSA9".into(), |found| found.header.poi_id = "BUTIK-08".into()];
    for change in strangers {
        let stage = stage();
        let mut found = kept(OURS, |_| {});
        change(&mut found);
        stage.far.answers("TransactionStatus", repeating(found.clone()));
        stage.far.answers("TransactionStatus", repeating(found.clone()));
        assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell);
        stage.far.fails("TransactionStatus", "NotFound", "none");
        stage.far.answers("TransactionStatus", repeating(found));
        assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell, "our own number was seen");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_sale_data_is_known_by_its_reference() {
    let stage = stage();
    stage.far.answers("TransactionStatus", repeating(kept(OURS, |answer| answer.sale_data = None)));
    assert_eq!(outcome(sale_recovered(&stage).await).echo.transaction, None);
}

#[tokio::test(start_paused = true)]
async fn other_failures_cannot_tell() {
    let stage = stage();
    stage.far.fails("TransactionStatus", "Refusal", "no");
    assert_eq!(sale_recovered(&stage).await, Recovered::CannotTell);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_is_a_fault_that_leaves_everything_unknown() {
    let stage = stage();
    stage.far.raw("TransactionStatus", |_| Err(HttpFault::NotSent { cause: Cause::Refused }));
    stage.far.raw("TransactionStatus", |_| Ok(status(204, "")));
    stage.far.raw("TransactionStatus", |request| Ok(reply(&request.answer(Response::success()).unwrap())));
    stage.far.raw("TransactionStatus", |request| {
        let mut answer = failure(request, "NotFound", "none");
        answer.header.service_id = Some("999".into());
        Ok(reply(&answer))
    });
    stage.far.answers(
        "TransactionStatus",
        repeating(kept(OURS, |answer| {
            answer.response.result = wire::nexo::ResultCode::Other("Maybe".into());
        })),
    );
    let reasons = [
        Reason::ConnectionRefused,
        Reason::AnswerLost,
        Reason::AnswerUnreadable,
        Reason::Mismatch,
        Reason::AnswerUnreadable,
    ];
    for reason in reasons {
        let fault = stage.driver.recover(&sale(), &[sent(OURS, SESSION)]).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, reason));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reversal_is_recovered_by_its_own_reference() {
    let stage = stage();
    stage.far.answers("TransactionStatus", repeating(kept_reversal(OURS, "5550010041")));
    let found = outcome(recovered(&stage, &reversal(), &[sent(OURS, SESSION)]).await);
    assert_eq!((found.said, found.echo.foreign_original), (Said::Approved, None));
    let Body::TransactionStatusRequest(request) = stage.far.sent("TransactionStatus").remove(0).body else {
        panic!()
    };
    assert_eq!(request.message_reference.unwrap().category, Some(MessageCategory::Reversal));
    stage.far.answers("TransactionStatus", repeating(kept_reversal(OURS, "5550010040")));
    let foreign = outcome(recovered(&stage, &reversal(), &[sent(OURS, SESSION)]).await);
    assert_eq!(foreign.echo.foreign_original.as_deref(), Some("5550010040"));
    stage.far.fails("TransactionStatus", "NotFound", "none");
    stage.far.answers("TransactionStatus", repeating(kept("1900000000", |_| {})));
    let none = recovered(&stage, &reversal(), &[sent(OURS, SESSION)]).await;
    let newest = Fence::SameSessionAfter(sale().transaction);
    assert_eq!(none, Recovered::NeverSeen(newest), "the original payment still stands");
}

#[tokio::test(start_paused = true)]
async fn an_enquiry_may_run_beside_the_payment() {
    let stage = stage();
    stage.far.late("Payment", s(50), |request| Ok(reply(&paid(request))));
    stage.far.fails("TransactionStatus", "Busy", "running");
    let work = stage.start(&sale());
    stage.log.until("wire Payment").await;
    assert_eq!(sale_recovered(&stage).await, Recovered::StillRunning);
    assert!(work.await.unwrap().is_ok());
}
