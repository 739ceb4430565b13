//! The training terminal: every row of the amount convention, aborts, questions, recovery and services, in
//! virtual time.
//!
//! Invariant: whatever it answers is ours by the rules of matching, and recovery repeats it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "training/stage.rs"]
mod stage;

use domain::operation::{Kind, Operation};
use domain::outcome::{Certainty, Fault, Fence, Outcome, Reason, Recovered};
use domain::payment::Verdict;
use domain::prompt::{Answer, Question};
use domain::receipt::{Copy, Receipt};
use stage::{Scribe, matched, operation, seams, sek, terminal};
use std::time::Duration;
use terminals::Terminal;
use terminals::registry::Driver;
use terminals::service::{Report, Service};
use terminals::training::Training;
use tokio::time::Instant;

/// What a row ends in.
struct End {
    verdict: Verdict,
    reason: Option<Reason>,
    minor: Option<i64>,
    receipts: usize,
    /// Seconds it takes with steps of one second.
    seconds: u64,
}

fn approved() -> End {
    End { verdict: Verdict::Approved, reason: None, minor: None, receipts: 2, seconds: 2 }
}
fn declined(reason: Reason, receipts: usize) -> End {
    End { verdict: Verdict::Declined, reason: Some(reason), minor: None, receipts, seconds: 2 }
}

fn rows() -> Vec<(i64, End)> {
    let cancelled =
        || End { verdict: Verdict::Cancelled, receipts: 0, ..declined(Reason::CustomerCancelled, 0) };
    vec![
        (10_000, approved()),
        (10_001, declined(Reason::Refused, 2)),
        (10_002, declined(Reason::Refused, 0)),
        (10_003, End { seconds: 1, ..cancelled() }),
        (10_004, End { seconds: 3, ..declined(Reason::WrongPin, 0) }),
        (10_005, End { seconds: 11, ..declined(Reason::HostUnreachable, 2) }),
        (10_006, declined(Reason::InvalidCard, 0)),
        (10_007, declined(Reason::PaymentRestriction, 0)),
        (10_008, approved()),
        (10_009, End { minor: Some(11_009), ..approved() }),
        (10_010, approved()),
        (10_012, End { seconds: 32, ..approved() }),
        (10_013, approved()),
        (10_014, End { seconds: 300, ..cancelled() }),
        (10_017, End { receipts: 0, ..approved() }),
        (10_018, approved()),
        (10_019, End { seconds: 4, ..approved() }),
        (10_020, End { verdict: Verdict::Partial, minor: Some(5_010), ..approved() }),
        (10_099, approved()),
    ]
}

async fn perform(operation: &Operation, desk: &Scribe) -> Result<Outcome, Fault> {
    terminal().perform(operation, desk).await
}

async fn recovered(operation: &Operation, desk: &Scribe) -> Outcome {
    match terminal().recover(operation, &desk.sent()).await.unwrap() {
        Recovered::Settled(outcome) => *outcome,
        Recovered::StillRunning
        | Recovered::NeverSeen(_)
        | Recovered::CannotTell
        | Recovered::NotSeenYet
        | Recovered::SessionLost => panic!("it always knows"),
    }
}

fn assert_practice(receipts: &[Receipt]) {
    for receipt in receipts {
        let mark = "*** PRACTICE - NOT A RECEIPT ***";
        let (first, last) = (receipt.lines.first().unwrap(), receipt.lines.last().unwrap());
        assert_eq!((first.trim(), last), (mark, first));
        let between = receipt.lines[1..receipt.lines.len() - 1].iter();
        let beside = between.map(|line| line.chars().count()).max().unwrap().saturating_sub(mark.len());
        assert_eq!(first.len() - mark.len(), beside / 2, "in the middle");
        assert!(!receipt.to_sign, "only the printed slip is signed");
        let digits = receipt.lines.iter().flat_map(|line| line.split(|c: char| !c.is_ascii_digit()));
        assert!(digits.map(str::len).max().unwrap() <= 10, "a full card number: {receipt:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_row_of_the_amount_convention() {
    for (minor, end) in rows() {
        let (operation, desk, start) = (operation(Kind::Sale, minor), Scribe::new(), Instant::now());
        let outcome = perform(&operation, &desk).await.unwrap();
        assert_eq!(start.elapsed().as_secs(), end.seconds, "{minor}");
        assert_eq!(matched(&operation, &desk, &outcome), end.verdict, "{minor}");
        assert_eq!(outcome.reason, end.reason, "{minor}");
        let expected = end.verdict.moved_money().then_some(end.minor.unwrap_or(minor));
        assert_eq!(outcome.amount.map(|money| money.minor), expected, "{minor}");
        assert_eq!(outcome.receipts.len(), end.receipts, "{minor}");
        assert_practice(&outcome.receipts);
        assert_eq!(outcome.receipts.iter().all(|receipt| receipt.readable), minor != 10_018, "{minor}");
        assert!(outcome.evidence.get("transaction_id").is_some());

        if minor != 10_008 {
            let again = recovered(&operation, &desk).await;
            assert_eq!(again, outcome, "recovery repeats {minor}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_terminal_does_and_shows() {
    let tap = ["reserve First", "show Present card", "note transaction_id", "show Authorizing"];
    let rows: &[(i64, &[&str])] = &[
        (100, &["show Approved"]),
        (101, &["show Declined"]),
        (105, &["show No connection to the bank"]),
        (106, &["show Card not accepted"]),
        (107, &["show Not payable with this card"]),
        (108, &["print merchant to sign", "show Check signature", "ask signature", "show Approved"]),
        (111, &[]),
        (120, &["show Partly approved"]),
    ];
    for (minor, rest) in rows {
        let desk = Scribe::new();
        let _ = perform(&operation(Kind::Sale, *minor), &desk).await;
        assert_eq!(desk.log(), [&tap, *rest].concat(), "{minor}");
    }
    let desk = Scribe::new();
    let _ = perform(&operation(Kind::Sale, 104), &desk).await;
    let pin = ["show Enter PIN", "flash Enter PIN *", "flash Enter PIN **", "flash Enter PIN ***"];
    let rest = ["flash Enter PIN ****", "note transaction_id", "show Authorizing", "show Wrong PIN"];
    assert_eq!(desk.log(), [&tap[..2], &pin, &rest].concat());
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_unknown_and_recovery_tells_the_approval() {
    for minor in [10_011, 10_015, 10_016] {
        let (operation, desk) = (operation(Kind::Sale, minor), Scribe::new());
        let fault = perform(&operation, &desk).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::AnswerLost));
        let outcome = recovered(&operation, &desk).await;
        assert_eq!(matched(&operation, &desk, &outcome), Verdict::Approved);
        assert_eq!(outcome.receipts.len(), 2, "the receipts are not lost with the answer");
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_perform_leaves_an_outcome_that_recovery_tells() {
    // The signature's answer is the cashier's, and a busy terminal has not started: tested on their own.
    for (minor, end) in rows().into_iter().filter(|(minor, _)| ![10_008, 10_019].contains(minor)) {
        let (operation, desk) = (operation(Kind::Sale, minor), Scribe::new());
        let cut = tokio::time::timeout(Duration::from_millis(1), perform(&operation, &desk)).await;
        assert!(cut.is_err(), "{minor} waits for its customer");
        let outcome = recovered(&operation, &desk).await;
        assert_eq!(matched(&operation, &desk, &outcome), end.verdict, "{minor}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_was_never_seen() {
    let (operation, desk) = (operation(Kind::Sale, 10_019), Scribe::with(|desk| desk.durable = 1));
    let never = Recovered::NeverSeen(Fence::SameSession);
    assert_eq!(terminal().recover(&operation, &[]).await, Ok(never.clone()));
    let fault = perform(&operation, &desk).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert!(desk.sent().iter().all(|sent| sent.not_started));
    assert_eq!(terminal().recover(&operation, &desk.sent()).await, Ok(never));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_without_a_reference() {
    let desk = Scribe::with(|desk| desk.durable = 0);
    let fault = perform(&operation(Kind::Sale, 10_000), &desk).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert_eq!(desk.log(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_busy_terminal_is_asked_again_under_new_references() {
    let (operation, desk) = (operation(Kind::Sale, 10_019), Scribe::new());
    let outcome = perform(&operation, &desk).await.unwrap();
    assert_eq!(outcome.echo.reference.unwrap().0, "3");
    let twice = ["reserve First", "not started 1", "show Terminal busy", "reserve Resend", "not started 2"];
    assert_eq!(desk.log()[..5], twice);
    assert_eq!(desk.log()[5..7], ["show Terminal busy", "reserve Resend"]);
}

async fn with_abort(minor: i64, after_ms: u64) -> (Result<Outcome, Fault>, Scribe, Duration) {
    let (operation, desk, terminal) = (operation(Kind::Sale, minor), Scribe::new(), terminal());
    let start = Instant::now();
    let asked = async {
        tokio::time::sleep(Duration::from_millis(after_ms)).await;
        terminal.abort(operation.id).await.unwrap();
    };
    let (result, ()) = tokio::join!(terminal.perform(&operation, &desk), asked);
    (result, desk, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn an_abort_ends_the_wait_for_the_customer_and_nothing_later() {
    // (amount, asked after, cancelled)
    let rows = [
        (10_000, 0, true),
        (10_000, 500, true),
        (10_000, 1_500, false),
        (10_001, 500, true),
        (10_004, 1_500, true),
        (10_009, 500, true),
        (10_011, 500, true),
        (10_012, 20_000, false),
        (10_013, 500, false),
        (10_014, 90_000, true),
        (10_020, 500, true),
    ];
    for (minor, after_ms, cancelled) in rows {
        let (result, desk, took) = with_abort(minor, after_ms).await;
        let outcome = result.unwrap();
        let operation = operation(Kind::Sale, minor);
        assert_eq!(
            matched(&operation, &desk, &outcome) == Verdict::Cancelled,
            cancelled,
            "{minor} {after_ms}"
        );
        assert_eq!(outcome.reason == Some(Reason::Aborted), cancelled, "{minor} {after_ms}");
        if cancelled {
            assert_eq!(took, Duration::from_millis(after_ms), "at once");
            assert_eq!(desk.shown().last().unwrap(), "Cancelled");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_abort_while_busy_is_refused_as_not_started() {
    let (result, desk, _) = with_abort(10_019, 500).await;
    let fault = result.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Aborted));
    assert!(desk.sent().iter().all(|sent| sent.not_started));
}

#[tokio::test(start_paused = true)]
async fn an_abort_of_another_operation_changes_nothing() {
    let (terminal, desk) = (terminal(), Scribe::new());
    terminal.abort(operation(Kind::Sale, 55).id).await.unwrap();
    let outcome = terminal.perform(&operation(Kind::Sale, 10_000), &desk).await.unwrap();
    assert_eq!(outcome.amount, Some(sek(10_000)));
}

#[tokio::test(start_paused = true)]
async fn the_cashier_checks_the_signature() {
    let rows = [
        (Answer::Yes, Verdict::Approved, None),
        (Answer::No, Verdict::Declined, Some(Reason::SignatureRefused)),
        (Answer::NoDialogue, Verdict::Declined, Some(Reason::Refused)),
    ];
    for (answer, verdict, reason) in rows {
        let (operation, desk) = (operation(Kind::Sale, 10_008), Scribe::with(|desk| desk.answer = answer));
        let outcome = perform(&operation, &desk).await.unwrap();
        assert_eq!((matched(&operation, &desk, &outcome), outcome.reason.clone()), (verdict, reason));
        assert_practice(&outcome.receipts);
    }
    let (operation, desk) = (operation(Kind::Sale, 10_008), Scribe::with(|desk| desk.paper = false));
    perform(&operation, &desk).await.unwrap();
    assert!(desk.shown().contains(&"No paper: sign the copy on the screen".to_owned()));
    let outcome = recovered(&operation, &desk).await;
    assert_eq!(matched(&operation, &desk, &outcome), Verdict::Declined, "nobody was there to check it");
}

#[tokio::test(start_paused = true)]
async fn parts_of_the_amount_are_told() {
    let tip = perform(&operation(Kind::Sale, 10_009), &Scribe::new()).await.unwrap();
    assert_eq!(tip.tip, Some(sek(1_000)));
    let cash = |minor| Operation { cash_back: sek(8_000), ..operation(Kind::Sale, minor) };
    let (desk, operation) = (Scribe::new(), cash(10_000));
    let outcome = perform(&operation, &desk).await.unwrap();
    assert_eq!(outcome.cash_back, Some(sek(8_000)));
    assert!(outcome.receipts[0].text().contains("Cash paid out: 80.00 SEK"));
    let (desk, operation) = (Scribe::new(), cash(10_020));
    let outcome = perform(&operation, &desk).await.unwrap();
    assert_eq!(matched(&operation, &desk, &outcome), Verdict::Partial);
    assert_eq!(outcome.cash_back, None);
}

#[tokio::test(start_paused = true)]
async fn money_back_follows_the_convention_where_it_makes_sense() {
    // (kind, amount, verdict)
    let rows = [
        (Kind::Refund, 10_000, Verdict::Approved),
        (Kind::Refund, 10_001, Verdict::Declined),
        (Kind::Refund, 10_003, Verdict::Cancelled),
        (Kind::Refund, 10_009, Verdict::Approved),
        (Kind::Refund, 10_020, Verdict::Approved),
        (Kind::Reversal, 10_000, Verdict::Approved),
        (Kind::Reversal, 10_001, Verdict::Declined),
        (Kind::Reversal, 10_003, Verdict::Approved),
        (Kind::Reversal, 10_008, Verdict::Approved),
        (Kind::Reversal, 10_014, Verdict::Approved),
        (Kind::Reversal, 10_020, Verdict::Approved),
    ];
    for (kind, minor, verdict) in rows {
        let (operation, desk) = (operation(kind, minor), Scribe::new());
        let outcome = perform(&operation, &desk).await.unwrap();
        assert_eq!(matched(&operation, &desk, &outcome), verdict, "{kind:?} {minor}");
        assert!(outcome.amount.is_none_or(|amount| amount == sek(minor)), "goes back as a whole");
        assert_eq!(desk.shown().contains(&"Present card".to_owned()), kind == Kind::Refund);
        let word = if kind == Kind::Refund { "REFUND" } else { "REVERSAL" };
        assert!(outcome.receipts.iter().all(|receipt| receipt.text().contains(word)));
    }
}

#[tokio::test(start_paused = true)]
async fn both_copies_are_masked_and_hold_what_was_approved() {
    let outcome = perform(&operation(Kind::Sale, 10_009), &Scribe::new()).await.unwrap();
    let text = |copy| outcome.receipts.iter().find(|receipt| receipt.copy == copy).unwrap().text();
    assert!(text(Copy::Merchant).contains("541333******0014"));
    assert!(text(Copy::Customer).contains("************0014"));
    assert!(!text(Copy::Customer).contains("541333"));
    for copy in [Copy::Merchant, Copy::Customer] {
        for line in
            ["2026-03-02 12:00", "Tip: 10.00 SEK", "Total: 110.09 SEK", "APPROVED", "TRAINING TERMINAL"]
        {
            assert!(text(copy).contains(line), "{line}");
        }
    }
    let phone = perform(&operation(Kind::Sale, 10_010), &Scribe::new()).await.unwrap();
    assert_eq!(phone.instrument.unwrap().kind, "mobile");
    assert!(phone.receipts[0].text().contains("Mobile payment"));
}

#[tokio::test(start_paused = true)]
async fn services_and_the_session() {
    let terminal = terminal();
    let identity = terminal.open().await.unwrap();
    assert_eq!(identity.software.as_deref(), Some("Training terminal"));
    let desk = Scribe::new();
    terminal.perform(&operation(Kind::Sale, 10_000), &desk).await.unwrap();
    assert_eq!(desk.sent()[0].session.as_ref(), Some(&identity.session));

    assert!(terminal.service(&Service::Diagnosis).await.is_ok());
    assert_eq!(
        terminal.service(&Service::Show { lines: vec!["Hello".into()] }).await,
        Ok(Report::default())
    );
    let question = Service::AskCustomer { question: Question::Confirm, text: "Bag?".into() };
    assert_eq!(terminal.service(&question).await.unwrap().answer, Some(Answer::NoDialogue));
    for request in [Service::Totals, Service::Reconcile] {
        let fault = terminal.service(&request).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::UnavailableService));
    }
    assert!(terminal.service(&Service::LogOut { maintenance: true }).await.is_ok());
    let desk = Scribe::new();
    terminal.perform(&operation(Kind::Sale, 10_000), &desk).await.unwrap();
    assert_eq!(desk.sent()[0].session, None);
}

#[tokio::test(start_paused = true)]
async fn without_a_pace_everything_is_there_at_once() {
    let terminal = Training::new(&toml::toml! { delay_ms = 0 }, seams()).unwrap();
    let start = Instant::now();
    for minor in [10_000, 10_004, 10_005, 10_012, 10_019] {
        terminal.perform(&operation(Kind::Sale, minor), &Scribe::new()).await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[test]
fn the_settings_are_checked() {
    let driver = Driver::named("training").unwrap();
    assert!(driver.practice_only && terminal().capabilities().practice_only);
    let profiled = driver.check(&toml::Table::new()).unwrap();
    assert!(profiled.loopback && !profiled.needs_listener);
    for (settings, key) in [
        (toml::toml! { delay_ms = -1 }, "delay_ms"),
        (toml::toml! { delay_ms = "fast" }, "delay_ms"),
        (toml::toml! { url = "http://x" }, "url"),
    ] {
        assert_eq!(driver.check(&settings).unwrap_err().key, key);
    }
}
