//! Protected headers as another library may write them (dossier section 5.1): members in any order, names
//! that are there or not, a name inside the other side's key, parties to the derivation.

use super::super::jwe::{decrypt, derived};
use super::super::keys::epk;
use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

const SAID: &[u8] = br#"{"resultCode":"00000"}"#;
const SCALAR: &str = "dJ9Zoc26f1dF0RYRhgukW1w10IhPgy57lk826C-MSgo";

fn ephemeral() -> SecretKey {
    SecretKey::from_slice(&URL_SAFE_NO_PAD.decode(SCALAR).unwrap()).unwrap()
}

/// The other side's key as a member of the header, with this in front of its coordinates.
fn point(more: &str) -> String {
    epk(&ephemeral().public_key()).to_string().replacen(r#""x":"#, &format!(r#"{more}"x":"#), 1)
}

/// A message with this header, made with nothing of the code under test but the derivation, which has a
/// vector of its own.
fn made(header: &str, apu: &[u8], apv: &[u8]) -> String {
    let to = reader().recipient().key;
    let agreed = p256::ecdh::diffie_hellman(ephemeral().to_nonzero_scalar(), to.as_affine());
    let key = derived(agreed.raw_secret_bytes(), "A256GCM", apu, apv, 32);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
    let (header, mut text) = (URL_SAFE_NO_PAD.encode(header), SAID.to_vec());
    let nonce = Nonce::assume_unique_for_key([7; 12]);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(header.as_bytes()), &mut text).unwrap();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("{header}..{}.{}.{}", part(&[7; 12]), part(&text), part(tag.as_ref()))
}

#[test]
fn header_members_may_stand_in_any_order_and_names_may_be_missing() {
    let (epk, named) = (point(""), point(r#""kid":"somebody-elses","#));
    assert!(named.contains(r#""crv":"P-256","kid":"somebody-elses","x":"#), "{named}");
    let rows = [
        ("ours", format!(r#"{{"epk":{epk},"kid":"kpos-test-1","enc":"A256GCM","alg":"ECDH-ES"}}"#)),
        (
            "another order",
            format!(r#"{{"alg":"ECDH-ES","enc":"A256GCM","kid":"kpos-test-1","epk":{epk}}}"#),
        ),
        ("without kid", format!(r#"{{"enc":"A256GCM","epk":{epk},"alg":"ECDH-ES"}}"#)),
        (
            "a kid in epk",
            format!(r#"{{"epk":{named},"kid":"kpos-test-1","enc":"A256GCM","alg":"ECDH-ES"}}"#),
        ),
        ("a kid in epk alone", format!(r#"{{"epk":{named},"enc":"A256GCM","alg":"ECDH-ES"}}"#)),
        (
            "blanks and unknown members",
            format!("{{ \"typ\": \"JWE\", \"epk\": {epk},\n \"alg\":\"ECDH-ES\", \"enc\":\"A256GCM\" }}"),
        ),
    ];
    for (name, header) in rows {
        assert_eq!(decrypt(&made(&header, b"", b""), &reader()), Ok(SAID.to_vec()), "{name}");
    }
}

#[test]
fn parties_go_into_the_key() {
    let epk = point("");
    for (apu, apv) in [("Finexus", "till"), ("Finexus", ""), ("", "till")] {
        let member = |name: &str, value: &str| match value {
            "" => String::new(),
            value => format!(r#""{name}":"{}","#, URL_SAFE_NO_PAD.encode(value)),
        };
        let (u, v) = (member("apu", apu), member("apv", apv));
        let header = format!(r#"{{"epk":{epk},{u}{v}"enc":"A256GCM","alg":"ECDH-ES"}}"#);
        let sealed = made(&header, apu.as_bytes(), apv.as_bytes());
        assert_eq!(decrypt(&sealed, &reader()), Ok(SAID.to_vec()), "{apu} {apv}");
        let other = made(&header, b"other", b"parties");
        assert!(decrypt(&other, &reader()).is_err(), "{apu} {apv}");
    }
}
