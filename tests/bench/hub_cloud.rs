//! Messages of the gateway before a terminal with an ECR Hub: an order signed and written, its reply checked
//! and read, against one RSA operation over the same bytes and the JSON library's own writing or walk.

use crate::host::{self, der};
use crate::limits::{self, Scale};
use crate::table::Row;
use crate::timing::{Round, Rounds, timed};
use anyhow::{Context, Result, anyhow, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::Value;
use simulator::ecrhub::HUB_KEYS;
use std::hint::black_box;
use std::time::Duration;
use wire::ecrhub::cloud::{
    Caller, Proof, Push, Reply, Request, RsaPrivate, RsaPublic, SIGN, canonical, sign,
};
use wire::ecrhub::{Json, Order, Scenario, TransType};

type Turn = Result<(Duration, Duration)>;

/// Both rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let (order, reply) = (Written::new()?, Told::new()?);
    let (mut signs, mut verifies) = (Rounds::default(), Rounds::default());
    let count = scale.messages / limits::HOST_FEWER;
    for _ in 0..scale.rounds {
        let (mut sign, mut verify) = (Round::default(), Round::default());
        for index in 0..count + count / limits::WARM_UP {
            let turns = [order.measure()?, reply.measure()?];
            if index >= count / limits::WARM_UP {
                for (round, (measured, baseline)) in [&mut sign, &mut verify].into_iter().zip(turns) {
                    round.measured.push(measured);
                    round.baseline.push(baseline);
                }
            }
        }
        signs.take(sign);
        verifies.take(verify);
    }
    let row =
        |name: &str, what: &str, rounds: &Rounds| Row::of(name, what.to_owned(), rounds, limits::HOST);
    Ok(vec![
        row("hub sign", "an order, RSA 2048; against one signature and the JSON library", &signs),
        row("hub verify", "its reply; against one check and the JSON library's bare tree", &verifies),
    ])
}

/// An order as it goes out.
struct Written {
    key: RsaPrivate,
    order: Order,
    fields: Value,
    input: String,
    bare: RsaKeyPair,
}

const CALLER: Caller<'_> = Caller {
    app_id: "wztest0000000001",
    merchant: "300000000001",
    timestamp: "1735689600000",
    query: None,
};
const PUSH: Push<'_> =
    Push { store: "4000000001", terminal: "TESTSN0000000001", application: "SADAD POS", notify: None };

impl Written {
    fn new() -> Result<Self> {
        let order = Order {
            kind: TransType::Sale,
            number: "P1JN7W80000000000042".to_owned(),
            original: None,
            amount: "45.00".to_owned(),
            cash_back: None,
            currency: "QAR".to_owned(),
            scenario: Some(Scenario::Card),
            expires: 180,
            asks_tip: false,
            confirms: false,
            brand: None,
        };
        let key = RsaPrivate::from_text(HUB_KEYS.till)?;
        let written = Request::create(&order, &PUSH).written(&CALLER, &key).context("the key signs")?;
        let fields: serde_json::Map<String, Value> = serde_json::from_str(&written)?;
        let pairs = fields.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        let input = canonical(pairs);
        let bare = RsaKeyPair::from_pkcs8(&der(HUB_KEYS.till)?).map_err(|error| anyhow!("{error}"))?;
        Ok(Self { key, order, fields: Value::Object(fields), input, bare })
    }

    fn measure(&self) -> Turn {
        let mut signature = vec![0; self.bare.public().modulus_len()];
        let (bare, baseline) = timed(|| {
            let text = serde_json::to_string(black_box(&self.fields));
            (host::sign(&self.bare, &self.input, &mut signature), text)
        });
        let (written, measured) =
            timed(|| Request::create(black_box(&self.order), &PUSH).written(&CALLER, &self.key));
        bare.0?;
        bare.1?;
        ensure!(written.is_some(), "the key signs");
        Ok((measured, baseline))
    }
}

/// A reply as it comes in.
struct Told {
    key: RsaPublic,
    text: String,
    input: String,
    signature: Vec<u8>,
    bare: RsaPublicKeyComponents<Vec<u8>>,
}

impl Told {
    fn new() -> Result<Self> {
        let gateway = RsaPrivate::from_text(HUB_KEYS.gateway)?;
        let data = "{\"trans_no\":\"7000000000000001\",\"merchant_order_no\":\"P1JN7W80000000000042\",\
                    \"trans_type\":1,\"trans_status\":2,\"order_amount\":\"45\",\"price_currency\":\"QAR\",\
                    \"terminal_sn\":\"TESTSN0000000001\",\"pay_method_id\":\"Visa\"}";
        let fields = [("code", "0"), ("msg", "success"), ("psn", "01010000051234567890"), ("data", data)];
        let signed = sign(&gateway, fields).context("the key signs")?;
        let all = fields.into_iter().chain([(SIGN, signed.as_str())]);
        let text = Json::Object(all.map(|(name, value)| (name.to_owned(), Json::text(value))).collect());
        let pair = RsaKeyPair::from_pkcs8(&der(HUB_KEYS.gateway)?).map_err(|error| anyhow!("{error}"))?;
        Ok(Self {
            key: RsaPublic::from_text(HUB_KEYS.gateway_public)?,
            text: text.to_string(),
            input: canonical(fields),
            signature: STANDARD.decode(&signed)?,
            bare: pair.public().into(),
        })
    }

    fn measure(&self) -> Turn {
        let (bare, baseline) = timed(|| {
            let tree = serde_json::from_str::<Value>(black_box(&self.text));
            let input = self.input.as_bytes();
            (self.bare.verify(&RSA_PKCS1_2048_8192_SHA256, input, &self.signature), tree)
        });
        let (reply, measured) = timed(|| Reply::decode(black_box(self.text.as_bytes()), &self.key));
        bare.0.map_err(|error| anyhow!("{error}"))?;
        bare.1?;
        ensure!(reply?.proof == Proof::Proven, "it is the gateway's");
        Ok((measured, baseline))
    }
}
