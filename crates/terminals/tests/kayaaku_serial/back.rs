//! Money back: voids, refunds, settlements.

use crate::stage::{Stage, back, bytes, stage};
use domain::operation::{Kind, Operation};
use domain::outcome::{Certainty, Outcome, Reason, Said};
use terminals::Terminal;
use terminals::service::Service;
use wire::kayaaku::Code;
use wire::kayaaku::serial::{Message, Settled};

fn void() -> Operation {
    back(Kind::Reversal, 1850, "01")
}

fn refund() -> Operation {
    back(Kind::Refund, 700, "04")
}

/// The next void or refund is answered by this code.
fn says(stage: &Stage, code: &str) {
    let code = Code::of(code);
    let again = code.clone();
    stage.far.plays("0015", move |asked| {
        let Message::Void { mrn, approval, .. } = asked else { panic!("{asked:?}") };
        assert_eq!((mrn.as_str(), approval.as_str()), ("orig1", "484684"));
        let done =
            Message::Voided { result: code.clone(), mrn: mrn.clone(), approval: "000111".to_owned() };
        vec![(10, Some(bytes(&done)))]
    });
    stage.far.plays("0021", move |asked| {
        let Message::Refund { mrn, original, amount, .. } = asked else { panic!("{asked:?}") };
        assert_eq!((mrn.as_str(), original.as_str(), *amount), ("ref1", "orig1", 700));
        let done =
            Message::Refunded { result: again.clone(), mrn: mrn.clone(), approval: "000222".to_owned() };
        vec![(10, Some(bytes(&done)))]
    });
}

fn told(outcome: &Outcome) -> (Said, Option<i64>, &str) {
    let reference = outcome.echo.reference.as_ref().map_or("", |it| it.0.as_str());
    (outcome.said, outcome.amount.map(|it| it.minor), reference)
}

#[tokio::test(start_paused = true)]
async fn done_at_once() {
    for (operation, minor) in [(void(), 1850), (refund(), 700)] {
        let stage = stage();
        says(&stage, "00");
        let outcome = stage.perform(&operation).await.unwrap();
        assert_eq!(told(&outcome), (Said::Approved, Some(minor), "ref1"), "{:?}", operation.kind);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_other_request_is_for_is_told() {
    let stage = stage();
    let fault = stage.perform(&back(Kind::Reversal, 1850, "04")).await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::UseRefund));
    let fault = stage.perform(&back(Kind::Refund, 1850, "01")).await.unwrap_err();
    assert_eq!(fault.reason, Reason::UseVoid);
    let fault = stage.perform(&back(Kind::Refund, 700, "01")).await.unwrap_err();
    assert_eq!(fault.reason, Reason::GoesAnotherWay);
    assert!(stage.far.lines().is_empty(), "nothing is sent for it");
}

#[tokio::test(start_paused = true)]
async fn a_void_in_the_wrong_state_is_looked_into() {
    for (state, reason) in
        [("50", Reason::AlreadyDone), ("00", Reason::GoesAnotherWay), ("49", Reason::NotFound)]
    {
        let stage = stage();
        says(&stage, "50");
        stage.far.finds(state);
        let fault = stage.perform(&void()).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, reason), "{state}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_void_without_an_answer_is_looked_after_and_sent_again() {
    let stage = stage();
    stage.far.never_answers("0015");
    stage.far.finds("00");
    let fault = stage.perform(&void()).await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown);
    assert_eq!((stage.far.count("reserve First"), stage.far.count("reserve Resend")), (1, 1));
    let stage = self::stage();
    stage.far.never_answers("0015");
    stage.far.finds("50");
    assert_eq!(told(&stage.perform(&void()).await.unwrap()), (Said::Approved, Some(1850), "ref1"));
    assert_eq!(stage.far.count("reserve Resend"), 0);
}

/// What refuses a copy of a void is about a void that was done.
#[tokio::test(start_paused = true)]
async fn wrong_state_to_a_copy_of_a_void_is_looked_after() {
    let stage = stage();
    stage.far.never_answers("0015");
    says(&stage, "50");
    stage.far.finds("50");
    assert_eq!(stage.perform(&void()).await.unwrap().said, Said::Approved);
}

#[tokio::test(start_paused = true)]
async fn a_refund_without_an_answer_is_looked_for_and_never_made_twice() {
    let stage = stage();
    stage.far.never_answers("0021");
    stage.far.finds("49");
    stage.far.finds("00");
    let outcome = stage.perform(&refund()).await.unwrap();
    assert_eq!((outcome.said, outcome.echo.reference.unwrap().0.as_str()), (Said::Approved, "ref1"));
    assert_eq!(stage.far.count("reserve"), 1);
}

#[tokio::test(start_paused = true)]
async fn refused_refunds() {
    for (code, certainty, reason) in [
        ("59", Certainty::Refused, "refused"),
        ("51", Certainty::Refused, "refused"),
        ("30", Certainty::Refused, "message_format"),
        ("78", Certainty::Unknown, "reference_in_use"),
    ] {
        let stage = stage();
        says(&stage, code);
        stage.far.finds("49");
        let fault = stage.perform(&refund()).await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason.code()), (certainty, reason), "{code}");
    }
}

/// More than is left of the payment: so says a device, too, that got the refund twice and tells of the
/// second one.
#[tokio::test(start_paused = true)]
async fn nothing_left_to_refund_is_no_refusal_where_the_device_knows_the_refund() {
    let stage = stage();
    says(&stage, "59");
    stage.far.finds("00");
    assert_eq!(stage.perform(&refund()).await.unwrap().said, Said::Approved);
    assert_eq!(stage.far.count("reserve"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_payment_without_an_approval_goes_another_way() {
    let stage = stage();
    let mut operation = void();
    operation.original.as_mut().unwrap().evidence.0.remove("AuthIdResp");
    assert_eq!(stage.perform(&operation).await.unwrap_err().reason, Reason::GoesAnotherWay);
    operation.original = None;
    assert_eq!(stage.perform(&operation).await.unwrap_err().reason, Reason::GoesAnotherWay);
}

#[tokio::test(start_paused = true)]
async fn a_settlement_tells_its_totals() {
    let stage = stage();
    stage.far.plays("0019", |_| {
        let settled = Message::Settled(Settled {
            result: Code::of("00"),
            batch: 7,
            sales: 3,
            sales_amount: 12_345,
            voids: 1,
            voids_amount: 500,
        });
        vec![(20_000, Some(bytes(&settled)))]
    });
    let report = stage.driver.service(&Service::Reconcile).await.unwrap();
    let values: Vec<_> = report.lines.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(values, ["7", "3", "123.45 MYR", "1", "5.00 MYR"]);
    let fault = stage.driver.service(&Service::Totals).await.unwrap_err();
    assert_eq!(fault.reason, Reason::UnavailableService);
    let device = stage.driver.service(&Service::Diagnosis).await.unwrap();
    assert_eq!(device.lines[0].1, "KP0001");
}
