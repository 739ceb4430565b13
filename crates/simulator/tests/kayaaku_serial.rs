//! The simulated device on a cable against the dossier's own frames: strict, with a memory. On virtual time.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

use simulator::bank::{Bank, State};
use simulator::clock::clock_from;
use simulator::kayaaku::Settings;
use simulator::kayaaku::serial::KayaakuDevice;
use simulator::script::{Action, Delivery, Outcome, Rule, Script};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{sleep, timeout};
use wire::kayaaku::serial::{Collector, Found, Message, PaymentResult, Start, framed};
use wire::kayaaku::{Code, Method};

const MID: &str = "000010000099999";

struct Till {
    device: KayaakuDevice,
    line: DuplexStream,
    collector: Collector,
    heard: std::collections::VecDeque<Found>,
}

impl Till {
    fn new(settings: Settings) -> Self {
        let clock = clock_from("2026-03-14T01:30:00Z".parse().unwrap());
        let device = KayaakuDevice::new(settings, Bank::new(), clock);
        let line = Self::plug(&device);
        Self { device, line, collector: Collector::default(), heard: Default::default() }
    }
    fn plug(device: &KayaakuDevice) -> DuplexStream {
        let (near, far) = duplex(1 << 16);
        let device = device.clone();
        tokio::spawn(async move { device.serve(far).await });
        near
    }
    async fn send(&mut self, message: &Message) {
        self.raw(&framed(&message.encode().unwrap())).await;
    }
    async fn raw(&mut self, bytes: &[u8]) {
        self.line.write_all(bytes).await.unwrap();
    }
    /// What comes next within this many seconds.
    async fn found(&mut self, seconds: u64) -> Option<Found> {
        let mut bytes = [0; 4_096];
        while self.heard.is_empty() {
            let read = timeout(Duration::from_secs(seconds), self.line.read(&mut bytes)).await.ok()?;
            let count = read.unwrap();
            if count == 0 {
                return None;
            }
            self.heard.extend(self.collector.take(&bytes[..count], 0));
        }
        self.heard.pop_front()
    }
    async fn next(&mut self) -> Message {
        match self.found(600).await {
            Some(Found::Frame(text)) => Message::decode(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }
    async fn result(&mut self) -> PaymentResult {
        let Message::Result(result) = self.next().await else { panic!() };
        self.send(&Message::Heard { result: Code::of("00") }).await;
        result
    }
    async fn enquire(&mut self, mrn: &str) -> PaymentResult {
        self.send(&Message::Enquiry { mid: MID.to_owned(), mrn: mrn.to_owned() }).await;
        let Message::Answer(result) = self.next().await else { panic!() };
        result
    }
}

fn start(mrn: &str, amount: u64) -> Message {
    Message::Start(Start {
        amount,
        currency: 458,
        kind: "STX".to_owned(),
        method: Method::Card,
        mid: MID.to_owned(),
        mrn: mrn.to_owned(),
        item: "T7".to_owned(),
    })
}

fn started(code: &str, mrn: &str) -> Message {
    Message::Started { result: Code::of(code), mrn: mrn.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn a_payment_from_the_link_test_to_the_settlement() {
    let mut till = Till::new(Settings::default());
    till.send(&Message::LinkTest).await;
    let Message::LinkTested { profile, .. } = till.next().await else { panic!() };
    assert_eq!(profile, "KS01");
    till.send(&start("T7-1", 1800)).await;
    assert_eq!(till.next().await, started("00", "T7-1"));
    let result = till.result().await;
    assert_eq!((result.result.as_str(), result.amount, result.mrn.as_str()), ("00", 1800, "T7-1"));
    assert_eq!(till.found(60).await, None, "a result that was heard is not told again");
    let bank = till.device.bank();
    assert_eq!((bank.balance("MYR"), bank.approvals_for("T7-1")), (1800, 1));
    assert_eq!(till.enquire("T7-1").await.approval, result.approval);
    assert_eq!(till.enquire("T7-2").await.result.as_str(), "49");
    let void = |approval: &str| Message::Void {
        mid: MID.to_owned(),
        mrn: "T7-1".to_owned(),
        approval: approval.to_owned(),
    };
    till.send(&void("123456")).await;
    let Message::Voided { result: refused, .. } = till.next().await else { panic!() };
    assert_eq!(refused.as_str(), "49", "another approval");
    till.send(&void(&result.approval)).await;
    let Message::Voided { result: done, .. } = till.next().await else { panic!() };
    assert_eq!(done.as_str(), "00");
    assert_eq!(till.enquire("T7-1").await.result.as_str(), "50");
    till.send(&Message::Settle { mid: MID.to_owned() }).await;
    let Message::Settled(settled) = till.next().await else { panic!() };
    assert_eq!((settled.batch, settled.sales, settled.voids, settled.voids_amount), (1, 0, 1, 1800));
    assert_eq!(bank.balance("MYR"), 0);
    assert!(till.device.complaints().is_empty(), "{:?}", till.device.complaints());
}

#[tokio::test(start_paused = true)]
async fn a_repeated_request_is_known_by_its_number() {
    let mut till = Till::new(Settings::default());
    for _ in 0..2 {
        till.send(&start("T7-1", 1800)).await;
    }
    assert_eq!(till.next().await, started("00", "T7-1"));
    assert_eq!(till.next().await, started("KA024", "T7-1"));
    till.send(&start("T7-2", 1800)).await;
    assert_eq!(till.next().await, started("77", "T7-2"), "one at a time");
    till.result().await;
    till.send(&start("T7-1", 1800)).await;
    assert_eq!(till.next().await, started("78", "T7-1"));
    assert_eq!(till.device.bank().approvals_for("T7-1"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_result_is_told_six_times_unless_it_is_heard() {
    let mut till = Till::new(Settings::default());
    till.send(&start("T7-1", 1800)).await;
    till.next().await;
    for _ in 0..6 {
        assert!(matches!(till.next().await, Message::Result(_)));
    }
    assert_eq!(till.found(60).await, None);
}

#[tokio::test(start_paused = true)]
async fn an_abort_ends_a_payment_before_the_customer_has_paid() {
    let mut till = Till::new(Settings { customer_ms: 30_000, ..Settings::default() });
    till.send(&start("T7-1", 1800)).await;
    till.next().await;
    till.send(&Message::Abort { mrn: "T7-9".to_owned() }).await;
    assert_eq!(till.next().await, Message::Aborted { result: Code::of("50") });
    till.send(&Message::Abort { mrn: "T7-1".to_owned() }).await;
    assert_eq!(till.next().await, Message::Aborted { result: Code::of("00") });
    assert_eq!(till.result().await.result.as_str(), "KA005");
    assert!(till.device.bank().transactions().iter().all(|it| it.state != State::Approved));
}

#[tokio::test(start_paused = true)]
async fn a_pulled_cable_stops_nothing_and_what_was_not_heard_is_told_again() {
    let mut till = Till::new(Settings::default());
    till.send(&start("T7-1", 1800)).await;
    till.next().await;
    till.device.unplug();
    assert_eq!(till.found(1).await, None, "the line ends");
    sleep(Duration::from_secs(8)).await;
    assert_eq!(till.device.bank().balance("MYR"), 1800);
    till.device.plug();
    till.line = Till::plug(&till.device);
    assert_eq!(till.result().await.result.as_str(), "00");
}

#[tokio::test(start_paused = true)]
async fn what_no_device_takes_is_refused_or_dropped() {
    let mut till = Till::new(Settings { mids: vec![MID.to_owned()], ..Settings::default() });
    let Message::Start(good) = start("T7-1", 1800) else { panic!() };
    for (bad, code) in [
        (Start { amount: 0, ..good.clone() }, "22"),
        (Start { currency: 752, ..good.clone() }, "34"),
        (Start { mid: "7".to_owned(), ..good.clone() }, "19"),
        (Start { method: Method::Other("77".to_owned()), ..good.clone() }, "21"),
        (Start { kind: "PRE".to_owned(), ..good.clone() }, "64"),
    ] {
        till.send(&Message::Start(bad)).await;
        assert_eq!(till.next().await, started(code, "T7-1"));
    }
    let complaints = till.device.complaints().len();
    assert_eq!(complaints, 5);
    till.send(&started("00", "T7-1")).await;
    let mut bad = framed(&start("T7-1", 1800).encode().unwrap());
    bad[9] ^= 1;
    till.raw(&bad).await;
    till.raw(&[0xff, 0x03, 0x02, 0x00]).await;
    assert_eq!(till.found(20).await, None, "what is no message for it is not answered");
    assert_eq!(till.device.complaints().len(), complaints + 1, "noise is nobody's fault");
    assert!(till.device.transactions().is_empty());
}

/// How a frame is delivered: what comes of a link test.
#[tokio::test(start_paused = true)]
async fn what_a_bad_line_makes_of_a_frame() {
    for (delivery, frames) in [
        (Delivery::Normal, 1),
        (Delivery::Twice, 2),
        (Delivery::Chunked, 1),
        (Delivery::Http10, 1),
        (Delivery::Never, 0),
        (Delivery::Garbage, 0),
        (Delivery::Deep, 0),
        (Delivery::Oversize(10_000), 1),
        (Delivery::Cut, 0),
        (Delivery::Refused, 0),
    ] {
        let mut till = Till::new(Settings::default());
        till.device.follow(Script::new().rule(Rule::on("link").act(delivery)));
        till.send(&Message::LinkTest).await;
        let mut count = 0;
        while let Some(found) = till.found(5).await {
            count += usize::from(matches!(found, Found::Frame(_)));
        }
        assert_eq!(count, frames, "{delivery:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn amounts_and_scripts_choose() {
    for (minor, code) in
        [(50, "51"), (51, "KA004"), (52, "KA005"), (53, "KA020"), (59, "KA023"), (39, "00")]
    {
        let mut till = Till::new(Settings::default());
        till.send(&start("T7-1", 1_000 + minor)).await;
        till.next().await;
        assert_eq!(till.result().await.result.as_str(), code, "{minor}");
    }
    let mut till = Till::new(Settings::default());
    till.device.follow(Script::new().rule(Rule::on("pay").act(Action::Outcome(Outcome::Race))));
    till.send(&start("T7-1", 1_000)).await;
    till.next().await;
    till.send(&Message::Abort { mrn: "T7-1".to_owned() }).await;
    till.next().await;
    assert_eq!(till.result().await.result.as_str(), "00", "approved in the moment of the abort");
    let id = till.device.pay_at_the_device(700);
    assert_eq!(till.result().await.mrn, id);
}
