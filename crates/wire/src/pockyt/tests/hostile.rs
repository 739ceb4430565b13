//! Properties: nothing makes the codec panic, nothing cut off is read, and what is written is read back.

use super::super::*;
use super::{TOKEN, who};
use proptest::prelude::*;

fn word() -> impl Strategy<Value = String> {
    "[A-Za-z0-9 &=%+åß中🍞\"\\\\-]{1,20}"
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(word())
}

fn money() -> impl Strategy<Value = Option<Decimal>> {
    proptest::option::of((0..10_000_000_000_i64).prop_map(|minor| Decimal::from_minor(minor, 2).unwrap()))
}

prop_compose! {
    fn record()(
        ids in (maybe(), maybe(), maybe(), maybe()),
        amounts in (money(), money(), money()),
        status in proptest::option::of(word().prop_map(|word| Status::of(&word))),
        links in (maybe(), maybe()),
        refunds in proptest::collection::vec((maybe(), money()), 0..3),
    ) -> Record {
        Record {
            transaction_no: ids.0, reference: ids.1, currency: ids.2, payment_time: ids.3,
            amount: amounts.0, refund_amount: amounts.1, void_amount: amounts.2, status,
            deep_link: links.0, vendor: links.1,
            refunds: refunds.into_iter().map(|(reference, amount)| RefundRecord {
                reference, amount, ..RefundRecord::default()
            }).collect(),
            ..Record::default()
        }
    }
}

prop_compose! {
    fn spelling()(flags in any::<[bool; 7]>()) -> Spelling {
        let [transaction, short_status, camel_message, trailing_blank, numeric_amounts, nulls, extra] = flags;
        let envelope = if transaction { Envelope::Transaction } else { Envelope::Result };
        Spelling { envelope, short_status, camel_message, trailing_blank, numeric_amounts, nulls, extra }
    }
}

fn request() -> impl Strategy<Value = Request> {
    let meant = prop_oneof![word().prop_map(Meant::TransactionNo), word().prop_map(Meant::Reference)];
    (0..7_usize, meant, word(), word(), word(), word(), maybe(), maybe()).prop_map(
        |(which, meant, amount, currency, vendor, name, timeout, other)| {
            let settle_currency = currency.clone();
            match which {
                0 => {
                    let (reference, ipn_url) = (name, other);
                    Request::Add(Add { amount, currency, settle_currency, reference, timeout, ipn_url })
                }
                1 => Request::Pay(Pay { meant, payment_barcode: name, vendor: Some(vendor) }),
                2 => Request::Prepay(Pay { meant, payment_barcode: name, vendor: None }),
                3 => Request::CreateCode(CreateCode {
                    amount,
                    currency,
                    settle_currency,
                    vendor,
                    reference: name.clone(),
                    ipn_url: name,
                    timeout,
                    description: other,
                }),
                4 => Request::Query(Query { meant }),
                5 => Request::Cancel(Cancel { meant }),
                _ => Request::Refund(Refund {
                    meant,
                    refund_amount: amount,
                    currency,
                    settle_currency,
                    refund_reference: name,
                }),
            }
        },
    )
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Reply::decode(&bytes, &Limits::REPLY);
        let _ = Notification::fields(&bytes).map(|fields| Notification::verified(&fields, TOKEN));
        for kind in [Encoding::Json, Encoding::Form] {
            let _ = Signed::decode(Endpoint::Pay.path(), kind.content_type(), &bytes);
        }
    }

    #[test]
    fn something_like_json_never_panics(text in "[\\[\\]{}:,\"\\\\a0-9.eE+-]{0,80}") {
        let _ = Reply::decode(text.as_bytes(), &Limits::REPLY);
        let _ = Decimal::parse(&text);
    }

    #[test]
    fn a_reply_is_read_back_in_every_spelling(record in record(), spelling in spelling(), words in word()) {
        let message = words.trim().to_owned();
        let reply = Reply { code: Some(Code::Accepted), message, result: Some(record) };
        let text = reply.encode(&spelling);
        prop_assert_eq!(Reply::decode(text.as_bytes(), &Limits::REPLY), Ok(reply), "{}", text);
        for end in 0..text.len() {
            prop_assert!(Reply::decode(&text.as_bytes()[..end], &Limits::REPLY).is_err());
        }
    }

    #[test]
    fn a_request_is_read_back_and_nothing_cut_off_verifies(request in request()) {
        for encoding in [Encoding::Json, Encoding::Form] {
            let encoded = request.encode(&who(), encoding);
            let read = |bytes: &[u8]| Signed::decode(encoded.path, encoded.content_type, bytes);
            let signed = read(encoded.body.as_bytes()).unwrap();
            prop_assert!(verify(&signed.fields, TOKEN));
            prop_assert_eq!(Request::read(signed.endpoint, &signed.fields), Ok(request.clone()));
            for end in 0..encoded.body.len() {
                let cut = read(&encoded.body.as_bytes()[..end]);
                prop_assert!(!cut.is_ok_and(|signed| verify(&signed.fields, TOKEN)));
            }
        }
    }

    #[test]
    fn decimals_are_read_back(minor in 0..i64::MAX / 1_000, decimals in 0..4_u8) {
        let amount = Decimal::from_minor(minor, decimals).unwrap();
        prop_assert_eq!(Decimal::parse(&amount.to_string()), Some(amount));
        prop_assert_eq!(Decimal::parse(&amount.shortest()), Some(amount));
        prop_assert_eq!(amount.minor(decimals), Some(minor));
    }
}
