//! Requests to the gateway: flat objects of texts alone, so that what is signed is what is written (dossier
//! sections 5.1 to 5.4 and 5.7).

use super::RsaPrivate;
use super::sign::{SIGN, sign};
use crate::ecrhub::Order;
use crate::json::Json;

/// What the gateway is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// An order is stored and pushed to a terminal.
    Create,
    /// A waiting order is dropped.
    Close,
    /// What is known of an order.
    Query,
    /// Money goes back without the terminal.
    RefundSubmit,
    /// What became of that.
    RefundQuery,
    /// An unclear order is given back when it was paid, closed when it was not.
    Revoke,
    /// The batch of a terminal is settled.
    BatchClose,
}

impl Method {
    /// Every one, with its name on the wire.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Create, "wisehub.cloud.pay.order"),
        (Self::Close, "wisehub.cloud.pay.close"),
        (Self::Query, "order.query"),
        (Self::RefundSubmit, "order.refund.submit"),
        (Self::RefundQuery, "order.refund.query"),
        (Self::Revoke, "order.revoker"),
        (Self::BatchClose, "batch.close"),
    ];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    /// The method of this name. One page has another name for the query.
    pub fn of(name: &str) -> Option<Self> {
        if name == "pay.orderquery" {
            return Some(Self::Query);
        }
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(method, _)| *method)
    }

    /// Where it is posted.
    pub fn path(self, route: Route) -> &'static str {
        match (route, self) {
            (Route::Apart, Self::Create) => "/api/entry/ecrorder",
            (Route::Apart, Self::Query) => "/api/entry/orderquery",
            (Route::Apart, Self::Close) => "/api/entry/ecrclose",
            (
                Route::Single | Route::Apart,
                Self::Create
                | Self::Query
                | Self::Close
                | Self::RefundSubmit
                | Self::RefundQuery
                | Self::Revoke
                | Self::BatchClose,
            ) => "/api/entry",
        }
    }
}

/// How addresses are made (section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// One for everything.
    Single,
    /// Some operations have their own.
    Apart,
}

/// Who asks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// `app_id`.
    pub app_id: &'a str,
    /// `merchant_no`.
    pub merchant: &'a str,
    /// Milliseconds since 1970, decimal.
    pub timestamp: &'a str,
    /// What the query is called here, where that is not the usual name.
    pub query: Option<&'a str>,
}

/// Which terminal, and which program on it.
#[derive(Clone, Copy, Debug)]
pub struct Push<'a> {
    /// `store_no`.
    pub store: &'a str,
    /// `terminal_sn`.
    pub terminal: &'a str,
    /// `message_receiving_application`.
    pub application: &'a str,
    /// `notify_url`: where the gateway tells how an order ended, as an absolute public address.
    pub notify: Option<&'a str>,
}

/// A request with its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// Names and values; what is empty is left out.
    pub fields: Vec<(&'static str, String)>,
}

impl Request {
    /// An order for a terminal. It is refused where the terminal cannot be reached at once: it would pop up
    /// there minutes later.
    pub fn create(order: &Order, push: &Push<'_>) -> Self {
        let mut fields = Self::pushed(push);
        fields.push(("api_version", "2.0".to_owned()));
        fields.extend(order.fields());
        fields.push(("reject_trade_when_terminal_offline", "true".to_owned()));
        fields.extend(push.notify.map(|url| ("notify_url", url.to_owned())));
        Self { method: Method::Create, fields }
    }

    /// A waiting order is dropped.
    pub fn close(number: &str, push: &Push<'_>) -> Self {
        let mut fields = Self::pushed(push);
        fields.push(("merchant_order_no", number.to_owned()));
        Self { method: Method::Close, fields }
    }

    /// What is known of the order of this number.
    pub fn query(number: &str) -> Self {
        Self { method: Method::Query, fields: vec![("merchant_order_no", number.to_owned())] }
    }

    /// The batch of a terminal is settled.
    pub fn batch_close(terminal: &str) -> Self {
        Self { method: Method::BatchClose, fields: vec![("terminal_sn", terminal.to_owned())] }
    }

    fn pushed(push: &Push<'_>) -> Vec<(&'static str, String)> {
        vec![
            ("store_no", push.store.to_owned()),
            ("terminal_sn", push.terminal.to_owned()),
            ("message_receiving_application", push.application.to_owned()),
        ]
    }

    /// As JSON, signed; nothing where the key cannot sign.
    pub fn written(&self, caller: &Caller<'_>, key: &RsaPrivate) -> Option<String> {
        let method = match self.method {
            Method::Query => caller.query.unwrap_or(self.method.name()),
            Method::Create
            | Method::Close
            | Method::RefundSubmit
            | Method::RefundQuery
            | Method::Revoke
            | Method::BatchClose => self.method.name(),
        };
        let common = [
            ("app_id", caller.app_id),
            ("format", "JSON"),
            ("charset", "UTF-8"),
            ("sign_type", "RSA2"),
            ("version", "1.0"),
            ("method", method),
            ("timestamp", caller.timestamp),
            ("merchant_no", caller.merchant),
        ];
        let own = self.fields.iter().map(|(name, value)| (*name, value.as_str()));
        let fields: Vec<_> = common.into_iter().chain(own).filter(|(_, value)| !value.is_empty()).collect();
        let signature = sign(key, fields.iter().copied())?;
        let members = fields.into_iter().chain([(SIGN, signature.as_str())]);
        let members = members.map(|(name, value)| (name.to_owned(), Json::text(value)));
        Some(Json::Object(members.collect()).to_string())
    }
}
