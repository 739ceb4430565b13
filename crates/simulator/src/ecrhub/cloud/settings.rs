//! The knobs of a gateway: whose keys it knows, how it answers, how it notifies.
//!
//! Invariant: the defaults are what the dossier says; a knob is turned by somebody who wants another reading
//! of it.

use serde::{Deserialize, Serialize};

/// Keys of both sides, PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HubKeys {
    /// The till's, private.
    pub till: &'static str,
    /// The till's, public.
    pub till_public: &'static str,
    /// The gateway's, private.
    pub gateway: &'static str,
    /// The gateway's, public.
    pub gateway_public: &'static str,
}

/// The dossier's own test keys (appendix A), worthless elsewhere.
pub const HUB_KEYS: HubKeys = HubKeys {
    till: include_str!("../../../../wire/testdata/ecrhub/pos-private.pem"),
    till_public: include_str!("../../../../wire/testdata/ecrhub/pos-public.pem"),
    gateway: include_str!("../../../../wire/testdata/ecrhub/gateway-private.pem"),
    gateway_public: include_str!("../../../../wire/testdata/ecrhub/gateway-public.pem"),
};

/// Everything about a gateway that does not change by itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// Checks requests: the till's key, public or private.
    pub till_key: String,
    /// Signs replies: the gateway's private key.
    pub key: String,
    /// The store; empty: any.
    pub store: String,
    /// The app on the terminal.
    pub application: String,
    /// Operations that are released for the till; empty: those of orders and of the batch.
    pub released: Vec<String>,
    /// Milliseconds that a time stamp may be away.
    pub tolerance_ms: i64,
    /// Seconds that its clock is ahead.
    pub skew_s: i64,
    /// The terminal has no connection to the operator.
    pub is_offline: bool,
    /// For so long a query does not know an order that was taken.
    pub lag_ms: i64,
    /// Whether an order whose time is over goes on being told as waiting.
    pub stays_open: bool,
    /// Whether states are told as numbers in place of texts.
    pub numbers: bool,
    /// Whether `data` is an object in place of a text.
    pub data_object: bool,
    /// Whether refusals are not signed.
    pub unsigned_errors: bool,
    /// Until the first delivery of a notification.
    pub notify_delay_ms: u64,
    /// Seconds between deliveries that were not acknowledged.
    pub notify_gaps_s: Vec<u64>,
    /// Every notification is delivered twice.
    pub notify_twice: bool,
    /// An older state is delivered after the newer one.
    pub notify_reordered: bool,
    /// One with a wrong signature, which says that everything was paid, goes before.
    pub notify_forged: bool,
    /// Path of notifications where an order names none.
    pub notify_path: Option<String>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            till_key: HUB_KEYS.till_public.to_owned(),
            key: HUB_KEYS.gateway.to_owned(),
            store: String::new(),
            application: "SADAD POS".to_owned(),
            released: Vec::new(),
            tolerance_ms: 900_000,
            skew_s: 0,
            is_offline: false,
            lag_ms: 0,
            stays_open: false,
            numbers: true,
            data_object: false,
            unsigned_errors: false,
            notify_delay_ms: 400,
            notify_gaps_s: vec![
                5, 10, 15, 30, 60, 180, 600, 900, 1_800, 1_800, 1_800, 10_800, 10_800, 10_800,
            ],
            notify_twice: false,
            notify_reordered: false,
            notify_forged: false,
            notify_path: None,
        }
    }
}
