//! Keys as settings hold them: PEM for signatures, JWK for encryption (dossier sections 4.6, 5.1, 13).
//!
//! Invariant: no private key prints.

use crate::json::{Json, Limits};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::elliptic_curve::sec1::{FromSec1Point, ToSec1Point};
use p521::pkcs8::der::Decode;
use p521::pkcs8::{DecodePrivateKey, DecodePublicKey, Document, SecretDocument, SubjectPublicKeyInfoRef};
use ring::signature::{RsaKeyPair, RsaPublicKeyComponents};
use std::fmt;

/// A key that cannot be used; the sentence ends one that begins with the name of the setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not PEM, not JWK, or of another kind.
    #[error("is no key of the kind that is needed here ({0})")]
    Kind(&'static str),
}

const RSA_PRIVATE: KeyError =
    KeyError::Kind("RSA private key, PEM with BEGIN PRIVATE KEY, 2048 bits or more");
const RSA_PUBLIC: KeyError = KeyError::Kind("RSA public key, PEM with BEGIN PUBLIC KEY");
const EC_PRIVATE: KeyError = KeyError::Kind("P-521 private key, PEM with BEGIN PRIVATE KEY");
const EC_PUBLIC: KeyError = KeyError::Kind("P-521 public key, PEM with BEGIN PUBLIC KEY");
const JWK_PRIVATE: KeyError = KeyError::Kind("P-256 private key, JWK with kid and d");
const JWK_PUBLIC: KeyError = KeyError::Kind("P-256 public key, JWK with kid");

/// A PEM with its lines: a field of a form has only one, and what was pasted into it lost the others.
fn lined(pem: &str) -> String {
    let parts: Vec<&str> = pem.trim().split("-----").collect();
    let [_, begin, body, end, _] = parts.as_slice() else { return pem.trim().to_owned() };
    let body: Vec<char> = body.chars().filter(|sign| !sign.is_whitespace()).collect();
    let lines: Vec<String> = body.chunks(64).map(|line| line.iter().collect()).collect();
    format!("-----{begin}-----\n{}\n-----{end}-----\n", lines.join("\n"))
}

macro_rules! silent {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

/// Signs messages of generation 1.
pub struct RsaPrivate(pub(super) RsaKeyPair);
silent!(RsaPrivate);

impl RsaPrivate {
    /// From PKCS 8 PEM.
    ///
    /// # Errors
    /// Another kind of key, or one that is too short to be safe.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let pem = lined(pem);
        let (label, document) = SecretDocument::from_pem(&pem).map_err(|_| RSA_PRIVATE)?;
        let der = document.as_bytes();
        let pair = match label {
            "PRIVATE KEY" => RsaKeyPair::from_pkcs8(der),
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(der),
            _ => return Err(RSA_PRIVATE),
        };
        pair.map(Self).map_err(|_| RSA_PRIVATE)
    }
    /// From PEM, or from its Base64 without the lines around it.
    ///
    /// # Errors
    /// As [`RsaPrivate::from_pem`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let as_pem =
            |label: &str| Self::from_pem(&format!("-----BEGIN {label}-----{text}-----END {label}-----"));
        match text.contains("-----") {
            true => Self::from_pem(text),
            false => as_pem("PRIVATE KEY").or_else(|_| as_pem("RSA PRIVATE KEY")),
        }
    }
    /// RSASSA-PKCS1-v1_5 with SHA-256; nothing where the key cannot sign.
    pub fn sign(&self, input: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        // This padding takes nothing from the source of randomness that the call wants.
        let unused = ring::rand::SystemRandom::new();
        self.0.sign(&ring::signature::RSA_PKCS1_SHA256, &unused, input, &mut signature).ok()?;
        Some(signature)
    }
    /// The public half.
    pub fn public(&self) -> RsaPublic {
        let components: RsaPublicKeyComponents<Vec<u8>> = self.0.public().into();
        RsaPublic { modulus: components.n, exponent: components.e }
    }
}

/// Checks messages of generation 1.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublic {
    pub(super) modulus: Vec<u8>,
    pub(super) exponent: Vec<u8>,
}
silent!(RsaPublic);

impl RsaPublic {
    /// From a PEM of its `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// Another kind of key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let pem = lined(pem);
        let (label, document) = Document::from_pem(&pem).map_err(|_| RSA_PUBLIC)?;
        if label != "PUBLIC KEY" {
            return Err(RSA_PUBLIC);
        }
        let info = SubjectPublicKeyInfoRef::from_der(document.as_bytes()).map_err(|_| RSA_PUBLIC)?;
        let key = info.subject_public_key.as_bytes().ok_or(RSA_PUBLIC)?;
        let (modulus, exponent) = rsa_parts(key).ok_or(RSA_PUBLIC)?;
        Ok(Self { modulus, exponent })
    }
}

impl RsaPublic {
    /// From PEM, or from its Base64 without the lines around it.
    ///
    /// # Errors
    /// As [`RsaPublic::from_pem`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        match text.contains("-----") {
            true => Self::from_pem(text),
            false => Self::from_pem(&format!("-----BEGIN PUBLIC KEY-----{text}-----END PUBLIC KEY-----")),
        }
    }
    /// Whether this is the key's signature over the input.
    pub fn verifies(&self, input: &[u8], signature: &[u8]) -> bool {
        let key = RsaPublicKeyComponents { n: &self.modulus, e: &self.exponent };
        key.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, input, signature).is_ok()
    }
}

/// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` (RFC 8017, A.1.1).
fn rsa_parts(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    use p521::pkcs8::der::asn1::UintRef;
    use p521::pkcs8::der::{Reader, SliceReader};
    let mut reader = SliceReader::new(der).ok()?;
    let parts = reader.sequence(|inside| {
        let modulus = UintRef::decode(inside)?;
        let exponent = UintRef::decode(inside)?;
        Ok::<_, p521::pkcs8::der::Error>((modulus.as_bytes().to_vec(), exponent.as_bytes().to_vec()))
    });
    parts.ok()
}

/// Signs messages of generation 2.
pub struct EcPrivate(pub(super) p521::ecdsa::SigningKey);
silent!(EcPrivate);

impl EcPrivate {
    /// From PKCS 8 PEM.
    ///
    /// # Errors
    /// Another kind of key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = p521::SecretKey::from_pkcs8_pem(&lined(pem)).map_err(|_| EC_PRIVATE)?;
        Ok(Self(p521::ecdsa::SigningKey::from(&key)))
    }
    /// The public half.
    pub fn public(&self) -> EcPublic {
        EcPublic(*self.0.verifying_key())
    }
}

/// Checks messages of generation 2.
#[derive(Clone, PartialEq, Eq)]
pub struct EcPublic(pub(super) p521::ecdsa::VerifyingKey);
silent!(EcPublic);

impl EcPublic {
    /// From a PEM of its `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// Another kind of key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = p521::PublicKey::from_public_key_pem(&lined(pem)).map_err(|_| EC_PUBLIC)?;
        Ok(Self(p521::ecdsa::VerifyingKey::from(&key)))
    }
}

/// Whom a message of generation 2 is encrypted for.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its name for the key.
    pub kid: String,
    pub(super) key: p256::PublicKey,
}
silent!(Recipient);

impl Recipient {
    /// From a JWK.
    ///
    /// # Errors
    /// Another kind of key, one without a name, or a point that is not on the curve.
    pub fn from_jwk(text: &str) -> Result<Self, KeyError> {
        let (kid, jwk) = jwk(text, JWK_PUBLIC)?;
        Ok(Self { kid, key: point(&jwk).ok_or(JWK_PUBLIC)? })
    }
}

/// Reads what was encrypted for it.
pub struct Reader {
    /// Its name for the key.
    pub kid: String,
    pub(super) key: p256::SecretKey,
}
silent!(Reader);

impl Reader {
    /// From a JWK with its private part.
    ///
    /// # Errors
    /// Another kind of key, one without a name, or halves that do not fit.
    pub fn from_jwk(text: &str) -> Result<Self, KeyError> {
        let (kid, jwk) = jwk(text, JWK_PRIVATE)?;
        let scalar = bytes(&jwk, "d").ok_or(JWK_PRIVATE)?;
        let key = p256::SecretKey::from_slice(&scalar).map_err(|_| JWK_PRIVATE)?;
        let told = point(&jwk).ok_or(JWK_PRIVATE)?;
        if told == key.public_key() { Ok(Self { kid, key }) } else { Err(JWK_PRIVATE) }
    }
    /// The public half.
    pub fn recipient(&self) -> Recipient {
        Recipient { kid: self.kid.clone(), key: self.key.public_key() }
    }
}

fn jwk(text: &str, wrong: KeyError) -> Result<(String, Json), KeyError> {
    let jwk = Json::decode(text.as_bytes(), &Limits::LISTENER).map_err(|_| wrong)?;
    let is_p256 = member(&jwk, "kty") == Some("EC") && member(&jwk, "crv") == Some("P-256");
    let kid = member(&jwk, "kid").filter(|kid| !kid.is_empty() && is_p256).ok_or(wrong)?.to_owned();
    Ok((kid, jwk))
}

fn member<'j>(object: &'j Json, name: &str) -> Option<&'j str> {
    match object.get(name) {
        Some(Json::Text(text)) => Some(text),
        Some(Json::Null | Json::Flag(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) | None => {
            None
        }
    }
}

fn bytes(object: &Json, name: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(member(object, name)?).ok()
}

/// The point of a JWK or of an `epk`; `None` where it lies on no P-256.
pub(super) fn point(jwk: &Json) -> Option<p256::PublicKey> {
    if member(jwk, "kty") != Some("EC") || member(jwk, "crv") != Some("P-256") {
        return None;
    }
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    if x.len() != 32 || y.len() != 32 {
        return None;
    }
    let encoded: Vec<u8> = std::iter::once(4).chain(x).chain(y).collect();
    let encoded = p256::Sec1Point::from_bytes(&encoded).ok()?;
    Option::from(p256::PublicKey::from_sec1_point(&encoded))
}

/// The members of a point, as `epk` lists them.
pub(super) fn epk(key: &p256::PublicKey) -> Json {
    let encoded = key.to_sec1_point(false);
    let part = |part: Option<&[u8]>| Json::Text(URL_SAFE_NO_PAD.encode(part.unwrap_or_default()));
    Json::Object(vec![
        ("kty".to_owned(), Json::text("EC")),
        ("crv".to_owned(), Json::text("P-256")),
        ("x".to_owned(), part(encoded.x().map(AsRef::as_ref))),
        ("y".to_owned(), part(encoded.y().map(AsRef::as_ref))),
    ])
}
