//! `export`: a day's payments for other programs.

use till::books::ExportRow;
use till::settings::Settings;

use super::{Call, books};
use crate::cli::{Export, ExportFormat};
use crate::exit::Exit;
use crate::fields;
use crate::lines::{Line, Time};
use crate::out::Out;

/// The columns of CSV. They are part of the contract: new ones come at the end.
const HEADER: &str = "payment,at,terminal,kind,state,outcome,requested,amount,currency,attention,practice,\
                      original,tip,cash_back,reference,net";

/// Writes a day's payments, oldest first.
///
/// # Errors
/// The books cannot be read, or the day does not fit into one export.
pub async fn export(call: &Call, export: Export) -> anyhow::Result<Exit> {
    let day = fields::need_day(&export.day)?;
    if call.out.json && export.format == ExportFormat::Csv {
        Err(fields::wrong("format", "csv cannot be written with --json"))?;
    }
    let rows = match books::open(call)? {
        Some(books) => books.export(day).await?,
        None => Vec::new(),
    };
    if books::is_cut(rows.len(), till::limits::ROWS_MOST) {
        anyhow::bail!("The day has too many payments for one export. Nothing was written.");
    }
    let practice = Settings::load(&call.folder)?.practice;
    match export.format {
        ExportFormat::Csv => call.out.text(&csv(&rows, practice)),
        ExportFormat::Json => {
            let out = Out { json: true };
            rows.iter().for_each(|row| out.line(&Line::exported(row, practice)));
        }
    }
    Ok(Exit::Done)
}

fn csv(rows: &[ExportRow], practice: bool) -> String {
    let line = |exported: &ExportRow| {
        let row = &exported.row;
        let fields = [
            row.payment.to_string(),
            Time(row.at).to_string(),
            row.terminal.to_string(),
            row.kind.clone(),
            row.state.clone(),
            row.outcome.clone(),
            row.requested.plain(),
            row.amount.plain(),
            row.requested.currency.to_string(),
            row.attention.to_string(),
            practice.to_string(),
            row.goes_against.map(|original| original.to_string()).unwrap_or_default(),
            exported.tip.plain(),
            exported.cash_back.plain(),
            quoted(exported.reference.as_deref().unwrap_or_default()),
            exported.net.plain(),
        ];
        fields.join(",")
    };
    // Only a person's own words can hold a comma or a quote: ids, codes, digits and terminals are plain.
    std::iter::once(HEADER.to_owned()).chain(rows.iter().map(line)).collect::<Vec<_>>().join("\r\n")
}

/// A free text as a field of CSV (RFC 4180).
fn quoted(text: &str) -> String {
    let is_plain = !text.contains([',', '"', '\r', '\n']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_commas_and_quotes_stays_one_field() {
        for (text, field) in [
            ("", ""),
            ("Table 5", "Table 5"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(quoted(text), field, "{text:?}");
        }
    }
}
