//! The Kayaaku host is as strict as the dossier lets a real one be, in both generations; and the knobs for
//! what no page promises.
#![allow(clippy::unwrap_used, clippy::panic)] // tests say what they expect

use simulator::bank::Bank;
use simulator::clock::clock_from;
use simulator::kayaaku::{HOST_KEYS, KayaakuHost, Settings, TILL_KEYS};
use simulator::nexo::{WireReply, WireRequest};
use wire::kayaaku::jwe::Fresh;
use wire::kayaaku::keys::{EcPrivate, EcPublic, Reader, Recipient, RsaPrivate, RsaPublic};
use wire::kayaaku::plain::{self, Call, Enquiry, Message, Payment, Refund, Reply, Request, Void};
use wire::kayaaku::sealed::{self, Caller, Submit, Told};
use wire::kayaaku::{Limits, assumed, envelope, percent_decoded};

struct Till {
    host: KayaakuHost,
    count: std::cell::Cell<u32>,
}

fn till(settings: Settings) -> Till {
    let clock = clock_from("2026-03-14T01:30:00Z".parse().unwrap());
    let host = KayaakuHost::new(settings, Bank::new(), clock).unwrap();
    Till { host, count: std::cell::Cell::new(0) }
}

fn of(text: &str) -> String {
    text.to_owned()
}

fn payment(id: &str, method: &str, mid: &str) -> Request {
    Request::Payment(Payment {
        method: of(method),
        email: of("till@example.my"),
        device: of("KP0001"),
        version: of("1"),
        id: of(id),
        local_time: of("20260314093000"),
        amount: of("1000"),
        currency: of("458"),
        mid: Some(of(mid)),
        ..Payment::default()
    })
}

fn enquiry(id: &str) -> Request {
    Request::Enquiry(Enquiry { email: String::new(), id: of(id) })
}

fn void(id: &str, htr: &str, mid: &str) -> Request {
    Request::Void(Void {
        id: of(id),
        mid: of(mid),
        local_time: of("20260314093000"),
        original_htr: of(htr),
        description: None,
    })
}

fn refund(original: &str, htr: &str, mid: &str) -> Request {
    Request::Refund(Refund {
        id: of("r1"),
        mid: of(mid),
        local_time: of("20260314093000"),
        amount: of("400"),
        currency: of("458"),
        original_id: of(original),
        original_htr: of(htr),
        description: None,
    })
}

fn signed(members: &[(&str, String)]) -> String {
    plain::signed("tst", members, &RsaPrivate::from_pem(TILL_KEYS.rsa).unwrap()).unwrap()
}

impl Till {
    fn next(&self) -> String {
        self.count.set(self.count.get() + 1);
        self.count.get().to_string()
    }

    async fn raw(&self, call: Call, body: String) -> Reply {
        let request = WireRequest {
            method: of("POST"),
            path: format!("/mqpos-host{}", call.path()),
            content_type: Some(of("application/json")),
            headers: Vec::new(),
            body: body.into_bytes(),
        };
        let WireReply::Answer { status: 200, body, .. } = self.host.exchange(request).await else {
            panic!()
        };
        let key = RsaPublic::from_pem(HOST_KEYS.rsa_public).unwrap();
        Reply::read(&Message::decode(&body, None, Some(&key), &Limits::REPLY).unwrap()).unwrap()
    }

    async fn ask(&self, request: &Request) -> Reply {
        self.raw(request.call(), signed(&request.members("tst", &self.next()))).await
    }

    async fn code(&self, request: &Request) -> String {
        self.ask(request).await.response.unwrap().to_string()
    }

    /// A message of generation 2 and its reply; `None`: it was not taken at all.
    async fn sealed(
        &self,
        path: &str,
        kind: &str,
        plain: &str,
        is_encoded: bool,
    ) -> Option<(String, Told)> {
        let to = Recipient::from_jwk(HOST_KEYS.reader).unwrap();
        let (by, fresh) = (EcPrivate::from_pem(TILL_KEYS.ec).unwrap(), Fresh::of(&[3; 40]));
        let made = envelope::seal(kind, plain.as_bytes(), &to, assumed::SEALED_WITH, &by, &fresh).unwrap();
        let signature = if is_encoded { made.signature } else { percent_decoded(&made.signature).unwrap() };
        let request = WireRequest {
            method: of("POST"),
            path: format!("/mqpos-host{path}"),
            content_type: Some(of(assumed::SEALED_CONTENT)),
            headers: vec![(of("sourceSystem"), of("tst")), (of("Signature"), signature)],
            body: made.body.into_bytes(),
        };
        let WireReply::Answer { status: 200, headers, body, .. } = self.host.exchange(request).await else {
            return None;
        };
        let signature = headers.iter().find(|(name, _)| name == "Signature").map(|(_, it)| it.as_str());
        let (from, reader) = (EcPublic::from_pem(HOST_KEYS.ec_public), Reader::from_jwk(TILL_KEYS.reader));
        let opened =
            envelope::open(&body, signature, &from.unwrap(), &reader.unwrap(), &Limits::REPLY).unwrap();
        let message = sealed::Message::decode(&opened.plain, &Limits::REPLY).unwrap();
        Some((opened.kind, Told::read(&message).unwrap()))
    }

    async fn submits(&self, plain: &str) -> String {
        let (kind, told) = self.sealed("/api/submit", "0011", plain, true).await.unwrap();
        assert_eq!(kind, "0012");
        told.result.unwrap().to_string()
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_not_written_as_it_is_signed_is_refused() {
    let till = till(Settings::default());
    let members = |sequence: &str| payment("1", "01", "7").members("tst", sequence);
    let mut swapped = members("1");
    swapped.swap(1, 2);
    let mut more = members("2");
    more.insert(3, ("Novelty", of("1")));
    let bare = {
        let good = signed(&members("3"));
        let (start, signature) = good.split_once(r#""signedMessage":""#).unwrap();
        let signature = percent_decoded(signature.strip_suffix("\"}").unwrap()).unwrap();
        format!(r#"{start}"signedMessage":"{signature}"}}"#)
    };
    let spaced = signed(&members("4")).replacen("\":\"", "\": \"", 1);
    for (name, body) in
        [("order", signed(&swapped)), ("member", signed(&more)), ("bare", bare), ("blank", spaced)]
    {
        let code = till.raw(Call::Payment, body).await.response.unwrap().to_string();
        assert_eq!(code, "90", "{name}");
    }
    assert_eq!(till.raw(Call::Payment, signed(&members("5"))).await.response.unwrap().to_string(), "00");
}

#[tokio::test(start_paused = true)]
async fn fields_that_may_be_one_word_are_that_word() {
    let till = till(Settings::default());
    for (name, value, code) in [
        ("MsgVer", "2", "02"),
        ("CallerDeviceType", "05", "64"),
        ("LocalTxnDTTime", "20261340093000", "25"),
        ("PmtType", "02", "21"),
        ("OptInPmtAckmnt", "maybe", "64"),
        ("OptInPmtAckmnt", "X", "64"),
    ] {
        let Request::Payment(full) = payment("1", "01", "7") else { panic!() };
        let full = Request::Payment(Payment { acknowledgement: Some(true), ..full });
        let mut members = full.members("tst", &till.next());
        members.iter_mut().filter(|(known, _)| *known == name).for_each(|(_, it)| *it = of(value));
        let found = till.raw(Call::Payment, signed(&members)).await.response.unwrap();
        assert_eq!(found.to_string(), code, "{name} {value}");
    }
    let plain = |number: &str| {
        let caller = Caller { version: of("1"), mid: of("7"), seller: None };
        let (sequence, mrn, method) = (of(number), of("1"), of("01"));
        let (time, amount, currency) = (of("20260314093000"), of("1000"), of("458"));
        let submit = Submit { caller, sequence, mrn, method, time, amount, currency, ..Submit::default() };
        submit.plain()
    };
    for (number, (from, to, code)) in [
        (r#""msgVer":"1.0""#, r#""msgVer":"1.1""#, "02"),
        (r#""billerType":"PS""#, r#""billerType":"XX""#, "64"),
        (r#""callerDeviceType":"02""#, r#""callerDeviceType":"04""#, "64"),
        (r#""requiredPayment":"Y""#, r#""requiredPayment":"N""#, "64"),
        (r#""paymentType":"STX""#, r#""paymentType":"VOD""#, "64"),
        (r#""isInvoiceReq":"N""#, r#""isInvoiceReq":"Y""#, "64"),
        ("", "", "00"),
    ]
    .into_iter()
    .enumerate()
    {
        let plain = plain(&number.to_string());
        assert!(plain.contains(from), "{plain}");
        assert_eq!(till.submits(&plain.replacen(from, to, 1)).await, code, "{to}");
    }
    let (_, told) = till.sealed("/api/submit", "0011", &plain("99"), false).await.unwrap();
    assert_eq!(told.result.unwrap().as_str(), "90", "a signature that is not percent-encoded");
}

#[tokio::test(start_paused = true)]
async fn another_merchants_payment_is_none() {
    let till = till(Settings::default());
    let card = till.ask(&payment("c", "01", "7")).await.htr.unwrap();
    let wallet = till.ask(&payment("w", "04", "7")).await.htr.unwrap();
    assert_eq!(till.code(&void("c", &card, "8")).await, "49");
    assert_eq!(till.code(&refund("w", &wallet, "8")).await, "49");
    let enquire = async |mid: &str| {
        let caller = Caller { version: of("1"), mid: of(mid), seller: None };
        let plain = sealed::Enquiry { caller, sequence: till.next(), mrn: of("c") }.plain();
        let (_, told) = till.sealed("/api/paymentInquiry", "0013", &plain, true).await.unwrap();
        told.result.unwrap().to_string()
    };
    assert_eq!((enquire("8").await, enquire("7").await), (of("49"), of("00")));
    assert_eq!(till.code(&refund("w", &wallet, "7")).await, "00");
    assert_eq!(till.code(&void("c", &card, "7")).await, "00");
}

#[tokio::test(start_paused = true)]
async fn knobs_take_from_enquiries_what_no_page_promises() {
    let bare = till(Settings { bare_enquiries: true, repeats_amount: false, ..Settings::default() });
    assert!(bare.ask(&payment("c", "01", "7")).await.htr.is_some(), "the payment's own answer has it");
    let told = bare.ask(&enquiry("c")).await;
    assert_eq!(told.response.unwrap().to_string(), "00");
    assert_eq!((told.htr, told.method, told.approval, told.masked_pan, told.amount), Default::default());
    for (voids_hidden, code) in [(true, "00"), (false, "50")] {
        let till = till(Settings { voids_hidden, ..Settings::default() });
        let card = till.ask(&payment("c", "01", "7")).await.htr.unwrap();
        assert_eq!(till.code(&void("c", &card, "7")).await, "00");
        assert_eq!(till.code(&enquiry("c")).await, code);
        assert_eq!(till.code(&void("c", &card, "7")).await, "50", "it is done once all the same");
    }
}

#[tokio::test(start_paused = true)]
async fn the_type_of_enquiries_is_a_knob() {
    let plain = |till: &Till| {
        let caller = Caller { version: of("1"), mid: of("7"), seller: None };
        sealed::Enquiry { caller, sequence: till.next(), mrn: of("c") }.plain()
    };
    let other = till(Settings { enquiry_mti: of("0015"), ..Settings::default() });
    let (kind, told) = other.sealed("/api/paymentInquiry", "0015", &plain(&other), true).await.unwrap();
    assert_eq!((kind.as_str(), told.result.unwrap().as_str()), ("0016", "49"));
    assert!(other.sealed("/api/paymentInquiry", "0013", &plain(&other), true).await.is_none());
    let clock = clock_from("2026-03-14T01:30:00Z".parse().unwrap());
    let even = Settings { enquiry_mti: of("0014"), ..Settings::default() };
    assert!(KayaakuHost::new(even, Bank::new(), clock).is_none());
}
