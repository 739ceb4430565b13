//! Loyalty: parts of payment answers, and the separate Loyalty service, which Swedbank Pay does not offer.
//!
//! With Swedbank Pay the brand `nonPaymentToken` carries a token (dossier chapter 6.2). Invariant:
//! several accounts in one result are read as well as several results with one account each (U20).

use super::amount::Amount;
use super::element::elements;
use super::header::{Response, TransactionIdentification};
use super::payment::{OriginalPoiTransaction, PoiData, SaleData, SaleItem, TransactionConditions};
use super::receipt::PaymentReceipt;
use super::scalar::List;
use super::values::{
    EntryMode, IdentificationSupport, IdentificationType, LoyaltyTransactionType, LoyaltyUnit,
};

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

    /// The number of a loyalty account. Accounts without text are to be ignored (dossier chapter 14,
    /// point 7).
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

    /// Loyalty identification from the till; not used with Swedbank Pay.
    #[derive(Default)]
    LoyaltyData {
        /// Copied from the card acquisition's POITransactionID.
        card_acquisition_reference: Option<TransactionIdentification> = child("CardAcquisitionReference"),
        /// The account.
        loyalty_account_id: Option<LoyaltyAccountId> = child("LoyaltyAccountID"),
        /// Points or money.
        loyalty_amount: Option<LoyaltyAmount> = child("LoyaltyAmount"),
    }

    /// Loyalty without payment. Not offered by Swedbank Pay; read so that it can be refused properly.
    LoyaltyRequest {
        /// The sale.
        sale_data: SaleData = child("SaleData"),
        /// What is wanted.
        loyalty_transaction: LoyaltyTransaction = child("LoyaltyTransaction"),
        /// Accounts the till knows of.
        loyalty_data: Vec<LoyaltyData> = child("LoyaltyData"),
    }

    /// What a loyalty request wants.
    LoyaltyTransaction {
        /// Award, rebate, redemption and their reversals.
        loyalty_transaction_type: LoyaltyTransactionType = attribute("LoyaltyTransactionType"),
        /// Three capitals.
        currency: Option<String> = attribute("Currency"),
        /// Total of the sale.
        total_amount: Option<Amount> = attribute("TotalAmount"),
        /// The transaction to be reversed.
        original_poi_transaction: Option<OriginalPoiTransaction> = child("OriginalPOITransaction"),
        /// Restrictions of the till.
        transaction_conditions: Option<TransactionConditions> = child("TransactionConditions"),
        /// Items.
        sale_items: Vec<SaleItem> = child("SaleItem"),
    }

    /// Answer to Loyalty.
    LoyaltyResponse {
        /// The result.
        response: Response = child("Response"),
        /// Echo; required by the schema.
        sale_data: Option<SaleData> = child("SaleData"),
        /// The terminal's number; required by the schema.
        poi_data: Option<PoiData> = child("POIData"),
        /// Loyalty.
        loyalty_results: Vec<LoyaltyResult> = child("LoyaltyResult"),
        /// In any order.
        payment_receipts: Vec<PaymentReceipt> = child("PaymentReceipt"),
    }
}
