//! `pay`: one payment.

use anyhow::Context;
use std::io::{BufRead, Read};
use till::api::{Command, PaymentView, Problem, TypedSecret};
use till::seams::domain::ids::TerminalId;
use till::seams::domain::money::Money;
use till::seams::domain::wallet::{Scan, recognise};
use till::settings::Settings;

use super::Call;
use super::to_its_end::{report, to_its_end};
use crate::cli::Pay;
use crate::exit::Exit;
use crate::opened::Opened;
use crate::{fields, limits};

/// Takes one payment and waits for what becomes of it.
///
/// # Errors
/// Nothing was taken: the command line, the folder or the terminal does not allow it.
pub async fn pay(call: &Call, pay: Pay) -> anyhow::Result<Exit> {
    let settings = Settings::load(&call.folder)?;
    let terminal = fields::terminal(&pay.terminal, &settings)?;
    let (amount, cash_back) = amounts(&pay, &settings)?;
    let code = pay.code.as_deref().map(read_code).transpose()?;
    let command = Command::Pay {
        terminal: terminal.clone(),
        amount,
        cash_back,
        method: pay.method.into(),
        label: pay.reference,
        tender: None,
        code,
        seen: None,
    };
    let mut opened = Opened::talking(call, Some(terminal.clone()), pay.answer).await?;
    let ended = take(call, &mut opened, &terminal, command).await;
    opened.stop().await;
    Ok(ended?)
}

/// The customer's code, from the command line or a line of standard input. It is kept nowhere.
fn read_code(given: &str) -> anyhow::Result<TypedSecret> {
    let mut text = given.to_owned();
    if given == "-" {
        text.clear();
        let read = std::io::stdin().lock().take(limits::CODE_BYTES).read_line(&mut text);
        read.context("The code cannot be read; it must be text")?;
    }
    match recognise(&text) {
        Scan::Payment(_) => Ok(TypedSecret(text)),
        Scan::Refused(refusal) => Err(fields::wrong("code", refusal.words()))?,
    }
}

fn amounts(pay: &Pay, settings: &Settings) -> Result<(Money, Money), Problem> {
    let amount = fields::amount("amount", &pay.amount, settings.currency)?;
    let cash_back = match &pay.cash_back {
        Some(text) => fields::amount_or_zero("cash-back", text, settings.currency)?,
        None => Money::zero(settings.currency),
    };
    if cash_back > amount {
        return Err(fields::wrong("cash-back", "is more than the amount, and it must be a part of it"));
    }
    Ok((amount, cash_back))
}

/// A caller that names its payment and was stopped in the middle asks for the same one again.
fn is_the_same(earlier: &PaymentView, command: &Command) -> bool {
    let Command::Pay { amount, cash_back, label: Some(label), .. } = command else { return false };
    earlier.kind == "sale"
        && (earlier.requested, earlier.cash_back) == (*amount, *cash_back)
        && earlier.label.as_ref() == Some(label)
}

async fn take(
    call: &Call,
    opened: &mut Opened,
    terminal: &TerminalId,
    command: Command,
) -> Result<Exit, Problem> {
    let is_meant = |payment: &PaymentView| is_the_same(payment, &command);
    let earlier = opened.earlier_settled(terminal, is_meant).await?;
    let is_paid = |payment: &&PaymentView| payment.amount.minor > 0 && is_meant(payment);
    if let Some(payment) = earlier.iter().find(is_paid) {
        call.out.say("It has the same reference and amount and was paid: nothing new is sent.");
        return Ok(report(call.out, payment, opened.practice()));
    }
    let accepted = opened.follow.dispatch(command).await?;
    let Some(id) = accepted.payment else { return Ok(Exit::Failed) };
    let payment = to_its_end(&mut opened.follow, id).await?;
    let exit = report(call.out, &payment, opened.practice());
    let is_unpaid = match exit {
        Exit::NotPaid => true,
        // A judgement can turn out to be wrong: then the late approval needs its sale.
        Exit::NotCharged => payment.closed_by.as_deref() != Some("judged"),
        Exit::Done
        | Exit::Failed
        | Exit::Usage
        | Exit::Partial
        | Exit::Uncertain
        | Exit::FolderInUse
        | Exit::Blocked => false,
    };
    if let Some(sale) = accepted.sale.filter(|_| is_unpaid) {
        // The sale was only made for this payment. If it stays open, that harms nobody.
        if let Err(problem) = opened.follow.dispatch(Command::VoidSale { sale }).await {
            tracing::warn!(%problem, "the sale of a payment that did not take place stays open");
        }
    }
    Ok(exit)
}
