//! The result object: a transaction as the gateway tells it (dossier section 5).
//!
//! Fields are texts on some pages and numbers on others, `null` or missing. Invariant: what is missing is
//! `None`, never a guessed default; an amount that cannot be read is an error, never a missing one.

use super::{Decimal, DecodeError, Status};
use crate::json::Json;

/// One transaction, or one movement of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The gateway's number.
    pub transaction_no: Option<String>,
    /// The transaction that this one gives back.
    pub original_transaction_no: Option<String>,
    /// Our number.
    pub reference: Option<String>,
    /// Whose transaction it is.
    pub merchant_no: Option<String>,
    /// Of which store.
    pub store_no: Option<String>,
    /// What was asked for.
    pub amount: Option<Decimal>,
    /// ISO 4217 letters of the price.
    pub currency: Option<String>,
    /// ISO 4217 letters of the settlement.
    pub settle_currency: Option<String>,
    /// `payment`, `refund` or `void`.
    pub transaction_type: Option<String>,
    /// `transactionStatus` or `status`, whichever is there.
    pub status: Option<Status>,
    /// What went back in refunds; in the answer to a refund: what this one gives back.
    pub refund_amount: Option<Decimal>,
    /// What went back in a cancel.
    pub void_amount: Option<Decimal>,
    /// Our number of the refund.
    pub refund_reference: Option<String>,
    /// The gateway's number of the refund.
    pub refund_transaction_no: Option<String>,
    /// Every refund so far, where a query tells of them.
    pub refunds: Vec<RefundRecord>,
    /// When it was created: `yyyy-MM-dd HH:mm:ss`, UTC+8.
    pub create_time: Option<String>,
    /// When it was paid, in the same form.
    pub payment_time: Option<String>,
    /// The wallet.
    pub vendor: Option<String>,
    /// The text to draw as a code.
    pub deep_link: Option<String>,
    /// A picture of that code, elsewhere.
    pub qrcode_url: Option<String>,
    /// Minutes until an unpaid transaction closes.
    pub timeout: Option<String>,
}

/// One refund in a query's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefundRecord {
    /// The gateway's number.
    pub transaction_no: Option<String>,
    /// Our number.
    pub reference: Option<String>,
    /// What went back.
    pub amount: Option<Decimal>,
    /// ISO 4217 letters.
    pub currency: Option<String>,
    /// ISO 4217 letters.
    pub settle_currency: Option<String>,
}

impl Record {
    /// Reads the object; unknown names are passed over.
    pub(super) fn read(object: &Json) -> Result<Self, DecodeError> {
        if !matches!(object, Json::Object(_)) {
            return Err(DecodeError::Field("result"));
        }
        let of = |name| text(object, name);
        let status = match of("transactionStatus")? {
            Some(status) => Some(status),
            None => of("status")?,
        };
        Ok(Self {
            transaction_no: of("transactionNo")?,
            original_transaction_no: of("originalTransactionNo")?,
            reference: of("reference")?,
            merchant_no: of("merchantNo")?,
            store_no: of("storeNo")?,
            amount: amount(object, "amount")?,
            currency: of("currency")?,
            settle_currency: of("settleCurrency")?,
            transaction_type: of("transactionType")?,
            status: status.map(|word| Status::of(&word)),
            refund_amount: amount(object, "refundAmount")?,
            void_amount: amount(object, "voidAmount")?,
            refund_reference: of("refundReference")?,
            refund_transaction_no: of("refundTransactionNo")?,
            refunds: refunds(object)?,
            create_time: of("createTime")?,
            payment_time: of("paymentTime")?,
            vendor: of("vendor")?,
            deep_link: of("deepLink")?,
            qrcode_url: of("qrcodeUrl")?,
            timeout: of("timeout")?,
        })
    }

    /// Names and values that are there, as they are written.
    pub(super) fn members(&self, status: &str, numeric: bool) -> Vec<(String, Json)> {
        let texts = [
            ("transactionNo", &self.transaction_no),
            ("originalTransactionNo", &self.original_transaction_no),
            ("reference", &self.reference),
            ("merchantNo", &self.merchant_no),
            ("storeNo", &self.store_no),
            ("currency", &self.currency),
            ("settleCurrency", &self.settle_currency),
            ("transactionType", &self.transaction_type),
            ("refundReference", &self.refund_reference),
            ("refundTransactionNo", &self.refund_transaction_no),
            ("createTime", &self.create_time),
            ("paymentTime", &self.payment_time),
            ("vendor", &self.vendor),
            ("deepLink", &self.deep_link),
            ("qrcodeUrl", &self.qrcode_url),
            ("timeout", &self.timeout),
        ];
        let texts = texts
            .into_iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| (name.to_owned(), Json::text(value))));
        let amounts = [
            ("amount", self.amount),
            ("refundAmount", self.refund_amount),
            ("voidAmount", self.void_amount),
        ];
        let amounts = amounts
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name.to_owned(), written(value, numeric))));
        let status = self.status.iter().map(|it| (status.to_owned(), Json::text(it.as_str())));
        let mut members: Vec<(String, Json)> = texts.chain(amounts).chain(status).collect();
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        if !self.refunds.is_empty() {
            let refunds = self.refunds.iter().map(RefundRecord::written).collect();
            members.push(("refundInfo".to_owned(), Json::Array(refunds)));
        }
        members
    }
}

impl RefundRecord {
    fn read(object: &Json) -> Result<Self, DecodeError> {
        if !matches!(object, Json::Object(_)) {
            return Err(DecodeError::Field("refundInfo"));
        }
        Ok(Self {
            transaction_no: text(object, "refundTransactionId")?,
            reference: text(object, "refundReference")?,
            amount: amount(object, "refundAmount")?,
            currency: text(object, "currency")?,
            settle_currency: text(object, "settleCurrency")?,
        })
    }

    fn written(&self) -> Json {
        let texts = [
            ("refundTransactionId", &self.transaction_no),
            ("refundReference", &self.reference),
            ("currency", &self.currency),
            ("settleCurrency", &self.settle_currency),
        ];
        let texts = texts
            .into_iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| (name.to_owned(), Json::text(value))));
        let amount = self.amount.map(|amount| ("refundAmount".to_owned(), written(amount, false)));
        Json::Object(texts.chain(amount).collect())
    }
}

/// A text, or a number as its text; `null`, an empty text and a missing name are nothing.
pub(super) fn text(object: &Json, name: &'static str) -> Result<Option<String>, DecodeError> {
    match object.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text) | Json::Number(text)) if text.is_empty() => Ok(None),
        Some(Json::Text(text) | Json::Number(text)) => Ok(Some(text.clone())),
        Some(Json::Flag(_) | Json::Array(_) | Json::Object(_)) => Err(DecodeError::Field(name)),
    }
}

fn amount(object: &Json, name: &'static str) -> Result<Option<Decimal>, DecodeError> {
    let Some(text) = text(object, name)? else { return Ok(None) };
    Decimal::parse(&text).map(Some).ok_or(DecodeError::Field(name))
}

fn refunds(object: &Json) -> Result<Vec<RefundRecord>, DecodeError> {
    match object.get("refundInfo") {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(refunds)) => refunds.iter().map(RefundRecord::read).collect(),
        Some(Json::Flag(_) | Json::Number(_) | Json::Text(_) | Json::Object(_)) => {
            Err(DecodeError::Field("refundInfo"))
        }
    }
}

fn written(amount: Decimal, numeric: bool) -> Json {
    if numeric { Json::Number(amount.shortest()) } else { Json::Text(amount.to_string()) }
}
