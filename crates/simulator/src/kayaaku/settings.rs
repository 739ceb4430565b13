//! The knobs of a host: whose keys it knows, which devices, how fast customers are.

use serde::{Deserialize, Serialize};
use wire::kayaaku::assumed::{ENQUIRY, currency_number};
use wire::kayaaku::keys::{EcPrivate, RsaPrivate};

/// Keys of one side, as settings hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestKeys {
    /// RSA, private, PEM.
    pub rsa: &'static str,
    /// RSA, public, PEM.
    pub rsa_public: &'static str,
    /// P-521, private, PEM.
    pub ec: &'static str,
    /// P-521, public, PEM.
    pub ec_public: &'static str,
    /// P-256, private, JWK.
    pub reader: &'static str,
}

/// The dossier's own test keys (section 13), worthless elsewhere: the till's.
pub const TILL_KEYS: TestKeys = TestKeys {
    rsa: include_str!("../../../wire/testdata/kayaaku/rsa-private.pem"),
    rsa_public: include_str!("../../../wire/testdata/kayaaku/rsa-public.pem"),
    ec: include_str!("../../../wire/testdata/kayaaku/ec-private.pem"),
    ec_public: include_str!("../../../wire/testdata/kayaaku/ec-public.pem"),
    reader: include_str!("../../../wire/testdata/kayaaku/reader.jwk"),
};

/// The host's: other ones, so that nothing that one side wrote is taken for the other's.
pub const HOST_KEYS: TestKeys = TestKeys {
    rsa: include_str!("../../../wire/testdata/kayaaku/host-rsa-private.pem"),
    rsa_public: include_str!("../../../wire/testdata/kayaaku/host-rsa-public.pem"),
    ec: include_str!("../../../wire/testdata/kayaaku/host-ec-private.pem"),
    ec_public: include_str!("../../../wire/testdata/kayaaku/host-ec-public.pem"),
    reader: include_str!("../../../wire/testdata/kayaaku/host-reader.jwk"),
};

/// Everything about a host that does not change by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Channel code that it knows.
    pub source_system: String,
    /// Merchant numbers that it knows; empty: any.
    pub mids: Vec<String>,
    /// Serial numbers of its devices; empty: any.
    pub devices: Vec<String>,
    /// Numbers of currencies that it takes.
    pub currencies: Vec<String>,
    /// Checks requests of generation 1, PEM.
    pub till_rsa: String,
    /// Checks requests of generation 2, PEM.
    pub till_ec: String,
    /// Replies of generation 2 are encrypted for it, JWK.
    pub till_reader: String,
    /// Seed of every variation.
    pub seed: u64,
    /// Whether the last two digits of the amount choose what happens (section 10).
    pub convention: bool,
    /// Whether they choose as at the simulated card terminals, where the convention is off: `01` to `07` are
    /// not paid, `14` waits for the Cancel key.
    pub card_amounts: bool,
    /// Whether replies repeat the amount, which no page says.
    pub repeats_amount: bool,
    /// Whether an enquiry is answered by what its page lists alone: no reference of the host, no way of
    /// payment, no card.
    pub bare_enquiries: bool,
    /// Whether a payment that was taken back goes on being told as paid.
    pub voids_hidden: bool,
    /// Message type of an enquiry of generation 2; the next number answers it.
    pub enquiry_mti: String,
    /// Until an answer that needs no device.
    pub answer_ms: u64,
    /// Until the customer has paid.
    pub customer_ms: u64,
    /// Until somebody presses NEXT.
    pub next_ms: u64,
    /// Until a device gives up on a customer who does nothing.
    pub patience_ms: u64,
    /// Over a cable: every frame is acknowledged by a byte of its own.
    pub acknak: bool,
    /// Over a cable: the profile that the link test tells.
    pub profile: String,
    /// Path of notifications, whatever address a request names.
    pub notify_path: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            source_system: "tst".to_owned(),
            mids: Vec::new(),
            devices: Vec::new(),
            currencies: vec!["458".to_owned()],
            till_rsa: TILL_KEYS.rsa_public.to_owned(),
            till_ec: TILL_KEYS.ec_public.to_owned(),
            till_reader: TILL_KEYS.reader.to_owned(),
            seed: 0,
            convention: true,
            card_amounts: false,
            repeats_amount: true,
            bare_enquiries: false,
            voids_hidden: false,
            enquiry_mti: ENQUIRY.0.to_owned(),
            answer_ms: 120,
            customer_ms: 1_000,
            next_ms: 500,
            patience_ms: 60_000,
            acknak: false,
            profile: "KS01".to_owned(),
            notify_path: None,
        }
    }
}

impl Settings {
    /// These settings with the keys of one till (private ones: their public halves are taken) and its
    /// currency, so that a shop of any currency can practise.
    #[must_use]
    pub fn knowing(mut self, private_key: &str, reader: Option<&str>, currency: &str) -> Self {
        if RsaPrivate::from_pem(private_key).is_ok() {
            self.till_rsa = private_key.to_owned();
        }
        if EcPrivate::from_pem(private_key).is_ok() {
            self.till_ec = private_key.to_owned();
        }
        self.till_reader = reader.map_or(self.till_reader, str::to_owned);
        self.currencies.extend(currency_number(currency).map(str::to_owned));
        self
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
