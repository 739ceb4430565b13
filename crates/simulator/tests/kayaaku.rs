//! The Kayaaku host over its own exchange: what it refuses, and what its amounts do.
#![allow(clippy::unwrap_used, clippy::panic)] // tests say what they expect

use simulator::bank::Bank;
use simulator::clock::clock_from;
use simulator::kayaaku::{HOST_KEYS, KayaakuHost, Settings, TILL_KEYS};
use simulator::nexo::{WireReply, WireRequest};
use wire::kayaaku::keys::{RsaPrivate, RsaPublic};
use wire::kayaaku::plain::{self, Call, Enquiry, Message, Payment, Refund, Reply, Request, Void};
use wire::kayaaku::{Code, Limits};

struct Till {
    host: KayaakuHost,
    bank: Bank,
    count: std::cell::Cell<u32>,
}

fn till() -> Till {
    let (bank, clock) = (Bank::new(), clock_from("2026-03-14T01:30:00Z".parse().unwrap()));
    let host = KayaakuHost::new(Settings::default(), bank.clone(), clock).unwrap();
    Till { host, bank, count: std::cell::Cell::new(0) }
}

fn payment(id: &str, minor: u32, method: &str) -> Request {
    Request::Payment(Payment {
        method: method.to_owned(),
        email: "till@example.my".to_owned(),
        device: "KP0001".to_owned(),
        version: "1".to_owned(),
        id: id.to_owned(),
        local_time: "20260314093000".to_owned(),
        amount: minor.to_string(),
        currency: "458".to_owned(),
        ..Payment::default()
    })
}

fn enquiry(id: &str) -> Request {
    Request::Enquiry(Enquiry { email: String::new(), id: id.to_owned() })
}

impl Till {
    async fn raw(&self, call: Call, body: String) -> WireReply {
        let request = WireRequest {
            method: "POST".to_owned(),
            path: format!("/fnx-fintech/sandbox/mqpos-host{}", call.path()),
            content_type: Some("application/json".to_owned()),
            headers: Vec::new(),
            body: body.into_bytes(),
        };
        self.host.exchange(request).await
    }

    fn next(&self) -> String {
        self.count.set(self.count.get() + 1);
        self.count.get().to_string()
    }

    async fn with(&self, request: &Request, sequence: &str) -> Option<Reply> {
        let members = request.members("tst", sequence);
        let body = plain::signed("tst", &members, &RsaPrivate::from_pem(TILL_KEYS.rsa).unwrap()).unwrap();
        let WireReply::Answer { status: 200, body, .. } = self.raw(request.call(), body).await else {
            return None;
        };
        let key = RsaPublic::from_pem(HOST_KEYS.rsa_public).unwrap();
        let message = Message::decode(&body, None, Some(&key), &Limits::REPLY).ok()?;
        Reply::read(&message).ok()
    }

    async fn ask(&self, request: &Request) -> Option<Reply> {
        let sequence = self.next();
        self.with(request, &sequence).await
    }

    async fn code(&self, request: &Request) -> String {
        self.ask(request).await.unwrap().code(request.call()).unwrap().to_string()
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_is_told_in_order() {
    let till = till();
    let unsigned = r#"{"TxnID":"1","sourceSystem":"tst","sequenceNo":"1"}"#.to_owned();
    let WireReply::Answer { body, .. } = till.raw(Call::Payment, unsigned).await else { panic!() };
    assert!(String::from_utf8(body).unwrap().contains(r#""RespCd":"90""#));
    let Request::Payment(good) = payment("1", 1_000, "01") else { panic!() };
    let rows = [
        (Payment { email: String::new(), ..good.clone() }, "64"),
        (Payment { device: "x".repeat(21), ..good.clone() }, "64"),
        (Payment { currency: "702".to_owned(), ..good.clone() }, "34"),
        (Payment { amount: "0".to_owned(), ..good.clone() }, "22"),
        (Payment { amount: "1.50".to_owned(), ..good.clone() }, "22"),
        (Payment { local_time: "now".to_owned(), ..good.clone() }, "25"),
        (Payment { method: "07".to_owned(), ..good.clone() }, "21"),
        (good, "00"),
    ];
    for (payment, code) in rows {
        assert_eq!(till.code(&Request::Payment(payment)).await, code);
    }
    assert_eq!(till.code(&payment("1", 1_000, "01")).await, "78");
    assert_eq!(till.with(&enquiry("1"), "8").await.unwrap().response, Some(Code::of("64")), "used today");
    assert_eq!(till.bank.balance("MYR"), 1_000);
    assert_eq!(till.host.complaints().len(), 9);
}

#[tokio::test(start_paused = true)]
async fn amounts_choose() {
    let till = till();
    let rows = [
        (1_050, "51", 0),
        (1_051, "KA004", 0),
        (1_052, "KA005", 0),
        (1_053, "KA020", 0),
        (1_054, "77", 0),
        (1_055, "KA025", 0),
        (1_058, "78", 0),
        (1_059, "KA023", 1_059),
        (1_056, "63", 1_056),
        (1_039, "00", 1_039),
    ];
    let mut balance = 0;
    for (minor, code, moved) in rows {
        let id = minor.to_string();
        assert_eq!(till.code(&payment(&id, minor, "01")).await, code, "{minor}");
        balance += moved;
        assert_eq!(till.bank.balance("MYR"), balance, "{minor}");
    }
    for expected in ["63", "63", "63", "00"] {
        assert_eq!(till.code(&enquiry("1056")).await, expected);
    }
    for (minor, moved) in [(1_042, 1_042), (1_043, 0), (1_060, 1_060), (1_063, 1_063)] {
        assert!(till.ask(&payment(&minor.to_string(), minor, "01")).await.is_none(), "{minor}");
        balance += moved;
        assert_eq!(till.bank.balance("MYR"), balance, "{minor}");
    }
    assert_eq!(till.code(&enquiry("1043")).await, "49");
}

#[tokio::test(start_paused = true)]
async fn cards_are_voided_and_wallets_refunded() {
    let till = till();
    let paid =
        async |id: &str, method: &str| till.ask(&payment(id, 2_000, method)).await.unwrap().htr.unwrap();
    let (card, wallet) = (paid("c", "01").await, paid("w", "04").await);
    let void = |id: &str, htr: &str| {
        Request::Void(Void {
            id: id.to_owned(),
            mid: "1".to_owned(),
            local_time: "20260314093000".to_owned(),
            original_htr: htr.to_owned(),
            description: None,
        })
    };
    let refund = |id: &str, original: &str, htr: &str, minor: u32| {
        Request::Refund(Refund {
            id: id.to_owned(),
            mid: "1".to_owned(),
            local_time: "20260314093000".to_owned(),
            amount: minor.to_string(),
            currency: "458".to_owned(),
            original_id: original.to_owned(),
            original_htr: htr.to_owned(),
            description: None,
        })
    };
    assert_eq!(till.code(&void("w", &wallet)).await, "50");
    assert_eq!(till.code(&void("c", "another")).await, "49");
    assert_eq!(till.code(&void("c", &card)).await, "00");
    assert_eq!(till.code(&void("c", &card)).await, "50", "once");
    assert_eq!(till.code(&enquiry("c")).await, "50");
    assert_eq!(till.code(&refund("r1", "w", &wallet, 1_500)).await, "00");
    assert_eq!(till.code(&refund("r1", "w", &wallet, 1_500)).await, "78");
    assert_eq!(till.code(&refund("r2", "w", &wallet, 501)).await, "59");
    assert_eq!(till.code(&refund("r3", "w", &wallet, 500)).await, "00");
    assert_eq!(till.code(&enquiry("r3")).await, "00");
    assert_eq!(till.bank.balance("MYR"), 0);
    let settled = paid("s", "01").await;
    till.host.settle();
    assert_eq!(till.code(&void("s", &settled)).await, "50");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_connection_stops_nothing() {
    let till = till();
    let sequence = till.next();
    let request = payment("1", 2_000, "01");
    let left = tokio::time::timeout(std::time::Duration::from_millis(100), till.with(&request, &sequence));
    assert!(left.await.is_err());
    assert_eq!(till.code(&payment("2", 2_000, "01")).await, "77");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(till.code(&enquiry("1")).await, "00");
    assert_eq!(till.bank.balance("MYR"), 2_000);
}
