//! An order, with the fields that all three ways share (section 2.3).

use super::words::{Scenario, TransType};

/// What the terminal is asked to do. Amounts are decimal texts in major units with all decimals of their
/// currency: `45.00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What it does.
    pub kind: TransType,
    /// Our number, 32 signs at most, never used again.
    pub number: String,
    /// The number of the order that it goes against.
    pub original: Option<String>,
    /// Without tip and cash.
    pub amount: String,
    /// On top of the amount.
    pub cash_back: Option<String>,
    /// Letters of ISO 4217.
    pub currency: String,
    /// How the customer pays; nothing: the terminal offers what it has.
    pub scenario: Option<Scenario>,
    /// Seconds that the terminal waits for the customer.
    pub expires: u64,
    /// The terminal asks for a tip.
    pub asks_tip: bool,
    /// Somebody must accept the order on the terminal first.
    pub confirms: bool,
    /// Kind of wallet or brand, where the operator wants one named.
    pub brand: Option<String>,
}

impl Order {
    /// Names and values as texts, in the order of the dossier's examples. Flags that are not set are left
    /// out here: what must be said explicitly is added by the way it goes.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let flag = |is: bool| is.then(|| "true".to_owned());
        let fields = [
            ("trans_type", Some(self.kind.number().to_owned())),
            ("merchant_order_no", Some(self.number.clone())),
            ("orig_merchant_order_no", self.original.clone()),
            ("order_amount", Some(self.amount.clone())),
            ("cashback_amount", self.cash_back.clone()),
            ("price_currency", Some(self.currency.clone())),
            ("pay_scenario", self.scenario.map(|way| way.word().to_owned())),
            ("pay_method_id", self.brand.clone()),
            ("expires", Some(self.expires.to_string())),
            ("on_screen_tip", flag(self.asks_tip)),
            ("confirm_on_terminal", flag(self.confirms)),
        ];
        fields.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
    }
}
