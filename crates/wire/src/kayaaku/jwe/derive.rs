//! Keys out of an agreed secret: Concat KDF, and keys that wrap keys (RFC 7518 section 4.6, RFC 3394).

use super::Algorithm;
use aes_kw::{KeyInit, KwAes128, KwAes256};
use ring::digest::{Context, SHA256};
use ring::hmac::{HMAC_SHA512, Key};

/// Bytes that wrapping adds.
const WRAPPING: usize = 8;

/// Bytes of the key that wraps; nothing where the agreed key is the content's.
pub(super) const fn wrapping_bytes(algorithm: Algorithm) -> Option<usize> {
    match algorithm {
        Algorithm::EcdhEs => None,
        Algorithm::EcdhEsA128Kw => Some(16),
        Algorithm::EcdhEsA256Kw => Some(32),
    }
}

/// Entropy as a key that is spread further.
pub(super) fn spread_key(entropy: &[u8]) -> Key {
    Key::new(HMAC_SHA512, entropy)
}

/// As many bytes as asked for, in rounds of SHA-256.
pub(in crate::kayaaku) fn key(agreed: &[u8], name: &str, apu: &[u8], apv: &[u8], bytes: usize) -> Vec<u8> {
    let mut key = Vec::with_capacity(bytes.next_multiple_of(32));
    for round in 1u32.. {
        let mut hash = Context::new(&SHA256);
        hash.update(&round.to_be_bytes());
        hash.update(agreed);
        for part in [name.as_bytes(), apu, apv] {
            hash.update(&length(part.len()));
            hash.update(part);
        }
        hash.update(&length(bytes.saturating_mul(8)));
        key.extend_from_slice(hash.finish().as_ref());
        if key.len() >= bytes {
            break;
        }
    }
    key.truncate(bytes);
    key
}

fn length(of: usize) -> [u8; 4] {
    u32::try_from(of).unwrap_or(u32::MAX).to_be_bytes()
}

/// A content key, wrapped.
pub(super) fn wrap(wrapping: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; key.len().checked_add(WRAPPING)?];
    let wrapped = match wrapping.len() {
        16 => KwAes128::new_from_slice(wrapping).ok()?.wrap_key(key, &mut out),
        _ => KwAes256::new_from_slice(wrapping).ok()?.wrap_key(key, &mut out),
    };
    Some(wrapped.ok()?.to_vec())
}

/// The content key behind a wrapped one; nothing where it was wrapped with another key.
pub(super) fn unwrap(wrapping: &[u8], wrapped: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; wrapped.len().checked_sub(WRAPPING)?];
    let key = match wrapping.len() {
        16 => KwAes128::new_from_slice(wrapping).ok()?.unwrap_key(wrapped, &mut out),
        _ => KwAes256::new_from_slice(wrapping).ok()?.unwrap_key(wrapped, &mut out),
    };
    Some(key.ok()?.to_vec())
}
