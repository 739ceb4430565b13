//! The line: cables that are pulled, ports that cannot be opened, bytes that are no message.

use crate::stage::{PORT, Stage, bytes, sale, sent, stage, staged, told};
use domain::operation::Step;
use domain::outcome::{Certainty, Fault, Said};
use std::time::Duration;
use terminals::Terminal;
use terminals::notice::Notice;
use terminals::serial::{Snag, Step as Check, Unwritten};
use tokio::time::sleep;
use wire::kayaaku::Code;
use wire::kayaaku::serial::Message;

fn snag() -> Snag {
    Snag::Missing { place: PORT.to_owned() }
}

fn of(fault: &Fault) -> (Certainty, &str) {
    (fault.certainty, fault.reason.code())
}

#[tokio::test(start_paused = true)]
async fn without_a_port_nothing_is_sent_and_the_words_say_what_to_do() {
    let group = "dialout".to_owned();
    for snag in [
        snag(),
        Snag::Forbidden { port: PORT.to_owned(), group },
        Snag::Busy { port: PORT.to_owned() },
        Snag::Broken { port: PORT.to_owned(), detail: "Input/output error".to_owned() },
    ] {
        let stage = stage();
        *stage.far.snag.lock().unwrap() = Some(snag.clone());
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.detail), (Certainty::NotSent, snag.to_string()));
        assert!(stage.far.lines().is_empty(), "not even a reference is used up");
        assert_eq!(stage.driver.open().await.unwrap_err().detail, snag.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_never_answers_is_told_of_before_anything_can_have_left() {
    let stage = stage();
    stage.far.never_answers("0001");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!(of(&fault), (Certainty::NotSent, "not_sent"));
    assert_eq!((stage.far.count("0001"), stage.far.count("0011"), stage.far.count("reserve")), (3, 0, 0));
    for word in ["USB", "Bluetooth", "speed"] {
        assert!(fault.detail.contains(word), "{}", fault.detail);
    }
    assert_eq!(Check::of(&fault.detail), Check::Link);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_falls_silent_leaves_the_payment_unknown() {
    let stage = stage();
    stage.far.never_answers("0011");
    let fault = stage.pay().await.unwrap_err();
    assert_eq!(of(&fault), (Certainty::Unknown, "deadline_passed"));
    assert_eq!((stage.far.count("0011"), stage.far.count("reserve")), (3, 1), "one number, the same frame");
    assert!(stage.far.lines().iter().any(|it| it.starts_with("show") && it.contains("does not answer")));
    assert_eq!(stage.far.elapsed_s(), 9);
}

#[tokio::test(start_paused = true)]
async fn the_wrong_speed_and_a_bad_cable_are_told_apart_from_silence() {
    for (noise, check) in
        [(vec![0x80, 0xff, 0x41, 0x00], Check::Speed), (b"\x020001xx\x03".to_vec(), Check::Frames)]
    {
        let stage = stage();
        stage.far.plays("0001", move |_| vec![(10, Some(noise.clone()))]);
        let fault = stage.driver.open().await.unwrap_err();
        assert_eq!(
            (fault.certainty, Check::of(&fault.detail)),
            (Certainty::NotSent, check),
            "{}",
            fault.detail
        );
    }
}

#[tokio::test(start_paused = true)]
async fn another_profile_is_refused() {
    let stage = stage();
    *stage.far.profile.lock().unwrap() = "KS02".to_owned();
    let fault = stage.driver.open().await.unwrap_err();
    assert_eq!(of(&fault), (Certainty::NotSent, "login_refused"));
    assert!(fault.detail.contains("KS02"));
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::NotSent);
    assert_eq!(stage.far.count("0011"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_login_names_device_and_port() {
    let stage = stage();
    let identity = stage.driver.open().await.unwrap();
    assert_eq!(identity.session, "000010000099999/KP0001");
    assert_eq!(identity.serial.as_deref(), Some("KP0001"));
    assert!(identity.software.unwrap().contains(PORT));
}

#[tokio::test(start_paused = true)]
async fn a_write_that_the_port_does_not_take_was_never_sent() {
    let stage = stage();
    let refused = Unwritten::NothingLeft("gone".to_owned());
    *stage.far.unwritten.lock().unwrap() = Some(("0011", refused));
    assert_eq!(stage.pay().await.unwrap_err().certainty, Certainty::NotSent);
    let stage = self::stage();
    let half = Unwritten::MaybeLeft("gone".to_owned());
    *stage.far.unwritten.lock().unwrap() = Some(("0011", half));
    assert_eq!(of(&stage.pay().await.unwrap_err()), (Certainty::Unknown, "answer_lost"));
}

/// Pulled out before the device has accepted, after it has, and after the money moved.
#[tokio::test(start_paused = true)]
async fn a_cable_pulled_out_leaves_the_payment_unknown_and_nothing_is_sent_again() {
    for pulled in ["before the acceptance", "after the acceptance"] {
        let stage = stage();
        let accepts = pulled == "after the acceptance";
        stage.far.plays("0011", move |asked| {
            let started = Message::Started { result: Code::of("00"), mrn: asked.mrn().unwrap().to_owned() };
            let accepted = accepts.then(|| (10, Some(bytes(&started))));
            accepted.into_iter().chain([(500, None)]).collect()
        });
        *stage.far.snag.lock().unwrap() = None;
        let paying = stage.start();
        stage.far.until("0011").await;
        *stage.far.snag.lock().unwrap() = Some(snag());
        let fault = paying.await.unwrap().unwrap_err();
        assert_eq!(of(&fault), (Certainty::Unknown, "answer_lost"), "{pulled}");
        assert!(fault.detail.contains("plug it in"));
        assert!(matches!(stage.notices().as_slice(), [Notice::OutOfService(_)]));
        sleep(Duration::from_secs(120)).await;
        *stage.far.snag.lock().unwrap() = None;
        sleep(Duration::from_secs(20)).await;
        assert_eq!(stage.far.count("0011"), 1, "{pulled}");
        let notices = stage.notices();
        assert!(
            matches!(notices.as_slice(), [Notice::OutOfService(_), Notice::Restarted, Notice::News]),
            "the till hears of its return: {notices:?}"
        );
        stage.far.finds("00");
        let found = stage.driver.recover(&sale(), &[sent("ref1", Step::First, "KP0001")]).await.unwrap();
        let domain::outcome::Recovered::Settled(outcome) = found else { panic!("{found:?}") };
        assert_eq!(outcome.said, Said::Approved);
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_away_is_looked_for_with_pauses() {
    let stage = stage();
    stage.driver.open().await.unwrap();
    stage.far.unplug();
    sleep(Duration::from_millis(10)).await;
    stage.far.never_answers("0001");
    sleep(Duration::from_secs(600)).await;
    // Opened, asked three times within nine seconds, and let go: with ten seconds of rest between.
    let tries = stage.far.count("open") - 1;
    assert!((25..=40).contains(&tries), "{tries}");
}

/// Bytes of every kind before, between and after the device's messages.
#[tokio::test(start_paused = true)]
async fn noise_changes_nothing() {
    let mut wrong_sum = told("KA004", "ref1");
    *wrong_sum.iter_mut().rev().nth(1).unwrap() ^= 1;
    let mut long = vec![0x02];
    long.extend(std::iter::repeat_n(b'0', 10_000));
    let mut short = told("KA004", "ref1");
    short.drain(20..40);
    let noise: Vec<u8> = (0..=255u8).cycle().take(4_000).collect();
    let rows = [
        ("wrong checksum", wrong_sum),
        ("wrong length", b"\x020025000\x03".to_vec()),
        ("a hole in it", short),
        ("a frame of 10 kB", long),
        ("binary noise", noise),
        ("marks without end", vec![0x02; 600]),
        ("an echo of a request", bytes(&Message::LinkTest)),
        ("acknowledgements", vec![0x06, 0x15, 0x06, 0x15, 0x15, 0x15]),
    ];
    for (name, rubbish) in rows {
        let stage = stage();
        let rubbish = [rubbish.as_slice(), &[0x03]].concat();
        stage.far.plays("0011", move |asked| {
            let mrn = asked.mrn().unwrap().to_owned();
            let started = bytes(&Message::Started { result: Code::of("00"), mrn: mrn.clone() });
            let ours = told("00", &mrn);
            let noisy = |bytes: &[u8]| (10, Some([&rubbish, bytes, &rubbish].concat()));
            vec![noisy(&started), noisy(&ours)]
        });
        let outcome = stage.pay().await.unwrap();
        assert_eq!(outcome.said, Said::Approved, "{name}");
        assert_eq!(stage.far.count("0011"), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_minute_of_noise_does_not_stop_the_clock_or_hide_a_result() {
    let stage = stage();
    let noise: Vec<u8> = (0..=255u8).rev().cycle().take(1_150).collect();
    stage.far.plays("0011", move |asked| {
        let mrn = asked.mrn().unwrap().to_owned();
        let started = bytes(&Message::Started { result: Code::of("00"), mrn: mrn.clone() });
        let mut doings = vec![(10, Some(started))];
        doings.extend((0..600).map(|_| (100, Some(noise.clone()))));
        doings.push((100, Some(told("00", &mrn))));
        doings
    });
    stage.far.finds("KA024");
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert!((60..=62).contains(&stage.far.elapsed_s()), "{}", stage.far.elapsed_s());
    // A silent payment among noise is given up in time all the same.
    let stage = self::stage();
    let noise: Vec<u8> = vec![0x55; 100];
    stage.far.plays("0011", move |_| (0..600).map(|_| (20, Some(noise.clone()))).collect());
    assert_eq!(of(&stage.pay().await.unwrap_err()), (Certainty::Unknown, "deadline_passed"));
    assert!(stage.far.elapsed_s() <= 10);
}

#[tokio::test(start_paused = true)]
async fn half_a_frame_and_its_late_rest_are_no_result() {
    let stage = stage();
    stage.far.plays("0011", |asked| {
        let mrn = asked.mrn().unwrap().to_owned();
        let started = bytes(&Message::Started { result: Code::of("00"), mrn: mrn.clone() });
        let (first, rest) = (told("00", &mrn)[..70].to_vec(), told("00", &mrn)[70..].to_vec());
        vec![(10, Some(started)), (10, Some(first)), (501, Some(rest)), (4_000, Some(told("KA004", &mrn)))]
    });
    assert_eq!(stage.pay().await.unwrap().said, Said::Declined, "the whole frame counts");
}

#[tokio::test(start_paused = true)]
async fn with_acknowledgements_the_same_payment_works() {
    let stage: Stage = staged("acknak = true");
    let acked = |message: Message| {
        let frame = bytes(&message);
        vec![(5, Some(vec![0x06])), (5, Some(frame))]
    };
    stage.far.plays("0001", move |_| {
        acked(Message::LinkTested {
            result: Code::of("00"),
            terminal: "KP0001".to_owned(),
            profile: "KS01".to_owned(),
        })
    });
    stage.far.plays("0011", move |asked| {
        let mrn = asked.mrn().unwrap().to_owned();
        let mut doings = acked(Message::Started { result: Code::of("00"), mrn: mrn.clone() });
        doings.push((1_000, Some(told("00", &mrn))));
        doings
    });
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert_eq!((stage.far.count("0011"), stage.far.count("0026")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn closing_lets_the_port_go() {
    let stage = stage();
    stage.driver.open().await.unwrap();
    stage.driver.close().await;
    sleep(Duration::from_millis(10)).await;
    let line = stage.far.lines();
    assert_eq!(line, ["open", "0001"]);
    assert!(stage.far_is_free(), "the line is closed");
}
