//! Products from a file as spreadsheets and shop systems write it: comma, semicolon or tab, any usual
//! encoding, quotes with line breaks, columns in any order with English or Swedish names.
//!
//! Invariant: a line is taken whole or left out with its number and the reason; nothing is guessed about
//! money.

mod columns;
mod demo;
#[cfg(test)]
mod tests;

pub(crate) use demo::goods;

use crate::api::{Imported, Problem, ProblemCode, Rejected};
use crate::limits;
use columns::{Column, Columns};
use csv::{ReaderBuilder, StringRecord};
use domain::basket::{Product, Unit};
use domain::catalogue::{Catalogue, Item};
use domain::money::{Currency, LARGEST_MINOR, Money};
use domain::tax::VatRate;
use std::collections::{BTreeMap, BTreeSet};

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Read {
    pub items: Vec<Item>,
    pub report: Imported,
}

/// Reads a file. `usual`: the rate of products that name none.
pub(crate) fn read(bytes: &[u8], currency: Currency, usual: VatRate) -> Result<Read, Problem> {
    let (text, encoding) = decoded(bytes);
    let separator = separator(&text);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = records.next().and_then(Result::ok).unwrap_or_default();
    let (columns, unknown) = Columns::of(&header);
    if let Some(missing) = columns.missing() {
        return Err(Problem::new(ProblemCode::FieldWrong)
            .with("field", missing)
            .with("what", "is not among the names of the columns in the first line"));
    }
    let mut found = Found { currency, usual, ..Found::default_in(currency) };
    for record in records {
        match record {
            Ok(record) if record.iter().all(|field| field.trim().is_empty()) => {}
            Ok(record) => found.line(&columns, &record),
            Err(error) => found.unreadable(&error),
        }
    }
    let Found { items, rejected, rejected_count, .. } = found;
    let report =
        Imported { rejected_count, rejected, encoding, unknown_columns: unknown, ..Imported::default() };
    Ok(Read { items, report })
}

/// Counts what these items change about a catalogue.
pub(crate) fn compare(known: &Catalogue, read: &Read, replace: bool) -> Imported {
    let before: BTreeMap<&str, &Item> = known.items().iter().map(|item| (item.sku(), item)).collect();
    let mut report = read.report.clone();
    for item in &read.items {
        match before.get(item.sku()) {
            None => report.added += 1,
            Some(known) if **known == *item => report.unchanged += 1,
            Some(_) => report.changed += 1,
        }
    }
    let named: BTreeSet<&str> = read.items.iter().map(Item::sku).collect();
    let gone = before.keys().filter(|sku| !named.contains(*sku)).count();
    report.removed = if replace { u32::try_from(gone).unwrap_or(u32::MAX) } else { 0 };
    report
}

/// The text and the name of its encoding. What is neither marked nor UTF-8 is what older programs write here.
fn decoded(bytes: &[u8]) -> (String, String) {
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let guessed =
        if std::str::from_utf8(bytes).is_ok() { encoding_rs::UTF_8 } else { encoding_rs::WINDOWS_1252 };
    let encoding = marked.unwrap_or(guessed);
    let (text, _, _) = encoding.decode(bytes);
    (text.into_owned(), encoding.name().to_owned())
}

/// What separates the fields: that which the first line has most of.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    [b',', b';', b'\t'].into_iter().max_by_key(count).unwrap_or(b',')
}

#[derive(Debug)]
struct Found {
    currency: Currency,
    usual: VatRate,
    items: Vec<Item>,
    skus: BTreeSet<String>,
    codes: BTreeSet<String>,
    rejected: Vec<Rejected>,
    rejected_count: u32,
}

/// Column, why, and what stands there.
type No = (Column, &'static str, String);

impl Found {
    fn default_in(currency: Currency) -> Self {
        Self {
            currency,
            usual: VatRate::ZERO,
            items: Vec::new(),
            skus: BTreeSet::new(),
            codes: BTreeSet::new(),
            rejected: Vec::new(),
            rejected_count: 0,
        }
    }

    fn line(&mut self, columns: &Columns, record: &StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        match self.item(columns, record) {
            Ok(item) => {
                self.skus.insert(item.sku().to_owned());
                self.codes.extend(item.codes.iter().cloned());
                self.items.push(item);
            }
            Err((column, why, text)) => self.reject(line, column.name(), why, &text),
        }
    }

    fn unreadable(&mut self, error: &csv::Error) {
        let line = error.position().map_or(0, csv::Position::line);
        self.reject(line, "", "quotes", "");
    }

    fn reject(&mut self, line: u64, column: &str, why: &str, text: &str) {
        self.rejected_count = self.rejected_count.saturating_add(1);
        if self.rejected.len() < limits::REJECTED {
            let text = text.trim().chars().take(limits::LINE).collect();
            self.rejected.push(Rejected { line, column: column.to_owned(), why: why.to_owned(), text });
        }
    }

    fn item(&self, columns: &Columns, record: &StringRecord) -> Result<Item, No> {
        let field = |column: Column| columns.field(record, column);
        let need = |column: Column| match field(column) {
            "" => Err((column, "missing", String::new())),
            text if text.chars().count() > limits::LINE => Err((column, "too_long", text.to_owned())),
            text => Ok(text.to_owned()),
        };
        let (sku, name) = (need(Column::Sku)?, need(Column::Name)?);
        if self.skus.contains(&sku) {
            return Err((Column::Sku, "twice", sku));
        }
        let open_price =
            flag(field(Column::OpenPrice)).ok_or_else(|| no(Column::OpenPrice, "flag", record, columns))?;
        let price = match field(Column::Price) {
            "" if open_price => Money::zero(self.currency),
            "" => return Err((Column::Price, "missing", String::new())),
            text => price(text, self.currency).ok_or_else(|| (Column::Price, "price", text.to_owned()))?,
        };
        let vat = match field(Column::Vat) {
            "" => self.usual,
            text => VatRate::parse(text).ok_or_else(|| (Column::Vat, "vat", text.to_owned()))?,
        };
        let unit = unit(field(Column::Unit)).ok_or_else(|| no(Column::Unit, "unit", record, columns))?;
        let quick = flag(field(Column::Quick)).ok_or_else(|| no(Column::Quick, "flag", record, columns))?;
        let codes: Vec<String> = field(Column::Barcode)
            .split_whitespace()
            .map(str::to_owned)
            .filter(|code| *code != sku)
            .collect();
        if let Some(taken) =
            codes.iter().find(|code| self.codes.contains(*code) || self.skus.contains(*code))
        {
            return Err((Column::Barcode, "code_taken", taken.clone()));
        }
        let group = Some(field(Column::Group).to_owned()).filter(|group| !group.is_empty());
        let product = Product { sku: Some(sku), name, price, vat, unit };
        Ok(Item { product, codes, group, quick, open_price })
    }
}

fn no(column: Column, why: &'static str, record: &StringRecord, columns: &Columns) -> No {
    (column, why, columns.field(record, column).to_owned())
}

/// A price as people write it; never below nothing. Two signs, as in `1.234,50`, are refused: they may mean
/// a thousand or one.
fn price(text: &str, currency: Currency) -> Option<Money> {
    let text: String =
        text.chars().filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let money = Money::parse(&text, currency).ok()?;
    (0..=LARGEST_MINOR).contains(&money.minor).then_some(money)
}

fn unit(text: &str) -> Option<Unit> {
    match text.to_lowercase().trim_end_matches('.') {
        "" | "piece" | "pcs" | "pc" | "st" | "styck" => Some(Unit::Piece),
        "kilogram" | "kg" | "kilo" => Some(Unit::Kilogram),
        "litre" | "liter" | "l" => Some(Unit::Litre),
        "metre" | "meter" | "m" => Some(Unit::Metre),
        _ => None,
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "" | "0" | "no" | "nej" | "n" | "false" => Some(false),
        "1" | "yes" | "ja" | "y" | "j" | "x" | "true" => Some(true),
        _ => None,
    }
}
