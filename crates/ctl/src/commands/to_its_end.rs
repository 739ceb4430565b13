//! One money operation, from its intent to its end, or to the point where waiting is of no more use.

use till::api::{MomentKind, PaymentView, Problem, ProblemCode, View};
use till::seams::domain::ids::OperationId;

use crate::exit::Exit;
use crate::follow::{Follow, Step, reversal_of};
use crate::lines::Line;
use crate::out::Out;
use crate::signals::Wish;
use crate::{limits, words};

/// Where an operation stands for whoever waits for it.
enum Stand<'a> {
    /// Something goes on.
    Working,
    /// Nobody can tell whether money moved; the till enquires.
    Uncertain,
    /// It is closed, or only a person can move it on.
    Ended(&'a PaymentView),
}

/// Follows one operation; Ctrl-C asks the terminal to cancel it, and so does the system's wish to end, which
/// leaves it to the next start when its outcome does not come soon.
///
/// # Errors
/// The till is gone before anything of the operation was seen.
pub async fn to_its_end(follow: &mut Follow, id: OperationId) -> Result<PaymentView, Problem> {
    follow.add(id).await;
    followed_to_its_end(follow, id).await
}

/// The same for one that is followed already.
///
/// # Errors
/// As [`to_its_end`].
pub async fn followed_to_its_end(follow: &mut Follow, id: OperationId) -> Result<PaymentView, Problem> {
    let (mut until, mut end) = (None, None);
    loop {
        let view = follow.seen();
        match stand(&view, id, follow, end.is_some()) {
            Stand::Ended(payment) => return Ok(payment.clone()),
            Stand::Working => until = None,
            Stand::Uncertain => {
                let limit = follow.after(limits::UNKNOWN);
                until.get_or_insert(limit);
            }
        }
        let known = || view.payment(id).cloned();
        match follow.step(until.into_iter().chain(end).min()).await {
            Ok(Step::Changed) => {}
            Ok(Step::Wished(Wish::Cancel)) => follow.ask_to_cancel(id).await,
            Ok(Step::Wished(Wish::End)) => {
                let limit = follow.after(limits::END);
                end.get_or_insert(limit);
                follow.end_questions().await;
                if matches!(stand(&follow.seen(), id, follow, true), Stand::Working) {
                    follow.ask_to_cancel(id).await;
                }
            }
            Ok(Step::TimeUp) => {
                if let Some(payment) = follow.seen().payment(id).cloned().or_else(known) {
                    return Ok(payment);
                }
            }
            // The till is gone; what is known of the payment is all that can be said.
            Err(problem) => return known().ok_or(problem),
        }
    }
}

/// `is_ending`: the next start enquires and asks as well as this one could.
fn stand<'a>(view: &'a View, id: OperationId, follow: &Follow, is_ending: bool) -> Stand<'a> {
    let Some(payment) = view.payment(id) else { return Stand::Working };
    let is_unsaved =
        |problem: &Problem| problem.code == ProblemCode::OutcomeNotSaved && problem.operation == Some(id);
    match payment.state.as_str() {
        "closed" | "disputed" => Stand::Ended(payment),
        "unknown" | "await_signature" if is_ending => Stand::Ended(payment),
        "unknown" => Stand::Uncertain,
        "await_signature" if nobody_can_check(payment, follow) => Stand::Ended(payment),
        "reversing" => match reversal_of(view, payment).map(|reversal| reversal.state.as_str()) {
            Some("disputed") => Stand::Ended(payment),
            Some("unknown") => Stand::Uncertain,
            Some(_) | None => Stand::Working,
        },
        _ if view.problems.iter().any(is_unsaved) => Stand::Uncertain,
        _ => Stand::Working,
    }
}

/// The till's own question about a signature has no deadline: without a person it stays open for ever.
pub fn nobody_can_check(payment: &PaymentView, follow: &Follow) -> bool {
    payment.state == "await_signature" && payment.prompt.is_some() && !follow.can_be_answered(payment)
}

/// It was settled in this run of the till, perhaps at its very start.
pub fn settled_now(payment: &PaymentView) -> bool {
    payment.state == "closed"
        && payment
            .timeline
            .iter()
            .any(|moment| matches!(&moment.what, MomentKind::Step { step, .. } if step == "settled"))
}

/// Says how it ended.
pub fn report(out: Out, payment: &PaymentView, practice: bool) -> Exit {
    out.line(&Line::settled(payment, practice));
    let mark = if practice { "Practice. " } else { "" };
    out.result(&format!("{mark}{}\nPayment {}", words::settled(payment), payment.payment));
    Exit::of_outcome(&payment.outcome)
}
