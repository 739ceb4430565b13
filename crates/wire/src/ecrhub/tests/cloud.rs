//! The gateway's signatures: every vector of the dossier byte for byte, and what must not pass.

use crate::ecrhub::cloud::{
    Caller, Method, Notification, Proof, Push, Reply, Request, Route, RsaPrivate, RsaPublic, canonical,
    sign,
};
use crate::ecrhub::{DecodeError, Json, Limits, Order, Scenario, Status, TransType};
use proptest::prelude::*;

const POS: &str = include_str!("../../../testdata/ecrhub/pos-private.pem");
const POS_PUBLIC: &str = include_str!("../../../testdata/ecrhub/pos-public.pem");
const GATEWAY: &str = include_str!("../../../testdata/ecrhub/gateway-private.pem");
const GATEWAY_PUBLIC: &str = include_str!("../../../testdata/ecrhub/gateway-public.pem");
const VECTORS: [(&str, &str, bool); 4] = [
    (
        include_str!("../../../testdata/ecrhub/v1.json"),
        include_str!("../../../testdata/ecrhub/v1.canonical.txt"),
        true,
    ),
    (
        include_str!("../../../testdata/ecrhub/v2.json"),
        include_str!("../../../testdata/ecrhub/v2.canonical.txt"),
        true,
    ),
    (
        include_str!("../../../testdata/ecrhub/v3.json"),
        include_str!("../../../testdata/ecrhub/v3.canonical.txt"),
        false,
    ),
    (
        include_str!("../../../testdata/ecrhub/v4.json"),
        include_str!("../../../testdata/ecrhub/v4.canonical.txt"),
        false,
    ),
];

fn key(text: &str) -> RsaPrivate {
    RsaPrivate::from_text(text).unwrap()
}

fn public(text: &str) -> RsaPublic {
    RsaPublic::from_text(text).unwrap()
}

/// Names and values of a vector as they are signed.
fn fields(text: &str) -> Vec<(String, String)> {
    let Json::Object(members) = Json::decode(text.as_bytes(), &Limits::REPLY).unwrap() else {
        panic!("no object")
    };
    let value = |json: Json| match json {
        Json::Text(text) | Json::Number(text) => text,
        Json::Null | Json::Flag(_) | Json::Array(_) | Json::Object(_) => panic!("no scalar"),
    };
    members.into_iter().map(|(name, json)| (name, value(json))).collect()
}

#[test]
fn every_vector_is_signed_and_checked_byte_for_byte() {
    for (number, (body, text, is_ours)) in VECTORS.iter().enumerate() {
        let all = fields(body);
        let pairs = || all.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        assert_eq!(canonical(pairs()), *text, "V{}", number + 1);
        let signer = key(if *is_ours { POS } else { GATEWAY });
        let signature = pairs().find(|(name, _)| *name == "sign").map(|(_, value)| value.to_owned());
        assert_eq!(sign(&signer, pairs()), signature, "V{}", number + 1);
        assert_eq!(signature.map(|text| text.len()), Some(344));
    }
}

#[test]
fn requests_are_the_vectors() {
    let caller =
        |timestamp| Caller { app_id: "wztest0000000001", merchant: "300000000001", timestamp, query: None };
    let query = Request::query("T1-20250101-0001");
    assert_eq!(query.written(&caller("1735689605000"), &key(POS)).as_deref(), Some(VECTORS[1].0));
    let order = Order {
        kind: TransType::Sale,
        number: "T1-20250101-0001".to_owned(),
        original: None,
        amount: "45.00".to_owned(),
        cash_back: None,
        currency: "QAR".to_owned(),
        scenario: Some(Scenario::Card),
        expires: 180,
        asks_tip: false,
        confirms: false,
        brand: None,
    };
    let push =
        Push { store: "4000000001", terminal: "TESTSN0000000001", application: "SADAD POS", notify: None };
    let create = Request::create(&order, &push);
    let mut wanted = fields(VECTORS[0].0);
    // What this program does not say: goods, and the order of a queue that is the default.
    wanted.retain(|(name, value)| {
        !matches!(name.as_str(), "sign" | "description" | "order_queue_mode") && !value.is_empty()
    });
    let written = create.written(&caller("1735689600000"), &key(POS)).unwrap();
    let mut told = fields(&written);
    told.retain(|(name, _)| name != "sign");
    wanted.sort();
    told.sort();
    assert_eq!(told, wanted);
    assert_eq!(Method::Create.path(Route::Single), "/api/entry");
    assert_eq!(Method::Create.path(Route::Apart), "/api/entry/ecrorder");
    assert_eq!(Method::of("pay.orderquery"), Some(Method::Query));
    let other = Caller { query: Some("pay.orderquery"), ..caller("1735689605000") };
    assert!(query.written(&other, &key(POS)).unwrap().contains(r#""method":"pay.orderquery""#));
}

#[test]
fn a_reply_is_proven_by_the_gateways_key_alone() {
    let body = VECTORS[2].0;
    let reply = Reply::decode(body.as_bytes(), &public(GATEWAY_PUBLIC)).unwrap();
    assert_eq!((reply.proof, reply.is_broken), (Proof::Proven, false));
    assert_eq!(reply.record.status(), Some(Status::Successful));
    assert_eq!(reply.record.amount.as_deref(), Some("45"));
    assert_eq!(reply.psn.as_deref(), Some("01010000051234567890"));
    let proof = |body: &str, key: &str| Reply::decode(body.as_bytes(), &public(key)).map(|it| it.proof);
    assert_eq!(proof(body, POS_PUBLIC), Ok(Proof::Wrong), "another key");
    assert_eq!(proof(&body.replace("success", "succeed"), GATEWAY_PUBLIC), Ok(Proof::Wrong), "one word");
    assert_eq!(
        proof(&body.replace(r#"\"45\""#, r#"\"46\""#), GATEWAY_PUBLIC),
        Ok(Proof::Wrong),
        "the amount"
    );
    let spaced = body.replace(r#"\"trans_status\":2"#, r#"\"trans_status\": 2"#);
    assert_eq!(proof(&spaced, GATEWAY_PUBLIC), Ok(Proof::Wrong), "data written again");
    let more = body.replacen('{', r#"{"new_field":"x","#, 1);
    assert_eq!(proof(&more, GATEWAY_PUBLIC), Ok(Proof::Wrong), "a member that was not signed");
    assert_eq!(proof(r#"{"code":"0","msg":"success"}"#, GATEWAY_PUBLIC), Ok(Proof::Unsigned));
    assert_eq!(proof(r#"{"code":"0","sign":""}"#, GATEWAY_PUBLIC), Ok(Proof::Unsigned));
    assert_eq!(proof(r#"{"code":"0","sign":"%%%"}"#, GATEWAY_PUBLIC), Ok(Proof::Wrong));
}

/// The order of members, escapes and blanks are of the writing; values are what is signed.
#[test]
fn another_writing_of_the_same_reply_is_proven() {
    let Json::Object(mut members) = Json::decode(VECTORS[2].0.as_bytes(), &Limits::REPLY).unwrap() else {
        panic!("no object")
    };
    members.reverse();
    let turned = Json::Object(members).to_string().replace(r#""code":"0""#, r#""code" : "\u0030""#);
    let reply = Reply::decode(turned.as_bytes(), &public(GATEWAY_PUBLIC)).unwrap();
    assert_eq!(reply.proof, Proof::Proven, "{turned}");
}

#[test]
fn data_as_an_object_is_checked_by_its_own_text() {
    let data = r#"{"merchant_order_no":"N1", "trans_status":2}"#;
    let signature = sign(&key(GATEWAY), [("code", "0"), ("data", data)]).unwrap();
    let body = format!(r#"{{"code":0,"data":{data},"sign":"{signature}"}}"#);
    let reply = Reply::decode(body.as_bytes(), &public(GATEWAY_PUBLIC)).unwrap();
    assert_eq!((reply.proof, reply.record.status()), (Proof::Proven, Some(Status::Successful)));
}

#[test]
fn what_is_no_reply_is_an_error_and_broken_data_is_said() {
    let decode = |body: &str| Reply::decode(body.as_bytes(), &public(GATEWAY_PUBLIC));
    assert_eq!(decode("<html>503</html>"), Err(DecodeError::Syntax));
    assert_eq!(decode(r#"{"msg":"hello"}"#), Err(DecodeError::Field("code")));
    assert_eq!(decode(r#"{"code":"0","code":"1"}"#), Err(DecodeError::Field("a name that is there twice")));
    assert!(decode(r#"{"code":"0","data":"no json"}"#).unwrap().is_broken);
    for empty in [r#"{"code":"0"}"#, r#"{"code":"0","data":""}"#, r#"{"code":"0","data":null}"#] {
        assert!(!decode(empty).unwrap().is_broken, "{empty}");
    }
}

#[test]
fn a_notification_is_the_gateways_or_nothing() {
    let body = VECTORS[3].0;
    let told = Notification::decode(body.as_bytes(), &public(GATEWAY_PUBLIC)).unwrap();
    assert_eq!(told.id.as_deref(), Some("01010000061122334455"));
    assert_eq!(told.record.number.as_deref(), Some("T1-20250101-0001"));
    let decode = |body: &str, key: &str| Notification::decode(body.as_bytes(), &public(key)).map(|_| ());
    assert_eq!(decode(body, POS_PUBLIC), Err(DecodeError::Signature));
    assert_eq!(decode(&body.replace("Visa", "Amex"), GATEWAY_PUBLIC), Err(DecodeError::Signature));
    let attached = body.replace(r#""attach":"""#, r#""attach":"x""#);
    assert_eq!(decode(&attached, GATEWAY_PUBLIC), Err(DecodeError::Signature));
    assert_eq!(decode(VECTORS[2].0, GATEWAY_PUBLIC), Err(DecodeError::Field("method")));
    assert_eq!(decode("{}", GATEWAY_PUBLIC), Err(DecodeError::Signature));
}

#[test]
fn keys_come_in_every_form_that_people_paste() {
    let bare = |pem: &str| -> String {
        pem.lines().filter(|line| !line.starts_with("-----")).collect::<Vec<_>>().join("")
    };
    let input: Vec<(&str, &str)> = vec![("a", "1")];
    let signature = sign(&key(POS), input.clone());
    assert_eq!(sign(&key(&bare(POS)), input.clone()), signature);
    assert_eq!(sign(&key(&POS.replace('\n', " ")), input), signature);
    assert!(public(&bare(POS_PUBLIC)) == public(POS_PUBLIC));
    for none in ["", "hello", "-----BEGIN PRIVATE KEY-----", GATEWAY_PUBLIC] {
        assert!(RsaPrivate::from_text(none).is_err(), "{none}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics_and_proves_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let key = public(GATEWAY_PUBLIC);
        let proven = Reply::decode(&bytes, &key).is_ok_and(|reply| reply.proof == Proof::Proven);
        prop_assert!(!proven && Notification::decode(&bytes, &key).is_err());
    }

    #[test]
    fn a_cut_reply_is_none(cut in 1usize..400) {
        let body = VECTORS[2].0.as_bytes();
        let key = public(GATEWAY_PUBLIC);
        prop_assert!(Reply::decode(&body[..body.len().saturating_sub(cut)], &key).is_err());
    }
}
