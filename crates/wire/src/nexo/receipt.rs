//! Receipts inside answers and print requests (dossier chapter 7).

use super::element::elements;
use super::output::OutputContent;
use super::values::DocumentQualifier;

elements! {
    /// A receipt of an answer, usually two per answer in any order.
    PaymentReceipt {
        /// `CustomerReceipt` or `CashierReceipt`.
        document_qualifier: DocumentQualifier = attribute("DocumentQualifier"),
        /// May be printed together with others.
        integrated_print: Option<bool> = attribute("IntegratedPrintFlag"),
        /// Treated like the receipt's own signature flag.
        required_signature: Option<bool> = attribute("RequiredSignatureFlag"),
        /// The content: base64 of JSON; required by the schema.
        output_content: Option<OutputContent> = child("OutputContent"),
    }
}
