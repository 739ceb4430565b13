//! The names of the columns, in English and Swedish.

use csv::StringRecord;
use std::collections::BTreeMap;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Sku,
    Name,
    Price,
    Vat,
    Unit,
    Barcode,
    Group,
    Quick,
    OpenPrice,
}

/// Column, its name for people, other names.
const NAMES: &[(Column, &str, &[&str])] = &[
    (Column::Sku, "sku", &["number", "no", "item", "artikelnummer", "artikelnr", "artnr", "nummer"]),
    (Column::Name, "name", &["product", "description", "namn", "benämning", "produkt"]),
    (Column::Price, "price", &["amount", "pris"]),
    (Column::Vat, "vat", &["tax", "moms", "momssats"]),
    (Column::Unit, "unit", &["enhet"]),
    (Column::Barcode, "barcode", &["ean", "gtin", "code", "streckkod"]),
    (Column::Group, "group", &["category", "grupp", "varugrupp"]),
    (Column::Quick, "quick", &["quick key", "snabbknapp", "snabb"]),
    (Column::OpenPrice, "open_price", &["open price", "öppet pris"]),
];

impl Column {
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(column, ..)| *column == self).map_or("", |(_, name, _)| name)
    }
}

/// Which place of a line holds what.
pub(super) struct Columns(BTreeMap<Column, usize>);

impl Columns {
    /// From the first line, and the names that mean nothing.
    pub(super) fn of(header: &StringRecord) -> (Self, Vec<String>) {
        let (mut columns, mut unknown) = (BTreeMap::new(), Vec::new());
        for (place, title) in header.iter().enumerate() {
            let title = title.trim().trim_start_matches('\u{feff}').to_lowercase();
            let is_it = |name: &str, others: &[&str]| name == title || others.contains(&title.as_str());
            match NAMES.iter().find(|(_, name, others)| is_it(name, others)) {
                Some((column, ..)) => {
                    columns.entry(*column).or_insert(place);
                }
                None if title.is_empty() => {}
                None => unknown.push(title.chars().take(crate::limits::LINE).collect()),
            }
        }
        (Self(columns), unknown)
    }
    /// The first column that is needed and not there.
    pub(super) fn missing(&self) -> Option<&'static str> {
        let needed = [Column::Sku, Column::Name, Column::Price];
        needed.into_iter().find(|column| !self.0.contains_key(column)).map(Column::name)
    }
    /// What stands in a column; empty where there is nothing.
    pub(super) fn field<'r>(&self, record: &'r StringRecord, column: Column) -> &'r str {
        let text = self.0.get(&column).and_then(|place| record.get(*place)).unwrap_or_default();
        text.trim()
    }
}
