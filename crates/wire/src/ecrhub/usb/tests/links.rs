//! The link, row by row of dossier section 4.6.

use super::super::frame::{Frame, LONGEST_DATA, TooLong};
use super::super::link::{Happened, Link, Refused, Token, Why, after};
use super::framed;
use proptest::prelude::*;

fn up() -> Link {
    up_at(0)
}

fn up_at(now: u64) -> Link {
    let mut link = Link::default();
    link.shake(now);
    assert!(link.take(&framed(&Frame::CONFIRM), now).contains(&Happened::Up));
    link
}

fn send(link: &mut Link, text: &str, now: u64) -> (Token, Vec<Happened>) {
    link.send(text.as_bytes(), now).unwrap_or_else(|error| panic!("{error}"))
}

fn come(link: &mut Link, frame: &Frame, now: u64) -> Vec<Happened> {
    link.take(&framed(frame), now)
}

fn written(frame: &Frame) -> Happened {
    Happened::Write(framed(frame))
}

fn sent(token: Token, id: u8, text: &str) -> Happened {
    Happened::Send(token, framed(&Frame::data(id, text.as_bytes())))
}

/// Runs the clock as the link asks for it, with a heartbeat from the terminal every second if it lives.
fn run(link: &mut Link, from: u64, to: u64, lives: bool) -> Vec<(u64, Happened)> {
    let mut all = Vec::new();
    for now in from..=to {
        if lives && now % 1_000 == 500 {
            all.extend(come(link, &Frame::HEARTBEAT, now).into_iter().map(|what| (now, what)));
        }
        if link.until().is_some_and(|until| now >= until) {
            all.extend(link.tick(now).into_iter().map(|what| (now, what)));
        }
    }
    all
}

fn times(all: &[(u64, Happened)], is_it: impl Fn(&Happened) -> bool) -> Vec<u64> {
    all.iter().filter(|(_, what)| is_it(what)).map(|(at, _)| *at).collect()
}

#[test]
fn a_handshake_is_repeated_until_ten_seconds_have_passed() {
    let mut link = Link::default();
    assert_eq!(link.shake(0), [written(&Frame::HANDSHAKE)]);
    let all = run(&mut link, 1, 20_000, false);
    let shakes = times(&all, |what| *what == written(&Frame::HANDSHAKE));
    assert_eq!(shakes, [1_100, 2_200, 3_300, 4_400, 5_500, 6_600, 7_700, 8_800, 9_900]);
    assert_eq!(all.last(), Some(&(10_000, Happened::Down(Why::Unconfirmed))));
    assert_eq!(link.until(), None);
}

#[test]
fn nothing_is_sent_before_the_handshake_is_confirmed() {
    let mut link = Link::default();
    assert_eq!(link.send(b"{}", 0), Err(Refused::Down));
    link.shake(0);
    assert_eq!(link.send(b"{}", 0), Err(Refused::Down));
    // A heartbeat is no confirmation: the terminal may still take the next frame for an old one.
    come(&mut link, &Frame::HEARTBEAT, 5);
    assert_eq!(link.send(b"{}", 5), Err(Refused::Down));
    assert_eq!(come(&mut link, &Frame::CONFIRM, 6), [Happened::Up, written(&Frame::HEARTBEAT)]);
    assert_eq!(send(&mut link, "{}", 7).1.len(), 1);
}

#[test]
fn a_message_that_is_too_long_is_refused_before_anything_leaves() {
    let mut link = up();
    let longest = "x".repeat(LONGEST_DATA);
    let (token, happened) = send(&mut link, &longest, 1);
    assert_eq!(happened, [sent(token, 1, &longest)]);
    assert_eq!(
        link.send("x".repeat(LONGEST_DATA + 1).as_bytes(), 1),
        Err(Refused::TooLong(TooLong { bytes: 1_015 }))
    );
}

#[test]
fn a_heartbeat_every_second_and_down_after_six_of_silence() {
    let mut link = up();
    let all = run(&mut link, 1, 10_000, false);
    assert_eq!(
        times(&all, |what| *what == written(&Frame::HEARTBEAT)),
        [1_000, 2_000, 3_000, 4_000, 5_000]
    );
    assert_eq!(all.last(), Some(&(6_000, Happened::Down(Why::Silent))));
    let mut link = up();
    let all = run(&mut link, 1, 60_000, true);
    assert!(times(&all, |what| matches!(what, Happened::Down(_))).is_empty());
    assert!(link.is_up());
}

#[test]
fn a_frame_goes_out_again_with_the_same_number_until_it_is_acknowledged() {
    let mut link = up();
    let (token, happened) = send(&mut link, "a", 0);
    assert_eq!(happened, [sent(token, 1, "a")]);
    let all = run(&mut link, 1, 3_000, true);
    assert_eq!(times(&all, |what| *what == sent(token, 1, "a")), [300, 600, 900, 1_900, 2_900]);
    // Another frame's acknowledgement is none.
    assert_eq!(come(&mut link, &Frame::ack(2), 3_001), []);
    assert_eq!(come(&mut link, &Frame::ack(1), 3_002), [Happened::Delivered(token)]);
    let all = run(&mut link, 3_003, 9_000, true);
    assert!(times(&all, |what| matches!(what, Happened::Send(..))).is_empty());
    assert_eq!(come(&mut link, &Frame::ack(1), 9_001), []);
}

#[test]
fn a_frame_that_nobody_acknowledges_is_given_up_after_ten_seconds() {
    let mut link = up();
    let (token, _) = send(&mut link, "a", 0);
    let all = run(&mut link, 1, 20_000, true);
    assert_eq!(times(&all, |what| *what == Happened::Dropped(token)), [10_000]);
    assert_eq!(all.last(), Some(&(10_000, Happened::Down(Why::Unacknowledged))));
    assert_eq!(times(&all, |what| matches!(what, Happened::Send(..))).last(), Some(&9_900));
}

#[test]
fn one_message_at_a_time_in_their_order() {
    let mut link = up();
    let (a, _) = send(&mut link, "a", 0);
    let (b, happened) = send(&mut link, "b", 0);
    assert_eq!(happened, []);
    let acked = come(&mut link, &Frame::ack(1), 50);
    assert_eq!(acked, [Happened::Delivered(a), sent(b, 2, "b")]);
    // The second one has its own ten seconds.
    let all = run(&mut link, 51, 10_049, true);
    assert!(times(&all, |what| matches!(what, Happened::Dropped(_))).is_empty());
    assert_eq!(
        run(&mut link, 10_050, 10_050, true).last(),
        Some(&(10_050, Happened::Down(Why::Unacknowledged)))
    );
}

#[test]
fn too_many_that_wait_are_refused() {
    let mut link = up();
    for _ in 0..17 {
        send(&mut link, "a", 0);
    }
    assert_eq!(link.send(b"a", 0), Err(Refused::Full));
}

#[test]
fn an_answer_is_acknowledged_as_often_as_it_comes_and_told_once() {
    let mut link = up();
    let answer = Frame::data(5, b"x");
    assert_eq!(come(&mut link, &answer, 1), [written(&Frame::ack(5)), Happened::Came(b"x".to_vec())]);
    for at in 2..6 {
        assert_eq!(come(&mut link, &answer, at), [written(&Frame::ack(5))]);
    }
    let next = Frame::data(6, b"x");
    assert_eq!(come(&mut link, &next, 9), [written(&Frame::ack(6)), Happened::Came(b"x".to_vec())]);
}

#[test]
fn an_answer_may_carry_the_acknowledgement() {
    let mut link = up();
    let (token, _) = send(&mut link, "q", 0);
    let answer = Frame { ack: 1, ..Frame::data(5, b"x") };
    let happened = come(&mut link, &answer, 1);
    let told = [Happened::Delivered(token), written(&Frame::ack(5)), Happened::Came(b"x".to_vec())];
    assert_eq!(happened, told);
}

#[test]
fn a_frame_without_a_number_tells_nothing_and_one_without_data_is_an_empty_message() {
    let mut link = up();
    assert_eq!(come(&mut link, &Frame::data(0, b"x"), 1), []);
    let told = [written(&Frame::ack(3)), Happened::Came(Vec::new())];
    assert_eq!(come(&mut link, &Frame::data(3, b""), 1), told);
}

#[test]
fn numbers_go_round_without_nought() {
    assert_eq!((after(0), after(1), after(0xFE), after(0xFF)), (1, 2, 0xFF, 1));
    let mut link = up();
    let mut ids = Vec::new();
    for round in 0..512_u64 {
        let (_, happened) = send(&mut link, "a", round);
        let [Happened::Send(_, bytes)] = happened.as_slice() else { panic!("{happened:?}") };
        ids.push(bytes[4]);
        come(&mut link, &Frame::ack(bytes[4]), round);
    }
    assert_eq!(ids[253..257], [0xFE, 0xFF, 1, 2]);
    assert!(!ids.contains(&0));
    // The other side's, too: 01 after FF is another frame.
    come(&mut link, &Frame::data(0xFF, b"x"), 600);
    let told = come(&mut link, &Frame::data(1, b"y"), 601);
    assert_eq!(told, [written(&Frame::ack(1)), Happened::Came(b"y".to_vec())]);
}

#[test]
fn a_handshake_drops_what_was_on_its_way_and_never_sends_it_again() {
    let mut link = up();
    let (a, _) = send(&mut link, "a", 0);
    let (b, _) = send(&mut link, "b", 0);
    assert_eq!(link.shake(100), [Happened::Dropped(a), Happened::Dropped(b), written(&Frame::HANDSHAKE)]);
    come(&mut link, &Frame::CONFIRM, 120);
    let all = run(&mut link, 121, 5_000, true);
    assert!(times(&all, |what| matches!(what, Happened::Send(..))).is_empty());
    // Numbers begin at the beginning.
    let (c, happened) = send(&mut link, "c", 5_001);
    assert_eq!(happened, [sent(c, 1, "c")]);
}

#[test]
fn a_handshake_forgets_which_answer_came_last() {
    let mut link = up();
    come(&mut link, &Frame::data(1, b"x"), 1);
    link.shake(100);
    come(&mut link, &Frame::CONFIRM, 120);
    let told = come(&mut link, &Frame::data(1, b"y"), 130);
    assert_eq!(told, [written(&Frame::ack(1)), Happened::Came(b"y".to_vec())]);
}

#[test]
fn a_second_confirmation_drops_what_the_terminal_may_have_forgotten() {
    let mut link = up();
    let (a, _) = send(&mut link, "a", 0);
    let (b, _) = send(&mut link, "b", 0);
    // What had not left goes out, under the next number.
    assert_eq!(come(&mut link, &Frame::CONFIRM, 100), [Happened::Dropped(a), sent(b, 2, "b")]);
    assert!(link.is_up());
}

#[test]
fn a_handshake_of_the_other_side_ends_the_link_unless_it_is_an_echo() {
    let mut link = Link::default();
    link.shake(0);
    assert_eq!(come(&mut link, &Frame::HANDSHAKE, 10), [], "an echo confirms nothing");
    come(&mut link, &Frame::CONFIRM, 20);
    assert_eq!(come(&mut link, &Frame::HANDSHAKE, 999), []);
    let (token, _) = send(&mut link, "a", 999);
    let ended = [Happened::Dropped(token), Happened::Down(Why::Anew)];
    assert_eq!(come(&mut link, &Frame::HANDSHAKE, 1_000), ended);
    // A storm of them does nothing more.
    for at in 1_001..1_100 {
        assert_eq!(come(&mut link, &Frame::HANDSHAKE, at), []);
    }
}

#[test]
fn a_pulled_cable_drops_everything() {
    let mut link = up();
    let (a, _) = send(&mut link, "a", 0);
    let (b, _) = send(&mut link, "b", 0);
    link.take(&[0x55, 0xAA, 0], 1);
    assert_eq!(link.unplugged(), [Happened::Dropped(a), Happened::Dropped(b)]);
    assert_eq!((link.until(), link.is_up()), (None, false));
}

#[test]
fn what_came_tells_noise_from_silence() {
    let mut link = Link::default();
    link.shake(0);
    assert_eq!((link.heard().whole, link.heard().damaged), (false, false));
    link.take(b"hello", 1);
    assert_eq!((link.heard().whole, link.heard().damaged), (false, false));
    link.take(&[0x55, 0xAA, 0, 0, 0, 0, 0, 1, 0xCC, 0x33], 2);
    assert_eq!((link.heard().whole, link.heard().damaged), (false, true));
    come(&mut link, &Frame::HEARTBEAT, 3);
    assert!(link.heard().whole);
}

/// A terminal that acknowledges and remembers the last number, as section 4.6 has it.
#[derive(Default)]
struct Far {
    last: u8,
    taken: Vec<Vec<u8>>,
}

proptest! {
    /// Whatever is lost on the way: each message is taken at most once, in order, and what is told as
    /// delivered was taken.
    #[test]
    fn no_message_is_taken_twice(fates in proptest::collection::vec(0u8..4, 1..300)) {
        let mut link = up();
        let mut far = Far::default();
        let mut fates = fates.into_iter().cycle();
        let (mut count, mut delivered, mut tokens) = (0_u32, Vec::new(), Vec::new());
        let mut now = 0;
        let mut happened = Vec::new();
        while now < 60_000 {
            now += 50;
            if now % 700 == 0 && link.is_up() {
                count += 1;
                if let Ok((token, what)) = link.send(count.to_string().as_bytes(), now) {
                    tokens.push((token, count.to_string().into_bytes()));
                    happened.extend(what);
                }
            }
            if now % 1_000 == 0 {
                happened.extend(come(&mut link, &Frame::HEARTBEAT, now));
            }
            happened.extend(link.tick(now));
            while let Some(what) = happened.pop() {
                match what {
                    Happened::Send(_, bytes) => {
                        let fate = fates.next().unwrap_or_default();
                        if fate == 0 {
                            continue;
                        }
                        let (id, data) = (bytes[4], bytes[7..bytes.len() - 3].to_vec());
                        if far.last != id {
                            far.last = id;
                            far.taken.push(data);
                        }
                        if fate != 1 {
                            happened.extend(come(&mut link, &Frame::ack(id), now));
                        }
                    }
                    Happened::Delivered(token) => delivered.push(token),
                    Happened::Down(_) => {
                        // The line is opened again: the other side forgets.
                        far.last = 0;
                        link.shake(now);
                        happened.extend(come(&mut link, &Frame::CONFIRM, now));
                    }
                    Happened::Write(_) | Happened::Up | Happened::Came(_) | Happened::Dropped(_) => {}
                }
            }
        }
        let mut once = far.taken.clone();
        once.dedup();
        prop_assert_eq!(&once, &far.taken);
        let numbers: Vec<u32> =
            far.taken.iter().filter_map(|it| String::from_utf8_lossy(it).parse().ok()).collect();
        prop_assert!(numbers.is_sorted_by(|one, other| one < other), "{numbers:?}");
        for (token, text) in tokens {
            prop_assert!(!delivered.contains(&token) || far.taken.contains(&text));
        }
    }

    #[test]
    fn any_bytes_do_no_harm(
        pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..60),
    ) {
        let mut link = up();
        let (token, _) = send(&mut link, "a", 0);
        let mut now = 0;
        for piece in pieces {
            now += 90;
            let happened = link.take(&piece, now);
            prop_assert!(!happened.contains(&Happened::Delivered(token)));
            link.tick(now);
        }
    }
}
