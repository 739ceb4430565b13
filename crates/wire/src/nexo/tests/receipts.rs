//! Receipts: ready-made lines, composed lines, and everything that can be wrong with one.

use serde_json::{Value, json};

use super::super::receipt::{Copy, Receipt, ReceiptDocument, decode, with_signature_lines};
use super::super::scalar::encode_base64;
use super::super::{Body, DocumentQualifier, OutputContent};
use super::golden_message;

fn content(json: &Value) -> OutputContent {
    OutputContent::lines([encode_base64(json.to_string().as_bytes())])
}

fn readable(receipt: Receipt) -> ReceiptDocument {
    match receipt {
        Receipt::Readable(document) => *document,
        Receipt::Unreadable { raw } => panic!("unreadable: {raw}"),
    }
}

fn customer(json: &Value) -> ReceiptDocument {
    readable(decode(&DocumentQualifier::CustomerReceipt, &content(json), &[]))
}

/// All fields of a contactless purchase.
fn fields() -> Value {
    json!({
        "Acquirer": {"CardAcceptorNumber": "40040004", "TerminalID": "777003"},
        "CardAcceptor": {"Name": "Hamnkiosken", "Address1": "Kajen 3", "PostZipCode": "41104",
            "TownCity": "Göteborg", "OrganisationNumber": "556000-0001", "BankAgentName": "Exempelbank"},
        "CardDetails": {"ApplicationIdentifier": "A0000001211010",
            "CardSchemeName": {"ApplicationLabel": "Dankort"}, "PrimaryAccountNumber": "************0019",
            "TerminalVerificationResult": "0000008001", "TransactionStatusInformation": "0000"},
        "Outcome": {"ApprovalCode": "334455", "AuthorisationResponder": "3",
            "AuthorisationResponseCode": "00", "DebitStatus": "00"},
        "Payment": {"AuthorisationChannel": "1", "CardholderVerificationMethod": "/", "Currency": "SEK",
            "FinancialInstitution": "SWE", "PaymentAmount": "38,00", "ReceiptNumber": "7770030012",
            "SignatureBlock": false, "TotalAmount": "38,00", "TransactionSource": "K",
            "TransactionType": "00"},
        "TimeStamp": {"DateOfPayment": "2026-02-11", "TimeOfPayment": "10:00"}
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut mandatory = fields();
    *mandatory.pointer_mut(path).unwrap() = value;
    json!({"Cardholder": {"Mandatory": mandatory}})
}

#[test]
fn ready_made_lines_are_printed_as_they_are() {
    let message = super::read(golden_message("payment-response-approved").as_bytes()).unwrap();
    let Body::PaymentResponse(payment) = message.body else { panic!() };
    let documents: Vec<ReceiptDocument> =
        payment.payment_receipts.iter().map(|receipt| readable(receipt.decode(&[]))).collect();
    let [customer, merchant] = documents.as_slice() else { panic!("{documents:?}") };
    assert_eq!(customer.copy, Copy::Customer);
    assert_eq!(customer.lines.len(), 8);
    assert_eq!(customer.lines[2], "2100 København Ø");
    assert_eq!(customer.lines[3], "");
    assert!(!customer.signature_block);
    assert_eq!(customer.fields.reference.as_deref(), Some("202602110001"));
    assert_eq!(customer.fields.response_code.as_deref(), Some("00"));
    assert_eq!(merchant.copy, Copy::Merchant);
    assert_eq!(merchant.lines[4], "457199******0019");
    assert!(merchant.signature_block);
}

#[test]
fn without_lines_a_receipt_is_composed_in_the_order_of_the_dossier() {
    let document = customer(&json!({"Cardholder": {"Mandatory": fields()}}));
    insta::assert_snapshot!(document.lines.join("\n"), @r"
    Hamnkiosken
    Kajen 3
    41104 Göteborg
    Org nr: 556000-0001
    MID/TID: 40040004/777003
    2026-02-11 10:00

    KÖP: 38,00 SEK

    ************0019
    Dankort
    Kontaktlös
    K/1 3 00 SWE
    Ref.nr: 7770030012
    AID: A0000001211010
    TVR: 0000008001
    TSI: 0000

    Godkänd

    Kortinnehavarens kvitto
    ");
}

#[test]
fn the_kind_of_transaction_is_told() {
    let has = |json: &Value, line: &str| {
        let lines = customer(json).lines;
        assert!(lines.iter().any(|found| found == line), "{line} is not in {lines:?}");
    };
    has(&with("/Payment/TransactionType", json!("20")), "RETUR: 38,00 SEK");
    has(&with("/Payment/TransactionType", json!("77")), "Transaktion 77: 38,00 SEK");
    has(&with("/Outcome/DebitStatus", json!("91")), "Makulering");
    has(&with("/Payment/CardholderVerificationMethod", json!("a")), "Personlig kod");
    has(&with("/Payment/TransactionSource", json!("C")), "Chip");
    has(&with("/Outcome/ApprovalCode", Value::Null), "Avbruten/Nekad");
    has(&with("/Outcome/AuthorisationResponseCode", json!("05")), "Avbruten/Nekad");
    has(&with("/Outcome/AuthorisationResponseCode", json!("Y1")), "Godkänd");
    let reversed = customer(&with("/Outcome/DebitStatus", json!("91"))).lines;
    assert!(!reversed.iter().any(|line| line == "Godkänd"), "{reversed:?}");
}

#[test]
fn missing_fields_leave_no_trace() {
    let document = customer(&json!({"Cardholder": {}}));
    assert_eq!(document.lines, Vec::<String>::new());
    let few = json!({"Cardholder": {"Mandatory": {"Payment": {"TotalAmount": "5,00"}, "Outcome": {}}}});
    assert_eq!(customer(&few).lines, ["5,00", "", "Kortinnehavarens kvitto"]);
    let mandatory = json!({"Acquirer": {"TerminalID": "1"}, "Outcome": {"DebitStatus": "91"}});
    let half = json!({"Merchant": {"Mandatory": mandatory}});
    let merchant = readable(decode(&DocumentQualifier::CashierReceipt, &content(&half), &[]));
    assert_eq!(merchant.lines, ["TID: 1", "", "Makulering", "", "Försäljarens kvitto"]);
}

#[test]
fn values_of_the_wrong_type_are_tolerated() {
    let odd = json!({"Cardholder": {"Mandatory": {"Payment": {"ReceiptNumber": 5550010042_u64,
        "SignatureBlock": "true", "TotalAmount": ["1"], "Currency": null}, "Outcome": "none"}}});
    let document = customer(&odd);
    assert!(document.signature_block);
    assert_eq!(document.fields.receipt_number.as_deref(), Some("5550010042"));
    assert_eq!(document.fields.total_amount, None);
    assert_eq!(document.lines, ["Ref.nr: 5550010042", "", "Kortinnehavarens kvitto"]);
}

#[test]
fn alternative_methods_have_lines_wherever_they_stand() {
    let swish =
        json!({"AlternativePayment": {"Texts": {"ReceiptString": ["Swish", "BETALNING GENOMFÖRD", 7]}}});
    assert_eq!(customer(&swish).lines, ["Swish", "BETALNING GENOMFÖRD", "7"]);
    let text = json!({"Cardholder": {"Optional": {"ReceiptString": "one\r\ntwo"}}});
    assert_eq!(customer(&text).lines, ["one", "two"]);
}

#[test]
fn content_may_be_split_wrapped_or_latin() {
    let json = json!({"Cardholder": {"Optional": {"ReceiptString": ["Kvitto från Hörnet"]}}}).to_string();
    let expected = ["Kvitto från Hörnet"];
    let base64 = encode_base64(json.as_bytes());
    let (head, tail) = base64.split_at(20);
    let split = OutputContent::lines([head, tail]);
    assert_eq!(readable(decode(&DocumentQualifier::CustomerReceipt, &split, &[])).lines, expected);
    let wrapped = OutputContent::lines([format!("\n  {head}\r\n{tail} ")]);
    assert_eq!(readable(decode(&DocumentQualifier::CustomerReceipt, &wrapped, &[])).lines, expected);
    let latin: Vec<u8> = json.chars().map(|c| c as u8).collect();
    let latin = OutputContent::lines([encode_base64(&latin)]);
    assert_eq!(readable(decode(&DocumentQualifier::CustomerReceipt, &latin, &[])).lines, expected);
    let twice = OutputContent::lines([base64.clone(), base64]);
    assert_eq!(readable(decode(&DocumentQualifier::CustomerReceipt, &twice, &[])).lines, expected);
}

#[test]
fn the_unreadable_is_kept_masked_and_harms_nobody() {
    let cases = [
        ("no base64 at all 5413330000000019".to_owned(), "no base64 at all ************0019"),
        (encode_base64(b"card 5413330000000019"), "card ************0019"),
        (encode_base64(b"{\"Cardholder\":"), "{\"Cardholder\":"),
        (encode_base64(b"[1]"), "[1]"),
        (encode_base64(b"{\"Other\":{}}"), "{\"Other\":{}}"),
    ];
    for (text, expected) in cases {
        let receipt = decode(&DocumentQualifier::CustomerReceipt, &OutputContent::lines([text]), &[]);
        assert_eq!(receipt, Receipt::Unreadable { raw: expected.to_owned() });
    }
    let empty = OutputContent::texts(Vec::new());
    let receipt = decode(&DocumentQualifier::CashierReceipt, &empty, &[]);
    assert_eq!(receipt, Receipt::Unreadable { raw: String::new() });
}

#[test]
fn other_documents_are_text_or_receipts_by_their_root() {
    let lines = OutputContent::lines(["Journal", "", "two\nlines 5413330000000019"]);
    let document = readable(decode(&DocumentQualifier::Journal, &lines, &[]));
    assert_eq!(document.lines, ["Journal", "", "two", "lines 541333******0019"]);
    assert_eq!((document.copy, document.json), (Copy::Other, None));
    let merchant = json!({"Merchant": {"Mandatory": fields()}});
    let document = readable(decode(&DocumentQualifier::from("acme:Slip"), &content(&merchant), &[]));
    assert_eq!(document.copy, Copy::Merchant);
    assert_eq!(document.lines.last().map(String::as_str), Some("Försäljarens kvitto"));
}

#[test]
fn card_numbers_are_masked_and_references_are_not() {
    // The reference passes the check of card numbers on purpose.
    let number = "5413330000000019";
    let reference = "4222222222222";
    let mut mandatory = fields();
    mandatory["CardDetails"]["PrimaryAccountNumber"] = json!(number);
    let optional = json!({"Payment": {"Reference": reference},
        "ReceiptString":
            [number, format!("Ref {reference}"), "RRN 4000000000000002", "AID: A0000001211010"]});
    let json = json!({"Merchant": {"Mandatory": mandatory, "Optional": optional}});
    let receipt = decode(&DocumentQualifier::CashierReceipt, &content(&json), &["4000000000000002"]);
    let document = readable(receipt);
    let expected = ["541333******0019", "Ref 4222222222222", "RRN 4000000000000002", "AID: A0000001211010"];
    assert_eq!(document.lines, expected);
    assert_eq!(document.fields.card_number.as_deref(), Some("541333******0019"));
    let kept = document.json.unwrap();
    assert!(!kept.contains(number) && kept.contains(reference), "{kept}");
    let customer = decode(&DocumentQualifier::CustomerReceipt, &content(&json), &[]);
    assert_eq!(readable(customer).lines[0], "************0019");
}

#[test]
fn signature_lines_stand_before_the_name_of_the_copy() {
    let lines = ["KÖP", "Försäljarens kvitto"].map(str::to_owned);
    let signed = with_signature_lines(&lines);
    assert_eq!(signed.first().map(String::as_str), Some("KÖP"));
    assert_eq!(signed.last().map(String::as_str), Some("Försäljarens kvitto"));
    assert!(signed.contains(&"Underskrift".to_owned()));
    assert!(signed.iter().all(|line| line.chars().count() <= 24));
    let unnamed = with_signature_lines(&["KÖP".to_owned()]);
    assert_eq!(unnamed.len(), 9);
    assert_eq!(with_signature_lines(&[]).len(), 8);
}
