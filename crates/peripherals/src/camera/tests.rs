//! Sources without a camera: what they show, and that nothing but the newest frame waits.

use std::sync::Barrier;
use std::time::Duration;

use super::{Fault, Folder, FrameSource, Sequence, TestPattern, draw, jpeg, mailbox};
use crate::code::{Luma, Reader};
use proptest::prelude::*;

/// A coloured JPEG of 64 by 64: eight columns of blocks, light and dark in turn.
const STRIPES: &[u8] = include_bytes!("../../testdata/stripes.jpg");

fn flat(grey: u8) -> Luma {
    Luma::new(64, 64, vec![grey; 64 * 64]).unwrap()
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn only_the_newest_frame_waits() {
    let (inlet, outlet) = mailbox();
    for grey in [1, 2, 3] {
        assert!(inlet.put(Ok(flat(grey))));
    }
    assert_eq!(outlet.take(Duration::ZERO), Some(Ok(flat(3))));
    assert_eq!(outlet.take(Duration::ZERO), None);
    assert_eq!(outlet.dropped(), 2);
}

#[test]
fn each_side_notices_that_the_other_is_gone() {
    let (inlet, outlet) = mailbox();
    inlet.put(Ok(flat(1)));
    drop(inlet);
    assert!(!outlet.is_done());
    assert_eq!(outlet.take(ms(10_000)), Some(Ok(flat(1))), "the last frame is still there");
    assert_eq!(outlet.take(ms(10_000)), None, "without waiting");
    assert!(outlet.is_done());

    let (inlet, outlet) = mailbox();
    drop(outlet);
    assert!(!inlet.put(Ok(flat(1))));
}

#[test]
fn a_reader_that_waits_is_woken() {
    let (inlet, outlet) = mailbox();
    let together = Barrier::new(2);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            together.wait();
            outlet.take(ms(60_000))
        });
        together.wait();
        inlet.put(Err(Fault::Ended));
        assert_eq!(waiting.join().unwrap(), Some(Err(Fault::Ended)));
    });
}

#[test]
fn a_sequence_keeps_its_pace() {
    let mut sequence = Sequence::of(vec![flat(1), flat(2), flat(3)], ms(33), false);
    assert_eq!(sequence.frame(ms(0)), Ok(Some(flat(1))));
    assert_eq!(sequence.frame(ms(20)), Ok(None), "too early for the next");
    assert_eq!(sequence.frame(ms(80)), Ok(Some(flat(3))), "the second is gone");
    assert_eq!(sequence.frame(ms(99)), Err(Fault::Ended));

    let mut around = Sequence::of(vec![flat(1), flat(2)], ms(10), true);
    assert_eq!(around.frame(ms(20)), Ok(Some(flat(1))));
    assert_eq!(around.frame(ms(u64::MAX)), Ok(Some(flat(2))));
    assert_eq!(Sequence::of(Vec::new(), Duration::ZERO, true).frame(ms(0)), Err(Fault::Ended));
}

#[test]
fn a_test_pattern_is_read() {
    let mut pattern = TestPattern::of("281234567890123456").unwrap();
    let frame = pattern.frame(ms(0)).unwrap().unwrap();
    let reading = Reader::default().read_frame(&frame);
    assert_eq!(reading.symbols.first().map(|symbol| symbol.text.as_str()), Some("281234567890123456"));
    assert!(TestPattern::of(&"x".repeat(3000)).is_err());
    assert!(draw("1", 64, 64, 60).is_none(), "larger than the picture");
    assert!(draw("1", 64, 64, 0).is_none());
}

#[test]
fn a_folder_shows_its_pictures_by_name_and_survives_what_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("b.jpg", STRIPES);
    write("a.JPG", b"no picture");
    write("c.jpeg", &STRIPES[..STRIPES.len() / 2]);
    write("readme.txt", b"not looked at");
    let mut source = Folder::of(folder.path()).unwrap();
    assert!(matches!(source.frame(ms(0)), Err(Fault::Corrupt { .. })));
    let shown = source.frame(ms(0)).unwrap().unwrap();
    assert_eq!((shown.width(), shown.height()), (64, 64));
    assert!(matches!(source.frame(ms(0)), Err(Fault::Corrupt { .. })), "cut off");
    assert_eq!(source.frame(ms(0)), Err(Fault::Ended));
    assert!(matches!(Folder::of(&folder.path().join("none")), Err(Fault::Away { .. })));
}

#[test]
fn a_jpeg_becomes_its_luma() {
    let luma = jpeg::luma(STRIPES).unwrap();
    let (light, dark) = (luma.bytes()[4], luma.bytes()[12]);
    assert!(light > 180 && dark < 60, "{light} {dark}");
}

proptest! {
    #[test]
    fn no_frame_ends_the_program(at in 0_usize..2000, byte in any::<u8>(), cut in 0_usize..2000) {
        let mut bytes = STRIPES.to_vec();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - cut % length);
        let _ = jpeg::luma(&bytes);
    }

    #[test]
    fn no_bytes_end_the_program(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = jpeg::luma(&bytes);
        let mut headed = STRIPES[..20].to_vec();
        headed.extend(bytes);
        let _ = jpeg::luma(&headed);
    }
}
