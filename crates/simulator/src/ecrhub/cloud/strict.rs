//! What the gateway finds wrong with a request, in the order in which it looks (dossier section 5.13).

use jiff::{SignedDuration, Timestamp};
use wire::ecrhub::cloud::{Method, RsaPrivate, RsaPublic};

use super::speech::Asked;
use crate::ecrhub::settings::Settings;
use crate::ecrhub::strict;

/// Whose program it is, its time, its signature, what it asks for, whom it is for, then its fields.
pub fn wrong_with(settings: &Settings, now: Timestamp, asked: &Asked) -> Option<(&'static str, String)> {
    let wrong = |code, words: &str| Some((code, words.to_owned()));
    let (knobs, of) = (&settings.gateway, |name: &str| asked.of(name).unwrap_or_default());
    let app_id = of("app_id");
    let is_known = settings.app_ids.is_empty() || settings.app_ids.iter().any(|known| known == app_id);
    if app_id.is_empty() || app_id.len() > 32 || !is_known {
        return wrong("SYS001", "app_id is not known");
    }
    if !is_timely(settings, now, of("timestamp")) {
        return wrong("SYS003", "timestamp is more than 15 minutes away");
    }
    if (of("sign_type"), of("format"), of("charset"), of("version")) != ("RSA2", "JSON", "UTF-8", "1.0") {
        return wrong("SYS004", "sign_type, format, charset or version is not served");
    }
    let key = RsaPublic::from_text(&knobs.till_key)
        .or_else(|_| RsaPrivate::from_text(&knobs.till_key).map(|key| key.public()));
    if !key.is_ok_and(|key| asked.is_by(&key)) {
        return wrong("SYS002", "sign verify failed");
    }
    let method = asked.method().filter(|method| is_released(&knobs.released, *method));
    let Some(method) = method else {
        return wrong("E07303", "the method is not authorised for this app_id");
    };
    if of("merchant_no") != settings.merchant {
        return wrong("E04001", "merchant_no is not known");
    }
    let names_terminal = matches!(method, Method::Create | Method::Close | Method::BatchClose);
    if names_terminal && of("terminal_sn") != settings.serial {
        return wrong("E04002", "terminal_sn is not known");
    }
    if matches!(method, Method::Create | Method::Close) {
        if of("store_no").is_empty() || !(knobs.store.is_empty() || knobs.store == of("store_no")) {
            return wrong("E04003", "store_no is not known");
        }
        if of("message_receiving_application") != knobs.application {
            return wrong("E04004", "message_receiving_application is not on the terminal");
        }
    }
    parameters(settings, method, asked)
}

/// Values, as the terminal behind it takes them.
fn parameters(settings: &Settings, method: Method, asked: &Asked) -> Option<(&'static str, String)> {
    let wrong = |words: &str| Some(("E04100", words.to_owned()));
    if method == Method::Create {
        if asked.of("api_version") != Some("2.0") {
            return wrong("api_version is not 2.0");
        }
        let is_public = |url: &str| url.starts_with("https://") && !url.contains(['?', '#']);
        if asked.of("notify_url").is_some_and(|url| !is_public(url)) {
            return wrong("notify_url is not a public address without parameters");
        }
    }
    let is_flag = |name: &&str| asked.of(name).is_some_and(|value| !matches!(value, "true" | "false"));
    let flags = ["reject_trade_when_terminal_offline", "on_screen_tip", "confirm_on_terminal"];
    if let Some(flag) = flags.iter().find(|flag| is_flag(flag)) {
        return wrong(&format!("{flag} is neither true nor false"));
    }
    strict::wrong_with(settings, &asked.message()).map(|(_, words)| ("E04100", words))
}

fn is_timely(settings: &Settings, now: Timestamp, stamp: &str) -> bool {
    let is_stamp = stamp.len() == 13 && stamp.bytes().all(|byte| byte.is_ascii_digit());
    let now = now.checked_add(SignedDuration::from_secs(settings.gateway.skew_s)).unwrap_or(now);
    let told = stamp.parse::<i64>().unwrap_or_default();
    is_stamp && (now.as_millisecond() - told).abs() <= settings.gateway.tolerance_ms
}

fn is_released(released: &[String], method: Method) -> bool {
    match method {
        Method::RefundSubmit | Method::RefundQuery | Method::Revoke => false,
        Method::Create | Method::Close | Method::Query | Method::BatchClose => {
            released.is_empty() || released.iter().any(|name| Method::of(name) == Some(method))
        }
    }
}
