//! Messages of a wallet gateway: a charge signed and written, its answer read and checked, against what no
//! program can do without.
//!
//! The floor of writing is the JSON library with the same fields and one digest of the same bytes; of
//! reading, the same library's walk over the answer into a tree.

use crate::limits::{self, Scale};
use crate::table::Row;
use crate::timing::{Round, Rounds, timed};
use anyhow::{Context, Result, ensure};
use md5::{Digest, Md5};
use serde_json::{Map, Value};
use std::hint::black_box;
use std::time::Duration;
use wire::pockyt::{Credentials, Encoding, Limits, Meant, Pay, Reply, Request, Status};

/// An answer with every field that the gateway tells of a payment.
const ANSWER: &str = r#"{"result":{"amount":"18.50","createTime":"2026-03-14 09:30:02","currency":"USD",
"merchantNo":"900001","originalTransactionNo":null,"paymentTime":"2026-03-14 09:30:05",
"reference":"T07-000123-1","refundAmount":"0.00","settleCurrency":"USD","storeAdminNo":null,
"storeNo":"800002","transactionNo":"400000000000000123","transactionStatus":"success",
"transactionType":"payment","vendor":"alipay","voidAmount":"0.00"},"ret_code":"000100",
"ret_msg":"pay success"}"#;

/// Both rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let one = Charge::new();
    let written = one.request.encode(&one.who, Encoding::Json).body;
    let fields: Map<String, Value> = serde_json::from_str(&written).context("a request is not JSON")?;
    let read = Reply::decode(ANSWER.as_bytes(), &Limits::REPLY)?;
    let status = read.result.and_then(|record| record.status);
    ensure!(status == Some(Status::Success), "the answer is not read as it is written");
    let (mut writing, mut reading) = (Rounds::default(), Rounds::default());
    for _ in 0..scale.rounds {
        let (mut writes, mut reads) = (Round::default(), Round::default());
        for index in 0..scale.messages + scale.messages / limits::WARM_UP {
            let turn = Turn::take(&one, &fields)?;
            if index >= scale.messages / limits::WARM_UP {
                writes.measured.push(turn.encode);
                writes.baseline.push(turn.write);
                reads.measured.push(turn.decode);
                reads.baseline.push(turn.walk);
            }
        }
        writing.take(writes);
        reading.take(reads);
    }
    let encode =
        format!("a charge of {} bytes, signed; against the JSON library and one digest", written.len());
    let decode = format!("an answer of {} bytes to a checked record; against a bare tree", ANSWER.len());
    Ok(vec![
        Row::of("gateway encode", encode, &writing, limits::GATEWAY),
        Row::of("gateway decode", decode, &reading, limits::GATEWAY),
    ])
}

/// What is charged, and who asks.
struct Charge {
    who: Credentials,
    request: Request,
}

impl Charge {
    fn new() -> Self {
        let who = Credentials {
            merchant_no: "900001".to_owned(),
            store_no: "800002".to_owned(),
            store_admin_no: None,
            token: "till-demo-token-0001".to_owned(),
        };
        let request = Request::Pay(Pay {
            meant: Meant::TransactionNo("400000000000000123".to_owned()),
            payment_barcode: "281234567890123456".to_owned(),
            vendor: Some("alipay".to_owned()),
        });
        Self { who, request }
    }
}

struct Turn {
    encode: Duration,
    write: Duration,
    decode: Duration,
    walk: Duration,
}

impl Turn {
    fn take(one: &Charge, fields: &Map<String, Value>) -> Result<Self> {
        let (written, write) = timed(|| {
            let text = serde_json::to_string(black_box(fields));
            text.map(|text| (Md5::digest(text.as_bytes()), text))
        });
        let (_, encode) = timed(|| black_box(&one.request).encode(&one.who, Encoding::Json));
        let (walked, walk) = timed(|| serde_json::from_slice::<Value>(black_box(ANSWER.as_bytes())));
        let (read, decode) = timed(|| Reply::decode(black_box(ANSWER.as_bytes()), &Limits::REPLY));
        written?;
        walked?;
        read?;
        Ok(Self { encode, write, decode, walk })
    }
}
