//! Messages between till and terminal on the local network and on the cable: one JSON object each, the same
//! shape both ways (sections 2.1 and 3.4). Older dialects are recognised, so that they can be named.

use super::code::Code;
use super::order::Order;
use super::record::Record;
use super::scalar::scalar;
use super::{DecodeError, HUB, Limits};
use crate::json::Json;

/// What a message is about (section 2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An order, and its last word.
    Order,
    /// A look at an order.
    Query,
    /// The terminal is asked to drop a waiting order.
    Close,
    /// The batch is settled.
    BatchClose,
    /// A tip is changed before settlement.
    TipAdjustment,
    /// Who is there?
    Info,
    /// First message of older clients.
    Init,
    /// The same, under its longer name.
    PayInit,
    /// A sign of life of older clients.
    Heartbeat,
    /// A terminal asks to be paired.
    Pair,
    /// A pairing ends.
    Unpair,
    /// A topic that this program has no use for.
    Other(String),
}

impl Topic {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Order, "ecrhub.pay.order"),
        (Self::Query, "ecrhub.pay.query"),
        (Self::Close, "ecrhub.pay.close"),
        (Self::BatchClose, "ecrhub.pay.batch.close"),
        (Self::TipAdjustment, "ecrhub.pay.tip.adjustment"),
        (Self::Info, "ecrhub.getInfo"),
        (Self::Init, "ecrhub.init"),
        (Self::PayInit, "ecrhub.pay.init"),
        (Self::Heartbeat, "ecrhub.heartbeat"),
        (Self::Pair, "ecrhub.pair"),
        (Self::Unpair, "ecrhub.unpair"),
    ];

    /// The topic of this word.
    pub fn of(word: &str) -> Self {
        let known = Self::ALL.iter().find(|(_, known)| *known == word);
        known.map_or_else(|| Self::Other(word.to_owned()), |(topic, _)| topic.clone())
    }

    /// The word on the wire.
    pub fn word(&self) -> &str {
        if let Self::Other(word) = self {
            return word;
        }
        Self::ALL.iter().find(|(topic, _)| topic == self).map_or("", |(_, word)| word)
    }
}

/// One message, either way. Members that nobody knows stay in `all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is about.
    pub topic: Topic,
    /// `request_id`: pairs an answer with its request, where the terminal echoes it.
    pub id: Option<String>,
    /// `app_id`.
    pub app_id: Option<String>,
    /// `response_code`: an answer has one.
    pub code: Option<Code>,
    /// `response_msg`.
    pub words: Option<String>,
    /// `biz_data`, where it is an object.
    pub business: Option<Json>,
    /// `device_data`, where it is an object.
    pub device: Option<Json>,
    /// The whole object as it came.
    pub all: Json,
}

impl Message {
    /// Reads a message.
    ///
    /// # Errors
    /// Not one JSON object within the limits, or without a topic.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
        let all = Json::decode(bytes, limits)?;
        let of = |name: &str| all.get(name).and_then(scalar);
        let object = |name: &str| all.get(name).filter(|it| matches!(it, Json::Object(_))).cloned();
        Ok(Self {
            topic: Topic::of(&of("topic").ok_or(DecodeError::Field("topic"))?),
            id: of("request_id"),
            app_id: of("app_id"),
            code: of("response_code").map(|code| Code::of(&code)),
            words: of("response_msg"),
            business: object("biz_data"),
            device: object("device_data"),
            all,
        })
    }

    /// What it tells of a transaction.
    pub fn record(&self) -> Record {
        self.business.as_ref().map(Record::read).unwrap_or_default()
    }
}

/// Who sends a request, and what pairs the answer with it.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// `app_id`: the program that speaks, as the operator registered it.
    pub app_id: &'a str,
    /// `request_id`.
    pub id: &'a str,
    /// Milliseconds since 1970, decimal.
    pub timestamp: &'a str,
}

impl Sender<'_> {
    /// An order. `confirm_on_terminal` is always said: terminals differ in what they take for granted.
    pub fn order(&self, order: &Order) -> String {
        let number = |name: &str| name == "expires";
        let mut business: Vec<_> = order
            .fields()
            .into_iter()
            .filter(|(name, _)| !matches!(*name, "on_screen_tip" | "confirm_on_terminal"))
            .map(|(name, value)| {
                let value = if number(name) { Json::Number(value) } else { Json::Text(value) };
                (name.to_owned(), value)
            })
            .collect();
        if order.asks_tip {
            business.push(("on_screen_tip".to_owned(), Json::Flag(true)));
        }
        business.push(("confirm_on_terminal".to_owned(), Json::Flag(order.confirms)));
        self.written(&Topic::Order, business)
    }

    /// A look at the order of this number.
    pub fn query(&self, number: &str) -> String {
        self.written(&Topic::Query, vec![("merchant_order_no".to_owned(), Json::text(number))])
    }

    /// The wish that the terminal drops the order of this number.
    pub fn close(&self, number: &str) -> String {
        self.written(&Topic::Close, vec![("merchant_order_no".to_owned(), Json::text(number))])
    }

    /// The wish that the batch is settled.
    pub fn batch_close(&self) -> String {
        self.written(&Topic::BatchClose, Vec::new())
    }

    /// Who are you? `name`: the till's.
    pub fn info(&self, name: &str) -> String {
        let device = Json::Object(vec![("device_name".to_owned(), Json::text(name))]);
        self.sent(&Topic::Info, ("device_data", device))
    }

    fn written(&self, topic: &Topic, business: Vec<(String, Json)>) -> String {
        self.sent(topic, ("biz_data", Json::Object(business)))
    }

    fn sent(&self, topic: &Topic, (name, content): (&str, Json)) -> String {
        let text = |name: &str, value: &str| (name.to_owned(), Json::text(value));
        Json::Object(vec![
            text("topic", topic.word()),
            text("request_id", self.id),
            text("app_id", self.app_id),
            text("timestamp", self.timestamp),
            text("version", "2.0"),
            (name.to_owned(), content),
        ])
        .to_string()
    }
}

/// How a peer speaks (section 1.2), as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JSON with a nested `biz_data`: the one that is spoken here.
    Nested,
    /// JSON with everything at the top: clients and terminals of 2023.
    Flat,
    /// Protocol buffers: the same years.
    Binary,
    /// None of them.
    Foreign,
}

/// Recognises a dialect (chapter 6).
pub fn dialect(bytes: &[u8]) -> Dialect {
    if let Ok(all) = Json::decode(bytes, &HUB) {
        let is_hub = all.get("topic").and_then(scalar).is_some_and(|topic| topic.starts_with("ecrhub."));
        return match (is_hub, all.get("msg_id").is_some()) {
            (true, true) => Dialect::Flat,
            (true, false) => Dialect::Nested,
            (false, _) => Dialect::Foreign,
        };
    }
    // Field 1, a text that begins with the topic's first word.
    match bytes {
        [0x0A, length, rest @ ..] if rest.len() >= usize::from(*length) && rest.starts_with(b"ecrhub.") => {
            Dialect::Binary
        }
        _ => Dialect::Foreign,
    }
}
