//! Files as people bring them.

// Prices are written as people say them: 12_50 is twelve and a half.
#![allow(clippy::inconsistent_digit_grouping)]

use super::*;

fn sek() -> Currency {
    Currency::parse("SEK").unwrap()
}

fn usual() -> VatRate {
    VatRate::new(2_500).unwrap()
}

fn good(bytes: &[u8]) -> Read {
    read(bytes, sek(), usual()).unwrap()
}

fn names(read: &Read) -> Vec<(&str, i64)> {
    read.items.iter().map(|item| (item.product.name.as_str(), item.product.price.minor)).collect()
}

#[test]
fn separators_and_encodings() {
    let text = "sku;namn;pris;moms\n1;Äpple;12,50;12\n2;Mjölk;19;12\n";
    let wanted = [("Äpple", 12_50), ("Mjölk", 19_00)];
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let with_mark = format!("\u{feff}{text}");
    let rows: [(&[u8], &str); 5] = [
        (text.as_bytes(), "UTF-8"),
        (with_mark.as_bytes(), "UTF-8"),
        (&utf16, "UTF-16LE"),
        (&latin, "windows-1252"),
        (&text.replace(';', "\t").into_bytes(), "UTF-8"),
    ];
    for (bytes, encoding) in rows {
        let read = good(bytes);
        assert_eq!(names(&read), wanted, "{encoding}");
        assert_eq!((read.report.encoding.as_str(), read.report.rejected_count), (encoding, 0));
        assert_eq!(read.items[0].product.vat.percent(), "12");
    }
}

#[test]
fn quotes_with_line_breaks_and_every_column() {
    let text = "Name,SKU,Price,Unit,Barcode,Group,Quick,Open price,Colour\r\n\
        \"Soap, \"\"soft\"\"\nblue\",9,\"1 049.90\",st,7310000000019 42,Bath,yes,,red\r\n\
        Gift,10,,,,,,1,\r\n\r\n";
    let read = good(text.as_bytes());
    assert_eq!(names(&read), [("Soap, \"soft\"\nblue", 1_049_90), ("Gift", 0)]);
    let soap = &read.items[0];
    assert_eq!(soap.codes, ["7310000000019", "42"]);
    assert_eq!((soap.group.as_deref(), soap.quick, soap.product.vat), (Some("Bath"), true, usual()));
    assert!(read.items[1].open_price);
    assert_eq!(read.report.unknown_columns, ["colour"]);
}

#[test]
fn lines_that_are_left_out() {
    let text = "sku,name,price,vat,unit,barcode,quick\n\
        1,One,1.00,25,st,11,\n\
        ,No number,1.00,25,st,,\n\
        2,,1.00,25,st,,\n\
        3,No price,,25,st,,\n\
        4,Two signs,\"1.234,50\",25,st,,\n\
        5,Below nothing,-1.00,25,st,,\n\
        6,Words,cheap,25,st,,\n\
        7,Tax,1.00,250,st,,\n\
        8,Unit,1.00,25,dozen,,\n\
        9,Flag,1.00,25,st,,perhaps\n\
        1,Again,1.00,25,st,,\n\
        10,Code,1.00,25,st,11,\n\
        11,Short\n";
    let read = good(text.as_bytes());
    assert_eq!(names(&read), [("One", 1_00)]);
    let told: Vec<(u64, &str, &str)> =
        read.report.rejected.iter().map(|it| (it.line, it.column.as_str(), it.why.as_str())).collect();
    let wanted = [
        (3, "sku", "missing"),
        (4, "name", "missing"),
        (5, "price", "missing"),
        (6, "price", "price"),
        (7, "price", "price"),
        (8, "price", "price"),
        (9, "vat", "vat"),
        (10, "unit", "unit"),
        (11, "quick", "flag"),
        (12, "sku", "twice"),
        (13, "barcode", "code_taken"),
        (14, "price", "missing"),
    ];
    assert_eq!(told, wanted);
    assert_eq!(read.report.rejected_count, 12);
}

#[test]
fn files_that_are_none() {
    let rows: [&[u8]; 4] = [b"", b"\0\x01\xff\xfe\0", b"%PDF-1.7 something", b"name;price\nOne;1"];
    for bytes in rows {
        let problem = read(bytes, sek(), usual()).unwrap_err();
        assert_eq!(problem.code, ProblemCode::FieldWrong, "{bytes:?}");
        assert!(!problem.parameter("field").is_empty());
    }
}

#[test]
fn twenty_thousand_lines_and_what_they_change() {
    let lines = (0..20_000).map(|at| format!("{at};Product {at};{at}.00\n"));
    let text: String = std::iter::once("sku;name;price\n".to_owned()).chain(lines).collect();
    let read = good(text.as_bytes());
    assert_eq!(read.items.len(), 20_000);
    let known = Catalogue::new(read.items.clone());
    let mut newer = good("sku;name;price\n1;Product 1;1\n2;Product 2;3\nnew;New;1\n".as_bytes());
    let report = compare(&known, &newer, false);
    assert_eq!((report.added, report.changed, report.unchanged, report.removed), (1, 1, 1, 0));
    assert_eq!(compare(&known, &newer, true).removed, 19_998);
    newer.items.clear();
    assert_eq!(compare(&known, &newer, true).removed, 20_000);
}

#[test]
fn the_shop_to_practise_with_can_be_sold() {
    for code in ["SEK", "JPY", "KWD"] {
        let currency = Currency::parse(code).unwrap();
        let goods = goods(currency, &[usual(), VatRate::ZERO]);
        let shop = Catalogue::new(goods.clone());
        assert!(goods.iter().all(|item| item.product.price.minor > 0), "{code}");
        assert!(goods.iter().all(|item| shop.by_code(&item.codes[0]) == Some(item)), "{code}");
    }
}
