//! Frames and their fields: the dossier's vectors, and bytes that are no frame.

use super::super::serial::{
    Bad, Collector, Found, GAP_MS, LONGEST, Message, PaymentResult, Settled, Start, TABLE, checksum,
    framed, shape,
};
use super::super::{Code, DecodeError, Method};
use proptest::prelude::*;

const ID: &str = "T07-20260314-000123";
const MID: &str = "000010000099999";

fn blanks(count: usize) -> String {
    " ".repeat(count)
}

fn result(code: &str, method: Method, approval: &str) -> Message {
    Message::Result(PaymentResult {
        result: Code::of(code),
        amount: 1850,
        item: "LANE07".to_owned(),
        mid: MID.to_owned(),
        mrn: ID.to_owned(),
        kind: "STX".to_owned(),
        method,
        approval: approval.to_owned(),
    })
}

/// Section 7.3: message, text between the marks without checksum, checksum, bytes of the whole frame.
fn vectors() -> Vec<(Message, String, &'static str, usize)> {
    let (mid, mrn) = (MID.to_owned(), ID.to_owned());
    let (wide, item) = (blanks(21), blanks(58));
    vec![
        (Message::Heard { result: Code::of("KA011") }, "0026KA011".to_owned(), "3E", 13),
        (Message::Enquiry { mid: mid.clone(), mrn: mrn.clone() }, format!("0013{MID}{wide}{ID}"), "49", 63),
        (
            Message::Started { result: Code::of("00000"), mrn: mrn.clone() },
            format!("001200000{wide}{ID}"),
            "40",
            53,
        ),
        (
            Message::Start(Start {
                amount: 1850,
                currency: 458,
                kind: "STX".to_owned(),
                method: Method::Any,
                mid,
                mrn,
                item: "LANE07".to_owned(),
            }),
            format!("0011000000001850458STX00{MID}{wide}{ID}{item}LANE07"),
            "20",
            147,
        ),
        (
            result("00000", Method::Card, "484684"),
            format!("002500000000000001850{item}LANE07{MID}{wide}{ID}STX01484684"),
            "2D",
            155,
        ),
        (
            result("KA004", Method::Card, "000000"),
            format!("0025KA004000000001850{item}LANE07{MID}{wide}{ID}STX01000000"),
            "21",
            155,
        ),
    ]
}

#[test]
fn every_vector_is_made_and_read_byte_for_byte() {
    for (message, text, sum, length) in vectors() {
        let frame = format!("\u{2}{text}{sum}\u{3}").into_bytes();
        assert_eq!(frame.len(), length, "{message:?}");
        assert_eq!(framed(&message.encode().unwrap()), frame, "{message:?}");
        let found = Collector::default().take(&frame, 0);
        assert_eq!(found, [Found::Frame(text.clone())]);
        assert_eq!(Message::decode(&text), Ok(message));
    }
}

/// The one complete frame that is public.
#[test]
fn the_published_reply_is_a_frame() {
    assert_eq!(framed("002600000"), b"\x0200260000034\x03");
    assert_eq!(Message::decode("002600000"), Ok(Message::Heard { result: Code::of("00") }));
}

#[test]
fn lengths_are_those_that_the_dossier_counts() {
    for (mti, length) in [("0025", 151), ("0026", 9), ("0013", 59), ("0012", 49), ("0011", 143)] {
        assert_eq!(shape(mti).unwrap().length(), length);
    }
    assert!(TABLE.iter().all(|shape| shape.length() <= LONGEST));
}

#[test]
fn a_wrong_checksum_or_length_is_no_message() {
    let frame = framed("002600000");
    for at in 1..frame.len() - 1 {
        let mut frame = frame.clone();
        frame[at] ^= 1;
        let found = Collector::default().take(&frame, 0);
        assert!(
            matches!(found.as_slice(), [Found::Bad(_)] | [Found::Bad(_), Found::Bad(_)]),
            "{at}: {found:?}"
        );
    }
    for text in ["0026", "00260000", "0026000000", "0099", "00010", "0013x"] {
        let Err(DecodeError::Field(_)) = Message::decode(text) else { panic!("{text} is no message") };
    }
    let letters = format!("0025{}", "x".repeat(147));
    assert_eq!(Message::decode(&letters), Err(DecodeError::Field("amount")));
}

#[test]
fn a_frame_of_ten_thousand_bytes_is_dropped_and_the_next_one_is_read() {
    let mut bytes = vec![2];
    bytes.extend(std::iter::repeat_n(b'0', 10_000));
    bytes.extend(framed("002600000"));
    let found = Collector::default().take(&bytes, 0);
    assert_eq!(found, [Found::Bad(Bad::Length), Found::Frame("002600000".to_owned())]);
}

#[test]
fn a_minute_of_noise_does_not_hide_a_frame() {
    let mut collector = Collector::default();
    let mut state = 7u32;
    for second in 0..60 {
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .take(11_520)
        .collect();
        let found = collector.take(&noise, second * 1_000);
        assert!(found.iter().all(|found| !matches!(found, Found::Frame(_))));
    }
    let found = collector.take(&framed("002600000"), 61_000);
    assert_eq!(found.last(), Some(&Found::Frame("002600000".to_owned())));
}

#[test]
fn half_a_frame_ends_with_silence() {
    let frame = framed("002600000");
    let mut collector = Collector::default();
    assert_eq!(collector.take(&frame[..6], 0), []);
    assert_eq!(collector.silence(GAP_MS), None);
    assert_eq!(collector.take(&frame[6..], GAP_MS), [Found::Frame("002600000".to_owned())], "in time");
    assert_eq!(collector.take(&frame[..6], 1_000), []);
    let late = collector.take(&frame[6..], 1_000 + GAP_MS + 1);
    assert_eq!(late, [Found::Bad(Bad::CutOff)], "the rest begins no frame");
}

#[test]
fn a_second_beginning_ends_the_first_frame() {
    let frame = framed("002600000");
    let bytes = [&frame[..6], &frame[..]].concat();
    let found = Collector::default().take(&bytes, 0);
    assert_eq!(found, [Found::Bad(Bad::CutOff), Found::Frame("002600000".to_owned())]);
    let two = Collector::default().take(&[&frame[..], &frame[..]].concat(), 0);
    assert_eq!(two.len(), 2, "two frames in one read");
}

#[test]
fn what_does_not_fit_is_not_sent() {
    let long = Message::Enquiry { mid: MID.to_owned(), mrn: "x".repeat(41) };
    assert_eq!(long.encode().map_err(|error| error.0), Err("mrn"));
    for sign in ["é", "\u{3}", " x"] {
        let odd = Message::Enquiry { mid: MID.to_owned(), mrn: sign.to_owned() };
        assert_eq!(odd.encode().map_err(|error| error.0), Err("mrn"), "{sign:?}");
    }
    let much = Message::Refund {
        mid: MID.to_owned(),
        mrn: ID.to_owned(),
        original: ID.to_owned(),
        amount: 1_000_000_000_000,
    };
    assert_eq!(much.encode().map_err(|error| error.0), Err("amount"));
}

fn id() -> impl Strategy<Value = String> {
    "[A-Z0-9-]{0,15}"
}

fn any_message() -> impl Strategy<Value = Message> {
    let code = prop_oneof![Just("00000"), Just("KA004"), Just("KP078"), Just("AR001")].prop_map(Code::of);
    let payment = (code, 0u64..1_000_000_000_000, id(), id(), id(), "[0-9]{6}").prop_map(
        |(result, amount, item, mid, mrn, approval)| PaymentResult {
            result,
            amount,
            item,
            mid,
            mrn,
            kind: "STX".to_owned(),
            method: Method::DuitNowShown,
            approval,
        },
    );
    (payment, 0u16..10_000, 0u32..1_000_000, 0..16).prop_map(|(it, count, batch, which)| {
        let PaymentResult { result, amount, item, mid, mrn, approval, method, kind } = it.clone();
        match which {
            0 => Message::LinkTest,
            1 => Message::LinkTested { result, terminal: "KP01".to_owned(), profile: "KS01".to_owned() },
            2 => Message::Start(Start { amount, currency: count % 1_000, kind, method, mid, mrn, item }),
            3 => Message::Started { result, mrn },
            4 => Message::Enquiry { mid, mrn },
            5 => Message::Answer(it),
            6 => Message::Void { mid, mrn, approval },
            7 => Message::Voided { result, mrn, approval },
            8 => Message::Abort { mrn },
            9 => Message::Aborted { result },
            10 => Message::Settle { mid },
            11 => Message::Settled(Settled {
                result,
                batch,
                sales: count,
                sales_amount: amount,
                voids: count,
                voids_amount: amount,
            }),
            12 => Message::Refund { mid, mrn, original: item, amount },
            13 => Message::Refunded { result, mrn, approval },
            14 => Message::Result(it),
            _ => Message::Heard { result },
        }
    })
}

proptest! {
    #[test]
    fn every_message_goes_there_and_back(message in any_message()) {
        let text = message.encode().unwrap();
        prop_assert_eq!(text.len(), shape(message.mti()).unwrap().length());
        prop_assert_eq!(Message::decode(&text), Ok(message));
    }

    #[test]
    fn however_bytes_are_split_the_frames_are_the_same(
        messages in proptest::collection::vec(any_message(), 1..4),
        cuts in proptest::collection::vec(0usize..600, 0..8),
    ) {
        let texts: Vec<String> = messages.iter().map(|message| message.encode().unwrap()).collect();
        let bytes: Vec<u8> = texts.iter().flat_map(|text| framed(text)).collect();
        let cut = |cut: usize| cut % bytes.len();
        let mut cuts: Vec<usize> = cuts.into_iter().map(cut).chain([bytes.len()]).collect();
        cuts.sort_unstable();
        let (mut collector, mut from, mut found) = (Collector::default(), 0, Vec::new());
        for (at, cut) in (0u64..).zip(cuts) {
            found.extend(collector.take(&bytes[from..cut], at));
            from = cut;
        }
        let frames: Vec<_> = texts.into_iter().map(Found::Frame).collect();
        prop_assert_eq!(found, frames);
    }

    #[test]
    fn a_message_that_is_cut_is_never_a_shorter_one(message in any_message(), at in 0usize..600) {
        let text = message.encode().unwrap();
        let at = at % text.len();
        prop_assert!(Message::decode(&text[..at]).is_err());
    }

    #[test]
    fn noise_never_panics_and_holds_one_frame_at_most(
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
    ) {
        for found in Collector::default().take(&bytes, 0) {
            if let Found::Frame(text) = found {
                prop_assert!(text.len() <= LONGEST);
                let _ = Message::decode(&text);
            }
        }
        let _ = checksum(&bytes);
    }
}
