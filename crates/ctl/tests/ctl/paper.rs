//! A till with a printer: what it writes is read back as what would be on the paper.

use crate::program::{Folder, HEAD};
use till::seams::peripherals::limits::COLUMNS;
use till::seams::peripherals::paper::{self, Event};

/// A practice folder whose printer is a file in it.
fn with_printer(printer: &str) -> Folder {
    let terminal =
        "[[terminal]]\nid = \"desk\"\ndriver = \"training\"\n[terminal.settings]\ndelay_ms = 0\n";
    Folder::with(&format!("{HEAD}{printer}{terminal}"))
}

fn printed(folder: &Folder) -> (Vec<Event>, String) {
    let bytes = std::fs::read(folder.path().join("printer.bin")).unwrap();
    let events = paper::read(&bytes).unwrap();
    let text = paper::text(&events, COLUMNS);
    (events, text)
}

#[test]
fn the_customers_copy_comes_out_of_a_printer_that_is_a_file() {
    let folder =
        with_printer("[printer]\ndriver = \"file\"\ntarget = \"printer.bin\"\nlanguage = \"sv\"\n");
    folder.pay("12.50", &[]).exits(0);
    let (events, text) = printed(&folder);
    assert_eq!(events.iter().filter(|event| **event == Event::Cut).count(), 1, "{text}");
    assert!(text.contains("Ö V N I N G") && text.contains("12.50"), "{text}");
    // The next payment finds nothing left to print, and adds its own.
    folder.pay("13.50", &[]).exits(0);
    let (events, text) = printed(&folder);
    assert_eq!(events.iter().filter(|event| **event == Event::Cut).count(), 2, "{text}");
}

#[test]
fn a_printer_that_is_away_fails_no_payment() {
    let folder = with_printer("[printer]\ndriver = \"tcp\"\ntarget = \"127.0.0.1:9\"\n");
    folder.pay("12.50", &[]).exits(0);
    folder.ran(&["journal", "verify"]).exits(0);
    let step = folder.ran(&["check", "printer"]).exits(1).one("step").clone();
    assert_eq!((&step["name"], &step["ok"]), (&"printer".into(), &false.into()), "{step}");
    assert!(step["fix"].as_str().is_some_and(|fix| fix.contains("9100")), "{step}");
}

#[test]
fn a_printer_is_asked_how_it_is() {
    let folder = with_printer("[printer]\ndriver = \"file\"\ntarget = \"printer.bin\"\n");
    assert_eq!(folder.ran(&["check", "printer"]).exits(0).one("step")["ok"], true);
    let none = with_printer("").ran(&["check", "printer"]).exits(1);
    assert!(none.one("step")["detail"].as_str().unwrap().contains("no printer is set up"));
}
