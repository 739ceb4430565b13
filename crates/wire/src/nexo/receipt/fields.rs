//! The typed fields of a receipt's JSON (dossier chapter 7.2).
//!
//! Invariant: every field is optional and every value is text for display; amounts in here have a
//! decimal comma and are never calculated with.

use serde_json::Value;

use super::super::mask::{self, Shown};

macro_rules! fields {
    ($( $(#[$doc:meta])* $field:ident: $( $first:literal $(. $more:literal)* )|+, )*) => {
        /// What the terminal says about the transaction, field by field. All values are text as sent.
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct ReceiptFields {
            $( $(#[$doc])* pub $field: Option<String>, )*
            /// Whether the merchant's copy must be signed.
            pub signature_block: Option<bool>,
        }

        impl ReceiptFields {
            /// Reads what is below `Cardholder` or `Merchant`.
            pub(super) fn read(root: &Value) -> Self {
                Self {
                    $( $field: None$( .or_else(|| text_at(root, &[$first $(, $more)*])) )+, )*
                    signature_block: flag_at(root, &["Mandatory", "Payment", "SignatureBlock"]),
                }
            }
        }
    };
}

fields! {
    /// Merchant number (MID).
    merchant_number: "Mandatory"."Acquirer"."CardAcceptorNumber",
    /// Terminal number (TID).
    terminal_id: "Mandatory"."Acquirer"."TerminalID",
    /// Name of the shop.
    shop_name: "Mandatory"."CardAcceptor"."Name",
    /// Street.
    address: "Mandatory"."CardAcceptor"."Address1",
    /// Post code.
    post_code: "Mandatory"."CardAcceptor"."PostZipCode",
    /// Town.
    town: "Mandatory"."CardAcceptor"."TownCity",
    /// Organisation number of the shop.
    organisation_number: "Mandatory"."CardAcceptor"."OrganisationNumber",
    /// Acquiring bank.
    bank_agent_name: "Mandatory"."CardAcceptor"."BankAgentName",
    /// Cashier.
    operator_number: "Mandatory"."CardAcceptor"."OperatorNumber",
    /// AID; must be printed for chip and contactless.
    application_identifier: "Mandatory"."CardDetails"."ApplicationIdentifier",
    /// Name of the card.
    card_name: "Mandatory"."CardDetails"."CardSchemeName"."ApplicationLabel"
        | "Optional"."CardDetails"."CardSchemeName"."ApplicationLabel",
    /// Masked card number.
    card_number: "Mandatory"."CardDetails"."PrimaryAccountNumber",
    /// TVR, 10 hexadecimal digits.
    terminal_verification_result: "Mandatory"."CardDetails"."TerminalVerificationResult",
    /// TSI, 4 hexadecimal digits.
    transaction_status_information: "Mandatory"."CardDetails"."TransactionStatusInformation",
    /// Missing when declined.
    approval_code: "Mandatory"."Outcome"."ApprovalCode",
    /// Who answered; opaque.
    authorisation_responder: "Mandatory"."Outcome"."AuthorisationResponder",
    /// The host's response code (ARC): the real reason of a decline.
    response_code: "Mandatory"."Outcome"."AuthorisationResponseCode",
    /// `00` normal, `91` reversed.
    debit_status: "Mandatory"."Outcome"."DebitStatus",
    /// Opaque.
    authorisation_channel: "Mandatory"."Payment"."AuthorisationChannel",
    /// `a` PIN, `/` none, others opaque.
    cardholder_verification: "Mandatory"."Payment"."CardholderVerificationMethod",
    /// Three capitals.
    currency: "Mandatory"."Payment"."Currency",
    /// Opaque.
    financial_institution: "Mandatory"."Payment"."FinancialInstitution",
    /// For display only.
    payment_amount: "Mandatory"."Payment"."PaymentAmount",
    /// For display only.
    total_amount: "Mandatory"."Payment"."TotalAmount",
    /// RRN, equals the terminal's transaction number.
    receipt_number: "Mandatory"."Payment"."ReceiptNumber",
    /// `K` contactless, `C` chip, others opaque.
    transaction_source: "Mandatory"."Payment"."TransactionSource",
    /// `00` purchase, probably `20` refund (dossier U16).
    transaction_type: "Mandatory"."Payment"."TransactionType",
    /// Local date.
    date: "Mandatory"."TimeStamp"."DateOfPayment",
    /// Local time.
    time: "Mandatory"."TimeStamp"."TimeOfPayment",
    /// Numeric country code.
    country: "Optional"."CardAcceptor"."CountryName",
    /// Telephone of the shop.
    phone_number: "Optional"."CardAcceptor"."PhoneNumber",
    /// Issuer.
    card_issuer_number: "Optional"."CardDetails"."CardIssuerNumber",
    /// The till's own transaction number.
    reference: "Optional"."Payment"."Reference",
}

impl ReceiptFields {
    /// Numbers that must survive masking.
    pub(super) fn identifiers(&self) -> Vec<String> {
        let typed = [
            &self.merchant_number,
            &self.terminal_id,
            &self.organisation_number,
            &self.application_identifier,
            &self.receipt_number,
            &self.reference,
            &self.phone_number,
        ];
        typed.into_iter().flatten().cloned().collect()
    }

    pub(super) fn mask(&mut self, shown: Shown) {
        self.card_number = self.card_number.take().map(|number| mask::card_field(&number, shown));
    }
}

fn value_at<'v>(root: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(root, |value, key| value.get(key))
}

fn text_at(root: &Value, path: &[&str]) -> Option<String> {
    let text = text_of_value(value_at(root, path)?);
    (!text.is_empty()).then_some(text)
}

fn flag_at(root: &Value, path: &[&str]) -> Option<bool> {
    match value_at(root, path)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Text as it is, a number or flag as written, anything else empty.
pub fn text_of_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
