//! Money back: `refund`, `reverse`, `give-back`.

use till::api::{Command, PaymentView, Problem, Query, QueryReply};
use till::seams::domain::ids::{OperationId, TerminalId};
use till::settings::Settings;

use super::to_its_end::{report, to_its_end};
use super::{Call, books};
use crate::cli::{GiveBack, Refund, Reverse, YesNo};
use crate::exit::Exit;
use crate::fields;
use crate::follow::Follow;
use crate::opened::Opened;

/// Gives money back.
///
/// # Errors
/// Nothing was sent: the command line, the folder or the terminal does not allow it.
pub async fn refund(call: &Call, refund: Refund) -> anyhow::Result<Exit> {
    let settings = Settings::load(&call.folder)?;
    let terminal = fields::terminal(&refund.terminal, &settings)?;
    let amount = fields::amount("amount", &refund.amount, settings.currency)?;
    let original = refund.payment.as_deref().map(|id| fields::payment("payment", id)).transpose()?;
    let mut opened = Opened::talking(call, Some(terminal.clone()), refund.answer).await?;
    let label = refund.reference;
    let command = Command::Refund { terminal: terminal.clone(), amount, original, label, tender: None };
    let ended = give(call, &mut opened, &terminal, command).await.map(|(exit, _)| exit);
    opened.stop().await;
    Ok(ended?)
}

/// Undoes one payment.
///
/// # Errors
/// As [`refund`].
pub async fn reverse(call: &Call, reverse: Reverse) -> anyhow::Result<Exit> {
    let payment = fields::payment("payment", &reverse.payment)?;
    let command = Command::Reverse { payment, or_refund: reverse.or_refund };
    undo(call, payment, command, reverse.answer).await
}

/// Gives a late approval back.
///
/// # Errors
/// As [`refund`].
pub async fn give_back(call: &Call, back: GiveBack) -> anyhow::Result<Exit> {
    let payment = fields::payment("payment", &back.payment)?;
    undo(call, payment, Command::GiveBack { payment }, back.answer).await
}

/// Follows what undoes a payment, and the refund that the till begins where the provider wants one.
async fn undo(
    call: &Call,
    payment: OperationId,
    command: Command,
    answer: Option<YesNo>,
) -> anyhow::Result<Exit> {
    let terminal = terminal_of(call, payment).await?;
    let mut opened = Opened::talking(call, Some(terminal.clone()), answer).await?;
    let ended = match give(call, &mut opened, &terminal, command).await {
        Ok((exit, Some(first))) if exit != Exit::Done => {
            let instead = refunded_instead(call, &mut opened.follow, payment, &first).await;
            instead.map(|instead| instead.unwrap_or(exit))
        }
        Ok((exit, _)) => Ok(exit),
        Err(problem) => Err(problem),
    };
    opened.stop().await;
    Ok(ended?)
}

async fn terminal_of(call: &Call, payment: OperationId) -> Result<TerminalId, Problem> {
    match books::need(call)?.query(Query::Payment { payment }).await? {
        QueryReply::Payment { case } => Ok(case.row.terminal),
        QueryReply::Payments { .. }
        | QueryReply::Receipts { .. }
        | QueryReply::Verified { .. }
        | QueryReply::Day { .. }
        | QueryReply::Sale { .. }
        | QueryReply::Products { .. }
        | QueryReply::Papers { .. }
        | QueryReply::File { .. }
        | QueryReply::Reports { .. }
        | QueryReply::Checking { .. }
        | QueryReply::Terminals { .. }
        | QueryReply::Standing { .. }
        | QueryReply::Checked { .. } => Err(books::no_payment(payment)),
    }
}

async fn give(
    call: &Call,
    opened: &mut Opened,
    terminal: &TerminalId,
    command: Command,
) -> Result<(Exit, Option<PaymentView>), Problem> {
    opened.earlier_settled(terminal, |_| false).await?;
    let Some(id) = opened.follow.dispatch(command).await?.payment else { return Ok((Exit::Failed, None)) };
    let ended = to_its_end(&mut opened.follow, id).await?;
    Ok((report(call.out, &ended, opened.practice()), Some(ended)))
}

/// The refund that the till began in place of a reversal that the provider did not want.
async fn refunded_instead(
    call: &Call,
    follow: &mut Follow,
    original: OperationId,
    reversal: &PaymentView,
) -> Result<Option<Exit>, Problem> {
    let original = original.to_string();
    let replaces = |payment: &&PaymentView| {
        payment.kind == "refund"
            && payment.payment > reversal.payment
            && payment.evidence.get("original") == Some(original.as_str())
    };
    let Some(id) = follow.seen().each_payment().find(replaces).map(|payment| payment.payment) else {
        return Ok(None);
    };
    let ended = to_its_end(follow, id).await?;
    Ok(Some(report(call.out, &ended, follow.seen().practice)))
}
