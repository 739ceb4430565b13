//! Encrypted bodies of generation 2: compact JWE with agreed keys (dossier section 5.1, RFC 7516, RFC
//! 7518).
//!
//! Invariant: what is decrypted was encrypted for this reader's key, with algorithms of the dossier's list,
//! and its tag fits; everything else is an error that says what was wrong and shows nothing of the content.

use super::keys::{Reader, Recipient, epk, point};
use crate::json::{Json, Limits};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::elliptic_curve::ops::Reduce;
use p256::{NonZeroScalar, PublicKey, Scalar, SecretKey, U256};

mod content;
mod derive;

/// How the content's key comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// The agreed key is the content's.
    EcdhEs,
    /// The agreed key, 128 bits, wraps the content's.
    EcdhEsA128Kw,
    /// The same with 256 bits.
    EcdhEsA256Kw,
}

/// How the content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// AES-GCM, 128 bits.
    A128Gcm,
    /// AES-GCM, 256 bits.
    A256Gcm,
    /// AES-CBC, 128 bits, with HMAC-SHA-256.
    A128CbcHs256,
    /// AES-CBC, 256 bits, with HMAC-SHA-512.
    A256CbcHs512,
}

impl Algorithm {
    /// The dossier's list.
    pub const ALL: [Self; 3] = [Self::EcdhEs, Self::EcdhEsA128Kw, Self::EcdhEsA256Kw];
    /// Its name in a header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
        }
    }
    /// The one of this name; `none` and everything else that is not in the list is nothing.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

impl Encryption {
    /// The dossier's list.
    pub const ALL: [Self; 4] = [Self::A128Gcm, Self::A256Gcm, Self::A128CbcHs256, Self::A256CbcHs512];
    /// Its name in a header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A256CbcHs512 => "A256CBC-HS512",
        }
    }
    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
    /// Bytes of its key.
    pub const fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
            Self::A256CbcHs512 => 64,
        }
    }
    /// Bytes of its initialization vector.
    pub const fn iv_bytes(self) -> usize {
        match self {
            Self::A128Gcm | Self::A256Gcm => 12,
            Self::A128CbcHs256 | Self::A256CbcHs512 => 16,
        }
    }
    /// Bytes of its tag.
    pub const fn tag_bytes(self) -> usize {
        match self {
            Self::A128Gcm | Self::A256Gcm | Self::A128CbcHs256 => 16,
            Self::A256CbcHs512 => 32,
        }
    }
}

/// Why an encrypted body is not read, or not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    /// Not five parts of base64url, or a header that is no JSON object.
    #[error("the encrypted part is malformed")]
    Shape,
    /// `alg`, `enc`, `zip` or `crit` ask for what the protocol does not list; `none` is one of these.
    #[error("the encrypted part asks for an algorithm that is not allowed")]
    Algorithm,
    /// Encrypted for another key.
    #[error("the encrypted part is meant for another recipient")]
    Recipient,
    /// The agreed point is none, or the wrapped key does not unwrap.
    #[error("the key of the encrypted part cannot be agreed on")]
    Key,
    /// Cut off, changed on the way, or encrypted for somebody else under the same name.
    #[error("the encrypted part was changed or cut off")]
    Tag,
}

/// What one encryption takes from the source of randomness, all of it used once.
#[derive(Clone)]
pub struct Fresh {
    /// Becomes the ephemeral key.
    pub ephemeral: [u8; 32],
    /// Becomes the content's key where it is wrapped.
    pub content_key: [u8; 64],
    /// Becomes the initialization vector; the first bytes where it is shorter.
    pub iv: [u8; 16],
}

impl Fresh {
    /// Spreads entropy from outside (32 bytes or more) over what one encryption needs.
    pub fn of(entropy: &[u8]) -> Self {
        let part = |number: u8| ring::hmac::sign(&derive::spread_key(entropy), &[number]);
        let (one, two) = (part(1), part(2));
        let (mut ephemeral, mut content_key, mut iv) = ([0; 32], [0; 64], [0; 16]);
        let copy = |to: &mut [u8], from: &[u8]| to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        copy(&mut ephemeral, one.as_ref());
        copy(&mut iv, one.as_ref().get(32..).unwrap_or_default());
        copy(&mut content_key, two.as_ref());
        Self { ephemeral, content_key, iv }
    }
}

/// Encrypts for a recipient. The header's members are `epk`, `kid`, `enc`, `alg`, in this order.
///
/// # Errors
/// No key can be agreed on with this recipient.
pub fn encrypt(
    plain: &[u8],
    to: &Recipient,
    (algorithm, encryption): (Algorithm, Encryption),
    fresh: &Fresh,
) -> Result<String, JweError> {
    let scalar = <Scalar as Reduce<U256>>::reduce(&U256::from_be_slice(&fresh.ephemeral));
    let scalar: NonZeroScalar = Option::from(NonZeroScalar::new(scalar)).ok_or(JweError::Key)?;
    let ephemeral = SecretKey::from(scalar);
    let header = Json::Object(vec![
        ("epk".to_owned(), epk(&ephemeral.public_key())),
        ("kid".to_owned(), Json::text(&to.kid)),
        ("enc".to_owned(), Json::text(encryption.name())),
        ("alg".to_owned(), Json::text(algorithm.name())),
    ]);
    let header = URL_SAFE_NO_PAD.encode(header.to_string());
    let agreed = agree(&ephemeral, &to.key);
    let (key, wrapped) = match derive::wrapping_bytes(algorithm) {
        None => (derive::key(&agreed, encryption.name(), &[], &[], encryption.key_bytes()), Vec::new()),
        Some(bytes) => {
            let key = fresh.content_key.get(..encryption.key_bytes()).unwrap_or_default().to_vec();
            let wrapping = derive::key(&agreed, algorithm.name(), &[], &[], bytes);
            let wrapped = derive::wrap(&wrapping, &key).ok_or(JweError::Key)?;
            (key, wrapped)
        }
    };
    let iv = fresh.iv.get(..encryption.iv_bytes()).unwrap_or_default();
    let (text, tag) =
        content::encrypt(encryption, &key, iv, header.as_bytes(), plain).ok_or(JweError::Key)?;
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Ok(format!("{header}.{}.{}.{}.{}", part(&wrapped), part(iv), part(&text), part(&tag)))
}

/// Decrypts what was encrypted for this reader, whatever algorithms of the list it names.
///
/// # Errors
/// See [`JweError`].
pub fn decrypt(text: &str, reader: &Reader) -> Result<Vec<u8>, JweError> {
    let mut parts = text.split('.');
    let mut next = || parts.next().ok_or(JweError::Shape);
    let [header, wrapped, iv, cipher, tag] = [next()?, next()?, next()?, next()?, next()?];
    if parts.next().is_some() {
        return Err(JweError::Shape);
    }
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JweError::Shape);
    let head = Head::read(&bytes(header)?)?;
    if head.kid.as_ref().is_some_and(|kid| *kid != reader.kid) {
        return Err(JweError::Recipient);
    }
    let agreed = agree(&reader.key, &head.ephemeral);
    let Head { algorithm, encryption, apu, apv, .. } = &head;
    let (wrapped, length) = (bytes(wrapped)?, encryption.key_bytes());
    let key = match derive::wrapping_bytes(*algorithm) {
        None if wrapped.is_empty() => derive::key(&agreed, encryption.name(), apu, apv, length),
        None => return Err(JweError::Shape),
        Some(bytes) => {
            let wrapping = derive::key(&agreed, algorithm.name(), apu, apv, bytes);
            let key = derive::unwrap(&wrapping, &wrapped).filter(|key| key.len() == length);
            key.ok_or(JweError::Key)?
        }
    };
    let (iv, tag) = (bytes(iv)?, bytes(tag)?);
    if iv.len() != encryption.iv_bytes() || tag.len() != encryption.tag_bytes() {
        return Err(JweError::Tag);
    }
    let sealed = content::Sealed { iv: &iv, text: bytes(cipher)?, tag: &tag };
    content::decrypt(*encryption, &key, header.as_bytes(), sealed).ok_or(JweError::Tag)
}

/// 32 bytes: the X coordinate of the common point.
fn agree(own: &SecretKey, other: &PublicKey) -> Vec<u8> {
    let agreed = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), other.as_affine());
    agreed.raw_secret_bytes().to_vec()
}

/// A protected header.
struct Head {
    algorithm: Algorithm,
    encryption: Encryption,
    kid: Option<String>,
    ephemeral: PublicKey,
    apu: Vec<u8>,
    apv: Vec<u8>,
}

impl Head {
    fn read(bytes: &[u8]) -> Result<Self, JweError> {
        let header = Json::decode(bytes, &Limits::LISTENER).map_err(|_| JweError::Shape)?;
        if !matches!(header, Json::Object(_)) {
            return Err(JweError::Shape);
        }
        let text = |name: &str| match header.get(name) {
            Some(Json::Text(text)) => Ok(Some(text.as_str())),
            None => Ok(None),
            Some(Json::Null | Json::Flag(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
                Err(JweError::Shape)
            }
        };
        if header.get("crit").is_some() || header.get("zip").is_some() {
            return Err(JweError::Algorithm);
        }
        let algorithm = text("alg")?.and_then(Algorithm::named).ok_or(JweError::Algorithm)?;
        let encryption = text("enc")?.and_then(Encryption::named).ok_or(JweError::Algorithm)?;
        let party = |name: &str| match text(name)? {
            Some(text) => URL_SAFE_NO_PAD.decode(text).map_err(|_| JweError::Shape),
            None => Ok(Vec::new()),
        };
        Ok(Self {
            algorithm,
            encryption,
            kid: text("kid")?.map(str::to_owned),
            ephemeral: header.get("epk").and_then(point).ok_or(JweError::Key)?,
            apu: party("apu")?,
            apv: party("apv")?,
        })
    }
}

#[cfg(test)]
pub(super) use derive::key as derived;
