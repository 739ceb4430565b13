//! The knobs of one terminal: who it is, how fast its customers are, where the dossier leaves a choice.
//!
//! Invariant: the defaults are the dossier's working assumptions (chapters 18 and 22), so a knob is only
//! turned by somebody who wants another reading of the protocol.

use serde::{Deserialize, Serialize};

/// What a second request with the same ServiceID in a session gets (dossier chapter 18.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// Failure `MessageFormat`.
    Refuse,
    /// The first answer again; Busy while there is none.
    Replay,
    /// Treated as a new request.
    Ignore,
}

/// `ResponseMode` of the terminal's print requests (dossier chapter 12.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintMode {
    /// Answered by 204.
    NotRequired,
    /// Answered as soon as accepted.
    Immediate,
    /// Answered when on paper.
    PrintEnd,
}

/// Everything about one terminal that does not change while it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Acquirer's number of the terminal: six digits, the first part of every POITransactionID. Terminals
    /// that share a bank must differ in it.
    pub number: String,
    /// Serial number; `171…` A30, `229…` A35, `185…` A920Pro with printer.
    pub serial: String,
    /// Version of the payment application.
    pub software: String,
    /// Acquirer's number of the shop.
    pub merchant: String,
    /// Name on receipts.
    pub shop: String,
    /// POIID whose parameters the terminal holds; `None` takes the first one it meets.
    pub poi_id: Option<String>,
    /// SaleID that may log in; `None` takes any.
    pub sale_id: Option<String>,
    /// Currencies configured.
    pub currencies: Vec<String>,
    /// Seed of every variation.
    pub seed: u64,
    /// Whether messages vary in form: XML declaration, order of attributes and receipts, `41.00` or `41`
    /// …
    pub vary: bool,
    /// Whether the last two digits of an amount choose the outcome (dossier chapter 18.3).
    pub convention: bool,
    /// Until the customer has presented the card.
    pub customer_ms: u64,
    /// Per PIN digit.
    pub pin_digit_ms: u64,
    /// Until the host has answered.
    pub host_ms: u64,
    /// Busy after a PaymentResponse.
    pub cooling_ms: u64,
    /// Busy after a Login, while hosts are contacted.
    pub busy_after_login_ms: u64,
    /// Longest wait for the cashier's answer.
    pub question_ms: u64,
    /// Length of a maintenance.
    pub maintenance_ms: u64,
    /// Offset of the terminal's local time.
    pub utc_offset_minutes: i32,
    /// Whether receipts carry `ReceiptString`.
    pub receipt_lines: bool,
    /// How print requests want to be answered.
    pub print_mode: PrintMode,
    /// `ResponseRequiredFlag` of displays; `None` varies by seed between absent, `false` and `true`.
    pub display_answers: Option<bool>,
    /// What a repeated ServiceID gets.
    pub duplicates: Duplicates,
    /// Whether Logout without a session fails.
    pub logout_needs_session: bool,
    /// How many Logins with a new POIID fail with Busy.
    pub new_poi_busy: u32,
    /// During maintenance connections are refused; otherwise Login fails with Busy.
    pub maintenance_refuses: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            number: "555001".to_owned(),
            serial: "2290009999".to_owned(),
            software: "1.3.0.11".to_owned(),
            merchant: "30030003".to_owned(),
            shop: "Exempelbutiken".to_owned(),
            poi_id: None,
            sale_id: None,
            currencies: ["SEK", "NOK", "DKK", "EUR"].map(str::to_owned).into(),
            seed: 0,
            vary: true,
            convention: true,
            customer_ms: 1_500,
            pin_digit_ms: 250,
            host_ms: 800,
            cooling_ms: 3_000,
            busy_after_login_ms: 0,
            question_ms: 300_000,
            maintenance_ms: 60_000,
            utc_offset_minutes: 60,
            receipt_lines: true,
            print_mode: PrintMode::NotRequired,
            display_answers: None,
            duplicates: Duplicates::Refuse,
            logout_needs_session: false,
            new_poi_busy: 1,
            maintenance_refuses: true,
        }
    }
}

impl Settings {
    /// Whether the terminal has a printer of its own (A920Pro).
    pub fn has_printer(&self) -> bool {
        self.serial.starts_with("185")
    }

    /// These settings with the knobs of a script's `[terminal]` table turned.
    ///
    /// # Errors
    /// A knob that does not exist, or a value it cannot take.
    pub fn with_knobs(&self, knobs: &toml::Table) -> Result<Self, String> {
        // TOML has no numbers beyond 63 bits; the seed may have 64.
        let mut table =
            toml::Table::try_from(Self { seed: 0, ..self.clone() }).map_err(|e| e.to_string())?;
        table.extend(knobs.clone());
        let turned: Self = table.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        Ok(if knobs.contains_key("seed") { turned } else { Self { seed: self.seed, ..turned } })
    }
}
