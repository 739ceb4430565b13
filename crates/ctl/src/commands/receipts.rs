//! `receipts`, `receipt`: what terminals printed.

use till::api::{ProblemCode, Query, QueryReply, ReceiptRow};
use till::books::Books;
use till::seams::domain::receipt::Copy;
use till::settings::Settings;

use super::slips::{self, Form};
use super::{Call, books};
use crate::cli::{Receipt, ReceiptFormat, Receipts};
use crate::exit::Exit;
use crate::lines::{Line, ReceiptLine};
use crate::out::Out;
use crate::table::Table;
use crate::{fields, limits};

/// What stands for a receipt whose text is gone.
const ERASED: &str = "(the text of this receipt was erased)";

/// Said where a payment has no receipt that was asked for.
pub const NONE: &str = "The terminal sent no such receipt for this payment.";

/// Lists receipts.
///
/// # Errors
/// The books cannot be read.
pub async fn receipts(call: &Call, wanted: Receipts) -> anyhow::Result<Exit> {
    let day = fields::day(wanted.day.as_deref())?;
    if wanted.search.as_ref().is_some_and(|typed| !typed.chars().any(char::is_alphanumeric)) {
        Err(fields::wrong("search", "has no letter or digit to look for"))?;
    }
    let Some(books) = books::open(call)? else { return Ok(Exit::Done) };
    let is_whole = call.out.json || day.is_some();
    let limit = wanted.limit.unwrap_or(if is_whole { till::limits::ROWS_MOST } else { limits::ROWS_SHOWN });
    let query = Query::Receipts { day, search: wanted.search, limit: Some(limit) };
    let rows = list(&books, query).await?;
    for row in &rows {
        call.out.line(&Line::Receipt(Box::new(ReceiptLine::new(row))));
    }
    if !call.out.json {
        call.out.text(&table(call, &rows)?);
    }
    books::tell_if_cut(call, rows.len(), limit);
    Ok(Exit::Done)
}

async fn list(books: &Books, query: Query) -> Result<Vec<ReceiptRow>, till::api::Problem> {
    match books.query(query).await? {
        QueryReply::Receipts { rows } => Ok(rows),
        QueryReply::Payment { .. }
        | QueryReply::Payments { .. }
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

fn table(call: &Call, rows: &[ReceiptRow]) -> Result<String, till::api::Problem> {
    let zone = Settings::load(&call.folder)?.shop.zone;
    let mut table = Table::new(&["time", "copy", "receipt", "payment"]);
    for row in rows {
        let at = row.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        table.row([at, row.copy.code().to_owned(), row.receipt.to_string(), row.payment.to_string()]);
    }
    Ok(table.or("There are no such receipts."))
}

/// Shows the receipts of a payment, or one receipt.
///
/// # Errors
/// There is none, or the books cannot be read.
pub async fn receipt(call: &Call, wanted: Receipt) -> anyhow::Result<Exit> {
    let (json, form) = match wanted.format {
        ReceiptFormat::Text => (call.out.json, None),
        ReceiptFormat::Json => (true, None),
        ReceiptFormat::Pdf => (call.out.json, Some(Form::Pdf)),
        ReceiptFormat::Escpos => (call.out.json, Some(Form::Escpos)),
    };
    if wanted.mark_copy && form.is_none() {
        Err(fields::wrong("format", "must be pdf or escpos for a copy with a mark"))?;
    }
    let books = books::need(call)?;
    let found = list(&books, Query::Receipt { id: wanted.id.trim().to_owned() }).await;
    let found = match found {
        Err(problem) if problem.code == ProblemCode::UnknownPayment => {
            no_receipt(&books, &wanted.id).await?
        }
        found => found?,
    };
    let copy = wanted.copy.map(Copy::from);
    let rows: Vec<ReceiptRow> =
        found.into_iter().filter(|row| copy.is_none_or(|copy| row.copy == copy)).collect();
    if let Some(form) = form {
        return slips::write(call, &rows, form, wanted.mark_copy, wanted.language.into());
    }
    let out = Out { json };
    for row in &rows {
        out.line(&Line::Receipt(Box::new(ReceiptLine::new(row))));
    }
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_deref().unwrap_or(ERASED)).collect();
    if texts.is_empty() {
        call.out.say(NONE);
        return Ok(Exit::Failed);
    }
    out.text(&texts.join("\n\n"));
    Ok(Exit::Done)
}

/// A payment without receipts is something else than no payment.
async fn no_receipt(books: &Books, id: &str) -> anyhow::Result<Vec<ReceiptRow>> {
    let payment = fields::payment("receipt", id)?;
    books.query(Query::Payment { payment }).await?;
    Ok(Vec::new())
}
