//! Instant notifications: form posts to the till's address, repeated until somebody says `success`.
//!
//! Dossier section 8. Invariant: at most eight tries; what is posted is signed with the store's token
//! unless a wrong signature was asked for.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use wire::pockyt::{Fields, Notification, Status, VERIFY_SIGN};

use super::entry::{Entry, short_stamp};
use super::settings::{Settings, Store};
use crate::nexo::TillLine;

/// Tries in all.
const TRIES: usize = 8;
/// What acknowledges a notification.
const ACKNOWLEDGED: &[u8] = b"success";

/// One notification on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Path of the till's address.
    pub path: String,
    /// The posted body.
    pub body: String,
    /// Before the first try.
    pub delay: Duration,
    /// Between tries; empty: it is posted once.
    pub gaps: Vec<Duration>,
}

/// What is posted about a transaction in its state now.
pub fn notification(entry: &Entry, store: &Store, settings: &Settings, now: Timestamp) -> Vec<Told> {
    let Some(url) = &entry.ipn_url else { return Vec::new() };
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/").to_owned();
    let body = |status: &str| Notification::body(&fields(entry, status, now), &store.token);
    let delay = Duration::from_millis(settings.ipn_delay_ms);
    let gaps: Vec<Duration> =
        settings.ipn_gaps_s.iter().take(TRIES - 1).map(|gap| Duration::from_secs(*gap)).collect();
    let right = Told { path: path.clone(), body: body(&entry.status), delay, gaps };
    let once = |body: String| Told { path: path.clone(), body, delay, gaps: Vec::new() };
    let mut told = Vec::new();
    if settings.ipn_forged {
        let mut forged = fields(entry, Status::Success.as_str(), now);
        forged.insert("amount".to_owned(), "0.01".to_owned());
        told.push(once(Notification::body(&forged, "not-the-token")));
    }
    told.push(right.clone());
    if settings.ipn_twice {
        told.push(right);
    }
    if settings.ipn_reordered {
        let older = once(body(Status::Pending.as_str()));
        told.push(Told { delay: delay.saturating_mul(4), ..older });
    }
    told
}

fn fields(entry: &Entry, status: &str, now: Timestamp) -> Fields {
    let amount = wire::pockyt::Decimal::from_minor(entry.minor, entry.decimals);
    let values = [
        ("transactionNo", entry.transaction_no.clone()),
        ("reference", entry.reference.clone()),
        ("status", status.to_owned()),
        ("amount", amount.map(|amount| amount.to_string()).unwrap_or_default()),
        ("currency", entry.currency.clone()),
        ("settleCurrency", entry.settle_currency.clone()),
        ("time", short_stamp(now)),
        ("vendorId", format!("2026{}", entry.transaction_no)),
        ("note", "Kopi O & roti".to_owned()),
    ];
    let fields = values.map(|(name, value)| (name.to_owned(), value));
    fields.into_iter().filter(|(name, value)| name != VERIFY_SIGN && !value.is_empty()).collect()
}

/// Posts until it is acknowledged or the tries are used up; returns how many it took, and whether it was
/// heard.
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
