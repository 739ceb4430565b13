//! Reading requests and signing replies (dossier sections 5.2 to 5.6).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wire::ecrhub::cloud::{Method, RsaPrivate, RsaPublic, SIGN, canonical, sign};
use wire::ecrhub::{HUB, Json, Message, Topic};
use wire::kayaaku::percent_decoded;

use crate::ecrhub::settings::Settings;
use crate::ecrhub::speech::Reply;
use crate::nexo::WireRequest;

/// Addresses that requests may go to, and what is allowed there.
const PATHS: [(&str, Option<Method>); 4] = [
    ("/api/entry", None),
    ("/api/entry/ecrorder", Some(Method::Create)),
    ("/api/entry/orderquery", Some(Method::Query)),
    ("/api/entry/ecrclose", Some(Method::Close)),
];

/// A request: names and values as texts.
#[derive(Debug, Clone)]
pub struct Asked {
    fields: Vec<(String, String)>,
    /// What its address is for, where it is for one thing.
    place: Option<Method>,
}

impl Asked {
    /// Reads a request; the error is a status.
    pub fn read(request: &WireRequest) -> Result<Self, u16> {
        if request.method != "POST" {
            return Err(405);
        }
        let place = PATHS.iter().find(|(path, _)| *path == request.path).ok_or(404u16)?.1;
        let kind = request.content_type.as_deref().unwrap_or_default();
        let asked = Self::read_body(kind, &request.body).ok_or(400u16)?;
        Ok(Self { place, ..asked })
    }

    /// Reads a body: JSON whose values are all texts, or a form.
    pub fn read_body(kind: &str, body: &[u8]) -> Option<Self> {
        let fields = if kind.starts_with("application/json") {
            let Ok(Json::Object(members)) = Json::decode(body, &HUB) else { return None };
            let text = |(name, value): (String, Json)| match value {
                Json::Text(text) => Some((name, text)),
                // What is signed of a number or a flag is not said: it is refused.
                Json::Null | Json::Flag(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
            };
            members.into_iter().map(text).collect::<Option<_>>()?
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let pair = |pair: &str| {
                let (name, value) = pair.split_once('=')?;
                let plain = |text: &str| percent_decoded(&text.replace('+', " "));
                Some((plain(name)?, plain(value)?))
            };
            std::str::from_utf8(body).ok()?.split('&').map(pair).collect::<Option<_>>()?
        } else {
            return None;
        };
        Some(Self { fields, place: None })
    }

    /// A value; an empty one is none.
    pub fn of(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// What it asks for, where its address is for that.
    pub fn method(&self) -> Option<Method> {
        let method = self.of("method").and_then(Method::of)?;
        self.place.is_none_or(|place| place == method).then_some(method)
    }

    /// Whether this key has signed it.
    pub fn is_by(&self, key: &RsaPublic) -> bool {
        let pairs = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let signature = self.of(SIGN).and_then(|text| STANDARD.decode(text).ok());
        signature.is_some_and(|signature| key.verifies(canonical(pairs).as_bytes(), &signature))
    }

    /// The fields as an object.
    pub fn object(&self) -> Json {
        Json::Object(self.fields.iter().map(|(name, value)| (name.clone(), Json::text(value))).collect())
    }

    /// The same as a terminal gets it.
    pub fn message(&self) -> Message {
        let topic = match self.method() {
            Some(Method::Create) => Topic::Order,
            Some(Method::Query) => Topic::Query,
            Some(Method::Close) => Topic::Close,
            Some(Method::BatchClose) => Topic::BatchClose,
            Some(Method::RefundSubmit | Method::RefundQuery | Method::Revoke) | None => {
                Topic::Other(self.of("method").unwrap_or_default().to_owned())
            }
        };
        Message {
            topic,
            id: None,
            app_id: self.of("app_id").map(str::to_owned),
            code: None,
            words: None,
            business: Some(self.object()),
            device: None,
            all: self.object(),
        }
    }
}

/// What is wrong with a reply that only this way has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// No signature.
    Unsigned,
    /// Somebody else's signature.
    BadlySigned,
    /// `data` is no JSON, and signed.
    BrokenData,
}

/// A reply before it is signed.
#[derive(Debug, Clone)]
pub struct Said {
    pub reply: Reply,
    /// Members that are told; what else a terminal would tell stays here.
    pub tells: Option<&'static [&'static str]>,
    pub odd: Option<Odd>,
}

impl Said {
    /// A refusal.
    pub fn refused(code: &str, words: &str) -> Self {
        Reply::plain(code, words).into()
    }

    /// As text, signed.
    pub fn written(&self, settings: &Settings, exchange: u64) -> String {
        let knobs = &settings.gateway;
        let is_refusal = self.reply.code != "0";
        let data = self.data(settings);
        let psn = format!("0101000005{exchange:010}");
        let mut fields = vec![
            ("code", self.reply.code.clone()),
            ("msg", self.reply.words.clone()),
            ("psn", psn),
            ("data", data.clone().unwrap_or_default()),
        ];
        if settings.junk {
            fields.push(("sub_code", "n/a & more".to_owned()));
        }
        let key = RsaPrivate::from_text(&knobs.key).ok();
        let mut signature =
            key.and_then(|key| sign(&key, fields.iter().map(|(name, value)| (*name, value.as_str()))));
        if self.odd == Some(Odd::BadlySigned) {
            signature = signature.map(|text| text.chars().rev().collect::<String>().replace('=', "A"));
        }
        if self.odd == Some(Odd::Unsigned) || (is_refusal && knobs.unsigned_errors) {
            signature = None;
        }
        let member = |(name, value): (&str, String)| {
            let is_object = name == "data" && knobs.data_object && !value.is_empty();
            let value = if is_object { value } else { Json::text(&value).to_string() };
            format!("{}:{value}", Json::text(name))
        };
        let all = fields.into_iter().chain(signature.map(|text| (SIGN, text)));
        format!("{{{}}}", all.map(member).collect::<Vec<_>>().join(","))
    }

    fn data(&self, settings: &Settings) -> Option<String> {
        if self.odd == Some(Odd::BrokenData) {
            return Some("{\"trans_no\":".to_owned());
        }
        if self.reply.business.is_empty() {
            return None;
        }
        let is_told = |name: &&str| self.tells.is_none_or(|tells| tells.contains(name));
        let told = self.reply.business.iter().filter(|(name, _)| is_told(name));
        let mut members: Vec<(String, Json)> = told
            .map(|(name, value)| {
                let is_number = settings.gateway.numbers && matches!(*name, "trans_status" | "trans_type");
                let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                let value = match is_number && is_digits {
                    true => Json::Number(value.clone()),
                    false => Json::text(value),
                };
                ((*name).to_owned(), value)
            })
            .collect();
        if settings.junk && self.tells.is_none() {
            members.push(("trans_fee_c".to_owned(), Json::text("0")));
            members.push(("app_version".to_owned(), Json::Null));
        }
        Some(Json::Object(members).to_string())
    }
}

impl From<Reply> for Said {
    fn from(reply: Reply) -> Self {
        Self { reply, tells: None, odd: None }
    }
}
