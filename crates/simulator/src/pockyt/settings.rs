//! The knobs of a gateway: whose stores it knows, how fast it is, how it notifies.
//!
//! Invariant: the defaults are the dossier's working assumptions (section 11), so a knob is only turned by
//! somebody who wants another reading of the protocol.

use serde::{Deserialize, Serialize};

/// One store that the gateway knows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// Number of the merchant.
    pub merchant_no: String,
    /// Number of the store.
    pub store_no: String,
    /// Its secret.
    pub token: String,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("store_no", &self.store_no).finish_non_exhaustive()
    }
}

/// Everything about a gateway that does not change by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Stores by number and token.
    pub stores: Vec<Store>,
    /// Currencies of prices, and how many decimals they have.
    pub currencies: Vec<(String, u8)>,
    /// Seed of every variation.
    pub seed: u64,
    /// Whether replies vary in form: names of fields, numbers for texts, blanks, nulls (section 5).
    pub vary: bool,
    /// Whether the last two digits of code or amount choose the outcome.
    pub convention: bool,
    /// Whether customers scan shown codes by themselves: whoever watches the till's screen says otherwise,
    /// and calls `scan` when a code is there to be scanned.
    pub scans: bool,
    /// Until an answer that needs no wallet.
    pub answer_ms: u64,
    /// Until the wallet has answered.
    pub wallet_ms: u64,
    /// Whether an unpaid transaction closes when its `timeout` has passed (section 6); without, "pending
    /// forever" is.
    pub times_out: bool,
    /// For so long a query does not tell that a cancel gave back what was paid, seconds.
    pub cancel_lag_s: i64,
    /// How far the gateway's clock is ahead, seconds.
    pub skew_s: i64,
    /// Scanned payments are notified here, too, where the account has an address for them.
    pub ipn_url: Option<String>,
    /// Until the first delivery of a notification.
    pub ipn_delay_ms: u64,
    /// Seconds between deliveries that were not acknowledged (section 8: 8 tries within 2 hours).
    pub ipn_gaps_s: Vec<u64>,
    /// Every notification is delivered twice.
    pub ipn_twice: bool,
    /// An older state is delivered after the newer one.
    pub ipn_reordered: bool,
    /// One with a wrong signature goes before.
    pub ipn_forged: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let currencies = [
            ("USD", 2),
            ("CNY", 2),
            ("PHP", 2),
            ("IDR", 2),
            ("KRW", 0),
            ("HKD", 2),
            ("THB", 2),
            ("MYR", 2),
            ("GBP", 2),
            ("BDT", 2),
            ("PKR", 2),
        ];
        Self {
            stores: vec![Store {
                merchant_no: "900001".to_owned(),
                store_no: "800002".to_owned(),
                token: "till-demo-token-0001".to_owned(),
            }],
            currencies: currencies.map(|(code, decimals)| (code.to_owned(), decimals)).into(),
            seed: 0,
            vary: true,
            convention: true,
            scans: true,
            answer_ms: 120,
            wallet_ms: 700,
            times_out: true,
            cancel_lag_s: 0,
            skew_s: 0,
            ipn_url: None,
            ipn_delay_ms: 400,
            ipn_gaps_s: vec![15, 60, 180, 600, 1_200, 1_800, 3_000],
            ipn_twice: false,
            ipn_reordered: false,
            ipn_forged: false,
        }
    }
}

impl Settings {
    /// The store of these numbers.
    pub(super) fn store(&self, merchant_no: &str, store_no: &str) -> Option<&Store> {
        self.stores.iter().find(|store| store.merchant_no == merchant_no && store.store_no == store_no)
    }

    /// Decimals of a currency that prices may be in.
    pub(super) fn decimals(&self, currency: &str) -> Option<u8> {
        self.currencies.iter().find(|(code, _)| code == currency).map(|(_, decimals)| *decimals)
    }

    /// These settings with the knobs of a script's `[terminal]` table turned.
    ///
    /// # Errors
    /// A knob that does not exist, or a value it cannot take.
    pub fn with_knobs(&self, knobs: &toml::Table) -> Result<Self, String> {
        // TOML has no numbers beyond 63 bits; the seed may have 64.
        let mut table =
            toml::Table::try_from(Self { seed: 0, ..self.clone() }).map_err(|error| error.to_string())?;
        table.extend(knobs.clone());
        let turned: Self = table.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        Ok(if knobs.contains_key("seed") { turned } else { Self { seed: self.seed, ..turned } })
    }
}
