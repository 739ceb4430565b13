//! Frames as a webcam sends them: baseline JPEG with the tables of its standard's annex K.
//!
//! Colour is at half the width (4:2:2), as in motion JPEG over USB, or there is none. Written here because
//! nothing that the project ships writes JPEG.

use std::f32::consts::PI;

use super::spoil::Plane;

const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,
    7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31,
    39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
/// How many codes of each length, and what they stand for: steady parts, then changing parts.
const STEADY: ([u8; 16], [u8; 12]) =
    ([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
const CHANGING_LENGTHS: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D];
const CHANGING: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22,
    0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33,
    0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34,
    0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55,
    0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76,
    0x77, 0x78, 0x79, 0x7A, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96,
    0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5,
    0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4,
    0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1,
    0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

/// The picture as JPEG, grey where there are no two planes of colour. `quality` is 1 to 100.
pub fn write(luma: &Plane, colour: Option<[&Plane; 2]>, quality: usize) -> Vec<u8> {
    let table = table(quality);
    let mut out = head(luma, colour.is_some(), &table);
    let mut bits = Bits { out: Vec::new(), held: 0, count: 0 };
    let codes = [codes(&STEADY.0, &STEADY.1), codes(&CHANGING_LENGTHS, &CHANGING)];
    let waves = waves();
    let mut last = [0; 3];
    let step = if colour.is_some() { 16 } else { 8 };
    for y in (0..luma.height).step_by(8) {
        for x in (0..luma.width).step_by(step) {
            for x in (x..x + step).step_by(8) {
                last[0] = bits.block(&block(luma, x, y, 1, &waves, &table), last[0], &codes);
            }
            for (plane, last) in colour.into_iter().flatten().zip(last.iter_mut().skip(1)) {
                *last = bits.block(&block(plane, x, y, 2, &waves, &table), *last, &codes);
            }
        }
    }
    bits.put(0x7F, 7);
    out.extend(bits.out);
    out.extend([0xFF, 0xD9]);
    out
}

fn table(quality: usize) -> [f32; 64] {
    let quality = quality.clamp(1, 100);
    let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    LUMA.map(|step| ((usize::from(step) * scale + 50) / 100).clamp(1, 255) as f32)
}

fn head(luma: &Plane, has_colour: bool, table: &[f32; 64]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    let mut part = |marker: u8, body: &[u8]| {
        out.extend([0xFF, marker]);
        out.extend(((body.len() + 2) as u16).to_be_bytes());
        out.extend(body);
    };
    let steps: Vec<u8> = std::iter::once(0).chain(ZIGZAG.map(|at| table[at] as u8)).collect();
    part(0xDB, &steps);
    let [high, low] = (luma.height as u16).to_be_bytes();
    let [left, right] = (luma.width as u16).to_be_bytes();
    let mut frame = vec![8, high, low, left, right];
    let mut scan = vec![];
    let parts: &[[u8; 2]] = if has_colour { &[[1, 0x21], [2, 0x11], [3, 0x11]] } else { &[[1, 0x11]] };
    frame.push(parts.len() as u8);
    scan.push(parts.len() as u8);
    for [part, sampling] in parts {
        frame.extend([*part, *sampling, 0]);
        scan.extend([*part, 0]);
    }
    scan.extend([0, 63, 0]);
    part(0xC0, &frame);
    part(0xC4, &[&[0][..], &STEADY.0, &STEADY.1].concat());
    part(0xC4, &[&[0x10][..], &CHANGING_LENGTHS, &CHANGING].concat());
    part(0xDA, &scan);
    out
}

/// Each sign's code and its length.
fn codes(lengths: &[u8; 16], signs: &[u8]) -> Vec<(u32, u32)> {
    let mut codes = vec![(0, 0); 256];
    let (mut code, mut signs) = (0, signs.iter());
    for (length, count) in (1..).zip(lengths) {
        for sign in signs.by_ref().take(usize::from(*count)) {
            codes[usize::from(*sign)] = (code, length);
            code += 1;
        }
        code <<= 1;
    }
    codes
}

fn waves() -> [[f32; 8]; 8] {
    std::array::from_fn(|wave| {
        let scale = if wave == 0 { 0.125_f32.sqrt() } else { 0.5 };
        std::array::from_fn(|at| scale * ((2 * at + 1) as f32 * wave as f32 * PI / 16.0).cos())
    })
}

/// Eight by eight pixels, `wide` to a column, as rounded waves in zigzag order.
fn block(
    plane: &Plane,
    x: usize,
    y: usize,
    wide: usize,
    waves: &[[f32; 8]; 8],
    table: &[f32; 64],
) -> [i32; 64] {
    let pixel = |column: usize, row: usize| {
        let row = (y + row).min(plane.height - 1) * plane.width;
        let column = (x + column * wide).min(plane.width - 1);
        plane.values[row + column].clamp(0.0, 255.0).round() - 128.0
    };
    let rows: [[f32; 8]; 8] = std::array::from_fn(|row| std::array::from_fn(|column| pixel(column, row)));
    let dot = |a: &[f32; 8], b: &[f32; 8]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let across: [[f32; 8]; 8] =
        std::array::from_fn(|wave| std::array::from_fn(|row| dot(&rows[row], &waves[wave])));
    ZIGZAG.map(|at| (dot(&across[at % 8], &waves[at / 8]) / table[at]).round() as i32)
}

struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, bits: u32, count: u32) {
        self.held = (self.held << count) | u64::from(bits);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.out.push(byte);
            if byte == 0xFF {
                self.out.push(0);
            }
        }
    }

    /// Writes one block and returns its steady part, which the next one's is counted from.
    fn block(&mut self, block: &[i32; 64], last: i32, codes: &[Vec<(u32, u32)>; 2]) -> i32 {
        self.number(0, block[0] - last, &codes[0]);
        let mut zeros = 0;
        for value in &block[1..] {
            if *value == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 {
                self.sign(0xF0, &codes[1]);
                zeros -= 16;
            }
            self.number(zeros, *value, &codes[1]);
            zeros = 0;
        }
        if zeros > 0 {
            self.sign(0, &codes[1]);
        }
        block[0]
    }

    fn number(&mut self, zeros: usize, value: i32, codes: &[(u32, u32)]) {
        let length = 32 - value.unsigned_abs().leading_zeros();
        self.sign(zeros << 4 | length as usize, codes);
        let bits = if value < 0 { value - 1 } else { value } as u32;
        self.put(bits & ((1 << length) - 1), length);
    }

    fn sign(&mut self, sign: usize, codes: &[(u32, u32)]) {
        let (code, length) = codes[sign];
        self.put(code, length);
    }
}
