//! What a terminal finds wrong with a request (dossier sections 2.1 to 2.6).

use wire::ecrhub::{Decimal, Message, Record, Scenario, Topic, TransType, scalar};

use super::core::decimals;
use super::settings::Settings;

/// Whose program it is, then the fields, then their values.
pub fn wrong_with(settings: &Settings, message: &Message) -> Option<(&'static str, String)> {
    let app_id = message.app_id.clone().unwrap_or_default();
    let known = &settings.app_ids;
    if app_id.is_empty() || app_id.len() > 32 || !(known.is_empty() || known.contains(&app_id)) {
        return Some(("106", "Failed[[M009]invalid application invoke]".to_owned()));
    }
    let stamp = message.all.get("timestamp").and_then(scalar).unwrap_or_default();
    if stamp.len() != 13 || !stamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(("201", "timestamp is not in milliseconds".to_owned()));
    }
    let record = message.record();
    let needs_number = matches!(message.topic, Topic::Order | Topic::Query | Topic::Close);
    let is_number = |text: &String| {
        (1..=32).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if needs_number && !record.number.as_ref().is_some_and(is_number) {
        return Some(("201", "merchant_order_no is missing or not one".to_owned()));
    }
    if message.topic != Topic::Order {
        return None;
    }
    wrong_order(settings, message, &record)
}

fn wrong_order(settings: &Settings, message: &Message, record: &Record) -> Option<(&'static str, String)> {
    let wrong = |code, words: &str| Some((code, words.to_owned()));
    let Some(kind) = record.kind.as_deref().and_then(TransType::of) else {
        return wrong("114", "trans_type is not one");
    };
    let currency = record.currency.clone().unwrap_or_default();
    let taken = &settings.currencies;
    if currency.len() != 3 || !(taken.is_empty() || taken.contains(&currency)) {
        return wrong("201", "the currency is not taken");
    }
    let places = usize::from(decimals(&currency));
    let is_amount = |text: &String| {
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        decimals == places && Decimal::parse(text).is_some_and(|it| !it.is_zero())
    };
    let amounts = [&record.amount, &record.cash_back];
    if record.amount.is_none() || amounts.into_iter().flatten().any(|amount| !is_amount(amount)) {
        return wrong("202", "Error[[M003]invalid amount]");
    }
    let goes_against = matches!(kind, TransType::Void | TransType::Refund);
    if goes_against != record.original.is_some() {
        return wrong("201", "orig_merchant_order_no does not belong to this");
    }
    let way = record.scenario.as_deref().map(Scenario::of);
    if way == Some(None) {
        return wrong("117", "pay_scenario is not one");
    }
    let is_code = matches!(way.flatten(), Some(Scenario::ShownCode | Scenario::ScannedCode));
    if is_code && record.brand.is_none() {
        return wrong("201", "pay_method_id is missing");
    }
    let fields = message.business.as_ref();
    let expires = fields.and_then(|fields| fields.get("expires")).and_then(scalar);
    if expires.is_some_and(|text| text.parse::<u64>().is_err()) {
        return wrong("201", "expires is not a number");
    }
    None
}
