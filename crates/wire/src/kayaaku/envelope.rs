//! A body of generation 2: four signs of message type, then the encrypted message; its signature travels in
//! a header (dossier section 5.1).
//!
//! Invariant: the signature is over the body as it came and is checked before anything is decrypted.

use super::jwe::{self, Algorithm, Encryption, Fresh};
use super::keys::{EcPrivate, EcPublic, Reader, Recipient};
use super::{DecodeError, Limits, signature};

/// Name of the header with the signature.
pub const SIGNATURE: &str = "Signature";
/// Name of the header with who sends.
pub const SOURCE_SYSTEM: &str = "sourceSystem";
/// Signs of a message type.
const TYPE: usize = 4;

/// A body and its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The whole body.
    pub body: String,
    /// What goes into the header.
    pub signature: String,
}

/// What an opened body holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The message type.
    pub kind: String,
    /// The message.
    pub plain: Vec<u8>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("kind", &self.kind).field("bytes", &self.plain.len()).finish()
    }
}

/// Encrypts and signs a message.
///
/// # Errors
/// See [`jwe::encrypt`].
pub fn seal(
    kind: &str,
    plain: &[u8],
    to: &Recipient,
    with: (Algorithm, Encryption),
    by: &EcPrivate,
    fresh: &Fresh,
) -> Result<Sealed, DecodeError> {
    Ok(signed(format!("{kind}{}", jwe::encrypt(plain, to, with, fresh)?), by))
}

/// Signs a body as it is, whatever it holds.
pub fn signed(body: String, by: &EcPrivate) -> Sealed {
    let signature = signature::ec(by, body.as_bytes());
    Sealed { body, signature }
}

/// Checks the signature of a body and decrypts it.
///
/// # Errors
/// Too large, not signed by this key, no message type, or see [`jwe::decrypt`].
pub fn open(
    body: &[u8],
    signature: Option<&str>,
    from: &EcPublic,
    reader: &Reader,
    limits: &Limits,
) -> Result<Opened, DecodeError> {
    if body.len() > limits.bytes {
        return Err(DecodeError::TooLarge);
    }
    let signed = signature.is_some_and(|signature| signature::is_ec(from, body, signature));
    if !signed {
        return Err(DecodeError::Signature);
    }
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::Syntax)?;
    let (kind, sealed) = text.split_at_checked(TYPE).ok_or(DecodeError::Syntax)?;
    if !kind.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecodeError::Syntax);
    }
    Ok(Opened { kind: kind.to_owned(), plain: jwe::decrypt(sealed, reader)? })
}
