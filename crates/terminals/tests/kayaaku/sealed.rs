//! Generation 2: encrypted and signed both ways, notifications, and what is not taken.

use super::stage::{EC, EC_PUBLIC, READER, Stage, myr, reply, reply_as, second, staged};
use domain::outcome::{Certainty, Reason, Said};
use terminals::Terminal;
use terminals::listener::{Answer, Claim, Incoming, Switchboard};
use terminals::notice::Notice;
use wire::kayaaku::jwe::{Algorithm, Encryption, Fresh};
use wire::kayaaku::keys::{EcPrivate, EcPublic, Reader};
use wire::kayaaku::{Limits, envelope};

fn stage() -> Stage {
    staged(&second())
}

#[tokio::test(start_paused = true)]
async fn an_approved_payment_goes_through() {
    let stage = stage();
    let more =
        [("htr", "HTR-9"), ("paymentScheme", "VS"), ("maskedPAN", "445565XXX1234"), ("amount", "1850")];
    stage.far.says_with("pay", "00000", &more);
    let paid = stage.pay().await.unwrap();
    assert_eq!((paid.said, paid.amount), (Said::Approved, Some(myr(1850))));
    assert_eq!(paid.instrument.unwrap().brand.as_deref(), Some("Visa"));
    let asked = stage.far.asked("pay");
    let of = |name: &str| asked[name].as_str();
    assert_eq!((of("mrn"), of("amount"), of("isInvoiceReq")), ("ref1", "1850", "N"));
    assert_eq!((of("billerType"), of("sellerId"), of("paymentType")), ("PS", "000000", "STX"));
    assert!(!asked.contains_key("paymentNotiUrl"));
}

#[tokio::test(start_paused = true)]
async fn an_enquiry_of_another_type_is_answered_by_the_next_one() {
    let stage = staged(&format!("{}enquiry_mti = \"0015\"\n", second()));
    stage.far.replies("enquire", |asked| {
        let members = ["sequenceNo", "mrn"].map(|name| (name, asked[name].clone()));
        let members = [&members[..], &[("resultCode", "KP049".to_owned())]].concat();
        reply_as("0016", &members)
    });
    assert!(stage.driver.open().await.is_ok());
    // An answer of the type that was not asked is none.
    let stage = super::sealed::stage();
    stage.far.replies("enquire", |_| reply_as("0016", &[("resultCode", "KP049".to_owned())]));
    assert_eq!(stage.driver.open().await.unwrap_err().reason, Reason::Mismatch);
}

#[tokio::test(start_paused = true)]
async fn an_over_long_word_costs_no_approval() {
    let stage = stage();
    let (advice, card) = ("word ".repeat(300), "4455 65XX XXXX XXXX 1234".to_owned());
    let more = [("advMsg", advice.as_str()), ("paymentScheme", "VISA"), ("maskedPAN", &card)];
    stage.far.says_with("pay", "00000", &more);
    let paid = stage.pay().await.unwrap();
    assert_eq!((paid.said, paid.amount), (Said::Approved, Some(myr(1850))));
    assert_eq!((paid.instrument.unwrap().number, stage.far.count("enquire")), (None, 0));
}

#[tokio::test(start_paused = true)]
async fn codes_are_those_of_both_lists() {
    for (code, said) in [("KP051", Said::Declined), ("KA004", Said::Declined), ("KA005", Said::Cancelled)] {
        let stage = stage();
        stage.far.says("pay", code);
        assert_eq!(stage.pay().await.unwrap().said, said, "{code}");
    }
    let stage = stage();
    stage.far.says("pay", "KP078");
    assert_eq!(stage.pay().await.unwrap_err().reason, Reason::ReferenceInUse);
    assert!(!stage.driver.capabilities().reversal && !stage.driver.capabilities().refund);
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_is_told_by_what_it_repeats() {
    let rows = [
        vec![("sequenceNo", "1"), ("mrn", "-")],
        vec![("sequenceNo", "1")],
        vec![("sequenceNo", "-"), ("mrn", "-")],
    ];
    for more in rows {
        let stage = stage();
        stage.far.says_with("pay", "00000", &more);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::Mismatch), "{more:?}");
    }
    let stage = stage();
    stage.far.says_with("pay", "00000", &[("mrn", "-")]);
    assert_eq!(stage.pay().await.unwrap().echo.reference.unwrap().0, "ref1");
    let stage = super::sealed::stage();
    stage.far.says_with("pay", "00000", &[("mrn", "other")]);
    assert_eq!(stage.pay().await.unwrap().echo.reference.unwrap().0, "other");
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_good_signature_is_unknown() {
    let body = String::from_utf8(reply(true, "pay", &[("resultCode", "KP051".to_owned())]).body).unwrap();
    for body in [body, "0012".to_owned(), String::new(), r#"{"resultCode":"KP051"}"#.to_owned()] {
        let stage = stage();
        stage.far.answers("pay", 200, &body);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::AnswerUnreadable));
    }
}

#[tokio::test(start_paused = true)]
async fn the_cashier_is_not_held_up_and_the_check_proves_the_keys() {
    let stage = stage();
    stage.far.never_answers("pay");
    stage.far.says("enquire", "KP049");
    stage.far.says("enquire", "00000");
    assert_eq!(stage.driver.open().await.unwrap().software.as_deref(), Some("Kayaaku POS, interface 2"));
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    let stage = super::sealed::stage();
    stage.far.says("enquire", "KP090");
    let fault = stage.driver.open().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Refused, Reason::LoginRefused));
}

/// Another P-521 key than the one that the settings name.
const HOST: &str = include_str!("../../../wire/testdata/kayaaku/host-ec-private.pem");

fn notified(by: &str, kind: &str, with: (Algorithm, Encryption)) -> Incoming {
    let plain = r#"{"msgVer":"1.0","sequenceNo":"1","mrn":"ref1","resultCode":"00000","more":1}"#;
    let (key, fresh) = (EcPrivate::from_pem(by).unwrap(), Fresh::of(&[4; 40]));
    let to = Reader::from_jwk(READER).unwrap().recipient();
    let sealed = envelope::seal(kind, plain.as_bytes(), &to, with, &key, &fresh).unwrap();
    Incoming {
        peer: None,
        method: "POST".to_owned(),
        path: "/kayaaku/notification".to_owned(),
        headers: vec![("signature".to_owned(), sealed.signature)],
        body: sealed.body.into_bytes(),
    }
}

async fn post(stage: &Stage, incoming: &Incoming) -> (Claim, Answer) {
    let inbox = stage.driver.inbox().unwrap();
    (inbox.claims(incoming), inbox.receive(incoming.clone()).await)
}

#[tokio::test(start_paused = true)]
async fn a_notification_is_answered_in_kind_and_makes_the_till_ask() {
    let stage = staged(&format!("{}notifications = true\n", second()));
    assert!(stage.driver.capabilities().listener);
    for encryption in Encryption::ALL {
        let good = notified(EC, "0025", (Algorithm::EcdhEsA256Kw, encryption));
        let (claim, answer) = post(&stage, &good).await;
        assert_eq!((claim, answer.status), (Claim::Shared, 200), "{encryption:?}");
        let signature = &answer.headers.iter().find(|(name, _)| *name == "Signature").unwrap().1;
        let (key, reader) = (EcPublic::from_pem(EC_PUBLIC).unwrap(), Reader::from_jwk(READER).unwrap());
        let opened = envelope::open(&answer.body, Some(signature), &key, &reader, &Limits::REPLY).unwrap();
        assert_eq!(
            (opened.kind.as_str(), opened.plain.as_slice()),
            ("0026", &br#"{"resultCode":"00000"}"#[..])
        );
    }
    assert_eq!(*stage.told.0.lock().unwrap(), [Notice::News], "four within a second ring once");
    stage.far.says_after("pay", 500, "00000", &[]);
    stage.far.says("enquire", "00000");
    let running = stage.start();
    stage.far.until("pay").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    post(&stage, &notified(EC, "0025", (Algorithm::EcdhEs, Encryption::A128Gcm))).await;
    assert_eq!(running.await.unwrap().unwrap().said, Said::Approved);
    assert_eq!(stage.far.elapsed_s(), 3, "the enquiry comes at once");
    assert_eq!(stage.far.asked("pay")["paymentNotiUrl"], "https://till.example/kayaaku/notification");
}

#[tokio::test(start_paused = true)]
async fn a_notification_reaches_every_device_with_these_keys() {
    let with_inbox = || staged(&format!("{}notifications = true\n", second()));
    let (one, other) = (with_inbox(), with_inbox());
    let board = Switchboard::new();
    [&one, &other].into_iter().for_each(|stage| board.add(stage.driver.inbox().unwrap()));
    // The older one has nothing to ask about: the younger one's payment is what is told of.
    other.far.says_after("pay", 500, "00000", &[]);
    other.far.says("enquire", "00000");
    let running = other.start();
    other.far.until("pay").await;
    let answer = board.dispatch(notified(EC, "0025", (Algorithm::EcdhEs, Encryption::A256Gcm))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(running.await.unwrap().unwrap().said, Said::Approved);
    assert_eq!(other.far.elapsed_s(), 1, "the enquiry comes at once");
    assert_eq!(*one.told.0.lock().unwrap(), [Notice::News], "what it has lost, it asks about");
    let forged = notified(HOST, "0025", (Algorithm::EcdhEs, Encryption::A256Gcm));
    assert_eq!(board.dispatch(forged).await.status, 403);
}

#[tokio::test(start_paused = true)]
async fn a_forged_notification_does_nothing() {
    let stage = staged(&format!("{}notifications = true\n", second()));
    let with = (Algorithm::EcdhEs, Encryption::A256Gcm);
    let good = notified(EC, "0025", with);
    let unsigned = Incoming { headers: Vec::new(), ..good.clone() };
    let mut changed = good.clone();
    *changed.body.last_mut().unwrap() ^= 1;
    for (incoming, claim) in [
        (unsigned, Claim::NotMine),
        (changed, Claim::NotMine),
        (notified(EC, "0011", with), Claim::Unreadable),
        (Incoming { body: vec![b'0'; 100_000], ..good.clone() }, Claim::Unreadable),
    ] {
        let (claimed, answer) = post(&stage, &incoming).await;
        assert_eq!((claimed, answer.status), (claim, 403));
    }
    assert!(stage.told.0.lock().unwrap().is_empty());
    assert!(super::stage::stage().driver.inbox().is_none());
}
