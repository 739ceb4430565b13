//! The dossier's vectors byte for byte, properties, and everything that is not to be read.

mod codes;
mod headers;
mod hostile;
mod layouts;
mod line;
mod serial;
mod vectors;

use super::jwe::Fresh;
use super::keys::{EcPrivate, EcPublic, Reader, RsaPrivate, RsaPublic};

pub const RSA: &str = include_str!("../../testdata/kayaaku/rsa-private.pem");
pub const RSA_PUBLIC: &str = include_str!("../../testdata/kayaaku/rsa-public.pem");
pub const EC: &str = include_str!("../../testdata/kayaaku/ec-private.pem");
pub const EC_PUBLIC: &str = include_str!("../../testdata/kayaaku/ec-public.pem");
pub const READER: &str = include_str!("../../testdata/kayaaku/reader.jwk");
pub const STRANGER: &str = include_str!("../../testdata/kayaaku/stranger.jwk");
pub const PLAIN: &str = include_str!("../../testdata/kayaaku/enquiry.plain.json");
pub const BODY: &str = include_str!("../../testdata/kayaaku/enquiry.body");
pub const SIGNATURE: &str = include_str!("../../testdata/kayaaku/enquiry.signature");
pub const SIGNED_MESSAGE: &str = include_str!("../../testdata/kayaaku/enquiry.signed-message");

pub fn rsa() -> RsaPrivate {
    RsaPrivate::from_pem(RSA).unwrap()
}

pub fn rsa_public() -> RsaPublic {
    RsaPublic::from_pem(RSA_PUBLIC).unwrap()
}

pub fn ec() -> EcPrivate {
    EcPrivate::from_pem(EC).unwrap()
}

pub fn ec_public() -> EcPublic {
    EcPublic::from_pem(EC_PUBLIC).unwrap()
}

pub fn reader() -> Reader {
    Reader::from_jwk(READER).unwrap()
}

pub fn fresh(byte: u8) -> Fresh {
    Fresh::of(&[byte; 40])
}
