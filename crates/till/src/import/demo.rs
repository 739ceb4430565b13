//! A small shop to practise with.

// Prices are written as people say them: 12_50 is twelve and a half.
#![allow(clippy::inconsistent_digit_grouping)]

use domain::basket::{Product, Unit};
use domain::catalogue::Item;
use domain::money::{Currency, Money};
use domain::tax::VatRate;

/// Number, name, price in hundredths, whether it is food, page, unit.
type Row = (&'static str, &'static str, i64, bool, &'static str, Unit);

const ROWS: &[Row] = &[
    ("101", "Coffee", 29_00, true, "Drinks", Unit::Piece),
    ("102", "Cappuccino", 42_00, true, "Drinks", Unit::Piece),
    ("103", "Tea", 27_00, true, "Drinks", Unit::Piece),
    ("104", "Orange juice", 35_00, true, "Drinks", Unit::Piece),
    ("105", "Sparkling water", 22_00, true, "Drinks", Unit::Piece),
    ("201", "Cinnamon bun", 35_00, true, "Bakery", Unit::Piece),
    ("202", "Croissant", 32_00, true, "Bakery", Unit::Piece),
    ("203", "Rye bread", 48_50, true, "Bakery", Unit::Piece),
    ("204", "Chocolate cake, slice", 54_00, true, "Bakery", Unit::Piece),
    ("205", "Cheese sandwich", 59_00, true, "Bakery", Unit::Piece),
    ("301", "Apples", 24_90, true, "Fruit", Unit::Kilogram),
    ("302", "Bananas", 26_90, true, "Fruit", Unit::Kilogram),
    ("303", "Oranges", 29_90, true, "Fruit", Unit::Kilogram),
    ("401", "Mug", 149_00, false, "Things", Unit::Piece),
    ("402", "Tote bag", 99_00, false, "Things", Unit::Piece),
    ("403", "Candle", 79_90, false, "Things", Unit::Piece),
    ("404", "Postcard", 15_00, false, "Things", Unit::Piece),
    ("405", "Paper bag", 3_00, false, "Things", Unit::Piece),
];

/// The goods in this currency, with the country's usual rate and its rate for food.
pub(crate) fn goods(currency: Currency, rates: &[VatRate]) -> Vec<Item> {
    let usual = rates.first().copied().unwrap_or_default();
    let food = rates.get(1).copied().unwrap_or(usual);
    let scale = 10_i64.saturating_pow(u32::from(currency.decimals()));
    let item = |(sku, name, hundredths, is_food, group, unit): &Row| Item {
        product: Product {
            sku: Some((*sku).to_owned()),
            name: (*name).to_owned(),
            price: Money::new(hundredths.saturating_mul(scale) / 100, currency),
            vat: if *is_food { food } else { usual },
            unit: *unit,
        },
        codes: vec![format!("7310000000{sku}")],
        group: Some((*group).to_owned()),
        quick: true,
        open_price: false,
    };
    ROWS.iter().map(item).collect()
}
