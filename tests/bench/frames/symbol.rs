//! The codes that wallets show: random digits with the published beginnings, as modules and as bars.
//!
//! None of them is anybody's code.

use super::dice::Dice;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::types::Color;
use qrcode::{EcLevel, QrCode, Version};

/// Widths of bars and gaps of Code 128 (ISO/IEC 15417), values 0 to 105 and the stop sign.
const BARS: &str = "\
    212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222\
    123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321\
    232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121\
    313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224\
    111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111\
    111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113\
    1143114111134113111131411141313111414111312114122112142112322331112";
/// Start of set C, which holds two digits a sign.
const START_C: usize = 105;
const STOP: usize = 106;

/// A wallet's digits.
pub fn digits(dice: &mut Dice) -> String {
    let (begin, length) = match dice.whole(0, 3) {
        0 => (dice.whole(25, 31), dice.pick(&[16, 18, 20, 22, 24])),
        1 => (dice.whole(10, 16), 18),
        _ => (62, dice.pick(&[18, 20])),
    };
    let mut text = begin.to_string();
    while text.len() < length {
        text.push_str(&dice.whole(0, 10).to_string());
    }
    text
}

/// A card network's code for customers: its template with random contents, as base64.
pub fn emv(dice: &mut Dice) -> String {
    let body: Vec<u8> = (0..dice.whole(48, 120)).map(|_| dice.whole(0, 256) as u8).collect();
    let mut inner = vec![0x4F, 7, 0xA0, 0, 0, 3, 0x33, 1, 1, 0x57, body.len() as u8];
    inner.extend(body);
    let mut outer = b"\x85\x05CPV01\x61".to_vec();
    if inner.len() > 127 {
        outer.push(0x81);
    }
    outer.push(inner.len() as u8);
    outer.extend(inner);
    STANDARD.encode(outer)
}

/// Dark and light modules, row by row, and how many a side has.
pub fn modules(text: &str, dice: &mut Dice) -> Result<(Vec<bool>, usize)> {
    let levels = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];
    for _ in 0..8 {
        let version = Version::Normal(dice.whole(1, 4) as i16);
        if let Ok(code) = QrCode::with_version(text, version, dice.pick(&levels)) {
            return Ok(dark(&code));
        }
    }
    let code = QrCode::with_error_correction_level(text, dice.pick(&[EcLevel::L, EcLevel::M]));
    Ok(dark(&code.context("a text that no code holds")?))
}

fn dark(code: &QrCode) -> (Vec<bool>, usize) {
    (code.to_colors().into_iter().map(|color| color == Color::Dark).collect(), code.width())
}

/// Bars of an even number of digits, one entry a module.
pub fn bars(digits: &str) -> Result<Vec<bool>> {
    let mut signs = vec![START_C];
    for pair in digits.as_bytes().chunks(2) {
        let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = pair else { bail!("no pair of digits") };
        signs.push(usize::from(tens - b'0') * 10 + usize::from(ones - b'0'));
    }
    let check = signs.iter().enumerate().map(|(at, sign)| at.max(1) * sign).sum::<usize>() % 103;
    signs.extend([check, STOP]);
    let mut modules = Vec::new();
    for sign in signs {
        let widths = if sign == STOP { BARS.get(636..) } else { BARS.get(sign * 6..sign * 6 + 6) };
        for (at, width) in widths.context("no such sign")?.bytes().enumerate() {
            modules.extend(std::iter::repeat_n(at % 2 == 0, usize::from(width - b'0')));
        }
    }
    Ok(modules)
}
