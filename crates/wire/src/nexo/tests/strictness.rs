//! The strict check: the table is complete, and every kind of breach is found and named.

use std::collections::BTreeSet;

use super::super::grammar::{appendix_a, check};
use super::super::{Amount, AmountsReq};
use super::golden_message;

#[test]
fn every_line_of_the_table_is_understood() {
    let table = appendix_a();
    assert_eq!(table.misread, Vec::<String>::new());
    assert_eq!(table.names().count(), 97);
    let opaque: BTreeSet<&str> = [
        "BalanceInquiryRequest",
        "BalanceInquiryResponse",
        "BatchRequest",
        "BatchResponse",
        "CapturedSignature",
        "CardReaderAPDURequest",
        "CardReaderAPDUResponse",
        "CardReaderInitRequest",
        "CardReaderInitResponse",
        "CardReaderPowerOffRequest",
        "CardReaderPowerOffResponse",
        "CashHandlingDevice",
        "CheckData",
        "Instalment",
        "MobileData",
        "PINRequest",
        "PINResponse",
        "SoundRequest",
        "SoundResponse",
        "SponsoredMerchant",
        "StoredValueRequest",
        "StoredValueResponse",
        "TrackData",
    ]
    .into();
    assert_eq!(table.opaque(), opaque);
}

/// A breach of a golden message, and where it must be found.
fn breach(name: &str, from: &str, to: &str, field: &str, what: &str) {
    let valid = golden_message(name);
    assert_eq!(check(valid.as_bytes()), Ok(()));
    let broken = valid.replacen(from, to, 1);
    assert_ne!(broken, valid, "{from} is not in {name}");
    let fault = check(broken.as_bytes()).expect_err(&broken);
    assert_eq!((fault.field.as_str(), fault.what.as_str()), (field, what), "{broken}");
}

#[test]
fn order_occurrence_and_unknown_names_are_breaches() {
    breach(
        "login-request-default",
        "<DateTime>2026-02-11T07:58:40+01:00</DateTime>",
        "",
        "LoginRequest/DateTime",
        "is missing",
    );
    let software = concat!(
        "<SaleSoftware ProviderIdentification=\"Paydesk\" ApplicationName=\"Paydesk\"",
        " SoftwareVersion=\"0.1.0\"/>"
    );
    let swapped = format!("{software}<DateTime>2026-02-11T07:58:40+01:00</DateTime>");
    breach(
        "login-request-default",
        &format!("<DateTime>2026-02-11T07:58:40+01:00</DateTime>\n    {software}"),
        &swapped,
        "LoginRequest/DateTime",
        "is out of order",
    );
    breach(
        "login-request-default",
        "</SaleTerminalData>",
        "</SaleTerminalData><SaleTerminalData/>",
        "LoginRequest/SaleTerminalData",
        "occurs too often",
    );
    breach("logout-request", "/>\n</", "/><Colour/>\n</", "Colour", "is not part of the grammar");
    breach(
        "logout-request",
        "MaintenanceAllowed",
        "Maintenance",
        "LogoutRequest/@Maintenance",
        "is not part of the grammar",
    );
    breach(
        "abort-request",
        "<AbortReason>",
        "too soon<AbortReason>",
        "AbortRequest",
        "has text between its elements",
    );
    breach(
        "abort-request",
        "Cancelled by",
        "<b/>Cancelled by",
        "AbortRequest/AbortReason/b",
        "is not part of the grammar",
    );
    breach(
        "abort-request",
        "<AbortReason>",
        "<AbortReason lang=\"en\">",
        "AbortRequest/AbortReason/@lang",
        "is not part of the grammar",
    );
}

#[test]
fn simple_types_are_checked() {
    let amount = "PaymentRequest/PaymentTransaction/AmountsReq/@RequestedAmount";
    for wrong in ["38,00", "-38", "100000000", "38.0000001", "3.8e1", "", "+38", "3 8"] {
        let what = "is not an amount from 0 to 99999999.999999";
        let to = format!("RequestedAmount=\"{wrong}\"");
        breach("payment-request-purchase", "RequestedAmount=\"38\"", &to, amount, what);
    }
    let currency = "PaymentRequest/PaymentTransaction/AmountsReq/@Currency";
    for wrong in ["dkk", "DK", "DKKK", "208"] {
        let to = format!("Currency=\"{wrong}\"");
        breach("payment-request-purchase", "Currency=\"DKK\"", &to, currency, "is not 3 capitals");
    }
    let stamp = "EventNotification/@TimeStamp";
    let wrong = [
        "2026-02-11T12:00:00",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-02-11 12:00:00Z",
        "2026-02-11T24:00:00Z",
        "2026-02-11T12:00Z",
        "2026-02-11T12:00:00.Z",
        "2026-02-11T12:00:00+15:00",
        "2026-02-11T12:00:00[Europe/Oslo]",
        "2026-2-11T12:00:00Z",
        "2026-02-11T12:00:00+-01:00",
        "",
    ];
    for wrong in wrong {
        let to = format!("TimeStamp=\"{wrong}\"");
        let what = "is not a date and time with zone";
        breach("event-maintenance", "TimeStamp=\"2026-02-11T12:00:00.5+01:00\"", &to, stamp, what);
    }
}

/// Message, what to replace by what, and the fault that must be found.
const BREACHES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "payment-request-purchase",
        " RequestedAmount=\"38\"",
        " RequestedSum=\"38\"",
        "PaymentRequest/PaymentTransaction/AmountsReq/@RequestedSum",
        "is not part of the grammar",
    ),
    (
        "payment-request-purchase",
        "ItemID",
        "ItemId",
        "PaymentRequest/PaymentTransaction/SaleItem/@ItemId",
        "is not part of the grammar",
    ),
    (
        "payment-request-purchase",
        ">Litre<",
        ">LITRE<",
        "PaymentRequest/PaymentTransaction/SaleItem/UnitOfMeasure",
        "is not a listed value",
    ),
    (
        "payment-request-purchase",
        "ProductCode=\"30117\"",
        "ProductCode=\"3O117\"",
        "PaymentRequest/PaymentTransaction/SaleItem/@ProductCode",
        "is not 1 to 20 digits",
    ),
    (
        "payment-request-purchase",
        "ServiceID=\"31\"",
        "ServiceID=\"12345678901\"",
        "MessageHeader/@ServiceID",
        "is not text of 1 to 10 characters",
    ),
    (
        "payment-request-purchase",
        "ServiceID=\"31\"",
        "ServiceID=\"\"",
        "MessageHeader/@ServiceID",
        "is not text of 1 to 10 characters",
    ),
    ("payment-request-purchase", "ServiceID=\"31\" ", "", "MessageHeader/@ServiceID", "is missing"),
    (
        "payment-request-purchase",
        "POIID=\"HARBOUR-3\"",
        "POIID=\"ååååååååååååååååå\"",
        "MessageHeader/@POIID",
        "is longer than 32 bytes",
    ),
    (
        "payment-request-purchase",
        "Type=\"Normal\"",
        "Type=\"normal\"",
        "PaymentRequest/PaymentData/@PaymentType",
        "is not a listed value",
    ),
    (
        "card-acquisition-request",
        ">ICC Contactless<",
        ">ICC Wireless<",
        "CardAcquisitionRequest/CardAcquisitionTransaction/ForceEntryMode",
        "is not a listed value",
    ),
    (
        "login-request-default",
        "Language=\"da\"",
        "Language=\"DA\"",
        "LoginRequest/@OperatorLanguage",
        "is not 2 small letters",
    ),
    (
        "login-request-default",
        "ProtocolVersion=\"3.1\" ",
        "",
        "MessageHeader/@ProtocolVersion",
        "is missing",
    ),
    (
        "display-request-cashier",
        "Time=\"2\"",
        "Time=\"1000\"",
        "DisplayRequest/DisplayOutput/@MinimumDisplayTime",
        "is not a whole number from 0 to 999",
    ),
    (
        "display-request-cashier",
        "Flag=\"true\"",
        "Flag=\"yes\"",
        "DisplayRequest/DisplayOutput/@ResponseRequiredFlag",
        "is not true or false",
    ),
    ("event-reject", "PFNh", "P!Nh", "EventNotification/RejectedMessage", "is not base64"),
    (
        "payment-request-gift-card",
        "ExpiryDate=\"1230\"",
        "ExpiryDate=\"12/30\"",
        "PaymentRequest/PaymentData/PaymentInstrumentData/CardData/SensitiveCardData/@ExpiryDate",
        "is not 4 digits",
    ),
    (
        "abort-request",
        "Category=\"Abort\"",
        "Category=\"Login\"",
        "MessageHeader/@MessageCategory",
        "does not name the body element",
    ),
];

#[test]
fn bounds_and_lists_are_checked() {
    for (name, from, to, field, what) in BREACHES {
        breach(name, from, to, field, what);
    }
    let prefixed = golden_message("payment-request-purchase").replace("\"Normal\"", "\"acme1:Special\"");
    assert_eq!(check(prefixed.as_bytes()), Ok(()));
    let broken = golden_message("abort-request").replacen("<AbortRequest>", "<LoginRequest>", 1);
    assert_eq!(check(broken.as_bytes()).unwrap_err().field, "document");
}

#[test]
fn amounts_we_write_are_valid() {
    for minor in [1, 99, 100, 24950, 9_999_999_999] {
        let text =
            AmountsReq::new("SEK", Amount::from_minor(minor, 2)).requested_amount.unwrap().to_string();
        let xml = golden_message("payment-request-purchase").replace("\"38\"", &format!("\"{text}\""));
        assert_eq!(check(xml.as_bytes()), Ok(()), "{text}");
    }
}
