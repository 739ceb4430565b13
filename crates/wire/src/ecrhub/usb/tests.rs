//! Frames by the vectors of dossier section 4.3, and the link by the rows of section 4.6.

mod frames;
mod links;

use super::frame::Frame;

fn bytes(hex: &str) -> Vec<u8> {
    let hex: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap_or_default());
    hex.chunks(2)
        .map(|two| digit(two[0]).unwrap_or_default() * 16 + digit(two[1]).unwrap_or_default())
        .collect()
}

fn framed(frame: &Frame) -> Vec<u8> {
    frame.encode(usize::MAX).unwrap_or_default()
}
