//! Operations and sessions as requests.
//!
//! Dossier chapters 5.1, 6.1 and 8. Invariant: what a reversal copies of its original is copied letter by
//! letter.

use super::Ends;
use crate::nexo::profile::{Form, Profile};
use crate::seams::Program;
use domain::money::Money;
use domain::operation::{Kind, Operation, Original};
use domain::outcome::{Fault, Reason};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::nexo::{
    Amount, AmountsReq, Body, GenericProfile, List, LoginRequest, MessageCategory, OriginalPoiTransaction,
    PaymentRequest, PaymentType, Profile as SaleProfile, ReversalReason, ReversalRequest, SaleCapability,
    SaleTerminalData, ServiceProfile, Software, Stamp, TerminalEnvironment, TransactionIdentification,
};

/// A money request without its header: the same for every reference it goes out under.
#[derive(Clone, Debug)]
pub(in crate::nexo) struct MoneyRequest {
    /// Payment or Reversal.
    pub category: MessageCategory,
    /// The request.
    pub body: Body,
}

/// The request of an operation.
///
/// # Errors
/// Refusals that need no terminal: what the protocol cannot undo or give back this way.
pub(in crate::nexo) fn money_request(
    ends: &Ends,
    operation: &Operation,
    zone: &TimeZone,
) -> Result<MoneyRequest, Fault> {
    match operation.kind {
        Kind::Sale => Ok(payment(operation, PaymentType::Normal, zone)),
        Kind::Refund | Kind::Reversal if operation.original.as_ref().is_some_and(is_mobile) => {
            // Older terminal software reverses the card payment before it (dossier chapter 8). Where the
            // original's reference goes in a refund is not public (chapter 6.3, U7); without it the money
            // would go to a card.
            let detail =
                "money of an alternative payment method is given back on the terminal or by other means";
            Err(Fault::refused(Reason::GoesAnotherWay, detail))
        }
        Kind::Refund => Ok(payment(operation, PaymentType::Refund, zone)),
        Kind::Reversal => reversal(ends, operation),
    }
}

fn is_mobile(original: &Original) -> bool {
    original.evidence.get("instrument") == Some("mobile")
}

fn payment(operation: &Operation, payment_type: PaymentType, zone: &TimeZone) -> MoneyRequest {
    let amount = |money: Money| Amount::from_minor(money.minor, money.currency.decimals());
    let mut amounts = AmountsReq::new(operation.requested.currency.code(), amount(operation.requested));
    if operation.cash_back.minor > 0 {
        amounts.cash_back_amount = Some(amount(operation.cash_back));
    }
    let time = stamp(operation.intended_at, zone);
    let sale = TransactionIdentification::new(operation.transaction.0.as_str(), time.raw());
    let body = PaymentRequest::new(sale, amounts, payment_type).into();
    MoneyRequest { category: MessageCategory::Payment, body }
}

fn reversal(ends: &Ends, operation: &Operation) -> Result<MoneyRequest, Fault> {
    let refund = |detail: &str| Err(Fault::refused(Reason::UseRefund, detail));
    let Some(original) = &operation.original else { return refund("the original payment is not known") };
    let evidence = |name: &str| original.evidence.get(name);
    let (Some(id), Some(time)) = (evidence("poi_transaction_id"), evidence("poi_transaction_time")) else {
        return refund("the terminal's number of the original payment is not known");
    };
    let original = OriginalPoiTransaction {
        sale_id: Some(evidence("sale_id").unwrap_or(&ends.sale_id).to_owned()),
        poi_id: Some(evidence("poi_id").unwrap_or(&ends.poi_id).to_owned()),
        poi_transaction_id: Some(TransactionIdentification::new(id, time)),
        ..OriginalPoiTransaction::default()
    };
    let request = ReversalRequest {
        reversal_reason: ReversalReason::MerchantCancel,
        reversed_amount: None,
        sale_data: None,
        original_poi_transaction: original,
    };
    Ok(MoneyRequest { category: MessageCategory::Reversal, body: request.into() })
}

/// The login of a profile: its capabilities choose the form of integration.
pub(in crate::nexo) fn login(profile: &Profile, program: &Program, now: Stamp) -> LoginRequest {
    use SaleCapability as C;
    let capabilities = match profile.form {
        Form::Light => vec![C::PrinterReceipt],
        Form::Default => vec![
            C::CashierStatus,
            C::CashierError,
            C::CashierDisplay,
            C::POIReplication,
            C::CustomerAssistance,
            C::CashierInput,
            C::PrinterReceipt,
        ],
    };
    let profiles = vec![ServiceProfile::Loyalty, ServiceProfile::PIN, ServiceProfile::CardReader];
    LoginRequest {
        training_mode: None,
        operator_language: profile.language.clone(),
        operator_id: None,
        shift_number: None,
        token_requested_type: None,
        customer_order_req: None,
        poi_serial_number: None,
        date_time: now,
        sale_software: Software {
            provider_identification: Some(program.maker.clone()),
            application_name: Some(program.name.clone()),
            software_version: Some(program.version.clone()),
            ..Software::default()
        },
        sale_terminal_data: Some(SaleTerminalData {
            terminal_environment: Some(TerminalEnvironment::Attended),
            sale_capabilities: Some(List(capabilities)),
            sale_profile: Some(SaleProfile {
                generic_profile: Some(GenericProfile::Extended),
                service_profiles: Some(List(profiles)),
            }),
            ..SaleTerminalData::default()
        }),
    }
}

/// Local time with its offset, as the till writes times (dossier chapter 4).
pub(in crate::nexo) fn stamp(at: Timestamp, zone: &TimeZone) -> Stamp {
    Stamp::new(at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}
