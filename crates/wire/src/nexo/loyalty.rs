//! Loyalty parts of answers. With Swedbank Pay the brand `nonPaymentToken` carries a token (dossier chapter 6.2).
//!
//! Invariant: several accounts in one result are read as well as several results with one account each (U20).

use super::amount::Amount;
use super::element::elements;
use super::scalar::List;
use super::values::{EntryMode, IdentificationSupport, IdentificationType, LoyaltyUnit};

elements! {
    /// Loyalty outcome.
    #[derive(Default)]
    LoyaltyResult {
        /// Balance after the transaction.
        current_balance: Option<Amount> = attribute("CurrentBalance"),
        /// One by schema, several by documentation.
        loyalty_accounts: Vec<LoyaltyAccount> = child("LoyaltyAccount"),
        /// Points or money.
        loyalty_amount: Option<LoyaltyAmount> = child("LoyaltyAmount"),
    }

    /// A loyalty account.
    #[derive(Default)]
    LoyaltyAccount {
        /// `nonPaymentToken`, or the name of the programme.
        loyalty_brand: Option<String> = attribute("LoyaltyBrand"),
        /// The number; required by the schema.
        loyalty_account_id: Option<LoyaltyAccountId> = child("LoyaltyAccountID"),
    }

    /// The number of a loyalty account. Accounts without text are to be ignored (dossier chapter 14, point 7).
    #[derive(Default)]
    LoyaltyAccountId {
        /// How it was read.
        entry_mode: Option<List<EntryMode>> = attribute("EntryMode"),
        /// What kind of number it is.
        identification_type: Option<IdentificationType> = attribute("IdentificationType"),
        /// What carries it.
        identification_support: Option<IdentificationSupport> = attribute("IdentificationSupport"),
        /// The number.
        value: String = content(),
    }

    /// An amount of points or money.
    LoyaltyAmount {
        /// Absent means points.
        loyalty_unit: Option<LoyaltyUnit> = attribute("LoyaltyUnit"),
        /// Only with money.
        currency: Option<String> = attribute("Currency"),
        /// How much.
        value: Amount = content(),
    }
}
