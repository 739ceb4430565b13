//! Pictures drawn here and spoiled here: what is read, what is not, and what the customer is told.

use super::{Format, Guidance, Luma, Reader, Stage, filter};
use crate::camera::{draw, drawn_of};
use domain::wallet::{Refusal, Scan, recognise};
use proptest::prelude::*;
use qrcode::bits::Bits;
use qrcode::{EcLevel, QrCode, Version};

const WALLET: &str = "281234567890123456";

fn drawn() -> Luma {
    draw(WALLET, 640, 480, 7).unwrap()
}

fn texts(luma: &Luma) -> Vec<String> {
    Reader::default().read_picture(luma).symbols.into_iter().map(|symbol| symbol.text).collect()
}

/// The same picture with each pixel changed.
fn changed(luma: &Luma, pixel: impl Fn(usize, usize, u8) -> u8) -> Luma {
    let rows = luma.rows().enumerate();
    let bytes = rows.flat_map(|(y, row)| row.iter().enumerate().map(move |(x, p)| (x, y, *p)));
    let bytes: Vec<u8> = bytes.map(|(x, y, p)| pixel(x, y, p)).collect();
    Luma::new(luma.width(), luma.height(), bytes).unwrap()
}

/// Grain that is the same in every run.
fn grain(x: usize, y: usize) -> i16 {
    let mixed = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761) >> 7;
    i16::try_from(mixed % 121).unwrap() - 60
}

#[test]
fn a_clean_code_is_read_at_the_first_look() {
    let reading = Reader::default().read_frame(&drawn());
    assert_eq!(reading.stage, Some(Stage::Half));
    let [symbol] = &reading.symbols[..] else { panic!("{reading:?}") };
    assert_eq!((symbol.format, symbol.text.as_str()), (Format::Qr, WALLET));
    assert!(!format!("{reading:?}").contains(WALLET), "the text does not show");
}

#[test]
fn spoiled_codes_are_read() {
    let inverted = changed(&drawn(), |_, _, p| 255 - p);
    let dim = changed(&drawn(), |_, _, p| 90 + p / 16);
    let noisy =
        changed(&drawn(), |x, y, p| u8::try_from((i16::from(p) + grain(x, y)).clamp(0, 255)).unwrap());
    let blurred = filter::smoothed(&drawn(), 4.5);
    let uneven = changed(&drawn(), |x, _, p| u8::try_from(usize::from(p) * (80 + x / 4) / 240).unwrap());
    let rows =
        [("inverted", inverted), ("dim", dim), ("noisy", noisy), ("blurred", blurred), ("uneven", uneven)];
    for (name, luma) in rows {
        assert_eq!(texts(&luma), [WALLET], "{name}");
    }
}

#[test]
fn a_picture_in_the_middle_does_not_hide_a_code() {
    let (from, to) = (302..338, 222..258);
    let covered = changed(&drawn(), |x, y, p| {
        if from.contains(&x) && to.contains(&y) { if (x + y) % 5 < 3 { 120 } else { 255 } } else { p }
    });
    assert_eq!(texts(&covered), [WALLET]);
}

#[test]
fn two_codes_in_view_are_both_told() {
    let (left, right) = (draw("111", 320, 480, 6).unwrap(), draw("222", 320, 480, 6).unwrap());
    let rows = left.rows().zip(right.rows()).flat_map(|(left, right)| [left, right].concat());
    let both = Luma::new(640, 480, rows.collect()).unwrap();
    let mut texts = texts(&both);
    texts.sort();
    assert_eq!(texts, ["111", "222"]);
}

/// Code 128, set C: widths of bars and gaps of [`WALLET`] from start to stop.
const BARS: [&str; 2] = ["2112323221121122321311233311212411122141211122321311233311211223", "122331112"];

/// The same of another code, "0001".
const OTHER_BARS: &str = "2112322122222221221213222331112";

/// A row of pixels with these bars, a module of so many pixels, between light margins.
fn row_of(bars: &str, module_px: usize, width_px: usize) -> Vec<u8> {
    let widths = bars.bytes().map(|digit| usize::from(digit - b'0') * module_px);
    let bars = widths.enumerate().flat_map(|(n, width)| vec![if n % 2 == 0 { 25 } else { 225 }; width]);
    let mut row = vec![225_u8; 40];
    row.extend(bars);
    row.resize(width_px, 225);
    row
}

/// Whose code is meant cannot be told, so both are.
#[test]
fn two_bar_codes_are_both_told() {
    let wallet = BARS.concat();
    let above = [row_of(&wallet, 3, 640).repeat(240), row_of(OTHER_BARS, 3, 640).repeat(240)].concat();
    let beside = [row_of(&wallet, 2, 400), row_of(OTHER_BARS, 2, 240)].concat().repeat(480);
    for pixels in [above, beside] {
        let mut texts = texts(&Luma::new(640, 480, pixels).unwrap());
        texts.sort();
        assert_eq!(texts, ["0001", WALLET]);
    }
}

#[test]
fn bars_beside_a_code_are_told_before_it_counts() {
    let code = draw("111", 320, 480, 6).unwrap();
    let bars = row_of(&BARS.concat(), 1, 320);
    let rows = code.rows().flat_map(|row| [row, bars.as_slice()].concat());
    let both = Luma::new(640, 480, rows.collect()).unwrap();
    let mut reader = Reader::default();
    let mut reading = reader.read_frame(&both);
    assert_eq!(reading.symbols.len(), 1);
    reader.read_beside(&both, &mut reading);
    let mut texts: Vec<&str> = reading.symbols.iter().map(|symbol| symbol.text.as_str()).collect();
    texts.sort();
    assert_eq!(texts, ["111", WALLET]);
}

#[test]
fn bars_are_read() {
    let mut row = row_of(&BARS.concat(), 3, 640);
    let level = Luma::new(640, 480, row.repeat(480)).unwrap();
    let reading = Reader::default().read_picture(&level);
    assert_eq!(reading.symbols.first().map(|symbol| symbol.format), Some(Format::Code128));
    assert_eq!(texts(&level), [WALLET]);
    row.reverse();
    assert_eq!(texts(&Luma::new(640, 480, row.repeat(480)).unwrap()), [WALLET], "upside down");
}

#[test]
fn a_slow_stage_that_helps_comes_first_next_time() {
    let mut reader = Reader::default();
    let dim = changed(&drawn(), |_, _, p| 90 + p / 16);
    let looks = (1..20).find(|_| !reader.read_frame(&dim).symbols.is_empty());
    assert!(looks.is_some_and(|looks| looks > 1));
    assert!(!reader.read_frame(&dim).symbols.is_empty(), "at once");
}

#[test]
fn the_customer_is_told_what_the_picture_shows() {
    let guidance = |luma: &Luma| Reader::default().read_frame(luma).guidance;
    let empty = Luma::new(640, 480, vec![105; 640 * 480]).unwrap();
    assert_eq!(guidance(&empty), Some(Guidance::Nothing));
    assert_eq!(guidance(&filter::smoothed(&drawn(), 9.0)), Some(Guidance::FurtherAway));
    let glaring = changed(&empty, |x, _, _| if x > 300 { 255 } else { 60 });
    assert_eq!(guidance(&glaring), Some(Guidance::TooBright));
    assert_eq!(guidance(&drawn()), None, "it is read");
}

#[test]
fn a_code_that_is_too_small_is_wanted_closer() {
    // Its outline can be made out, its modules cannot.
    let small = draw(WALLET, 640, 480, 2).unwrap();
    let inside = |at: usize, middle: usize| (middle - 10..middle + 22).contains(&at);
    let unclear = changed(&small, |x, y, p| if inside(x, 320) && inside(y, 240) { 125 } else { p });
    let mut reader = Reader::default();
    let told: Vec<Option<Guidance>> =
        Stage::ALL.iter().map(|_| reader.read_frame(&unclear).guidance).collect();
    assert!(told.contains(&Some(Guidance::Closer)), "{told:?}");
    assert!(
        !told.contains(&Some(Guidance::TooBright)) && !told.contains(&Some(Guidance::Nothing)),
        "{told:?}"
    );
    assert_eq!(Reader::default().read_picture(&unclear).guidance, Some(Guidance::Closer));
}

#[test]
fn words_behind_the_digits_need_not_be_read() {
    // Version 3 has room for more than twice the digits; a stain over the filling hides more than check words
    // make up for.
    let code =
        qrcode::QrCode::with_version(WALLET, qrcode::Version::Normal(3), qrcode::EcLevel::L).unwrap();
    let colors = code.to_colors();
    let bytes = (0..480 * 640).map(|at| {
        let (x, y) = (at % 640, at / 640);
        let module = |at: usize, start: usize| at.checked_sub(start).map(|at| at / 8).filter(|at| *at < 29);
        let Some((column, row)) = module(x, 200).zip(module(y, 120)) else { return 225 };
        if (9..20).contains(&column) && (9..19).contains(&row) {
            return 120;
        }
        if colors[row * 29 + column] == qrcode::Color::Dark { 25 } else { 225 }
    });
    assert_eq!(texts(&Luma::new(640, 480, bytes.collect()).unwrap()), [WALLET]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_picture_panics(width in 40_usize..90, height in 40_usize..90, seed in any::<u32>()) {
        let noise = |n: usize| (n.wrapping_mul(seed as usize | 1).wrapping_mul(0x9e37_79b9) >> 11) as u8;
        let luma = Luma::new(width, height, (0..width * height).map(noise).collect()).unwrap();
        prop_assert!(texts(&luma).is_empty());
        let mut reader = Reader::default();
        for _ in Stage::ALL {
            prop_assert!(reader.read_frame(&luma).symbols.is_empty());
        }
    }
}

/// Whoever shows light on dark has as much a code in view as the other.
#[test]
fn codes_of_both_kinds_beside_each_other_are_both_told_before_one_counts() {
    let (left, right) = (draw("111", 320, 480, 6).unwrap(), draw("222", 320, 480, 6).unwrap());
    let right = changed(&right, |_, _, p| 255 - p);
    for (left, right) in [(&left, &right), (&right, &left)] {
        let rows = left.rows().zip(right.rows()).flat_map(|(left, right)| [left, right].concat());
        let both = Luma::new(640, 480, rows.collect()).unwrap();
        let mut reader = Reader::default();
        let mut reading = reader.read_frame(&both);
        reader.read_beside(&both, &mut reading);
        let mut texts: Vec<&str> = reading.symbols.iter().map(|symbol| symbol.text.as_str()).collect();
        texts.sort();
        assert_eq!(texts, ["111", "222"]);
    }
}

#[test]
fn a_poster_in_view_does_not_keep_a_wallets_code_from_being_read() {
    let poster = draw("https://shop.example", 320, 480, 6).unwrap();
    let bars = row_of(&BARS.concat(), 1, 320);
    let rows = poster.rows().flat_map(|row| [row, bars.as_slice()].concat());
    let both = Luma::new(640, 480, rows.collect()).unwrap();
    let mut reader = Reader::default();
    let is_wanted = |symbol: &super::Symbol| symbol.text == WALLET;
    let mut look = || reader.read_frame_for(&both, is_wanted);
    let found = (0..Stage::ALL.len()).map(|_| look()).find(|reading| reading.symbols.len() > 1).unwrap();
    assert!(found.symbols.iter().any(is_wanted), "in its turn");
    assert_eq!(look().symbols.len(), 2, "at once from then on, and the poster is told with it");
}

/// Code 128, set C: the sign FNC1 and what a label on goods says, which looks like a code of WeChat Pay.
const LABEL_BARS: &str = "2112324111311132223212212221222221222213121122321311233311212411121411222331112";
const LABEL: &str = "152601011012345678";

#[test]
fn labels_of_goods_are_no_wallets_codes() {
    let bars = Luma::new(640, 480, row_of(LABEL_BARS, 3, 640).repeat(480)).unwrap();
    let mut bits = Bits::new(Version::Normal(2));
    bits.push_fnc1_first_position().unwrap();
    bits.push_optimal_data(LABEL.as_bytes()).unwrap();
    bits.push_terminator(EcLevel::M).unwrap();
    let code = QrCode::with_bits(bits, EcLevel::M).unwrap();
    for luma in [bars, drawn_of(&code, 640, 480, 7).unwrap()] {
        let read = Reader::default().read_picture(&luma);
        let [symbol] = &read.symbols[..] else { panic!("{read:?}") };
        assert_eq!(symbol.text, LABEL);
        assert_eq!(symbol.scan(), Scan::Refused(Refusal::Product));
        assert!(matches!(recognise(LABEL), Scan::Payment(_)), "it is the sign that tells");
    }
}

#[test]
fn a_micro_code_is_none() {
    let code = QrCode::with_version(WALLET, Version::Micro(4), EcLevel::L).unwrap();
    for module_px in [3, 6, 12] {
        let luma = drawn_of(&code, 640, 480, module_px).unwrap();
        let mut reader = Reader::default();
        assert!(reader.read_picture(&luma).symbols.is_empty());
        let frames: Vec<_> = Stage::ALL.iter().map(|_| reader.read_frame(&luma)).collect();
        assert!(frames.iter().all(|frame| frame.symbols.is_empty()));
    }
}
