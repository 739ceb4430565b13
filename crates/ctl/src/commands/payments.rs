//! `payments`, `payment`: what the books say about payments.

use jiff::tz::TimeZone;
use till::api::{PaymentRow, Problem, Query, QueryReply};
use till::books::Books;
use till::case_file::{CaseFile, Decided};
use till::settings::Settings;

use super::{Call, books};
use crate::cli::Payments;
use crate::exit::Exit;
use crate::lines::Line;
use crate::table::Table;
use crate::{case, fields, limits, words};

/// Lists payments.
///
/// # Errors
/// The books cannot be read.
pub async fn payments(call: &Call, wanted: Payments) -> anyhow::Result<Exit> {
    let day = fields::day(wanted.day.as_deref())?;
    let Some(books) = books::open(call)? else { return Ok(Exit::Done) };
    let is_whole = call.out.json || day.is_some() || wanted.open;
    let limit = wanted.limit.unwrap_or(if is_whole { till::limits::ROWS_MOST } else { limits::ROWS_SHOWN });
    let rows = list(&books, Query::Payments { day, open: wanted.open, limit: Some(limit) }).await?;
    let Settings { practice, shop, .. } = Settings::load(&call.folder)?;
    for row in &rows {
        call.out.line(&Line::payment(row, practice));
    }
    call.out.text(&format!("{}{}", mark(practice), table(&rows, shop.zone)));
    books::tell_if_cut(call, rows.len(), limit);
    Ok(Exit::Done)
}

async fn list(books: &Books, query: Query) -> Result<Vec<PaymentRow>, Problem> {
    match books.query(query).await? {
        QueryReply::Payments { rows } => Ok(rows),
        QueryReply::Payment { .. }
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
        | QueryReply::Checked { .. } => Ok(Vec::new()),
    }
}

/// Practice can never pass for the real thing.
fn mark(practice: bool) -> &'static str {
    if practice { "PRACTICE\n" } else { "" }
}

fn table(rows: &[PaymentRow], zone: TimeZone) -> String {
    let mut table = Table::new(&["time", "terminal", "kind", "amount", "approved", "outcome", "payment"]);
    for row in rows {
        let at = row.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        let outcome = words::as_table_word(&row.outcome, &row.state);
        let mark = if row.attention { " (needs you)" } else { "" };
        table.row([
            at,
            row.terminal.to_string(),
            row.kind.clone(),
            row.requested.to_string(),
            row.amount.plain(),
            format!("{outcome}{mark}"),
            row.payment.to_string(),
        ]);
    }
    table.or("There are no such payments.")
}

/// Shows one payment in full.
///
/// # Errors
/// There is no such payment, or the books cannot be read.
pub async fn payment(call: &Call, id: &str) -> anyhow::Result<Exit> {
    let payment = fields::payment("payment", id)?;
    match books::need(call)?.query(Query::Payment { payment }).await? {
        QueryReply::Payment { case } => {
            let Settings { practice, shop, .. } = Settings::load(&call.folder)?;
            call.out.text(&format!("{}{}", mark(practice), in_full(&case, shop.zone)));
            call.out.line(&Line::Payment(Box::new(case::line(*case, practice))));
            Ok(Exit::Done)
        }
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
        | QueryReply::Checked { .. } => Err(books::no_payment(payment).into()),
    }
}

fn in_full(case: &CaseFile, zone: TimeZone) -> String {
    let row = &case.row;
    let mut lines = vec![
        format!("{} of {} on {}", row.kind, row.requested, row.terminal),
        format!("  {}", words::as_table_word(&row.outcome, &row.state)),
    ];
    lines.extend(case.reason.as_deref().map(|code| format!("  {}", words::reason(code))));
    lines.extend(case.detail.as_ref().map(|detail| format!("  The provider's words: {detail}")));
    let known = |name: &str, value: String| (name.to_owned(), value);
    let mut named = vec![
        known("amount", row.amount.to_string()),
        known("at", row.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()),
        known("payment", row.payment.to_string()),
        known("transaction", case.transaction.clone()),
        known("on the wire", case.references.join(", ")),
    ];
    let parts = [("of it tip", case.tip), ("of it cash paid out", case.cash_back)];
    let parts = parts.into_iter().filter(|(_, part)| !part.is_zero());
    named.splice(1..1, parts.map(|(name, part)| known(name, part.to_string())));
    named.extend(case.label.iter().map(|label| known("reference", label.clone())));
    named.extend(case.original.iter().map(|original| known("against", original.to_string())));
    named.extend(case.evidence.0.clone());
    named.extend(case.decided.iter().flat_map(decision));
    let width = named.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    lines.extend(named.iter().map(|(name, value)| format!("  {name:width$}  {value}")));
    lines.push("What happened:".to_owned());
    for told in &case.timeline {
        let at = told.at.to_zoned(zone.clone());
        let fact = serde_json::to_value(&told.fact).unwrap_or_default();
        let fact = fact.pointer("/body/fact").unwrap_or(&fact);
        lines.push(format!("  {:>6}  {}  {}", told.entry, at.strftime("%H:%M:%S%.3f"), short(fact)));
    }
    for back in &case.against {
        let outcome = words::as_table_word(&back.outcome, &back.state);
        lines
            .push(format!("Against it: {} of {}, {outcome} ({})", back.kind, back.requested, back.payment));
    }
    for receipt in &case.receipts {
        let text = receipt.text.as_deref().unwrap_or("(its text was erased)");
        lines.push(format!("\nReceipt, {} copy:\n{text}", receipt.copy.code()));
    }
    lines.join("\n")
}

fn decision(decided: &Decided) -> Vec<(String, String)> {
    let person = decided.person.clone().unwrap_or_else(|| "(the name was erased)".to_owned());
    let said = [("decided by", Some(person)), ("because", Some(decided.reason.clone()))];
    let said = said.into_iter().chain([("provider's reference", decided.provider_reference.clone())]);
    said.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// A fact's name in words, with what it says where that is short.
fn short(fact: &serde_json::Value) -> String {
    let text = match fact {
        serde_json::Value::Object(named) => named.iter().next().map(|(name, body)| {
            let said = ["text", "reason", "reference"].iter().find_map(|key| body.get(key)?.as_str());
            format!("{} {}", name.replace('_', " "), said.unwrap_or_default())
        }),
        serde_json::Value::String(name) => Some(name.replace('_', " ")),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::Array(_) => None,
    };
    text.unwrap_or_default().trim_end().replace('\n', " / ")
}
