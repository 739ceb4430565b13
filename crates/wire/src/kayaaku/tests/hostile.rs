//! What is not to be read: each row is one of the ways in which a message can be wrong.

use super::super::envelope::{open, seal};
use super::super::jwe::{Algorithm, Encryption, JweError, decrypt, encrypt};
use super::super::keys::{EcPrivate, EcPublic, Reader, Recipient, RsaPrivate, RsaPublic};
use super::super::plain::{self, Message};
use super::super::{DecodeError, Limits, sealed};
use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

const GCM: (Algorithm, Encryption) = (Algorithm::EcdhEs, Encryption::A256Gcm);

fn sealed_text() -> String {
    encrypt(PLAIN.as_bytes(), &reader().recipient(), GCM, &fresh(1)).unwrap()
}

/// The text with another header; the rest as it is.
fn with_header(text: &str, change: impl Fn(String) -> String) -> String {
    let (header, rest) = text.split_once('.').unwrap();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(change(header)))
}

#[test]
fn alg_none_and_other_algorithms_are_refused() {
    for other in ["none", "None", "dir", "RSA-OAEP", "RSA1_5", "ECDH-ES+A192KW", "PBES2-HS256+A128KW", ""] {
        let text =
            with_header(&sealed_text(), |header| header.replace("\"ECDH-ES\"", &format!("\"{other}\"")));
        assert_eq!(decrypt(&text, &reader()), Err(JweError::Algorithm), "{other}");
    }
    for other in ["none", "A192GCM", "A192CBC-HS384", ""] {
        let text = with_header(&sealed_text(), |header| header.replace("A256GCM", other));
        assert_eq!(decrypt(&text, &reader()), Err(JweError::Algorithm), "{other}");
    }
    for more in [r#""zip":"DEF","#, r#""crit":["x"],"#] {
        let text = with_header(&sealed_text(), |header| header.replacen('{', &format!("{{{more}"), 1));
        assert_eq!(decrypt(&text, &reader()), Err(JweError::Algorithm), "{more}");
    }
}

#[test]
fn a_list_algorithm_that_was_not_used_does_not_open() {
    let text = with_header(&sealed_text(), |header| header.replace("\"ECDH-ES\"", "\"ECDH-ES+A256KW\""));
    assert_eq!(decrypt(&text, &reader()), Err(JweError::Key));
    let text = with_header(&sealed_text(), |header| header.replace("A256GCM", "A128GCM"));
    assert_eq!(decrypt(&text, &reader()), Err(JweError::Tag));
}

/// Another P-256 key under the same name.
fn stranger(kid: &str) -> Reader {
    Reader::from_jwk(&STRANGER.replace("KID", kid)).unwrap()
}

#[test]
fn another_recipient_is_told_apart() {
    assert_eq!(decrypt(&sealed_text(), &stranger("somebody-else")), Err(JweError::Recipient));
    assert_eq!(decrypt(&sealed_text(), &stranger("kpos-test-1")), Err(JweError::Tag));
}

#[test]
fn a_truncated_tag_is_refused() {
    let text = sealed_text();
    let (rest, tag) = text.rsplit_once('.').unwrap();
    let tag = URL_SAFE_NO_PAD.decode(tag).unwrap();
    for length in 0..tag.len() {
        let short = format!("{rest}.{}", URL_SAFE_NO_PAD.encode(&tag[..length]));
        assert_eq!(decrypt(&short, &reader()), Err(JweError::Tag), "{length}");
    }
    let cbc = (Algorithm::EcdhEs, Encryption::A256CbcHs512);
    let text = encrypt(b"x", &reader().recipient(), cbc, &fresh(2)).unwrap();
    let (rest, tag) = text.rsplit_once('.').unwrap();
    let tag = URL_SAFE_NO_PAD.decode(tag).unwrap();
    let short = format!("{rest}.{}", URL_SAFE_NO_PAD.encode(&tag[..16]));
    assert_eq!(decrypt(&short, &reader()), Err(JweError::Tag));
}

#[test]
fn a_point_that_lies_on_no_curve_agrees_on_nothing() {
    let zero = URL_SAFE_NO_PAD.encode([0u8; 32]);
    let point = format!(
        r#"{{"epk":{{"kty":"EC","crv":"P-256","x":"{zero}","y":"{zero}"}},"alg":"ECDH-ES","enc":"A256GCM"}}"#
    );
    let text = with_header(&sealed_text(), |_| point.clone());
    assert_eq!(decrypt(&text, &reader()), Err(JweError::Key));
    let jwk = format!(r#"{{"kty":"EC","crv":"P-256","kid":"k","x":"{zero}","y":"{zero}"}}"#);
    assert!(Recipient::from_jwk(&jwk).is_err());
}

#[test]
fn a_header_that_was_changed_does_not_open() {
    let text = with_header(&sealed_text(), |header| header.replace(r#","kid":"kpos-test-1""#, ""));
    assert_eq!(decrypt(&text, &reader()), Err(JweError::Tag));
}

#[test]
fn the_signature_of_another_key_opens_nothing() {
    let sealed = seal("0025", b"{}", &reader().recipient(), GCM, &ec(), &fresh(3)).unwrap();
    let open_with = |signature: Option<&str>| {
        open(sealed.body.as_bytes(), signature, &ec_public(), &reader(), &Limits::REPLY)
    };
    assert_eq!(open_with(Some(&sealed.signature)).unwrap().kind, "0025");
    for wrong in [None, Some(""), Some(SIGNATURE), Some("%%%"), Some("MIG")] {
        assert_eq!(open_with(wrong), Err(DecodeError::Signature), "{wrong:?}");
    }
    let long = "%41".repeat(100_000);
    assert_eq!(open_with(Some(&long)), Err(DecodeError::Signature));
}

#[test]
fn a_body_without_a_type_is_none() {
    for body in ["", "00", "001X", "abcd....", "ééé"] {
        let signature = super::super::signature::ec(&ec(), body.as_bytes());
        let opened = open(body.as_bytes(), Some(&signature), &ec_public(), &reader(), &Limits::REPLY);
        assert_eq!(opened, Err(DecodeError::Syntax), "{body}");
    }
    let small = Limits { bytes: 10, ..Limits::REPLY };
    let opened = open(BODY.as_bytes(), Some(SIGNATURE), &ec_public(), &reader(), &small);
    assert_eq!(opened, Err(DecodeError::TooLarge));
}

fn reply_text(members: &[(&str, &str)]) -> String {
    let owned: Vec<_> = members.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    plain::signed("fnx", &owned, &rsa()).unwrap()
}

#[test]
fn a_reply_with_its_members_in_another_order_and_unknown_ones_is_verified() {
    let text = reply_text(&[("Novelty", "1"), ("RespCd", "00"), ("sourceSystem", "fnx"), ("TxnID", "7")]);
    // The signature need not stand last, and blanks are the sender's own.
    let spaced = {
        let message = r#"{ "TxnID" : "7", "RespCd":"00" , "Depth": {"a":[1,2,null]} }"#;
        let input = plain::signing_input("fnx", message);
        let signature = super::super::signature::rsa(&rsa(), input.as_bytes()).unwrap();
        message.replacen("{ ", &format!(r#"{{ "signedMessage":"{signature}", "#), 1)
    };
    for text in [text, spaced] {
        let message =
            Message::decode(text.as_bytes(), Some("fnx"), Some(&rsa_public()), &Limits::REPLY).unwrap();
        assert_eq!(plain::Reply::read(&message).unwrap().id, "7", "{text}");
    }
}

#[test]
fn a_reply_that_was_changed_or_not_signed_is_refused() {
    let good = reply_text(&[("TxnID", "7"), ("RespCd", "51")]);
    let decode =
        |text: &str| Message::decode(text.as_bytes(), Some("fnx"), Some(&rsa_public()), &Limits::REPLY);
    assert!(decode(&good).is_ok());
    assert_eq!(decode(&good.replace("51", "00")), Err(DecodeError::Signature));
    assert_eq!(decode(r#"{"TxnID":"7","RespCd":"00"}"#), Err(DecodeError::Signature));
    assert_eq!(decode(r#"{"TxnID":"7","RespCd":"00","signedMessage":7}"#), Err(DecodeError::Signature));
    let other = Message::decode(good.as_bytes(), Some("xxx"), Some(&rsa_public()), &Limits::REPLY);
    assert_eq!(other, Err(DecodeError::Signature), "in another sender's name");
    let twice = good.replacen('{', r#"{"RespCd":"00","#, 1);
    assert_eq!(decode(&twice), Err(DecodeError::Field("a name that is there twice")));
    let unchecked = Message::decode(good.as_bytes(), None, None, &Limits::REPLY).unwrap();
    assert!(!unchecked.is_verified);
}

#[test]
fn fields_of_the_wrong_kind_are_errors() {
    for text in [
        r#"{"TxnID":7,"RespCd":"00"}"#,
        r#"{"TxnID":"7","RespCd":0}"#,
        r#"{"RespCd":"00"}"#,
        r#"{"TxnID":"7"}"#,
    ] {
        let message = Message::decode(text.as_bytes(), None, None, &Limits::REPLY).unwrap();
        assert!(plain::Reply::read(&message).is_err(), "{text}");
    }
    for text in [r#"{"resultCode":0}"#, r#"{"resultCode":"000000"}"#, r#"{"mrn":"1"}"#] {
        let message = sealed::Message::decode(text.as_bytes(), &Limits::REPLY).unwrap();
        assert!(sealed::Told::read(&message).is_err(), "{text}");
    }
    assert_eq!(sealed::Message::decode(b"[]", &Limits::REPLY), Err(DecodeError::Syntax));
}

/// Every field with its length; whether one that is too long makes the reply none.
#[test]
fn a_text_that_is_too_long_costs_no_approval_and_an_id_is_never_cut() {
    let first = [
        ("TxnID", 50, true),
        ("HTR", 20, true),
        ("AmtTxn", 12, true),
        ("CrcyTxn", 3, true),
        ("RespDesc", 256, false),
        ("OrgRespCd", 2, false),
        ("AuthIdResp", 16, false),
        ("STAN", 6, false),
        ("RRN", 12, false),
        ("MRN", 40, false),
        ("TxnStat", 2, false),
        ("LocalTxnDTTime", 14, false),
        ("MaskedPAN", 19, false),
        ("PmtType", 2, false),
    ];
    for (name, longest, is_needed) in first {
        for length in [longest, longest + 1] {
            let value = "é".repeat(length);
            let others = [("TxnID", "7"), ("RespCd", "00")].into_iter().filter(|(other, _)| *other != name);
            let text = plain::written(others.chain([(name, value.as_str())]));
            let message = Message::decode(text.as_bytes(), None, None, &Limits::REPLY).unwrap();
            let reply = plain::Reply::read(&message);
            assert_eq!(reply.is_err(), is_needed && length > longest, "{name} {length}");
            let Ok(reply) = reply else { continue };
            assert_eq!(reply.code(plain::Call::Payment).unwrap().as_str(), "00", "{name}");
            let kept = plain::written(reply.members("").iter().map(|(name, it)| (*name, it.as_str())));
            let expected = if length == longest || name == "RespDesc" { longest } else { 0 };
            assert_eq!(kept.matches('é').count(), expected, "{name} {length}");
        }
    }
    let second = [
        ("sequenceNo", 16, true),
        ("mrn", 50, true),
        ("amount", 12, true),
        ("currency", 3, true),
        ("advMsg", 1000, false),
        ("authIdResp", 16, false),
        ("paymentScheme", 2, false),
        ("maskedPAN", 19, false),
        ("htr", 20, false),
        ("paymentMethod", 2, false),
    ];
    for (name, longest, is_needed) in second {
        for length in [longest, longest + 1] {
            let text = plain::written([("resultCode", "00000"), (name, &"é".repeat(length))]);
            let message = sealed::Message::decode(text.as_bytes(), &Limits::REPLY).unwrap();
            let told = sealed::Told::read(&message);
            assert_eq!(told.is_err(), is_needed && length > longest, "{name} {length}");
            let Ok(told) = told else { continue };
            assert_eq!(told.result.as_ref().map(|code| code.as_str()), Some("00"), "{name}");
            let expected = if length == longest || name == "advMsg" { longest } else { 0 };
            assert_eq!(told.plain(None).matches('é').count(), expected, "{name} {length}");
        }
    }
}

#[test]
fn keys_that_were_pasted_into_one_line_are_read() {
    for between in ["", " ", "\r\n"] {
        let pasted = |pem: &str| pem.replace('\n', between);
        assert_eq!(RsaPrivate::from_pem(&pasted(RSA)).unwrap().public(), rsa_public());
        assert_eq!(RsaPublic::from_pem(&pasted(RSA_PUBLIC)), Ok(rsa_public()));
        assert_eq!(EcPrivate::from_pem(&pasted(EC)).unwrap().public(), ec_public());
        assert_eq!(EcPublic::from_pem(&pasted(EC_PUBLIC)), Ok(ec_public()));
    }
}

#[test]
fn keys_of_another_kind_are_refused() {
    for pem in [RSA_PUBLIC, EC, EC_PUBLIC, READER, "", "-----BEGIN PRIVATE KEY-----"] {
        assert!(RsaPrivate::from_pem(pem).is_err());
    }
    for pem in [RSA, EC, EC_PUBLIC, READER, ""] {
        assert!(RsaPublic::from_pem(pem).is_err());
    }
    for pem in [RSA, RSA_PUBLIC, EC_PUBLIC, READER, ""] {
        assert!(EcPrivate::from_pem(pem).is_err());
    }
    for pem in [RSA, RSA_PUBLIC, EC, READER, ""] {
        assert!(EcPublic::from_pem(pem).is_err());
    }
    for jwk in [RSA, "", "{}", r#"{"kty":"EC","crv":"P-521","kid":"k"}"#] {
        assert!(Reader::from_jwk(jwk).is_err() && Recipient::from_jwk(jwk).is_err());
    }
    assert_eq!(format!("{:?} {:?} {:?}", rsa(), ec(), reader()), "RsaPrivate(…) EcPrivate(…) Reader(…)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_changed_byte_never_opens(at in 0usize..400, bit in 0u8..7) {
        let mut text = sealed_text().into_bytes();
        let at = at % text.len();
        text[at] ^= 1 << bit;
        let Ok(text) = String::from_utf8(text) else { return Ok(()) };
        prop_assert!(decrypt(&text, &reader()).is_err());
    }

    #[test]
    fn a_cut_off_message_never_opens(at in 0usize..400) {
        let text = sealed_text();
        let at = at % text.len();
        prop_assert!(decrypt(&text[..at], &reader()).is_err());
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".{0,200}") {
        let _ = decrypt(&text, &reader());
        let _ = Message::decode(text.as_bytes(), Some("fnx"), Some(&rsa_public()), &Limits::REPLY);
        let _ = sealed::Message::decode(text.as_bytes(), &Limits::REPLY).map(|it| sealed::Submit::read(&it));
        let _ = super::super::percent_decoded(&text);
    }

    #[test]
    fn percent_encoding_goes_there_and_back(text in ".{0,50}") {
        let encoded = super::super::percent_encoded(&text);
        prop_assert_eq!(super::super::percent_decoded(&encoded), Some(text.clone()));
    }
}
