//! Vectors and decoder rules of dossier sections 4.3 to 4.5.

use super::super::frame::{Decoder, Frame, Kind, LONGEST_DATA, SANE_DATA, TooLong, Took};
use super::{bytes, framed};
use proptest::prelude::*;

const QUERY: &str = include_str!("../../../../testdata/ecrhub/usb-query.json");
const ANSWER: &str = include_str!("../../../../testdata/ecrhub/usb-answer.json");
const QUERY_HEX: &str = include_str!("../../../../testdata/ecrhub/usb-query.hex");
const ANSWER_HEX: &str = include_str!("../../../../testdata/ecrhub/usb-answer.hex");

fn found(took: Vec<Took>) -> Vec<Frame> {
    let frames = took.into_iter().filter_map(|took| match took {
        Took::Frame(frame) => Some(frame),
        Took::Damaged => None,
    });
    frames.collect()
}

fn decoded(bytes: &[u8]) -> Vec<Frame> {
    found(Decoder::default().take(bytes, 0))
}

fn vectors() -> Vec<(&'static str, Frame)> {
    vec![
        ("55AA010000000001CC33", Frame::HANDSHAKE),
        ("55AA020000000002CC33", Frame::CONFIRM),
        ("55AA000000000000CC33", Frame::HEARTBEAT),
        ("55AA000100000001CC33", Frame::ack(1)),
        ("55AA000700000007CC33", Frame::ack(7)),
        ("55AA00FF000000FFCC33", Frame::ack(0xFF)),
        ("55AA00CC000000CCCC33", Frame::ack(0xCC)),
        ("55AA0055AA0000FFCC33", Frame { ack: 0x55, ..Frame::data(0xAA, b"") }),
        ("55AA0000FF000A7B2278223A22C3A9227DDBCC33", Frame::data(0xFF, r#"{"x":"é"}"#.as_bytes())),
        (QUERY_HEX, Frame::data(1, QUERY.as_bytes())),
        (ANSWER_HEX, Frame { ack: 1, ..Frame::data(5, ANSWER.as_bytes()) }),
    ]
}

#[test]
fn every_vector_both_ways() {
    for (hex, frame) in vectors() {
        assert_eq!(framed(&frame), bytes(hex), "{hex}");
        assert_eq!(decoded(&bytes(hex)), [frame], "{hex}");
    }
}

#[test]
fn byte_by_byte_merged_and_split_everywhere() {
    let all: Vec<u8> = vectors().iter().flat_map(|(hex, _)| bytes(hex)).collect();
    let frames: Vec<Frame> = vectors().into_iter().map(|(_, frame)| frame).collect();
    assert_eq!(decoded(&all), frames);
    let mut decoder = Decoder::default();
    let one_by_one: Vec<Frame> = all.iter().flat_map(|byte| found(decoder.take(&[*byte], 0))).collect();
    assert_eq!(one_by_one, frames);
    for cut in 0..all.len() {
        let mut decoder = Decoder::default();
        let mut both = found(decoder.take(&all[..cut], 0));
        both.extend(found(decoder.take(&all[cut..], 400)));
        assert_eq!(both, frames, "cut at {cut}");
    }
}

#[test]
fn a_wrong_checksum_is_dropped_and_the_next_frame_is_found() {
    assert_eq!(Decoder::default().take(&bytes("55AA000000000001CC33"), 0), [Took::Damaged]);
    assert_eq!(decoded(&bytes("55AA000000000001CC33 55AA000700000007CC33")), [Frame::ack(7)]);
    // A wrong end counts as much.
    assert_eq!(decoded(&bytes("55AA000700000007CC34 55AA000700000007CC33")), [Frame::ack(7)]);
}

#[test]
fn a_whole_frame_inside_a_damaged_one_is_found() {
    // The outer one tells ten bytes of data: they are an acknowledgement.
    assert_eq!(decoded(&bytes("55AA000001000A 55AA000700000007CC33 FF CC33")), [Frame::ack(7)]);
}

#[test]
fn noise_between_frames_and_half_beginnings() {
    let noisy = bytes("00FF55 55AA000100000001CC33 CC33 5555 55AA000200000002CC33 55");
    assert_eq!(decoded(&noisy), [Frame::ack(1), Frame::ack(2)]);
}

#[test]
fn the_end_mark_in_the_data_ends_nothing() {
    let data = [0xCC, 0x33, 0xCC, 0x33, b'C', b'C', b'3', b'3'];
    let frame = Frame::data(9, &data);
    assert_eq!(decoded(&framed(&frame)), [frame]);
}

#[test]
fn a_length_beyond_the_limit_is_no_frame() {
    let most = Frame::data(1, &vec![b'x'; SANE_DATA]);
    assert_eq!(decoded(&framed(&most)), [most]);
    let mut longer = framed(&Frame::data(1, &vec![b'x'; SANE_DATA + 1]));
    longer.extend(bytes("55AA000700000007CC33"));
    assert_eq!(decoded(&longer[..7]), []);
    assert_eq!(decoded(&longer), [Frame::ack(7)]);
    // It is not even waited for.
    assert_eq!(Decoder::default().take(&longer[..7], 0), [Took::Damaged]);
}

#[test]
fn what_is_too_long_for_a_terminal_is_not_written() {
    let fits = Frame::data(1, &[b'x'; LONGEST_DATA]).encode(LONGEST_DATA);
    assert_eq!(fits.map(|bytes| bytes.len()), Ok(1_024));
    let longer = Frame::data(1, &[b'x'; LONGEST_DATA + 1]).encode(LONGEST_DATA);
    assert_eq!(longer, Err(TooLong { bytes: 1_015 }));
    let longest = Frame::data(1, &vec![b'x'; 65_536]).encode(usize::MAX);
    assert_eq!(longest, Err(TooLong { bytes: 65_536 }));
}

#[test]
fn a_part_that_half_a_second_of_silence_ends_is_dropped() {
    let (part, rest) = (bytes("55AA0000"), bytes("01006C"));
    let mut decoder = Decoder::default();
    assert_eq!(decoder.take(&part, 100), []);
    assert_eq!(decoder.until(), Some(601));
    assert_eq!(decoder.tick(600), []);
    assert_eq!(decoder.tick(601), [Took::Damaged]);
    assert_eq!(decoder.until(), None);
    // Its end is noise.
    assert_eq!(decoder.take(&rest, 602), []);
    assert_eq!(found(decoder.take(&framed(&Frame::CONFIRM), 602)), [Frame::CONFIRM]);
}

#[test]
fn what_a_damaged_length_has_swallowed_is_found_when_the_line_is_silent() {
    let mut decoder = Decoder::default();
    let swallowed = [bytes("55AA0000013FFF"), framed(&Frame::ack(3)), framed(&Frame::HEARTBEAT)].concat();
    assert_eq!(decoder.take(&swallowed, 0), []);
    assert_eq!(found(decoder.tick(501)), [Frame::ack(3), Frame::HEARTBEAT]);
    assert_eq!(decoder.until(), None);
}

#[test]
fn what_a_damaged_length_swallows_is_found_on_a_line_that_is_never_silent() {
    let mut decoder = Decoder::default();
    decoder.take(&bytes("55AA0000013FFF"), 0);
    let mut frames = Vec::new();
    // Longer than a whole frame may take.
    for at in 1..=40 {
        frames.extend(found(decoder.take(&framed(&Frame::HEARTBEAT), at * 100)));
    }
    assert_eq!(frames.len(), 40, "none is lost");
}

proptest! {
    #[test]
    fn what_was_encoded_is_decoded(
        kind in 0u8..3, ack: u8, id: u8, data in proptest::collection::vec(any::<u8>(), 0..600),
        cut in 0usize..600,
    ) {
        let kind = [Kind::Common, Kind::Handshake, Kind::Confirm][usize::from(kind)];
        let frame = Frame { kind, ack, id, data };
        let all = framed(&frame);
        let mut decoder = Decoder::default();
        let cut = cut.min(all.len());
        let mut frames = found(decoder.take(&all[..cut], 0));
        frames.extend(found(decoder.take(&all[cut..], 1)));
        prop_assert_eq!(frames, [frame]);
    }

    #[test]
    fn any_bytes_end_in_a_bounded_memory_and_nothing_held(
        bytes in proptest::collection::vec(
            prop_oneof![Just(0x55u8), Just(0xAA), Just(0), any::<u8>()], 0..2_000,
        ),
    ) {
        let mut decoder = Decoder::default();
        let mut at = 0;
        for piece in bytes.chunks(7) {
            decoder.take(piece, at);
            at += 37;
        }
        decoder.tick(at + 501);
        prop_assert_eq!(decoder.until(), None);
        prop_assert_eq!(found(decoder.take(&framed(&Frame::ack(9)), at + 502)), [Frame::ack(9)]);
    }

    /// A frame that was cut off anywhere never becomes a shorter one.
    #[test]
    fn a_cut_message_is_none(text in "[ -~é€]{0,300}", cut in 1usize..300) {
        let all = framed(&Frame::data(4, text.as_bytes()));
        let cut = cut.min(all.len() - 1);
        let mut decoder = Decoder::default();
        let mut frames = found(decoder.take(&all[..cut], 0));
        frames.extend(found(decoder.tick(501)));
        prop_assert_eq!(frames, []);
    }
}
