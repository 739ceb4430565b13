//! The knobs of a terminal: whom it knows, what it offers, how fast customers are.

use serde::{Deserialize, Serialize};

use super::cable::Cable;
use super::cloud::Gateway;

/// What a terminal does with an answer whose connection broke (dossier section 3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterLoss {
    /// It is told again on the next connection.
    Push,
    /// It is told to who asks.
    Query,
}

/// Everything about a terminal that does not change by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Programs that the operator released for it; empty: any.
    pub app_ids: Vec<String>,
    /// Its serial number.
    pub serial: String,
    /// The merchant.
    pub merchant: String,
    /// Letters of currencies that it takes; empty: any.
    pub currencies: Vec<String>,
    /// Seed of every variation.
    pub seed: u64,
    /// Whether the last two digits of the amount choose what happens.
    pub convention: bool,
    /// Whether they choose as at the simulated card terminals, where the convention is off: `01` to `07` are
    /// not paid, `14` waits until the order is closed.
    pub card_amounts: bool,
    /// The code of success: `0` on the wire, `000` in documents.
    pub success: String,
    /// Whether answers repeat `request_id`.
    pub echoes_id: bool,
    /// Whether answers carry members that no document has.
    pub junk: bool,
    /// Whether answers are binary messages.
    pub binary: bool,
    /// Whether a cancelled order's answer has an empty text in the place of its business data.
    pub empty_on_cancel: bool,
    /// What becomes of an answer that could not be told.
    pub after_loss: AfterLoss,
    /// Whether a closed order gets an answer of its own.
    pub tells_closed: bool,
    /// Whether an order that runs is closed in vain with an accepting answer; else it is refused.
    pub accepts_late_close: bool,
    /// Whether it tells who it is.
    pub knows_info: bool,
    /// Whether the batch can be closed from the till.
    pub closes_batches: bool,
    /// Whether a refund of what is not settled is refused.
    pub refunds_settled_only: bool,
    /// Whether parts can be refunded.
    pub refunds_parts: bool,
    /// The dialect of 2023 in place of the one of today.
    pub old_dialect: bool,
    /// A till that is not paired is dropped at once.
    pub wants_pairing: bool,
    /// Until an answer that needs no customer.
    pub answer_ms: u64,
    /// Until the customer begins.
    pub touch_ms: u64,
    /// Until the customer has paid.
    pub customer_ms: u64,
    /// Until it gives up on a customer who does nothing; the order's own `expires` where that is less.
    pub patience_ms: u64,
    /// What its cable is like, where it is on one.
    pub cable: Cable,
    /// What the operator's gateway is like, where it is reached by one.
    pub gateway: Gateway,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            app_ids: Vec::new(),
            serial: "TESTSN0000000001".to_owned(),
            merchant: "300000000001".to_owned(),
            currencies: Vec::new(),
            seed: 0,
            convention: true,
            card_amounts: false,
            success: "0".to_owned(),
            echoes_id: true,
            junk: true,
            binary: false,
            empty_on_cancel: false,
            after_loss: AfterLoss::Push,
            tells_closed: true,
            accepts_late_close: true,
            knows_info: true,
            closes_batches: true,
            refunds_settled_only: false,
            refunds_parts: true,
            old_dialect: false,
            wants_pairing: false,
            answer_ms: 60,
            touch_ms: 400,
            customer_ms: 1_000,
            patience_ms: 60_000,
            cable: Cable::default(),
            gateway: Gateway::default(),
        }
    }
}

impl Settings {
    /// These settings with the knobs of a script's `[terminal]` table turned.
    ///
    /// # Errors
    /// A knob that does not exist, or a value it cannot take.
    pub fn with_knobs(&self, knobs: &toml::Table) -> Result<Self, String> {
        // TOML has no numbers beyond 63 bits; the seed may have 64.
        let mut table =
            toml::Table::try_from(Self { seed: 0, ..self.clone() }).map_err(|error| error.to_string())?;
        for (name, knob) in knobs {
            match (table.get_mut(name), knob) {
                (Some(toml::Value::Table(own)), toml::Value::Table(turned)) => own.extend(turned.clone()),
                (_, _) => {
                    table.insert(name.clone(), knob.clone());
                }
            }
        }
        let turned: Self = table.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        Ok(if knobs.contains_key("seed") { turned } else { Self { seed: self.seed, ..turned } })
    }
}
