//! Payments in generation 1: every class of codes, the forgotten NEXT, answers about something else.

use super::stage::{Stage, myr, sale, stage, staged};
use domain::operation::{Method, Operation};
use domain::outcome::{Certainty, Reason, Said};
use domain::prompt::Answer;
use std::sync::atomic::Ordering;
use terminals::Terminal;
use terminals::notice::Notice;

#[tokio::test(start_paused = true)]
async fn an_approved_payment_is_asked_for_once_under_its_own_id() {
    let stage = stage();
    let more = [("HTR", "HTR-9"), ("PmtType", "01"), ("MaskedPAN", "445565XXX1234"), ("AmtTxn", "1850")];
    stage.far.says_with("pay", "00", &more);
    let paid = stage.pay().await.unwrap();
    assert_eq!((paid.said, paid.amount), (Said::Approved, Some(myr(1850))));
    assert_eq!(paid.echo.reference.unwrap().0, "ref1");
    assert_eq!((paid.evidence.get("HTR"), paid.evidence.get("TxnID")), (Some("HTR-9"), Some("ref1")));
    let instrument = paid.instrument.unwrap();
    assert_eq!((instrument.kind.as_str(), instrument.number.as_deref()), ("card", Some("445565XXX1234")));
    let asked = stage.far.asked("pay");
    let of = |name: &str| asked.get(name).map(String::as_str);
    assert_eq!((of("TxnID"), of("AmtTxn"), of("CrcyTxn")), (Some("ref1"), Some("1850"), Some("458")));
    assert_eq!((of("PmtType"), of("CallerDeviceType"), of("MsgVer")), (Some("00"), Some("04"), Some("1")));
    assert_eq!((of("LocalTxnDTTime"), of("DeviceSN")), (Some("20260314093000"), Some("KP0001")));
    assert!(of("sequenceNo").unwrap().starts_with("34200"), "09:30:00");
    assert_eq!(of("sequenceNo").unwrap().len(), 16);
    let lines: Vec<_> = stage.far.lines().into_iter().filter(|line| !line.starts_with("show")).collect();
    assert_eq!(lines, ["reserve First ref1", "pay"]);
}

#[tokio::test(start_paused = true)]
async fn every_final_code_ends_the_sale() {
    let rows = [
        ("00", Said::Approved, None),
        ("51", Said::Declined, Some(Reason::Refused)),
        ("52", Said::Declined, Some(Reason::HostUnreachable)),
        ("76", Said::Declined, Some(Reason::Refused)),
        ("KA001", Said::Declined, Some(Reason::InvalidCard)),
        ("KA004", Said::Declined, Some(Reason::Refused)),
        ("KA020", Said::Declined, Some(Reason::CustomerCancelled)),
        ("KA003", Said::Cancelled, Some(Reason::CustomerCancelled)),
        ("KA005", Said::Cancelled, Some(Reason::CustomerCancelled)),
        ("KP051", Said::Declined, Some(Reason::Refused)),
    ];
    for (code, said, reason) in rows {
        let stage = stage();
        stage.far.says("pay", code);
        let paid = stage.pay().await.unwrap();
        assert_eq!((paid.said, paid.reason), (said, reason), "{code}");
        assert_eq!(stage.far.count("enquire"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_the_sale_not_charged() {
    let rows = [
        ("22", Reason::UnavailableService),
        ("34", Reason::UnavailableService),
        ("64", Reason::MessageFormat),
        ("49", Reason::MessageFormat),
        ("50", Reason::MessageFormat),
        ("KA009", Reason::MessageFormat),
        ("41", Reason::LoginRefused),
        ("79", Reason::LoginRefused),
        ("90", Reason::LoginRefused),
        ("17", Reason::NotLoggedIn),
        ("18", Reason::NotLoggedIn),
    ];
    for (code, reason) in rows {
        let stage = stage();
        stage.far.says("pay", code);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, reason), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_reads_a_code_without_words() {
    for (more, words) in [
        (vec![], "no final word yet, code 63"),
        (vec![("RespDesc", "see the device")], "see the device, code 63"),
    ] {
        let stage = stage();
        stage.far.says_with("pay", "63", &more);
        stage.far.says("enquire", "00");
        assert_eq!(stage.pay().await.unwrap().detail, None, "an approval speaks for itself");
        let shown = stage.far.lines().into_iter().find(|it| it.contains("63")).unwrap();
        assert!(shown.contains(words), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_that_exists_on_a_first_send_is_never_adopted() {
    for code in ["78", "KP078"] {
        let stage = stage();
        stage.far.says("pay", code);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::ReferenceInUse), "{code}");
        assert_eq!(stage.far.count("pay"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_tells_nothing_is_asked_about_and_never_declined() {
    for code in [
        "42", "45", "47", "60", "63", "75", "92", "KA023", "KA024", "KA026", "KA099", "AR001", "99",
        "KA014",
    ] {
        let asked = stage();
        asked.far.says("pay", code);
        asked.far.says("enquire", "63");
        asked.far.says("enquire", "00");
        assert_eq!(asked.pay().await.unwrap().said, Said::Approved, "{code}");
        let stage = stage();
        stage.far.says("pay", code);
        stage.far.says("enquire", code);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown, "{code}");
        assert_eq!(stage.far.count("pay"), 1, "nothing is sent twice");
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_device_is_waited_for_under_new_ids() {
    let stage = stage();
    stage.far.says("pay", "77");
    stage.far.says("pay", "KA022");
    stage.far.says("pay", "00");
    stage.far.says("enquire", "49");
    let paid = stage.pay().await.unwrap();
    assert_eq!(paid.echo.reference.unwrap().0, "ref3");
    let lines: Vec<_> = stage.far.lines().into_iter().filter(|line| !line.starts_with("show")).collect();
    let expected = [
        "reserve First ref1",
        "pay",
        "enquire",
        "not_started ref1",
        "reserve First ref2",
        "pay",
        "enquire",
        "not_started ref2",
        "reserve First ref3",
        "pay",
    ];
    assert_eq!(lines, expected);
    let stage = super::stage::stage();
    stage.far.says("pay", "77");
    stage.far.says("enquire", "49");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::Busy));
    assert!((30..40).contains(&stage.far.elapsed_s()));
}

/// A request that came twice on its way: the copy meets a device that is busy with the payment itself.
#[tokio::test(start_paused = true)]
async fn busy_is_not_believed_of_a_payment_that_the_host_knows() {
    for known in ["63", "00"] {
        let stage = stage();
        stage.far.says("pay", "77");
        stage.far.says("enquire", known);
        stage.far.says("enquire", "00");
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
        assert_eq!((stage.far.count("pay"), stage.far.count("reserve")), (1, 1));
    }
    let stage = stage();
    stage.far.says("pay", "77");
    stage.far.is_lost("enquire");
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::Unknown);
    assert_eq!(stage.far.count("pay"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_next_does_not_hold_the_till() {
    let stage = stage();
    stage.far.never_answers("pay");
    stage.far.says("enquire", "63");
    stage.far.says("enquire", "63");
    stage.far.says("enquire", "00");
    let paid = stage.pay().await.unwrap();
    assert_eq!((paid.said, paid.amount), (Said::Approved, Some(myr(1850))));
    assert_eq!(stage.far.elapsed_s(), 40, "thirty seconds, then every five");
    assert_eq!(stage.far.count("show Follow the terminal. When it shows its receipt, press NEXT"), 1);
}

#[tokio::test(start_paused = true)]
async fn no_record_beside_a_running_request_means_nothing() {
    let stage = stage();
    stage.far.says_after("pay", 100, "00", &[]);
    stage.far.says("enquire", "49");
    let paid = stage.pay().await.unwrap();
    assert_eq!((paid.said, stage.far.elapsed_s()), (Said::Approved, 100));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_contradicts_the_enquiry_reaches_a_person() {
    // Also one that agrees is told: it may have ids that an enquiry has not.
    for (late, said) in [("00", Said::Approved), ("51", Said::Declined)] {
        let stage = stage();
        stage.far.says_after("pay", 60, late, &[]);
        stage.far.says("enquire", "00");
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        let told = stage.told.0.lock().unwrap();
        assert_eq!(told.len(), 1, "{late}");
        assert!(told.iter().all(|notice| matches!(notice, Notice::Outcome(it) if it.said == said)));
    }
}

/// The other order: the answer comes while an enquiry is on its way.
#[tokio::test(start_paused = true)]
async fn an_enquiry_that_contradicts_the_answer_reaches_a_person() {
    for (record, told) in
        [("51", Some(Said::Declined)), ("49", None), ("63", None), ("00", Some(Said::Approved))]
    {
        let stage = stage();
        stage.far.says_after("pay", 31, "51", &[]);
        stage.far.says_after("enquire", 5, record, &[]);
        assert_eq!(stage.pay().await.unwrap().said, Said::Declined);
        assert_eq!(stage.far.elapsed_s(), 31);
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        let notices = stage.told.0.lock().unwrap();
        let said: Vec<_> = notices
            .iter()
            .map(|notice| match notice {
                Notice::Outcome(outcome) => Some(outcome.said),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(said, told.map(Some).into_iter().collect::<Vec<_>>(), "{record}");
    }
}

/// A payment that the host knows is not one that never began, whatever its late answer says.
#[tokio::test(start_paused = true)]
async fn no_late_refusal_is_believed_of_a_payment_that_was_found() {
    for late in ["77", "KA022", "64", "90", "17", "78"] {
        let stage = stage();
        stage.far.says_after("pay", 60, late, &[]);
        stage.far.says("enquire", "KA024");
        let fault = stage.pay().await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown, "{late}");
        assert_eq!((stage.far.count("pay"), stage.far.count("not_started")), (1, 0), "{late}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_settings_say_how_customers_pay() {
    let of = |method, more: &str| (method, format!("payment_type = \"{more}\""));
    let sent = [
        (of(Method::Any, "00"), "00"),
        (of(Method::Any, "04"), "04"),
        (of(Method::Any, "01"), "01"),
        (of(Method::Qr, "00"), "00"),
        (of(Method::Qr, "09"), "09"),
        (of(Method::Card, "00"), "01"),
        (of(Method::Card, "01"), "01"),
    ];
    for ((method, more), word) in sent {
        let stage = staged(&more);
        stage.far.says("pay", "00");
        stage.perform(&Operation { method, ..sale() }).await.unwrap();
        assert_eq!(stage.far.asked("pay")["PmtType"], word, "{method:?} {more}");
    }
    for (method, more) in [of(Method::Card, "08"), of(Method::Qr, "01")] {
        is_not_sent(&staged(&more), &Operation { method, ..sale() }).await;
    }
}

#[tokio::test(start_paused = true)]
async fn cancel_asks_for_the_button_on_the_device_and_sends_nothing() {
    let stage = stage();
    stage.far.says_after("pay", 20, "KA005", &[]);
    let running = stage.start();
    stage.far.until("pay").await;
    stage.driver.abort(sale().id).await.unwrap();
    stage.far.until("show Press Cancel on the terminal").await;
    assert_eq!(running.await.unwrap().unwrap().said, Said::Cancelled);
    assert_eq!(stage.far.requests.lock().unwrap().len(), 1);
    assert!(stage.driver.call_off(&sale(), &[]).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_cancel_is_told_at_once_while_an_enquiry_runs() {
    let told = "show Press Cancel on the terminal";
    // Beside a request that is not answered, after an answer that tells nothing, and after "busy".
    for (code, after_s, at_s) in [("-", 500, 30), ("63", 0, 5), ("77", 0, 0)] {
        let stage = stage();
        stage.far.says_after("pay", after_s, code, &[]);
        stage.far.says_after("enquire", 14, "00", &[]);
        let running = stage.start();
        stage.far.until("enquire").await;
        assert_eq!(stage.far.elapsed_s(), at_s, "{code}");
        assert_eq!(stage.far.count(told), 0, "{code}");
        stage.driver.abort(sale().id).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        assert_eq!(stage.far.count(told), 1, "{code}: before the enquiry is answered");
        assert_eq!(running.await.unwrap().unwrap().said, Said::Approved, "{code}");
        assert_eq!(
            stage.far.lines().iter().filter(|line| line.contains("Press Cancel")).count(),
            if code == "77" { 2 } else { 1 },
            "{code}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_for_another_id_or_amount_reaches_matching_as_it_is() {
    let stage = stage();
    stage.far.says_with("pay", "00", &[("TxnID", "other")]);
    assert_eq!(stage.pay().await.unwrap().echo.reference.unwrap().0, "other");
    let stage = super::stage::stage();
    stage.far.says_with("pay", "00", &[("AmtTxn", "1851")]);
    assert_eq!(stage.pay().await.unwrap().amount, Some(myr(1851)));
    let stage = super::stage::stage();
    stage.far.says_with("pay", "00", &[("AmtTxn", "18.50")]);
    assert_eq!(stage.pay().await.unwrap().amount, None, "an amount that is none matches nothing");
    let stage = super::stage::stage();
    stage.far.says_with("pay", "00", &[("CrcyTxn", "702")]);
    assert_eq!(stage.pay().await.unwrap().foreign_currency.as_deref(), Some("702"));
    for code in ["77", "22", "63"] {
        let stage = super::stage::stage();
        stage.far.says_with("pay", code, &[("TxnID", "other")]);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::Mismatch), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_is_unknown() {
    let rows = [
        (502, "<html>"),
        (200, "<html>"),
        (200, ""),
        (200, "{"),
        (200, r#"{"TxnID":"ref1","RespCd":"51"}"#),
        (200, r#"{"TxnID":"ref1","RespCd":"51","signedMessage":"AAAA"}"#),
        (204, ""),
        (302, ""),
    ];
    for (status, body) in rows {
        let stage = stage();
        stage.far.answers("pay", status, body);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!(
            (fault.certainty, fault.reason),
            (Certainty::Unknown, Reason::AnswerUnreadable),
            "{body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_key_replies_are_taken_and_a_warning_is_given() {
    let mut table = super::stage::table("");
    table.remove("peer_public_key");
    let stage = stage();
    stage.far.says("enquire", "49");
    assert_eq!(stage.driver.open().await.unwrap().warnings, Vec::<String>::new());
    let profile = terminals::kayaaku::profile::Profile::read(&table).unwrap();
    assert!(matches!(profile.speech, terminals::kayaaku::profile::Speech::Plain { host: None, .. }));
    let bare = super::stage::staged("peer_public_key = \"\"");
    bare.far.says("enquire", "49");
    let warnings = bare.driver.open().await.unwrap().warnings;
    assert!(warnings[0].contains("not verified"), "{warnings:?}");
    bare.far.answers("pay", 200, r#"{"TxnID":"ref1","RespCd":"51"}"#);
    assert_eq!(bare.pay().await.unwrap().said, Said::Declined);
}

#[tokio::test(start_paused = true)]
async fn only_what_did_not_leave_is_not_sent() {
    let stage = stage();
    stage.far.is_unreachable("pay");
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::NotSent);
    let stage = super::stage::stage();
    stage.far.is_lost("pay");
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::Unknown);
    let stage = super::stage::stage();
    stage.desk.durable.store(0, Ordering::SeqCst);
    assert_eq!(stage.pay().await.unwrap_err().reason, Reason::NotDurable);
    assert_eq!(stage.far.count("pay"), 0);
}

#[tokio::test(start_paused = true)]
async fn the_cashier_chooses_where_the_settings_say_so() {
    let rows = [
        (Method::Any, 5, "08", 1),
        (Method::Any, 2, "01", 1),
        (Method::Qr, 2, "04", 1),
        (Method::Card, 9, "01", 0),
    ];
    for (method, chosen, word, asked) in rows {
        let stage = staged("payment_type = \"ask\"");
        *stage.desk.answer.lock().unwrap() = Some(Answer::Chosen(chosen));
        stage.far.says("pay", "00");
        let operation = Operation { method, ..sale() };
        stage.perform(&operation).await.unwrap();
        assert_eq!(stage.far.asked("pay")["PmtType"], word);
        assert_eq!(stage.far.count("ask"), asked);
    }
    let stage = staged("payment_type = \"ask\"");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, stage.far.lines().len()), (Certainty::NotSent, 1));
}

async fn is_not_sent(stage: &Stage, operation: &Operation) {
    let fault = stage.perform(operation).await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::NotSent);
    assert_eq!(stage.far.requests.lock().unwrap().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_the_host_does_not_take_is_not_sent() {
    let dollars = domain::money::Money::new(1850, domain::money::Currency::parse("JPY").unwrap());
    is_not_sent(&stage(), &Operation { requested: dollars, ..sale() }).await;
    for minor in [0, -100, 1_000_000_000_000] {
        is_not_sent(&stage(), &Operation { requested: myr(minor), ..sale() }).await;
    }
    let trial = staged("amount_trial = true");
    is_not_sent(&trial, &sale()).await;
    trial.far.says("pay", "00");
    assert_eq!(
        trial.perform(&Operation { requested: myr(100), ..sale() }).await.unwrap().said,
        Said::Approved
    );
}
