//! Worked vectors of the dossier, sections 4.6, 5.5 and 7.3.

use super::super::jwe::{self, Algorithm, Encryption, Fresh};
use super::super::plain::{self, Message};
use super::super::{Limits, envelope, sealed, signature};
use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

fn enquiry() -> plain::Request {
    let id = "T07-20260314-000123".to_owned();
    plain::Request::Enquiry(plain::Enquiry { email: "till07@example.my".to_owned(), id })
}

#[test]
fn generation_1_signs_the_worked_enquiry() {
    let members = enquiry().members("tst", "2026031400000042");
    let message = plain::written(members.iter().map(|(name, value)| (*name, value.as_str())));
    assert_eq!(
        message,
        concat!(
            r#"{"Email":"till07@example.my","TxnID":"T07-20260314-000123","#,
            r#""sourceSystem":"tst","sequenceNo":"2026031400000042"}"#
        )
    );
    let input = plain::signing_input("tst", &message);
    let digest = ring::digest::digest(&ring::digest::SHA256, input.as_bytes());
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "ea4a0b69dedd8a071749c0b38347acb26efb3929ad11eafc7bfc392e9a7de640");
    let signed = plain::signed("tst", &members, &rsa()).unwrap();
    let open = message.strip_suffix('}').unwrap();
    assert_eq!(signed, format!(r#"{open},"signedMessage":"{SIGNED_MESSAGE}"}}"#));
    let read =
        Message::decode(signed.as_bytes(), Some("tst"), Some(&rsa_public()), &Limits::REPLY).unwrap();
    assert!(read.is_verified);
    assert_eq!(plain::check(plain::Call::Enquiry, &read), None);
}

#[test]
fn the_vendors_signing_input_is_ours() {
    let request = plain::Request::Enquiry(plain::Enquiry {
        email: String::new(),
        id: "20230615155030POS".to_owned(),
    });
    let members = request.members("mxx", "1");
    let message = plain::written(members.iter().map(|(name, value)| (*name, value.as_str())));
    let input = plain::signing_input("mxx", &message);
    assert_eq!(
        input,
        "mxx\n{\"Email\":\"\",\"TxnID\":\"20230615155030POS\",\"sourceSystem\":\"mxx\",\"sequenceNo\":\"1\"}"
    );
}

fn vector_randomness() -> Fresh {
    let scalar = URL_SAFE_NO_PAD.decode("dJ9Zoc26f1dF0RYRhgukW1w10IhPgy57lk826C-MSgo").unwrap();
    let mut iv = [0; 16];
    iv.iter_mut().zip(0..).for_each(|(byte, number)| *byte = number);
    Fresh { ephemeral: scalar.try_into().unwrap(), content_key: [0; 64], iv }
}

#[test]
fn generation_2_encrypts_the_worked_enquiry() {
    let message = sealed::Enquiry {
        caller: sealed::Caller { version: "1".to_owned(), mid: "000010000099999".to_owned(), seller: None },
        sequence: "2026031400000043".to_owned(),
        mrn: "T07-20260314-000123".to_owned(),
    };
    assert_eq!(message.plain(), PLAIN);
    let with = (Algorithm::EcdhEs, Encryption::A256Gcm);
    let (to, by) = (reader().recipient(), ec());
    let made = envelope::seal("0013", PLAIN.as_bytes(), &to, with, &by, &vector_randomness()).unwrap();
    assert_eq!(made.body, BODY);
    assert_eq!(made.signature, SIGNATURE, "without randomness a signature is the same every time");
}

#[test]
fn generation_2_opens_the_worked_enquiry() {
    for signature in [SIGNATURE.to_owned(), SIGNATURE.replace("%2F", "%2f").replace("%2B", "%2b")] {
        let opened =
            envelope::open(BODY.as_bytes(), Some(&signature), &ec_public(), &reader(), &Limits::REPLY)
                .unwrap();
        assert_eq!((opened.kind.as_str(), opened.plain.as_slice()), ("0013", PLAIN.as_bytes()));
        let message = sealed::Message::decode(&opened.plain, &Limits::REPLY).unwrap();
        assert_eq!(sealed::Enquiry::read(&message).unwrap().plain(), PLAIN);
    }
}

#[test]
fn every_algorithm_of_the_list_goes_there_and_back() {
    for algorithm in Algorithm::ALL {
        for encryption in Encryption::ALL {
            for length in [0, 1, 15, 16, 17, 200] {
                let (text, fresh) = (vec![b'x'; length], fresh(7));
                let made = jwe::encrypt(&text, &reader().recipient(), (algorithm, encryption), &fresh);
                assert_eq!(
                    jwe::decrypt(&made.unwrap(), &reader()),
                    Ok(text),
                    "{algorithm:?} {encryption:?}"
                );
            }
        }
    }
}

/// RFC 7518, appendix C: Alice's message to Bob, with both parties' names in the derivation.
#[test]
fn keys_are_derived_as_the_standard_shows() {
    let agreed = [
        158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218,
        128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
    ];
    let key = jwe::derived(&agreed, "A128GCM", b"Alice", b"Bob", 16);
    assert_eq!(URL_SAFE_NO_PAD.encode(key), "VqqN6vgjbSBcIijNcacQGg");
}

#[test]
fn percent_encoding_is_read_in_lower_case() {
    let input = b"tst\n{}";
    let signed = signature::rsa(&rsa(), input).unwrap();
    let lower = signed.replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d");
    assert_ne!(lower, signed);
    for text in [signed.clone(), lower, super::super::percent_decoded(&signed).unwrap()] {
        assert!(signature::is_rsa(&rsa_public(), input, &text));
    }
    assert!(!signature::is_rsa(&rsa_public(), b"tst\n{ }", &signed));
    assert_eq!(rsa().public(), rsa_public());
}
