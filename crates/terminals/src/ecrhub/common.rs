//! Settings that all ways share.
//!
//! Dossier sections 2.3, 2.10 and 2.12.

use crate::capabilities::{Abort, Capabilities, Code, Recover, SignatureBy};
use crate::form::{Field, FieldKind, ProfileError, Reader};
use crate::limits::ecrhub as limits;
use domain::ids::ReferenceShape;
use domain::payment::RecoveryLimits;
use wire::ecrhub::Scenario;

/// The terminal offers what it has.
const ANY: &str = "any";

const fn field(key: &'static str, kind: FieldKind, default: &'static str, hint: &'static str) -> Field {
    Field { key, kind, required: false, default, hint }
}

/// Fields that stand in the form of every way.
pub(crate) const FIELDS: [Field; 7] = [
    field(
        "pay_scenario",
        FieldKind::Choice(&["any", "card", "shown", "scanned"]),
        ANY,
        "any: the customer chooses on the terminal; card; shown: the terminal shows a code; scanned: it \
         reads one",
    ),
    field(
        "pay_method_id",
        FieldKind::Text,
        "",
        "Wallet or brand, where the operator wants one named for codes",
    ),
    field("expires_ms", FieldKind::Milliseconds, "180000", "Time that the terminal gives a customer"),
    field("on_screen_tip", FieldKind::Flag, "false", "true: the terminal asks the customer for a tip"),
    field(
        "confirm_on_terminal",
        FieldKind::Flag,
        "false",
        "true: somebody must accept each payment on the terminal first",
    ),
    field(
        "believe_not_found",
        FieldKind::Flag,
        "false",
        "true: a payment that the terminal says twice it does not know was not charged; false: a person \
         decides",
    ),
    field(
        "batch_close",
        FieldKind::Flag,
        "false",
        "true: the terminal settles its batch when the till asks for it",
    ),
];

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Common {
    /// How customers pay.
    pub scenario: Option<Scenario>,
    /// Kind of wallet.
    pub brand: Option<String>,
    /// Seconds for the customer.
    pub expires: u64,
    /// The terminal asks for a tip.
    pub asks_tip: bool,
    /// Somebody accepts each order.
    pub confirms: bool,
    /// "No such order" is proof.
    pub believes_missing: bool,
    /// Batches are settled from the till.
    pub closes_batches: bool,
    /// Serial number of the terminal, where it is known.
    pub terminal: Option<String>,
    /// Number of the merchant, where it is known.
    pub merchant: Option<String>,
    /// The terminal or gateway calls the till.
    pub listener: bool,
}

impl Common {
    /// Reads and checks what all ways share.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(reader: &Reader<'_>) -> Result<Self, ProfileError> {
        let flag = |key| reader.flag(key).unwrap_or(false);
        let brand = reader.text("pay_method_id").map(str::trim).filter(|text| !text.is_empty());
        if brand.is_some_and(|text| text.len() > 32) {
            return Err(ProfileError::new("pay_method_id", "must be at most 32 signs"));
        }
        if brand.is_none() && matches!(reader.choice("pay_scenario"), Some("shown" | "scanned")) {
            return Err(ProfileError::new("pay_method_id", "is missing: codes need a wallet by name"));
        }
        let expires = reader.at_least("expires_ms", limits::EXPIRES_LEAST)?.unwrap_or(limits::EXPIRES);
        if expires > limits::EXPIRES_MOST {
            let wrong = format!("must be at most {} milliseconds", limits::EXPIRES_MOST.as_millis());
            return Err(ProfileError::new("expires_ms", wrong));
        }
        Ok(Self {
            scenario: match reader.choice("pay_scenario") {
                Some("card") => Some(Scenario::Card),
                Some("shown") => Some(Scenario::ShownCode),
                Some("scanned") => Some(Scenario::ScannedCode),
                Some(_) | None => None,
            },
            brand: brand.map(str::to_owned),
            expires: expires.as_secs(),
            asks_tip: flag("on_screen_tip"),
            confirms: flag("confirm_on_terminal"),
            believes_missing: flag("believe_not_found"),
            closes_batches: flag("batch_close"),
            terminal: None,
            merchant: None,
            listener: false,
        })
    }

    /// What the terminal can do.
    pub const fn capabilities(&self) -> Capabilities {
        capabilities(self.expires, self.believes_missing, self.listener)
    }
}

/// What a terminal can do by any way. `expires`: seconds that it gives a customer; `believes_missing`: that
/// it does not know an order is proof; `listener`: it calls the till.
pub const fn capabilities(expires: u64, believes_missing: bool, listener: bool) -> Capabilities {
    let expires = std::time::Duration::from_secs(expires);
    Capabilities {
        refund: true,
        refund_needs_original: true,
        reversal: true,
        reverses_last_only: false,
        // A void has a number of its own, but that it was done is told by its original as well.
        reversals_by_original: true,
        cash_back: false,
        partial: false,
        live_display: true,
        prompts: false,
        signature: SignatureBy::Nobody,
        abort: Abort::Signal,
        recover: Recover::ByReference,
        fence: believes_missing,
        listener,
        code: Code::None,
        daily_maintenance: false,
        practice_only: false,
        prepares: false,
        // 32 signs at most, letters and digits; short, because a frame on a cable is.
        reference: ReferenceShape::Base32,
        // A lost order may still be carried out for as long as a customer has.
        recovery: RecoveryLimits {
            settling: expires.saturating_add(limits::WATCHDOG),
            give_up: expires.saturating_add(limits::GIVE_UP),
            ..limits::RECOVERY
        },
    }
}
