//! Sales: what each class of codes says in the acceptance and in the result, waiting, cancelling, and what
//! a device says twice or about something else.

use crate::stage::{Stage, back, bytes, myr, result, sale, sent, stage, staged, told};
use domain::ids::{OperationId, Reference, Seed};
use domain::operation::{Kind, Method, Step};
use domain::outcome::{Certainty, Fault, Outcome, Reason, Said};
use domain::prompt::Answer;
use std::sync::atomic::Ordering;
use terminals::Terminal;
use terminals::notice::Notice;
use wire::kayaaku::Code;
use wire::kayaaku::serial::Message;

fn approved(outcome: &Outcome) -> (Said, Option<i64>, Option<&str>) {
    let reference = outcome.echo.reference.as_ref().map(|it| it.0.as_str());
    (outcome.said, outcome.amount.map(|amount| amount.minor), reference)
}

#[tokio::test(start_paused = true)]
async fn approved_from_the_link_test_to_the_reply() {
    let stage = stage();
    stage.far.pays("00", Some((2, "00")));
    let outcome = stage.pay().await.unwrap();
    assert_eq!(approved(&outcome), (Said::Approved, Some(1850), Some("ref1")));
    assert!(outcome.echo.same_terminal);
    assert_eq!(outcome.evidence.get("AuthIdResp"), Some("484684"));
    assert_eq!(outcome.evidence.get("TxnID"), Some("ref1"));
    let lines: Vec<_> = stage.far.lines().into_iter().filter(|it| !it.starts_with("show")).collect();
    assert_eq!(lines, ["open", "0001", "reserve First ref1", "0011", "0026"]);
    let shown = stage.far.lines().into_iter().find(|it| it.starts_with("show")).unwrap();
    for word in ["at its back", "at the side", "at the top", "NEXT"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
}

/// Section 9 in an acceptance: code, certainty and reason, or what the payment became.
#[tokio::test(start_paused = true)]
async fn what_each_class_says_in_the_acceptance() {
    for (code, certainty, reason) in [
        ("22", Certainty::Refused, "unavailable_service"),
        ("64", Certainty::Refused, "message_format"),
        ("50", Certainty::Refused, "message_format"),
        ("78", Certainty::Unknown, "reference_in_use"),
    ] {
        let stage = stage();
        stage.far.pays(code, None);
        let Fault { certainty: found, reason: why, .. } = stage.pay().await.unwrap_err();
        assert_eq!((found, why.code()), (certainty, reason), "{code}");
    }
    for (code, certainty) in [("19", Certainty::Refused), ("17", Certainty::Refused)] {
        let stage = stage();
        stage.far.pays(code, None);
        assert_eq!(stage.pay().await.unwrap_err().certainty, certainty, "{code}");
    }
    for code in ["63", "60", "KA024", "KA023", "KA026", "KA777", "65", "42"] {
        let stage = stage();
        stage.far.pays(code, None);
        stage.far.finds("00");
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{code} is asked about");
        assert!(stage.far.elapsed_s() >= 30);
    }
}

/// Section 9 in a result: what the payment became, or that it is asked about.
#[tokio::test(start_paused = true)]
async fn what_each_class_says_in_the_result() {
    for (code, said, reason) in [
        ("00", Said::Approved, None),
        ("51", Said::Declined, Some("refused")),
        ("KA004", Said::Declined, Some("refused")),
        ("KA010", Said::Declined, Some("invalid_card")),
        ("52", Said::Declined, Some("host_unreachable")),
        ("KA005", Said::Cancelled, Some("customer_cancelled")),
        ("KA009", Said::Declined, Some("device_out")),
        ("17", Said::Declined, Some("device_out")),
    ] {
        let stage = stage();
        stage.far.pays("00", Some((1, code)));
        let outcome = stage.pay().await.unwrap();
        assert_eq!((outcome.said, outcome.reason.as_ref().map(Reason::code)), (said, reason), "{code}");
    }
    for code in ["63", "KA023", "KA099", "KA777", "99", "KA022", "78", "50"] {
        let stage = stage();
        stage.far.pays("00", Some((1, code)));
        stage.far.finds("63");
        stage.far.finds("00");
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{code} is asked about");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_reads_a_code_without_words() {
    for code in ["63", "KA025", "KA777"] {
        let stage = stage();
        stage.far.pays(code, None);
        stage.far.finds("00");
        let outcome = stage.pay().await.unwrap();
        assert_eq!(outcome.detail, None, "an approval speaks for itself");
        let shown = stage.far.lines().into_iter().find(|it| it.contains(code)).unwrap();
        assert!(
            shown.contains(&format!(", code {code})")) && !shown.contains(&format!("({code}")),
            "{shown}"
        );
    }
}

/// A code that no table lists never becomes a decline.
#[tokio::test(start_paused = true)]
async fn a_code_that_is_not_in_the_table_is_unknown() {
    let stage = stage();
    stage.far.pays("00", Some((1, "KA777")));
    stage.far.finds("KA777");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::CannotTell));
    assert!(fault.detail.contains("KA777"));
    assert_eq!(stage.far.count("0011"), 1);
}

#[tokio::test(start_paused = true)]
async fn the_cashier_is_told_what_the_device_wants() {
    for (code, word) in
        [("KA023", "Bluetooth"), ("KA026", "look at the device"), ("KA025", "internet"), ("KA023", "USB")]
    {
        let stage = stage();
        stage.far.pays(code, Some((5, "00")));
        stage.pay().await.unwrap();
        assert!(stage.far.lines().iter().any(|it| it.starts_with("show") && it.contains(word)), "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn busy_is_waited_out_under_another_number() {
    let stage = stage();
    stage.far.pays("77", None);
    stage.far.pays("00", Some((1, "00")));
    let outcome = stage.pay().await.unwrap();
    assert_eq!(approved(&outcome), (Said::Approved, Some(1850), Some("ref2")));
    assert_eq!(stage.far.count("not_started ref1"), 1);
}

#[tokio::test(start_paused = true)]
async fn busy_without_end_was_never_begun() {
    let stage = stage();
    stage.far.pays("KA022", None);
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Busy));
    assert_eq!(stage.far.count("0011"), stage.far.count("not_started"));
}

/// A copy that is answered by "busy", "exists" or a refusal is no proof: the first one may have begun.
#[tokio::test(start_paused = true)]
async fn what_refuses_a_copy_is_asked_about() {
    for code in ["77", "78", "22", "19", "51", "KA005"] {
        let stage = stage();
        stage.far.never_answers("0011");
        stage.far.pays(code, None);
        stage.far.finds("00");
        let outcome = stage.pay().await.unwrap();
        assert_eq!(approved(&outcome), (Said::Approved, Some(1850), Some("ref1")), "{code}");
        assert_eq!((stage.far.count("0011"), stage.far.count("reserve")), (2, 1), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_without_an_acceptance_counts() {
    let stage = stage();
    stage.far.plays("0011", |asked| vec![(500, Some(told("00", asked.mrn().unwrap())))]);
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert_eq!(stage.far.count("0011"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_acceptance_is_no_approval() {
    let stage = staged("answer_ms = 60000");
    stage.far.pays("00", None);
    stage.far.finds("KA024");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::DeadlinePassed));
    assert!((59..=61).contains(&stage.far.elapsed_s()));
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_next_does_not_hold_the_till() {
    let stage = stage();
    stage.far.pays("00", None);
    stage.far.finds("KA024");
    stage.far.finds("00");
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert!((35..=36).contains(&stage.far.elapsed_s()), "{}", stage.far.elapsed_s());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_answers_twice_is_heard_once() {
    let stage = stage();
    stage.far.plays("0011", |asked| {
        let mrn = asked.mrn().unwrap().to_owned();
        let started = bytes(&Message::Started { result: Code::of("00"), mrn: mrn.clone() });
        let twice = |bytes: &[u8]| (10, Some([bytes, bytes].concat()));
        vec![twice(&started), twice(&told("00", &mrn))]
    });
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    stage.far.sends(told("00", "ref1")).await;
    assert_eq!(stage.far.count("0026"), 3, "every copy is answered");
    assert!(stage.notices().is_empty(), "and told once: {:?}", stage.notices());
}

#[tokio::test(start_paused = true)]
async fn a_result_for_another_payment_is_not_taken() {
    let stage = staged("answer_ms = 20000");
    stage.far.plays("0011", |asked| {
        let started = Message::Started { result: Code::of("00"), mrn: asked.mrn().unwrap().to_owned() };
        vec![(10, Some(bytes(&started))), (10, Some(told("00", "somebody-else")))]
    });
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::DeadlinePassed));
    let notices = stage.notices();
    let [Notice::Outcome(outcome)] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!(outcome.echo.reference, Some(Reference("somebody-else".into())));
    assert_eq!(outcome.amount, Some(myr(1850)));
}

/// It reaches the comparison as it is, which refuses it.
#[tokio::test(start_paused = true)]
async fn a_result_of_another_amount_or_merchant_is_told_as_it_is() {
    let stage = stage();
    stage.far.plays("0011", |asked| {
        let other = Message::Result(result("00", asked.mrn().unwrap(), 1950));
        vec![(10, Some(bytes(&other)))]
    });
    assert_eq!(stage.pay().await.unwrap().amount, Some(myr(1950)));
    let stage = self::stage();
    stage.far.plays("0011", |asked| {
        let mut other = result("00", asked.mrn().unwrap(), 1850);
        other.mid = "77".to_owned();
        vec![(10, Some(bytes(&Message::Result(other))))]
    });
    assert!(!stage.pay().await.unwrap().echo.same_terminal);
}

/// Somebody took it back at the device: that is no approval.
#[tokio::test(start_paused = true)]
async fn a_result_that_tells_of_a_void_is_no_approval() {
    let stage = stage();
    stage.far.plays("0011", |asked| {
        let mut back = result("00", asked.mrn().unwrap(), 1850);
        back.kind = "VOD".to_owned();
        vec![(10, Some(bytes(&Message::Result(back))))]
    });
    stage.far.finds("50");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::CannotTell));
}

#[tokio::test(start_paused = true)]
async fn cancelling_reaches_the_device_and_its_result_counts() {
    let stage = stage();
    stage.far.pays("00", None);
    stage.far.plays("0017", |asked| {
        let aborted = Message::Aborted { result: Code::of("00") };
        vec![(10, Some(bytes(&aborted))), (500, Some(told("KA005", asked.mrn().unwrap())))]
    });
    let paying = stage.start();
    stage.far.until("0011").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    stage.driver.abort(sale().id).await.unwrap();
    let outcome = paying.await.unwrap().unwrap();
    assert_eq!((outcome.said, outcome.reason), (Said::Cancelled, Some(Reason::Aborted)));
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_is_approved_while_it_is_cancelled_is_paid() {
    let stage = stage();
    stage.far.pays("00", Some((3, "00")));
    stage.far.plays("0017", |_| vec![(10, Some(bytes(&Message::Aborted { result: Code::of("50") })))]);
    let paying = stage.start();
    stage.far.until("0011").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let fault = stage.driver.abort(sale().id).await.unwrap_err();
    assert!(fault.detail.contains("press Cancel"), "{fault:?}");
    assert_eq!(paying.await.unwrap().unwrap().said, Said::Approved);
}

#[tokio::test(start_paused = true)]
async fn cancelled_before_it_left_was_never_sent() {
    let stage = staged("payment_type = \"ask\"");
    *stage.desk.answer.lock().unwrap() = None;
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::Aborted));
    assert_eq!(stage.far.lines(), ["ask menu"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_to_disk_is_not_sent() {
    let stage = stage();
    stage.desk.durable.store(0, Ordering::SeqCst);
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::NotDurable));
    assert_eq!(stage.far.count("0011"), 0);
}

#[tokio::test(start_paused = true)]
async fn amounts_and_currencies_that_no_field_holds_are_not_sent() {
    let mut large = sale();
    large.requested = myr(1_000_000_000_000);
    let mut none = sale();
    none.requested = myr(0);
    for operation in [large, none] {
        let stage = stage();
        assert_eq!(stage.perform(&operation).await.unwrap_err().certainty, Certainty::NotSent);
        assert!(stage.far.lines().is_empty());
    }
}

async fn asked_method(settings: &str, wanted: Method, answer: Option<Answer>) -> Option<String> {
    let stage = staged(settings);
    *stage.desk.answer.lock().unwrap() = answer;
    let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
    let heard = std::sync::Arc::clone(&seen);
    stage.far.plays("0011", move |asked| {
        let Message::Start(start) = asked else { panic!("{asked:?}") };
        *heard.lock().unwrap() = Some(start.method.as_str().to_owned());
        vec![(10, Some(told("00", &start.mrn)))]
    });
    let mut operation = sale();
    operation.method = wanted;
    let _ = stage.perform(&operation).await;
    seen.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn how_the_customer_pays_is_chosen_by_settings_sale_or_cashier() {
    for (settings, wanted, answer, method) in [
        ("", Method::Any, None, Some("00")),
        ("", Method::Card, None, Some("01")),
        ("payment_type = \"08\"", Method::Any, None, Some("08")),
        ("payment_type = \"08\"", Method::Card, None, None),
        ("payment_type = \"01\"", Method::Qr, None, None),
        ("payment_type = \"ask\"", Method::Any, Some(Answer::Chosen(3)), Some("04")),
        ("payment_type = \"ask\"", Method::Any, Some(Answer::Chosen(9)), None),
    ] {
        let found = asked_method(settings, wanted, answer.clone()).await;
        assert_eq!(found.as_deref(), method, "{settings} {wanted:?} {answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_began_at_the_device_is_told_once_and_answered_every_time() {
    let stage = stage();
    stage.driver.open().await.unwrap();
    for _ in 0..3 {
        stage.far.sends(told("00", "DEVICE-1")).await;
    }
    assert_eq!(stage.far.count("0026"), 3);
    let notices = stage.notices();
    let [Notice::Outcome(outcome)] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!((outcome.said, outcome.amount), (Said::Approved, Some(myr(1850))));
}

#[tokio::test(start_paused = true)]
async fn a_late_result_is_told_to_the_till() {
    let stage: Stage = staged("answer_ms = 5000");
    stage.far.pays("00", Some((8, "00")));
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::Unknown);
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    let notices = stage.notices();
    let [Notice::Outcome(outcome)] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!(outcome.echo.reference, Some(Reference("ref1".into())));
}

#[tokio::test(start_paused = true)]
async fn results_that_contradict_each_other_both_reach_the_till() {
    let stage = stage();
    stage.far.plays("0011", |asked| {
        let mrn = asked.mrn().unwrap();
        vec![(10, Some([told("51", mrn), told("00", mrn)].concat()))]
    });
    assert_eq!(stage.pay().await.unwrap().said, Said::Declined);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let notices = stage.notices();
    let [Notice::Outcome(outcome)] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!(approved(outcome), (Said::Approved, Some(1850), Some("ref1")));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_nobody_follows_is_not_begun() {
    let stage = stage();
    let aborted = bytes(&Message::Aborted { result: Code::of("00") });
    stage.far.plays("0017", move |_| vec![(2_000, Some(aborted.clone()))]);
    stage.far.pays("00", Some((1, "00")));
    let paying = stage.start();
    let other = stage.clone();
    let sent = [sent("ref9", Step::First, "KP0001")];
    let calling = tokio::spawn(async move { other.driver.call_off(&sale(), &sent).await });
    stage.far.until("reserve").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!((stage.far.count("0017"), stage.far.count("0011")), (1, 0), "it waits for the line");
    paying.abort();
    calling.await.unwrap().unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    assert_eq!((stage.far.count("0017"), stage.far.count("0011")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_cancel_another_operation_reaches_no_customer() {
    let stage = stage();
    stage.far.pays("00", Some((5, "00")));
    let paying = stage.start();
    stage.far.until("0011").await;
    let other = OperationId::of(&Seed { at: sale().intended_at, random: [8; 10] });
    stage.driver.abort(other).await.unwrap();
    assert_eq!(paying.await.unwrap().unwrap().said, Said::Approved);
    assert_eq!(stage.far.count("0017"), 0);
}

#[tokio::test(start_paused = true)]
async fn two_operations_do_not_meet() {
    let stage = stage();
    stage.far.pays("00", Some((5, "00")));
    let paying = stage.start();
    stage.far.until("0011").await;
    let fault = stage.perform(&back(Kind::Reversal, 1850, "01")).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::Busy));
    assert_eq!(paying.await.unwrap().unwrap().said, Said::Approved);
}

#[tokio::test(start_paused = true)]
async fn cancelled_while_the_device_is_looked_for_or_busy() {
    let stage = stage();
    stage.far.never_answers("0001");
    let paying = stage.start();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = paying.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::NotSent, Reason::Aborted));
    assert_eq!((stage.far.elapsed_s(), stage.far.count("reserve")), (2, 0));
    let stage = self::stage();
    stage.far.pays("77", None);
    let paying = stage.start();
    stage.far.until("not_started").await;
    stage.driver.abort(sale().id).await.unwrap();
    let fault = paying.await.unwrap().unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Aborted));
    assert_eq!(stage.far.count("0011"), 1);
}
