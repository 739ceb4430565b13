//! Lists and codes.

use crate::ecrhub::{Class, Code, Obstacle, Scenario, Status, TransType, inner};

#[test]
fn every_code_of_the_table_has_its_class() {
    let said = |code: &str, words: &str| Code::of(code).class(words);
    let table = [
        ("000", Class::Success),
        ("0", Class::Success),
        ("200", Class::Unclear),
        ("001", Class::SetUp),
        ("-1", Class::SetUp),
        ("", Class::Unclear),
        ("101", Class::Unclear),
        ("102", Class::Cancelled),
        ("103", Class::Success),
        ("104", Class::NotFound),
        ("105", Class::TakenBack),
        ("106", Class::Declined),
        ("107", Class::Unclear),
        ("108", Class::Unclear),
        ("109", Class::Unclear),
        ("110", Class::Cancelled),
        ("111", Class::Cancelled),
        ("112", Class::Unclear),
        ("113", Class::Busy),
        ("114", Class::Unsupported),
        ("117", Class::Unsupported),
        ("119", Class::Blocked(Obstacle::Settled)),
        ("120", Class::Declined),
        ("121", Class::Faulty),
        ("201", Class::Faulty),
        ("202", Class::Faulty),
        ("999", Class::Unclear),
        ("TS-D2012", Class::Declined),
        ("E04110", Class::NotFound),
        ("E04111", Class::NotFound),
        ("E04112", Class::Exists),
        ("E04131", Class::Exists),
        ("SYS002", Class::SetUp),
        ("E07303", Class::SetUp),
        ("ET002", Class::Blocked(Obstacle::NoOriginal)),
        ("ET003", Class::Blocked(Obstacle::NoOriginal)),
        ("ET007", Class::Blocked(Obstacle::Settled)),
        ("TSYS-ET008", Class::Blocked(Obstacle::Settled)),
        ("FS-D0090", Class::Blocked(Obstacle::Settled)),
        ("D0005", Class::Blocked(Obstacle::NotSettled)),
        ("FD-D0091", Class::Blocked(Obstacle::NotSettled)),
        ("E04126", Class::Blocked(Obstacle::TooMuch)),
        ("E04130", Class::Blocked(Obstacle::TooMuch)),
        ("E04132", Class::Blocked(Obstacle::NoPart)),
        ("CP-E1502", Class::Blocked(Obstacle::NoPart)),
        ("D0094", Class::Blocked(Obstacle::OtherCard)),
    ];
    for (code, class) in table {
        assert_eq!(said(code, "any words"), class, "{code}");
    }
    assert_eq!(said("106", "Failed[[M009]invalid application invoke]"), Class::SetUp);
    assert_eq!(said("106", "Failed[[M010]can't find original]"), Class::NotFound);
}

#[test]
fn a_refusal_whose_words_say_that_nobody_knows_is_none() {
    for words in ["Host TimeOut", "request timed out", "Unknown result", "network error"] {
        for code in ["TS-D9999", "106", "110", "120", "X1"] {
            assert_eq!(Code::of(code).class(words), Class::Unclear, "{code} {words}");
        }
    }
    assert_eq!(Code::of("104").class("unknown order"), Class::NotFound);
}

#[test]
fn the_inner_code_stands_in_brackets() {
    assert_eq!(inner("Operator cancellation[[K026]Manual]"), Some("K026"));
    assert_eq!(inner("[M009] invalid application invoke"), Some("M009"));
    for none in ["", "plain", "[", "[[", "[]", "[[a b]c]", "[123456789]"] {
        assert_eq!(inner(none), None, "{none}");
    }
}

#[test]
fn lists_read_what_they_write() {
    for (kind, number) in TransType::ALL {
        assert_eq!((TransType::of(number), kind.number()), (Some(kind), number));
    }
    assert_eq!(TransType::of("12"), None);
    for (way, word) in Scenario::ALL {
        assert_eq!((Scenario::of(word), way.word()), (Some(way), word));
    }
    for number in ["9", "0", "1", "2", "3", "4"] {
        assert_eq!(Status::of(number).number(), number);
    }
    for other in ["", "02", "5", "-1", "2.0"] {
        assert_eq!(Status::of(other), Status::Other, "{other}");
    }
}
