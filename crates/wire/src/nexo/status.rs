//! Asking for a lost answer: TransactionStatus; and totals: Reconciliation and GetTotals.
//!
//! Dossier chapters 10 and 15. Invariant: the repeated message keeps its own header, so that a foreign
//! answer can be told from ours.

use super::amount::Amount;
use super::element::elements;
use super::element::{Element, Misfit};
use super::header::{Header, MessageReference, Response};
use super::message::Body;
use super::read::Node;
use super::scalar::List;
use super::values::{
    DocumentQualifier, ErrorCondition, LoyaltyUnit, PaymentInstrumentType, ReconciliationType, TotalDetail,
    TransactionType,
};
use super::write::Writer;

elements! {
    /// Asks for the last answer, or with a reference for a certain one.
    #[derive(Default)]
    TransactionStatusRequest {
        /// Reprint, unused.
        receipt_reprint: Option<bool> = attribute("ReceiptReprintFlag"),
        /// The request meant; absent means the last.
        message_reference: Option<MessageReference> = child("MessageReference"),
        /// Documents to reprint, unused.
        document_qualifiers: Vec<DocumentQualifier> = child("DocumentQualifier"),
    }

    /// Answer to TransactionStatus. Success is success of the query only; the payment's result is inside.
    TransactionStatusResponse {
        /// Result of the query.
        response: Response = child("Response"),
        /// The request found.
        message_reference: Option<MessageReference> = child("MessageReference"),
        /// The answer found.
        repeated_message: Option<RepeatedMessage> = child("RepeatedMessageResponse"),
    }

    /// Asks for a reconciliation; not used with Swedbank Pay.
    ReconciliationRequest {
        /// Which one.
        reconciliation_type: ReconciliationType = attribute("ReconciliationType"),
        /// Digits.
        poi_reconciliation_id: Option<String> = attribute("POIReconciliationID"),
        /// Acquirers meant.
        acquirer_ids: Vec<String> = child("AcquirerID"),
    }

    /// Answer to a reconciliation.
    ReconciliationResponse {
        /// Which one; required by the schema.
        reconciliation_type: Option<ReconciliationType> = attribute("ReconciliationType"),
        /// Digits.
        poi_reconciliation_id: Option<String> = attribute("POIReconciliationID"),
        /// The result.
        response: Response = child("Response"),
        /// Totals by brand.
        transaction_totals: Vec<TransactionTotals> = child("TransactionTotals"),
    }

    /// Asks for totals without closing the period.
    #[derive(Default)]
    GetTotalsRequest {
        /// How to break them down.
        total_details: Option<List<TotalDetail>> = child("TotalDetails"),
        /// Which transactions count.
        total_filter: Option<TotalFilter> = child("TotalFilter"),
    }

    /// Which transactions count.
    #[derive(Default)]
    TotalFilter {
        /// Terminal.
        poi_id: Option<String> = attribute("POIID"),
        /// Till.
        sale_id: Option<String> = attribute("SaleID"),
        /// Cashier.
        operator_id: Option<String> = attribute("OperatorID"),
        /// Shift.
        shift_number: Option<String> = attribute("ShiftNumber"),
        /// 1–16 characters.
        totals_group_id: Option<String> = attribute("TotalsGroupID"),
    }

    /// Answer to GetTotals.
    GetTotalsResponse {
        /// Digits; required by the schema.
        poi_reconciliation_id: Option<String> = attribute("POIReconciliationID"),
        /// The result.
        response: Response = child("Response"),
        /// Totals.
        transaction_totals: Vec<TransactionTotals> = child("TransactionTotals"),
    }

    /// Totals of one instrument, acquirer and brand.
    #[derive(Default)]
    TransactionTotals {
        /// Paid with; required by the schema.
        payment_instrument_type: Option<PaymentInstrumentType> = attribute("PaymentInstrumentType"),
        /// Digits.
        acquirer_id: Option<String> = attribute("AcquirerID"),
        /// Why totals are missing.
        error_condition: Option<ErrorCondition> = attribute("ErrorCondition"),
        /// The host's period.
        host_reconciliation_id: Option<String> = attribute("HostReconciliationID"),
        /// Brand.
        card_brand: Option<String> = attribute("CardBrand"),
        /// Terminal.
        poi_id: Option<String> = attribute("POIID"),
        /// Till.
        sale_id: Option<String> = attribute("SaleID"),
        /// Cashier.
        operator_id: Option<String> = attribute("OperatorID"),
        /// Shift.
        shift_number: Option<String> = attribute("ShiftNumber"),
        /// 1–16 characters.
        totals_group_id: Option<String> = attribute("TotalsGroupID"),
        /// Three capitals.
        payment_currency: Option<String> = attribute("PaymentCurrency"),
        /// Absent means points.
        loyalty_unit: Option<LoyaltyUnit> = attribute("LoyaltyUnit"),
        /// Three capitals.
        loyalty_currency: Option<String> = attribute("LoyaltyCurrency"),
        /// Totals of payments, at most 10.
        payment_totals: Vec<Totals> = child("PaymentTotals"),
        /// Totals of loyalty, at most 6.
        loyalty_totals: Vec<Totals> = child("LoyaltyTotals"),
    }

    /// `PaymentTotals` and `LoyaltyTotals`: number and sum of one kind of transaction.
    Totals {
        /// Which kind.
        transaction_type: TransactionType = attribute("TransactionType"),
        /// How many.
        transaction_count: u32 = attribute("TransactionCount"),
        /// Sum.
        transaction_amount: Amount = attribute("TransactionAmount"),
    }
}

/// `RepeatedMessageResponse`: the answer found, complete but for its envelope (dossier chapter 10.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedMessage {
    /// Header of the answer found.
    pub header: Header,
    /// The answer found.
    pub body: Box<Body>,
}

impl Element for RepeatedMessage {
    fn read(node: &Node) -> Result<Self, Misfit> {
        let header: Header = super::element::Child::read(node, "MessageHeader")?;
        let body = Box::new(Body::read_for(&header, node)?);
        Ok(Self { header, body })
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.open(name);
        Element::write(&self.header, "MessageHeader", out);
        self.body.write(out);
        out.close(name);
    }
}

impl TransactionStatusResponse {
    /// An answer with nothing but its result.
    pub fn new(response: Response) -> Self {
        Self { response, message_reference: None, repeated_message: None }
    }
}
