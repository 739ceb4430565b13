//! Receipts of answers and print requests as the till's receipts.
//!
//! Dossier chapters 7 and 12.4. Invariant: every document yields a slip, masked; one that cannot be read
//! says what to do in place of its text.

use domain::receipt::{Copy, Receipt};
use wire::nexo::receipt::{self as document, Receipt as Document, ReceiptDocument};
use wire::nexo::{DocumentQualifier, PaymentReceipt, PrintOutput};

/// What stands in place of a document that cannot be read (dossier chapter 7.3, point 8).
const UNREADABLE: [&str; 2] = ["Terminal receipt unreadable.", "Print a copy from the terminal's menu."];

/// A receipt of an answer. Nothing is signed for money that did not move.
pub(super) fn answer_slip(receipt: &PaymentReceipt, moved: bool, known: &[&str]) -> Receipt {
    let flagged = receipt.required_signature == Some(true);
    slip(&receipt.document_qualifier, receipt.decode(known), flagged, moved)
}

/// Whether a receipt says that somebody must sign.
pub(super) fn to_sign(receipt: &PaymentReceipt, known: &[&str]) -> bool {
    let block = match receipt.decode(known) {
        Document::Readable(document) => document.signature_block,
        Document::Unreadable { .. } => false,
    };
    block || receipt.required_signature == Some(true)
}

/// A document that the terminal wants printed.
pub(in crate::nexo) fn print_slip(output: &PrintOutput) -> Receipt {
    let flagged = output.required_signature == Some(true);
    let decoded = match &output.output_content {
        Some(content) => document::decode(&output.document_qualifier, content, &[]),
        None => Document::Unreadable { raw: String::new() },
    };
    slip(&output.document_qualifier, decoded, flagged, true)
}

fn slip(qualifier: &DocumentQualifier, decoded: Document, flagged: bool, may_sign: bool) -> Receipt {
    let document: ReceiptDocument = match decoded {
        Document::Readable(document) => *document,
        Document::Unreadable { raw } => {
            tracing::warn!(?qualifier, characters = raw.chars().count(), "a receipt cannot be read");
            let (copy, lines) = (copy_of(qualifier), UNREADABLE.map(str::to_owned).to_vec());
            return Receipt {
                copy,
                lines,
                to_sign: may_sign && flagged && copy == Copy::Merchant,
                readable: false,
            };
        }
    };
    let copy = match document.copy {
        document::Copy::Customer => Copy::Customer,
        document::Copy::Merchant => Copy::Merchant,
        document::Copy::Other => Copy::Other,
    };
    let to_sign = may_sign && copy == Copy::Merchant && (flagged || document.signature_block);
    let lines = if to_sign { document::with_signature_lines(&document.lines) } else { document.lines };
    Receipt { copy, lines, to_sign, readable: true }
}

fn copy_of(qualifier: &DocumentQualifier) -> Copy {
    match qualifier {
        DocumentQualifier::CustomerReceipt => Copy::Customer,
        DocumentQualifier::CashierReceipt => Copy::Merchant,
        DocumentQualifier::SaleReceipt
        | DocumentQualifier::Document
        | DocumentQualifier::Voucher
        | DocumentQualifier::Journal
        | DocumentQualifier::Other(_) => Copy::Other,
    }
}
