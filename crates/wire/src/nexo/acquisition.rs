//! Card before amount: EnableService and CardAcquisition (dossier chapter 14).
//!
//! Invariant: the acquisition's POITransactionID is kept as text; the payment that follows repeats it.

use super::amount::Amount;
use super::device::DisplayOutput;
use super::element::elements;
use super::header::Response;
use super::loyalty::LoyaltyAccount;
use super::payment::{PaymentInstrumentData, PoiData, SaleData};
use super::scalar::List;
use super::values::{ForceEntryMode, LoyaltyHandling, PaymentType, ServiceEnabled, TransactionAction};

elements! {
    /// Begins or ends card before amount.
    EnableServiceRequest {
        /// Begin or end.
        transaction_action: TransactionAction = attribute("TransactionAction"),
        /// What may follow.
        services_enabled: Option<List<ServiceEnabled>> = child("ServicesEnabled"),
        /// Text for the customer.
        display_output: Option<DisplayOutput> = child("DisplayOutput"),
    }

    /// Answer to EnableService.
    EnableServiceResponse {
        /// The result.
        response: Response = child("Response"),
    }

    /// Reads a card.
    CardAcquisitionRequest {
        /// The sale; its number is reused by the payment.
        sale_data: SaleData = child("SaleData"),
        /// What the card is for.
        card_acquisition_transaction: CardAcquisitionTransaction = child("CardAcquisitionTransaction"),
    }

    /// What the card is for.
    #[derive(Default)]
    CardAcquisitionTransaction {
        /// Whether loyalty is part of it.
        loyalty_handling: Option<LoyaltyHandling> = attribute("LoyaltyHandling"),
        /// Language of the customer.
        customer_language: Option<String> = attribute("CustomerLanguage"),
        /// The customer chooses the application.
        force_customer_selection: Option<bool> = attribute("ForceCustomerSelectionFlag"),
        /// Normally 0.
        total_amount: Option<Amount> = attribute("TotalAmount"),
        /// Normal or Refund.
        payment_type: Option<PaymentType> = attribute("PaymentType"),
        /// Cash-back wanted.
        cash_back: Option<bool> = attribute("CashBackFlag"),
        /// Brands allowed.
        allowed_payment_brands: Vec<String> = child("AllowedPaymentBrand"),
        /// Loyalty brands allowed.
        allowed_loyalty_brands: Vec<String> = child("AllowedLoyaltyBrand"),
        /// Entry modes demanded.
        force_entry_modes: Vec<List<ForceEntryMode>> = child("ForceEntryMode"),
    }

    /// Answer to CardAcquisition.
    CardAcquisitionResponse {
        /// The result.
        response: Response = child("Response"),
        /// Echo; required by the schema.
        sale_data: Option<SaleData> = child("SaleData"),
        /// Number the payment refers to; required by the schema.
        poi_data: Option<PoiData> = child("POIData"),
        /// Brands the card offers.
        payment_brands: Vec<String> = child("PaymentBrand"),
        /// The card.
        payment_instrument_data: Option<PaymentInstrumentData> = child("PaymentInstrumentData"),
        /// Loyalty accounts; those without text are to be ignored.
        loyalty_accounts: Vec<LoyaltyAccount> = child("LoyaltyAccount"),
    }
}

impl CardAcquisitionResponse {
    /// An answer with nothing but its result.
    pub fn new(response: Response) -> Self {
        Self {
            response,
            sale_data: None,
            poi_data: None,
            payment_brands: Vec::new(),
            payment_instrument_data: None,
            loyalty_accounts: Vec::new(),
        }
    }
}
