//! What a named person decides: `decide`, `unblock`, `accept-late`.

use till::api::{Command, Problem, View};
use till::seams::domain::ids::OperationId;
use till::seams::domain::payment::Verdict;
use till::settings::Settings;

use super::Call;
use super::to_its_end::report;
use crate::cli::{Decide, Decided, OnePayment, Unblock};
use crate::exit::Exit;
use crate::follow::Follow;
use crate::lines::Line;
use crate::opened::Opened;
use crate::{fields, limits};

/// A person decides on a disputed payment.
///
/// # Errors
/// The payment is not disputed, or the folder cannot be used.
pub async fn decide(call: &Call, decide: Decide) -> anyhow::Result<Exit> {
    let payment = fields::payment("payment", &decide.payment)?;
    let verdict = match decide.verdict {
        Decided::Approved => Verdict::Approved,
        Decided::NotCharged => Verdict::NotCharged,
    };
    let Decide { person, reason, reference, .. } = decide;
    if verdict == Verdict::Approved && reference.as_ref().is_none_or(|text| text.trim().is_empty()) {
        Err(fields::wrong("reference", "is needed: what the provider calls the approved payment"))?;
    }
    let command = Command::Decide { payment, verdict, person, reason, reference };
    on_paper(call, payment, command, |view, id| view.payment(id).is_some_and(|p| p.state == "closed")).await
}

/// A late outcome counts.
///
/// # Errors
/// No late outcome waits there, or the folder cannot be used.
pub async fn accept_late(call: &Call, late: OnePayment) -> anyhow::Result<Exit> {
    let payment = fields::payment("payment", &late.payment)?;
    let command = Command::AcceptLate { payment };
    on_paper(call, payment, command, |view, id| view.payment(id).is_some_and(|p| !p.attention)).await
}

/// Writes a decision down and shows how the payment stands with it.
async fn on_paper(
    call: &Call,
    payment: OperationId,
    command: Command,
    is_done: impl Fn(&View, OperationId) -> bool,
) -> anyhow::Result<Exit> {
    let mut opened = Opened::deaf(call).await?;
    let ended = write_down(&mut opened.follow, payment, command, is_done).await;
    let view = opened.follow.seen();
    opened.stop().await;
    ended?;
    match view.payment(payment) {
        Some(payment) => {
            report(call.out, payment, view.practice);
        }
        None => call.out.result("The decision is written down."),
    }
    Ok(Exit::Done)
}

async fn write_down(
    follow: &mut Follow,
    payment: OperationId,
    command: Command,
    is_done: impl Fn(&View, OperationId) -> bool,
) -> Result<(), Problem> {
    follow.dispatch(command).await?;
    follow.wait_for(limits::STOP, |view| is_done(view, payment).then_some(())).await?;
    Ok(())
}

/// A manager lets a terminal take new money.
///
/// # Errors
/// The folder cannot be used.
pub async fn unblock(call: &Call, unblock: Unblock) -> anyhow::Result<Exit> {
    let settings = Settings::load(&call.folder)?;
    let terminal = fields::terminal(&unblock.terminal, &settings)?;
    let opened = Opened::deaf(call).await?;
    let view = opened.started.till.views().borrow().clone();
    let open = view.each_payment().filter(|payment| {
        payment.terminal == terminal && matches!(payment.state.as_str(), "unknown" | "disputed")
    });
    let payments: Vec<OperationId> = open.map(|payment| payment.payment).collect();
    let Unblock { person, reason, .. } = unblock;
    let command = Command::Unblock { terminal: terminal.clone(), person, reason };
    let accepted = opened.follow.dispatch(command).await;
    opened.stop().await;
    accepted?;
    call.out.result(&match payments.len() {
        0 => format!("Nothing blocked the terminal {terminal}."),
        count => format!("The terminal {terminal} takes new money again; still open on it: {count}."),
    });
    call.out.line(&Line::Unblocked { terminal, payments });
    Ok(Exit::Done)
}
