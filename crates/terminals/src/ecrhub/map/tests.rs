//! Every row of the dossier's tables by what it means for a sale, a void, a refund and a query.

use super::*;
use domain::ids::{OperationId, Seed, TerminalId};
use domain::operation::{Kind, Method};
use wire::ecrhub::TransType::{Refund, Sale, Void};

fn answer(code: &str, words: &str, status: Option<&str>) -> Answer {
    let record = Record { status: status.map(str::to_owned), ..Record::default() };
    Answer { code: Some(Code::of(code)), words: words.to_owned(), record, is_proven: true }
}

/// What an answer to a query about a sale of 45.00 says.
fn looked(answer: &Answer) -> Found {
    let (operation, reference) = (operation(45_00, "QAR"), Reference("N1".to_owned()));
    found(answer, &Asked { operation: &operation, reference: &reference })
}

/// What a last word means, in short.
fn said(answer: &Answer, kind: TransType) -> String {
    in_short(&ordered(answer, kind))
}

fn in_short(word: &Word) -> String {
    match word {
        Word::Final(said) => format!("{said:?}"),
        Word::Verify(said) => format!("verify {said:?}"),
        Word::Busy => "busy".to_owned(),
        Word::Ask => "ask".to_owned(),
        Word::Blocked(obstacle) => format!("{obstacle:?}"),
        Word::AlreadyDone => "done before".to_owned(),
        Word::Ended(fault) => format!("{:?} {}", fault.certainty, fault.reason.code()),
    }
}

/// Code, words, and what they mean for a sale, a void and a refund where no state is told.
const CODES: &[(&str, &str, [&str; 3])] = &[
    ("0", "", ["Approved"; 3]),
    ("000", "", ["Approved"; 3]),
    ("103", "", ["Approved"; 3]),
    ("200", "", ["ask"; 3]),
    ("001", "", ["Refused login_refused"; 3]),
    ("101", "", ["ask"; 3]),
    ("102", "", ["Cancelled"; 3]),
    ("104", "", ["ask", "NoOriginal", "NoOriginal"]),
    ("105", "", ["ask", "done before", "done before"]),
    ("106", "", ["Declined"; 3]),
    ("106", "Failed[[M009]invalid application invoke]", ["Refused login_refused"; 3]),
    ("107", "", ["ask"; 3]),
    ("108", "", ["ask"; 3]),
    ("109", "", ["ask"; 3]),
    ("110", "Operator cancellation[[K026]Manual]", ["Cancelled"; 3]),
    ("111", "", ["verify Cancelled"; 3]),
    ("112", "", ["ask"; 3]),
    ("113", "", ["busy"; 3]),
    ("114", "", ["Refused unavailable_service"; 3]),
    ("117", "", ["Refused unavailable_service"; 3]),
    ("119", "", ["Declined", "Settled", "Settled"]),
    ("120", "", ["Declined"; 3]),
    ("121", "", ["Refused message_format"; 3]),
    ("201", "", ["Refused message_format"; 3]),
    ("202", "Error[[M003]invalid amount]", ["Refused message_format"; 3]),
    ("999", "", ["ask"; 3]),
    ("TS-D2012", "Insufficient funds", ["Declined"; 3]),
    ("TS-D9999", "request timed out", ["ask"; 3]),
    ("D0005", "", ["Declined", "NotSettled", "NotSettled"]),
    ("E04126", "", ["Declined", "TooMuch", "TooMuch"]),
    ("E1502", "", ["Declined", "NoPart", "NoPart"]),
    ("D0094", "", ["Declined", "OtherCard", "OtherCard"]),
    ("E04112", "", ["Unknown reference_in_use"; 3]),
    ("SYS002", "", ["ask"; 3]),
    ("E07303", "", ["ask"; 3]),
    // Acquirers have codes of their own; their words tell.
    ("X1", "Transaction is already settled", ["Declined", "Settled", "Declined"]),
    ("X1", "Transaction is not settled", ["Declined", "Declined", "NotSettled"]),
    ("X1", "already voided", ["Declined", "done before", "done before"]),
    ("X1", "Original does not exist", ["Declined", "NoOriginal", "NoOriginal"]),
];

#[test]
fn every_code_means_what_it_means_for_its_request() {
    for (code, words, expected) in CODES {
        let of = |kind| said(&answer(code, words, None), kind);
        assert_eq!([of(Sale), of(Void), of(Refund)], *expected, "{code} {words}");
    }
    assert_eq!(said(&Answer::default(), Sale), "ask", "no code at all");
}

#[test]
fn a_state_that_contradicts_the_code_leaves_it_open() {
    let table = [
        ("0", Some("2"), "Approved"),
        ("0", Some("1"), "Declined"),
        ("0", Some("3"), "Cancelled"),
        ("0", Some("0"), "ask"),
        ("0", Some("9"), "ask"),
        ("0", Some("4"), "ask"),
        ("0", Some("7"), "ask"),
        ("110", Some("2"), "ask"),
        ("110", Some("1"), "Cancelled"),
        ("TS-D2012", Some("0"), "ask"),
        ("TS-D2012", Some("9"), "ask"),
        ("TS-D2012", Some("2"), "ask"),
        ("TS-D2012", Some("1"), "Declined"),
        ("120", Some("4"), "ask"),
        ("113", Some("2"), "ask"),
    ];
    for (code, status, expected) in table {
        assert_eq!(said(&answer(code, "", status), Sale), expected, "{code} {status:?}");
    }
    // An approval code is a sign of money, whatever else is said.
    for (code, status) in [("110", None), ("TS-D2012", Some("1")), ("0", Some("1")), ("0", Some("3"))] {
        let mut answer = answer(code, "", status);
        answer.record.approval = Some("123456".to_owned());
        assert_eq!(said(&answer, Sale), "ask", "{code} {status:?}");
    }
}

#[test]
fn what_is_not_proven_or_about_another_kind_approves_nothing() {
    let mut unproven = answer("0", "", Some("2"));
    unproven.is_proven = false;
    assert_eq!(said(&unproven, Sale), "ask");
    assert!(matches!(looked(&unproven), Found::CannotTell(_)));
    let mut other = answer("0", "", Some("2"));
    other.record.kind = Some("3".to_owned());
    assert_eq!(said(&other, Sale), "Unknown mismatch");
    assert!(matches!(looked(&other), Found::CannotTell(_)));
    other.record.kind = Some("1".to_owned());
    assert_eq!(said(&other, Sale), "Approved");
}

#[test]
fn a_query_tells_by_the_state_alone() {
    let told = |code: &str, words: &str, status: Option<&str>| match looked(&answer(code, words, status)) {
        Found::Final(said) => format!("{said:?}"),
        Found::Waiting => "waiting".to_owned(),
        Found::Running => "running".to_owned(),
        Found::NoRecord => "no record".to_owned(),
        Found::CannotTell(fault) => fault.reason.code().to_owned(),
    };
    let table = [
        ("0", "", Some("2"), "Approved"),
        ("000", "", Some("1"), "Declined"),
        ("103", "", Some("3"), "Cancelled"),
        ("0", "", Some("9"), "waiting"),
        ("0", "", Some("0"), "running"),
        ("0", "", Some("4"), "cannot_tell"),
        ("0", "", Some("8"), "cannot_tell"),
        // Only the order's own answer may leave the state out.
        ("0", "", None, "cannot_tell"),
        ("104", "", None, "no record"),
        ("E04111", "", None, "no record"),
        ("104", "", Some("2"), "cannot_tell"),
        ("101", "", None, "running"),
        ("113", "", None, "running"),
        ("105", "", None, "cannot_tell"),
        ("110", "", None, "cannot_tell"),
        ("110", "", Some("1"), "Declined"),
        ("TS-D2012", "", None, "cannot_tell"),
        ("106", "Failed[[M009]no]", None, "login_refused"),
        ("SYS002", "", None, "login_refused"),
        ("999", "", None, "cannot_tell"),
    ];
    for (code, words, status, expected) in table {
        assert_eq!(told(code, words, status), expected, "{code} {status:?}");
    }
    let mut failed = answer("0", "", Some("1"));
    failed.record.error = Some("110".to_owned());
    assert!(matches!(looked(&failed), Found::Final(Said::Cancelled)), "its own error says why");
}

fn operation(minor: i64, currency: &str) -> Operation {
    let currency = Currency::parse(currency).unwrap();
    let seed = Seed { at: Timestamp::UNIX_EPOCH, random: [7; 10] };
    Operation {
        id: OperationId::of(&seed),
        kind: Kind::Sale,
        terminal: TerminalId("desk".to_owned()),
        requested: Money::new(minor, currency),
        cash_back: Money::zero(currency),
        method: Method::Any,
        original: None,
        motive: None,
        sale: None,
        slot: 0,
        transaction: Reference("1".to_owned()),
        label: None,
        intended_at: Timestamp::UNIX_EPOCH,
    }
}

/// Amounts come back without trailing zeros, or with one; nothing is rounded.
#[test]
fn amounts_are_compared_as_numbers() {
    let asked = Reference("N1".to_owned());
    let booked = |minor: i64, currency: &str, told: &str, tip: Option<&str>, total: Option<&str>| {
        let mut answer = answer("0", "", Some("2"));
        answer.record.amount = Some(told.to_owned());
        answer.record.tip = tip.map(str::to_owned);
        answer.record.total = total.map(str::to_owned);
        let outcome = outcome(&operation(minor, currency), &answer, Said::Approved, &asked);
        (outcome.amount.map(|it| it.minor), outcome.tip.map(|it| it.minor))
    };
    assert_eq!(booked(45_00, "QAR", "45", None, None), (Some(45_00), None));
    assert_eq!(booked(45_00, "QAR", "45.0", None, Some("45.00")), (Some(45_00), None));
    assert_eq!(booked(1, "QAR", "0.01", None, None), (Some(1), None));
    assert_eq!(booked(10, "QAR", "0.1", None, None), (Some(10), None));
    assert_eq!(booked(123_456_789, "QAR", "1234567.89", None, None), (Some(123_456_789), None));
    assert_eq!(booked(45, "JPY", "45", None, None), (Some(45), None));
    assert_eq!(booked(45_000, "KWD", "45.0", None, None), (Some(45_000), None));
    assert_eq!(booked(45_00, "QAR", "45", Some("4.5"), Some("49.5")), (Some(49_50), Some(4_50)));
    // Finer than the currency, no number, or parts that do not add up: it matches nothing.
    for (told, tip, total) in [
        ("45.001", None, None),
        ("45,00", None, None),
        ("-45", None, None),
        ("4.5e1", None, None),
        ("45", Some("x"), None),
        ("45", None, Some("46")),
    ] {
        assert_eq!(booked(45_00, "QAR", told, tip, total), (None, None), "{told}");
    }
}

#[test]
fn what_is_kept_is_bounded_and_names_nobody() {
    let mut answer = answer("0", &format!("paid\n{}", "x".repeat(400)), Some("2"));
    answer.record.account = Some("o0Jpf0ZpU9EiWW7Ym4wQlcJGvdHE".to_owned());
    answer.record.trans_no = Some("9".repeat(65));
    let told = outcome(&operation(100, "QAR"), &answer, Said::Approved, &Reference("N1".to_owned()));
    let detail = told.detail.unwrap();
    assert!(detail.chars().count() <= 200 && !detail.contains('\n'), "{detail}");
    assert_eq!(told.instrument.unwrap().number, None, "a person's account is kept nowhere");
    assert_eq!(told.evidence.get("trans_no"), None);
    assert_eq!(told.evidence.get(NUMBER), Some("N1"));
    assert!(told.echo.amount_implied);
}

/// What names another order, or the same one with another amount, settles nothing that is compared nowhere.
#[test]
fn words_about_something_else_are_none() {
    type Change = fn(&mut Record);
    let changes: [(&str, Change); 3] = [
        ("number", |record| record.number = Some("N2".to_owned())),
        ("amount", |record| record.amount = Some("46".to_owned())),
        ("currency", |record| record.currency = Some("THB".to_owned())),
    ];
    for (what, change) in changes {
        for (code, status) in [("0", "9"), ("0", "0"), ("0", "1"), ("0", "3"), ("0", "2"), ("E04111", "")] {
            let mut answer = answer(code, "", Some(status).filter(|status| !status.is_empty()));
            change(&mut answer.record);
            let found = looked(&answer);
            let is_compared = status == "2" || (what == "number" && matches!(status, "1" | "3"));
            let is_bare = status.is_empty() && what != "number";
            match found {
                Found::Final(_) => assert!(is_compared, "{what} {status}"),
                Found::NoRecord => assert!(is_bare, "{what} {status}"),
                Found::CannotTell(fault) => assert_eq!(fault.reason, Reason::Mismatch, "{what} {status}"),
                Found::Waiting | Found::Running => panic!("{what} {status}"),
            }
        }
    }
    let mut same = answer("0", "", Some("9"));
    (same.record.number, same.record.amount) = (Some("N1".to_owned()), Some("45.0".to_owned()));
    same.record.currency = Some("qar".to_owned());
    assert!(matches!(looked(&same), Found::Waiting));
}

/// A refusal of whoever passes orders on, once a query agrees.
#[test]
fn a_refusal_that_a_query_confirms_moves_nothing() {
    let table = [
        ("SYS002", "sign error", "Refused login_refused"),
        ("E07303", "no permission", "Refused login_refused"),
        ("E09999", "Terminal is offline", "Refused device_out"),
        ("E09999", "something", "Declined"),
        ("E04112", "", "Unknown reference_in_use"),
        ("113", "", "busy"),
        ("110", "[[K026]x]", "Cancelled"),
        ("111", "", "Cancelled"),
        ("201", "", "Refused message_format"),
        ("E09999", "request timeout", "ask"),
        ("999", "", "ask"),
    ];
    for (code, words, expected) in table {
        assert_eq!(in_short(&refused(&answer(code, words, None), Sale)), expected, "{code} {words}");
    }
    assert_eq!(in_short(&refused(&answer("ET008", "", None), Void)), "Settled");
    assert_eq!(in_short(&refused(&answer("E04126", "", None), Refund)), "TooMuch");
}

/// The error of a void or refund that failed says which other operation is the way.
#[test]
fn a_void_or_refund_that_failed_tells_what_to_do_in_its_place() {
    let failed = |code: &str, words: &str, kind| {
        let record = Record {
            error: Some(code.to_owned()),
            error_words: Some(words.to_owned()),
            ..Record::default()
        };
        failed_back(&record, kind).map(|word| in_short(&word))
    };
    let of = |text: &str| Some(text.to_owned());
    assert_eq!(failed("ET008", "", Void), of("Settled"));
    assert_eq!(failed("TS-D2012", "batch already settled", Void), of("Settled"));
    assert_eq!(failed("TS-D0005", "", Refund), of("NotSettled"));
    assert_eq!(failed("9", "already refunded", Refund), of("done before"));
    assert_eq!(failed("TS-D2012", "Insufficient funds", Refund), None);
    assert_eq!(failed("ET008", "", Sale), None);
    assert!(failed_back(&Record::default(), Void).is_none());
}
