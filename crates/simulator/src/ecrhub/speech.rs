//! Answers as terminals write them, and what the way does to them (dossier sections 2.1, 2.4 and 3.6).

use wire::ecrhub::{Json, Message};

use super::entry::Entry;
use super::settings::Settings;
use crate::script::{Action, Delivery, Outcome, Twist};

/// A message as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// One text message.
    Text(String),
    /// One binary message.
    Binary(Vec<u8>),
    /// One text message in fragments, with a ping in between.
    Pieces(Vec<String>),
    /// The connection ends without a word.
    HangUp,
}

/// What an answer says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// `response_code`.
    pub code: String,
    /// `response_msg`.
    pub words: String,
    /// Members of `biz_data`.
    pub business: Vec<(&'static str, String)>,
    /// Members of `device_data`.
    pub device: Vec<(&'static str, String)>,
    /// `biz_data` is an empty text.
    pub is_empty: bool,
    /// How it travels, where the amount says so.
    pub delivery: Option<Delivery>,
    /// An older order's answer goes before it.
    pub stray_first: bool,
}

impl Reply {
    /// An answer that says only this.
    pub fn plain(code: &str, words: &str) -> Self {
        Self { code: code.to_owned(), words: words.to_owned(), ..Self::default() }
    }

    /// Puts another value in the place of a member's.
    pub fn say(&mut self, name: &'static str, value: &str) {
        self.business.retain(|(known, _)| *known != name);
        self.business.push((name, value.to_owned()));
    }

    /// The order that it names.
    pub fn number(&self) -> Option<String> {
        let named = self.business.iter().find(|(name, _)| *name == "merchant_order_no");
        named.map(|(_, value)| value.clone())
    }

    /// As text, in answer to this request.
    pub fn written(&self, request: &Message, settings: &Settings, at: &str) -> String {
        let text = |name: &str, value: &str| (name.to_owned(), Json::text(value));
        let object = |members: &[(&'static str, String)]| {
            Json::Object(members.iter().map(|(name, value)| text(name, value)).collect())
        };
        let mut business = object(&self.business);
        if settings.junk
            && let Json::Object(members) = &mut business
        {
            members.push(("limit_length".to_owned(), Json::Flag(false)));
            members.push(("transTypeTextId".to_owned(), Json::Number("2131755692".to_owned())));
            members.push(text("token", ""));
            members.push(("tax_amount".to_owned(), Json::Null));
        }
        let mut all = vec![
            text("topic", request.topic.word()),
            text("app_id", request.app_id.as_deref().unwrap_or_default()),
            text("response_code", &self.code),
            text("response_msg", &self.words),
            text("timestamp", at),
            ("biz_data".to_owned(), if self.is_empty { Json::text("") } else { business }),
        ];
        if settings.echoes_id {
            all.extend(request.id.as_deref().map(|id| text("request_id", id)));
        }
        // The vendor's own client pairs by this one (chapter 6.2).
        let old = request.all.get("msg_id").cloned();
        all.extend(old.map(|id| ("msg_id".to_owned(), id)));
        if !self.device.is_empty() {
            all.push(("device_data".to_owned(), object(&self.device)));
        }
        if settings.junk {
            let artefact = Json::Object(vec![text("$ref", "$.biz\\_data.notify\\_data")]);
            all.push(("notify_data".to_owned(), artefact));
            all.push(text("callAppMode", "2"));
        }
        Json::Object(all).to_string()
    }
}

/// What an order's record says, as `biz_data`.
pub fn business(entry: &Entry, decimals: u8) -> Vec<(&'static str, String)> {
    let amount = |minor: i64| wire::ecrhub::Decimal::from_minor(minor, decimals);
    let text = |minor: i64| amount(minor).map(|it| it.to_string()).unwrap_or_default();
    let mut fields = vec![
        ("merchant_order_no", entry.number.clone()),
        // Without trailing zeros, as terminals have them.
        ("order_amount", amount(entry.minor).map(|it| it.shortest()).unwrap_or_default()),
        ("price_currency", entry.currency.clone()),
        ("trans_type", entry.kind.clone()),
        ("trans_status", entry.status.clone()),
        ("trans_no", entry.trans_no.clone()),
    ];
    if entry.tip > 0 {
        fields.push(("tip_amount", text(entry.tip)));
    }
    if entry.cash > 0 {
        fields.push(("cashback_amount", text(entry.cash)));
    }
    if let Some(approval) = &entry.approval {
        fields.push(("auth_code", approval.clone()));
        fields.push(("ref_no", entry.rrn.clone()));
        fields.push(("pay_method_id", "Visa".to_owned()));
        fields.push(("entry_mode", "3".to_owned()));
        fields.push(("pay_scenario", "SWIPE_CARD".to_owned()));
    }
    fields.extend(entry.card.clone().map(|card| ("card_no", card)));
    fields
}

/// An answer as it is delivered.
pub fn shaped(text: String, binary: bool, delivery: Delivery) -> Vec<Spoken> {
    let whole = |text: String| {
        if binary { Spoken::Binary(text.into_bytes()) } else { Spoken::Text(text) }
    };
    match delivery {
        Delivery::Normal | Delivery::Close => vec![whole(text)],
        Delivery::Chunked => {
            let signs: Vec<char> = text.chars().collect();
            vec![Spoken::Pieces(signs.chunks(40).map(|piece| piece.iter().collect()).collect())]
        }
        Delivery::Http10 => vec![Spoken::Binary(text.into_bytes())],
        Delivery::Refused | Delivery::Never | Delivery::NoContent => Vec::new(),
        Delivery::Empty => vec![Spoken::Text(String::new())],
        Delivery::Cut | Delivery::CutMiddle => vec![Spoken::HangUp],
        Delivery::Status(_) | Delivery::Garbage => vec![Spoken::Text(crate::delivery::PAGE.to_owned())],
        Delivery::Truncated => {
            vec![Spoken::Text(text.chars().take(text.chars().count() / 2).collect())]
        }
        // The dialect of 2023.
        Delivery::EntityBomb => vec![Spoken::Binary(b"\x0A\x10ecrhub.pay.order\x12\x03r-1".to_vec())],
        Delivery::Deep => {
            vec![Spoken::Text(format!("{}{}", "[".repeat(1_000), "]".repeat(1_000)))]
        }
        Delivery::Oversize(bytes) => {
            vec![Spoken::Text(format!("{text}{}", " ".repeat(usize::try_from(bytes).unwrap_or(0))))]
        }
        Delivery::Twice => vec![whole(text.clone()), whole(text)],
    }
}

/// What can go wrong with one exchange while the truth can still be learned by asking again, for
/// [`crate::faults::Plan::choosing`].
pub fn faults() -> Vec<Vec<Action>> {
    let deliveries = [
        Delivery::Refused,
        Delivery::Cut,
        Delivery::Cut,
        Delivery::Close,
        Delivery::Never,
        Delivery::Empty,
        Delivery::Garbage,
        Delivery::Truncated,
        Delivery::EntityBomb,
        Delivery::Deep,
        Delivery::Oversize(2_000_000),
        Delivery::Twice,
        Delivery::Chunked,
        Delivery::Http10,
    ];
    let twists = [
        Twist::WrongServiceId,
        Twist::WrongAmount,
        Twist::WrongCurrency,
        Twist::WrongPoiId,
        Twist::UnknownResult,
        Twist::UnknownCondition,
        Twist::Bare,
    ];
    let outcomes = [
        Outcome::Decline { condition: String::new(), receipt: false },
        Outcome::Cancel,
        Outcome::Tip,
        Outcome::UntilAborted,
        Outcome::Race,
    ];
    let mut all: Vec<Vec<Action>> = Vec::new();
    all.extend(deliveries.map(|delivery| vec![delivery.into()]));
    all.extend(twists.map(|twist| vec![twist.into()]));
    all.extend(outcomes.map(|outcome| vec![outcome.into()]));
    all.extend(["107", "108", "999", "113", "106"].map(|code| vec![Action::Fail(code.to_owned())]));
    all.extend([Action::Slow(20_000), Action::Late(4_000), Action::Late(90_000)].map(|it| vec![it]));
    all.extend([Action::Hold(2_000), Action::Hold(8_000)].map(|it| vec![it]));
    all.push(vec![Action::Unprocessed]);
    all.push(vec![Action::Unprocessed, Delivery::Cut.into()]);
    all.push(vec![Delivery::Close.into(), Action::Hold(40_000)]);
    all
}

/// Lies that are repeated whenever somebody asks: nobody can tell from the terminal what happened.
pub fn lasting_faults() -> Vec<Vec<Action>> {
    let twists = [Twist::WrongAmount, Twist::WrongServiceId, Twist::UnknownResult];
    twists.map(|twist| vec![Action::Sticky, twist.into()]).into()
}
