//! The signature `verifySign` (dossier section 3.1): MD5 over sorted names and raw values and the MD5 of the
//! token.
//!
//! MD5 is what the gateway asks for; it protects nothing by itself. Invariant: the token appears nowhere
//! but in the digest, and comparing takes the same time wherever two signatures differ.

use super::{Fields, VERIFY_SIGN};
use md5::{Digest, Md5};

/// Digits of an MD5.
const DIGEST_LENGTH: usize = 32;

/// The signature of these fields with this token: 32 lower-case hexadecimal digits. `verifySign` itself and
/// fields without a value are left out; values go in raw.
pub fn sign(fields: &Fields, token: &str) -> String {
    signature(fields, token, false)
}

/// Whether `verifySign` among the fields fits all others. Upper-case digits are accepted, and so are fields
/// without a value, in or out: the gateway's own libraries differ there (sections 3.1 and 8).
pub fn verify(fields: &Fields, token: &str) -> bool {
    let Some(given) = fields.get(VERIFY_SIGN) else { return false };
    let given = given.to_ascii_lowercase();
    // Both are always made, so that neither answer is quicker.
    let [without, with] = [false, true].map(|with_empty| signature(fields, token, with_empty));
    is_same(&given, &without) | is_same(&given, &with)
}

fn signature(fields: &Fields, token: &str, with_empty: bool) -> String {
    let length: usize = fields.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let mut text = String::with_capacity(length + DIGEST_LENGTH);
    for (name, value) in fields {
        if name != VERIFY_SIGN && (with_empty || !value.is_empty()) {
            text.push_str(name);
            text.push('=');
            text.push_str(value);
            text.push('&');
        }
    }
    text.push_str(&digest(token.trim()));
    digest(&text)
}

/// MD5 as lower-case hexadecimal digits.
pub fn digest(text: &str) -> String {
    let mut hex = String::with_capacity(DIGEST_LENGTH);
    for byte in Md5::digest(text.as_bytes()) {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from(if nibble < 10 { b'0' + nibble } else { b'a' + (nibble - 10) }));
        }
    }
    hex
}

fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    (differences == 0) & (one.len() == other.len())
}
