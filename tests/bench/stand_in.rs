//! The terminal at the other end, as quick as can be: no customer, no host, only prepared answers.
//!
//! The simulator is faithful and therefore takes its time; here the till alone is to be measured.

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use std::fmt;
use terminals::http::{Cause, Http, HttpFault, HttpReply, HttpRequest};
use wire::nexo::{
    AmountsResp, Body, Limits, LoginResponse, Message, PaymentRequest, PaymentResponse, PaymentResult,
    PoiData, Response, SaleData, TransactionIdentification, decode, encode,
};

const APPROVED: &[u8] = include_bytes!("../../crates/wire/testdata/nexo/payment-response-approved.xml");

/// Answers every login and every payment with success.
#[derive(Clone)]
pub struct StandIn {
    approved: PaymentResponse,
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StandIn")
    }
}

impl StandIn {
    /// Prepares the answers.
    pub fn new() -> Result<Self> {
        let Body::PaymentResponse(approved) = approved()?.body else { bail!("the sample is no payment") };
        Ok(Self { approved })
    }

    /// The answer to a request.
    pub fn answer(&self, request: &[u8]) -> Result<Vec<u8>> {
        let message = decode(request, &Limits::LISTENER)?;
        let body: Body = match message.body {
            Body::LoginRequest(_) => {
                LoginResponse { response: Response::success(), poi_system_data: None }.into()
            }
            Body::PaymentRequest(request) => self.pay(&request)?.into(),
            other => bail!("nobody prepared an answer to {}", other.element()),
        };
        Ok(encode(&Message::new(message.header.reply(), body)).into_bytes())
    }

    fn pay(&self, request: &PaymentRequest) -> Result<PaymentResponse> {
        let asked = &request.payment_transaction.amounts_req;
        let amounts = AmountsResp {
            currency: Some(asked.currency.clone()),
            authorized_amount: asked.requested_amount,
            ..AmountsResp::default()
        };
        let result = self.approved.payment_result.clone().context("the sample names no result")?;
        let sale = request.sale_data.sale_transaction_id.clone();
        let now = TransactionIdentification::new("7770030012", Timestamp::now().to_string());
        Ok(PaymentResponse {
            sale_data: Some(SaleData { sale_transaction_id: sale, ..SaleData::default() }),
            poi_data: Some(PoiData { poi_transaction_id: Some(now), ..PoiData::default() }),
            payment_result: Some(PaymentResult { amounts_resp: Some(amounts), ..result }),
            ..self.approved.clone()
        })
    }
}

/// An approved payment with both copies of its receipt, none to be signed; about 3.6 kB as it is written.
pub fn approved() -> Result<Message> {
    let mut message = decode(APPROVED, &Limits::REPLY)?;
    let Body::PaymentResponse(answer) = &mut message.body else { bail!("the sample is no payment") };
    let contents = answer.payment_receipts.iter_mut().filter_map(|receipt| receipt.output_content.as_mut());
    for output in contents.flat_map(|content| &mut content.output_texts) {
        let receipt = String::from_utf8(STANDARD.decode(&output.text)?)?;
        let unsigned = receipt.replace("\"SignatureBlock\":true", "\"SignatureBlock\":false");
        output.text = STANDARD.encode(without_optional(&unsigned));
    }
    Ok(message)
}

/// A receipt without its optional part.
fn without_optional(receipt: &str) -> String {
    receipt
        .split_once(",\"Optional\"")
        .map_or_else(|| receipt.to_owned(), |(head, _)| format!("{head}}}}}"))
}

#[async_trait]
impl Http for StandIn {
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFault> {
        let answer = self.answer(&request.body);
        let body = answer.map_err(|error| HttpFault::NotSent { cause: Cause::Other(error.to_string()) })?;
        Ok(HttpReply::new(200, body))
    }
}
