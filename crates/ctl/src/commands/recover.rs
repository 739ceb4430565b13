//! `recover`: sees to what is open until it is settled or the time is up.

use std::collections::BTreeSet;
use std::time::Duration;
use till::api::{PaymentView, Problem};
use till::seams::domain::ids::OperationId;

use super::Call;
use super::to_its_end::{nobody_can_check, report, settled_now};
use crate::cli::Recover;
use crate::exit::Exit;
use crate::follow::{Follow, Step};
use crate::opened::Opened;

/// Waits for open payments; the till enquires about them by itself.
///
/// # Errors
/// The folder cannot be used.
pub async fn recover(call: &Call, recover: Recover) -> anyhow::Result<Exit> {
    let mut opened = Opened::talking(call, None, recover.answer).await?;
    let ended = settle(call, &mut opened.follow, Duration::from_secs(recover.seconds)).await;
    opened.stop().await;
    Ok(ended?)
}

async fn settle(call: &Call, follow: &mut Follow, wait: Duration) -> Result<Exit, Problem> {
    let until = follow.after(wait);
    let mut reported: BTreeSet<OperationId> = BTreeSet::new();
    follow.wait_for(wait, |view| (view.sequence > 0).then_some(())).await?;
    loop {
        let view = follow.seen();
        for payment in view.each_payment().filter(|payment| is_open(payment) || settled_now(payment)) {
            follow.add(payment.payment).await;
        }
        let view = follow.seen();
        for payment in view.each_payment().filter(|payment| settled_now(payment)) {
            if reported.insert(payment.payment) {
                report(call.out, payment, view.practice);
            }
        }
        let left: Vec<&PaymentView> = view.each_payment().filter(|payment| is_open(payment)).collect();
        if left.is_empty() {
            let waits = |payment: &&PaymentView| payment.attention;
            let waiting: Vec<&PaymentView> = view.each_payment().filter(waits).collect();
            for payment in waiting.iter().filter(|payment| !settled_now(payment)) {
                report(call.out, payment, view.practice);
            }
            if reported.is_empty() && waiting.is_empty() {
                call.out.result("Nothing is open.");
            }
            // Settled, and yet in need of a person: that is not the till's to resolve.
            return Ok(if waiting.is_empty() { Exit::Done } else { Exit::Uncertain });
        }
        let goes_on = left.iter().any(|payment| !nobody_can_check(payment, follow));
        let step = if goes_on { follow.step(Some(until)).await? } else { Step::TimeUp };
        match step {
            Step::Changed => {}
            Step::Wished(_) | Step::TimeUp => {
                for payment in left {
                    report(call.out, payment, view.practice);
                }
                return Ok(Exit::Uncertain);
            }
        }
    }
}

fn is_open(payment: &PaymentView) -> bool {
    payment.state != "closed"
}
