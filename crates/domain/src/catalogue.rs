//! What the shop sells: found by a scanned code, by words, or on a quick key.
//!
//! Invariants: a code (the shop's number or a barcode) belongs to one item; the catalogue is not in the
//! journal, a sale's lines keep the products as they were.

use crate::basket::Product;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing to sell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Number, name, price, tax, unit. The number is there.
    pub product: Product,
    /// Barcodes, beside the number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// What it belongs to: a page of quick keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// It has a quick key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quick: bool,
    /// Its price is typed at the sale.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open_price: bool,
}

impl Item {
    /// The shop's number for it.
    pub fn sku(&self) -> &str {
        self.product.sku.as_deref().unwrap_or_default()
    }
}

/// Everything that is sold, in the order of the names.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    items: Vec<Item>,
    folded: Vec<String>,
    by_code: BTreeMap<String, usize>,
}

impl Catalogue {
    /// Of these items. Where two claim a code the first keeps it.
    pub fn new(mut items: Vec<Item>) -> Self {
        items.sort_by_cached_key(|item| (fold(&item.product.name), item.product.sku.clone()));
        let mut by_code = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            for code in item.product.sku.iter().chain(&item.codes) {
                by_code.entry(code.clone()).or_insert(at);
            }
        }
        let folded =
            items.iter().map(|item| fold(&format!("{} {}", item.product.name, item.sku()))).collect();
        Self { items, folded, by_code }
    }
    /// All of them.
    pub fn items(&self) -> &[Item] {
        &self.items
    }
    /// The item that a scanner or a person names by this code. A GTIN is the same with leading zeros and
    /// without: scanners send twelve or thirteen digits of one label.
    pub fn by_code(&self, code: &str) -> Option<&Item> {
        let code = code.trim();
        let is_number = code.len() > 7 && code.bytes().all(|byte| byte.is_ascii_digit());
        let short = code.trim_start_matches('0');
        let lengths = [short.len(), 8, 12, 13, 14];
        let padded = lengths.into_iter().filter(|_| is_number).map(|length| format!("{short:0>length$}"));
        let found = self.by_code.get(code).copied();
        found
            .or_else(|| padded.into_iter().find_map(|code| self.by_code.get(&code).copied()))
            .and_then(|at| self.items.get(at))
    }
    /// The items that have all these words (beginnings of words count), at most so many: first those whose
    /// name begins so, then by name.
    pub fn search(&self, text: &str, limit: usize) -> Vec<&Item> {
        let wanted = fold(text);
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let has = |folded: &str| {
            words.iter().all(|word| folded.split_whitespace().any(|there| there.starts_with(word)))
        };
        let found = || self.items.iter().zip(&self.folded).filter(|(_, folded)| has(folded));
        let begins = |folded: &str| folded.starts_with(wanted.trim());
        let first = found().filter(|(_, folded)| begins(folded));
        let then = found().filter(|(_, folded)| !begins(folded));
        first.chain(then).map(|(item, _)| item).take(limit).collect()
    }
    /// The items on quick keys, in the order of their names.
    pub fn quick(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.quick)
    }
}

/// Lower case, without the marks of Latin letters, so that `apelsin` and `ÄPPLE` are found as people type.
fn fold(text: &str) -> String {
    let plain = |letter: char| match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'æ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' | 'ń' => 'n',
        'ò'..='ö' | 'ø' | 'ō' => 'o',
        'š' | 'ś' => 's',
        'ù'..='ü' | 'ū' | 'ů' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        letter if letter.is_alphanumeric() => letter,
        _ => ' ',
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basket::Unit;
    use crate::money::{Currency, Money};
    use crate::tax::VatRate;
    use proptest::prelude::*;

    fn item(sku: &str, name: &str, codes: &[&str]) -> Item {
        let price = Money::new(1_000, Currency::parse("SEK").unwrap());
        let (name, sku) = (name.to_owned(), Some(sku.to_owned()));
        let product = Product { sku, name, price, vat: VatRate::ZERO, unit: Unit::Piece };
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        Item { product, codes, group: None, quick: false, open_price: false }
    }

    fn shop() -> Catalogue {
        Catalogue::new(vec![
            item("2", "Äpple Gala", &["7310865004703"]),
            item("1", "Apelsin", &["0012345678905"]),
            item("10", "Äppelmos, sockrad", &[]),
            item("11", "Juice apelsin 1 l", &[]),
        ])
    }

    #[test]
    fn by_code() {
        let rows = [
            ("7310865004703", Some("2")),
            (" 7310865004703 ", Some("2")),
            ("012345678905", Some("1")),
            ("12345678905", Some("1")),
            ("00012345678905", Some("1")),
            ("10", Some("10")),
            ("010", None),
            ("7310865004704", None),
            ("", None),
        ];
        for (code, wanted) in rows {
            assert_eq!(shop().by_code(code).map(Item::sku), wanted, "{code}");
        }
    }

    #[test]
    fn by_words() {
        let rows: [(&str, &[&str]); 6] = [
            ("apelsin", &["1", "11"]),
            ("app", &["10", "2"]),
            ("ÄPP gal", &["2"]),
            ("sock mos", &[]),
            ("juice 1", &["11"]),
            ("pelsin", &[]),
        ];
        for (text, wanted) in rows {
            let shop = shop();
            let found: Vec<&str> = shop.search(text, 10).into_iter().map(Item::sku).collect();
            assert_eq!(found, wanted, "{text}");
        }
        assert_eq!(shop().search("", 3).len(), 3, "nothing typed shows everything, bounded");
    }

    #[test]
    fn the_first_keeps_a_code_that_two_claim() {
        let shop = Catalogue::new(vec![item("1", "Ax", &["9"]), item("2", "Bx", &["9", "1"])]);
        assert_eq!(shop.by_code("9").map(Item::sku), Some("1"));
        assert_eq!(shop.by_code("1").map(Item::sku), Some("1"));
    }

    proptest! {
        #[test]
        fn every_item_is_found_by_its_number_and_its_name(
            names in proptest::collection::btree_set("[a-zåäö]{1,8}( [a-zåäö]{1,8})?", 1..20),
        ) {
            let named = |(at, name): (usize, &String)| item(&format!("s{at}"), name, &[]);
            let items: Vec<Item> = names.iter().enumerate().map(named).collect();
            let shop = Catalogue::new(items.clone());
            for wanted in &items {
                prop_assert_eq!(shop.by_code(wanted.sku()), Some(wanted));
                prop_assert!(shop.search(&wanted.product.name, 50).contains(&wanted));
            }
        }
    }
}
