//! The worked vectors of dossier section 3.2, as signatures and as whole requests.

use super::super::*;
use super::{TOKEN, fields, who};

const ROWS: &[(&str, &str)] = &[
    (
        "amount=18.50&currency=USD&merchantNo=900001&reference=T07-000123-1&settleCurrency=USD\
         &storeNo=800002&timeout=10",
        "0a2284765b71ac1255b500c396226e41",
    ),
    (
        "merchantNo=900001&paymentBarcode=281234567890123456&storeNo=800002\
         &transactionNo=400000000000000123&vendor=alipay",
        "02abea08c7ebc4d3c7c69f607ee24fbb",
    ),
    (
        "amount=7.00&currency=USD&ipnUrl=https://till.example/ipn?a=1&b=2&merchantNo=900001\
         &needQrcode=true&reference=T07-000124-1&settleCurrency=USD&storeNo=800002&timeout=5\
         &vendor=wechatpay",
        "7a8fb4a06e2a99c86ddd7943bc9fb063",
    ),
    ("merchantNo=900001&reference=T07-000123-1&storeNo=800002", "91d88772bf9e62ca6f3d057e1e6c3e1d"),
    (
        "amount=18.50&currency=USD&note=Kopi O & roti&reference=T07-000123-1&settleCurrency=USD\
         &status=success&time=20260314093015&transactionNo=400000000000000123\
         &vendorId=2026031422001412345678901234",
        "376a44cf1f32e6ac0d142537f8465070",
    ),
];

#[test]
fn every_worked_vector_reproduces() {
    assert_eq!(digest(TOKEN), "bb2e80849ff259a24e47d73d08098669");
    for (text, signature) in ROWS {
        let mut fields = fields(text);
        assert_eq!(sign(&fields, TOKEN), *signature, "{text}");
        assert_eq!(sign(&fields, " till-demo-token-0001\n"), *signature, "the token is trimmed");
        fields.insert(VERIFY_SIGN.to_owned(), signature.to_ascii_uppercase());
        assert!(verify(&fields, TOKEN));
        fields.insert("amount".to_owned(), "99.00".to_owned());
        assert!(!verify(&fields, TOKEN));
    }
}

#[test]
fn requests_are_those_of_the_vectors_in_both_encodings() {
    let meant = Meant::TransactionNo("400000000000000123".to_owned());
    let text = |text: &str| text.to_owned();
    let requests = [
        Request::Add(Add {
            amount: text("18.50"),
            currency: text("USD"),
            settle_currency: text("USD"),
            reference: text("T07-000123-1"),
            timeout: Some(text("10")),
            ipn_url: None,
        }),
        Request::Pay(Pay {
            meant,
            payment_barcode: text("281234567890123456"),
            vendor: Some(text("alipay")),
        }),
        Request::CreateCode(CreateCode {
            amount: text("7.00"),
            currency: text("USD"),
            settle_currency: text("USD"),
            vendor: text("wechatpay"),
            reference: text("T07-000124-1"),
            ipn_url: text("https://till.example/ipn?a=1&b=2"),
            timeout: Some(text("5")),
            description: None,
        }),
        Request::Query(Query { meant: Meant::Reference(text("T07-000123-1")) }),
    ];
    for (request, (_, signature)) in requests.iter().zip(ROWS) {
        for encoding in [Encoding::Json, Encoding::Form] {
            let encoded = request.encode(&who(), encoding);
            let signed =
                Signed::decode(encoded.path, encoded.content_type, encoded.body.as_bytes()).unwrap();
            assert_eq!(signed.fields[VERIFY_SIGN], *signature);
            assert!(verify(&signed.fields, TOKEN));
            assert_eq!(signed.endpoint, request.endpoint());
            assert_eq!(Request::read(signed.endpoint, &signed.fields).as_ref(), Ok(request));
        }
    }
}

#[test]
fn a_value_with_signs_goes_into_the_signature_raw_and_is_encoded_afterwards() {
    let create = fields(ROWS[2].0);
    let body = form::encode(&create);
    assert!(body.contains("ipnUrl=https%3A%2F%2Ftill.example%2Fipn%3Fa%3D1%26b%3D2"), "{body}");
    assert_eq!(form::decode(body.as_bytes(), &Limits::LISTENER), Ok(create));
}

#[test]
fn the_notification_of_the_dossier_is_verified() {
    let body = "amount=18.50&currency=USD&note=Kopi+O+%26+roti&reference=T07-000123-1&settleCurrency=USD\
                &status=success&time=20260314093015&transactionNo=400000000000000123\
                &vendorId=2026031422001412345678901234&verifySign=376a44cf1f32e6ac0d142537f8465070";
    let told = Notification::fields(body.as_bytes()).unwrap();
    let notification = Notification::verified(&told, TOKEN).unwrap();
    assert_eq!(notification.reference.as_deref(), Some("T07-000123-1"));
    assert_eq!(notification.status, Some(Status::Success));
    assert_eq!(notification.amount.and_then(|amount| amount.minor(2)), Some(1850));
    let unsigned = told.into_iter().filter(|(name, _)| name != VERIFY_SIGN).collect();
    assert_eq!(Notification::body(&unsigned, TOKEN), body);
    assert_eq!(Notification::verified(&unsigned, TOKEN), None);
}

#[test]
fn fields_without_a_value_may_be_in_the_signature_or_not() {
    let mut told = fields("amount=18.50&reference=T07-000123-1");
    told.insert("note".to_owned(), String::new());
    let token = digest(TOKEN);
    for text in ["amount=18.50&reference=T07-000123-1", "amount=18.50&note=&reference=T07-000123-1"] {
        told.insert(VERIFY_SIGN.to_owned(), digest(&format!("{text}&{token}")));
        assert!(Notification::verified(&told, TOKEN).is_some(), "{text}");
    }
    // A field more than was signed is not believed, whatever it is called.
    told.insert("zz".to_owned(), "1".to_owned());
    assert_eq!(Notification::verified(&told, TOKEN), None);
}

#[test]
fn nothing_secret_is_printed() {
    let barcode = "281234567890123456";
    let pay = Request::Pay(Pay {
        meant: Meant::Reference("R".to_owned()),
        payment_barcode: barcode.to_owned(),
        vendor: None,
    });
    let encoded = pay.encode(&who(), Encoding::Json);
    assert!(encoded.body.contains(barcode));
    let printed = format!("{pay:?} {encoded:?} {:?}", who());
    assert!(!printed.contains(barcode) && !printed.contains(TOKEN), "{printed}");
}
