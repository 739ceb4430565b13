//! Notifications: posted to the till until it says `success` (dossier section 5.10).
//!
//! Invariant: fifteen deliveries at most; what is posted is signed by the gateway's key unless a wrong
//! signature was asked for.

use std::sync::Arc;
use std::time::Duration;

use wire::ecrhub::cloud::{RsaPrivate, SIGN, sign};
use wire::ecrhub::{Decimal, Json, Status};

use crate::ecrhub::core::{Core, decimals};
use crate::ecrhub::entry::Entry;
use crate::nexo::TillLine;

/// Deliveries in all.
const TRIES: usize = 15;
/// What acknowledges one.
const ACKNOWLEDGED: &[u8] = b"success";

/// One notification on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Path of the till's address.
    pub path: String,
    /// The posted body.
    pub body: String,
    /// Before the first delivery.
    pub delay: Duration,
    /// Between deliveries; empty: it is posted once.
    pub gaps: Vec<Duration>,
}

impl Core {
    /// What is posted about an order in its state now.
    pub(super) fn notifications(&self, number: &str) -> Vec<Told> {
        let knobs = &self.settings.gateway;
        let (Some(path), Some(entry)) = (self.memory.notify.get(number), self.find(number)) else {
            return Vec::new();
        };
        let delay = Duration::from_millis(knobs.notify_delay_ms);
        let gaps: Vec<Duration> =
            knobs.notify_gaps_s.iter().take(TRIES - 1).map(|gap| Duration::from_secs(*gap)).collect();
        let told = |status: &str, forged: bool| self.notification(&entry, status, forged);
        let right = Told { path: path.clone(), body: told(&entry.status, false), delay, gaps };
        let once = |body: String| Told { body, gaps: Vec::new(), ..right.clone() };
        let mut all = Vec::new();
        if knobs.notify_forged {
            all.push(once(told(Status::Successful.number(), true)));
        }
        all.push(right.clone());
        if knobs.notify_twice {
            all.push(right.clone());
        }
        if knobs.notify_reordered {
            let older = once(told(Status::Running.number(), false));
            all.push(Told { delay: delay.saturating_mul(4), ..older });
        }
        all
    }

    fn notification(&self, entry: &Entry, status: &str, is_forged: bool) -> String {
        let amount = |minor| Decimal::from_minor(minor, decimals(&entry.currency));
        let text = |minor| amount(minor).map(|it| it.shortest()).unwrap_or_default();
        let error = |text: &str| if entry.stands() { String::new() } else { text.to_owned() };
        let fields = [
            ("app_id", entry.app_id.clone()),
            ("charset", "UTF-8".to_owned()),
            ("format", "JSON".to_owned()),
            ("method", "payment.result.notify".to_owned()),
            ("sign_type", "RSA2".to_owned()),
            ("version", "1.0".to_owned()),
            ("timestamp", self.now().as_millisecond().to_string()),
            ("http_request_id", format!("0101{}", entry.trans_no)),
            ("merchant_no", self.settings.merchant.clone()),
            ("store_no", self.settings.gateway.store.clone()),
            ("terminal_sn", self.settings.serial.clone()),
            ("merchant_order_no", entry.number.clone()),
            ("trans_no", entry.trans_no.clone()),
            ("trans_type", entry.kind.clone()),
            ("trans_status", status.to_owned()),
            ("price_currency", entry.currency.clone()),
            ("order_amount", text(entry.minor)),
            ("trans_amount", text(entry.total())),
            ("trans_error_code", error(&entry.code)),
            ("trans_error_msg", error(&entry.words)),
            ("attach", String::new()),
        ];
        let signed: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let key = RsaPrivate::from_text(&self.settings.gateway.key).ok();
        let mut signature = key.and_then(|key| sign(&key, signed.iter().copied())).unwrap_or_default();
        if is_forged {
            signature = signature.chars().rev().collect::<String>().replace('=', "A");
        }
        let value = |name: &str, value: &str| match name {
            "trans_type" | "trans_status" => Json::Number(value.to_owned()),
            _ => Json::text(value),
        };
        let members = signed.iter().map(|(name, text)| ((*name).to_owned(), value(name, text)));
        let sign = (SIGN.to_owned(), Json::text(&signature));
        Json::Object(members.chain([sign]).collect()).to_string()
    }
}

/// Posts until it is acknowledged or the deliveries are used up; returns how many it took, and whether it
/// was heard.
pub async fn deliver(line: Arc<dyn TillLine>, told: Told) -> (usize, bool) {
    tokio::time::sleep(told.delay).await;
    let mut tries = 1;
    let mut gaps = told.gaps.into_iter();
    loop {
        let answer = line.post(&told.path, told.body.clone().into_bytes()).await;
        if answer.is_ok_and(|(status, body)| status == 200 && body == ACKNOWLEDGED) {
            return (tries, true);
        }
        let Some(gap) = gaps.next() else { return (tries, false) };
        tokio::time::sleep(gap).await;
        tries += 1;
    }
}
