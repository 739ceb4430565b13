//! Receipts and reports as they come out, whole.

use super::{ReportPaper, SaleReceipt};
use crate::settings::Settings;
use domain::basket::{BasketFact, Discount, Product, Quantity, Unit};
use domain::ids::{SaleId, Seed, ShiftId, StaffId};
use domain::journal::Fact;
use domain::money::{Currency, Money};
use domain::report::Books;
use domain::sale::{Sale, SaleFact};
use domain::shift::ShiftFact;
use domain::tax::VatRate;
use domain::tender::CashTender;
use jiff::Timestamp;
use peripherals::slip::Language;

fn sek(minor: i64) -> Money {
    Money::new(minor, Currency::parse("SEK").unwrap())
}

fn at() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn seed(number: u8) -> Seed {
    Seed { at: at(), random: [number; 10] }
}

fn settings() -> Settings {
    let text = "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Hörnbutiken\"\n\
        lines = [\"Storgatan 1\", \"Org.nr 556677-8899\"]\ntime_zone = \"Europe/Stockholm\"\n";
    Settings::parse(text, "settings.toml").unwrap()
}

fn added(line: u16, name: &str, minor: i64, points: u16, thousandths: i64, unit: Unit) -> SaleFact {
    let vat = VatRate::new(points).unwrap();
    let product = Product { sku: None, name: name.to_owned(), price: sek(minor), vat, unit };
    let quantity = Quantity::thousandths(thousandths).unwrap();
    SaleFact::Changed { fact: BasketFact::LineAdded { line, product: Box::new(product), quantity } }
}

fn changed(fact: BasketFact) -> SaleFact {
    SaleFact::Changed { fact }
}

fn sale(facts: impl IntoIterator<Item = SaleFact>) -> Sale {
    let begun = SaleFact::Begun { currency: sek(0).currency, by: StaffId::of(&seed(1)) };
    let first = Sale::first(SaleId::of(&seed(2)), &begun).unwrap();
    facts.into_iter().fold(first, |sale, fact| sale.evolve(&fact))
}

fn by_cash(slot: u16, amount: i64, given: i64, change: i64, rounding: i64) -> SaleFact {
    let cash =
        CashTender { amount: sek(amount), given: sek(given), change: sek(change), rounding: sek(rounding) };
    SaleFact::CashTendered { slot, cash }
}

fn receipt(sale: &Sale, columns: usize, language: Language, cards: Vec<String>) -> Option<String> {
    let settings = settings();
    let receipt = SaleReceipt {
        shop: &settings.shop,
        till: "T1",
        number: 17,
        at: at(),
        cashier: "Åsa",
        sale,
        payments: Vec::new(),
        cards,
        columns,
        language,
    };
    Some(receipt.lines()?.join("\n"))
}

/// Two discounts, weight, a line that was taken out, and cash with rounding.
fn a_sale() -> Sale {
    sale([
        added(1, "Kanelbulle", 3_500, 1_200, 2_000, Unit::Piece),
        added(2, "Äpplen", 2_450, 1_200, 1_255, Unit::Kilogram),
        added(3, "Mugg", 14_900, 2_500, 1_000, Unit::Piece),
        added(4, "Ångrad", 100, 2_500, 1_000, Unit::Piece),
        changed(BasketFact::LineRemoved { line: 4 }),
        changed(BasketFact::LineDiscounted { line: 3, discount: Some(Discount::Percent(1_000)) }),
        changed(BasketFact::Discounted { discount: Some(Discount::Amount(sek(500))) }),
        by_cash(0, 23_000, 50_000, 27_000, 16),
        SaleFact::Completed,
    ])
}

#[test]
fn a_receipt_with_discounts_weight_and_cash() {
    let expected = "               Hörnbutiken
               Storgatan 1
            Org.nr 556677-8899

Kvitto 17                         Kassa T1
2026-03-02 10:00                Kassör Åsa
------------------------------------------
Kanelbulle                           70,00
  2 st x 35,00
Äpplen                               30,75
  1,255 kg x 24,50
Mugg                                149,00
  Rabatt 10 %                       -14,90
------------------------------------------
Rabatt                               -5,00
Öresavrundning                        0,15
TOTALT SEK                          230,00
Kontant                             500,00
Växel                               270,00

Moms             Netto      Moms    Brutto
25 %            104,99     26,25    131,24
12 %             88,04     10,57     98,61";
    let mut sale = a_sale();
    let settled = sale.cash.get_mut(&0).unwrap();
    settled.rounding = sek(15);
    sale.rounding = 15;
    assert_eq!(receipt(&sale, 42, Language::Swedish, Vec::new()).unwrap(), expected);
}

#[test]
fn what_a_terminal_printed_stands_below_as_it_is() {
    let card = "KORTKÖP\n  230,00 SEK\n\nKortinnehavarens kvitto".to_owned();
    let told = receipt(&a_sale(), 42, Language::English, vec![card.clone()]).unwrap();
    assert!(told.ends_with(&format!("{}\n{card}", "-".repeat(42))), "{told}");
    assert!(
        told.contains("Receipt 17") && told.contains("-14.90") && told.contains("Cashier Åsa"),
        "{told}"
    );
}

#[test]
fn goods_that_come_back_are_a_return_receipt() {
    let sale = sale([
        added(1, "Mugg", 14_900, 2_500, -1_000, Unit::Piece),
        by_cash(0, -14_900, 0, 14_900, 0),
        SaleFact::Completed,
    ]);
    let told = receipt(&sale, 42, Language::Swedish, Vec::new()).unwrap();
    assert!(told.contains("RETURKVITTO"), "{told}");
    assert!(told.contains("Mugg                               -149,00\n  -1 st x 149,00"), "{told}");
    assert!(told.contains("ATT ÅTERFÅ SEK                      149,00"), "{told}");
    assert!(told.contains("Kontant utbetalt                    149,00"), "{told}");
}

#[test]
fn cash_that_was_handed_back_is_not_on_the_receipt() {
    let sale = sale([
        added(1, "Mugg", 15_000, 2_500, 1_000, Unit::Piece),
        by_cash(0, 5_000, 5_000, 0, 0),
        SaleFact::CashHandedBack { slot: 0 },
        by_cash(1, 15_000, 20_000, 5_000, 0),
        SaleFact::Completed,
    ]);
    let told = receipt(&sale, 42, Language::English, Vec::new()).unwrap();
    assert_eq!(told.matches("Cash ").count(), 1, "{told}");
    assert!(told.contains("Cash                                200.00"), "{told}");
}

#[test]
fn no_row_of_ours_is_wider_than_the_paper() {
    let name = "Ett mycket långt namn på en vara som ingen har förkortat";
    let sale = sale([
        added(1, name, 9_999_999, 2_500, 1_000, Unit::Piece),
        by_cash(0, 9_999_999, 9_999_999, 0, 0),
        SaleFact::Completed,
    ]);
    for columns in [24, 32, 42, 48] {
        let told = receipt(&sale, columns, Language::Swedish, Vec::new()).unwrap();
        assert!(told.contains(name), "nothing of it is lost: the printer breaks the line");
        let wide = told.lines().filter(|line| *line != name && line.chars().count() > columns);
        assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new(), "{columns}");
    }
}

#[test]
fn an_amount_alone_has_no_receipt_of_lines() {
    let opened = SaleFact::Opened { total: sek(100) };
    let sale = Sale::first(SaleId::of(&seed(2)), &opened).unwrap();
    assert_eq!(receipt(&sale, 42, Language::English, Vec::new()), None);
}

#[test]
fn a_z_report_on_paper() {
    let (mut books, by) = (Books::default(), StaffId::of(&seed(1)));
    let shift = ShiftId::of(&seed(3));
    books.apply(&Fact::Shift { shift, fact: ShiftFact::Opened { by, float: sek(50_000) } }, at());
    let id = SaleId::of(&seed(2));
    let facts = [
        SaleFact::Begun { currency: sek(0).currency, by },
        added(1, "Mugg", 15_000, 2_500, 1_000, Unit::Piece),
        by_cash(0, 15_000, 20_000, 5_000, 0),
        SaleFact::Completed,
    ];
    for fact in facts {
        books.apply(&Fact::Sale { sale: id, fact }, at());
    }
    let counted = ShiftFact::Counted { by, counted: sek(64_900), expected: sek(65_000), coins: Vec::new() };
    books.apply(&Fact::Shift { shift, fact: counted }, at());
    books.apply(&Fact::Shift { shift, fact: ShiftFact::Closed { by } }, at());
    let report = books.day.report_z(1, by, at()).unwrap();
    let settings = settings();
    let paper = ReportPaper {
        shop: &settings.shop,
        till: "T1",
        by: "Åsa",
        report: &report,
        head: Some("12 abc".to_owned()),
        columns: 42,
        language: Language::Swedish,
    };
    let told = paper.lines().join("\n");
    for line in [
        "Z-DAGRAPPORT 1                    Kassa T1",
        "Av                                     Åsa",
        "Försäljning (1)                     150,00",
        "Kontant (1)                         150,00",
        "25 %            120,00     30,00    150,00",
        "Öppna betalningar                     Inga",
        "Växelkassa                          500,00",
        "Förväntat                           650,00",
        "Räknat                              649,00",
        "Differens                            -1,00",
        "12 abc",
    ] {
        assert!(told.lines().any(|told| told == line), "{line} is missing:\n{told}");
    }
}
