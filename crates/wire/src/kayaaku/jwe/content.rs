//! The content: AES-GCM, and AES-CBC with HMAC (RFC 7518 section 5).

use super::Encryption;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;

/// Bytes of every tag that stand on their own behind AES-GCM.
const GCM_TAG: usize = 16;

/// An encrypted content with what came beside it.
pub(super) struct Sealed<'s> {
    pub iv: &'s [u8],
    pub text: Vec<u8>,
    pub tag: &'s [u8],
}

fn gcm_key(encryption: Encryption, key: &[u8]) -> Option<LessSafeKey> {
    let algorithm = match encryption {
        Encryption::A128Gcm => &AES_128_GCM,
        Encryption::A256Gcm => &AES_256_GCM,
        Encryption::A128CbcHs256 | Encryption::A256CbcHs512 => return None,
    };
    UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new)
}

/// Ciphertext and tag; nothing where key or vector have the wrong length.
pub(super) fn encrypt(
    encryption: Encryption,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    plain: &[u8],
) -> Option<(Vec<u8>, Vec<u8>)> {
    match encryption {
        Encryption::A128Gcm | Encryption::A256Gcm => {
            let (mut text, nonce) = (plain.to_vec(), Nonce::try_assume_unique_for_key(iv).ok()?);
            let tag = gcm_key(encryption, key)?
                .seal_in_place_separate_tag(nonce, Aad::from(aad), &mut text)
                .ok()?;
            Some((text, tag.as_ref().to_vec()))
        }
        Encryption::A128CbcHs256 | Encryption::A256CbcHs512 => {
            let (mac_key, aes_key) = key.split_at_checked(key.len() / 2)?;
            let text = if aes_key.len() == 16 {
                cbc::Encryptor::<aes::Aes128>::new_from_slices(aes_key, iv)
                    .ok()?
                    .encrypt_padded_vec::<Pkcs7>(plain)
            } else {
                cbc::Encryptor::<aes::Aes256>::new_from_slices(aes_key, iv)
                    .ok()?
                    .encrypt_padded_vec::<Pkcs7>(plain)
            };
            let mac = hmac::sign(&mac(encryption, mac_key), &macked(aad, iv, &text));
            let tag = mac.as_ref().get(..encryption.tag_bytes())?.to_vec();
            Some((text, tag))
        }
    }
}

/// The content; nothing where the tag does not fit.
pub(super) fn decrypt(
    encryption: Encryption,
    key: &[u8],
    aad: &[u8],
    sealed: Sealed<'_>,
) -> Option<Vec<u8>> {
    let Sealed { iv, mut text, tag } = sealed;
    match encryption {
        Encryption::A128Gcm | Encryption::A256Gcm => {
            let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
            let length = text.len();
            debug_assert_eq!(tag.len(), GCM_TAG);
            text.extend_from_slice(tag);
            gcm_key(encryption, key)?.open_in_place(nonce, Aad::from(aad), &mut text).ok()?;
            text.truncate(length);
            Some(text)
        }
        Encryption::A128CbcHs256 | Encryption::A256CbcHs512 => {
            let (mac_key, aes_key) = key.split_at_checked(key.len() / 2)?;
            let made = hmac::sign(&mac(encryption, mac_key), &macked(aad, iv, &text));
            if !is_same(made.as_ref().get(..encryption.tag_bytes())?, tag) {
                return None;
            }
            if aes_key.len() == 16 {
                let cipher = cbc::Decryptor::<aes::Aes128>::new_from_slices(aes_key, iv).ok()?;
                cipher.decrypt_padded_vec::<Pkcs7>(&text).ok()
            } else {
                let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(aes_key, iv).ok()?;
                cipher.decrypt_padded_vec::<Pkcs7>(&text).ok()
            }
        }
    }
}

fn mac(encryption: Encryption, key: &[u8]) -> hmac::Key {
    match encryption {
        Encryption::A128Gcm | Encryption::A256Gcm | Encryption::A128CbcHs256 => {
            hmac::Key::new(hmac::HMAC_SHA256, key)
        }
        Encryption::A256CbcHs512 => hmac::Key::new(hmac::HMAC_SHA512, key),
    }
}

/// What the tag is over: header, vector, ciphertext, and the header's length in bits.
fn macked(aad: &[u8], iv: &[u8], text: &[u8]) -> Vec<u8> {
    let bits = u64::try_from(aad.len()).unwrap_or(u64::MAX).saturating_mul(8);
    [aad, iv, text, &bits.to_be_bytes()].concat()
}

/// Takes the same time wherever the two differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    (differences == 0) & (one.len() == other.len())
}
