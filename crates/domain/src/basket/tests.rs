//! Lines, discounts and their sums: table rows, and that every order of changes keeps the sums exact.

use super::{Basket, BasketChange, BasketFact, Discount, NoChange, Product, Quantity, Unit, spread};
use crate::limits;
use crate::money::{Currency, LARGEST_MINOR, Money};
use crate::tax::VatRate;
use proptest::prelude::*;

fn currency() -> Currency {
    Currency::parse("SEK").unwrap()
}
fn sek(minor: i64) -> Money {
    Money::new(minor, currency())
}
fn product(name: &str, minor: i64, points: u16, unit: Unit) -> Product {
    let vat = VatRate::new(points).unwrap();
    Product { sku: Some(name.to_owned()), name: name.to_owned(), price: sek(minor), vat, unit }
}
fn milk() -> Product {
    product("milk", 1_590, 1200, Unit::Piece)
}
fn apples() -> Product {
    product("apples", 2_990, 1200, Unit::Kilogram)
}
fn pan() -> Product {
    product("pan", 49_900, 2500, Unit::Piece)
}
fn pieces(number: i64) -> Quantity {
    Quantity::pieces(number).unwrap()
}
fn add(product: Product, quantity: Quantity) -> BasketChange {
    BasketChange::Add { product, quantity }
}
fn apply(basket: Basket, change: BasketChange) -> Result<Basket, NoChange> {
    let fact = basket.decide(currency(), change)?;
    let text = serde_json::to_string(&fact).unwrap();
    assert_eq!(serde_json::from_str::<BasketFact>(&text).unwrap(), fact);
    Ok(basket.evolve(&fact))
}
fn with(changes: impl IntoIterator<Item = BasketChange>) -> Basket {
    changes.into_iter().fold(Basket::default(), |basket, change| apply(basket, change).unwrap())
}
fn total(basket: &Basket) -> i64 {
    basket.totals(currency()).unwrap().total.minor
}

#[test]
fn quantities_as_they_are_typed() {
    #[rustfmt::skip]
    let rows = [
        ("3", Some(3_000)), ("0,250", Some(250)), ("0.25", Some(250)), ("-1", Some(-1_000)),
        (" 2 ", Some(2_000)),
        ("0", None), ("", None), ("1.2345", None), ("1e3", None), (".5", None), ("5.", None),
        ("1000000", None), ("--1", None), ("99999,999", Some(99_999_999)), ("100000", None),
    ];
    for (text, want) in rows {
        assert_eq!(Quantity::parse(text).map(Quantity::in_thousandths), want, "{text:?}");
    }
    for text in ["3", "0.250", "-1", "-0.001"] {
        assert_eq!(Quantity::parse(text).unwrap().plain(), text);
    }
    for unit in [Unit::Piece, Unit::Kilogram, Unit::Litre, Unit::Metre] {
        assert_eq!(Unit::parse(unit.code()), Some(unit));
    }
}

#[test]
fn what_lines_come_to() {
    let percent = |points| Some(Discount::Percent(points));
    let amount = |minor| Some(Discount::Amount(sek(minor)));
    let line = |discount| BasketChange::DiscountLine { line: 1, discount };
    let whole = |discount| BasketChange::Discount { discount };
    let (grams, back) = (Quantity::thousandths(1_255).unwrap(), pieces(-1));
    let rows = [
        ("one", vec![add(milk(), pieces(1))], 1_590),
        ("three", vec![add(milk(), pieces(3))], 4_770),
        ("weighed", vec![add(apples(), grams)], 3_752),
        ("typed amount", vec![add(Product { sku: None, ..pan() }, pieces(1))], 49_900),
        ("given back", vec![add(milk(), back)], -1_590),
        ("exchanged", vec![add(milk(), back), add(pan(), pieces(1))], 48_310),
        ("a tenth off a line", vec![add(milk(), pieces(1)), line(percent(1000))], 1_431),
        ("half an öre goes up", vec![add(milk(), pieces(1)), line(percent(50))], 1_582),
        ("an amount off a line", vec![add(milk(), pieces(2)), line(amount(200))], 2_980),
        ("no more than there is", vec![add(milk(), pieces(1)), line(amount(9_999))], 0),
        ("off goods that come back", vec![add(milk(), back), line(percent(1000))], -1_431),
        (
            "off the whole",
            vec![add(milk(), pieces(1)), add(pan(), pieces(1)), whole(percent(2000))],
            41_192,
        ),
        ("an amount off the whole", vec![add(milk(), pieces(1)), whole(amount(590))], 1_000),
        ("all off the whole", vec![add(milk(), pieces(1)), whole(percent(10_000))], 0),
        (
            "off what is sold only",
            vec![add(milk(), back), add(pan(), pieces(1)), whole(percent(1000))],
            43_320,
        ),
        ("taken back", vec![add(milk(), pieces(1)), whole(amount(590)), whole(None)], 1_590),
        ("repriced", vec![add(milk(), pieces(2)), BasketChange::Price { line: 1, price: sek(100) }], 200),
        ("a gift", vec![add(milk(), pieces(2)), BasketChange::Price { line: 1, price: sek(0) }], 0),
    ];
    for (name, changes, want) in rows {
        assert_eq!(total(&with(changes)), want, "{name}");
    }
}

#[test]
fn a_removed_line_stays_on_record_and_comes_back() {
    let basket = with([add(milk(), pieces(1)), add(pan(), pieces(1)), BasketChange::Remove { line: 1 }]);
    assert_eq!((total(&basket), basket.lines.len(), basket.removed()), (49_900, 2, 1));
    let again = apply(basket.clone(), BasketChange::Restore { line: 1 }).unwrap();
    assert_eq!(total(&again), 51_490);
    assert_eq!(again.decide(currency(), BasketChange::Restore { line: 1 }), Err(NoChange::NotRemoved));
    let next = apply(basket, add(milk(), pieces(1))).unwrap();
    assert_eq!(next.active().map(|(number, _)| number).collect::<Vec<_>>(), [2, 3], "numbers stay");
}

#[test]
fn the_same_product_again_raises_the_quantity() {
    let first = with([add(milk(), pieces(1))]);
    let lines = |basket: &Basket| basket.active().count();
    assert_eq!(lines(&apply(first.clone(), add(milk(), pieces(1))).unwrap()), 1);
    let separate = [
        (first.clone(), add(milk(), pieces(-1)), "a return"),
        (first.clone(), add(Product { price: sek(1), ..milk() }, pieces(1)), "another price"),
        (with([add(apples(), pieces(1))]), add(apples(), pieces(1)), "weighed"),
        (
            with([add(Product { sku: None, ..milk() }, pieces(1))]),
            add(Product { sku: None, ..milk() }, pieces(1)),
            "typed",
        ),
        (
            apply(first, BasketChange::DiscountLine { line: 1, discount: Some(Discount::Percent(1)) })
                .unwrap(),
            add(milk(), pieces(1)),
            "discounted",
        ),
    ];
    for (basket, change, name) in separate {
        assert_eq!(lines(&apply(basket, change).unwrap()), 2, "{name}");
    }
}

#[test]
fn what_cannot_be() {
    let basket = with([add(milk(), pieces(1)), add(pan(), pieces(1)), BasketChange::Remove { line: 2 }]);
    let half = Quantity::thousandths(500).unwrap();
    let off = |discount| BasketChange::Discount { discount: Some(discount) };
    let euro = Money::new(5, Currency::parse("EUR").unwrap());
    let rows = [
        (BasketChange::Remove { line: 2 }, NoChange::NoLine),
        (BasketChange::Remove { line: 9 }, NoChange::NoLine),
        (BasketChange::Restore { line: 9 }, NoChange::NoLine),
        (BasketChange::Quantify { line: 1, quantity: half }, NoChange::WholePieces),
        (add(milk(), half), NoChange::WholePieces),
        (BasketChange::Price { line: 1, price: sek(-1) }, NoChange::Amount),
        (BasketChange::Price { line: 1, price: euro }, NoChange::Amount),
        (add(Product { price: euro, ..milk() }, pieces(1)), NoChange::Amount),
        (off(Discount::Percent(0)), NoChange::Amount),
        (off(Discount::Percent(10_001)), NoChange::Amount),
        (off(Discount::Amount(sek(-1))), NoChange::Amount),
        (off(Discount::Amount(euro)), NoChange::Amount),
        (BasketChange::Price { line: 1, price: sek(LARGEST_MINOR + 1) }, NoChange::Amount),
        (add(Product { price: sek(LARGEST_MINOR), ..milk() }, pieces(2)), NoChange::TooLarge),
        (add(Product { price: sek(LARGEST_MINOR), ..milk() }, pieces(1)), NoChange::TooLarge),
    ];
    for (change, why) in rows {
        assert_eq!(basket.decide(currency(), change.clone()), Err(why), "{change:?}");
    }
    let full = (0..limits::LINES).fold(Basket::default(), |basket, _| {
        apply(basket, add(Product { sku: None, ..milk() }, pieces(1))).unwrap()
    });
    assert_eq!(full.decide(currency(), add(pan(), pieces(1))), Err(NoChange::TooManyLines));
}

#[test]
fn shares_go_to_the_largest_remainders() {
    #[rustfmt::skip]
    let rows: &[(i64, &[i64], &[i64])] = &[
        (10, &[1, 1, 1], &[4, 3, 3]), (1, &[1, 2, 3], &[0, 0, 1]), (100, &[0, 7], &[0, 100]),
        (5, &[0, 0], &[0, 0]),
        (6, &[1, 2, 3], &[1, 2, 3]), (0, &[1], &[0]), (3, &[], &[]),
    ];
    for (amount, weights, want) in rows {
        assert_eq!(spread(*amount, weights), *want, "{amount} over {weights:?}");
    }
}

fn discount() -> impl Strategy<Value = Option<Discount>> {
    prop_oneof![
        Just(None),
        (1u16..=10_000).prop_map(|points| Some(Discount::Percent(points))),
        (1i64..200_000).prop_map(|minor| Some(Discount::Amount(sek(minor)))),
    ]
}

fn change() -> impl Strategy<Value = BasketChange> {
    let quantity = (-5_000i64..9_000).prop_filter_map("nothing", Quantity::thousandths);
    let rate = prop_oneof![Just(2500u16), Just(1200), Just(600), Just(0)];
    prop_oneof![
        4 => (0i64..100_000, rate, quantity.clone()).prop_map(|(minor, points, quantity)| {
            add(product("apples", minor, points, Unit::Kilogram), quantity)
        }),
        1 => (1u16..8, quantity).prop_map(|(line, quantity)| BasketChange::Quantify { line, quantity }),
        1 => (1u16..8, 0i64..90_000).prop_map(|(line, minor)| {
            BasketChange::Price { line, price: sek(minor) }
        }),
        1 => (1u16..8, discount()).prop_map(|(line, discount)| BasketChange::DiscountLine { line, discount }),
        1 => discount().prop_map(|discount| BasketChange::Discount { discount }),
        1 => (1u16..8).prop_map(|line| BasketChange::Remove { line }),
        1 => (1u16..8).prop_map(|line| BasketChange::Restore { line }),
    ]
}

proptest! {
    #[test]
    fn sums_stay_exact(changes in proptest::collection::vec(change(), 0..25)) {
        let mut basket = Basket::default();
        for change in changes {
            basket = apply(basket.clone(), change).unwrap_or(basket);
        }
        let text = serde_json::to_string(&basket).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Basket>(&text).unwrap(), &basket);
        let totals = basket.totals(currency()).unwrap();
        let sum = |of: fn(&super::LineTotals) -> i64| totals.lines.values().map(of).sum::<i64>();
        prop_assert_eq!(sum(|line| line.amount.minor), totals.total.minor);
        prop_assert_eq!(sum(|line| line.share.minor), totals.discount.minor);
        prop_assert_eq!(sum(|line| line.full.minor) - totals.discounts.minor, totals.total.minor);
        prop_assert_eq!(totals.vat.iter().map(|part| part.gross.minor).sum::<i64>(), totals.total.minor);
        for line in totals.lines.values() {
            let parts = line.amount.minor + line.share.minor + line.discount.minor;
            prop_assert_eq!(parts, line.full.minor);
            let same_side = line.full.minor.signum() * line.amount.minor >= 0;
            prop_assert!(same_side, "a discount never turns a line round");
        }
    }

    #[test]
    fn shares_sum_to_the_amount(
        amount in 0i64..1_000_000, weights in proptest::collection::vec(0i64..500_000, 1..30),
    ) {
        let whole: i64 = weights.iter().sum();
        let amount = amount.min(whole);
        let shares = spread(amount, &weights);
        prop_assert_eq!(shares.iter().sum::<i64>(), amount);
        prop_assert!(shares.iter().zip(&weights).all(|(share, weight)| share <= weight && *share >= 0));
    }
}
