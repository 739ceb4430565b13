//! Payments at the nexo terminal in both forms: every amount of the convention, signature, abort, card before amount.

mod support;

use simulator::bank::State;
use simulator::nexo::{Settings, WireReply};
use support::*;

#[tokio::test(start_paused = true)]
async fn approved_payment_reaches_the_bank() {
    let desk = Desk::open(Settings::default(), LIGHT).await;
    let answer = desk.pay("249.50").await;
    assert_eq!(said(&answer.response), "Success");
    let amounts = answer.payment_result.as_ref().unwrap().amounts_resp.clone().unwrap();
    assert_eq!(amounts.authorized_amount.unwrap().to_minor(2), Some(24_950));
    assert_eq!(answer.payment_receipts.len(), 2);
    assert_eq!(desk.bank.balance("SEK"), 24_950);
    assert_eq!(desk.bank.approvals_for("T1"), 1);
    assert_eq!(desk.bank.transactions()[0].state, State::Approved);
    assert!(desk.terminal.complaints().is_empty(), "{:?}", desk.terminal.complaints());
    assert!(desk.listener.story().is_empty());
    let _ = WireReply::Cut;
}
