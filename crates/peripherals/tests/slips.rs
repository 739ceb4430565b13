//! Receipts on paper and as files: what stands on them, and that what is written is what is read back.
#![allow(clippy::unwrap_used)]

use domain::receipt::{Copy, Receipt};
use peripherals::limits::COLUMNS;
use peripherals::paper::{self, Event, Unread};
use peripherals::slip::{Align, Language, Marks, Size, Slip};
use peripherals::{code_page, escpos, pdf};
use proptest::prelude::*;

const KIOSK: &[&str] = &[
    "        Hörnans Kiosk",
    "Storgatan 1, Åmål",
    "",
    "TOTAL           SEK 12,50",
    "Rätt kod – tack för besöket!",
];

fn receipt(lines: &[&str]) -> Receipt {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    Receipt { copy: Copy::Customer, lines, to_sign: false, readable: true }
}

fn printed(receipt: &Receipt, marks: Marks) -> String {
    let events = paper::read(&escpos::slip(&Slip::of(receipt, marks, COLUMNS))).unwrap();
    paper::text(&events, COLUMNS)
}

#[test]
fn a_receipt_keeps_its_layout_and_is_cut() {
    let expected = "        Hörnans Kiosk\n\
                    Storgatan 1, Åmål\n\
                    \n\
                    TOTAL           SEK 12,50\n\
                    Rätt kod – tack för besöket!\n\
                    - - - - - - - - - - - - - - - - - - - - -\n";
    assert_eq!(printed(&receipt(KIOSK), Marks::default()), expected);
}

#[test]
fn a_slip_to_sign_has_a_line_and_room_for_it() {
    let slip = Receipt { to_sign: true, copy: Copy::Merchant, ..receipt(&["TOTAL 1,00"]) };
    let line = "_".repeat(COLUMNS);
    let cut = "- - - - - - - - - - - - - - - - - - - - -";
    let marks = Marks { language: Language::Swedish, ..Marks::default() };
    assert_eq!(printed(&slip, marks), format!("TOTAL 1,00\n\n\n\n{line}\nUnderskrift\n{cut}\n"));
}

#[test]
fn a_copy_says_so_first_and_twice_the_size() {
    for (language, word) in [(Language::Swedish, "KOPIA"), (Language::English, "COPY")] {
        let marks = Marks { copy: true, language, ..Marks::default() };
        let events = paper::read(&escpos::slip(&Slip::of(&receipt(KIOSK), marks, COLUMNS))).unwrap();
        let large: Vec<_> = rows(&events).filter(|row| row.style.size == Size::Double).collect();
        assert_eq!(large.len(), 1);
        assert_eq!((large[0].text.as_str(), large[0].style.bold), (word, true));
        assert_eq!(large[0].style.align, Align::Centre);
        assert_eq!(rows(&events).next(), Some(large[0]));
    }
}

#[test]
fn practice_stands_above_and_below_whoever_says_so() {
    let marked = receipt(KIOSK).marked_practice();
    let by_text = Slip::of(&marked, Marks::default(), COLUMNS);
    let by_mark = Slip::of(&receipt(KIOSK), Marks { practice: true, ..Marks::default() }, COLUMNS);
    assert_eq!(by_text, by_mark);
    let large: Vec<&str> = by_text
        .rows
        .iter()
        .filter(|row| row.style.size == Size::Double)
        .map(|row| row.text.as_str())
        .collect();
    assert_eq!(large, ["PRACTICE", "NOT A RECEIPT", "PRACTICE", "NOT A RECEIPT"]);
}

#[test]
fn long_lines_break_at_spaces_and_long_words_within() {
    let slip = Slip::of(&receipt(&["  one two three four", "aaaaaaaaaaaaaaaabb"]), Marks::default(), 0);
    let rows: Vec<&str> = slip.rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(rows, ["  one two three", "four", "aaaaaaaaaaaaaaaa", "bb"], "16 columns at least");
}

#[test]
fn a_terminals_text_cannot_open_the_drawer() {
    let nasty = receipt(&["\u{1b}p\u{0}\u{19}\u{fa}", "a\u{10}\u{4}\u{4}b", "one\r\ntwo\tthree"]);
    assert_eq!(
        printed(&nasty, Marks::default()).lines().take(4).collect::<Vec<_>>(),
        ["?p??ú", "a???b", "one", "two three"]
    );
}

#[test]
fn the_drawer_opens_once() {
    assert_eq!(paper::read(&escpos::open_drawer()).unwrap(), [Event::Drawer]);
}

#[test]
fn a_style_does_not_leak_into_the_next_slip() {
    let marks = Marks { practice: true, ..Marks::default() };
    let mut bytes = escpos::slip(&Slip::of(&receipt(KIOSK), marks, COLUMNS));
    bytes.extend(b"after\n");
    let events = paper::read(&bytes).unwrap();
    assert_eq!(rows(&events).last().map(|row| row.style), Some(Default::default()));
}

#[test]
fn a_stream_that_nobody_wrote_is_told_with_its_place() {
    assert_eq!(paper::read(b"ab\n\x07"), Err(Unread::Foreign { at: 3, byte: 7 }));
    assert_eq!(paper::read(b"\x1b(kabc"), Err(Unread::Foreign { at: 0, byte: 0x1b }));
    assert_eq!(paper::read(b"a row without its end"), Err(Unread::Cut));
    assert_eq!(paper::read(b"\x1dV"), Err(Unread::Cut));
}

#[test]
fn a_pdf_has_a_page_for_each_slip_and_is_the_same_every_day() {
    let marks = Marks { copy: true, language: Language::Swedish, ..Marks::default() };
    let slips = [Slip::of(&receipt(KIOSK), marks, COLUMNS), Slip::of(&receipt(&["漢"]), marks, COLUMNS)];
    let made = pdf::document(&slips, "Receipt").unwrap();
    assert!(made.starts_with(b"%PDF-1."));
    let text = String::from_utf8_lossy(&made);
    assert_eq!(text.matches("/Type/Page/").count(), 2);
    assert_eq!(text.matches("/MediaBox[0 0 226.77").count(), 2, "80 mm wide");
    assert_eq!(pdf::document(&slips, "Receipt").unwrap(), made);
    assert!(made.len() < 60_000, "{} bytes", made.len());
}

#[test]
fn a_receipt_without_end_is_refused_as_pdf() {
    let endless = receipt(&["line"; 5_000]);
    let slip = Slip::of(&endless, Marks::default(), COLUMNS);
    assert_eq!(pdf::document(&[slip], "Receipt"), Err(pdf::Unmade::TooLong));
}

fn rows(events: &[Event]) -> impl Iterator<Item = &peripherals::slip::Row> {
    events.iter().filter_map(|event| match event {
        Event::Row(row) => Some(row),
        Event::Cut | Event::Drawer => None,
    })
}

/// As the code page has it.
fn on_paper(text: &str) -> String {
    text.chars().filter_map(|sign| code_page::sign(code_page::byte(sign))).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(
        lines in prop::collection::vec(any::<String>(), 0..12),
        flags in any::<[bool; 4]>(),
        columns in 0_usize..64,
    ) {
        let [copy, practice, to_sign, is_swedish] = flags;
        let language = if is_swedish { Language::Swedish } else { Language::English };
        let receipt = Receipt { copy: Copy::Customer, lines, to_sign, readable: true };
        let slip = Slip::of(&receipt, Marks { copy, practice, language }, columns);
        let events = paper::read(&escpos::slip(&slip)).unwrap();
        let read: Vec<_> = rows(&events).cloned().collect();
        let written: Vec<_> = slip.rows.iter().cloned().map(|mut row| {
            row.text = on_paper(&row.text);
            row
        }).collect();
        prop_assert_eq!(&read, &written);
        prop_assert_eq!(events.len(), read.len() + 1, "one cut, no drawer");
        for row in read {
            prop_assert!(row.text.chars().count() * row.style.size.columns() <= slip.columns);
        }
    }

    #[test]
    fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = paper::read(&bytes).map(|events| paper::text(&events, COLUMNS));
    }
}
