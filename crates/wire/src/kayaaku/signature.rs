//! Signatures of both generations: Base64 with padding, then percent encoding (dossier sections 4.6, 5.1).
//!
//! Invariant: the same input and key give the same signature; no randomness goes into either kind.

use super::keys::{EcPrivate, EcPublic, RsaPrivate, RsaPublic};
use super::text::{percent_decoded, percent_encoded};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p521::ecdsa::signature::{Signer, Verifier};

/// Longest signature text that is looked at: RSA with 8192 bits, every sign escaped.
const LONGEST: usize = 4_200;

fn written(signature: &[u8]) -> String {
    percent_encoded(&STANDARD.encode(signature))
}

/// Escapes may be in lower case, or not be there at all.
fn read(text: &str) -> Option<Vec<u8>> {
    let text = (text.len() <= LONGEST).then_some(text)?;
    STANDARD.decode(percent_decoded(text.trim())?).ok()
}

/// RSASSA-PKCS1-v1_5 with SHA-256; `None` where the key cannot sign.
pub(super) fn rsa(key: &RsaPrivate, input: &[u8]) -> Option<String> {
    key.sign(input).map(|signature| written(&signature))
}

/// Whether `text` is this key's signature over the input.
pub(super) fn is_rsa(key: &RsaPublic, input: &[u8], text: &str) -> bool {
    read(text).is_some_and(|signature| key.verifies(input, &signature))
}

/// ECDSA over P-521 with SHA-512, DER.
pub(super) fn ec(key: &EcPrivate, input: &[u8]) -> String {
    let signature: p521::ecdsa::Signature = key.0.sign(input);
    written(signature.to_der().as_bytes())
}

/// Whether `text` is this key's signature over the input.
pub(super) fn is_ec(key: &EcPublic, input: &[u8], text: &str) -> bool {
    let signature = read(text).and_then(|der| p521::ecdsa::Signature::from_der(&der).ok());
    signature.is_some_and(|signature| key.0.verify(input, &signature).is_ok())
}
