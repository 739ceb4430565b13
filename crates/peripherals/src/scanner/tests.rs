//! Scanners of every habit, over bytes alone and over a pair of pseudo terminals.

use super::{Heard, SCAN_GAP, SCAN_STALLED, SCANNED, Texts};

fn scan(text: &str) -> Heard {
    Heard::Scan(text.to_owned())
}

#[test]
fn each_sign_for_an_end_ends_a_scan_once() {
    let mut texts = Texts::default();
    assert_eq!(
        texts.take(b"287654\r\n7310865\r\r\n\nA B\n"),
        [scan("287654"), scan("7310865"), scan("A B")]
    );
    assert_eq!(texts.take(b"28"), []);
    assert_eq!(texts.take(b"76"), []);
    assert_eq!(texts.take(b"54\r"), [scan("287654")]);
}

#[test]
fn a_scanner_without_an_end_ends_with_its_silence() {
    let mut texts = Texts::default();
    assert_eq!(texts.take(b"2876"), []);
    assert_eq!(texts.wait(), None, "it may only be slow");
    assert_eq!(texts.take(b"54"), []);
    for _ in 1..SCAN_GAP {
        assert_eq!(texts.wait(), None);
    }
    assert_eq!(texts.wait(), Some(scan("287654")));
    assert_eq!(texts.wait(), None, "once");
}

#[test]
fn a_scanner_that_stops_before_its_end_has_not_sent_a_scan() {
    let mut texts = Texts::default();
    assert_eq!(texts.take(b"1\r"), [scan("1")]);
    assert_eq!(texts.take(b"2876"), []);
    for _ in 1..SCAN_STALLED {
        assert_eq!(texts.wait(), None);
    }
    assert_eq!(texts.take(b"54\r"), [scan("287654")], "it was only slow");
    assert_eq!(texts.take(b"2876"), []);
    for _ in 0..SCAN_STALLED {
        assert_eq!(texts.wait(), None);
    }
    assert_eq!(texts.take(b"54\r"), [scan("54")]);
}

#[test]
fn what_is_longer_than_any_code_is_dropped_whole_and_told_once() {
    let mut texts = Texts::default();
    let longest = "7".repeat(SCANNED);
    assert_eq!(texts.take(format!("{longest}\r").as_bytes()), [scan(&longest)]);
    for _ in 0..3 {
        assert_eq!(texts.take(longest.as_bytes()), []);
    }
    assert_eq!(texts.take(b"tail\r42\r"), [Heard::TooLong, scan("42")]);
}

#[test]
fn bytes_of_no_text_are_no_reason_to_stop_and_a_debug_line_tells_no_code() {
    let mut texts = Texts::default();
    let heard = texts.take(b"\xff28\r");
    assert_eq!(heard, [scan("\u{fffd}28")]);
    assert_eq!(format!("{heard:?}"), "[Scan(3 characters)]");
}

#[cfg(unix)]
mod lines {
    use super::super::{Away, Heard, Scanner};
    use super::scan;
    use serialport::{SerialPort, TTYPort};
    use std::io::Write;
    use std::path::Path;

    /// A scanner's end of a line whose other end is found under this name.
    fn plugged_in(name: &Path) -> TTYPort {
        let (scanner, port) = TTYPort::pair().unwrap();
        let _ = std::fs::remove_file(name);
        std::os::unix::fs::symlink(port.name().unwrap(), name).unwrap();
        scanner
    }

    /// Listens until something is heard.
    fn heard(scanner: &mut Scanner) -> Vec<Heard> {
        loop {
            let heard = scanner.listen().unwrap();
            if !heard.is_empty() {
                return heard;
            }
        }
    }

    #[test]
    fn a_scanner_is_heard_pulled_out_and_heard_again() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("scanner");
        let mut scanner = Scanner::at(&name.display().to_string(), 9_600);
        assert!(matches!(scanner.listen(), Err(Away { .. })), "it is not there yet");
        let mut hand = plugged_in(&name);
        assert_eq!(scanner.listen().unwrap(), []);
        hand.write_all(b"287654321098765432\r\n").unwrap();
        assert_eq!(heard(&mut scanner), [scan("287654321098765432")]);
        hand.write_all(b"2876").unwrap();
        drop(hand);
        while scanner.listen().is_ok() {}
        let mut hand = plugged_in(&name);
        while scanner.listen().is_err() {}
        hand.write_all(b"54\r").unwrap();
        assert_eq!(heard(&mut scanner), [scan("54")], "nothing of before");
    }
}
