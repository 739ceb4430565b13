//! The gateway, rule by rule of dossier section 11. Waits run on virtual time.
#![allow(clippy::unwrap_used, clippy::panic)] // tests say what they expect

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use simulator::bank::{Bank, State};
use simulator::clock::clock_from;
use simulator::nexo::{LineDown, TillLine, WireReply, WireRequest};
use simulator::pockyt::{PockytGateway, Settings};
use simulator::script::{Delivery, Outcome, Rule, Script};
use wire::pockyt::{Code, Fields, Limits, Notification, Record, Reply, Status, sign};

const TOKEN: &str = "till-demo-token-0001";
const ADD: &str = "/app-instore/v3/add";
const PAY: &str = "/app-instore/v3/pay";
const QUERY: &str = "/app-data-search/v3/tran-query";
const CANCEL: &str = "/app-data-search/v3/cancel";
const REFUND: &str = "/app-data-search/v3/refund";
const SHOW: &str = "/app-instore/v3/create-trans-qrcode";

/// Fields of a request that is not complete yet.
type Pairs = Vec<(&'static str, &'static str)>;

struct Desk {
    gateway: PockytGateway,
    bank: Bank,
}

fn desk() -> Desk {
    with_bank(Bank::new())
}

fn with_bank(bank: Bank) -> Desk {
    let clock = clock_from("2026-03-14T01:30:02Z".parse().unwrap());
    Desk { gateway: PockytGateway::new(Settings::default(), bank.clone(), clock), bank }
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let own = [("merchantNo", "900001"), ("storeNo", "800002")];
    own.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A body written by hand, in the form that the first letter of the store's number chooses.
fn body(fields: &Fields, signature: &str, json: bool) -> String {
    let all = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let all: Vec<(&str, &str)> = all.chain([("verifySign", signature)]).collect();
    if json {
        let pairs: Vec<String> =
            all.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
        return format!("{{{}}}", pairs.join(","));
    }
    let coded =
        |text: &str| text.replace('%', "%25").replace('&', "%26").replace('/', "%2F").replace(' ', "+");
    let pairs: Vec<String> = all.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect();
    pairs.join("&")
}

impl Desk {
    async fn raw(&self, path: &str, kind: &str, body: String) -> WireReply {
        let request = WireRequest {
            method: "POST".to_owned(),
            path: path.to_owned(),
            content_type: Some(kind.to_owned()),
            headers: Vec::new(),
            body: body.into_bytes(),
        };
        self.gateway.exchange(request).await
    }
    async fn send(&self, path: &str, pairs: &[(&str, &str)]) -> WireReply {
        let fields = fields(pairs);
        let body = body(&fields, &sign(&fields, TOKEN), true);
        self.raw(path, "application/json", body).await
    }
    async fn ask(&self, path: &str, pairs: &[(&str, &str)]) -> Reply {
        let (status, reply) = told(&self.send(path, pairs).await);
        assert_eq!(status, 200);
        reply
    }
    async fn add(&self, reference: &str) -> Record {
        let add = [
            ("amount", "18.50"),
            ("currency", "USD"),
            ("settleCurrency", "USD"),
            ("reference", reference),
            ("timeout", "10"),
        ];
        done(self.ask(ADD, &add).await)
    }
    async fn pay(&self, reference: &str, code: &str) -> Reply {
        self.ask(PAY, &[("reference", reference), ("paymentBarcode", code), ("vendor", "alipay")]).await
    }
    async fn query(&self, reference: &str) -> Record {
        done(self.ask(QUERY, &[("reference", reference)]).await)
    }
    async fn refund(&self, reference: &str, amount: &str) -> Reply {
        let refund = [
            ("reference", "R1"),
            ("refundAmount", amount),
            ("refundReference", reference),
            ("currency", "USD"),
            ("settleCurrency", "USD"),
        ];
        self.ask(REFUND, &refund).await
    }
}

fn told(reply: &WireReply) -> (u16, Reply) {
    let WireReply::Answer { status, body, .. } = reply else { panic!("{reply:?}") };
    (*status, Reply::decode(body, &Limits::REPLY).unwrap())
}

fn done(reply: Reply) -> Record {
    assert_eq!(reply.code, Some(Code::Accepted), "{}", reply.message);
    reply.result.unwrap()
}

fn code_ending(ends: &str) -> String {
    format!("2812345678901234{ends}")
}

#[tokio::test(start_paused = true)]
async fn a_code_ending_in_00_to_49_is_paid_at_once() {
    let desk = desk();
    let added = desk.add("R1").await;
    assert_eq!(added.status, Some(Status::Init));
    assert_eq!(added.transaction_no.as_ref().unwrap().len(), 18);
    assert_eq!(added.create_time.as_deref(), Some("2026-03-14 09:30:02"));
    let paid = done(desk.pay("R1", &code_ending("12")).await);
    assert_eq!((paid.status, paid.amount.unwrap().minor(2)), (Some(Status::Success), Some(1850)));
    assert_eq!((desk.bank.balance("USD"), desk.bank.approvals_for("R1")), (1850, 1));
    assert!(desk.gateway.complaints().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_last_two_digits_choose_what_becomes_of_a_charge() {
    #[rustfmt::skip]
    let rows = [
        ("52", Status::Pending, Status::Success, 3), ("62", Status::Pending, Status::Pending, 9),
        ("66", Status::Pending, Status::Failed, 3), ("71", Status::Failed, Status::Failed, 1),
    ];
    for (ends, at_once, later, queries) in rows {
        let desk = desk();
        desk.add("R1").await;
        assert_eq!(done(desk.pay("R1", &code_ending(ends)).await).status, Some(at_once), "{ends}");
        for _ in 1..queries {
            desk.query("R1").await;
        }
        assert_eq!(desk.query("R1").await.status, Some(later.clone()), "{ends}");
        assert_eq!(desk.bank.balance("USD"), if later == Status::Success { 1850 } else { 0 });
    }
    for (ends, later) in [("80", Status::Success), ("85", Status::Init)] {
        let desk = desk();
        desk.add("R1").await;
        assert_eq!(desk.pay("R1", &code_ending(ends)).await.code, Some(Code::WalletError));
        assert_eq!(desk.query("R1").await.status, Some(later));
    }
    for (ends, balance) in [("90", 1850), ("95", 0)] {
        let desk = desk();
        desk.add("R1").await;
        let code = code_ending(ends);
        let pay = [("reference", "R1"), ("paymentBarcode", code.as_str()), ("vendor", "alipay")];
        assert_eq!(desk.send(PAY, &pay).await, WireReply::Cut);
        assert_eq!(desk.bank.balance("USD"), balance, "{ends}");
    }
}

#[tokio::test(start_paused = true)]
async fn faulty_requests_are_refused_in_the_order_of_the_dossier() {
    let desk = desk();
    desk.add("R1").await;
    let add = |amount: &'static str, currency: &'static str| {
        [("amount", amount), ("currency", currency), ("settleCurrency", "USD"), ("reference", "R2")]
    };
    #[rustfmt::skip]
    let rows: Vec<(&str, Pairs, Code)> = vec![
        (ADD, vec![("merchantNo", "")], Code::Missing),
        (ADD, vec![("storeNo", "800999")], Code::NoPermission),
        (ADD, vec![("amount", "1.00")], Code::Missing),
        (ADD, add("18.5", "USD").to_vec(), Code::BadValue),
        (ADD, add("0.00", "USD").to_vec(), Code::BadValue),
        (ADD, add("1,00", "USD").to_vec(), Code::BadValue),
        (ADD, add("1.00", "SEK").to_vec(), Code::BadValue),
        (PAY, vec![("reference", "R1"), ("transactionNo", "4"), ("paymentBarcode", "281234567890123456")],
            Code::Contradiction),
        (PAY, vec![("paymentBarcode", "281234567890123456")], Code::Missing),
        (PAY, vec![("reference", "R1"), ("paymentBarcode", "134567890123456789"), ("vendor", "alipay")],
            Code::Contradiction),
        (PAY, vec![("reference", "R1"), ("paymentBarcode", "281234567890123456"), ("vendor", "wechatpay")],
            Code::BadValue),
        (PAY, vec![("reference", "R9"), ("paymentBarcode", "281234567890123456")], Code::NoRecord),
        (QUERY, vec![("reference", "R9")], Code::NoRecord),
        (CANCEL, vec![("reference", "R9")], Code::NoRecord),
    ];
    for (path, pairs, code) in rows {
        let reply = desk.ask(path, &pairs).await;
        assert_eq!((reply.code, reply.result), (Some(code), None), "{path} {pairs:?}");
    }
    let again = desk
        .ask(
            ADD,
            &[("amount", "1.00"), ("currency", "USD"), ("settleCurrency", "USD"), ("reference", "R1")],
        )
        .await;
    assert!(again.code == Some(Code::BadValue) && again.message.contains("R1"));
    let query = fields(&[("reference", "R1")]);
    let forged = body(&query, &sign(&query, "another"), true);
    let (status, refused) = told(&desk.raw(QUERY, "application/json", forged).await);
    assert_eq!((status, refused.message.as_str()), (400, "data error : verifySign"));
    for (kind, text, status) in [("application/json", "{\"a\":1}", 400), ("application/json", "<x>", 400)] {
        assert_eq!(told(&desk.raw(QUERY, kind, text.to_owned()).await).0, status);
    }
    for (path, kind, status) in [("/v3/nothing", "application/json", 404), (QUERY, "text/plain", 415)] {
        assert_eq!(desk.raw(path, kind, String::new()).await, WireReply::empty(status));
    }
}

#[tokio::test(start_paused = true)]
async fn form_bodies_and_prepay_are_as_good() {
    let desk = desk();
    desk.add("R1").await;
    let pay = fields(&[("reference", "R1"), ("paymentBarcode", "281234567890123400")]);
    let text = body(&pay, &sign(&pay, TOKEN), false);
    let kind = "application/x-www-form-urlencoded; charset=UTF-8";
    let reply = told(&desk.raw("/app-instore/v3/prepay", kind, text).await).1;
    assert_eq!(done(reply).status, Some(Status::Success));
}

#[tokio::test(start_paused = true)]
async fn a_transaction_takes_one_code_and_a_code_pays_once() {
    let desk = desk();
    desk.add("R1").await;
    done(desk.pay("R1", &code_ending("01")).await);
    assert_eq!(desk.pay("R1", &code_ending("02")).await.code, Some(Code::WrongStatus));
    desk.add("R2").await;
    assert_eq!(done(desk.pay("R2", &code_ending("01")).await).status, Some(Status::Failed));
    assert_eq!(desk.bank.balance("USD"), 1850);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_closes_what_is_open_and_gives_back_what_is_paid() {
    let desk = desk();
    desk.add("R1").await;
    let closed = desk.ask(CANCEL, &[("reference", "R1")]).await;
    assert_eq!(done(closed).status, Some(Status::Closed));
    assert_eq!(desk.pay("R1", &code_ending("01")).await.code, Some(Code::WrongStatus));
    desk.add("R2").await;
    done(desk.pay("R2", &code_ending("01")).await);
    for _ in 0..2 {
        let closed = done(desk.ask(CANCEL, &[("reference", "R2")]).await);
        assert_eq!(
            (closed.status, closed.void_amount.unwrap().minor(2)),
            (Some(Status::Closed), Some(1850))
        );
    }
    assert_eq!((desk.bank.balance("USD"), desk.bank.reversals().len()), (0, 1));
    assert_eq!(desk.bank.transactions()[0].state, State::Reversed);
}

#[tokio::test(start_paused = true)]
async fn refunds_are_counted_and_the_same_reference_books_once() {
    let desk = desk();
    desk.add("R1").await;
    assert_eq!(desk.refund("F1", "5.00").await.code, Some(Code::WrongStatus));
    done(desk.pay("R1", &code_ending("01")).await);
    let first = desk.refund("F1", "5.00").await;
    let again = desk.refund("F1", "5.00").await;
    assert_eq!(first.result, again.result);
    assert_eq!(desk.refund("F2", "13.51").await.code, Some(Code::BadValue));
    assert_eq!(done(desk.refund("F2", "13.50").await).refund_amount.unwrap().minor(2), Some(1350));
    let told = desk.query("R1").await;
    assert_eq!((told.status, told.refunds.len()), (Some(Status::Success), 2));
    assert_eq!(desk.ask(CANCEL, &[("reference", "R1")]).await.code, Some(Code::WrongStatus));
    assert_eq!(desk.bank.balance("USD"), 0);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_pays_closes_in_its_time() {
    let desk = desk();
    desk.add("R1").await;
    done(desk.pay("R1", &code_ending("60")).await);
    tokio::time::sleep(Duration::from_secs(590)).await;
    assert_eq!(desk.query("R1").await.status, Some(Status::Pending));
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(desk.query("R1").await.status, Some(Status::Closed));
}

#[tokio::test(start_paused = true)]
async fn a_restart_forgets_nothing() {
    let desk = desk();
    desk.add("R1").await;
    done(desk.pay("R1", &code_ending("01")).await);
    desk.gateway.restart();
    let again = with_bank(desk.bank.clone());
    assert_eq!(again.query("R1").await.status, Some(Status::Success));
    again.add("R2").await;
    assert_eq!(done(again.pay("R2", &code_ending("01")).await).status, Some(Status::Failed), "a used code");
}

#[tokio::test(start_paused = true)]
async fn a_script_decides_over_the_code() {
    let desk = desk();
    desk.gateway.follow(
        Script::new()
            .rule(Rule::on("pay").act(Outcome::UntilAborted))
            .rule(Rule::on("tran-query").nth(1).act(Delivery::Status(502))),
    );
    desk.add("R1").await;
    assert_eq!(done(desk.pay("R1", &code_ending("01")).await).status, Some(Status::Pending));
    let lost = desk.send(QUERY, &[("reference", "R1")]).await;
    let WireReply::Answer { status: 502, body, .. } = lost else { panic!("{lost:?}") };
    assert!(body.starts_with(b"<html>"));
    assert_eq!(desk.query("R1").await.status, Some(Status::Pending));
}

/// A till's listener that hears, and acknowledges from the n-th time on.
#[derive(Default)]
struct Ear {
    heard: Mutex<Vec<(String, Vec<u8>)>>,
    deaf_for: usize,
}

#[async_trait]
impl TillLine for Ear {
    async fn post(&self, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), LineDown> {
        let mut heard = self.heard.lock().unwrap();
        heard.push((path.to_owned(), body));
        if heard.len() <= self.deaf_for { Err(LineDown) } else { Ok((200, b"success".to_vec())) }
    }
}

#[tokio::test(start_paused = true)]
async fn a_shown_code_is_paid_and_notified_until_it_is_acknowledged() {
    let show = [
        ("amount", "7.00"),
        ("currency", "USD"),
        ("settleCurrency", "USD"),
        ("reference", "R1"),
        ("vendor", "wechatpay"),
        ("ipnUrl", "https://till.example/pockyt/ipn?a=1"),
        ("needQrcode", "true"),
    ];
    for (deaf_for, tries) in [(0, 1), (2, 3), (100, 8)] {
        let desk = desk();
        let ear = Arc::new(Ear { deaf_for, ..Ear::default() });
        desk.gateway.connect(ear.clone());
        let shown = done(desk.ask(SHOW, &show).await);
        assert!(shown.deep_link.unwrap().starts_with("https://pay.example/wechatpay/"));
        tokio::time::sleep(Duration::from_secs(7_200)).await;
        let heard = ear.heard.lock().unwrap().clone();
        assert_eq!(heard.len(), tries);
        assert_eq!(heard[0].0, "/pockyt/ipn?a=1");
        let told = Notification::verified(&Notification::fields(&heard[0].1).unwrap(), TOKEN).unwrap();
        assert_eq!((told.reference.as_deref(), told.status), (Some("R1"), Some(Status::Success)));
        assert_eq!(desk.bank.balance("USD"), 700);
    }
}

#[tokio::test(start_paused = true)]
async fn notifications_are_doubled_reordered_and_forged_on_request() {
    let desk = desk();
    let ear = Arc::new(Ear::default());
    desk.gateway.connect(ear.clone());
    desk.gateway.turn(|knobs| {
        knobs.ipn_url = Some("https://till.example/pockyt/ipn".to_owned());
        (knobs.ipn_twice, knobs.ipn_reordered, knobs.ipn_forged) = (true, true, true);
    });
    desk.add("R1").await;
    done(desk.pay("R1", &code_ending("01")).await);
    tokio::time::sleep(Duration::from_secs(60)).await;
    let heard = ear.heard.lock().unwrap().clone();
    let read = |body: &Vec<u8>| Notification::verified(&Notification::fields(body).unwrap(), TOKEN);
    let statuses: Vec<_> = heard.iter().map(|(_, body)| read(body).and_then(|told| told.status)).collect();
    let (paid, older) = (Some(Status::Success), Some(Status::Pending));
    assert_eq!(statuses.len(), 4);
    assert_eq!(statuses.iter().filter(|status| status.is_none()).count(), 1, "one is forged");
    assert_eq!(statuses.iter().filter(|status| **status == paid).count(), 2);
    assert_eq!(statuses.last(), Some(&older));
}
