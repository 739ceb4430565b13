//! Reversal and abort: undoing the last approved transaction, and asking a running request to stop.
//!
//! Dossier chapters 8 and 9. Invariant: the identifiers of the original are copied text.

use super::amount::Amount;
use super::device::DisplayOutput;
use super::element::elements;
use super::header::{MessageReference, Response};
use super::payment::{OriginalPoiTransaction, PoiData, SaleData};
use super::receipt::PaymentReceipt;
use super::values::ReversalReason;

elements! {
    /// Undoes the last approved transaction.
    ReversalRequest {
        /// Who wants it.
        reversal_reason: ReversalReason = attribute("ReversalReason"),
        /// Absent means all; partial reversal is undocumented.
        reversed_amount: Option<Amount> = attribute("ReversedAmount"),
        /// The sale, not needed.
        sale_data: Option<SaleData> = child("SaleData"),
        /// The transaction meant.
        original_poi_transaction: OriginalPoiTransaction = child("OriginalPOITransaction"),
    }

    /// Answer to a reversal.
    ReversalResponse {
        /// What was given back.
        reversed_amount: Option<Amount> = attribute("ReversedAmount"),
        /// Customer order.
        customer_order_id: Option<String> = attribute("CustomerOrderID"),
        /// The result.
        response: Response = child("Response"),
        /// Repeats the number of the original.
        poi_data: Option<PoiData> = child("POIData"),
        /// The original.
        original_poi_transaction: Option<OriginalPoiTransaction> = child("OriginalPOITransaction"),
        /// In any order.
        payment_receipts: Vec<PaymentReceipt> = child("PaymentReceipt"),
    }

    /// Asks a running request to stop. Answered by 204 only; never a promise (dossier chapter 9).
    AbortRequest {
        /// The request meant.
        message_reference: MessageReference = child("MessageReference"),
        /// Free text, required.
        abort_reason: String = child("AbortReason"),
        /// Text for the customer.
        display_output: Option<DisplayOutput> = child("DisplayOutput"),
    }
}

impl ReversalResponse {
    /// An answer with nothing but its result.
    pub fn new(response: Response) -> Self {
        Self {
            reversed_amount: None,
            customer_order_id: None,
            response,
            poi_data: None,
            original_poi_transaction: None,
            payment_receipts: Vec::new(),
        }
    }
}
