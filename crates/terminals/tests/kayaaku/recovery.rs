//! Enquiries about lost answers.

use super::stage::{Stage, back, myr, reply_as, sale, second, sent, stage, staged};
use domain::operation::{Kind, Operation, Step};
use domain::outcome::{Certainty, Fence, Reason, Recovered, Said};
use std::time::Duration;
use terminals::Terminal;
use terminals::http::HttpReply;
use tokio::time::sleep;
use wire::kayaaku::keys::{EcPrivate, RsaPrivate};
use wire::kayaaku::{Code, envelope, plain};

/// Keys that the settings do not name.
const STRANGERS_RSA: &str = include_str!("../../../wire/testdata/kayaaku/host-rsa-private.pem");
const STRANGERS_EC: &str = include_str!("../../../wire/testdata/kayaaku/host-ec-private.pem");

/// Long after everything that was sent has arrived.
async fn later() {
    sleep(Duration::from_secs(200)).await;
}

async fn recover(stage: &Stage, operation: &Operation) -> Recovered {
    stage.driver.recover(operation, &[sent("ref1", Step::First)]).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_final_code_settles_it() {
    for (code, said) in [("00", Said::Approved), ("51", Said::Declined), ("KA005", Said::Cancelled)] {
        let stage = stage();
        stage.far.says("enquire", code);
        let Recovered::Settled(outcome) = recover(&stage, &sale()).await else { panic!("{code}") };
        assert_eq!((outcome.said, outcome.echo.reference.unwrap().0.as_str()), (said, "ref1"));
        assert_eq!(stage.far.asked("enquire")["TxnID"], "ref1");
    }
}

#[tokio::test(start_paused = true)]
async fn no_record_is_believed_after_three_in_a_row_and_not_early() {
    let stage = stage();
    stage.far.says("enquire", "49");
    assert_eq!(recover(&stage, &sale()).await, Recovered::NotSeenYet, "it may still arrive");
    later().await;
    let begun = stage.far.elapsed_s();
    assert_eq!(recover(&stage, &sale()).await, Recovered::NeverSeen(Fence::Enquiries(3)));
    assert_eq!((stage.far.elapsed_s() - begun, stage.far.count("enquire")), (40, 4));
}

#[tokio::test(start_paused = true)]
async fn one_record_among_them_ends_the_counting() {
    let stage = stage();
    stage.far.says("enquire", "49");
    stage.far.says("enquire", "49");
    stage.far.says("enquire", "00");
    later().await;
    assert!(matches!(recover(&stage, &sale()).await, Recovered::Settled(_)));
}

#[tokio::test(start_paused = true)]
async fn codes_that_do_not_tell_close_nothing() {
    for code in ["63", "KA024", "77", "78"] {
        let stage = stage();
        stage.far.says("enquire", code);
        later().await;
        assert_eq!(recover(&stage, &sale()).await, Recovered::StillRunning, "{code}");
    }
    for code in ["22", "41", "17", "42", "60", "90", "99", "KA014", "KA099"] {
        let stage = stage();
        stage.far.says("enquire", code);
        later().await;
        let fault = stage.driver.recover(&sale(), &[sent("ref1", Step::First)]).await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown, "{code}");
    }
    let stage = stage();
    stage.far.says("enquire", "50");
    assert_eq!(recover(&stage, &sale()).await, Recovered::CannotTell);
}

#[tokio::test(start_paused = true)]
async fn an_enquiry_that_only_succeeded_tells_nothing() {
    let stage = stage();
    stage.far.says_with("enquire", "00", &[("RespCd", "-"), ("ResultCode", "00")]);
    later().await;
    let fault = stage.driver.recover(&sale(), &[sent("ref1", Step::First)]).await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
}

#[tokio::test(start_paused = true)]
async fn an_enquiry_that_fails_or_answers_for_another_says_nothing() {
    let stage = stage();
    stage.far.is_unreachable("enquire");
    stage.far.is_lost("enquire");
    stage.far.answers("enquire", 502, "<html>");
    stage.far.says_with("enquire", "51", &[("TxnID", "other")]);
    for _ in 0..4 {
        let fault = stage.driver.recover(&sale(), &[sent("ref1", Step::First)]).await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown);
    }
    assert_eq!(stage.driver.recover(&sale(), &[]).await, Ok(Recovered::CannotTell));
}

/// Somebody who is not the host answers the enquiry: neither an approval nor a decline nor "no record" of
/// theirs is believed, in either generation.
#[tokio::test(start_paused = true)]
async fn an_enquiry_that_another_key_has_signed_says_nothing() {
    for code in ["00", "51", "49"] {
        let first = stage();
        first.far.replies("enquire", move |asked| {
            let members = [("TxnID", asked["TxnID"].clone()), ("RespCd", code.to_owned())];
            let key = RsaPrivate::from_pem(STRANGERS_RSA).unwrap();
            HttpReply::new(200, plain::signed("tst", &members, &key).unwrap().into_bytes())
        });
        let second = staged(&second());
        second.far.replies("enquire", move |asked| {
            let more = [("resultCode", Code::of(code).five())];
            let members = ["sequenceNo", "mrn"].map(|name| (name, asked[name].clone()));
            let mut reply = reply_as("0014", &[&members[..], &more].concat());
            let body = String::from_utf8(reply.body.clone()).unwrap();
            let signed = envelope::signed(body, &EcPrivate::from_pem(STRANGERS_EC).unwrap());
            reply.headers = vec![("signature".to_owned(), signed.signature)];
            reply
        });
        later().await;
        for stage in [first, second] {
            for _ in 0..3 {
                let asked = stage.driver.recover(&sale(), &[sent("ref1", Step::First)]).await;
                let fault = asked.unwrap_err();
                assert_eq!(
                    (fault.certainty, fault.reason),
                    (Certainty::Unknown, Reason::AnswerUnreadable),
                    "{code}"
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_void_is_found_by_its_original() {
    let void = back(Kind::Reversal, 1850, "01");
    let stage = stage();
    stage.far.says("enquire", "50");
    let Recovered::Settled(outcome) = recover(&stage, &void).await else { panic!() };
    assert_eq!((outcome.said, outcome.echo.reference.unwrap().0.as_str()), (Said::Approved, "ref1"));
    assert_eq!(stage.far.asked("enquire")["TxnID"], "orig1");
    let stage = super::stage::stage();
    stage.far.says("enquire", "00");
    later().await;
    // That an enquiry tells of voids is assumed: where it tells of none, a person looks.
    assert_eq!(recover(&stage, &void).await, Recovered::CannotTell);
}

/// Settings that were changed while a payment was open: another host has no record of anything.
#[tokio::test(start_paused = true)]
async fn no_record_of_another_host_proves_nothing() {
    let stage = stage();
    stage.far.says("enquire", "49");
    later().await;
    let elsewhere = super::stage::sent("ref1", Step::First);
    let elsewhere = domain::operation::Sent { session: Some("another host".into()), ..elsewhere };
    assert_eq!(stage.driver.recover(&sale(), &[elsewhere]).await, Ok(Recovered::CannotTell));
    assert_eq!(recover(&stage, &sale()).await, Recovered::NeverSeen(Fence::Enquiries(3)));
}

#[tokio::test(start_paused = true)]
async fn a_refund_is_found_by_its_own_id() {
    let refund = back(Kind::Refund, 500, "04");
    let stage = stage();
    stage.far.says_with("enquire", "00", &[("AmtTxn", "500")]);
    let sent = [sent("ref2", Step::Resend), sent("ref1", Step::First)];
    let Ok(Recovered::Settled(outcome)) = stage.driver.recover(&refund, &sent).await else { panic!() };
    assert_eq!((outcome.amount, stage.far.asked("enquire")["TxnID"].as_str()), (Some(myr(500)), "ref1"));
    // That it would be found by its id is assumed: where it is not, a person looks.
    let stage = super::stage::stage();
    stage.far.says("enquire", "49");
    later().await;
    assert_eq!(stage.driver.recover(&refund, &sent).await, Ok(Recovered::CannotTell));
}
