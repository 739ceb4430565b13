//! A gateway that repeats the customer's code: whatever it repeats it in, nothing that the driver hands on
//! holds it. On virtual time.

use super::stage::{CODE, Stage, created, naming, sale, sent, stage, staged};
use domain::operation::Step;
use domain::outcome::{Certainty, Reason};
use domain::wallet::recognise;
use std::fmt::Debug;
use terminals::Terminal;

const EMV: &str = "hQVDUFYwMWEaTwegAAADMwEB";

/// Neither the whole code nor more of it than is ever shown.
fn holds_nothing(of: &impl Debug, code: &str) {
    let text = format!("{of:?}");
    assert!(!text.contains(&code[..5]), "{text}");
    assert!(!text.contains(&code[code.len() - 5..]), "{text}");
}

fn repeating(code: &str, digits: &str, before: usize) -> String {
    let words = format!("{} paymentBarcode={code} is bad", "x".repeat(before));
    format!("{{\"ret_code\":\"{digits}\",\"ret_msg\":\"{words}\"}}")
}

fn prepaying(code: &str) -> Stage {
    let stage = staged("pay_path = \"prepay\"\n");
    *stage.desk.code.lock().unwrap() = recognise(code).payment();
    stage.far.says("add", &naming("{reference}", "18.50", "init"));
    stage
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_looks_whether_a_charge_began_may_repeat_it() {
    for (code, digits) in [(CODE, "000080"), (CODE, "000777"), (EMV, "000777"), (CODE, CODE)] {
        // Also where the text is cut to its longest length within the code.
        for before in [0, 262, 265, 272, 276] {
            let stage = prepaying(code);
            stage.far.says("prepay", "{\"ret_code\":\"000023\",\"ret_msg\":\"\"}");
            stage.far.says("tran-query", &repeating(code, digits, before));
            let fault = stage.pay().await.unwrap_err();
            assert_eq!(fault.certainty, Certainty::Unknown);
            assert!(before > 200 || fault.detail.contains("paymentBarcode="), "{}", fault.detail);
            holds_nothing(&fault, code);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answers_after_a_cancel_may_repeat_it() {
    for code in [CODE, EMV] {
        let stage = prepaying(code);
        stage.far.says("prepay", &repeating(code, "000080", 0));
        stage.far.says("cancel", &repeating(code, "000080", 0));
        stage.far.says("tran-query", &repeating(code, "000080", 0));
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason.clone()), (Certainty::Unknown, Reason::HostUnreachable));
        assert!(fault.detail.contains("paymentBarcode="), "{}", fault.detail);
        holds_nothing(&fault, code);
        holds_nothing(&stage.far.lines(), code);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_that_is_asked_for_may_repeat_it() {
    for code in [CODE, EMV] {
        let stage = stage();
        stage.far.says("tran-query", &repeating(code, "000777", 0));
        let asked = [sent("ref2", Step::First), sent("ref1", Step::Prepare)];
        let fault = stage.driver.recover(&sale(), &asked).await.unwrap_err();
        assert!(fault.detail.contains("paymentBarcode="), "{}", fault.detail);
        holds_nothing(&fault, code);
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_of_a_paid_code_may_repeat_it_in_whatever_is_no_name() {
    let paid = naming("ref1", "18.50", "success");
    for (from, to) in [
        ("\"vendor\":\"alipay\"", format!("\"vendor\":\"alipay {CODE}\"")),
        ("\"paymentTime\":\"2026-03-14 09:30:10\"", format!("\"paymentTime\":\"{CODE}\"")),
        ("\"settleCurrency\":\"USD\"", format!("\"settleCurrency\":\"{CODE}\"")),
        ("\"currency\":\"USD\"", format!("\"currency\":\"{CODE}\"")),
    ] {
        assert!(paid.contains(from), "{from}");
        let stage = created();
        stage.far.says("pay", &paid.replace(from, &to));
        let outcome = stage.pay().await.unwrap();
        holds_nothing(&outcome, CODE);
    }
}
