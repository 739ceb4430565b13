//! The code table.

use super::super::plain::{Call, Message, Reply, written};
use super::super::{Class, Code, Limits, Method, assumed};
use std::collections::BTreeSet;

#[test]
fn every_code_of_the_dossier_is_in_the_table_once() {
    let mut listed: Vec<String> = Code::all().map(|code| code.to_string()).collect();
    let all = listed.len();
    listed.sort();
    listed.dedup();
    assert_eq!(listed.len(), all);
    let numbers = (0..=64).chain(75..=79).chain(90..=92).map(|number| format!("{number:02}"));
    let app = (1..=13).chain(19..=26).chain([99]).map(|number| format!("KA{number:03}"));
    let mut expected: Vec<String> = numbers.chain(app).chain(["AR001".to_owned()]).collect();
    expected.sort();
    assert_eq!(listed, expected);
}

#[test]
fn both_generations_spell_one_code() {
    for code in Code::all() {
        assert_eq!(Code::of(&code.five()), code);
        assert!(code.is_listed());
        assert!(code.five().len() == 5);
    }
    assert_eq!(Code::of("KP078"), Code::of("78"));
    assert_eq!(Code::of("00000"), Code::of("00"));
}

#[test]
fn a_code_that_is_not_in_the_table_is_unknown() {
    for text in
        ["", "0", "000", "0000", "65", "74", "80", "99", "KP065", "KA014", "KA018", "AR002", "approved"]
    {
        assert_eq!(Code::of(text).class(), Class::Unknown, "{text}");
        assert!(!Code::of(text).is_listed());
    }
}

#[test]
fn only_one_code_is_an_approval() {
    let approvals: Vec<_> = Code::all().filter(|code| code.class() == Class::Approved).collect();
    assert_eq!(approvals, [Code::of("00")]);
    for text in ["KP000", "000", "0", "000000", "KA000", " 0 0", "KP0", "KP"] {
        assert_eq!(Code::of(text).class(), Class::Unknown, "{text}");
    }
}

#[test]
fn a_result_code_whose_table_nobody_has_says_nothing() {
    let of = |call, pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().copied().chain([("TxnID", "1")]);
        let message = Message::decode(written(pairs).as_bytes(), None, None, &Limits::REPLY).unwrap();
        Reply::read(&message).map(|reply| reply.code(call).unwrap())
    };
    for pairs in [&[("ResultCode", "51"), ("RespCd", "00")][..], &[("ResultCode", "51")]] {
        let code = of(Call::Payment, pairs).unwrap();
        assert_eq!((code.as_str(), code.class()), ("ResultCode 51", Class::Unknown), "{pairs:?}");
    }
    // That an enquiry succeeded is not that the payment did.
    assert_eq!(of(Call::Enquiry, &[("ResultCode", "00")]).unwrap().class(), Class::Unknown);
    let reply = |pairs: &[(&str, &str)]| of(Call::Payment, pairs).map(|code| code.to_string());
    assert_eq!(reply(&[("ResultCode", "05"), ("RespCd", "51")]).unwrap(), "51");
    assert_eq!(reply(&[("ResultCode", "00"), ("RespCd", "51")]).unwrap(), "51");
    assert_eq!(reply(&[("RespCd", "51")]).unwrap(), "51");
    assert_eq!(reply(&[("ResultCode", "00")]).unwrap(), "00");
    assert!(reply(&[]).is_err());
}

#[test]
fn methods_have_their_digits() {
    let digits: Vec<_> = Method::ALL.iter().map(Method::as_str).collect();
    assert_eq!(digits, ["00", "01", "04", "05", "08", "09"]);
    assert_eq!(Method::of("07"), Method::Other("07".to_owned()));
}

#[test]
fn every_assumption_has_a_number_of_its_own() {
    let ids: BTreeSet<_> = assumed::LEDGER.iter().map(|assumption| assumption.id).collect();
    assert_eq!((ids.len(), assumed::LEDGER.len()), (17, 17));
}
