//! What a world's shop sells.

use crate::world::World;
use domain::basket::{Product, Unit};
use domain::catalogue::{Catalogue, Item};
use domain::tax::VatRate;

/// A label on goods that looks like an Alipay code.
pub const OWN_LABEL: &str = "284000000000000001";

/// All of them.
pub fn all() -> Catalogue {
    let item = |sku: &str, name: &str, minor: i64, points: u16| Item {
        product: Product {
            sku: Some(sku.to_owned()),
            name: name.to_owned(),
            price: World::money(minor),
            vat: VatRate::new(points).expect("a rate"),
            unit: if sku == "4" { Unit::Kilogram } else { Unit::Piece },
        },
        // One has a label of the shop's own besides, which could be a wallet's code.
        codes: [Some(format!("731000000000{sku}")), (sku == "3").then(|| OWN_LABEL.to_owned())]
            .into_iter()
            .flatten()
            .collect(),
        group: Some("Bread".to_owned()),
        quick: sku != "3",
        open_price: sku == "5",
    };
    Catalogue::new(vec![
        item("1", "Cinnamon bun", 3_500, 1_200),
        item("2", "Coffee", 2_990, 1_200),
        item("3", "Mug", 14_900, 2_500),
        item("4", "Apples", 2_450, 1_200),
        item("5", "Gift", 0, 2_500),
    ])
}
