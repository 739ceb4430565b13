//! The link: waiting, resends, results that come by themselves, with a clock that the test moves.

use super::super::serial::{Bad, Happened, Link, LinkOptions, Message, PaymentResult, Start, framed};
use super::super::{Code, Method};

const ID: &str = "T07-20260314-000123";

fn start() -> Message {
    Message::Start(Start {
        amount: 1850,
        currency: 458,
        kind: "STX".to_owned(),
        method: Method::Any,
        mid: "000010000099999".to_owned(),
        mrn: ID.to_owned(),
        item: "LANE07".to_owned(),
    })
}

fn started(mrn: &str) -> Message {
    Message::Started { result: Code::of("00"), mrn: mrn.to_owned() }
}

fn result(code: &str) -> PaymentResult {
    PaymentResult {
        result: Code::of(code),
        amount: 1850,
        item: "LANE07".to_owned(),
        mid: "000010000099999".to_owned(),
        mrn: ID.to_owned(),
        kind: "STX".to_owned(),
        method: Method::Card,
        approval: "484684".to_owned(),
    }
}

fn bytes(message: &Message) -> Vec<u8> {
    framed(&message.encode().unwrap())
}

fn heard() -> Happened {
    Happened::Write(bytes(&Message::Heard { result: Code::of("00") }))
}

fn link(acknak: bool) -> Link {
    Link::new(LinkOptions { acknak })
}

#[test]
fn a_request_is_answered() {
    let mut link = link(false);
    assert_eq!(link.send(&start(), 0).unwrap(), [Happened::Write(bytes(&start()))]);
    assert_eq!(link.until(), Some(3_000));
    let answered = link.take(&bytes(&started(ID)), 40);
    assert_eq!(answered, [Happened::Reply { message: started(ID), sends: 1 }]);
    assert!(!link.is_waiting());
    assert_eq!(link.until(), None);
}

#[test]
fn a_device_that_never_answers_is_asked_three_times_and_lost() {
    let mut link = link(false);
    link.send(&start(), 0).unwrap();
    assert_eq!(link.tick(2_999), []);
    assert_eq!(link.tick(3_000), [Happened::Write(bytes(&start()))]);
    assert_eq!(link.tick(6_000), [Happened::Write(bytes(&start()))]);
    assert_eq!(link.tick(9_000), [Happened::Lost]);
    assert_eq!(link.tick(60_000), []);
    let late = link.take(&bytes(&started(ID)), 60_001);
    assert_eq!(late, [Happened::Unasked("0012")], "an answer after that is nobody's");
}

#[test]
fn an_answer_to_a_resent_request_says_so() {
    let mut link = link(false);
    link.send(&start(), 0).unwrap();
    link.tick(3_000);
    let answered = link.take(&bytes(&started(ID)), 3_100);
    assert_eq!(answered, [Happened::Reply { message: started(ID), sends: 2 }]);
    let again = link.take(&bytes(&started(ID)), 3_200);
    assert_eq!(again, [Happened::Unasked("0012")], "a device that answers twice is heard once");
}

#[test]
fn a_reply_for_another_payment_is_nobodys() {
    let mut link = link(false);
    link.send(&start(), 0).unwrap();
    assert_eq!(link.take(&bytes(&started("T08-1")), 10), [Happened::Unasked("0012")]);
    let other = Message::Aborted { result: Code::of("00") };
    assert_eq!(link.take(&bytes(&other), 20), [Happened::Unasked("0018")]);
    assert!(link.is_waiting());
}

#[test]
fn a_result_is_told_once_and_answered_every_time() {
    let mut link = link(false);
    let frame = bytes(&Message::Result(result("00")));
    assert_eq!(link.take(&frame, 0), [heard(), Happened::Result(result("00"))]);
    for time in [5_000, 10_000, 30_000] {
        assert_eq!(link.take(&frame, time), [heard()]);
    }
    let other = bytes(&Message::Result(result("KA004")));
    assert_eq!(link.take(&other, 31_000), [heard(), Happened::Result(result("KA004"))]);
}

#[test]
fn a_result_in_the_middle_of_a_request_does_not_answer_it() {
    let mut link = link(false);
    link.send(&Message::Enquiry { mid: String::new(), mrn: ID.to_owned() }, 0).unwrap();
    let both = [bytes(&Message::Result(result("00"))), bytes(&Message::Answer(result("00")))].concat();
    let happened = link.take(&both, 10);
    let answer = Happened::Reply { message: Message::Answer(result("00")), sends: 1 };
    assert_eq!(happened, [heard(), Happened::Result(result("00")), answer]);
}

#[test]
fn noise_before_and_after_an_answer_changes_nothing() {
    let mut link = link(false);
    link.send(&start(), 0).unwrap();
    let noisy = [&[0xff, 0x00, 0x03, 0x41][..], &bytes(&started(ID)), &[0x03, 0x15, 0x06]].concat();
    assert_eq!(link.take(&noisy, 10), [Happened::Reply { message: started(ID), sends: 1 }]);
}

#[test]
fn a_bad_frame_is_dropped_without_a_word() {
    let mut frame = bytes(&started(ID));
    frame[7] ^= 1;
    let mut quiet = link(false);
    quiet.send(&start(), 0).unwrap();
    assert_eq!(quiet.take(&frame, 10), [Happened::Dropped(Bad::Checksum)]);
    assert!(quiet.is_waiting());
    let mut loud = link(true);
    assert_eq!(loud.take(&frame, 10), [Happened::Write(vec![0x15]), Happened::Dropped(Bad::Checksum)]);
}

#[test]
fn a_frame_that_is_left_half_is_noticed_by_time() {
    let mut link = link(false);
    link.take(&bytes(&started(ID))[..9], 100);
    let due = link.until().unwrap();
    assert_eq!(link.tick(due), [Happened::Dropped(Bad::CutOff)]);
    assert_eq!(link.until(), None);
}

#[test]
fn with_acknak_a_frame_is_acknowledged_refused_and_sent_three_times_at_most() {
    let mut link = link(true);
    link.send(&start(), 0).unwrap();
    assert_eq!(link.until(), Some(1_000));
    assert_eq!(link.take(&[0x15], 100), [Happened::Write(bytes(&start()))], "NAK");
    assert_eq!(link.tick(1_100), [Happened::Write(bytes(&start()))], "no ACK");
    assert_eq!(link.take(&[0x06], 1_200), []);
    assert_eq!(link.until(), Some(4_200), "from the ACK on the answer has its time");
    let answered = link.take(&bytes(&started(ID)), 1_300);
    let reply = Happened::Reply { message: started(ID), sends: 3 };
    assert_eq!(answered, [Happened::Write(vec![0x06]), reply]);
    link.send(&start(), 2_000).unwrap();
    assert_eq!(link.take(&[0x15, 0x15, 0x15], 2_001).last(), Some(&Happened::Lost));
}

#[test]
fn unplugged_in_the_middle_is_lost_and_results_stay_told() {
    let mut link = link(false);
    let frame = bytes(&Message::Result(result("00")));
    link.take(&frame, 0);
    link.send(&start(), 0).unwrap();
    link.take(&bytes(&started(ID))[..20], 10);
    assert_eq!(link.unplugged(), [Happened::Lost]);
    assert_eq!(link.unplugged(), []);
    assert_eq!(link.take(&bytes(&started(ID))[20..], 20), [], "the rest of a frame is noise");
    assert_eq!(link.take(&frame, 30), [heard()], "a result that was told before is not told again");
}

#[test]
fn a_reply_cannot_be_sent_as_a_request() {
    assert!(link(false).send(&started(ID), 0).is_err());
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut link = link(false);
    for number in 0..1_000 {
        let mut one = result("00");
        one.mrn = number.to_string();
        assert_eq!(link.take(&bytes(&Message::Result(one)), 0).len(), 2);
    }
}

#[test]
fn noise_that_looks_like_a_refusal_after_an_acknowledgement_sends_nothing_again() {
    let mut link = link(true);
    link.send(&start(), 0).unwrap();
    link.take(&[0x06], 10);
    assert_eq!(link.take(&[0x15, 0x15, 0x15, 0x15], 20), []);
    assert_eq!(link.until(), Some(3_010), "the answer has its time");
    let answered = link.take(&bytes(&started(ID)), 100);
    assert_eq!(answered.last(), Some(&Happened::Reply { message: started(ID), sends: 1 }));
}

/// Also in the middle of a request, at the speed of the line.
#[test]
fn a_minute_of_noise_neither_answers_a_request_nor_stops_its_clock() {
    for acknak in [false, true] {
        let mut link = link(acknak);
        link.send(&start(), 0).unwrap();
        let (mut state, mut lost_at, mut sends) = (7u32, None, 1);
        for tick in 0..6_000u64 {
            let noise: Vec<u8> = std::iter::repeat_with(|| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .take(115)
            .collect();
            let now = tick * 10;
            let happened = [link.take(&noise, now), link.tick(now)].concat();
            for what in happened {
                match what {
                    Happened::Write(frame) if frame.len() > 1 => sends += 1,
                    Happened::Lost => lost_at = Some(now),
                    Happened::Reply { .. } | Happened::Result(_) => panic!("noise is no message"),
                    Happened::Write(_) | Happened::Dropped(_) | Happened::Unasked(_) => {}
                }
            }
        }
        assert_eq!(sends, 3, "acknak {acknak}");
        assert!(lost_at.is_some_and(|at| at <= 9_100), "{lost_at:?}");
        let result = link.take(&bytes(&Message::Result(result("00"))), 61_000);
        assert!(
            result.iter().any(|what| matches!(what, Happened::Result(_))),
            "what comes after it is read"
        );
    }
}

#[test]
fn our_own_words_coming_back_answer_nothing() {
    let mut link = link(false);
    link.send(&start(), 0).unwrap();
    assert_eq!(link.take(&bytes(&start()), 5), [Happened::Unasked("0011")]);
    assert!(link.is_waiting());
}
