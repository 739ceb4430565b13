//! Messages of a host with a device, in both generations: a payment signed (and encrypted) and written, its
//! answer checked (and decrypted) and read, against the bare arithmetic that no program can do without.
//!
//! The floor of generation 1 is one RSA operation over the same bytes and the JSON library's own writing or
//! walk; of generation 2 the operations on curves: one of P-521 for the signature, and of P-256 the agreement
//! on a key, with a key pair of its own where something is encrypted.

use crate::limits::{self, Scale};
use crate::table::Row;
use crate::timing::{Round, Rounds, timed};
use anyhow::{Context, Result, anyhow, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p521::ecdsa::signature::{Signer, Verifier};
use p521::pkcs8::DecodePrivateKey;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::Value;
use simulator::kayaaku::TILL_KEYS;
use std::hint::black_box;
use std::time::Duration;
use wire::kayaaku::jwe::Fresh;
use wire::kayaaku::keys::{EcPrivate, EcPublic, Reader, Recipient, RsaPrivate, RsaPublic};
use wire::kayaaku::plain::{self, Message, Payment, Reply, Request, signing_input};
use wire::kayaaku::{Limits, assumed, envelope, sealed};

const SOURCE: &str = "tst";
const SEQUENCE: &str = "3420000000004217";
const ID: &str = "P1JN7W80000000000042";

/// All four rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let (plain, sealed) = (Plain::new()?, Sealed::new()?);
    let mut found = [(); 4].map(|()| Rounds::default());
    let count = scale.messages / limits::HOST_FEWER;
    for _ in 0..scale.rounds {
        let mut round = [(); 4].map(|()| Round::default());
        for index in 0..count + count / limits::WARM_UP {
            let turns = [plain.write()?, plain.read()?, sealed.write()?, sealed.read()?];
            if index >= count / limits::WARM_UP {
                for (round, (measured, baseline)) in round.iter_mut().zip(turns) {
                    round.measured.push(measured);
                    round.baseline.push(baseline);
                }
            }
        }
        found.iter_mut().zip(round).for_each(|(rounds, round)| rounds.take(round));
    }
    let [write, read, seal, open] = found;
    let row =
        |name: &str, what: &str, rounds: &Rounds| Row::of(name, what.to_owned(), rounds, limits::HOST);
    Ok(vec![
        row("host 1 encode", "a payment, RSA 2048; against one signature and the JSON library", &write),
        row("host 1 decode", "its answer; against one check and the JSON library's bare tree", &read),
        row("host 2 encode", "a payment, P-521 and JWE; against the bare operations on curves", &seal),
        row("host 2 decode", "its answer; against the bare operations on curves", &open),
    ])
}

type Turn = Result<(Duration, Duration)>;

/// Generation 1.
struct Plain {
    key: RsaPrivate,
    public: RsaPublic,
    request: Request,
    fields: Value,
    answer: String,
    bare: RsaKeyPair,
    input: String,
    signature: Vec<u8>,
}

impl Plain {
    fn new() -> Result<Self> {
        let key = RsaPrivate::from_pem(TILL_KEYS.rsa)?;
        let request = Request::Payment(Payment {
            method: "00".to_owned(),
            email: "till@example.my".to_owned(),
            device: "KP0001".to_owned(),
            version: "0.1.0".to_owned(),
            id: ID.to_owned(),
            local_time: "20260314093000".to_owned(),
            amount: "1850".to_owned(),
            currency: "458".to_owned(),
            mid: Some("000010000099999".to_owned()),
            till: Some("T1".to_owned()),
            ..Payment::default()
        });
        let members = request.members(SOURCE, SEQUENCE);
        let written = plain::written(members.iter().map(|(name, value)| (*name, value.as_str())));
        let reply = [("TxnID", ID), ("RespCd", "00"), ("RespDesc", "APPROVED"), ("HTR", "700000000001")];
        let more = [("AuthIdResp", "484684"), ("sourceSystem", SOURCE), ("sequenceNo", SEQUENCE)];
        let members: Vec<_> =
            reply.into_iter().chain(more).map(|(name, value)| (name, value.to_owned())).collect();
        let answer = plain::signed(SOURCE, &members, &key).context("the key signs")?;
        let bare = RsaKeyPair::from_pkcs8(&der(TILL_KEYS.rsa)?).map_err(|error| anyhow!("{error}"))?;
        let input = signing_input(SOURCE, &written);
        let mut signature = vec![0; bare.public().modulus_len()];
        sign(&bare, &input, &mut signature)?;
        Ok(Self {
            public: key.public(),
            key,
            request,
            fields: serde_json::from_str(&written)?,
            answer,
            bare,
            input,
            signature,
        })
    }

    fn write(&self) -> Turn {
        let mut signature = vec![0; self.bare.public().modulus_len()];
        let (bare, baseline) = timed(|| {
            let text = serde_json::to_string(black_box(&self.fields));
            (sign(&self.bare, &self.input, &mut signature), text)
        });
        let (written, measured) = timed(|| {
            let members = black_box(&self.request).members(SOURCE, SEQUENCE);
            plain::signed(SOURCE, &members, &self.key)
        });
        bare.0?;
        bare.1?;
        ensure!(written.is_some(), "the key signs");
        Ok((measured, baseline))
    }

    fn read(&self) -> Turn {
        let public: RsaPublicKeyComponents<Vec<u8>> = self.bare.public().into();
        let (bare, baseline) = timed(|| {
            let tree = serde_json::from_str::<Value>(black_box(&self.answer));
            let is_signed =
                public.verify(&RSA_PKCS1_2048_8192_SHA256, self.input.as_bytes(), &self.signature);
            (is_signed, tree)
        });
        let (read, measured) = timed(|| {
            let body = black_box(self.answer.as_bytes());
            Message::decode(body, Some(SOURCE), Some(&self.public), &Limits::REPLY)
                .and_then(|message| Reply::read(&message))
        });
        bare.0.map_err(|error| anyhow!("{error}"))?;
        bare.1?;
        read?;
        Ok((measured, baseline))
    }
}

/// One bare signature.
pub fn sign(key: &RsaKeyPair, input: &str, into: &mut [u8]) -> Result<()> {
    let random = ring::rand::SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), into).map_err(|error| anyhow!("{error}"))
}

/// What stands between the lines of a PEM.
pub fn der(pem: &str) -> Result<Vec<u8>> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    Ok(STANDARD.decode(body)?)
}

/// Generation 2.
struct Sealed {
    key: EcPrivate,
    public: EcPublic,
    to: Recipient,
    reader: Reader,
    request: sealed::Submit,
    answer: envelope::Sealed,
    bare: p521::ecdsa::SigningKey,
    signature: p521::ecdsa::Signature,
    agrees: p256::SecretKey,
}

impl Sealed {
    fn new() -> Result<Self> {
        let (key, reader) = (EcPrivate::from_pem(TILL_KEYS.ec)?, Reader::from_jwk(TILL_KEYS.reader)?);
        let request = sealed::Submit {
            caller: sealed::Caller {
                version: "0.1.0".to_owned(),
                mid: "000010000099999".to_owned(),
                ..sealed::Caller::default()
            },
            sequence: SEQUENCE.to_owned(),
            mrn: ID.to_owned(),
            method: "00".to_owned(),
            time: "20260314093000".to_owned(),
            amount: "1850".to_owned(),
            currency: "458".to_owned(),
            device: Some("KP0001".to_owned()),
            ..sealed::Submit::default()
        };
        let told = format!(r#"{{"sequenceNo":"{SEQUENCE}","mrn":"{ID}","resultCode":"00000"}}"#);
        let fresh = Fresh::of(&[1; 40]);
        let (to, with) = (reader.recipient(), assumed::SEALED_WITH);
        let answer = envelope::seal("0012", told.as_bytes(), &to, with, &key, &fresh)?;
        let bare = p521::SecretKey::from_pkcs8_pem(TILL_KEYS.ec).map_err(|error| anyhow!("{error}"))?;
        let bare = p521::ecdsa::SigningKey::from(&bare);
        let signature = bare.sign(answer.body.as_bytes());
        let agrees = p256::SecretKey::from_slice(&[7; 32]).map_err(|error| anyhow!("{error}"))?;
        Ok(Self { public: key.public(), key, to, reader, request, answer, bare, signature, agrees })
    }

    fn write(&self) -> Turn {
        let fresh = Fresh::of(&[2; 40]);
        let body = self.answer.body.as_bytes();
        let (_, baseline) = timed(|| {
            let signature: p521::ecdsa::Signature = self.bare.sign(black_box(body));
            let public = black_box(&self.agrees).public_key();
            let agreed = p256::ecdh::diffie_hellman(self.agrees.to_nonzero_scalar(), public.as_affine());
            black_box((signature, agreed.raw_secret_bytes().len()))
        });
        let (written, measured) = timed(|| {
            let plain = black_box(&self.request).plain();
            envelope::seal("0011", plain.as_bytes(), &self.to, assumed::SEALED_WITH, &self.key, &fresh)
        });
        written?;
        Ok((measured, baseline))
    }

    fn read(&self) -> Turn {
        let body = self.answer.body.as_bytes();
        let public = self.agrees.public_key();
        let key = self.bare.verifying_key();
        let (bare, baseline) = timed(|| {
            let is_signed = key.verify(black_box(body), &self.signature);
            let agreed = p256::ecdh::diffie_hellman(self.agrees.to_nonzero_scalar(), public.as_affine());
            black_box(agreed.raw_secret_bytes().len());
            is_signed
        });
        let (read, measured) = timed(|| {
            let signature = Some(self.answer.signature.as_str());
            let opened =
                envelope::open(black_box(body), signature, &self.public, &self.reader, &Limits::REPLY)?;
            sealed::Told::read(&sealed::Message::decode(&opened.plain, &Limits::REPLY)?)
        });
        bare.map_err(|error| anyhow!("{error}"))?;
        read?;
        Ok((measured, baseline))
    }
}
