//! Payment and refund: request, response and their parts, shared with card acquisition and reversal.
//!
//! Dossier chapter 6. Invariant: an answer decodes when only its `Response` is there; amounts stay exact.

use super::amount::Amount;
use super::element::elements;
use super::header::{Response, TransactionIdentification};
use super::loyalty::{LoyaltyData, LoyaltyResult};
use super::receipt::PaymentReceipt;
use super::scalar::{CardNumber, List, MaskedPan, Stamp};
use super::session::SaleTerminalData;
use super::values::{
    AuthenticationMethod, CustomerOrderReq, EntryMode, ForceEntryMode, LoyaltyHandling,
    PaymentInstrumentType, PaymentType, TokenRequestedType, UnitOfMeasure,
};

elements! {
    /// Takes or gives back money.
    PaymentRequest {
        /// The sale.
        sale_data: SaleData = child("SaleData"),
        /// Amounts and items.
        payment_transaction: PaymentTransaction = child("PaymentTransaction"),
        /// Kind of payment; absent means a purchase.
        payment_data: Option<PaymentData> = child("PaymentData"),
        /// Loyalty the till knows of.
        loyalty_data: Vec<LoyaltyData> = child("LoyaltyData"),
    }

    /// The sale as the till knows it; echoed in the answer.
    #[derive(Default)]
    SaleData {
        /// Cashier.
        operator_id: Option<String> = attribute("OperatorID"),
        /// Language of the cashier.
        operator_language: Option<String> = attribute("OperatorLanguage"),
        /// Shift.
        shift_number: Option<String> = attribute("ShiftNumber"),
        /// Groups several transactions of one sale.
        sale_reference_id: Option<String> = attribute("SaleReferenceID"),
        /// `Customer` asks for the alias of the card number.
        token_requested_type: Option<TokenRequestedType> = attribute("TokenRequestedType"),
        /// Customer order.
        customer_order_id: Option<String> = attribute("CustomerOrderID"),
        /// Customer orders wanted.
        customer_order_req: Option<List<CustomerOrderReq>> = attribute("CustomerOrderReq"),
        /// The till's own number and time; required by the schema.
        sale_transaction_id: Option<TransactionIdentification> = child("SaleTransactionID"),
        /// Till data that differ from the login.
        sale_terminal_data: Option<SaleTerminalData> = child("SaleTerminalData"),
        /// Text for the terminal.
        sale_to_poi_data: Option<String> = child("SaleToPOIData"),
        /// base64 of a JSON object for the acquirer (dossier chapter 6.7).
        sale_to_acquirer_data: Option<String> = child("SaleToAcquirerData"),
    }

    /// Amounts and items of a payment request.
    PaymentTransaction {
        /// Amounts asked for.
        amounts_req: AmountsReq = child("AmountsReq"),
        /// The transaction a refund belongs to.
        original_poi_transaction: Option<OriginalPoiTransaction> = child("OriginalPOITransaction"),
        /// Restrictions of the till.
        transaction_conditions: Option<TransactionConditions> = child("TransactionConditions"),
        /// Items, for fuel and restricted cards.
        sale_items: Vec<SaleItem> = child("SaleItem"),
    }

    /// Amounts asked for. `requested_amount` is the total, cash-back included.
    AmountsReq {
        /// Three capitals.
        currency: String = attribute("Currency"),
        /// Total.
        requested_amount: Option<Amount> = attribute("RequestedAmount"),
        /// Part of the total paid out in cash.
        cash_back_amount: Option<Amount> = attribute("CashBackAmount"),
        /// Part of the total that is a tip.
        tip_amount: Option<Amount> = attribute("TipAmount"),
        /// Paid before by other means.
        paid_amount: Option<Amount> = attribute("PaidAmount"),
        /// Least amount to deliver.
        minimum_amount_to_deliver: Option<Amount> = attribute("MinimumAmountToDeliver"),
        /// Most cash the till pays out.
        maximum_cash_back_amount: Option<Amount> = attribute("MaximumCashBackAmount"),
        /// Least part of a split payment.
        minimum_split_amount: Option<Amount> = attribute("MinimumSplitAmount"),
    }

    /// `OriginalPOITransaction`: the transaction a reversal or refund is about (dossier chapter 8).
    #[derive(Default)]
    OriginalPoiTransaction {
        /// SaleID of the payment.
        sale_id: Option<String> = attribute("SaleID"),
        /// POIID of the payment.
        poi_id: Option<String> = attribute("POIID"),
        /// Whether the card data of the original are used again.
        reuse_card_data: Option<bool> = attribute("ReuseCardDataFlag"),
        /// Language of the customer.
        customer_language: Option<String> = attribute("CustomerLanguage"),
        /// Acquirer of the payment.
        acquirer_id: Option<String> = attribute("AcquirerID"),
        /// Whether the last transaction is meant.
        last_transaction: Option<bool> = attribute("LastTransactionFlag"),
        /// Copied letter by letter from the answer.
        poi_transaction_id: Option<TransactionIdentification> = child("POITransactionID"),
        /// Approval code of the payment.
        approval_code: Option<String> = child("ApprovalCode"),
        /// The host's number.
        host_transaction_id: Option<TransactionIdentification> = child("HostTransactionID"),
    }

    /// Restrictions of the till; not used with Swedbank Pay (dossier chapter 6.5).
    #[derive(Default)]
    TransactionConditions {
        /// Debit before credit.
        debit_preferred: Option<bool> = attribute("DebitPreferredFlag"),
        /// Whether loyalty is part of it.
        loyalty_handling: Option<LoyaltyHandling> = attribute("LoyaltyHandling"),
        /// Language of the customer.
        customer_language: Option<String> = attribute("CustomerLanguage"),
        /// Online only.
        force_online: Option<bool> = attribute("ForceOnlineFlag"),
        /// 3 or 4 characters.
        merchant_category_code: Option<String> = attribute("MerchantCategoryCode"),
        /// Brands allowed.
        allowed_payment_brands: Vec<String> = child("AllowedPaymentBrand"),
        /// Acquirers allowed.
        acquirer_ids: Vec<String> = child("AcquirerID"),
        /// Loyalty brands allowed.
        allowed_loyalty_brands: Vec<String> = child("AllowedLoyaltyBrand"),
        /// Entry modes demanded.
        force_entry_modes: Vec<List<ForceEntryMode>> = child("ForceEntryMode"),
    }

    /// One item (dossier chapter 6.6).
    SaleItem {
        /// From 0.
        item_id: u32 = attribute("ItemID"),
        /// 1–20 digits.
        product_code: String = attribute("ProductCode"),
        /// European article number.
        ean_upc: Option<String> = attribute("EanUpc"),
        /// Total of the item.
        item_amount: Amount = attribute("ItemAmount"),
        /// `Litre` or `Kilogram`; only with a quantity.
        unit_of_measure: Option<UnitOfMeasure> = child("UnitOfMeasure"),
        /// How much.
        quantity: Option<Amount> = child("Quantity"),
        /// Only with a quantity.
        unit_price: Option<Amount> = child("UnitPrice"),
        /// Digits.
        tax_code: Option<String> = child("TaxCode"),
        /// Digits.
        sale_channel: Option<String> = child("SaleChannel"),
        /// Name of the product.
        product_label: Option<String> = child("ProductLabel"),
        /// More about the product.
        additional_product_info: Option<String> = child("AdditionalProductInfo"),
    }

    /// Kind of payment and card data from the till.
    #[derive(Default)]
    PaymentData {
        /// Absent means Normal.
        payment_type: Option<PaymentType> = attribute("PaymentType"),
        /// Part of a larger sale.
        split_payment: Option<bool> = attribute("SplitPaymentFlag"),
        /// Copied from the card acquisition's POITransactionID.
        card_acquisition_reference: Option<TransactionIdentification> = child("CardAcquisitionReference"),
        /// Keyed card, only outside PCI rules (dossier chapter 6.5).
        payment_instrument_data: Option<PaymentInstrumentData> = child("PaymentInstrumentData"),
    }

    /// What was or is paid with.
    #[derive(Default)]
    PaymentInstrumentData {
        /// `Card`; `Mobile` is an alternative method such as Swish. Required by the schema.
        payment_instrument_type: Option<PaymentInstrumentType> = attribute("PaymentInstrumentType"),
        /// The card.
        card_data: Option<CardData> = child("CardData"),
    }

    /// A card, never its number in clear (except `sensitive_card_data` of a request).
    #[derive(Default)]
    CardData {
        /// `"NN,Product name"`: see [`CardData::brand_kind`] and [`CardData::brand_name`].
        payment_brand: Option<String> = attribute("PaymentBrand"),
        /// Masked on reading.
        masked_pan: Option<MaskedPan> = attribute("MaskedPAN"),
        /// PAR, the same for plastic and wallet.
        payment_account_ref: Option<String> = attribute("PaymentAccountRef"),
        /// A list by schema, one value in practice.
        entry_mode: Option<List<EntryMode>> = attribute("EntryMode"),
        /// 3 digits.
        card_country_code: Option<String> = attribute("CardCountryCode"),
        /// Keyed number, requests only.
        sensitive_card_data: Option<SensitiveCardData> = child("SensitiveCardData"),
        /// With PaymentRestriction: product codes this card may pay.
        allowed_product_codes: Vec<String> = child("AllowedProductCode"),
        /// Products with a text, used as hint for cash-back (dossier chapter 14).
        allowed_products: Vec<AllowedProduct> = child("AllowedProduct"),
        /// Alias of the card number.
        payment_token: Option<PaymentToken> = child("PaymentToken"),
    }

    /// A card number in clear. Only for cards outside PCI rules; prints itself masked.
    #[derive(Default)]
    SensitiveCardData {
        /// 8–28 digits.
        pan: Option<CardNumber> = attribute("PAN"),
        /// 2–3 digits.
        card_seq_numb: Option<String> = attribute("CardSeqNumb"),
        /// 4 digits; the order of month and year is the driver's setting (dossier U8).
        expiry_date: Option<CardNumber> = attribute("ExpiryDate"),
        /// Tracks, never used by us.
        track_data: Vec<CardNumber> = child("TrackData"),
    }

    /// A product the card may pay.
    #[derive(Default)]
    AllowedProduct {
        /// 1–20 digits.
        product_code: Option<String> = attribute("ProductCode"),
        /// European article number.
        ean_upc: Option<String> = attribute("EanUpc"),
        /// Name, or `card:cashback`.
        product_label: Option<String> = child("ProductLabel"),
        /// For example `maxAmount:50000`.
        additional_product_info: Option<String> = child("AdditionalProductInfo"),
    }

    /// Alias of the card number (CNA): one-way, the same for the same card in all terminals of Swedbank
    /// Pay.
    #[derive(Default)]
    PaymentToken {
        /// `Customer`.
        token_requested_type: Option<TokenRequestedType> = attribute("TokenRequestedType"),
        /// 70 characters.
        token_value: Option<String> = attribute("TokenValue"),
        /// End of validity.
        expiry_date_time: Option<Stamp> = attribute("ExpiryDateTime"),
    }

    /// Answer to a payment. Approved exactly when `response.result` is Success; Partial is approved for
    /// less.
    PaymentResponse {
        /// The result.
        response: Response = child("Response"),
        /// Echo of the request; required by the schema, tolerated absent (gotcha 27).
        sale_data: Option<SaleData> = child("SaleData"),
        /// The terminal's number; required by the schema, tolerated absent.
        poi_data: Option<PoiData> = child("POIData"),
        /// What was paid.
        payment_result: Option<PaymentResult> = child("PaymentResult"),
        /// Loyalty.
        loyalty_results: Vec<LoyaltyResult> = child("LoyaltyResult"),
        /// In any order, any may be missing.
        payment_receipts: Vec<PaymentReceipt> = child("PaymentReceipt"),
    }

    /// The terminal's side of a transaction.
    #[derive(Default)]
    PoiData {
        /// Reconciliation period.
        poi_reconciliation_id: Option<String> = attribute("POIReconciliationID"),
        /// The terminal's number and time; keep both texts for a reversal.
        poi_transaction_id: Option<TransactionIdentification> = child("POITransactionID"),
    }

    /// What was paid.
    #[derive(Default)]
    PaymentResult {
        /// Normal or Refund.
        payment_type: Option<PaymentType> = attribute("PaymentType"),
        /// The merchant overrode the host.
        merchant_override: Option<bool> = attribute("MerchantOverrideFlag"),
        /// Language of the customer.
        customer_language: Option<String> = attribute("CustomerLanguage"),
        /// Whether the host was asked.
        online: Option<bool> = attribute("OnlineFlag"),
        /// How the cardholder proved identity.
        authentication_method: Option<List<AuthenticationMethod>> = attribute("AuthenticationMethod"),
        /// A date.
        validity_date: Option<String> = attribute("ValidityDate"),
        /// Paid with.
        payment_instrument_data: Option<PaymentInstrumentData> = child("PaymentInstrumentData"),
        /// Amounts taken.
        amounts_resp: Option<AmountsResp> = child("AmountsResp"),
        /// Acquirer, approval code.
        payment_acquirer_data: Option<PaymentAcquirerData> = child("PaymentAcquirerData"),
    }

    /// Amounts taken. `authorized_amount` is the total, tip and cash-back included.
    #[derive(Default)]
    AmountsResp {
        /// Three capitals.
        currency: Option<String> = attribute("Currency"),
        /// Total taken; required by the schema.
        authorized_amount: Option<Amount> = attribute("AuthorizedAmount"),
        /// Rebates.
        total_rebates_amount: Option<Amount> = attribute("TotalRebatesAmount"),
        /// Fees.
        total_fees_amount: Option<Amount> = attribute("TotalFeesAmount"),
        /// Part of the total paid out in cash.
        cash_back_amount: Option<Amount> = attribute("CashBackAmount"),
        /// Part of the total that is a tip.
        tip_amount: Option<Amount> = attribute("TipAmount"),
    }

    /// The acquirer's view.
    #[derive(Default)]
    PaymentAcquirerData {
        /// Digits.
        acquirer_id: Option<String> = attribute("AcquirerID"),
        /// Acquirer's number of the merchant.
        merchant_id: Option<String> = attribute("MerchantID"),
        /// Acquirer's number of the terminal.
        acquirer_poi_id: Option<String> = attribute("AcquirerPOIID"),
        /// The host's number; not seen with Swedbank Pay.
        acquirer_transaction_id: Option<TransactionIdentification> = child("AcquirerTransactionID"),
        /// Only on success.
        approval_code: Option<String> = child("ApprovalCode"),
    }
}

impl PaymentRequest {
    /// A purchase or refund of one amount; every other field absent.
    pub fn new(sale: TransactionIdentification, amounts: AmountsReq, payment_type: PaymentType) -> Self {
        Self {
            sale_data: SaleData { sale_transaction_id: Some(sale), ..SaleData::default() },
            payment_transaction: PaymentTransaction {
                amounts_req: amounts,
                original_poi_transaction: None,
                transaction_conditions: None,
                sale_items: Vec::new(),
            },
            payment_data: Some(PaymentData { payment_type: Some(payment_type), ..PaymentData::default() }),
            loyalty_data: Vec::new(),
        }
    }
}

impl AmountsReq {
    /// A total in a currency, nothing else.
    pub fn new(currency: impl Into<String>, requested: Amount) -> Self {
        Self {
            currency: currency.into(),
            requested_amount: Some(requested),
            cash_back_amount: None,
            tip_amount: None,
            paid_amount: None,
            minimum_amount_to_deliver: None,
            maximum_cash_back_amount: None,
            minimum_split_amount: None,
        }
    }
}

impl PaymentResponse {
    /// An answer with nothing but its result; the other parts are added by the caller.
    pub fn new(response: Response) -> Self {
        Self {
            response,
            sale_data: None,
            poi_data: None,
            payment_result: None,
            loyalty_results: Vec::new(),
            payment_receipts: Vec::new(),
        }
    }
}

impl CardData {
    /// The two digits before the first comma of the brand: `01` payment card, `02` payment and loyalty,
    /// `03` loyalty only, `04` neither (dossier chapter 6.2). `None` when the brand has no such prefix.
    pub fn brand_kind(&self) -> Option<&str> {
        let (kind, _) = self.payment_brand.as_deref()?.split_once(',')?;
        (kind.len() == 2 && kind.bytes().all(|b| b.is_ascii_digit())).then_some(kind)
    }

    /// The product name: all of the brand after its numeric prefix. Names may contain commas.
    pub fn brand_name(&self) -> Option<&str> {
        let brand = self.payment_brand.as_deref()?;
        match (self.brand_kind(), brand.split_once(',')) {
            (Some(_), Some((_, name))) => Some(name),
            _ => Some(brand),
        }
    }
}
