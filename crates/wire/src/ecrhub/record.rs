//! What an answer tells of a transaction, by whatever way it came (section 2.4): `biz_data` of a terminal,
//! `data` of the gateway, the fields of a notification.

use super::scalar::scalar;
use super::words::Status;
use crate::json::Json;

/// Fields as their texts; what did not come is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// `merchant_order_no`: the till's number of the order.
    pub number: Option<String>,
    /// `orig_merchant_order_no`: the number of the order that it goes against.
    pub original: Option<String>,
    /// `trans_no`: the operator's number.
    pub trans_no: Option<String>,
    /// `trans_status`, by its number.
    pub status: Option<String>,
    /// `trans_type`, by its number.
    pub kind: Option<String>,
    /// `order_amount`: decimal, major units, without tip and cash.
    pub amount: Option<String>,
    /// `tip_amount`: decimal, major units.
    pub tip: Option<String>,
    /// `cashback_amount`: decimal, major units.
    pub cash_back: Option<String>,
    /// `trans_amount`, else `paid_amount`: all of it.
    pub total: Option<String>,
    /// `price_currency`: letters of ISO 4217.
    pub currency: Option<String>,
    /// `pay_scenario`.
    pub scenario: Option<String>,
    /// `pay_method_id`: the brand.
    pub brand: Option<String>,
    /// `card_no`, else `pay_user_account_id`: a masked card number, or somebody's account.
    pub account: Option<String>,
    /// `entry_mode`, else `entry_model`: 1 stripe, 2 chip, 3 contactless, 4 typed.
    pub entry: Option<String>,
    /// `auth_code`: the issuer's approval.
    pub approval: Option<String>,
    /// `ref_no`: the retrieval reference.
    pub rrn: Option<String>,
    /// `pay_channel_trans_no`: the acquirer's or wallet's number.
    pub channel_no: Option<String>,
    /// `message_id`: the gateway's number of the push.
    pub message_id: Option<String>,
    /// `terminal_online_status`: values are unpublished.
    pub online: Option<String>,
    /// `merchant_no`.
    pub merchant: Option<String>,
    /// `store_no`.
    pub store: Option<String>,
    /// `terminal_sn`.
    pub terminal: Option<String>,
    /// `trans_end_time`: `YYYY-MM-DD HH:mm:ss`, UTC.
    pub ended: Option<String>,
    /// `trans_error_code`: why it failed.
    pub error: Option<String>,
    /// `trans_error_msg`.
    pub error_words: Option<String>,
}

impl Record {
    /// Reads the members of an object; anything else is an empty record.
    pub fn read(fields: &Json) -> Self {
        let of = |name: &str| fields.get(name).and_then(scalar);
        Self {
            number: of("merchant_order_no"),
            original: of("orig_merchant_order_no"),
            trans_no: of("trans_no"),
            status: of("trans_status"),
            kind: of("trans_type"),
            amount: of("order_amount"),
            tip: of("tip_amount"),
            cash_back: of("cashback_amount"),
            total: of("trans_amount").or_else(|| of("paid_amount")),
            currency: of("price_currency"),
            scenario: of("pay_scenario"),
            brand: of("pay_method_id"),
            account: of("card_no").or_else(|| of("pay_user_account_id")),
            entry: of("entry_mode").or_else(|| of("entry_model")),
            approval: of("auth_code"),
            rrn: of("ref_no"),
            channel_no: of("pay_channel_trans_no"),
            message_id: of("message_id"),
            online: of("terminal_online_status"),
            merchant: of("merchant_no"),
            store: of("store_no"),
            terminal: of("terminal_sn"),
            ended: of("trans_end_time"),
            error: of("trans_error_code"),
            error_words: of("trans_error_msg"),
        }
    }

    /// The state of the order, where one is told.
    pub fn status(&self) -> Option<Status> {
        self.status.as_deref().map(Status::of)
    }

    /// Signs that money moved, whatever the code says (section 2.7, rule 2).
    pub fn shows_money(&self) -> bool {
        self.approval.is_some() || matches!(self.status(), Some(Status::Successful | Status::PaidOnce))
    }
}
